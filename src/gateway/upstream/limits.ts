// Owns: the bounds of the upstream side, each with its name and reason. Not: a provider's own time limits (ProviderFacts.timeouts).

import type { BreakerPolicy } from './circuit-breaker.ts';
import type { ConcurrencyPolicy } from './concurrency-limit.ts';
import type { RetryBudgetPolicy } from './retry-budget.ts';

/** Bounds on sockets, memory, waiting and attempts. Times in milliseconds, sizes in bytes. */
export interface UpstreamLimits {
  /** Sockets to one origin. Not below the concurrency limit's most, so that nothing queues unseen inside a pool. */
  readonly connectionsPerOrigin: number;
  /** Origins with a pool; the least recently used one is closed beyond it. */
  readonly origins: number;
  /** An idle socket is closed after this, and never kept longer than the second even if the server offers it. */
  readonly keepAliveMs: number;
  readonly keepAliveMostMs: number;
  readonly responseHeaderBytes: number;
  /** A whole answer, or the text of a stream: beyond it the upstream is cut off (`provider_error`). */
  readonly completeBodyBytes: number;
  /** What is read of an answer that is an error; the rest is not worth its memory. */
  readonly errorBodyBytes: number;
  /** Bytes of an opened stream that may wait for its reader before the upstream is paused. */
  readonly unreadStreamBytes: number;
  /** How often deadlines are looked at: a time limit fires at most this much late. */
  readonly deadlineTickMs: number;
  /** Attempts at one target, and in one call over all its targets. */
  readonly attemptsPerTarget: number;
  readonly attemptsPerCall: number;
  /** Back-off before the second attempt; doubles for each further one; never above the most. Jittered over its whole length. */
  readonly backOffBaseMs: number;
  readonly backOffMostMs: number;
  /** A longer `Retry-After` is not waited for: the fallback is asked, or the caller told. */
  readonly retryAfterMostMs: number;
  /** Providers times credentials whose health is remembered. */
  readonly healthEntries: number;
  readonly breaker: BreakerPolicy;
  readonly concurrency: ConcurrencyPolicy;
  readonly retryBudget: RetryBudgetPolicy;
  /** What is otherwise for templates' own endpoints, which have sockets and health apart from the platform's providers. */
  readonly ownEndpoints: OwnEndpointLimits;
}

/** Bounds of endpoints that tenants name: tight, for any of them may be slow, broken or made to do harm. Beyond a bound of calls: `overloaded`. */
export interface OwnEndpointLimits
  extends Pick<
    UpstreamLimits,
    | 'connectionsPerOrigin'
    | 'origins'
    | 'keepAliveMs'
    | 'keepAliveMostMs'
    | 'completeBodyBytes'
    | 'healthEntries'
    | 'concurrency'
  > {
  /** Calls under way at the endpoints of all templates, and at those of one organization's. */
  readonly calls: number;
  readonly callsPerOrganization: number;
}

/** What holds unless the operator sets something else. */
export const DEFAULT_UPSTREAM_LIMITS: UpstreamLimits = {
  connectionsPerOrigin: 4096,
  origins: 256,
  keepAliveMs: 15_000,
  keepAliveMostMs: 60_000,
  responseHeaderBytes: 32 * 1024,
  completeBodyBytes: 64 * 1024 * 1024,
  errorBodyBytes: 256 * 1024,
  unreadStreamBytes: 64 * 1024,
  deadlineTickMs: 50,
  attemptsPerTarget: 3,
  attemptsPerCall: 6,
  backOffBaseMs: 200,
  backOffMostMs: 2_000,
  retryAfterMostMs: 5_000,
  healthEntries: 10_000,
  breaker: {
    sliceMs: 10_000,
    minimumVolume: 20,
    failureShare: 0.5,
    consecutiveFailures: 8,
    openBaseMs: 2_000,
    openMostMs: 30_000,
    probeMs: 30_000,
    coolDownDefaultMs: 1_000,
    coolDownMostMs: 30_000,
    throttlesBeforeCoolDown: 3,
  },
  concurrency: {
    initial: 2048,
    least: 8,
    most: 4096,
    increase: 0.1,
    decrease: 0.8,
    decreaseEveryMs: 1_000,
    waiting: 1024,
    waitMs: 2_000,
  },
  retryBudget: { callsPerRetry: 5, savedRetriesMost: 20 },
  ownEndpoints: {
    connectionsPerOrigin: 256,
    origins: 256,
    keepAliveMs: 5_000,
    keepAliveMostMs: 15_000,
    completeBodyBytes: 8 * 1024 * 1024,
    healthEntries: 1_000,
    concurrency: {
      ...{ initial: 64, least: 4, most: 256, increase: 0.1, decrease: 0.8, decreaseEveryMs: 1_000 },
      ...{ waiting: 64, waitMs: 2_000 },
    },
    calls: 2_048,
    callsPerOrganization: 256,
  },
};
