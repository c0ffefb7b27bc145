// Owns: sums for people to see: what lots have, and what was used in a period, from the lines kept beside the ledger (migration 000121), snake_case in, camelCase
// out. By the platform's door: balances are everybody's in the organization, the lines of persons nobody's but through here. Not: single entries
// (credit-ledger.queries.ts).

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** Stands for nobody in lines of use. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A type of credits in the running period, of the whole organization. */
export interface CreditBalance {
  readonly creditType: string;
  readonly name: string;
  readonly isUnlimited: boolean;
  readonly balance: bigint;
  readonly held: bigint;
  /** Taken from lots in the period, less what was given back. */
  readonly charged: bigint;
  /** Taken by deductions alone, whether from lots or not: calls of the gateway are counted by its own meter. */
  readonly deducted: bigint;
}

/** The plan and the period that balances are of. */
export interface CreditPeriod {
  readonly planSlug: string;
  readonly planName: string;
  readonly hasCredits: boolean;
  /** Rounded to the millisecond as the gateway does, whose windows begin there. */
  readonly anchorMs: bigint;
  readonly periodStart: Date;
  /** The same to the microsecond, as lines of use are found by. */
  readonly periodKey: string;
  readonly refreshAt: Date;
}

/** Use in the period by one feature, or by one person. */
export interface CreditUse {
  readonly creditType: string;
  readonly kind: 'feature' | 'person';
  readonly feature: string | null;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly used: bigint;
  readonly uses: number;
}

/** The running period. */
export async function getCreditPeriod(
  tx: DatabaseTransaction,
  organizationId: string,
  moment: RawBuilder<Date>,
): Promise<CreditPeriod> {
  const { rows } = await sql<CreditPeriod>`
    select p.slug as "planSlug", p.name as "planName", p.can_use_credits as "hasCredits", (extract(epoch from o.credit_anchor_at) * 1000)::bigint as "anchorMs",
      s.at as "periodStart", s.at::text as "periodKey", s.at + interval '720 hours' as "refreshAt"
    from weir.organizations o join weir.plans p on p.slug = o.pricing_plan
      cross join lateral (select weir_private.credit_period_start(o.credit_anchor_at, ${moment}) as at) s
    where o.id = ${organizationId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error(`organization ${organizationId} of a caller is gone`);
  return row;
}

/** Every type by name. */
export async function listBalances(
  tx: DatabaseTransaction,
  { organizationId, planSlug, periodKey }: { organizationId: string } & Pick<CreditPeriod, 'planSlug' | 'periodKey'>,
  moment: RawBuilder<Date>,
): Promise<CreditBalance[]> {
  const { rows } = await sql<CreditBalance>`
    with lots as (
      select g.credit_type, sum(g.remaining)::bigint as balance, sum(g.held)::bigint as held from weir.credit_grants g
      where g.organization_id = ${organizationId} and g.effective_at <= ${moment} and (g.expires_at is null or g.expires_at > ${moment})
      group by 1
    )
    select t.slug as "creditType", t.name, a.plan_slug is not null and a.amount is null as "isUnlimited",
      coalesce(lots.balance, 0) as balance, coalesce(lots.held, 0) as held,
      greatest(coalesce(u.charged, 0), 0) as charged, greatest(coalesce(u.deducted, 0), 0) as deducted
    from weir.credit_types t
      left join weir.plan_credit_allocations a on a.plan_slug = ${planSlug} and a.credit_type = t.slug
      left join lots on lots.credit_type = t.slug
      left join weir.credit_use u on u.organization_id = ${organizationId} and u.period_start = ${periodKey}::timestamptz
        and u.kind = 'total' and u.credit_type = t.slug
    order by t.name, t.slug`.execute(tx);
  return rows;
}

/** Whose use, in which period. `onlyUserId` null: everybody's. */
export interface UseQuestion {
  readonly organizationId: string;
  readonly periodKey: string;
  readonly onlyUserId: string | null;
}

/** Use by feature and by person, each the most first, up to `linesMax` lines of either. */
export async function listUse(
  tx: DatabaseTransaction,
  { organizationId, periodKey, onlyUserId }: UseQuestion,
  linesMax: number,
): Promise<CreditUse[]> {
  const inPeriod = sql`u.organization_id = ${organizationId} and u.period_start = ${periodKey}::timestamptz`;
  const { rows } = await sql<CreditUse>`
    with lines as (
      select u.kind, u.credit_type, nullif(u.feature, '') as feature, null::uuid as user_id, u.used, u.uses
      from weir.credit_use u
      where ${inPeriod} and u.kind = 'feature' and ${onlyUserId}::uuid is null
      union all
      select 'feature', u.credit_type, nullif(u.feature, ''), null, u.used, u.uses from weir.credit_use u
      where ${inPeriod} and u.kind = 'person' and u.user_id = ${onlyUserId}::uuid
      union all
      select u.kind, u.credit_type, null, nullif(u.user_id, ${NOBODY}), sum(u.used), sum(u.uses) from weir.credit_use u
      where ${inPeriod} and u.kind = 'person'
        and (${onlyUserId}::uuid is null or u.user_id = ${onlyUserId}::uuid)
      group by u.kind, u.credit_type, u.user_id
    ), ranked as (
      select lines.*, row_number() over (partition by kind order by used desc, credit_type, feature, user_id) as place from lines
    )
    select r.credit_type as "creditType", r.kind, r.feature, r.user_id as "userId", u.name as "userName",
      greatest(r.used, 0)::bigint as used, r.uses::integer as uses
    from ranked r left join weir.users u on u.id = r.user_id
    where r.place <= ${linesMax} order by r.kind, r.place`.execute(tx);
  return rows;
}
