// Owns: saying once a type and period that credits run low. Not: telling people (notifications read the event), or when it is looked for.

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Events } from '../events/index.ts';
import type { CreditAccount } from './credit.queries.ts';

/** A balance that is low. Low is less than a fifth of what there was to spend in the period: what can be spent, what calls hold and what was used. */
export interface LowBalance extends CreditAccount {
  readonly balance: bigint;
  readonly allocated: bigint;
}

/** Warns of a balance, unless it was said before in the period that `moment` lies in. */
export async function warnOnce(
  tx: DatabaseTransaction,
  events: Events,
  { moment, ...low }: LowBalance & { readonly moment: RawBuilder<Date> },
): Promise<void> {
  const { rows } = await sql<LowBalance>`
    insert into weir.credit_warnings (organization_id, credit_type, period_start, balance, allocated)
    select o.id, ${low.creditType}, weir_private.credit_period_start(o.credit_anchor_at, ${moment}), ${low.balance}, ${low.allocated}
      from weir.organizations o where o.id = ${low.organizationId}
    on conflict do nothing returning 1`.execute(tx);
  if (rows.length > 0) await tell(tx, events, low);
}

/** Warns of up to `limit` balances of which nobody was told, and gives how many. Of two who find the same, the primary key lets one warn. */
export async function warnOfLowCredits(
  tx: DatabaseTransaction,
  events: Events,
  { limit, moment }: { readonly limit: number; readonly moment: RawBuilder<Date> },
): Promise<number> {
  const { rows } = await sql<LowBalance>`
    with accounts as (
      select g.organization_id, g.credit_type, weir_private.credit_period_start(o.credit_anchor_at, ${moment}) as period_start,
        sum(g.remaining)::bigint as balance, sum(g.held)::bigint as held
      from weir.credit_grants g
        join weir.organizations o on o.id = g.organization_id
        join weir.plans p on p.slug = o.pricing_plan and p.can_use_credits
        left join weir.plan_credit_allocations a on a.plan_slug = p.slug and a.credit_type = g.credit_type
      where g.effective_at <= ${moment} and (g.expires_at is null or g.expires_at > ${moment})
        and (a.plan_slug is null or a.amount is not null)
      group by 1, 2, 3
    )
    insert into weir.credit_warnings (organization_id, credit_type, period_start, balance, allocated)
    select c.organization_id, c.credit_type, c.period_start, c.balance, c.balance + c.held + u.charged
    from accounts c join weir.credit_use u on u.organization_id = c.organization_id and u.period_start = c.period_start
      and u.kind = 'total' and u.credit_type = c.credit_type
    where u.charged > 0 and c.balance * 5 < c.balance + c.held + u.charged
      and not exists (select from weir.credit_warnings w
        where w.organization_id = c.organization_id and w.credit_type = c.credit_type and w.period_start = c.period_start)
    order by c.organization_id, c.credit_type limit ${limit}
    on conflict do nothing
    returning organization_id as "organizationId", credit_type as "creditType", balance, allocated`.execute(tx);
  for (const low of rows) await tell(tx, events, low);
  return rows.length;
}

function tell(tx: DatabaseTransaction, events: Events, low: LowBalance): Promise<void> {
  const { organizationId, creditType, balance, allocated } = low;
  const properties = { credit_type: creditType, balance: Number(balance), allocated: Number(allocated) };
  return events.record(tx, { userId: null, organizationId }, { name: 'credits_low', properties });
}
