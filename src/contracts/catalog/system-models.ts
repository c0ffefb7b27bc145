// Owns: the endpoints of system templates: list, read, make, change, delete, switch. Not: their revisions, use and preview (system-model-reports.ts), or what an
// organization's admin sets of them (system-model-settings.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { planSlugs } from '../enumerations.ts';
import { pageOf, pageParameters, queryFlag } from '../paging.ts';
import {
  changeSummary,
  endpointKey,
  ownTemplateFields,
  systemTemplateFields,
  templateNames,
  templateParams,
} from './template-fields.ts';
import { systemTemplateSchema } from './template-reading.ts';

const tag = 'System templates';
const keep = { tag, role: 'superadmin', impersonation: 'refused' } as const;
const read = { tag, role: 'member', permission: 'templates.use', platform: 'platform_admin' } as const;
const place = { method: 'POST', params: templateParams, output: single(systemTemplateSchema) } as const;

const fields = z.strictObject({
  ...ownTemplateFields,
  ...systemTemplateFields,
  slug: templateNames.slug,
  endpoint_api_key: endpointKey,
  change_summary: changeSummary,
});
const changeBody = fields.extend({ name: templateNames.name }).partial();

const change = {
  ...keep,
  params: templateParams,
  body: changeBody,
  output: single(systemTemplateSchema),
  errors: ['conflict', 'stale'],
} as const;

/** By what lists of system templates are ordered; with `-` the other way round. */
export const systemModelSorts = z.enum(['order', '-order', 'name', '-name', 'created', '-created']);
/** One of them. */
export type SystemModelSort = z.infer<typeof systemModelSorts>;

/** What deleting would take along. */
const deletionSchema = z.strictObject({
  id: z.number().int(),
  slug: z.string(),
  organizations_enabled: z.number().int().describe('That have it switched on.'),
  people_affected: z.number().int().describe('Members of those.'),
  people_with_use: z.number().int().describe('Who used it in the last 30 days.'),
});

export const systemModelEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listSystemModels',
    method: 'GET',
    path: '/api/system-models',
    summary: 'System templates: all for the platform, those that fit for admins, those switched on for members',
    query: z.strictObject({
      business_type: z
        .string()
        .min(1)
        .max(100)
        .optional()
        .describe('Those that an organization of this type can have.'),
      plan: planSlugs.optional().describe('Those whose required plan it is.'),
      active: queryFlag.optional(),
      featured: queryFlag.optional(),
      enabled: queryFlag.optional().describe("Switched on for the organization's users, or not."),
      tag: z.string().min(1).max(50).optional(),
      search: z.string().trim().min(1).max(200).optional().describe('Anywhere in name, slug, role or a tag.'),
      sort: systemModelSorts.default('order'),
      ...pageParameters,
    }),
    output: pageOf(systemTemplateSchema),
  }),
  get: defineEndpoint({
    ...read,
    operationId: 'getSystemModel',
    method: 'GET',
    path: '/api/system-models/{id}',
    summary: 'One system template, where it is the caller’s to see',
    params: templateParams,
    output: single(systemTemplateSchema),
  }),
  create: defineEndpoint({
    ...keep,
    operationId: 'createSystemModel',
    method: 'POST',
    path: '/api/system-models',
    summary: 'Make a system template',
    body: fields.partial().extend({ name: templateNames.name }),
    status: 201,
    output: single(systemTemplateSchema),
    errors: ['conflict'],
  }),
  replace: defineEndpoint({
    ...change,
    operationId: 'replaceSystemModel',
    method: 'PUT',
    path: '/api/system-models/{id}',
    summary: 'Change a system template; what is left out stays',
    description: 'Takes `If-Match`. The same as PATCH: a form that does not know a field does not lose it.',
  }),
  update: defineEndpoint({
    ...change,
    operationId: 'updateSystemModel',
    method: 'PATCH',
    path: '/api/system-models/{id}',
    summary: 'Change some fields of a system template',
    description: 'Takes `If-Match`. Each change is a revision.',
  }),
  remove: defineEndpoint({
    ...keep,
    operationId: 'deleteSystemModel',
    method: 'DELETE',
    path: '/api/system-models/{id}',
    summary: 'Delete a system template with its revisions and what organizations set of it; its use stays on record',
    description: 'With `dry_run=true` nothing changes, and the answer (200) says whom it would concern.',
    params: templateParams,
    query: z.strictObject({ dry_run: queryFlag.default(false) }),
    status: 204,
    output: single(deletionSchema).optional(),
  }),
  activate: defineEndpoint({
    ...keep,
    ...place,
    operationId: 'activateSystemModel',
    path: '/api/system-models/{id}/activate',
    summary: 'Offer a system template to organizations',
  }),
  deactivate: defineEndpoint({
    ...keep,
    ...place,
    operationId: 'deactivateSystemModel',
    path: '/api/system-models/{id}/deactivate',
    summary: 'Offer it no more: calls of it are refused at once, what organizations set stays',
  }),
  feature: defineEndpoint({
    ...keep,
    ...place,
    operationId: 'featureSystemModel',
    path: '/api/system-models/{id}/feature',
    summary: 'Show a system template first',
  }),
  unfeature: defineEndpoint({
    ...keep,
    ...place,
    operationId: 'unfeatureSystemModel',
    path: '/api/system-models/{id}/unfeature',
    summary: 'Show it among the others again',
  }),
} as const;
