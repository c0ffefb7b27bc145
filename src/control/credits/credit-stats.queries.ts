// Owns: sums over lots and entries for people to see, snake_case in, camelCase out. Not: single entries (credit-ledger.queries.ts).

import { type RawBuilder, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

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
  readonly refreshAt: Date;
}

/** Use in the period by one feature, or by one person. */
export interface CreditUse {
  readonly creditType: string;
  readonly kind: 'feature' | 'user';
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
      s.at as "periodStart", s.at + interval '720 hours' as "refreshAt"
    from weir.organizations o join weir.plans p on p.slug = o.pricing_plan
      cross join lateral (select weir_private.credit_period_start(o.credit_anchor_at, ${moment}) as at) s
    where o.id = ${organizationId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error(`organization ${organizationId} of a caller is gone`);
  return row;
}

/** Every type by name. By the platform's door: a member sees balances, but not the entries that use is summed from. */
export async function listBalances(
  tx: DatabaseTransaction,
  {
    organizationId,
    planSlug,
    periodStart,
  }: Pick<CreditPeriod, 'planSlug' | 'periodStart'> & { organizationId: string },
  moment: RawBuilder<Date>,
): Promise<CreditBalance[]> {
  const { rows } = await sql<CreditBalance>`
    with lots as (
      select g.credit_type, sum(g.remaining)::bigint as balance, sum(g.held)::bigint as held from weir.credit_grants g
      where g.organization_id = ${organizationId} and g.effective_at <= ${moment} and (g.expires_at is null or g.expires_at > ${moment})
      group by 1
    ), entries as (
      select l.credit_type, coalesce(-sum(l.amount) filter (where l.is_charged), 0)::bigint as charged,
        coalesce(-sum(l.amount) filter (where l.request_id is null), 0)::bigint as deducted
      from weir.credit_ledger l
      where l.organization_id = ${organizationId} and l.created_at >= ${periodStart} and l.kind in ('deduct', 'refund')
      group by 1
    )
    select t.slug as "creditType", t.name, a.plan_slug is not null and a.amount is null as "isUnlimited",
      coalesce(lots.balance, 0) as balance, coalesce(lots.held, 0) as held,
      greatest(coalesce(entries.charged, 0), 0) as charged, greatest(coalesce(entries.deducted, 0), 0) as deducted
    from weir.credit_types t
      left join weir.plan_credit_allocations a on a.plan_slug = ${planSlug} and a.credit_type = t.slug
      left join lots on lots.credit_type = t.slug
      left join entries on entries.credit_type = t.slug
    order by t.name, t.slug`.execute(tx);
  return rows;
}

/** Use since `periodStart` by feature and by person, each the most first, up to `linesMax` lines. Of the rows that the caller sees. */
export async function listUse(
  tx: DatabaseTransaction,
  { organizationId, periodStart }: { readonly organizationId: string; readonly periodStart: Date },
  linesMax: number,
): Promise<CreditUse[]> {
  const { rows } = await sql<CreditUse>`
    with lines as (
      select l.credit_type, l.feature, l.user_id, case when grouping(l.feature) = 0 then 'feature' else 'user' end as kind,
        -sum(l.amount)::bigint as used, (count(*) filter (where l.kind = 'deduct'))::integer as uses
      from weir.credit_ledger l
      where l.organization_id = ${organizationId} and l.created_at >= ${periodStart} and l.kind in ('deduct', 'refund')
      group by grouping sets ((l.credit_type, l.feature), (l.credit_type, l.user_id))
    ), ranked as (
      select lines.*, row_number() over (partition by kind order by used desc, credit_type, feature, user_id) as place from lines
    )
    select r.credit_type as "creditType", r.kind, r.feature, r.user_id as "userId", u.name as "userName", greatest(r.used, 0) as used, r.uses
    from ranked r left join weir.users u on u.id = r.user_id
    where r.place <= ${linesMax} order by r.kind, r.place`.execute(tx);
  return rows;
}
