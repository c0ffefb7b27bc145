// Owns: doing something again and again in an interval, never twice at once, failing quietly. Not: what is done.

import type { DatabaseLog } from '../../database/log.ts';

export interface CheckRounds {
  start(): void;
  /** Ends after the round that is under way. */
  close(): Promise<void>;
}

/** Rounds that do not keep the process alive. A failure is logged when rounds begin to fail and when they work again, not every time. */
export function createCheckRounds(options: {
  intervalMs: number;
  log: DatabaseLog;
  round: () => Promise<void>;
}): CheckRounds {
  const { intervalMs, log, round } = options;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isFailing = false;

  const once = async (): Promise<void> => {
    try {
      await round();
      if (isFailing) log.info({}, 'versions of facts are compared again');
      isFailing = false;
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'unknown';
      if (!isFailing) log.warn({ reason }, 'versions of facts can not be compared; serving from memory');
      isFailing = true;
    }
    running = undefined;
  };

  return {
    start() {
      timer ??= setInterval(() => {
        running ??= once();
      }, intervalMs).unref();
    },
    async close() {
      clearInterval(timer);
      await running;
    },
  };
}
