// Owns: the endpoints by which superadmins give people and organizations a model, and take it back. Not: buying (billing), or which of several rights wins.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { entitlementSources } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';

const NOTES_LENGTH_MAX = 2_000;

/** A right to a model, whatever it came from. */
export const grantSchema = z.strictObject({
  id: z.uuid(),
  modelId: z.string(),
  source: entitlementSources,
  user: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }).nullable(),
  organization: z.strictObject({ id: z.uuid(), name: z.string(), slug: z.string() }).nullable(),
  notes: z.string(),
  grantedBy: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  grantedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable().describe('Null: without end.'),
  revokedAt: z.iso.datetime().nullable(),
  isActive: z.boolean(),
});

const holder = {
  userId: z.uuid().optional(),
  email: z.string().trim().toLowerCase().max(254).pipe(z.email().max(254)).optional(),
  organizationId: z.uuid().optional(),
} as const;

const byModel = z.strictObject({ id: z.string().min(1).max(127).describe('Id of the model.') });
const read = { tag: 'Model access', role: 'superadmin' } as const;
const write = { ...read, impersonation: 'refused' } as const;

export const grantEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listModelGrants',
    method: 'GET',
    path: '/api/admin/models/{id}/grants',
    summary: 'Who has a right to a model, with notes, the latest first',
    params: byModel,
    query: z.strictObject({
      state: z.enum(['active', 'ended', 'all']).default('all'),
      source: entitlementSources.optional(),
      ...pageParameters,
    }),
    output: pageOf(grantSchema),
  }),
  create: defineEndpoint({
    ...write,
    operationId: 'grantModelAccess',
    method: 'POST',
    path: '/api/admin/models/{id}/grant-access',
    summary: 'Give a person or an organization a model',
    description: 'Exactly one of `userId`, `email` and `organizationId`. In force at the gateway at once.',
    params: byModel,
    body: z
      .strictObject({
        ...holder,
        source: z.enum(['admin_grant', 'trial']).default('admin_grant'),
        expiresAt: instant.optional().describe('Left out: without end.'),
        notes: z.string().trim().max(NOTES_LENGTH_MAX).default(''),
      })
      .refine(
        ({ userId, email, organizationId }) =>
          [userId, email, organizationId].filter((one) => one !== undefined).length === 1,
        {
          message: 'names no holder, or several: give userId, email or organizationId',
        },
      ),
    status: 201,
    output: single(grantSchema),
    errors: ['conflict'],
  }),
  revoke: defineEndpoint({
    ...write,
    operationId: 'revokeModelGrant',
    method: 'DELETE',
    path: '/api/admin/models/grants/{grantId}',
    summary: 'Take a granted model back, in force at once',
    description: 'A purchase ends by its refund and what a plan brings with the plan: 409.',
    params: z.strictObject({ grantId: z.uuid() }),
    errors: ['conflict'],
  }),
} as const;
