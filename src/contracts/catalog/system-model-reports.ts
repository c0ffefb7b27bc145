// Owns: the endpoints that tell of system templates: revisions and rolling back, preview as somebody, organizations with one, use. Not: changing them
// (system-models.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { planSlugs, tokenLimitPeriods } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { changeSummary, endpointKey, templateParams } from './template-fields.ts';
import { personUseSchema, systemTemplateSchema } from './template-reading.ts';

const tag = 'System templates';
const keep = { tag, role: 'superadmin' } as const;
const revisionNumber = z.coerce.number().int().min(1).max(1_000_000_000);

const revisionSchema = z.strictObject({
  revision: z.number().int(),
  change_summary: z.string(),
  changed_by: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  created_at: z.iso.datetime(),
  compared_with: z
    .number()
    .int()
    .nullable()
    .describe('The revision that the changes are from; null: there is none before it.'),
  changes: z.array(z.strictObject({ field: z.string(), from: z.unknown(), to: z.unknown() })),
});

/** Why somebody would not see a template. */
export const hiddenReasons = z.enum(['switched_off', 'not_active', 'business_type', 'plan', 'not_enabled']);
/** One of them. */
export type HiddenReason = z.infer<typeof hiddenReasons>;

const organizationSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  business_type: z.string().nullable(),
  pricing_plan: planSlugs,
});

const previewSchema = z.strictObject({
  organization: organizationSchema,
  as: z.enum(['admin', 'member']),
  visible: z.boolean(),
  reasons: z.array(z.strictObject({ code: hiddenReasons, message: z.string() })).describe('Why not: all of them.'),
  limit: z.strictObject({
    tokens: z.number().int().nullable(),
    period: tokenLimitPeriods,
    source: z.enum(['organization', 'template', 'none']),
  }),
  template: systemTemplateSchema.nullable().describe('As they would read it; null where they would not see it.'),
});

const sums = {
  requests: z.number().int(),
  errors: z.number().int(),
  denied: z.number().int(),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  tokens: z.number().int(),
  cost_usd: z.string(),
  active_users: z.number().int(),
} as const;

/** Spans of time that use is told for. */
export const usagePeriods = z.enum(['7d', '30d', 'all']);
/** One of them. */
export type TemplateUsagePeriod = z.infer<typeof usagePeriods>;

const usageSchema = z.strictObject({
  template_id: z.number().int(),
  slug: z.string(),
  period: usagePeriods,
  from: z.iso.datetime().nullable().describe('Null: from the beginning.'),
  to: z.iso.datetime(),
  of: z.enum(['own', 'organization', 'platform']).describe('Whose use it is: what the caller may see.'),
  totals: z.strictObject(sums),
  days: z.array(
    z.strictObject({
      day: z.iso.date(),
      requests: z.number().int(),
      tokens: z.number().int(),
      active_users: z.number().int(),
    }),
  ),
  top_users: z.array(personUseSchema).optional().describe('For admins and the platform.'),
  top_organizations: z
    .array(z.strictObject({ id: z.uuid(), name: z.string(), tokens: z.number().int() }))
    .optional()
    .describe('For the platform.'),
});

export const systemModelReportEndpoints = {
  preview: defineEndpoint({
    ...keep,
    operationId: 'previewSystemModel',
    method: 'GET',
    path: '/api/system-models/{id}/preview',
    summary: 'What an admin or a member of an organization sees of it, and why not',
    params: templateParams,
    query: z.strictObject({
      as: z.enum(['admin', 'member']).default('member'),
      organization: z.string().min(1).max(63).describe('Id or slug.'),
    }),
    output: single(previewSchema),
  }),
  organizations: defineEndpoint({
    ...keep,
    operationId: 'listSystemModelOrganizations',
    method: 'GET',
    path: '/api/system-models/{id}/organizations',
    summary: 'Organizations that set something of it or use it, by name',
    params: templateParams,
    query: z.strictObject(pageParameters),
    output: pageOf(
      organizationSchema.extend({
        is_enabled_for_users: z.boolean(),
        token_limit_per_user: z.number().int().nullable(),
        people: z.number().int(),
        used: z.number().int().describe('Tokens in the running window of its limit.'),
        period: tokenLimitPeriods,
      }),
    ),
  }),
  revisions: defineEndpoint({
    ...keep,
    operationId: 'listSystemModelRevisions',
    method: 'GET',
    path: '/api/system-models/{id}/revisions',
    summary: 'What was changed, newest first; with `from` and `to` the difference of those two',
    params: templateParams,
    query: z.strictObject({ from: revisionNumber.optional(), to: revisionNumber.optional(), ...pageParameters }),
    output: pageOf(revisionSchema),
  }),
  rollback: defineEndpoint({
    ...keep,
    impersonation: 'refused',
    operationId: 'rollbackSystemModel',
    method: 'POST',
    path: '/api/system-models/{id}/rollback',
    summary: 'Make it what it was in a revision; that is a new revision',
    description:
      'Whether it is active and featured stays as it is, and so does the key of its own endpoint, which no revision holds: where the endpoint was at another ' +
      'host, the key is needed again. Takes `If-Match`.',
    params: templateParams,
    body: z.strictObject({
      revision: z.number().int().min(1).max(1_000_000_000),
      change_summary: changeSummary.optional(),
      endpoint_api_key: endpointKey.optional(),
    }),
    output: single(systemTemplateSchema),
    errors: ['conflict', 'stale'],
  }),
  usage: defineEndpoint({
    tag,
    role: 'member',
    permission: 'usage.read_own',
    platform: 'platform_admin',
    operationId: 'getSystemModelUsage',
    method: 'GET',
    path: '/api/system-models/{id}/usage',
    summary: 'Its use: one’s own, the organization’s for its admins, everybody’s for the platform',
    params: templateParams,
    query: z.strictObject({ period: usagePeriods.default('30d') }),
    output: single(usageSchema),
  }),
} as const;
