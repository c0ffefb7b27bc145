// Owns: what superadmins see of jobs and do with them. Not: running them (job-queue.ts).

import { z } from 'zod';
import type { Caller } from '../contracts/caller.ts';
import type { JobRunStatus } from '../contracts/enumerations.ts';
import { instant } from '../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../contracts/paging.ts';
import type { Audit } from '../control/audit/index.ts';
import type { Database } from '../database/pool.ts';
import { withPlatform, withPrincipal } from '../database/principal.ts';
import type { Clock } from '../primitives/clock.ts';
import { WeirError } from '../primitives/errors.ts';
import type { Job } from './job.ts';
import { insertQueuedJob } from './job-queue.queries.ts';
import { findFirstRun, type JobHistory, type JobRun, listHistories, listRuns } from './job-run.queries.ts';
import { attemptsOf } from './job-worker.ts';
import { cronOf, dueAfter, isLate } from './schedule.rules.ts';
import { type JobName, type ScheduledJob, scheduleOf } from './schedule.ts';

/** A job as it is told. */
export interface JobState extends JobHistory {
  readonly name: JobName;
  readonly title: string;
  readonly cron: string;
  readonly nextRunAt: Date;
  readonly isLate: boolean;
  readonly lateAfterMinutes: number;
}

/** The acts. A name that no job has is 404 `not_found`. */
export interface JobAdminService {
  list(caller: Caller): Promise<JobState[]>;
  runs(
    caller: Caller,
    name: string,
    page: PageRequest & { readonly status?: JobRunStatus | undefined },
  ): Promise<Page<JobRun>>;
  /** Puts it into the queue, to be run as soon as a worker is free. */
  run(caller: Caller, name: string): Promise<void>;
}

const place = z.tuple([instant, z.uuid()]);

/** Over the given database. */
export function createJobAdminService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly jobs: readonly Job[];
  readonly clock: Clock;
}): JobAdminService {
  const { database, audit, jobs, clock } = options;
  const names = jobs.map(({ name }) => name);
  const nameOf = (name: string): JobName => {
    const known = names.find((each) => each === name);
    if (known === undefined) throw new WeirError('not_found');
    return known;
  };
  return {
    list: (caller) =>
      withPrincipal(database, caller, async (tx) => {
        const nowMs = clock.nowMs();
        const histories = await listHistories(tx, names);
        const firstRun = await findFirstRun(tx);
        return jobs.map((job) => stateOf(job, histories.get(job.name), { nowMs, firstRun }));
      }),

    async runs(caller, name, { limit, cursor, status }) {
      const job = nameOf(name);
      const after = cursor === undefined ? null : decodeCursor(cursor, place);
      const rows = await withPrincipal(database, caller, (tx) =>
        listRuns(tx, job, { limit: limit + 1, after, status }),
      );
      return toPage(rows, limit, ({ startedAt, id }) => [startedAt.toISOString(), id]);
    },

    async run(caller, name) {
      const job = nameOf(name);
      await withPlatform(database, 'run a job by hand', async (tx) => {
        await insertQueuedJob(tx, { name: job, cause: 'manual', attemptsMax: attemptsOf(job) });
        await audit.record(tx, caller, {
          ...{ action: 'job.run', targetType: 'job', targetId: job, organizationId: null },
        });
      });
    },
  };
}

/** How a job stands. */
export function stateOf(
  job: ScheduledJob,
  history: JobHistory | undefined,
  now: { readonly nowMs: number; readonly firstRun: Date | null },
): JobState {
  const schedule = scheduleOf(job);
  const succeededAt = history?.succeededAt ?? null;
  const knownSinceMs = now.firstRun?.getTime() ?? now.nowMs;
  return {
    ...{ name: job.name, title: schedule.title, cron: cronOf(schedule.rhythm) },
    ...{ last: history?.last ?? null, succeededAt, lateAfterMinutes: schedule.lateAfterMinutes },
    nextRunAt: new Date(dueAfter(schedule.rhythm, now.nowMs)),
    isLate: isLate(schedule, { succeededMs: succeededAt?.getTime() ?? null, knownSinceMs }, now.nowMs),
  };
}
