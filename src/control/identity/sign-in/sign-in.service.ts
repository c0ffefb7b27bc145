// Owns: the acts of signing up, in and out, with a password or another provider. Not: forgotten and changed passwords (password.service.ts) or second factors
// (two-factor.service.ts).

import { z } from 'zod';
import type { Caller } from '../../../contracts/caller.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { findPasswordMark, findUserIdByEmail, hasPasswordStill } from './auth.queries.ts';
import { authError, isFailedToMake, wrongPassword } from './auth-error.rules.ts';
import {
  type AuthContext,
  type AuthParts,
  type AuthResult,
  type AuthUser,
  askLibrary,
  callLibrary,
  endSessionOf,
  readUser,
} from './auth-parts.ts';

/** The acts. Each leaves its audit row. */
export interface SignInService {
  /** Answers the same for an address that has an account; its owner gets a mail. */
  signUp(
    context: AuthContext,
    person: { readonly name: string; readonly email: string; readonly password: string },
  ): Promise<{ readonly isVerificationRequired: boolean }>;
  /** `user` null: a second factor is asked for. 401 for a wrong address or password, 403 for an unverified or banned one that knew its password. */
  signIn(
    context: AuthContext,
    credentials: { readonly email: string; readonly password: string; readonly rememberMe: boolean },
  ): Promise<AuthResult<AuthUser | null>>;
  /** The address to send the browser to. 404 for a provider that is not set up. */
  beginSocial(
    context: AuthContext,
    { provider, callbackPath }: { readonly provider: string; readonly callbackPath: string },
  ): Promise<AuthResult<string>>;
  /** Where to send the browser when the provider has sent it back: into the portal, or to its sign-in page with the reason. */
  finishSocial(
    context: AuthContext,
    { provider, query }: { readonly provider: string; readonly query: Readonly<Record<string, string>> },
  ): Promise<AuthResult<string>>;
  signOut(context: AuthContext, caller: Caller | null): Promise<AuthResult<undefined>>;
  /** The session, prolonged when it is older than a day; null for nobody. */
  getSession(context: AuthContext): Promise<
    AuthResult<{
      readonly session: { readonly id: string; readonly expiresAt: string };
      readonly user: AuthUser;
    } | null>
  >;
}

const sessionAnswer = z.object({ session: z.object({ id: z.string(), expiresAt: z.string() }) });

/** Over the library. */
export function createSignInService(parts: AuthParts): SignInService {
  const { database, record, requiresVerification, onFault } = parts;
  return {
    async signUp(context, person) {
      const { email } = person;
      const answer = await callLibrary(parts, context, { path: '/sign-up/email', body: person });
      // Of two with one address at once, the second finds nobody and is then refused by the first one's row.
      const isTakenMeanwhile =
        isFailedToMake(answer) && (await findUserIdByEmail(database, email.toLowerCase())) !== undefined;
      if (answer.status >= 400 && !isTakenMeanwhile) throw authError(answer);
      const event = { userId: null, request: context.request, after: { email } };
      // Who it is, is looked up after the answer: it must not take longer where there is somebody.
      findUserIdByEmail(database, email)
        .then((userId) => record('user.sign_up', { ...event, userId: userId ?? null }))
        .catch(onFault);
      return { isVerificationRequired: requiresVerification };
    },
    async signIn(context, credentials) {
      const { request } = context;
      const password = await findPasswordMark(database, credentials.email.toLowerCase());
      const answer = await callLibrary(parts, context, { path: '/sign-in/email', body: { ...credentials } });
      if (answer.status >= 400) {
        const error = authError(answer);
        const after = { email: credentials.email, reason: error.details?.reason ?? error.code };
        await record('session.refuse', { userId: null, request, after });
        throw error;
      }
      // Looking at a password takes a while. Whoever came with the one before a change of it has no session by it: the change ended those it found.
      if (password === undefined || !(await hasPasswordStill(database, password))) {
        await endSessionOf(parts, answer);
        const after = { email: credentials.email, reason: 'password_changed' };
        await record('session.refuse', { userId: null, request, after });
        throw wrongPassword();
      }
      const { body, cookies } = answer;
      if ((body as { twoFactorRedirect?: unknown } | null)?.twoFactorRedirect === true) return { value: null, cookies };
      const user = readUser(answer);
      await record('session.create', { userId: user.id, request, after: { method: 'password' } });
      return { value: user, cookies };
    },
    async beginSocial(context, { provider, callbackPath }) {
      const body = { provider, callbackURL: callbackPath, errorCallbackURL: '/sign-in', disableRedirect: true };
      const answer = await askLibrary(parts, context, { path: '/sign-in/social', body });
      return { value: z.object({ url: z.string() }).parse(answer.body).url, cookies: answer.cookies };
    },
    async finishSocial(context, { provider, query }) {
      const path = `/callback/${encodeURIComponent(provider)}`;
      const { location, cookies } = await askLibrary(parts, context, { method: 'GET', path, query });
      if (location === null)
        throw new WeirError('invalid_request', { message: 'This sign-in cannot be finished. Begin anew.' });
      await recordSocial(parts, context, { provider, cookies });
      return { value: location, cookies };
    },
    async signOut(context, caller) {
      const { cookies } = await askLibrary(parts, context, { path: '/sign-out' });
      if (caller !== null) await record('session.end', { userId: caller.userId, request: context.request });
      return { value: undefined, cookies };
    },
    async getSession(context) {
      const answer = await askLibrary(parts, context, { method: 'GET', path: '/get-session' });
      const { body, cookies } = answer;
      if (body === null) return { value: null, cookies };
      return { value: { session: sessionAnswer.parse(body).session, user: readUser(answer) }, cookies };
    },
  };
}

/** A provider's answer says nothing of the person: whoever the new cookie lets in has signed in. */
async function recordSocial(
  { sessions, record }: AuthParts,
  { request }: AuthContext,
  { provider, cookies }: { readonly provider: string; readonly cookies: readonly string[] },
): Promise<void> {
  const cookie = cookies.map((set) => set.split(';')[0] ?? '').join('; ');
  const visitor = await sessions.findVisitor({ cookie, organization: undefined });
  const after = { method: provider };
  if (visitor === undefined) await record('session.refuse', { userId: null, request, after });
  else await record('session.create', { userId: visitor.userId, request, after });
}
