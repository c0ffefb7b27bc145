// Owns: what a virtual key is worth at the few endpoints of the product API that accept one. Pure. Not: which endpoints those are (the contracts), or the gateway.

import { WeirError } from '../../../primitives/errors.ts';
import type { Visitor } from '../visitor.ts';
import type { KeyInUse } from './virtual-key-visitor.queries.ts';

/**
 * Who a request with the key comes from: always a member, as its person, or, with a service key, as the organization within what its maker may. Throws 401 for a
 * key that has ended or whose person left, 403 for one that may not be sent from here or was made for something else.
 */
export function keyVisitor(key: KeyInUse, organization: string | null | undefined): Visitor {
  const { id, isPersonal, state, actingUserId, memberRole, organizationId, isBanned, allowedFeatures } = key;
  if (state !== 'active') throw new WeirError(state === 'revoked' ? 'revoked_key' : 'expired_key');
  if (actingUserId === null || memberRole === null)
    throw new WeirError('revoked_key', { message: 'The key has ended here: its maker is no member any more.' });
  if (!key.isAddressAllowed) throw new WeirError('ip_not_allowed');
  // What it was made for are calls at the gateway, unless features are among it.
  if (key.isConfined && allowedFeatures === null)
    throw new WeirError('forbidden', { message: 'This key is for some models, templates or routes of the gateway.' });
  const isElsewhere = typeof organization === 'string' && organization !== organizationId && organization !== key.slug;
  return {
    ...{ userId: actingUserId, sessionId: null, platformRole: 'user', impersonatorId: null, isBanned },
    apiToken: { id, kind: isPersonal ? 'personal' : 'organization', isVirtualKey: true, allowedFeatures },
    memberships: isElsewhere ? [] : [{ organizationId, role: 'member', status: key.organizationStatus }],
    // A key says by itself which organization is meant.
    isNamed: true,
  };
}
