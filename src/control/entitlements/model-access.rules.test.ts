// Proves: when a model is locked for a person, and what speaks against a preference; the gateway's rules give the same answers to the same facts.

import { describe, expect, test } from 'vitest';
import { type AccessFacts, modelAccess, type PreferredModel, reasonAgainst } from './model-access.rules.ts';
import type { Right } from './model-offer.queries.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const premium: PreferredModel = {
  ...{ id: 'm', displayName: 'M', tier: 'premium', trialMessages: 2n, priceCents: 299n, modelType: 'llm' },
  ...{ status: 'available', enabled: true, isPriced: true, isProviderActive: true, retiresAtMs: null },
};
const free: PreferredModel = { ...premium, tier: 'free', trialMessages: 0n, priceCents: null };
const right = (more: Partial<Right> = {}): Right => ({
  ...{ modelId: 'm', source: 'purchase', scope: 'user', expiresAtMs: null },
  ...more,
});
const facts = (more: Partial<AccessFacts> = {}): AccessFacts => ({
  ...{ rights: [], trialMessagesUsed: 0n, premiumEnabled: true, nowMs: NOW },
  ...more,
});

describe('access', () => {
  const CASES: readonly [string, PreferredModel, Partial<AccessFacts>, string | null, bigint][] = [
    ['a free model', free, {}, null, 0n],
    ['a free model while premium is off', free, { premiumEnabled: false }, null, 0n],
    ['a whole trial', premium, {}, null, 2n],
    ['half a trial', premium, { trialMessagesUsed: 1n }, null, 1n],
    ['a trial used up', premium, { trialMessagesUsed: 2n }, 'trial_exhausted', 0n],
    ['more used than is allowed by now', premium, { trialMessagesUsed: 5n }, 'trial_exhausted', 0n],
    ['no trial', { ...premium, trialMessages: 0n }, {}, 'not_entitled', 0n],
    ['a right after the trial', premium, { rights: [right()], trialMessagesUsed: 2n }, null, 0n],
    [
      'a right to another model',
      { ...premium, trialMessages: 0n },
      { rights: [right({ modelId: 'n' })] },
      'not_entitled',
      0n,
    ],
    [
      'a right that ends now',
      premium,
      { rights: [right({ expiresAtMs: NOW })], trialMessagesUsed: 2n },
      'trial_exhausted',
      0n,
    ],
    ['a right while premium is off', premium, { rights: [right()], premiumEnabled: false }, 'premium_disabled', 2n],
  ];
  test.each(CASES)('%s', (_name, model, more, lockedReason, left) => {
    const access = modelAccess(model, facts(more));
    expect([access.lockedReason, access.trialMessagesRemaining]).toEqual([lockedReason, left]);
  });
});

test.each([
  ['nothing', {}, {}, null],
  ['is not there', undefined, {}, 'model_not_found'],
  ['is switched off', { enabled: false }, {}, 'model_disabled'],
  ['has no price', { isPriced: false }, {}, 'model_disabled'],
  ['is unavailable', { status: 'unavailable' }, {}, 'model_unavailable'],
  ['is unavailable and switched off', { status: 'unavailable', enabled: false }, {}, 'model_unavailable'],
  ['is of a provider that is switched off', { isProviderActive: false }, {}, 'model_unavailable'],
  ['is in beta', { status: 'beta' }, {}, null],
  ['is retired since now', { retiresAtMs: NOW }, {}, 'model_retired'],
  ['will be retired', { retiresAtMs: NOW + 1 }, {}, null],
  ['only embeds', { modelType: 'embedding' }, {}, 'model_incapable'],
  ['has a trial used up', {}, { trialMessagesUsed: 2n }, 'trial_exhausted'],
  ['is locked', { trialMessages: 0n }, {}, 'model_locked'],
  ['is premium while that is off', {}, { premiumEnabled: false, rights: [right()] }, 'model_locked'],
] as const)('a preference of which the model %s', (_name, model, more, reason) => {
  expect(reasonAgainst(model && { ...premium, ...model }, facts(more))).toBe(reason);
});
