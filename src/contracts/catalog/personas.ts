// Owns: the endpoints of personas: those of the platform, an organization's own, and which model serves each for the caller. Not: conversations with them (chat).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { selectionReasons, selectionSteps } from '../entitlements/model-selection.ts';
import { personaScopes } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

const personaShape = {
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  avatar: z.string().nullable(),
  scope: personaScopes,
  sortOrder: z.number().int(),
} as const;

/** A persona as people meet it: without what it is told. */
export const personaSchema = z.strictObject({
  ...personaShape,
  model: z
    .strictObject({
      id: z.string(),
      displayName: z.string(),
      why: selectionSteps.describe('Whose preference it is.'),
      fallback: selectionReasons.nullable().describe('Why the first preference does not serve; null when it does.'),
    })
    .nullable()
    .describe('What answers the caller as this persona; null when not even the system default works.'),
});

/** A persona as those who keep it see it. */
export const keptPersonaSchema = z.strictObject({
  ...personaShape,
  systemPrompt: z.string(),
  defaultModelId: z.string().nullable(),
  isActive: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

const slug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$/, 'needs 1 to 100 of a-z, 0-9, _ and -')
  .describe('What `x-weir-persona` names. Unique; an organization’s goes before the platform’s of the same name.');
const fields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().max(2_000),
  avatar: z.httpUrl().max(2_000).nullable(),
  systemPrompt: z.string().max(50_000),
  defaultModelId: z.string().min(1).max(200).nullable(),
  isActive: z.boolean(),
  sortOrder: z.number().int().min(-1_000_000).max(1_000_000),
} as const;
const newPersona = z.strictObject({
  slug,
  name: fields.name,
  description: fields.description.default(''),
  avatar: fields.avatar.default(null),
  systemPrompt: fields.systemPrompt.default(''),
  defaultModelId: fields.defaultModelId.default(null),
  isActive: fields.isActive.default(true),
  sortOrder: fields.sortOrder.default(0),
});
const personaChange = z.strictObject({ slug, ...fields }).partial();

const byId = z.strictObject({ id: z.uuid() });
const list = { method: 'GET', query: z.strictObject(pageParameters), output: pageOf(keptPersonaSchema) } as const;
const create = {
  method: 'POST',
  body: newPersona,
  status: 201,
  output: single(keptPersonaSchema),
  errors: ['conflict'],
} as const;
const update = {
  method: 'PATCH',
  description: 'What is left out stays. Takes `If-Match`.',
  params: byId,
  body: personaChange,
  output: single(keptPersonaSchema),
  errors: ['conflict', 'stale'],
} as const;
const platform = { tag: 'Personas', role: 'superadmin' } as const;
const organization = { tag: 'Personas', role: 'admin', permission: 'personas.manage' } as const;

export const personaEndpoints = {
  list: defineEndpoint({
    operationId: 'listPersonas',
    method: 'GET',
    path: '/api/personas',
    summary: 'The personas there are for the caller, each with the model that serves it for them',
    tag: 'Personas',
    role: 'member',
    query: z.strictObject(pageParameters),
    output: pageOf(personaSchema),
  }),
  create: defineEndpoint({
    ...platform,
    ...create,
    operationId: 'createPersona',
    path: '/api/personas',
    summary: 'Make a persona of the platform',
  }),
  update: defineEndpoint({
    ...platform,
    ...update,
    operationId: 'updatePersona',
    path: '/api/personas/{id}',
    summary: 'Change a persona of the platform',
  }),
  remove: defineEndpoint({
    ...platform,
    operationId: 'deletePersona',
    method: 'DELETE',
    path: '/api/personas/{id}',
    summary: 'Delete a persona of the platform; people’s overrides for it mean nothing from then on',
    params: byId,
  }),
  listPlatform: defineEndpoint({
    ...platform,
    ...list,
    operationId: 'listPlatformPersonas',
    path: '/api/admin/personas',
    summary: 'The personas of the platform with what they are told, inactive ones too',
  }),
  listOwn: defineEndpoint({
    ...organization,
    ...list,
    operationId: 'listOrganizationPersonas',
    path: '/api/organization-personas',
    summary: 'The organization’s own personas with what they are told, inactive ones too',
  }),
  createOwn: defineEndpoint({
    ...organization,
    ...create,
    operationId: 'createOrganizationPersona',
    path: '/api/organization-personas',
    summary: 'Make a persona of the organization',
  }),
  updateOwn: defineEndpoint({
    ...organization,
    ...update,
    operationId: 'updateOrganizationPersona',
    path: '/api/organization-personas/{id}',
    summary: 'Change a persona of the organization',
  }),
  removeOwn: defineEndpoint({
    ...organization,
    operationId: 'deleteOrganizationPersona',
    method: 'DELETE',
    path: '/api/organization-personas/{id}',
    summary: 'Delete a persona of the organization',
    params: byId,
  }),
} as const;
