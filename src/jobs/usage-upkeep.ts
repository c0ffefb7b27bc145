// Owns: what is done for the sums of use from time to time, through the functions of migration 000130. Not: how they add up, or what is asked of the sums
// (control/analytics).

import { sql } from 'kysely';
import type { Database } from '../database/pool.ts';
import { withPlatform } from '../database/principal.ts';

/** Upkeep of the sums of use. */
export interface UsageUpkeep {
  /** Adds up one step; gives how many events, and whether no more can be added up at the moment. */
  rollUp(): Promise<{ readonly events: number; readonly isDone: boolean }>;
  /** Compares the sums of the last days with their events and makes what differs anew; gives how many hours differed. */
  verify(nowMs: number): Promise<number>;
  /** Makes the partitions of the months ahead; gives how many. */
  ensurePartitions(): Promise<number>;
  /** Drops hours past their time, a month at once; days are kept. Gives how many months. */
  removeOldHours(): Promise<number>;
}

const STEP_EVENTS = 200_000;
const VERIFIED_DAYS = 3;
const DAY_MS = 86_400_000;
const MONTHS_AHEAD = 3;
const HOURS_KEPT_DAYS = 400;

/** Over a pool as `weir_service` whose statements may take minutes. */
export function createUsageUpkeep({ database }: { readonly database: Database }): UsageUpkeep {
  return {
    rollUp: () =>
      withPlatform(database, 'add up use', async (tx) => {
        const { rows } = await sql<{ events: bigint; isDone: boolean }>`
          select events_folded as events, is_done as "isDone" from weir.roll_up_usage(${STEP_EVENTS})`.execute(tx);
        return { events: Number(rows[0]?.events ?? 0n), isDone: rows[0]?.isDone ?? true };
      }),
    async verify(nowMs) {
      const [from, to] = [new Date(nowMs - VERIFIED_DAYS * DAY_MS), new Date(nowMs)];
      const differing = await withPlatform(database, 'compare sums of use with their events', async (tx) => {
        const { rows } = await sql<{ count: number }>`
          select count(distinct hour)::integer as count from weir.verify_usage(${from}, ${to})`.execute(tx);
        return rows[0]?.count ?? 0;
      });
      if (differing > 0)
        await withPlatform(database, 'make differing sums of use anew', (tx) =>
          sql`select weir.repair_usage(${from}, ${to})`.execute(tx),
        );
      return differing;
    },
    ensurePartitions: () =>
      withPlatform(database, 'make partitions of sums ahead', async (tx) => {
        const { rows } = await sql<{ made: number }>`
          select weir_private.ensure_monthly_partitions('weir.usage_hourly', ${MONTHS_AHEAD}) as made`.execute(tx);
        return rows[0]?.made ?? 0;
      }),
    removeOldHours: () =>
      withPlatform(database, 'drop old sums by the hour', async (tx) => {
        const { rows } = await sql<{ months: number }>`
          select weir.drop_old_usage_hours(make_interval(days => ${HOURS_KEPT_DAYS})) as months`.execute(tx);
        return rows[0]?.months ?? 0;
      }),
  };
}
