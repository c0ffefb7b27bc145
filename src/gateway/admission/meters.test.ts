// Proves: which meters a call counts on, with whose limit, in which window; and what it asks of each.

import { describe, expect, test } from 'vitest';
import {
  type CallerParts,
  sampleBudget,
  sampleCaller,
  sampleFeature,
  sampleModel,
  sampleResolution,
  sampleTemplate,
} from '../testing/sample-facts.ts';
import { askCredits, buildLegs } from './legs.ts';
import { findBudgets, organizationQuota, templateLimit, trialMessages } from './meters.ts';

function kindsOf(
  caller: CallerParts,
  resolution: Parameters<typeof sampleResolution>[0] = {},
  trial = false,
): string[] {
  const facts = sampleCaller(caller);
  const resolved = sampleResolution(resolution);
  return buildLegs({ caller: facts, resolution: resolved, inputTokens: 10n, trial, candidates: [resolved.model] }).map(
    ({ meter }) => meter.kind,
  );
}

describe('the meters of a call', () => {
  const costing = sampleFeature({ creditType: 'goals', creditsPerAction: 3n });
  const CASES: readonly [string, CallerParts, Parameters<typeof sampleResolution>[0], boolean, string[]][] = [
    ['plain', {}, {}, false, ['organization_quota']],
    ['a free template', {}, { template: sampleTemplate({ isFree: true }) }, false, []],
    ['a template without a limit', {}, { template: sampleTemplate() }, false, ['organization_quota']],
    [
      'a limited template',
      {},
      { template: sampleTemplate({ limitPeriod: 'daily', limitTokens: 5n }) },
      false,
      ['organization_quota', 'template_limit'],
    ],
    [
      'a free template keeps its rates and budgets',
      { organization: { budgets: [sampleBudget()] }, key: { requestsPerMinute: 1n } },
      { template: sampleTemplate({ isFree: true, limitPeriod: 'daily', limitTokens: 5n }) },
      false,
      ['budget', 'key_requests'],
    ],
    [
      'messages a day',
      {},
      { model: sampleModel({ messagesPerDay: 5n }) },
      false,
      ['organization_quota', 'daily_messages'],
    ],
    ['a trial', {}, {}, true, ['organization_quota', 'trial']],
    ['a person without a key', { key: null }, {}, true, ['organization_quota', 'trial']],
    ['a feature with credits', {}, { feature: costing }, false, ['organization_quota', 'credits']],
    [
      'no charging: no money, no credits',
      { switches: { chargingEnabled: false }, organization: { budgets: [sampleBudget()] } },
      { feature: costing },
      false,
      ['organization_quota'],
    ],
    [
      'a key with both rates',
      { key: { requestsPerMinute: 1n, tokensPerMinute: 1n } },
      {},
      false,
      ['organization_quota', 'key_requests', 'key_tokens'],
    ],
  ];
  test.each(CASES)('%s', (_name, caller, resolution, trial, kinds) => {
    expect(kindsOf(caller, resolution, trial)).toEqual(kinds);
  });

  test('stand in the order in which a denial is reported', () => {
    const model = sampleModel({ messagesPerDay: 5n });
    const template = sampleTemplate({ limitPeriod: 'weekly', limitTokens: 5n });
    const caller: CallerParts = {
      organization: { budgets: [sampleBudget()] },
      key: { requestsPerMinute: 1n, tokensPerMinute: 1n },
    };
    expect(kindsOf(caller, { model, template, feature: costing }, true)).toEqual([
      'organization_quota',
      'template_limit',
      'daily_messages',
      'trial',
      'credits',
      'budget',
      'key_requests',
      'key_tokens',
    ]);
  });
});

