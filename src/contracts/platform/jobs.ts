// Owns: the endpoints of background jobs: what there is, how it went, and running one now. Not: what a job does (src/jobs).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { jobCauses, jobRunStatuses } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

const jobName = z.string().regex(/^[a-z][a-z0-9_]{1,60}$/);
const instant = z.iso.datetime();

const jobRun = z.strictObject({
  id: z.uuid(),
  job: z.string(),
  cause: jobCauses,
  status: jobRunStatuses,
  attempt: z.number().int(),
  started_at: instant,
  finished_at: instant.nullable(),
  duration_ms: z.number().int().nullable(),
  counts: z.record(z.string().max(100), z.number()).describe('What it did, in numbers of its own.'),
  error: z.string().nullable(),
});

const job = z.strictObject({
  name: z.string(),
  title: z.string(),
  schedule: z.string().describe('When it runs, as cron in UTC.'),
  next_run_at: instant,
  is_late: z.boolean().describe('It has not succeeded within the time that it may take.'),
  late_after_minutes: z.number().int(),
  last_run: jobRun.nullable(),
  last_success_at: instant.nullable(),
});

const admin = { tag: 'Platform', role: 'superadmin' } as const;
const byName = z.strictObject({ name: jobName });

export const jobEndpoints = {
  list: defineEndpoint({
    ...admin,
    operationId: 'listJobs',
    method: 'GET',
    path: '/api/admin/jobs',
    summary: 'Every background job: when it runs, how it last went, whether it is late',
    output: single(z.array(job).max(100)),
  }),
  runs: defineEndpoint({
    ...admin,
    operationId: 'listJobRuns',
    method: 'GET',
    path: '/api/admin/jobs/{name}/runs',
    summary: 'The runs of a job, newest first',
    params: byName,
    query: z.strictObject({ status: jobRunStatuses.optional(), ...pageParameters }),
    output: pageOf(jobRun),
  }),
  run: defineEndpoint({
    ...admin,
    operationId: 'runJob',
    method: 'POST',
    path: '/api/admin/jobs/{name}/run',
    summary: 'Run a job as soon as a worker is free; asked for twice, it runs once',
    impersonation: 'refused',
    params: byName,
    status: 202,
    output: single(z.strictObject({ job: z.string(), queued: z.literal(true) })),
  }),
} as const;
