// Owns: removing what the server keeps only for a while: answers to repeated writes, rates that ended, times of requests. Not: when (jobs), or what domains keep.

import { sql } from 'kysely';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';

/** Answers to repeated writes past their time; gives how many. Each is locked before it is looked at: a key that is used anew at this moment stays with its write. */
export async function removeIdempotency(database: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await withPlatform(database, 'remove answers to repeated writes', (tx) =>
    sql`delete from weir.request_idempotency where (scope, key) in (
      select scope, key from weir.request_idempotency where expires_at < now() limit ${limit} for update)`.execute(tx),
  );
  return Number(numAffectedRows);
}

/** Rates whose window ended; gives how many. */
export async function clearRates(database: Database, limit: number): Promise<number> {
  const { rows } = await withPlatform(database, 'remove rates that ended', (tx) =>
    sql<{ removed: number }>`select weir.clear_rate_limit_windows(${limit}) as removed`.execute(tx),
  );
  return rows[0]?.removed ?? 0;
}

/** Times of requests older than a day; gives how many. */
export async function removeLatencies(database: Database, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await withPlatform(database, 'remove old times of requests', (tx) =>
    sql`delete from weir.api_latencies where (minute, replica, class) in (
      select minute, replica, class from weir.api_latencies where minute < now() - interval '1 day' limit ${limit})`.execute(
      tx,
    ),
  );
  return Number(numAffectedRows);
}
