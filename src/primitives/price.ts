// Owns: what tokens cost under a dated price. Not: which price was in force, or who pays.

import { divCeil, divRoundHalfEven, maxAmount, minAmount, TOKENS_PER_PRICE_UNIT } from './amounts.ts';

/** Tokens of a call. `input` holds cached and cache-write tokens, `cacheWrite` those kept for an hour, `output` reasoning. */
export interface TokenUse {
  readonly input: bigint;
  readonly output: bigint;
  readonly cachedInput: bigint;
  readonly cacheWrite: bigint;
  readonly cacheWrite1h: bigint;
  readonly reasoning: bigint;
}

/** What a million tokens of each kind cost, in nano-USD. Null falls back as said. No part is negative. */
export interface TokenPrices {
  readonly input: bigint;
  readonly output: bigint;
  /** Null: cached input costs as input. */
  readonly cachedInput: bigint | null;
  /** Null: cache writes cost as input. */
  readonly cacheWrite: bigint | null;
  /** Null: writes kept for an hour cost as other cache writes. */
  readonly cacheWrite1h: bigint | null;
  /** Null: reasoning costs as output. */
  readonly reasoning: bigint | null;
}

/** A dated price of a model; per request in nano-USD. */
export interface Price extends TokenPrices {
  readonly id: string;
  readonly perRequest: bigint;
  /** What every token of a call costs, input and output, once its whole input is longer than `aboveTokens`. Null: the same at any length. */
  readonly longContext: (TokenPrices & { readonly aboveTokens: bigint }) | null;
}

/** The lines of a bill in nano-USD: `input`, `cacheWrite` and `output` without the parts that have their own line. */
export interface CostLines {
  readonly input: bigint;
  readonly cachedInput: bigint;
  readonly cacheWrite: bigint;
  readonly cacheWrite1h: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
  readonly request: bigint;
}

/**
 * What each part of a call costs, in nano-USD, rounded half-even once a line. A part that is reported larger than its whole
 * (more cached than input) counts as the whole: no token is charged twice, and never more tokens than `input` and `output` say.
 */
export function costLines(price: Price, usage: TokenUse): CostLines {
  const input = maxAmount(usage.input, 0n);
  const cachedInput = part(usage.cachedInput, input);
  const cacheWrite = part(usage.cacheWrite, input - cachedInput);
  const cacheWrite1h = part(usage.cacheWrite1h, cacheWrite);
  const output = maxAmount(usage.output, 0n);
  const reasoning = part(usage.reasoning, output);
  const prices = isLong(price, input) ? price.longContext : price;
  return {
    input: line(input - cachedInput - cacheWrite, prices.input),
    cachedInput: line(cachedInput, cachedInputPrice(prices)),
    cacheWrite: line(cacheWrite - cacheWrite1h, cacheWritePrice(prices)),
    cacheWrite1h: line(cacheWrite1h, cacheWrite1hPrice(prices)),
    output: line(output - reasoning, prices.output),
    reasoning: line(reasoning, reasoningPrice(prices)),
    request: price.perRequest,
  };
}

/** The cost of a call in nano-USD: the sum of its rounded lines, so that invoices re-add exactly. */
export function costOf(price: Price, usage: TokenUse): bigint {
  const { input, cachedInput, cacheWrite, cacheWrite1h, output, reasoning, request } = costLines(price, usage);
  return input + cachedInput + cacheWrite + cacheWrite1h + output + reasoning + request;
}

/**
 * The most that up to `tokens` of input can cost, with the price per request: the dearest input line, rounded up. Together with
 * `outputTokenCostBound` of the same `tokens` for each token of output it is never below `costOf`, whatever the parts of the usage.
 */
export function inputCostBound(price: Price, tokens: bigint): bigint {
  const most = maxAmount(tokens, 0n);
  if (!isLong(price, most)) return inputLinesBound(price, most) + price.perRequest;
  // The bound is long; the input itself may still turn out short, and short may be the dearer of the two.
  const { longContext } = price;
  const short = inputLinesBound(price, longContext.aboveTokens);
  return maxAmount(short, inputLinesBound(longContext, most)) + price.perRequest;
}

/**
 * The most that one token of output can cost after up to `inputTokens` of input, in whole nano-USD rounded up; rounded per token,
 * so that it covers each line's rounding.
 */
