// Owns: what is done for credits from time to time: lots for organizations that ask for none, the end of lots, warnings. Not: when (jobs). Nothing is wrong while
// none of it runs: whoever takes credits makes the period's lots, and lots past their time are not spent.

import { type RawBuilder, sql } from 'kysely';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Events } from '../events/index.ts';
import { ensurePlanCredits, momentOf } from './credit.queries.ts';
import { warnOfLowCredits } from './credit-warning.ts';

/** Rounds of upkeep, each bounded and idempotent: several replicas may run them at once. A round that does `limit` has more to do. */
export interface CreditUpkeep {
  /** Makes the plan's lots of the running 30 days for up to `limit` organizations that have none; gives for how many. */
  refreshDue(limit: number): Promise<number>;
  /** Writes off up to `limit` lots that are past their time; gives how many. */
  expireLots(limit: number): Promise<number>;
  /** Warns of up to `limit` accounts that run low, once a type and period; gives how many. */
  warnLow(limit: number): Promise<number>;
}

/** Over the given database. `offsetMs` moves time in tests only. */
export function createCreditUpkeep(options: {
  readonly database: Database;
  readonly events: Events;
  readonly offsetMs?: number;
}): CreditUpkeep {
  const { database, events, offsetMs = 0 } = options;
  const moment = momentOf(offsetMs);
  return {
    async refreshDue(limit) {
      const due = await withPlatform(database, 'find organizations without credits of the period', (tx) =>
        listDue(tx, moment, limit),
      );
      let refreshed = 0;
      // A transaction each: none waits with the facts of another in its hands.
      for (const id of due)
        if ((await withPlatform(database, "make the plan's credits", (tx) => ensurePlanCredits(tx, id, moment))) > 0)
          refreshed += 1;
      return refreshed;
    },

    expireLots: (limit) =>
      withPlatform(database, 'write off credits that have expired', async (tx) => {
        const expired = await endLots(tx, moment, limit);
        for (const { organizationId, creditType, amount } of expired) {
          const properties = { credit_type: creditType, amount: Number(amount) };
          await events.record(tx, { userId: null, organizationId }, { name: 'credits_expired', properties });
        }
        return expired.length;
      }),

    warnLow: (limit) =>
      withPlatform(database, 'warn of low credits', (tx) => warnOfLowCredits(tx, events, { limit, moment })),
  };
}

/** Organizations whose plan allots credits of which the running period has no lot. */
async function listDue(tx: DatabaseTransaction, moment: RawBuilder<Date>, limit: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select o.id from weir.organizations o join weir.plans p on p.slug = o.pricing_plan and p.can_use_credits
    where o.credit_anchor_at <= ${moment} and exists (
      select from weir.plan_credit_allocations a where a.plan_slug = p.slug and a.amount > 0 and not exists (
        select from weir.credit_grants g where g.organization_id = o.id and g.credit_type = a.credit_type and g.source = 'plan'
          and g.period_start = weir_private.credit_period_start(o.credit_anchor_at, ${moment})))
    order by o.id limit ${limit}`.execute(tx);
  return rows.map(({ id }) => id);
}

interface ExpiredLot {
  readonly organizationId: string;
  readonly creditType: string;
  readonly amount: bigint;
}

async function endLots(tx: DatabaseTransaction, moment: RawBuilder<Date>, limit: number): Promise<ExpiredLot[]> {
  const { rows } = await sql<ExpiredLot>`
    select organization_id as "organizationId", credit_type as "creditType", amount from weir.expire_credits(${limit}, ${moment})`.execute(
    tx,
  );
  return rows;
}
