// Covers which numbers of a provider are counts, and that parts stay within their whole.

import { describe, expect, test } from 'vitest';
import { clampUsage, readTokenCount } from './token-count.ts';

describe('a reported count', () => {
  test.each<[string, unknown, bigint | null]>([
    ['zero', 0, 0n],
    ['the input of the longest context', 10_000_000, 10_000_000n],
    ['the most that is believed', 100_000_000, 100_000_000n],
    ['more than any call can use', 100_000_001, null],
    ['negative', -1, null],
    ['a fraction', 1.5, null],
    ['NaN', Number.NaN, null],
    ['a string', '8', null],
    ['null', null, null],
  ])('%s', (_, value, expected) => {
    expect(readTokenCount(value)).toBe(expected);
  });
});

test('parts larger than their whole are cut to it, the inner ones to the outer', () => {
  const parts = { cachedInput: 6n, cacheWrite: 90n, cacheWrite1h: 80n, reasoning: 70n };
  expect(clampUsage({ input: 10n, output: 5n, ...parts })).toEqual({
    input: 10n,
    output: 5n,
    cachedInput: 6n,
    cacheWrite: 4n,
    cacheWrite1h: 4n,
    reasoning: 5n,
  });
});
