// Covers errors in OpenAI’s shape, as its SDK sees them.

import OpenAI, {
  APIError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai';
import { describe, expect, test } from 'vitest';
import { type ErrorCode, WeirError } from '../../primitives/errors.ts';
import { fetchOf } from '../wire/testing/call-fixtures.ts';
import { renderOpenAiError } from './error-body.ts';

type ErrorClass = abstract new (...args: never[]) => unknown;

async function thrownBySdk(error: WeirError): Promise<APIError> {
  const { status, headers, body } = renderOpenAiError(error, 'req-1');
  const client = new OpenAI({ apiKey: 'x', maxRetries: 0, fetch: fetchOf(body, status, headers) });
  const thrown = await client.models.list().catch((cause: unknown) => cause);
  if (!(thrown instanceof APIError)) throw new Error('the SDK threw something else');
  return thrown;
}

describe('errors on OpenAI’s routes', () => {
  test.each<[ErrorCode, ErrorClass, string, string]>([
    ['invalid_request', BadRequestError, 'invalid_request_error', 'invalid_request'],
    ['unsupported_parameter', BadRequestError, 'invalid_request_error', 'unsupported_parameter'],
    ['model_not_enabled', BadRequestError, 'invalid_request_error', 'model_not_found'],
    ['unauthenticated', AuthenticationError, 'authentication_error', 'invalid_api_key'],
    ['revoked_key', AuthenticationError, 'authentication_error', 'invalid_api_key'],
    ['budget_exceeded', APIError, 'insufficient_quota', 'budget_exceeded'],
    ['insufficient_credits', APIError, 'insufficient_quota', 'insufficient_credits'],
    ['model_locked', PermissionDeniedError, 'permission_error', 'model_locked'],
    ['model_not_found', NotFoundError, 'invalid_request_error', 'model_not_found'],
    ['idempotency_mismatch', ConflictError, 'invalid_request_error', 'idempotency_mismatch'],
    ['too_large', APIError, 'invalid_request_error', 'too_large'],
    ['organization_quota_exceeded', RateLimitError, 'insufficient_quota', 'organization_quota_exceeded'],
    ['rate_limited', RateLimitError, 'rate_limit_error', 'rate_limit_exceeded'],
    ['internal_error', InternalServerError, 'server_error', 'internal_error'],
    ['overloaded', InternalServerError, 'server_error', 'overloaded'],
    ['provider_timeout', InternalServerError, 'server_error', 'provider_timeout'],
  ])('%s is the SDK’s own class with type and code', async (code, type, kind, vendorCode) => {
    const error = new WeirError(code);
    const thrown = await thrownBySdk(error);
    expect(thrown).toBeInstanceOf(type);
    expect(thrown).toMatchObject({ status: error.status, type: kind, code: vendorCode, requestID: 'req-1' });
  });

  test('a refusal names the field, the meters and what to do, and nothing internal', async () => {
    const error = new WeirError('user_limit_exceeded', {
      param: 'model',
      retryAfterSeconds: 7_200.4,
      details: { meters: [{ name: 'template limit', resets_at: '2026-01-01T00:00:00Z' }], upgrade_url: '/billing' },
      internal: 'counter 77 of shard 3',
      cause: new Error('secret'),
    });
    const reply = renderOpenAiError(error, 'req-1');
    expect(reply.headers).toMatchObject({ 'retry-after': '7201', 'x-should-retry': 'false', 'x-request-id': 'req-1' });
    const weir = {
      code: 'user_limit_exceeded',
      meters: [{ name: 'template limit', resets_at: '2026-01-01T00:00:00Z' }],
      upgrade_url: '/billing',
      remedy: 'Wait for the reset or ask an admin for a higher limit.',
    };
    expect(JSON.parse(reply.body)).toEqual({
      error: {
        message: 'Your limit on this template is used up. Wait for the reset or ask an admin for a higher limit.',
        type: 'insufficient_quota',
        param: 'model',
        code: 'user_limit_exceeded',
        weir,
      },
      weir: { ...weir, request_id: 'req-1' },
    });
  });

  test.each<[ErrorCode, number | undefined, boolean]>([
    ['rate_limited', 5, true],
    ['rate_limited', 61, false],
    ['rate_limited', undefined, true],
    ['user_limit_exceeded', 30, true],
    ['user_limit_exceeded', 3_600, false],
    ['user_limit_exceeded', undefined, false],
    ['budget_exceeded', undefined, false],
    ['conflict', undefined, false],
    ['overloaded', 2, true],
    ['overloaded', undefined, true],
    ['feature_maintenance', 3_600, false],
    ['provider_error', undefined, true],
  ])('the SDK tries %s with a wait of %s again: %s', async (code, retryAfterSeconds, isRetried) => {
    const { headers } = renderOpenAiError(
      new WeirError(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      'r',
    );
    expect(headers['x-should-retry'] !== 'false').toBe(isRetried);
  });
});
