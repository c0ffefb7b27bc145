// Owns: putting use into its sums in tests over a running server, as its job does each minute. Not: the sums (migration 000130).

import { expect, vi } from 'vitest';
import { PATIENCE_MS } from './calls.ts';
import type { TestServer } from './running-server.ts';

/** Until every event is in them; while the job of the server has the turn, this waits for it. */
export async function rollUpUsage({ owner }: Pick<TestServer, 'owner'>): Promise<void> {
  const left = async (): Promise<number> => {
    await owner.query(`select weir.roll_up_usage(200000, '0 seconds')`);
    const { rows } = await owner.query(
      'select count(*)::int as n from weir.usage_events where booked_at > weir.usage_folded_to()',
    );
    return rows[0].n;
  };
  // Not `expect.poll`: hooks wait for it, too.
  await vi.waitFor(async () => expect(await left()).toBe(0), { timeout: PATIENCE_MS });
}
