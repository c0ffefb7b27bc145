// Proves: a denial names the first failing meter in the order of report, lists all, and says when it makes sense to come back.

import { describe, expect, test } from 'vitest';
import type { MeterKind } from '../../ledger/core/meter.ts';
import type { FailingLeg } from '../../ledger/core/reservation.ts';
import type { WeirError } from '../../primitives/errors.ts';
import { sampleAdmittedCall, sampleMeter, sampleState } from '../testing/sample-calls.ts';
import { NOON, sampleModel } from '../testing/sample-facts.ts';
import { codeOfMeter, denialError, firstFailing } from './denial.ts';

const { admission } = sampleAdmittedCall({ resolution: { model: sampleModel({ priceCents: 299 }) } });
const failing = (kind: MeterKind, more: Parameters<typeof sampleMeter>[1] = {}): FailingLeg => ({
  ...sampleState(sampleMeter(kind, more), 90n, 5n),
  asked: 20n,
});
const denied = (legs: readonly FailingLeg[], credits: { asked: bigint; available: bigint } | null = null) =>
  denialError(admission, { outcome: 'denied', failing: legs, credits }, NOON);

const metersOf = ({ details = {} }: WeirError) => (details.meters as { meter: string }[]).map(({ meter }) => meter);

const ORDER = [
  'organization_quota',
  'template_limit',
  'daily_messages',
  'trial',
  'budget',
  'key_requests',
  'key_tokens',
] as const;
const STATUS: Readonly<Record<(typeof ORDER)[number], [string, number]>> = {
  organization_quota: ['organization_quota_exceeded', 429],
  template_limit: ['user_limit_exceeded', 429],
  daily_messages: ['daily_message_limit', 429],
  trial: ['trial_exhausted', 403],
  budget: ['budget_exceeded', 402],
  key_requests: ['rate_limited', 429],
  key_tokens: ['rate_limited', 429],
};

describe.each(ORDER)('%s', (kind) => {
  test('has its code and status, and words that name it', () => {
    const error = denied([failing(kind, { label: 'the label' })]);
    expect([error.code, error.status]).toEqual(STATUS[kind]);
    expect(error.code).toBe(codeOfMeter(kind));
    expect(error.message.length).toBeGreaterThan(20);
    expect(error.message).not.toMatch(/undefined|null/);
  });

  test('is told before all that come later, whatever their order', () => {
    const later = ORDER.slice(ORDER.indexOf(kind)).map((each) => failing(each));
    const error = denied([...later].reverse());
    expect(error.code).toBe(STATUS[kind][0]);
    expect(metersOf(error)).toEqual(later.map(({ meter }) => meter.kind));
    expect(firstFailing([...later].reverse())?.meter.kind).toBe(kind);
  });
});

test.each([
  ['organization_quota', "The organization's monthly token quota leaves 5 tokens; this call needs at least 20."],
  ['template_limit', 'Your limit on the template the label leaves 5 tokens; this call needs at least 20.'],
  ['budget', 'The budget "the label" leaves less than this call may cost.'],
] as const)('a %s with something left, though not enough, is not told as used up', (kind, words) => {
  const more = { label: 'the label', limit: 100n };
  expect(denied([failing(kind, more)]).message.startsWith(words)).toBe(true);
  expect(denied([failing(kind, { ...more, limit: 95n })]).message).toContain('is used up.');
});

test('a meter is shown with limit, use, hold, ask and reset', () => {
  const error = denied([failing('organization_quota')]);
  expect(error.details?.meters).toEqual([
    {
      meter: 'organization_quota',
      name: 'organization_quota',
      unit: 'tokens',
      window: 'day',
      limit: 100,
      used: 90,
      held: 5,
      asked: 20,
      resets_at: '2026-02-18T00:00:00.000Z',
    },
  ]);
  expect(error.retryAfterSeconds).toBe(12 * 3600);
});

test('amounts beyond 2^53 are texts', () => {
  const error = denied([failing('budget', { limit: 2n ** 60n })]);
  expect(error.details?.meters).toMatchObject([{ limit: '1152921504606846976' }]);
});

test('what never resets says so: no date, no Retry-After, but a price and a place', () => {
  const error = denied([failing('trial', { window: { kind: 'lifetime' } })]);
  expect(error.retryAfterSeconds).toBeUndefined();
  expect(error.details).toMatchObject({
    price_usd: '2.99',
    upgrade_url: expect.any(String),
    meters: [{ resets_at: null }],
  });
});

test('a window that ends this instant is waited for a second, never 0', () => {
  const { window } = sampleState(sampleMeter('key_requests', { window: { kind: 'minute' } }));
  const error = denialError(
    admission,
    { outcome: 'denied', failing: [failing('key_requests', { window: { kind: 'minute' } })], credits: null },
    window.endMs,
  );
  expect(error.retryAfterSeconds).toBe(1);
});

describe('credits', () => {
  const credits = { asked: 3n, available: 2n };
  test('alone are told with what is needed and left', () => {
    expect(denied([], credits)).toMatchObject({
      code: 'insufficient_credits',
      status: 402,
      details: { credits: { required: 3, balance: 2 }, upgrade_url: '/credits', meters: [] },
    });
  });

  test.each([
    ['organization_quota', 'organization_quota_exceeded'],
    ['trial', 'trial_exhausted'],
    ['budget', 'insufficient_credits'],
    ['key_requests', 'insufficient_credits'],
  ] as const)('beside %s it is %s that is told', (kind, code) => {
    expect(denied([failing(kind)], credits).code).toBe(code);
  });
});

test('a call that asks more than a whole minute has is told so, and not to come back', () => {
  const error = denied([{ ...failing('key_tokens', { limit: 100n, window: { kind: 'minute' } }), asked: 101n }]);
  expect(error.code).toBe('rate_limited');
  expect(error.message).toContain('more than the whole limit of 100');
  expect(error.retryAfterSeconds).toBeUndefined();
  expect(error.headers).toMatchObject({ 'x-should-retry': 'false' });
});
