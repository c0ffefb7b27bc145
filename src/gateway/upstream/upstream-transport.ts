// Owns: from a provider's facts to a request on its pool: base URL, path, headers. Not: what the body holds (carriers) or retries (attempts.ts).

import type { Clock } from '../../primitives/clock.ts';
import type { CarriedRequest } from '../../providers/protocol.ts';
import type { ProviderFacts } from '../snapshot/facts.ts';
import { createDeadlineWatch } from './deadline-watch.ts';
import { dispatch, type UpstreamExchange, type UpstreamSink } from './dispatch.ts';
import type { UpstreamLimits } from './limits.ts';
import type { Timers } from './timers.ts';
import type { UpstreamPools } from './upstream-pools.ts';

/** What goes out in one attempt. */
export interface OutgoingCall {
  readonly provider: ProviderFacts;
  readonly carried: CarriedRequest;
  /** Headers that carry the secret (`credentials.ts`). */
  readonly credentials: Readonly<Record<string, string>>;
  /** What is left of the call's time; the provider's own total holds where it is shorter. */
  readonly remainingMs: number;
}

/** Sends requests to providers. */
export interface UpstreamTransport {
  send(call: OutgoingCall, sink: UpstreamSink): UpstreamExchange;
  /** Requests under way. */
  inFlight(): number;
}

interface ProviderRoute {
  readonly origin: string;
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Headers that belong to a connection or that Weir sets itself; a provider's configured headers cannot override them. */
const RESERVED_HEADERS: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** A transport over pools. Sets no timer until something is under way. */
export function createUpstreamTransport({
  pools,
  clock,
  timers,
  limits,
}: {
  pools: UpstreamPools;
  clock: Clock;
  timers: Timers;
  limits: UpstreamLimits;
}): UpstreamTransport {
  const watch = createDeadlineWatch({ clock, timers, tickMs: limits.deadlineTickMs });
  // Facts are immutable and replaced whole, so what is derived from them lives as long as they do.
  const routes = new WeakMap<ProviderFacts, ProviderRoute>();

  const routeOf = (provider: ProviderFacts): ProviderRoute => {
    const known = routes.get(provider);
    if (known !== undefined) return known;
    const route = readRoute(provider);
    routes.set(provider, route);
    return route;
  };

  return {
    send({ provider, carried, credentials, remainingMs }, sink) {
      const route = routeOf(provider);
      const { timeouts } = provider;
      return dispatch(
        { pool: pools.poolFor(route.origin, timeouts.connectMs, provider.id), watch, clock },
        {
          path: route.basePath + carried.path,
          headers: { ...route.headers, ...carried.headers, ...credentials },
          body: carried.body,
          timeouts: remainingMs < timeouts.totalMs ? { ...timeouts, totalMs: remainingMs } : timeouts,
        },
        sink,
      );
    },
    inFlight: () => watch.size(),
  };
}

function readRoute(provider: ProviderFacts): ProviderRoute {
  const url = new URL(provider.baseUrl);
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    'user-agent': 'weir',
    // What comes compressed could not be metered as it streams.
    'accept-encoding': 'identity',
  };
  for (const [name, value] of Object.entries(provider.headers)) {
    const lowerCase = name.toLowerCase();
    if (!RESERVED_HEADERS.has(lowerCase)) headers[lowerCase] = value;
  }
  return { origin: url.origin, basePath: url.pathname === '/' ? '' : url.pathname.replace(/\/$/, ''), headers };
}
