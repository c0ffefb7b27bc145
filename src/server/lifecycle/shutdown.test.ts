// Proves: a server that is told to stop drops no stream that ends in time, cuts the others cleanly, and leaves no hold behind.

import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../../database/testing/scratch-directory.ts';
import { beginStream, PATIENCE_MS } from '../testing/calls.ts';
import { type ServerProcess, startServerProcess, startUnderShell } from '../testing/server-process.ts';

const STREAMS = 12;

let database: TestDatabase;
let scratch: ScratchDirectory;
let owner: pg.Client;
let server: ServerProcess | undefined;
beforeAll(async () => {
  database = await createTestDatabase();
  scratch = await makeScratchDirectory('weir-shutdown-');
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  if (server?.process.exitCode === null) await server.end('SIGKILL');
  await owner.end();
  await scratch.remove();
  await database.drop();
});

async function start(environment: Record<string, string>) {
  server = startServerProcess(scratch.path, {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    ...environment,
  });
  return { server, ...(await server.ready()) };
}

const beginStreams = (url: string, key: string, prompt: string) =>
  Promise.all(Array.from({ length: STREAMS }, () => beginStream(url, key, prompt)));

async function expectNothingLeft(): Promise<void> {
  const { rows } = await owner.query('select count(*)::int as holds from weir.holds');
  expect(rows).toEqual([{ holds: 0 }]);
  expect((await owner.query('select * from weir_private.ledger_drift()')).rows).toEqual([]);
}

test('streams under way end whole, and are settled, before the process exits 0', async () => {
  const { server, url, demo } = await start({});
  const streams = await beginStreams(url, demo.keys.enterprise, 'Slowly. [[sandbox: tokens=60 chunk-delay=20]]');
  const ended = server.end('SIGTERM');
  const texts = await Promise.all(streams.map((stream) => stream.rest()));
  for (const text of texts) expect(text).toMatch(/data: \[DONE\]\n\n$/);
  expect(await ended).toEqual({ code: 0, signal: null });
  const { rows } = await owner.query(
    "select count(*)::int as count from weir.usage_events where streamed and status = 'success' and output_tokens = 60",
  );
  expect(rows).toEqual([{ count: STREAMS }]);
  await expectNothingLeft();
});

test('streams that outlive the grace period are cut, booked as what came, and the process still exits 0', async () => {
  const { server, url, demo } = await start({ WEIR_GRACE_PERIOD_MS: '200' });
  const streams = await beginStreams(url, demo.keys.enterprise, 'Silence. [[sandbox: stall=3]]');
  const ended = server.end('SIGTERM');
  const outcomes = await Promise.allSettled(streams.map((stream) => stream.rest()));
  for (const outcome of outcomes) expect(outcome.status).toBe('rejected');
  expect(await ended).toEqual({ code: 0, signal: null });
  const { rows } = await owner.query("select count(*)::int as count from weir.usage_events where status = 'cancelled'");
  expect(rows).toEqual([{ count: STREAMS }]);
  await expectNothingLeft();
});

test('a signal that comes twice at once, from a supervisor and from what it started, is one wish', async () => {
  const { server, url, demo } = await start({});
  const stream = await beginStream(url, demo.keys.enterprise, 'Slowly. [[sandbox: tokens=60 chunk-delay=20]]');
  server.process.kill('SIGINT');
  const ended = server.end('SIGTERM');
  expect(await stream.rest()).toMatch(/data: \[DONE\]\n\n$/);
  expect(await ended).toEqual({ code: 0, signal: null });
  await expectNothingLeft();
});

test('while it drains it says that it is not ready, still answers, and asks clients to connect elsewhere', async () => {
  const { server, url, demo } = await start({ WEIR_DRAIN_DELAY_MS: '600000' });
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  server.process.kill('SIGTERM');
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: PATIENCE_MS }).toBe(503);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const models = await fetch(`${url}/v1/models`, { headers: { authorization: `Bearer ${demo.keys.free}` } });
  expect(models.status).toBe(200);
  expect(models.headers.get('connection')).toBe('close');
  await server.end('SIGKILL');
});

test('a second signal ends it at once', async () => {
  const { server, url, demo } = await start({ WEIR_GRACE_PERIOD_MS: '600000' });
  await beginStream(url, demo.keys.enterprise, 'Silence. [[sandbox: stall=3]]');
  server.process.kill('SIGTERM');
  await expect.poll(() => server.output(), { timeout: PATIENCE_MS }).toContain('no longer ready');
  const askAgain = () => {
    server.process.kill('SIGTERM');
    return server.process.exitCode;
  };
  await expect.poll(askAgain, { timeout: PATIENCE_MS }).toBe(143);
});

test('a server whose npm was ended ends too, for the shell between them passes no signal on', async () => {
  const shell = await startUnderShell(scratch.path, {
    DATABASE_URL: database.url,
    DATABASE_MIGRATION_URL: database.ownerUrl,
    npm_lifecycle_event: 'start',
  });
  shell.end();
  // Standard output is the server's own: it closes when the server has ended.
  expect(await shell.output).toContain('npm has ended');
  await expect(fetch(`${shell.url}/healthz`)).rejects.toThrow();
});
