// Owns: what a person learns about themselves. Not: changing it.

import type { Caller } from '../../contracts/caller.ts';
import type { Database } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { WeirError } from '../../primitives/errors.ts';
import {
  findOwnSession,
  findPerson,
  listMemberships,
  type Membership,
  type OwnSession,
  type Person,
} from './me.queries.ts';

/** A person's view of themselves. */
export interface MeService {
  /** `session` is undefined for a caller with a token. 401 when the person is gone. */
  get(caller: Caller): Promise<{
    readonly person: Person;
    readonly memberships: readonly Membership[];
    readonly session: OwnSession | undefined;
  }>;
}

/** Over the given database. */
export function createMeService({ database }: { readonly database: Database }): MeService {
  return {
    async get(caller) {
      const { userId, sessionId } = caller;
      const own = await withPrincipal(database, caller, async (tx) => ({
        person: await findPerson(tx, userId),
        memberships: await listMemberships(tx, userId),
      }));
      if (own.person === undefined) throw new WeirError('unauthenticated', { message: 'Nobody is signed in.' });
      const session = sessionId === null ? undefined : await findOwnSession(database, sessionId, userId);
      return { person: own.person, memberships: own.memberships, session };
    },
  };
}
