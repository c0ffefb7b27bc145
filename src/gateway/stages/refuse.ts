// Owns: an error as the client's reply, in the shape of the vendor whose route was called. Not: which error it is.

import type { WeirError } from '../../primitives/errors.ts';
import { renderAnthropicError } from '../../providers/anthropic/error-body.ts';
import { renderOpenAiError } from '../../providers/openai/error-body.ts';
import type { IncomingCall } from '../call.ts';

/** Writes the error. A response that has begun, or whose client has gone, can't be told any more: it is ended. */
export function refuse(
  { id, route, response, onRefusal }: Pick<IncomingCall, 'id' | 'route' | 'response' | 'onRefusal'>,
  error: WeirError,
): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (onRefusal !== undefined) {
    onRefusal(error);
    return;
  }
  const isAnthropic = route === 'messages' || route === 'count_tokens';
  const reply = isAnthropic ? renderAnthropicError(error, id) : renderOpenAiError(error, id);
  response.writeHead(reply.status, {
    ...error.headers,
    ...reply.headers,
    'x-request-id': id,
    'content-length': Buffer.byteLength(reply.body),
  });
  response.end(reply.body);
}
