// Owns: the endpoints of signing up, in and out, passwords, second factors and sessions. Not: what a person may do once inside, or the library behind.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';

/** Length of a new password: NIST SP 800-63B asks for 8 at least, and for no other rules. */
export const PASSWORD_LENGTH_MIN = 10;
export const PASSWORD_LENGTH_MAX = 128;

const email = z.string().trim().toLowerCase().max(254).pipe(z.email().max(254));
/** What is typed at sign-in: any text, for what is no password is wrong rather than malformed. */
const typedPassword = z.string().min(1).max(PASSWORD_LENGTH_MAX);
const newPassword = z.string().min(PASSWORD_LENGTH_MIN).max(PASSWORD_LENGTH_MAX);
const token = z.string().min(1).max(2_000);
const code = z.string().trim().min(1).max(32);

/** Somebody who is signed in. */
const signedInUser = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  image: z.string().nullable(),
  two_factor_enabled: z.boolean(),
});

/** A sign-in as its person sees it. The token behind it is in the cookie alone. */
const sessionSchema = z.strictObject({
  id: z.uuid(),
  ip_address: z.string().nullable(),
  user_agent: z.string().nullable(),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  is_current: z.boolean(),
});

const tag = 'Sign-in';
/** What anybody may try, and therefore only so often. */
const guessed = { method: 'POST', tag, role: 'anonymous', rate: 'auth' } as const;
/** What one does to one's own account, and nobody on one's behalf. */
const personal = { method: 'POST', tag, role: 'user', impersonation: 'refused', rate: 'auth' } as const;

