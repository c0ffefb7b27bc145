/**
 * Owns: the one PostgreSQL of a test run: embedded in a temporary folder, or the one at DATABASE_URL; its migrated template,
 * and removing all of it again, also what a killed run left. Does not own: a test file's own database (`database.ts`).
 */
import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../embedded/embedded-postgres.ts';
import { isAlive } from '../embedded/processes.ts';
import { removeStore } from '../embedded/store.ts';
import { silentLog } from '../log.ts';
import { migrate } from '../migrate.ts';
import { withDatabaseName } from './database-url.ts';
import { makeScratchDirectory, THROW_AWAY_SETTINGS } from './scratch-directory.ts';

/** What a test file needs to make a database of its own; plain text, so that it reaches the worker. */
export interface TestCluster {
  /** A login that may create databases and roles; leads to the database `postgres` or the one in DATABASE_URL. */
  adminUrl: string;
  /** A run-time login with no rights but to become Weir's run-time roles. */
  loginUrl: string;
  /** The migrated and seeded database that clones are made from. */
  template: string;
  /** First part of the name of every database of this run: `weir_test_<process id>_<random>`. */
  prefix: string;
}

/** Several workers, each with pools of its own. */
const SETTINGS = { ...THROW_AWAY_SETTINGS, max_connections: '200' };

const FOLDER_PREFIX = 'weir-test-';
const OURS = /^weir_test_(\d+)_/;

/** Starts or finds the cluster and makes the template. `close` removes everything this run made. */
export async function startTestCluster(
  databaseUrl: string | undefined,
): Promise<{ cluster: TestCluster; close(): Promise<void> }> {
  const prefix = `weir_test_${process.pid}_${randomBytes(3).toString('hex')}`;
  const base = databaseUrl === undefined ? await embeddedCluster() : await externalCluster(databaseUrl, prefix);
  const cluster: TestCluster = {
    adminUrl: base.adminUrl,
    loginUrl: base.loginUrl,
    template: `${prefix}_template`,
    prefix,
  };
  try {
    await makeTemplate(cluster, base.login);
  } catch (error) {
    await base.close();
    throw error;
  }
  return { cluster, close: base.close };
}

interface Base {
  adminUrl: string;
  loginUrl: string;
  login: string;
  close(): Promise<void>;
}

async function embeddedCluster(): Promise<Base> {
  await removeDeadFolders();
  const scratch = await makeScratchDirectory(`${FOLDER_PREFIX}${process.pid}-`);
  const postgres = await startEmbeddedPostgres({ directory: scratch.path, log: silentLog, settings: SETTINGS });
  return {
    adminUrl: withDatabaseName(postgres.ownerUrl, 'postgres'),
    loginUrl: postgres.url,
    login: 'weir',
    close: async () => {
      await postgres.stop();
      await scratch.remove();
    },
  };
}

async function externalCluster(adminUrl: string, prefix: string): Promise<Base> {
  const login = `${prefix}_login`;
  const password = randomBytes(12).toString('hex');
  await withAdmin(adminUrl, async (client) => {
    await removeDead(client);
    await client.query(`create role ${login} login noinherit password '${password}'`);
  });
  const loginUrl = new URL(adminUrl);
  loginUrl.username = login;
  loginUrl.password = password;
  return {
    adminUrl,
    loginUrl: loginUrl.href,
    login,
    close: () => withAdmin(adminUrl, (client) => removeRun(client, prefix)),
  };
}

async function makeTemplate(cluster: TestCluster, login: string): Promise<void> {
  const url = withDatabaseName(cluster.adminUrl, cluster.template);
  await withAdmin(cluster.adminUrl, (client) => client.query(`create database ${cluster.template} template template0`));
  await migrate({ connectionString: url, log: silentLog });
  await withAdmin(cluster.adminUrl, (client) => client.query(`grant weir_runtime to ${login}`));
}

async function withAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: 'weir tests' });
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Databases and logins of runs whose process is gone. */
async function removeDead(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    `select datname as name from pg_database where datname like 'weir\\_test\\_%'
     union select rolname from pg_roles where rolname like 'weir\\_test\\_%'`,
  );
  const prefixes = new Set<string>();
  for (const { name } of rows) {
    const pid = OURS.exec(name)?.[1];
    if (pid !== undefined && !(await isAlive(Number(pid)))) prefixes.add(name.split('_').slice(0, 4).join('_'));
  }
  for (const prefix of prefixes) await removeRun(client, prefix);
}

async function removeRun(client: pg.Client, prefix: string): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where starts_with(datname, $1)',
    [prefix],
  );
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  await client.query(`drop role if exists ${prefix}_login`);
}

/** The watcher of a killed run has stopped its PostgreSQL; what is left is the folder. */
async function removeDeadFolders(): Promise<void> {
  for (const entry of await readdir(tmpdir())) {
    const pid = new RegExp(`^${FOLDER_PREFIX}(\\d+)-`).exec(entry)?.[1];
    if (pid !== undefined && !(await isAlive(Number(pid)))) await removeFolder(join(tmpdir(), entry));
  }
}

async function removeFolder(directory: string): Promise<void> {
  await removeStore(directory);
  await rm(directory, { recursive: true, force: true });
}
