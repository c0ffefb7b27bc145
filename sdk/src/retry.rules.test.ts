// Proves: only what does no harm twice is tried again, and never sooner than the server asks.

import { describe, expect, it } from 'vitest';
import { type FailedTry, pauseBeforeRetry, readRetryAfter } from './retry.rules.ts';

const failed: FailedTry = {
  ...{ retries: 0, retriesMax: 2, isRepeatable: true, status: 503, retryAfterSeconds: null, chance: 0.5 },
};

describe('the pause before another try', () => {
  it.each<[string, Partial<FailedTry>, number | undefined]>([
    ['a passing fault', {}, 250],
    ['the same, once more', { retries: 1 }, 500],
    ['a fault that stays', { retries: 2 }, undefined],
    ['no answer at all', { status: null }, 250],
    ['a bad gateway', { status: 502 }, 250],
    ['a timeout of a gateway', { status: 504 }, 250],
    ['a rate, with the time to wait', { status: 429, retryAfterSeconds: 4 }, 4_500],
    ['a quota that comes back next month', { status: 429, retryAfterSeconds: 1_000_000 }, undefined],
    ['what may have been done', { isRepeatable: false }, undefined],
    ['a refusal', { status: 403 }, undefined],
    ['a fault inside', { status: 500 }, undefined],
    ['a conflict with somebody else', { status: 409, retryAfterSeconds: 1 }, undefined],
    ['a conflict with our own first try', { status: 409, retries: 1, retryAfterSeconds: 1 }, 1_125],
    ['a conflict that does not pass', { status: 409, retries: 1 }, undefined],
  ])('%s', (_name, change, expected) => {
    expect(pauseBeforeRetry({ ...failed, ...change })).toBe(expected);
  });

  it('is bounded, however often it is tried', () => {
    expect(pauseBeforeRetry({ ...failed, retries: 30, retriesMax: 100, chance: 0.999 })).toBeLessThanOrEqual(8_000);
  });
});

it.each<[string, Record<string, string>, number | null]>([
  ['none', {}, null],
  ['seconds', { 'retry-after': '7' }, 7],
  ['a date', { 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' }, 30],
  ['a date gone by', { 'retry-after': 'Wed, 21 Oct 2015 07:27:00 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' }, 0],
  ['a date without the time of the answer', { 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT' }, null],
  ['nonsense', { 'retry-after': 'soon', date: 'Wed, 21 Oct 2015 07:28:00 GMT' }, null],
])('Retry-After: %s', (_name, headers, expected) => {
  expect(readRetryAfter(new Headers(headers))).toBe(expected);
});
