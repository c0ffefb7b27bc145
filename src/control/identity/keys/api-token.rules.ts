// Owns: what a token may be made of, what it is worth when it is used, and how it is logged. Pure. Not: reading or writing one.

import type { MemberCaller } from '../../../contracts/caller.ts';
import type { ApiTokenRole, MemberRole } from '../../../contracts/enumerations.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Visitor } from '../visitor.ts';
import type { ApiToken, TokenInUse } from './api-token.queries.ts';

/** Throws 403 for a token beyond its maker: admin's rights for a member, the organization's for anybody but an admin, any for another token. */
export function checkMayMakeToken(
  { organizationRole, apiToken }: MemberCaller,
  wanted: { readonly kind: 'personal' | 'organization'; readonly role: ApiTokenRole },
): void {
  // A token that could make its like would outlive its own revocation.
  if (apiToken !== undefined) throw forbidden('Tokens are made by people who are signed in, not by tokens.');
  if (organizationRole !== 'member') return;
  if (wanted.kind === 'organization') throw forbidden('A token of the organization is for an admin to make.');
  if (wanted.role !== 'member') throw forbidden('A token may not do more than its maker.');
}

/** Where a token is in its life. */
export function tokenState({ revokedAt, expiresAt }: ApiToken, nowMs: number): TokenInUse['state'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt.getTime() <= nowMs ? 'expired' : 'active';
}

/**
 * Who a request with the token comes from. The role is the lower of the token's and what its person, or maker, has at this moment: a token never acts as owner or
 * for the platform. Throws 401 for one that has ended, or whose person left. `organization` is what the request names; another than the token's is not there.
 */
export function toVisitor(token: TokenInUse, organization: string | null | undefined): Visitor {
  if (token.state !== 'active')
    throw new WeirError(token.state === 'revoked' ? 'revoked_key' : 'expired_key', {
      message: `The token ${token.state === 'revoked' ? 'has been revoked' : 'has expired'}.`,
    });
  const { id, actingUserId, memberRole, organizationId, isBanned, isPersonal } = token;
  if (actingUserId === null || memberRole === null)
    throw new WeirError('revoked_key', { message: 'The token has ended: its maker is no member any more.' });
  const isElsewhere =
    typeof organization === 'string' && organization !== organizationId && organization !== token.slug;
  const role = lower(token.tokenRole, memberRole);
  return {
    ...{ userId: actingUserId, sessionId: null, platformRole: 'user', impersonatorId: null, isBanned },
    apiToken: { id, kind: isPersonal ? 'personal' : 'organization' },
    memberships: isElsewhere ? [] : [{ organizationId, role, status: token.organizationStatus }],
    // A token says by itself which organization is meant.
    isNamed: true,
  };
}

function lower(tokenRole: ApiTokenRole, memberRole: MemberRole): MemberRole {
  return tokenRole === 'admin' && memberRole !== 'member' ? 'admin' : 'member';
}

/** A token as the audit log keeps it. */
export function auditedToken({ name, role, userId, expiresAt, revokedAt }: ApiToken): Record<string, unknown> {
  return {
    name,
    kind: userId === null ? 'organization' : 'personal',
    role,
    expires_at: expiresAt,
    revoked_at: revokedAt,
  };
}

function forbidden(message: string): WeirError {
  return new WeirError('forbidden', { message });
}
