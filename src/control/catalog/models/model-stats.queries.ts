// Owns: who has access to a model, what it brought in, and what became of trials. Not: messages by day (model-use.queries.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** Who may use it. */
export interface ModelAccess {
  readonly entitledUsers: number;
  readonly entitledOrganizations: number;
  /** People with a right of their own or their organization's. */
  readonly usersByRight: number;
  readonly activeMembers: number;
}

/** What was paid for it, in cents. */
export interface ModelRevenue {
  readonly purchases: number;
  readonly refunds: number;
  readonly grossCents: bigint;
  readonly refundedCents: bigint;
}

/** People who used trial messages, and those of them who bought it afterwards. */
export interface ModelTrials {
  readonly people: number;
  readonly purchasedLater: number;
}

const row = <Row>(rows: readonly Row[]): Row => {
  const [first] = rows;
  if (first === undefined) throw new Error('a sum without groups gave no row');
  return first;
};

/** Counts people who could call now: members who are active and not banned. */
export async function countAccess(tx: DatabaseTransaction, modelId: string): Promise<ModelAccess> {
  const { rows } = await sql<ModelAccess>`
    with rights as (
      select e.user_id, e.organization_id from weir.entitlements e left join weir.products p on p.id = e.product_id
       where coalesce(e.model_id, p.model_id) = ${modelId} and e.revoked_at is null and (e.expires_at is null or e.expires_at > now())
    ), active as (
      select m.user_id, m.organization_id from weir.members m join weir.users u on u.id = m.user_id
       where (m.status = 'active' or m.paused_until <= now()) and not (u.banned and (u.ban_expires is null or u.ban_expires > now()))
    )
    select
      (select count(distinct r.user_id)::integer from rights r) as "entitledUsers",
      (select count(distinct r.organization_id)::integer from rights r) as "entitledOrganizations",
      (select count(distinct a.user_id)::integer from active a
        where a.user_id in (select r.user_id from rights r) or a.organization_id in (select r.organization_id from rights r)) as "usersByRight",
      (select count(distinct a.user_id)::integer from active a) as "activeMembers"`.execute(tx);
  return row(rows);
}

/** Purchases of the model in US dollars: completed ones, of which some were refunded. */
export async function sumRevenue(tx: DatabaseTransaction, modelId: string): Promise<ModelRevenue> {
  const { rows } = await sql<ModelRevenue>`
    select count(*)::integer as purchases, count(*) filter (where b.status = 'refunded')::integer as refunds,
      coalesce(sum(b.amount_cents), 0)::bigint as "grossCents",
      coalesce(sum(b.amount_cents) filter (where b.status = 'refunded'), 0)::bigint as "refundedCents"
    from weir.purchases b join weir.products p on p.id = b.product_id
    where p.model_id = ${modelId} and p.type = 'model' and b.status in ('completed', 'refunded') and b.currency = 'usd'`.execute(
    tx,
  );
  return row(rows);
}

/** A purchase counts from the day of the first trial message on; a refunded one was one, too. */
export async function countTrials(tx: DatabaseTransaction, modelId: string): Promise<ModelTrials> {
  const { rows } = await sql<ModelTrials>`
    with trials as (
      select d.user_id, min(d.day) as day from weir.usage_days d
       where d.model_id = ${modelId} and d.trial_requests > 0 and d.status <> 'denied' and d.user_id is not null group by 1
    )
    select count(*)::integer as people, count(*) filter (where exists (
        select 1 from weir.purchases b join weir.products p on p.id = b.product_id
         where b.user_id = t.user_id and p.model_id = ${modelId} and b.status in ('completed', 'refunded')
           and coalesce(b.completed_at, b.created_at) >= t.day))::integer as "purchasedLater"
    from trials t`.execute(tx);
  return row(rows);
}
