// Owns: the classes that requests of the product API are timed in, and how their times are counted. Not: which endpoint is of which class
// (server/api/latency-class.rules.ts), or from which time on one is slow (alert-rules.ts).

/** The classes: each is promised a time of its own. */
export const LATENCY_CLASSES = ['credit_check', 'credit_deduct', 'credit_stats', 'dashboard', 'api'] as const;
/** A class of requests. */
export type LatencyClass = (typeof LATENCY_CLASSES)[number];

/** Upper bounds of the buckets that times are counted in, in milliseconds, rising; the last bucket, without a bound, comes after them. */
export const LATENCY_BOUNDS_MS = [
  ...[1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50, 75, 100, 150, 200, 300, 400, 500, 750],
  ...[1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 30_000],
] as const;

/** The place of a time among the buckets. */
export function latencyBucketOf(milliseconds: number): number {
  const place = LATENCY_BOUNDS_MS.findIndex((bound) => milliseconds <= bound);
  return place === -1 ? LATENCY_BOUNDS_MS.length : place;
}
