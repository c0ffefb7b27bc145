// Owns: the endpoints of virtual keys: list, make, change, rotate, revoke, validate. Not: what a key allows at the gateway (its rules).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { budgetEnforcements, budgetPeriods, keyEnvironments, keyOwnerTypes } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** The gateway's routes that a key can be held to. */
const keyRoutes = z.enum(['chat_completions', 'responses', 'embeddings', 'messages', 'count_tokens']);

/** Where a key is in its life. `in_grace`: rotated, and still accepted for a while. */
const keyStates = z.enum(['active', 'in_grace', 'expired', 'revoked']);

const LIST_MAX = 200;
const AMOUNT_MAX = 1_000_000_000_000;
const DAY_SECONDS = 86_400;

const names = z.array(z.string().min(1).max(200)).max(LIST_MAX);
const addresses = z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).max(LIST_MAX);
const perMinute = z.number().int().min(1).max(AMOUNT_MAX);
const name = z.string().trim().min(1).max(200);
/** Dollars: a decimal text, or a number. At most nine places. */
const usd = z.union([z.string().regex(/^\d{1,9}(\.\d{1,9})?$/), z.number().positive().max(999_999_999)]);

/** What a key is held to. Left out or null: everything that its owner may; an empty list: nothing. */
const bounds = {
  allowed_models: names.nullable().optional(),
  allowed_templates: names.nullable().optional().describe('Slugs.'),
  allowed_features: names.nullable().optional(),
  allowed_routes: z.array(keyRoutes).max(LIST_MAX).nullable().optional(),
  ip_ranges: addresses.nullable().optional().describe('Addresses and networks.'),
  requests_per_minute: perMinute.nullable().optional(),
  tokens_per_minute: perMinute.nullable().optional(),
  can_act_for_members: z
    .boolean()
    .optional()
    .describe('Whether `x-weir-user` may name any member. For admins to give.'),
  department_id: z.uuid().nullable().optional().describe("Where a service key's use is booked."),
  expires_at: z.iso.datetime().nullable().optional(),
} as const;

/** A key as those who keep it read it; never the secret. */
export const virtualKeySchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  environment: keyEnvironments,
  owner: z.strictObject({ type: keyOwnerTypes, user_id: z.uuid().nullable(), name: z.string().nullable() }),
  department_id: z.uuid().nullable(),
  prefix: z.string(),
  last_four: z.string(),
  state: keyStates,
  allowed_models: z.array(z.string()).nullable().describe('Null: all. The same for the other lists.'),
  allowed_templates: z.array(z.string()).nullable(),
  allowed_features: z.array(z.string()).nullable(),
  allowed_routes: z.array(z.string()).nullable(),
  ip_ranges: z.array(z.string()).nullable(),
  requests_per_minute: z.number().int().nullable(),
  tokens_per_minute: z.number().int().nullable(),
  can_act_for_members: z.boolean(),
  budget: z
    .strictObject({ id: z.uuid(), amount_usd: z.string(), period: budgetPeriods, enforcement: budgetEnforcements })
    .nullable()
    .describe('Of the key and of all it was rotated from together.'),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable().describe('To within about a minute.'),
  revoked_at: z.iso.datetime().nullable(),
  rotated_from: z.uuid().nullable(),
  grace_until: z.iso.datetime().nullable(),
  created_by: z.uuid().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const shownOnce = virtualKeySchema.extend({
  secret: z.string().describe('The key itself. It is in this answer and nowhere else.'),
});

const verdict = z.strictObject({
  accepted: z.boolean(),
  reasons: z.array(z.strictObject({ code: z.string(), message: z.string() })),
  key: virtualKeySchema.nullable(),
});

const byId = z.strictObject({ id: z.uuid() });
const shared = {
  tag: 'Virtual keys',
  role: 'member',
  permission: 'keys.manage_own',
  impersonation: 'refused',
} as const;

export const virtualKeyEndpoints = {
  list: defineEndpoint({
    ...shared,
    operationId: 'listApiKeys',
    method: 'GET',
    path: '/api/api-keys',
    summary: 'Virtual keys, the newest first; members see their own',
    query: z.strictObject({
      ...pageParameters,
      environment: keyEnvironments.optional(),
      user_id: z.uuid().optional().describe('Only keys of this person.'),
    }),
    output: pageOf(virtualKeySchema),
  }),
  create: defineEndpoint({
    ...shared,
    operationId: 'createApiKey',
    method: 'POST',
    path: '/api/api-keys',
    summary: 'Make a virtual key; its secret is shown this once',
    description:
      'Members make keys for themselves, where the organization lets them, of models and templates that they may use. Repeated with the same `Idempotency-Key`, the same answer is given for a day.',
    body: z.strictObject({
      name,
      environment: keyEnvironments.default('live'),
      owner: z
        .strictObject({ type: keyOwnerTypes, user_id: z.uuid().optional() })
        .optional()
        .describe('Left out: the caller; with a token of the organization, a service.'),
      ...bounds,
      budget: z
        .strictObject({ amount_usd: usd, period: budgetPeriods, enforcement: budgetEnforcements.default('hard') })
        .optional(),
    }),
    status: 201,
    output: single(shownOnce),
    errors: ['conflict'],
  }),
  update: defineEndpoint({
    ...shared,
    operationId: 'updateApiKey',
    method: 'PATCH',
    path: '/api/api-keys/{id}',
    summary: 'Change a virtual key; what is left out stays',
    description: 'Members may narrow their keys; widening one is for admins. Takes `If-Match`.',
    params: byId,
    body: z.strictObject({ name: name.optional(), ...bounds }),
    output: single(virtualKeySchema),
    errors: ['conflict', 'stale'],
  }),
  rotate: defineEndpoint({
    ...shared,
    operationId: 'rotateApiKey',
    method: 'POST',
    path: '/api/api-keys/{id}/rotate',
    summary: 'Put a new key in the place of one, which works for a while longer',
    params: byId,
    body: z.strictObject({
      grace_seconds: z
        .number()
        .int()
        .min(0)
        .max(30 * DAY_SECONDS)
        .default(DAY_SECONDS),
    }),
    status: 201,
    output: single(shownOnce),
    errors: ['conflict'],
  }),
  revoke: defineEndpoint({
    ...shared,
    operationId: 'revokeApiKey',
    method: 'POST',
    path: '/api/api-keys/{id}/revoke',
    summary: 'End a key: its next call is refused',
    suspended: 'allowed',
    params: byId,
    output: single(virtualKeySchema),
  }),
  validate: defineEndpoint({
    ...shared,
    operationId: 'validateApiKey',
    method: 'POST',
    path: '/api/api-keys/{id}/validate',
    summary: 'Whether a key would be accepted now, and if not, why',
    suspended: 'allowed',
    params: byId,
    output: single(verdict),
  }),
  validateSecret: defineEndpoint({
    ...shared,
    operationId: 'validateApiKeySecret',
    method: 'POST',
    path: '/api/api-keys/validate',
    summary: 'The same for a key at hand, among those that the caller may see',
    suspended: 'allowed',
    body: z.strictObject({ key: z.string().min(1).max(200) }),
    output: single(verdict),
  }),
} as const;
