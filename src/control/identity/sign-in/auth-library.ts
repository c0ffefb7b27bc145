// Owns: better-auth, set up for our tables, cookies and mails, and asked as a function: a path and a body in, status, body and cookies out. Not: which of its
// paths are reachable (auth.service.ts calls just those it offers) or who may call (the server). docs/decisions/0040-sign-in-by-better-auth.md says why it is so.

import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { genericOAuth, twoFactor } from 'better-auth/plugins';
import type { CallerRequest } from '../../../contracts/caller.ts';
import { PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN } from '../../../contracts/identity/auth.ts';
import type { Database } from '../../../database/pool.ts';
import type { Clock } from '../../../primitives/clock.ts';
import { createUuidV7 } from '../../../primitives/ids.ts';
import type { Random } from '../../../primitives/random.ts';
import type { AuthMail } from './auth-mail.ts';
import { sessionHooks } from './ban-refusal.ts';
import { sessionCookieName } from './session-cookie.ts';

/** How people sign in besides with a password. */
export interface SignInProviders {
  readonly google: { readonly clientId: string; readonly clientSecret: string } | null;
  /** An OpenID provider of the operator's choice, found by its issuer's discovery document. */
  readonly oidc: {
    readonly issuer: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly name: string;
  } | null;
}

/** What the library is made of. */
export interface AuthLibraryOptions {
  /** A pool as `weir_service`: sessions and accounts belong to it alone. */
  readonly database: Database;
  /** Signs cookies and encrypts second factors. */
  readonly secret: string;
  /** Where people reach Weir, `https://weir.example`. */
  readonly publicUrl: string;
  /** Whether an address must be verified before its first sign-in. */
  readonly requiresVerification: boolean;
  readonly providers: SignInProviders;
  readonly mail: AuthMail;
  readonly clock: Clock;
  readonly random: Random;
  /** Told of faults of our own after the answer. */
  readonly onFault: (error: unknown) => void;
}

/** A call of one of the library's paths. */
export interface AuthCall {
  readonly method?: 'GET' | 'POST';
  /** Below `/api/auth`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Readonly<Record<string, unknown>>;
  /** The browser's `Cookie` header. */
  readonly cookie: string | undefined;
  readonly request: CallerRequest;
}

/** What it answered. */
export interface AuthAnswer {
  readonly status: number;
  // The library's shapes are checked by who asks for them.
  readonly body: unknown;
  /** Whole `Set-Cookie` values. */
  readonly cookies: readonly string[];
  readonly location: string | null;
  /** Whose token was used, where a call brings only a token. */
  readonly subjectId: string | null;
}

/** The library, asked as a function. Rejects with what went wrong in it: a database that does not answer, a fault of ours. */
export interface AuthLibrary {
  call(call: AuthCall): Promise<AuthAnswer>;
}

const BASE_PATH = '/api/auth';
/** Headers by which a call tells what it knows of its request; requests from outside never reach the library, so nobody else can set them. */
const ADDRESS_HEADER = 'x-weir-address';
const REQUEST_HEADER = 'x-weir-request';

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

