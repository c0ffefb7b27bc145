// Owns: the acts on people by superadmins, one person at a time. Not: many at once (admin-user-bulk.service.ts), sessions and export
// (admin-user-list.service.ts), acting as somebody (impersonation.service.ts).

import type { Caller, CallerRequest } from '../../contracts/caller.ts';
import { checkFresh } from '../../contracts/entity-tag.ts';
import type { PlatformRole } from '../../contracts/enumerations.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import { type AdminUser, findUser } from './admin-user.queries.ts';
import {
  addressTaken,
  auditedUser,
  checkBanEnd,
  checkNotOneself,
  lastSuperadmin,
  ownsAlone,
  passwordLinkIdentifier,
} from './admin-user.rules.ts';
import {
  endImpersonations,
  endPasswordLinks,
  endUserSessions,
  insertPasswordLink,
  insertUser,
  listOwnedAlone,
  lockUser,
  removeUser,
  updateBan,
  updateUser,
} from './admin-user-change.queries.ts';
import type { PlatformMail } from './platform-mail.ts';
import { asSuperadmin } from './superadmin-door.ts';

/** What may change of a person. */
export interface UserChange {
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly platformRole?: PlatformRole | undefined;
}

/** The acts. Each leaves its audit row in the platform's log. 404 `not_found` for somebody who is not there; 403 for what nobody does to themselves. */
export interface AdminUserService {
  /** Invites by mail, in the same transaction. 409 for an address that is taken. Gives the id. */
  create(
    caller: Caller,
    user: { readonly name: string; readonly email: string; readonly platformRole: PlatformRole },
  ): Promise<string>;
  /** A new address ends every session, voids links sent to the old one and is asked to be verified. 412 `stale`, 409 for a taken address. */
  update(caller: Caller, id: string, change: UserChange & { readonly ifMatch: string | null }): Promise<void>;
  /** Sessions end at once. 400 naming `until` when it is not ahead. Repeated: reason and end are replaced. */
  ban(caller: Caller, id: string, ban: { readonly reason: string; readonly until?: string | undefined }): Promise<void>;
  /** Without a ban nothing changes. */
  unban(caller: Caller, id: string): Promise<void>;
  /** 409 with the list while they are the only owner of an organization. */
  remove(caller: Caller, id: string): Promise<void>;
  /** Ends all sessions of a person, or one: 404 for one that is not theirs. */
  endSessions(caller: Caller, id: string, sessionId?: string): Promise<void>;
}

