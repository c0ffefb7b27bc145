// Owns: the endpoints by which people find the templates that they may use, with what they have left of each. Not: keeping them.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { modelTiers, templateScopes } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { templateParams } from './template-fields.ts';
import { templateFaceSchema, templateUseSchema } from './template-reading.ts';

const base = { tag: 'Templates', role: 'member', permission: 'templates.use', method: 'GET' } as const;

/** Why a template that is there can't be used now. */
export const unusableReasons = z.enum(['switched_off', 'model_unavailable', 'trial_ended', 'limit_reached']);
/** One of them. */
export type UnusableReason = z.infer<typeof unusableReasons>;

const offeredSchema = templateFaceSchema.extend({
  call_as: z.string().describe('What a call names as its `model`.'),
  is_featured: z.boolean(),
  is_free: z.boolean(),
  model: z.strictObject({ id: z.string(), name: z.string(), tier: modelTiers }).nullable(),
  trial: z
    .strictObject({
      days: z.number().int(),
      started_at: z.iso.datetime().nullable().describe('At the first use; null: not yet.'),
      ends_at: z.iso.datetime().nullable(),
    })
    .nullable(),
  usage: templateUseSchema,
  is_usable: z.boolean(),
  unusable_reason: unusableReasons.nullable(),
});

export const templateEndpoints = {
  list: defineEndpoint({
    ...base,
    operationId: 'listTemplates',
    path: '/api/templates',
    summary: 'Templates that the caller may use: the platform’s, the organization’s, their own',
    query: z.strictObject({
      scope: templateScopes.optional(),
      tag: z.string().min(1).max(50).optional(),
      search: z.string().trim().min(1).max(200).optional().describe('Anywhere in name, slug, role or a tag.'),
      ...pageParameters,
    }),
    output: pageOf(offeredSchema),
  }),
  get: defineEndpoint({
    ...base,
    operationId: 'getTemplate',
    path: '/api/templates/{id}',
    summary: 'One of them',
    params: templateParams,
    output: single(offeredSchema),
  }),
} as const;
