// Owns: sums of use over the whole platform, by the day up to now (migration 000131). Not: which days are asked for, or who may (row level security: platform roles
// see all).

import { type RawBuilder, sql } from 'kysely';
import { NOBODY_ID } from '../../contracts/caller.ts';
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

/** What narrows or groups use besides organizations and days. */
type Dimension = 'model' | 'provider' | 'status';

const COLUMNS: Readonly<Record<Dimension, RawBuilder<string>>> = {
  model: sql`s.model_id`,
  provider: sql`s.provider`,
  status: sql`s.status`,
};
const ADDED = sql`s.requests, s.errors, s.input_tokens, s.output_tokens, s.cost_nano_usd, s.provider_cost_nano_usd, s.unpriced_requests`;
const DENIED = sql`case when s.status = 'denied' then s.requests else 0 end as denied`;

/** The one dimension that a filter is about, and its value; `all`: none; null: more than one. */
function facetOf({
  model,
  provider,
  status,
}: UsageFilter): { readonly facet: 'all' | Dimension; readonly value: string } | null {
  const given = Object.entries({ model, provider, status }).filter(([, value]) => value !== undefined);
  const [only = ['all', ''], another] = given as [Dimension, string][];
  return another === undefined ? { facet: only[0], value: only[1] } : null;
}

const isWithin = (day: RawBuilder<unknown>, { from, before }: UsagePeriod): RawBuilder<boolean> =>
  sql`${day} >= ${from}::date and ${day} < ${before}::date`;

/** Rows of a period that match, up to now: day, organization (null where it is not asked about), what they are grouped by, and sums. */
function rowsOf(period: UsagePeriod, filter: UsageFilter, group: UsageGroup | null): RawBuilder<unknown> {
  const value = group === 'model' || group === 'provider' || group === 'status' ? COLUMNS[group] : sql<string>`''`;
  return sql`${keptRowsOf(period, filter, { group, value })}
    union all
    select (s.occurred_at at time zone 'UTC')::date, s.organization_id, ${value}, ${DENIED}, ${ADDED} from weir.usage_unfolded s
      where ${isUnfoldedIn(period)} and ${matches(filter)}`;
}

/** Those of the sums. Whatever is asked there are few to read: those of all organizations together; of each, one a day; or those without people. */
function keptRowsOf(
  period: UsagePeriod,
  filter: UsageFilter,
  { group, value }: { readonly group: UsageGroup | null; readonly value: RawBuilder<string> },
): RawBuilder<unknown> {
  const days = isWithin(sql`s.day`, period);
  const isOfAll = filter.organizationId === undefined;
  if (isOfAll && group !== 'organization')
    return sql`select s.day, null::uuid as organization_id, ${value} as value, ${DENIED}, ${ADDED} from weir.usage_platform_daily s where ${days} and ${matches(filter)}`;
  const facet = facetOf(filter);
  if (isOfAll && facet !== null)
    return sql`select s.day, s.organization_id, '' as value, s.denied, ${ADDED} from weir.usage_daily_facets s
      where s.facet = ${sql.lit(facet.facet)} and s.value = ${facet.value} and ${days}`;
  return sql`select s.day, s.organization_id, ${value} as value, ${DENIED}, ${ADDED} from weir.usage_daily_slices s where ${days} and ${matches(filter)}`;
}

function isUnfoldedIn({ from, before }: UsagePeriod): RawBuilder<boolean> {
  return sql`s.occurred_at >= ${from}::date::timestamp at time zone 'UTC' and s.occurred_at < ${before}::date::timestamp at time zone 'UTC'`;
}

/** Two periods, told apart. */
interface Periods {
  readonly period: UsagePeriod;
  readonly previous: UsagePeriod;
}

