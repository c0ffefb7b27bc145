// Owns: the endpoints of organizations: make, list, read, change, delete with grace, restore. Not: their members, invitations or domains.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { memberRoles, organizationStatuses, planSlugs } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** Form of a slug: lower-case letters, digits and hyphens, as a host name's part. */
export const SLUG_PATTERN = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** An organization in a path: its id or its slug. */
const organizationReference = z.string().min(1).max(63).describe('Id or slug of the organization.');

/** What an organization decides for itself. Absent: the default. */
export const organizationSettings = z.strictObject({
  /** Whether members make keys of their own. */
  members_create_keys: z.boolean().default(true),
  /** Whether admins read the text of conversations, or only counts. */
  admins_read_conversations: z.boolean().default(false),
});

const name = z.string().trim().min(1).max(200);
const slug = z.string().regex(SLUG_PATTERN, 'needs 1 to 63 of a-z, 0-9 and -').describe('Unique on the platform.');
const businessType = z.string().min(1).max(100).describe('Slug of a business type.');
const billingEmail = z.email().max(320);
const logo = z.httpUrl().max(2_000);

/** An organization as its members read it. */
export const organizationSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  slug: z.string(),
  logo: z.string().nullable(),
  business_type: z.string(),
  pricing_plan: planSlugs,
  status: organizationStatuses,
  token_quota_monthly: z.number().int().nullable().describe("Null: the plan's."),
  token_usage_current: z.number().int().describe('Tokens used and held in the running month, read from the counters.'),
  token_reset_date: z.iso.datetime(),
  can_create_custom_models: z.boolean(),
  max_custom_models: z.number().int(),
  default_model_id: z.string().nullable(),
  billing_email: z.string().nullable(),
  settings: organizationSettings,
  deletion_requested_at: z.iso.datetime().nullable(),
  delete_after: z.iso.datetime().nullable().describe('Until then the deletion can be taken back.'),
  role: memberRoles.describe("The caller's role in it."),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const byId = z.strictObject({ id: organizationReference });

export const organizationEndpoints = {
  create: defineEndpoint({
    operationId: 'createOrganization',
    method: 'POST',
    path: '/api/organizations',
    summary: 'Make an organization; who makes it owns it',
    tag: 'Organizations',
    role: 'user',
    impersonation: 'refused',
    body: z.strictObject({
      name,
      slug: slug.optional().describe('Made from the name when left out.'),
      business_type: businessType.default('software'),
      billing_email: billingEmail.optional(),
    }),
    status: 201,
    output: single(organizationSchema),
    errors: ['conflict'],
  }),
  list: defineEndpoint({
    operationId: 'listOrganizations',
    method: 'GET',
    path: '/api/organizations',
    summary: 'The organizations the caller is a member of',
    tag: 'Organizations',
    role: 'user',
    query: z.strictObject(pageParameters),
    output: pageOf(organizationSchema),
  }),
  get: defineEndpoint({
    operationId: 'getOrganization',
    method: 'GET',
    path: '/api/organizations/{id}',
    summary: 'One organization',
    tag: 'Organizations',
    role: 'member',
    permission: 'organization.read',
    organization: 'path',
    params: byId,
    output: single(organizationSchema),
  }),
  update: defineEndpoint({
    operationId: 'updateOrganization',
    method: 'PUT',
    path: '/api/organizations/{id}',
    summary: 'Change an organization; what is left out stays',
    description:
      'Plan, quota, status and limits of custom models are the platform’s and refused here. Takes `If-Match`.',
    tag: 'Organizations',
    role: 'admin',
    permission: 'organization.update',
    organization: 'path',
    params: byId,
    body: z.strictObject({
      name: name.optional(),
      slug: slug.optional(),
      logo: logo.nullable().optional(),
      business_type: businessType.optional(),
      billing_email: billingEmail.nullable().optional(),
      default_model_id: z.string().min(1).max(200).nullable().optional(),
      settings: organizationSettings.partial().optional(),
    }),
    output: single(organizationSchema),
    errors: ['conflict', 'stale'],
  }),
  remove: defineEndpoint({
    operationId: 'deleteOrganization',
    method: 'DELETE',
    path: '/api/organizations/{id}',
    summary: 'Delete an organization after 30 days',
    description: 'Its calls are answered until then; `restore` takes it back.',
    tag: 'Organizations',
    role: 'owner',
    permission: 'organization.delete',
    organization: 'path',
    impersonation: 'refused',
    params: byId,
  }),
  restore: defineEndpoint({
    operationId: 'restoreOrganization',
    method: 'POST',
    path: '/api/organizations/{id}/restore',
    summary: 'Take a deletion back',
    tag: 'Organizations',
    role: 'owner',
    permission: 'organization.delete',
    organization: 'path',
    impersonation: 'refused',
    params: byId,
    output: single(organizationSchema),
  }),
} as const;
