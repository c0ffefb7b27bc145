// Owns: the part of an error reply that is the same in every vendor's shape: the `weir` extension, the text, and the headers about
// trying again. Does not own: a vendor's error object.

import { ERROR_CATALOGUE, type WeirError } from '../../primitives/errors.ts';

/** An error reply, ready to send. */
export interface ErrorReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Vendors' SDKs wait at most this long for `Retry-After`; beyond it they would try again early, in vain. */
const SDK_WAIT_SECONDS_MAX = 60;

/** The `weir` extension of an error: `{code, remedy, …details}`. Details are public by contract (`meters`, `upgrade_url`, `explain_id`). */
export function errorExtension(error: WeirError): Record<string, unknown> {
  const extension: Record<string, unknown> = { ...error.details };
  extension.code = error.code;
  extension.remedy = ERROR_CATALOGUE[error.code].remedy;
  return extension;
}

/** The text that SDK users see: the catalogue's with its remedy, or the more exact one that the error brings. */
export function errorText(error: WeirError): string {
  const { message, remedy } = ERROR_CATALOGUE[error.code];
  return error.message === message ? `${message} ${remedy}` : error.message;
}

/**
 * Headers about trying again: `Retry-After`, and `x-should-retry: false` (both vendors' SDKs obey it) when trying again is in vain: the
 * error is final, or ends later than an SDK would wait.
 */
export function retryHeaders(error: WeirError): Record<string, string> {
  const headers: Record<string, string> = {};
  const after = error.retryAfterSeconds;
  if (after !== undefined) headers['retry-after'] = String(Math.max(0, Math.ceil(after)));
  const endsSoon = after !== undefined && after <= SDK_WAIT_SECONDS_MAX;
  const isLimit = error.status === 429;
  const worthIt = after === undefined ? ERROR_CATALOGUE[error.code].retryable : endsSoon;
  if (!worthIt || (error.status < 500 && !isLimit)) headers['x-should-retry'] = 'false';
  return headers;
}
