// Owns: working through the queue with graphile-worker: its pool, its schedule, catching up after an absence, its log, its end. Not: what a job does or records
// (job-runner.ts), or the queue's tables (src/database/queue-schema.ts).

import type { Runner, TaskList } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';
import { jobCauses } from '../contracts/platform/jobs.ts';
import { CONNECT_TIMEOUT_MS, urlForRole } from '../database/connection.ts';
import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import { QUEUE_SCHEMA } from '../database/queue-schema.ts';
import type { Clock } from '../primitives/clock.ts';
import type { Job } from './job.ts';
import { insertQueuedJob } from './job-queue.queries.ts';
import { listHistories } from './job-run.queries.ts';
import type { JobRunner } from './job-runner.ts';
import type { JobsLog } from './jobs-log.ts';
import { cronOf, dueBefore } from './schedule.rules.ts';
import { type JobName, SCHEDULE } from './schedule.ts';

/** What works through the queue, from `start` to `stop`. */
export interface JobQueue {
  /** In the background: the server serves whether or not the queue is there. */
  start(): void;
  /** Takes no more jobs and waits for those under way. */
  stop(): Promise<void>;
}

/** Jobs at once in one process. */
const CONCURRENCY = 2;
/** One to listen, one to schedule, and those that fetch and end jobs. */
const CONNECTIONS = CONCURRENCY + 2;
/** New jobs are told of; this is for when the news is lost. */
const POLL_MS = 10_000;
const RESTART_MS = 10_000;
/** A job that comes every few minutes is tried again by its next turn; others with growing pauses, for about half a day. */
const ATTEMPTS = 10;

const payloadSchema = z.object({ cause: jobCauses.default('schedule') });

/** How often a job is tried for one moment at which it was due. */
export function attemptsOf(name: JobName): number {
  return SCHEDULE[name].rhythm.every === 'minutes' ? 1 : ATTEMPTS;
}

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
  let working: Runner | undefined;
  let starting: Promise<void> = Promise.resolve();

  const begin = async (): Promise<void> => {
    const pool = createPool(url);
    try {
      await catchUp(database, jobs, clock.nowMs());
      const { Logger, parseCronItems, run } = await import('graphile-worker');
      if (isStopped) return void (await pool.end());
      working = await run({
        ...{ pgPool: pool, schema: QUEUE_SCHEMA, taskList: tasks, concurrency: CONCURRENCY, pollInterval: POLL_MS },
        noHandleSignals: true,
        logger: new Logger(() => (level, message, meta) => {
          // A job that failed is said by the runner.
          if (meta?.failure !== true) write(log, level, message);
        }),
        parsedCronItems: parseCronItems(
          jobs.map(({ name }) => ({
            ...{ task: name, identifier: name, match: cronOf(SCHEDULE[name].rhythm) },
            options: { jobKey: name, maxAttempts: attemptsOf(name) },
          })),
        ),
      });
      const over = working.promise.catch((error: unknown) => log.warn({ error }, 'the job queue stopped working'));
      void over.then(() => pool.end()).then(() => restart());
    } catch (error) {
      await pool.end().catch(() => {});
      log.warn({ error }, 'the job queue does not work; trying again');
      restart();
    }
  };
  const restart = (): void => {
    working = undefined;
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
      await working?.stop();
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
      .map(({ name }) => name)
      .filter((name) => {
        const succeededMs = histories.get(name)?.succeededAt?.getTime() ?? Number.NEGATIVE_INFINITY;
        return succeededMs < dueBefore(SCHEDULE[name].rhythm, nowMs);
      });
    for (const name of missed) await insertQueuedJob(tx, { name, cause: 'catch_up', attemptsMax: attemptsOf(name) });
    return missed;
  });
}

/** With pg's own value parsers: the queue reads ids as texts. */
function createPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: urlForRole(url, 'weir_service'),
    application_name: 'weir jobs',
    max: CONNECTIONS,
    keepAlive: true,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

/** What goes on in the queue is for whoever looks for a fault. */
function write(log: JobsLog, level: string, message: string): void {
  const fields = { detail: message };
  if (level === 'error') log.warn(fields, 'the job queue has trouble; it goes on trying');
  else log.debug(fields, 'job queue');
}
