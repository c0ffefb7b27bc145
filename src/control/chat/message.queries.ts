// Owns: the rows of messages, snake_case in, camelCase out. Not: the conversations they are of (conversation.queries.ts).

import { sql } from 'kysely';
import type { ChatTurn } from '../../contracts/chat/chat-pipeline.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { ConversationKey, ConversationOwner } from './conversation.queries.ts';

/** A message. */
export interface Message {
  readonly id: string;
  readonly conversationId: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly status: 'complete' | 'streaming' | 'cancelled' | 'failed';
  readonly finishReason: string | null;
  readonly errorCode: string | null;
  readonly modelId: string | null;
  readonly fallback: string | null;
  readonly requestId: string | null;
  readonly inputTokens: bigint | null;
  readonly outputTokens: bigint | null;
  readonly costNanoUsd: bigint | null;
  readonly isTrial: boolean;
  readonly trialRemaining: number | null;
  readonly requestHash: Buffer | null;
  readonly createdAt: Date;
}

function selectMessages(tx: DatabaseTransaction, { organizationId, userId }: ConversationOwner) {
  return tx
    .selectFrom('messages as m')
    .select(['m.id', 'm.conversation_id as conversationId', 'm.content', 'm.created_at as createdAt'])
    .select(sql<Message['role']>`m.role`.as('role'))
    .select(sql<Message['status']>`m.status`.as('status'))
    .select(['m.finish_reason as finishReason', 'm.error_code as errorCode', 'm.model_id as modelId', 'm.fallback'])
    .select(['m.request_id as requestId', 'm.request_hash as requestHash', 'm.is_trial as isTrial'])
    .select(['m.input_tokens as inputTokens', 'm.output_tokens as outputTokens', 'm.cost_nano_usd as costNanoUsd'])
    .select(sql<number | null>`m.trial_remaining::integer`.as('trialRemaining'))
    .where('m.organization_id', '=', organizationId)
    .where('m.user_id', '=', userId);
}

const ofConversation = (tx: DatabaseTransaction, key: ConversationKey) =>
  selectMessages(tx, key).where('m.conversation_id', '=', key.id).where('m.superseded_at', 'is', null);

/** Up to `limit` messages that were not superseded, the newest first. */
export function listMessages(
  tx: DatabaseTransaction,
  key: ConversationKey,
  { limit, before }: { readonly limit: number; readonly before: string | null },
): Promise<Message[]> {
  const query = ofConversation(tx, key).orderBy('m.id', 'desc').limit(limit);
  return (before === null ? query : query.where('m.id', '<', before)).execute();
}

/** The newest one. */
export function findLastMessage(tx: DatabaseTransaction, key: ConversationKey): Promise<Message | undefined> {
  return ofConversation(tx, key).orderBy('m.id', 'desc').limit(1).executeTakeFirst();
}

/** The answer that was asked for with an idempotency key. */
export function findByKey(
  tx: DatabaseTransaction,
  owner: ConversationOwner,
  idempotencyKey: string,
): Promise<Message | undefined> {
  return selectMessages(tx, owner).where('m.idempotency_key', '=', idempotencyKey).executeTakeFirst();
}

/** What was said so far, oldest first: the newest turns with words in them, as many as hold `charsMax` characters together. */
export async function listTurns(
  tx: DatabaseTransaction,
  { id, organizationId, userId }: ConversationKey,
  { turnsMax, charsMax }: { readonly turnsMax: number; readonly charsMax: number },
): Promise<ChatTurn[]> {
  const { rows } = await sql<ChatTurn>`
    select t.role, t.content from (
      select m.id, m.role, m.content, sum(length(m.content)) over (order by m.id desc) as chars
        from weir.messages m
       where m.conversation_id = ${id} and m.organization_id = ${organizationId} and m.user_id = ${userId}
         and m.superseded_at is null and m.status <> 'streaming' and m.content <> ''
       order by m.id desc limit ${turnsMax}) t
     where t.chars <= ${charsMax} order by t.id`.execute(tx);
  return rows;
}

/** A new message: the person's is whole, an answer begins. */
export async function insertMessage(
  tx: DatabaseTransaction,
  conversation: ConversationKey,
  message: Pick<Message, 'role' | 'content'> & {
    readonly id: string;
    readonly idempotency?: { readonly key: string; readonly hash: Buffer } | undefined;
  },
): Promise<void> {
  const { id, role, content, idempotency } = message;
  await tx
    .insertInto('messages')
    .values({
      ...{
        id,
        conversation_id: conversation.id,
        organization_id: conversation.organizationId,
        user_id: conversation.userId,
      },
      ...{ role, content, status: role === 'user' ? 'complete' : 'streaming' },
      ...{ idempotency_key: idempotency?.key ?? null, request_hash: idempotency?.hash ?? null },
    })
    .execute();
}

/** How an answer ended. */
export type MessageEnd = Pick<
  Message,
  | 'content'
  | 'status'
  | 'finishReason'
  | 'errorCode'
  | 'modelId'
  | 'fallback'
  | 'requestId'
  | 'inputTokens'
  | 'outputTokens'
  | 'costNanoUsd'
  | 'isTrial'
  | 'trialRemaining'
>;

/** Ends an answer. Gives whether it was still there and under way. */
export async function updateEndedMessage(
  tx: DatabaseTransaction,
  { id, organizationId, userId }: ConversationKey,
  end: MessageEnd,
): Promise<boolean> {
  const { content, status, modelId, fallback, requestId, isTrial } = end;
  const { numUpdatedRows } = await tx
    .updateTable('messages')
    .set({
      ...{ content, status, model_id: modelId, fallback, request_id: requestId, is_trial: isTrial },
      ...{ finish_reason: end.finishReason, error_code: end.errorCode, cost_nano_usd: end.costNanoUsd },
      ...{ input_tokens: end.inputTokens, output_tokens: end.outputTokens },
      trial_remaining: end.trialRemaining === null ? null : BigInt(end.trialRemaining),
    })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .where('status', '=', 'streaming')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends answers that were begun before an instant and never ended. */
export async function endLostAnswers(
  tx: DatabaseTransaction,
  conversation: ConversationKey,
  before: Date,
): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ status: 'failed', error_code: 'internal_error' })
    .where('conversation_id', '=', conversation.id)
    .where('organization_id', '=', conversation.organizationId)
    .where('user_id', '=', conversation.userId)
    .where('status', '=', 'streaming')
    .where('created_at', '<', before)
    .execute();
}

/** Sets an answer aside for another, or takes that back. */
export async function updateSuperseded(
  tx: DatabaseTransaction,
  { id, organizationId, userId }: ConversationKey,
  isSuperseded: boolean,
): Promise<void> {
  await tx
    .updateTable('messages')
    .set({ superseded_at: isSuperseded ? sql<Date>`now()` : null })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute();
}

/** Takes messages back that came to nothing. */
export async function endMessages(
  tx: DatabaseTransaction,
  { organizationId, userId }: ConversationOwner,
  ids: readonly string[],
): Promise<void> {
  await tx
    .deleteFrom('messages')
    .where('id', 'in', ids)
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute();
}
