// Proves: which meter binds, whatever its unit; what a call would be refused with; how amounts are read and what a raise may be.

import { describe, expect, it } from 'vitest';
import type { InspectedMeter } from '../../contracts/quotas/limit-inspector.ts';
import { bindingMeter, leftOf, refusalOf } from './limit.rules.ts';
import { parseLimit, shownAmount, shownUnit, unitOf } from './limit-amount.rules.ts';
import { checkMayApprove, checkRaise, checkTarget, checkUntil, limitToRaise } from './limit-request.rules.ts';

const meter = (kind: string, more: Partial<InspectedMeter> = {}): InspectedMeter => ({
  ...{ kind, name: kind, unit: 'tokens', window: 'month', mode: 'hard', limit: 100n, ordinaryLimit: 100n },
  ...{ used: 0n, held: 0n, asked: 10n, resetsAtMs: 0, source: 'plan', target: '', raisedUntilMs: null, fits: true },
  refusal: { code: `${kind}_full`, message: kind },
  ...more,
});

describe('the meter that binds', () => {
  it.each<[string, InspectedMeter[], string | undefined]>([
    ['none', [], undefined],
    ['none that limits', [meter('a', { limit: null }), meter('b', { mode: 'soft' })], undefined],
    ['the one for the fewest calls', [meter('a'), meter('b', { unit: 'messages', limit: 4n, asked: 1n })], 'b'],
    ['what is held counts', [meter('a'), meter('b', { held: 60n, limit: 150n })], 'b'],
    ['the first of equals', [meter('a'), meter('b')], 'a'],
    ['the first that refuses, before all', [meter('a', { limit: 10n }), meter('b', { fits: false })], 'b'],
    ['what is passed has no room', [meter('a', { limit: 1n, asked: 0n }), meter('b', { used: 500n })], 'b'],
  ])('%s', (_name, meters, kind) => {
    expect(bindingMeter(meters)?.kind).toBe(kind);
  });

  it('has never less than nothing left', () => {
    expect([leftOf(meter('a', { used: 500n })), leftOf(meter('a', { held: 1n }))]).toEqual([0n, 99n]);
  });
});

describe('a refusal', () => {
  const passes = { rule: 'one', refusal: null };
  const fails = { rule: 'two', refusal: { code: 'forbidden', message: 'No.' } };
  it.each([
    ['is none where all passes', [passes], [meter('a')], undefined],
    ['is the first rule that fails', [passes, fails], [meter('a', { fits: false })], 'forbidden'],
    ['is the first meter without room', [passes], [meter('a'), meter('b', { fits: false })], 'b_full'],
  ])('%s', (_name, checks, meters, code) => {
    expect(refusalOf({ checks, meters })?.code).toBe(code);
  });
});

describe('amounts', () => {
  it.each([
    ['budget', '2.5', 2_500_000_000n],
    ['budget', 0.1, 100_000_000n],
    ['template_limit', '15', 15n],
    ['daily_messages', 3, 3n],
  ] as const)('of a %s: %s', (kind, text, amount) => {
    expect(parseLimit(kind, text)).toBe(amount);
    expect(String(shownAmount(amount, unitOf(kind)))).toBe(String(text));
  });

  it.each([
    ['budget', '1e3'],
    ['budget', 1e-10],
    ['budget', Number.NaN],
    ['template_limit', 2 ** 53],
    ['template_limit', '12345678901234567'],
    ['daily_messages', 0],
  ] as const)('of a %s are not %s', (kind, amount) => {
    expect(() => parseLimit(kind, amount)).toThrow(/^amount/);
  });

  it('have a unit', () => {
    expect([shownUnit('nano_usd'), shownUnit('tokens'), unitOf('organization_quota')]).toEqual([
      'usd',
      'tokens',
      'tokens',
    ]);
    expect(shownAmount(2n ** 60n, 'tokens')).toBe('1152921504606846976');
  });
});

describe('a raise', () => {
  const target = { name: 'T', limit: 10n, period: 'monthly', organizationQuota: 100n } as const;
  const raise = limitToRaise(target);
  it('is of what is there and limited, to more, within the quota', () => {
    expect(() => limitToRaise(undefined)).toThrow(/^target/);
    expect(() => limitToRaise({ ...target, limit: null })).toThrow(/no limit/);
    expect(() => checkRaise('template_limit', 10n, raise)).toThrow(/not more than the limit of 10/);
    expect(() => checkRaise('template_limit', 101n, raise)).toThrow(/quota of 100/);
    expect(() => checkRaise('template_limit', 100n, raise)).not.toThrow();
    expect(() => checkRaise('daily_messages', 101n, raise)).not.toThrow();
    expect(() =>
      checkRaise('template_limit', 101n, limitToRaise({ ...target, organizationQuota: null })),
    ).not.toThrow();
  });

  it('names its target, ends in the future, and of a quota is the platform’s', () => {
    expect([checkTarget('organization_quota', undefined), checkTarget('template_limit', 7)]).toEqual(['', '7']);
    expect(() => checkTarget('organization_quota', 'x')).toThrow(/^target/);
    expect(() => checkTarget('budget', undefined)).toThrow(/^target/);
    expect([checkUntil(undefined, 0), checkUntil('1970-01-01T00:00:01Z', 0)]).toEqual([null, new Date(1_000)]);
    expect(() => checkUntil('1970-01-01T00:00:01Z', 1_000)).toThrow(/^until/);
    expect(() => checkMayApprove('organization_quota', false)).toThrow(/platform/);
    expect(() => checkMayApprove('organization_quota', true)).not.toThrow();
    expect(() => checkMayApprove('budget', false)).not.toThrow();
  });
});
