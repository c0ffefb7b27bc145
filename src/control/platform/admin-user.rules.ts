// Owns: what superadmins may not do to people: to themselves, to a taken address, to the only owner of an organization. Not: doing the rest.

import { createHash } from 'node:crypto';
import type { Caller } from '../../contracts/caller.ts';
import { invalidField } from '../../contracts/problem.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { AdminUser } from './admin-user.queries.ts';
import type { OwnedAlone } from './admin-user-change.queries.ts';

/** Nobody bans, deletes or changes the role of themselves: 403. So a superadmin is always left. */
export function checkNotOneself(caller: Caller, userId: string, act: string): void {
  if (caller.userId === userId)
    throw new WeirError('forbidden', { message: `You cannot ${act} yourself. Ask another superadmin.` });
}

/** The end of a ban lies ahead: 400 naming `until`. */
export function checkBanEnd(until: string | undefined, nowMs: number): void {
  if (until !== undefined && !(Date.parse(until) > nowMs)) throw invalidField('until', 'is not in the future');
}

/** 409: somebody else has the address. */
export function addressTaken(): WeirError {
  return new WeirError('conflict', {
    message: 'The e-mail address belongs to another account.',
    param: 'email',
    details: { errors: [{ path: 'email', message: 'is taken' }] },
  });
}

/** 409 with the organizations that would be left without an owner. */
export function ownsAlone(organizations: readonly OwnedAlone[]): WeirError {
  const names = organizations.map(({ name }) => name).join(', ');
  return new WeirError('conflict', {
    message: `They are the only owner of ${names === '' ? 'an organization' : names}. Make somebody else an owner first.`,
    details: { organizations },
  });
}

/** 409: without them nobody could administer the platform. */
export function lastSuperadmin(): WeirError {
  return new WeirError('conflict', { message: 'They are the last superadmin. Make somebody else one first.' });
}

/** What the audit log shows of a person before and after. */
export function auditedUser(user: AdminUser): Record<string, unknown> {
  const { name, email, emailVerified, platformRole, isBanned, banReason, banExpires } = user;
  return {
    ...{ name, email, email_verified: emailVerified, platform_role: platformRole },
    ...{ banned: isBanned, ban_reason: banReason, ban_expires: banExpires },
  };
}

/** What the auth library keeps of the token of a password link (better-auth 1.7, `storeIdentifier: 'hashed'`): SHA-256 of its name, in base64url. */
export function passwordLinkIdentifier(token: string): string {
  return createHash('sha256').update(`reset-password:${token}`).digest('base64url');
}
