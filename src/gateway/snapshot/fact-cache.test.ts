// Owns: proof that no outdated fact is given, each race in a fixed order.

import { describe, expect, it } from 'vitest';
import { createFactCache, type LoadedFacts } from './fact-cache.ts';
import { createFactScopes, type FactScopes } from './fact-scopes.ts';

const bounds = { organizationsMax: 4, recentInvalidationsMax: 4 };
const loaded = (facts: string, version: number, scope: string | null = 'o1'): LoadedFacts<string> => ({
  facts,
  scope,
  version: BigInt(version),
});

/** A cache whose loads end when the test says so, in the order of `ends`. */
function createHeldCache(scopes: FactScopes = createFactScopes(bounds), max = 10) {
  const ends: { key: string; resolve: (value: LoadedFacts<string>) => void; reject: (error: Error) => void }[] = [];
  const load = (key: string) =>
    new Promise<LoadedFacts<string>>((resolve, reject) => {
      ends.push({ key, resolve, reject });
    });
  const cache = createFactCache<string>({ max, attemptsMax: 3, scopes, load });
  const end = async (index: number, value: LoadedFacts<string>): Promise<void> => {
    await settled();
    ends[index]?.resolve(value);
    await settled();
  };
  return { cache, scopes, ends, end };
}

/** Lets everything that is ready to run, run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('facts in memory', () => {
  it('are answered without a promise once they are loaded', async () => {
    const { cache, ends, end } = createHeldCache();
    const first = cache.ask('k');
    await end(0, loaded('a', 1));
    expect(await first).toBe('a');
    expect(cache.ask('k')).toBe('a');
    expect(ends).toHaveLength(1);
  });

  it('are loaded once for all who ask at once', async () => {
    const { cache, ends, end } = createHeldCache();
    const asked = [cache.ask('k'), cache.ask('k'), cache.ask('k')];
    await end(0, loaded('a', 1));
    expect(await Promise.all(asked)).toEqual(['a', 'a', 'a']);
    expect(ends).toHaveLength(1);
  });

  it('are not served again after a change was heard of; all who ask then share one load', async () => {
    const { cache, scopes, ends, end } = createHeldCache();
    void cache.ask('k');
    await end(0, loaded('a', 1));
    scopes.invalidate('o1');
    const asked = [cache.ask('k'), cache.ask('k')];
    await end(1, loaded('b', 2));
    expect(await Promise.all(asked)).toEqual(['b', 'b']);
    expect(ends).toHaveLength(2);
  });

  it('stay when another scope changes', async () => {
    const { cache, scopes, end } = createHeldCache();
    void cache.ask('k');
    await end(0, loaded('a', 1));
    scopes.invalidate('o2');
    scopes.invalidate('platform');
    expect(cache.ask('k')).toBe('a');
  });

  it('read before a change that was heard of meanwhile are neither given nor kept', async () => {
    const { cache, scopes, ends, end } = createHeldCache();
    const asked = cache.ask('k');
    await settled();
    scopes.invalidate('o1');
    await end(0, loaded('old', 1));
    expect(ends).toHaveLength(2);
    await end(1, loaded('new', 2));
    expect(await asked).toBe('new');
    expect(cache.ask('k')).toBe('new');
  });

  it('read before a change of a scope that was not in memory yet are neither given nor kept', async () => {
    const { cache, scopes, end } = createHeldCache();
    const asked = cache.ask('key of nobody knows whom');
    await settled();
    // More changes of strangers than are remembered: a load can then not know that it was none of its own.
    for (const name of ['o7', 'o1', 'o8', 'o9', 'o10', 'o11']) scopes.invalidate(name);
    await end(0, loaded('old', 1));
    await end(1, loaded('new', 2));
    expect(await asked).toBe('new');
  });

  it('are used once and not kept when changes come faster than loads', async () => {
    const { cache, scopes, ends, end } = createHeldCache();
    const asked = cache.ask('k');
    await settled();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      scopes.invalidate('o1');
      await end(attempt, loaded(`read ${attempt}`, attempt));
    }
    expect(await asked).toBe('read 2');
    expect(cache.find('k')).toBeUndefined();
    expect(ends).toHaveLength(3);
  });

  it('that could not be loaded are asked for again', async () => {
    const { cache, ends, end } = createHeldCache();
    const failed = cache.ask('k');
    await settled();
    ends[0]?.reject(new Error('no database'));
    await expect(failed).rejects.toThrow('no database');
    const second = cache.ask('k');
    await end(1, loaded('a', 1));
    expect(await second).toBe('a');
  });

  it('of no scope are not kept', async () => {
    const { cache, end } = createHeldCache();
    void cache.ask('k');
    await end(0, loaded('nothing', 0, null));
    expect(cache.find('k')).toBeUndefined();
    expect(cache.size).toBe(0);
  });
});

describe('the version of a scope', () => {
  it('drops everything read at a lower one, even before the notification comes', async () => {
    const { cache, end } = createHeldCache();
    void cache.ask('member');
    await end(0, loaded('member as of 1', 1));
    void cache.ask('organization');
    await end(1, loaded('organization as of 2', 2));
    expect(cache.find('member')).toBeUndefined();
    expect(cache.find('organization')).toBe('organization as of 2');
  });

  it('lets no load that began earlier bring an older state back', async () => {
    const { cache, ends, end } = createHeldCache();
    const slow = cache.ask('member');
    await settled();
    void cache.ask('organization');
    await end(1, loaded('organization as of 2', 2));
    await end(0, loaded('member as of 1', 1));
    expect(ends).toHaveLength(3);
    await end(2, loaded('member as of 2', 2));
    expect(await slow).toBe('member as of 2');
    expect(cache.find('organization')).toBe('organization as of 2');
  });

  it('may fall when the database was restored: the database is right', async () => {
    const { cache, scopes, end } = createHeldCache();
    void cache.ask('k');
    await end(0, loaded('before the restore', 9));
    scopes.differs('o1', 9n, 4n);
    expect(cache.find('k')).toBeUndefined();
    void cache.ask('k');
    await end(1, loaded('restored', 4));
    expect(cache.find('k')).toBe('restored');
  });

  it('found higher by a comparison drops; found equal or overtaken by a load does not', async () => {
    const { cache, scopes, end } = createHeldCache();
    void cache.ask('k');
    await end(0, loaded('a', 5));
    expect(scopes.versions()).toEqual([{ name: 'o1', version: 5n }]);
    scopes.differs('o1', 3n, 4n);
    scopes.differs('o1', 4n, 5n);
    expect(cache.find('k')).toBe('a');
    scopes.differs('o1', 5n, 6n);
    expect(cache.find('k')).toBeUndefined();
  });

  it('drops what changes by itself when its time has come, once', async () => {
    const { cache, scopes, end } = createHeldCache();
    void cache.ask('k');
    await end(0, { ...loaded('a', 1), dueAtMs: 100 });
    scopes.invalidateDue(99);
    expect(cache.find('k')).toBe('a');
    scopes.invalidateDue(100);
    expect(cache.find('k')).toBeUndefined();
    void cache.ask('k');
    await end(1, { ...loaded('b', 1), dueAtMs: Number.POSITIVE_INFINITY });
    scopes.invalidateDue(101);
    expect(cache.find('k')).toBe('b');
  });

  it('that many calls saw outdated is dropped once', async () => {
    const { cache, scopes, ends, end } = createHeldCache();
    void cache.ask('k');
    await end(0, loaded('a', 1));
    scopes.invalidateVersion('o1', 1n);
    void cache.ask('k');
    await end(1, loaded('b', 2));
    scopes.invalidateVersion('o1', 1n);
    scopes.invalidateVersion('o1', 1n);
    expect(cache.ask('k')).toBe('b');
    expect(ends).toHaveLength(2);
  });
});

describe('the bound on organizations', () => {
  it('takes what was kept under an organization along when it goes', async () => {
    const { cache, scopes, end } = createHeldCache(createFactScopes({ ...bounds, organizationsMax: 2 }));
    for (const [index, scope] of ['o1', 'o2', 'o3'].entries()) {
      void cache.ask(`member of ${scope}`);
      await end(index, loaded(scope, 1, scope));
    }
    expect(scopes.size).toBe(3);
    expect(cache.find('member of o1')).toBeUndefined();
    expect(cache.find('member of o2')).toBe('o2');
    expect(cache.find('member of o3')).toBe('o3');
  });

  it('forgets a version in no way that lets a load from before it through', async () => {
    const { cache, ends, end } = createHeldCache(createFactScopes({ ...bounds, organizationsMax: 1 }));
    const slow = cache.ask('member of o1');
    await settled();
    void cache.ask('o1');
    void cache.ask('o2');
    await settled();
    await end(1, loaded('o1 as of 2', 2));
    await end(2, loaded('o2', 1, 'o2'));
    await end(0, loaded('member as of 1', 1));
    expect(ends).toHaveLength(4);
    await end(3, loaded('member as of 2', 2));
    expect(await slow).toBe('member as of 2');
  });
});
