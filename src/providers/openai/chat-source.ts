// Owns: when an OpenAI stream is complete, for every relay that reads one. Does not own: what its events mean (stream-reader.ts).

import { createRelaySource, type RelaySource } from '../wire/relay-source.ts';
import type { ChatStreamPiece, ChatStreamReader } from './stream-reader.ts';

/** Opens the source of one stream. A failure leaves it incomplete even when every choice is finished: its usage has yet to come. */
export function createChatSource(reader: ChatStreamReader): RelaySource<ChatStreamPiece> {
  return createRelaySource(reader, ({ facts, rest }) => {
    if (facts.streamError() !== null) return false;
    // A last `[DONE]` may lack its blank line.
    return reader.isComplete() || rest()?.data === '[DONE]';
  });
}
