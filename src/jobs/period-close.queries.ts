// Owns: closing a window of limits: whose limit renewed, and an organization's figures. Set by set, each window once over all replicas. Not: counters themselves: a
// new window is a new counter, so nothing is reset here.

import { sql } from 'kysely';
import type { TokenLimitPeriod, WindowAct } from '../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../database/pool.ts';

/** A window of limits that has ended. */
export interface EndedWindow {
  readonly period: TokenLimitPeriod;
  readonly start: Date;
  readonly end: Date;
}

/** Whether nobody had done this act of the window before; it is done with the transaction. */
export async function closeWindow(
  tx: DatabaseTransaction,
  { period, end }: EndedWindow,
  act: WindowAct,
): Promise<boolean> {
  const { rows } = await sql`
    insert into weir.closed_windows (period, act, window_end) values (${period}, ${act}, ${end})
    on conflict do nothing returning period`.execute(tx);
  return rows.length === 1;
}

/** Who had used this share of a limit hears that it is whole again. */
const NEARLY = 0.8;
const TEMPLATES_MAX = 1_000;

/** An event `limits_renewed` for each member who had nearly used up a template's limit in the window; gives how many. */
export async function insertRenewals(tx: DatabaseTransaction, { period, end }: EndedWindow): Promise<number> {
  // A key is template:<id>:user:<organization>:<user>:tokens:<period>; those of services are nobody's.
  const { numAffectedRows = 0n } = await sql`
    with nearly as (
      select split_part(c.meter_key, ':', 2)::bigint as template_id, split_part(c.meter_key, ':', 5)::uuid as user_id, c.organization_id
        from weir.counters c
       where c.kind = 'template_limit' and c.window_end = ${end} and c.limit_amount > 0 and c.used >= c.limit_amount * ${NEARLY}::numeric
         and c.meter_key like 'template:%:user:%' and split_part(c.meter_key, ':', 7) = ${period})
    insert into weir.analytics_events (id, name, properties, organization_id, user_id)
    select weir_private.uuid_v7(), 'limits_renewed',
        jsonb_build_object('period', ${period}::text, 'template_ids', to_jsonb((array_agg(n.template_id order by n.template_id))[:${TEMPLATES_MAX}])),
        n.organization_id, n.user_id
      from nearly n join weir.members m on m.organization_id = n.organization_id and m.user_id = n.user_id
     group by n.organization_id, n.user_id`.execute(tx);
  return Number(numAffectedRows);
}

/**
 * An event `organization_digest` with the window's figures for each organization that was used in it; gives how many. The window has just ended: what no sum holds
 * yet counts, too.
 */
export async function insertDigests(
  tx: DatabaseTransaction,
  { period, start, end }: EndedWindow,
  previousStart: Date,
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    with days as (
      select d.*, d.day >= (${start}::timestamptz at time zone 'UTC')::date as is_now from weir.usage_days d
       where d.day >= (${previousStart}::timestamptz at time zone 'UTC')::date and d.day < (${end}::timestamptz at time zone 'UTC')::date),
    sums as (
      select organization_id, coalesce(sum(requests) filter (where is_now and status <> 'denied'), 0) as requests,
          coalesce(sum(input_tokens + output_tokens) filter (where is_now), 0) as tokens,
          count(distinct user_id) filter (where is_now and status <> 'denied') as people,
          coalesce(sum(cost_nano_usd) filter (where is_now), 0) as cost,
          coalesce(sum(cost_nano_usd) filter (where not is_now), 0) as previous_cost
        from days group by organization_id),
    models as (
      select distinct on (organization_id) organization_id, model_id from days where is_now and status <> 'denied'
       group by organization_id, model_id order by organization_id, sum(requests) desc, model_id)
    insert into weir.analytics_events (id, name, properties, organization_id)
    select weir_private.uuid_v7(), 'organization_digest', jsonb_build_object('period', ${period}::text,
        'window_start', to_char(${start}::timestamptz at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
        'requests', s.requests, 'tokens', s.tokens, 'people', s.people, 'cost_usd', round(s.cost / 1e9, 9),
        'previous_cost_usd', round(s.previous_cost / 1e9, 9), 'top_model', m.model_id), s.organization_id
      from sums s join weir.organizations o on o.id = s.organization_id and o.status = 'active'
      left join models m on m.organization_id = s.organization_id
     where s.requests > 0`.execute(tx);
  return Number(numAffectedRows);
}