test('tokens ask for the input and each output token, messages and requests for one, credits for the price', () => {
  const caller = sampleCaller({ key: { requestsPerMinute: 1n, tokensPerMinute: 1n } });
  const feature = sampleFeature({ creditType: 'goals', creditsPerAction: 3n });
  const resolution = sampleResolution({ model: sampleModel({ messagesPerDay: 5n }), feature });
  const legs = buildLegs({ caller, resolution, inputTokens: 10n, trial: false, candidates: [resolution.model] });
  expect(Object.fromEntries(legs.map(({ meter, base, rate }) => [meter.kind, [base, rate]]))).toEqual({
    organization_quota: [10n, 1n],
    daily_messages: [1n, 0n],
    credits: [3n, 0n],
    key_requests: [1n, 0n],
    key_tokens: [10n, 1n],
  });
});

test('money is held for the dearest of the models that may serve', () => {
  const caller = sampleCaller({ organization: { budgets: [sampleBudget()] } });
  const price = sampleModel().price;
  if (price === null) throw new Error('the sample has a price');
  const dearIn = sampleModel({ price: { ...price, input: 9_000_000n } });
  const dearOut = sampleModel({ price: { ...price, output: 7_000_000n } });
  const unpriced = sampleModel({ price: null });
  const legs = buildLegs({
    caller,
    resolution: sampleResolution(),
    inputTokens: 10n,
    trial: false,
    candidates: [sampleModel(), dearIn, unpriced, dearOut],
  });
  expect(legs.find(({ meter }) => meter.kind === 'budget')).toMatchObject({ base: 90n, rate: 7n });
});

describe('the organization’s quota', () => {
  test.each([
    ['its own', { tokenQuotaMonthly: 5n }, 5n],
    ['its own, also when it is 0', { tokenQuotaMonthly: 0n }, 0n],
    ['the plan’s', {}, 10_000n],
    ['none on a plan that is gone', { planSlug: 'legacy' }, null],
  ])('is %s', (_name, organization, limit) => {
    expect(organizationQuota(sampleCaller({ organization }))).toMatchObject({
      limit,
      unit: 'tokens',
      mode: 'hard',
      window: { kind: 'month' },
    });
  });
});

