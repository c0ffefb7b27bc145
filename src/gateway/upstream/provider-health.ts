// Owns: what is remembered of each provider and credential: breaker, retry budget, concurrency. One process's view; replicas learn for themselves.
// Not: the rules (circuit-breaker.ts, retry-budget.ts, concurrency-limit.ts: pure).

import type { Clock } from '../../primitives/clock.ts';
import type { UpstreamFailure } from '../../providers/protocol.ts';
import {
  admitCall,
  type BreakerAdmission,
  type BreakerEvent,
  type BreakerState,
  NEW_BREAKER,
  observeOutcome,
} from './circuit-breaker.ts';
import { type ConcurrencyGate, createConcurrencyGate } from './concurrency-gate.ts';
import type { UpstreamLimits } from './limits.ts';
import { canRetry, earnRetry, newRetryBudget, type RetryBudgetState, spendRetry } from './retry-budget.ts';
import type { Timers } from './timers.ts';
import { faultKindOf } from './transport-failure.ts';

/** The health of one provider under one credential. */
export interface ProviderHealth {
  readonly gate: ConcurrencyGate;
  /** Asks the breaker for one call; an allowed one is followed by one `report`. */
  admit(): BreakerAdmission;
  /** How an admitted call ended; null: it was answered. */
  report(failure: UpstreamFailure | null, isProbe: boolean): void;
  /** Books a call that is no retry. */
  earnRetry(): void;
  canRetry(): boolean;
  spendRetry(): void;
  /** For metrics. */
  breakerMode(): BreakerState['mode'];
}

/** The health of all. */
export interface HealthRegistry {
  of(providerId: string, credentialId: string): ProviderHealth;
  list(): readonly {
    readonly providerId: string;
    readonly credentialId: string;
    readonly mode: BreakerState['mode'];
    readonly limit: number;
    readonly inFlight: number;
    readonly waiting: number;
  }[];
}

interface HealthDependencies {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly limits: UpstreamLimits;
}

/** Remembers nothing yet. Bounded: an entry with no call under way makes room for a new one. */
export function createHealthRegistry(dependencies: HealthDependencies): HealthRegistry {
  const entries = new Map<string, { providerId: string; credentialId: string; health: ProviderHealth }>();

  const makeRoom = (): void => {
    for (const [key, { health }] of entries) {
      if (entries.size < dependencies.limits.healthEntries) return;
      const { inFlight, waiting } = health.gate.state();
      if (inFlight === 0 && waiting === 0) entries.delete(key);
    }
  };

  return {
    of(providerId, credentialId) {
      const key = `${providerId} ${credentialId}`;
      const known = entries.get(key);
      if (known !== undefined) return known.health;
      if (entries.size >= dependencies.limits.healthEntries) makeRoom();
      const health = createProviderHealth(dependencies);
      entries.set(key, { providerId, credentialId, health });
      return health;
    },
    list: () =>
      [...entries.values()].map(({ providerId, credentialId, health }) => ({
        providerId,
        credentialId,
        mode: health.breakerMode(),
        ...health.gate.state(),
      })),
  };
}

/** Healthy until told otherwise. */
function createProviderHealth({ clock, timers, limits }: HealthDependencies): ProviderHealth {
  let breaker: BreakerState = NEW_BREAKER;
  let budget: RetryBudgetState = newRetryBudget(limits.retryBudget);
  const gate = createConcurrencyGate({ clock, timers, policy: limits.concurrency });

  return {
    gate,
    admit() {
      const asked = admitCall(breaker, { nowMs: clock.monotonicMs(), policy: limits.breaker });
      breaker = asked.state;
      return asked.admission;
    },
    report(failure, isProbe) {
      const event = breakerEvent(failure, isProbe);
      breaker = observeOutcome(breaker, event, { nowMs: clock.monotonicMs(), policy: limits.breaker });
      if (event.kind === 'success') gate.learn('coped');
      else if (failure !== null && isOverload(failure)) gate.learn('overloaded');
    },
    earnRetry() {
      budget = earnRetry(budget, limits.retryBudget);
    },
    canRetry: () => canRetry(budget, limits.retryBudget),
    spendRetry() {
      budget = spendRetry(budget, limits.retryBudget);
    },
    breakerMode: () => breaker.mode,
  };
}

/** What a call's end says of the upstream's health. A caller's own mistake was answered by a healthy upstream. */
function breakerEvent(failure: UpstreamFailure | null, isProbe: boolean): BreakerEvent {
  if (failure === null || failure.callerFault) return { kind: 'success', isProbe };
  const kind = faultKindOf(failure);
  if (kind === 'cancelled' || kind === 'unsendable' || kind === 'closed') return { kind: 'neutral', isProbe };
  if (failure.status === 429) {
    const seconds = failure.retryAfterSeconds;
    return { kind: 'throttled', retryAfterMs: seconds === null ? null : seconds * 1_000, isProbe };
  }
  return { kind: 'failure', isProbe };
}

/** Signs of too much at once. A plain 500 is none: it says that something is broken, not that it is busy. */
function isOverload(failure: UpstreamFailure): boolean {
  if (failure.status === 429 || failure.status === 503 || failure.status === 529) return true;
  const kind = faultKindOf(failure);
  return kind === 'connect_timeout' || kind === 'first_byte_timeout';
}
