// Owns: acting as somebody, and stopping. Not: what may be done meanwhile (endpoints say so, the server refuses), or who the banner names (identity).

import type { Caller } from '../../contracts/caller.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import { sessionCookieName, signSessionToken } from '../identity/index.ts';
import { type AdminUser, findUser } from './admin-user.queries.ts';
import { endImpersonation, findReturn, insertImpersonation } from './impersonation.queries.ts';
import { asSuperadmin } from './superadmin-door.ts';

/** The two acts. Both are in the platform's log, with both people. */
export interface ImpersonationService {
  /** 404 for somebody who is not there; 403 as somebody with a role on the platform; 409 as oneself or somebody banned. `cookie` is a whole `Set-Cookie`. */
  start(
    caller: Caller,
    userId: string,
    { reason, minutes }: { readonly reason: string; readonly minutes: number },
  ): Promise<{ readonly user: AdminUser; readonly expiresAt: Date; readonly cookie: string }>;
  /** Back to the own session, if it lives. 409 for who acts as nobody. */
  stop(caller: Caller): Promise<{ readonly isReturned: boolean; readonly cookie: string }>;
}

const TOKEN_BYTES = 24;

/** `secret` signs session cookies; `isSecure`: whether the public address is https. */
export function createImpersonationService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly random: Random;
  readonly secret: string;
  readonly isSecure: boolean;
}): ImpersonationService {
  const { database, audit, clock, random, secret, isSecure } = options;
  const cookieOf = (token: string | null, seconds: number): string => {
    const value = token === null ? '' : signSessionToken(token, secret);
    const flags = `Max-Age=${seconds}; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}`;
    return `${sessionCookieName(isSecure)}=${value}; ${flags}`;
  };
  return {
    start: (caller, userId, { reason, minutes }) =>
      asSuperadmin({ database, caller, reason: 'act as somebody' }, async (tx) => {
        const user = await findUser(tx, userId);
        if (user === undefined) throw new WeirError('not_found');
        checkTarget(caller, user);
        const token = Buffer.from(random.bytes(TOKEN_BYTES)).toString('base64url');
        const expiresAt = await insertImpersonation(tx, {
          ...{ id: createUuidV7(clock.nowMs(), random), token, userId, reason, minutes },
          ...{ impersonatorId: caller.userId, impersonatorSessionId: sessionOf(caller) },
          ...{ ip: caller.request.ip, userAgent: caller.request.userAgent },
        });
        if (expiresAt === undefined) throw new WeirError('forbidden');
        await audit.record(tx, caller, {
          ...{ action: 'impersonation.start', targetType: 'user', targetId: userId, organizationId: null },
          after: { reason, expires_at: expiresAt.toISOString() },
        });
        const seconds = Math.ceil((expiresAt.getTime() - clock.nowMs()) / 1_000);
        return { user, expiresAt, cookie: cookieOf(token, Math.max(1, seconds)) };
      }),

    async stop(caller) {
      const { impersonatorId, userId } = caller;
      if (impersonatorId === null) throw new WeirError('conflict', { message: 'You are not acting as anybody.' });
      const sessionId = sessionOf(caller);
      return withPlatform(database, 'stop acting as somebody', async (tx) => {
        const own = await findReturn(tx, sessionId);
        await endImpersonation(tx, sessionId);
        await audit.record(tx, caller, {
          ...{ action: 'impersonation.stop', targetType: 'user', targetId: userId, organizationId: null },
        });
        if (own === undefined) return { isReturned: false, cookie: cookieOf(null, 0) };
        return { isReturned: true, cookie: cookieOf(own.token, Math.max(1, own.secondsLeft)) };
      });
    },
  };
}

/** Acting as somebody begins in a browser's session: a token has none to come back to. */
function sessionOf({ sessionId }: Caller): string {
  if (sessionId === null) throw new WeirError('forbidden');
  return sessionId;
}

function checkTarget(caller: Caller, user: AdminUser): void {
  if (user.id === caller.userId) throw new WeirError('conflict', { message: 'You are that person.' });
  if (user.platformRole !== 'user')
    throw new WeirError('forbidden', { message: 'Nobody acts as somebody who has a role on the platform.' });
  if (user.isBanned) throw new WeirError('conflict', { message: 'They are banned. Take the ban back first.' });
}
