// Owns: what decides on taking credits, and the calls of the functions that move them, snake_case in, camelCase out. Not: how lots move (migration 000120).
// All run by the platform's door: no person's role may move a lot, so each names its organization itself.

import { type RawBuilder, sql } from 'kysely';
import type { FeatureStatus } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** The moment of a transaction: the database's, which every replica agrees on. `offsetMs` moves it in tests only. */
export const momentOf = (offsetMs: number): RawBuilder<Date> =>
  sql<Date>`(now() + ${offsetMs} * interval '1 millisecond')`;

/** Whose credits of which type. */
export interface CreditAccount {
  readonly organizationId: string;
  readonly creditType: string;
}

/** What decides on a deduction. */
export interface CreditTerms {
  readonly isKnownType: boolean;
  readonly planSlug: string;
  readonly planName: string;
  readonly hasCredits: boolean;
  /** The lowest plan with credits; null where there is none. */
  readonly upgradeTo: string | null;
  readonly isUnlimited: boolean;
  /** Off: use is recorded, no credits are taken. */
  readonly isCharging: boolean;
  readonly isPaused: boolean;
  readonly available: bigint;
  /** What there was to spend in the period: what can be spent, what calls hold and what was used. */
  readonly allocated: bigint;
  readonly refreshAt: Date;
  /** Null where none is named; undefined where there is none of this name. */
  readonly feature: FeatureTerms | null | undefined;
}

/** What a feature costs. */
export interface FeatureTerms {
  readonly name: string;
  readonly status: FeatureStatus;
  /** Null with the price: free. */
  readonly creditType: string | null;
  readonly creditsPerAction: bigint | null;
}

/** What the terms are asked for. */
export interface TermsQuestion extends CreditAccount {
  readonly feature: string | null;
  /** The person, whose being paused counts. */
  readonly userId: string | null;
  readonly moment: RawBuilder<Date>;
}

/** Makes the plan's lots of the running period, where they are missing. */
export async function ensurePlanCredits(
  tx: DatabaseTransaction,
  organizationId: string,
  moment: RawBuilder<Date>,
): Promise<number> {
  const { rows } = await sql<{
    made: number;
  }>`select weir.ensure_plan_credits(${organizationId}, ${moment}) as made`.execute(tx);
  return rows[0]?.made ?? 0;
}

/** The terms, in one statement. */
export async function getCreditTerms(tx: DatabaseTransaction, question: TermsQuestion): Promise<CreditTerms> {
  const { organizationId, creditType, feature, userId, moment } = question;
  const { rows } = await sql<Omit<CreditTerms, 'feature'> & { found: FeatureTerms | null }>`
    select exists (select from weir.credit_types t where t.slug = ${creditType}) as "isKnownType",
      p.slug as "planSlug", p.name as "planName", p.can_use_credits as "hasCredits",
      (select u.name from weir.plans u where u.can_use_credits order by u.level limit 1) as "upgradeTo",
      exists (select from weir.plan_credit_allocations a
        where a.plan_slug = p.slug and a.credit_type = ${creditType} and a.amount is null) as "isUnlimited",
      coalesce((select c.value from weir.system_config c where c.key = 'charging_enabled'), 'true') <> 'false' as "isCharging",
      exists (select from weir.members m where m.organization_id = o.id and m.user_id = ${userId}
        and m.status = 'paused' and (m.paused_until is null or m.paused_until > now())) as "isPaused",
      lots.available, lots.available + lots.held + greatest(coalesce((
        select w.charged from weir.credit_use w where w.organization_id = o.id and w.period_start = s.opens
          and w.kind = 'total' and w.credit_type = ${creditType}), 0), 0) as allocated,
      s.opens + interval '720 hours' as "refreshAt",
      (select jsonb_build_object('name', f.name, 'status', f.status, 'creditType', f.credit_type,
        'creditsPerAction', f.credits_per_action::text) from weir.features f where f.name = ${feature}) as found
    from weir.organizations o
      join weir.plans p on p.slug = o.pricing_plan
      cross join lateral (select weir_private.credit_period_start(o.credit_anchor_at, ${moment}) as opens) s
      cross join lateral (
        select coalesce(sum(g.remaining), 0)::bigint as available, coalesce(sum(g.held), 0)::bigint as held from weir.credit_grants g
        where g.organization_id = o.id and g.credit_type = ${creditType}
          and g.effective_at <= ${moment} and (g.expires_at is null or g.expires_at > ${moment})) lots
    where o.id = ${organizationId}`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error(`organization ${organizationId} of a caller is gone`);
  const { found, ...terms } = row;
  if (feature === null) return { ...terms, feature: null };
  if (found === null) return { ...terms, feature: undefined };
  // Amounts travel as text in JSON.
  const { creditsPerAction: price } = found;
  return { ...terms, feature: { ...found, creditsPerAction: price === null ? null : BigInt(price) } };
}

/** An earlier deduction under a key. */
export interface EarlierDeduction {
  readonly id: string;
  readonly quantity: bigint;
  readonly isCharged: boolean;
  readonly balanceAfter: bigint | null;
  readonly isSame: boolean;
}

/** What was deducted under a key, and whether it was for the same. */
export async function findDeduction(
  tx: DatabaseTransaction,
  { organizationId, key, hash }: { readonly organizationId: string; readonly key: string; readonly hash: Buffer },
): Promise<EarlierDeduction | undefined> {
  return tx
    .selectFrom('credit_ledger')
    .select(['id', 'is_charged as isCharged', 'balance_after as balanceAfter'])
    .select([sql<bigint>`-amount`.as('quantity'), sql<boolean>`request_hash is not distinct from ${hash}`.as('isSame')])
    .where('organization_id', '=', organizationId)
    .where('idempotency_key', '=', key)
    .executeTakeFirst();
}

/** A deduction, decided. */
export interface Deduction extends CreditAccount {
  readonly quantity: bigint;
  readonly isCharged: boolean;
  readonly isUnlimited: boolean;
  readonly feature: string | null;
  readonly userId: string | null;
  readonly key: string | null;
  readonly hash: Buffer;
  readonly moment: RawBuilder<Date>;
}

/** What became of it. Amounts are null where the plan is unlimited. */
export interface DeductionOutcome {
  readonly outcome: 'taken' | 'short' | 'repeated' | 'mismatch';
  readonly entry: string | null;
  readonly balance: bigint | null;
  readonly remaining: bigint | null;
}

/** Takes credits, or says why not. Throws 40001 where another transaction used the key meanwhile: send it again. */
export async function deductCredits(tx: DatabaseTransaction, deduction: Deduction): Promise<DeductionOutcome> {
  const { organizationId, creditType, quantity, isCharged, isUnlimited, feature, userId, key, hash, moment } =
    deduction;
  const { rows } = await sql<DeductionOutcome>`select * from weir.deduct_credits(
    ${organizationId}, ${creditType}, ${quantity}, ${isCharged}, ${isUnlimited}, ${feature}, ${userId}, ${key}, ${hash}, ${moment})`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('weir.deduct_credits gave no row');
  return row;
}
