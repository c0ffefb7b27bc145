// Owns: loading a backup into an empty database, all of it or nothing. Not: the file (read-backup.ts), or where the master key comes from.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { CONNECT_TIMEOUT_MS } from '../connection.ts';
import type { DatabaseLog } from '../log.ts';
import { migrate } from '../migrate.ts';
import { readMigrations } from '../migration-files.ts';
import { copyIn, listTables, nameOf } from './backup-catalogue.ts';
import { BackupError } from './backup-file.ts';
import type { BackupHead } from './manifest.ts';
import { inOwnerTransaction } from './owner-transaction.ts';
import { type BackupContent, checkBackup, readBackup } from './read-backup.ts';

/** What came of it. */
export interface Restored extends BackupContent {
  /** Counters and lots that differ from their events; not 0 only where that was accepted. */
  readonly drift: number;
}

interface RestoreOptions {
  /** Of the login that migrates. */
  readonly url: string;
  readonly path: string;
  /** Keys that there are where it is restored to, by their public names; the present one first. */
  readonly masterKeyIds: readonly string[];
  /** Loads also what does not verify: it was so before the backup. */
  readonly acceptDrift: boolean;
  readonly log: DatabaseLog;
}

/**
 * Checks the whole file, the master key, the release and that the database is empty, and only then writes: the schema, and all rows in one transaction that ends
 * with the ledger compared with its events. Throws `BackupError` with what to do; no row is there then.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { url, path, log } = options;
  const content = await checkBackup(path);
  const { head } = content;
  assertMasterKey(head, options.masterKeyIds);
  await assertSameRelease(head);
  await assertNobodyThere(url);
  await migrate({ connectionString: url, log });
  const drift = await inOwnerTransaction(
    { url, mode: 'read write', applicationName: 'weir restore' },
    async (client) => {
      await client.query('set local role weir_owner');
      return load(client, content, options);
    },
  );
  return { ...content, drift };
}

function assertMasterKey({ masterKeyId }: BackupHead, present: readonly string[]): void {
  if (masterKeyId === null || present.includes(masterKeyId)) return;
  const here = present[0] === undefined ? 'there is none here' : `the one here is ${present[0]}`;
  throw new BackupError(
    `this backup was made with the master key ${masterKeyId}, and ${here}; put that master.key into Weir's folder, or set WEIR_MASTER_KEY`,
  );
}

async function assertSameRelease(head: BackupHead): Promise<void> {
  const known = new Map((await readMigrations()).map(({ name, hash }) => [name, hash]));
  const unknown = head.migrations.filter(({ name, hash }) => known.get(name) !== hash);
  if (unknown.length > 0)
    throw new BackupError(
      `this backup has ${unknown[0]?.name}, which this release does not know as it is; restore with the release that made it`,
    );
  if (known.size > head.migrations.length)
    throw new BackupError(
      `this backup ends with ${head.migrations.at(-1)?.name}, and this release has more; restore with the release that made it, then run "weir migrate" with this one`,
    );
}

/** Asked twice: before the schema is touched, and again under the locks of the load. */
async function assertNobodyThere(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ present: boolean }>(
      `select exists (select from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'weir' and c.relname = 'organizations') as present`,
    );
    if (rows[0]?.present !== true) return;
    await client.query('set role weir_owner');
    await assertEmpty(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function assertEmpty(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ used: boolean }>(
    `select exists (select from weir.organizations) or exists (select from weir.users)
         or exists (select from weir.usage_events) as used`,
  );
  if (rows[0]?.used === true)
    throw new BackupError('the database is not empty: a backup is restored into a database without people and use');
}

async function load(client: pg.Client, content: BackupContent, options: RestoreOptions): Promise<number> {
  const { head, foot } = content;
  const tables = await listTables(client);
  assertSameTables(head, tables);
  for (const { table, month } of head.partitions)
    await client.query('select weir_private.ensure_monthly_partitions($1::regclass, 0, $2::timestamptz)', [
      nameOf(table),
      `${month}T00:00:00Z`,
    ]);
  const names = tables.map(({ name }) => nameOf(name));
  // Rows are as they were: no trigger decides about them again. COPY takes none under forced row level security, which binds the owner as well.
  for (const name of names)
    await client.query(`alter table ${name} disable trigger user; alter table ${name} no force row level security`);
  // Reference data of the migrations and of a first start; the backup has its own.
  await client.query(`lock table ${names.join(', ')} in access exclusive mode`);
  await assertEmpty(client);
  await client.query(`truncate ${names.join(', ')}`);
  await readBackup(options.path, (table, rows) => pipeline(Readable.from(rows), client.query(copyFrom(copyIn(table)))));
  for (const { name, last, isCalled } of foot.sequences)
    await client.query('select setval($1::regclass, $2::bigint, $3)', [nameOf(name), last, isCalled]);
  await client.query('set constraints all immediate');
  for (const name of names)
    await client.query(`alter table ${name} enable trigger user; alter table ${name} force row level security`);
  const drift = await countDrift(client);
  if (drift > 0 && !options.acceptDrift)
    throw new BackupError(
      `the ledger does not verify: ${drift} counters or credits differ from their events. Nothing was restored; --accept-drift restores it as it is, for "weir ledger verify" to tell which`,
    );
  return drift;
}

function assertSameTables(head: BackupHead, tables: Awaited<ReturnType<typeof listTables>>): void {
  const describe = (list: readonly { name: string; columns: readonly string[] }[]): string =>
    JSON.stringify(list.map(({ name, columns }) => `${name}(${columns.join()})`).sort());
  if (describe(head.tables) !== describe(tables.filter(({ isOmitted }) => !isOmitted)))
    throw new BackupError("the backup's tables are not those of this schema, though its migrations are");
}

async function countDrift(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ drift: number }>(
    `select ((select count(*) from weir_private.ledger_drift()) + (select count(*) from weir_private.credit_drift()))::integer as drift`,
  );
  return rows[0]?.drift ?? 0;
}
