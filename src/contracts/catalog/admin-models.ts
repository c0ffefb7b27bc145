// Owns: the endpoints by which superadmins keep the catalog of models. Not: prices (model-prices.ts), grants (entitlements/grants.ts), or what members see of it.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { environments, modelStatuses, modelTiers, templateScopes } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters, queryFlag } from '../paging.ts';
import { adminModelSchema, affectedCountsSchema, modelFields, modelId, newModelId } from './admin-model-fields.ts';
import { newPriceSchema } from './model-prices.ts';

/** Rows of each list of who is affected, at most; the counts are of all. */
export const AFFECTED_ROWS_MAX = 100;
const BULK_MAX = 500;

const tag = 'Model catalog';
const read = { tag, role: 'superadmin' } as const;
const write = { tag, role: 'superadmin', impersonation: 'refused' } as const;
const byId = z.strictObject({ id: modelId });
const count = z.number().int().min(0);
const usd = z.string().describe('US dollars, a decimal.');

/** By what the list may be ordered. */
export const modelSorts = z.enum(['sort_order', 'name', 'provider', 'tier', 'status', 'created_at']);
export type ModelSort = z.output<typeof modelSorts>;

const filters = {
  provider: z.string().min(1).max(100).optional().describe('Slug.'),
  tier: modelTiers.optional(),
  status: modelStatuses.optional(),
  enabled: queryFlag.optional(),
  capability: z.string().min(1).max(50).optional(),
  search: z.string().trim().min(1).max(200).optional().describe('Anywhere in id, name or the provider’s name for it.'),
  retires_before: instant.optional(),
  archived: queryFlag.optional().describe('Left out: those that are not.'),
} as const;

const { providerModelId, version, displayName, description, modelType, tier, status, capabilities, ...others } =
  modelFields;
const { metadata, fallbackModelIds, sortOrder, trialMessagesAllowed, ...optional } = others;

const newModel = z.strictObject({
  id: newModelId,
  provider: z.string().min(1).max(100).describe('Slug or id of the provider.'),
  ...{ providerModelId, displayName, modelType },
  version: version.default(''),
  description: description.default(''),
  tier: tier.default('free'),
  status: status.default('available'),
  enabled: z.boolean().default(false),
  capabilities: capabilities.default([]),
  metadata: metadata.default({}),
  fallbackModelIds: fallbackModelIds.default([]),
  sortOrder: sortOrder.default(0),
  trialMessagesAllowed: trialMessagesAllowed.default(0),
  pricing: newPriceSchema.optional().describe('In force from now on. Without a price a model can’t be enabled.'),
  contextWindow: optional.contextWindow.optional(),
  maxOutputTokens: optional.maxOutputTokens.optional(),
  priceCents: optional.priceCents.optional(),
  stripeProductId: optional.stripeProductId.optional(),
  stripePriceId: optional.stripePriceId.optional(),
  rateLimitMessagesPerDay: optional.rateLimitMessagesPerDay.optional(),
  retiresAt: optional.retiresAt.optional(),
  replacementModelId: optional.replacementModelId.optional(),
});

const ids = z.array(modelId).min(1).max(BULK_MAX);
const bulkAct = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('enable'), ids }),
  z.strictObject({ action: z.literal('disable'), ids }),
  z.strictObject({ action: z.literal('set_status'), ids, status: modelStatuses }),
  z.strictObject({ action: z.literal('set_tier'), ids, tier: modelTiers }),
  z
    .strictObject({
      action: z.literal('set_sort_order'),
      ids,
      from: z.number().int().min(0).max(1_000_000).default(10),
    })
    .describe('The ids in the order wanted: `from`, `from` + 10, …'),
]);

const affected = adminModelSchema.extend({ affected: affectedCountsSchema, dryRun: z.boolean() });
const person = z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() });
const organization = z.strictObject({ id: z.uuid(), name: z.string(), slug: z.string() });
const use = { messages: count, lastUsedOn: z.iso.date() } as const;
const rows = <Row extends z.ZodType>(row: Row) => z.array(row).max(AFFECTED_ROWS_MAX);

