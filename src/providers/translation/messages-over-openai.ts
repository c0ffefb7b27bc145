// Owns: POST /v1/messages over OpenAI's protocol, put together. Does not own: anything beyond naming the parts.

import type { Carrier } from '../protocol.ts';
import { failureOfAnswer } from '../wire/upstream-failure.ts';
import { carryMessagesToChat } from './chat-request-of-messages.ts';
import { carryChatToMessage } from './message-answer-of-chat.ts';
import { openChatToMessagesRelay } from './messages-stream-of-chat.ts';

/** The carrier. */
export const messagesOverOpenAiCarrier: Carrier = {
  request: carryMessagesToChat,
  complete: carryChatToMessage,
  openStream: openChatToMessagesRelay,
  failure: failureOfAnswer,
};
