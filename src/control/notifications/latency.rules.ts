// Owns: from requests counted in buckets to how long the slow ones of them take. Pure. Not: counting (the server), or from when on that is wrong
// (alert-evaluation.rules.ts).

import { LATENCY_BOUNDS_MS, type LatencyClass } from '../../contracts/notifications/latency-classes.ts';

/** Requests of each class by bucket, of all replicas together. */
export type Latencies = ReadonlyMap<LatencyClass, readonly number[]>;

/** What became of the requests of a class. */
export interface LatencyFigures {
  readonly requests: number;
  /** The time that 95 of 100 stay below, in milliseconds, to the tenth. */
  readonly p95Ms: number;
}

/** Of fewer requests nothing is said; of so many, more than three must be slow. */
export const REQUESTS_MIN = 60;
const SHARE = 0.95;

/** The figures; null with too few requests. Within a bucket times are taken as spread evenly; beyond the last bound they count as that bound. */
export function latencyFigures(buckets: readonly number[] = []): LatencyFigures | null {
  const requests = buckets.reduce((total, count) => total + count, 0);
  if (requests < REQUESTS_MIN) return null;
  const rank = SHARE * requests;
  let below = 0;
  for (const [place, count] of buckets.entries()) {
    const upper = LATENCY_BOUNDS_MS[place];
    if (upper === undefined) break;
    if (count > 0 && below + count >= rank) {
      const lower = LATENCY_BOUNDS_MS[place - 1] ?? 0;
      const p95Ms = lower + (upper - lower) * ((rank - below) / count);
      return { requests, p95Ms: Math.round(p95Ms * 10) / 10 };
    }
    below += count;
  }
  return { requests, p95Ms: LATENCY_BOUNDS_MS.at(-1) ?? 0 };
}
