// Owns: the guarantees of prices: bounds above costs, sums that re-add, exact large numbers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  billOf,
  costLines,
  costOf,
  inputCostBound,
  outputTokenCostBound,
  type Price,
  type TokenPrices,
  type TokenUse,
} from './price.ts';

// Prices both per whole nano-USD a token and not, around the halves where rounding decides.
const perMillion = fc.oneof(
  fc.bigInt(0n, 200_000_000_000n),
  fc.bigInt(0n, 3_000_000n),
  fc.constantFrom(0n, 1n, 499_999n, 500_000n, 500_001n, 1_500_000n, 150_000_000n, 2n ** 60n),
);
const tokens = fc.oneof(fc.bigInt(0n, 9n), fc.bigInt(0n, 2_000_000n), fc.bigInt(2n ** 53n, 2n ** 64n));
const tokenPrices = {
  input: perMillion,
  output: perMillion,
  cachedInput: fc.option(perMillion),
  cacheWrite: fc.option(perMillion),
  cacheWrite1h: fc.option(perMillion),
  reasoning: fc.option(perMillion),
};
// Steps among the small counts, among the usual ones, and where no call comes.
const aboveTokens = fc.oneof(fc.bigInt(1n, 9n), fc.bigInt(1n, 2_000_000n), fc.constant(2n ** 62n));
const price: fc.Arbitrary<Price> = fc.record({
  id: fc.constant('price'),
  ...tokenPrices,
  perRequest: fc.bigInt(0n, 1_000_000n),
  longContext: fc.option(fc.record({ aboveTokens, ...tokenPrices })),
});
// Parts may be nonsense: larger than their whole, or negative.
const nonsense = fc.oneof(tokens, fc.bigInt(-10n, -1n));
const usage: fc.Arbitrary<TokenUse> = fc.record({
  input: tokens,
  output: tokens,
  cachedInput: nonsense,
  cacheWrite: nonsense,
  cacheWrite1h: nonsense,
  reasoning: nonsense,
});

const plainPrices: TokenPrices = {
  input: 2_500_000_000n,
  output: 10_000_000_000n,
  cachedInput: null,
  cacheWrite: null,
  cacheWrite1h: null,
  reasoning: null,
};
const priced = (changes: Partial<Price>): Price => ({
  id: 'price',
  ...plainPrices,
  perRequest: 0n,
  longContext: null,
  ...changes,
});
/** Past 200 tokens of input everything costs twice as much. */
const stepped = (changes: Partial<TokenPrices> = {}): Price =>
  priced({
    longContext: {
      aboveTokens: 200n,
      ...plainPrices,
      input: 5_000_000_000n,
      output: 20_000_000_000n,
      ...changes,
    },
  });
const used = (changes: Partial<TokenUse>): TokenUse => ({
  input: 0n,
  output: 0n,
  cachedInput: 0n,
  cacheWrite: 0n,
  cacheWrite1h: 0n,
  reasoning: 0n,
  ...changes,
});

