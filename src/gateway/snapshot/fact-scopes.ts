// Owns: which facts in memory are still true: for each scope its generation, its version and when it was last said to have changed.
// Not: the facts (fact-cache.ts), how changes are heard of (snapshot-listener.ts, version-check.ts).

import { createBoundedMap, type Evictable } from './bounded-map.ts';
import type { SnapshotLimits } from './limits.ts';

/** The scope of what holds for every organization; every other scope is an organization's id. */
export const PLATFORM_SCOPE = 'platform';

/** One scope of facts. Everything kept under one generation was read at one version. */
export interface FactScope extends Evictable {
  readonly name: string;
  /** Raised by every change: what was kept under an earlier one is not served any more. */
  generation: number;
  /** The highest version read so far; undefined before the first load. */
  version: bigint | undefined;
  /** The moments (see `FactScopes.moment`) of the last change heard of and of the reading of `version`. */
  changedAt: number;
  versionLearnedAt: number;
  /** When, by the steady clock, its facts change without a change of a row: a budget's window rolls. */
  dueAtMs: number;
}

export interface FactScopes {
  /** Where a load starts in the order of events: compared with what was heard of while it ran. */
  moment(): number;
  /** A change was heard of: nothing of this scope is served from memory until it has been loaded again. */
  invalidate(name: string): void;
  /** Drops every scope whose time has come. */
  invalidateDue(nowMs: number): void;
  /** As `invalidate`, but only while the scope still stands at this version: many callers who saw it outdated cause one load. */
  invalidateVersion(name: string, seen: bigint): void;
  /**
   * Takes the version that a load started at `startedAt` has read. Gives the scope to keep its facts under, or null when they may be outdated:
   * a change was heard of since, or a load that began later has read a higher version.
   */
  admit(name: string, version: bigint, startedAt: number): FactScope | null;
  /** The scopes in memory with their versions, for comparing. */
  versions(): { name: string; version: bigint }[];
  /** A comparison found another version than the one that was sent. A lower one means that the database was restored. */
  differs(name: string, sent: bigint, found: bigint): void;
  readonly size: number;
}

/** Scopes for at most `organizationsMax` organizations and the platform. An evicted scope ends everything that was kept under it. */
export function createFactScopes(
  limits: Pick<SnapshotLimits, 'organizationsMax' | 'recentInvalidationsMax'>,
): FactScopes {
  let now = 0;
  // Changes of scopes that are not in memory: a key's load learns only at its end which organization it belongs to.
  const recentChanges = new Map<string, number>();
  let forgottenChangesUntil = 0;

  const remember = (name: string, changedAt: number): void => {
    if (recentChanges.size >= limits.recentInvalidationsMax) {
      recentChanges.clear();
      forgottenChangesUntil = now;
    }
    recentChanges.set(name, changedAt);
  };
  const organizations = createBoundedMap<FactScope>(limits.organizationsMax, (scope) => {
    scope.generation += 1;
    // Its version is forgotten with it: loads that began before that was read may bring an older one.
    remember(scope.name, Math.max(scope.changedAt, scope.versionLearnedAt));
  });
  const platform = newScope(PLATFORM_SCOPE, 0);
  const changedAtOfUnknown = (name: string): number => recentChanges.get(name) ?? forgottenChangesUntil;
  const find = (name: string): FactScope | undefined => (name === PLATFORM_SCOPE ? platform : organizations.get(name));
  const open = (name: string): FactScope => {
    const known = find(name);
    if (known !== undefined) return known;
    const scope = newScope(name, changedAtOfUnknown(name));
    organizations.set(name, scope);
    return scope;
  };
  const drop = (scope: FactScope): void => {
    now += 1;
    scope.generation += 1;
    scope.changedAt = now;
  };
  const invalidate = (name: string): void => {
    const scope = find(name);
    if (scope !== undefined) {
      drop(scope);
      return;
    }
    now += 1;
    remember(name, now);
  };
  const learn = (scope: FactScope, version: bigint): void => {
    now += 1;
    if (scope.version !== undefined) scope.generation += 1;
    scope.version = version;
    scope.versionLearnedAt = now;
  };

  return {
    moment: () => now,
    invalidate,
    invalidateDue(nowMs) {
      for (const scope of [platform, ...organizations.values()]) {
        if (nowMs < scope.dueAtMs) continue;
        scope.dueAtMs = Number.POSITIVE_INFINITY;
        drop(scope);
      }
    },
    invalidateVersion(name, seen) {
      const scope = find(name);
      if (scope?.version === seen) drop(scope);
    },
    admit(name, version, startedAt) {
      if ((find(name)?.changedAt ?? changedAtOfUnknown(name)) > startedAt) return null;
      const scope = open(name);
      if (scope.version === version) return scope;
      // Read before the higher version was: outdated. Read after it and still lower: the database was restored, and is right.
      if (scope.version !== undefined && version < scope.version && startedAt < scope.versionLearnedAt) return null;
      learn(scope, version);
      return scope;
    },
    versions() {
      const known: { name: string; version: bigint }[] = [];
      for (const { name, version } of [platform, ...organizations.values()]) {
        if (version !== undefined) known.push({ name, version });
      }
      return known;
    },
    differs(name, sent, found) {
      const scope = find(name);
      // Evicted meanwhile: loads that are under way are to know.
      if (scope?.version === undefined) {
        invalidate(name);
        return;
      }
      // A load may have read the new version since the comparison was sent.
      if (scope.version === found) return;
      if (found < scope.version && scope.version !== sent) return;
      drop(scope);
      learn(scope, found);
    },
    get size() {
      return organizations.size + 1;
    },
  };
}

function newScope(name: string, changedAt: number): FactScope {
  const dueAtMs = Number.POSITIVE_INFINITY;
  return { name, generation: 0, version: undefined, changedAt, versionLearnedAt: 0, dueAtMs, used: false };
}
