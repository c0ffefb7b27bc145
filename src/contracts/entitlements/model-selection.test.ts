// Proves: the order of preferences, and that the first reason against one is what is told.

import { expect, it, test } from 'vitest';
import { type Preferences, type SelectionReason, selectModel } from './model-selection.ts';

const ALL: Preferences = {
  system_default: 'system',
  organization_default: 'organization',
  user_default: 'user',
  persona_default: 'persona',
  persona_override: 'override',
};

test.each([
  [[], 'override', 'persona_override'],
  [['override'], 'persona', 'persona_default'],
  [['override', 'persona'], 'user', 'user_default'],
  [['override', 'persona', 'user'], 'organization', 'organization_default'],
  [['override', 'persona', 'user', 'organization'], 'system', 'system_default'],
] as const)('without %j it is %s', (without, modelId, why) => {
  const reason = (id: string): SelectionReason | null =>
    (without as readonly string[]).includes(id) ? (id === 'override' ? 'model_locked' : 'model_disabled') : null;
  const fallback = without.length === 0 ? null : 'model_locked';
  expect(selectModel(ALL, reason)).toEqual({ modelId, why, fallback });
});

it('what is not preferred is no reason', () => {
  const preferences = { persona_override: null, user_default: undefined, system_default: 'system' };
  expect(selectModel(preferences, () => null)).toEqual({ modelId: 'system', why: 'system_default', fallback: null });
});

it('is nothing where nothing works', () => {
  expect(selectModel(ALL, () => 'model_unavailable')).toBeNull();
});
