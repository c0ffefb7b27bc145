// Owns: the acts around addresses and passwords: verifying, forgetting, changing; and the name and picture beside them. Not: signing in with them.

import type { Caller } from '../../../contracts/caller.ts';
import { authError } from './auth-error.rules.ts';
import { type AuthContext, type AuthParts, type AuthResult, askLibrary, callLibrary } from './auth-parts.ts';

/** The acts. Each leaves its audit row. */
export interface PasswordService {
  /** Returns before anything is looked up, so that its time tells nothing either. */
  sendVerification(context: AuthContext, email: string): void;
  /** 400 naming `token` for one that is used, old or made up. */
  verifyEmail(context: AuthContext, token: string): Promise<void>;
  /** As `sendVerification`. */
  requestReset(context: AuthContext, email: string): void;
  /** Ends every session. 400 naming `token` for one that is used, old or made up. */
  reset(context: AuthContext, body: { readonly token: string; readonly newPassword: string }): Promise<void>;
  /** Ends every session and begins one anew. 400 naming `current_password` when it is wrong. */
  change(
    context: AuthContext,
    caller: Caller,
    passwords: { readonly currentPassword: string; readonly newPassword: string },
  ): Promise<AuthResult<undefined>>;
  updateUser(
    context: AuthContext,
    caller: Caller,
    change: { readonly name?: string | undefined; readonly image?: string | null | undefined },
  ): Promise<AuthResult<undefined>>;
}

/** Over the library. */
export function createPasswordService(parts: AuthParts): PasswordService {
  const { record, onFault } = parts;
  return {
    sendVerification(context, email) {
      askLibrary(parts, context, { path: '/send-verification-email', body: { email } }).catch(onFault);
    },
    async verifyEmail(context, token) {
      const question = { method: 'GET', path: '/verify-email', query: { token } } as const;
      const { subjectId } = await askLibrary(parts, context, question);
      if (subjectId !== null) await record('user.verify_email', { userId: subjectId, request: context.request });
    },
    requestReset(context, email) {
      const { request } = context;
      askLibrary(parts, context, { path: '/request-password-reset', body: { email } })
        .then(() => record('password.reset_request', { userId: null, request, after: { email } }))
        .catch(onFault);
    },
    async reset(context, body) {
      const { subjectId } = await askLibrary(parts, context, { path: '/reset-password', body: { ...body } });
      await record('password.reset', { userId: subjectId, request: context.request });
    },
    async change(context, caller, passwords) {
      const body = { ...passwords, revokeOtherSessions: true };
      const answer = await callLibrary(parts, context, { path: '/change-password', body });
      if (answer.status >= 400) throw authError(answer, { password: 'current_password' });
      await record('password.change', { userId: caller.userId, request: context.request });
      return { value: undefined, cookies: answer.cookies };
    },
    async updateUser(context, caller, change) {
      const { cookies } = await askLibrary(parts, context, { path: '/update-user', body: change });
      await record('user.update', { userId: caller.userId, request: context.request, after: change });
      return { value: undefined, cookies };
    },
  };
}