export function outputTokenCostBound(price: Price, inputTokens: bigint): bigint {
  const short = outputLinesBound(price);
  return isLong(price, inputTokens) ? maxAmount(short, outputLinesBound(price.longContext)) : short;
}

type PriceWithLongContext = Price & { readonly longContext: NonNullable<Price['longContext']> };

function isLong(price: Price, inputTokens: bigint): price is PriceWithLongContext {
  return price.longContext !== null && inputTokens > price.longContext.aboveTokens;
}

function inputLinesBound(prices: TokenPrices, tokens: bigint): bigint {
  const lines = [prices.input, cachedInputPrice(prices), cacheWritePrice(prices), cacheWrite1hPrice(prices)];
  const dearest = lines.reduce(maxAmount);
  // Four lines may each round up by half: at most 2 above the exact sum, hence 2 above its ceiling. Where a token costs whole
  // nano-USD (all real prices from 0.001 USD per million on) nothing is rounded.
  const isWhole = lines.every((perMillion) => perMillion % TOKENS_PER_PRICE_UNIT === 0n);
  return divCeil(tokens * dearest, TOKENS_PER_PRICE_UNIT) + (isWhole || tokens === 0n ? 0n : 2n);
}

function outputLinesBound(prices: TokenPrices): bigint {
  return divCeil(maxAmount(prices.output, reasoningPrice(prices)), TOKENS_PER_PRICE_UNIT);
}

function cachedInputPrice(prices: TokenPrices): bigint {
  return prices.cachedInput ?? prices.input;
}

function cacheWritePrice(prices: TokenPrices): bigint {
  return prices.cacheWrite ?? prices.input;
}

function cacheWrite1hPrice(prices: TokenPrices): bigint {
  return prices.cacheWrite1h ?? cacheWritePrice(prices);
}

function reasoningPrice(prices: TokenPrices): bigint {
  return prices.reasoning ?? prices.output;
}

function part(tokens: bigint, whole: bigint): bigint {
  return minAmount(maxAmount(tokens, 0n), whole);
}

function line(tokens: bigint, nanoUsdPerMillion: bigint): bigint {
  return divRoundHalfEven(tokens * nanoUsdPerMillion, TOKENS_PER_PRICE_UNIT);
}

/** One line of a bill as it was worked out: tokens times price a million, rounded. The line of the request itself has no tokens. */
export interface BillLine {
  readonly part: keyof CostLines;
  readonly tokens: bigint | null;
  readonly nanoUsdPerMillion: bigint | null;
  readonly nanoUsd: bigint;
}

/** A bill with its arithmetic; `total` is `costOf` of the same. Lines without tokens are left out. */
export function billOf(price: Price, usage: TokenUse): { lines: BillLine[]; total: bigint; isLongContext: boolean } {
  const input = maxAmount(usage.input, 0n);
  const cachedInput = part(usage.cachedInput, input);
  const cacheWrite = part(usage.cacheWrite, input - cachedInput);
  const cacheWrite1h = part(usage.cacheWrite1h, cacheWrite);
  const output = maxAmount(usage.output, 0n);
  const reasoning = part(usage.reasoning, output);
  const isLongContext = isLong(price, input);
  const prices = isLongContext ? price.longContext : price;
  const costs = costLines(price, usage);
  const of = (name: keyof CostLines, tokens: bigint, nanoUsdPerMillion: bigint): BillLine => ({
    ...{ part: name, tokens, nanoUsdPerMillion, nanoUsd: costs[name] },
  });
  const lines = [
    of('input', input - cachedInput - cacheWrite, prices.input),
    of('cachedInput', cachedInput, cachedInputPrice(prices)),
    of('cacheWrite', cacheWrite - cacheWrite1h, cacheWritePrice(prices)),
    of('cacheWrite1h', cacheWrite1h, cacheWrite1hPrice(prices)),
    of('output', output - reasoning, prices.output),
    of('reasoning', reasoning, reasoningPrice(prices)),
  ].filter(({ tokens }) => tokens !== 0n);
  if (price.perRequest !== 0n)
    lines.push({ part: 'request', tokens: null, nanoUsdPerMillion: null, nanoUsd: costs.request });
  return { lines, total: lines.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0n), isLongContext };
}
