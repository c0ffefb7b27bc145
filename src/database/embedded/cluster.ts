/**
 * Owns: making a data directory once, and the login and database in it. Does not own: Weir's roles and tables (the
 * migrations) or running the server (`postmaster.ts`).
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { type Account, spawnAs } from './account.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './error.ts';
import type { Secrets } from './store.ts';

const run = promisify(execFile);

/** The superuser: owns the cluster, migrates, and is never used at run time. */
export const SUPERUSER = 'postgres';
/** The run-time login: no rights of its own, may become the run-time roles. */
export const LOGIN = 'weir';
export const DATABASE = 'weir';

/** True when `data` holds a cluster; throws `EmbeddedPostgresError` when its major version is not the programs'. */
export async function hasCluster(data: string, binaries: Binaries): Promise<boolean> {
  const version = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => null);
  if (version === null) return false;
  if (version.trim() !== binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      `${data} was made by PostgreSQL ${version.trim()}, this Weir brings ${binaries.majorVersion}; restore a backup into a new folder, or run the release that made it`,
    );
  }
  return true;
}

/** Runs initdb in a folder of its own and renames it, so that an interrupted start leaves no half-made cluster. */
export async function createCluster(options: {
  binaries: Binaries;
  data: string;
  account: Account;
  secrets: Secrets;
}): Promise<void> {
  const { binaries, data, account, secrets } = options;
  const parent = dirname(data);
  const prefix = `${basename(data)}.partial-`;
  for (const entry of await readdir(parent)) {
    if (entry.startsWith(prefix)) await rm(join(parent, entry), { recursive: true, force: true });
  }
  const name = randomBytes(4).toString('hex');
  const partial = join(parent, `${prefix}${name}`);
  const passwordFile = join(parent, `password-${name}`);
  try {
    await writeFile(passwordFile, secrets.superuserPassword, { mode: 0o600, flag: 'wx' });
    if (account !== null) await chown(passwordFile, account.uid, account.gid);
    await run(binaries.initdb, initdbArguments(partial, passwordFile), spawnAs(account));
    await rename(partial, data);
  } catch (error) {
    throw new EmbeddedPostgresError(`PostgreSQL's data directory could not be made: ${initdbFailure(error)}`, {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

/** The built-in C.UTF-8 locale sorts by code point on every platform, so no index depends on the machine's libraries. */
function initdbArguments(data: string, passwordFile: string): string[] {
  return [
    `--pgdata=${data}`,
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--no-instructions',
  ];
}

function initdbFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { stderr } = error as Error & { stderr?: string };
  return stderr?.trim() || error.message;
}

/** Makes the run-time login and Weir's database where missing; `superuserUrl` leads to the database `postgres`. */
export async function createLogin(superuserUrl: string, secrets: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl, application_name: 'weir set-up' });
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query(`
      do $$ begin
        if not exists (select from pg_roles where rolname = 'weir_runtime') then
          create role weir_runtime nologin noinherit;
        end if;
        if not exists (select from pg_roles where rolname = '${LOGIN}') then
          create role ${LOGIN} login noinherit in role weir_runtime;
        end if;
      end $$`);
    await client.query(`alter role ${LOGIN} password ${client.escapeLiteral(secrets.loginPassword)}`);
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
