/** Owns: the guarantees of the embedded PostgreSQL: set-up, restart, recovery, supervision. Does not own: Weir's schema. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type DatabaseLog, silentLog } from '../log.ts';
import { makeScratchDirectory, type ScratchDirectory, THROW_AWAY_SETTINGS } from '../testing/scratch-directory.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts';
import { clearLeftovers } from './leftovers.ts';
import { isAlive, processesIn } from './processes.ts';
import type { EmbeddedState } from './supervisor.ts';

let scratch: ScratchDirectory;
const running: EmbeddedPostgres[] = [];

beforeEach(async () => {
  scratch = await makeScratchDirectory('weir-embedded-');
});

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  await scratch.remove();
});

async function start(
  options: { onStateChange?: (state: EmbeddedState) => void; log?: DatabaseLog } = {},
): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({
    directory: scratch.path,
    log: silentLog,
    settings: THROW_AWAY_SETTINGS,
    ...options,
  });
  running.push(postgres);
  return postgres;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  try {
    await client.connect();
    return (await client.query(text)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Asks again until the server answers: how a pool behind it would find out. */
const untilAnswered = (url: string, text: string): Promise<Record<string, unknown>[]> =>
  vi.waitFor(() => query(url, text), { timeout: 20_000, interval: 20 });

const dataOf = async (directory: string): Promise<string> => join(await realpath(join(directory, 'postgres')), 'data');

