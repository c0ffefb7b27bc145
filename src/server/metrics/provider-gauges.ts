// Owns: the health of providers as metrics show it: summed by provider, named by slug. Not: the health itself (gateway/upstream).

import type { Snapshot } from '../../gateway/snapshot/snapshot.ts';
import type { Upstream } from '../../gateway/upstream/create-upstream.ts';
import type { ProviderGauge } from './metrics.ts';

/** One row a provider and credential. Providers that the facts in memory don't know keep their id. */
export function providerGauges(health: ReturnType<Upstream['health']>, snapshot: Snapshot): ProviderGauge[] {
  const platform = snapshot.platform();
  const slugOf = (id: string): string =>
    (platform instanceof Promise ? undefined : platform.providers.get(id)?.slug) ?? id;
  return health.map(({ providerId, mode, inFlight, waiting }) => ({
    provider: slugOf(providerId),
    breaker: mode,
    inFlight,
    waiting,
  }));
}
