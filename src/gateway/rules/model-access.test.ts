// Proves: who may use which model and template, and what the refusal says.

import { describe, expect, test } from 'vitest';
import type { EntitlementFacts } from '../snapshot/facts.ts';
import {
  type CallerParts,
  NOON,
  sampleCaller,
  sampleModel,
  sampleResolution,
  sampleTemplate,
} from '../testing/sample-facts.ts';
import { checkCapabilities } from './capabilities.ts';
import { fallbackLine } from './fallback-line.ts';
import { checkModelAvailable, checkModelRight, checkTemplate, findModelRight } from './model-access.ts';

const codeOf = (refusal: { code: string } | null) => refusal?.code ?? null;
const premium = sampleModel({ id: 'premium', tier: 'premium', priceCents: 299 });

test.each([
  ['enabled and priced', {}, null],
  ['not enabled', { enabled: false }, 'model_not_enabled'],
  ['without a price', { price: null }, 'model_not_enabled'],
  ['unavailable', { status: 'unavailable' }, 'model_not_enabled'],
  ['retired since now', { retiresAtMs: NOON }, 'model_not_enabled'],
  ['retired a millisecond from now', { retiresAtMs: NOON + 1 }, null],
  ['in beta', { status: 'beta' }, null],
  ['deprecated', { status: 'deprecated' }, null],
] as const)('a model that is %s', (_name, more, code) => {
  expect(codeOf(checkModelAvailable(sampleResolution({ model: sampleModel(more) }), NOON))).toBe(code);
});

describe('a template', () => {
  const enabled = { isEnabledForUsers: true, tokenLimitPerUser: null };
  const withConfig = (more: CallerParts = {}): CallerParts => ({
    ...more,
    organization: { templateConfigs: new Map([[7, enabled]]), ...more.organization },
  });
  const CASES: readonly [string, Parameters<typeof sampleTemplate>[0], CallerParts, string | null][] = [
    ['enabled for users', {}, withConfig(), null],
    ['not enabled, to a member', {}, {}, 'forbidden'],
    ['not enabled, to an admin', {}, { member: { role: 'admin' } }, null],
    ['not enabled, to the owner', {}, { member: { role: 'owner' } }, null],
    ['not enabled, to a service key', {}, { member: null }, 'forbidden'],
    ['not active', { isActive: false }, withConfig(), 'model_not_enabled'],
    [
      'while system templates are off',
      {},
      withConfig({ switches: { systemTemplatesEnabled: false } }),
      'model_not_enabled',
    ],
    ['for this business', { businessTypes: new Set(['software']) }, withConfig(), null],
    ['for another business', { businessTypes: new Set(['retail']) }, withConfig(), 'model_not_found'],
    [
      'for a business, to one without',
      { businessTypes: new Set(['retail']) },
      withConfig({ organization: { templateConfigs: new Map([[7, enabled]]), businessType: null } }),
      'model_not_found',
    ],
    ['for a lower plan', { requiredPlan: 'free' }, withConfig(), null],
    ['for this plan', { requiredPlan: 'pro' }, withConfig(), null],
    ['for a higher plan', { requiredPlan: 'enterprise' }, withConfig(), 'plan_required'],
    ['for a plan that is gone', { requiredPlan: 'legacy' }, withConfig(), 'plan_required'],
    ['of the organization needs no switch', { scope: 'organization' }, {}, null],
    ['of the organization that is not active', { scope: 'organization', isActive: false }, {}, 'model_not_enabled'],
    [
      'of the person while system templates are off',
      { scope: 'user' },
      { switches: { systemTemplatesEnabled: false } },
      null,
    ],
  ];
  test.each(CASES)('%s', (_name, template, caller, code) => {
    const resolution = sampleResolution({ template: sampleTemplate(template) });
    expect(codeOf(checkTemplate(sampleCaller(caller), resolution))).toBe(code);
  });
});

