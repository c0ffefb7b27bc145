// Proves: no secret reaches the log, wherever it hides.

import { spawn } from 'node:child_process';
import { Console } from 'node:console';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WeirError } from '../../primitives/errors.ts';
import { logConsole } from './console-lines.ts';
import { createLog, hideSecrets } from './log.ts';
import { formatForPeople } from './log-text.ts';

const KEY = 'wr_live_8Jx0Zq1mVbT5aaaaaaaaaaaaaaaaaaaaaaaaaaaa';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-log-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The file descriptor of a pipe; Node does not say it by a public name. */
function fdOf(pipe: Writable | null): number {
  return (pipe as Writable & { _handle: { fd: number } })._handle.fd;
}

/** What the work writes to the log. */
async function logged(
  format: 'json' | 'text',
  work: (log: ReturnType<typeof createLog>['log']) => void,
): Promise<string> {
  const path = join(folder, `${format}.log`);
  const fd = openSync(path, 'w');
  const { log, flush } = createLog({ logLevel: 'info', logFormat: format, fd });
  work(log);
  await flush();
  closeSync(fd);
  return readFileSync(path, 'utf8');
}

test.each<[string, string]>([
  ['a virtual key', `the key ${KEY} is refused`],
  ['a personal API token', 'Bearer wr_pat_abcdef1234568Jx0Zq1mVbT5 is refused'],
  ["an organization's API token", 'the token wr_org_abcdef1234568Jx0Zq1mVbT5'],
  ["a vendor's key", 'Incorrect API key provided: sk-proj-abcdef123456'],
  ['another vendor', 'x-api-key: sk-ant-api03-abcdef123456'],
  ['a password in a URL', 'connect to postgresql://weir:abcdef123456@db/weir failed'],
])('%s in a text is hidden', (_, text) => {
  const hidden = hideSecrets(text);
  expect(hidden).toContain('[hidden]');
  expect(hidden).not.toMatch(/abcdef123456|8Jx0Zq1mVbT5/);
});

test('what looks like no secret stays', () => {
  const text = 'GET http://localhost:8787/v1/models of gpt-4o-mini at https://api.example/v1?x=a@b';
  expect(hideSecrets(text)).toBe(text);
});

test('fields that hold secrets or what people say are hidden, at the top and one below', async () => {
  const text = await logged('json', (log) =>
    log.info(
      { authorization: 'x-one', request: { headers: 'x-two', messages: 'x-three' }, prompt: 'x-four', model: 'm' },
      'seen',
    ),
  );
  expect(text).not.toMatch(/x-(one|two|three|four)/);
  expect(JSON.parse(text)).toMatchObject({ level: 'info', msg: 'seen', model: 'm', authorization: '[hidden]' });
});

test('an error is logged with its internal detail and stack, without the rows that a database quotes', async () => {
  const cause = Object.assign(new Error('duplicate key'), {
    code: '23505',
    detail: 'Key (email)=(a@b.example) exists',
  });
  const text = await logged('json', (log) =>
    log.error({ error: new WeirError('internal_error', { internal: `of ${KEY}`, cause }) }, 'fault'),
  );
  const { error } = JSON.parse(text) as { error: Record<string, unknown> };
  expect(error).toMatchObject({
    type: 'WeirError',
    code: 'internal_error',
    internal: 'of wr_live_[hidden]',
    cause: { code: '23505' },
  });
  expect(error.stack).toContain('log.test.ts');
  expect(text).not.toContain('a@b.example');
});

test.each<[string, (target: Console) => void, Record<string, unknown>]>([
  [
    'a trace of the job queue',
    (target) => target.trace(new Error('connect postgresql://weir:abcdef123456@db/weir\nrefused')),
    { level: 'warn', error: { type: 'Error', message: 'connect postgresql://weir:[hidden]@db/weir\nrefused' } },
  ],
  [
    'a retry of the job queue',
    (target) => target.error('completeJobs: attempt %d failed', 2, KEY),
    { level: 'warn', detail: 'completeJobs: attempt 2 failed wr_live_[hidden]' },
  ],
  [
    'an object',
    (target) => target.log('pool', { password: 'abcdef123456' }),
    { level: 'info', detail: 'pool [object Object]' },
  ],
])('%s that a library prints is one line of the log, without secrets, and nowhere else', async (_, print, line) => {
  const printed: unknown[] = [];
  const sink = new Writable({ write: (chunk, _encoding, done) => void done(void printed.push(chunk)) });
  const text = await logged('json', (log) => {
    const target = new Console(sink);
    logConsole(target, log);
    print(target);
  });
  expect(text.trimEnd()).not.toContain('\n');
  expect(JSON.parse(text)).toMatchObject({ msg: 'a library printed this', ...line });
  expect(text).not.toMatch(/abcdef123456|8Jx0Zq1mVbT5/);
  expect(printed).toEqual([]);
});

test('what waits for a reader that stalls is bounded, and it is told what it did not get', async () => {
  const path = join(folder, 'stalled.log');
  const fd = openSync(path, 'w');
  const reader = spawn('cat', { stdio: ['pipe', fd, 'ignore'] });
  closeSync(fd);
  reader.kill('SIGSTOP');
  const { log, flush } = createLog({ logLevel: 'info', logFormat: 'json', fd: fdOf(reader.stdin) });
  const text = 'x'.repeat(50_000);
  for (let index = 0; index < 400; index += 1) log.info({ index, text }, 'said');
  reader.kill('SIGCONT');
  const lines = (): { index?: number; lines?: number }[] =>
    readFileSync(path, 'utf8')
      .trimEnd()
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line));
  await expect.poll(() => lines().at(-1)?.lines).toBeGreaterThan(0);
  await flush();
  const written = lines();
  expect(written.slice(0, -1).map(({ index }) => index)).toEqual(written.slice(0, -1).map((_, index) => index));
  expect(written.length - 1 + (written.at(-1)?.lines ?? 0)).toBe(400);
  reader.stdin?.end();
});

test('a process ends although nobody reads its log', async () => {
  const source = `
    const { createLog } = await import(${JSON.stringify(new URL('./log.ts', import.meta.url).href)});
    process.stdout.on('error', () => {});
    const { log, flush } = createLog({ logLevel: 'info', logFormat: 'json' });
    const text = 'x'.repeat(50_000);
    for (let index = 0; index < 100; index += 1) log.info({ text }, 'said');
    await flush();
    process.exit(7);
  `;
  // Nothing reads its standard output before it has ended.
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    expect(await once(child, 'exit')).toEqual([7, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

test('levels below the wanted one are not written', async () => {
  expect(await logged('json', (log) => log.debug({}, 'unseen'))).toBe('');
});

test('for people a line is a time, a level, a sentence and fields', async () => {
  const line = { level: 'info', time: '2026-01-02T03:04:05.678Z', msg: 'ready', port: 1, name: 'two words' };
  expect(formatForPeople(JSON.stringify(line))).toBe('03:04:05.678 info  ready  port=1 name="two words"\n');
  expect(formatForPeople('no json')).toBe('no json');
  expect(await logged('text', (log) => log.info({ key: KEY }, `of ${KEY}`))).not.toContain('8Jx0');
});
