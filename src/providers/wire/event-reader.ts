// Owns: cutting a stream of bytes into server-sent events (WHATWG HTML, "Server-sent events"), each with its own bytes.
// Does not own: what the events mean.
//
// Why not `eventsource-parser`: it gives an event's text but not its place in the bytes, so a relay could not pass the very same bytes
// on. The tests hold this reader against it. One deviation: a lone CR does not end a line, for waiting to see whether an LF follows
// would delay events, and no model server sends one.

/** The longest event that is read; a longer one is an error of the provider. */
export const EVENT_BYTES_MAX = 1_048_576;

/** One event as it came. */
export interface WireEvent {
  /** Its bytes, the blank line that ends it included. */
  readonly bytes: Buffer;
  /** The `event` field; empty when there is none. */
  readonly name: string;
  /** The `data` field, lines joined by LF; null for comments and blank lines. */
  readonly data: string | null;
}

/** Cuts chunks into events. */
export interface EventReader {
  /** Takes a chunk (any split, also within a character) and gives the events that it completes. */
  push(chunk: Buffer): readonly WireEvent[];
  /** Whether nothing of an event has come that isn't complete. */
  isAtBoundary(): boolean;
  /** What has come of an incomplete event, read as if the stream ended here; null when there is none. */
  rest(): WireEvent | null;
  /** Whether an event was longer than `EVENT_BYTES_MAX`: nothing more is read then. */
  isOverflowing(): boolean;
}

const LF = 10;
const CR = 13;
const BYTE_ORDER_MARK = 0xfeff;
const NO_EVENTS: readonly WireEvent[] = [];

/** Opens a reader of one stream. */
export function createEventReader(): EventReader {
  let parts: Buffer[] = [];
  let partsLength = 0;
  // What the current line holds so far, which may have begun in an earlier chunk.
  let line: 'empty' | 'cr' | 'text' = 'empty';
  let overflowing = false;
  let isFirst = true;

  function take(end: Buffer): Buffer {
    if (parts.length === 0) return end;
    parts.push(end);
    const whole = Buffer.concat(parts, partsLength + end.length);
    parts = [];
    partsLength = 0;
    return whole;
  }

  function push(chunk: Buffer): readonly WireEvent[] {
    if (overflowing || chunk.length === 0) return NO_EVENTS;
    const events: WireEvent[] = [];
    let start = 0;
    let lineStart = 0;
    for (let feed = chunk.indexOf(LF); feed !== -1; feed = chunk.indexOf(LF, lineStart)) {
      const length = feed - lineStart;
      const isBlank =
        line !== 'text' && (length === 0 || (length === 1 && line === 'empty' && chunk[lineStart] === CR));
      lineStart = feed + 1;
      line = 'empty';
      if (!isBlank) continue;
      if (partsLength + lineStart - start > EVENT_BYTES_MAX) {
        overflowing = true;
        break;
      }
      const event = readEvent(take(chunk.subarray(start, lineStart)), isFirst);
      isFirst = false;
      events.push(event);
      start = lineStart;
    }
    if (lineStart < chunk.length) {
      const isCr = line === 'empty' && chunk.length - lineStart === 1 && chunk[lineStart] === CR;
      line = isCr ? 'cr' : 'text';
    }
    if (start < chunk.length) {
      parts.push(start === 0 ? chunk : chunk.subarray(start));
      partsLength += chunk.length - start;
      if (partsLength > EVENT_BYTES_MAX) overflowing = true;
    }
    if (overflowing) {
      parts = [];
      partsLength = 0;
    }
    return events;
  }

  return {
    push,
    isAtBoundary: () => partsLength === 0,
    rest: () => (partsLength === 0 ? null : readEvent(Buffer.concat(parts, partsLength), isFirst)),
    isOverflowing: () => overflowing,
  };
}

/** `isFirst`: a byte order mark may stand before it, which is none of it. */
function readEvent(bytes: Buffer, isFirst: boolean): WireEvent {
  let text = bytes.toString('utf8');
  if (isFirst && text.charCodeAt(0) === BYTE_ORDER_MARK) text = text.slice(1);
  // The usual event is one line: `data: {…}` and a blank line.
  const isPlain = text.indexOf('\n') === text.length - 2 && text.charCodeAt(text.length - 3) !== CR;
  if (isPlain && text.startsWith('data:')) {
    return { bytes, name: '', data: text.slice(text.charCodeAt(5) === 32 ? 6 : 5, -2) };
  }
  let name = '';
  let data: string | null = null;
  for (const line of text.split('\n')) {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line;
    if (content.startsWith('data')) {
      const value = fieldValue(content, 4);
      if (value !== null) data = data === null ? value : `${data}\n${value}`;
    } else if (content.startsWith('event')) {
      name = fieldValue(content, 5) ?? name;
    }
  }
  return { bytes, name, data };
}

/** The value behind a field's name of this length; null when the name goes on (`database:`). */
function fieldValue(line: string, nameLength: number): string | null {
  if (line.length === nameLength) return '';
  if (line.charAt(nameLength) !== ':') return null;
  return line.slice(line.charAt(nameLength + 1) === ' ' ? nameLength + 2 : nameLength + 1);
}
