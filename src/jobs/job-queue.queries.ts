// Owns: asking the queue's tables: adding a job, how much waits. Not: the tables (graphile-worker's own), or working through them (job-queue.ts).

import { sql } from 'kysely';
import type { JobCause } from '../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../database/pool.ts';

/** What waits in the queue. */
export interface QueueDepth {
  readonly ready: number;
  /** How long the oldest has waited; 0 with none. */
  readonly oldestSeconds: number;
}

/** Adds a job to be run at once; one of the same name that waits takes its place. */
export async function insertQueuedJob(
  tx: DatabaseTransaction,
  job: { readonly name: string; readonly cause: JobCause; readonly attemptsMax: number },
): Promise<void> {
  const { name, cause, attemptsMax } = job;
  await sql`select weir_queue.add_job(identifier => ${name}, payload => ${JSON.stringify({ cause })}::json,
    job_key => ${name}, max_attempts => ${attemptsMax}::integer)`.execute(tx);
}

/** Cheap: the queue holds a row a job. */
export async function readQueueDepth(tx: DatabaseTransaction): Promise<QueueDepth> {
  const { rows } = await sql<{ ready: number; oldest: number }>`
    select count(*)::integer as ready, coalesce(extract(epoch from now() - min(run_at)), 0)::float8 as oldest
      from weir_queue.jobs where run_at <= now() and attempts < max_attempts and locked_at is null`.execute(tx);
  const [row] = rows;
  return { ready: row?.ready ?? 0, oldestSeconds: Math.max(0, row?.oldest ?? 0) };
}
