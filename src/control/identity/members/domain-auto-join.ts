// Owns: letting people join the organization that has verified the domain of their address. Not: when it is tried (signing in), or verifying (domain.service.ts,
// auth).

import type { CallerRequest } from '../../../contracts/caller.ts';
import type { Database } from '../../../database/pool.ts';
import { withPlatform } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import { lockOrganization } from '../organization.queries.ts';
import { domainOf } from './domain.rules.ts';
import { findOrganizationToJoin } from './domain-auto-join.queries.ts';
import { findAddress } from './invitation-acceptance.queries.ts';
import { insertMember } from './member.queries.ts';
import { hasRoom } from './member.rules.ts';
import { getSeats } from './member-seats.queries.ts';

/** Tries for one person; gives the organization they have joined, or null. Repeated: nothing happens. */
export type AutoJoin = (userId: string, request?: CallerRequest) => Promise<string | null>;

/** Joined are people with a verified address, as members, while the plan has room. Whoever was removed or has left is not let in again. */
export function createAutoJoin(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): AutoJoin {
  const { database, audit, clock, random } = options;
  return (userId, request) =>
    withPlatform(database, 'join by a verified domain', async (tx) => {
      const address = await findAddress(tx, userId);
      if (address?.isVerified !== true) return null;
      const { email } = address;
      const person = { userId, email, domain: domainOf(email) };
      const organizationId = await findOrganizationToJoin(tx, person);
      if (organizationId === undefined) return null;
      await lockOrganization(tx, organizationId);
      // Once more: the lock may have waited for a removal or for the domain's end.
      if ((await findOrganizationToJoin(tx, person)) !== organizationId) return null;
      if (!hasRoom(await getSeats(tx, organizationId), 1)) return null;
      const id = createUuidV7(clock.nowMs(), random);
      await insertMember(tx, { id, organizationId, userId, role: 'member', departmentId: null });
      await audit.recordFor(
        tx,
        { type: 'user', id: userId, request: request ?? null },
        {
          ...{ action: 'member.join', targetType: 'member', targetId: userId, organizationId },
          after: { email, role: 'member', domain: person.domain },
        },
      );
      return organizationId;
    });
}
