// Proves: that what is kept for a while goes when its while is over, and nothing else.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAudit } from '../../control/audit/index.ts';
import { createRetentionService } from '../../control/identity/index.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { createOvertaking } from '../../database/testing/overtaking.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { removeIdempotency } from './control-removals.ts';

let server: TestServer;
let database: Database;
beforeAll(async () => {
  server = await startTestServer();
  const url = server.environment.DATABASE_URL ?? '';
  database = createDatabase({
    url,
    role: 'weir_service',
    max: 2,
    applicationName: 'weir tests',
    statementTimeoutMs: 0,
  });
});
afterAll(async () => {
  await database.close();
  await server.close();
});

const retention = () =>
  createRetentionService({ database, audit: createAudit({ clock: systemClock, random: createSystemRandom() }) });

const countOf = async (table: string, id: string): Promise<number> => {
  const { rows } = await server.owner.query(
    `select count(*)::integer as count from weir.${table} where organization_id = $1`,
    [id],
  );
  return rows[0]?.count ?? 0;
};

it('removes an organization when its grace is over, with all that is its own, and leaves the others', async () => {
  const { pro, starter } = server.demo.organizations;
  await server.owner.query(
    `update weir.organizations set deletion_requested_at = now() - interval '31 days',
       delete_after = now() + case when id = $1 then interval '-1 day' else interval '1 day' end where id = any ($2)`,
    [pro.id, [pro.id, starter.id]],
  );
  expect(await countOf('members', pro.id)).toBeGreaterThan(0);
  expect(await retention().purgeOrganizations(10)).toBe(1);
  expect(await countOf('members', pro.id)).toBe(0);
  expect(await countOf('virtual_keys', pro.id)).toBe(0);
  expect(await countOf('members', starter.id)).toBeGreaterThan(0);
  const { rows } = await server.owner.query(
    `select organization_id, actor_type, before from weir.audit_logs where action = 'organization.purge'`,
  );
  expect(rows).toEqual([
    { organization_id: null, actor_type: 'system', before: { name: expect.any(String), slug: pro.slug } },
  ]);
});

it('removes sessions and tokens that ended a day ago, and no others', async () => {
  const { rows: people } = await server.owner.query('select id from weir.users limit 1');
  for (const [token, days] of [
    ['old', -2],
    ['fresh', -0.5],
    ['live', 2],
  ] as const) {
    await server.owner.query(
      `insert into weir.sessions (id, user_id, token, expires_at) values ($1, $2, $3, now() + $4 * interval '1 day')`,
      [randomUUID(), people[0]?.id, token, days],
    );
    await server.owner.query(
      `insert into weir.verifications (id, identifier, value, expires_at) values ($1, $2, '', now() + $3 * interval '1 day')`,
      [randomUUID(), token, days],
    );
  }
  expect(await retention().removeEnded(100)).toBe(2);
  const { rows } = await server.owner.query(
    `select token from weir.sessions where token = any ($1) union all select identifier from weir.verifications order by 1`,
    [['old', 'fresh', 'live']],
  );
  expect(rows.map(({ token }) => token)).toEqual(['fresh', 'fresh', 'live', 'live']);
});

it('leaves the answer of a write alone whose key is used anew at the same moment', async () => {
  await server.owner.query(`insert into weir.request_idempotency (scope, key, request_hash, request_id, expires_at)
    values ('somebody', 'a key', sha256('1'), gen_random_uuid(), now() - interval '1 second')`);
  const overtaking = await createOvertaking(server.environment.DATABASE_MIGRATION_URL ?? '');
  const removed = await overtaking.overtake({
    lock: [`update weir.request_idempotency set expires_at = now() + interval '1 day' where key = 'a key'`],
    act: () => removeIdempotency(database, 10),
  });
  await overtaking.close();
  const { rowCount } = await server.owner.query(`select from weir.request_idempotency where key = 'a key'`);
  expect([removed, rowCount]).toEqual([0, 1]);
});
