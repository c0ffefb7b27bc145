// Owns: the rows of dated prices, snake_case in, camelCase out. They are only added to. Not: what a call costs.

import { type SqlBool, sql } from 'kysely';
import type { PriceSource } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { type KeptPrice, toPriceColumns } from '../../../database/price-columns.ts';

/** Amounts in nano-USD per million tokens. Null falls back as table model_prices says. */
export interface PriceAmounts extends KeptPrice {
  /** For each call, nano-USD. */
  readonly request: bigint;
}

/** A dated price. */
export interface ModelPrice extends PriceAmounts {
  readonly id: string;
  readonly modelId: string;
  readonly effectiveFrom: Date;
  readonly source: PriceSource;
  readonly importId: string | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** A price before it is added. */
export interface NewModelPrice extends PriceAmounts {
  readonly id: string;
  readonly modelId: string;
  readonly effectiveFrom: Date;
  readonly createdBy: string;
  /** Null: entered by hand. */
  readonly importId: string | null;
}

function selectPrices(tx: DatabaseTransaction) {
  return tx
    .selectFrom('model_prices as p')
    .select([
      'p.id',
      'p.model_id as modelId',
      'p.effective_from as effectiveFrom',
      'p.source',
      'p.created_by as createdBy',
    ])
    .select(['p.price_import_id as importId', 'p.created_at as createdAt', 'p.request_nano_usd as request'])
    .select(['p.input_nano_usd_per_million as input', 'p.output_nano_usd_per_million as output'])
    .select(['p.cached_input_nano_usd_per_million as cachedInput', 'p.cache_write_nano_usd_per_million as cacheWrite'])
    .select(['p.cache_write_1h_nano_usd_per_million as cacheWrite1h', 'p.reasoning_nano_usd_per_million as reasoning'])
    .select(['p.long_context_above_tokens as longAbove', 'p.long_context_input_nano_usd_per_million as longInput'])
    .select(['p.long_context_output_nano_usd_per_million as longOutput'])
    .select(['p.long_context_cached_input_nano_usd_per_million as longCachedInput'])
    .select(['p.long_context_cache_write_nano_usd_per_million as longCacheWrite'])
    .select(['p.long_context_cache_write_1h_nano_usd_per_million as longCacheWrite1h']);
}

type PriceRow = Awaited<ReturnType<ReturnType<typeof selectPrices>['execute']>>[number];

function toPrice(row: PriceRow): ModelPrice {
  const { longAbove, longInput, longOutput, longCachedInput, longCacheWrite, longCacheWrite1h, ...price } = row;
  const longContext =
    longAbove === null || longInput === null || longOutput === null
      ? null
      : {
          ...{ aboveTokens: longAbove, input: longInput, output: longOutput },
          ...{ cachedInput: longCachedInput, cacheWrite: longCacheWrite, cacheWrite1h: longCacheWrite1h },
        };
  return { ...price, longContext };
}

/** The prices in force at a time, by model; a model without one is not in it. */
export async function findPricesInForce(
  tx: DatabaseTransaction,
  modelIds: readonly string[],
  at: Date,
): Promise<ReadonlyMap<string, ModelPrice>> {
  if (modelIds.length === 0) return new Map();
  const rows = await selectPrices(tx)
    .distinctOn('p.model_id')
    .where('p.model_id', 'in', modelIds)
    .where('p.effective_from', '<=', at)
    .orderBy('p.model_id')
    .orderBy('p.effective_from', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.modelId, toPrice(row)]));
}

/** Every price of a model, the earliest first. */
export async function listPriceHistory(tx: DatabaseTransaction, modelId: string): Promise<ModelPrice[]> {
  const rows = await selectPrices(tx).where('p.model_id', '=', modelId).orderBy('p.effective_from').execute();
  return rows.map(toPrice);
}

/** Where a page of prices begins: `effective_from` in microseconds, and the id. */
export type PricePlace = readonly [effectiveMicros: string, id: string];

/** Up to `limit` prices of a model, the latest first. `effectiveMicros` is exact, for the cursor. */
export async function listPrices(
  tx: DatabaseTransaction,
  modelId: string,
  page: { readonly limit: number; readonly after: PricePlace | null },
): Promise<(ModelPrice & { readonly effectiveMicros: string })[]> {
  const micros = sql<string>`(extract(epoch from p.effective_from) * 1000000)::bigint::text`;
  const query = selectPrices(tx)
    .select(micros.as('effectiveMicros'))
    .where('p.model_id', '=', modelId)
    .orderBy('p.effective_from', 'desc')
    .orderBy('p.id', 'desc')
    .limit(page.limit);
  const { after } = page;
  const rows = await (after === null
    ? query
    : query.where(
        sql<SqlBool>`((extract(epoch from p.effective_from) * 1000000)::bigint, p.id) < (${after[0]}::bigint, ${after[1]}::uuid)`,
      )
  ).execute();
  return rows.map(({ effectiveMicros, ...row }) => ({ ...toPrice(row), effectiveMicros }));
}

/** One price. */
export async function findPrice(tx: DatabaseTransaction, id: string): Promise<ModelPrice | undefined> {
  const row = await selectPrices(tx).where('p.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toPrice(row);
}

/** Which of the models were given a price since, in force or to come: whoever compared before did not see it. */
export async function listModelsPricedSince(
  tx: DatabaseTransaction,
  modelIds: readonly string[],
  since: Date,
): Promise<string[]> {
  if (modelIds.length === 0) return [];
  const rows = await tx
    .selectFrom('model_prices')
    .select('model_id')
    .distinct()
    .where('model_id', 'in', modelIds)
    .where('created_at', '>', since)
    .execute();
  return rows.map((row) => row.model_id);
}

/** Adds a price. */
export async function insertPrice(tx: DatabaseTransaction, price: NewModelPrice): Promise<void> {
  const { importId } = price;
  await tx
    .insertInto('model_prices')
    .values({
      ...{ id: price.id, model_id: price.modelId, effective_from: price.effectiveFrom, created_by: price.createdBy },
      ...{ source: importId === null ? 'admin' : 'import', price_import_id: importId },
      ...{ ...toPriceColumns(price), request_nano_usd: price.request },
    })
    .execute();
}
