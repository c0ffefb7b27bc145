// Owns: the table of what follows each kind of failure.

import { describe, expect, test } from 'vitest';
import type { UpstreamFailure } from '../../providers/protocol.ts';
import { type AttemptPosition, planNextStep } from './attempt-plan.ts';
import { DEFAULT_UPSTREAM_LIMITS as limits } from './limits.ts';
import { type TransportFaultKind, transportFailure } from './transport-failure.ts';

const AGAIN = expect.objectContaining({ kind: 'again' });
const NEXT = { kind: 'next_target' };
const STOP = { kind: 'give_up' };

function status(code: number, changes: Partial<UpstreamFailure> = {}): UpstreamFailure {
  return {
    code: 'provider_error',
    message: '',
    retryable: true,
    retryAfterSeconds: null,
    status: code,
    callerFault: false,
    param: null,
    ...changes,
  };
}

function plan(failure: UpstreamFailure, changes: Partial<AttemptPosition> = {}) {
  const position = {
    failure,
    attemptsHere: 1,
    attemptsInCall: 1,
    hasBudget: true,
    hasNextTarget: true,
    remainingMs: 60_000,
    jitter: 0.5,
  };
  return planNextStep({ ...position, ...changes }, limits);
}

describe('the plan after a failed attempt', () => {
  test.each<[TransportFaultKind, unknown]>([
    ['refused', AGAIN],
    ['dns', AGAIN],
    ['reset_before_first_byte', AGAIN],
    ['malformed', AGAIN],
    ['tls', NEXT],
    ['connect_timeout', NEXT],
    ['first_byte_timeout', NEXT],
    ['idle_timeout', NEXT],
    ['redirect', NEXT],
    ['too_large', NEXT],
    ['total_timeout', STOP],
    ['unsendable', STOP],
    ['cancelled', STOP],
  ])('on the wire: %s', (kind, expected) => {
    expect(plan(transportFailure(kind))).toEqual(expected);
  });

  test.each([
    [401, NEXT],
    [403, NEXT],
    [408, AGAIN],
    [409, AGAIN],
    [429, AGAIN],
    [500, AGAIN],
    [503, AGAIN],
    [529, AGAIN],
  ])('in an answer: %i', (code, expected) => {
    expect(plan(status(code))).toEqual(expected);
  });

  test("the caller's own mistake is never tried again, here or elsewhere", () => {
    expect(plan(status(400, { callerFault: true }))).toEqual(STOP);
    expect(plan(status(500, { retryable: false }))).toEqual(STOP);
  });

  test('the attempts at a target and in a call are bounded', () => {
    expect(plan(status(500), { attemptsHere: limits.attemptsPerTarget })).toEqual(NEXT);
    expect(plan(status(500), { attemptsHere: limits.attemptsPerTarget, hasNextTarget: false })).toEqual(STOP);
    expect(plan(status(500), { attemptsInCall: limits.attemptsPerCall })).toEqual(STOP);
  });

  test('an empty retry budget leaves the fallback', () => {
    expect(plan(status(500), { hasBudget: false })).toEqual(NEXT);
  });

  test('the wait doubles, is jittered over its whole length, and has a most', () => {
    const waitMs = (attemptsHere: number, jitter: number) => {
      const step = planNextStep(
        {
          failure: status(500),
          attemptsHere,
          attemptsInCall: 1,
          hasBudget: true,
          hasNextTarget: true,
          remainingMs: 60_000,
          jitter,
        },
        { ...limits, attemptsPerTarget: 100 },
      );
      return step.kind === 'again' ? step.waitMs : null;
    };
    expect([waitMs(1, 0), waitMs(1, 0.999), waitMs(2, 0.5), waitMs(50, 0.999)]).toEqual([0, 199, 200, 1_998]);
  });

  test('Retry-After is waited for in full when it is short, and not at all when it is long', () => {
    expect(plan(status(429, { retryAfterSeconds: 2 }), { jitter: 0 })).toEqual({ kind: 'again', waitMs: 2_005 });
    expect(plan(status(429, { retryAfterSeconds: 6 }))).toEqual(NEXT);
    expect(plan(status(429, { retryAfterSeconds: 6 }), { hasNextTarget: false })).toEqual(STOP);
  });

  test("nothing is waited for that the call's time does not allow", () => {
    expect(plan(status(429, { retryAfterSeconds: 2 }), { remainingMs: 1_500 })).toEqual(NEXT);
  });
});
