// Owns: the acts of admins on invitations: invite many at once, list, send again, revoke, note that they ran out. Not: accepting
// (invitation-acceptance.service.ts).

import type { MemberCaller } from '../../../contracts/caller.ts';
import type { InvitationStatus } from '../../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../../database/principal.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import { lockOrganization } from '../organization.queries.ts';
import {
  countRecentInvitationMails,
  endInvitation,
  endOverdueInvitations,
  findInvitation,
  type Invitation,
  insertInvitation,
  listDepartmentIds,
  listInvitations,
  listMemberEmails,
  listPendingInvitations,
  updateInvitationToken,
} from './invitation.queries.ts';
import {
  alreadyInvited,
  auditedInvitation,
  checkDailyMails,
  checkInvited,
  checkResend,
  fieldOf,
  type Invited,
  invitationPlace,
} from './invitation.rules.ts';
import { createInvitationToken } from './invitation-token.ts';
import { getOrganizationName } from './member.queries.ts';
import { checkOwnerRole, checkSeats, unknownReference } from './member.rules.ts';
import { getMember } from './member.service.ts';
import type { MemberMail } from './member-mail.ts';
import { getSeats } from './member-seats.queries.ts';

/** What became of one address. */
export interface InvitationOutcome {
  readonly email: string;
  readonly result: 'invited' | 'already_invited' | 'already_member';
  /** The one made now, or the pending one. */
  readonly invitation: Invitation | null;
}

/** The acts. One that is not there is 404 `not_found`. */
export interface InvitationService {
  /** All that are new, or nobody: 403 `plan_required` when there is no room, 403 for owners unless the caller is one, 404 for a department that is not there. */
  create(caller: MemberCaller, invited: readonly Invited[]): Promise<InvitationOutcome[]>;
  /** Newest first. */
  list(
    caller: MemberCaller,
    filter: PageRequest & { readonly status?: InvitationStatus | undefined; readonly search?: string | undefined },
  ): Promise<Page<Invitation>>;
  /** With a new token, which voids the old one. 409 when it was accepted, revoked or sent too often. */
  resend(caller: MemberCaller, id: string): Promise<Invitation>;
  /** 409 when it was accepted; of one that is revoked nothing changes. */
  revoke(caller: MemberCaller, id: string): Promise<Invitation>;
  /** Notes that up to so many have run out. Gives how many. They were void before: that is decided by the clock. */
  expireDue(limit: number): Promise<number>;
}

/** Overdue ones of one organization that are noted before inviting: an address has one pending invitation. */
const OVERDUE_MAX = 1_000;

/** What the acts are made of. */
interface InvitationOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly mail: MemberMail;
  readonly clock: Clock;
  readonly random: Random;
  /** Where links begin. */
  readonly publicUrl: () => string;
}

/** Over the given database. */
export function createInvitationService(options: InvitationOptions): InvitationService {
  const { database, audit } = options;
  return {
    create(caller, invited) {
      checkInvited(caller, invited);
      return explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockOrganization(tx, caller.organizationId);
          await checkDepartments(tx, caller, invited);
          const known = await findKnown(tx, caller, invited);
          const fresh = invited.filter(({ email }) => !known.has(email));
          await checkRoom(tx, caller, { seats: fresh.length, mails: fresh.length });
          const made = new Map<string, InvitationOutcome>();
          const sender = await getSender(tx, caller);
          for (const one of fresh) {
            const invitation = await invite(tx, options, { sender, invited: one });
            made.set(one.email, { email: one.email, result: 'invited', invitation });
          }
          for (const { invitation } of made.values()) {
            if (invitation === null) continue;
            await audit.record(tx, caller, {
              ...{ action: 'invitation.create', targetType: 'invitation', targetId: invitation.id },
              after: auditedInvitation(invitation),
            });
          }
          return invited.flatMap(({ email }) => made.get(email) ?? known.get(email) ?? []);
        }),
      );
    },

    async list(caller, { limit, cursor, ...filter }) {
      const before = cursor === undefined ? null : decodeCursor(cursor, invitationPlace)[0];
      const rows = await withPrincipal(database, caller, (tx) =>
        listInvitations(tx, caller.organizationId, { ...filter, limit: limit + 1, before }),
      );
      return toPage(rows, limit, ({ id }) => [id]);
    },

    resend: (caller, id) =>
      explained(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockOrganization(tx, caller.organizationId);
          const before = await getInvitation(tx, caller, id);
          checkOwnerRole(caller, before.role);
          checkResend(before);
          await checkRoom(tx, caller, { seats: before.status === 'pending' ? 0 : 1, mails: 1 });
          const { token, hash } = createInvitationToken(options.random);
          if (!(await updateInvitationToken(tx, { organizationId: caller.organizationId, id }, hash)))
            throw new WeirError('forbidden');
          const after = await getInvitation(tx, caller, id);
          await sendInvitation(tx, options, { sender: await getSender(tx, caller), invitation: after, token });
          await audit.record(tx, caller, {
            ...{ action: 'invitation.resend', targetType: 'invitation', targetId: id },
            ...{ before: auditedInvitation(before), after: auditedInvitation(after) },
          });
          return after;
        }),
      ),

    revoke: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const before = await getInvitation(tx, caller, id);
        checkOwnerRole(caller, before.role);
        if (before.status === 'revoked') return before;
        const isEnded = await endInvitation(tx, { organizationId: caller.organizationId, id });
        const after = await getInvitation(tx, caller, id);
        if (after.status === 'accepted')
          throw new WeirError('conflict', {
            message: 'The invitation was accepted. Remove the member instead.',
            details: { reason: 'accepted' },
          });
        if (isEnded)
          await audit.record(tx, caller, {
            ...{ action: 'invitation.revoke', targetType: 'invitation', targetId: id },
            ...{ before: auditedInvitation(before), after: auditedInvitation(after) },
          });
        return after;
      }),

    expireDue: (limit) =>
      withPlatform(database, 'note invitations that have run out', (tx) => endOverdueInvitations(tx, { limit })),
  };
}

