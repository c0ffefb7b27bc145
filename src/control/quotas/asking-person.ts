// Owns: whose limits and denials a caller may look at. Not: what they are.

import type { MemberCaller } from '../../contracts/caller.ts';
import { may } from '../../contracts/permissions.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { WeirError } from '../../primitives/errors.ts';
import { isMember } from './member.queries.ts';

/** The caller as a person. Throws 403 for a token of the organization, which is nobody. */
export function ownUserId({ userId, apiToken }: MemberCaller): string {
  if (apiToken?.kind === 'organization')
    throw new WeirError('forbidden', { message: 'A token of the organization is nobody. Use a personal token.' });
  return userId;
}

/**
 * The person asked about, by `field` of the request: the caller where nobody is named. Throws 403 where another is named without the right to, 404 for somebody
 * who is no member.
 */
export async function personAskedAbout(
  database: Database,
  caller: MemberCaller,
  { userId, field }: { readonly userId: string | undefined; readonly field: string },
): Promise<string> {
  const isNobody = caller.apiToken?.kind === 'organization';
  if (userId === undefined && isNobody) throw invalidField(field, 'is required with a token of the organization');
  if (userId === undefined || (userId === caller.userId && !isNobody)) return caller.userId;
  if (!may(caller.organizationRole, 'limits.manage'))
    throw new WeirError('forbidden', { message: 'Only admins may look at the limits of others.' });
  const found = await withPrincipal(database, caller, (tx) => isMember(tx, caller.organizationId, userId));
  if (!found) throw new WeirError('not_found');
  return userId;
}
