// Owns: reading the price library (@pydantic/genai-prices, its v2 data) into exact price rows. Not: which models are seeded, or what a call costs.

import { findProvider, type ModelPrice } from '@pydantic/genai-prices';
import { parseUsd } from '../../../primitives/amounts.ts';
import type { KeptPrice } from '../../price-columns.ts';
import type { VendorSlug } from './model-seed.ts';

/** A dated price; null falls back as table model_prices says. The library knows no price of reasoning. */
export interface LibraryPrice extends Omit<KeptPrice, 'reasoning'> {
  readonly effectiveFrom: Date;
}

/** What the library knows of a model. Prices in order of time, the first from the beginning. */
export interface LibraryModel {
  readonly contextWindow: number | null;
  readonly prices: readonly LibraryPrice[];
}

/** Before every call that Weir can have seen: where a price without a start date starts. */
const BEGINNING = new Date('2020-01-01T00:00:00Z');

/** A model of the library; undefined when it is unknown there or has no price for tokens. Throws on a price that isn't exact in nano-USD. */
export function findLibraryModel(vendor: VendorSlug, libraryId: string): LibraryModel | undefined {
  const model = findProvider({ providerId: vendor })?.models.find((candidate) => candidate.id === libraryId);
  if (!model) return undefined;
  const conditional = Array.isArray(model.prices) ? model.prices : [{ prices: model.prices }];
  const prices: LibraryPrice[] = [];
  for (const entry of conditional) {
    // Prices by time of day exist for vendors that Weir doesn't seed; they don't fit a dated price.
    if (entry.constraint?.type === 'time_of_date') return undefined;
    const effectiveFrom = entry.constraint
      ? new Date(`${entry.constraint.start_date.slice(0, 10)}T00:00:00Z`)
      : BEGINNING;
    const price = readPrice(entry.prices, effectiveFrom);
    if (!price) return undefined;
    prices.push(price);
  }
  prices.sort((a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime());
  return { contextWindow: model.context_window ?? null, prices };
}

function readPrice(prices: ModelPrice, effectiveFrom: Date): LibraryPrice | undefined {
  const input = baseOf(prices, 'input_mtok');
  if (input === null) return undefined;
  return {
    effectiveFrom,
    input,
    // An embedding has no output; its price there is an explicit zero.
    output: baseOf(prices, 'output_mtok') ?? 0n,
    cachedInput: baseOf(prices, 'cache_read_mtok'),
    cacheWrite: baseOf(prices, 'cache_write_mtok'),
    cacheWrite1h: baseOf(prices, 'cache_write_1h_mtok'),
    longContext: readLongContext(prices),
  };
}

function readLongContext(prices: ModelPrice): LibraryPrice['longContext'] {
  const starts = new Set<number>();
  for (const value of Object.values(prices)) {
    if (typeof value === 'object') for (const tier of value.tiers) starts.add(tier.start);
  }
  const [start] = starts;
  if (start === undefined) return null;
  if (starts.size > 1)
    throw new Error('a price of the library has more than one step by input length: model_prices holds one');
  return {
    aboveTokens: BigInt(start),
    input: stepOf(prices, 'input_mtok') ?? 0n,
    output: stepOf(prices, 'output_mtok') ?? 0n,
    cachedInput: stepOf(prices, 'cache_read_mtok'),
    cacheWrite: stepOf(prices, 'cache_write_mtok'),
    cacheWrite1h: stepOf(prices, 'cache_write_1h_mtok'),
  };
}

function baseOf(prices: ModelPrice, key: string): bigint | null {
  const value = prices[key];
  if (value === undefined) return null;
  return toNanoUsd(typeof value === 'number' ? value : value.base);
}

/** The price past the step; what has no step costs the same there. */
function stepOf(prices: ModelPrice, key: string): bigint | null {
  const value = prices[key];
  if (value === undefined) return null;
  return toNanoUsd(typeof value === 'number' ? value : (value.tiers[0]?.price ?? value.base));
}

/** The library's numbers are decimal literals, so their shortest decimal form is what was meant. */
function toNanoUsd(usd: number): bigint {
  const exact = parseUsd(String(usd));
  if (exact === undefined) throw new Error(`price ${usd} of the library is no amount with at most nine places`);
  return exact;
}
