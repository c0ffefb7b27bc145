// Owns: how long this replica took for requests of the product API, minute by minute, and sharing that with the others through the database. Not: judging it
// (control/notifications), or the figures for Prometheus (metrics.ts).

import { sql } from 'kysely';
import {
  LATENCY_BOUNDS_MS,
  type LatencyClass,
  latencyBucketOf,
} from '../../contracts/notifications/latency-classes.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';

/** Takes the time of a request. */
export type ObserveLatency = (latencyClass: LatencyClass, milliseconds: number) => void;

/** What a replica has measured. */
export interface ApiLatencies {
  readonly observe: ObserveLatency;
  /** Writes the minutes that have changed. A minute is written as it stands, so doing it again changes nothing. */
  write(): Promise<void>;
}

/** Minutes that wait for a database that does not answer; older ones are forgotten: nobody judges them any more. */
const MINUTES_MAX = 30;
const MINUTE_MS = 60_000;

/** Nothing measured yet. `replica` names this process; `next` is told as well. */
export function createApiLatencies(options: {
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly replica: string;
  readonly clock: Clock;
  readonly next: ObserveLatency;
}): ApiLatencies {
  const { database, replica, clock, next } = options;
  const minutes = new Map<number, Map<LatencyClass, number[]>>();
  const changed = new Set<number>();

  const bucketsOf = (minute: number, latencyClass: LatencyClass): number[] => {
    const classes = minutes.get(minute) ?? new Map<LatencyClass, number[]>();
    minutes.set(minute, classes);
    const buckets = classes.get(latencyClass) ?? new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
    classes.set(latencyClass, buckets);
    return buckets;
  };
  const forget = (minute: number): void => {
    minutes.delete(minute);
    changed.delete(minute);
  };
  return {
    observe(latencyClass, milliseconds) {
      const minute = Math.floor(clock.nowMs() / MINUTE_MS);
      const buckets = bucketsOf(minute, latencyClass);
      const place = latencyBucketOf(milliseconds);
      buckets[place] = (buckets[place] ?? 0) + 1;
      changed.add(minute);
      if (minutes.size > MINUTES_MAX) forget(Math.min(...minutes.keys()));
      next(latencyClass, milliseconds);
    },
    async write() {
      const current = Math.floor(clock.nowMs() / MINUTE_MS);
      const written = [...changed];
      const rows = written.flatMap((minute) =>
        Array.from(minutes.get(minute) ?? [], ([latencyClass, buckets]) => ({
          ...{ minute: new Date(minute * MINUTE_MS), class: latencyClass, buckets: `{${buckets.join()}}` },
        })),
      );
      // What comes while this is written changes the minute again.
      changed.clear();
      try {
        await putRows(database, replica, rows);
      } catch (error) {
        for (const minute of written) if (minutes.has(minute)) changed.add(minute);
        throw error;
      }
      for (const minute of minutes.keys()) if (minute < current && !changed.has(minute)) forget(minute);
    },
  };
}

async function putRows(
  database: Database,
  replica: string,
  rows: readonly { readonly minute: Date; readonly class: LatencyClass; readonly buckets: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await withPlatform(database, 'share how long requests took', (tx) =>
    sql`insert into weir.api_latencies (replica, minute, class, buckets)
        select ${replica}::uuid, given.minute, given.class, given.buckets::bigint[]
          from unnest(${rows.map(({ minute }) => minute)}::timestamptz[], ${rows.map((row) => row.class)}::text[],
            ${rows.map(({ buckets }) => buckets)}::text[]) as given (minute, class, buckets)
        on conflict (replica, minute, class) do update set buckets = excluded.buckets`.execute(tx),
  );
}