/** What it is made of. */
export interface AdminUserOptions {
  readonly database: Database;
  readonly audit: Audit;
  readonly mail: PlatformMail;
  /** Where people reach Weir; asked at each invitation. */
  readonly publicUrl: () => string;
  /** Asks the auth library for a mail that verifies an address; it has one only for an address that is not verified. */
  readonly sendVerification: (request: CallerRequest, email: string) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** Days in which a new person may set their password. */
const INVITATION_DAYS = 3;
const TOKEN_BYTES = 24;

/** Over the given database. */
export function createAdminUserService(options: AdminUserOptions): AdminUserService {
  const { database, audit, clock } = options;
  const record = (
    tx: DatabaseTransaction,
    caller: Caller,
    act: { action: string; targetId: string; before?: unknown; after?: unknown },
  ) => audit.record(tx, caller, { targetType: 'user', organizationId: null, ...act });

  return {
    create: (caller, user) =>
      asSuperadmin({ database, caller, reason: 'make an account' }, async (tx) => {
        const targetId = await inviteUser(tx, user, options);
        const { name, email, platformRole } = user;
        await record(tx, caller, {
          ...{ action: 'user.create', targetId, after: { name, email, platform_role: platformRole } },
        });
        return targetId;
      }),

    async update(caller, id, { ifMatch, ...change }) {
      const isReaddressed = await explained(() =>
        asSuperadmin({ database, caller, reason: 'change a person' }, async (tx) => {
          const before = await lockedUser(tx, id);
          checkFresh(ifMatch, before.version);
          const email = change.email === before.email ? undefined : change.email;
          const platformRole = change.platformRole === before.platformRole ? undefined : change.platformRole;
          if (platformRole !== undefined) checkNotOneself(caller, id, 'change the role of');
          await updateUser(tx, id, { name: change.name, email, platformRole });
          if (email !== undefined) {
            await endPasswordLinks(tx, id);
            if (id !== caller.userId) await endUserSessions(tx, id);
          }
          if (platformRole !== undefined) await endImpersonations(tx, id);
          const after = auditedUser(await lockedUser(tx, id));
          await record(tx, caller, { action: 'user.update', targetId: id, before: auditedUser(before), after });
          return email !== undefined;
        }),
      );
      if (isReaddressed && change.email !== undefined) options.sendVerification(caller.request, change.email);
    },

    ban(caller, id, { reason, until }) {
      checkBanEnd(until, clock.nowMs());
      checkNotOneself(caller, id, 'ban');
      return explained(() =>
        asSuperadmin({ database, caller, reason: 'ban a person' }, async (tx) => {
          const before = await lockedUser(tx, id);
          await updateBan(tx, id, { reason, until: until ?? null });
          const sessions = await endUserSessions(tx, id);
          const after = { ...auditedUser(await lockedUser(tx, id)), sessions_ended: sessions };
          await record(tx, caller, { action: 'user.ban', targetId: id, before: auditedUser(before), after });
        }),
      );
    },

    unban: (caller, id) =>
      asSuperadmin({ database, caller, reason: 'take a ban back' }, async (tx) => {
        const before = await lockedUser(tx, id);
        if (!before.isBanned && before.banReason === null) return;
        await updateBan(tx, id, null);
        const after = auditedUser(await lockedUser(tx, id));
        await record(tx, caller, { action: 'user.unban', targetId: id, before: auditedUser(before), after });
      }),

    remove(caller, id) {
      checkNotOneself(caller, id, 'delete');
      return explained(() =>
        asSuperadmin({ database, caller, reason: 'delete a person' }, async (tx) => {
          const { platformRole, organizationCount } = await lockedUser(tx, id);
          const owned = await listOwnedAlone(tx, id);
          if (owned.length > 0) throw ownsAlone(owned);
          await removeUser(tx, id);
          // No name and no address: what stays is a pseudonym.
          const before = { platform_role: platformRole, organizations: organizationCount };
          await record(tx, caller, { action: 'user.delete', targetId: id, before });
        }),
      );
    },

    endSessions: (caller, id, sessionId) =>
      asSuperadmin({ database, caller, reason: 'end sessions of a person' }, async (tx) => {
        await lockedUser(tx, id);
        const sessions = await endUserSessions(tx, id, sessionId);
        if (sessionId !== undefined && sessions === 0) throw new WeirError('not_found');
        if (sessions === 0) return;
        const after = { sessions, session_id: sessionId ?? null };
        await record(tx, caller, { action: 'session.end', targetId: id, after });
      }),
  };
}

/** The person, their row locked until the transaction ends. */
async function lockedUser(tx: DatabaseTransaction, id: string): Promise<AdminUser> {
  const user = (await lockUser(tx, id)) ? await findUser(tx, id) : undefined;
  if (user === undefined) throw new WeirError('not_found');
  return user;
}

/** The account, the link that opens it, and the mail with the link. */
async function inviteUser(
  tx: DatabaseTransaction,
  user: { readonly name: string; readonly email: string; readonly platformRole: PlatformRole },
  { mail, publicUrl, clock, random }: AdminUserOptions,
): Promise<string> {
  const userId = createUuidV7(clock.nowMs(), random);
  if (!(await insertUser(tx, { id: userId, ...user }))) throw addressTaken();
  const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
  const id = createUuidV7(clock.nowMs(), random);
  await insertPasswordLink(tx, {
    ...{ id, userId, identifier: passwordLinkIdentifier(token), days: INVITATION_DAYS },
  });
  const url = `${publicUrl()}/reset-password?token=${encodeURIComponent(token)}`;
  await mail.enqueue(tx, { to: user.email, ...mail.templates.userCreated({ url }) });
  return userId;
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'users_email_key') throw addressTaken();
    if (constraint === 'users_keep_a_superadmin') throw lastSuperadmin();
    if (constraint === 'organizations_have_an_owner') throw ownsAlone([]);
    throw error;
  }
}
