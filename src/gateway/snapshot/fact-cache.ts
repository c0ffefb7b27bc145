// Owns: facts of one kind in memory, and that nobody is given what is known to have changed. Not: when a scope has changed (fact-scopes.ts)
// or the reading of rows (snapshot-queries.ts).

import { createBoundedMap, type Evictable } from './bounded-map.ts';
import type { FactScope, FactScopes } from './fact-scopes.ts';

/** What a load read, with the version of its scope in the same database snapshot. */
export interface LoadedFacts<F> {
  readonly facts: F;
  /** Null: belongs to no scope (a key that nobody has), so it can't be kept here. */
  readonly scope: string | null;
  readonly version: bigint;
}

interface Entry<F> extends Evictable {
  readonly facts: F;
  readonly scope: FactScope;
  readonly generation: number;
}

export interface FactCache<F> {
  /** From memory; undefined when it has to be loaded. */
  find(key: string): F | undefined;
  /** From memory, else loaded: callers that ask at once share one load. Rejects as the load does, and nothing is kept then. */
  ask(key: string): F | Promise<F>;
  readonly size: number;
}

/** A bounded cache of one kind of facts. */
export function createFactCache<F>(options: {
  max: number;
  attemptsMax: number;
  scopes: FactScopes;
  load: (key: string) => Promise<LoadedFacts<F>>;
}): FactCache<F> {
  const { scopes, load, attemptsMax } = options;
  const entries = createBoundedMap<Entry<F>>(options.max);
  const loading = new Map<string, Promise<F>>();

  const find = (key: string): F | undefined => {
    const entry = entries.get(key);
    if (entry === undefined) return undefined;
    if (entry.generation === entry.scope.generation) {
      entry.scope.used = true;
      return entry.facts;
    }
    entries.delete(key);
    return undefined;
  };

  // Repeats a load that facts changed under. Who joins it later is safe too: it ends only with facts read after the last change heard of.
  const loadCurrent = async (key: string): Promise<F> => {
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = scopes.moment();
      const loaded = await load(key);
      if (loaded.scope === null) return loaded.facts;
      const scope = scopes.admit(loaded.scope, loaded.version, startedAt);
      if (scope !== null) {
        entries.set(key, { facts: loaded.facts, scope, generation: scope.generation, used: false });
        return loaded.facts;
      }
      // Changes come faster than loads: the ledger's version check decides whether this answer is good enough.
      if (attempt >= attemptsMax) return loaded.facts;
    }
  };

  return {
    find,
    ask(key) {
      const known = find(key);
      if (known !== undefined) return known;
      const underWay = loading.get(key);
      if (underWay !== undefined) return underWay;
      const promise = loadCurrent(key).finally(() => loading.delete(key));
      loading.set(key, promise);
      return promise;
    },
    get size() {
      return entries.size;
    },
  };
}
