// Proves: a server in an empty folder comes up by itself, and comes back with everything, also after it was killed.

import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { removeStore } from '../../database/embedded/store.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../../database/testing/scratch-directory.ts';
import { PATIENCE_MS, sendChat } from '../testing/calls.ts';
import { runShell, runWeir, type ServerProcess, startServerProcess } from '../testing/server-process.ts';
import { type DemoFile, readServerFile } from './state-files.ts';

let scratch: ScratchDirectory;
let server: ServerProcess | undefined;
beforeAll(async () => {
  scratch = await makeScratchDirectory('weir-server-');
});
afterAll(async () => {
  if (server?.process.exitCode === null) await server.end('SIGKILL');
  await removeStore(join(scratch.path, '.weir'));
  await scratch.remove();
});

/** The demo file of the first start, which every later one keeps. */
let demo: DemoFile;

test('an empty folder is enough: ready, demo.json for its owner alone, and the printed line answers', async () => {
  server = startServerProcess(scratch.path);
  const ready = await server.ready();
  demo = ready.demo;
  expect(demo.url).toBe(ready.url);
  expect(Object.keys(demo.users).sort()).toEqual(
    [
      'superadmin',
      'platformAdmin',
      'proAdmin',
      'proMember',
      'freeAdmin',
      'freeMember',
      'starterAdmin',
      'enterpriseAdmin',
    ].sort(),
  );
  expect(Object.keys(demo.keys)).toEqual(['free', 'starter', 'pro', 'enterprise']);
  for (const name of ['demo.json', 'server.json', 'master.key'])
    expect((await stat(join(scratch.path, '.weir', name))).mode & 0o777).toBe(0o600);

  const [line = ''] = /curl .*/.exec(server.output()) ?? [];
  const answer = JSON.parse(await runShell(line)) as { choices: { message: { content: string } }[] };
  expect(answer.choices[0]?.message.content).toContain('Hello, Weir');
});

test('a second server in the same folder is refused, and told why', async () => {
  const second = startServerProcess(scratch.path);
  await expect(second.ready()).rejects.toThrow(/another Weir .* runs the database/);
  expect(second.process.exitCode).toBe(1);
});

test('commands use the database of the running server', async () => {
  const made = await runWeir(scratch.path, ['keys', 'create', '--organization', demo.organizations.pro.slug]);
  expect(made.code).toBe(0);
  const key = made.stdout.trim();
  expect(key).toMatch(/^wr_live_\w+$/);
  const { url } = await (server as ServerProcess).ready();
  await expect.poll(async () => (await sendChat(url, key)).status, { timeout: PATIENCE_MS }).toBe(200);
  expect(await runWeir(scratch.path, ['ledger', 'verify'])).toMatchObject({ code: 0, stdout: 'drift 0\n' });
});

test('when the database is killed it says that it is not ready, and serves again by itself', async () => {
  const { url } = await (server as ServerProcess).ready();
  const lockFile = join(scratch.path, '.weir', 'postgres', 'data', 'postmaster.pid');
  process.kill(Number((await readFile(lockFile, 'utf8')).split('\n')[0]), 'SIGKILL');
  await expect.poll(() => server?.output(), { timeout: PATIENCE_MS }).toContain('PostgreSQL ended unasked');
  // A call that comes meanwhile is refused as one to send again, or served when the database is back: never answered wrongly.
  const meanwhile = await sendChat(url, demo.keys.pro);
  expect([200, 503]).toContain(meanwhile.status);
  await expect.poll(async () => (await sendChat(url, demo.keys.pro)).status, { timeout: PATIENCE_MS }).toBe(200);
  await expect.poll(async () => (await fetch(`${url}/readyz`)).status, { timeout: PATIENCE_MS }).toBe(200);
  expect(await runWeir(scratch.path, ['ledger', 'verify'])).toMatchObject({ code: 0, stdout: 'drift 0\n' });
});

test('SIGTERM ends it with exit code 0, and with it the database', async () => {
  const ended = await (server as ServerProcess).end('SIGTERM');
  expect(ended).toEqual({ code: 0, signal: null });
  expect(await readServerFile(join(scratch.path, '.weir'))).toBeNull();
  await expect(stat(join(scratch.path, '.weir', 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow();
});

test('a command without a server starts the database for its own time', async () => {
  const seen = await runWeir(scratch.path, ['doctor'], { PORT: '0' });
  expect(seen.stdout).toContain('started for this command');
  expect(seen.stdout).toContain('0 failed');
  expect(seen.code).toBe(0);
});

test('a start after kill -9 serves with the same keys, and nothing was lost', async () => {
  server = startServerProcess(scratch.path);
  const first = await server.ready();
  expect(first.demo.keys).toEqual(demo.keys);
  expect((await sendChat(first.url, demo.keys.pro)).status).toBe(200);
  const { signal } = await server.end('SIGKILL');
  expect(signal).toBe('SIGKILL');

  server = startServerProcess(scratch.path);
  const second = await server.ready();
  expect(second.demo).toEqual({ ...demo, url: second.url });
  expect((await sendChat(second.url, demo.keys.pro)).status).toBe(200);
  expect(await runWeir(scratch.path, ['ledger', 'verify'])).toMatchObject({ code: 0, stdout: 'drift 0\n' });
  expect(await server.end('SIGINT')).toEqual({ code: 0, signal: null });
});
