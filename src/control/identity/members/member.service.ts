// Owns: the acts on members: list, read, change role and department, remove, leave, hand ownership over. Not: pauses (member-pause.service.ts), or how people join
// (invitation-acceptance.service.ts, domain-auto-join.ts).

import type { MemberCaller } from '../../../contracts/caller.ts';
import { checkFresh } from '../../../contracts/entity-tag.ts';
import type { MemberRole } from '../../../contracts/enumerations.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../../contracts/paging.ts';
import { invalidField } from '../../../contracts/problem.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../../database/principal.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Audit } from '../../audit/index.ts';
import { lockOrganization } from '../organization.queries.ts';
import { endInvitationsAbove } from './invitation.queries.ts';
import { endMember, findMember, listMembers, type Member, type MemberFilter, updateMember } from './member.queries.ts';
import {
  auditedMember,
  checkMemberChange,
  checkMemberReach,
  checkOwnerRole,
  explainMembers,
  memberPlace,
} from './member.rules.ts';

/** What an admin changes of a member. */
export interface MemberChange {
  readonly role?: MemberRole | undefined;
  readonly departmentId?: string | null | undefined;
}

/** The acts. Members are named by `users.id`; one that is not there is 404 `not_found`. */
export interface MemberService {
  /** By name. */
  list(caller: MemberCaller, filter: MemberFilter & PageRequest): Promise<Page<Member>>;
  get(caller: MemberCaller, userId: string): Promise<Member>;
  /** 403 for the own role and for owners unless the caller is one, 404 naming `department_id`, 409 for the last owner, 412 `stale`. */
  update(
    caller: MemberCaller,
    userId: string,
    change: MemberChange & { readonly ifMatch: string | null },
  ): Promise<Member>;
  /** Removing oneself is leaving. 403 for owners unless the caller is one, 409 for the last owner. */
  remove(caller: MemberCaller, userId: string): Promise<void>;
  /** 409 for the last owner. */
  leave(caller: MemberCaller): Promise<void>;
  /** Another becomes owner, the caller admin. Gives the new owner. */
  transfer(caller: MemberCaller, userId: string): Promise<Member>;
}

/** Over the given database. */
export function createMemberService(options: { readonly database: Database; readonly audit: Audit }): MemberService {
  const { database, audit } = options;
  return {
    async list(caller, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, memberPlace);
      const rows = await withPrincipal(database, caller, (tx) =>
        listMembers(tx, caller.organizationId, { ...filter, limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ name, userId }) => [name, userId]);
    },

    get: (caller, userId) => withPrincipal(database, caller, (tx) => getMember(tx, caller, userId)),

    update: (caller, userId, { ifMatch, ...change }) =>
      explainMembers(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockOrganization(tx, caller.organizationId);
          const before = await getMember(tx, caller, userId);
          checkFresh(ifMatch, before.version);
          checkMemberChange(caller, before, change.role);
          if (!(await updateMember(tx, keyOf(caller, userId), change))) throw new WeirError('forbidden');
          const after = await getMember(tx, caller, userId);
          await endInvitationsOf(tx, audit, { caller, userId, role: after.role });
          await audit.record(tx, caller, {
            ...{ action: 'member.update', targetType: 'member', targetId: userId },
            ...{ before: auditedMember(before), after: auditedMember(after) },
          });
          return after;
        }),
      ),

    remove: (caller, userId) =>
      userId === caller.userId
        ? leave(options, caller)
        : explainMembers(() =>
            withPrincipal(database, caller, async (tx) => {
              await lockOrganization(tx, caller.organizationId);
              const before = await getMember(tx, caller, userId);
              checkMemberReach(caller, before);
              if (!(await endMember(tx, keyOf(caller, userId)))) throw new WeirError('forbidden');
              await endInvitationsOf(tx, audit, { caller, userId, role: null });
              await audit.record(tx, caller, {
                ...{ action: 'member.remove', targetType: 'member', targetId: userId },
                before: auditedMember(before),
              });
            }),
          ),

    leave: (caller) => leave(options, caller),

    transfer(caller, userId) {
      if (userId === caller.userId) throw invalidField('user_id', 'is yourself');
      return explainMembers(() =>
        withPrincipal(database, caller, async (tx) => {
          await lockOrganization(tx, caller.organizationId);
          checkOwnerRole(caller, 'owner');
          await getMember(tx, caller, userId);
          // The new owner first: from the second statement on the caller is none any more.
          await updateMember(tx, keyOf(caller, userId), { role: 'owner' });
          if (!(await updateMember(tx, keyOf(caller, caller.userId), { role: 'admin' })))
            throw new WeirError('forbidden');
          await endInvitationsOf(tx, audit, { caller, userId: caller.userId, role: 'admin' });
          await audit.record(tx, caller, {
            ...{ action: 'organization.transfer', targetType: 'organization', targetId: caller.organizationId },
            ...{ before: { owner_id: caller.userId }, after: { owner_id: userId } },
          });
          return getMember(tx, caller, userId);
        }),
      );
    },
  };
}

const keyOf = ({ organizationId }: MemberCaller, userId: string) => ({ organizationId, userId });

/** What they may not give any more is not given by an invitation they sent before. */
async function endInvitationsOf(
  tx: DatabaseTransaction,
  audit: Audit,
  inviter: { readonly caller: MemberCaller; readonly userId: string; readonly role: MemberRole | null },
): Promise<void> {
  const { caller, userId, role } = inviter;
  if (role === 'owner') return;
  for (const id of await endInvitationsAbove(tx, { organizationId: caller.organizationId, userId, role }))
    await audit.record(tx, caller, {
      ...{ action: 'invitation.revoke', targetType: 'invitation', targetId: id },
      after: { status: 'revoked', inviter_id: userId },
    });
}

/** Who has left may write no audit row there, so the platform writes it with the leaving. */
function leave({ database, audit }: { readonly database: Database; readonly audit: Audit }, caller: MemberCaller) {
  if (caller.impersonatorId !== null || caller.apiToken !== undefined)
    throw new WeirError('forbidden', { message: 'Only the person themselves leaves, signed in as themselves.' });
  return explainMembers(() =>
    withPlatform(database, 'let a member leave their organization', async (tx) => {
      await lockOrganization(tx, caller.organizationId);
      const before = await getMember(tx, caller, caller.userId);
      await endMember(tx, keyOf(caller, caller.userId));
      await endInvitationsOf(tx, audit, { caller, userId: caller.userId, role: null });
      await audit.record(tx, caller, {
        ...{ action: 'member.leave', targetType: 'member', targetId: caller.userId },
        before: auditedMember(before),
      });
    }),
  );
}

/** The member of the caller's organization; 404 when there is none. */
export async function getMember(tx: DatabaseTransaction, caller: MemberCaller, userId: string): Promise<Member> {
  const member = await findMember(tx, keyOf(caller, userId));
  if (member === undefined) throw new WeirError('not_found');
  return member;
}
