// Owns: proof of the burn-down of credits.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  availableCredits,
  type CreditLot,
  compareBurnOrder,
  correctCredits,
  holdCredits,
  lotAddsUp,
  settleCredits,
} from './lots.ts';

const NOW_MS = 1_000_000;

function lot(id: string, initial: bigint, more: Partial<CreditLot> = {}): CreditLot {
  const fresh = {
    remaining: initial,
    held: 0n,
    consumed: 0n,
    expired: 0n,
    voided: 0n,
    priority: 0,
    effectiveAtMs: 0,
    expiresAtMs: null,
  };
  return { id, organizationId: 'o', creditType: 't', initial, ...fresh, ...more };
}

const lots = fc
  .array(
    fc.record({
      initial: fc.bigInt({ min: 0n, max: 50n }),
      priority: fc.integer({ min: 0, max: 2 }),
      effectiveAtMs: fc.constantFrom(0, 1, NOW_MS, NOW_MS + 1),
      expiresAtMs: fc.constantFrom(null, NOW_MS, NOW_MS + 1, NOW_MS + 2),
    }),
    { maxLength: 6 },
  )
  .map((rows) => rows.map((row, index) => lot(`lot-${index}`, row.initial, row)));
const amounts = fc.bigInt({ min: 0n, max: 150n });

describe('lots of credits', () => {
  test('burn by soonest expiry, then priority, then age, then id; lots that never expire last', () => {
    const ordered = [
      lot('e', 1n, { expiresAtMs: 5, priority: 9 }),
      lot('d', 1n, { expiresAtMs: 6, priority: 1, effectiveAtMs: 9 }),
      lot('c', 1n, { expiresAtMs: 6, priority: 2, effectiveAtMs: 3 }),
      lot('b', 1n, { expiresAtMs: 6, priority: 2, effectiveAtMs: 4 }),
      lot('a', 1n, { priority: 0 }),
      lot('f', 1n, { priority: 0 }),
    ];
    expect([...ordered].reverse().sort(compareBurnOrder)).toEqual(ordered);
  });

  test('are held in burn-down order across lots, and the allocation says from which', () => {
    const outcome = holdCredits([lot('later', 10n), lot('sooner', 4n, { expiresAtMs: NOW_MS + 1 })], 6n, NOW_MS);
    expect(outcome.allocations).toEqual([
      { lotId: 'sooner', amount: 4n },
      { lotId: 'later', amount: 2n },
    ]);
  });

  test('that are not yet effective or have expired are not spent', () => {
    const idle = [lot('early', 5n, { effectiveAtMs: NOW_MS + 1 }), lot('late', 5n, { expiresAtMs: NOW_MS })];
    expect(availableCredits(idle, NOW_MS)).toBe(0n);
    expect(holdCredits(idle, 1n, NOW_MS).missing).toBe(1n);
  });

  test('add up after every operation, whatever is held and used', () => {
    fc.assert(
      fc.property(lots, amounts, amounts, (start, asked, used) => {
        const held = holdCredits(start, asked, NOW_MS);
        expect(held.lots.every(lotAddsUp)).toBe(true);
        expect(sum(held.allocations) + held.missing).toBe(asked);
        const settled = settleCredits(held.lots, held.allocations, used);
        expect(settled.lots.every(lotAddsUp)).toBe(true);
        expect(settled.lots.every((one) => one.held === 0n)).toBe(true);
        expect(sum(settled.allocations) + settled.missing).toBe(used);
      }),
    );
  });

  test('corrected after expiry stand as if they had been settled in time', () => {
    fc.assert(
      fc.property(lots, amounts, amounts, (start, asked, used) => {
        const held = holdCredits(start, asked, NOW_MS);
        const inTime = settleCredits(held.lots, held.allocations, used);
        const expired = settleCredits(held.lots, held.allocations, sum(held.allocations));
        const late = correctCredits(expired.lots, expired.allocations, used);
        expect(late).toEqual(inTime);
      }),
    );
  });

  test('return to the lot they came from, also when it has expired', () => {
    const held = holdCredits([lot('a', 5n, { expiresAtMs: NOW_MS + 1 })], 5n, NOW_MS);
    const [back] = settleCredits(held.lots, held.allocations, 2n).lots;
    expect(back).toMatchObject({ held: 0n, consumed: 2n, remaining: 3n });
    expect(availableCredits(back ? [back] : [], NOW_MS + 1)).toBe(0n);
  });
});

function sum(allocations: readonly { readonly amount: bigint }[]): bigint {
  return allocations.reduce((total, part) => total + part.amount, 0n);
}
