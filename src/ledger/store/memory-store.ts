// Owns: the ledger in memory: the model that every other store is compared with, and a ledger for tests of what is built on one.
// Not: durability. The operations are in memory-reserve.ts and memory-settle.ts.

import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { LedgerStore } from '../core/ledger-store.ts';
import type { CreditLot } from '../core/lots.ts';
import type { Meter } from '../core/meter.ts';
import type { MeterState } from '../core/reservation.ts';
import type { LedgerSnapshot } from './ledger-snapshot.ts';
import { extendCall, reserveCall } from './memory-reserve.ts';
import { recordCall, releaseCall, settleCall, sweepCalls } from './memory-settle.ts';
import { counterAt, createMemoryState, type MemoryState } from './memory-state.ts';

/** A grant of credits as it is made: nothing of it spent yet. */
export type NewLot = Pick<
  CreditLot,
  'id' | 'organizationId' | 'creditType' | 'initial' | 'priority' | 'effectiveAtMs' | 'expiresAtMs'
>;

/** A ledger in memory, with the doors that its facts come in by. */
export interface MemoryStore extends LedgerStore {
  /** Makes facts newer: reservations on older ones are then stale. `scope` is an organization's id or `platform`. */
  setFactVersion(scope: string, version: bigint): void;
  /** Adds a lot of credits. */
  grantLot(lot: NewLot): void;
  /** Every row. */
  snapshot(): LedgerSnapshot;
}

/** Opens a ledger in memory. Handing in the `state` of an earlier one is what a restart is to a store on disk. */
export function createMemoryStore(options: { readonly clock: Clock; readonly state?: MemoryState }): MemoryStore {
  const state = options.state ?? createMemoryState();
  let closed = false;
  const nowMs = (): number => {
    state.lastMs = Math.max(state.lastMs, options.clock.nowMs());
    return state.lastMs;
  };
  /** Runs at once and in full, as a batch of one: calls are served in the order in which they come. */
  const run = async <T>(operation: () => T): Promise<T> => {
    if (closed) throw new WeirError('ledger_unavailable', { internal: 'the ledger is closed' });
    return operation();
  };
  return {
    reserve: (request, signal) =>
      run(() => {
        if (signal?.aborted) throw new WeirError('request_cancelled');
        return reserveCall(state, request, nowMs());
      }),
    extend: (request) => run(() => extendCall(state, request, nowMs())),
    settle: (request) => run(() => settleCall(state, request)),
    release: (hold, event) => run(() => releaseCall(state, hold, event)),
    record: ({ id, event }) => run(() => recordCall(state, id, event)),
    sweep: (limit) => run(() => sweepCalls(state, limit, nowMs())),
    read: (meters) => run(() => readMeters(state, meters, nowMs())),
    nowMs,
    async close() {
      closed = true;
    },
    setFactVersion: (scope, version) => void state.versions.set(scope, version),
    grantLot: (lot) => void state.lots.set(lot.id, toLot(lot)),
    snapshot: () => snapshotOf(state),
  };
}

/** Counters of meters in the window of an instant. */
export function readMeters(state: MemoryState, meters: readonly Meter[], nowMs: number): readonly MeterState[] {
  return meters.map((meter) => {
    const { window, used, held } = counterAt(state, meter, nowMs);
    return { meter, window, used, held };
  });
}

/** A lot of which nothing is spent. */
export function toLot(lot: NewLot): CreditLot {
  return { ...lot, remaining: lot.initial, held: 0n, consumed: 0n, expired: 0n, voided: 0n };
}

/** Every row of a ledger in memory. */
export function snapshotOf(state: MemoryState): LedgerSnapshot {
  const counters = [...state.counters.values()].map(({ meterKey, organizationId, window, used, held }) => ({
    ...{ meterKey, organizationId, used, held },
    windowStartMs: window.startMs,
    windowEndMs: window.endMs,
  }));
  const openHolds = [...state.holds.values()].map(({ hold, expiresAtMs }) => ({
    ...{ id: hold.id, organizationId: hold.organizationId, grantedOutput: hold.grantedOutput },
    legs: hold.legs.map((leg) => ({ meterKey: leg.meter.key, windowStartMs: leg.window.startMs, amount: leg.amount })),
    credits: hold.credits?.amount ?? 0n,
    expiresAtMs,
  }));
  return { counters, openHolds, events: [...state.events], lots: [...state.lots.values()] };
}
