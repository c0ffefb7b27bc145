// Owns: what a deduction is worth and whether it may be made, how its answer reads, and when credits are low. Pure. Not: taking them (migration 000120).

import type { MemberCaller } from '../../contracts/caller.ts';
import { invalidField } from '../../contracts/problem.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { CreditTerms, DeductionOutcome, EarlierDeduction } from './credit.queries.ts';

/** Where to upgrade, and where to buy. */
export const PLANS_URL = '/billing/plans';
const CREDITS_URL = '/credits';
/** Below a fifth of what there was, credits are low: of what is left, so many times must reach it. */
const LOW_TIMES = 5n;
const MAINTENANCE_RETRY_SECONDS = 60;

/** What is asked for. */
export interface CreditWish {
  readonly creditType: string;
  readonly feature: string | null;
  readonly amount: bigint | null;
}

/** A permitted deduction. `free`: nothing to record. `recorded`: without touching lots. */
export interface Charge {
  readonly quantity: bigint;
  readonly mode: 'free' | 'recorded' | 'charged';
}

/** The answer to a check or a deduction; amounts null where unlimited. */
export interface CreditAnswer {
  readonly allowed: boolean;
  readonly balance: bigint | null;
  readonly required: bigint;
  readonly remaining: bigint | null;
  readonly unlimited: boolean;
  readonly refreshAt: Date;
  readonly reason?: 'insufficient_credits';
  readonly ledgerId?: string;
}

/**
 * Whose use it is: a token of the organization acts for no person.
 */
export function personOf({ userId, apiToken }: MemberCaller): string | null {
  return apiToken?.kind === 'organization' ? null : userId;
}

/** Throws 403 where a virtual key was made for some features, and this is none of them. */
export function checkKeyAllows({ apiToken }: MemberCaller, { feature }: CreditWish): void {
  const allowed = apiToken?.allowedFeatures ?? null;
  if (allowed === null || (feature !== null && allowed.includes(feature))) return;
  throw new WeirError('forbidden', {
    message: `This key is for some features alone. ${feature === null ? 'Name one of them' : 'Use a key for this one'}.`,
    param: 'feature',
  });
}

/**
 * The charge, or the first refusal: 400 for a type or amount that is not right, 404 for an unknown feature, 403 `member_paused`, `feature_inactive`,
 * `plan_required`, 503 `feature_maintenance`. Whether there is enough is not asked here.
 */
export function decideCharge(terms: CreditTerms, wish: CreditWish): Charge {
  if (!terms.isKnownType) throw invalidField('tokenType', 'is not a type of credits');
  const quantity = quantityOf(terms, wish);
  if (terms.isPaused) throw new WeirError('member_paused');
  checkFeature(terms);
  if (!terms.hasCredits) throw planRequired(terms, wish);
  if (quantity === 0n) return { quantity, mode: 'free' };
  return { quantity, mode: terms.isUnlimited || !terms.isCharging ? 'recorded' : 'charged' };
}

function quantityOf({ feature }: CreditTerms, { creditType, amount }: CreditWish): bigint {
  if (feature === undefined) {
    const message = 'is not a feature';
    throw new WeirError('not_found', {
      message: `feature ${message}.`,
      param: 'feature',
      details: { errors: [{ path: 'feature', message }] },
    });
  }
  if (feature !== null && feature.creditType !== null && feature.creditType !== creditType)
    throw invalidField('tokenType', `is not what ${feature.name} is paid in: ${feature.creditType}`);
  if (amount !== null) return amount;
  if (feature === null) throw invalidField('amount', 'is required where no feature is named');
  return feature.creditsPerAction ?? 0n;
}

function checkFeature({ feature }: CreditTerms): void {
  if (!feature || feature.status === 'active') return;
  if (feature.status === 'inactive')
    throw new WeirError('feature_inactive', { message: `The feature ${feature.name} is not active.` });
  throw new WeirError('feature_maintenance', {
    message: `The feature ${feature.name} is in maintenance. Try again later.`,
    retryAfterSeconds: MAINTENANCE_RETRY_SECONDS,
  });
}

function planRequired({ planSlug, planName, upgradeTo }: CreditTerms, { creditType, feature }: CreditWish): WeirError {
  const to = upgradeTo === null ? 'Upgrade the plan' : `Upgrade to ${upgradeTo}`;
  return new WeirError('plan_required', {
    message: `The plan ${planName} has no credits. ${to} to use ${feature ?? creditType}.`,
    details: { allowed: false, plan: planSlug, upgrade_to: upgradeTo, upgrade_url: PLANS_URL },
  });
}

/** How a check is answered: as a deduction at this moment would be. */
export function answerCheck(terms: CreditTerms, { quantity, mode }: Charge): CreditAnswer {
  const { available, isUnlimited, refreshAt } = terms;
  const balance = isUnlimited ? null : available;
  const answer = { balance, required: quantity, unlimited: isUnlimited, refreshAt };
  if (mode !== 'charged') return { ...answer, allowed: true, remaining: balance };
  if (available >= quantity) return { ...answer, allowed: true, remaining: available - quantity };
  return { ...answer, allowed: false, remaining: balance, reason: 'insufficient_credits' };
}

/** How a deduction is answered. Throws 402 when it was short. */
export function answerDeduction(
  terms: CreditTerms,
  { quantity }: Charge,
  { outcome, balance, remaining, entry }: DeductionOutcome,
): CreditAnswer {
  const { isUnlimited, refreshAt } = terms;
  if (outcome === 'short' || entry === null) throw insufficient(terms, quantity, balance ?? 0n);
  return { allowed: true, balance, required: quantity, remaining, unlimited: isUnlimited, refreshAt, ledgerId: entry };
}

/** The answer that was given to the first deduction with the same key. Throws 409 where that was for something else. */
export function answerRepeated({ refreshAt }: CreditTerms, earlier: EarlierDeduction): CreditAnswer {
  const { id, quantity, isCharged, balanceAfter, isSame } = earlier;
  if (!isSame) throw new WeirError('idempotency_mismatch');
  const balance = balanceAfter !== null && isCharged ? balanceAfter + quantity : balanceAfter;
  const unlimited = balanceAfter === null;
  return { allowed: true, balance, required: quantity, remaining: balanceAfter, unlimited, refreshAt, ledgerId: id };
}

function insufficient({ refreshAt }: CreditTerms, required: bigint, balance: bigint): WeirError {
  return new WeirError('insufficient_credits', {
    message: `${required} credits are needed and ${balance} are left. Buy credits or wait for the next allocation.`,
    details: {
      ...{ allowed: false, balance: Number(balance), required: Number(required), remaining: Number(balance) },
      ...{ unlimited: false, refreshDate: refreshAt.toISOString(), upgrade_url: CREDITS_URL },
    },
  });
}

/** Whether less than a fifth of what there was to spend is left. */
export function isLow(balance: bigint, allocated: bigint): boolean {
  return balance * LOW_TIMES < allocated;
}

/** What was used of what there was, in percent to a tenth; of nothing, nothing. */
export function percentUsed(used: bigint, allocated: bigint): number {
  if (allocated <= 0n) return 0;
  return Number((used * 1_000n) / allocated) / 10;
}
