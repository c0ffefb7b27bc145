// Owns: how credits are taken from an organization's lots and given back. Pure. Not: who grants lots (the control plane).

import { minAmount } from '../../primitives/amounts.ts';
import type { LotAllocation } from './reservation.ts';

/** A grant of credits. `initial = remaining + held + consumed + expired + voided`, and no part is negative. */
export interface CreditLot {
  readonly id: string;
  readonly organizationId: string;
  readonly creditType: string;
  readonly initial: bigint;
  readonly remaining: bigint;
  readonly held: bigint;
  readonly consumed: bigint;
  readonly expired: bigint;
  readonly voided: bigint;
  /** Lower burns first among lots that expire together. */
  readonly priority: number;
  readonly effectiveAtMs: number;
  /** Null: never expires. */
  readonly expiresAtMs: number | null;
}

/** The lots after an operation, and what was taken from each, in burn-down order. */
export interface LotOutcome {
  readonly lots: readonly CreditLot[];
  readonly allocations: readonly LotAllocation[];
  /** What could not be taken from any lot. */
  readonly missing: bigint;
}

/** Whether a lot may be spent at `nowMs`. */
function isActive(lot: CreditLot, nowMs: number): boolean {
  return lot.effectiveAtMs <= nowMs && (lot.expiresAtMs === null || nowMs < lot.expiresAtMs);
}

/** Burn-down order: soonest expiry, then priority, then oldest, then id. Lots that never expire come last. */
export function compareBurnOrder(a: CreditLot, b: CreditLot): number {
  const expiry = (a.expiresAtMs ?? Number.POSITIVE_INFINITY) - (b.expiresAtMs ?? Number.POSITIVE_INFINITY);
  // Two lots that never expire differ by NaN, which is neither more nor less.
  if (expiry < 0 || expiry > 0) return expiry;
  if (a.priority !== b.priority) return a.priority - b.priority;
  if (a.effectiveAtMs !== b.effectiveAtMs) return a.effectiveAtMs - b.effectiveAtMs;
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

/** What may be spent at `nowMs`. */
export function availableCredits(lots: readonly CreditLot[], nowMs: number): bigint {
  return lots.reduce((sum, lot) => (isActive(lot, nowMs) ? sum + lot.remaining : sum), 0n);
}

/** Holds `amount` on the active lots in burn-down order: remaining becomes held. `missing` is what they lack; the caller refuses then. */
export function holdCredits(lots: readonly CreditLot[], amount: bigint, nowMs: number): LotOutcome {
  const taken = burnDown(lots, amount, nowMs);
  return {
    ...taken,
    lots: moveEach(lots, taken.allocations, (lot, part) => ({
      ...lot,
      remaining: lot.remaining - part,
      held: lot.held + part,
    })),
  };
}

/**
 * Ends a hold of credits: of each allocation, in the recorded order, what is used becomes consumed and the rest returns to its lot, also when the lot has
 * expired since (a held unit is honoured; the returned one then expires with its lot). `missing` is what was used beyond the hold.
 */
export function settleCredits(
  lots: readonly CreditLot[],
  allocations: readonly LotAllocation[],
  used: bigint,
): LotOutcome {
  const split = splitInOrder(allocations, used);
  const consumed = moveEach(lots, split.taken, (lot, part) => ({
    ...lot,
    held: lot.held - part,
    consumed: lot.consumed + part,
  }));
  const returned = moveEach(consumed, split.rest, (lot, part) => ({
    ...lot,
    held: lot.held - part,
    remaining: lot.remaining + part,
  }));
  return { lots: returned, allocations: split.taken, missing: split.missing };
}

/**
 * Corrects credits that an expired hold was charged in full: of what was consumed, all beyond `used` returns to the lots, the last taken first.
 * `missing` is what was used beyond it.
 */
export function correctCredits(
  lots: readonly CreditLot[],
  consumed: readonly LotAllocation[],
  used: bigint,
): LotOutcome {
  const split = splitInOrder(consumed, used);
  const corrected = moveEach(lots, split.rest, (lot, part) => ({
    ...lot,
    consumed: lot.consumed - part,
    remaining: lot.remaining + part,
  }));
  return { lots: corrected, allocations: split.taken, missing: split.missing };
}

/** Whether the parts of a lot add up and none is negative. */
export function lotAddsUp(lot: CreditLot): boolean {
  const parts = [lot.remaining, lot.held, lot.consumed, lot.expired, lot.voided];
  return parts.every((part) => part >= 0n) && parts.reduce((sum, part) => sum + part, 0n) === lot.initial;
}

function burnDown(lots: readonly CreditLot[], amount: bigint, nowMs: number): LotOutcome {
  const allocations: LotAllocation[] = [];
  let missing = amount;
  for (const lot of lots.filter((candidate) => isActive(candidate, nowMs)).sort(compareBurnOrder)) {
    const part = minAmount(missing, lot.remaining);
    if (part === 0n) continue;
    allocations.push({ lotId: lot.id, amount: part });
    missing -= part;
  }
  return { lots, allocations, missing };
}

function splitInOrder(allocations: readonly LotAllocation[], used: bigint) {
  const taken: LotAllocation[] = [];
  const rest: LotAllocation[] = [];
  let missing = used;
  for (const { lotId, amount } of allocations) {
    const part = minAmount(missing, amount);
    missing -= part;
    if (part > 0n) taken.push({ lotId, amount: part });
    if (amount > part) rest.push({ lotId, amount: amount - part });
  }
  return { taken, rest, missing };
}

function moveEach(
  lots: readonly CreditLot[],
  allocations: readonly LotAllocation[],
  move: (lot: CreditLot, part: bigint) => CreditLot,
): readonly CreditLot[] {
  return lots.map((lot) =>
    allocations.reduce((moved, part) => (part.lotId === lot.id ? move(moved, part.amount) : moved), lot),
  );
}
