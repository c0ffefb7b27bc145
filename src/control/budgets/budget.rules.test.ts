// Proves: the pure decisions about budgets, as tables.

import { describe, expect, it } from 'vitest';
import { beginsAnew, levelOf, overAllocation, parseAmount, parseThresholds, percentOf } from './budget.rules.ts';
import type { Allocation } from './budget-allocation.queries.ts';

describe('an amount', () => {
  it.each([
    ['12.5', 12_500_000_000n],
    [0.1, 100_000_000n],
    ['0.000000001', 1n],
    [0.000000001, 1n],
    [999_999_999, 999_999_999_000_000_000n],
    ['999999999.999999999', 999_999_999_999_999_999n],
    [123_456.789, 123_456_789_000_000n],
  ])('%s is taken, exactly', (amount, nano) => {
    expect(parseAmount(amount)).toBe(nano);
  });

  it.each([
    0,
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e308,
    1e-10,
    1e9,
    '0',
    '0.000',
    '-1',
    '',
    ' 1',
    '1e3',
    '1,5',
    '0x10',
    '1.0000000001',
    '1000000000',
    0.1 + 0.2,
  ])('%s is refused, naming the field', (amount) => {
    expect(() => parseAmount(amount)).toThrowError(
      expect.objectContaining({ code: 'invalid_request', param: 'amount_usd' }),
    );
  });
});

describe('thresholds', () => {
  it('come in one form or the other, sorted, each once', () => {
    expect(parseThresholds({})).toBeUndefined();
    expect(parseThresholds({ alert_threshold: 0.7 })).toEqual([0.7]);
    expect(parseThresholds({ alert_thresholds: [1, 0.5, 0.5, 0.8] })).toEqual([0.5, 0.8, 1]);
    expect(parseThresholds({ alert_thresholds: [] })).toEqual([]);
    expect(() => parseThresholds({ alert_threshold: 0.7, alert_thresholds: [0.7] })).toThrow();
  });
});

describe('a level', () => {
  it.each([
    [0n, 0, 'none'],
    [499n, 49.9, 'none'],
    [500n, 50, 'notice'],
    [800n, 80, 'warning'],
    [900n, 90, 'high'],
    [999n, 99.9, 'high'],
    [1000n, 100, 'exceeded'],
    [2000n, 200, 'exceeded'],
  ] as const)('of %s spent of 1000 is by the percentage, which is never rounded up', (spent, percent, level) => {
    expect([percentOf(spent, 1000n), levelOf(percentOf(spent, 1000n))]).toEqual([percent, level]);
  });

  it('of a limit of nothing is reached at once, and one nano-dollar short of the limit is short', () => {
    expect(percentOf(0n, 0n)).toBe(100);
    expect(percentOf(999_999_999n, 1_000_000_000n)).toBe(99.9);
  });
});

describe('what departments are given', () => {
  const allocation = (more: Partial<Allocation>): Allocation => ({
    ...{ period: 'monthly', organizationNanoUsd: 100n, hardNanoUsd: 100n, allocatedNanoUsd: 50n },
    ...more,
  });
  it.each([
    ['no budget of the organization', undefined, false],
    ['less', allocation({}), false],
    ['all', allocation({ allocatedNanoUsd: 100n }), false],
    ['more', allocation({ allocatedNanoUsd: 101n }), true],
    ['more than a soft budget', allocation({ allocatedNanoUsd: 101n, hardNanoUsd: null }), false],
  ])('of %s', (_name, given, isRefused) => {
    expect(overAllocation(given) !== undefined).toBe(isRefused);
  });
});

describe('a counter', () => {
  const terms = {
    period: 'monthly',
    isActive: true,
    name: '',
    amountNanoUsd: 1n,
    alertThresholds: [],
    enforcement: 'hard',
    rollover: false,
  } as const;
  it('begins anew by another period or by being switched on, not by an amount', () => {
    expect(beginsAnew(terms, { ...terms, amountNanoUsd: 2n })).toBe(false);
    expect(beginsAnew(terms, { ...terms, period: 'daily' })).toBe(true);
    expect(beginsAnew({ ...terms, isActive: false }, terms)).toBe(true);
    expect(beginsAnew(terms, { ...terms, isActive: false })).toBe(false);
  });
});
