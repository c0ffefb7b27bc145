// Owns: counting a text of any length and kind without holding up the server. Not: the tokenizer.

import type { CountTokens } from './encodings.ts';
import {
  DENSE_TOKENS_PER_BYTE,
  DENSE_WORK,
  EXACT_LENGTH_MAX,
  EXACT_WORK_MAX,
  RUN_LENGTH_MAX,
  SLICE_LENGTH,
  WIDE_CUT_LENGTH,
} from './limits.ts';

/** A run that is too long to be merged in one go: letters (with marks), blanks, or signs. Digits are never joined beyond three. */
const LONG_RUN = new RegExp(
  ['[\\p{L}\\p{M}]', '\\s', '[^\\s\\p{L}\\p{N}]'].map((kind) => `${kind}{${RUN_LENGTH_MAX + 1},}`).join('|'),
  'u',
);

/**
 * Where a slice may end without changing the count, by the vocabularies' own rules of splitting: before a single space (it opens a part, or is
 * one), and after a line break, unless more blanks or a slash follow.
 */
const SEAM = /\S(?= \S)|\n(?=[^\s/])/gu;

/** What of a text's count is exact, and how much work it took. */
export interface BoundedCount {
  readonly tokens: number;
  /** In tokens of ordinary text. */
  readonly work: number;
}

/**
 * Tokens of a text: exact within the bounds of `limits.ts` for text without very long runs (each cut in one can add a token); beyond them the
 * rest counts as its UTF-8 bytes, which no tokenizer exceeds.
 */
export function countBounded(text: string, count: CountTokens, workMax = EXACT_WORK_MAX): BoundedCount {
  let tokens = 0;
  let work = 0;
  let start = 0;
  while (start < text.length) {
    if (work >= workMax || start >= EXACT_LENGTH_MAX) {
      return { tokens: tokens + Buffer.byteLength(text.slice(start)), work };
    }
    const end = endOfSlice(text, start);
    const slice = start === 0 && end === text.length ? text : text.slice(start, end);
    const sliceTokens = countSlice(slice, count);
    tokens += sliceTokens;
    work +=
      sliceTokens > slice.length * DENSE_TOKENS_PER_BYTE && isDense(slice, sliceTokens)
        ? sliceTokens * DENSE_WORK
        : sliceTokens;
    start = end;
  }
  return { tokens, work };
}

/** Asked after a cheaper look at the characters, of which there are never more than bytes. */
function isDense(slice: string, tokens: number): boolean {
  return tokens > Buffer.byteLength(slice) * DENSE_TOKENS_PER_BYTE;
}

/** The last seam within the slice; without one, its end, between whole characters. */
function endOfSlice(text: string, start: number): number {
  const end = start + SLICE_LENGTH;
  if (end >= text.length) return text.length;
  // Looking at the last part is enough: a seam further back only makes the slice shorter.
  const from = end - 1024;
  let seam = -1;
  for (const match of text.slice(from, end).matchAll(SEAM)) seam = match.index + match[0].length;
  if (seam !== -1) return from + seam;
  return wholeCharacters(text, end);
}

function countSlice(text: string, count: CountTokens): number {
  if (!LONG_RUN.test(text)) return count(text);
  let tokens = 0;
  let start = 0;
  while (start < text.length) {
    const rest = LONG_RUN.exec(text.slice(start));
    const runStart = rest === null ? text.length : start + rest.index;
    if (runStart > start) tokens += count(text.slice(start, runStart));
    if (rest === null) return tokens;
    const runEnd = runStart + rest[0].length;
    const piece = text.charCodeAt(runStart) < 128 ? RUN_LENGTH_MAX : WIDE_CUT_LENGTH;
    for (let from = runStart; from < runEnd; ) {
      const to = Math.min(wholeCharacters(text, from + piece), runEnd);
      tokens += count(text.slice(from, to));
      from = to;
    }
    start = runEnd;
  }
  return tokens;
}

/** One further where a place would part a surrogate pair. */
function wholeCharacters(text: string, place: number): number {
  const code = text.charCodeAt(place - 1);
  return code >= 0xd800 && code < 0xdc00 && place < text.length ? place + 1 : place;
}
