// Owns: putting the parts of signing in together. Not: any of them.

import type { CallerRequest } from '../../../contracts/caller.ts';
import type { Route } from '../../../contracts/route.ts';
import type { Database } from '../../../database/pool.ts';
import type { Clock } from '../../../primitives/clock.ts';
import type { Random } from '../../../primitives/random.ts';
import type { Audit } from '../../audit/index.ts';
import { type AutoJoin, createAutoJoin } from '../members/domain-auto-join.ts';
import { authRoutes } from './auth.routes.ts';
import { type AuthLibrary, createAuthLibrary, type SignInProviders } from './auth-library.ts';
import type { AuthMail } from './auth-mail.ts';
import type { AuthParts } from './auth-parts.ts';
import { createOwnSessionsService } from './own-sessions.service.ts';
import { createPasswordService } from './password.service.ts';
import type { SessionService } from './session.service.ts';
import { createSignInService } from './sign-in.service.ts';
import { createSignInLog, type SignInLog } from './sign-in-log.ts';
import { createTwoFactorService } from './two-factor.service.ts';

/** What signing in is made of. */
export interface AuthOptions {
  /** A pool as `weir_service`. */
  readonly database: Database;
  readonly audit: Audit;
  readonly sessions: SessionService;
  readonly mail: AuthMail;
  /** Where people reach Weir; asked at the first request. */
  readonly publicUrl: () => string;
  /** Signs cookies, and encrypts second factors: 32 bytes of chance as text. */
  readonly secret: string;
  /** Whether an address must be verified before its first sign-in. */
  readonly requiresVerification: boolean;
  readonly providers: SignInProviders;
  readonly clock: Clock;
  readonly random: Random;
  readonly onFault: (error: unknown) => void;
}

/** Signing in, put together. */
export interface Auth {
  readonly routes: Route[];
  /** Asks for a mail that verifies an address, for somebody else: the platform, which changed it. Returns before anything is looked up. */
  sendVerification(request: CallerRequest, email: string): void;
}

/** Signing in. Nothing is set up before the first request. */
export function createAuth(options: AuthOptions): Auth {
  const { database, audit, sessions, mail, publicUrl, requiresVerification, providers, clock, onFault } = options;
  let made: AuthLibrary | undefined;
  const library = (): AuthLibrary => {
    made ??= createAuthLibrary({ ...options, publicUrl: publicUrl() });
    return made;
  };
  const record = joiningByDomain(createSignInLog({ database, audit }), createAutoJoin(options), onFault);
  const parts: AuthParts = {
    library,
    publicUrl,
    database,
    sessions,
    record,
    mail,
    clock,
    requiresVerification,
    onFault,
  };
  const passwords = createPasswordService(parts);
  const routes = authRoutes({
    signIn: createSignInService(parts),
    passwords,
    twoFactor: createTwoFactorService(parts),
    ownSessions: createOwnSessionsService({ database, record }),
    providers: [
      ...(providers.google === null ? [] : [{ id: 'google', name: 'Google' }]),
      ...(providers.oidc === null ? [] : [{ id: 'oidc', name: providers.oidc.name }]),
    ],
  });
  return {
    routes,
    sendVerification: (request, email) => passwords.sendVerification({ cookie: undefined, request }, email),
  };
}

/** Whoever has signed in or verified their address joins the organization that has verified its domain, before the answer. That it fails stops no sign-in. */
function joiningByDomain(record: SignInLog, autoJoin: AutoJoin, onFault: (error: unknown) => void): SignInLog {
  return async (action, event) => {
    await record(action, event);
    if ((action !== 'session.create' && action !== 'user.verify_email') || event.userId === null) return;
    await autoJoin(event.userId, event.request).catch(onFault);
  };
}
