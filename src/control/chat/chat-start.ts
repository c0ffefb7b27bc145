// Owns: the first transaction of a question: the conversation it belongs to, the rows it begins with, and taking them back when nothing came of it. Not: the
// answer (chat.service.ts).

import type { MemberCaller } from '../../contracts/caller.ts';
import type { ChatTurn } from '../../contracts/chat/chat-pipeline.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7, uuidV7TimeMs } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import { afterMs, type ChatAsk, lostSince, refuseModelOfTemplate, titleOf } from './chat.rules.ts';
import { checkPartner } from './chat-partner.ts';
import {
  type Conversation,
  type ConversationKey,
  endConversation,
  insertConversation,
  lockConversation,
  touchConversation,
} from './conversation.queries.ts';
import {
  endLostAnswers,
  endMessages,
  findLastMessage,
  insertMessage,
  listTurns,
  updateSuperseded,
} from './message.queries.ts';

/** Turns and characters that are read of a conversation; the gateway sends what the model has room for. */
const HISTORY = { turnsMax: 400, charsMax: 1_500_000 } as const;

/** A question whose answer is about to begin. */
export interface StartedChat {
  readonly conversation: ConversationKey;
  readonly isNew: boolean;
  readonly personaId: string | null;
  readonly templateId: number | null;
  readonly turns: readonly ChatTurn[];
  readonly answerId: string;
  /** The person's message; null for another answer to the one before. */
  readonly questionId: string | null;
  /** The answer that this one is in place of. */
  readonly supersededId: string | null;
  /** What answered before; null: nothing did. */
  readonly modelBefore: string | null;
}

/** What a question is begun with. */
export interface ChatStart {
  readonly ask: ChatAsk;
  readonly idempotency: { readonly key: string; readonly hash: Buffer } | undefined;
  readonly nowMs: number;
  readonly random: Random;
}

/**
 * Begins it, under the conversation's lock.
 * @throws {WeirError} `not_found` for a conversation, persona or template that is not the caller's; `invalid_request` where they contradict each other
 */
export async function startChat(tx: DatabaseTransaction, caller: MemberCaller, start: ChatStart): Promise<StartedChat> {
  const { ask, nowMs, random, idempotency } = start;
  const owner = { organizationId: caller.organizationId, userId: caller.userId };
  const known =
    ask.conversationId === null ? null : await continueConversation(tx, { ...owner, id: ask.conversationId }, start);
  const key = { ...owner, id: known?.id ?? createUuidV7(nowMs, random) };
  if (known === null) {
    await checkPartner(tx, caller.organizationId, ask);
    const { personaId, templateId } = ask;
    await insertConversation(tx, { ...key, personaId, templateId, title: titleOf(ask.message ?? '') });
  }
  const last = known === null ? undefined : await findLastMessage(tx, key);
  if (ask.message === null && last?.role !== 'assistant')
    throw new WeirError('conflict', { message: 'There is no answer yet to ask for another one.' });
  const ms = afterMs(nowMs, last === undefined ? null : uuidV7TimeMs(last.id));
  const questionId = ask.message === null ? null : createUuidV7(ms, random);
  const supersededId = questionId === null ? (last?.id ?? null) : null;
  if (supersededId !== null) await updateSuperseded(tx, { ...owner, id: supersededId }, true);
  if (questionId !== null) await insertMessage(tx, key, { id: questionId, role: 'user', content: ask.message ?? '' });
  const turns = await listTurns(tx, key, HISTORY);
  const answerId = createUuidV7(ms + 1, random);
  await insertMessage(tx, key, { id: answerId, role: 'assistant', content: '', idempotency });
  await touchConversation(tx, key);
  const { personaId, templateId } = known ?? ask;
  return {
    ...{ conversation: key, isNew: known === null, personaId, templateId, turns, answerId, questionId, supersededId },
    modelBefore: last?.modelId ?? null,
  };
}

async function continueConversation(
  tx: DatabaseTransaction,
  key: ConversationKey,
  { ask, nowMs }: ChatStart,
): Promise<Conversation> {
  const conversation = await lockConversation(tx, key);
  if (conversation === undefined) throw new WeirError('not_found');
  const { personaId, templateId } = conversation;
  if (ask.personaId !== null && ask.personaId !== personaId) throw contradiction('personaId');
  if (ask.templateId !== null && ask.templateId !== templateId) throw contradiction('templateId');
  if (templateId !== null) refuseModelOfTemplate(ask.modelId);
  await endLostAnswers(tx, key, lostSince(nowMs));
  return conversation;
}

function contradiction(path: string): WeirError {
  const message = 'is another one than the conversation has; leave it out or begin a new conversation';
  return new WeirError('invalid_request', {
    message: `${path} ${message}.`,
    param: path,
    details: { errors: [{ path, message }] },
  });
}

/** Takes back what `startChat` wrote: as if nothing had been asked. */
export async function undoChat(tx: DatabaseTransaction, chat: StartedChat): Promise<void> {
  const { conversation, isNew, answerId, questionId, supersededId } = chat;
  if (isNew) {
    await endConversation(tx, conversation);
    return;
  }
  await endMessages(tx, conversation, questionId === null ? [answerId] : [answerId, questionId]);
  if (supersededId !== null) await updateSuperseded(tx, { ...conversation, id: supersededId }, false);
}

/** A race that the database decided, as the caller is told of it. */
export function explainStart(error: unknown): unknown {
  const constraint = violatedConstraint(error);
  if (constraint === 'messages_one_answer_at_a_time')
    return new WeirError('conflict', {
      message: 'An answer is under way in this conversation. Wait for its end, or stop it.',
      retryAfterSeconds: 1,
    });
  if (constraint === 'messages_idempotency_key_once') return new WeirError('conflict', { retryAfterSeconds: 1 });
  return error;
}
