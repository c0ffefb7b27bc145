// Owns: getting one call answered: attempts at a target, then at its fallbacks, all before the client has seen a byte. Every attempt is recorded.
// Not: which targets there are and in what order (the caller's list), what is charged (the ledger), or writing to the client (relay/).

import type { Clock } from '../../primitives/clock.ts';
import { ERROR_CATALOGUE, type ErrorCode, WeirError } from '../../primitives/errors.ts';
import type { Random } from '../../primitives/random.ts';
import type { UpstreamFailure } from '../../providers/protocol.ts';
import { type AttemptResult, attemptOnce } from './attempt.ts';
import { type NextStep, planNextStep } from './attempt-plan.ts';
import type { AttemptCall, AttemptRecord, AttemptsOutcome, AttemptTarget, PreparedCall } from './attempt-target.ts';
import type { Cancellation } from './cancellation.ts';
import { endpointFailure } from './endpoint-failure.ts';
import type { UpstreamLimits } from './limits.ts';
import type { HealthRegistry, ProviderHealth } from './provider-health.ts';
import type { Timers } from './timers.ts';
import { transportFailure } from './transport-failure.ts';
import type { UpstreamTransport } from './upstream-transport.ts';

/** What the attempts need. */
export interface AttemptsDependencies {
  readonly transport: UpstreamTransport;
  readonly health: HealthRegistry;
  readonly clock: Clock;
  readonly random: Random;
  readonly timers: Timers;
  readonly limits: UpstreamLimits;
}

/** What a call carries from attempt to attempt. */
interface CallProgress {
  readonly call: AttemptCall;
  readonly deadlineMs: number;
  /** Milliseconds since the call began. */
  readonly elapsedMs: () => number;
  readonly attempts: AttemptRecord[];
  /** Why there is no answer so far. An attempt's failure says more than a target that was not tried. */
  failure: UpstreamFailure | null;
}

/**
 * Tries the targets until one answers or the plan gives up. Resolves for every outcome of the wire; throws only the `WeirError` of the first target's
 * `prepare`.
 */
export function runAttempts(dependencies: AttemptsDependencies, call: AttemptCall): Promise<AttemptsOutcome> {
  const startedMs = dependencies.clock.monotonicMs();
  const totalMs = call.targets[0]?.provider.timeouts.totalMs ?? 0;
  const progress: CallProgress = {
    call,
    deadlineMs: startedMs + totalMs,
    elapsedMs: () => dependencies.clock.monotonicMs() - startedMs,
    attempts: [],
    failure: null,
  };
  return runTargets(dependencies, progress, 0);
}

/** The target of the index, then those behind it. */
async function runTargets(
  dependencies: AttemptsDependencies,
  progress: CallProgress,
  index: number,
): Promise<AttemptsOutcome> {
  const { call, attempts } = progress;
  const target = call.targets[index];
  if (target === undefined) return failed(progress);
  const nextTarget = (): Promise<AttemptsOutcome> => runTargets(dependencies, progress, index + 1);
  const prepared = prepare(target, index === 0);
  if (prepared === null) return nextTarget();
  const health = dependencies.health.of(target.provider.id, target.credentialId);
  for (let attemptsHere = 1; ; attemptsHere += 1) {
    const admission = health.admit();
    if (!admission.isAllowed) {
      progress.failure ??= unhealthy(admission.retryAtMs - dependencies.clock.monotonicMs());
      return nextTarget();
    }
    // Awaited only when it has to wait: a promise costs a turn of the microtask queue.
    const entering = health.gate.enter(call.cancellation);
    const verdict = typeof entering === 'string' ? entering : await entering;
    if (verdict !== 'entered') {
      health.report(transportFailure('cancelled'), admission.isProbe);
      if (verdict === 'cancelled') return { kind: 'cancelled', attempts };
      progress.failure ??= refusal('overloaded', 1);
      return nextTarget();
    }
    if (attemptsHere === 1) health.earnRetry();
    else health.spendRetry();
    const attempt = { target, prepared, health, isProbe: admission.isProbe };
    const result = await tryOnce(dependencies, progress, attempt);
    if (result.kind !== 'failed') return served(attempt, progress, result);
    if (call.cancellation.isCancelled()) return { kind: 'cancelled', attempts };
    progress.failure = result.failure;
    const step = nextStep(dependencies, progress, {
      health,
      attemptsHere,
      hasNextTarget: index + 1 < call.targets.length,
    });
    if (step.kind === 'give_up') return failed(progress);
    if (step.kind === 'next_target') return nextTarget();
    if (!(await waitOut(dependencies.timers, call.cancellation, step.waitMs))) return { kind: 'cancelled', attempts };
  }
}

