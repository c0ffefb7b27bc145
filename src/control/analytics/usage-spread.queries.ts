// Owns: what can't be added up from groups: how many people, and how long calls took. Not: sums (usage-sums.queries.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { peopleRows, recentCalls, usageRows } from './usage-source.queries.ts';
import type { SumsQuestion } from './usage-sums.queries.ts';

/** What can't be added up from groups. */
export interface UsageSpread {
  /** People with a call. */
  readonly users: bigint;
  /** Calls by latency, in the buckets of the roll-ups; null: none was measured. */
  readonly latencyBuckets: readonly bigint[] | null;
}

/** Upper bounds of all but the last bucket, in milliseconds, not included (migration 000130). */
export const LATENCY_BOUNDS_MS = [
  ...[50, 100, 150, 250, 400, 600, 900, 1_300, 2_000, 3_000, 4_500, 7_000, 12_000, 25_000, 60_000],
] as const;

/** People and latencies of a range. */
export async function spreadUsage(
  tx: DatabaseTransaction,
  { range, filter, nowMs, unfoldedFromMs }: Pick<SumsQuestion, 'range' | 'filter' | 'nowMs' | 'unfoldedFromMs'>,
): Promise<UsageSpread> {
  const buckets = sql.join(
    [...LATENCY_BOUNDS_MS, null].map((_, index) => sql`sum(s.latency_buckets[${sql.lit(index + 1)}])::bigint`),
  );
  const reading = { byHour: range.interval === 'hour', nowMs, unfoldedFromMs };
  const { rows } = await sql<{ users: bigint; buckets: (bigint | null)[] }>`
    with ${recentCalls(filter)}
    select (select count(*) from (select s.key from ${peopleRows(range, filter, reading)} as s where s.key is not null group by 1) as each_one) as users,
      (select array[${buckets}] from ${usageRows([range], filter, { ...reading, group: 'day' })} as s) as buckets`.execute(
    tx,
  );
  const [row] = rows;
  if (row === undefined) return { users: 0n, latencyBuckets: null };
  const counts = row.buckets.map((count) => count ?? 0n);
  return { users: row.users, latencyBuckets: counts.some((count) => count > 0n) ? counts : null };
}
