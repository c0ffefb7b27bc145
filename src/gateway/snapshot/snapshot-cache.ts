// Owns: the snapshot's answers: from memory where they are, loaded where not. Not: when memory is outdated (fact-scopes.ts), what is read (fact-loads.ts).

import { isDatabaseUnavailable } from '../../database/failures.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { isUuid } from '../../primitives/ids.ts';
import { createFactCache } from './fact-cache.ts';
import type { FactLoads } from './fact-loads.ts';
import { type FactScopes, PLATFORM_SCOPE } from './fact-scopes.ts';
import type { KeyFacts } from './facts.ts';
import type { SnapshotLimits } from './limits.ts';
import type { Snapshot } from './snapshot.ts';
import { createUnknownKeys } from './unknown-keys.ts';

/** Entries in memory, outdated ones that nobody has asked for since included. */
export interface SnapshotSizes {
  readonly scopes: number;
  readonly organizations: number;
  readonly members: number;
  readonly keys: number;
  readonly unknownKeys: number;
}

/** The snapshot over its caches. Rejects with `WeirError('ledger_unavailable')` when something has to be loaded and the database is away. */
export function createSnapshotCache(options: {
  loads: FactLoads;
  scopes: FactScopes;
  limits: SnapshotLimits;
  clock: Clock;
}): Snapshot & { sizes(): SnapshotSizes } {
  const { loads, scopes, limits, clock } = options;
  const bounds = { scopes, attemptsMax: limits.loadAttemptsMax };
  const platforms = createFactCache({ ...bounds, max: 1, load: loads.platform });
  const organizations = createFactCache({ ...bounds, max: limits.organizationsMax, load: loads.organization });
  const members = createFactCache({ ...bounds, max: limits.membersMax, load: loads.member });
  const keys = createFactCache({ ...bounds, max: limits.keysMax, load: loads.key });
  const unknownKeys = createUnknownKeys(clock, limits);

  const loadKey = async (name: string): Promise<KeyFacts | null> => {
    const facts = await keys.ask(name);
    if (facts === null) unknownKeys.add(name);
    return facts;
  };

  return {
    platform: () => platforms.find(PLATFORM_SCOPE) ?? answered(platforms.ask(PLATFORM_SCOPE)),
    organization(organizationId) {
      const known = organizations.find(organizationId);
      if (known !== undefined) return known;
      return isUuid(organizationId) ? answered(organizations.ask(organizationId)) : null;
    },
    member(organizationId, userId) {
      const name = `${organizationId}/${userId}`;
      const known = members.find(name);
      if (known !== undefined) return known;
      return isUuid(organizationId) && isUuid(userId) ? answered(members.ask(name)) : null;
    },
    key(hash) {
      const name = hash.toString('latin1');
      const known = keys.find(name);
      if (known !== undefined) return known;
      return unknownKeys.has(name) ? null : answered(loadKey(name));
    },
    invalidate(organizationId, seen) {
      if (seen === undefined) {
        scopes.invalidate(PLATFORM_SCOPE);
        scopes.invalidate(organizationId);
        return;
      }
      scopes.invalidateVersion(PLATFORM_SCOPE, seen.platform);
      scopes.invalidateVersion(organizationId, seen.organization);
    },
    sizes: () => ({
      scopes: scopes.size,
      organizations: organizations.size,
      members: members.size,
      keys: keys.size,
      unknownKeys: unknownKeys.size,
    }),
  };
}

/** What is being loaded. Somebody who asks and does not wait (a gauge) must not end the process when the load fails. */
function answered<F>(loading: F | Promise<F>): Promise<F> {
  const answer = translated(loading);
  answer.catch(() => {});
  return answer;
}

/** A database that can't be asked becomes the answer that the caller may try again. */
async function translated<F>(loading: F | Promise<F>): Promise<F> {
  try {
    return await loading;
  } catch (error) {
    if (!isDatabaseUnavailable(error)) throw error;
    throw new WeirError('ledger_unavailable', {
      retryAfterSeconds: 1,
      internal: 'facts can not be loaded',
      cause: error,
    });
  }
}
