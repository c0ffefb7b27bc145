// Owns: the endpoints by which the platform administers organizations: list, read, plan and limits, suspend. Not: what their own admins change (identity).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { organizationStatuses, planSlugs } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { PLATFORM_ACTS } from './platform-roles.ts';

const tag = 'Platform organizations';
const byId = z.strictObject({ id: z.uuid() });
const businessType = z.string().min(1).max(100);

/** An organization as the platform sees it. */
export const adminOrganizationSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  business_type: z.string(),
  pricing_plan: planSlugs,
  status: organizationStatuses,
  status_reason: z.string().nullable(),
  token_quota_monthly: z.number().int().nullable().describe("Null: the plan's."),
  can_create_custom_models: z.boolean(),
  max_custom_models: z.number().int(),
  effective: z
    .strictObject({
      token_quota_monthly: z.number().int().nullable().describe('Null: unlimited.'),
      can_create_custom_models: z.boolean(),
      max_custom_models: z.number().int(),
    })
    .describe("What holds: the own quota before the plan's; of custom models the lower most and the stricter flag."),
  token_usage_current: z.number().int(),
  token_reset_date: z.iso.datetime(),
  member_count: z.number().int(),
  billing_email: z.string().nullable(),
  deletion_requested_at: z.iso.datetime().nullable(),
  delete_after: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const read = { tag, role: PLATFORM_ACTS['organizations.read'] } as const;
const write = { tag, role: PLATFORM_ACTS['organizations.write'], impersonation: 'refused' } as const;

export const adminOrganizationEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listAllOrganizations',
    method: 'GET',
    path: '/api/admin/organizations',
    summary: 'Every organization, newest first',
    query: z.strictObject({
      search: z.string().trim().min(1).max(200).optional().describe('Anywhere in name or slug.'),
      plan: planSlugs.optional(),
      status: organizationStatuses.optional(),
      business_type: businessType.optional(),
      ...pageParameters,
    }),
    output: pageOf(adminOrganizationSchema),
  }),
  get: defineEndpoint({
    ...read,
    operationId: 'getAnyOrganization',
    method: 'GET',
    path: '/api/admin/organizations/{id}',
    summary: 'One organization, whoever it belongs to',
    params: byId,
    output: single(adminOrganizationSchema),
  }),
  update: defineEndpoint({
    ...write,
    operationId: 'updateAnyOrganization',
    method: 'PUT',
    path: '/api/admin/organizations/{id}',
    summary: 'Change plan, quota, custom models or business type; what is left out stays',
    description:
      'A higher plan is in force at once and brings the missing credits of the running 30 days; a lower one takes rights away at once, credits stay but ' +
      'can’t be spent where the plan has none. Takes `If-Match`.',
    params: byId,
    body: z.strictObject({
      name: z.string().trim().min(1).max(200).optional(),
      business_type: businessType.optional(),
      pricing_plan: planSlugs.optional(),
      token_quota_monthly: z.number().int().min(0).nullable().optional().describe("Null: the plan's."),
      can_create_custom_models: z.boolean().optional(),
      max_custom_models: z.number().int().min(0).max(100_000).optional(),
    }),
    output: single(adminOrganizationSchema.extend({ credit_lots_granted: z.number().int() })),
    errors: ['stale'],
  }),
  suspend: defineEndpoint({
    ...write,
    operationId: 'suspendOrganization',
    method: 'POST',
    path: '/api/admin/organizations/{id}/suspend',
    summary: 'Suspend an organization: its calls are refused, nothing of it changes',
    params: byId,
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    output: single(adminOrganizationSchema),
  }),
  resume: defineEndpoint({
    ...write,
    operationId: 'resumeOrganization',
    method: 'POST',
    path: '/api/admin/organizations/{id}/resume',
    summary: 'Let a suspended organization go on',
    params: byId,
    output: single(adminOrganizationSchema),
  }),
} as const;
