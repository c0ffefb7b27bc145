// Owns: the bounds of the ledger and the check that a request keeps them. Not: the limits of meters, which are facts.

import { WeirError } from '../../primitives/errors.ts';
import type { ExtendRequest, Leg, ReserveRequest, SettleRequest } from './reservation.ts';

/**
 * Largest amount of one leg, in the smallest unit: a million dollars in nano-USD. A batch of a thousand such legs still adds up
 * far inside the signed 64-bit counters of every store, so no sum in SQL can overflow.
 */
export const MAX_AMOUNT = 10n ** 15n;

/** A limit beyond this is read as this: the same in practice, and safe to compare with sums in 64 bits. */
export const MAX_LIMIT = 4n * 10n ** 18n;

/** Most meters that one call may touch. Admission knows eight kinds; budgets of several scopes and periods multiply the sixth. */
export const MAX_LEGS_PER_HOLD = 64;

/** Longest name of a meter, in characters. */
export const MAX_METER_KEY_LENGTH = 200;

/**
 * Refuses a reservation that no store could book: amounts below zero or beyond `MAX_AMOUNT`, the same meter twice, too many legs.
 * @throws {WeirError} `internal_error`: the caller built the request wrongly; the people behind it can't mend that.
 */
export function checkReserveRequest(request: ReserveRequest): void {
  const { floor, needed, wanted } = request.output;
  refuseUnless(0n <= floor && floor <= needed && needed <= wanted, 'output: 0 <= floor <= needed <= wanted');
  refuseUnless(Number.isSafeInteger(request.ttlMs) && request.ttlMs > 0, 'ttlMs is a positive whole number');
  refuseUnless(request.credits === null || isAmount(request.credits.amount), 'credits within bounds');
  checkLegs(request.legs, wanted);
}

/**
 * Refuses an extension that no store could book.
 * @throws {WeirError} `internal_error`
 */
export function checkExtendRequest(request: ExtendRequest): void {
  refuseUnless(request.grantedOutput >= 0n, 'grantedOutput >= 0');
  checkLegs(request.legs, request.grantedOutput);
  const sameMeters =
    request.legs.length === request.hold.legs.length &&
    request.legs.every((leg, index) => leg.meter.key === request.hold.legs[index]?.meter.key);
  refuseUnless(sameMeters, 'an extension names the legs of its hold in their order');
}

/**
 * Refuses a settlement that doesn't fit its hold. What was used is otherwise always booked.
 * @throws {WeirError} `internal_error`
 */
export function checkSettleRequest(request: SettleRequest): void {
  refuseUnless(request.used.length === request.hold.legs.length, 'one used amount for each leg');
  refuseUnless(request.used.every(isAmount), 'used amounts within bounds');
  refuseUnless(isAmount(request.creditsUsed), 'credits used within bounds');
  refuseUnless(request.hold.credits !== null || request.creditsUsed === 0n, 'credits used without credits held');
}

function checkLegs(legs: readonly Leg[], output: bigint): void {
  refuseUnless(legs.length <= MAX_LEGS_PER_HOLD, `at most ${MAX_LEGS_PER_HOLD} legs`);
  const keys = new Set<string>();
  for (const { meter, base, rate } of legs) {
    refuseUnless(base >= 0n && rate >= 0n && isAmount(base + rate * output), 'leg amounts within bounds');
    refuseUnless(meter.key.length <= MAX_METER_KEY_LENGTH, 'meter key too long');
    keys.add(meter.key);
  }
  refuseUnless(keys.size === legs.length, 'each meter at most once');
}

function isAmount(amount: bigint): boolean {
  return amount >= 0n && amount <= MAX_AMOUNT;
}

function refuseUnless(holds: boolean, rule: string): void {
  if (!holds) throw new WeirError('internal_error', { internal: `ledger request breaks a rule: ${rule}` });
}
