// Owns: doing something again and again: one round at a time, failures logged once until they end, a stop that waits. Not: what is done.

import type { Log } from '../logging/log.ts';

/** Something that runs until it is stopped. */
export interface Rounds {
  start(): void;
  /** No round begins any more; resolves when the one under way has ended. */
  stop(): Promise<void>;
  /** A round now, or the one under way. Never rejects. */
  runNow(): Promise<void>;
}

/** What is done, how often, and under which name it is logged. */
export interface RoundsOptions {
  readonly name: string;
  readonly intervalMs: number;
  /** Before the first round; the interval when left out. */
  readonly firstDelayMs?: number;
  readonly log: Log;
  readonly round: () => Promise<void>;
}

/** Rounds that begin after `start`. The pause is counted from the end of a round, so that slow ones never pile up. */
export function createRounds(options: RoundsOptions): Rounds {
  const { name, intervalMs, log, round } = options;
  let timer: NodeJS.Timeout | undefined;
  let underWay: Promise<void> | undefined;
  let isStopped = false;
  let isFailing = false;

  const attempt = async (): Promise<void> => {
    try {
      await round();
      if (isFailing) log.info({ task: name }, 'works again');
      isFailing = false;
    } catch (error) {
      if (!isFailing) log.warn({ task: name, error }, 'failed; trying again and saying so when it works');
      isFailing = true;
    }
  };
  const runNow = (): Promise<void> => {
    underWay ??= attempt().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  const schedule = (delayMs: number): void => {
    if (isStopped) return;
    timer = setTimeout(() => {
      void runNow().then(() => schedule(intervalMs));
    }, delayMs);
    timer.unref();
  };

  return {
    start: () => schedule(options.firstDelayMs ?? intervalMs),
    runNow,
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await underWay;
    },
  };
}
