// Owns: proof that single reads go together.

import { expect, it } from 'vitest';
import { createBatchedLoad } from './batched-load.ts';

it('reads what is asked together together, and what is asked meanwhile next', async () => {
  const batches: (readonly number[])[] = [];
  let release = (): void => {};
  const load = createBatchedLoad<number, string>({
    batchMax: 3,
    waitingMax: 100,
    run: async (keys) => {
      batches.push(keys);
      if (batches.length === 1) await new Promise<void>((resolve) => (release = resolve));
      return keys.map((key) => `facts of ${key}`);
    },
  });
  const first = [load(1), load(2)];
  await Promise.resolve();
  const later = [load(3), load(4), load(5), load(6)];
  release();
  expect(await Promise.all([...first, ...later])).toEqual([1, 2, 3, 4, 5, 6].map((key) => `facts of ${key}`));
  expect(batches).toEqual([[1, 2], [3, 4, 5], [6]]);
});

it('tells all of a failed batch, and goes on with the next', async () => {
  let runs = 0;
  const load = createBatchedLoad<number, number>({
    batchMax: 2,
    waitingMax: 100,
    run: async (keys) => {
      runs += 1;
      if (runs === 1) throw new Error('no database');
      return [...keys];
    },
  });
  const asked = await Promise.allSettled([load(1), load(2), load(3)]);
  expect(asked.map((each) => each.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  expect(await load(4)).toBe(4);
});

it('leaves nobody waiting when answers are missing', async () => {
  const load = createBatchedLoad<number, number>({ batchMax: 2, waitingMax: 100, run: async () => [] });
  await expect(load(1)).rejects.toThrow('0 answers to 1 keys');
});

it('refuses more than may wait', async () => {
  const load = createBatchedLoad<number, number>({ batchMax: 1, waitingMax: 2, run: async (keys) => [...keys] });
  const asked = await Promise.allSettled([load(1), load(2), load(3)]);
  expect(asked.map((each) => each.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(asked[2]).toMatchObject({ reason: { code: 'overloaded', retryAfterSeconds: 1 } });
});
