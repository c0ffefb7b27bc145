// Owns: the guarantees of the error catalogue.

import { describe, expect, it } from 'vitest';
import { ERROR_CATALOGUE, type ErrorCode, WeirError } from './errors.ts';

const entries = Object.entries(ERROR_CATALOGUE) as [ErrorCode, (typeof ERROR_CATALOGUE)[ErrorCode]][];

describe.each(entries)('error %s', (code, entry) => {
  it('has a stable name, a client or server error status, and text that is a sentence', () => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(entry.status).toBeGreaterThanOrEqual(400);
    expect(entry.status).toBeLessThan(600);
    for (const text of [entry.message, entry.remedy]) expect(text).toMatch(/^[A-Z].{5,160}\.$/);
  });

  it('is retryable if and only if time or another server can mend it', () => {
    const mendable = entry.status >= 500 || code === 'rate_limited' || code === 'request_cancelled';
    expect(entry.retryable).toBe(mendable);
  });

  it('makes an error with its status and public text', () => {
    const error = new WeirError(code);
    expect([error.code, error.status, error.message, error.name]).toEqual([
      code,
      entry.status,
      entry.message,
      'WeirError',
    ]);
    expect(error).toBeInstanceOf(Error);
  });
});

it('every code of the product specification is in the catalogue with its status', () => {
  const specified: Record<number, string> = {
    400: 'invalid_request unsupported_parameter model_not_enabled',
    401: 'unauthenticated invalid_key expired_key revoked_key',
    402: 'budget_exceeded insufficient_credits purchase_required payment_failed',
    403: 'forbidden plan_required model_locked trial_exhausted ip_not_allowed organization_suspended member_paused feature_inactive',
    404: 'not_found',
    409: 'conflict idempotency_mismatch',
    413: 'too_large',
    415: 'unsupported_media_type',
    429: 'organization_quota_exceeded user_limit_exceeded daily_message_limit rate_limited',
    502: 'provider_error',
    503: 'overloaded no_healthy_provider ledger_unavailable feature_maintenance',
    504: 'provider_timeout',
  };
  const missing = Object.entries(specified).flatMap(([status, codes]) =>
    codes.split(' ').filter((code) => ERROR_CATALOGUE[code as ErrorCode]?.status !== Number(status)),
  );
  expect(missing).toEqual([]);
});

it('keeps internal detail and the cause out of what is serialised of the message', () => {
  const error = new WeirError('provider_error', { internal: 'secret host', cause: new Error('secret cause') });
  expect(error.message).not.toContain('secret');
  expect(error.internal).toBe('secret host');
  expect((error.cause as Error).message).toBe('secret cause');
});

it('carries the field, the public facts and the time to wait', () => {
  const error = new WeirError('rate_limited', {
    message: 'Slow down.',
    param: 'n',
    retryAfterSeconds: 2,
    details: { a: 1 },
  });
  expect([error.message, error.param, error.retryAfterSeconds, error.details]).toEqual([
    'Slow down.',
    'n',
    2,
    { a: 1 },
  ]);
});
