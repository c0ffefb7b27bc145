// Covers errors in Anthropic’s shape, as its SDK sees them.

import Anthropic, {
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { type ErrorCode, WeirError } from '../../primitives/errors.ts';
import { fetchOf } from '../wire/testing/call-fixtures.ts';
import { renderAnthropicError } from './error-body.ts';

type ErrorClass = abstract new (...args: never[]) => unknown;

async function thrownBySdk(error: WeirError): Promise<APIError> {
  const { status, headers, body } = renderAnthropicError(error, 'req-1');
  const client = new Anthropic({ apiKey: 'x', maxRetries: 0, fetch: fetchOf(body, status, headers) });
  const request = { model: 'm', max_tokens: 5, messages: [] };
  const thrown = await client.messages.create(request).catch((cause: unknown) => cause);
  if (!(thrown instanceof APIError)) throw new Error('the SDK threw something else');
  return thrown;
}

describe('errors on Anthropic’s routes', () => {
  test.each<[ErrorCode, ErrorClass, string]>([
    ['invalid_request', BadRequestError, 'invalid_request_error'],
    ['invalid_key', AuthenticationError, 'authentication_error'],
    ['budget_exceeded', APIError, 'billing_error'],
    ['trial_exhausted', PermissionDeniedError, 'permission_error'],
    ['model_not_found', NotFoundError, 'not_found_error'],
    ['conflict', ConflictError, 'conflict_error'],
    ['too_large', APIError, 'request_too_large'],
    ['unsupported_media_type', APIError, 'invalid_request_error'],
    ['user_limit_exceeded', RateLimitError, 'rate_limit_error'],
    ['internal_error', InternalServerError, 'api_error'],
    ['provider_error', InternalServerError, 'api_error'],
    ['overloaded', APIError, 'overloaded_error'],
    ['provider_timeout', APIError, 'timeout_error'],
  ])('%s is the SDK’s own class with its type', async (code, type, kind) => {
    const error = new WeirError(code);
    const thrown = await thrownBySdk(error);
    expect(thrown).toBeInstanceOf(type);
    expect(thrown).toMatchObject({ status: error.status, type: kind, requestID: 'req-1' });
  });

  test('a refusal names the field, the meters and what to do', () => {
    const error = new WeirError('budget_exceeded', { details: { meters: [{ name: 'team' }] }, internal: 'secret' });
    const reply = renderAnthropicError(error, 'req-1');
    expect(reply.headers).toMatchObject({ 'x-should-retry': 'false', 'request-id': 'req-1' });
    expect(JSON.parse(reply.body)).toEqual({
      type: 'error',
      error: {
        type: 'billing_error',
        message: 'A budget is used up. Ask an admin to raise the budget or wait for its next period.',
      },
      request_id: 'req-1',
      weir: {
        code: 'budget_exceeded',
        meters: [{ name: 'team' }],
        remedy: 'Ask an admin to raise the budget or wait for its next period.',
        request_id: 'req-1',
      },
    });
  });

  test('a field that the text does not name stands before it', () => {
    const error = new WeirError('invalid_request', { param: 'messages[0]', message: 'Too long.' });
    expect(JSON.parse(renderAnthropicError(error, 'r').body).error.message).toBe('messages[0]: Too long.');
  });
});
