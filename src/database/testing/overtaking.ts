// Owns: putting two acts into an order that chance would seldom give: one waits at a lock in its midst while the other is done. Not: the acts.

import pg from 'pg';
import { expect } from 'vitest';

/** A statement with its values. */
export type Statement = readonly [text: string, ...values: unknown[]];

/** Two connections past every policy: one that overtakes, one that looks on. */
export interface Overtaking {
  /**
   * Runs `lock` in a transaction, begins the act, waits until PostgreSQL says that it waits for a lock (`waiting` times, once by default), does the other, commits, and gives what became of the
   * act. The other is a statement of the transaction of `lock`, or something of its own.
   */
  overtake<T>(step: {
    readonly lock: Statement;
    readonly act: () => Promise<T>;
    readonly other?: Statement | (() => Promise<unknown>);
    readonly waiting?: number;
  }): Promise<T>;
  close(): Promise<void>;
}

/** Over the database of a test file, in which nobody else waits for locks meanwhile. */
export async function createOvertaking(ownerUrl: string): Promise<Overtaking> {
  const [first, onlooker] = [
    new pg.Client({ connectionString: ownerUrl }),
    new pg.Client({ connectionString: ownerUrl }),
  ];
  await Promise.all([first.connect(), onlooker.connect()]);
  const run = ([text, ...values]: Statement) => first.query(text, values);
  const waits = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  return {
    async overtake({ lock, act, other, waiting = 1 }) {
      await first.query('begin');
      try {
        await run(lock);
        const outcome = act();
        // It is awaited below; should the test fail before, its own failure is not lost in this one's.
        outcome.catch(() => {});
        await expect.poll(async () => (await onlooker.query(waits)).rowCount).toBe(waiting);
        if (typeof other === 'function') await other();
        else if (other !== undefined) await run(other);
        await first.query('commit');
        return await outcome;
      } finally {
        await first.query('rollback');
      }
    },
    async close() {
      await Promise.all([first.end(), onlooker.end()]);
    },
  };
}
