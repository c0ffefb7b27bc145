// Proves: that what is taken from a shared rate is what was used of it, however many requests come at once. Not: the windows (src/database/facts), or what a route answers
// (mount-routes.test.ts).

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDatabase, type Database } from '../../database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { REQUESTS_PER_LEASE, REQUESTS_PER_MINUTE } from './limits.ts';
import { createRateLimits, type RateLimits } from './rate-limits.ts';

let test: TestDatabase;
let database: Database;
let limits: RateLimits;
beforeAll(async () => {
  test = await createTestDatabase();
  database = createDatabase({
    ...{ url: test.url, role: 'weir_service', max: 10, applicationName: 'weir tests', statementTimeoutMs: 0 },
  });
  limits = createRateLimits({ database, clock: systemClock });
});
afterAll(async () => {
  await database.close();
  await test.drop();
});

const takenOf = async (key: string): Promise<number> => {
  const { rows } = await database.pool.query<{ used: number }>(
    'select used from weir.rate_limit_windows where key = $1',
    [`request:${key}`],
  );
  return rows[0]?.used ?? 0;
};
const atOnce = (key: string, count: number) =>
  Promise.allSettled(Array.from({ length: count }, () => limits.takeRequest(key)));

it('takes as many leases for requests that come at once as for those that come one by one', async () => {
  const answers = await atOnce('a burst', 4 * REQUESTS_PER_LEASE);
  expect(answers.filter(({ status }) => status === 'rejected')).toEqual([]);
  expect(await takenOf('a burst')).toBe(4);
});

it('lets the whole limit through when it comes at once, and no more', async () => {
  const answers = await atOnce('a flood', REQUESTS_PER_MINUTE + 50);
  expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(REQUESTS_PER_MINUTE);
  await expect(limits.takeRequest('a flood')).rejects.toMatchObject({ code: 'rate_limited' });
});
