// Owns: that somebody works through the queue: catching up after an absence, a new worker after one that ended. Not: the worker (job-worker.ts), what a job does or
// records (job-runner.ts), or the queue's tables (src/database/queue-schema.ts).

import type { TaskList } from 'graphile-worker';
import { z } from 'zod';
import { jobCauses } from '../contracts/enumerations.ts';
import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import type { Clock } from '../primitives/clock.ts';
import type { Job } from './job.ts';
import { insertQueuedJob } from './job-queue.queries.ts';
import { listHistories } from './job-run.queries.ts';
import type { JobRunner } from './job-runner.ts';
import { attemptsOf, type JobWorker, startJobWorker } from './job-worker.ts';
import type { JobsLog } from './jobs-log.ts';
import { dueBefore } from './schedule.rules.ts';
import { type JobName, scheduleOf } from './schedule.ts';

/** What works through the queue, from `start` to `stop`. */
export interface JobQueue {
  /** In the background: the server serves whether or not the queue is there. */
  start(): void;
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
}

/** Before a worker that ended is replaced. */
const RESTART_MS = 2_000;

const payloadSchema = z.object({ cause: jobCauses.default('schedule') });

/** A queue for these jobs. `url` with a login that may become `weir_service`. */
export function createJobQueue(options: {
  readonly url: string;
  readonly database: Database;
  readonly jobs: readonly Job[];
  readonly runner: JobRunner;
  readonly clock: Clock;
  readonly log: JobsLog;
}): JobQueue {
  const { url, database, jobs, runner, clock, log } = options;
  const tasks: TaskList = Object.fromEntries(
    jobs.map((job) => [
      job.name,
      async (payload, { job: { attempts } }) => {
        const { cause } = payloadSchema.parse(payload ?? {});
        const outcome = await runner.run(job, { cause, attempt: attempts });
        // The queue tries again what is thrown; that it failed is said and kept already.
        if (outcome.status === 'failed') throw outcome.error;
      },
    ]),
  );
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let worker: JobWorker | undefined;
  let starting: Promise<void> = Promise.resolve();

  const begin = async (): Promise<void> => {
    try {
      await catchUp(database, jobs, clock.nowMs());
      if (isStopped) return;
      worker = await startJobWorker({ url, jobs, tasks, log });
      void worker.ended.then(beginAgain);
    } catch (error) {
      log.warn({ error }, 'the job queue does not work; trying again');
      beginAgain();
    }
  };
  const beginAgain = (): void => {
    worker = undefined;
    if (isStopped) return;
    timer = setTimeout(() => {
      starting = begin();
    }, RESTART_MS);
    timer.unref();
  };

  return {
    start() {
      starting = begin();
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await starting;
      await worker?.stop();
    },
  };
}

/** Whatever was due while nobody was there is run once, however often it was due. */
export async function catchUp(database: Database, jobs: readonly Job[], nowMs: number): Promise<JobName[]> {
  return withPlatform(database, 'run the jobs that were due while nobody was there', async (tx) => {
    const histories = await listHistories(
      tx,
      jobs.map(({ name }) => name),
    );
    const missed = jobs
      .filter((job) => {
        const succeededMs = histories.get(job.name)?.succeededAt?.getTime() ?? Number.NEGATIVE_INFINITY;
        return succeededMs < dueBefore(scheduleOf(job).rhythm, nowMs);
      })
      .map(({ name }) => name);
    for (const name of missed) await insertQueuedJob(tx, { name, cause: 'catch_up', attemptsMax: attemptsOf(name) });
    return missed;
  });
}
