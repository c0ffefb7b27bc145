// Proves: what a backup holds comes back elsewhere, row by row, and serves; a file, key, release or database that is not right is refused with nothing written; a
// server makes backups by itself.

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { restoreBackup, writeBackup } from '../../database/backup/index.ts';
import { createTestDatabase, type TestDatabase } from '../../database/testing/database.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../../database/testing/scratch-directory.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { type RunningServer, startServer } from '../lifecycle/start.ts';
import { createLog } from '../logging/log.ts';
import { readConfig } from '../settings/config.ts';
import { PATIENCE_MS, sendChat } from '../testing/calls.ts';
import { runWeir } from '../testing/server-process.ts';

const KEY_ID = '00112233aabbccdd';
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

let source: TestDatabase;
let scratch: ScratchDirectory;
let file = '';
let freeKey = '';
const databases: TestDatabase[] = [];
const servers: RunningServer[] = [];

beforeAll(async () => {
  scratch = await makeScratchDirectory('weir-backup-');
  source = await addDatabase('template');
  const server = await serve(source, {});
  freeKey = server.demo?.file.keys.free ?? '';
  for (const prompt of ['Hello', 'two\nlines\twith \\ and "quotes"', '[[error:500]] then'])
    await (await sendChat(server.url, freeKey, { prompt })).text();
  await server.stop();
  await ask(source, `select weir_private.ensure_monthly_partitions('weir.usage_events', 0, '2024-05-05')`);
  await ask(
    source,
    `insert into weir.job_runs (job, cause, status, started_at) values ('expiries', 'schedule', 'running', now())`,
  );
});
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()));
  await Promise.all(databases.map((database) => database.drop()));
  await scratch.remove();
});

const environmentOf = (database: TestDatabase): Record<string, string> => ({
  ...{ DATABASE_URL: database.url, DATABASE_MIGRATION_URL: database.ownerUrl, WEIR_DIRECTORY: scratch.path },
});

async function addDatabase(from: 'template' | 'nothing'): Promise<TestDatabase> {
  const database = await createTestDatabase({ from });
  databases.push(database);
  return database;
}

async function serve(database: TestDatabase, environment: Record<string, string>): Promise<RunningServer> {
  const base = { ...environmentOf(database), PORT: '0', WEIR_LOG_LEVEL: 'silent', WEIR_JOBS: 'off' };
  const config = readConfig({ ...base, ...environment });
  const { log, lines } = createLog(config);
  const server = await startServer({ config, log, logLines: lines, clock: systemClock, random: createSystemRandom() });
  servers.push(server);
  return server;
}