export const adminModelEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listAdminModels',
    method: 'GET',
    path: '/api/admin/models',
    summary: 'Every model of the catalog',
    query: z.strictObject({
      ...filters,
      sort: modelSorts.default('sort_order'),
      order: z.enum(['asc', 'desc']).default('asc'),
      ...pageParameters,
    }),
    output: pageOf(adminModelSchema),
  }),
  export: defineEndpoint({
    ...read,
    operationId: 'exportModels',
    method: 'GET',
    path: '/api/admin/models/export.csv',
    summary: 'The catalog as CSV, a row a model with its price in force',
    query: z.strictObject(filters),
    produces: 'text/csv',
  }),
  create: defineEndpoint({
    ...write,
    operationId: 'createModel',
    method: 'POST',
    path: '/api/admin/models',
    summary: 'Add a model to the catalog',
    body: newModel,
    status: 201,
    output: single(adminModelSchema),
    errors: ['conflict'],
  }),
  get: defineEndpoint({
    ...read,
    operationId: 'getAdminModel',
    method: 'GET',
    path: '/api/admin/models/{id}',
    summary: 'One model',
    params: byId,
    output: single(adminModelSchema),
  }),
  update: defineEndpoint({
    ...write,
    operationId: 'updateModel',
    method: 'PATCH',
    path: '/api/admin/models/{id}',
    summary: 'Change a model; what is left out stays',
    description:
      'A model that becomes free loses its `priceCents`. `isSystemDefault: true` takes the place of the default before. `archived: false` takes a model out of ' +
      'the archive, switched off. Takes `If-Match`.',
    params: byId,
    body: z.strictObject({ ...modelFields, isSystemDefault: z.literal(true), archived: z.literal(false) }).partial(),
    output: single(adminModelSchema),
    errors: ['conflict', 'stale'],
  }),
  remove: defineEndpoint({
    ...write,
    operationId: 'deleteModel',
    method: 'DELETE',
    path: '/api/admin/models/{id}',
    summary: 'Delete a model, or archive one that was used',
    description: 'Refused with the lists while deployments, rights or running experiments hang on it.',
    params: byId,
    errors: ['conflict'],
  }),
  enable: defineEndpoint({
    ...write,
    operationId: 'enableModel',
    method: 'POST',
    path: '/api/admin/models/{id}/enable',
    summary: 'Switch a model on; it needs a price in force',
    params: byId,
    output: single(adminModelSchema),
    errors: ['conflict'],
  }),
  disable: defineEndpoint({
    ...write,
    operationId: 'disableModel',
    method: 'POST',
    path: '/api/admin/models/{id}/disable',
    summary: 'Switch a model off; answers who is affected',
    params: byId,
    query: z.strictObject({ dry_run: queryFlag.optional().describe('Only says who would be.') }),
    output: single(affected),
    errors: ['conflict'],
  }),
  bulk: defineEndpoint({
    ...write,
    operationId: 'changeModels',
    method: 'POST',
    path: '/api/admin/models/bulk',
    summary: 'One act on many models, each by itself',
    body: bulkAct,
    output: z.strictObject({
      data: z.array(
        z.strictObject({
          id: z.string(),
          ok: z.boolean(),
          error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
        }),
      ),
      changed: count,
      refused: count,
    }),
  }),
  affected: defineEndpoint({
    ...read,
    operationId: 'listAffectedByModel',
    method: 'GET',
    path: '/api/admin/models/{id}/affected',
    summary: 'Who and what would miss a model',
    params: byId,
    query: z.strictObject({ before: instant.optional().describe('The 30 days of use end here; left out: now.') }),
    output: single(
      z.strictObject({
        modelId: z.string(),
        retiresAt: z.iso.datetime().nullable(),
        replacementModelId: z.string().nullable(),
        since: z.iso.datetime(),
        counts: affectedCountsSchema,
        templates: rows(
          z.strictObject({
            id: z.number().int(),
            slug: z.string(),
            name: z.string(),
            scope: templateScopes,
            organizationId: z.uuid().nullable(),
            isActive: z.boolean(),
          }),
        ),
        personas: rows(z.strictObject({ id: z.uuid(), slug: z.string(), name: z.string() })),
        deployments: rows(z.strictObject({ id: z.uuid(), feature: z.string(), environment: environments })),
        organizationsByDefault: rows(organization),
        fallbackOf: rows(z.string()),
        people: rows(person.extend(use)).describe('Who used it most in these days.'),
        organizations: rows(organization.extend(use)),
      }),
    ),
  }),
  stats: defineEndpoint({
    ...read,
    operationId: 'getModelStats',
    method: 'GET',
    path: '/api/admin/models/{id}/stats',
    summary: 'Who may use a model, how much it is used, and what it brought in',
    params: byId,
    output: single(
      z.strictObject({
        modelId: z.string(),
        usersWithAccess: count.describe('Of a free model all active members.'),
        entitledUsers: count,
        entitledOrganizations: count,
        messagesToday: count,
        messages7Days: count,
        messages30Days: count,
        averageMessagesPerDay: z.number().describe('Over the 30 days.'),
        costUsd30Days: usd,
        topUsers: z
          .array(person.extend({ messages: count, costUsd: usd }))
          .max(10)
          .describe('Of the 30 days.'),
        revenue: z.strictObject({
          purchases: count,
          refunds: count,
          grossUsd: usd,
          refundedUsd: usd,
          netUsd: usd,
        }),
        trial: z.strictObject({
          people: count.describe('Who used trial messages.'),
          purchasedLater: count,
          conversionRate: z.number().nullable().describe('Null where nobody tried it.'),
        }),
        asOf: z.iso.datetime(),
      }),
    ),
  }),
} as const;
