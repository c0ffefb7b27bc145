// Owns: where the amounts of a dated price stand in `weir.model_prices`, for whoever adds one. Not: when a price is added, or what a call costs by it.

import type { TokenPrices } from '../primitives/price.ts';

/** Amounts in nano-USD per million tokens, as they are kept: reasoning over a long context costs as output there. */
export interface KeptPrice extends TokenPrices {
  /** What every token costs once the whole input is longer than `aboveTokens`. */
  readonly longContext: (Omit<TokenPrices, 'reasoning'> & { readonly aboveTokens: bigint }) | null;
}

/** They, by column. */
export function toPriceColumns({ longContext: long, ...price }: KeptPrice) {
  return {
    input_nano_usd_per_million: price.input,
    output_nano_usd_per_million: price.output,
    cached_input_nano_usd_per_million: price.cachedInput,
    cache_write_nano_usd_per_million: price.cacheWrite,
    cache_write_1h_nano_usd_per_million: price.cacheWrite1h,
    reasoning_nano_usd_per_million: price.reasoning,
    long_context_above_tokens: long?.aboveTokens ?? null,
    long_context_input_nano_usd_per_million: long?.input ?? null,
    long_context_output_nano_usd_per_million: long?.output ?? null,
    long_context_cached_input_nano_usd_per_million: long?.cachedInput ?? null,
    long_context_cache_write_nano_usd_per_million: long?.cacheWrite ?? null,
    long_context_cache_write_1h_nano_usd_per_million: long?.cacheWrite1h ?? null,
  };
}