interface Attempt {
  readonly target: AttemptTarget;
  readonly prepared: PreparedCall;
  readonly health: ProviderHealth;
  readonly isProbe: boolean;
}

/** One attempt, recorded; the provider's health is told when it is decided, and the place given back when the upstream is done. */
async function tryOnce(
  dependencies: AttemptsDependencies,
  progress: CallProgress,
  attempt: Attempt,
): Promise<AttemptResult> {
  const { clock, transport, limits } = dependencies;
  const { target, prepared, health, isProbe } = attempt;
  const { call } = progress;
  const beganMs = clock.monotonicMs();
  let result: AttemptResult;
  try {
    result = await attemptOnce({
      transport,
      limits,
      prepared,
      provider: target.provider,
      isStream: call.isStream,
      cancellation: call.cancellation,
      remainingMs: progress.deadlineMs - beganMs,
      onStreamClosed(failure) {
        health.gate.leave();
        // The probe and the success were booked at the first byte; a cut after it counts against the provider all the same.
        if (failure !== null) health.report(failure, false);
      },
    });
  } catch (error) {
    // A fault of our own says nothing of the provider, and must not keep its place.
    health.report(transportFailure('cancelled'), isProbe);
    health.gate.leave();
    throw error;
  }
  if (result.kind === 'failed' && target.provider.type === 'endpoint')
    result = { kind: 'failed', failure: endpointFailure(result.failure, target.provider.secret) };
  const failure = result.kind === 'failed' ? result.failure : null;
  health.report(failure, isProbe);
  if (result.kind !== 'stream') health.gate.leave();
  progress.attempts.push({
    providerId: target.provider.id,
    modelId: target.modelId,
    status: result.kind === 'failed' ? result.failure.status : result.status,
    failure,
    latencyMs: clock.monotonicMs() - beganMs,
  });
  return result;
}

function served(
  { target, prepared }: Attempt,
  { attempts, elapsedMs }: CallProgress,
  result: Exclude<AttemptResult, { kind: 'failed' }>,
): AttemptsOutcome {
  const common = { target, prepared, headers: result.headers, firstByteMs: elapsedMs(), attempts };
  if (result.kind === 'stream') return { kind: 'stream', stream: result.stream, ...common };
  return { kind: 'complete', answer: result.answer, status: result.status, ...common };
}

function nextStep(
  { clock, random, limits }: AttemptsDependencies,
  progress: CallProgress,
  { health, attemptsHere, hasNextTarget }: { health: ProviderHealth; attemptsHere: number; hasNextTarget: boolean },
): NextStep {
  return planNextStep(
    {
      failure: progress.failure ?? transportFailure('closed'),
      attemptsHere,
      attemptsInCall: progress.attempts.length,
      hasBudget: health.canRetry(),
      hasNextTarget,
      remainingMs: progress.deadlineMs - clock.monotonicMs(),
      jitter: random.below(1_000) / 1_000,
    },
    limits,
  );
}

/** The request for a target; null for a fallback that cannot carry this call. */
function prepare(target: AttemptTarget, isFirst: boolean): PreparedCall | null {
  try {
    return target.prepare();
  } catch (error) {
    if (isFirst || !(error instanceof WeirError)) throw error;
    return null;
  }
}

/** True after the wait, false when the client left in it. */
function waitOut(timers: Timers, cancellation: Cancellation, waitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const cancelTimer = timers.after(waitMs, () => {
      stopListening();
      resolve(true);
    });
    const stopListening = cancellation.onCancel(() => {
      cancelTimer();
      resolve(false);
    });
  });
}

function failed({ failure, attempts }: CallProgress): AttemptsOutcome {
  return { kind: 'failed', failure: failure ?? refusal('no_healthy_provider', 1), attempts };
}

function unhealthy(waitMs: number): UpstreamFailure {
  return refusal('no_healthy_provider', Math.max(1, Math.ceil(waitMs / 1_000)));
}

/** A target that was not tried. */
function refusal(code: ErrorCode, retryAfterSeconds: number): UpstreamFailure {
  const { message } = ERROR_CATALOGUE[code];
  return { code, message, retryable: true, retryAfterSeconds, status: null, callerFault: false, param: null };
}
