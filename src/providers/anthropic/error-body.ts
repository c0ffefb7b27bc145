// Owns: errors in Anthropic's shape (`{"type":"error","error":{type,message},"request_id"}`, its API reference "Errors").
// Does not own: which error it is.

import type { WeirError } from '../../primitives/errors.ts';
import type { UpstreamFailure } from '../protocol.ts';
import { type ErrorReply, errorExtension, errorText, retryHeaders } from '../wire/error-extension.ts';
import { errorOfFailure } from '../wire/upstream-failure.ts';

/**
 * Anthropic's type for a status. Overload keeps 503 (with its `Retry-After`), not Anthropic's own 529: the SDK tries both again, and
 * proxies between know only 503.
 */
const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  415: 'invalid_request_error',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

/** An error reply on Anthropic's routes. */
export function renderAnthropicError(error: WeirError, requestId: string): ErrorReply {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/json',
      'request-id': requestId,
      'x-request-id': requestId,
      ...retryHeaders(error),
    },
    body: JSON.stringify({
      type: 'error',
      error: anthropicErrorObject(error),
      request_id: requestId,
      weir: { ...errorExtension(error), request_id: requestId },
    }),
  };
}

/** An error inside a stream. `weir` is Weir's extension of the event. */
export function anthropicErrorEvent(failure: UpstreamFailure, weir: Readonly<Record<string, unknown>>): string {
  const error = errorOfFailure(failure);
  const event = {
    type: 'error',
    error: anthropicErrorObject(error),
    weir: { ...errorExtension(error), ...weir },
  };
  return `event: error\ndata: ${JSON.stringify(event)}\n\n`;
}

function anthropicErrorObject(error: WeirError): Record<string, unknown> {
  const message = error.param === undefined || error.message.includes(error.param);
  return {
    type: TYPE_OF_STATUS[error.status] ?? 'api_error',
    message: message ? errorText(error) : `${error.param}: ${errorText(error)}`,
  };
}
