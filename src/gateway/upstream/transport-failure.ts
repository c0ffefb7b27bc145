// Owns: the classes of failure on the way to and from an upstream, and what each means. Not: what a provider says in an error body (its carrier).

import { errors } from 'undici';
import { ERROR_CATALOGUE, type ErrorCode } from '../../primitives/errors.ts';
import type { UpstreamFailure } from '../../providers/protocol.ts';

/** What went wrong on the wire. */
export type TransportFaultKind =
  | 'refused'
  | 'dns'
  | 'tls'
  | 'connect_timeout'
  | 'first_byte_timeout'
  | 'idle_timeout'
  | 'total_timeout'
  | 'reset_before_first_byte'
  | 'reset_after_first_byte'
  | 'malformed'
  | 'redirect'
  | 'forbidden'
  | 'too_large'
  | 'unsendable'
  | 'closed'
  | 'cancelled';

/** A failure of the wire. `detail` is a short code for the log: never text from outside, never a secret. */
export interface TransportFailure extends UpstreamFailure {
  readonly kind: TransportFaultKind;
  readonly detail: string | null;
}

interface KindEntry {
  readonly code: ErrorCode;
  readonly message: string;
  /** Whether another attempt, here or at a fallback, may succeed. */
  readonly retryable: boolean;
}

const KINDS: Readonly<Record<TransportFaultKind, KindEntry>> = {
  refused: { code: 'provider_error', message: 'The provider refused the connection.', retryable: true },
  dns: { code: 'provider_error', message: "The provider's name could not be resolved.", retryable: true },
  tls: { code: 'provider_error', message: 'No secure connection to the provider could be made.', retryable: true },
  connect_timeout: { code: 'provider_timeout', message: 'The provider could not be reached in time.', retryable: true },
  first_byte_timeout: {
    code: 'provider_timeout',
    message: 'The provider did not begin to answer in time.',
    retryable: true,
  },
  idle_timeout: { code: 'provider_timeout', message: 'The provider stopped sending in mid-answer.', retryable: true },
  total_timeout: { code: 'provider_timeout', message: 'The provider did not finish in time.', retryable: false },
  reset_before_first_byte: {
    code: 'provider_error',
    message: 'The provider closed the connection before it answered.',
    retryable: true,
  },
  reset_after_first_byte: {
    code: 'provider_error',
    message: 'The provider closed the connection in mid-answer.',
    retryable: true,
  },
  malformed: {
    code: 'provider_error',
    message: 'The provider sent something that is not a valid answer.',
    retryable: true,
  },
  redirect: {
    code: 'provider_error',
    message: 'The provider answered with a redirect, which is not followed.',
    retryable: true,
  },
  forbidden: {
    code: 'provider_error',
    message: 'The endpoint is at an address that is not allowed.',
    retryable: false,
  },
  too_large: { code: 'provider_error', message: "The provider's answer is too large.", retryable: true },
  unsendable: { code: 'provider_error', message: 'The request could not be sent to the provider.', retryable: false },
  closed: { code: 'no_healthy_provider', message: ERROR_CATALOGUE.no_healthy_provider.message, retryable: true },
  cancelled: { code: 'request_cancelled', message: ERROR_CATALOGUE.request_cancelled.message, retryable: false },
};

/** A failure of a kind; `status` is the upstream's where one had come. */
export function transportFailure(
  kind: TransportFaultKind,
  { status = null, detail = null }: { status?: number | null; detail?: string | null } = {},
): TransportFailure {
  const { code, message, retryable } = KINDS[kind];
  return { kind, code, message, retryable, retryAfterSeconds: null, status, callerFault: false, param: null, detail };
}

/** The kind of a wire failure; null for what a provider said in an answer. */
export function faultKindOf(failure: UpstreamFailure): TransportFaultKind | null {
  return 'kind' in failure ? (failure as TransportFailure).kind : null;
}

const CODE_KINDS: ReadonlyMap<string, TransportFaultKind> = new Map([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'refused'],
  ['ENETUNREACH', 'refused'],
  ['EADDRNOTAVAIL', 'refused'],
  ['ENOENT', 'refused'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ENODATA', 'dns'],
  ['EPROTO', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
  ['HOSTNAME_MISMATCH', 'tls'],
  ['ETIMEDOUT', 'connect_timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'connect_timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'first_byte_timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'idle_timeout'],
  ['UND_ERR_HEADERS_OVERFLOW', 'malformed'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large'],
  ['UND_ERR_INVALID_ARG', 'unsendable'],
  ['UND_ERR_NOT_SUPPORTED', 'unsendable'],
  ['UND_ERR_CLOSED', 'closed'],
  ['UND_ERR_DESTROYED', 'closed'],
  // Of the guard before addresses that tenants name (src/network/outbound-error.ts).
  ['OUTBOUND_FORBIDDEN', 'forbidden'],
  ['OUTBOUND_UNRESOLVABLE', 'dns'],
]);

/** Classes an error of undici or Node. `answered` says whether any byte of an answer had come, `started` whether the request was on a socket. */
export function classifyError(
  error: unknown,
  { started, answered }: { started: boolean; answered: boolean },
): TransportFailure {
  const code = errorCodeOf(error);
  const known = code === null ? undefined : CODE_KINDS.get(code);
  if (known !== undefined) return transportFailure(known, { detail: code });
  if (error instanceof errors.HTTPParserError) return transportFailure('malformed', { detail: code });
  // Before the request is on a socket, what breaks is the handshake.
  if (!started && code !== null && isTlsCode(code)) return transportFailure('tls', { detail: code });
  return transportFailure(answered ? 'reset_after_first_byte' : 'reset_before_first_byte', { detail: code });
}

function isTlsCode(code: string): boolean {
  return /^(ERR_TLS_|ERR_SSL_|CERT_|CRL_|UNABLE_TO_|INVALID_CA|PATH_LENGTH_|ECONNRESET$)/.test(code);
}

/** The code of an error, of the first of several tried addresses where there are more. */
function errorCodeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? errorCodeOf(error.errors[0]) : null;
}
