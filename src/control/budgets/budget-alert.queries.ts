// Owns: the rows of alerts that budgets raise: what is reached and not told yet, telling, resolving. Not: alerts of other rules, or who is notified.

import { type RawBuilder, sql } from 'kysely';
import type { BudgetPeriod, BudgetScope } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** The rules by which a budget tells. */
export type BudgetRule = 'budget_threshold' | 'budget_projected_breach';

/** Something that a budget has to tell. Amounts in nano-USD. */
export interface BudgetNews {
  readonly rule: BudgetRule;
  readonly budgetId: string;
  readonly organizationId: string | null;
  readonly name: string;
  readonly scope: BudgetScope;
  readonly period: BudgetPeriod;
  readonly reference: string | null;
  readonly windowStart: Date;
  readonly threshold: number;
  readonly amountNanoUsd: bigint;
  readonly limitNanoUsd: bigint;
  /** What was spent, or what is projected. */
  readonly valueNanoUsd: bigint;
}

/** Whose budgets are looked at: all of them, an organization's, or one. */
export interface AlertFilter {
  readonly organizationId?: string | null | undefined;
  readonly budgetId?: string | undefined;
}

const among = ({ organizationId, budgetId }: AlertFilter): RawBuilder<unknown> =>
  sql`${organizationId === undefined ? sql`true` : sql`b.organization_id is not distinct from ${organizationId}::uuid`}
    and ${budgetId === undefined ? sql`true` : sql`b.id = ${budgetId}::uuid`}`;

/** Each active budget with its running window: `w.window_start`, `s.spent`, `s.limit_amount`. */
const standing = (at: Date): RawBuilder<unknown> => sql`weir.budgets b
  cross join lateral (select weir.budget_window_start(b.period, ${at}) as window_start) w
  left join weir.counters c on c.meter_key = weir.budget_meter_key(b) and c.window_start = w.window_start
  cross join lateral (select coalesce(c.used, 0) + weir.budget_opening(b, ${at}) as spent,
    b.amount_nano_usd + weir.budget_carried(b, ${at}) as limit_amount) s`;

/** Told already in this window; a larger amount than it was told of, of which it had been resolved, may be told anew. */
const isTold = sql`exists (select 1 from weir.alerts a where a.budget_id = b.id and a.window_start = w.window_start and a.rule = 'budget_threshold'
  and a.threshold = t and not (a.resolved_at is not null and (a.details ->> 'amount_nano_usd')::numeric < b.amount_nano_usd))`;

/** Thresholds that are reached and not told yet, up to `limit`. */
export async function listReached(
  tx: DatabaseTransaction,
  question: AlertFilter & { readonly at: Date; readonly limit: number },
): Promise<BudgetNews[]> {
  const { rows } =
    await sql<BudgetNews>`select 'budget_threshold' as rule, b.id as "budgetId", b.organization_id as "organizationId", b.name,
      b.scope, b.period, coalesce(b.department_id, b.feature_id, b.user_id, b.virtual_key_id)::text as reference,
      w.window_start as "windowStart", t::float8 as threshold, b.amount_nano_usd as "amountNanoUsd", s.limit_amount as "limitNanoUsd",
      s.spent as "valueNanoUsd"
    from ${standing(question.at)} cross join lateral unnest(b.alert_thresholds) as t
    where b.is_active and ${among(question)} and s.spent > 0 and s.spent >= t * s.limit_amount and not ${isTold}
    order by b.id, t limit ${question.limit}`.execute(tx);
  return rows;
}

/** Adds the alert; false when it was told before, by another replica too. */
export async function insertAlert(
  tx: DatabaseTransaction,
  { id, news, at }: { readonly id: string; readonly news: BudgetNews; readonly at: Date },
): Promise<boolean> {
  const details = JSON.stringify({
    name: news.name,
    period: news.period,
    amount_nano_usd: String(news.amountNanoUsd),
    limit_nano_usd: String(news.limitNanoUsd),
    value_nano_usd: String(news.valueNanoUsd),
  });
  const { rows } =
    await sql`insert into weir.alerts as a (id, organization_id, rule, scope, scope_reference, budget_id, window_start, value, threshold, details, fired_at)
    values (${id}, ${news.organizationId}, ${news.rule}, ${news.scope}, ${news.reference}, ${news.budgetId}, ${news.windowStart},
      ${String(news.valueNanoUsd)}::numeric / 1000000000, ${String(news.threshold)}::numeric, ${details}::jsonb, ${at})
    on conflict (budget_id, window_start, rule, threshold) where budget_id is not null do update set resolved_at = null, fired_at = excluded.fired_at,
      value = excluded.value, details = excluded.details, acknowledged_by = null, acknowledged_at = null
      where a.resolved_at is not null and (a.details ->> 'amount_nano_usd')::numeric < (excluded.details ->> 'amount_nano_usd')::numeric
    returning 1`.execute(tx);
  return rows.length > 0;
}

/** Ends open alerts whose window is over or whose threshold is no longer reached, up to `limit`. Gives how many. */
export async function endAlerts(
  tx: DatabaseTransaction,
  question: AlertFilter & { readonly at: Date; readonly limit: number },
): Promise<number> {
  const { rows } = await sql`update weir.alerts set resolved_at = ${question.at} where id in (
      select a.id from weir.alerts a join (${standing(question.at)}) on b.id = a.budget_id
      where a.resolved_at is null and ${among(question)} and (a.window_start < w.window_start or not b.is_active
        or (a.rule = 'budget_threshold' and s.spent < a.threshold * s.limit_amount))
      order by a.id limit ${question.limit} for update of a skip locked)
    returning 1`.execute(tx);
  return rows.length;
}

/** Ends the open alert of a breach that is not projected any more. */
export async function endProjection(
  tx: DatabaseTransaction,
  { budgetId, at }: { readonly budgetId: string; readonly at: Date },
): Promise<void> {
  await sql`update weir.alerts set resolved_at = ${at}
    where budget_id = ${budgetId} and rule = 'budget_projected_breach' and resolved_at is null`.execute(tx);
}

/** The last alert of each budget's running window. */
export interface LastAlert {
  readonly budgetId: string;
  readonly rule: string;
  readonly threshold: number;
  readonly firedAt: Date;
}

/** The last alerts of many budgets since a time, one each. */
export async function listLastAlerts(
  tx: DatabaseTransaction,
  budgets: readonly { readonly id: string; readonly windowStart: Date }[],
): Promise<Map<string, LastAlert>> {
  const { rows } =
    await sql<LastAlert>`select distinct on (a.budget_id) a.budget_id as "budgetId", a.rule, a.threshold::float8 as threshold,
      a.fired_at as "firedAt"
    from unnest(${budgets.map(({ id }) => id)}::uuid[], ${budgets.map(({ windowStart }) => windowStart.toISOString())}::timestamptz[])
      as asked (id, window_start)
    join weir.alerts a on a.budget_id = asked.id and a.window_start = asked.window_start
    order by a.budget_id, a.fired_at desc, a.threshold desc`.execute(tx);
  return new Map(rows.map((row) => [row.budgetId, row]));
}

/** Takes the turn at checking, until the transaction ends; false when another replica has it. */
export async function takeTurn(tx: DatabaseTransaction): Promise<boolean> {
  const { rows } = await sql<{
    taken: boolean;
  }>`select pg_try_advisory_xact_lock(hashtextextended('weir budget thresholds', 0)) as taken`.execute(tx);
  return rows[0]?.taken === true;
}
