// Proves: the time that 95 of 100 requests stay below is read rightly from buckets, and nothing is said of a few.

import { expect, test } from 'vitest';
import { LATENCY_BOUNDS_MS, latencyBucketOf } from '../../contracts/notifications/latency-classes.ts';
import { latencyFigures, REQUESTS_MIN } from './latency.rules.ts';

const counted = (...times: readonly (readonly [milliseconds: number, requests: number])[]): number[] => {
  const buckets = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
  for (const [milliseconds, requests] of times) {
    const place = latencyBucketOf(milliseconds);
    buckets[place] = (buckets[place] ?? 0) + requests;
  }
  return buckets;
};

test.each([
  [0, 0],
  [1, 0],
  [1.01, 1],
  [20, 7],
  [20.1, 8],
  [30_000, LATENCY_BOUNDS_MS.length - 1],
  [30_001, LATENCY_BOUNDS_MS.length],
])('%d ms are in bucket %i', (milliseconds, place) => {
  expect(latencyBucketOf(milliseconds)).toBe(place);
});

test.each([
  ['all at a threshold stay at it or below', counted([20, 100]), 15, 20],
  ['all above a threshold are above it', counted([20.1, 100]), 20.1, 25],
  ['five slow of a hundred are no matter', counted([4, 95], [900, 5]), 3, 5],
  ['six are', counted([4, 94], [900, 6]), 750, 1_000],
  ['three slow of the fewest are no matter', counted([4, REQUESTS_MIN - 3], [900, 3]), 3, 5],
  ['beyond the last bound it is that bound', counted([99_999, 100]), 30_000, 30_000],
])('%s', (_name, buckets, least, most) => {
  const { p95Ms = Number.NaN } = latencyFigures(buckets) ?? {};
  expect(p95Ms).toBeGreaterThanOrEqual(least);
  expect(p95Ms).toBeLessThanOrEqual(most);
});

test('of too few nothing is said', () => {
  expect(latencyFigures(counted([9_000, REQUESTS_MIN - 1]))).toBeNull();
  expect(latencyFigures(undefined)).toBeNull();
  expect(latencyFigures(counted([9_000, REQUESTS_MIN]))?.requests).toBe(REQUESTS_MIN);
});
