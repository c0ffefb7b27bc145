// Owns: the face of background jobs: what the server may use. Not: how any of it is done.

export { findDrift, listLateJobs } from './alert-sources.ts';
export { createJobs } from './create-jobs.ts';
export { jobRoutes } from './job-admin.routes.ts';
export { createJobAdminService } from './job-admin.service.ts';
export { readQueueDepth } from './job-queue.queries.ts';
export { createJobQueue } from './job-queue.ts';
export { listHistories } from './job-run.queries.ts';
export { createJobRunner } from './job-runner.ts';
export type { AskProviders } from './provider-health.ts';
export { rhythmOfCron } from './schedule.rules.ts';
export { listScheduled, type Rhythm } from './schedule.ts';
