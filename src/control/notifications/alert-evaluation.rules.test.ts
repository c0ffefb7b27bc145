// Proves: each rule fires above its threshold and at no less, for the organization or thing that it is about, with what holds of it there.

import { describe, expect, test } from 'vitest';
import type { AlertRuleKey } from '../../contracts/notifications/alert-rules.ts';
import {
  LATENCY_BOUNDS_MS,
  type LatencyClass,
  latencyBucketOf,
} from '../../contracts/notifications/latency-classes.ts';
import {
  findBreaches,
  type RuleOf,
  type Signals,
  spendDeviation,
  titleOf,
  type UseRow,
  unmeasuredRules,
} from './alert-evaluation.rules.ts';
import type { StoredRule } from './alert-rule.queries.ts';
import { effectiveRule } from './alert-rule.rules.ts';

const A = '00000000-0000-7000-8000-00000000000a';
const B = '00000000-0000-7000-8000-00000000000b';
const NOW_MS = Date.parse('2026-02-10T12:00:00Z');
const USD = 1_000_000_000n;

const row = (values: Partial<UseRow>): UseRow => ({
  ...{ organizationId: A, provider: 'openai', modelId: 'gpt', status: 'success', errorCode: null },
  ...{ requests: 1, fallbacks: 0, unpriced: 0, estimated: 0 },
  ...values,
});
const signals = (values: Partial<Signals>): Signals => ({
  ...{ nowMs: NOW_MS, certificate: null, latencies: new Map() },
  ...{ today: '2026-02-10', use: new Map(), spend: [], driftedCounters: 0, lateJobs: [], diskUse: 0.1 },
  ...values,
});
const stored = (values: Partial<StoredRule>): StoredRule => ({
  ...{ rule: 'rate_limit_denials', organizationId: null, isEnabled: true, threshold: 5, windowMinutes: 60 },
  ...{ channels: ['in_app'], changedBy: null, changedAt: new Date(0) },
  ...values,
});
const rulesWith =
  (...changes: StoredRule[]): RuleOf =>
  (key, organizationId) =>
    effectiveRule(key, changes, organizationId);
const found = (values: Partial<Signals>, rules: RuleOf = rulesWith()) =>
  findBreaches(signals(values), rules).map(({ rule, organizationId, reference, value }) => [
    rule,
    organizationId,
    reference,
    value,
  ]);
const inHour = (...rows: UseRow[]) => ({ use: new Map([[60, rows]]) });

test('nothing wrong is nothing said', () => {
  expect(found({ ...inHour(row({ requests: 1_000 })) })).toEqual([]);
});

test.each([
  [5, []],
  [6, [['rate_limit_denials', A, null, 6]]],
])('%i denials by limits in an hour', (requests, expected) => {
  const half = { status: 'denied', errorCode: 'rate_limited' };
  const rows = [
    row({ ...half, requests: requests - 2 }),
    row({ status: 'denied', errorCode: 'daily_message_limit', requests: 2 }),
    row({ ...half, organizationId: B, requests: 3 }),
    row({ status: 'denied', errorCode: 'invalid_request', requests: 50 }),
  ];
  expect(found(inHour(...rows))).toEqual(expected);
});

test('an organization’s own threshold and window hold there alone, and one that is off says nothing', () => {
  const denied = { status: 'denied', errorCode: 'rate_limited', requests: 10 };
  const use = new Map([
    [60, [row(denied), row({ ...denied, organizationId: B })]],
    [15, [row({ ...denied, requests: 3 })]],
  ]);
  const own = stored({ organizationId: A, threshold: 2, windowMinutes: 15 });
  expect(found({ use }, rulesWith(own, stored({ isEnabled: false })))).toEqual([['rate_limit_denials', A, null, 3]]);
});

test('attempts at what nobody may use, and answers by another model', () => {
  const rows = [
    row({ status: 'denied', errorCode: 'model_locked', requests: 4 }),
    row({ status: 'denied', errorCode: 'trial_exhausted', requests: 2 }),
    row({ fallbacks: 11, requests: 20 }),
  ];
  expect(found(inHour(...rows))).toEqual([
    ['entitlement_denials', A, null, 6],
    ['fallbacks', A, null, 11],
  ]);
});

test('providers that fail often, of enough calls; refusals of ours are none of theirs', () => {
  const use = new Map([
    [
      15,
      [
        row({ requests: 15 }),
        row({ status: 'error', requests: 3 }),
        row({ status: 'timeout', requests: 2, organizationId: B }),
        row({ status: 'denied', requests: 100 }),
        row({ provider: 'small', status: 'error', requests: 19 }),
        row({ provider: 'fine', requests: 96 }),
        row({ provider: 'fine', status: 'error', requests: 1_000, isRecorded: true }),
        row({ provider: 'fine', status: 'error', requests: 4 }),
      ],
    ],
  ]);
  expect(found({ use })).toEqual([['provider_errors', null, 'openai', 0.25]]);
});

test('what the platform must know: use that was estimated or has no price, drift, late jobs, a full disk', () => {
  const use = new Map([
    [60, [row({ estimated: 1 })]],
    [1_440, [row({ modelId: 'new', unpriced: 2 }), row({ modelId: 'new', organizationId: B, unpriced: 1 })]],
  ]);
  const lateJobs = [{ job: 'retention', minutes: 12 }];
  expect(found({ use, driftedCounters: 1, lateJobs, diskUse: 0.95 })).toEqual([
    ['recording_failures', null, null, 1],
    ['unpriced_use', null, 'new', 3],
    ['ledger_drift', null, null, 1],
    ['job_late', null, 'retention', 12],
    ['disk', null, null, 0.95],
  ]);
  expect(unmeasuredRules(signals({ driftedCounters: null, diskUse: null }))).toEqual([
    ...['ledger_drift', 'disk', 'certificate'],
  ]);
});

