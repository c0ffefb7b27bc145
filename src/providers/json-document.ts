// Owns: a JSON object of a request, parsed once and edited in its own bytes, so that what policy does not touch passes unchanged
// (number precision, order, unknown fields). Does not own: what the fields mean.

import { isUtf8 } from 'node:buffer';
import { WeirError } from '../primitives/errors.ts';

/** Where a top-level member stands in the text: its name from `keyStart`, its value in [start, end). */
export interface Span {
  readonly keyStart: number;
  readonly start: number;
  readonly end: number;
}

/** A parsed object with the place of each top-level member, in the order of the text. */
export interface JsonDocument {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly spans: ReadonlyMap<string, Span>;
}

/** Deepest nesting that is read. */
export const JSON_DEPTH_MAX = 64;

/** Most top-level members. Calls have some fifty; a large body of nothing but names (2.4 million in 23 MB) took 5 s to read. */
export const JSON_MEMBERS_MAX = 1_000;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;
const COLON = 58;

/**
 * Reads a request body. Throws `invalid_request` on bad UTF-8, invalid JSON, anything but an object, nesting beyond
 * `JSON_DEPTH_MAX`, more than `JSON_MEMBERS_MAX` or doubled top-level members (parsers disagree on which one counts) and a top-level `__proto__`.
 */
export function parseJsonDocument(body: Buffer): JsonDocument {
  if (!isUtf8(body)) throw invalid('The body is not valid UTF-8.');
  const text = body.toString('utf8');
  // The scan comes first: it bounds the nesting before the parser meets it.
  const spans = readSpans(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid('The body must be a JSON object.');
  }
  return { text, value: value as Record<string, unknown>, spans };
}

/**
 * The document's text with top-level members set or removed. `changes` maps a member to the JSON text of its new value, or
 * null to remove it. All other bytes are kept; new members go last.
 */
export function editJsonDocument(document: JsonDocument, changes: ReadonlyMap<string, string | null>): string {
  if (changes.size === 0) return document.text;
  const { text, spans } = document;
  let result = '';
  let cursor = 0;
  let previousEnd = 0;
  let kept = 0;
  let opening = false;
  for (const [name, span] of spans) {
    const change = changes.get(name);
    if (opening) {
      // Every member before this one was removed: the text goes on at this one's name.
      cursor = span.keyStart;
      opening = false;
    }
    if (change === null) {
      result += text.slice(cursor, kept === 0 ? span.keyStart : previousEnd);
      cursor = span.end;
      opening = kept === 0;
    } else {
      if (change !== undefined) {
        result += text.slice(cursor, span.start) + change;
        cursor = span.end;
      }
      kept += 1;
    }
    previousEnd = span.end;
  }
  const close = text.lastIndexOf('}');
  result += text.slice(cursor, close);
  for (const [name, change] of changes) {
    if (change === null || spans.has(name)) continue;
    result += `${kept === 0 ? '' : ','}${JSON.stringify(name)}:${change}`;
    kept += 1;
  }
  return result + text.slice(close);
}

/** One pass over the text: nesting depth, and the place of each member of the outermost object. */
function readSpans(text: string): Map<string, Span> {
  const spans = new Map<string, Span>();
  let depth = 0;
  let name: string | undefined;
  let keyStart = 0;
  let keyEnd = 0;
  let valueStart = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfString(text, index);
      if (depth === 1 && name === undefined) {
        keyStart = index;
        keyEnd = end;
      }
      index = end;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) throw invalid(`The body is nested deeper than ${JSON_DEPTH_MAX} levels.`);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 1 && name !== undefined)
        addSpan(spans, name, trimSpan(text, { keyStart, start: valueStart, end: index }));
      if (depth === 1) name = undefined;
      depth -= 1;
    } else if (depth === 1 && code === COLON && name === undefined) {
      name = readName(text, keyStart, keyEnd);
      valueStart = index + 1;
    } else if (depth === 1 && code === COMMA && name !== undefined) {
      addSpan(spans, name, trimSpan(text, { keyStart, start: valueStart, end: index }));
      name = undefined;
    }
  }
  return spans;
}

function addSpan(spans: Map<string, Span>, name: string, span: Span): void {
  if (spans.has(name)) {
    const shown = name.slice(0, 64);
    throw invalid(`The member ${JSON.stringify(shown)} stands twice. Send it once.`, shown);
  }
  if (spans.size === JSON_MEMBERS_MAX) throw invalid(`The body has more than ${JSON_MEMBERS_MAX} members.`);
  if (name === '__proto__') throw invalid('The body has a member that is not allowed: __proto__.', '__proto__');
  spans.set(name, span);
}

/** The closing quote of the string that opens at `start`: the next quote with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  let index = text.indexOf('"', start + 1);
  while (index !== -1) {
    let backslashes = 0;
    while (text.charCodeAt(index - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return index;
    index = text.indexOf('"', index + 1);
  }
  throw invalid('The body is not valid JSON.');
}

/** The span without the white space around the value. */
function trimSpan(text: string, { keyStart, start, end }: Span): Span {
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) <= 32) from += 1;
  while (to > from && text.charCodeAt(to - 1) <= 32) to -= 1;
  return { keyStart, start: from, end: to };
}

function readName(text: string, keyStart: number, keyEnd: number): string {
  const inner = text.slice(keyStart + 1, keyEnd);
  if (!inner.includes('\\')) return inner;
  try {
    return JSON.parse(`"${inner}"`) as string;
  } catch {
    throw invalid('The body is not valid JSON.');
  }
}

function invalid(message: string, param?: string): WeirError {
  return new WeirError('invalid_request', param === undefined ? { message } : { message, param });
}
