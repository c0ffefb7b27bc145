// Owns: the endpoints of tokens for the product API: list, make, revoke. Not: virtual keys, which are for the gateway.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { apiTokenRoles } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

const tokenKinds = z.enum(['personal', 'organization']);

/** A token as those who keep it read it; never the secret. */
export const apiTokenSchema = z.strictObject({
  id: z.uuid(),
  kind: tokenKinds,
  name: z.string(),
  user_id: z.uuid().nullable().describe("Whose personal token it is; null: the organization's."),
  role: apiTokenRoles.describe('The most it may do, within what its maker may at that moment.'),
  prefix: z.string(),
  last_four: z.string(),
  state: z.enum(['active', 'expired', 'revoked']),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable().describe('To within a minute.'),
  revoked_at: z.iso.datetime().nullable(),
  created_by: z.uuid().nullable(),
  created_at: z.iso.datetime(),
});

const base = {
  tag: 'API tokens',
  role: 'member',
  permission: 'api_tokens.manage_own',
  impersonation: 'refused',
} as const;

export const apiTokenEndpoints = {
  list: defineEndpoint({
    ...base,
    operationId: 'listApiTokens',
    method: 'GET',
    path: '/api/api-tokens',
    summary: 'Tokens for this API, the newest first; members see their own',
    query: z.strictObject(pageParameters),
    output: pageOf(apiTokenSchema),
  }),
  create: defineEndpoint({
    ...base,
    operationId: 'createApiToken',
    method: 'POST',
    path: '/api/api-tokens',
    summary: 'Make a token for this API; its secret is shown this once',
    description:
      'Send it as `Authorization: Bearer wr_pat_…`. It works in this one organization. A personal token acts as its person and never beyond them; one of the organization (for admins to make) is named in the audit log by itself, and ends with its maker’s membership. No token makes tokens.',
    body: z.strictObject({
      name: z.string().trim().min(1).max(200),
      kind: tokenKinds.default('personal'),
      role: apiTokenRoles.default('member'),
      expires_at: z.iso.datetime().nullable().optional(),
    }),
    status: 201,
    output: single(apiTokenSchema.extend({ secret: z.string().describe('The token itself, in this answer alone.') })),
  }),
  revoke: defineEndpoint({
    ...base,
    operationId: 'revokeApiToken',
    method: 'POST',
    path: '/api/api-tokens/{id}/revoke',
    summary: 'End a token: its next request is refused',
    suspended: 'allowed',
    params: z.strictObject({ id: z.uuid() }),
    output: single(apiTokenSchema),
  }),
} as const;
