// Proves: what differs between a price and a library's, as it is told and as it is kept; and what the library says nothing of stays.

import { describe, expect, test } from 'vitest';
import type { PriceAmounts } from './price.queries.ts';
import {
  changeToJson,
  keepChanges,
  keepPrice,
  priceChanges,
  proposePrice,
  readKeptChanges,
  readKeptPrice,
} from './price-import.rules.ts';

const price = (more: Partial<PriceAmounts> = {}): PriceAmounts => ({
  ...{ input: 150_000_000n, output: 600_000_000n, cachedInput: null, cacheWrite: null, cacheWrite1h: null },
  ...{ reasoning: null, request: 0n, longContext: null },
  ...more,
});
const long = { aboveTokens: 200_000n, input: 2n, output: 3n, cachedInput: null, cacheWrite: null, cacheWrite1h: null };

describe('changes', () => {
  test.each<[string, PriceAmounts | undefined, PriceAmounts, object[]]>([
    ['none', price(), price(), []],
    [
      'a dearer input',
      price(),
      price({ input: 200_000_000n }),
      [{ field: 'inputUsdPerMillion', from: '0.15', to: '0.2', percent: 33.33 }],
    ],
    [
      'a cheaper output',
      price(),
      price({ output: 1n }),
      [{ field: 'outputUsdPerMillion', from: '0.6', to: '0.000000001', percent: -99.99 }],
    ],
    [
      'a price of its own for the cache, and none any more',
      price({ cacheWrite: 5n }),
      price({ cachedInput: 1n }),
      [
        { field: 'cachedInputUsdPerMillion', from: null, to: '0.000000001', percent: null },
        { field: 'cacheWriteUsdPerMillion', from: '0.000000005', to: null, percent: null },
      ],
    ],
    [
      'from free',
      price({ input: 0n }),
      price(),
      [{ field: 'inputUsdPerMillion', from: '0', to: '0.15', percent: null }],
    ],
    [
      'a step by length',
      price(),
      price({ longContext: long }),
      [
        { field: 'longContext.aboveTokens', from: null, to: '200000', percent: null },
        { field: 'longContext.inputUsdPerMillion', from: null, to: '0.000000002', percent: null },
        { field: 'longContext.outputUsdPerMillion', from: null, to: '0.000000003', percent: null },
      ],
    ],
  ])('%s', (_name, before, after, told) => {
    expect(priceChanges(before, after).map(changeToJson)).toEqual(told);
  });

  test('of a model without a price are all that it would cost', () => {
    expect(priceChanges(undefined, price()).map(({ field }) => field)).toEqual(['input', 'output', 'request']);
  });

  test('are kept as they are, amounts beyond 2^53 too', () => {
    const huge = price({ input: 2n ** 60n, longContext: long });
    expect(readKeptPrice(JSON.parse(keepPrice(huge)))).toEqual(huge);
    const changes = priceChanges(price(), huge);
    expect(readKeptChanges(JSON.parse(keepChanges(changes)))).toEqual(changes);
  });
});

test('a price for reasoning and for each call stays: libraries know neither', () => {
  const { reasoning, request, ...said } = price({ input: 9n });
  expect([reasoning, request]).toEqual([null, 0n]);
  expect(proposePrice(price({ reasoning: 7n, request: 3n }), said)).toEqual(
    price({ input: 9n, reasoning: 7n, request: 3n }),
  );
  expect(proposePrice(undefined, said)).toEqual(price({ input: 9n }));
});
