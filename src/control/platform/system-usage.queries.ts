// Owns: sums of use over the whole platform, by the day up to now (migration 000131). Not: which days are asked for, or who may (row level security: platform roles
// see all).

import { type RawBuilder, sql } from 'kysely';
import type { UsageGroup } from '../../contracts/platform/system.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** What is added up. Amounts of money in nano-US-dollars. */
export interface UsageSums {
  readonly requests: bigint;
  readonly errors: bigint;
  readonly denied: bigint;
  readonly inputTokens: bigint;
  readonly outputTokens: bigint;
  readonly costNanoUsd: bigint;
  readonly providerCostNanoUsd: bigint;
  readonly unpriced: bigint;
}

/** Sums of a period, and how many took part. */
export interface UsageTotals extends UsageSums {
  readonly organizations: bigint;
  readonly users: bigint;
}

/** Sums of one group. */
export interface UsageRow extends UsageSums {
  readonly key: string;
  readonly label: string;
}

/** From the first moment of a day to before that of another, in UTC; `YYYY-MM-DD`. */
export interface UsagePeriod {
  readonly from: string;
  readonly before: string;
}

/** What narrows the sums; absent is no condition. */
export interface UsageFilter {
  readonly organizationId?: string | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly status?: string | undefined;
}

const SUMS = sql`
  coalesce(sum(s.requests), 0)::bigint as requests,
  coalesce(sum(s.errors), 0)::bigint as errors,
  coalesce(sum(s.denied), 0)::bigint as denied,
  coalesce(sum(s.input_tokens), 0)::bigint as "inputTokens",
  coalesce(sum(s.output_tokens), 0)::bigint as "outputTokens",
  coalesce(sum(s.cost_nano_usd), 0)::bigint as "costNanoUsd",
  coalesce(sum(s.provider_cost_nano_usd), 0)::bigint as "providerCostNanoUsd",
  coalesce(sum(s.unpriced_requests), 0)::bigint as unpriced`;

/** Dimensions that use is kept by one at a time. What is asked of one of them, or of none, is answered from its lines: they are few. */
type Facet = 'all' | 'model' | 'provider' | 'status';

/** The one dimension that a question is about besides organizations and days; null: more than one. */
function facetOf({ model, provider, status }: UsageFilter, group: UsageGroup | null): Facet | null {
  const asked = new Set<Facet>();
  if (model !== undefined || group === 'model') asked.add('model');
  if (provider !== undefined || group === 'provider') asked.add('provider');
  if (status !== undefined || group === 'status') asked.add('status');
  const [facet = 'all', another] = asked;
  return another === undefined ? facet : null;
}

const VALUES: Readonly<Record<Facet, RawBuilder<string>>> = {
  all: sql`''`,
  model: sql`s.model_id`,
  provider: sql`s.provider`,
  status: sql`s.status`,
};
const ADDED = sql`s.requests, s.errors, s.input_tokens, s.output_tokens, s.cost_nano_usd, s.provider_cost_nano_usd, s.unpriced_requests`;
const DENIED = sql`case when s.status = 'denied' then s.requests else 0 end as denied`;

/** Rows of a period that match, up to now: day, organization, value of the facet, and sums. */
function rowsOf(period: UsagePeriod, filter: UsageFilter, group: UsageGroup | null): RawBuilder<unknown> {
  const facet = facetOf(filter, group);
  const { from, before } = period;
  if (facet === null) {
    const value = group === null || group === 'day' || group === 'organization' ? sql`''` : VALUES[group];
    return sql`select s.day, s.organization_id, ${value} as value, ${DENIED}, ${ADDED} from weir.usage_days s
      where s.day >= ${from}::date and s.day < ${before}::date and ${matches(filter)}`;
  }
  const isAsked = filter.model ?? filter.provider ?? filter.status;
  const isValue = isAsked === undefined ? sql`true` : sql`s.value = ${isAsked}`;
  const isOrganization =
    filter.organizationId === undefined ? sql`true` : sql`s.organization_id = ${filter.organizationId}`;
  return sql`select s.day, s.organization_id, s.value, s.denied, ${ADDED} from weir.usage_daily_facets s
      where s.facet = ${sql.lit(facet)} and s.day >= ${from}::date and s.day < ${before}::date and ${isValue} and ${isOrganization}
    union all
    select (s.occurred_at at time zone 'UTC')::date, s.organization_id, ${VALUES[facet]}, ${DENIED}, ${ADDED} from weir.usage_unfolded s
      where s.occurred_at >= ${from}::date::timestamp at time zone 'UTC' and s.occurred_at < ${before}::date::timestamp at time zone 'UTC'
        and ${matches(filter)}`;
}

