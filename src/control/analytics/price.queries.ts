// Owns: reading dated prices of models. Not: which one a call costs by (the caller says), or its arithmetic (primitives/price.ts).

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Price } from '../../primitives/price.ts';

/** A price with what it is of. */
export interface DatedPrice {
  readonly modelId: string;
  readonly effectiveFrom: Date;
  readonly price: Price;
}

interface Row {
  readonly id: string;
  readonly modelId: string;
  readonly effectiveFrom: Date;
  readonly input: bigint;
  readonly output: bigint;
  readonly cachedInput: bigint | null;
  readonly cacheWrite: bigint | null;
  readonly cacheWrite1h: bigint | null;
  readonly reasoning: bigint | null;
  readonly perRequest: bigint;
  readonly aboveTokens: bigint | null;
  readonly longInput: bigint | null;
  readonly longOutput: bigint | null;
  readonly longCachedInput: bigint | null;
  readonly longCacheWrite: bigint | null;
  readonly longCacheWrite1h: bigint | null;
}

async function listRows(tx: DatabaseTransaction, ending: RawBuilder<unknown>): Promise<DatedPrice[]> {
  const { rows } = await sql<Row>`
    select p.id, p.model_id as "modelId", p.effective_from as "effectiveFrom", p.input_nano_usd_per_million as input,
        p.output_nano_usd_per_million as output, p.cached_input_nano_usd_per_million as "cachedInput",
        p.cache_write_nano_usd_per_million as "cacheWrite", p.cache_write_1h_nano_usd_per_million as "cacheWrite1h",
        p.reasoning_nano_usd_per_million as reasoning, p.request_nano_usd as "perRequest",
        p.long_context_above_tokens as "aboveTokens", p.long_context_input_nano_usd_per_million as "longInput",
        p.long_context_output_nano_usd_per_million as "longOutput",
        p.long_context_cached_input_nano_usd_per_million as "longCachedInput",
        p.long_context_cache_write_nano_usd_per_million as "longCacheWrite",
        p.long_context_cache_write_1h_nano_usd_per_million as "longCacheWrite1h"
      from weir.model_prices p where ${ending}`.execute(tx);
  return rows.map((row) => ({ modelId: row.modelId, effectiveFrom: row.effectiveFrom, price: toPrice(row) }));
}

async function findOne(tx: DatabaseTransaction, condition: RawBuilder<unknown>): Promise<DatedPrice | undefined> {
  const [price] = await listRows(tx, sql`${condition} order by p.effective_from desc limit 1`);
  return price;
}

function toPrice(row: Row): Price {
  const { id, input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning, perRequest, aboveTokens } = row;
  return {
    ...{ id, input, output, cachedInput, cacheWrite, cacheWrite1h, reasoning, perRequest },
    longContext:
      aboveTokens === null || row.longInput === null || row.longOutput === null
        ? null
        : {
            ...{ aboveTokens, input: row.longInput, output: row.longOutput, cachedInput: row.longCachedInput },
            ...{ cacheWrite: row.longCacheWrite, cacheWrite1h: row.longCacheWrite1h, reasoning: null },
          },
  };
}

/** A price by its id. */
export function findPrice(tx: DatabaseTransaction, id: string): Promise<DatedPrice | undefined> {
  return findOne(tx, sql`p.id = ${id}::uuid`);
}

/** The price of a model that was in force at a moment; none where it had none yet. */
export function findPriceAt(tx: DatabaseTransaction, modelId: string, at: Date): Promise<DatedPrice | undefined> {
  return findOne(tx, sql`p.model_id = ${modelId} and p.effective_from <= ${at}`);
}

/** Every price of a model, the earliest first. */
export function listPrices(tx: DatabaseTransaction, modelId: string): Promise<DatedPrice[]> {
  return listRows(tx, sql`p.model_id = ${modelId} order by p.effective_from`);
}