async function checkDepartments(
  tx: DatabaseTransaction,
  caller: MemberCaller,
  invited: readonly Invited[],
): Promise<void> {
  const wanted = new Set(invited.flatMap(({ departmentId }) => departmentId ?? []));
  const there = new Set(await listDepartmentIds(tx, caller.organizationId, [...wanted]));
  const lost = invited.find(({ departmentId }) => departmentId !== null && !there.has(departmentId));
  if (lost !== undefined) throw unknownReference(fieldOf(lost.path, 'department_id'), 'department');
}

/** Addresses that get no mail: members' and those invited before. */
async function findKnown(
  tx: DatabaseTransaction,
  { organizationId }: MemberCaller,
  invited: readonly Invited[],
): Promise<Map<string, InvitationOutcome>> {
  await endOverdueInvitations(tx, { limit: OVERDUE_MAX, organizationId });
  const emails = invited.map(({ email }) => email);
  const [members, pending] = [
    await listMemberEmails(tx, organizationId, emails),
    await listPendingInvitations(tx, organizationId, emails),
  ];
  return new Map<string, InvitationOutcome>([
    ...pending.map(
      (invitation) => [invitation.email, { email: invitation.email, result: 'already_invited', invitation }] as const,
    ),
    ...members.map((email) => [email, { email, result: 'already_member', invitation: null }] as const),
  ]);
}

async function checkRoom(
  tx: DatabaseTransaction,
  { organizationId }: MemberCaller,
  wanted: { readonly seats: number; readonly mails: number },
): Promise<void> {
  if (wanted.seats > 0) checkSeats(await getSeats(tx, organizationId), wanted.seats);
  if (wanted.mails > 0) checkDailyMails(await countRecentInvitationMails(tx, organizationId), wanted.mails);
}

/** Who invites, and where to: the same for all of one request. */
interface Sender {
  readonly caller: MemberCaller;
  readonly inviterName: string;
  readonly organizationName: string;
}

async function getSender(tx: DatabaseTransaction, caller: MemberCaller): Promise<Sender> {
  const { name: inviterName } = await getMember(tx, caller, caller.userId);
  return { caller, inviterName, organizationName: await getOrganizationName(tx, caller.organizationId) };
}

async function invite(
  tx: DatabaseTransaction,
  options: InvitationOptions,
  { sender, invited }: { readonly sender: Sender; readonly invited: Invited },
): Promise<Invitation> {
  const { caller } = sender;
  const { email, role, departmentId } = invited;
  const { token, hash: tokenHash } = createInvitationToken(options.random);
  const key = { organizationId: caller.organizationId, id: createUuidV7(options.clock.nowMs(), options.random) };
  await insertInvitation(tx, { ...key, email, role, departmentId, tokenHash, inviterId: caller.userId });
  const invitation = await getInvitation(tx, caller, key.id);
  await sendInvitation(tx, options, { sender, invitation, token });
  return invitation;
}

async function sendInvitation(
  tx: DatabaseTransaction,
  { mail, publicUrl }: InvitationOptions,
  what: { readonly sender: Sender; readonly invitation: Invitation; readonly token: string },
): Promise<void> {
  const { inviterName, organizationName } = what.sender;
  const { email: to, role, expiresAt } = what.invitation;
  const url = `${publicUrl()}/accept-invitation?token=${what.token}`;
  await mail.enqueue(tx, { to, ...mail.templates.invitation({ organizationName, inviterName, role, url, expiresAt }) });
}

async function getInvitation(tx: DatabaseTransaction, caller: MemberCaller, id: string): Promise<Invitation> {
  const invitation = await findInvitation(tx, { organizationId: caller.organizationId, id });
  if (invitation === undefined) throw new WeirError('not_found');
  return invitation;
}

async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (violatedConstraint(error) === 'invitations_one_pending_per_email') throw alreadyInvited();
    throw error;
  }
}
