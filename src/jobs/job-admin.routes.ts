// Owns: the routes of background jobs, and a job and a run as JSON. Not: what the acts do.

import { jobEndpoints } from '../contracts/platform/jobs.ts';
import { implement, type Route } from '../contracts/route.ts';
import type { JobAdminService, JobState } from './job-admin.service.ts';
import type { JobRun } from './job-run.queries.ts';

/** All of them. */
export function jobRoutes({ jobAdmin }: { readonly jobAdmin: JobAdminService }): Route[] {
  return [
    implement(jobEndpoints.list, async ({ caller }) => ({ data: (await jobAdmin.list(caller)).map(jobJson) })),
    implement(jobEndpoints.runs, async ({ caller, params, query }) => {
      const { items, nextCursor } = await jobAdmin.runs(caller, params.name, query);
      return { data: items.map(runJson), next_cursor: nextCursor };
    }),
    implement(jobEndpoints.run, async ({ caller, params }) => {
      await jobAdmin.run(caller, params.name);
      return { data: { job: params.name, queued: true as const } };
    }),
  ];
}

function jobJson(job: JobState) {
  const { name, title, cron, nextRunAt, isLate, lateAfterMinutes, last, succeededAt } = job;
  return {
    ...{ name, title, schedule: cron, next_run_at: nextRunAt.toISOString() },
    ...{ is_late: isLate, late_after_minutes: lateAfterMinutes },
    last_run: last === null ? null : runJson(last),
    last_success_at: succeededAt?.toISOString() ?? null,
  };
}

function runJson(run: JobRun) {
  const { id, job, cause, status, attempt, startedAt, finishedAt, counts, error } = run;
  return {
    ...{ id, job, cause, status, attempt, counts: { ...counts }, error },
    ...{ started_at: startedAt.toISOString(), finished_at: finishedAt?.toISOString() ?? null },
    duration_ms: finishedAt === null ? null : finishedAt.getTime() - startedAt.getTime(),
  };
}
