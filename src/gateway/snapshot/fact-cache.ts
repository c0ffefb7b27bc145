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
  /** When, by the steady clock, the scope's facts change without a change of a row; left out: this kind does not say. */
  readonly dueAtMs?: number;
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

  /** False when the facts may be outdated already. */
  const keep = (key: string, { facts, scope: name, version, dueAtMs }: LoadedFacts<F>, startedAt: number): boolean => {
    if (name === null) return true;
    const scope = scopes.admit(name, version, startedAt);
    if (scope === null) return false;
    scope.dueAtMs = dueAtMs ?? scope.dueAtMs;
    entries.set(key, { facts, scope, generation: scope.generation, used: false });
    return true;
  };
  // Repeats a load that facts changed under. Who joins it later is safe too: it ends only with facts read after the last change heard of,
  // and in the same step as they are judged current it can be joined no more.
  const loadCurrent = async (key: string): Promise<F> => {
    // It can be joined before it begins: a load that throws at once must not leave itself behind.
    await null;
    try {
      for (let attempt = 1; ; attempt += 1) {
        const startedAt = scopes.moment();
        const loaded = await load(key);
        // Changes may come faster than loads: the ledger's version check then decides whether the last answer is good enough.
        if (keep(key, loaded, startedAt) || attempt >= attemptsMax) return loaded.facts;
      }
    } finally {
      loading.delete(key);
    }
  };

  return {
    find,
    ask(key) {
      const known = find(key);
      if (known !== undefined) return known;
      const underWay = loading.get(key);
      if (underWay !== undefined) return underWay;
      const promise = loadCurrent(key);
      loading.set(key, promise);
      return promise;
    },
    get size() {
      return entries.size;
    },
  };
}
