// Owns: the proof that the library's prices become exact nano-dollars. Not: what a call costs (src/primitives/price.ts).

import { calcPrice, findProvider } from '@pydantic/genai-prices';
import { describe, expect, test } from 'vitest';
import { currentModels } from './current-models.ts';
import { namedModels } from './named-models.ts';
import { findLibraryModel, type LibraryPrice } from './price-library.ts';

const seeded = [...namedModels, ...currentModels];
/** In force for every model at this moment; the library is asked for the same one. */
const MOMENT = new Date('2026-11-21T12:00:00Z');

function inForce(prices: readonly LibraryPrice[]): LibraryPrice {
  const price = prices.findLast((candidate) => candidate.effectiveFrom <= MOMENT);
  if (!price) throw new Error('no price in force');
  return price;
}

test('every seeded model is in the library with a price, under an id of its own', () => {
  const missing = seeded.filter((seed) => !findLibraryModel(seed.vendor, seed.libraryId));
  expect(missing.map((seed) => seed.id)).toEqual([]);
  expect(new Set(seeded.map((seed) => seed.id)).size).toBe(seeded.length);
});

test.each([
  ['gpt-4o-mini', 150_000_000n, 600_000_000n, 75_000_000n],
  ['claude-3-5-haiku', 800_000_000n, 4_000_000_000n, 80_000_000n],
  ['llama-3.1-8b', 180_000_000n, 180_000_000n, null],
  ['claude-3-opus', 15_000_000_000n, 75_000_000_000n, 1_500_000_000n],
  ['gemini-pro-1.5', 1_250_000_000n, 5_000_000_000n, 312_500_000n],
  ['text-embedding-3-small', 20_000_000n, 0n, null],
])('%s costs what its vendor asks, to the nano-dollar', (id, input, output, cachedInput) => {
  const seed = seeded.find((candidate) => candidate.id === id);
  const price = inForce(seed ? (findLibraryModel(seed.vendor, seed.libraryId)?.prices ?? []) : []);
  expect({ input: price.input, output: price.output, cachedInput: price.cachedInput }).toEqual({
    input,
    output,
    cachedInput,
  });
});

describe.each(seeded.map((seed) => [seed.id, seed] as const))('%s', (_, seed) => {
  const known = findLibraryModel(seed.vendor, seed.libraryId);
  const provider = findProvider({ providerId: seed.vendor });

  /** What the library itself makes of a million tokens, in nano-USD to the nearest. */
  function libraryCost(usage: Record<string, number>): bigint {
    const result = calcPrice(usage, seed.libraryId, { ...(provider ? { provider } : {}), timestamp: MOMENT });
    return BigInt(Math.round((result?.total_price ?? Number.NaN) * 1e9));
  }

  test('costs the same as the library says, below and above its step', () => {
    const price = inForce(known?.prices ?? []);
    expect(libraryCost({ input_tokens: 100_000 }) * 10n).toBe(price.input);
    if (seed.type !== 'embedding')
      expect(libraryCost({ input_tokens: 0, output_tokens: 1_000_000 })).toBe(price.output);
    if (price.longContext) {
      expect(libraryCost({ input_tokens: 1_000_000 })).toBe(price.longContext.input);
      expect(libraryCost({ input_tokens: Number(price.longContext.aboveTokens) }) * 1_000_000n).toBe(
        price.input * price.longContext.aboveTokens,
      );
    }
  });
});

test('a price that starts on a day is dated so, and the one before it stays', () => {
  const prices = findLibraryModel('openai', 'o3')?.prices ?? [];
  expect(prices.map((price) => [price.effectiveFrom.toISOString(), price.input])).toEqual([
    ['2020-01-01T00:00:00.000Z', 10_000_000_000n],
    ['2025-06-10T00:00:00.000Z', 2_000_000_000n],
  ]);
});

test('an unknown model and one without a price for tokens give nothing', () => {
  expect(findLibraryModel('openai', 'gpt-0')).toBeUndefined();
  expect(findLibraryModel('openai', 'moderation')).toBeUndefined();
});
