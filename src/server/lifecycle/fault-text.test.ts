// Proves: what somebody can mend is told in one line that names it; what nobody foresaw keeps its stack.

import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLog } from '../../database/log.ts';
import { migrate } from '../../database/migrate.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../../database/testing/scratch-directory.ts';
import { describeFault } from './fault-text.ts';

let database: TestDatabase;
let scratch: ScratchDirectory;
beforeAll(async () => {
  [database, scratch] = await Promise.all([
    createTestDatabase({ from: 'nothing' }),
    makeScratchDirectory('weir-fault-'),
  ]);
});
afterAll(async () => {
  await database.drop();
  await scratch.remove();
});

/** What is told of the fault that the work meets, with a database of one's own. */
async function told(work: () => Promise<unknown>): Promise<string> {
  const fault = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  return describeFault(fault, { port: 8787, database: { url: database.url, migrationUrl: null } });
}

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('a database that is not there is one line', async () => {
  const url = new URL(database.url);
  url.pathname = '/nowhere';
  const text = await told(() => new pg.Client({ connectionString: url.href }).connect());
  expect(text).toMatch(/^the database of DATABASE_URL can't be used: .*"nowhere" does not exist$/);
});

test.each([
  'The server does not support SSL connections',
  'self-signed certificate in certificate chain',
  'timeout expired',
])('a connection that fails with "%s" is one line', async (message) => {
  expect(await told(() => Promise.reject(new Error(message)))).toBe(
    `the database of DATABASE_URL can't be used: ${message}`,
  );
});

test('a server that nobody started is one line', async () => {
  const port = await closedPort();
  const refused = () => new pg.Client({ host: '127.0.0.1', port, user: 'weir', database: 'weir' }).connect();
  expect(await told(refused)).toBe(
    `the database of DATABASE_URL can't be used: connect ECONNREFUSED 127.0.0.1:${port}`,
  );
});

test('a login that may not migrate is told to name another', async () => {
  const text = await told(() => migrate({ connectionString: database.url, log: silentLog }));
  expect(text).toMatch(/^the login of the database may not do this: permission denied .*DATABASE_MIGRATION_URL$/);
});

test('a folder that cannot be made is one line', async () => {
  const file = join(scratch.path, 'file');
  await writeFile(file, '');
  const text = await told(() => mkdir(join(file, 'weir')));
  expect(text).toMatch(/^ENOTDIR: .*WEIR_DIRECTORY/);
  expect(text).not.toContain('\n');
});

test('a fault of ours keeps its stack, whatever the settings', () => {
  const fault = new Error('no such thing');
  expect(describeFault(fault, { port: 8787, database: null })).toBe(fault.stack);
  expect(describeFault(fault, null)).toBe(fault.stack);
});
