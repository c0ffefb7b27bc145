// Owns: for whom models are looked at: a person in an organization, or the organization alone. Not: who a caller is (identity).

import type { MemberCaller } from '../../contracts/caller.ts';
import { WeirError } from '../../primitives/errors.ts';

/** `userId` null: a token of the organization, which is nobody: it has the organization's rights, and counts with its service keys. */
export interface Person {
  readonly organizationId: string;
  readonly userId: string | null;
}

/** Whom a caller looks for. */
export function personOf({ organizationId, userId, apiToken }: MemberCaller): Person {
  return { organizationId, userId: apiToken?.kind === 'organization' ? null : userId };
}

/** The caller as somebody with a profile. Throws 403 for a token of the organization, which is nobody. */
export function ownUserId(caller: MemberCaller): string {
  const { userId } = personOf(caller);
  if (userId === null)
    throw new WeirError('forbidden', { message: 'A token of the organization has no profile. Use a personal token.' });
  return userId;
}
