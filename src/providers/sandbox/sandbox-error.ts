// Owns: the one error that the sandbox's pure core throws, and its body in each vendor's shape. Not: failures of the wire (faults.ts).

import type { WireProtocol } from '../protocol.ts';

/** What an error answer says beside its status. */
export interface SandboxErrorOptions {
  readonly message?: string;
  readonly param?: string;
  /** OpenAI's `code`. */
  readonly code?: string;
  /** OpenAI's `type`. */
  readonly type?: string;
}

/** An answer with an error status. */
export class SandboxError extends Error {
  readonly status: number;
  readonly options: SandboxErrorOptions;

  constructor(status: number, options: SandboxErrorOptions = {}) {
    super(options.message ?? `Sandbox error ${status}`);
    this.name = 'SandboxError';
    this.status = status;
    this.options = options;
  }
}

interface Wording {
  readonly openai: { readonly type: string; readonly code: string | null; readonly message: string };
  readonly anthropic: { readonly type: string; readonly message: string };
}

/**
 * What the vendors say at each status (OpenAI, "Error codes"; Anthropic, "Errors"). Like theirs, the texts name an account and part of a
 * key, invented ones, so that it can be seen whether a gateway redacts them.
 */
const WORDING: Readonly<Record<number, Wording>> = {
  400: wording('invalid_request_error', null, 'Invalid request.', 'invalid_request_error'),
  401: wording(
    'invalid_request_error',
    'invalid_api_key',
    'Incorrect API key provided: sk-sandb**********oken. You can find your API key at https://platform.openai.com/account/api-keys.',
    'authentication_error',
    'invalid x-api-key',
  ),
  402: wording('billing_error', 'billing_hard_limit_reached', 'Billing hard limit has been reached.', 'billing_error'),
  403: wording(
    'permission_error',
    null,
    'Project `proj_sandbox0000` does not have access to this model.',
    'permission_error',
  ),
  404: wording(
    'invalid_request_error',
    'model_not_found',
    'The model does not exist or you do not have access to it.',
    'not_found_error',
  ),
  408: wording('timeout', 'timeout', 'Request timed out.', 'timeout_error'),
  409: wording('conflict_error', null, 'The request conflicts with another.', 'conflict_error'),
  413: wording('invalid_request_error', null, 'Request body too large.', 'request_too_large'),
  422: wording('invalid_request_error', null, 'The request could not be processed.', 'invalid_request_error'),
  429: wording(
    'requests',
    'rate_limit_exceeded',
    'Rate limit reached for sandbox in organization org-sandbox0000 on requests per min (RPM): Limit 3, Used 3, Requested 1.',
    'rate_limit_error',
    'This request would exceed the rate limit for your organization (00000000-0000-4000-8000-73616e64626f).',
  ),
  500: wording(
    'server_error',
    null,
    'The server had an error while processing your request.',
    'api_error',
    'Internal server error',
  ),
  503: wording(
    'service_unavailable_error',
    null,
    'The engine is currently overloaded, please try again later.',
    'api_error',
  ),
  504: wording('server_error', null, 'The request timed out.', 'timeout_error'),
  529: wording('server_error', null, 'Overloaded', 'overloaded_error'),
};

function wording(
  type: string,
  code: string | null,
  message: string,
  anthropicType: string,
  anthropic = message,
): Wording {
  return { openai: { type, code, message }, anthropic: { type: anthropicType, message: anthropic } };
}

function wordingOf(status: number): Wording {
  const fallback = WORDING[status >= 500 ? 500 : 400];
  const found = WORDING[status] ?? fallback;
  if (found === undefined) throw new Error('The table of errors lacks 400 or 500.');
  return found;
}

/** OpenAI's `type` and `code` of an account that has run out of money (429). */
export const QUOTA_ERROR: SandboxErrorOptions = {
  type: 'insufficient_quota',
  code: 'insufficient_quota',
  message: 'You exceeded your current quota, please check your plan and billing details.',
};

/** The body of an error answer in a vendor's shape, as a JSON value. Also what an error event within a stream carries. */
export function errorBody(protocol: WireProtocol, error: SandboxError, requestId: string): object {
  const { openai, anthropic } = wordingOf(error.status);
  const { message, param, code, type } = error.options;
  if (protocol === 'anthropic') {
    return {
      type: 'error',
      error: { type: anthropic.type, message: message ?? anthropic.message },
      request_id: requestId,
    };
  }
  return {
    error: {
      message: message ?? openai.message,
      type: type ?? openai.type,
      param: param ?? null,
      code: code ?? openai.code,
    },
  };
}
