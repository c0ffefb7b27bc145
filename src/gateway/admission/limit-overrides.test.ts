// Proves: a limit is raised for its person and its target, between its two times by the clock of the call, never lowered, and never made of none.

import { describe, expect, test } from 'vitest';
import type { LimitOverrideFacts } from '../snapshot/facts.ts';
import {
  NOON,
  sampleBudget,
  sampleCaller,
  sampleModel,
  sampleResolution,
  sampleTemplate,
} from '../testing/sample-facts.ts';
import { dailyMessages, findBudgets, organizationQuota, templateLimit } from './meters.ts';

const HOUR = 3_600_000;
const raised = (more: Partial<LimitOverrideFacts> = {}): LimitOverrideFacts => ({
  ...{ kind: 'template_limit', target: '7', limit: 50n, startsAtMs: NOON, endsAtMs: NOON + HOUR },
  ...more,
});
const template = sampleTemplate({ limitPeriod: 'daily', limitTokens: 10n });
const limitAt = (overrides: LimitOverrideFacts[], nowMs?: number, of = template) =>
  templateLimit(sampleCaller({ member: { limitOverrides: overrides } }), of, nowMs).limit;

describe('a limit', () => {
  test.each<[string, LimitOverrideFacts[], number | undefined, bigint]>([
    ['is raised from its start', [raised()], NOON, 50n],
    ['is not raised before', [raised()], NOON - 1, 10n],
    ['is raised until its end', [raised()], NOON + HOUR - 1, 50n],
    ['is the ordinary one at its end', [raised()], NOON + HOUR, 10n],
    ['stays raised without an end', [raised({ endsAtMs: null })], NOON + 1e12, 50n],
    ['is the highest of several', [raised(), raised({ limit: 70n }), raised({ limit: 60n })], NOON, 70n],
    ['is never lowered', [raised({ limit: 5n })], NOON, 10n],
    ['is raised for its own target alone', [raised({ target: '8' })], NOON, 10n],
    ['is raised for its own kind alone', [raised({ kind: 'daily_messages' })], NOON, 10n],
    ['is the ordinary one for what only counts', [raised()], undefined, 10n],
  ])('%s', (_name, overrides, nowMs, limit) => {
    expect(limitAt(overrides, nowMs)).toBe(limit);
  });

  test('that is none stays none', () => {
    expect(limitAt([raised()], NOON, sampleTemplate())).toBeNull();
  });

  test('of a service key is nobody’s to raise', () => {
    expect(templateLimit(sampleCaller({ member: null }), template, NOON).limit).toBe(10n);
  });
});

test('messages of a day, the quota and a budget of one’s own are raised the same way, and come back', () => {
  const daily = raised({ kind: 'daily_messages', target: 'sample' });
  const budget = raised({ kind: 'budget', target: 'budget-1', limit: 5_000n });
  const own = sampleBudget({ scope: 'user', reference: 'user-1' });
  const caller = sampleCaller({
    member: { limitOverrides: [daily, budget] },
    organization: {
      tokenQuotaMonthly: 20n,
      limitOverrides: [raised({ kind: 'organization_quota', target: '' })],
      budgets: [own, sampleBudget()],
    },
  });
  const resolution = sampleResolution({ model: sampleModel({ messagesPerDay: 3n }) });
  const limits = (nowMs: number) => [
    dailyMessages(caller, resolution, nowMs).limit,
    organizationQuota(caller, nowMs).limit,
    ...findBudgets(caller, resolution, nowMs).map(({ limit }) => limit),
  ];
  // What is not one's own is not raised for one: the second budget is the organization's, of the same id here.
  expect(limits(NOON)).toEqual([50n, 50n, 5_000n, 1_000n]);
  expect(limits(NOON + HOUR)).toEqual([3n, 20n, 1_000n, 1_000n]);
  expect(limits(NOON)).toEqual([50n, 50n, 5_000n, 1_000n]);
});
