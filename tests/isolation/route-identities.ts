// Owns: who asks in the route matrix, what each is in organization A and on the platform, and what that lets them do. The rule is written down here a second time
// on purpose: it is what the server's own is held to. Not: making them (route-world.ts).

import type { Endpoint, LeastRole } from '../../src/contracts/endpoint.ts';

/** The identities, in the order in which they ask: who may end something for the others comes late. */
export const IDENTITIES = [
  'anonymous',
  'outsider',
  'stranger',
  'platform_admin',
  'superadmin',
  'member',
  'token',
  'admin',
  'impersonator',
  'owner',
] as const;

/**
 * `outsider`: in no organization; `stranger`: admin of organization B; `token`: a script with an admin's API token of A; `impersonator`: a
 * superadmin who acts as A's owner. */
export type Identity = (typeof IDENTITIES)[number];

/** What is expected of a request: a wall, with its code, or getting past it. */
export type Expected = 'passes' | 'unauthenticated' | 'forbidden' | 'not_found';

const IN_ORGANIZATION: Readonly<Partial<Record<Identity, number>>> = {
  ...{ member: 1, admin: 2, token: 2 },
  ...{ owner: 3, impersonator: 3 },
};
const ON_PLATFORM: Readonly<Partial<Record<Identity, number>>> = { platform_admin: 1, superadmin: 2 };
const ORGANIZATION_ROLES: Readonly<Partial<Record<LeastRole, number>>> = { member: 1, admin: 2, owner: 3 };
const PLATFORM_ROLES: Readonly<Partial<Record<LeastRole, number>>> = { platform_admin: 1, superadmin: 2 };

/** What an identity meets at an endpoint, asked about organization A. */
export function expectedOf(
  { method, role, impersonation }: Pick<Endpoint, 'method' | 'role' | 'impersonation'>,
  identity: Identity,
): Expected {
  if (identity === 'anonymous') return role === 'anonymous' ? 'passes' : 'unauthenticated';
  if (identity === 'impersonator' && impersonation === 'refused') return 'forbidden';
  const platformLeast = PLATFORM_ROLES[role];
  if (platformLeast !== undefined) return (ON_PLATFORM[identity] ?? 0) >= platformLeast ? 'passes' : 'forbidden';
  const organizationLeast = ORGANIZATION_ROLES[role];
  // Outside its organization a token only reads.
  if (organizationLeast === undefined) return identity === 'token' && method !== 'GET' ? 'forbidden' : 'passes';
  const own = IN_ORGANIZATION[identity];
  if (own === undefined) return 'not_found';
  return own >= organizationLeast ? 'passes' : 'forbidden';
}
