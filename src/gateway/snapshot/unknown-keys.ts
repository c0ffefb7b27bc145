// Owns: remembering for a few seconds which keys nobody has. Not: keys that exist (fact-cache.ts).

import type { Clock } from '../../primitives/clock.ts';
import { createBoundedMap, type Evictable } from './bounded-map.ts';
import type { SnapshotLimits } from './limits.ts';

interface UnknownKey extends Evictable {
  readonly untilMs: number;
}

export interface UnknownKeys {
  has(key: string): boolean;
  add(key: string): void;
  readonly size: number;
}

/** A bounded negative cache. Entries end by themselves: a key that is made later works within the time to live, even if no notification comes. */
export function createUnknownKeys(
  clock: Clock,
  limits: Pick<SnapshotLimits, 'unknownKeysMax' | 'unknownKeyTtlMs'>,
): UnknownKeys {
  const keys = createBoundedMap<UnknownKey>(limits.unknownKeysMax);
  return {
    has(key) {
      const known = keys.get(key);
      if (known === undefined) return false;
      if (clock.monotonicMs() < known.untilMs) return true;
      keys.delete(key);
      return false;
    },
    add: (key) => keys.set(key, { untilMs: clock.monotonicMs() + limits.unknownKeyTtlMs, used: false }),
    get size() {
      return keys.size;
    },
  };
}
