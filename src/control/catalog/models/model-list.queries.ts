// Owns: which models a list holds, and in what order. Not: a model's columns (model.queries.ts).

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ModelSort } from '../../../contracts/catalog/admin-models.ts';
import type { ModelStatus, ModelTier } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { type Model, selectModels, toModel } from './model.queries.ts';

/** What narrows a list; absent is no condition, but that archived models are left out unless they are asked for. */
export interface ModelFilter {
  readonly provider?: string | undefined;
  readonly tier?: ModelTier | undefined;
  readonly status?: ModelStatus | undefined;
  readonly enabled?: boolean | undefined;
  readonly capability?: string | undefined;
  readonly search?: string | undefined;
  /** ISO 8601. */
  readonly retiresBefore?: string | undefined;
  readonly archived?: boolean | undefined;
}

/** The order of a list. */
export interface ModelOrder {
  readonly sort: ModelSort;
  readonly order: 'asc' | 'desc';
}

/** A page begins after the row with this value of what it is sorted by, as text, and this id. */
export type ModelPlace = readonly [value: string, id: string];

/** A model with its value of what the list is sorted by. */
export interface ListedModel extends Model {
  readonly placeValue: string;
}

/** What is sorted by, its type, and as text: exact, so that it can be a place. */
const SORTS: Readonly<Record<ModelSort, { readonly value: RawBuilder<unknown>; readonly type: RawBuilder<unknown> }>> =
  {
    sort_order: { value: sql`m.sort_order`, type: sql`integer` },
    name: { value: sql`lower(m.display_name)`, type: sql`text` },
    provider: { value: sql`v.slug`, type: sql`text` },
    tier: { value: sql`m.tier`, type: sql`text` },
    status: { value: sql`m.status`, type: sql`text` },
    created_at: { value: sql`(extract(epoch from m.created_at) * 1000000)::bigint`, type: sql`bigint` },
  };

/** Up to `limit` models. */
export async function listModels(
  tx: DatabaseTransaction,
  filter: ModelFilter,
  page: ModelOrder & { readonly limit: number; readonly after: ModelPlace | null },
): Promise<ListedModel[]> {
  const { value, type } = SORTS[page.sort];
  const isAfter = page.order === 'asc' ? sql`>` : sql`<`;
  const query = selectModels(tx)
    .select(sql<string>`(${value})::text`.as('placeValue'))
    .where(matches(filter))
    .orderBy(sql`${value}`, page.order)
    .orderBy('m.id', page.order)
    .limit(page.limit);
  const { after } = page;
  const rows = await (after === null
    ? query
    : query.where(sql<SqlBool>`(${value}, m.id) ${isAfter} (${after[0]}::${type}, ${after[1]})`)
  ).execute();
  return rows.map(({ placeValue, ...row }) => ({ ...toModel(row), placeValue }));
}

function matches(filter: ModelFilter) {
  const { provider, tier, status, enabled, capability, search, retiresBefore, archived = false } = filter;
  const conditions = [
    archived ? sql`m.archived_at is not null` : sql`m.archived_at is null`,
    provider !== undefined && sql`v.slug = ${provider}`,
    tier !== undefined && sql`m.tier = ${tier}`,
    status !== undefined && sql`m.status = ${status}`,
    enabled !== undefined && sql`m.enabled = ${enabled}`,
    capability !== undefined && sql`${capability} = any (m.capabilities)`,
    retiresBefore !== undefined && sql`m.retires_at < ${retiresBefore}::timestamptz`,
    search !== undefined &&
      sql`position(lower(${search}) in lower(concat_ws(' ', m.id, m.display_name, m.provider_model_id))) > 0`,
  ].filter((condition) => condition !== false);
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}
