// Owns: errors in OpenAI's shape (`{"error":{message,type,param,code}}`, its API reference "Error codes"), and reading OpenAI's errors.
// Does not own: which error it is.

import type { ErrorCode, WeirError } from '../../primitives/errors.ts';
import type { UpstreamFailure } from '../protocol.ts';
import { type ErrorReply, errorExtension, errorText, retryHeaders } from '../wire/error-extension.ts';
import { errorOfFailure } from '../wire/upstream-failure.ts';

/** Where OpenAI has a word of its own that clients switch on, it stands in `code`; elsewhere Weir's code does. */
const CODE: Partial<Record<ErrorCode, string>> = {
  unauthenticated: 'invalid_api_key',
  invalid_key: 'invalid_api_key',
  expired_key: 'invalid_api_key',
  revoked_key: 'invalid_api_key',
  model_not_found: 'model_not_found',
  model_not_enabled: 'model_not_found',
  rate_limited: 'rate_limit_exceeded',
};

/** Used-up limits are `insufficient_quota` as OpenAI's own are, so that nobody takes them for a moment's congestion. */
function typeOf(error: WeirError): string {
  if (error.code === 'rate_limited') return 'rate_limit_error';
  switch (error.status) {
    case 401:
      return 'authentication_error';
    case 402:
    case 429:
      return 'insufficient_quota';
    case 403:
      return 'permission_error';
    default:
      return error.status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}

/** An error reply on OpenAI's routes. The SDK picks its class by the status, so the status is the catalogue's. */
export function renderOpenAiError(error: WeirError, requestId: string): ErrorReply {
  return {
    status: error.status,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...retryHeaders(error) },
    body: JSON.stringify({
      error: openAiErrorObject(error),
      weir: { ...errorExtension(error), request_id: requestId },
    }),
  };
}

/** An error inside a stream: the SDK throws on an event that has `error`. `weir` is Weir's extension of the event. */
export function openAiErrorEvent(failure: UpstreamFailure, weir: Readonly<Record<string, unknown>>): string {
  const error = errorOfFailure(failure);
  return `data: ${JSON.stringify({ error: openAiErrorObject(error), weir: { ...errorExtension(error), ...weir } })}\n\n`;
}

/** The `error` object: `{message, type, param, code}`, with Weir's extension. */
export function openAiErrorObject(error: WeirError): Record<string, unknown> {
  return {
    message: errorText(error),
    type: typeOf(error),
    param: error.param ?? null,
    code: CODE[error.code] ?? error.code,
    // Inside the object as well, for the SDK keeps only this part of the body (`APIError.error`).
    weir: errorExtension(error),
  };
}
