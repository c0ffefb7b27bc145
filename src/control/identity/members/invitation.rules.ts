// Owns: what may be invited and when an invitation still holds, as pure checks. Not: what is stored (invitation.queries.ts).

import { z } from 'zod';
import type { MemberCaller } from '../../../contracts/caller.ts';
import type { InvitationStatus, MemberRole } from '../../../contracts/enumerations.ts';
import { invalidFields } from '../../../contracts/problem.ts';
import { WeirError } from '../../../primitives/errors.ts';
import type { Invitation } from './invitation.queries.ts';
import { checkOwnerRole } from './member.rules.ts';

/** Mails for invitations of one organization within a day: so many nobody sends to people they know. */
const MAILS_PER_DAY_MAX = 1_000;
/** One invitation is sent so often at most. */
const SENT_COUNT_MAX = 10;

/** Whom to invite, and as what. `path` is where the request says so, for refusals: `invitations[2]`, or empty. */
export interface Invited {
  readonly email: string;
  readonly role: MemberRole;
  readonly departmentId: string | null;
  readonly path: string;
}

/** Throws 403 for an owner whom the caller may not invite, 400 for an address that is given twice. */
export function checkInvited(caller: MemberCaller, invited: readonly Invited[]): void {
  for (const { role } of invited) checkOwnerRole(caller, role);
  const seen = new Set<string>();
  const repeated = invited.filter(({ email }) => seen.size === seen.add(email).size);
  if (repeated.length > 0)
    throw invalidFields(repeated.map(({ path }) => ({ path: fieldOf(path, 'email'), message: 'is given twice' })));
}

/** A field's path below an invitation's. */
export const fieldOf = (path: string, field: string): string => (path === '' ? field : `${path}.${field}`);

/** Throws 429 when so many more mails were too many for a day. */
export function checkDailyMails(sent: number, wanted: number): void {
  if (sent + wanted <= MAILS_PER_DAY_MAX) return;
  throw new WeirError('rate_limited', {
    message: `An organization sends ${MAILS_PER_DAY_MAX} invitations a day at most.`,
    retryAfterSeconds: 3_600,
  });
}

/** Throws 409 unless it may be sent again. */
export function checkResend({ status, sentCount }: Invitation): void {
  if (status === 'accepted' || status === 'revoked')
    throw new WeirError('conflict', { message: `The invitation was ${status}.`, details: { reason: status } });
  if (sentCount >= SENT_COUNT_MAX)
    throw new WeirError('conflict', {
      message: `The invitation was sent ${sentCount} times. Revoke it and ask whether the address is right.`,
      details: { reason: 'sent_too_often' },
    });
}

const OVER = {
  accepted: 'The invitation was used already. Sign in to find the organization.',
  revoked: 'The invitation was taken back. Ask for another.',
  expired: 'The invitation has expired. Ask for another.',
} as const;

/** 409 for an invitation that is over, with why. */
export function checkHolds(status: InvitationStatus): void {
  if (status !== 'pending') throw new WeirError('conflict', { message: OVER[status], details: { reason: status } });
}

/** 409: the address has a pending invitation. */
export function alreadyInvited(): WeirError {
  return new WeirError('conflict', {
    message: 'There is a pending invitation for this address. Send that one again.',
    param: 'email',
    details: { reason: 'already_invited', errors: [{ path: 'email', message: 'is invited already' }] },
  });
}

/** 409: the address is a member's. */
export function alreadyMember(): WeirError {
  return new WeirError('conflict', {
    message: 'The address belongs to a member.',
    param: 'email',
    details: { reason: 'already_member', errors: [{ path: 'email', message: 'is a member already' }] },
  });
}

/** Where a list of invitations goes on: before this id. */
export const invitationPlace = z.tuple([z.uuid()]);

/** An invitation as the audit log shows it. */
export function auditedInvitation(invitation: Invitation): Record<string, unknown> {
  const { email, role, departmentId, status, expiresAt } = invitation;
  return { email, role, department_id: departmentId, status, expires_at: expiresAt };
}
