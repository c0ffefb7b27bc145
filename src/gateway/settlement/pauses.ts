// Owns: waiting that a shutdown can end. Not: timers themselves (upstream/timers.ts).

import type { Timers } from '../upstream/timers.ts';

/** Pauses of one owner. */
export interface Pauses {
  /** Resolves with true after the time, or at once with false when the owner has stopped. */
  pause(milliseconds: number): Promise<boolean>;
  /** Ends every pause, those to come too. */
  stop(): void;
}

/** Makes the pauses of one owner. */
export function createPauses(timers: Timers): Pauses {
  const running = new Set<() => void>();
  let isStopped = false;
  return {
    pause: (milliseconds) =>
      new Promise((resolve) => {
        if (isStopped) {
          resolve(false);
          return;
        }
        const stop = (): void => {
          cancel();
          running.delete(stop);
          resolve(false);
        };
        const cancel = timers.after(milliseconds, () => {
          running.delete(stop);
          resolve(true);
        });
        running.add(stop);
      }),
    stop() {
      isStopped = true;
      for (const stop of [...running]) stop();
    },
  };
}
