// Owns: what an upstream's refusal means to the caller: whose fault, worth another attempt or not, and a text that is safe to show.
// Does not own: each vendor's error body (its folder), connections that fail (the gateway).

import { type ErrorCode, WeirError } from '../../primitives/errors.ts';
import type { UpstreamFailure } from '../protocol.ts';
import { isObject } from './body-fields.ts';
import { tryParseJson } from './json-text.ts';
import { redactText } from './redaction.ts';
import { type AnswerHeaders, readRetryAfterSeconds } from './retry-after.ts';

/** What a vendor's error body says, fields as found. */
export interface VendorError {
  readonly message: string;
  readonly type: string;
  readonly code: string;
  readonly param: string | null;
}

interface Meaning {
  readonly code: ErrorCode;
  readonly message: string;
}

// The caller is told what happened, not why our account was refused: keys, money and limits at the vendor are the platform's.
const REFUSED: Meaning = {
  code: 'provider_error',
  message: 'The provider refused the platform. Its operator has to act.',
};
const UNFUNDED: Meaning = { code: 'provider_error', message: "The platform's account at the provider can't be used." };
const NO_MODEL: Meaning = { code: 'provider_error', message: "The provider doesn't serve this model to the platform." };
const LIMITED: Meaning = { code: 'overloaded', message: 'The provider is limiting requests. Try again later.' };
const OVERLOADED: Meaning = { code: 'overloaded', message: 'The provider is overloaded. Try again later.' };
const SLOW: Meaning = { code: 'provider_timeout', message: 'The provider took too long.' };
const FAILED: Meaning = { code: 'provider_error', message: 'The provider failed.' };

/** Codes and types that speak of the platform's account. They are the vendor's words, never the caller's. */
const ACCOUNT_CODES = new Set([
  'invalid_api_key',
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'billing_error',
  'authentication_error',
  'permission_error',
  'account_deactivated',
  'credit_balance_exhausted',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
]);

// Vendors tell some troubles of our account with a 400 and in words only. Messages also quote what the caller sent, so only their
// beginnings count, and none that complain of a field: else a caller could make a provider look broken to everybody.
const ACCOUNT_MESSAGE =
  /^(your credit balance is too low|you have reached your specified (api )?usage limits|incorrect api key|api key not valid|invalid api key)/i;
const MODEL_MESSAGE =
  /^(the (requested )?model\b|model:|model \S+ |unable to access model|no such model|invalid url|unknown request url|not found$)/i;
const FIELD_COMPLAINT = /not permitted|unrecognized|unknown (field|parameter|argument)|unexpected|invalid value/i;

/** The status that an error's type stands for, for errors that come inside a stream. */
const STATUS_OF_TYPE: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  insufficient_quota: 429,
  rate_limit_error: 429,
  requests: 429,
  tokens: 429,
  timeout_error: 504,
  overloaded_error: 529,
};

/** Reads a JSON error object of either vendor; null for anything else (HTML, nothing, cut text). */
export function readVendorError(answer: unknown): VendorError | null {
  // Google puts the object into a list.
  const body: unknown = Array.isArray(answer) ? answer[0] : answer;
  if (!isObject(body)) return null;
  // `{"error": {…}}` at OpenAI and Anthropic, `{"error": "text"}` at some servers, `{"message": …}` at vLLM and Together.
  const error = isObject(body.error) ? body.error : body;
  const text = typeof body.error === 'string' ? body.error : error.message;
  if (typeof text !== 'string') return null;
  const field = (name: string): string => {
    const value = error[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  return { message: text, type: field('type'), code: field('code'), param: field('param') || null };
}

/** The failure that an answer with this status and body is. */
export function failureOfAnswer(status: number, headers: AnswerHeaders, body: Buffer): UpstreamFailure {
  const error = readVendorError(tryParseJson(body.toString('utf8')));
  return failureOf({ status, error, retryAfterSeconds: readRetryAfterSeconds(headers) });
}

/** The failure that an error event inside a stream is. */
export function failureOfEvent(error: VendorError | null): UpstreamFailure {
  const told = Number(error?.code);
  const status = STATUS_OF_TYPE[error?.type ?? ''] ?? (told >= 400 && told <= 599 ? told : 500);
  return { ...failureOf({ status, error, retryAfterSeconds: null }), status: null };
}

/** The failure of an answer or stream that breaks the protocol. */
export function brokenAnswer(message: string): UpstreamFailure {
  return platformFault({ code: 'provider_error', message }, null, null);
}

/** The error to answer a client with when this failure is final. */
export function errorOfFailure(failure: UpstreamFailure): WeirError {
  return new WeirError(failure.code, {
    message: failure.message,
    ...(failure.param === null ? {} : { param: failure.param }),
    ...(failure.retryAfterSeconds === null ? {} : { retryAfterSeconds: failure.retryAfterSeconds }),
  });
}

interface FailureFacts {
  readonly status: number;
  readonly error: VendorError | null;
  readonly retryAfterSeconds: number | null;
}

function failureOf({ status, error, retryAfterSeconds }: FailureFacts): UpstreamFailure {
  if (error !== null) {
    const code = callerFaultCode(status, error);
    if (code !== null) {
      return {
        code,
        message: redactText(error.message) || 'The provider refused the request.',
        retryable: false,
        retryAfterSeconds: null,
        status,
        callerFault: true,
        param: error.param === null ? null : redactText(error.param),
      };
    }
  }
  return platformFault(platformMeaning(status, error), status, retryAfterSeconds);
}

function platformFault(meaning: Meaning, status: number | null, retryAfterSeconds: number | null): UpstreamFailure {
  return { ...meaning, retryable: true, retryAfterSeconds, status, callerFault: false, param: null };
}

/** The code for a mistake that the caller made and can mend; null when it is the platform's. */
function callerFaultCode(status: number, error: VendorError): ErrorCode | null {
  if (speaksOfAccount(error)) return null;
  if (status === 400 || status === 422) return 'invalid_request';
  if (status === 413) return 'too_large';
  // The catalog, not the caller, chose the provider's model and address.
  if (status === 404) return error.code === 'model_not_found' || MODEL_MESSAGE.test(error.message) ? null : 'not_found';
  return null;
}

function speaksOfAccount({ code, type, message }: VendorError): boolean {
  if (ACCOUNT_CODES.has(code) || ACCOUNT_CODES.has(type)) return true;
  return ACCOUNT_MESSAGE.test(message) && !FIELD_COMPLAINT.test(message);
}

function platformMeaning(status: number, error: VendorError | null): Meaning {
  if (status === 401 || status === 403) return REFUSED;
  if (status === 404) return NO_MODEL;
  if (status === 408 || status === 504 || status === 524) return SLOW;
  if (status === 503 || status === 529) return OVERLOADED;
  if (status === 402 || (status < 500 && error !== null && speaksOfAccount(error))) return UNFUNDED;
  return status === 429 ? LIMITED : FAILED;
}
