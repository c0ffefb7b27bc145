// Owns: prices as JSON says them and as they are kept: dollars as decimals, nano-USD as integers. Pure. Not: which price is in force (price.queries.ts).

import type { z } from 'zod';
import type { modelPriceSchema, newPriceSchema } from '../../../contracts/catalog/model-prices.ts';
import { formatUsd, parseUsd } from '../../../primitives/amounts.ts';
import type { ModelPrice, PriceAmounts } from './price.queries.ts';

/** A price as it was entered, in nano-USD. Its schema has let no other amounts through. */
export function readPrice(entered: z.output<typeof newPriceSchema>): PriceAmounts {
  const { longContext } = entered;
  return {
    input: toNanoUsd(entered.inputUsdPerMillion),
    output: toNanoUsd(entered.outputUsdPerMillion),
    cachedInput: toNanoUsdOrNull(entered.cachedInputUsdPerMillion),
    cacheWrite: toNanoUsdOrNull(entered.cacheWriteUsdPerMillion),
    cacheWrite1h: toNanoUsdOrNull(entered.cacheWrite1hUsdPerMillion),
    reasoning: toNanoUsdOrNull(entered.reasoningUsdPerMillion),
    request: toNanoUsd(entered.requestUsd),
    longContext:
      longContext === null || longContext === undefined
        ? null
        : {
            aboveTokens: BigInt(longContext.aboveTokens),
            input: toNanoUsd(longContext.inputUsdPerMillion),
            output: toNanoUsd(longContext.outputUsdPerMillion),
            cachedInput: toNanoUsdOrNull(longContext.cachedInputUsdPerMillion),
            cacheWrite: toNanoUsdOrNull(longContext.cacheWriteUsdPerMillion),
            cacheWrite1h: toNanoUsdOrNull(longContext.cacheWrite1hUsdPerMillion),
          },
  };
}

function toNanoUsd(text: string): bigint {
  const amount = parseUsd(text);
  if (amount === undefined) throw new Error('an amount that its schema took is none');
  return amount;
}

const toNanoUsdOrNull = (text: string | null | undefined): bigint | null =>
  text === null || text === undefined ? null : toNanoUsd(text);

const usdOrNull = (amount: bigint | null): string | null => (amount === null ? null : formatUsd(amount));

/** A dated price as JSON. */
export function priceToJson(price: ModelPrice): z.input<typeof modelPriceSchema> {
  return {
    id: price.id,
    ...amountsToJson(price),
    effectiveFrom: price.effectiveFrom.toISOString(),
    source: price.source,
    importId: price.importId,
    createdBy: price.createdBy,
    createdAt: price.createdAt.toISOString(),
  };
}

/** The amounts alone, in dollars: for JSON, the audit log and CSV. */
export function amountsToJson(price: PriceAmounts) {
  const { longContext } = price;
  return {
    inputUsdPerMillion: formatUsd(price.input),
    outputUsdPerMillion: formatUsd(price.output),
    cachedInputUsdPerMillion: usdOrNull(price.cachedInput),
    cacheWriteUsdPerMillion: usdOrNull(price.cacheWrite),
    cacheWrite1hUsdPerMillion: usdOrNull(price.cacheWrite1h),
    reasoningUsdPerMillion: usdOrNull(price.reasoning),
    requestUsd: formatUsd(price.request),
    longContext:
      longContext === null
        ? null
        : {
            aboveTokens: Number(longContext.aboveTokens),
            inputUsdPerMillion: formatUsd(longContext.input),
            outputUsdPerMillion: formatUsd(longContext.output),
            cachedInputUsdPerMillion: usdOrNull(longContext.cachedInput),
            cacheWriteUsdPerMillion: usdOrNull(longContext.cacheWrite),
            cacheWrite1hUsdPerMillion: usdOrNull(longContext.cacheWrite1h),
          },
  };
}

/** What the audit log keeps of a price. */
export function auditedPrice(price: ModelPrice): Record<string, unknown> {
  const { longContext, ...amounts } = amountsToJson(price);
  const { id, effectiveFrom, source, importId } = price;
  return {
    ...{ id, effective_from: effectiveFrom, source, import_id: importId },
    ...{ input_usd_per_million: amounts.inputUsdPerMillion, output_usd_per_million: amounts.outputUsdPerMillion },
    ...{ cached_input_usd_per_million: amounts.cachedInputUsdPerMillion },
    ...{ cache_write_usd_per_million: amounts.cacheWriteUsdPerMillion },
    ...{ cache_write_1h_usd_per_million: amounts.cacheWrite1hUsdPerMillion },
    ...{ reasoning_usd_per_million: amounts.reasoningUsdPerMillion, request_usd: amounts.requestUsd },
    long_context: longContext,
  };
}
