// Owns: the only readings of time. Everything else is handed a Clock. Not: the ledger's time, which is the database's.

/** Where time comes from. Milliseconds since 1970-01-01T00:00Z, and a monotonic reading for durations. */
export interface Clock {
  /** Wall-clock milliseconds since the epoch. May jump when an operator sets the clock. */
  nowMs(): number;
  /** Milliseconds from an arbitrary origin; never goes back. For durations only. */
  monotonicMs(): number;
}

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

/** A clock that moves only when told to. For tests and simulations. */
export interface ManualClock extends Clock {
  /** Moves both readings on. */
  advance(milliseconds: number): void;
  /** Sets the wall clock alone, forwards or backwards. */
  setNowMs(milliseconds: number): void;
}

/** A manual clock that starts at `startMs`. */
export function createManualClock(startMs: number): ManualClock {
  let nowMs = startMs;
  let monotonicMs = 0;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => monotonicMs,
    advance(milliseconds) {
      nowMs += milliseconds;
      monotonicMs += milliseconds;
    },
    setNowMs(milliseconds) {
      nowMs = milliseconds;
    },
  };
}
