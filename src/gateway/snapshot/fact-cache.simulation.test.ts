// Owns: proof by seeded random runs that no order of loads, changes, notifications, comparisons and evictions gives an outdated fact.
// Not: single races told one by one (fact-cache.test.ts).

import { expect, it } from 'vitest';
import { createSeededRandom, type Random } from '../../primitives/random.ts';
import { createFactCache } from './fact-cache.ts';
import { createFactScopes } from './fact-scopes.ts';

const SEEDS = 400;
const STEPS = 250;
const SCOPES = ['platform', 'o1', 'o2', 'o3'];
const KEYS = SCOPES.flatMap((scope) => [`${scope}/a`, `${scope}/b`, `${scope}/c`]);
const scopeOf = (key: string): string => key.split('/')[0] ?? '';

interface Fact {
  readonly key: string;
  readonly version: bigint;
}

/** A database with a version a scope, and everything that is under way: each waits until the run picks it. */
function createWorld(random: Random) {
  const committed = new Map(SCOPES.map((scope) => [scope, 1n]));
  const underWay: (() => void)[] = [];
  const someTime = (): Promise<void> => new Promise((resolve) => underWay.push(resolve));
  const scopes = createFactScopes({ organizationsMax: 2, recentInvalidationsMax: 2 });
  const versionOf = (scope: string): bigint => committed.get(scope) ?? 0n;
  const cache = createFactCache<Fact>({
    max: 5,
    attemptsMax: Number.POSITIVE_INFINITY,
    scopes,
    load: async (key) => {
      await someTime();
      const version = versionOf(scopeOf(key));
      await someTime();
      return { facts: { key, version }, scope: scopeOf(key), version };
    },
  });
  const pick = <T>(from: readonly T[]): T => from[random.below(from.length)] as T;
  return { committed, underWay, someTime, scopes, versionOf, cache, pick };
}

async function run(seed: number): Promise<void> {
  const random = createSeededRandom(seed);
  const { committed, underWay, someTime, scopes, versionOf, cache, pick } = createWorld(random);
  // The highest version of each scope that this replica was told of: what is asked for from then on may not be older.
  const told = new Map<string, bigint>();
  const tell = (scope: string, version: bigint): void => {
    if (version > (told.get(scope) ?? 0n)) told.set(scope, version);
  };
  const asked: Promise<void>[] = [];
  const where = `seed ${seed}`;

  const ask = async (key: string): Promise<void> => {
    const floor = told.get(scopeOf(key)) ?? 0n;
    const fact = await cache.ask(key);
    expect(fact.key, where).toBe(key);
    expect(fact.version >= floor, `${where}: ${key} at ${fact.version}, told of ${floor}`).toBe(true);
  };
  const notify = async (scope: string, version: bigint): Promise<void> => {
    await someTime();
    scopes.invalidate(scope);
    tell(scope, version);
  };
  const compare = async (): Promise<void> => {
    const sent = scopes.versions();
    await someTime();
    const found = sent.map(({ name, version }) => ({ name, sent: version, found: versionOf(name) }));
    await someTime();
    for (const { name, sent: from, found: to } of found) {
      if (from === to) continue;
      scopes.differs(name, from, to);
      tell(name, to);
    }
  };
  const steps: (() => void)[] = [
    () => void asked.push(ask(pick(KEYS))),
    () => void asked.push(ask(pick(KEYS))),
    () => underWay.splice(random.below(underWay.length || 1), 1)[0]?.(),
    () => underWay.splice(random.below(underWay.length || 1), 1)[0]?.(),
    () => underWay.splice(random.below(underWay.length || 1), 1)[0]?.(),
    () => {
      const scope = pick(SCOPES);
      const version = versionOf(scope) + 1n;
      committed.set(scope, version);
      // One in four notifications is lost.
      if (random.below(4) > 0) void notify(scope, version);
    },
    () => void (random.below(4) === 0 ? compare() : undefined),
    () => scopes.invalidateVersion(pick(SCOPES), BigInt(random.below(10))),
  ];

  for (let step = 0; step < STEPS; step += 1) {
    pick(steps)();
    await Promise.resolve();
    for (const scope of SCOPES) {
      const versions = new Set(
        KEYS.filter((key) => scopeOf(key) === scope).flatMap((key) => cache.find(key)?.version ?? []),
      );
      expect(versions.size, `${where}: facts of ${scope} at several versions`).toBeLessThanOrEqual(1);
      for (const version of versions) expect(version >= (told.get(scope) ?? 0n), where).toBe(true);
    }
  }
  while (underWay.length > 0) {
    underWay.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(asked);
}

it(`gives nothing older than what was heard of, and one version a scope, in ${SEEDS} random runs`, async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) await run(seed);
});