describe('the certificate of the public address', () => {
  const DAY_MS = 86_400_000;
  const endsIn = (days: number) => ({ certificate: { host: 'weir.example', endsAtMs: NOW_MS + days * DAY_MS } });
  const rule = 'certificate' as const;
  const alert = (value: number) => [['certificate', null, null, value]];

  test.each([
    ['that holds', endsIn(14), [], []],
    ['that ends soon', endsIn(13.9), [], alert(13)],
    ['that has ended', endsIn(-0.5), [], alert(-1)],
    ['with another threshold', endsIn(20), [stored({ rule, threshold: 30 })], alert(20)],
    ['with a rule that is off', endsIn(1), [stored({ rule, threshold: 14, isEnabled: false })], []],
  ])('%s', (_name, values, changes, expected) => {
    expect(found(values, rulesWith(...changes))).toEqual(expected);
  });

  test('that can’t be verified is told of whatever the threshold, unless the rule is off', () => {
    const certificate = { host: 'weir.example', fault: 'CERT_HAS_EXPIRED' };
    const off = stored({ rule, isEnabled: false });
    expect(found({ certificate }, rulesWith(stored({ rule, threshold: 0 })))).toEqual(alert(0));
    expect(found({ certificate }, rulesWith(off))).toEqual([]);
    expect(findBreaches(signals({ certificate }), rulesWith())[0]?.detail).toContain('CERT_HAS_EXPIRED');
    expect(unmeasuredRules(signals({ certificate }))).toEqual([]);
  });
});

describe('times of requests', () => {
  const counted = (milliseconds: number, requests = 100): number[] => {
    const buckets = new Array<number>(LATENCY_BOUNDS_MS.length + 1).fill(0);
    buckets[latencyBucketOf(milliseconds)] = requests;
    return buckets;
  };
  const inWindow = (minutes: number, latencyClass: LatencyClass, buckets: number[]) => ({
    latencies: new Map([[minutes, new Map([[latencyClass, buckets]])]]),
  });

  test.each([
    ['credit_check', 20],
    ['credit_deduct', 100],
    ['credit_stats', 50],
    ['api', 500],
    ['dashboard', 1_000],
  ] as const)('%s: an alert of its own above %i ms', (latencyClass, threshold) => {
    expect(found(inWindow(15, latencyClass, counted(threshold)))).toEqual([]);
    expect(found(inWindow(15, latencyClass, counted(threshold + 0.1)))).toMatchObject([
      [`latency_${latencyClass}`, null, null, expect.any(Number)],
    ]);
  });

  test('a few slow ones say nothing, and the rule’s own threshold and window hold', () => {
    expect(found(inWindow(15, 'api', counted(9_000, 3)))).toEqual([]);
    const changed = rulesWith(stored({ rule: 'latency_api', threshold: 2_000, windowMinutes: 5 }));
    expect(found(inWindow(5, 'api', counted(1_900)), changed)).toEqual([]);
    expect(found(inWindow(15, 'api', counted(2_900)), changed)).toEqual([]);
    expect(found(inWindow(5, 'api', counted(2_900)), changed).map(([rule]) => rule)).toEqual(['latency_api']);
  });
});

describe('spending today', () => {
  const past = (amounts: readonly bigint[]) =>
    amounts.map((nanoUsd, index) => ({ day: `2026-01-${String(10 + index)}`, nanoUsd }));
  const today = (nanoUsd: bigint) => ({ day: '2026-02-10', nanoUsd });
  const steady = past([9n, 10n, 11n, 10n, 9n, 10n, 12n, 10n].map((usd) => usd * USD));

  test.each([
    ['as ever', [...steady, today(11n * USD)], 0, 1.1],
    ['ten times as much', [...steady, today(100n * USD)], 50, 100],
    ['much, with hardly any past', [...steady.slice(0, 6), today(1_000n * USD)], 0, 0],
    ['little in itself', [...past(Array(10).fill(1_000n)), today(USD / 2n)], 0, 0],
    ['after one day like it among many', [...steady, ...past([90n * USD]), today(11n * USD)], 0, 1.1],
    ['nothing', steady, 0, 0],
  ])('%s', (_name, spend, least, most) => {
    const deviation = spendDeviation(spend, '2026-02-10');
    expect(deviation).toBeGreaterThanOrEqual(least);
    expect(deviation).toBeLessThanOrEqual(most);
  });

  test('is an alert of the organization', () => {
    const spend = [...steady, today(100n * USD)].map((each) => ({ ...each, organizationId: B }));
    expect(found({ spend }).map(([rule, organizationId]) => [rule, organizationId])).toEqual([['spend_anomaly', B]]);
  });
});

test('what is said of a rule that is not ours is its name', () => {
  expect(titleOf('budget_threshold')).toBe('Budget threshold');
  expect(titleOf('disk' satisfies AlertRuleKey)).toBe('The disk fills up');
  expect(titleOf('constructor')).toBe('Constructor');
});

test('very many models without a price are told of as one', () => {
  const models = (count: number) => ({
    use: new Map([[1_440, Array.from({ length: count }, (_, n) => row({ modelId: `made-up-${n}`, unpriced: 2 }))]]),
  });
  expect(found(models(20))).toHaveLength(20);
  expect(found(models(21))).toEqual([['unpriced_use', null, null, 42]]);
});
