// Owns: proof that requests which no store could book are refused before any meter is touched.

import { describe, expect, test } from 'vitest';
import {
  checkExtendRequest,
  checkReserveRequest,
  checkSettleRequest,
  MAX_AMOUNT,
  MAX_LEGS_PER_HOLD,
  MAX_METER_KEY_LENGTH,
} from './limits.ts';
import type { Hold, Leg, ReserveRequest } from './reservation.ts';
import { sampleEvent, sampleMeter } from './testing/samples.ts';

const ORGANIZATION_ID = '01ab55a6-cc30-7000-8000-000000000001';
const event = sampleEvent(ORGANIZATION_ID);

function leg(key: string, base: bigint, rate = 0n): Leg {
  return { meter: sampleMeter(ORGANIZATION_ID, null, { key }), base, rate };
}

function request(more: Partial<ReserveRequest>): ReserveRequest {
  return {
    id: '01ab55a6-cc30-7000-8000-000000000002',
    organizationId: ORGANIZATION_ID,
    versions: { platform: 1n, organization: 1n },
    ttlMs: 1000,
    legs: [leg('a', 1n)],
    output: { floor: 0n, needed: 0n, wanted: 0n },
    credits: null,
    event,
    ...more,
  };
}

const hold: Hold = {
  id: '01ab55a6-cc30-7000-8000-000000000002',
  organizationId: ORGANIZATION_ID,
  reservedAtMs: 0,
  legs: [{ meter: leg('a', 1n).meter, window: { startMs: 0, endMs: 1 }, counterId: 1n, amount: 1n }],
  grantedOutput: 0n,
  credits: null,
};

describe('a request is refused', () => {
  test.each<[string, Partial<ReserveRequest>]>([
    ['a negative base', { legs: [leg('a', -1n)] }],
    ['a negative rate', { legs: [leg('a', 1n, -1n)] }],
    ['a base beyond the bound', { legs: [leg('a', MAX_AMOUNT + 1n)] }],
    [
      'a worst case beyond the bound',
      { legs: [leg('a', 1n, MAX_AMOUNT)], output: { floor: 0n, needed: 0n, wanted: 1n } },
    ],
    ['the same meter twice', { legs: [leg('a', 1n), leg('a', 2n)] }],
    ['too many legs', { legs: Array.from({ length: MAX_LEGS_PER_HOLD + 1 }, (_, index) => leg(`a${index}`, 1n)) }],
    ['a meter with too long a name', { legs: [leg('a'.repeat(MAX_METER_KEY_LENGTH + 1), 1n)] }],
    ['a negative floor', { output: { floor: -1n, needed: 0n, wanted: 0n } }],
    ['a floor above the need', { output: { floor: 2n, needed: 1n, wanted: 3n } }],
    ['a need above the wish', { output: { floor: 0n, needed: 4n, wanted: 3n } }],
    ['negative credits', { credits: { creditType: 't', amount: -1n } }],
    ['a fraction of a millisecond to live', { ttlMs: 0.5 }],
    ['no end', { ttlMs: Number.NaN }],
  ])('with %s', (_name, more) => {
    expect(() => checkReserveRequest(request(more))).toThrow();
  });

  test.each<[string, readonly bigint[], bigint]>([
    ['an amount too few', [], 0n],
    ['an amount too many', [1n, 1n], 0n],
    ['a negative amount', [-1n], 0n],
    ['an amount beyond the bound', [MAX_AMOUNT + 1n], 0n],
    ['credits that it did not hold', [1n], 1n],
  ])('when it settles %s', (_name, used, creditsUsed) => {
    expect(() => checkSettleRequest({ hold, used, creditsUsed, event })).toThrow();
  });

  test.each<[string, readonly Leg[], bigint]>([
    ['other meters than its hold', [leg('b', 1n)], 1n],
    ['fewer meters than its hold', [], 1n],
    ['less than no output', [leg('a', 1n)], -1n],
  ])('when it extends to %s', (_name, legs, grantedOutput) => {
    expect(() => checkExtendRequest({ hold, legs, grantedOutput })).toThrow();
  });
});

test('requests at the bounds pass', () => {
  checkReserveRequest(request({ legs: [leg('a', MAX_AMOUNT), leg('b'.repeat(MAX_METER_KEY_LENGTH), 0n)] }));
  checkSettleRequest({ hold, used: [MAX_AMOUNT], creditsUsed: 0n, event });
  checkExtendRequest({ hold, legs: [leg('a', 1n, 1n)], grantedOutput: MAX_AMOUNT - 1n });
});
