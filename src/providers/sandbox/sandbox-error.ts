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

/** OpenAI's words, and where Anthropic's differ. */
interface Wording {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
  readonly anthropic: { readonly type: string; readonly message?: string };
}

/**
 * What the vendors say at each status (OpenAI, "Error codes"; Anthropic, "Errors"). Like theirs, the texts name an account and part of a
 * key, invented ones, so that it can be seen whether a gateway redacts them.
 */
const WORDING: Readonly<Record<number, Wording>> = {
  400: {
    type: 'invalid_request_error',
    code: null,
    message: 'Invalid request.',
    anthropic: { type: 'invalid_request_error' },
  },
  401: {
    type: 'invalid_request_error',
    code: 'invalid_api_key',
    message:
      'Incorrect API key provided: sk-sandb**********oken. You can find your API key at https://platform.openai.com/account/api-keys.',
    anthropic: { type: 'authentication_error', message: 'invalid x-api-key' },
  },
  402: {
    type: 'billing_error',
    code: 'billing_hard_limit_reached',
    message: 'Billing hard limit has been reached.',
    anthropic: { type: 'billing_error' },
  },
  403: {
    type: 'permission_error',
    code: null,
    message: 'Project `proj_sandbox0000` does not have access to this model.',
    anthropic: { type: 'permission_error' },
  },
  404: {
    type: 'invalid_request_error',
    code: 'model_not_found',
    message: 'The model does not exist or you do not have access to it.',
    anthropic: { type: 'not_found_error' },
  },
  408: { type: 'timeout', code: 'timeout', message: 'Request timed out.', anthropic: { type: 'timeout_error' } },
  409: {
    type: 'conflict_error',
    code: null,
    message: 'The request conflicts with another.',
    anthropic: { type: 'conflict_error' },
  },
  413: {
    type: 'invalid_request_error',
    code: null,
    message: 'Request body too large.',
    anthropic: { type: 'request_too_large' },
  },
  422: {
    type: 'invalid_request_error',
    code: null,
    message: 'The request could not be processed.',
    anthropic: { type: 'invalid_request_error' },
  },
  429: {
    type: 'requests',
    code: 'rate_limit_exceeded',
    message:
      'Rate limit reached for sandbox in organization org-sandbox0000 on requests per min (RPM): Limit 3, Used 3, Requested 1.',
    anthropic: {
      type: 'rate_limit_error',
      message: 'This request would exceed the rate limit for your organization (00000000-0000-4000-8000-73616e64626f).',
    },
  },
  500: {
    type: 'server_error',
    code: null,
    message: 'The server had an error while processing your request.',
    anthropic: { type: 'api_error', message: 'Internal server error' },
  },
  503: {
    type: 'service_unavailable_error',
    code: null,
    message: 'The engine is currently overloaded, please try again later.',
    anthropic: { type: 'api_error' },
  },
  504: { type: 'server_error', code: null, message: 'The request timed out.', anthropic: { type: 'timeout_error' } },
  529: { type: 'server_error', code: null, message: 'Overloaded', anthropic: { type: 'overloaded_error' } },
};

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
  const { anthropic, ...openai } = wordingOf(error.status);
  const { message, param, code, type } = error.options;
  if (protocol === 'anthropic') {
    return {
      type: 'error',
      error: { type: anthropic.type, message: message ?? anthropic.message ?? openai.message },
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
