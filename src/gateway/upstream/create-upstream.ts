// Owns: putting the upstream side together. Not: any behaviour of its own.

import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { AttemptCall, AttemptsOutcome } from './attempt-target.ts';
import { runAttempts } from './attempts.ts';
import { type ConnectTo, connectToNothing } from './connect-to.ts';
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from './limits.ts';
import { createOwnEndpoints } from './own-endpoints.ts';
import { createHealthRegistry, type HealthRegistry } from './provider-health.ts';
import { systemTimers, type Timers } from './timers.ts';
import { createUpstreamPools, type UpstreamPools } from './upstream-pools.ts';
import { createUpstreamTransport } from './upstream-transport.ts';

/** The upstream side of the gateway. */
export interface Upstream {
  /** Gets one call answered: see `runAttempts`. An opened stream must be relayed or aborted. */
  run(call: AttemptCall): Promise<AttemptsOutcome>;
  /** Breakers, limits and queues of the platform's providers, for metrics and readiness. What tenants name must not alarm the platform. */
  health(): ReturnType<HealthRegistry['list']>;
  pools(): ReturnType<UpstreamPools['stats']>;
  /** Requests under way. */
  inFlight(): number;
  /** Waits for what is under way, then closes the sockets. New calls fail. */
  close(): Promise<void>;
  /** Closes everything at once. */
  destroy(): Promise<void>;
}

/** Builds it; nothing is opened before the first call. */
export function createUpstream({
  clock,
  random,
  timers = systemTimers,
  limits = DEFAULT_UPSTREAM_LIMITS,
  connectTo = connectToNothing,
}: {
  clock: Clock;
  random: Random;
  timers?: Timers;
  limits?: UpstreamLimits;
  /** The way to templates' own endpoints; left out: there is none. */
  connectTo?: ConnectTo;
}): Upstream {
  const pools = createUpstreamPools(limits);
  const transport = createUpstreamTransport({ pools, clock, timers, limits });
  const health = createHealthRegistry({ clock, timers, limits });
  const dependencies = { transport, health, clock, random, timers, limits };
  const own = createOwnEndpoints({ clock, random, timers, limits, connectTo });
  return {
    run: (call) => runAttempts(call.targets[0]?.provider.type === 'endpoint' ? own.dependencies : dependencies, call),
    health: () => health.list(),
    pools: () => pools.stats(),
    inFlight: () => transport.inFlight() + own.dependencies.transport.inFlight(),
    close: async () => void (await Promise.all([pools.close(), own.pools.close()])),
    destroy: async () => void (await Promise.all([pools.destroy(), own.pools.destroy()])),
  };
}
