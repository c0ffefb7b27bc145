// Owns: what alert rules look at in the database: calls of the last minutes or hours, spending by day, times of requests. Not: judging it (alert-evaluation.rules.ts).

import { sql } from 'kysely';
import { LATENCY_BOUNDS_MS, type LatencyClass } from '../../contracts/notifications/latency-classes.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { DailySpend, UseRow } from './alert-evaluation.rules.ts';
import type { Latencies } from './latency.rules.ts';

/** A window up to this reads events, which are of the minute; a longer one the sums by the hour. */
const EVENTS_MINUTES_MAX = 120;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Calls booked in the last so many minutes, added up. Corrections change figures of calls, not their number. */
export async function listUse(tx: DatabaseTransaction, nowMs: number, minutes: number): Promise<UseRow[]> {
  const since = new Date(nowMs - minutes * MINUTE_MS);
  if (minutes > EVENTS_MINUTES_MAX) return listHourlyUse(tx, new Date(Math.floor(since.getTime() / HOUR_MS) * HOUR_MS));
  const { rows } = await sql<UseRow>`
    select organization_id as "organizationId", provider, model_id as "modelId", status, error_code as "errorCode",
        route = 'recorded' as "isRecorded", count(*) filter (where sequence = 0)::integer as requests,
        count(*) filter (where sequence = 0 and fallback_used)::integer as fallbacks,
        count(*) filter (where sequence = 0 and status = 'success' and cost_nano_usd is null)::integer as unpriced,
        count(*) filter (where sequence = 0 and usage_source = 'estimated' and status <> 'denied')::integer as estimated
      from weir.usage_events where booked_at >= ${since}
     group by 1, 2, 3, 4, 5, 6`.execute(tx);
  return rows;
}

async function listHourlyUse(tx: DatabaseTransaction, since: Date): Promise<UseRow[]> {
  const { rows } = await sql<UseRow>`
    select organization_id as "organizationId", provider, model_id as "modelId", status, error_code as "errorCode",
        sum(requests)::integer as requests, sum(fallback_requests)::integer as fallbacks,
        sum(unpriced_requests) filter (where status = 'success')::integer as unpriced,
        sum(estimated_requests) filter (where status <> 'denied')::integer as estimated
      from weir.usage_hourly where hour >= ${since} group by 1, 2, 3, 4, 5`.execute(tx);
  return rows.map((row) => ({ ...row, unpriced: row.unpriced ?? 0, estimated: row.estimated ?? 0 }));
}

/** What each organization spent on each of its last days, today included; nano-USD. Days without use have no row. */
export async function listDailySpend(tx: DatabaseTransaction, nowMs: number, days: number): Promise<DailySpend[]> {
  const { rows } = await sql<DailySpend>`
    select organization_id as "organizationId", day::text as day, sum(cost_nano_usd)::bigint as "nanoUsd"
      from weir.usage_daily_facets where facet = 'all' and day > (${new Date(nowMs)}::timestamptz at time zone 'UTC')::date - ${days}::integer - 1
     group by 1, 2`.execute(tx);
  return rows;
}

/** Requests of each class by bucket in the last so many minutes, of all replicas. Rows with other bounds, of another release, are left out. */
export async function listLatencies(tx: DatabaseTransaction, nowMs: number, minutes: number): Promise<Latencies> {
  const { rows } = await sql<{ class: LatencyClass; buckets: number[] }>`
    select class, array_agg(requests order by place) as buckets
      from (select class, place, sum(count)::integer as requests
              from weir.api_latencies, unnest(buckets) with ordinality as bucket (count, place)
             where minute >= ${new Date(nowMs - minutes * MINUTE_MS)} and cardinality(buckets) = ${LATENCY_BOUNDS_MS.length + 1}
             group by class, place) as summed
     group by class`.execute(tx);
  return new Map(rows.map((row) => [row.class, row.buckets]));
}
