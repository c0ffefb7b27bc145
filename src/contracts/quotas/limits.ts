// Owns: the endpoints that tell what limits a person, and whether a call would pass. Not: asking for more (limit-requests.ts), or why a call was denied (denials.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { limitAmount, limitUnits, modelReference, templateReference } from './limit-words.ts';

const moment = z.iso.datetime();
const own = { tag: 'Limits', role: 'member', permission: 'usage.read_own' } as const;
const TOKENS_MAX = 1_000_000_000_000;

/** Where a limit comes from. */
const limitSource = z.strictObject({
  kind: z.enum([
    'plan',
    'organization',
    'organization_configuration',
    'template',
    'model',
    'budget',
    'credits',
    'override',
  ]),
  id: z.string().nullable().describe('Of the template, model or budget; null: it is of the organization as a whole.'),
  name: z.string(),
});

/** One meter of a call, as the gateway would ask it now. */
const meterSchema = z.strictObject({
  meter: z.string(),
  name: z.string(),
  unit: limitUnits,
  window: z.string(),
  enforcement: z.enum(['hard', 'soft']).describe('A soft one tells and never refuses.'),
  limit: limitAmount.nullable().describe('In force; null: counted, not limited.'),
  ordinary_limit: limitAmount.nullable().describe('Without what raises it for a time.'),
  used: limitAmount,
  held: limitAmount.describe('Set aside for calls under way.'),
  left: limitAmount.nullable(),
  asked: limitAmount.describe('By a call of the size that was asked about.'),
  resets_at: moment.nullable().describe('Null: never.'),
  source: limitSource.nullable(),
  raised_until: moment
    .nullable()
    .describe('When what raises the limit ends; null: nothing raises it, or that has no end.'),
  binds: z.boolean().describe('The one that refuses such calls first.'),
  allowed: z.boolean(),
});

/** What limits a person's calls. */
export const effectiveLimitsSchema = z.strictObject({
  user_id: z.uuid(),
  model: z.strictObject({ id: z.string(), name: z.string() }),
  template: z.strictObject({ id: z.number().int(), slug: z.string() }).nullable(),
  feature: z.string().nullable(),
  fallback: z.string().nullable().describe('Why another model than the one meant would serve.'),
  right: z.string().describe('By what right the model may be used; `free`, where none is needed.'),
  allowed: z.boolean(),
  code: z.string().nullable().describe('What a call would be refused with.'),
  message: z.string().nullable(),
  checks: z.array(
    z.strictObject({
      rule: z.string(),
      allowed: z.boolean(),
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
  meters: z.array(meterSchema),
});

export const limitEndpoints = {
  check: defineEndpoint({
    ...own,
    operationId: 'checkQuota',
    method: 'POST',
    path: '/api/quota/check',
    summary: 'Would a call pass? Nothing is held',
    description:
      'Decided by the gateway itself, as it would decide the call. `userId` is for admins. What is told is the limit that refuses such calls, or would refuse them first.',
    body: z
      .strictObject({
        templateId: templateReference.optional(),
        modelId: modelReference.optional(),
        tokens: z
          .number()
          .int()
          .min(1)
          .max(TOKENS_MAX)
          .optional()
          .describe('All of the call, its answer included. Left out: the least that a call may have.'),
        userId: z.uuid().optional(),
      })
      .refine(({ templateId, modelId }) => (templateId === undefined) !== (modelId === undefined), {
        message: 'names neither or both: give templateId or modelId',
      }),
    output: z.strictObject({
      allowed: z.boolean(),
      reason: z.string().optional().describe('The error code that the call would get.'),
      message: z.string().optional().describe('The same in words.'),
      unit: limitUnits.nullable(),
      current_usage: limitAmount.describe('Used and set aside.'),
      limit: limitAmount.nullable().describe('Null: nothing limits it.'),
      resets_at: moment.nullable(),
    }),
    errors: ['model_not_found'],
  }),
  effective: defineEndpoint({
    ...own,
    operationId: 'getEffectiveLimits',
    method: 'GET',
    path: '/api/limits/effective',
    summary: "Every rule and limit on a person's calls, in order, where each comes from and which one binds",
    query: z.strictObject({
      user: z.uuid().optional().describe('For admins: another person of the organization.'),
      model: modelReference.optional().describe('Left out, without a template: what the person prefers.'),
      template: templateReference.optional(),
      feature: z.string().min(1).max(200).optional(),
      tokens: z.coerce.number().int().min(1).max(TOKENS_MAX).optional(),
    }),
    output: single(effectiveLimitsSchema),
  }),
} as const;
