// Owns: who may change whom in an organization, as pure checks, and the refusals that people's acts share. Not: the least role of an act (its endpoint) or which
// rows are seen (row level security).

import { z } from 'zod';
import type { MemberCaller } from '../../../contracts/caller.ts';
import type { MemberRole } from '../../../contracts/enumerations.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Member } from './member.queries.ts';
import type { Seats } from './member-seats.queries.ts';

const refused = (message: string): WeirError => new WeirError('forbidden', { message });

/** Throws 403 unless the caller may give the role to somebody, or take it away: owners alone make and change owners, and nobody while acting as another. */
export function checkOwnerRole(
  { organizationRole, impersonatorId }: Pick<MemberCaller, 'organizationRole' | 'impersonatorId'>,
  role: MemberRole,
): void {
  if (role !== 'owner') return;
  if (organizationRole !== 'owner') throw refused('Only an owner makes owners or changes them.');
  if (impersonatorId !== null) throw refused('Ownership cannot be changed while acting as somebody else.');
}

/** Throws 403 unless the caller may make this change of role or department. */
export function checkMemberChange(caller: MemberCaller, member: Member, role: MemberRole | undefined): void {
  const isNewRole = role !== undefined && role !== member.role;
  if (isNewRole && member.userId === caller.userId)
    throw refused('Nobody changes their own role. Ask another owner, or hand the ownership over.');
  if (member.userId === caller.userId) return;
  checkOwnerRole(caller, member.role);
  if (isNewRole) checkOwnerRole(caller, role);
}

/** Throws 403 unless the caller may pause, resume or remove this member. */
export function checkMemberReach(caller: MemberCaller, member: Member): void {
  if (member.userId === caller.userId) throw refused('This is not done to oneself.');
  checkOwnerRole(caller, member.role);
}

/** Whether the plan has room for so many more. */
export function hasRoom({ max, members, invitations }: Seats, wanted: number): boolean {
  return max === null || members + invitations + wanted <= max;
}

/** Throws 403 `plan_required` when it has not. */
export function checkSeats(seats: Seats, wanted: number): void {
  if (hasRoom(seats, wanted)) return;
  const { max, members, invitations } = seats;
  const people = max === 1 ? 'one person' : `${max} people`;
  throw new WeirError('plan_required', {
    message: `The plan has room for ${people}, counting invitations. Upgrade it, or revoke invitations.`,
    details: { upgrade_url: '/billing/plans', max_members: max, members, invitations, wanted },
  });
}

/** What a field of a body names is not there, or another organization's: the same answer for both. */
export function unknownReference(path: string, noun: string): WeirError {
  const message = `is not a ${noun} of this organization`;
  return new WeirError('not_found', {
    message: `${path} ${message}.`,
    param: path,
    details: { errors: [{ path, message }] },
  });
}

/** Runs the work and gives constraints that refused as the errors they stand for; those of the last owner speak at commit. */
export async function explainMembers<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'organizations_have_an_owner')
      throw new WeirError('conflict', {
        message:
          'An organization needs an owner. Make somebody else an owner first, hand the ownership over, or delete the organization.',
        details: { reason: 'last_owner' },
      });
    if (constraint === 'members_department_of_same_organization') throw unknownReference('department_id', 'department');
    throw error;
  }
}

/** Where a list of members goes on: after this name and id. */
export const memberPlace = z.tuple([z.string(), z.uuid()]);

/** A member as the audit log shows them before and after. */
export function auditedMember(member: Member): Record<string, unknown> {
  const { name, email, role, departmentId, status, pausedUntil, pauseReason } = member;
  const pause = status === 'paused' ? { paused_until: pausedUntil, pause_reason: pauseReason } : {};
  return { name, email, role, department_id: departmentId, status, ...pause };
}
