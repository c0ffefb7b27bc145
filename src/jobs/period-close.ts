// Owns: the closing of the day, the week and the month: who is told that a limit renewed, and the figures of organizations. Only the last window that ended: who was
// away for three days is told of the newest. Not: the windows' counters.

import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import { windowAt } from '../ledger/core/window.ts';
import type { JobCounts } from './job.ts';
import { closeWindow, type EndedWindow, insertDigests, insertRenewals } from './period-close.queries.ts';

const KINDS = { daily: 'day', weekly: 'week', monthly: 'month' } as const;

/** Tells of the last window that ended before `nowMs`; a second time nothing. */
export async function closePeriod(
  database: Database,
  period: EndedWindow['period'],
  nowMs: number,
): Promise<JobCounts> {
  const kind = KINDS[period];
  const endMs = windowAt({ kind }, nowMs).startMs;
  const startMs = windowAt({ kind }, endMs - 1).startMs;
  const window = { period, start: new Date(startMs), end: new Date(endMs) };
  const renewed = await withPlatform(database, 'tell people that their limit renewed', async (tx) =>
    (await closeWindow(tx, window, 'limits_renewed')) ? insertRenewals(tx, window) : 0,
  );
  if (period === 'daily') return { renewed };
  const previousStart = new Date(windowAt({ kind }, startMs - 1).startMs);
  const digests = await withPlatform(database, 'send organizations their figures', async (tx) =>
    (await closeWindow(tx, window, 'digest')) ? insertDigests(tx, window, previousStart) : 0,
  );
  return { renewed, digests };
}
