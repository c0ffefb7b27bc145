// Owns: what only a query can tell of the ledger's health: open holds, drift, events without a partition. Not: when it is asked (maintenance.ts), or
// where it is shown (metrics.ts, readiness.ts).

import { sql } from 'kysely';
import { countUnpartitionedUsage } from '../../database/partitions.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';

/** As last measured; null before. */
export interface Measurements {
  readonly holdsOpen: number | null;
  readonly defaultPartitionRows: number | null;
  /** Null where another process looked. */
  readonly driftedCounters: number | null;
}

/** Keeps the last measurements. */
export interface Measurer {
  current(): Measurements;
  /** Cheap: two counts of small tables. */
  measure(): Promise<void>;
  /** Reads all events that are kept; one process at a time, bounded in time. Gives the counters that differ, null where another looks. */
  measureDrift(): Promise<number | null>;
}

/** Whoever verifies the ledger holds it ("veri" in ASCII). */
const VERIFY_LOCK = 0x76657269;
/** Events up to which a look at all of them is so short that it may happen every hour. */
const FEW_EVENTS = 200_000;
const VERIFY_TIMEOUT_MS = 300_000;

/** A measurer over a pool as `weir_service`. */
export function createMeasurer(database: Database): Measurer {
  let current: Measurements = { holdsOpen: null, defaultPartitionRows: null, driftedCounters: null };
  return {
    current: () => current,
    async measure() {
      current = await withPlatform(database, 'measure open holds and the default partition', async (tx) => {
        const holds = await sql<{ count: bigint }>`select count(*) from weir.holds`.execute(tx);
        const strays = await countUnpartitionedUsage(tx);
        return { ...current, holdsOpen: Number(holds.rows[0]?.count ?? 0n), defaultPartitionRows: Number(strays) };
      });
    },
    async measureDrift() {
      const drifted = await countDrift(database);
      current = { ...current, driftedCounters: drifted };
      return drifted;
    },
  };
}

function countDrift(database: Database): Promise<number | null> {
  return withPlatform(database, 'compare counters with events', async (tx) => {
    const lock = await sql<{ taken: boolean }>`select pg_try_advisory_xact_lock(${VERIFY_LOCK}) as taken`.execute(tx);
    if (lock.rows[0]?.taken !== true) return null;
    await sql`select set_config('statement_timeout', ${String(VERIFY_TIMEOUT_MS)}, true)`.execute(tx);
    const { rows } = await sql<{ count: bigint }>`select count(*) from weir_private.ledger_drift()`.execute(tx);
    return Number(rows[0]?.count ?? 0n);
  });
}

/** Whether so few events are kept that comparing all of them is nothing. By the database's own estimate. */
export async function hasFewEvents(database: Database): Promise<boolean> {
  const { rows } = await withPlatform(database, 'estimate the number of events', (tx) =>
    sql<{
      events: number;
    }>`select coalesce(sum(greatest(c.reltuples, 0)), 0)::float8 as events from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid where i.inhparent = 'weir.usage_events'::regclass`.execute(tx),
  );
  return (rows[0]?.events ?? 0) <= FEW_EVENTS;
}
