// Owns: building background jobs: the queue with its worker, the rounds of each replica that are too frequent for it, what is measured of both. Not: what a job does
// (src/jobs), or the data plane's own rounds (maintenance.ts).

import { statfs } from 'node:fs/promises';
import type { Route } from '../../contracts/route.ts';
import { createUsageRollUps } from '../../control/analytics/index.ts';
import type { Audit } from '../../control/audit/index.ts';
import type { People, RetentionService } from '../../control/identity/index.ts';
import { createDenialUpkeep } from '../../control/quotas/index.ts';
import { ensureUsagePartitions } from '../../database/partitions.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import {
  type AskProviders,
  createJobAdminService,
  createJobQueue,
  createJobRunner,
  createJobs,
  findDrift,
  jobRoutes,
  listLateJobs,
  listScheduled,
  type Rhythm,
} from '../../jobs/index.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { LookAtCertificate } from '../health/own-certificate.ts';
import type { Log } from '../logging/log.ts';
import type { ApiLatencies } from '../metrics/api-latencies.ts';
import { createJobGauges, type JobGauges } from '../metrics/job-gauges.ts';
import { hasFewEvents } from '../metrics/measurements.ts';
import { clearRates, removeIdempotency, removeLatencies } from '../rounds/control-removals.ts';
import { removeMinuteCounters } from '../rounds/maintenance.ts';
import { createRounds } from '../rounds/rounds.ts';
import type { Governance } from './compose-governance.ts';

/** What only the server has of what jobs need. */
export interface JobSurroundings {
  /** Whether this process works through the queue. */
  readonly isWorking: boolean;
  /** As the run-time login. */
  readonly databaseUrl: string;
  /** A pool as `weir_service` whose statements may take minutes. */
  readonly service: Database;
  /** Weir's folder, whose disk is watched. */
  readonly directory: string;
  readonly askProviders: AskProviders;
  readonly measureDrift: () => Promise<number | null>;
  readonly latencies: ApiLatencies;
  readonly lookAtCertificate: LookAtCertificate;
  /** When backups are made, and how; null where no folder for them is set. */
  readonly backup: { readonly rhythm: Rhythm; run(nowMs: number): Promise<Record<string, number>> } | null;
  /** Mail past its time; gives how many. */
  readonly removeMail: (limit: number) => Promise<number>;
}

/** What jobs are made of. */
export interface JobOptions extends JobSurroundings {
  /** The control plane's pool as `weir_service`. */
  readonly database: Database;
  readonly audit: Audit;
  readonly people: Pick<People, 'expireInvitations' | 'resumeMembers'>;
  readonly retention: RetentionService;
  readonly governance: Governance;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Jobs, from `start` to `stop`. */
export interface Jobs {
  readonly routes: readonly Route[];
  readonly gauges: () => JobGauges;
  start(): void;
  stop(): Promise<void>;
}

const SECOND_MS = 1_000;
/** How soon people are told of what concerns them, at the latest. */
const DISPATCH_MS = 2 * SECOND_MS;
const DISPATCH_BATCH = 200;
/** How soon a threshold of a budget is seen. */
const THRESHOLDS_MS = 5 * SECOND_MS;
const THRESHOLDS_BATCH = 500;
const GAUGES_MS = 15 * SECOND_MS;
/** How soon other replicas know of this one's times. */
const LATENCIES_MS = 5 * SECOND_MS;

/** Builds them; nothing runs before `start`. */
export function composeJobs(options: JobOptions): Jobs {
  const { service, database, audit, clock, random, log, governance, isWorking } = options;
  let isStopping = false;
  const scheduled = listScheduled(options.backup?.rhythm ?? null);
  const jobs = createJobs({ ...partsOf(options, scheduled), database: service }, scheduled);
  const runner = createJobRunner({ database: service, clock, random, log, isStopping: () => isStopping });
  const queue = createJobQueue({ url: options.databaseUrl, database: service, jobs, runner, clock, log });
  const gauges = createJobGauges({ database: service, jobs });
  const { dispatcher, stream } = governance.notifications;
  const rounds = [
    createRounds({
      ...{ name: 'tell people what concerns them', intervalMs: DISPATCH_MS, log },
      round: async () => {
        while (!isStopping && (await dispatcher.dispatch(DISPATCH_BATCH)).events === DISPATCH_BATCH);
      },
    }),
    createRounds({
      ...{ name: 'see thresholds of budgets', intervalMs: THRESHOLDS_MS, log },
      round: async () => void (await governance.budgets.checkThresholds(THRESHOLDS_BATCH)),
    }),
    createRounds({
      ...{ name: 'share how long requests took', intervalMs: LATENCIES_MS, log },
      round: options.latencies.write,
    }),
    createRounds({ name: 'measure jobs', intervalMs: GAUGES_MS, log, round: gauges.measure }),
  ];
  return {
    routes: jobRoutes({ jobAdmin: createJobAdminService({ database, audit, jobs, clock }) }),
    gauges: gauges.current,
    start() {
      if (isWorking) queue.start();
      for (const each of rounds) each.start();
    },
    async stop() {
      isStopping = true;
      stream.stop();
      await Promise.all([queue.stop(), ...rounds.map((each) => each.stop())]);
    },
  };
}

/** The faces of the domains, as jobs call them. */
function partsOf(
  options: JobOptions,
  scheduled: ReturnType<typeof listScheduled>,
): Omit<Parameters<typeof createJobs>[0], 'database'> {
  const { service, governance, retention, people, askProviders, measureDrift, directory } = options;
  const { credits, budgets, notifications } = governance;
  const { dispatcher } = notifications;
  const denials = createDenialUpkeep({ database: service });
  return {
    ...{ retention, people, credits, budgets, dispatcher, askProviders, measureDrift },
    // Another than requests are answered with: its statements may take minutes.
    usage: createUsageRollUps({ ...options, database: service }),
    evaluator: notifications.evaluator({
      driftedCounters: findDrift,
      lateJobs: (tx, nowMs) => listLateJobs(tx, nowMs, scheduled),
      diskUse: () => readDiskUse(directory),
      certificate: options.lookAtCertificate,
    }),
    backUp: options.backup === null ? null : options.backup.run,
    hasFewEvents: () => hasFewEvents(service),
    ensurePartitions: async () =>
      (await withPlatform(service, 'make partitions ahead', ensureUsagePartitions)) +
      (await denials.ensureTracePartitions()),
    removals: {
      answers: (limit) => removeIdempotency(service, limit),
      rates: (limit) => clearRates(service, limit),
      minute_counters: (limit) => removeMinuteCounters(service, limit),
      latencies: (limit) => removeLatencies(service, limit),
      mail: options.removeMail,
      denials: denials.dropOldTraces,
      notifications: notifications.removeOld,
      product_events: notifications.removeOldEvents,
    },
  };
}

/** Share of the disk in use; null where the system doesn't say. */
async function readDiskUse(directory: string): Promise<number | null> {
  try {
    const { blocks, bavail } = await statfs(directory);
    return blocks === 0 ? null : 1 - bavail / blocks;
  } catch {
    return null;
  }
}
