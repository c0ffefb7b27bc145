// Owns: what the holder of an invitation's link does: look at it, accept it. Not: inviting (invitation.service.ts).

import type { Caller } from '../../../contracts/caller.ts';
import type { MemberRole } from '../../../contracts/enumerations.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPlatform } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import { lockOrganization } from '../organization.queries.ts';
import { checkHolds } from './invitation.rules.ts';
import {
  endFormerMember,
  findAddress,
  findInvitationByToken,
  type HeldInvitation,
  updateAcceptedInvitation,
} from './invitation-acceptance.queries.ts';
import { hashInvitationToken } from './invitation-token.ts';
import { findMember, insertMember } from './member.queries.ts';
import { hasRoom } from './member.rules.ts';
import { getSeats } from './member-seats.queries.ts';

/** The acts. An unknown token is 404 `not_found`, one that is over 409 `conflict` with why. */
export interface InvitationAcceptanceService {
  /** For whoever holds the link. Says neither who is invited nor by whom. */
  preview(token: string): Promise<HeldInvitation>;
  /**
   * The caller joins. Their verified address must be the invited one: 403 for anybody else, whatever became of the invitation. 403 `plan_required` when the plan
   * has become too small. Gives the organization and the role they have there.
   */
  accept(
    caller: Caller,
    token: string,
  ): Promise<{ readonly organization: HeldInvitation['organization']; readonly role: MemberRole }>;
}

/** Over the given database. */
export function createInvitationAcceptanceService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
}): InvitationAcceptanceService {
  const { database, audit, clock, random } = options;
  return {
    async preview(token) {
      const tokenHash = hashInvitationToken(token);
      const invitation = await withPlatform(database, 'show an invitation to who holds its link', (tx) =>
        getInvitationByToken(tx, tokenHash),
      );
      checkHolds(invitation.status);
      return invitation;
    },

    accept(caller, token) {
      const tokenHash = hashInvitationToken(token);
      return withPlatform(database, 'accept an invitation', async (tx) => {
        const email = await getVerifiedEmail(tx, caller);
        const { organization } = await getInvitationByToken(tx, tokenHash);
        await lockOrganization(tx, organization.id);
        // Read again: another request may have used it up meanwhile.
        const invitation = await getInvitationByToken(tx, tokenHash);
        checkAddressee(email, invitation);
        if (!(await updateAcceptedInvitation(tx, invitation.id, tokenHash))) checkHolds('accepted');
        const key = { organizationId: organization.id, userId: caller.userId };
        const present = await findMember(tx, key);
        if (present !== undefined) return { organization, role: present.role };
        const { role, departmentId } = invitation;
        if (!hasRoom(await getSeats(tx, organization.id), 1))
          throw new WeirError('plan_required', {
            message: 'The organization has no room left. Ask one of its admins.',
          });
        await insertMember(tx, { ...key, id: createUuidV7(clock.nowMs(), random), role, departmentId });
        await endFormerMember(tx, key);
        await audit.record(tx, caller, {
          ...{ action: 'member.join', targetType: 'member', targetId: caller.userId, organizationId: organization.id },
          after: { email: invitation.email, role, department_id: departmentId, invitation_id: invitation.id },
        });
        return { organization, role };
      });
    },
  };
}

async function getInvitationByToken(tx: DatabaseTransaction, tokenHash: Buffer): Promise<HeldInvitation> {
  const invitation = await findInvitationByToken(tx, tokenHash);
  if (invitation === undefined) throw new WeirError('not_found', { message: 'There is no such invitation.' });
  return invitation;
}

/** Before anything is looked for, so that the answer tells nothing of any invitation. */
async function getVerifiedEmail(tx: DatabaseTransaction, { userId }: Caller): Promise<string> {
  const address = await findAddress(tx, userId);
  if (address?.isVerified === true) return address.email;
  throw new WeirError('forbidden', {
    message: 'Confirm your e-mail address first.',
    details: { reason: 'email_not_verified' },
  });
}

/** The right person, then the invitation, then the organization: who is wrong learns nothing but that. */
function checkAddressee(email: string, invitation: HeldInvitation): void {
  if (email !== invitation.email)
    throw new WeirError('forbidden', {
      message: 'The invitation is for another address. Sign in with the address it was sent to.',
      details: { reason: 'another_address' },
    });
  checkHolds(invitation.status);
  if (invitation.organization.status === 'suspended') throw new WeirError('organization_suspended');
}