describe('price', () => {
  it('never costs more than the bound of its input and output, whatever the parts', () => {
    fc.assert(
      fc.property(price, usage, (p, u) => {
        const bound = inputCostBound(p, u.input) + u.output * outputTokenCostBound(p, u.input);
        expect(bound).toBeGreaterThanOrEqual(costOf(p, u));
      }),
      { numRuns: 5_000 },
    );
  });

  it('never costs more than the bound of a larger input, also where the step lies between the two', () => {
    fc.assert(
      fc.property(price, usage, tokens, (p, u, more) => {
        const asked = u.input + more;
        const bound = inputCostBound(p, asked) + u.output * outputTokenCostBound(p, asked);
        expect(bound).toBeGreaterThanOrEqual(costOf(p, u));
      }),
      { numRuns: 5_000 },
    );
  });

  it('holds the bound where four lines round up by a half each', () => {
    const p = priced({ input: 500_000n, output: 0n });
    const u = used({ input: 12n, cachedInput: 3n, cacheWrite: 6n, cacheWrite1h: 3n });
    expect(costOf(p, u)).toBe(8n);
    expect(inputCostBound(p, 12n)).toBe(8n);
  });

  it('has bounds that never grow smaller with more tokens', () => {
    fc.assert(
      fc.property(price, tokens, tokens, (p, fewer, more) => {
        fc.pre(fewer <= more);
        expect(inputCostBound(p, fewer)).toBeLessThanOrEqual(inputCostBound(p, more));
        expect(outputTokenCostBound(p, fewer)).toBeLessThanOrEqual(outputTokenCostBound(p, more));
      }),
    );
  });

  it('never costs less with more tokens on the same side of the step', () => {
    fc.assert(
      fc.property(price, tokens, tokens, (p, fewer, more) => {
        fc.pre(fewer <= more);
        fc.pre(p.longContext === null || fewer > p.longContext.aboveTokens === more > p.longContext.aboveTokens);
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
        const prices = p.longContext !== null && input > p.longContext.aboveTokens ? p.longContext : p;
        const exactMillionths = input * prices.input + output * prices.output + p.perRequest * 1_000_000n;
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
      'a one-hour cache write at its own price, the others at theirs',
      priced({ cacheWrite: 3_000_000_000n, cacheWrite1h: 5_000_000_000n }),
      used({ input: 1_000n, cacheWrite: 600n, cacheWrite1h: 200n }),
      400n * 2_500n + 400n * 3_000n + 200n * 5_000n,
    ],
    [
      'a one-hour cache write without a price costs as other writes',
      priced({ cacheWrite: 3_000_000_000n }),
      used({ input: 10n, cacheWrite: 10n, cacheWrite1h: 10n }),
      30_000n,
    ],
    [
      'more one-hour writes than writes count as the writes',
      priced({ cacheWrite1h: 5_000_000_000n }),
      used({ input: 10n, cacheWrite: 4n, cacheWrite1h: 90n }),
      6n * 2_500n + 4n * 5_000n,
    ],
    ['an input as long as the step costs the usual price', stepped(), used({ input: 200n, output: 10n }), 600_000n],
    ['one token past the step makes every token dearer', stepped(), used({ input: 201n, output: 10n }), 1_205_000n],
    [
      'cached tokens count to the length of the input',
      stepped({ cachedInput: 500_000_000n }),
      used({ input: 201n, cachedInput: 200n }),
      5_000n + 200n * 500n,
    ],
    [
      'cached input and writes without a price past the step cost as its input',
      stepped(),
      used({ input: 300n, cachedInput: 100n, cacheWrite: 100n, cacheWrite1h: 50n }),
      300n * 5_000n,
    ],
    [
      'reasoning past the step costs as its output',
      stepped(),
      used({ input: 201n, output: 9n, reasoning: 9n }),
      1_185_000n,
    ],
    ['a long call costs its request once', { ...stepped(), perRequest: 7n }, used({ input: 201n }), 1_005_007n],
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
    expect(outputTokenCostBound(free, 1_000_000n)).toBe(0n);
  });

  it('bounds the reasoning of a model whose reasoning is dearer, and whose is cheaper', () => {
    expect(outputTokenCostBound(priced({ reasoning: 30_000_000_000n }), 0n)).toBe(30_000n);
    expect(outputTokenCostBound(priced({ reasoning: 1n }), 0n)).toBe(10_000n);
  });

  it('holds no more than the usual price for a call that can not be long', () => {
    expect(inputCostBound(stepped(), 200n)).toBe(500_000n);
    expect(outputTokenCostBound(stepped(), 200n)).toBe(10_000n);
    expect(outputTokenCostBound(stepped(), 201n)).toBe(20_000n);
  });

  it('holds the usual price where it is dearer than the one past the step', () => {
    const cheaper = stepped({ input: 1_000_000_000n, output: 1_000_000_000n });
    expect(inputCostBound(cheaper, 201n)).toBe(500_000n);
    expect(outputTokenCostBound(cheaper, 201n)).toBe(10_000n);
  });

  it('is explained line by line: tokens times price, rounded, adding up to the cost', () => {
    fc.assert(
      fc.property(price, usage, (price, usage) => {
        const { lines, total } = billOf(price, usage);
        expect(total).toBe(costOf(price, usage));
        for (const { tokens, nanoUsdPerMillion, nanoUsd } of lines) {
          if (tokens === null || nanoUsdPerMillion === null) continue;
          const doubled = 2n * (nanoUsd * 1_000_000n - tokens * nanoUsdPerMillion);
          expect(doubled >= -1_000_000n && doubled <= 1_000_000n).toBe(true);
        }
        const counted = lines.reduce((sum, { tokens }) => sum + (tokens ?? 0n), 0n);
        expect(counted).toBe(usage.input + usage.output);
      }),
    );
  });
});