/** People who made a call. */
function peopleOf(period: UsagePeriod, filter: UsageFilter): RawBuilder<unknown> {
  const { from, before } = period;
  if (facetOf(filter, null) !== 'all')
    return sql`select s.user_id::text as person from weir.usage_days s
      where s.day >= ${from}::date and s.day < ${before}::date and s.user_id is not null and ${matches(filter)}`;
  const isOrganization =
    filter.organizationId === undefined ? sql`true` : sql`s.organization_id = ${filter.organizationId}`;
  return sql`select s.value as person from weir.usage_daily_facets s
      where s.facet = 'user' and s.value <> '' and s.day >= ${from}::date and s.day < ${before}::date and ${isOrganization}
    union all
    select s.user_id::text from weir.usage_unfolded s where s.user_id is not null and ${matches(filter)}
      and s.occurred_at >= ${from}::date::timestamp at time zone 'UTC' and s.occurred_at < ${before}::date::timestamp at time zone 'UTC'`;
}

function matches(filter: UsageFilter): RawBuilder<unknown> {
  const { organizationId, model, provider, status } = filter;
  const conditions = [
    sql`true`,
    organizationId !== undefined && sql`s.organization_id = ${organizationId}`,
    model !== undefined && sql`s.model_id = ${model}`,
    provider !== undefined && sql`s.provider = ${provider}`,
    status !== undefined && sql`s.status = ${status}`,
  ].filter((condition) => condition !== false);
  return sql.join(conditions, sql` and `);
}

/** All of a period. */
export async function sumUsage(
  tx: DatabaseTransaction,
  period: UsagePeriod,
  filter: UsageFilter,
): Promise<UsageTotals> {
  const { rows } = await sql<UsageTotals>`select ${SUMS}, count(distinct s.organization_id) as organizations,
      (select count(*) from (select p.person from (${peopleOf(period, filter)}) p group by 1) each_one) as users
    from (${rowsOf(period, filter, null)}) s`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('a sum without groups gave no row');
  return row;
}

const KEYS: Readonly<Record<UsageGroup, RawBuilder<string>>> = {
  day: sql`to_char(s.day, 'YYYY-MM-DD')`,
  organization: sql`s.organization_id::text`,
  model: sql`s.value`,
  provider: sql`s.value`,
  status: sql`s.value`,
};

/** The groups of a period: days in their order, anything else the dearest first. An organization that is gone is named by its id. */
export async function listUsage(
  tx: DatabaseTransaction,
  period: UsagePeriod,
  { filter, group, limit }: { readonly filter: UsageFilter; readonly group: UsageGroup; readonly limit: number },
): Promise<UsageRow[]> {
  const order = group === 'day' ? sql`key` : sql`"costNanoUsd" desc, requests desc, key`;
  const { rows } = await sql<UsageRow>`
    select g.*, coalesce(o.name, g.key) as label
      from (select ${KEYS[group]} as key, ${SUMS} from (${rowsOf(period, filter, group)}) s
             group by 1 order by ${order} limit ${limit}) as g
      left join weir.organizations o on ${group === 'organization'} and o.id::text = g.key
     order by ${order}`.execute(tx);
  return rows;
}