describe('start and stop', () => {
  test('data, passwords and URLs survive a restart', async () => {
    const first = await start();
    await query(first.ownerUrl, 'create table kept (id int); insert into kept values (1)');
    const { url, ownerUrl } = first;
    await first.stop();
    expect(first.state).toBe('stopped');
    const second = await start();
    expect({ url: second.url, ownerUrl: second.ownerUrl }).toEqual({ url, ownerUrl });
    expect(await query(second.ownerUrl, 'select id from kept')).toEqual([{ id: 1 }]);
  });

  test('the run-time login has no rights of its own, and nobody connects without a password', async () => {
    const postgres = await start();
    expect(
      await query(
        postgres.url,
        `select rolsuper, rolbypassrls, rolcreaterole, rolinherit from pg_roles where rolname = current_user`,
      ),
    ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolinherit: false }]);
    const guess = new URL(postgres.url);
    guess.password = 'guess';
    await expect(query(guess.href, 'select 1')).rejects.toThrow('password authentication failed');
  });

  test('durability is on, and the log never holds values', async () => {
    const postgres = await startEmbeddedPostgres({ directory: scratch.path, log: silentLog });
    running.push(postgres);
    const [settings] = await query(
      postgres.ownerUrl,
      `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('jit') as jit`,
    );
    expect(settings).toEqual({ fsync: 'on', commit: 'on', jit: 'off' });
    await query(postgres.ownerUrl, 'create table secrets (name text primary key)');
    await query(postgres.ownerUrl, `insert into secrets values ('canary-4711')`);
    await expect(query(postgres.ownerUrl, `insert into secrets values ('canary-4711')`)).rejects.toThrow(
      'duplicate key',
    );
    await expect(query(postgres.ownerUrl, `select 'canary-4711'::int`)).rejects.toThrow('invalid input');
    const log = await readFile(join(scratch.path, 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    expect(log).not.toContain('canary-4711');
  });

  test('secrets and logs are for the owner alone', async () => {
    await start();
    for (const file of ['postgres.json', 'postgres.log']) {
      expect((await stat(join(scratch.path, file))).mode & 0o777, file).toBe(0o600);
    }
    expect((await stat(await realpath(join(scratch.path, 'postgres')))).mode & 0o777).toBe(0o700);
  });

  test('stopping twice is the same as once', async () => {
    const postgres = await start();
    await Promise.all([postgres.stop(), postgres.stop()]);
    expect(await isAlive(postgres.pid)).toBe(false);
  });

  test('a second start in the same folder is refused and harms nothing', async () => {
    const postgres = await start();
    await expect(start()).rejects.toThrow(`another Weir (process ${process.pid}) runs the database`);
    expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('a folder that PostgreSQL can not reach gets its data elsewhere, and a second start finds them', async () => {
    const hidden = join(scratch.path, 'hidden');
    await mkdir(hidden, { mode: 0o700 });
    await chmod(hidden, 0o700);
    const inner = { path: join(hidden, '.weir') };
    const said: string[] = [];
    const log: DatabaseLog = { ...silentLog, info: (_fields, message) => said.push(message) };
    const startInner = (): Promise<EmbeddedPostgres> =>
      startEmbeddedPostgres({ directory: inner.path, log, settings: THROW_AWAY_SETTINGS });
    const first = await startInner();
    running.push(first);
    await query(first.ownerUrl, 'create table kept (id int)');
    await first.stop();
    const second = await startInner();
    running.push(second);
    expect(await query(second.ownerUrl, 'select id from kept')).toEqual([]);
    await second.stop();
    const asRoot = process.getuid?.() === 0;
    expect((await lstat(join(inner.path, 'postgres'))).isSymbolicLink()).toBe(asRoot);
    expect(said.filter((message) => message.includes('kept elsewhere'))).toHaveLength(asRoot ? 1 : 0);
    await rm(await realpath(join(inner.path, 'postgres')), { recursive: true });
  });
});

describe('recovery', () => {
  test('a killed postmaster is started again by itself, with everything that was committed', async () => {
    const states: EmbeddedState[] = [];
    const postgres = await start({ onStateChange: (state) => states.push(state) });
    await query(postgres.ownerUrl, 'create table kept (id int); insert into kept values (7)');
    const killed = postgres.pid;
    process.kill(killed, 'SIGKILL');
    await vi.waitFor(() => expect(states).toEqual(['down', 'ready']), { timeout: 20_000, interval: 10 });
    expect(postgres.pid).not.toBe(killed);
    expect(await query(postgres.ownerUrl, 'select id from kept')).toEqual([{ id: 7 }]);
  });

  test('killed again and again, it comes back each time', async () => {
    const postgres = await start();
    for (let round = 0; round < 3; round += 1) {
      process.kill(postgres.pid, 'SIGKILL');
      await vi.waitFor(() => expect(postgres.state).toBe('down'), { timeout: 20_000, interval: 1 });
      await vi.waitFor(() => expect(postgres.state).toBe('ready'), { timeout: 20_000, interval: 10 });
      expect(await query(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    }
  });

  test('a postmaster killed while a backend is stopped comes back: the backend is ended', async () => {
    const postgres = await start();
    const client = new pg.Client({ connectionString: postgres.ownerUrl });
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const backend = rows[0]?.pid ?? 0;
    process.kill(backend, 'SIGSTOP');
    process.kill(postgres.pid, 'SIGKILL');
    expect(await untilAnswered(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await isAlive(backend)).toBe(false);
    await client.end().catch(() => {});
  });

  test('a killed backend does not take the server with it for good', async () => {
    const postgres = await start();
    const client = new pg.Client({ connectionString: postgres.ownerUrl });
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    expect(await untilAnswered(postgres.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  test('stopping while it is down leaves nothing behind', async () => {
    const postgres = await start();
    const data = await dataOf(scratch.path);
    process.kill(postgres.pid, 'SIGKILL');
    await vi.waitFor(() => expect(postgres.state).toBe('down'), { timeout: 20_000, interval: 1 });
    await postgres.stop();
    await clearLeftovers(data, silentLog);
    expect((await processesIn(data)) ?? []).toEqual([]);
  });

  test('after kill -9 of the server a start finds the data, with one postmaster', async () => {
    const program = fileURLToPath(new URL('../testing/embedded-server.ts', import.meta.url));
    const child = spawn(process.execPath, [program, scratch.path], { stdio: ['pipe', 'pipe', 'inherit'] });
    const exited = once(child, 'exit');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { ownerUrl, pid } = JSON.parse(line) as { ownerUrl: string; pid: number };
    await query(ownerUrl, 'create table kept (id int); insert into kept values (9)');
    child.kill('SIGKILL');
    await exited;

    const postgres = await start();

    expect(await isAlive(pid)).toBe(false);
    expect(await query(postgres.ownerUrl, 'select id from kept')).toEqual([{ id: 9 }]);
  });

  test('an orphan does not outlive a killed server, even when nobody starts again', async () => {
    const program = fileURLToPath(new URL('../testing/embedded-server.ts', import.meta.url));
    const child = spawn(process.execPath, [program, scratch.path], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    const { pid } = JSON.parse(line) as { pid: number };
    child.kill('SIGKILL');
    await vi.waitFor(async () => expect(await isAlive(pid)).toBe(false), { timeout: 20_000, interval: 20 });
  });

  test('a lock file whose number belongs to somebody else by now does not stop a start', async () => {
    const first = await start();
    const lock = await readFile(join(await dataOf(scratch.path), 'postmaster.pid'), 'utf8');
    await first.stop();
    // Our own number: alive, and not a PostgreSQL.
    await writeFile(join(await dataOf(scratch.path), 'postmaster.pid'), lock.replace(/^\d+/, String(process.pid)));
    const second = await start();
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(await isAlive(process.pid)).toBe(true);
  });

  test('a set-up that was cut short is begun anew', async () => {
    const first = await start();
    await first.stop();
    const root = await realpath(join(scratch.path, 'postgres'));
    await rm(join(root, 'data'), { recursive: true });
    await mkdir(join(root, 'data.partial-0badcafe'));
    await writeFile(join(root, 'data.partial-0badcafe', 'PG_VERSION'), '18\n');
    const second = await start();
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect((await readdir(root)).filter((entry) => entry.includes('partial'))).toEqual([]);
  });
});

describe('refusals that say what to do', () => {
  test('data of another major version', async () => {
    await (await start()).stop();
    await writeFile(join(await dataOf(scratch.path), 'PG_VERSION'), '17\n');
    await expect(start()).rejects.toThrow('was made by PostgreSQL 17, this Weir brings 18');
  });

  test('data without their passwords', async () => {
    await (await start()).stop();
    await rm(join(scratch.path, 'postgres.json'));
    await expect(start()).rejects.toThrow('postgres.json is gone but there are data');
  });

  test('a start that fails shows the end of the log and lets go of the folder', async () => {
    const failing = startEmbeddedPostgres({
      directory: scratch.path,
      log: silentLog,
      settings: { shared_buffers: 'many' },
    });
    await expect(failing).rejects.toThrow(/did not start.*invalid value for parameter "shared_buffers"/s);
    expect(await query((await start()).url, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
