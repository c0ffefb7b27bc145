/**
 * Owns: saying what a run-time login may do that it should not. Does not own: refusing to start because of it (production
 * mode does).
 */
import pg from 'pg';
import { CONNECT_TIMEOUT_MS } from './connection.ts';

/** Each right by what it means; the texts end a sentence that begins with "the database login …". */
const EXCESS_RIGHTS = `
  select unnest(array_remove(array[
    case when r.rolsuper then 'is a superuser' end,
    case when r.rolbypassrls then 'passes by row level security (BYPASSRLS)' end,
    case when r.rolcreaterole then 'may make roles (CREATEROLE)' end,
    case when not r.rolsuper and exists (select from pg_roles o where o.rolname = 'weir_owner' and pg_has_role(r.oid, o.oid, 'MEMBER'))
      then 'may act as weir_owner' end,
    case when not r.rolsuper and (select datdba from pg_database where datname = current_database()) = r.oid then 'owns the database' end
  ], null)) as excess
  from pg_roles r where r.rolname = session_user`;

/**
 * What the login of a run-time URL has beyond becoming Weir's run-time roles; empty when it is as it should be. Throws what
 * `pg` throws when it can't connect.
 */
export async function findExcessRights(url: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ excess: string }>(EXCESS_RIGHTS);
    return rows.map((row) => row.excess);
  } finally {
    await client.end();
  }
}
