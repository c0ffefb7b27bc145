// Owns: what each job of the schedule does, one line or two a job. Not: how it is done (the faces of the domains), when (schedule.ts), or that it is recorded
// (job-runner.ts).

import type { UsageRollUps } from '../control/analytics/index.ts';
import type { Credits } from '../control/credits/index.ts';
import type { People, RetentionService } from '../control/identity/index.ts';
import type { AlertEvaluator, Dispatcher } from '../control/notifications/index.ts';
import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';
import { findVerified } from './alert-sources.ts';
import { inBatches, type Job, type JobContext, type JobCounts } from './job.ts';
import { deleteRuns } from './job-run.queries.ts';
import { closePeriod } from './period-close.ts';
import { type AskProviders, watchProviders } from './provider-health.ts';
import type { JobName, ScheduledJob } from './schedule.ts';

/** What jobs are made of: the faces of the domains, and what only the server can do. */
export interface JobParts {
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly retention: RetentionService;
  readonly people: Pick<People, 'expireInvitations' | 'resumeMembers'>;
  readonly credits: Pick<Credits, 'refreshDue' | 'expireLots' | 'warnLow'>;
  readonly budgets: { checkBudgets(pageSize: number): Promise<{ evaluated: number; fired: number; resolved: number }> };
  /** Over a pool whose statements may take minutes. */
  readonly usage: UsageRollUps;
  readonly dispatcher: Dispatcher;
  readonly evaluator: AlertEvaluator;
  readonly askProviders: AskProviders;
  /** Counters that differ from their events, which reads all that are kept; null while another process looks. */
  readonly measureDrift: () => Promise<number | null>;
  /** Whether so few events are kept that reading all is nothing. */
  readonly hasFewEvents: () => Promise<boolean>;
  /** Makes the partitions that are missing; gives how many. */
  readonly ensurePartitions: () => Promise<number>;
  /** Writes a backup and drops old ones; null where no folder for them is set. */
  readonly backUp: ((nowMs: number) => Promise<JobCounts>) | null;
  /** Whatever is kept only for a while, by what it is called in a run's counts; each removes up to so many and gives how many. */
  readonly removals: Readonly<Record<string, (limit: number) => Promise<number>>>;
}

const MANY = { size: 5_000, batches: 20 } as const;
const SOME = { size: 200, batches: 50 } as const;
/** Each takes everything of its tenant along. */
const ORGANIZATIONS = { size: 10, batches: 1 } as const;
const BUDGETS_PAGE = 200;
const ROLL_UP_ROUNDS = 20;
/** Runs are kept so long; the last success of a job for ever. */
const RUNS_KEPT_DAYS = 14;
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const VERIFY_HOUR = 3;

/** The jobs that this installation runs. */
export function createJobs(parts: JobParts, scheduled: readonly ScheduledJob[]): Job[] {
  const { database, credits, people, retention } = parts;
  const work: Readonly<Record<JobName, (context: JobContext) => Promise<JobCounts>>> = {
    day_close: ({ nowMs }) => closePeriod(database, 'daily', nowMs),
    week_close: async (context) => {
      await rollUp(parts.usage, context);
      return closePeriod(database, 'weekly', context.nowMs);
    },
    month_close: async (context) => {
      await rollUp(parts.usage, context);
      return closePeriod(database, 'monthly', context.nowMs);
    },
    credit_refresh: async (context) => ({
      refreshed: await inBatches(context, SOME, credits.refreshDue),
      expired: await inBatches(context, SOME, credits.expireLots),
      warned: await inBatches(context, SOME, credits.warnLow),
    }),
    usage_rollup: (context) => rollUp(parts.usage, context),
    ledger_verify: async ({ nowMs }) => {
      if (!(await isVerifyingDue(parts, nowMs))) return {};
      const drifted = await parts.measureDrift();
      const { drift, hoursRepaired } = await parts.usage.verify();
      return {
        ...(drifted === null ? {} : { drifted }),
        ...{ sums_drifted: drift.length, hours_repaired: hoursRepaired },
      };
    },
    provider_health: ({ nowMs }) => watchProviders(parts, nowMs),
    budget_check: async () => {
      const { evaluated, fired, resolved } = await parts.budgets.checkBudgets(BUDGETS_PAGE);
      return { evaluated, fired, resolved };
    },
    alert_rules: async ({ nowMs }) => ({ ...(await parts.evaluator.evaluate(nowMs)) }),
    notifications: async (context) => {
      let notifications = 0;
      const events = await inBatches(context, SOME, async (limit) => {
        const turn = await parts.dispatcher.dispatch(limit);
        notifications += turn.notifications;
        return turn.events;
      });
      return { events, notifications };
    },
    partitions: async () => ({
      made: (await parts.ensurePartitions()) + (await parts.usage.retention()).partitionsMade,
    }),
    retention: async (context) => {
      const removed: Record<string, number> = {};
      for (const [name, remove] of Object.entries(parts.removals))
        removed[name] = await inBatches(context, MANY, remove);
      const before = new Date(context.nowMs - RUNS_KEPT_DAYS * DAY_MS);
      removed.job_runs = await inBatches(context, MANY, (limit) =>
        withPlatform(database, 'remove old runs of jobs', (tx) => deleteRuns(tx, before, limit)),
      );
      const { monthsDropped, recordsForgotten } = await parts.usage.retention();
      Object.assign(removed, { months_of_hours: monthsDropped, usage_records: recordsForgotten });
      removed.organizations = await inBatches(context, ORGANIZATIONS, retention.purgeOrganizations);
      return removed;
    },
    expiries: async (context) => ({
      invitations: await inBatches(context, MANY, people.expireInvitations),
      pauses: await inBatches(context, SOME, people.resumeMembers),
      sessions: await inBatches(context, MANY, retention.removeEnded),
    }),
    backup: async ({ nowMs }) => (await parts.backUp?.(nowMs)) ?? {},
  };
  return scheduled.map((job) => ({ ...job, run: work[job.name] }));
}

/** Every hour while it reads little; else once a day, at night. */
async function isVerifyingDue({ database, hasFewEvents }: JobParts, nowMs: number): Promise<boolean> {
  const lastMs = await withPlatform(database, 'see when the ledger was last verified', findVerified);
  const isNight = new Date(nowMs).getUTCHours() === VERIFY_HOUR;
  const ageMs = nowMs - (lastMs ?? Number.NEGATIVE_INFINITY);
  return ageMs > DAY_MS + HOUR_MS || (isNight && ageMs > HOUR_MS) || hasFewEvents();
}

/** Until nothing new is left, or so many steps are done. */
async function rollUp(usage: UsageRollUps, { isStopping }: JobContext): Promise<JobCounts> {
  let events = 0;
  for (let round = 0; round < ROLL_UP_ROUNDS && !isStopping(); round += 1) {
    const report = await usage.rollUp();
    events += report.eventsFolded;
    if (report.isDone) break;
  }
  return { events };
}
