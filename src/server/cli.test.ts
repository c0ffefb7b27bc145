// Proves: the commands do what they say, with exit codes that scripts can trust.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { PATIENCE_MS, sendChat } from './testing/calls.ts';
import { startTestServer, type TestServer } from './testing/running-server.ts';
import { runWeir } from './testing/server-process.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const weir = (...args: string[]) => runWeir(server.directory, args, server.environment);

test('weir --version tells the release', async () => {
  expect(await weir('--version')).toMatchObject({ code: 0, stdout: `${packageFile.version}\n` });
});

describe('weir keys create', () => {
  test('prints a key once, alone on standard output, and it works within a second or so', async () => {
    const { code, stdout, stderr } = await weir(
      'keys',
      'create',
      '--organization',
      'harbour-software',
      '--environment',
      'test',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^wr_test_\w+\n$/);
    expect(stderr).not.toContain(stdout.trim());
    await expect
      .poll(async () => (await sendChat(server.url, stdout.trim())).status, { timeout: PATIENCE_MS })
      .toBe(200);
  });

  test('keeps its owner, limits and end', async () => {
    const email = server.demo.users.proAdmin.email;
    const { stdout } = await weir(
      ...['keys', 'create', '--organization', 'harbour-software', '--user', email, '--name', 'Nightly job'],
      ...['--rpm', '5', '--tpm', '1000', '--expires', '30d'],
    );
    const { rows } = await server.owner.query(
      `select u.email, k.name, k.requests_per_minute, k.tokens_per_minute, k.environment, round(extract(epoch from k.expires_at - now()) / 86400)::int as days
         from weir.virtual_keys k join weir.users u on u.id = k.user_id where k.last_four = $1 and k.name = 'Nightly job'`,
      [stdout.trim().slice(-4)],
    );
    expect(rows).toEqual([
      {
        email,
        name: 'Nightly job',
        requests_per_minute: '5',
        tokens_per_minute: '1000',
        environment: 'live',
        days: 30,
      },
    ]);
  });

  test.each<[string, string[], RegExp]>([
    [
      'an organization that is none',
      ['--organization', 'nobody'],
      /there is no organization nobody; there are .*harbour-software/,
    ],
    ['a person who is no member', ['--organization', 'corner-shop', '--user', 'x@y.example'], /is no member/],
    ['a limit that is none', ['--organization', 'corner-shop', '--rpm', '-1'], /--rpm is a whole number/],
    ['an end that is past', ['--organization', 'corner-shop', '--expires', '2001-01-01'], /still to come/],
    ['no organization', [], /required option/],
  ])('refuses %s', async (_, args, message) => {
    const { code, stdout, stderr } = await weir('keys', 'create', ...args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});

test('weir ledger verify finds drift and says so by its exit code; rebuild mends it', async () => {
  expect((await sendChat(server.url, server.demo.keys.enterprise)).status).toBe(200);
  expect(await weir('ledger', 'verify')).toMatchObject({ code: 0, stdout: 'drift 0\n' });
  const { rowCount } = await server.owner.query(
    `update weir.counters set used = used + 3 where id = (select max(id) from weir.counters)`,
  );
  expect(rowCount).toBe(1);
  const broken = await weir('ledger', 'verify');
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/used \d+ \(events say \d+\).*\ndrift 1\n$/);
  expect(await weir('ledger', 'rebuild')).toMatchObject({ code: 0, stdout: 'rebuilt 1\n' });
  expect((await weir('ledger', 'verify')).code).toBe(0);
});

test('weir doctor finds a sound installation sound, and says what to do about one that is not', async () => {
  const sound = await weir('doctor');
  // A database that may lose what it answered, as the one of the test run may, is all that can be wrong here.
  const failed = sound.stdout.split('\n').filter((line) => line.startsWith('FAIL') && !line.includes('fsync off'));
  expect(failed).toEqual([]);
  expect(sound.stdout).toMatch(/ok {4}schema .*\n(.*\n)*ok {4}server {7}ready on/);
  const broken = await runWeir(server.directory, ['doctor'], {
    ...server.environment,
    DATABASE_URL: 'postgresql://nobody:nothing@127.0.0.1:1/none',
  });
  expect(broken.code).toBe(1);
  expect(broken.stdout).toMatch(/FAIL {2}database .*\n.*→ start it, or correct DATABASE_URL/);
  expect(broken.stdout + broken.stderr).not.toContain('nothing@');
});

test('weir migrate has nothing to do on a current schema', async () => {
  expect(await weir('migrate')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('current') });
});

test('weir seed load makes as many organizations as were asked for, with keys that work', async () => {
  const { code, stdout } = await weir('seed', 'load', '--organizations', '2', '--users', '3');
  expect(code).toBe(0);
  const made = JSON.parse(stdout) as { key: string; userIds: string[] }[];
  expect(made.map(({ userIds }) => userIds.length)).toEqual([3, 3]);
  expect((await sendChat(server.url, made[0]?.key ?? '')).status).toBe(200);
  expect(await weir('seed', 'dreams')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('there is no scenario dreams'),
  });
});

test('weir start --check-config checks and does nothing else', async () => {
  expect(await weir('start', '--check-config')).toMatchObject({
    code: 0,
    stdout: 'The settings are right (development).\n',
  });
  const faulty = await runWeir(server.directory, ['start', '--check-config'], { PORT: 'x', WEIR_LOG_LEVEL: 'y' });
  expect(faulty.code).toBe(1);
  expect(faulty.stderr).toMatch(/2 settings are not right:\n {2}- .*\n {2}- /);
});
