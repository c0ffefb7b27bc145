// Owns: what the doctor looks at in the database: version, settings, login, schema, partitions, drift, master key. Not: this machine (doctor-checks.ts).

import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ClientBase } from 'pg';
import { checkSchema } from '../../database/migrate.ts';
import { parseMasterKey } from '../../database/secrets/master-key.ts';
import { loadPreviousMasterKeys } from '../../database/secrets/master-key-change.ts';
import { masterKeyId } from '../../database/secrets/secret-box.ts';
import { describeLoginFaults } from '../lifecycle/database-checks.ts';
import { asService } from '../lifecycle/start.ts';
import { findForeignSecrets, withSecretsDatabase } from '../secrets/master-key-check.ts';
import type { CommandContext } from './command-context.ts';
import type { CommandDatabase } from './command-database.ts';
import type { Finding } from './doctor-checks.ts';

const OLDEST_VERSION = 150_000;
/** The month after the running one has to be there when it comes. */
const MONTHS_AHEAD_LEAST = 1;

/** Everything about the database, in the order of what depends on what. Throws when it does not answer. */
export async function checkDatabase(context: CommandContext, database: CommandDatabase): Promise<Finding[]> {
  const login = await checkLogin(context, database);
  const schema = await checkSchemaVersion(database);
  if (login.some(({ state }) => state === 'fail') || schema.state === 'fail') return [...login, schema];
  return asService(database.url, async (client) => [
    await checkServer(client, database),
    ...login,
    schema,
    await checkMasterKey(context, database),
    await checkPartitions(client),
    await checkDrift(client),
  ]);
}

async function checkServer(client: ClientBase, { origin }: CommandDatabase): Promise<Finding> {
  const { rows } = await client.query<{ version: string; number: string; commit: string; fsync: string }>(
    `select current_setting('server_version') as version, current_setting('server_version_num') as number,
       current_setting('synchronous_commit') as commit, current_setting('fsync') as fsync`,
  );
  const [row] = rows;
  const detail = `PostgreSQL ${row?.version} (${origin})`;
  if (Number(row?.number) < OLDEST_VERSION)
    return { subject: 'database', state: 'fail', detail, remedy: 'Weir needs PostgreSQL 15 or newer' };
  if (row?.fsync !== 'on' || row.commit === 'off') {
    return {
      subject: 'database',
      state: 'fail',
      detail: `${detail}: fsync ${row?.fsync}, synchronous_commit ${row?.commit}`,
      remedy: 'set both to on: what the ledger has answered must survive a crash',
    };
  }
  return { subject: 'database', state: 'ok', detail };
}

async function checkLogin({ config }: CommandContext, { url, origin }: CommandDatabase): Promise<Finding[]> {
  const faults = await describeLoginFaults(url);
  if (faults.length === 0) return [{ subject: 'login', state: 'ok', detail: 'has the rights it needs and no more' }];
  // A login for trying out may do too much; one that may do too little serves nobody.
  const state = config.mode === 'production' ? 'fail' : 'warn';
  return faults.map((fault): Finding => {
    const [detail = '', remedy = ''] = fault.split('; ');
    return { subject: 'login', state: origin === 'DATABASE_URL' ? state : 'warn', detail, remedy };
  });
}

async function checkSchemaVersion({ url }: CommandDatabase): Promise<Finding> {
  try {
    const { state } = await checkSchema({ connectionString: url });
    return {
      subject: 'schema',
      state: 'ok',
      detail: state === 'current' ? 'is current' : 'is newer, and works with this release',
    };
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { subject: 'schema', state: 'fail', detail, remedy: 'npm run weir -- migrate' };
  }
}

async function checkMasterKey({ config }: CommandContext, { url }: CommandDatabase): Promise<Finding> {
  const subject = 'master key';
  const key = config.masterKey ?? (await readKeyFile(config.directory));
  const others = await loadPreviousMasterKeys(config, resolve(config.directory));
  const foreign = await withSecretsDatabase(url, (database) =>
    findForeignSecrets(database, key === null ? others : [key, ...others]),
  );
  const remedy = 'put master.key back from where this data was made, or set WEIR_MASTER_KEY to that key';
  if (foreign.length > 0) {
    const has = key === null ? 'is missing' : `is ${masterKeyId(key)}`;
    return { subject, state: 'fail', detail: `${has}, which does not open: ${foreign.join('; ')}`, remedy };
  }
  if (key === null) return { subject, state: 'ok', detail: 'is made on the first start' };
  return { subject, state: 'ok', detail: `${masterKeyId(key)} fits the stored secrets` };
}

async function readKeyFile(directory: string): Promise<Buffer | null> {
  const path = join(resolve(directory), 'master.key');
  const text = await readFile(path, 'utf8').catch(() => null);
  return text === null ? null : parseMasterKey(text, path);
}

async function checkPartitions(client: ClientBase): Promise<Finding> {
  const { rows } = await client.query<{ strays: bigint; ahead: number }>(
    `select weir_private.default_partition_rows('weir.usage_events') as strays,
       (select count(*)::int from generate_series(1, 12) as month
         where to_regclass(format('weir.usage_events_%s', to_char((now() at time zone 'UTC') + make_interval(months => month), 'YYYY_MM'))) is not null) as ahead`,
  );
  const strays = Number(rows[0]?.strays ?? 0n);
  const ahead = rows[0]?.ahead ?? 0;
  const remedy = 'a running server makes them every hour; look at its log';
  if (strays > 0)
    return { subject: 'partitions', state: 'fail', detail: `${strays} events found no monthly partition`, remedy };
  if (ahead < MONTHS_AHEAD_LEAST)
    return { subject: 'partitions', state: 'warn', detail: 'none for the next month', remedy };
  return { subject: 'partitions', state: 'ok', detail: `${ahead} months ahead` };
}

async function checkDrift(client: ClientBase): Promise<Finding> {
  const { rows } = await client.query<{ count: bigint }>('select count(*) from weir_private.ledger_drift()');
  const count = Number(rows[0]?.count ?? 0n);
  return count === 0
    ? { subject: 'ledger', state: 'ok', detail: 'drift 0' }
    : {
        subject: 'ledger',
        state: 'fail',
        detail: `${count} counters differ from their events`,
        remedy: 'npm run weir -- ledger verify',
      };
}
