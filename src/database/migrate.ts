/**
 * Owns: bringing a database to this code's schema, forward only, and checking that it is there. Does not own: what the
 * migrations say, or seeds.
 */
import pg from 'pg';
import { CONNECT_TIMEOUT_MS } from './connection.ts';
import type { DatabaseLog } from './log.ts';
import { MIGRATIONS_DIRECTORY, type Migration, readMigrations } from './migration-files.ts';
import { prepareQueueSchema } from './queue-schema.ts';
import {
  type AppliedMigration,
  assertServable,
  changedText,
  compareSchema,
  type SchemaVersion,
  SchemaVersionError,
} from './schema-version.ts';

/** Any two processes that migrate the same database meet on this number ("weir" in ASCII). */
const ADVISORY_LOCK = 0x77656972;

/**
 * Roles belong to the cluster, so migrating two of its databases at once can collide on a role's row (PostgreSQL answers
 * "tuple concurrently updated", XX000, or a unique violation). The transaction is rolled back and runs again.
 */
const ROLE_COLLISION_TRIES = 5;

export interface MigrateOptions {
  /** URL of a superuser, or of a login with CREATEROLE that may create schemas in the database. */
  connectionString: string;
  log: DatabaseLog;
  /** Another folder, for tests. */
  directory?: string;
}

/**
 * Applies what is missing, each file in its own transaction, under an advisory lock: concurrent callers wait and then find
 * nothing to do. Gives the names applied. Throws `SchemaVersionError` when an applied file changed, when a pending one
 * is numbered below an applied one, or when the schema is newer and breaking; and what PostgreSQL says of bad SQL.
 */
export async function migrate(options: MigrateOptions): Promise<{ applied: string[] }> {
  const known = await readMigrations(options.directory ?? MIGRATIONS_DIRECTORY);
  return withClient(options.connectionString, async (client) => {
    await takeLock(client, options.log);
    await createRecords(client);
    const applied = await readApplied(client);
    const pending = pendingMigrations(applied, known);
    for (const migration of pending) {
      await applyMigration(client, migration);
      options.log.info({ migration: migration.name }, 'migration applied');
    }
    // Of another folder nothing is known, nor whether it has a queue.
    if (options.directory === undefined) await prepareQueueSchema(options);
    return { applied: pending.map((migration) => migration.name) };
  });
}

/**
 * Where the schema stands; throws `SchemaVersionError` unless this code may serve with it. Works with a run-time login
 * (acting as weir_gateway) as well as with the migrating one.
 */
export async function checkSchema(options: { connectionString: string; directory?: string }): Promise<SchemaVersion> {
  const known = await readMigrations(options.directory ?? MIGRATIONS_DIRECTORY);
  const applied = await withClient(options.connectionString, async (client) => {
    // By name in the catalogue: a lookup as `weir_meta.migrations` is refused to who may not use the schema yet.
    const readable = await client.query<{ readable: boolean }>(
      `select exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         join pg_catalog.pg_roles r on r.rolname = 'weir_gateway' and pg_catalog.pg_has_role(r.oid, 'MEMBER')
         where n.nspname = 'weir_meta' and c.relname = 'migrations'
           and pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')) as readable`,
    );
    if (readable.rows[0]?.readable !== true) return [];
    await client.query('set role weir_gateway');
    return readApplied(client);
  });
  const version = compareSchema(applied, known);
  assertServable(version);
  return version;
}

function pendingMigrations(applied: readonly AppliedMigration[], known: readonly Migration[]): Migration[] {
  const version = compareSchema(applied, known);
  if (version.state === 'changed') throw new SchemaVersionError(version, changedText(version.changed));
  if (version.state === 'newer-breaking') assertServable(version);
  const appliedNames = new Set(applied.map((row) => row.name));
  const pending = known.filter((migration) => !appliedNames.has(migration.name));
  const highest = Math.max(0, ...applied.map((row) => row.sequence));
  const early = pending.filter((migration) => migration.sequence < highest);
  if (early.length > 0) {
    throw new SchemaVersionError(
      version,
      `migration ${early[0]?.name} is numbered below one that is applied already; migrations go forward only, give it a new number`,
    );
  }
  return pending;
}

async function takeLock(client: pg.Client, log: DatabaseLog): Promise<void> {
  const tried = await client.query<{ taken: boolean }>('select pg_try_advisory_lock($1) as taken', [ADVISORY_LOCK]);
  if (tried.rows[0]?.taken === true) return;
  log.info({}, 'another process is migrating this database; waiting for it');
  await client.query('select pg_advisory_lock($1)', [ADVISORY_LOCK]);
}

async function createRecords(client: pg.Client): Promise<void> {
  await client.query(`
    create schema if not exists weir_meta;
    create table if not exists weir_meta.migrations (
      name text primary key,
      sequence integer not null unique,
      hash text not null,
      breaking boolean not null,
      applied_at timestamptz not null default clock_timestamp()
    )`);
}

async function readApplied(client: pg.Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration>(
    'select name, sequence, hash, breaking from weir_meta.migrations order by sequence',
  );
  return rows;
}

async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runInTransaction(client, migration);
      return;
    } catch (error) {
      await client.query('rollback').catch(() => {});
      if (attempt < ROLE_COLLISION_TRIES && isRoleCollision(error)) continue;
      throw new Error(`migration ${migration.name} failed and was rolled back: ${describe(error, migration)}`, {
        cause: error,
      });
    }
  }
}

async function runInTransaction(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin');
  await client.query(
    `set local client_min_messages = warning; set local timezone = 'UTC'; set local search_path = weir, pg_temp`,
  );
  if (!migration.asLogin) await client.query('set local role weir_owner');
  await client.query(migration.sql);
  await client.query('set local role none');
  await client.query('insert into weir_meta.migrations (name, sequence, hash, breaking) values ($1, $2, $3, $4)', [
    migration.name,
    migration.sequence,
    migration.hash,
    migration.breaking,
  ]);
  await client.query('commit');
}

function isRoleCollision(error: unknown): boolean {
  if (!(error instanceof pg.DatabaseError)) return false;
  return (
    (error.code === 'XX000' && error.message.includes('concurrently updated')) ||
    error.table?.startsWith('pg_auth') === true
  );
}

/** PostgreSQL's own words with the line of the file and its hint: the SQL is ours, there is nothing secret in it. */
function describe(error: unknown, migration: Migration): string {
  if (!(error instanceof pg.DatabaseError)) return error instanceof Error ? error.message : String(error);
  const position = Number(error.position ?? Number.NaN);
  const line = Number.isNaN(position) ? '' : ` (line ${migration.sql.slice(0, position).split('\n').length})`;
  const rest = [error.detail, error.where, error.hint].filter((text) => text !== undefined).join('; ');
  return `${error.message}${line}${rest === '' ? '' : `; ${rest}`}`;
}

async function withClient<T>(connectionString: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString,
    application_name: 'weir migrate',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    // A login's time limits are for the queries of people; a migration of large tables takes what it takes.
    await client.query('set statement_timeout = 0; set lock_timeout = 0');
    return await work(client);
  } finally {
    // Ending the session gives the advisory lock back, also after an error.
    await client.end().catch(() => {});
  }
}
