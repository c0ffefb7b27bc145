/** Owns: what a connection is from its first statement on, and how values are read. Does not own: queries. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { urlForRole } from './connection.ts';
import { connectDedicated, createDatabase, type Database } from './pool.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = createDatabase({
    url: testDatabase.url,
    role: 'weir_gateway',
    max: 2,
    applicationName: 'pool test',
    statementTimeoutMs: 1234,
  });
});

afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});

describe('a connection of a pool', () => {
  test('is the role from its first statement on, finds only our schema, and comes back to the role', async () => {
    const shown = `select current_user::text as role, current_setting('search_path') as path,
      current_setting('application_name') as name, current_setting('statement_timeout') as timeout`;
    const expected = { role: 'weir_gateway', path: 'weir,pg_temp', name: 'pool test', timeout: '1234ms' };
    const client = await database.pool.connect();
    expect((await client.query(shown)).rows).toEqual([expected]);
    await client.query('set role weir_service');
    await client.query('reset role');
    expect((await client.query(shown)).rows).toEqual([expected]);
    client.release();
  });

  test('has no time limit but its own, whatever an administrator gave the login', async () => {
    const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
    await owner.connect();
    await owner.query(
      `alter database ${testDatabase.databaseName} set statement_timeout = '1s';
       alter database ${testDatabase.databaseName} set lock_timeout = '1s'`,
    );
    const shown = `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`;
    const bounded = createDatabase({
      ...{ url: testDatabase.url, role: 'weir_gateway', max: 1, applicationName: 'test', statementTimeoutMs: 1234 },
    });
    const unbounded = await connectDedicated({ url: testDatabase.url, role: 'weir_gateway' });
    const asked = `${testDatabase.url}${testDatabase.url.includes('?') ? '&' : '?'}options=-c%20statement_timeout%3D77`;
    const named = await connectDedicated({ url: asked, role: 'weir_gateway' });
    expect((await bounded.pool.query(shown)).rows).toEqual([{ statement: '1234ms', lock: '0' }]);
    expect((await unbounded.query(shown)).rows).toEqual([{ statement: '0', lock: '0' }]);
    expect((await named.query(shown)).rows).toEqual([{ statement: '77ms', lock: '0' }]);
    await Promise.all([bounded.close(), unbounded.end(), named.end(), owner.end()]);
  });

  test('may not become the owner', async () => {
    await expect(database.pool.query('set role weir_owner')).rejects.toThrow('permission denied to set role');
  });

  test('a login that is no member of the role is refused at once', async () => {
    const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
    await owner.connect();
    const name = `${testDatabase.databaseName}_stranger`;
    await owner.query(`create role ${name} login password 'secret'`);
    const url = new URL(testDatabase.url);
    url.username = name;
    url.password = 'secret';
    await expect(connectDedicated({ url: url.href, role: 'weir_gateway' })).rejects.toThrow(
      'permission denied to set role',
    );
    await owner.query(`drop role ${name}`);
    await owner.end();
  });
});

test('values are read exactly: int8 as bigint, numeric as text, times as Date, dates as text, arrays alike', async () => {
  const { rows } = await database.pool.query(
    `select 9223372036854775807::int8 as large, '{9007199254740993,null}'::int8[] as list, 0.1::numeric as share,
       '2025-03-01T10:00:00Z'::timestamptz as at, '2025-03-01'::date as day, '{"n": [1]}'::jsonb as object, count(*) as counted,
       $1::int8 as sent, $2::int8[] as sent_list`,
    [9007199254740993n, [1n, 2n]],
  );
  expect(rows).toEqual([
    {
      large: 9223372036854775807n,
      list: [9007199254740993n, null],
      share: '0.1',
      at: new Date('2025-03-01T10:00:00Z'),
      day: '2025-03-01',
      object: { n: [1] },
      counted: 1n,
      sent: 9007199254740993n,
      sent_list: [1n, 2n],
    },
  ]);
});

test("pg's own parsers stay as they are for others", async () => {
  const client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  expect((await client.query('select 1::int8 as one')).rows).toEqual([{ one: '1' }]);
  await client.end();
});

test('closing twice is the same as once', async () => {
  const own = createDatabase({
    url: testDatabase.url,
    role: 'anon',
    max: 1,
    applicationName: 'test',
    statementTimeoutMs: 0,
  });
  await own.pool.query('select 1');
  await Promise.all([own.close(), own.close()]);
});

test.each([
  ['postgresql://a:b@h/d', 'postgresql://a:b@h/d?options='],
  ['postgresql://a:b@h/d?host=%2Ftmp', 'postgresql://a:b@h/d?host=%2Ftmp&options='],
  ['postgresql://a:b@h/d?options=-c%20jit%3Doff&x=1', 'postgresql://a:b@h/d?options='],
])('%s keeps what it has when the role is added', (url, beginning) => {
  const changed = urlForRole(url, 'anon');
  expect(changed.startsWith(beginning)).toBe(true);
  expect(new URL(changed).searchParams.get('options')).toContain('-c role=anon -c search_path=weir,pg_temp');
  for (const [name, value] of new URL(url).searchParams) {
    expect(new URL(changed).searchParams.get(name)).toContain(value);
  }
});
