// Proves: each rule about a key, its organization and its person, at its edges.

import { describe, expect, test } from 'vitest';
import {
  type CallerParts,
  NOON,
  sampleCaller,
  sampleFeature,
  sampleResolution,
  sampleTemplate,
} from '../testing/sample-facts.ts';
import {
  checkAddress,
  checkFeature,
  checkKeyAllows,
  checkKeyInForce,
  checkMember,
  checkOrganization,
  checkRoute,
} from './caller-rules.ts';

const codeOf = (refusal: { code: string } | null) => refusal?.code ?? null;

describe('a key is in force', () => {
  const CASES: readonly [string, NonNullable<CallerParts['key']>, string | null][] = [
    ['without dates', {}, null],
    ['a millisecond before its expiry', { expiresAtMs: NOON + 1 }, null],
    ['not at its expiry', { expiresAtMs: NOON }, 'expired_key'],
    ['a millisecond before the end of its grace', { graceUntilMs: NOON + 1 }, null],
    ['not at the end of its grace', { graceUntilMs: NOON }, 'expired_key'],
    ['no longer than the earlier of both', { expiresAtMs: NOON, graceUntilMs: NOON + 9 }, 'expired_key'],
    ['not once revoked', { revokedAtMs: NOON }, 'revoked_key'],
    ['not once revoked, though the database is a moment ahead', { revokedAtMs: NOON + 1 }, 'revoked_key'],
    ['and a revocation is told before an expiry', { revokedAtMs: NOON, expiresAtMs: NOON }, 'revoked_key'],
  ];
  test.each(CASES)('%s', (_name, key, code) => {
    expect(codeOf(checkKeyInForce(sampleCaller({ key }), NOON))).toBe(code);
  });
});

describe('addresses', () => {
  test.each([
    [null, '203.0.113.9', true],
    [[], '203.0.113.9', false],
    [['203.0.113.0/24'], '203.0.113.255', true],
    [['203.0.113.0/24'], '203.0.114.0', false],
    [['203.0.113.7/32'], '203.0.113.7', true],
    [['203.0.113.7/32'], '203.0.113.8', false],
    [['203.0.113.7'], '203.0.113.7', true],
    [['203.0.113.0/24'], '::ffff:203.0.113.5', true],
    [['10.0.0.0/8'], '::ffff:203.0.113.5', false],
    [['2001:db8::/32'], '2001:db8:1::5', true],
    [['2001:db8::/32'], '2001:db9::5', false],
    [['2001:db8::/32'], '203.0.113.5', false],
    [['10.0.0.0/8', '203.0.113.0/24'], '203.0.113.5', true],
    [['0.0.0.0/0'], '198.51.100.1', true],
    [['10.0.0.0/8'], '', false],
    [['10.0.0.0/8'], 'not an address', false],
  ] as const)('%j and %s: %s', (ipRanges, address, isAllowed) => {
    expect(codeOf(checkAddress(sampleCaller({ key: { ipRanges } }), address))).toBe(
      isAllowed ? null : 'ip_not_allowed',
    );
  });
});

test.each([
  [null, true],
  [new Set(['chat_completions']), true],
  [new Set(['messages']), false],
  [new Set<string>(), false],
])('a key for the routes %o may call chat completions: %s', (allowedRoutes, isAllowed) => {
  const caller = sampleCaller({ key: { allowedRoutes } });
  expect(codeOf(checkRoute(caller, 'chat_completions'))).toBe(isAllowed ? null : 'forbidden');
});

describe('allow-lists', () => {
  const template = sampleTemplate();
  const feature = sampleFeature();
  const CASES: readonly [string, NonNullable<CallerParts['key']>, Parameters<typeof sampleResolution>[0], boolean][] = [
    ['no list allows all', {}, { template, feature }, true],
    ['a model on the list', { allowedModels: new Set(['sample']) }, {}, true],
    ['a model off the list', { allowedModels: new Set(['other']) }, {}, false],
    ['an empty list of models', { allowedModels: new Set() }, {}, false],
    [
      'a template by name, whatever its model',
      { allowedTemplates: new Set(['writer']), allowedModels: new Set() },
      { template },
      true,
    ],
    [
      'a template off the list, whatever its model',
      { allowedTemplates: new Set(), allowedModels: null },
      { template },
      false,
    ],
    ['a template without a list of templates goes by its model', { allowedModels: new Set() }, { template }, false],
    ['a feature on the list', { allowedFeatures: new Set(['goals']) }, { feature }, true],
    ['a feature off the list', { allowedFeatures: new Set(['other']) }, { feature }, false],
    ['no feature is not no model', { allowedFeatures: new Set() }, {}, true],
    ['a key for a feature does not open models by name', { allowedFeatures: new Set(['goals']) }, {}, false],
    ['nor templates', { allowedFeatures: new Set(['goals']) }, { template }, false],
    ['a key for a template does not open models by name', { allowedTemplates: new Set(['writer']) }, {}, false],
    [
      'a list of models opens them beside the templates',
      { allowedTemplates: new Set(['writer']), allowedModels: new Set(['sample']) },
      {},
      true,
    ],
    [
      'a feature may be used by a key for it and for templates',
      { allowedTemplates: new Set(['writer']), allowedFeatures: new Set(['goals']) },
      { feature },
      true,
    ],
    [
      'a feature does not open a model',
      { allowedFeatures: new Set(['goals']), allowedModels: new Set() },
      { feature },
      false,
    ],
  ];
  test.each(CASES)('%s', (_name, key, resolution, isAllowed) => {
    const refusal = checkKeyAllows(sampleCaller({ key }), sampleResolution(resolution));
    expect(codeOf(refusal)).toBe(isAllowed ? null : 'forbidden');
  });
});

test('a person without a key is bound by no rule about keys', () => {
  const caller = sampleCaller({ key: null });
  const resolution = sampleResolution({ template: sampleTemplate(), feature: sampleFeature() });
  const refusals = [
    checkKeyInForce(caller, NOON),
    checkAddress(caller, ''),
    checkRoute(caller, 'chat_completions'),
    checkKeyAllows(caller, resolution),
  ];
  expect(refusals).toEqual([null, null, null, null]);
});

test('a suspended organization is refused', () => {
  expect(checkOrganization(sampleCaller())).toBeNull();
  expect(codeOf(checkOrganization(sampleCaller({ organization: { status: 'suspended' } })))).toBe(
    'organization_suspended',
  );
});

test.each([
  ['an active member', { status: 'active' }, null],
  ['a paused member', { status: 'paused' }, 'member_paused'],
  ['a member paused until later', { status: 'paused', pausedUntilMs: NOON + 1 }, 'member_paused'],
  ['a member whose pause ends now', { status: 'paused', pausedUntilMs: NOON }, null],
] as const)('%s', (_name, member, code) => {
  expect(codeOf(checkMember(sampleCaller({ member }), NOON))).toBe(code);
});

test('a service key has no person to pause', () => {
  expect(checkMember(sampleCaller({ member: null }), NOON)).toBeNull();
});

test.each([
  ['active', null, undefined],
  ['inactive', 'feature_inactive', undefined],
  ['maintenance', 'feature_maintenance', 60],
] as const)('a feature that is %s', (status, code, retryAfterSeconds) => {
  const refusal = checkFeature(sampleResolution({ feature: sampleFeature({ status }) }));
  expect(codeOf(refusal)).toBe(code);
  expect(refusal?.retryAfterSeconds).toBe(retryAfterSeconds);
});
