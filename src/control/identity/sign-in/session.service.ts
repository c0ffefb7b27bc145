// Owns: from a request's credentials to who sent it. Not: making or ending sessions (auth), or what the visitor may (the server decides).

import { SLUG_PATTERN } from '../../../contracts/identity/organizations.ts';
import type { Database } from '../../../database/pool.ts';
import { isUuid } from '../../../primitives/ids.ts';
import type { Visitor } from '../visitor.ts';
import { findSession } from './session.queries.ts';
import { readSessionToken, sessionCookieName, signSessionToken } from './session-cookie.ts';

/** What a request brings. */
export interface Credentials {
  /** The `Cookie` header. */
  readonly cookie: string | undefined;
  /** Id or slug of the organization that the request names; null when it names none; undefined when it needs none. */
  readonly organization: string | null | undefined;
}

/** Finds visitors. */
export interface SessionService {
  /** Who sent the request; undefined for nobody, also with a session that has ended. One query at most. */
  findVisitor(credentials: Credentials): Promise<Visitor | undefined>;
  /** Whether a `Cookie` header carries a session, valid or not: then a write has to prove where it comes from. */
  hasCookie(cookie: string | undefined): boolean;
  /** The `Set-Cookie` value that puts a session into a browser, for so many seconds; 0 takes it out. For sessions that signing in did not make. */
  cookieFor(token: string, maxAgeSeconds: number): string;
}

/** A name that no organization has: asked for in place of a malformed one, so that it takes the same way as an unknown one. */
const NOBODY = { id: null, slug: null } as const;

/** `isSecure`: whether the public address is https. `secret` signs the cookies. */
export function createSessionService(options: {
  readonly database: Database;
  readonly secret: string;
  readonly isSecure: boolean;
}): SessionService {
  const { secret, isSecure } = options;
  const name = sessionCookieName(isSecure);
  return {
    hasCookie: (cookie) => (cookie ?? '').includes(`${name}=`),
    cookieFor: (token, maxAgeSeconds) =>
      `${name}=${signSessionToken(token, secret)}; Max-Age=${maxAgeSeconds}; Path=/; HttpOnly; ${isSecure ? 'Secure; ' : ''}SameSite=Lax`,
    async findVisitor({ cookie, organization }) {
      const token = readSessionToken(cookie, name, secret);
      if (token === undefined) return undefined;
      const reference = organization === null ? null : referenceOf(organization ?? '');
      const rows = await findSession(options.database, token, reference);
      const [session] = rows;
      if (session === undefined) return undefined;
      const { userId, sessionId, platformRole, impersonatorId, isBanned } = session;
      return {
        ...{ userId, sessionId, platformRole, impersonatorId, isBanned },
        memberships: rows.flatMap(({ organizationId, role, status }) =>
          organizationId === null || role === null || status === null ? [] : [{ organizationId, role, status }],
        ),
        isNamed: organization !== null,
      };
    },
  };
}

function referenceOf(text: string): { readonly id: string | null; readonly slug: string | null } {
  if (isUuid(text)) return { id: text, slug: null };
  return SLUG_PATTERN.test(text) ? { id: null, slug: text } : NOBODY;
}
