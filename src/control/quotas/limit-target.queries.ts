// Owns: what can be raised, as rows: what a template, budget, model or quota is called, its limit in force and its window. Many are one query. Not: what is used of it
// (counters), or requests and overrides.

import { sql } from 'kysely';
import type { BudgetPeriod, LimitKind } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** What is to be raised, for whom. `target` is empty for the organization's quota. */
export interface TargetQuestion {
  readonly organizationId: string;
  readonly userId: string;
  readonly kind: LimitKind;
  readonly target: string;
}

/** What is there. */
export interface LimitTarget {
  readonly name: string;
  /** In force for the person at that moment, with what raises it; null: there is none to raise. */
  readonly limit: bigint | null;
  readonly period: BudgetPeriod;
  /** The organization's quota in force, which no limit of a person passes; null: there is none. */
  readonly organizationQuota: bigint | null;
}

/** By place of the question; undefined where there is no such thing for that person. In `withPlatform`: members don't see budgets of their own otherwise. */
export async function listTargets(
  tx: DatabaseTransaction,
  questions: readonly TargetQuestion[],
  at: Date,
): Promise<(LimitTarget | undefined)[]> {
  if (questions.length === 0) return [];
  const found: (LimitTarget | undefined)[] = questions.map(() => undefined);
  const { rows } = await sql<LimitTarget & { readonly place: number }>`
    with asked as (
      select * from unnest(${questions.map(({ organizationId }) => organizationId)}::uuid[], ${questions.map(({ userId }) => userId)}::uuid[],
        ${questions.map(({ kind }) => kind)}::text[], ${questions.map(({ target }) => target)}::text[])
        with ordinality as a (organization_id, user_id, kind, target, place)),
    raised as (
      select l.organization_id, l.user_id, l.kind, coalesce(l.template_id::text, l.model_id, l.budget_id::text, '') as target, max(l.amount) as amount
        from weir.limit_overrides l
       where l.organization_id in (select a.organization_id from asked a) and l.revoked_at is null and l.starts_at <= ${at}
         and (l.ends_at is null or l.ends_at > ${at})
       group by 1, 2, 3, 4),
    found as (
      select a.*, o.id as home, coalesce(o.token_quota_monthly, p.token_quota_monthly)::bigint as quota,
        case a.kind when 'template_limit' then t.name when 'daily_messages' then m.display_name when 'budget' then b.name else o.name end as name,
        (case a.kind when 'template_limit' then coalesce(c.token_limit_per_user, t.token_limit_amount)
          when 'daily_messages' then m.rate_limit_messages_per_day when 'budget' then b.amount_nano_usd
          else coalesce(o.token_quota_monthly, p.token_quota_monthly) end)::bigint as ordinary,
        case a.kind when 'template_limit' then coalesce(t.token_limit_period, 'monthly') when 'daily_messages' then 'daily' when 'budget' then b.period
          else 'monthly' end as period
      from asked a
      join weir.organizations o on o.id = a.organization_id
      left join weir.plans p on p.slug = o.pricing_plan
      left join weir.templates t on a.kind = 'template_limit' and t.id::text = a.target
        and (t.scope = 'system' or (t.scope = 'organization' and t.organization_id = o.id))
      left join weir.org_system_model_config c on c.organization_id = o.id and c.template_id = t.id
      left join weir.models m on a.kind = 'daily_messages' and m.id = a.target and m.archived_at is null
      left join weir.budgets b on a.kind = 'budget' and b.id::text = a.target and b.organization_id = o.id and b.scope = 'user'
        and b.user_id = a.user_id and b.is_active
      where case a.kind when 'template_limit' then t.id is not null when 'daily_messages' then m.id is not null
        when 'budget' then b.id is not null else a.target = '' end)
    select f.place::int as place, f.name, f.period, case when f.ordinary is null then null else greatest(f.ordinary, own.amount) end as limit,
      case when f.quota is null then null else greatest(f.quota, whole.amount) end as "organizationQuota"
    from found f
    left join raised own on own.organization_id = f.home and own.kind = f.kind and own.target = f.target
      and own.user_id is not distinct from case when f.kind = 'organization_quota' then null else f.user_id end
    left join raised whole on whole.organization_id = f.home and whole.kind = 'organization_quota'`.execute(tx);
  for (const { place, ...target } of rows) found[place - 1] = target;
  return found;
}

/** Whether a person sees a template or model at all: asked as them. */
export async function isVisible(
  tx: DatabaseTransaction,
  { kind, target }: Pick<TargetQuestion, 'kind' | 'target'>,
): Promise<boolean> {
  if (kind !== 'template_limit' && kind !== 'daily_messages') return true;
  const { rows } =
    kind === 'template_limit'
      ? await sql`select 1 from weir.templates t where t.id::text = ${target}`.execute(tx)
      : await sql`select 1 from weir.models m where m.id = ${target}`.execute(tx);
  return rows.length > 0;
}

/** What was used in the latest windows of meters, by key, the latest first. */
export async function listTrends(
  tx: DatabaseTransaction,
  meterKeys: readonly string[],
  windows: number,
): Promise<Map<string, { readonly windowStart: Date; readonly used: bigint }[]>> {
  const trends = new Map<string, { readonly windowStart: Date; readonly used: bigint }[]>();
  if (meterKeys.length === 0) return trends;
  const { rows } = await sql<{ key: string; windowStart: Date; used: bigint }>`
    select asked.key, c.window_start as "windowStart", c.used
      from unnest(${[...new Set(meterKeys)]}::text[]) as asked (key)
      cross join lateral (select c.window_start, c.used from weir.counters c where c.meter_key = asked.key order by c.window_start desc limit ${windows}) c
     order by asked.key, c.window_start desc`.execute(tx);
  for (const { key, ...window } of rows) trends.set(key, [...(trends.get(key) ?? []), window]);
  return trends;
}
