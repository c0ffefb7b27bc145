// Owns: changing people's rows, by the platform's door alone: no person's role may. Not: which change is allowed (admin-user.rules.ts).

import { sql } from 'kysely';
import type { PlatformRole } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** Locks a person's row until the transaction ends. Whether there is one. */
export async function lockUser(tx: DatabaseTransaction, id: string): Promise<boolean> {
  const row = await tx.selectFrom('users').select('id').where('id', '=', id).forUpdate().executeTakeFirst();
  return row !== undefined;
}

/** A new person; false when the address is taken. */
export async function insertUser(
  tx: DatabaseTransaction,
  user: { readonly id: string; readonly name: string; readonly email: string; readonly platformRole: PlatformRole },
): Promise<boolean> {
  const { id, name, email, platformRole } = user;
  const row = await tx
    .insertInto('users')
    // Verified: the only way in is the link that this very address receives, or a provider that vouches for it.
    .values({ id, name, email, platform_role: platformRole, email_verified: true })
    .onConflict((conflict) => conflict.column('email').doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** A link by which its person sets a password, in the form of the auth library: the hash of its token names the person. */
export async function insertPasswordLink(
  tx: DatabaseTransaction,
  link: { readonly id: string; readonly identifier: string; readonly userId: string; readonly days: number },
): Promise<void> {
  const { id, identifier, userId, days } = link;
  await sql`insert into weir.verifications (id, identifier, value, expires_at)
    values (${id}, ${identifier}, ${userId}, now() + ${days} * interval '1 day')`.execute(tx);
}

/** Voids the links that were mailed to a person. */
export async function endPasswordLinks(tx: DatabaseTransaction, userId: string): Promise<void> {
  await tx.deleteFrom('verifications').where('value', '=', userId).execute();
}

/** Changes what is given; a new address is not verified. */
export async function updateUser(
  tx: DatabaseTransaction,
  id: string,
  change: {
    readonly name?: string | undefined;
    readonly email?: string | undefined;
    readonly platformRole?: PlatformRole | undefined;
  },
): Promise<void> {
  const { name, email, platformRole } = change;
  await tx
    .updateTable('users')
    .set({
      // Set in any case, so that a change of nothing is no statement without columns.
      name: name ?? sql<string>`name`,
      ...(email === undefined ? {} : { email, email_verified: false }),
      ...(platformRole === undefined ? {} : { platform_role: platformRole }),
    })
    .where('id', '=', id)
    .execute();
}

/** Bans a person, or with null takes a ban back. */
export async function updateBan(
  tx: DatabaseTransaction,
  id: string,
  ban: { readonly reason: string; readonly until: string | null } | null,
): Promise<void> {
  await tx
    .updateTable('users')
    .set({ banned: ban !== null, ban_reason: ban?.reason ?? null, ban_expires: ban?.until ?? null })
    .where('id', '=', id)
    .execute();
}

/** Ends a person's sessions, and those in which they act as others; with `sessionId` that one alone. Gives how many. */
export async function endUserSessions(tx: DatabaseTransaction, userId: string, sessionId?: string): Promise<number> {
  const only = sessionId === undefined ? sql`true` : sql`id = ${sessionId} and user_id = ${userId}`;
  const { numAffectedRows = 0n } = await sql`delete from weir.sessions
    where (user_id = ${userId} or impersonated_by = ${userId}) and ${only}`.execute(tx);
  return Number(numAffectedRows);
}

/** Ends the sessions in which somebody acts as the person, or the person as somebody. */
export async function endImpersonations(tx: DatabaseTransaction, userId: string): Promise<void> {
  await sql`delete from weir.sessions
    where impersonated_by = ${userId} or (user_id = ${userId} and impersonated_by is not null)`.execute(tx);
}

/** An organization that would be left without an owner. */
export interface OwnedAlone {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
}

/** The organizations of which a person is the only owner. */
export async function listOwnedAlone(tx: DatabaseTransaction, userId: string): Promise<OwnedAlone[]> {
  const { rows } = await sql<OwnedAlone>`select o.id, o.name, o.slug
    from weir.members m join weir.organizations o on o.id = m.organization_id
   where m.user_id = ${userId} and m.role = 'owner' and not exists (select 1 from weir.members other
     where other.organization_id = m.organization_id and other.role = 'owner' and other.user_id <> m.user_id)
   order by o.name, o.id`.execute(tx);
  return rows;
}

/**
 * Removes a person with their preferences, entitlements, keys, sessions and personal counters. Their usage events and audit rows stay, under an id that then
 * names nobody. Counters that a call under way holds stay too, until they are archived.
 */
export async function removeUser(tx: DatabaseTransaction, id: string): Promise<void> {
  await sql`delete from weir.counters c where c.held = 0 and (
      c.organization_id in (select m.organization_id from weir.members m where m.user_id = ${id})
        and position(':user:' || c.organization_id::text || ':' || ${id}::text || ':' in c.meter_key) > 0
      or c.meter_key in (select 'trial:' || m.id || ':user:' || ${id}::text || ':messages' from weir.models m))`.execute(
    tx,
  );
  await endPasswordLinks(tx, id);
  await tx.deleteFrom('users').where('id', '=', id).execute();
}