describe('a template’s limit', () => {
  test.each([
    ['daily', 'day'],
    ['weekly', 'week'],
    ['monthly', 'month'],
    [null, 'month'],
  ] as const)('%s is counted by the %s', (limitPeriod, kind) => {
    const template = sampleTemplate({ limitPeriod, limitTokens: 9n });
    expect(templateLimit(sampleCaller(), template)).toMatchObject({ window: { kind }, limit: 9n, label: 'writer' });
  });

  test('of the organization’s switch goes before the template’s own', () => {
    const templateConfigs = new Map([[7, { isEnabledForUsers: true, tokenLimitPerUser: 4n }]]);
    const caller = sampleCaller({ organization: { templateConfigs } });
    expect(templateLimit(caller, sampleTemplate({ limitPeriod: 'daily', limitTokens: 9n })).limit).toBe(4n);
  });

  test('is another meter for another person, organization, template or period', () => {
    const key = (caller: CallerParts, template = sampleTemplate({ limitPeriod: 'daily' })) =>
      templateLimit(sampleCaller(caller), template).key;
    const keys = [
      key({}),
      key({ member: { userId: 'user-2' } }),
      key({ organization: { id: 'organization-2' } }),
      key({ member: null }),
      key({}, sampleTemplate({ id: 8, limitPeriod: 'daily' })),
      key({}, sampleTemplate({ limitPeriod: 'weekly' })),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test('a trial is for life and one per person and model', () => {
  const model = sampleModel({ trialMessages: 2n });
  const meter = trialMessages(sampleCaller(), sampleResolution({ model }));
  expect(meter).toMatchObject({ limit: 2n, unit: 'messages', window: { kind: 'lifetime' }, mode: 'hard' });
  expect(meter.key).not.toBe(trialMessages(sampleCaller({ member: { userId: 'x' } }), sampleResolution({ model })).key);
});

describe('budgets', () => {
  const concerned = (
    budget: Parameters<typeof sampleBudget>[0],
    caller: CallerParts = {},
    resolution = sampleResolution(),
  ) =>
    findBudgets(sampleCaller({ ...caller, organization: { budgets: [sampleBudget(budget)] } }), resolution).length ===
    1;
  const feature = sampleFeature();

  test.each([
    ['organization', { scope: 'organization' }, {}, {}, true],
    ['its department', { scope: 'department', reference: 'd1' }, { member: { departmentId: 'd1' } }, {}, true],
    ['another department', { scope: 'department', reference: 'd1' }, { member: { departmentId: 'd2' } }, {}, false],
    ['no department', { scope: 'department', reference: 'd1' }, {}, {}, false],
    [
      'a service key’s department',
      { scope: 'department', reference: 'd1' },
      { member: null, key: { departmentId: 'd1' } },
      {},
      true,
    ],
    ['its feature', { scope: 'feature', reference: 'goals' }, {}, { feature }, true],
    ['another feature', { scope: 'feature', reference: 'other' }, {}, { feature }, false],
    ['no feature', { scope: 'feature', reference: 'goals' }, {}, {}, false],
    ['its person', { scope: 'user', reference: 'user-1' }, {}, {}, true],
    ['another person', { scope: 'user', reference: 'user-2' }, {}, {}, false],
    ['a person, for a service key', { scope: 'user', reference: 'user-1' }, { member: null }, {}, false],
    ['its key', { scope: 'key', reference: 'key-1' }, {}, {}, true],
    ['another key', { scope: 'key', reference: 'key-2' }, {}, {}, false],
    ['a key, for a person without one', { scope: 'key', reference: 'key-1' }, { key: null }, {}, false],
    ['a person, without a key', { scope: 'user', reference: 'user-1' }, { key: null }, {}, true],
  ] as const)('of %s', (_name, budget, caller, resolution, isConcerned) => {
    expect(concerned(budget, caller, sampleResolution(resolution))).toBe(isConcerned);
  });

  test('of the platform have one counter for all organizations', () => {
    const platformBudgets = [
      sampleBudget({ scope: 'platform' }),
      sampleBudget({ id: 'wide', scope: 'feature', reference: 'goals' }),
    ];
    const of = (id: string) =>
      findBudgets(sampleCaller({ organization: { id }, platform: { platformBudgets } }), sampleResolution({ feature }));
    expect(of('a').map(({ key }) => key)).toEqual(of('b').map(({ key }) => key));
    expect(
      of('a').every(({ scopeClass, organizationId }) => scopeClass === 'platform' && organizationId === null),
    ).toBe(true);
  });

  test.each([
    ['daily', 'day'],
    ['weekly', 'week'],
    ['monthly', 'month'],
    ['quarterly', 'quarter'],
  ] as const)('%s are counted by the %s, in their own mode', (period, kind) => {
    const budgets = [sampleBudget({ period, enforcement: 'soft' })];
    const [meter] = findBudgets(sampleCaller({ organization: { budgets } }), sampleResolution());
    expect(meter).toMatchObject({ window: { kind }, mode: 'soft', limit: 1000n, unit: 'nano_usd' });
  });
});

test.each([
  ['a feature that costs nothing', {}, sampleFeature(), null],
  [
    'a feature that costs 3',
    {},
    sampleFeature({ creditType: 'goals', creditsPerAction: 3n }),
    { creditType: 'goals', amount: 3n },
  ],
  [
    'a type that is unlimited on the plan',
    { organization: { planSlug: 'enterprise' } },
    sampleFeature({ creditType: 'goals', creditsPerAction: 3n }),
    null,
  ],
  [
    'a type that the plan does not have',
    {},
    sampleFeature({ creditType: 'leads', creditsPerAction: 3n }),
    { creditType: 'leads', amount: 3n },
  ],
  [
    'a plan without credits',
    { organization: { planSlug: 'free' } },
    sampleFeature({ creditType: 'goals', creditsPerAction: 3n }),
    expect.objectContaining({ code: 'plan_required' }),
  ],
  [
    'no charging',
    { switches: { chargingEnabled: false } },
    sampleFeature({ creditType: 'goals', creditsPerAction: 3n }),
    null,
  ],
] as const)('credits of %s', (_name, caller, feature, expected) => {
  expect(askCredits(sampleCaller(caller), sampleResolution({ feature }))).toEqual(expected);
});