/** Sets it up. Nothing is asked of the database before the first call. */
export function createAuthLibrary(options: AuthLibraryOptions): AuthLibrary {
  const subjects = new Map<string, string>();
  const auth = betterAuth(settingsOf(options, subjects));
  const { publicUrl } = options;
  const ask = async ({ method = 'POST', path, query = {}, body, cookie, request }: AuthCall): Promise<AuthAnswer> => {
    const url = new URL(`${publicUrl}${BASE_PATH}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const response = await auth.handler(
      new Request(url, {
        method,
        headers: {
          // The origin was checked where the request came in; here it only says that it was.
          origin: publicUrl,
          [REQUEST_HEADER]: request.id,
          ...(request.ip === null ? {} : { [ADDRESS_HEADER]: request.ip }),
          ...(request.userAgent === null ? {} : { 'user-agent': request.userAgent }),
          ...(cookie === undefined ? {} : { cookie }),
          ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        },
        ...(method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }),
      }),
    );
    const text = await response.text();
    const subjectId = subjects.get(request.id) ?? null;
    return {
      status: response.status,
      body: text === '' ? null : parse(text),
      cookies: response.headers.getSetCookie(),
      location: response.headers.get('location'),
      subjectId,
    };
  };
  return {
    async call(call) {
      try {
        return await ask(call);
      } finally {
        subjects.delete(call.request.id);
      }
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function settingsOf(options: AuthLibraryOptions, subjects: Map<string, string>): BetterAuthOptions {
  const { database, secret, publicUrl, providers, clock, random, onFault } = options;
  const { google } = providers;
  return {
    appName: 'Weir',
    baseURL: publicUrl,
    basePath: BASE_PATH,
    // A list wins over variables of the environment that the library would read by itself.
    secrets: [{ version: 1, value: secret }],
    secret,
    trustedOrigins: [publicUrl],
    database: { db: database.kysely, type: 'postgres', transaction: true },
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Ours counts by an address that cannot be made up, over all replicas.
    rateLimit: { enabled: false },
    // Faults come to who asked, as everywhere: the library would print them past our log, with whatever a driver's error holds. Refusals stay answers.
    onAPIError: { errorURL: `${publicUrl}/sign-in`, throw: true },
    advanced: {
      ...cookieSettings(publicUrl.startsWith('https:')),
      database: { generateId: () => createUuidV7(clock.nowMs(), random) },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      disableOriginCheck: false,
      disableCSRFCheck: false,
      // Whether an account exists must not be told by how long its mail takes to write.
      backgroundTasks: { handler: (task) => void Promise.resolve(task).catch(onFault) },
    },
    ...passwordSettings(options, subjects),
    ...(google === null ? {} : { socialProviders: { google: { ...google, disableIdTokenSignIn: true } } }),
    ...tableSettings(),
    plugins: pluginsOf(providers),
    databaseHooks: {
      session: { create: sessionHooks(() => clock.nowMs()) },
    },
  };
}

/** Names with `__Host-` over https; the library's own prefix would be `__Secure-`, which subdomains may plant. */
function cookieSettings(isSecure: boolean) {
  return {
    useSecureCookies: false,
    cookiePrefix: isSecure ? '__Host-weir' : 'weir',
    cookies: { session_token: { name: sessionCookieName(isSecure) } },
    defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' as const, secure: isSecure, path: '/' },
  };
}

function passwordSettings(
  { mail, publicUrl, requiresVerification }: AuthLibraryOptions,
  subjects: Map<string, string>,
) {
  const noteSubject = (userId: string, request: Request | undefined): void => {
    const id = request?.headers.get(REQUEST_HEADER);
    if (typeof id === 'string') subjects.set(id, userId);
  };
  const { templates } = mail;
  const link = (path: string, token: string): string => `${publicUrl}${path}?token=${encodeURIComponent(token)}`;
  return {
    emailAndPassword: {
      enabled: true,
      // Together: a sign-up answers the same whether or not the address has an account.
      autoSignIn: false,
      requireEmailVerification: requiresVerification,
      minPasswordLength: PASSWORD_LENGTH_MIN,
      maxPasswordLength: PASSWORD_LENGTH_MAX,
      resetPasswordTokenExpiresIn: HOUR_S,
      revokeSessionsOnPasswordReset: true,
      onPasswordReset: async ({ user }: { user: { id: string } }, request?: Request) => noteSubject(user.id, request),
      onExistingUserSignUp: async ({ user }: { user: { email: string } }) => {
        await mail.send({ to: user.email, ...templates.addressInUse({ signInUrl: `${publicUrl}/sign-in` }) });
      },
      sendResetPassword: async ({ user, token }: { user: { email: string }; token: string }) => {
        await mail.send({ to: user.email, ...templates.resetPassword({ url: link('/reset-password', token) }) });
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      autoSignInAfterVerification: false,
      expiresIn: DAY_S,
      afterEmailVerification: async (user: { id: string }, request?: Request) => noteSubject(user.id, request),
      sendVerificationEmail: async ({ user, token }: { user: { email: string }; token: string }) => {
        await mail.send({ to: user.email, ...templates.verifyAddress({ url: link('/verify-email', token) }) });
      },
    },
  };
}

function pluginsOf({ oidc }: SignInProviders) {
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return [
    twoFactor({
      issuer: 'Weir',
      schema: {
        user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
        twoFactor: {
          modelName: 'two_factors',
          fields: {
            ...{ userId: 'user_id', backupCodes: 'backup_codes', lockedUntil: 'locked_until', ...times },
            failedVerificationCount: 'failed_verification_count',
          },
        },
      },
    }),
    ...(oidc === null
      ? []
      : [
          genericOAuth({
            config: [
              {
                providerId: 'oidc',
                discoveryUrl: `${oidc.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
                ...{ clientId: oidc.clientId, clientSecret: oidc.clientSecret, scopes: ['openid', 'email', 'profile'] },
                ...{ pkce: true, requireIdTokenVerification: true },
              },
            ],
          }),
        ]),
  ];
}

/** Where the library's fields are in our tables. */
function tableSettings() {
  const times = { createdAt: 'created_at', updatedAt: 'updated_at' };
  return {
    user: {
      modelName: 'users',
      fields: { emailVerified: 'email_verified', ...times },
      // Read by us alone: nobody sets them through the library, and none of its answers holds them.
      additionalFields: {
        banned: { type: 'boolean' as const, required: false, input: false, returned: false },
        banExpires: { type: 'date' as const, required: false, input: false, returned: false, fieldName: 'ban_expires' },
      },
    },
    session: {
      modelName: 'sessions',
      expiresIn: 7 * DAY_S,
      updateAge: DAY_S,
      fields: {
        userId: 'user_id',
        expiresAt: 'expires_at',
        ipAddress: 'ip_address',
        userAgent: 'user_agent',
        ...times,
      },
    },
    account: {
      modelName: 'accounts',
      encryptOAuthTokens: true,
      // Only an address that both sides have verified joins two ways of signing in.
      accountLinking: { enabled: true, trustedProviders: [], allowDifferentEmails: false },
      fields: {
        ...{ userId: 'user_id', accountId: 'account_id', providerId: 'provider_id', idToken: 'id_token', ...times },
        ...{ accessToken: 'access_token', refreshToken: 'refresh_token' },
        ...{ accessTokenExpiresAt: 'access_token_expires_at', refreshTokenExpiresAt: 'refresh_token_expires_at' },
      },
    },
    verification: {
      modelName: 'verifications',
      // Whoever reads the table, or a backup of it, cannot reset a password with what is there.
      storeIdentifier: 'hashed' as const,
      fields: { expiresAt: 'expires_at', ...times },
    },
  };
}
