// Owns: what the acts of signing in share: their parts, and asking the library in one way. Not: any act.

import { z } from 'zod';
import type { CallerRequest } from '../../../contracts/caller.ts';
import type { Database } from '../../../database/pool.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { endSessions } from './auth.queries.ts';
import { authError } from './auth-error.rules.ts';
import type { AuthAnswer, AuthCall, AuthLibrary } from './auth-library.ts';
import type { AuthMail } from './auth-mail.ts';
import type { SessionService } from './session.service.ts';
import type { SignInLog } from './sign-in-log.ts';

/** What the acts work with. */
export interface AuthParts {
  /** Made at the first request: where people reach Weir may be known only once the server listens. */
  readonly library: () => AuthLibrary;
  readonly publicUrl: () => string;
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly sessions: SessionService;
  readonly record: SignInLog;
  readonly mail: AuthMail;
  readonly clock: Clock;
  readonly requiresVerification: boolean;
  /** Told of what goes wrong after the answer. */
  readonly onFault: (error: unknown) => void;
}

/** What every act needs of its request. */
export interface AuthContext {
  /** The `Cookie` header. */
  readonly cookie?: string | undefined;
  readonly request: CallerRequest;
}

/** What an act gives, and the cookies that go with it. */
export interface AuthResult<Value> {
  readonly value: Value;
  /** Whole `Set-Cookie` values. */
  readonly cookies: readonly string[];
}

/** A call of the library, without what its context adds. */
export type AuthQuestion = Omit<AuthCall, keyof AuthContext>;

/** Asks the library; refusals are answers. */
export function callLibrary(
  parts: AuthParts,
  { cookie, request }: AuthContext,
  question: AuthQuestion,
): Promise<AuthAnswer> {
  // Field by field: a context may be a whole request, with a body and query of its own.
  return parts.library().call({ ...question, cookie, request });
}

/** Asks the library and throws a `WeirError` for its refusals. */
export async function askLibrary(parts: AuthParts, context: AuthContext, question: AuthQuestion): Promise<AuthAnswer> {
  const answer = await callLibrary(parts, context, question);
  if (answer.status >= 400) throw authError(answer);
  return answer;
}

/** Ends the session that an answer of the library made, if it made one. Its cookie was given to nobody. */
export async function endSessionOf({ database, sessions }: AuthParts, { cookies }: AuthAnswer): Promise<void> {
  const cookie = cookies.map((set) => set.split(';')[0] ?? '').join('; ');
  const visitor = await sessions.findVisitor({ cookie, organization: undefined });
  if (visitor?.sessionId != null)
    await endSessions(database, visitor.userId, { id: visitor.sessionId, isOther: false });
}

const userSchema = z.object({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  emailVerified: z.boolean(),
  image: z.string().nullish(),
  twoFactorEnabled: z.boolean().nullish(),
});

/** A person as the library gives them; its other fields are dropped. */
export type AuthUser = z.output<typeof userSchema>;

/** The person in an answer of the form `{user: {…}}`; the token beside it, which belongs in the cookie alone, is dropped. */
export function readUser({ body }: AuthAnswer): AuthUser {
  return z.object({ user: userSchema }).parse(body).user;
}
