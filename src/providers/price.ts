// Owns: what tokens cost under a dated price. Not: which price was in force (the facts) or who pays (the gateway).

import { divCeil, divRoundHalfEven, maxAmount, minAmount, TOKENS_PER_PRICE_UNIT } from '../primitives/amounts.ts';
import type { ReportedUsage } from './protocol.ts';

/** A dated price of a model: nano-USD per million tokens; per request in nano-USD. Null falls back as said. No part is negative. */
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

/** The lines of a bill in nano-USD: `input` and `output` without the parts that have their own line. */
export interface CostLines {
  readonly input: bigint;
  readonly cachedInput: bigint;
  readonly cacheWrite: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly request: bigint;
}

/**
 * What each part of a call costs, in nano-USD, rounded half-even once a line. A part that is reported larger than its whole
 * (more cached than input) counts as the whole: no token is charged twice, and never more tokens than `input` and `output` say.
 */
export function costLines(price: Price, usage: ReportedUsage): CostLines {
  const input = maxAmount(usage.input, 0n);
  const cachedInput = part(usage.cachedInput, input);
  const cacheWrite = part(usage.cacheWrite, input - cachedInput);
  const output = maxAmount(usage.output, 0n);
  const reasoning = part(usage.reasoning, output);
  return {
    input: line(input - cachedInput - cacheWrite, price.input),
    cachedInput: line(cachedInput, price.cachedInput ?? price.input),
    cacheWrite: line(cacheWrite, price.cacheWrite ?? price.input),
    output: line(output - reasoning, price.output),
    reasoning: line(reasoning, price.reasoning ?? price.output),
    request: price.perRequest,
  };
}

/** The cost of a call in nano-USD: the sum of its rounded lines, so that invoices re-add exactly. */
export function costOf(price: Price, usage: ReportedUsage): bigint {
  const lines = costLines(price, usage);
  return lines.input + lines.cachedInput + lines.cacheWrite + lines.output + lines.reasoning + lines.request;
}

/**
 * The most that `tokens` of input can cost, with the price per request: the dearest input line, rounded up. Together with
 * `outputTokenCostBound` for each token of output it is never below `costOf`, whatever the parts of the usage.
 */
export function inputCostBound(price: Price, tokens: bigint): bigint {
  const lines = [price.input, price.cachedInput ?? price.input, price.cacheWrite ?? price.input];
  const dearest = lines.reduce(maxAmount);
  // Three lines may each round up by half: at most 1.5 above the exact sum, hence 1 above its ceiling. Where a token costs whole
  // nano-USD (all real prices from 0.001 USD per million on) nothing is rounded.
  const rounding = lines.every((perMillion) => perMillion % TOKENS_PER_PRICE_UNIT === 0n) || tokens <= 0n ? 0n : 1n;
  return divCeil(maxAmount(tokens, 0n) * dearest, TOKENS_PER_PRICE_UNIT) + rounding + price.perRequest;
}

/** The most that one token of output can cost, in whole nano-USD rounded up; rounded per token, so that it covers each line's rounding. */
export function outputTokenCostBound(price: Price): bigint {
  return divCeil(maxAmount(price.output, price.reasoning ?? price.output), TOKENS_PER_PRICE_UNIT);
}

function part(tokens: bigint, whole: bigint): bigint {
  return minAmount(maxAmount(tokens, 0n), whole);
}

function line(tokens: bigint, nanoUsdPerMillion: bigint): bigint {
  return divRoundHalfEven(tokens * nanoUsdPerMillion, TOKENS_PER_PRICE_UNIT);
}
