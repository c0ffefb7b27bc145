/** Owns: that a login with too many rights is seen. Does not own: what a start does about it. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findExcessRights } from './login-rights.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;
let admin: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = new pg.Client({ connectionString: database.ownerUrl });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

test('the run-time login has none', async () => {
  expect(await findExcessRights(database.url)).toEqual([]);
});

test('a superuser is named as such, whatever else it may', async () => {
  expect(await findExcessRights(database.ownerUrl)).toContain('is a superuser');
});

test('every single right is named', async () => {
  const login = `${database.databaseName}_login`;
  await admin.query(`create role ${login} login password 'secret' bypassrls createrole in role weir_owner`);
  await admin.query(`alter database ${database.databaseName} owner to ${login}`);
  const url = new URL(database.url);
  url.username = login;
  url.password = 'secret';
  expect(await findExcessRights(url.href)).toEqual([
    'passes by row level security (BYPASSRLS)',
    'may make roles (CREATEROLE)',
    'may act as weir_owner',
    'owns the database',
  ]);
  await admin.query(`alter database ${database.databaseName} owner to current_user`);
  await admin.query(`drop role ${login}`);
});
