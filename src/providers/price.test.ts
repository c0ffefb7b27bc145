// Owns: the guarantees of prices: bounds above costs, sums that re-add, exact large numbers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costLines, costOf, inputCostBound, outputTokenCostBound, type Price } from './price.ts';
import type { ReportedUsage } from './protocol.ts';

// Prices both per whole nano-USD a token and not, around the halves where rounding decides.
const perMillion = fc.oneof(
  fc.bigInt(0n, 200_000_000_000n),
  fc.bigInt(0n, 3_000_000n),
  fc.constantFrom(0n, 1n, 499_999n, 500_000n, 500_001n, 1_500_000n, 150_000_000n, 2n ** 60n),
);
const tokens = fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, 2_000_000n), fc.bigInt(2n ** 53n, 2n ** 64n));
const price: fc.Arbitrary<Price> = fc.record({
  id: fc.constant('price'),
  input: perMillion,
  output: perMillion,
  cachedInput: fc.option(perMillion),
  cacheWrite: fc.option(perMillion),
  reasoning: fc.option(perMillion),
  perRequest: fc.bigInt(0n, 1_000_000n),
});
// Parts may be nonsense: larger than their whole, or negative.
const nonsense = fc.oneof(tokens, fc.bigInt(-10n, -1n));
const usage: fc.Arbitrary<ReportedUsage> = fc.record({
  input: tokens,
  output: tokens,
  cachedInput: nonsense,
  cacheWrite: nonsense,
  reasoning: nonsense,
});

const priced = (changes: Partial<Price>): Price => ({
  id: 'price',
  input: 2_500_000_000n,
  output: 10_000_000_000n,
  cachedInput: null,
  cacheWrite: null,
  reasoning: null,
  perRequest: 0n,
  ...changes,
});
const used = (changes: Partial<ReportedUsage>): ReportedUsage => ({
  input: 0n,
  output: 0n,
  cachedInput: 0n,
  cacheWrite: 0n,
  reasoning: 0n,
  ...changes,
});

describe('price', () => {
  it('never costs more than the bound of its input and output, whatever the parts', () => {
    fc.assert(
      fc.property(price, usage, (p, u) => {
        expect(inputCostBound(p, u.input) + u.output * outputTokenCostBound(p)).toBeGreaterThanOrEqual(costOf(p, u));
      }),
      { numRuns: 2_000 },
    );
  });

  it('holds the bound where three lines round up by a half each', () => {
    const p = priced({ input: 500_000n, output: 0n });
    const u = used({ input: 9n, cachedInput: 3n, cacheWrite: 3n });
    expect(costOf(p, u)).toBe(6n);
    expect(inputCostBound(p, 9n)).toBe(6n);
  });

  it('never grows smaller with more tokens', () => {
    fc.assert(
      fc.property(price, tokens, tokens, (p, fewer, more) => {
        fc.pre(fewer <= more);
        expect(inputCostBound(p, fewer)).toBeLessThanOrEqual(inputCostBound(p, more));
        expect(costOf(p, used({ input: fewer, output: fewer }))).toBeLessThanOrEqual(
          costOf(p, used({ input: more, output: more })),
        );
      }),
    );
  });

  it('is the sum of its lines, and no line is negative', () => {
    fc.assert(
      fc.property(price, usage, (p, u) => {
        const lines = Object.values(costLines(p, u)) as bigint[];
        expect(lines.reduce((sum, line) => sum + line, 0n)).toBe(costOf(p, u));
        for (const line of lines) expect(line).toBeGreaterThanOrEqual(0n);
      }),
    );
  });

  it('is off the exact amount by at most half a nano-USD a line', () => {
    fc.assert(
      fc.property(price, tokens, tokens, (p, input, output) => {
        const exactMillionths = input * p.input + output * p.output + p.perRequest * 1_000_000n;
        const distance = costOf(p, used({ input, output })) * 1_000_000n - exactMillionths;
        expect(distance < 0n ? -distance : distance).toBeLessThanOrEqual(1_000_000n);
      }),
    );
  });

  it.each([
    ['plain', priced({}), used({ input: 1_000n, output: 500n }), 7_500_000n],
    [
      'cached at its own price',
      priced({ cachedInput: 1_250_000_000n }),
      used({ input: 1_000n, cachedInput: 400n }),
      2_000_000n,
    ],
    ['cached without a price costs as input', priced({}), used({ input: 1_000n, cachedInput: 400n }), 2_500_000n],
    [
      'cache write at its own price',
      priced({ cacheWrite: 3_125_000_000n }),
      used({ input: 1_000n, cacheWrite: 1_000n }),
      3_125_000n,
    ],
    [
      'reasoning at its own price',
      priced({ reasoning: 20_000_000_000n }),
      used({ output: 10n, reasoning: 4n }),
      140_000n,
    ],
    [
      'more cached than input counts as the input',
      priced({ cachedInput: 0n }),
      used({ input: 10n, cachedInput: 90n }),
      0n,
    ],
    [
      'cached and written together count once',
      priced({}),
      used({ input: 10n, cachedInput: 8n, cacheWrite: 8n }),
      25_000n,
    ],
    ['more reasoning than output counts as the output', priced({}), used({ output: 10n, reasoning: 90n }), 100_000n],
    ['a call without tokens costs its request', priced({ perRequest: 7n }), used({}), 7n],
    ['numbers beyond 2^53 stay exact', priced({ input: 1_000_000n }), used({ input: 2n ** 53n + 1n }), 2n ** 53n + 1n],
    ['a half rounds to the even below', priced({ input: 500_000n }), used({ input: 1n }), 0n],
    ['a half rounds to the even above', priced({ input: 500_000n }), used({ input: 3n }), 2n],
  ])('%s', (_name, p, u, expected) => {
    expect(costOf(p, u)).toBe(expected);
  });

  it('asks nothing for a free model', () => {
    const free = priced({ input: 0n, output: 0n });
    expect(inputCostBound(free, 1_000_000n)).toBe(0n);
    expect(outputTokenCostBound(free)).toBe(0n);
  });

  it('bounds the reasoning of a model whose reasoning is dearer, and whose is cheaper', () => {
    expect(outputTokenCostBound(priced({ reasoning: 30_000_000_000n }))).toBe(30_000n);
    expect(outputTokenCostBound(priced({ reasoning: 1n }))).toBe(10_000n);
  });
});
