// Owns: one run of a job: that no other runs it at the moment, the row of the run, what is kept of a failure. Not: when it runs (job-queue.ts).

import type { JobCause } from '../contracts/enumerations.ts';
import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import type { Clock } from '../primitives/clock.ts';
import { createUuidV7 } from '../primitives/ids.ts';
import type { Random } from '../primitives/random.ts';
import { replaceSecrets } from '../primitives/secret-looks.ts';
import type { Job, JobCounts } from './job.ts';
import { endLostRuns, endRun, insertRun } from './job-run.queries.ts';
import type { JobsLog } from './jobs-log.ts';
import { SCHEDULE } from './schedule.ts';

/** How a run ended. `skipped`: another replica was at it. */
export type RunOutcome =
  | { readonly status: 'succeeded'; readonly counts: JobCounts }
  | { readonly status: 'failed'; readonly error: unknown }
  | { readonly status: 'skipped' };

/** Runs jobs, one run of each at a time over all replicas. */
export interface JobRunner {
  /** Rejects only when the database is away; a job that fails is an outcome. */
  run(job: Job, occasion: { readonly cause: JobCause; readonly attempt: number }): Promise<RunOutcome>;
}

const MINUTE_MS = 60_000;
const ERROR_LENGTH_MAX = 1_000;

/** Over a pool as `weir_service`. */
export function createJobRunner(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: JobsLog;
  readonly isStopping: () => boolean;
}): JobRunner {
  const { database, clock, random, log, isStopping } = options;
  const failing = new Set<string>();
  return {
    async run(job, { cause, attempt }) {
      const nowMs = clock.nowMs();
      const id = createUuidV7(nowMs, random);
      const patienceMs = SCHEDULE[job.name].patienceMinutes * MINUTE_MS;
      const lost = { before: new Date(nowMs - patienceMs), after: new Date(nowMs + patienceMs) };
      const mayRun = await withPlatform(database, 'begin a run of a job', async (tx) => {
        await endLostRuns(tx, job.name, lost);
        return insertRun(tx, { id, job: job.name, cause, attempt, startedAt: new Date(nowMs) });
      });
      if (!mayRun) return { status: 'skipped' };
      const outcome = await attemptRun(job, { nowMs, isStopping });
      await withPlatform(database, 'end a run of a job', (tx) =>
        endRun(tx, {
          ...{ id, finishedAt: new Date(Math.max(nowMs, clock.nowMs())), status: outcome.status },
          counts: outcome.status === 'succeeded' ? outcome.counts : {},
          error: outcome.status === 'failed' ? describe(outcome.error) : null,
        }),
      );
      if (outcome.status === 'failed') {
        if (!failing.has(job.name)) log.warn({ job: job.name, error: outcome.error }, 'a job failed; trying again');
        failing.add(job.name);
      } else if (failing.delete(job.name)) log.info({ job: job.name }, 'the job works again');
      return outcome;
    },
  };
}

async function attemptRun(
  job: Job,
  context: { readonly nowMs: number; readonly isStopping: () => boolean },
): Promise<Exclude<RunOutcome, { status: 'skipped' }>> {
  try {
    return { status: 'succeeded', counts: await job.run(context) };
  } catch (error) {
    return { status: 'failed', error };
  }
}

/** For people, without secrets. */
function describe(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return replaceSecrets(text, '[redacted]').replaceAll('\0', '').slice(0, ERROR_LENGTH_MAX).toWellFormed();
}