export const authEndpoints = {
  signUp: defineEndpoint({
    ...guessed,
    operationId: 'signUp',
    path: '/api/auth/sign-up/email',
    summary: 'Make an account',
    description: 'Answers the same for an address that has one already; its owner is told by mail.',
    body: z.strictObject({ name: z.string().trim().min(1).max(200), email, password: newPassword }),
    status: 202,
    output: single(z.strictObject({ email: z.string(), verification_required: z.boolean() })),
  }),
  signIn: defineEndpoint({
    ...guessed,
    operationId: 'signIn',
    path: '/api/auth/sign-in/email',
    summary: 'Sign in with address and password',
    description: 'Sets the session cookie, unless a second factor is asked for: then `two-factor/verify-totp` sets it.',
    body: z.strictObject({ email, password: typedPassword, remember_me: z.boolean().default(true) }),
    output: single(z.strictObject({ two_factor_required: z.boolean(), user: signedInUser.nullable() })),
    errors: ['unauthenticated', 'forbidden'],
  }),
  listProviders: defineEndpoint({
    operationId: 'listSignInProviders',
    method: 'GET',
    path: '/api/auth/providers',
    summary: 'The ways to sign in besides a password',
    tag,
    role: 'anonymous',
    output: single(z.array(z.strictObject({ id: z.string(), name: z.string() }))),
  }),
  signInSocial: defineEndpoint({
    ...guessed,
    operationId: 'signInSocial',
    path: '/api/auth/sign-in/social',
    summary: 'Begin to sign in with another provider',
    description: 'Answers with the address to send the browser to. The paths lead back into the portal.',
    body: z.strictObject({
      provider: z.string().min(1).max(50),
      callback_path: portalPath().default('/'),
    }),
    output: single(z.strictObject({ url: z.string() })),
    errors: ['not_found'],
  }),
  finishSocial: defineEndpoint({
    operationId: 'finishSocialSignIn',
    method: 'GET',
    path: '/api/auth/callback/{provider}',
    summary: 'Where another provider sends the browser back to',
    tag,
    role: 'anonymous',
    rate: 'auth',
    params: z.strictObject({ provider: z.string().min(1).max(50) }),
    // Providers add parameters of their own.
    query: z.record(z.string().max(100), z.string().max(4_000)),
    status: 302,
  }),
  signOut: defineEndpoint({
    operationId: 'signOut',
    method: 'POST',
    path: '/api/auth/sign-out',
    summary: 'End the session',
    tag,
    role: 'anonymous',
  }),
  getSession: defineEndpoint({
    operationId: 'getSession',
    method: 'GET',
    path: '/api/auth/get-session',
    summary: 'The session, prolonged when it is older than a day; null for nobody',
    tag,
    role: 'anonymous',
    output: single(
      z
        .strictObject({
          session: z.strictObject({ id: z.uuid(), expires_at: z.iso.datetime() }),
          user: signedInUser,
        })
        .nullable(),
    ),
  }),
  sendVerification: defineEndpoint({
    ...guessed,
    operationId: 'sendVerificationEmail',
    path: '/api/auth/send-verification-email',
    summary: 'Send the mail that verifies an address again',
    description: 'Answers the same whether or not there is an account.',
    body: z.strictObject({ email }),
  }),
  verifyEmail: defineEndpoint({
    ...guessed,
    operationId: 'verifyEmail',
    path: '/api/auth/verify-email',
    summary: 'Verify an address with the token of the mail',
    body: z.strictObject({ token }),
  }),
  requestReset: defineEndpoint({
    ...guessed,
    operationId: 'requestPasswordReset',
    path: '/api/auth/request-password-reset',
    summary: 'Ask for a mail that lets one set a new password',
    description: 'Answers the same whether or not there is an account.',
    body: z.strictObject({ email }),
  }),
  resetPassword: defineEndpoint({
    ...guessed,
    operationId: 'resetPassword',
    path: '/api/auth/reset-password',
    summary: 'Set a new password with the token of the mail; ends every session',
    body: z.strictObject({ token, new_password: newPassword }),
  }),
  changePassword: defineEndpoint({
    ...personal,
    operationId: 'changePassword',
    path: '/api/auth/change-password',
    summary: 'Change the password; ends every other session',
    body: z.strictObject({ current_password: typedPassword, new_password: newPassword }),
  }),
  updateUser: defineEndpoint({
    ...personal,
    operationId: 'updateUser',
    path: '/api/auth/update-user',
    summary: 'Change the name or the picture',
    body: z.strictObject({
      name: z.string().trim().min(1).max(200).optional(),
      image: z.httpUrl().max(2_000).nullable().optional(),
    }),
  }),
  listSessions: defineEndpoint({
    operationId: 'listSessions',
    method: 'GET',
    path: '/api/auth/sessions',
    summary: 'The live sessions of the caller',
    tag,
    role: 'user',
    impersonation: 'refused',
    output: single(z.array(sessionSchema)),
  }),
  revokeSession: defineEndpoint({
    operationId: 'revokeSession',
    method: 'DELETE',
    path: '/api/auth/sessions/{id}',
    summary: 'End a session of the caller',
    tag,
    role: 'user',
    impersonation: 'refused',
    params: z.strictObject({ id: z.uuid() }),
  }),
  revokeOtherSessions: defineEndpoint({
    operationId: 'revokeOtherSessions',
    method: 'POST',
    path: '/api/auth/sessions/revoke-others',
    summary: 'End every session of the caller but this one',
    tag,
    role: 'user',
    impersonation: 'refused',
  }),
  enableTwoFactor: defineEndpoint({
    ...personal,
    operationId: 'enableTwoFactor',
    path: '/api/auth/two-factor/enable',
    summary: 'Begin to use a second factor',
    description: 'In force once a first code has been verified. The recovery codes are shown this once.',
    body: z.strictObject({ password: typedPassword }),
    output: single(z.strictObject({ totp_uri: z.string(), recovery_codes: z.array(z.string()) })),
  }),
  verifyTotp: defineEndpoint({
    ...guessed,
    operationId: 'verifyTotp',
    impersonation: 'refused',
    path: '/api/auth/two-factor/verify-totp',
    summary: 'Give the code of the second factor: to finish signing in, or to put the factor in force',
    body: z.strictObject({ code }),
    output: single(signedInUser),
    errors: ['unauthenticated'],
  }),
  verifyRecoveryCode: defineEndpoint({
    ...guessed,
    operationId: 'verifyRecoveryCode',
    impersonation: 'refused',
    path: '/api/auth/two-factor/verify-recovery-code',
    summary: 'Finish signing in with a recovery code, which is used up',
    body: z.strictObject({ code }),
    output: single(signedInUser),
    errors: ['unauthenticated'],
  }),
  renewRecoveryCodes: defineEndpoint({
    ...personal,
    operationId: 'renewRecoveryCodes',
    path: '/api/auth/two-factor/recovery-codes',
    summary: 'Make new recovery codes; the old ones are void',
    body: z.strictObject({ password: typedPassword }),
    output: single(z.strictObject({ recovery_codes: z.array(z.string()) })),
  }),
  disableTwoFactor: defineEndpoint({
    ...personal,
    operationId: 'disableTwoFactor',
    path: '/api/auth/two-factor/disable',
    summary: 'Stop using a second factor',
    body: z.strictObject({ password: typedPassword }),
  }),
} as const;

/** A path of the portal: nothing that a browser reads as another host (`//evil`, `/\evil`), so that no link of ours leads elsewhere. */
function portalPath() {
  return z
    .string()
    .max(500)
    .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u, 'needs a path of the portal, from its root');
}
