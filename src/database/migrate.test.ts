/** Owns: the guarantees of the migration runner. Does not own: what the migrations say. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from './log.ts';
import { checkSchema, migrate } from './migrate.ts';
import { MIGRATIONS_DIRECTORY, readMigrations } from './migration-files.ts';
import { createTestDatabase, type TestDatabase } from './testing/database.ts';

let database: TestDatabase;
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase({ from: 'nothing' });
  directory = await mkdtemp(join(tmpdir(), 'weir-migrations-'));
  for (const file of ['000001_roles.sql', '000002_auth.sql', '000003_conventions.sql']) {
    await cp(join(MIGRATIONS_DIRECTORY, file), join(directory, file));
  }
});

afterEach(async () => {
  await database.drop();
  await rm(directory, { recursive: true });
});

const run = (): Promise<{ applied: string[] }> =>
  migrate({ connectionString: database.ownerUrl, log: silentLog, directory });

const check = (url = database.url): ReturnType<typeof checkSchema> => checkSchema({ connectionString: url, directory });

async function addMigration(name: string, sql: string): Promise<void> {
  await writeFile(join(directory, `${name}.sql`), sql);
}

async function ask<T extends pg.QueryResultRow>(query: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  const { rows } = await client.query<T>(query);
  await client.end();
  return rows;
}

describe('migrate', () => {
  test('applies what is missing in order, once', async () => {
    await addMigration('000010_things', 'create table weir.things (id bigint primary key);\n');
    expect((await run()).applied).toEqual(['000001_roles', '000002_auth', '000003_conventions', '000010_things']);
    expect((await run()).applied).toEqual([]);
    await addMigration('000011_more', 'create table weir.more (id bigint primary key);\n');
    expect((await run()).applied).toEqual(['000011_more']);
  });

  test('what it makes belongs to weir_owner', async () => {
    await addMigration('000010_things', 'create table things (id bigint primary key);\n');
    await run();
    expect(await ask(`select schemaname, tableowner from pg_tables where tablename = 'things'`)).toEqual([
      { schemaname: 'weir', tableowner: 'weir_owner' },
    ]);
  });

  test('four at once apply each migration once', async () => {
    await addMigration('000010_things', 'create table weir.things (id bigint primary key);\n');
    const results = await Promise.all([run(), run(), run(), run()]);
    expect(results.flatMap((result) => result.applied).sort()).toEqual([
      '000001_roles',
      '000002_auth',
      '000003_conventions',
      '000010_things',
    ]);
  });

  test('one may take longer than the queries of its login', async () => {
    await ask(`alter database ${database.databaseName} set statement_timeout = '50s'`);
    await addMigration('000010_slow', `create table slow as select current_setting('statement_timeout') as most;\n`);
    await run();
    expect(await ask('select most from weir.slow')).toEqual([{ most: '0' }]);
  });

  test('an applied file that changed is refused, by name', async () => {
    await addMigration('000010_things', 'create table weir.things (id bigint primary key);\n');
    await run();
    await addMigration('000010_things', 'create table weir.things (id bigint primary key, name text);\n');
    await expect(run()).rejects.toThrow('migration 000010_things changed after being applied');
    await expect(check()).rejects.toThrow('migration 000010_things changed after being applied');
  });

  test('the line ends of a Windows checkout change nothing', async () => {
    await addMigration('000010_things', 'create table weir.things (\n  id bigint primary key\n);\n');
    await run();
    await addMigration('000010_things', 'create table weir.things (\r\n  id bigint primary key\r\n);\r\n');
    expect((await run()).applied).toEqual([]);
  });

  test('a failing migration leaves nothing behind and says where it failed; the next run goes on there', async () => {
    await addMigration('000010_things', 'create table weir.things (id bigint primary key);\nselect nonsense;\n');
    await expect(run()).rejects.toThrow(
      'migration 000010_things failed and was rolled back: column "nonsense" does not exist (line 2)',
    );
    expect(await ask(`select to_regclass('weir.things') as found`)).toEqual([{ found: null }]);
    await addMigration('000010_things', 'create table weir.things (id bigint primary key);\n');
    expect((await run()).applied).toEqual(['000010_things']);
  });

  test('a migration numbered below an applied one is refused', async () => {
    await addMigration('000020_late', 'select 1;\n');
    await run();
    await addMigration('000010_early', 'select 1;\n');
    await expect(run()).rejects.toThrow('migration 000010_early is numbered below one that is applied already');
  });

  test.each([
    ['10_things.sql', 'must be named like'],
    ['000010-things.sql', 'must be named like'],
    ['000003_again.sql', 'have the same number'],
  ])('a file named %s is refused', async (file, message) => {
    await writeFile(join(directory, file), 'select 1;\n');
    await expect(run()).rejects.toThrow(message);
  });
});

describe('checkSchema', () => {
  test('the run-time login finds an up-to-date schema current', async () => {
    await run();
    expect(await check()).toEqual({ state: 'current' });
  });

  test('an empty database is older, with the remedy', async () => {
    await expect(check()).rejects.toThrow(/the database lacks migrations 000001_roles, .*; run "weir migrate" first/);
  });

  test('a schema that lacks a migration is refused', async () => {
    await run();
    await addMigration('000010_things', 'select 1;\n');
    await expect(check()).rejects.toThrow('the database lacks migration 000010_things');
  });

  test('release N serves on the schema of N+1', async () => {
    await addMigration('000010_things', '-- adds a thing\nselect 1;\n');
    await run();
    await rm(join(directory, '000010_things.sql'));
    expect(await check()).toEqual({ state: 'newer-compatible', unknown: ['000010_things'] });
    expect((await run()).applied).toEqual([]);
  });

  test('release N does not serve on a schema with a breaking migration it does not know', async () => {
    await addMigration('000010_things', '-- breaking\nselect 1;\n');
    await run();
    await rm(join(directory, '000010_things.sql'));
    await expect(check()).rejects.toThrow('000010_things, which this release does not know');
    await expect(run()).rejects.toThrow('000010_things, which this release does not know');
  });
});

test('marks are read from the first line alone', async () => {
  await addMigration('000010_a', '-- breaking, run as login\nselect 1;\n');
  await addMigration('000011_b', '-- this is not breaking\n-- breaking\nselect 1;\n');
  const marks = (await readMigrations(directory)).slice(-2).map(({ breaking, asLogin }) => ({ breaking, asLogin }));
  expect(marks).toEqual([
    { breaking: true, asLogin: true },
    { breaking: false, asLogin: false },
  ]);
});
