// Owns: relaying an OpenAI chat stream to a client who speaks the same: the upstream's bytes, but for its end.
// Does not own: translation; what events mean (stream-reader.ts).

import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import type { WireEvent } from '../wire/event-reader.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { createChatSource } from './chat-source.ts';
import { openAiErrorEvent } from './error-body.ts';
import { renderCut, renderEnd, type StreamEnd } from './stream-ending.ts';
import { type ChatStreamPiece, createChatStreamReader } from './stream-reader.ts';

/** Opens the relay of one stream. */
export function openChatRelay(input: CarryInput): StreamRelay {
  const reader = createChatStreamReader(input.call.choices);
  const source = createChatSource(reader);
  let usageChunk: string | null = null;

  function passes(piece: ChatStreamPiece, event: WireEvent): boolean {
    if (piece.kind === 'chunk' || piece.kind === 'opaque') return true;
    if (piece.kind === 'usage') usageChunk = event.data;
    else source.close();
    return false;
  }

  function end(trailer: StreamTrailer): StreamEnd {
    const { includeUsage } = input.call;
    return { identity: reader.identity(), includeUsage, usageChunk, usage: reader.usage(), trailer };
  }

  function finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer {
    source.close();
    const cause = source.causeOf(failure);
    return Buffer.from(cause === null ? renderEnd(end(trailer)) : openAiErrorEvent(cause, trailerExtension(trailer)));
  }

  function cut(notice: StreamNotice, trailer: StreamTrailer): Buffer {
    source.close();
    return Buffer.from(renderCut(end(trailer), reader.openChoices(), notice));
  }

  return { ...source.facts, push: (chunk) => source.pass(chunk, passes), finish, cut };
}
