// Owns: waiting. The one place of the upstream side that sets a timer; tests hand in a manual one. Not: reading time (primitives/clock.ts).

/** Takes a callback back; harmless when it has run. */
export type CancelTimer = () => void;

/** Something that calls back later. */
export interface Timers {
  /** Calls `run` once after `delayMs`, unless cancelled before. */
  after(delayMs: number, run: () => void): CancelTimer;
}

/** Node's timers. */
export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
