// Owns: starting work at a constant rate, whatever became of the work before (an open loop). Each piece is told the moment it was due: what is late because
// something before it was slow counts as slow too (no coordinated omission). Not: the work.

import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';

/** Timers come up to a millisecond late; the rest of the way is walked turn by turn. */
const TIMER_SLACK_MS = 1.5;

/** How often, and how many times. */
export interface RateOptions {
  readonly perSecond: number;
  readonly count: number;
}

/**
 * Starts `work` with the moment it is due (`performance.now()`); resolves when all of it is done. After a failure no more is started; rejects with the
 * first one once the rest is over.
 */
export async function atConstantRate(
  { perSecond, count }: RateOptions,
  work: (dueMs: number) => Promise<void>,
): Promise<void> {
  const everyMs = 1_000 / perSecond;
  const firstMs = performance.now() + everyMs;
  const running: Promise<void>[] = [];
  const failures: unknown[] = [];
  for (let index = 0; index < count && failures.length === 0; index += 1) {
    const dueMs = firstMs + index * everyMs;
    const sleepMs = dueMs - performance.now() - TIMER_SLACK_MS;
    if (sleepMs > 0) await delay(sleepMs);
    while (performance.now() < dueMs) await nextTurn();
    running.push(work(dueMs).catch((error: unknown) => void failures.push(error)));
  }
  await Promise.all(running);
  if (failures.length > 0) throw failures[0];
}
