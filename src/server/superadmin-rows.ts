// Owns: the rows of superadmins that are made from outside the portal, and whether there is any. Not: who may make one (the command).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../database/pool.ts';
import type { SeedClient } from '../database/seeds/seed-client.ts';

/** Whether anybody can administer the platform. */
export async function hasSuperadmin(client: SeedClient): Promise<boolean> {
  const { rows } = await client.query(
    `select 1 from weir.users where platform_role = 'superadmin' and not banned limit 1`,
  );
  return rows.length > 0;
}

/** The id of whoever has the address. */
export async function findSuperadminAccount(tx: DatabaseTransaction, email: string): Promise<string | undefined> {
  const row = await tx.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst();
  return row?.id;
}

/** A new superadmin with a password; false when the address is taken. Whoever runs commands here vouches for the address. */
export async function insertSuperadmin(
  tx: DatabaseTransaction,
  person: {
    readonly userId: string;
    readonly accountId: string;
    readonly name: string;
    readonly email: string;
    /** In the auth library's form. */
    readonly passwordHash: string;
  },
): Promise<boolean> {
  const { userId, accountId, name, email, passwordHash } = person;
  const inserted = await tx
    .insertInto('users')
    .values({ id: userId, name, email, email_verified: true, platform_role: 'superadmin' })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return false;
  await tx
    .insertInto('accounts')
    .values({ id: accountId, user_id: userId, account_id: userId, provider_id: 'credential', password: passwordHash })
    .execute();
  return true;
}

/** Makes somebody a superadmin; a ban ends, and so does whatever acts as them. */
export async function promoteToSuperadmin(tx: DatabaseTransaction, userId: string): Promise<void> {
  await tx
    .updateTable('users')
    .set({ platform_role: 'superadmin', banned: false, ban_reason: null, ban_expires: null, email_verified: true })
    .where('id', '=', userId)
    .execute();
  await sql`delete from weir.sessions where user_id = ${userId} and impersonated_by is not null`.execute(tx);
}
