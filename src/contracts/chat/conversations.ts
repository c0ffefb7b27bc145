// Owns: the endpoints of conversations: the person's own, and how many an organization's people have. Not: asking (chat.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { messageRoles, messageStatuses } from '../enumerations.ts';
import { pageOf, pageParameters, queryFlag } from '../paging.ts';

/** A conversation, without its words. */
export const conversationSchema = z.strictObject({
  id: z.uuid(),
  title: z.string(),
  personaId: z.uuid().nullable(),
  templateId: z.number().int().nullable(),
  isArchived: z.boolean(),
  lastMessageAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** A message. What a model has to do with is null for those of the person. */
export const messageSchema = z.strictObject({
  id: z.uuid(),
  role: messageRoles,
  content: z.string(),
  status: messageStatuses,
  finish_reason: z.string().nullable(),
  code: z.string().nullable().describe('What failed, or which limit cut it.'),
  model: z.string().nullable(),
  fallback: z.string().nullable(),
  tokens: z.strictObject({ input: z.number().int(), output: z.number().int() }).nullable(),
  cost_usd: z.string().nullable(),
  isTrial: z.boolean(),
  requestId: z.uuid().nullable().describe('Id of the call in the usage.'),
  createdAt: z.iso.datetime(),
});

const byId = z.strictObject({ id: z.uuid() });
const own = { tag: 'Conversations', role: 'member', permission: 'chat.use', impersonation: 'refused' } as const;

export const conversationEndpoints = {
  list: defineEndpoint({
    ...own,
    operationId: 'listConversations',
    method: 'GET',
    path: '/api/conversations',
    summary: "The person's own conversations, the newest first",
    query: z.strictObject({
      ...pageParameters,
      search: z.string().max(200).optional().describe('Part of the title.'),
      archived: queryFlag.default(false).describe('Those put away, in place of the others.'),
    }),
    output: pageOf(conversationSchema),
  }),
  counts: defineEndpoint({
    operationId: 'listConversationCounts',
    method: 'GET',
    path: '/api/conversations/counts',
    summary: 'How much each person converses: numbers, no words',
    tag: 'Conversations',
    role: 'admin',
    permission: 'usage.read',
    query: z.strictObject(pageParameters),
    output: pageOf(
      z.strictObject({
        user: z.strictObject({ id: z.uuid(), name: z.string() }),
        conversations: z.number().int(),
        messages: z.number().int(),
        lastMessageAt: z.iso.datetime(),
      }),
    ),
  }),
  get: defineEndpoint({
    ...own,
    operationId: 'getConversation',
    method: 'GET',
    path: '/api/conversations/{id}',
    summary: 'A conversation with its messages, the newest first',
    params: byId,
    query: z.strictObject(pageParameters),
    output: single(z.strictObject({ ...conversationSchema.shape, messages: pageOf(messageSchema) })),
  }),
  update: defineEndpoint({
    ...own,
    operationId: 'updateConversation',
    method: 'PATCH',
    path: '/api/conversations/{id}',
    summary: 'Rename a conversation, put it away, or take it out again',
    params: byId,
    body: z.strictObject({ title: z.string().trim().min(1).max(200).optional(), isArchived: z.boolean().optional() }),
    output: single(conversationSchema),
  }),
  remove: defineEndpoint({
    ...own,
    operationId: 'deleteConversation',
    method: 'DELETE',
    path: '/api/conversations/{id}',
    summary: 'Delete a conversation for good; its use stays counted',
    params: byId,
  }),
} as const;
