// Owns: what each replica of the data plane does every few seconds or minutes, whether or not the job queue works: ending expired holds, removing idempotency keys,
// looking at the ledger's health. Not: what each of them does in the database, or what jobs do (src/jobs). Every task may run on many replicas at once.

import { sql } from 'kysely';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { LedgerTrouble } from '../../ledger/store/lane-watch.ts';
import type { Log } from '../logging/log.ts';
import type { Measurer } from '../metrics/measurements.ts';
import { createRounds, type Rounds } from './rounds.ts';

/** What the tasks work with. */
export interface MaintenanceOptions {
  readonly log: Log;
  readonly measurer: Measurer;
  readonly sweepIntervalMs: number;
  readonly ledgerTrouble: () => LedgerTrouble | null;
  /** Ends up to so many expired holds; gives how many. */
  readonly sweepHolds: (limit: number) => Promise<number>;
  /** Removes up to so many idempotency keys past their time; gives how many. */
  readonly sweepIdempotency: (limit: number) => Promise<number>;
  readonly onSweep: (ended: number) => void;
}

/** Every task. */
export interface Maintenance {
  start(): void;
  stop(): Promise<void>;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
/** A task takes so much at once, and so often in one round. */
const SWEEP_BATCH = 500;
const DELETE_BATCH = 5_000;
const BATCHES_PER_ROUND = 100;

/** The tasks, not yet running. */
export function createMaintenance(options: MaintenanceOptions): Maintenance {
  const { log, measurer } = options;
  const tasks: Rounds[] = [
    createRounds({
      name: 'commit holds and settlements',
      intervalMs: SECOND_MS,
      log,
      round: async () => refuseTrouble(options.ledgerTrouble()),
    }),
    createRounds({
      name: 'sweep expired holds',
      intervalMs: options.sweepIntervalMs,
      log,
      round: async () => {
        const ended = await untilNothingIsLeft(SWEEP_BATCH, options.sweepHolds);
        if (ended > 0) {
          options.onSweep(ended);
          log.warn({ holds: ended }, 'expired holds were booked as estimated');
        }
      },
    }),
    createRounds({
      name: 'measure',
      intervalMs: 15 * SECOND_MS,
      firstDelayMs: 0,
      log,
      round: () => measureAndWarn(measurer, log),
    }),
    createRounds({
      name: 'remove old idempotency keys',
      intervalMs: 5 * MINUTE_MS,
      log,
      round: async () => {
        await untilNothingIsLeft(DELETE_BATCH, options.sweepIdempotency);
      },
    }),
  ];
  return {
    start: () => {
      for (const task of tasks) task.start();
    },
    stop: async () => {
      await Promise.all(tasks.map((task) => task.stop()));
    },
  };
}

/** Throws what the log is to say of the ledger. */
function refuseTrouble(trouble: LedgerTrouble | null): void {
  if (trouble === null) return;
  const { forMs, cause } = trouble;
  const reason = cause === undefined ? '; somebody may hold a lock (pg_blocking_pids tells who)' : '';
  throw new Error(`calls are refused: nothing was committed for ${Math.round(forMs / SECOND_MS)} s${reason}`, {
    cause,
  });
}

async function untilNothingIsLeft(limit: number, work: (limit: number) => Promise<number>): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < BATCHES_PER_ROUND; batch += 1) {
    const done = await work(limit);
    total += done;
    if (done < limit) break;
  }
  return total;
}

async function measureAndWarn(measurer: Measurer, log: Log): Promise<void> {
  const before = measurer.current().defaultPartitionRows ?? 0;
  await measurer.measure();
  const rows = measurer.current().defaultPartitionRows ?? 0;
  if (rows > 0 && before === 0) log.error({ rows }, 'events found no monthly partition; see "weir doctor"');
}

/**
 * Counters of minutes are of no use once the minute and every hold of it are over; two days are longer than a hold may live. Events keep what was
 * used, so nothing is lost.
 */
export async function removeMinuteCounters(database: Database, limit: number): Promise<number> {
  const result = await withPlatform(database, 'remove counters of past minutes', (tx) =>
    sql`delete from weir.counters where id = any (array(
      select c.id from weir.counters c where c.window_end < now() - interval '2 days'
        and c.window_end - c.window_start <= interval '1 minute' and c.held = 0 limit ${limit}))`.execute(tx),
  );
  return Number(result.numAffectedRows ?? 0n);
}