/** Who (null: nobody) made a call in which organization, and in which of two periods; each maybe more than once. */
function activeOf({ period, previous }: Periods, filter: UsageFilter): RawBuilder<unknown> {
  const facet = facetOf(filter);
  const { organizationId, ...dimensions } = filter;
  const isOrganization = organizationId === undefined ? sql`true` : sql`s.organization_id = ${organizationId}`;
  const isFacet =
    facet === null
      ? sql`s.facet = 'call' and s.value in (
          select weir.usage_call_value(s.model_id, s.provider, s.status) from weir.usage_platform_daily s
           where (${isWithin(sql`s.day`, period)} or ${isWithin(sql`s.day`, previous)}) and ${matches(dimensions)})`
      : sql`s.facet = ${sql.lit(facet.facet)} and s.value = ${facet.value}`;
  const day = sql`(s.occurred_at at time zone 'UTC')::date`;
  return sql`
    select s.organization_id, nullif(s.user_id, ${NOBODY_ID}::uuid) as user_id, s.days & m.days <> 0 as is_now, s.days & m.previous <> 0 as was
      from weir.usage_activity s join (
        select month, coalesce(n.days, 0) as days, coalesce(p.days, 0) as previous from weir.days_of_months(${period.from}::date, ${period.before}::date) n
          full join weir.days_of_months(${previous.from}::date, ${previous.before}::date) p using (month)) m
        on m.month = s.month and s.days & (m.days | m.previous) <> 0
     where ${isFacet} and ${isOrganization}
    union all
    select s.organization_id, s.user_id, ${isWithin(day, period)}, ${isWithin(day, previous)} from weir.usage_unfolded s
     where ((${isUnfoldedIn(period)}) or (${isUnfoldedIn(previous)})) and ${matches(filter)}`;
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

/** All of a period, and of the one before. */
export async function sumUsage(
  tx: DatabaseTransaction,
  periods: Periods,
  filter: UsageFilter,
): Promise<{ readonly totals: UsageTotals; readonly previous: UsageTotals }> {
  const { rows } = await sql<UsageTotals & { isNow: boolean }>`
    with active as materialized (
      select a.organization_id, a.user_id, bool_or(a.is_now) as is_now, bool_or(a.was) as was from (${activeOf(periods, filter)}) a group by 1, 2),
    organizations as (select bool_or(a.is_now) as is_now, bool_or(a.was) as was from active a group by a.organization_id),
    people as (select bool_or(a.is_now) as is_now, bool_or(a.was) as was from active a where a.user_id is not null group by a.user_id)
    select true as "isNow", ${SUMS}, (select count(*) from organizations where is_now) as organizations, (select count(*) from people where is_now) as users
      from (${rowsOf(periods.period, filter, null)}) s
    union all
    select false, ${SUMS}, (select count(*) from organizations where was), (select count(*) from people where was)
      from (${rowsOf(periods.previous, filter, null)}) s`.execute(tx);
  const [totals, previous] = [rows.find(({ isNow }) => isNow), rows.find(({ isNow }) => !isNow)];
  if (totals === undefined || previous === undefined) throw new Error('a sum without groups gave no row');
  return { totals, previous };
}

const KEYS: Readonly<Record<UsageGroup, RawBuilder<string>>> = {
  day: sql`to_char(s.day, 'YYYY-MM-DD')`,
  organization: sql`s.organization_id::text`,
  model: sql`s.value`,
  provider: sql`s.value`,
  status: sql`s.value`,
};

/** What a group is called; null: by its key. */
const LABELS: Readonly<Record<UsageGroup, RawBuilder<string | null>>> = {
  day: sql`null`,
  organization: sql`(select o.name from weir.organizations o where o.id = g.key::uuid)`,
  model: sql`(select m.display_name from weir.models m where m.id = g.key)`,
  provider: sql`(select p.name from weir.providers p where p.slug = g.key)`,
  status: sql`null`,
};

/** The groups of a period: days in their order, anything else the dearest first. What is gone is named by its id. */
export async function listUsage(
  tx: DatabaseTransaction,
  period: UsagePeriod,
  { filter, group, limit }: { readonly filter: UsageFilter; readonly group: UsageGroup; readonly limit: number },
): Promise<UsageRow[]> {
  const order = group === 'day' ? sql`key` : sql`"costNanoUsd" desc, requests desc, key`;
  const { rows } = await sql<UsageRow>`
    select g.*, coalesce(${LABELS[group]}, g.key) as label
      from (select ${KEYS[group]} as key, ${SUMS} from (${rowsOf(period, filter, group)}) s
             group by 1 order by ${order} limit ${limit}) as g
     order by ${order}`.execute(tx);
  return rows;
}
