// Owns: the routes of conversations, and a conversation and its messages as JSON. Not: what the acts do (conversation.service.ts).

import type { z } from 'zod';
import {
  conversationEndpoints,
  type conversationSchema,
  type messageSchema,
} from '../../contracts/chat/conversations.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { Conversation } from './conversation.queries.ts';
import type { ConversationService } from './conversation.service.ts';
import type { Message } from './message.queries.ts';

/** All of them. */
export function conversationRoutes({ conversations }: { readonly conversations: ConversationService }): Route[] {
  const { list, counts, get, update, remove } = conversationEndpoints;
  return [
    implement(list, async ({ caller, query: { archived: isArchived, ...query } }) => {
      const { items, nextCursor } = await conversations.list(caller, { ...query, isArchived });
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(counts, async ({ caller, query }) => {
      const { items, nextCursor } = await conversations.count(caller, query);
      const data = items.map(({ userId, name, lastMessageAt, ...count }) => ({
        user: { id: userId, name },
        ...count,
        lastMessageAt: lastMessageAt.toISOString(),
      }));
      return { data, next_cursor: nextCursor };
    }),
    implement(get, async ({ caller, params, query }) => {
      const { conversation, messages } = await conversations.get(caller, params.id, query);
      const page = { data: messages.items.map(messageToJson), next_cursor: messages.nextCursor };
      return { data: { ...toJson(conversation), messages: page } };
    }),
    implement(update, async ({ caller, params, body }) => ({
      data: toJson(await conversations.update(caller, params.id, body)),
    })),
    implement(remove, async ({ caller, params }) => {
      await conversations.remove(caller, params.id);
      return undefined;
    }),
  ];
}

function toJson(conversation: Conversation): z.input<typeof conversationSchema> {
  const { id, title, personaId, templateId, archivedAt, lastMessageAt, createdAt, updatedAt } = conversation;
  return {
    ...{ id, title, personaId, templateId, isArchived: archivedAt !== null },
    ...{ lastMessageAt: lastMessageAt.toISOString(), createdAt: createdAt.toISOString() },
    updatedAt: updatedAt.toISOString(),
  };
}

function messageToJson(message: Message): z.input<typeof messageSchema> {
  const { id, role, content, status, modelId, fallback, isTrial, requestId, createdAt } = message;
  const { inputTokens, outputTokens, costNanoUsd, finishReason, errorCode } = message;
  const isCounted = inputTokens !== null && outputTokens !== null;
  return {
    ...{ id, role, content, status, finish_reason: finishReason, code: errorCode, model: modelId, fallback },
    tokens: isCounted ? { input: Number(inputTokens), output: Number(outputTokens) } : null,
    cost_usd: costNanoUsd === null ? null : formatUsd(costNanoUsd),
    ...{ isTrial, requestId, createdAt: createdAt.toISOString() },
  };
}
