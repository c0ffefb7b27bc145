// Owns: telling one database from another, so that a journal is never replayed into counters that are not its own. Not: the journal.

import type { Database } from '../../database/pool.ts';

/**
 * A name of the database that no other one has: PostgreSQL's identifier of the cluster (made at initdb, kept by a physical copy) and the number of
 * the database in it. Rejects as any query does.
 */
export async function findLedgerId(database: Database): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(
    `select c.system_identifier || '/' || d.oid as id from pg_control_system() c, pg_database d where d.datname = current_database()`,
  );
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('the database does not say which one it is');
  return id;
}
