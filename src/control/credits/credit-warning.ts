// Owns: saying once a type and period that credits run low. Not: telling people (notifications read the event), or when it is looked for.

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Events } from '../events/index.ts';
import type { CreditAccount } from './credit.queries.ts';

/** Where it is looked for: one account, or up to `limit` of all. */
export interface WarningSearch {
  readonly account?: CreditAccount;
  readonly limit?: number;
  readonly moment: RawBuilder<Date>;
}

interface Warning extends CreditAccount {
  readonly balance: bigint;
  readonly allocated: bigint;
}

/**
 * Writes the warnings that are due, each with its product event, and gives how many. Low is less than a fifth of what there was to spend in the period:
 * what can be spent, what calls hold and what was used. Of two who find the same, the primary key lets one write it.
 */
export async function warnOfLowCredits(
  tx: DatabaseTransaction,
  events: Events,
  search: WarningSearch,
): Promise<number> {
  const warnings = await insertWarnings(tx, search);
  for (const { organizationId, creditType, balance, allocated } of warnings) {
    const properties = { credit_type: creditType, balance: Number(balance), allocated: Number(allocated) };
    await events.record(tx, { userId: null, organizationId }, { name: 'credits_low', properties });
  }
  return warnings.length;
}

/** Lots say cheaply who may be low; only of those the ledger is summed. */
async function insertWarnings(
  tx: DatabaseTransaction,
  { account, limit = 1, moment }: WarningSearch,
): Promise<readonly Warning[]> {
  const only =
    account === undefined
      ? sql``
      : sql`and g.organization_id = ${account.organizationId} and g.credit_type = ${account.creditType}`;
  const { rows } = await sql<Warning>`
    with thin as (
      select g.organization_id, g.credit_type, weir_private.credit_period_start(o.credit_anchor_at, ${moment}) as period_start,
        sum(g.remaining)::bigint as balance, sum(g.held)::bigint as held
      from weir.credit_grants g
        join weir.organizations o on o.id = g.organization_id
        join weir.plans p on p.slug = o.pricing_plan and p.can_use_credits
        left join weir.plan_credit_allocations a on a.plan_slug = p.slug and a.credit_type = g.credit_type
      where g.effective_at <= ${moment} and (g.expires_at is null or g.expires_at > ${moment})
        and (a.plan_slug is null or a.amount is not null) ${only}
      group by 1, 2, 3
      having sum(g.remaining) * 5 < sum(g.initial)
    ), low as (
      select t.*, t.balance + t.held + u.used as allocated from thin t
        cross join lateral (
          select greatest(-coalesce(sum(l.amount), 0), 0)::bigint as used from weir.credit_ledger l
          where l.organization_id = t.organization_id and l.credit_type = t.credit_type and l.created_at >= t.period_start
            and l.kind in ('deduct', 'refund') and l.is_charged) u
      where t.balance * 5 < t.balance + t.held + u.used
        and not exists (select from weir.credit_warnings w
          where w.organization_id = t.organization_id and w.credit_type = t.credit_type and w.period_start = t.period_start)
      limit ${limit}
    )
    insert into weir.credit_warnings (organization_id, credit_type, period_start, balance, allocated)
    select organization_id, credit_type, period_start, balance, allocated from low
    on conflict do nothing
    returning organization_id as "organizationId", credit_type as "creditType", balance, allocated`.execute(tx);
  return rows;
}
