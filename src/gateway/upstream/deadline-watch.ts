// Owns: one timer for all deadlines of calls under way. Setting and clearing a timer for each call, and again for each chunk, would cost more than the rest
// of our work on it; a set that is looked through every few milliseconds costs a field write. Not: what a deadline means (dispatch.ts).

import type { Clock } from '../../primitives/clock.ts';
import type { Timers } from './timers.ts';

/** Something that must not outlive an instant. */
export interface Deadlined {
  /** Monotonic milliseconds; may change at any time; Infinity for none. */
  readonly deadlineMs: number;
  /** Told once that it is late; it may take itself out. */
  expire(nowMs: number): void;
}

/** Watches deadlines while there are any. */
export interface DeadlineWatch {
  add(entry: Deadlined): void;
  remove(entry: Deadlined): void;
  /** Entries watched. */
  size(): number;
}

/** A watch that looks every `tickMs`; with nothing to watch it sets no timer. */
export function createDeadlineWatch({
  clock,
  timers,
  tickMs,
}: {
  clock: Clock;
  timers: Timers;
  tickMs: number;
}): DeadlineWatch {
  const entries = new Set<Deadlined>();
  let isArmed = false;

  const look = (): void => {
    const nowMs = clock.monotonicMs();
    for (const entry of entries) {
      if (entry.deadlineMs > nowMs) continue;
      entries.delete(entry);
      entry.expire(nowMs);
    }
    isArmed = entries.size > 0;
    if (isArmed) timers.after(tickMs, look);
  };

  return {
    add(entry) {
      entries.add(entry);
      if (isArmed) return;
      isArmed = true;
      timers.after(tickMs, look);
    },
    remove: (entry) => {
      entries.delete(entry);
    },
    size: () => entries.size,
  };
}
