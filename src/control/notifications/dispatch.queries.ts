// Owns: the rows behind telling people: events nobody has reacted to, who is to be told, the notifications made of them. Not: which event means what
// (dispatch.rules.ts).

import { sql } from 'kysely';
import type { NotificationTypeName } from '../../contracts/notifications/notification-types.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { UnhandledEvent } from './dispatch.rules.ts';
import type { Preference } from './notification.queries.ts';

/** A notification before it is one. */
export interface NewNotification {
  readonly id: string;
  readonly userId: string;
  readonly organizationId: string | null;
  readonly type: NotificationTypeName;
  readonly title: string;
  readonly body: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dedupeKey: string;
}

/** The oldest events without a reaction, locked; what another replica is at is left out. */
export async function takeUnhandledEvents(tx: DatabaseTransaction, limit: number): Promise<UnhandledEvent[]> {
  const { rows } = await sql<UnhandledEvent>`
    select id, name, properties, user_id as "userId", organization_id as "organizationId" from weir.analytics_events
     where handled_at is null order by id limit ${limit} for update skip locked`.execute(tx);
  return rows;
}

/** They have had their reaction. */
export async function markHandled(tx: DatabaseTransaction, ids: readonly string[], at: Date): Promise<void> {
  await sql`update weir.analytics_events set handled_at = ${at} where id = any(${ids}::uuid[])`.execute(tx);
}

/** Owners and admins of these organizations, by organization. */
export async function listAdmins(
  tx: DatabaseTransaction,
  organizationIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const admins = new Map<string, string[]>();
  if (organizationIds.length === 0) return admins;
  const rows = await tx
    .selectFrom('members')
    .select(['organization_id as organizationId', 'user_id as userId'])
    .where('organization_id', 'in', organizationIds)
    .where('role', 'in', ['owner', 'admin'])
    .execute();
  for (const { organizationId, userId } of rows)
    admins.set(organizationId, [...(admins.get(organizationId) ?? []), userId]);
  return admins;
}

/** The platform's superadmins. */
export async function listSuperadmins(tx: DatabaseTransaction): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom('users')
    .select('id')
    .where('platform_role', '=', 'superadmin')
    .where('banned', '=', false)
    .execute();
  return rows.map(({ id }) => id);
}

/** Those of these people who are there: one may have been deleted since the event, or have left the organization. */
export async function listPresent(
  tx: DatabaseTransaction,
  pairs: readonly { readonly userId: string; readonly organizationId: string | null }[],
): Promise<ReadonlySet<string>> {
  if (pairs.length === 0) return new Set();
  const { rows } = await sql<{ userId: string; organizationId: string | null }>`
    select asked.user_id as "userId", asked.organization_id as "organizationId"
      from unnest(${pairs.map(({ userId }) => userId)}::uuid[], ${pairs.map(({ organizationId }) => organizationId)}::uuid[])
        as asked (user_id, organization_id)
      join weir.users u on u.id = asked.user_id
     where asked.organization_id is null or exists (select from weir.members m
       where m.organization_id = asked.organization_id and m.user_id = asked.user_id)`.execute(tx);
  return new Set(rows.map(({ userId, organizationId }) => `${userId} ${organizationId}`));
}

/** What these people chose, by person. */
export async function listChosen(
  tx: DatabaseTransaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Preference[]>> {
  const chosen = new Map<string, Preference[]>();
  if (userIds.length === 0) return chosen;
  const rows = await tx
    .selectFrom('notification_preferences')
    .select(['user_id as userId', 'type', 'channel', 'is_enabled as isEnabled'])
    .where('user_id', 'in', userIds)
    .$castTo<Preference & { readonly userId: string }>()
    .execute();
  for (const { userId, ...preference } of rows) chosen.set(userId, [...(chosen.get(userId) ?? []), preference]);
  return chosen;
}

/** Adds those that are new, each with its delivery in the application; gives how many there were. */
export async function insertNotifications(tx: DatabaseTransaction, rows: readonly NewNotification[]): Promise<number> {
  if (rows.length === 0) return 0;
  const { rows: made } = await sql`
    with made as (
      insert into weir.notifications (id, user_id, organization_id, type, title, body, data, dedupe_key)
      select r.id, r.user_id, r.organization_id, r.type, r.title, r.body, r.data, r.dedupe_key
        from jsonb_to_recordset(${JSON.stringify(rows.map(toRecord))}::jsonb)
          as r (id uuid, user_id uuid, organization_id uuid, type text, title text, body text, data jsonb, dedupe_key text)
      on conflict on constraint notifications_once do nothing returning id)
    insert into weir.notification_deliveries (notification_id, channel, status, attempts, sent_at)
    select id, 'in_app', 'sent', 1, now() from made returning id`.execute(tx);
  return made.length;
}

function toRecord({ userId, organizationId, dedupeKey, ...rest }: NewNotification): object {
  return { ...rest, user_id: userId, organization_id: organizationId, dedupe_key: dedupeKey };
}

/** Removes events that had their reaction before then; gives how many. */
export async function deleteOldEvents(tx: DatabaseTransaction, before: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`delete from weir.analytics_events where id in (
    select id from weir.analytics_events where handled_at < ${before} limit ${limit})`.execute(tx);
  return Number(numAffectedRows);
}
