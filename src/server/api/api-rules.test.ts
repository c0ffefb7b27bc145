// Proves: the pure decisions on the way of a request: who may call, where it may come from, what an address counts as.

import { describe, expect, it } from 'vitest';
import type { Endpoint } from '../../contracts/endpoint.ts';
import { defineEndpoint, type LeastRole, type Method, type OrganizationSource } from '../../contracts/endpoint.ts';
import type { MemberRole, PlatformRole } from '../../contracts/enumerations.ts';
import type { Visitor } from '../../control/identity/index.ts';
import { WeirError } from '../../primitives/errors.ts';
import { decideAccess } from './access.rules.ts';
import { readJsonBody } from './json-body.ts';
import { addressKey } from './rate-limits.ts';

const request = { id: 'r', ip: null, userAgent: null };
const endpointOf = (
  role: LeastRole,
  rest: {
    method?: Method;
    organization?: OrganizationSource;
    platform?: 'platform_admin' | 'superadmin';
    impersonation?: 'refused';
    suspended?: 'allowed';
  } = {},
): Endpoint =>
  defineEndpoint({
    operationId: 'x',
    method: 'GET',
    path: '/api/x',
    summary: 'X',
    tag: 'X',
    ...rest,
    role,
  }) as unknown as Endpoint;
const visitorOf = (rest: Partial<Visitor> & { role?: MemberRole; platformRole?: PlatformRole } = {}): Visitor => ({
  ...{ userId: 'u', sessionId: 's', platformRole: 'user', impersonatorId: null, isBanned: false, isNamed: true },
  memberships: [{ organizationId: 'o', role: rest.role ?? 'member', status: 'active' }],
  ...rest,
});
const outcome = (endpoint: Endpoint, visitor: Visitor | undefined): string => {
  try {
    const caller = decideAccess(endpoint, visitor, request);
    return caller === null
      ? 'anonymous'
      : `${caller.organizationId ?? 'nowhere'}:${caller.organizationRole ?? caller.platformRole}`;
  } catch (error) {
    return error instanceof WeirError ? error.code : String(error);
  }
};

describe('who may call', () => {
  const none: Visitor['memberships'] = [];
  const two: Visitor['memberships'] = ['a', 'b'].map((organizationId) => ({
    organizationId,
    role: 'owner',
    status: 'active',
  }));
  const suspended: Visitor['memberships'] = [{ organizationId: 'o', role: 'owner', status: 'suspended' }];
  it.each<[string, Endpoint, Visitor | undefined, string]>([
    ['nobody, where anybody may', endpointOf('anonymous'), undefined, 'anonymous'],
    ['somebody, where anybody may', endpointOf('anonymous'), visitorOf(), 'nowhere:user'],
    ['a banned person, where anybody may', endpointOf('anonymous'), visitorOf({ isBanned: true }), 'anonymous'],
    ['nobody', endpointOf('user'), undefined, 'unauthenticated'],
    ['a banned person', endpointOf('user'), visitorOf({ isBanned: true }), 'unauthenticated'],
    ['a person', endpointOf('user'), visitorOf(), 'nowhere:user'],
    ['a member', endpointOf('member'), visitorOf(), 'o:member'],
    ['a member, where an admin is asked for', endpointOf('admin'), visitorOf(), 'forbidden'],
    ['an admin', endpointOf('admin'), visitorOf({ role: 'admin' }), 'o:admin'],
    ['an owner, where an admin is asked for', endpointOf('admin'), visitorOf({ role: 'owner' }), 'o:owner'],
    ['an admin, where an owner is asked for', endpointOf('owner'), visitorOf({ role: 'admin' }), 'forbidden'],
    ['a stranger', endpointOf('member'), visitorOf({ memberships: none }), 'not_found'],
    [
      'a superadmin who is no member',
      endpointOf('member'),
      visitorOf({ memberships: none, platformRole: 'superadmin' }),
      'not_found',
    ],
    [
      'a person of none, naming none',
      endpointOf('member'),
      visitorOf({ memberships: none, isNamed: false }),
      'invalid_request',
    ],
    [
      'a person of two, naming none',
      endpointOf('member'),
      visitorOf({ memberships: two, isNamed: false }),
      'invalid_request',
    ],
    ['a person of one, naming none', endpointOf('member'), visitorOf({ isNamed: false }), 'o:member'],
    [
      'a superadmin naming none, where the platform asks as well',
      endpointOf('member', { platform: 'platform_admin' }),
      visitorOf({ memberships: two, isNamed: false, platformRole: 'superadmin' }),
      'nowhere:superadmin',
    ],
    [
      'a superadmin naming an organization, where the platform asks as well',
      endpointOf('member', { platform: 'platform_admin' }),
      visitorOf({ platformRole: 'superadmin' }),
      'o:member',
    ],
    [
      'a platform admin, where superadmins ask as well',
      endpointOf('member', { platform: 'superadmin' }),
      visitorOf({ memberships: none, isNamed: false, platformRole: 'platform_admin' }),
      'invalid_request',
    ],
    ['a user, where the platform is asked for', endpointOf('platform_admin'), visitorOf(), 'forbidden'],
    [
      'a platform admin',
      endpointOf('platform_admin'),
      visitorOf({ platformRole: 'platform_admin' }),
      'nowhere:platform_admin',
    ],
    [
      'a platform admin, where a superadmin is asked for',
      endpointOf('superadmin'),
      visitorOf({ platformRole: 'platform_admin' }),
      'forbidden',
    ],
    ['a superadmin', endpointOf('superadmin'), visitorOf({ platformRole: 'superadmin' }), 'nowhere:superadmin'],
    ['an owner without platform role', endpointOf('superadmin'), visitorOf({ role: 'owner' }), 'forbidden'],
    ['an impersonator', endpointOf('member'), visitorOf({ impersonatorId: 'i' }), 'o:member'],
    [
      'an impersonator, where none may',
      endpointOf('member', { impersonation: 'refused' }),
      visitorOf({ impersonatorId: 'i' }),
      'forbidden',
    ],
    ['a reader of a suspended organization', endpointOf('member'), visitorOf({ memberships: suspended }), 'o:owner'],
    [
      'a writer of a suspended organization',
      endpointOf('member', { method: 'POST' }),
      visitorOf({ memberships: suspended }),
      'organization_suspended',
    ],
    [
      'a writer of what is allowed then',
      endpointOf('member', { method: 'POST', suspended: 'allowed' }),
      visitorOf({ memberships: suspended }),
      'o:owner',
    ],
  ])('%s', (_name, endpoint, visitor, expected) => {
    expect(outcome(endpoint, visitor)).toBe(expected);
  });

  it.each([
    ['owner', /owners of the organization/],
    ['superadmin', /superadmins of the platform/],
  ] as const)('an admin who is none is told that it is for an %s', (role, message) => {
    expect(() => decideAccess(endpointOf(role), visitorOf({ role: 'admin' }), request)).toThrow(message);
  });
});

describe('what an address counts as', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (ip, key) => {
    expect(addressKey(ip)).toBe(key);
  });
});

it('a body nested deeper than a stack is refused, not followed', () => {
  const deep = Buffer.from(`${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`);
  expect(() => readJsonBody(deep)).toThrow(/nested deeper/);
});
