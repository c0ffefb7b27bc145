// Owns: proof that each invariant is refuted by rows that break it: a check that can't fail checks nothing.

import { expect, test } from 'vitest';
import {
  callsEndOnce,
  checkSnapshot,
  countersHaveWindows,
  heldIsSumOfOpenLegs,
  lotsAddUp,
  lotsHoldWhatHoldsTook,
  usedIsSumOfEvents,
} from './ledger-invariants.ts';
import type { BookedEvent, LedgerSnapshot } from './ledger-snapshot.ts';

const charge = (amount: bigint) => ({ meterKey: 'm', windowStartMs: 0, amount });
const event = (more: Partial<BookedEvent>): BookedEvent => ({
  id: 'ended',
  organizationId: 'o',
  kind: 'primary',
  status: 'success',
  source: 'provider',
  charges: [charge(5n)],
  credits: 2n,
  ...more,
});

const counter = { meterKey: 'm', organizationId: 'o', windowStartMs: 0, windowEndMs: 10, used: 5n, held: 3n };
const next = { ...counter, windowStartMs: 10, windowEndMs: 20, used: 0n, held: 0n };
const hold = { id: 'open', organizationId: 'o', grantedOutput: 0n, legs: [charge(3n)], credits: 1n, expiresAtMs: 1 };
const lot = {
  ...{ id: 'l', organizationId: 'o', creditType: 't', priority: 0, effectiveAtMs: 0, expiresAtMs: null },
  ...{ initial: 10n, remaining: 7n, held: 1n, consumed: 2n, expired: 0n, voided: 0n },
};
const SOUND: LedgerSnapshot = { counters: [counter, next], openHolds: [hold], events: [event({})], lots: [lot] };

test('sound rows break nothing', () => {
  expect(checkSnapshot(SOUND)).toEqual([]);
});

test.each<[string, (snapshot: LedgerSnapshot) => readonly string[], Partial<LedgerSnapshot>]>([
  ['held without a leg', heldIsSumOfOpenLegs, { openHolds: [] }],
  ['a leg without its counter', heldIsSumOfOpenLegs, { counters: [] }],
  ['used without an event', usedIsSumOfEvents, { events: [] }],
  ['an event that charged more', usedIsSumOfEvents, { events: [event({ charges: [charge(6n)] })] }],
  [
    'an event in another window',
    usedIsSumOfEvents,
    { events: [event({ charges: [{ ...charge(5n), windowStartMs: 10 }] })] },
  ],
  ['a call that ended twice', callsEndOnce, { events: [event({}), event({})] }],
  ['a correction of what was no estimate', callsEndOnce, { events: [event({}), event({ kind: 'correction' })] }],
  ['a correction of nothing', callsEndOnce, { events: [event({ kind: 'correction' })] }],
  [
    'a second correction',
    callsEndOnce,
    { events: [event({ source: 'estimated' }), event({ kind: 'correction' }), event({ kind: 'correction' })] },
  ],
  ['an ended call that is still held', callsEndOnce, { events: [event({ id: 'open' })] }],
  ['a lot that lost a credit', lotsAddUp, { lots: [{ ...lot, remaining: 6n }] }],
  ['a lot with a negative part', lotsAddUp, { lots: [{ ...lot, remaining: 8n, expired: -1n }] }],
  ['a lot that holds for nobody', lotsHoldWhatHoldsTook, { openHolds: [{ ...hold, credits: 0n }] }],
  ['a lot consumed by nobody', lotsHoldWhatHoldsTook, { events: [event({ credits: 0n })] }],
  ['windows that overlap', countersHaveWindows, { counters: [counter, { ...next, windowStartMs: 9 }] }],
  ['a window that ends before it starts', countersHaveWindows, { counters: [{ ...counter, windowEndMs: 0 }] }],
  ['a negative counter', countersHaveWindows, { counters: [{ ...counter, held: -1n }] }],
])('%s is found', (_name, invariant, broken) => {
  const rows = { ...SOUND, ...broken };
  expect(invariant(rows)).not.toEqual([]);
  expect(checkSnapshot(rows)).not.toEqual([]);
});

test('an estimate and its one correction are an end like any other', () => {
  const events = [
    event({ source: 'estimated', charges: [charge(9n)], credits: 3n }),
    event({ kind: 'correction', charges: [charge(-4n)], credits: -1n }),
  ];
  expect(checkSnapshot({ ...SOUND, events })).toEqual([]);
});