describe('the right to a premium model', () => {
  const held = (more: Partial<EntitlementFacts> = {}): EntitlementFacts => ({
    modelId: 'premium',
    userId: 'user-1',
    source: 'purchase',
    expiresAtMs: null,
    ...more,
  });
  const CASES: readonly [string, CallerParts, Parameters<typeof sampleResolution>[0], string][] = [
    ['free model', {}, { model: sampleModel() }, 'free'],
    ['nothing', {}, {}, 'none'],
    ['bought', { member: { entitlements: [held()] } }, {}, 'purchase'],
    ['bought another model', { member: { entitlements: [held({ modelId: 'other' })] } }, {}, 'none'],
    ['until now', { member: { entitlements: [held({ expiresAtMs: NOON })] } }, {}, 'none'],
    ['a millisecond longer', { member: { entitlements: [held({ expiresAtMs: NOON + 1 })] } }, {}, 'purchase'],
    [
      'granted to the organization',
      { organization: { organizationEntitlements: [held({ source: 'admin_grant' })] } },
      {},
      'admin_grant',
    ],
    [
      'granted to the organization of a service key',
      { member: null, organization: { organizationEntitlements: [held({ source: 'plan' })] } },
      {},
      'plan',
    ],
    ['trial messages', {}, { model: { ...premium, trialMessages: 2n } }, 'trial_messages'],
    [
      'a right before a trial',
      { member: { entitlements: [held()] } },
      { model: { ...premium, trialMessages: 2n } },
      'purchase',
    ],
    ['through a system template', {}, { template: sampleTemplate() }, 'template'],
    ['not through one’s own template', {}, { template: sampleTemplate({ scope: 'user' }) }, 'none'],
  ];
  test.each(CASES)('%s', (_name, caller, resolution, right) => {
    expect(findModelRight(sampleCaller(caller), sampleResolution({ model: premium, ...resolution }), NOON)).toBe(right);
  });

  test('is refused with price and place where there is none', () => {
    const refusal = checkModelRight(sampleCaller(), sampleResolution({ model: premium }), NOON);
    expect(refusal).toMatchObject({
      code: 'model_locked',
      details: { price_usd: '2.99', upgrade_url: '/models/premium' },
    });
  });

  test('is refused to everybody while premium is off, and free models are not', () => {
    const caller = sampleCaller({ switches: { premiumEnabled: false }, member: { entitlements: [held()] } });
    expect(codeOf(checkModelRight(caller, sampleResolution({ model: premium }), NOON))).toBe('model_locked');
    expect(checkModelRight(caller, sampleResolution(), NOON)).toBeNull();
  });
});

test.each([
  ['a chat of a chat model', {}, ['chat'], null],
  ['images to a model that sees', { capabilities: new Set(['chat', 'vision']) }, ['chat', 'vision'], null],
  ['images to a model that does not see', {}, ['chat', 'vision'], 'unsupported_parameter'],
  ['images to a model of which nothing is known', { capabilities: new Set<string>() }, ['chat', 'vision'], null],
  ['embeddings of a chat model', {}, ['embeddings'], 'unsupported_parameter'],
  ['a chat of an embedding model', { modelType: 'embedding' }, ['chat'], 'unsupported_parameter'],
  ['embeddings of an embedding model', { modelType: 'embedding' }, ['embeddings'], null],
] as const)('%s', (_name, model, needs, code) => {
  expect(codeOf(checkCapabilities(sampleModel(model), needs))).toBe(code);
});

describe('fallbacks', () => {
  const line = (
    candidate: Parameters<typeof sampleModel>[0],
    caller: CallerParts = {},
    needs: readonly string[] = ['chat'],
  ) => {
    const other = sampleModel({ id: 'other', ...candidate });
    const asked = sampleModel({ fallbackModelIds: ['gone', 'other'] });
    const platform = { models: new Map([['other', other]]) };
    const facts = sampleCaller({ ...caller, platform });
    return fallbackLine(facts, sampleResolution({ model: asked }), { nowMs: NOON, needs }).map(({ id }) => id);
  };

  test.each([
    ['a free model', {}, {}, ['sample', 'other']],
    ['a disabled model', { enabled: false }, {}, ['sample']],
    ['an unavailable model', { status: 'unavailable' }, {}, ['sample']],
    ['a model without a price', { price: null }, {}, ['sample']],
    ['an embedding model', { modelType: 'embedding' }, {}, ['sample']],
    ['a premium model without a right', { tier: 'premium' }, {}, ['sample']],
    ['a premium model on trial', { tier: 'premium', trialMessages: 2n }, {}, ['sample']],
    ['a model that the key may not use', {}, { key: { allowedModels: new Set(['sample']) } }, ['sample']],
  ] as const)('%s', (_name, candidate, caller, ids) => {
    expect(line(candidate, caller)).toEqual(ids);
  });

  test('none are looked for where none are named', () => {
    const line = fallbackLine(sampleCaller(), sampleResolution(), { nowMs: NOON, needs: ['chat'] });
    expect(line.map(({ id }) => id)).toEqual(['sample']);
  });

  test('a model that cannot see does not stand in for one that can, where there is something to see', () => {
    expect(line({ capabilities: new Set(['chat']) }, {}, ['chat', 'vision'])).toEqual(['sample']);
    expect(line({ capabilities: new Set(['chat', 'vision']) }, {}, ['chat', 'vision'])).toEqual(['sample', 'other']);
  });
});
