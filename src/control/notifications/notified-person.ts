// Owns: who has notifications: people, and nobody in their name. Not: which they are.

import { type Caller, isNobody } from '../../contracts/caller.ts';
import { WeirError } from '../../primitives/errors.ts';

/** The caller as a person. Throws 403 for a token of the organization: its maker is told things that its role may not know. */
export function notifiedUserId(caller: Caller): string {
  if (isNobody(caller))
    throw new WeirError('forbidden', { message: 'A token of the organization is nobody. Use a personal token.' });
  return caller.userId;
}
