// Owns: OpenAI routes over OpenAI's own protocol, put together. Does not own: anything beyond naming the parts.

import { WeirError } from '../../primitives/errors.ts';
import type { Carrier } from '../protocol.ts';
import { failureOfAnswer } from '../wire/upstream-failure.ts';
import { readChatAnswer, readEmbeddingsAnswer } from './answer.ts';
import { openChatRelay } from './chat-relay.ts';
import { carryChatNatively, carryEmbeddings } from './chat-request.ts';

/** POST /v1/chat/completions to a server that speaks it. */
export const chatCarrier: Carrier = {
  request: carryChatNatively,
  complete: readChatAnswer,
  openStream: openChatRelay,
  failure: failureOfAnswer,
};

/** POST /v1/embeddings to a server that speaks it. */
export const embeddingsCarrier: Carrier = {
  request: carryEmbeddings,
  complete: readEmbeddingsAnswer,
  openStream: () => {
    throw new WeirError('internal_error', { internal: 'embeddings are never streamed' });
  },
  failure: failureOfAnswer,
};
