// Owns: the rows of a person's notifications and of how they want to be told. Not: making notifications (dispatch.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { NotificationChannel } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** One notification. */
export interface Notification {
  readonly id: string;
  readonly sequence: bigint;
  readonly userId: string;
  readonly type: string;
  readonly title: string;
  readonly body: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly organizationId: string | null;
  readonly organizationName: string | null;
  readonly readAt: Date | null;
  readonly createdAt: Date;
  /** ISO 8601 with microseconds: exact, so that it can be a place in the list. */
  readonly createdAtText: string;
}

/** What a person chose of one type and channel. */
export interface Preference {
  readonly type: string;
  readonly channel: NotificationChannel;
  readonly isEnabled: boolean;
}

/** Which ones are listed. */
export interface NotificationFilter {
  readonly unread?: boolean | undefined;
  readonly type?: string | undefined;
  readonly organizationId?: string | undefined;
}

function selectNotifications(tx: DatabaseTransaction) {
  return tx
    .selectFrom('notifications as n')
    .leftJoin('organizations as o', 'o.id', 'n.organization_id')
    .select(['n.id', 'n.sequence', 'n.type', 'n.title', 'n.body', 'n.data', 'n.user_id as userId'])
    .select(['n.organization_id as organizationId', 'o.name as organizationName'])
    .select(['n.read_at as readAt', 'n.created_at as createdAt'])
    .select(sql<string>`to_char(n.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('createdAtText'))
    .$castTo<Notification>();
}

/** Up to `limit` of a person's, newest first; of one moment as they came. */
export function listNotifications(
  tx: DatabaseTransaction,
  userId: string,
  page: {
    readonly limit: number;
    readonly after: readonly [createdAt: string, id: string] | null;
    readonly filter: NotificationFilter;
  },
): Promise<Notification[]> {
  const { limit, after, filter } = page;
  let query = selectNotifications(tx)
    .where('n.user_id', '=', userId)
    .orderBy('n.created_at', 'desc')
    .orderBy('n.sequence', 'desc')
    .limit(limit);
  if (filter.unread !== undefined) query = query.where('n.read_at', filter.unread ? 'is' : 'is not', null);
  if (filter.type !== undefined) query = query.where('n.type', '=', filter.type);
  if (filter.organizationId !== undefined) query = query.where('n.organization_id', '=', filter.organizationId);
  if (after !== null)
    query = query.where(
      sql<SqlBool>`(n.created_at, n.sequence) < (${after[0]}::timestamptz, (select p.sequence from weir.notifications p where p.id = ${after[1]}::uuid))`,
    );
  return query.execute();
}

/** A person's that are not read. */
export async function countUnread(tx: DatabaseTransaction, userId: string): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*)::integer as count from weir.notifications where user_id = ${userId} and read_at is null`.execute(
    tx,
  );
  return rows[0]?.count ?? 0;
}

/** Marks those of the person's that are named, or all; gives how many were not read before. */
export async function updateRead(
  tx: DatabaseTransaction,
  userId: string,
  change: { readonly ids: readonly string[] | null; readonly readAt: Date },
): Promise<number> {
  let query = tx
    .updateTable('notifications')
    .set({ read_at: change.readAt })
    .where('user_id', '=', userId)
    .where('read_at', 'is', null);
  if (change.ids !== null) query = query.where('id', 'in', change.ids);
  return Number((await query.executeTakeFirst()).numUpdatedRows);
}

/** Whether there was one of the person's. */
export async function endNotification(tx: DatabaseTransaction, userId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('notifications')
    .where('user_id', '=', userId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** What a person chose. */
export function listPreferences(tx: DatabaseTransaction, userId: string): Promise<Preference[]> {
  return tx
    .selectFrom('notification_preferences')
    .select(['type', 'channel', 'is_enabled as isEnabled'])
    .where('user_id', '=', userId)
    .$castTo<Preference>()
    .execute();
}

/** Keeps what a person chose. */
export async function updatePreferences(
  tx: DatabaseTransaction,
  userId: string,
  preferences: readonly Preference[],
): Promise<void> {
  await tx
    .insertInto('notification_preferences')
    .values(
      preferences.map(({ type, channel, isEnabled }) => ({ user_id: userId, type, channel, is_enabled: isEnabled })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['user_id', 'type', 'channel'])
        .doUpdateSet({ is_enabled: (each) => each.ref('excluded.is_enabled') }),
    )
    .execute();
}

/**
 * New ones of these people, made since then, in the order of their stream; of organizations as long as they belong there, which row level security says of people
 * but not of the platform, which asks for many.
 */
export function listRecent(tx: DatabaseTransaction, userIds: readonly string[], since: Date): Promise<Notification[]> {
  return selectNotifications(tx)
    .where('n.user_id', 'in', userIds)
    .where('n.created_at', '>', since)
    .where(
      sql<SqlBool>`(n.organization_id is null or exists (
        select 1 from weir.members m where m.organization_id = n.organization_id and m.user_id = n.user_id))`,
    )
    .orderBy('n.sequence')
    .execute();
}

/** Of these sessions and tokens the ones that would still be let in, as each request is (src/control/identity). */
export async function listLive(tx: DatabaseTransaction, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const isBanned = (person: string) =>
    sql`(${sql.ref(`${person}.banned`)} and (${sql.ref(`${person}.ban_expires`)} is null or ${sql.ref(`${person}.ban_expires`)} > now()))`;
  const { rows } = await sql<{ id: string }>`
    select s.id from weir.sessions s join weir.users u on u.id = s.user_id left join weir.users i on i.id = s.impersonated_by
     where s.id = any (${ids}::uuid[]) and s.expires_at > now() and not ${isBanned('u')}
       and (s.impersonated_by is null or (i.platform_role in ('platform_admin', 'superadmin') and not ${isBanned('i')}))
    union all
    select t.id from weir.api_tokens t join weir.users u on u.id = t.user_id
      join weir.members m on m.organization_id = t.organization_id and m.user_id = t.user_id
     where t.id = any (${ids}::uuid[]) and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
       and not ${isBanned('u')}`.execute(tx);
  return new Set(rows.map(({ id }) => id));
}

/** A person's after a place of their stream, the oldest first. */
export function listMissed(
  tx: DatabaseTransaction,
  userId: string,
  page: { readonly after: bigint; readonly limit: number },
): Promise<Notification[]> {
  return selectNotifications(tx)
    .where('n.user_id', '=', userId)
    .where('n.sequence', '>', page.after)
    .orderBy('n.sequence')
    .limit(page.limit)
    .execute();
}

/** Removes those that were made before then; gives how many. */
export async function deleteOldNotifications(tx: DatabaseTransaction, before: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from weir.notifications where id in (
    select id from weir.notifications where created_at < ${before} limit ${limit})`.execute(tx);
  return Number(numAffectedRows);
}
