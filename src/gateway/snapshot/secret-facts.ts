// Owns: keeping secrets out of whatever prints facts. Not: decrypting them (provider-secrets.ts).

import { inspect } from 'node:util';

/**
 * Gives the object a property that only its name reaches: JSON, spreading, cloning, pino and `console` pass it over. So a log line of facts
 * can't hold a secret, whoever writes it.
 */
export function withHidden<T extends object, K extends string, V>(
  facts: T,
  name: K,
  value: V,
): T & Readonly<Record<K, V>> {
  Object.defineProperty(facts, name, { value, enumerable: false, writable: false, configurable: false });
  return facts as T & Readonly<Record<K, V>>;
}

/** A map of secrets that prints as its size. JSON gives `{}` for every map already. */
export function hiddenMap<K, V>(entries: Iterable<readonly [K, V]>): ReadonlyMap<K, V> {
  const map = new Map(entries);
  Object.defineProperty(map, inspect.custom, { value: () => `[${map.size} secrets]`, enumerable: false });
  return map;
}
