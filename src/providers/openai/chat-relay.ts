// Owns: relaying an OpenAI chat stream to a client who speaks the same: the upstream's bytes, but for its end.
// Does not own: translation; what events mean (stream-reader.ts).

import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import { createEventReader } from '../wire/event-reader.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { brokenAnswer } from '../wire/upstream-failure.ts';
import { openAiErrorEvent } from './error-body.ts';
import { renderCut, renderEnd, type StreamEnd } from './stream-ending.ts';
import { createChatStreamReader } from './stream-reader.ts';

const NOTHING = Buffer.alloc(0);

/** Opens the relay of one stream. */
export function openChatRelay(input: CarryInput): StreamRelay {
  const events = createEventReader();
  const reader = createChatStreamReader(input.call.choices);
  let usageChunk: string | null = null;
  let isClosed = false;
  let broken: UpstreamFailure | null = null;

  function push(chunk: Buffer): Buffer {
    if (isClosed) return NOTHING;
    const startsWhole = events.isAtBoundary();
    const passed: Buffer[] = [];
    let isWhole = startsWhole;
    for (const event of events.push(chunk)) {
      const piece = reader.read(event);
      if (!isClosed && (piece.kind === 'chunk' || piece.kind === 'opaque')) {
        passed.push(event.bytes);
        continue;
      }
      isWhole = false;
      if (piece.kind === 'usage') usageChunk = event.data;
      else isClosed = true;
    }
    if (events.isOverflowing()) {
      broken = brokenAnswer('The provider sent an event that is too long.');
      isClosed = true;
    }
    // The usual chunk holds whole events that pass as they are: it is handed on itself, not copied.
    if (isWhole && events.isAtBoundary()) return chunk;
    return passed.length === 1 ? (passed[0] ?? NOTHING) : Buffer.concat(passed);
  }

  function isComplete(): boolean {
    if (broken !== null || reader.error() !== null) return false;
    // A last `[DONE]` may lack its blank line.
    return reader.isComplete() || events.rest()?.data === '[DONE]';
  }

  function end(trailer: StreamTrailer): StreamEnd {
    const { includeUsage } = input.call;
    return { identity: reader.identity(), includeUsage, usageChunk, usage: reader.usage(), trailer };
  }

  function finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer {
    const early = isComplete() ? null : brokenAnswer('The provider ended the stream early.');
    const cause = failure ?? broken ?? reader.error() ?? early;
    isClosed = true;
    return Buffer.from(cause === null ? renderEnd(end(trailer)) : openAiErrorEvent(cause, trailerExtension(trailer)));
  }

  function cut(notice: StreamNotice, trailer: StreamTrailer): Buffer {
    isClosed = true;
    return Buffer.from(renderCut(end(trailer), reader.openChoices(), notice));
  }

  return {
    push,
    usage: reader.usage,
    outputText: reader.outputText,
    outputTokensBound: reader.outputTokensBound,
    isComplete,
    hasOutput: () => reader.outputTokensBound() > 0,
    streamError: () => broken ?? reader.error(),
    finish,
    cut,
  };
}
