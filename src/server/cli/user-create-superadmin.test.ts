// Proves: that the command makes a superadmin who can sign in, with a password that is given or made up, and shows no password but the one it made.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase } from '../../database/testing/database.ts';
import { makeScratchDirectory } from '../../database/testing/scratch-directory.ts';
import { requestApi } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { runShell, runWeir, startServerProcess } from '../testing/server-process.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const create = (...args: string[]) =>
  runWeir(server.directory, ['user', 'create-superadmin', ...args], server.environment);

const signIn = async (email: string, password: string) => {
  const { status, headers } = await requestApi(server, ['POST', '/api/auth/sign-in/email'], {
    body: { email, password },
  });
  const cookie = headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const users = await requestApi(server, ['GET', '/api/admin/users?limit=1'], { headers: { cookie } });
  return [status, users.status];
};

test('without a password one is made up and shown once; with it one signs in and administers', async () => {
  const { code, stdout, stderr } = await create('--email', ' Root@Weir.example ');
  const password = stdout.trim();
  expect([code, password.length >= 20, stderr.includes(password)]).toEqual([0, true, false]);
  expect(await signIn('root@weir.example', password)).toEqual([200, 200]);
  const { rows } = await server.owner.query(
    `select a.actor_type, a.reason, a.after::text as after from weir.audit_logs a join weir.users u on u.id::text = a.target_id
      where u.email = 'root@weir.example' and a.action = 'user.create'`,
  );
  expect(rows[0]).toMatchObject({ actor_type: 'system', reason: 'weir user create-superadmin' });
  expect(rows[0].after).not.toContain(password);
  const again = await create('--email', 'root@weir.example');
  expect([again.code, again.stdout]).toEqual([1, '']);
  expect(again.stderr).toContain('has an account already');
});

test('a password comes by standard input, and is not shown', async () => {
  const cli = new URL('../cli.ts', import.meta.url).pathname;
  const settings = Object.entries(server.environment).map(([name, value]) => `${name}='${value}'`);
  const line = `echo 'correct horse battery' | ${settings.join(' ')} "${process.execPath}" "${cli}" user create-superadmin --email piped@weir.example`;
  expect(await runShell(line)).toBe('');
  expect(await signIn('piped@weir.example', 'correct horse battery')).toEqual([200, 200]);
});

test.each([
  ['an address that is none', ['--email', 'root'], 'is not an e-mail address'],
  ['no address', [], "required option '--email <address>'"],
])('%s is refused', async (_name, args, message) => {
  const { code, stderr } = await create(...args);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});

test('somebody who has an account is made a superadmin when that is asked for; their password stays', async () => {
  const { email, password } = server.demo.users.freeMember;
  expect(await signIn(email, password)).toEqual([200, 403]);
  const { code, stdout } = await create('--email', email, '--promote');
  expect([code, stdout]).toEqual([0, '']);
  expect(await signIn(email, password)).toEqual([200, 200]);
});

test('a server in production whom nobody administers says how to make a superadmin', async () => {
  const database = await createTestDatabase();
  const scratch = await makeScratchDirectory('weir-nobody-');
  const process = startServerProcess(scratch.path, {
    ...{ WEIR_MODE: 'production', WEIR_MASTER_KEY: randomBytes(32).toString('base64') },
    ...{ DATABASE_URL: database.url, DATABASE_MIGRATION_URL: database.ownerUrl },
  });
  try {
    await expect
      .poll(() => process.output(), { timeout: PATIENCE_MS })
      .toContain('weir user create-superadmin --email');
  } finally {
    await process.end('SIGKILL');
    await scratch.remove();
    await database.drop();
  }
});
