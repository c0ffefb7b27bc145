// Owns: what a run-time login must and must not be. Not: the roles themselves (migrations), or what follows from a fault (start, doctor).

import pg from 'pg';
import { CONNECT_TIMEOUT_MS } from '../../database/connection.ts';

/** The run-time login has rights that it must not have, or lacks some. */
export class DatabaseLoginError extends Error {
  override readonly name = 'DatabaseLoginError';
}

interface LoginRow {
  login: string;
  is_superuser: boolean;
  bypasses_rls: boolean;
  is_owner: boolean;
  is_runtime: boolean | null;
}

/** What is wrong with the login of a URL as a run-time login, each with its remedy; empty when nothing is. Throws when it can't connect. */
export async function describeLoginFaults(url: string): Promise<string[]> {
  const row = await readLogin(url);
  const faults: string[] = [];
  if (row.is_superuser) faults.push(`the login ${row.login} is a superuser; make one that is a member of weir_runtime`);
  if (row.bypasses_rls) faults.push(`the login ${row.login} has BYPASSRLS; run: ALTER ROLE "${row.login}" NOBYPASSRLS`);
  if (row.is_owner && !row.is_superuser)
    faults.push(`the login ${row.login} owns Weir's tables; make another that is a member of weir_runtime alone`);
  if (row.is_runtime === false)
    faults.push(`the login ${row.login} may not act as Weir; run: GRANT weir_runtime TO "${row.login}"`);
  return faults;
}

async function readLogin(url: string): Promise<LoginRow> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'weir check',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  });
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<LoginRow>(
      `select r.rolname as login, r.rolsuper as is_superuser, r.rolbypassrls as bypasses_rls,
         coalesce((select pg_catalog.pg_has_role(r.oid, o.oid, 'MEMBER') from pg_catalog.pg_roles o where o.rolname = 'weir_owner'), false) as is_owner,
         (select pg_catalog.pg_has_role(r.oid, m.oid, 'MEMBER') from pg_catalog.pg_roles m where m.rolname = 'weir_runtime') as is_runtime
       from pg_catalog.pg_roles r where r.rolname = session_user`,
    );
    const [row] = rows;
    if (!row) throw new Error('the database does not know its own login');
    return row;
  } finally {
    await client.end().catch(() => {});
  }
}
