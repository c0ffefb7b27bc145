// Owns: which carrier takes a client's route over an upstream's protocol. Does not own: how.

import { countTokensCarrier, messagesCarrier } from './anthropic/messages-carrier.ts';
import { chatCarrier, embeddingsCarrier } from './openai/chat-carrier.ts';
import type { Carrier, GatewayRoute, WireProtocol } from './protocol.ts';
import { responsesOver } from './responses/responses-carrier.ts';
import { chatOverAnthropicCarrier } from './translation/chat-over-anthropic.ts';
import { messagesOverOpenAiCarrier } from './translation/messages-over-openai.ts';

// Anthropic has no embeddings, and OpenAI's protocol has no count: those pairs can't be carried.
const CARRIERS: Readonly<Record<GatewayRoute, Readonly<Record<WireProtocol, Carrier | null>>>> = {
  chat_completions: { openai: chatCarrier, anthropic: chatOverAnthropicCarrier },
  responses: { openai: responsesOver(chatCarrier), anthropic: responsesOver(chatOverAnthropicCarrier) },
  embeddings: { openai: embeddingsCarrier, anthropic: null },
  messages: { openai: messagesOverOpenAiCarrier, anthropic: messagesCarrier },
  count_tokens: { openai: null, anthropic: countTokensCarrier },
};

/** The carrier for a route over a protocol; null when that can't be carried. */
export function carrierFor(route: GatewayRoute, upstream: WireProtocol): Carrier | null {
  return CARRIERS[route][upstream];
}
