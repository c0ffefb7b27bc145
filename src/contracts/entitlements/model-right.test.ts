// Proves: which right to a model wins, and by what right one may use it.

import { describe, expect, it, test } from 'vitest';
import type { EntitlementSource } from '../enumerations.ts';
import { type HeldRight, modelRight, winningRight } from './model-right.ts';

const NOW = Date.UTC(2026, 4, 1, 12);
const DAY = 86_400_000;
const right = (source: EntitlementSource, days: number | null = null): HeldRight => ({
  source,
  expiresAtMs: days === null ? null : NOW + days * DAY,
});

describe('of several rights', () => {
  const CASES: readonly [string, HeldRight[], HeldRight | null][] = [
    ['none is none', [], null],
    ['the only one wins', [right('trial', 1)], right('trial', 1)],
    ['one that ends now is over', [right('purchase', 0)], null],
    ['one that has ended never wins', [right('purchase', -1), right('trial', 1)], right('trial', 1)],
    ['the longest wins, whatever its source', [right('purchase', 5), right('trial', 6)], right('trial', 6)],
    ['no end is longest', [right('purchase', 3_650), right('plan')], right('plan')],
    ['a purchase before a grant', [right('admin_grant'), right('purchase')], right('purchase')],
    ['a grant before a plan', [right('plan', 9), right('admin_grant', 9)], right('admin_grant', 9)],
    ['a plan before a trial', [right('trial', 9), right('plan', 9)], right('plan', 9)],
  ];
  test.each(CASES)('%s', (_name, rights, winner) => {
    expect(winningRight(rights, NOW)).toEqual(winner);
    expect(winningRight([...rights].reverse(), NOW)).toEqual(winner);
  });
});

it('a millisecond longer is in force', () => {
  expect(winningRight([{ source: 'plan', expiresAtMs: NOW + 1 }], NOW)).not.toBeNull();
});

test.each([
  ['a free model needs none', 'free', 2n, [right('purchase')], 'free'],
  ['a right goes before a trial', 'premium', 2n, [right('plan', 1)], 'plan'],
  ['without one the trial counts', 'premium', 2n, [right('plan', -1)], 'trial_messages'],
  ['without a trial there is none', 'premium', 0n, [], 'none'],
] as const)('%s', (_name, tier, trialMessages, rights, by) => {
  expect(modelRight({ tier, trialMessages }, rights, NOW).by).toBe(by);
});
