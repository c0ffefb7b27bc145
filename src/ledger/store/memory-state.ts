// Owns: the rows of the in-memory ledger and how one row changes. Not: the operations (memory-reserve.ts, memory-settle.ts).

import type { CreditLot, LotOutcome } from '../core/lots.ts';
import type { Meter } from '../core/meter.ts';
import type { Hold, LotAllocation } from '../core/reservation.ts';
import type { UsageEvent } from '../core/usage-event.ts';
import { type Window, windowAt } from '../core/window.ts';
import type { BookedEvent, CounterAmount } from './ledger-snapshot.ts';

/** A counter with the name that holds use for it. */
export interface MemoryCounter {
  readonly id: bigint;
  readonly meterKey: string;
  readonly organizationId: string | null;
  readonly window: Window;
  readonly used: bigint;
  readonly held: bigint;
}

/** A hold that is open, and what is booked if it stays so past its time. */
export interface MemoryHold {
  readonly hold: Hold;
  readonly event: UsageEvent;
  readonly ttlMs: number;
  readonly expiresAtMs: number;
}

/** How a call ended. `expired` may still be corrected, once. */
export interface MemoryEnding {
  readonly state: 'settled' | 'released' | 'expired' | 'corrected' | 'recorded';
  /** What was charged at expiry; null in every other state. */
  readonly estimate: { readonly hold: Hold; readonly lots: readonly LotAllocation[] } | null;
}

/** Everything that the ledger knows. Rows are never changed in place, so that a copy of the maps is a copy of the ledger. */
export interface MemoryState {
  readonly counters: Map<string, MemoryCounter>;
  readonly holds: Map<string, MemoryHold>;
  readonly endings: Map<string, MemoryEnding>;
  readonly lots: Map<string, CreditLot>;
  /** Fact versions by organization; the platform's under `platform`. */
  readonly versions: Map<string, bigint>;
  readonly events: BookedEvent[];
  /** The latest instant seen. Time before it never comes again, also after a restart. */
  lastMs: number;
}

/** A ledger in which nothing has happened. */
export function createMemoryState(): MemoryState {
  return {
    counters: new Map(),
    holds: new Map(),
    endings: new Map(),
    lots: new Map(),
    versions: new Map(),
    events: [],
    lastMs: Number.NEGATIVE_INFINITY,
  };
}

/** A second ledger with the same rows. */
export function copyMemoryState(state: MemoryState): MemoryState {
  return {
    counters: new Map(state.counters),
    holds: new Map(state.holds),
    endings: new Map(state.endings),
    lots: new Map(state.lots),
    versions: new Map(state.versions),
    events: [...state.events],
    lastMs: state.lastMs,
  };
}

/** The counter of a meter at an instant; one that was never used reads 0 and isn't kept until it changes. */
export function counterAt(state: MemoryState, meter: Meter, nowMs: number): MemoryCounter {
  return counterIn(state, meter, windowAt(meter.window, nowMs));
}

/** The counter of a meter in a given window. */
export function counterIn(state: MemoryState, meter: Meter, window: Window): MemoryCounter {
  const known = state.counters.get(counterName(meter.key, window.startMs));
  if (known) return known;
  const id = BigInt(state.counters.size + 1);
  return { id, meterKey: meter.key, organizationId: meter.organizationId, window, used: 0n, held: 0n };
}

/** Adds to a counter; `used` and `held` may be negative changes. The counter is read again, so that two changes of one call add up. */
export function changeCounter(
  state: MemoryState,
  counter: MemoryCounter,
  change: { used: bigint; held: bigint },
): MemoryCounter {
  const name = counterName(counter.meterKey, counter.window.startMs);
  const now = state.counters.get(name) ?? { ...counter, id: BigInt(state.counters.size + 1) };
  const changed = { ...now, used: now.used + change.used, held: now.held + change.held };
  state.counters.set(name, changed);
  return changed;
}

/** The lots that a credit type of an organization is taken from. */
export function lotsOf(state: MemoryState, organizationId: string, creditType: string): readonly CreditLot[] {
  return [...state.lots.values()].filter(
    (lot) => lot.organizationId === organizationId && lot.creditType === creditType,
  );
}

/** Writes the lots of an outcome back. */
export function keepLots(state: MemoryState, outcome: LotOutcome): void {
  for (const lot of outcome.lots) state.lots.set(lot.id, lot);
}

/** Appends one row to the record of calls. */
export function bookEvent(
  state: MemoryState,
  booking: {
    id: string;
    kind: BookedEvent['kind'];
    event: UsageEvent;
    charges: readonly CounterAmount[];
    credits: bigint;
  },
): void {
  const { id, kind, event, credits } = booking;
  const charges = booking.charges.filter((charge) => charge.amount !== 0n);
  const { organizationId } = event.dimensions;
  state.events.push({ id, organizationId, kind, status: event.status, source: event.source, charges, credits });
}

function counterName(meterKey: string, windowStartMs: number): string {
  return `${windowStartMs}:${meterKey}`;
}