async function ask(database: TestDatabase, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

/** Every table of a database with how many rows it has and what is in them. */
async function contentsOf(database: TestDatabase): Promise<Record<string, unknown>> {
  const tables = await ask(
    database,
    `select relname as name from pg_class where relnamespace = 'weir'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const contents: Record<string, unknown> = {};
  for (const { name } of tables) {
    const condition =
      name === 'job_runs' ? `where status <> 'running'` : name === 'rate_limit_windows' ? 'where false' : '';
    [contents[String(name)]] = await ask(
      database,
      `select count(*)::integer as rows, md5(string_agg(t::text, '' order by t::text)) as content from weir.${name} t ${condition}`,
    );
  }
  return contents;
}

const restore = (
  database: TestDatabase,
  path: string,
  options: { masterKeyIds?: string[]; acceptDrift?: boolean } = {},
) =>
  restoreBackup({ url: database.ownerUrl, path, masterKeyIds: [KEY_ID], acceptDrift: false, log: silent, ...options });

const back = (name: string): Promise<unknown> =>
  writeBackup({ ...{ url: source.ownerUrl, path: join(scratch.path, name) }, masterKeyId: KEY_ID, nowMs: 0 });

describe('a backup', () => {
  test('is one file of its owner, which says what it holds and that the master key is not in it', async () => {
    file = join(scratch.path, 'whole.backup');
    const { code, stdout, stderr } = await runWeir(scratch.path, ['backup', '--to', file], environmentOf(source));
    expect([code, stdout]).toEqual([0, `${file}\n`]);
    expect(stderr).toMatch(/rows of \d+ tables in \d+ bytes, read back and whole/);
    expect(stderr).toMatch(/The master key [0-9a-f]{16} is not in it/);
    const key = await readFile(join(scratch.path, 'master.key'), 'utf8');
    expect((await readFile(file)).includes(key.trim())).toBe(false);
    expect((await readdir(scratch.path)).filter((name) => name.endsWith('.draft'))).toEqual([]);
  });

  test('never replaces a file', async () => {
    await back('named.backup');
    await expect(back('named.backup')).rejects.toThrow(/is there already/);
  });

  test('is not made by a login that does not see every row', async () => {
    const options = { url: source.url, path: join(scratch.path, 'partial.backup'), masterKeyId: null, nowMs: 0 };
    await expect(writeBackup(options)).rejects.toThrow(/name the one that migrates in DATABASE_MIGRATION_URL/);
    expect((await readdir(scratch.path)).filter((name) => name.startsWith('partial'))).toEqual([]);
  });

  test('comes back row by row into an empty database; what it guards is on again, and the ledger verifies', async () => {
    const target = await addDatabase('template');
    const environment = environmentOf(target);
    const restored = await runWeir(scratch.path, ['restore', file], environment);
    expect([restored.code, restored.stderr]).toEqual([0, expect.stringContaining('The ledger verifies.')]);
    const contents = await contentsOf(target);
    expect(contents).toEqual(await contentsOf(source));
    const { rows } = contents.usage_events as { rows: number };
    expect(rows).toBeGreaterThanOrEqual(3);
    const verified = await runWeir(scratch.path, ['ledger', 'verify'], environment);
    expect([verified.code, verified.stdout]).toEqual([0, 'drift 0\n']);

    const guards = `select
      (select json_agg(c.relname order by 1) from pg_class c where c.relnamespace = 'weir'::regnamespace and relkind in ('r', 'p') and not relforcerowsecurity) as open,
      (select count(*) from pg_trigger g join pg_class c on c.oid = g.tgrelid where c.relnamespace = 'weir'::regnamespace and g.tgenabled <> 'O') as "off",
      (select json_agg(c.relname order by relname) from pg_class c where c.relnamespace = 'weir'::regnamespace and relispartition and relkind = 'r') as partitions`;
    const [before, after] = [await ask(source, guards), await ask(target, guards)];
    expect(after).toEqual(before);
    expect(after[0]).toMatchObject({ off: '0', partitions: expect.arrayContaining(['usage_events_2024_05']) });
    const sequences = `select sequencename, last_value from pg_sequences where schemaname = 'weir' order by 1`;
    expect(await ask(target, sequences)).toEqual(await ask(source, sequences));

    await expect(restore(target, join(scratch.path, 'named.backup'))).rejects.toThrow('the database is not empty');
  });

  test('that is restored serves the keys of before, and makes backups of its own', async () => {
    const target = databases.at(-1);
    if (target === undefined) throw new Error('a database was restored');
    const folder = join(scratch.path, 'kept');
    const server = await serve(target, { WEIR_JOBS: 'on', WEIR_BACKUP_DIRECTORY: folder });
    expect((await sendChat(server.url, freeKey)).status).toBe(200);
    const runs = () =>
      ask(target, `select status, counts ->> 'removed' as removed, error from weir.job_runs where job = 'backup'`);
    await expect
      .poll(runs, { timeout: PATIENCE_MS, interval: 50 })
      .toEqual([{ status: 'succeeded', removed: '0', error: null }]);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/^weir-\d{8}T\d{6}Z\.backup$/)]);
  });
});

describe('with nothing written, it is refused', () => {
  let target: TestDatabase;
  let bytes: Buffer;
  beforeAll(async () => {
    target = await addDatabase('nothing');
    bytes = await readFile(join(scratch.path, 'named.backup'));
  });
  const isUntouched = async () =>
    expect(
      await ask(target, `select count(*)::integer as schemas from pg_namespace where nspname like 'weir%'`),
    ).toEqual([{ schemas: 0 }]);
  const damaged = async (content: Buffer): Promise<string> => {
    const path = join(scratch.path, 'damaged.backup');
    await writeFile(path, content);
    return path;
  };

  test.each([
    ['cut in half', (whole: Buffer) => whole.subarray(0, whole.length / 2), /cut off/],
    ['cut by a byte', (whole: Buffer) => whole.subarray(0, -1), /cut off/],
    ['cut to its first line', (whole: Buffer) => whole.subarray(0, 14), /cut off/],
    ['empty', () => Buffer.alloc(0), /no backup of Weir/],
    ['changed in the middle', (whole: Buffer) => changed(whole, whole.length / 2), /checksum differs/],
    [
      'missing a piece',
      (whole: Buffer) => Buffer.concat([whole.subarray(0, 900), whole.subarray(999)]),
      /checksum differs/,
    ],
  ])('a file %s', async (_name, damage, message) => {
    await expect(restore(target, await damaged(damage(bytes)))).rejects.toThrow(message);
    await isUntouched();
  });

  test('another master key, which is named with the one that is missing', async () => {
    const path = join(scratch.path, 'named.backup');
    await expect(restore(target, path, { masterKeyIds: ['ffffffffffffffff'] })).rejects.toThrow(
      `made with the master key ${KEY_ID}, and the one here is ffffffffffffffff`,
    );
    await expect(restore(target, path, { masterKeyIds: [] })).rejects.toThrow('there is none here');
    await isUntouched();
  });

  test('a ledger that does not verify, unless that is accepted', async () => {
    const drifting = await addDatabase('template');
    await ask(
      source,
      `update weir.counters set used = used + 1 where id = (select min(id) from weir.counters where used > 0)`,
    );
    await back('drifting.backup');
    const path = join(scratch.path, 'drifting.backup');
    await expect(restore(drifting, path)).rejects.toThrow(/the ledger does not verify: \d+ counters/);
    expect(await ask(drifting, 'select count(*)::integer as organizations from weir.organizations')).toEqual([
      { organizations: 0 },
    ]);
    expect((await restore(drifting, path, { acceptDrift: true })).drift).toBeGreaterThan(0);
  });

  test('another schema, with the release to take instead', async () => {
    await ask(
      source,
      `delete from weir_meta.migrations where sequence = (select max(sequence) from weir_meta.migrations)`,
    );
    await back('older.backup');
    await expect(restore(target, join(scratch.path, 'older.backup'))).rejects.toThrow(
      /this release has more; restore with the release that made it, then run "weir migrate"/,
    );
    await ask(source, `insert into weir_meta.migrations values ('000999_later', 999, 'abc', false)`);
    await back('newer.backup');
    await expect(restore(target, join(scratch.path, 'newer.backup'))).rejects.toThrow(
      /has 000999_later, which this release/,
    );
    await isUntouched();
  });
});

function changed(whole: Buffer, at: number): Buffer {
  const copy = Buffer.from(whole);
  const place = Math.floor(at);
  copy.writeUInt8(copy.readUInt8(place) ^ 1, place);
  return copy;
}
