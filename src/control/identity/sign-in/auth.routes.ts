// Owns: the routes of signing up, in and out, passwords, second factors and sessions. Not: what they do.

import { authEndpoints } from '../../../contracts/identity/auth.ts';
import { implement, type Route, reply } from '../../../contracts/route.ts';
import type { AuthResult, AuthUser } from './auth-parts.ts';
import type { OwnSessionsService } from './own-sessions.service.ts';
import type { PasswordService } from './password.service.ts';
import type { SignInService } from './sign-in.service.ts';
import type { TwoFactorService } from './two-factor.service.ts';

/** What the routes call. */
export interface AuthServices {
  readonly signIn: SignInService;
  readonly passwords: PasswordService;
  readonly twoFactor: TwoFactorService;
  readonly ownSessions: OwnSessionsService;
  /** Ways to sign in besides a password. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
}

/** All of them. */
export function authRoutes(services: AuthServices): Route[] {
  return [
    ...signInRoutes(services),
    ...passwordRoutes(services),
    ...twoFactorRoutes(services),
    ...sessionRoutes(services),
  ];
}

function signInRoutes({ signIn, providers }: AuthServices): Route[] {
  return [
    implement(authEndpoints.signUp, async ({ body, ...context }) => {
      const { isVerificationRequired } = await signIn.signUp(context, body);
      return { data: { email: body.email, verification_required: isVerificationRequired } };
    }),
    implement(authEndpoints.signIn, async ({ body, ...context }) => {
      const { email, password, remember_me: rememberMe } = body;
      const result = await signIn.signIn(context, { email, password, rememberMe });
      const user = result.value === null ? null : userJson(result.value);
      return withCookies(200, result, { data: { two_factor_required: user === null, user } });
    }),
    implement(authEndpoints.listProviders, async () => ({ data: [...providers] })),
    implement(authEndpoints.signInSocial, async ({ body, ...context }) => {
      const { provider, callback_path: callbackPath } = body;
      const result = await signIn.beginSocial(context, { provider, callbackPath });
      return withCookies(200, result, { data: { url: result.value } });
    }),
    implement(authEndpoints.finishSocial, async ({ params, query, ...context }) => {
      const { value: location, cookies } = await signIn.finishSocial(context, { provider: params.provider, query });
      return reply.relayed({ status: 302, headers: { location }, cookies, output: undefined });
    }),
    implement(authEndpoints.signOut, async ({ caller, ...context }) =>
      withCookies(204, await signIn.signOut(context, caller), undefined),
    ),
    implement(authEndpoints.getSession, async (context) => {
      const result = await signIn.getSession(context);
      if (result.value === null) return withCookies(200, result, { data: null });
      const { session, user } = result.value;
      const data = { session: { id: session.id, expires_at: session.expiresAt }, user: userJson(user) };
      return withCookies(200, result, { data });
    }),
  ];
}

function passwordRoutes({ passwords }: AuthServices): Route[] {
  return [
    implement(authEndpoints.sendVerification, async ({ body, ...context }) => {
      passwords.sendVerification(context, body.email);
      return undefined;
    }),
    implement(authEndpoints.verifyEmail, async ({ body, ...context }) => {
      await passwords.verifyEmail(context, body.token);
      return undefined;
    }),
    implement(authEndpoints.requestReset, async ({ body, ...context }) => {
      passwords.requestReset(context, body.email);
      return undefined;
    }),
    implement(authEndpoints.resetPassword, async ({ body: { token, new_password: newPassword }, ...context }) => {
      await passwords.reset(context, { token, newPassword });
      return undefined;
    }),
    implement(authEndpoints.changePassword, async ({ caller, body, ...context }) => {
      const { current_password: currentPassword, new_password: newPassword } = body;
      const result = await passwords.change(context, caller, { currentPassword, newPassword });
      return withCookies(204, result, undefined);
    }),
    implement(authEndpoints.updateUser, async ({ caller, body, ...context }) =>
      withCookies(204, await passwords.updateUser(context, caller, body), undefined),
    ),
  ];
}

function twoFactorRoutes({ twoFactor }: AuthServices): Route[] {
  return [
    implement(authEndpoints.enableTwoFactor, async ({ caller, body, ...context }) => {
      const result = await twoFactor.enable(context, caller, body.password);
      const { totpUri, recoveryCodes } = result.value;
      return withCookies(200, result, { data: { totp_uri: totpUri, recovery_codes: [...recoveryCodes] } });
    }),
    implement(authEndpoints.verifyTotp, async ({ caller, body, ...context }) => {
      const result = await twoFactor.verify(context, caller, { method: 'totp', code: body.code });
      return withCookies(200, result, { data: userJson(result.value) });
    }),
    implement(authEndpoints.verifyRecoveryCode, async ({ caller, body, ...context }) => {
      const result = await twoFactor.verify(context, caller, { method: 'recovery_code', code: body.code });
      return withCookies(200, result, { data: userJson(result.value) });
    }),
    implement(authEndpoints.renewRecoveryCodes, async ({ caller, body, ...context }) => {
      const result = await twoFactor.renewRecoveryCodes(context, caller, body.password);
      return withCookies(200, result, { data: { recovery_codes: [...result.value] } });
    }),
    implement(authEndpoints.disableTwoFactor, async ({ caller, body, ...context }) =>
      withCookies(204, await twoFactor.disable(context, caller, body.password), undefined),
    ),
  ];
}

function sessionRoutes({ ownSessions }: AuthServices): Route[] {
  return [
    implement(authEndpoints.listSessions, async ({ caller }) => ({
      data: (await ownSessions.list(caller)).map(({ id, ipAddress, userAgent, createdAt, expiresAt }) => ({
        ...{ id, ip_address: ipAddress, user_agent: userAgent, is_current: id === caller.sessionId },
        ...{ created_at: createdAt.toISOString(), expires_at: expiresAt.toISOString() },
      })),
    })),
    implement(authEndpoints.revokeSession, async ({ caller, params }) => {
      await ownSessions.end(caller, params.id);
      return undefined;
    }),
    implement(authEndpoints.revokeOtherSessions, async ({ caller }) => {
      await ownSessions.endOthers(caller);
      return undefined;
    }),
  ];
}

function withCookies<Output>(status: number, { cookies }: AuthResult<unknown>, output: Output) {
  return reply.relayed({ status, headers: {}, cookies, output });
}

function userJson(user: AuthUser) {
  const { id, name, email, emailVerified, image, twoFactorEnabled } = user;
  return {
    ...{ id, name, email, email_verified: emailVerified, image: image ?? null },
    two_factor_enabled: twoFactorEnabled === true,
  };
}
