// Owns: the endpoints by which people ask for a higher limit and admins decide, and those of limits that are raised for a time. Not: changing ordinary limits
// (templates, budgets, models, organizations).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { limitKinds, limitRequestStatuses } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { askedAmount, limitAmount, limitUnits, reasonText } from './limit-words.ts';

/** Windows of a trend, the running one included. */
export const TREND_WINDOWS = 6;

const moment = z.iso.datetime();
const person = z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() });
const target = z
  .strictObject({ id: z.string(), name: z.string() })
  .nullable()
  .describe("The template, model or budget; null: the organization's quota.");
const byId = z.strictObject({ id: z.uuid() });

/** A request with what is needed to decide it. */
export const limitRequestSchema = z.strictObject({
  id: z.uuid(),
  organization: z.strictObject({ id: z.uuid(), name: z.string() }),
  user: person,
  kind: limitKinds,
  target,
  unit: limitUnits,
  requested: limitAmount,
  reason: z.string(),
  status: limitRequestStatuses,
  limit_then: limitAmount.describe('In force when it was asked.'),
  current: z
    .strictObject({
      limit: limitAmount.nullable(),
      used: limitAmount,
      held: limitAmount,
      resets_at: moment,
      trend: z
        .array(z.strictObject({ window_start: moment, used: limitAmount }))
        .max(TREND_WINDOWS)
        .describe('Windows in which anything was used, the latest first.'),
    })
    .nullable()
    .describe('Null: what was to be raised is gone.'),
  created_at: moment,
  decided_at: moment.nullable(),
  decided_by: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  decision_reason: z.string().nullable(),
  override: z
    .strictObject({ id: z.uuid(), amount: limitAmount, until: moment.nullable(), revoked_at: moment.nullable() })
    .nullable()
    .describe('What came of it.'),
});

/** A limit that is raised for a time. */
export const limitOverrideSchema = z.strictObject({
  id: z.uuid(),
  organization: z.strictObject({ id: z.uuid(), name: z.string() }),
  user: person.nullable().describe("Null: the organization's quota."),
  kind: limitKinds,
  target,
  unit: limitUnits,
  amount: limitAmount,
  starts_at: moment,
  until: moment.nullable().describe('Null: until it is revoked.'),
  request_id: z.uuid().nullable(),
  granted_by: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  revoked_at: moment.nullable(),
  is_active: z.boolean(),
});

const request = { tag: 'Limits', role: 'member', permission: 'limits.request' } as const;
const manage = { tag: 'Limits', role: 'admin', permission: 'limits.manage', platform: 'platform_admin' } as const;

export const limitRequestEndpoints = {
  create: defineEndpoint({
    ...request,
    operationId: 'createLimitRequest',
    method: 'POST',
    path: '/api/limit-requests',
    summary: 'Ask for a higher limit',
    description: 'One open request a person and limit: another is 409.',
    body: z.strictObject({
      kind: limitKinds,
      target: z
        .union([z.string().min(1).max(200), z.number().int().positive().max(Number.MAX_SAFE_INTEGER)])
        .optional()
        .describe(
          "Id of the template, of the person's own budget, or of the model. None for the organization's quota.",
        ),
      amount: askedAmount,
      reason: reasonText,
    }),
    status: 201,
    output: single(limitRequestSchema),
    errors: ['conflict'],
  }),
  list: defineEndpoint({
    ...request,
    platform: 'platform_admin',
    operationId: 'listLimitRequests',
    method: 'GET',
    path: '/api/limit-requests',
    summary: 'Requests for higher limits, the latest first: own ones; for admins all, with what is used',
    description: "The platform, outside organizations, sees those for organizations' quotas, which it decides.",
    query: z.strictObject({
      status: limitRequestStatuses.optional(),
      kind: limitKinds.optional(),
      user: z.uuid().optional(),
      ...pageParameters,
    }),
    output: pageOf(limitRequestSchema),
  }),
  approve: defineEndpoint({
    ...manage,
    operationId: 'approveLimitRequest',
    method: 'POST',
    path: '/api/limit-requests/{id}/approve',
    summary: 'Raise the limit, in force at the next call; it ends by itself',
    description:
      "Within the organization's monthly quota, which no limit of a person passes. An organization's quota itself is the platform's to raise.",
    params: byId,
    body: z.strictObject({
      amount: askedAmount.optional().describe('Left out: what was asked for.'),
      until: instant.optional().describe('Left out: until it is revoked.'),
      reason: reasonText.optional(),
    }),
    output: single(limitRequestSchema),
    errors: ['conflict'],
  }),
  deny: defineEndpoint({
    ...manage,
    operationId: 'denyLimitRequest',
    method: 'POST',
    path: '/api/limit-requests/{id}/deny',
    summary: 'Decline a request, saying why',
    params: byId,
    body: z.strictObject({ reason: reasonText }),
    output: single(limitRequestSchema),
    errors: ['conflict'],
  }),
} as const;

export const limitOverrideEndpoints = {
  list: defineEndpoint({
    ...manage,
    operationId: 'listLimitOverrides',
    method: 'GET',
    path: '/api/limits/overrides',
    summary: 'Limits that are raised for a time, the latest first',
    query: z.strictObject({
      state: z.enum(['active', 'ended', 'all']).default('active'),
      kind: limitKinds.optional(),
      user: z.uuid().optional(),
      ...pageParameters,
    }),
    output: pageOf(limitOverrideSchema),
  }),
  revoke: defineEndpoint({
    ...manage,
    operationId: 'revokeLimitOverride',
    method: 'DELETE',
    path: '/api/limits/overrides/{id}',
    summary: 'End a raised limit now: the ordinary one holds at the next call. Repeated: nothing',
    params: byId,
  }),
} as const;
