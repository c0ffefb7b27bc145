// Owns: POST /v1/chat/completions over Anthropic's protocol, put together. Does not own: anything beyond naming the parts.

import type { Carrier } from '../protocol.ts';
import { failureOfAnswer } from '../wire/upstream-failure.ts';
import { carryMessageToChat } from './chat-answer-of-message.ts';
import { openMessagesToChatRelay } from './chat-stream-of-messages.ts';
import { carryChatToMessages } from './messages-request-of-chat.ts';

/** The carrier. */
export const chatOverAnthropicCarrier: Carrier = {
  request: carryChatToMessages,
  complete: carryMessageToChat,
  openStream: openMessagesToChatRelay,
  failure: failureOfAnswer,
};
