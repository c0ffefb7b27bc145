// Owns: the acts around a second factor: begin, put in force, use, renew its recovery codes, stop. Not: the codes themselves (the library).

import { z } from 'zod';
import type { Caller } from '../../../contracts/caller.ts';
import { violatedConstraint } from '../../../database/failures.ts';
import { WeirError } from '../../../primitives/errors.ts';
import { claimCode, findAccount } from './auth.queries.ts';
import { authError } from './auth-error.rules.ts';
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

/** The acts. Each leaves its audit row; changes are also told by mail. */
export interface TwoFactorService {
  /** In force once a first code was verified. 400 naming `password` when it is wrong, 409 when a factor is in force. */
  enable(
    context: AuthContext,
    caller: Caller,
    password: string,
  ): Promise<AuthResult<{ readonly totpUri: string; readonly recoveryCodes: readonly string[] }>>;
  /** Finishes a half-finished sign-in, or puts a factor in force that was begun. 401 for a wrong or used code. */
  verify(
    context: AuthContext,
    caller: Caller | null,
    attempt: { readonly method: 'totp' | 'recovery_code'; readonly code: string },
  ): Promise<AuthResult<AuthUser>>;
  renewRecoveryCodes(context: AuthContext, caller: Caller, password: string): Promise<AuthResult<readonly string[]>>;
  disable(context: AuthContext, caller: Caller, password: string): Promise<AuthResult<undefined>>;
}

const enabledAnswer = z.object({ totpURI: z.string(), backupCodes: z.array(z.string()) });
const PATHS = { totp: '/two-factor/verify-totp', recovery_code: '/two-factor/verify-backup-code' } as const;

/** Over the library. */
export function createTwoFactorService(parts: AuthParts): TwoFactorService {
  const { database, record } = parts;
  return {
    async enable(context, caller, password) {
      const body = { password, method: 'totp' };
      const answer = await askLibrary(parts, context, { path: '/two-factor/enable', body }).catch(explained);
      const { totpURI: totpUri, backupCodes: recoveryCodes } = enabledAnswer.parse(answer.body);
      await record('two_factor.begin', { userId: caller.userId, request: context.request });
      return { value: { totpUri, recoveryCodes }, cookies: answer.cookies };
    },
    async verify(context, caller, { method, code }) {
      const before = caller === null ? undefined : await findAccount(database, caller.userId);
      const answer = await callLibrary(parts, context, { path: PATHS[method], body: { code } });
      const { request } = context;
      if (answer.status >= 400) {
        await record('session.refuse', { userId: caller?.userId ?? null, request, after: { method } });
        throw authError(answer);
      }
      const user = readUser(answer);
      const isFirst = method !== 'totp' || (await claimCode(database, user.id, code));
      if (caller === null && !isFirst) {
        await endSessionOf(parts, answer);
        await record('session.refuse', { userId: user.id, request, after: { method, reason: 'code_used' } });
        throw new WeirError('unauthenticated', {
          message: 'The code is wrong or has been used.',
          details: { reason: 'invalid_code' },
        });
      }
      if (caller === null) await record('session.create', { userId: user.id, request, after: { method } });
      else if (before?.hasTwoFactor === false) {
        await record('two_factor.enable', { userId: user.id, request });
        await tell(parts, user.email, 'enabled');
      }
      return { value: { ...user, twoFactorEnabled: true }, cookies: answer.cookies };
    },
    async renewRecoveryCodes(context, caller, password) {
      const answer = await askLibrary(parts, context, {
        path: '/two-factor/generate-backup-codes',
        body: { password },
      });
      await record('two_factor.renew_recovery_codes', { userId: caller.userId, request: context.request });
      await tellCaller(parts, caller, 'recovery_codes_renewed');
      return {
        value: enabledAnswer.pick({ backupCodes: true }).parse(answer.body).backupCodes,
        cookies: answer.cookies,
      };
    },
    async disable(context, caller, password) {
      const { cookies } = await askLibrary(parts, context, { path: '/two-factor/disable', body: { password } });
      await record('two_factor.disable', { userId: caller.userId, request: context.request });
      await tellCaller(parts, caller, 'disabled');
      return { value: undefined, cookies };
    },
  };
}

/** Of two that begin a factor at once, or one that begins it while another puts it in force, the second is refused by the first one's row. */
function explained(error: unknown): never {
  if (violatedConstraint(error) !== 'two_factors_one_each') throw error;
  throw new WeirError('conflict', {
    message:
      'A second factor was begun or put in force at the same moment. Look again, and begin anew if there is none.',
  });
}

type Change = 'enabled' | 'disabled' | 'recovery_codes_renewed';

async function tellCaller(parts: AuthParts, caller: Caller, change: Change): Promise<void> {
  const account = await findAccount(parts.database, caller.userId);
  if (account !== undefined) await tell(parts, account.email, change);
}

async function tell({ mail, clock, publicUrl }: AuthParts, to: string, change: Change): Promise<void> {
  const data = { change, at: new Date(clock.nowMs()), securityUrl: `${publicUrl()}/account/security` };
  await mail.send({ to, ...mail.templates.twoFactorChanged(data) });
}
