// Owns: the endpoints that tell a person who they are and what they may do. Not: changing any of it.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { memberRoles, memberStatuses, organizationStatuses, planSlugs, platformRoles } from '../enumerations.ts';

/** The person behind a request, where they belong, and who acts as them. */
export const meSchema = z.strictObject({
  user: z.strictObject({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    email_verified: z.boolean(),
    image: z.string().nullable(),
    platform_role: platformRoles,
    two_factor_enabled: z.boolean(),
    created_at: z.iso.datetime(),
  }),
  memberships: z.array(
    z.strictObject({
      organization: z.strictObject({
        id: z.uuid(),
        name: z.string(),
        slug: z.string(),
        logo: z.string().nullable(),
        pricing_plan: planSlugs,
        status: organizationStatuses,
        delete_after: z.iso.datetime().nullable(),
      }),
      role: memberRoles,
      status: memberStatuses,
      paused_until: z.iso.datetime().nullable(),
    }),
  ),
  impersonation: z
    .strictObject({
      impersonator: z.strictObject({ id: z.uuid(), name: z.string() }),
      reason: z.string(),
      expires_at: z.iso.datetime(),
    })
    .nullable()
    .describe('Set while somebody of the platform acts as this person: what the banner says.'),
  session: z.strictObject({ id: z.uuid(), expires_at: z.iso.datetime() }).nullable(),
});

const permissionName = z.string().max(100);

export const meEndpoints = {
  get: defineEndpoint({
    operationId: 'getMe',
    method: 'GET',
    path: '/api/me',
    summary: 'Who the caller is, their memberships, and whether somebody acts as them',
    tag: 'Me',
    role: 'user',
    output: single(meSchema),
  }),
  permissions: defineEndpoint({
    operationId: 'getPermissions',
    method: 'GET',
    path: '/api/permissions',
    summary: 'The permission matrix and what the caller may',
    tag: 'Me',
    role: 'member',
    output: single(
      z.strictObject({
        role: memberRoles,
        permissions: z.array(permissionName).describe('What the caller may in this organization.'),
        matrix: z.record(permissionName, z.array(memberRoles)).describe('Permission to the roles that hold it.'),
      }),
    ),
  }),
} as const;
