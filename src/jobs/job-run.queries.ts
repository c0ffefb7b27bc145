// Owns: the rows of runs, snake_case in, camelCase out. Not: running (job-runner.ts).

import { type SqlBool, sql } from 'kysely';
import type { JobCause, JobRunStatus } from '../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../database/pool.ts';
import type { JobCounts } from './job.ts';

/** One run as it is told. */
export interface JobRun {
  readonly id: string;
  readonly job: string;
  readonly cause: JobCause;
  readonly status: JobRunStatus;
  readonly attempt: number;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly counts: JobCounts;
  readonly error: string | null;
}

/** A run that begins. */
export interface NewRun {
  readonly id: string;
  readonly job: string;
  readonly cause: JobCause;
  readonly attempt: number;
  readonly startedAt: Date;
}

/** What is known of a job from its runs. */
export interface JobHistory {
  readonly last: JobRun | null;
  readonly succeededAt: Date | null;
}

/** Runs that began before `before`, or, for a clock was set back, after `after`, and never said how they ended are lost. */
export async function endLostRuns(
  tx: DatabaseTransaction,
  job: string,
  { before, after }: { readonly before: Date; readonly after: Date },
): Promise<void> {
  await tx
    .updateTable('job_runs')
    .set({ status: 'lost', finished_at: sql<Date>`clock_timestamp()` })
    .where('job', '=', job)
    .where('status', '=', 'running')
    .where((begun) => begun.or([begun('started_at', '<', before), begun('started_at', '>', after)]))
    .execute();
}

/** Whether it may run: one run of a job at a time, over all replicas. */
export async function insertRun(tx: DatabaseTransaction, run: NewRun): Promise<boolean> {
  const { rows } = await sql`
    insert into weir.job_runs (id, job, cause, attempt, started_at)
    values (${run.id}, ${run.job}, ${run.cause}, ${run.attempt}, ${run.startedAt})
    on conflict (job) where status = 'running' do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/** How it ended. */
export async function endRun(
  tx: DatabaseTransaction,
  run: {
    readonly id: string;
    readonly finishedAt: Date;
    readonly status: 'succeeded' | 'failed';
    readonly counts: JobCounts;
    readonly error: string | null;
  },
): Promise<void> {
  const { id, finishedAt, status, counts, error } = run;
  await tx
    .updateTable('job_runs')
    .set({ status, finished_at: finishedAt, counts: JSON.stringify(counts), error })
    .where('id', '=', id)
    .where('status', '=', 'running')
    .execute();
}

function selectRuns(tx: DatabaseTransaction) {
  return tx
    .selectFrom('job_runs')
    .select(['id', 'job', 'cause', 'status', 'attempt', 'counts', 'error'])
    .select(['started_at as startedAt', 'finished_at as finishedAt'])
    .$castTo<JobRun>();
}

/** Up to `limit` runs of a job, newest first. */
export function listRuns(
  tx: DatabaseTransaction,
  job: string,
  page: {
    readonly limit: number;
    readonly after: readonly [startedAt: string, id: string] | null;
    readonly status: JobRunStatus | undefined;
  },
): Promise<JobRun[]> {
  const { limit, after, status } = page;
  let query = selectRuns(tx).where('job', '=', job).orderBy('started_at', 'desc').orderBy('id', 'desc').limit(limit);
  if (status !== undefined) query = query.where('status', '=', status);
  if (after !== null)
    query = query.where(sql<SqlBool>`(started_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

/** The last run of each job, and when it last succeeded. */
export async function listHistories(
  tx: DatabaseTransaction,
  jobs: readonly string[],
): Promise<ReadonlyMap<string, JobHistory>> {
  const { rows } = await sql<JobRun & { succeededAt: Date | null; asked: string }>`
    select j.job as asked, r.id, r.job, r.cause, r.status, r.attempt, r.counts, r.error,
        r.started_at as "startedAt", r.finished_at as "finishedAt", s.started_at as "succeededAt"
      from unnest(${jobs}::text[]) as j (job)
      left join lateral (select * from weir.job_runs r where r.job = j.job order by r.started_at desc, r.id desc limit 1) r on true
      left join lateral (select s.started_at from weir.job_runs s where s.job = j.job and s.status = 'succeeded'
        order by s.started_at desc limit 1) s on true`.execute(tx);
  return new Map(
    rows.map(({ asked, succeededAt, ...run }) => [asked, { succeededAt, last: run.id === null ? null : run }]),
  );
}

/** When the first job ever ran here; null before. */
export async function findFirstRun(tx: DatabaseTransaction): Promise<Date | null> {
  const { rows } = await sql<{ first: Date | null }>`select min(started_at) as first from weir.job_runs`.execute(tx);
  return rows[0]?.first ?? null;
}

/** Whether any job began in that time. */
export async function hasRunBetween(tx: DatabaseTransaction, from: Date, to: Date): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from weir.job_runs where started_at between ${from} and ${to}) as found`.execute(tx);
  return rows[0]?.found ?? false;
}

/** Removes runs that ended before then, but never the last success of a job. Gives how many. */
export async function deleteRuns(tx: DatabaseTransaction, before: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from weir.job_runs where id in (
      select r.id from weir.job_runs r where r.started_at < ${before} and r.status <> 'running'
        and (r.status <> 'succeeded' or exists (select from weir.job_runs l where l.job = r.job and l.status = 'succeeded'
          and l.started_at > r.started_at)) limit ${limit})`.execute(tx);
  return Number(numAffectedRows);
}
