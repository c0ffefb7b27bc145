// Owns: Anthropic routes over Anthropic's own protocol, put together. Does not own: anything beyond naming the parts.

import { WeirError } from '../../primitives/errors.ts';
import type { Carrier } from '../protocol.ts';
import { failureOfAnswer } from '../wire/upstream-failure.ts';
import { readCountAnswer, readMessageAnswer } from './answer.ts';
import { openMessagesRelay } from './messages-relay.ts';
import { carryCountTokens, carryMessagesNatively } from './messages-request.ts';

/** POST /v1/messages to Anthropic. */
export const messagesCarrier: Carrier = {
  request: carryMessagesNatively,
  complete: readMessageAnswer,
  openStream: openMessagesRelay,
  failure: failureOfAnswer,
};

/** POST /v1/messages/count_tokens to Anthropic. */
export const countTokensCarrier: Carrier = {
  request: carryCountTokens,
  complete: readCountAnswer,
  openStream: () => {
    throw new WeirError('internal_error', { internal: 'a count is never streamed' });
  },
  failure: failureOfAnswer,
};
