// Proves: servers that start at once on one empty database become replicas of each other.

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../../database/testing/scratch-directory.ts';
import { sendChat } from '../testing/calls.ts';
import { type ServerProcess, startServerProcess } from '../testing/server-process.ts';

let database: TestDatabase;
let scratches: ScratchDirectory[];
let servers: ServerProcess[] = [];
beforeAll(async () => {
  database = await createTestDatabase({ from: 'nothing' });
  scratches = await Promise.all([makeScratchDirectory('weir-one-'), makeScratchDirectory('weir-two-')]);
});
afterAll(async () => {
  await Promise.all(servers.filter(({ process }) => process.exitCode === null).map((server) => server.end('SIGKILL')));
  await Promise.all(scratches.map((scratch) => scratch.remove()));
  await database.drop();
});

test('two servers migrate and seed one empty database once, and the keys of both folders work on both', async () => {
  const environment = { DATABASE_URL: database.url, DATABASE_MIGRATION_URL: database.ownerUrl };
  servers = scratches.map(({ path }) => startServerProcess(path, environment));
  const [one, two] = await Promise.all(servers.map((server) => server.ready()));
  if (!one || !two) throw new Error('two servers were started');
  expect(two.demo.organizations).toEqual(one.demo.organizations);

  for (const { url } of [one, two])
    for (const { demo } of [one, two]) expect((await sendChat(url, demo.keys.free)).status).toBe(200);

  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as organizations from weir.organizations');
  const drift = await client.query('select * from weir_private.ledger_drift()');
  await client.end();
  expect(rows).toEqual([{ organizations: 4 }]);
  expect(drift.rows).toEqual([]);
  // One of them made the world and knows the passwords; the other never changes them under its feet.
  const knowing = [one, two].filter(({ demo }) => demo.users.superadmin.password !== '');
  expect(knowing).toHaveLength(1);

  const ends = await Promise.all(servers.map((server) => server.end('SIGTERM')));
  expect(ends).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
});

test('production refuses a superuser as its run-time login, in one sentence', async () => {
  const [scratch] = scratches;
  const server = startServerProcess(scratch?.path ?? '', {
    WEIR_MODE: 'production',
    WEIR_MASTER_KEY: 'c3RyaWN0bHktZm9yLXRlc3RzLW9mLXRoZS1jb25maWc=',
    DATABASE_URL: database.ownerUrl,
  });
  await expect(server.ready()).rejects.toThrow(
    /could not start: .*DATABASE_URL may not be used in production: the login \w+ is a superuser/,
  );
});
