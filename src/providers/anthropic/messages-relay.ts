// Owns: relaying an Anthropic stream to a client who speaks the same: the upstream's bytes, but for `message_stop` and errors.
// Does not own: translation; what events mean (stream-reader.ts).

import type { CarryInput, StreamNotice, StreamRelay, StreamTrailer, UpstreamFailure } from '../protocol.ts';
import { createEventReader } from '../wire/event-reader.ts';
import { trailerExtension } from '../wire/stream-trailer.ts';
import { brokenAnswer } from '../wire/upstream-failure.ts';
import { anthropicErrorEvent } from './error-body.ts';
import { renderCut, renderStop } from './stream-ending.ts';
import { createMessageStreamReader } from './stream-reader.ts';

const NOTHING = Buffer.alloc(0);

/** Opens the relay of one stream. */
export function openMessagesRelay(input: CarryInput): StreamRelay {
  const events = createEventReader();
  const reader = createMessageStreamReader();
  let isClosed = false;
  let broken: UpstreamFailure | null = null;

  function push(chunk: Buffer): Buffer {
    if (isClosed) return NOTHING;
    let isWhole = events.isAtBoundary();
    const passed: Buffer[] = [];
    for (const event of events.push(chunk)) {
      const { kind } = reader.read(event);
      if (!isClosed && (kind === 'event' || kind === 'opaque')) {
        passed.push(event.bytes);
      } else {
        isClosed = true;
        isWhole = false;
      }
    }
    if (events.isOverflowing()) {
      broken = brokenAnswer('The provider sent an event that is too long.');
      isClosed = true;
    }
    // The usual chunk holds whole events that pass as they are: it is handed on itself, not copied.
    if (isWhole && events.isAtBoundary()) return chunk;
    return passed.length === 1 ? (passed[0] ?? NOTHING) : Buffer.concat(passed);
  }

  function finish(trailer: StreamTrailer, failure: UpstreamFailure | null): Buffer {
    isClosed = true;
    const early = reader.isComplete() ? null : brokenAnswer('The provider ended the stream early.');
    const cause = failure ?? broken ?? reader.error() ?? early;
    return Buffer.from(cause === null ? renderStop(trailer) : anthropicErrorEvent(cause, trailerExtension(trailer)));
  }

  function cut(notice: StreamNotice, trailer: StreamTrailer): Buffer {
    isClosed = true;
    const progress = {
      hasStarted: reader.hasStarted(),
      hasStopReason: reader.hasStopReason(),
      openBlocks: reader.openBlocks(),
      usage: reader.usage(),
      model: input.call.model,
    };
    return Buffer.from(renderCut(progress, notice, trailer));
  }

  return {
    push,
    usage: reader.usage,
    outputText: reader.outputText,
    outputTokensBound: reader.outputTokensBound,
    isComplete: reader.isComplete,
    hasOutput: () => reader.outputTokensBound() > 0,
    streamError: () => broken ?? reader.error(),
    finish,
    cut,
  };
}
