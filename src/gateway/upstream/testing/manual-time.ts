// Owns: time that moves only when a test says so: a clock and the timers that hang on it. Not: real sockets' time.

import { type Clock, createManualClock } from '../../../primitives/clock.ts';
import type { Timers } from '../timers.ts';

/** Clock and timers in one. */
export interface ManualTime {
  readonly clock: Clock;
  readonly timers: Timers;
  /** Timers set and not yet run or cancelled. */
  pending(): number;
  /** Moves on, running what falls due in its order. */
  advance(milliseconds: number): void;
}

/** Time at a standstill. */
export function createManualTime(): ManualTime {
  const clock = createManualClock(0);
  const timers = new Set<{ dueMs: number; run: () => void }>();

  const nextDue = (untilMs: number) => {
    let next: { dueMs: number; run: () => void } | null = null;
    for (const timer of timers) if (timer.dueMs <= untilMs && (next === null || timer.dueMs < next.dueMs)) next = timer;
    return next;
  };

  return {
    clock,
    timers: {
      after(delayMs, run) {
        const timer = { dueMs: clock.monotonicMs() + delayMs, run };
        timers.add(timer);
        return () => {
          timers.delete(timer);
        };
      },
    },
    pending: () => timers.size,
    advance(milliseconds) {
      const untilMs = clock.monotonicMs() + milliseconds;
      for (let timer = nextDue(untilMs); timer !== null; timer = nextDue(untilMs)) {
        timers.delete(timer);
        clock.advance(timer.dueMs - clock.monotonicMs());
        timer.run();
      }
      clock.advance(untilMs - clock.monotonicMs());
    },
  };
}
