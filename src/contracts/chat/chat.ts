// Owns: the endpoint of chatting, and the events that an answer comes in. Not: conversations afterwards (conversations.ts).

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { EVENT_STREAM } from '../route.ts';

/** Longest message of a person. */
const MESSAGE_LENGTH_MAX = 100_000;

/** What the person sends. */
export const chatBody = z
  .strictObject({
    message: z
      .string()
      .max(MESSAGE_LENGTH_MAX)
      .regex(/\S/, 'needs something that is not blank')
      .optional()
      .describe('Left out with `regenerate` alone.'),
    personaId: z.uuid().optional().describe('Talks as this persona; fixed for the conversation.'),
    templateId: z.number().int().positive().optional().describe('Uses this template; fixed for the conversation.'),
    conversationId: z.uuid().optional().describe('Goes on with this one; left out: a new one.'),
    model: z.string().min(1).max(200).optional().describe('A model of the catalog; left out: what the person prefers.'),
    regenerate: z.boolean().optional().describe('Another answer in place of the last one of the conversation.'),
  })
  .describe('Not both of `personaId` and `templateId`; no `model` with a template.');

const answerFacts = {
  messageId: z.uuid(),
  model: z.string(),
  fallback: z.string().nullable().describe('Why another model than the preferred one answers.'),
};

/** The data of each event, by its type. */
export const chatEvents = {
  /** First. The conversation may be new. */
  start: z.strictObject({ conversationId: z.uuid(), userMessageId: z.uuid().nullable(), ...answerFacts }),
  /** More text of the answer. */
  delta: z.strictObject({ text: z.string() }),
  /** Last. In its place `error`, a problem, where the model broke off; what came is kept all the same. */
  done: z.strictObject({
    conversationId: z.uuid(),
    ...answerFacts,
    finish_reason: z.string().nullable().describe('`stop`, or `length` where a limit cut it.'),
    code: z.string().nullable().describe('Which limit cut the answer.'),
    tokens: z.strictObject({ input: z.number().int(), output: z.number().int() }),
    cost_usd: z.string().nullable().describe('Null: the price is not known.'),
    trial_remaining: z.number().int().nullable().describe('Trial messages left; null: no trial.'),
  }),
} as const;

export const chatEndpoints = {
  send: defineEndpoint({
    operationId: 'sendChatMessage',
    method: 'POST',
    path: '/api/chat',
    summary: 'Ask a model, and hear its answer as it comes',
    description:
      'Server-sent events: `start`, `delta` for each piece, then `done`, or `error` with a problem as its data. What is refused before the answer begins is an ordinary problem. ' +
      'Who leaves stops the model; what came is kept and charged. The same `Idempotency-Key` gives the same answer, charged once.',
    tag: 'Chat',
    role: 'member',
    permission: 'chat.use',
    impersonation: 'refused',
    body: chatBody,
    produces: EVENT_STREAM,
    errors: [
      ...(['unsupported_parameter', 'model_not_enabled', 'model_not_found', 'not_found'] as const),
      ...(['budget_exceeded', 'insufficient_credits'] as const),
      ...(['plan_required', 'model_locked', 'trial_exhausted', 'member_paused', 'organization_suspended'] as const),
      ...(['organization_quota_exceeded', 'user_limit_exceeded', 'daily_message_limit'] as const),
      ...(['provider_error', 'provider_timeout', 'no_healthy_provider', 'ledger_unavailable'] as const),
      'request_cancelled',
    ],
  }),
} as const;
