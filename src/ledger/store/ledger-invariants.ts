// Owns: the invariants of `admission.md` section 4 that one look at a ledger's rows can refute, as named functions, each
// answering with what is wrong. Not: those over time (simulator/history-invariants.ts).

import { lotAddsUp } from '../core/lots.ts';
import type { BookedEvent, CounterAmount, CounterRow, LedgerSnapshot } from './ledger-snapshot.ts';

/** Everything that is wrong with a snapshot; empty when nothing is. */
export function checkSnapshot(snapshot: LedgerSnapshot): readonly string[] {
  return [
    ...heldIsSumOfOpenLegs(snapshot),
    ...usedIsSumOfEvents(snapshot),
    ...callsEndOnce(snapshot),
    ...lotsAddUp(snapshot),
    ...lotsHoldWhatHoldsTook(snapshot),
    ...countersHaveWindows(snapshot),
  ];
}

/** Invariant 1, first half: a counter's held is the sum of its open legs. */
export function heldIsSumOfOpenLegs(snapshot: LedgerSnapshot): readonly string[] {
  const legs = snapshot.openHolds.flatMap((hold) => hold.legs);
  return compareSums(snapshot.counters, legs, (row) => row.held).map((text) => `held ${text}`);
}

/** Invariants 1 (second half) and 8: a counter's used is the sum of what events charged. */
export function usedIsSumOfEvents(snapshot: LedgerSnapshot): readonly string[] {
  const charges = snapshot.events.flatMap((event) => event.charges);
  return compareSums(snapshot.counters, charges, (row) => row.used).map((text) => `used ${text}`);
}

/** Invariant 4: a call ends exactly once; only an estimate may be followed by one correction. */
export function callsEndOnce(snapshot: LedgerSnapshot): readonly string[] {
  const wrong: string[] = [];
  const open = new Set(snapshot.openHolds.map((hold) => hold.id));
  for (const [id, events] of Map.groupBy(snapshot.events, (event) => event.id)) {
    if (open.has(id)) wrong.push(`call ${id} has ended and is still held`);
    if (!endsOnce(events))
      wrong.push(`call ${id} has ended as ${events.map((event) => `${event.kind} ${event.source}`).join(', ')}`);
  }
  return wrong;
}

/** Invariant 7: the parts of every lot add up and none is negative. */
export function lotsAddUp(snapshot: LedgerSnapshot): readonly string[] {
  return snapshot.lots.filter((lot) => !lotAddsUp(lot)).map((lot) => `lot ${lot.id} doesn't add up`);
}

/** Invariant 7 over lots: what they hold is what open holds took, what they consumed is what events charged. */
export function lotsHoldWhatHoldsTook(snapshot: LedgerSnapshot): readonly string[] {
  const wrong: string[] = [];
  for (const organizationId of new Set(snapshot.lots.map((lot) => lot.organizationId))) {
    const lots = snapshot.lots.filter((lot) => lot.organizationId === organizationId);
    const held = sum(
      snapshot.openHolds.filter((hold) => hold.organizationId === organizationId).map((hold) => hold.credits),
    );
    const consumed = sum(
      snapshot.events.filter((event) => event.organizationId === organizationId).map((event) => event.credits),
    );
    const inLots = { held: sum(lots.map((lot) => lot.held)), consumed: sum(lots.map((lot) => lot.consumed)) };
    if (inLots.held !== held) wrong.push(`lots of ${organizationId} hold ${inLots.held}, holds took ${held}`);
    if (inLots.consumed !== consumed)
      wrong.push(`lots of ${organizationId} consumed ${inLots.consumed}, events say ${consumed}`);
  }
  return wrong;
}

/** Invariant 9, as far as rows tell: a window ends after it starts, a meter's windows don't overlap, and nothing is negative. */
export function countersHaveWindows(snapshot: LedgerSnapshot): readonly string[] {
  const wrong = snapshot.counters
    .filter((row) => row.used < 0n || row.held < 0n)
    .map((row) => `counter ${row.meterKey} is negative`);
  for (const [key, rows] of Map.groupBy(snapshot.counters, (row) => row.meterKey)) {
    let end = Number.NEGATIVE_INFINITY;
    for (const row of rows.sort((a, b) => a.windowStartMs - b.windowStartMs)) {
      if (row.windowStartMs < end || row.windowEndMs <= row.windowStartMs) wrong.push(`windows of ${key} overlap`);
      end = row.windowEndMs;
    }
  }
  return wrong;
}

function endsOnce([first, second, ...more]: readonly BookedEvent[]): boolean {
  if (more.length > 0 || !first) return false;
  if (!second) return first.kind === 'primary';
  const [primary, correction] = first.kind === 'primary' ? [first, second] : [second, first];
  return primary.kind === 'primary' && primary.source === 'estimated' && correction.kind === 'correction';
}

function compareSums(
  rows: readonly CounterRow[],
  parts: readonly CounterAmount[],
  stored: (row: CounterRow) => bigint,
): readonly string[] {
  const sums = new Map<string, bigint>();
  const name = (at: { meterKey: string; windowStartMs: number }): string =>
    `${at.meterKey} from ${new Date(at.windowStartMs).toISOString()}`;
  for (const part of parts) sums.set(name(part), (sums.get(name(part)) ?? 0n) + part.amount);
  const wrong: string[] = [];
  for (const row of rows) {
    const expected = sums.get(name(row)) ?? 0n;
    if (stored(row) !== expected) wrong.push(`of ${name(row)} is ${stored(row)}, its parts sum to ${expected}`);
    sums.delete(name(row));
  }
  for (const [lost, expected] of sums)
    if (expected !== 0n) wrong.push(`of ${lost} has no counter, its parts sum to ${expected}`);
  return wrong;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
