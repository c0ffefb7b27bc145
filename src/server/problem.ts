// Owns: errors outside the gateway, as `application/problem+json` (RFC 9457). Not: the vendors' shapes on /v1 (providers).

import { ERROR_CATALOGUE, type WeirError } from '../primitives/errors.ts';

/** A problem, ready to send. */
export interface ProblemReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The error as a problem. `type` is a stable path; `code` repeats its last part. Internal detail stays out. */
export function renderProblem(error: WeirError, requestId: string): ProblemReply {
  const entry = ERROR_CATALOGUE[error.code];
  return {
    status: error.status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(error.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(error.retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(Math.max(0, Math.ceil(error.retryAfterSeconds))) }),
    },
    body: JSON.stringify({
      type: `/problems/${error.code}`,
      title: entry.message,
      status: error.status,
      detail: error.message === entry.message ? entry.remedy : error.message,
      code: error.code,
      request_id: requestId,
      ...error.details,
    }),
  };
}
