// Proves: a person has so many streams of notifications at most, also of those that are opened at once.

import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Caller } from '../../contracts/caller.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createNotificationStream } from './notification-stream.ts';

let testDatabase: TestDatabase;
let database: Database;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    ...{ url: testDatabase.url, role: 'weir_service', max: 10, applicationName: 'weir tests', statementTimeoutMs: 0 },
  });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

const person = (userId: string): Caller => ({
  ...{ userId, sessionId: userId, organizationId: null, organizationRole: null, platformRole: 'user' },
  ...{ impersonatorId: null, request: { id: 'r', ip: null, userAgent: null } },
});
const [ANNE, BEN] = ['01920000-0000-7000-8000-000000000001', '01920000-0000-7000-8000-000000000002'];

test('60 at once are 50 streams, each that ends makes room, and others have their own', async () => {
  const faults: unknown[] = [];
  const stream = createNotificationStream({ database, clock: systemClock, onFault: (fault) => faults.push(fault) });
  const leave = new AbortController();
  const listen = (userId: string) =>
    stream.listen(person(userId), { signal: leave.signal, lastEventId: null }).then(
      () => 'open',
      (error: { code?: unknown }) => error.code,
    );
  const answers = await Promise.all(Array.from({ length: 60 }, () => listen(ANNE)));
  expect(answers.filter((answer) => answer === 'open')).toHaveLength(50);
  expect(answers.filter((answer) => answer === 'rate_limited')).toHaveLength(10);
  expect(await listen(BEN)).toBe('open');
  leave.abort();
  const again = new AbortController();
  await stream.listen(person(ANNE), { signal: again.signal, lastEventId: null });
  again.abort();
  stream.stop();
  expect(faults).toEqual([]);
});
