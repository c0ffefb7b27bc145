// Owns: one life of graphile-worker: its pool, its schedule, its log, its end. Not: beginning anew after that (job-queue.ts), or what a task does.

import type { TaskList } from 'graphile-worker';
import pg from 'pg';
import { CONNECT_TIMEOUT_MS, urlForRole } from '../database/connection.ts';
import { QUEUE_SCHEMA } from '../database/queue-schema.ts';
import type { JobsLog } from './jobs-log.ts';
import { cronOf } from './schedule.rules.ts';
import { type JobName, SCHEDULE, type ScheduledJob, scheduleOf } from './schedule.ts';

/** A worker that works. */
export interface JobWorker {
  /** When it has ended, by itself or by `stop`, and its connections are closed. Never rejects. */
  readonly ended: Promise<void>;
  /** Takes no more jobs and waits for those under way. Never rejects. */
  stop(): Promise<void>;
}

/** Jobs at once in one process. */
const CONCURRENCY = 2;
/** One to listen, one to schedule, and those that fetch and end jobs. */
const CONNECTIONS = CONCURRENCY + 2;
/** New jobs are told of; this is for when the news or the connection is lost. */
const POLL_MS = 2_000;
/** A job that comes every few minutes is tried again by its next turn; others with growing pauses, for some hours. */
const ATTEMPTS = 10;
const TROUBLE_PAUSE_MS = 60_000;

/** How often a job is tried for one moment at which it was due. */
export function attemptsOf(name: JobName): number {
  return SCHEDULE[name].rhythm.every === 'minutes' ? 1 : ATTEMPTS;
}

/** Begins to work. Rejects when the queue can't be reached. `url` with a login that may become `weir_service`. */
export async function startJobWorker(options: {
  readonly url: string;
  readonly jobs: readonly ScheduledJob[];
  readonly tasks: TaskList;
  readonly log: JobsLog;
}): Promise<JobWorker> {
  const { url, jobs, tasks, log } = options;
  const { Logger, parseCronItems, run } = await import('graphile-worker');
  const pool = createPool(url);
  try {
    const write = createWriter(log);
    const runner = await run({
      ...{ pgPool: pool, schema: QUEUE_SCHEMA, taskList: tasks, concurrency: CONCURRENCY, pollInterval: POLL_MS },
      noHandleSignals: true,
      // Without a batch the end of a job is sent by a promise that nobody waits for: with the database away, it would end the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
      logger: new Logger(() => (level, message, meta) => {
        // A job that failed is said by the runner.
        if (meta?.failure !== true) write(level, message);
      }),
      parsedCronItems: parseCronItems(
        jobs.map((job) => ({
          ...{ task: job.name, identifier: job.name, match: cronOf(scheduleOf(job).rhythm) },
          options: { jobKey: job.name, maxAttempts: attemptsOf(job.name) },
        })),
      ),
    });
    const ended = runner.promise
      .catch((error: unknown) => log.warn({ error }, 'the job queue stopped working'))
      .then(() => pool.end())
      .catch(() => {});
    return {
      ended,
      // One that ended by itself in the same moment says that it can't be stopped.
      stop: () =>
        runner.stop().then(
          () => ended,
          () => ended,
        ),
    };
  } catch (error) {
    await pool.end().catch(() => {});
    throw error;
  }
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

/** Trouble is said once a minute at most: the queue tells of every attempt. The rest is for whoever looks for a fault. */
function createWriter(log: JobsLog): (level: string, message: string) => void {
  let isSaid = false;
  return (level, message) => {
    const fields = { detail: message };
    if (level !== 'error' || isSaid) {
      log.debug(fields, 'job queue');
      return;
    }
    isSaid = true;
    setTimeout(() => {
      isSaid = false;
    }, TROUBLE_PAUSE_MS).unref();
    log.warn(fields, 'the job queue has trouble; it goes on trying');
  };
}
