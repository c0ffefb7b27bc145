// Owns: a JSON object of a request, parsed once and edited in its own bytes, so that what policy does not touch passes unchanged
// (number precision, order, unknown fields). Not: what the fields mean.

import { isUtf8 } from 'node:buffer';
import { WeirError } from '../primitives/errors.ts';

/** Where the value of a top-level member stands in the text: [start, end). */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A parsed object with the place of each top-level member. */
export interface JsonDocument {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly spans: ReadonlyMap<string, Span>;
}

/** Deepest nesting that is read. */
export const JSON_DEPTH_MAX = 64;

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const COMMA = 44;
const COLON = 58;

/** Reads a request body. Refuses bad UTF-8, invalid JSON, anything but an object, nesting beyond `JSON_DEPTH_MAX` and doubled top-level members (`invalid_request`). */
export function parseJsonDocument(body: Buffer): JsonDocument {
  if (!isUtf8(body)) throw invalid('The body is not valid UTF-8.');
  const text = body.toString('utf8');
  // Depth comes first: the parser must not meet nesting that exhausts the stack.
  const spans = readSpans(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid('The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('The body must be a JSON object.');
  if (spans.has('__proto__')) throw invalid('The body has a member that is not allowed: __proto__.');
  return { text, value: value as Record<string, unknown>, spans };
}

/**
 * The document's text with top-level members set or removed. `changes` maps a member to the JSON text of its new value, or null to remove it.
 * Members not named keep their bytes.
 */
export function editJsonDocument(document: JsonDocument, changes: ReadonlyMap<string, string | null>): string {
  const { text, spans } = document;
  let result = '';
  let position = 0;
  const added: string[] = [];
  for (const [name, replacement] of orderBySpan(changes, spans)) {
    const span = spans.get(name);
    if (!span) {
      if (replacement !== null) added.push(`${JSON.stringify(name)}:${replacement}`);
      continue;
    }
    result += text.slice(position, span.start) + (replacement ?? 'null');
    position = span.end;
    if (replacement === null) return editJsonDocument(withoutMember(document, name), withoutKey(changes, name));
  }
  result += text.slice(position);
  if (added.length === 0) return result;
  const close = result.lastIndexOf('}');
  const separator = spans.size === 0 ? '' : ',';
  return result.slice(0, close) + separator + added.join(',') + result.slice(close);
}

function orderBySpan(changes: ReadonlyMap<string, string | null>, spans: ReadonlyMap<string, Span>): [string, string | null][] {
  return [...changes].sort(([a], [b]) => (spans.get(a)?.start ?? 0) - (spans.get(b)?.start ?? 0));
}

function withoutKey(changes: ReadonlyMap<string, string | null>, name: string): Map<string, string | null> {
  return new Map([...changes].filter(([key]) => key !== name));
}

/** Rewrites the object without one member; rare (a removal), so it may copy member by member. */
function withoutMember(document: JsonDocument, name: string): JsonDocument {
  const parts: string[] = [];
  for (const [key, span] of document.spans) {
    if (key !== name) parts.push(`${JSON.stringify(key)}:${document.text.slice(span.start, span.end)}`);
  }
  return parseJsonDocument(Buffer.from(`{${parts.join(',')}}`));
}

/** One pass over the text: nesting depth, and the value span of each member of the outermost object. */
function readSpans(text: string): Map<string, Span> {
  const spans = new Map<string, Span>();
  let depth = 0;
  let name: string | undefined;
  let valueStart = 0;
  let lastString = '';
  const endMember = (end: number): void => {
    if (name === undefined) return;
    if (spans.has(name)) throw invalid(`The member ${JSON.stringify(name.slice(0, 64))} stands twice.`, name.slice(0, 64));
    spans.set(name, trimSpan(text, valueStart, end));
    name = undefined;
  };
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const end = endOfString(text, index);
      if (depth === 1 && name === undefined) lastString = text.slice(index, end + 1);
      index = end;
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth += 1;
      if (depth > JSON_DEPTH_MAX) throw invalid(`The body is nested deeper than ${JSON_DEPTH_MAX} levels.`);
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 1) endMember(index);
      depth -= 1;
    } else if (depth === 1 && code === COLON && name === undefined) {
      name = unquote(lastString);
      valueStart = index + 1;
    } else if (depth === 1 && code === COMMA) {
      endMember(index);
    }
  }
  return spans;
}

function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === BACKSLASH) index += 1;
    else if (code === QUOTE) return index;
  }
  throw invalid('The body is not valid JSON.');
}

function trimSpan(text: string, start: number, end: number): Span {
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) <= 32) from += 1;
  while (to > from && text.charCodeAt(to - 1) <= 32) to -= 1;
  return { start: from, end: to };
}

function unquote(quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw invalid('The body is not valid JSON.');
  }
}

function invalid(message: string, param?: string): WeirError {
  return new WeirError('invalid_request', param === undefined ? { message } : { message, param });
}
