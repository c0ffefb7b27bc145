/**
 * Owns: that all migrations run on databases that are not ours alone: Supabase's roles and auth schema, a login that is no
 * superuser. Does not own: the runner's other guarantees (`migrate.test.ts`).
 *
 * Roles belong to the cluster, so these tests bring clusters of their own: embedded ones, PostgreSQL 18.
 */
import { sql } from 'kysely';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { silentLog } from './log.ts';
import { checkSchema, migrate } from './migrate.ts';
import { createDatabase } from './pool.ts';
import { withPrincipal } from './principal.ts';
import { withDatabaseName } from './testing/database-url.ts';
import { makeScratchDirectory, type ScratchDirectory, THROW_AWAY_SETTINGS } from './testing/scratch-directory.ts';

interface VirginCluster {
  adminUrl: string;
  urlOf(login: string, database: string): string;
}

const running: { postgres: EmbeddedPostgres; scratch: ScratchDirectory }[] = [];

afterEach(async () => {
  for (const { postgres, scratch } of running.splice(0)) {
    await postgres.stop();
    await scratch.remove();
  }
});

/** A cluster that has never heard of Weir, not even of the login that the embedded start makes. */
async function startVirginCluster(): Promise<VirginCluster> {
  const scratch = await makeScratchDirectory('weir-foreign-');
  const postgres = await startEmbeddedPostgres({
    directory: scratch.path,
    log: silentLog,
    settings: THROW_AWAY_SETTINGS,
  });
  running.push({ postgres, scratch });
  const adminUrl = withDatabaseName(postgres.ownerUrl, 'postgres');
  await inOrder(adminUrl, ['drop role weir', 'drop role weir_runtime']);
  return {
    adminUrl,
    urlOf: (login, database) => {
      const url = new URL(withDatabaseName(adminUrl, database));
      url.username = login;
      url.password = 'secret';
      return url.href;
    },
  };
}

async function inOrder(url: string, statements: readonly string[]): Promise<pg.QueryResult[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const results: pg.QueryResult[] = [];
    for (const statement of statements) results.push(await client.query(statement));
    return results;
  } finally {
    await client.end();
  }
}

const PERSON = '01920000-0000-7000-8000-000000000001';

/** The person of a signed-in transaction, through the run-time login of `url`. */
async function personSeen(url: string): Promise<string | undefined> {
  const database = createDatabase({
    url,
    role: 'weir_service',
    max: 1,
    applicationName: 'test',
    statementTimeoutMs: 0,
  });
  const caller = {
    userId: PERSON,
    organizationId: null,
    organizationRole: null,
    platformRole: 'user',
    impersonatorId: null,
  } as const;
  const seen = await withPrincipal(database, caller, async (tx) => {
    await sql`select count(*) from weir.organizations`.execute(tx);
    return (await sql<{ uid: string }>`select auth.uid()::text as uid`.execute(tx)).rows[0]?.uid;
  });
  await database.close();
  return seen;
}

/** As Supabase sets a project up: its roles, an auth schema of another role's, and a postgres that is no superuser. */
const SUPABASE_ROLES = [
  'create role anon nologin noinherit',
  'create role authenticated nologin noinherit',
  'create role service_role nologin noinherit bypassrls',
  'create role supabase_auth_admin nologin noinherit createrole',
  `create role supabase_postgres login createrole createdb password 'secret'`,
  'grant anon, authenticated, service_role to supabase_postgres with admin option',
  'create database supabase owner supabase_postgres',
];

const SUPABASE_AUTH = [
  'create schema auth authorization supabase_auth_admin',
  `create function auth.uid() returns uuid language sql stable as $$
    select coalesce(nullif(current_setting('request.jwt.claim.sub', true), ''),
      (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'))::uuid $$`,
  'alter function auth.uid() owner to supabase_auth_admin',
  'create table auth.users (id uuid primary key)',
  'alter table auth.users owner to supabase_auth_admin',
  'grant usage on schema auth to anon, authenticated, service_role, supabase_postgres',
];

test("Supabase's roles and auth schema are used as they are, by a login that is no superuser", async () => {
  const { adminUrl, urlOf } = await startVirginCluster();
  await inOrder(adminUrl, SUPABASE_ROLES);
  await inOrder(withDatabaseName(adminUrl, 'supabase'), SUPABASE_AUTH);
  const url = urlOf('supabase_postgres', 'supabase');

  const { applied } = await migrate({ connectionString: url, log: silentLog });

  expect(applied[0]).toBe('000001_roles');
  expect(await checkSchema({ connectionString: url })).toEqual({ state: 'current' });
  expect(await personSeen(url)).toBe(PERSON);
  const [owners] = await inOrder(url, [
    `select nspowner::regrole::text as of_schema, proowner::regrole::text as of_function
     from pg_namespace, pg_proc where nspname = 'auth' and pg_proc.oid = 'auth.uid()'::regprocedure`,
  ]);
  expect(owners?.rows).toEqual([{ of_schema: 'supabase_auth_admin', of_function: 'supabase_auth_admin' }]);
});

test('a login with CREATEROLE and CREATEDB alone migrates its own database, and a member of weir_runtime serves', async () => {
  const { adminUrl, urlOf } = await startVirginCluster();
  await inOrder(adminUrl, [
    `create role plain_owner login createrole createdb password 'secret'`,
    `create role plain_runtime login noinherit password 'secret'`,
  ]);
  await inOrder(urlOf('plain_owner', 'postgres'), ['create database plain']);
  const url = urlOf('plain_owner', 'plain');

  await migrate({ connectionString: url, log: silentLog });
  await inOrder(url, ['grant weir_runtime to plain_runtime']);

  expect(await checkSchema({ connectionString: urlOf('plain_runtime', 'plain') })).toEqual({ state: 'current' });
  expect(await personSeen(urlOf('plain_runtime', 'plain'))).toBe(PERSON);
});

test('an auth schema without auth.uid() that we may not write to is named, with the remedy', async () => {
  const { adminUrl, urlOf } = await startVirginCluster();
  await inOrder(adminUrl, [
    `create role plain_owner login createrole createdb password 'secret'`,
    'create database half owner plain_owner',
  ]);
  await inOrder(withDatabaseName(adminUrl, 'half'), ['create schema auth']);

  await expect(migrate({ connectionString: urlOf('plain_owner', 'half'), log: silentLog })).rejects.toThrow(
    /schema auth exists without auth.uid\(\).*grant CREATE on it to the migrating login/s,
  );
});
