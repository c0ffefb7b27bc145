// Owns: what tokens cost under a dated price. Not: which price was in force (the facts) or who pays (the gateway).

import { divCeil, divRoundHalfEven, TOKENS_PER_PRICE_UNIT } from '../primitives/amounts.ts';
import type { ReportedUsage } from './protocol.ts';

/** A dated price of a model: nano-USD per million tokens; per request in nano-USD. Null falls back as said. */
export interface Price {
  readonly id: string;
  readonly input: bigint;
  readonly output: bigint;
  /** Null: cached input costs as input. */
  readonly cachedInput: bigint | null;
  /** Null: cache writes cost as input. */
  readonly cacheWrite: bigint | null;
  /** Null: reasoning costs as output. */
  readonly reasoning: bigint | null;
  readonly perRequest: bigint;
}

/** The cost of a call in nano-USD. Each line is rounded half-even once; the cost is the sum of rounded lines, so that invoices re-add exactly. */
export function costOf(price: Price, usage: ReportedUsage): bigint {
  const plainInput = usage.input - usage.cachedInput - usage.cacheWrite;
  const plainOutput = usage.output - usage.reasoning;
  return (
    line(plainInput < 0n ? 0n : plainInput, price.input) +
    line(usage.cachedInput, price.cachedInput ?? price.input) +
    line(usage.cacheWrite, price.cacheWrite ?? price.input) +
    line(plainOutput < 0n ? 0n : plainOutput, price.output) +
    line(usage.reasoning, price.reasoning ?? price.output) +
    price.perRequest
  );
}

/** The most that `tokens` of input can cost: the dearest input line, rounded up. */
export function inputCostBound(price: Price, tokens: bigint): bigint {
  const dearest = [price.input, price.cachedInput ?? 0n, price.cacheWrite ?? 0n].reduce((a, b) => (a > b ? a : b));
  return divCeil(tokens * dearest, TOKENS_PER_PRICE_UNIT) + price.perRequest;
}

/** The most that one token of output can cost, in whole nano-USD rounded up. */
export function outputTokenCostBound(price: Price): bigint {
  const dearest = price.reasoning !== null && price.reasoning > price.output ? price.reasoning : price.output;
  return divCeil(dearest, TOKENS_PER_PRICE_UNIT);
}

function line(tokens: bigint, nanoUsdPerMillion: bigint): bigint {
  return divRoundHalfEven(tokens * nanoUsdPerMillion, TOKENS_PER_PRICE_UNIT);
}
