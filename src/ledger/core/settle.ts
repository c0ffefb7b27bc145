// Owns: what a settlement does to each leg of a hold. Pure. Not: credits (lots.ts) or the record of the call (usage-event.ts).

import { maxAmount } from '../../primitives/amounts.ts';

/** What becomes of one leg: what was held and not used returns, what was used beyond the hold is an overrun. At most one is above 0. */
export interface LegSettlement {
  readonly used: bigint;
  readonly returned: bigint;
  readonly overrun: bigint;
}

/**
 * Settles a hold: `used = held - returned + overrun` on every leg. A leg without a used amount used nothing. Nothing is refused and
 * nothing clamped: an excess is booked in full, even past the meter's limit.
 */
export function settleLegs(held: readonly bigint[], used: readonly bigint[]): readonly LegSettlement[] {
  return held.map((amount, index) => {
    const taken = used[index] ?? 0n;
    return { used: taken, returned: maxAmount(amount - taken, 0n), overrun: maxAmount(taken - amount, 0n) };
  });
}

/**
 * What a late settlement adds to each counter's `used` (negative: takes back): an expired hold was booked at its whole amount, and
 * the truth replaces the estimate once.
 */
export function lateCorrections(estimated: readonly bigint[], used: readonly bigint[]): readonly bigint[] {
  return estimated.map((amount, index) => (used[index] ?? 0n) - amount);
}
