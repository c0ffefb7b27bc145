// Owns: a transaction as the owner of Weir's tables, whose texts are the same on every server. Not: what is done in it.

import pg from 'pg';
import { CONNECT_TIMEOUT_MS } from '../connection.ts';
import { BackupError } from './backup-file.ts';

const INSUFFICIENT_PRIVILEGE = '42501';

/** What PostgreSQL writes and reads as text depends on these. */
const FORM = `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres';
  set local bytea_output = 'hex'; set local extra_float_digits = 1; set local search_path = weir, pg_temp;
  set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`;

/** Runs `work` in one transaction, which sees one moment when it only reads; rolled back when it throws. `url` of the login that migrates. */
export async function inOwnerTransaction<T>(
  options: { readonly url: string; readonly mode: 'read only' | 'read write'; readonly applicationName: string },
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: options.url,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    client_encoding: 'UTF8',
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const isolation = options.mode === 'read only' ? 'repeatable read' : 'read committed';
    await client.query(`begin isolation level ${isolation} ${options.mode}; ${FORM}`);
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== INSUFFICIENT_PRIVILEGE) throw error;
    throw new BackupError(
      `the login may not act as the owner of Weir's tables (${error.message}); name the one that migrates in DATABASE_MIGRATION_URL`,
    );
  } finally {
    // Without a commit the end of the session rolls back.
    await client.end().catch(() => {});
  }
}
