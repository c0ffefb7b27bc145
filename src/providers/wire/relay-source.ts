// Owns: the upstream's side of a stream's relay: its events read one by one, until it ends, fails or is no longer wanted.
// Does not own: what events mean (each vendor's stream-reader.ts), what the client gets.

import type { StreamRelay, UpstreamFailure } from '../protocol.ts';
import { createEventReader, type WireEvent } from './event-reader.ts';
import { brokenAnswer } from './upstream-failure.ts';

/** What a vendor's reader tells of its stream. */
export interface SourceReader<Piece> {
  read(event: WireEvent): Piece;
  usage: StreamRelay['usage'];
  outputText: StreamRelay['outputText'];
  outputTokensBound: StreamRelay['outputTokensBound'];
  isComplete(): boolean;
  error(): UpstreamFailure | null;
}

/** What every relay tells of its upstream, in the words of `StreamRelay`. */
type SourceFacts = Omit<StreamRelay, 'push' | 'finish' | 'cut'>;

/** One upstream stream, of which a relay writes the client's. */
export interface RelaySource<Piece> {
  /**
   * The chunk's events that `passes` lets through, in their own bytes; nothing once the source is closed. `passes` sees every event, also
   * those behind one that closed the source.
   */
  pass(chunk: Buffer, passes: (piece: Piece, event: WireEvent) => boolean): Buffer;
  /** What `write` makes of the chunk's events; nothing of those behind one that closed the source. */
  translate(chunk: Buffer, write: (piece: Piece) => string): Buffer;
  /** From here on nothing more goes to the client. */
  close(): void;
  isClosed(): boolean;
  /** What has come of an incomplete event. */
  rest(): WireEvent | null;
  /** Why the stream did not end well: what its reader was told, what the upstream said, or that it ended early; null when it did. */
  causeOf(failure: UpstreamFailure | null): UpstreamFailure | null;
  readonly facts: SourceFacts;
}

const NOTHING = Buffer.alloc(0);

/** Opens the source of one stream. `isComplete` is the reader's own unless the protocol needs to see more than events. */
export function createRelaySource<Piece>(
  reader: SourceReader<Piece>,
  isComplete: (source: RelaySource<Piece>) => boolean = reader.isComplete,
): RelaySource<Piece> {
  const events = createEventReader();
  let isClosed = false;
  let broken: UpstreamFailure | null = null;

  function noteOverflow(): void {
    if (!events.isOverflowing()) return;
    broken = brokenAnswer('The provider sent an event that is too long.');
    isClosed = true;
  }

  const source: RelaySource<Piece> = {
    pass(chunk, passes) {
      if (isClosed) return NOTHING;
      let isWhole = events.isAtBoundary();
      const passed: Buffer[] = [];
      for (const event of events.push(chunk)) {
        if (passes(reader.read(event), event) && !isClosed) passed.push(event.bytes);
        else isWhole = false;
      }
      noteOverflow();
      // The usual chunk holds whole events that pass as they are: it is handed on itself, not copied.
      if (isWhole && !isClosed && events.isAtBoundary()) return chunk;
      return passed.length === 1 ? (passed[0] ?? NOTHING) : Buffer.concat(passed);
    },
    translate(chunk, write) {
      if (isClosed) return NOTHING;
      let text = '';
      for (const event of events.push(chunk)) {
        const piece = reader.read(event);
        if (!isClosed) text += write(piece);
      }
      noteOverflow();
      return Buffer.from(text);
    },
    close() {
      isClosed = true;
    },
    isClosed: () => isClosed,
    rest: events.rest,
    causeOf(failure) {
      const early = source.facts.isComplete() ? null : brokenAnswer('The provider ended the stream early.');
      return failure ?? source.facts.streamError() ?? early;
    },
    facts: {
      usage: reader.usage,
      outputText: reader.outputText,
      outputTokensBound: reader.outputTokensBound,
      isComplete: () => isComplete(source),
      hasOutput: () => reader.outputTokensBound() > 0,
      streamError: () => broken ?? reader.error(),
    },
  };
  return source;
}
