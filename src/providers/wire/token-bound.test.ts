// Covers the bound of a text: never below what normalising makes of it, and in time that grows with its length.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textTokensBound } from './token-bound.ts';

const bytesOf = (text: string): number => Buffer.byteLength(text);

test.each([
  ['ASCII', 'Hello', 5],
  ['letters of two and three bytes', 'größer 水', 12],
  ['a ligature that normalising spells out', '\ufdfa', 33],
  ['marks that normalising joins', 'a\u0301', 3],
  ['marks that normalising puts into another order', '\u00e1\u0323', 5],
])('%s', (_, text, bound) => {
  expect(textTokensBound(text)).toBe(bound);
});

test('texts of any length are bounded by their bytes and by those of their normal form, wherever they are cut', () => {
  const piece = fc.constantFrom(
    'a',
    'é',
    'e\u0301',
    '\u0301\u0323',
    '\u0302',
    '\ufdfa',
    '한',
    '\u1112\u1161\u11ab',
    'が',
    'ｶﾞ',
    '🌊',
    ' ',
  );
  const text = fc.array(piece, { minLength: 200, maxLength: 1_200 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(text, (value) => {
      const least = Math.max(bytesOf(value), bytesOf(value.normalize('NFKC')));
      const bound = textTokensBound(value);
      expect(bound).toBeGreaterThanOrEqual(least);
      expect(bound).toBeLessThanOrEqual(least * 1.2);
    }),
    { numRuns: 200 },
  );
});

test('a plain text is bounded by its bytes, however long', () => {
  for (const text of ['größer '.repeat(1_000), '水と空気'.repeat(1_000), '한국어 '.repeat(1_000)])
    expect(textTokensBound(text)).toBe(bytesOf(text));
});

// Ordering marks takes time in the square of their run: in one piece these would take hours.
test('marks upon marks without end take no longer than other text', () => {
  const text = `a${'\u0301\u0323'.repeat(300_000)}`;
  expect(textTokensBound(text)).toBeGreaterThanOrEqual(bytesOf(text));
});
