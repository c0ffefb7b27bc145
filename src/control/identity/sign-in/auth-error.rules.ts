// Owns: from the library's refusals to errors of our catalogue, in words that tell a person what to do and a stranger nothing. Not: refusing.

import { invalidField } from '../../../contracts/problem.ts';
import { type ErrorCode, WeirError } from '../../../primitives/errors.ts';
import type { AuthAnswer } from './auth-library.ts';

const wrongCode = 'The code is wrong or has been used.';
const newStart = 'This sign-in has expired. Begin anew.';

/** What a person reads, by the library's code. Everything else falls to its status. */
const REFUSALS: Readonly<Record<string, readonly [code: ErrorCode, message: string]>> = {
  INVALID_EMAIL_OR_PASSWORD: ['unauthenticated', 'The address or the password is wrong.'],
  EMAIL_NOT_VERIFIED: [
    'forbidden',
    'The address has not been verified. Follow the link in the mail, or ask for a new one.',
  ],
  BANNED: ['forbidden', 'This account is not active.'],
  INVALID_CODE: ['unauthenticated', wrongCode],
  INVALID_BACKUP_CODE: ['unauthenticated', wrongCode],
  INVALID_TWO_FACTOR_COOKIE: ['unauthenticated', newStart],
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: ['unauthenticated', newStart],
  ACCOUNT_TEMPORARILY_LOCKED: ['rate_limited', 'Too many wrong codes. Try again in a quarter of an hour.'],
  TOTP_ALREADY_ENABLED: ['conflict', 'A second factor is in use already.'],
  PROVIDER_NOT_FOUND: ['not_found', 'There is no such way to sign in.'],
};

/** Refusals that are of one field: the field, and what is wrong with it. */
const FIELDS: Readonly<Record<string, readonly [path: string, message: string]>> = {
  INVALID_TOKEN: ['token', 'is not valid any more'],
  TOKEN_EXPIRED: ['token', 'is not valid any more'],
  USER_NOT_FOUND: ['token', 'is not valid any more'],
  INVALID_PASSWORD: ['password', 'is wrong'],
  CREDENTIAL_ACCOUNT_NOT_FOUND: ['password', 'was never set: this account signs in another way'],
  PASSWORD_TOO_SHORT: ['password', 'is too short'],
  PASSWORD_TOO_LONG: ['password', 'is too long'],
  INVALID_EMAIL: ['email', 'is not an address'],
  TOTP_NOT_ENABLED: ['code', 'is asked for by no second factor'],
};

const BY_STATUS: Readonly<Record<number, ErrorCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  429: 'rate_limited',
};

/** A wrong address or password, where it was not the library that found it so. */
export const wrongPassword = (): WeirError => authError({ status: 401, body: { code: 'INVALID_EMAIL_OR_PASSWORD' } });

/** Whether the library could not add the person: among other reasons, because somebody else has just been added with the address. */
export const isFailedToMake = ({ body }: Pick<AuthAnswer, 'body'>): boolean =>
  (body as { code?: unknown } | null)?.code === 'FAILED_TO_CREATE_USER';

/** The error that an answer beyond 400 stands for. `fields` renames the library's field to the endpoint's. */
export function authError(
  answer: Pick<AuthAnswer, 'status' | 'body'>,
  fields: Readonly<Record<string, string>> = {},
): WeirError {
  const code = String((answer.body as { code?: unknown } | null)?.code ?? '');
  const refusal = REFUSALS[code];
  if (refusal !== undefined) {
    const [name, message] = refusal;
    return new WeirError(name, {
      message,
      details: { reason: code.toLowerCase() },
      ...(name === 'rate_limited' ? { retryAfterSeconds: 900 } : {}),
    });
  }
  const field = FIELDS[code];
  if (field !== undefined) return invalidField(fields[field[0]] ?? field[0], field[1]);
  const internal = `the auth library answered ${answer.status} ${code}`;
  if (answer.status >= 500) return new WeirError('internal_error', { internal });
  return new WeirError(BY_STATUS[answer.status] ?? 'invalid_request', { internal });
}
