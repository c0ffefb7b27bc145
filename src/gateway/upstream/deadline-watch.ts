// Owns: one timer for all deadlines of calls under way. Setting and clearing a timer for each call, and again for each chunk, would cost more than the rest
// of our work on it; a list that is looked through every few milliseconds costs a field write. Not: what a deadline means (dispatch.ts).

import type { Clock } from '../../primitives/clock.ts';
import type { Timers } from './timers.ts';

/** Something that must not outlive an instant. */
export interface Deadlined {
  /** Monotonic milliseconds; may change at any time; Infinity for none. */
  readonly deadlineMs: number;
  /** Its place in the watch's list; `UNWATCHED` outside. The watch's own to write. */
  watchPlace: number;
  /** Told once that it is late, when it is watched no more. */
  expire(nowMs: number): void;
}

/** The place of what is not watched. */
export const UNWATCHED = -1;

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
  // A list whose entries know their places, not a Set: a Set that is added to and deleted from all the time leaves a chain of old tables, each with the
  // entries of its day, and one old table in the old generation keeps all that follow from being collected young: 7 MB of finished calls every 500.
  const entries: Deadlined[] = [];
  let isArmed = false;

  const remove = (entry: Deadlined): void => {
    const place = entry.watchPlace;
    if (place === UNWATCHED) return;
    entry.watchPlace = UNWATCHED;
    const last = entries.pop();
    if (last === undefined || last === entry) return;
    entries[place] = last;
    last.watchPlace = place;
  };
  const look = (): void => {
    const nowMs = clock.monotonicMs();
    // From the end: what takes the place of a removed entry has been looked at.
    for (let place = entries.length - 1; place >= 0; place -= 1) {
      const entry = entries[place];
      if (entry === undefined || entry.deadlineMs > nowMs) continue;
      remove(entry);
      entry.expire(nowMs);
    }
    isArmed = entries.length > 0;
    if (isArmed) timers.after(tickMs, look);
  };

  return {
    add(entry) {
      entry.watchPlace = entries.push(entry) - 1;
      if (isArmed) return;
      isArmed = true;
      timers.after(tickMs, look);
    },
    remove,
    size: () => entries.length,
  };
}
