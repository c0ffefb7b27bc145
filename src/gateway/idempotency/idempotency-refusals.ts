// Owns: what callers with an idempotency key are refused with, and what a key may look like. Not: when (create-idempotency.ts).

import { WeirError } from '../../primitives/errors.ts';
import { IDEMPOTENCY_KEY_MAX } from './limits.ts';

const PARAM = 'Idempotency-Key';
const PRINTABLE = /^[\x20-\x7e]+$/;

/**
 * Takes any printable ASCII, quoted or not: the key is compared as it was sent.
 * @throws {WeirError} `invalid_request`
 */
export function checkIdempotencyKey(key: string): void {
  const fault =
    key === ''
      ? 'is empty'
      : key.length > IDEMPOTENCY_KEY_MAX
        ? `is longer than ${IDEMPOTENCY_KEY_MAX} characters`
        : PRINTABLE.test(key)
          ? null
          : 'has characters that are not printable ASCII';
  if (fault === null) return;
  throw new WeirError('invalid_request', {
    message: `The header Idempotency-Key ${fault}. Send a unique key, such as a UUID.`,
    param: PARAM,
  });
}

/** @throws {WeirError} `idempotency_mismatch` */
export function checkSameRequest(first: Buffer, now: Buffer): void {
  if (first.equals(now)) return;
  throw new WeirError('idempotency_mismatch', {
    message: 'This Idempotency-Key was used with another body or route. Use a new key for a new request.',
    param: PARAM,
  });
}

/** The first call has not ended within the time that the others wait. */
export function stillUnderWay(): WeirError {
  return new WeirError('conflict', {
    message: 'The first call with this Idempotency-Key is still under way. Try again with the same key later.',
    param: PARAM,
    retryAfterSeconds: 10,
  });
}

/** The process of the first call has died: whether the provider was called is not known. */
export function callLeft(requestId: string): WeirError {
  return new WeirError('conflict', {
    message: 'The first call with this Idempotency-Key ended without an answer. Use a new key.',
    param: PARAM,
    details: { first_request_id: requestId },
  });
}

/** The first call was answered, and the answer is gone. */
export function answerLost(requestId: string): WeirError {
  return new WeirError('conflict', {
    message:
      'The first call with this Idempotency-Key has ended, and its answer was not kept: it was cut off, larger than 4 MiB, or can no longer be read. Use a new key.',
    param: PARAM,
    details: { first_request_id: requestId },
  });
}
