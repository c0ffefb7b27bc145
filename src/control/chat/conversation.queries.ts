// Owns: the rows of conversations, snake_case in, camelCase out. Not: their messages (message.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A conversation. */
export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly personaId: string | null;
  readonly templateId: number | null;
  readonly archivedAt: Date | null;
  readonly lastMessageAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Whose conversations. */
export interface ConversationOwner {
  readonly organizationId: string;
  readonly userId: string;
}

/** Which conversation. */
export interface ConversationKey extends ConversationOwner {
  readonly id: string;
}

function selectConversations(tx: DatabaseTransaction, { organizationId, userId }: ConversationOwner) {
  return tx
    .selectFrom('conversations as c')
    .select(['c.id', 'c.title', 'c.persona_id as personaId', 'c.archived_at as archivedAt'])
    .select(sql<number | null>`c.template_id::integer`.as('templateId'))
    .select(['c.last_message_at as lastMessageAt', 'c.created_at as createdAt', 'c.updated_at as updatedAt'])
    .where('c.organization_id', '=', organizationId)
    .where('c.user_id', '=', userId);
}

/** Up to `limit`, the newest first. `after` is the last one of the page before: its last message's moment, to the microsecond, and its id. */
export function listConversations(
  tx: DatabaseTransaction,
  owner: ConversationOwner,
  page: {
    readonly limit: number;
    readonly after: readonly [lastMessageAt: string, id: string] | null;
    readonly search: string | undefined;
    readonly isArchived: boolean;
  },
): Promise<(Conversation & { readonly place: string })[]> {
  const { limit, after, search, isArchived } = page;
  let query = selectConversations(tx, owner)
    .select(sql<string>`to_char(c.last_message_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('place'))
    .where('c.archived_at', isArchived ? 'is not' : 'is', null)
    .orderBy('c.last_message_at', 'desc')
    .orderBy('c.id', 'desc')
    .limit(limit);
  if (search !== undefined) query = query.where(sql<SqlBool>`strpos(lower(c.title), lower(${search})) > 0`);
  if (after !== null)
    query = query.where(sql<SqlBool>`(c.last_message_at, c.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`);
  return query.execute();
}

/** One; undefined when it is not the person's. */
export function findConversation(tx: DatabaseTransaction, key: ConversationKey): Promise<Conversation | undefined> {
  return selectConversations(tx, key).where('c.id', '=', key.id).executeTakeFirst();
}

/** The same, locked until the transaction ends: one question at a time. */
export function lockConversation(tx: DatabaseTransaction, key: ConversationKey): Promise<Conversation | undefined> {
  return selectConversations(tx, key).where('c.id', '=', key.id).forNoKeyUpdate().executeTakeFirst();
}

/** A new one. */
export async function insertConversation(
  tx: DatabaseTransaction,
  conversation: ConversationKey & Pick<Conversation, 'title' | 'personaId' | 'templateId'>,
): Promise<void> {
  const { id, organizationId, userId, title, personaId, templateId } = conversation;
  await tx
    .insertInto('conversations')
    .values({
      id,
      organization_id: organizationId,
      user_id: userId,
      title,
      persona_id: personaId,
      template_id: templateId === null ? null : BigInt(templateId),
    })
    .execute();
}

/** Changes what is given. */
export async function updateConversation(
  tx: DatabaseTransaction,
  { id, organizationId, userId }: ConversationKey,
  { title, isArchived }: { readonly title?: string | undefined; readonly isArchived?: boolean | undefined },
): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({
      title: title ?? sql<string>`title`,
      ...(isArchived === undefined ? {} : { archived_at: isArchived ? sql<Date>`coalesce(archived_at, now())` : null }),
    })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute();
}

/** Notes that it goes on: it is the newest, and no longer put away. */
export async function touchConversation(
  tx: DatabaseTransaction,
  { id, organizationId, userId }: ConversationKey,
): Promise<void> {
  await tx
    .updateTable('conversations')
    .set({ last_message_at: sql<Date>`now()`, archived_at: null })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute();
}

/** Ends it with its messages. Gives whether it was there. */
export async function endConversation(
  tx: DatabaseTransaction,
  { id, organizationId, userId }: ConversationKey,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('conversations')
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** How much one person converses. */
export interface ConversationCount {
  readonly userId: string;
  readonly name: string;
  readonly conversations: number;
  readonly messages: number;
  readonly lastMessageAt: Date;
}

/** Of an organization that the caller is an admin of, by person. */
export async function listConversationCounts(
  tx: DatabaseTransaction,
  organizationId: string,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): Promise<ConversationCount[]> {
  const { rows } = await sql<ConversationCount>`
    select c.user_id as "userId", u.name, c.conversations::integer as conversations, c.messages::integer as messages,
        c.last_message_at as "lastMessageAt"
      from weir.conversation_counts(${organizationId}::uuid) c join weir.users u on u.id = c.user_id
     where ${after}::uuid is null or c.user_id > ${after}::uuid
     order by c.user_id limit ${limit}`.execute(tx);
  return rows;
}
