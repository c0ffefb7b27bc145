// Owns: the five endpoints that organization-models.ts and my-models.ts have alike, as their parts. Not: whose they are and who may.

import { z } from 'zod';
import { single } from '../endpoint.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { endpointKey, limitFields, ownTemplateFields, templateNames, templateParams } from './template-fields.ts';
import { ownTemplateSchema, tokenLimitSchema } from './template-reading.ts';

const fields = z
  .strictObject({ ...ownTemplateFields, ...limitFields, slug: templateNames.slug, endpoint_api_key: endpointKey })
  .partial();

/** Somebody's own template as its keeper reads it. */
const schema = ownTemplateSchema.extend(tokenLimitSchema.shape);

const allowance = z.strictObject({
  used: z.number().int().describe('Templates of the organization and all its people.'),
  maximum: z.number().int(),
  can_create: z.boolean(),
});

/** What each of them is besides who may call it. */
export const ownTemplateParts = {
  list: {
    method: 'GET',
    query: z.strictObject(pageParameters),
    output: pageOf(schema).extend({ allowance: allowance.describe('Lower of plan and organization.') }),
  },
  create: {
    method: 'POST',
    body: fields.extend({ name: templateNames.name }),
    status: 201,
    output: single(schema),
    errors: ['conflict', 'plan_required'],
  },
  get: { method: 'GET', params: templateParams, output: single(schema) },
  update: {
    method: 'PATCH',
    params: templateParams,
    body: fields.extend({ name: templateNames.name.optional() }),
    output: single(schema),
    errors: ['conflict', 'stale'],
  },
  remove: { method: 'DELETE', params: templateParams },
} as const;
