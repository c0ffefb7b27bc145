// Owns: a proposed price in nano-USD. Pure. Not: dated prices (price.queries.ts).

import type { z } from 'zod';
import type { newPriceSchema } from '../../../contracts/catalog/model-prices.ts';
import { parseUsd } from '../../../primitives/amounts.ts';
import type { Price } from '../../../primitives/price.ts';

/** A price as it was proposed; its schema has let no other amounts through. */
export function toPrice(entered: z.output<typeof newPriceSchema>): Price {
  const nano = (text: string): bigint => {
    const amount = parseUsd(text);
    if (amount === undefined) throw new Error('an amount that its schema took is none');
    return amount;
  };
  const nanoOrNull = (text: string | null | undefined): bigint | null => (text == null ? null : nano(text));
  const tokens = (of: {
    readonly inputUsdPerMillion: string;
    readonly outputUsdPerMillion: string;
    readonly cachedInputUsdPerMillion?: string | null | undefined;
    readonly cacheWriteUsdPerMillion?: string | null | undefined;
    readonly cacheWrite1hUsdPerMillion?: string | null | undefined;
  }) => ({
    input: nano(of.inputUsdPerMillion),
    output: nano(of.outputUsdPerMillion),
    cachedInput: nanoOrNull(of.cachedInputUsdPerMillion),
    cacheWrite: nanoOrNull(of.cacheWriteUsdPerMillion),
    cacheWrite1h: nanoOrNull(of.cacheWrite1hUsdPerMillion),
  });
  const { longContext } = entered;
  return {
    ...{ id: 'proposed', ...tokens(entered), reasoning: nanoOrNull(entered.reasoningUsdPerMillion) },
    perRequest: nano(entered.requestUsd),
    longContext:
      longContext == null
        ? null
        : { ...tokens(longContext), reasoning: null, aboveTokens: BigInt(longContext.aboveTokens) },
  };
}
