// Owns: what is known from the runs of jobs: which are late, and what the last look at the ledger found. Not: judging it (control/notifications).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../database/pool.ts';
import { stateOf } from './job-admin.service.ts';
import { findFirstRun, hasRunBetween, listHistories } from './job-run.queries.ts';
import { dueBefore } from './schedule.rules.ts';
import { type ScheduledJob, scheduleOf } from './schedule.ts';

const MINUTE_MS = 60_000;
/** So long jobs have to have been running again before any is called late: after an absence all of them catch up first. */
const AWAKE_MINUTES = 5;
const AWAKE_LOOK_MINUTES = 10;

/** Of the jobs that an installation runs, those that should have succeeded by now, and since when, in minutes. */
export async function listLateJobs(
  tx: DatabaseTransaction,
  nowMs: number,
  jobs: readonly ScheduledJob[],
): Promise<{ readonly job: string; readonly minutes: number }[]> {
  const [from, to] = [nowMs - AWAKE_LOOK_MINUTES * MINUTE_MS, nowMs - AWAKE_MINUTES * MINUTE_MS];
  if (!(await hasRunBetween(tx, new Date(from), new Date(to)))) return [];
  const histories = await listHistories(
    tx,
    jobs.map(({ name }) => name),
  );
  const firstRun = await findFirstRun(tx);
  return jobs.flatMap((job) => {
    const { isLate, lateAfterMinutes } = stateOf(job, histories.get(job.name), { nowMs, firstRun });
    if (!isLate) return [];
    const dueMs = dueBefore(scheduleOf(job).rhythm, nowMs - lateAfterMinutes * MINUTE_MS);
    return [{ job: job.name, minutes: Math.max(1, Math.floor((nowMs - dueMs) / MINUTE_MS)) }];
  });
}

interface Comparison {
  readonly drifted: number;
  readonly startedAt: Date;
}

async function findComparison(tx: DatabaseTransaction): Promise<Comparison | undefined> {
  const { rows } = await sql<Comparison>`
    select (counts ->> 'drifted')::integer + coalesce((counts ->> 'sums_drifted')::integer, 0) as drifted, started_at as "startedAt" from weir.job_runs
     where job = 'ledger_verify' and status = 'succeeded' and counts ? 'drifted' order by started_at desc limit 1`.execute(
    tx,
  );
  return rows[0];
}

/** Counters and hours of sums that differed from their events at the last comparison; null before the first. */
export async function findDrift(tx: DatabaseTransaction): Promise<number | null> {
  return (await findComparison(tx))?.drifted ?? null;
}

/** When the ledger was last compared, in milliseconds; null: never. */
export async function findVerified(tx: DatabaseTransaction): Promise<number | null> {
  return (await findComparison(tx))?.startedAt.getTime() ?? null;
}
