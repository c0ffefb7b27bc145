// Owns: a map that never holds more than a named number of entries. Not: whether an entry is still true.

/** What a bounded map needs of its values: a mark that a hit sets, so that a hit moves nothing in memory. */
export interface Evictable {
  used: boolean;
}

export interface BoundedMap<V extends Evictable> {
  /** The value, marked as used. */
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): void;
  readonly size: number;
  values(): IterableIterator<V>;
}

/** Second chances given in one eviction: with everything in use, looking through all of a large map would hold up the event loop. */
const SECOND_CHANCES_MAX = 64;

/**
 * A map with second-chance eviction (the CLOCK algorithm): the oldest entry goes, unless it was used since it was last looked at, in which
 * case it starts again as the youngest. Close to least recently used, but a hit costs one lookup and one store. `onEvict` is told what went.
 */
export function createBoundedMap<V extends Evictable>(max: number, onEvict?: (value: V) => void): BoundedMap<V> {
  const entries = new Map<string, V>();

  const evictOne = (): void => {
    let chances = SECOND_CHANCES_MAX;
    for (const [key, value] of entries) {
      entries.delete(key);
      if (!value.used || chances === 0) {
        onEvict?.(value);
        return;
      }
      chances -= 1;
      value.used = false;
      entries.set(key, value);
    }
  };

  return {
    get(key) {
      const value = entries.get(key);
      if (value !== undefined) value.used = true;
      return value;
    },
    set(key, value) {
      if (!entries.has(key) && entries.size >= max) evictOne();
      entries.set(key, value);
    },
    delete: (key) => void entries.delete(key),
    get size() {
      return entries.size;
    },
    values: () => entries.values(),
  };
}
