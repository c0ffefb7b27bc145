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
  coalesce(sum(s.requests) filter (where s.status = 'denied'), 0)::bigint as denied,
  coalesce(sum(s.input_tokens), 0)::bigint as "inputTokens",
  coalesce(sum(s.output_tokens), 0)::bigint as "outputTokens",
  coalesce(sum(s.cost_nano_usd), 0)::bigint as "costNanoUsd",
  coalesce(sum(s.provider_cost_nano_usd), 0)::bigint as "providerCostNanoUsd",
  coalesce(sum(s.unpriced_requests), 0)::bigint as unpriced`;

function matches({ from, before }: UsagePeriod, filter: UsageFilter): RawBuilder<unknown> {
  const { organizationId, model, provider, status } = filter;
  const conditions = [
    sql`s.day >= ${from}::date`,
    sql`s.day < ${before}::date`,
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
      count(distinct s.user_id) as users
    from weir.usage_days s where ${matches(period, filter)}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('a sum without groups gave no row');
  return row;
}

const KEYS: Readonly<Record<UsageGroup, RawBuilder<string>>> = {
  day: sql`to_char(s.day, 'YYYY-MM-DD')`,
  organization: sql`s.organization_id::text`,
  model: sql`s.model_id`,
  provider: sql`s.provider`,
  status: sql`s.status`,
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
      from (select ${KEYS[group]} as key, ${SUMS} from weir.usage_days s where ${matches(period, filter)}
             group by 1 order by ${order} limit ${limit}) as g
      left join weir.organizations o on ${group === 'organization'} and o.id::text = g.key
     order by ${order}`.execute(tx);
  return rows;
}
