// Owns: what keeps the sums of use: adding up, checking, letting old hours go. Safe to run at any time, on many replicas. Not: when it runs (jobs), or the questions.

import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import {
  dropOldHours,
  ensureHourPartitions,
  foldUsage,
  forgetRecords,
  listDrift,
  repairUsage,
  type UsageDrift,
} from './roll-up.queries.ts';

/** Events of one step, which is one transaction: some seconds at most. */
const STEP_EVENTS = 200_000;
/** Steps of one round: after days without a round the next few catch up. */
const STEPS_MAX = 25;
/** Longer than any batch of the ledger needs from taking its time to its first lock. */
const SETTLE_MS = 10_000;
const DAY_MS = 86_400_000;
const VERIFY_DAYS = 3;
const MONTHS_AHEAD = 3;
/** Hours are kept a year and a month, days for ever. */
const HOURS_KEPT_DAYS = 396;
/** Longer than a call may be told of after it was made. */
const RECORDS_KEPT_DAYS = 45;
const RECORDS_STEP = 10_000;

/** What a round of adding up did. */
export interface RollUpReport {
  readonly eventsFolded: number;
  /** Milliseconds since the line: younger events are read one by one; null: there was never an event. */
  readonly lagMs: number | null;
  /** Nothing was left to add up. */
  readonly isDone: boolean;
}

/** The rounds. */
export interface UsageRollUps {
  /** Adds up what was booked since the last round. `settleMs` only for tests that let nobody write meanwhile. */
  rollUp(options?: { readonly settleMs?: number }): Promise<RollUpReport>;
  /** Compares the sums of the last days with their events and makes differing hours anew. What it gives was wrong: an alarm. */
  verify(): Promise<{ readonly drift: readonly UsageDrift[]; readonly hoursRepaired: number }>;
  /** Makes partitions ahead and lets go of what is past its time. */
  retention(): Promise<{
    readonly partitionsMade: number;
    readonly monthsDropped: number;
    readonly recordsForgotten: number;
  }>;
}

/** Over the given database, as the platform. */
export function createUsageRollUps(options: { readonly database: Database; readonly clock: Clock }): UsageRollUps {
  const { database, clock } = options;
  return {
    async rollUp({ settleMs = SETTLE_MS } = {}) {
      let eventsFolded = 0;
      let lagMs: number | null = null;
      for (let step = 0; step < STEPS_MAX; step += 1) {
        const done = await withPlatform(database, 'add use up', (tx) =>
          foldUsage(tx, { eventsMax: STEP_EVENTS, settleMs }),
        );
        eventsFolded += Number(done.eventsFolded);
        lagMs = done.foldedTo === null ? null : Math.max(0, clock.nowMs() - done.foldedTo.getTime());
        if (done.isDone) return { eventsFolded, lagMs, isDone: true };
      }
      return { eventsFolded, lagMs, isDone: false };
    },

    async verify() {
      const to = new Date(clock.nowMs() + DAY_MS);
      const range = { from: new Date(to.getTime() - (VERIFY_DAYS + 1) * DAY_MS), to };
      const drift = await withPlatform(database, 'compare sums of use with events', (tx) => listDrift(tx, range));
      if (drift.length === 0) return { drift, hoursRepaired: 0 };
      const hoursRepaired = await withPlatform(database, 'repair sums of use', (tx) => repairUsage(tx, range));
      return { drift, hoursRepaired };
    },

    async retention() {
      const [partitionsMade, monthsDropped] = await withPlatform(database, 'keep sums of use', async (tx) => [
        await ensureHourPartitions(tx, MONTHS_AHEAD),
        await dropOldHours(tx, HOURS_KEPT_DAYS),
      ]);
      const recordsForgotten = await withPlatform(database, 'forget old ids of use', (tx) =>
        forgetRecords(tx, { days: RECORDS_KEPT_DAYS, rowsMax: RECORDS_STEP }),
      );
      return { partitionsMade, monthsDropped, recordsForgotten: Number(recordsForgotten) };
    },
  };
}
