// Owns: reading many single things in few queries: what is asked for while one query runs is read by the next. Not: the queries.

import { WeirError } from '../../primitives/errors.ts';

interface Waiting<K, V> {
  readonly key: K;
  readonly resolve: (value: V) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Gives a function that loads one key, at most one query at a time. `run` answers in the order of its keys; when it fails, all who waited
 * for that batch are rejected. Rejects with `WeirError('overloaded')` when `waitingMax` are waiting already.
 */
export function createBatchedLoad<K, V>(options: {
  run: (keys: readonly K[]) => Promise<readonly V[]>;
  batchMax: number;
  waitingMax: number;
}): (key: K) => Promise<V> {
  const { run, batchMax, waitingMax } = options;
  let waiting: Waiting<K, V>[] = [];
  let running = false;

  const runOnce = async (): Promise<void> => {
    const batch = waiting.slice(0, batchMax);
    waiting = waiting.slice(batchMax);
    try {
      const values = await run(batch.map((one) => one.key));
      // A missing answer would leave its caller waiting for ever.
      if (values.length !== batch.length) throw new Error(`${values.length} answers to ${batch.length} keys`);
      values.forEach((value, index) => {
        batch[index]?.resolve(value);
      });
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  };
  const runAll = async (): Promise<void> => {
    running = true;
    // One tick, so that what is asked in this one goes together.
    await Promise.resolve();
    while (waiting.length > 0) await runOnce();
    running = false;
  };

  return (key) =>
    new Promise((resolve, reject) => {
      if (waiting.length >= waitingMax) {
        reject(
          new WeirError('overloaded', { retryAfterSeconds: 1, internal: `${waitingMax} loads of facts are waiting` }),
        );
        return;
      }
      waiting.push({ key, resolve, reject });
      if (!running) void runAll();
    });
}
