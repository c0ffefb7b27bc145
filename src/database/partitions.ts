/**
 * Owns: making the partitions of usage events ahead, and the number behind the alarm. Does not own: when (at start and once a
 * day, by whoever runs jobs), or dropping old ones (retention).
 */
import { sql } from 'kysely';
import type { DatabaseTransaction } from './pool.ts';

/** So many months beyond the current one exist at all times: a scheduler may sleep for two. */
export const USAGE_MONTHS_AHEAD = 3;

/**
 * Makes the monthly partitions of `weir.usage_events` that are missing and moves into them what the default partition caught.
 * Gives how many were made; nothing to do costs a look into the catalogue. Within `withPlatform`.
 */
export async function ensureUsagePartitions(tx: DatabaseTransaction): Promise<number> {
  const { rows } = await sql<{ made: number }>`
    select weir_private.ensure_monthly_partitions('weir.usage_events', ${USAGE_MONTHS_AHEAD}) as made`.execute(tx);
  return rows[0]?.made ?? 0;
}

/** How many usage events found no monthly partition. They are counted like all others; anything but 0 is an alarm. */
export async function countUnpartitionedUsage(tx: DatabaseTransaction): Promise<bigint> {
  const { rows } = await sql<{ found: bigint }>`
    select weir_private.default_partition_rows('weir.usage_events') as found`.execute(tx);
  return rows[0]?.found ?? 0n;
}
