// Owns: comparing prices with a library's, and proposals as they are kept. Pure. Not: the library (handed in), or putting prices in force.

import type { ProviderType } from '../../../contracts/enumerations.ts';
import { formatUsd } from '../../../primitives/amounts.ts';
import type { PriceAmounts } from './price.queries.ts';

/** What a library says; what it says nothing of is left out, and stays as it is. Nano-USD per million tokens. */
export type LibraryAmounts = Omit<PriceAmounts, 'reasoning' | 'request'>;

/** A price library. */
export interface PriceLibrary {
  /** With its version: kept with what is imported. */
  readonly name: string;
  /** The price of a model at a time; undefined where the library has none. */
  findPrice(
    model: { readonly id: string; readonly providerType: ProviderType; readonly providerModelId: string },
    at: Date,
  ): LibraryAmounts | undefined;
}

/** One amount that differs: nano-USD, but for `longContext.aboveTokens`; null where the price has none of its own. */
export interface PriceChange {
  readonly field: string;
  readonly from: bigint | null;
  readonly to: bigint | null;
}

const TOKENS_FIELD = 'longContext.aboveTokens';

/** The price that the library proposes in place of the one in force. */
export function proposePrice(current: PriceAmounts | undefined, library: LibraryAmounts): PriceAmounts {
  return { ...library, reasoning: current?.reasoning ?? null, request: current?.request ?? 0n };
}

/** Amount by amount, what is not the same. Empty: nothing to propose. */
export function priceChanges(current: PriceAmounts | undefined, proposed: PriceAmounts): PriceChange[] {
  const before = current === undefined ? new Map<string, bigint | null>() : flatten(current);
  return [...flatten(proposed)]
    .map(([field, to]) => ({ field, from: before.get(field) ?? null, to }))
    .filter(({ from, to }) => from !== to);
}

function flatten({ longContext, ...amounts }: PriceAmounts): Map<string, bigint | null> {
  const long = longContext ?? {
    aboveTokens: null,
    input: null,
    output: null,
    cachedInput: null,
    cacheWrite: null,
    cacheWrite1h: null,
  };
  const { input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning, request } = amounts;
  return new Map<string, bigint | null>([
    ...Object.entries({ input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning, request }),
    ...Object.entries(long).map(([name, amount]) => [`longContext.${name}`, amount] as const),
  ]);
}

const PERCENT_PLACES = 100n;

/** A change as people read it: in dollars, under the price's field names, with how much it is. */
export function changeToJson({ field, from, to }: PriceChange) {
  const text = (amount: bigint | null) =>
    amount === null ? null : field === TOKENS_FIELD ? amount.toString() : formatUsd(amount);
  return { field: jsonName(field), from: text(from), to: text(to), percent: percentOf(from, to) };
}

function jsonName(field: string): string {
  if (field === TOKENS_FIELD) return field;
  return field === 'request' ? 'requestUsd' : `${field}UsdPerMillion`;
}

/** Hundredths of a percent are exact enough to be read. */
function percentOf(from: bigint | null, to: bigint | null): number | null {
  if (from === null || to === null || from === 0n) return null;
  return Number(((to - from) * 100n * PERCENT_PLACES) / from) / Number(PERCENT_PLACES);
}

/** To be kept. */
export function keepPrice(price: PriceAmounts): string {
  return JSON.stringify(price, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** As it was kept by `keepPrice`. */
export function readKeptPrice(kept: unknown): PriceAmounts {
  return JSON.parse(JSON.stringify(kept), (_, value: unknown) =>
    typeof value === 'string' ? BigInt(value) : value,
  ) as PriceAmounts;
}

/** Changes to be kept. */
export function keepChanges(changes: readonly PriceChange[]): string {
  return JSON.stringify(
    changes.map(({ field, from, to }) => ({
      ...{ field, from: from?.toString() ?? null, to: to?.toString() ?? null, percent: percentOf(from, to) },
    })),
  );
}

/** As they were kept by `keepChanges`. */
export function readKeptChanges(kept: unknown): PriceChange[] {
  const amount = (text: string | null) => (text === null ? null : BigInt(text));
  return (kept as readonly { field: string; from: string | null; to: string | null }[]).map(({ field, from, to }) => ({
    ...{ field, from: amount(from), to: amount(to) },
  }));
}
