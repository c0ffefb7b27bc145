// Owns: the ledger's time between two batches: the database's, as last seen, plus what has passed here. Never goes back.
// Not: decisions about windows that are booked: the database checks those against its own time.

import type { Clock } from '../../primitives/clock.ts';

/** The database's time as this replica knows it. */
export interface LedgerClock {
  /** Milliseconds since the epoch; never less than before. */
  nowMs(): number;
  /** Takes the time of a batch's answer. */
  observe(databaseNowMs: number): void;
  /** The latest time seen or given, to hand to the next batch. */
  lastMs(): number;
  /** What tests move time by; 0 in production. */
  offsetMs(): number;
}

/** Makes the clock. `offsetMs` moves time in tests only. */
export function createLedgerClock(clock: Clock, offsetMs: () => number = () => 0): LedgerClock {
  let seenMs = clock.nowMs();
  let seenAtMs = clock.monotonicMs();
  let seenOffsetMs = 0;
  let lastMs = 0;
  let furthestOffsetMs = Number.NEGATIVE_INFINITY;
  // Set back, time stands still: what was seen meanwhile was seen at the offset of before.
  const forwardOffsetMs = (): number => {
    furthestOffsetMs = Math.max(furthestOffsetMs, offsetMs());
    return furthestOffsetMs;
  };
  return {
    nowMs() {
      const nowMs = Math.floor(seenMs - seenOffsetMs + clock.monotonicMs() - seenAtMs) + forwardOffsetMs();
      if (nowMs > lastMs) lastMs = nowMs;
      return lastMs;
    },
    observe(databaseNowMs) {
      seenMs = databaseNowMs;
      seenAtMs = clock.monotonicMs();
      seenOffsetMs = forwardOffsetMs();
      if (databaseNowMs > lastMs) lastMs = databaseNowMs;
    },
    lastMs: () => lastMs,
    offsetMs,
  };
}
