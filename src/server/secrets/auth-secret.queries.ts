// Owns: the columns in which the auth library keeps what it encrypts, for the change of the master key. Not: what is in them.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A value that the library encrypted. */
export interface AuthSecret {
  readonly place: 'two_factors.secret' | 'two_factors.backup_codes' | AccountPlace;
  readonly id: string;
  readonly value: string;
  /** Where the list goes on. */
  readonly cursor: string;
}

type AccountPlace = 'accounts.access_token' | 'accounts.refresh_token' | 'accounts.id_token';

/** As the library writes what it encrypted, with its version of the secret. */
const ENCRYPTED = '$ba$%';

/** Up to `limit` of them, after a cursor. */
export async function listAuthSecrets(
  tx: DatabaseTransaction,
  { after, limit }: { readonly after: string | null; readonly limit: number },
): Promise<AuthSecret[]> {
  const { rows } = await sql<AuthSecret>`
    select s.* from (
      select v.place, t.id::text as id, v.value, t.id::text || ' ' || v.place as cursor
        from weir.two_factors t,
          lateral (values ('two_factors.secret', t.secret), ('two_factors.backup_codes', t.backup_codes)) v (place, value)
      union all
      select v.place, a.id::text, v.value, a.id::text || ' ' || v.place
        from weir.accounts a, lateral (values ('accounts.access_token', a.access_token),
          ('accounts.refresh_token', a.refresh_token), ('accounts.id_token', a.id_token)) v (place, value)
    ) s where s.value like ${ENCRYPTED} and s.cursor collate "C" > ${after ?? ''} order by s.cursor collate "C" limit ${limit}`.execute(
    tx,
  );
  return rows;
}

/** Puts another value in its place, unless it was changed since it was read. */
export async function updateAuthSecret(
  tx: DatabaseTransaction,
  { place, id, value }: AuthSecret,
  next: string,
): Promise<boolean> {
  const [table = '', column = ''] = place.split('.');
  const result = await sql`
    update weir.${sql.id(table)} set ${sql.id(column)} = ${next} where id = ${id} and ${sql.id(column)} = ${value}`.execute(
    tx,
  );
  return result.numAffectedRows === 1n;
}
