// Owns: who may call an endpoint, as one pure decision. Not: finding out who asks (identity), or which rows they see (row level security).

import type { Caller } from '../../contracts/caller.ts';
import type { Endpoint, LeastRole } from '../../contracts/endpoint.ts';
import type { MemberRole, PlatformRole } from '../../contracts/enumerations.ts';
import type { Visitor } from '../../control/identity/index.ts';
import { WeirError } from '../../primitives/errors.ts';

const ORGANIZATION_ORDER: readonly MemberRole[] = ['member', 'admin', 'owner'];
const PLATFORM_ORDER: readonly PlatformRole[] = ['user', 'platform_admin', 'superadmin'];

/** Whether a role in an organization is at least another. */
function isAtLeast<Role>(order: readonly Role[], role: Role, least: Role): boolean {
  return order.indexOf(role) >= order.indexOf(least);
}

const isOrganizationRole = (role: LeastRole): role is MemberRole =>
  (ORGANIZATION_ORDER as readonly string[]).includes(role);
const isPlatformRole = (role: LeastRole): role is 'platform_admin' | 'superadmin' =>
  role === 'platform_admin' || role === 'superadmin';

/**
 * Decides, in the order in which a caller learns it: signed in (401), not banned (401), an organization that is theirs (404, the same for a foreign and an
 * unknown one), the role (403), no impersonator where none may be (403), no write in a suspended organization (403). Gives the caller a handler meets; null
 * only for an anonymous endpoint.
 */
export function decideAccess(
  endpoint: Endpoint,
  visitor: Visitor | undefined,
  request: Caller['request'],
): Caller | null {
  if (visitor === undefined || visitor.isBanned) {
    if (endpoint.role === 'anonymous') return null;
    const message = visitor === undefined ? 'Nobody is signed in.' : 'This account is not active.';
    throw new WeirError('unauthenticated', { message });
  }
  const { userId, platformRole, impersonatorId, sessionId, apiToken } = visitor;
  const person = { userId, platformRole, impersonatorId, sessionId, request, ...(apiToken && { apiToken }) };
  if (impersonatorId !== null && endpoint.impersonation === 'refused')
    throw new WeirError('forbidden', { message: 'This cannot be done while acting as somebody else.' });
  if (!isOrganizationRole(endpoint.role)) {
    if (isPlatformRole(endpoint.role) && !isAtLeast(PLATFORM_ORDER, platformRole, endpoint.role))
      throw tooLow(endpoint.role);
    return apiToken
      ? tokenOutside(endpoint, visitor, person)
      : { ...person, organizationId: null, organizationRole: null };
  }
  // Asked about nothing in particular, by somebody of the platform: about all of it. What a token asks always has an organization.
  if (endpoint.platform !== null && !visitor.isNamed && isAtLeast(PLATFORM_ORDER, platformRole, endpoint.platform))
    return { ...person, organizationId: null, organizationRole: null };
  const membership = membershipOf(endpoint, visitor);
  if (!isAtLeast(ORGANIZATION_ORDER, membership.role, endpoint.role)) throw tooLow(endpoint.role);
  if (membership.status === 'suspended' && endpoint.method !== 'GET' && endpoint.suspended === 'refused')
    throw new WeirError('organization_suspended');
  return { ...person, organizationId: membership.organizationId, organizationRole: membership.role };
}

const PEOPLE: Readonly<Record<MemberRole | 'platform_admin' | 'superadmin', string>> = {
  ...{
    member: 'members of the organization',
    admin: 'admins of the organization',
    owner: 'owners of the organization',
  },
  ...{ platform_admin: 'admins of the platform', superadmin: 'superadmins of the platform' },
};

function tooLow(least: keyof typeof PEOPLE): WeirError {
  return new WeirError('forbidden', { message: `This is for ${PEOPLE[least]}. Ask one of them.` });
}

/** A token stays in its organization: outside of it, it only reads, and sees what is of that organization. */
function tokenOutside(
  { method }: Endpoint,
  { memberships: [home] }: Visitor,
  person: Omit<Caller, 'organizationId' | 'organizationRole'>,
): Caller {
  if (method !== 'GET' || home === undefined)
    throw new WeirError('forbidden', { message: 'This needs a person who is signed in. A token cannot do it.' });
  return { ...person, organizationId: home.organizationId, organizationRole: home.role };
}

function membershipOf(endpoint: Endpoint, { memberships, isNamed }: Visitor): Visitor['memberships'][number] {
  const [membership, another] = memberships;
  if (membership !== undefined && another === undefined) return membership;
  if (isNamed || endpoint.organization === 'path') throw new WeirError('not_found');
  const message =
    another === undefined
      ? 'You are not a member of any organization, and this is about one.'
      : 'Which organization is meant is not said. Name one in the header x-weir-organization.';
  throw new WeirError('invalid_request', {
    message,
    param: 'x-weir-organization',
    details: {
      errors: [{ path: 'x-weir-organization', message: 'is required: id or slug of one of your organizations' }],
    },
  });
}
