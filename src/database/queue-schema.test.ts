// Proves: the job queue's tables are of this code's revision, weir_service works with them without owning them, and nobody else reaches them.

import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDatabase, type Database } from './pool.ts';
import { QUEUE_REVISION, QUEUE_SCHEMA } from './queue-schema.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let testDatabase: TestDatabase;
let service: Database;
let owner: pg.Client;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  service = createDatabase({
    ...{ url: testDatabase.url, role: 'weir_service', max: 1, applicationName: 'queue test', statementTimeoutMs: 0 },
  });
  owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await service.close();
  await owner.end();
  await testDatabase.drop();
});

test('migrating has brought it to the revision of the version in use', async () => {
  // As weir_service, which may change nothing: were a revision missing, this would be refused.
  service.pool.on('error', () => {});
  await runMigrations({ pgPool: service.pool, schema: QUEUE_SCHEMA });
  const { rows } = await owner.query(`select max(id) as revision from ${QUEUE_SCHEMA}.migrations`);
  expect(rows).toEqual([{ revision: QUEUE_REVISION }]);
});

test('weir_service adds jobs', async () => {
  const { rows } = await service.pool.query(`select task_id from ${QUEUE_SCHEMA}.add_job('nothing', '{}')`);
  expect(rows).toHaveLength(1);
});

test('everything of it is owned by weir_owner, and reached by nobody but weir_service', async () => {
  const { rows } = await owner.query(
    `select c.relname, c.relowner::regrole::text as owner, coalesce(g.grantee::regrole::text, '') as grantee
       from pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = $1
       left join lateral aclexplode(c.relacl) g on true where c.relkind in ('r', 'v', 'S')`,
    [QUEUE_SCHEMA],
  );
  expect(new Set(rows.map((row) => row.owner))).toEqual(new Set(['weir_owner']));
  expect(new Set(rows.map((row) => row.grantee))).toEqual(new Set(['weir_owner', 'weir_service']));
  const functions = await owner.query(
    `select distinct g.grantee::regrole::text as grantee from pg_proc f join pg_namespace n on n.oid = f.pronamespace and n.nspname = $1,
       aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g order by 1`,
    [QUEUE_SCHEMA],
  );
  expect(functions.rows.map((row) => row.grantee)).toEqual(['weir_owner', 'weir_service']);
});
