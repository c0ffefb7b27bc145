// Owns: what templates' own endpoints have apart from the platform's providers: guarded sockets, health and bounds of their own, a share for each organization.
// Not: whether an address may be reached (src/network, handed in as `ConnectTo`), or the attempts (attempts.ts).

import type { AttemptsDependencies } from './attempts.ts';
import type { ConcurrencyGate } from './concurrency-gate.ts';
import type { ConnectTo } from './connect-to.ts';
import type { OwnEndpointLimits, UpstreamLimits } from './limits.ts';
import { createHealthRegistry, type HealthRegistry, type ProviderHealth } from './provider-health.ts';
import { createUpstreamPools, type UpstreamPools } from './upstream-pools.ts';
import { createUpstreamTransport } from './upstream-transport.ts';

/** Templates' own endpoints as the attempts reach them. */
interface OwnEndpoints {
  readonly dependencies: AttemptsDependencies;
  readonly pools: UpstreamPools;
}

/** Opens nothing before the first call. */
export function createOwnEndpoints({
  connectTo,
  ...platform
}: Omit<AttemptsDependencies, 'transport' | 'health'> & { readonly connectTo: ConnectTo }): OwnEndpoints {
  const { clock, timers } = platform;
  const limits: UpstreamLimits = { ...platform.limits, ...platform.limits.ownEndpoints };
  const pools = createUpstreamPools(limits, connectTo);
  const transport = createUpstreamTransport({ pools, clock, timers, limits });
  const health = withShares(createHealthRegistry({ clock, timers, limits }), limits.ownEndpoints);
  return { pools, dependencies: { ...platform, limits, transport, health } };
}

/** Health whose gates also keep to an organization's share and to that of all, so that one tenant's hanging servers hold up nobody else's. */
function withShares(registry: HealthRegistry, bounds: OwnEndpointLimits): HealthRegistry {
  const shared = new WeakMap<ProviderHealth, ProviderHealth>();
  // Only organizations with calls under way are in it.
  const callsOf = new Map<string, number>();
  let calls = 0;
  const take = (owner: string): boolean => {
    const own = callsOf.get(owner) ?? 0;
    // The platform's own templates serve everybody: what all may have is theirs.
    const isFull = owner !== PLATFORM && own >= bounds.callsPerOrganization;
    if (isFull || calls >= bounds.calls) return false;
    calls += 1;
    callsOf.set(owner, own + 1);
    return true;
  };
  const giveBack = (owner: string): void => {
    const own = (callsOf.get(owner) ?? 0) - 1;
    calls -= 1;
    if (own > 0) callsOf.set(owner, own);
    else callsOf.delete(owner);
  };
  return {
    of(providerId, owner) {
      const health = registry.of(providerId, owner);
      let known = shared.get(health);
      if (known === undefined) {
        known = {
          ...health,
          gate: shareGate(health.gate, { take: () => take(owner), giveBack: () => giveBack(owner) }),
        };
        shared.set(health, known);
      }
      return known;
    },
    list: () => registry.list(),
  };
}

/** As `AttemptTarget.credentialId` names the platform. */
const PLATFORM = 'platform';

/** A gate behind a share. Who waits before the gate has its place of the share already: lines are bounded by it, too. */
function shareGate(
  gate: ConcurrencyGate,
  share: { readonly take: () => boolean; readonly giveBack: () => void },
): ConcurrencyGate {
  return {
    ...gate,
    enter(cancellation) {
      if (!share.take()) return 'full';
      const keepIfEntered = <Verdict extends string>(verdict: Verdict): Verdict => {
        if (verdict !== 'entered') share.giveBack();
        return verdict;
      };
      const entering = gate.enter(cancellation);
      return typeof entering === 'string' ? keepIfEntered(entering) : entering.then(keepIfEntered);
    },
    leave() {
      share.giveBack();
      gate.leave();
    },
  };
}
