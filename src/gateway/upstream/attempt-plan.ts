// Owns: what to do after a failed attempt: again here, the next target, or give up. Pure. Not: doing it (attempts.ts).

import type { UpstreamFailure } from '../../providers/protocol.ts';
import type { UpstreamLimits } from './limits.ts';
import { faultKindOf, type TransportFaultKind } from './transport-failure.ts';

/** Timers may fire up to a millisecond early by the monotonic clock; one that did would find the breaker still cooling down. */
const TIMER_SLACK_MS = 5;

/** What comes next. */
export type NextStep =
  | { readonly kind: 'again'; readonly waitMs: number }
  | { readonly kind: 'next_target' }
  | { readonly kind: 'give_up' };

/** Where the call stands after an attempt failed. */
export interface AttemptPosition {
  readonly failure: UpstreamFailure;
  readonly attemptsHere: number;
  readonly attemptsInCall: number;
  /** Whether the provider's retry budget allows one more. */
  readonly hasBudget: boolean;
  readonly hasNextTarget: boolean;
  /** Left of the call's total time. */
  readonly remainingMs: number;
  /** Chance in [0, 1). */
  readonly jitter: number;
}

/**
 * Kinds that the same target may get over within a second. A time-out is not: the provider may be working, and billing, still. Nor is what will be the
 * same next time (TLS, redirects, size).
 */
const PASSING_KINDS: ReadonlySet<TransportFaultKind> = new Set([
  'refused',
  'dns',
  'reset_before_first_byte',
  'reset_after_first_byte',
  'malformed',
]);

/** The plan after a failure. */
export function planNextStep(position: AttemptPosition, limits: UpstreamLimits): NextStep {
  const { failure } = position;
  if (failure.callerFault || !failure.retryable || position.attemptsInCall >= limits.attemptsPerCall)
    return { kind: 'give_up' };
  const elsewhere: NextStep = { kind: position.hasNextTarget ? 'next_target' : 'give_up' };
  if (position.attemptsHere >= limits.attemptsPerTarget || !position.hasBudget || !mayPass(failure)) return elsewhere;
  const waitMs = backOffMs(position, limits);
  return waitMs === null || waitMs >= position.remainingMs ? elsewhere : { kind: 'again', waitMs };
}

/** Whether the same target may answer soon. */
function mayPass(failure: UpstreamFailure): boolean {
  const kind = faultKindOf(failure);
  if (kind !== null) return PASSING_KINDS.has(kind);
  const status = failure.status;
  // Without a status it was said inside a stream (an overload told in a 200), and marked retryable by the protocol's reader.
  return (
    status === null ||
    status === 408 ||
    status === 409 ||
    status === 425 ||
    status === 429 ||
    status >= 500 ||
    status < 300
  );
}

/**
 * Exponential with full jitter (Brooker, "Exponential Backoff And Jitter", AWS 2015), and never sooner than the upstream asked for; null when that is
 * longer than Weir waits.
 */
function backOffMs(position: AttemptPosition, limits: UpstreamLimits): number | null {
  const most = Math.min(limits.backOffBaseMs * 2 ** (position.attemptsHere - 1), limits.backOffMostMs);
  const jitteredMs = Math.floor(most * position.jitter);
  const askedMs = (position.failure.retryAfterSeconds ?? 0) * 1_000;
  if (askedMs > limits.retryAfterMostMs) return null;
  if (askedMs === 0) return jitteredMs;
  // Past what was asked for by the jitter, so that all who were refused together do not come back together.
  return askedMs + Math.max(jitteredMs, TIMER_SLACK_MS);
}
