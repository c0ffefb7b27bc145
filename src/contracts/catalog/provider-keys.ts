// Owns: the endpoints of an organization's own keys at providers (bring your own key). Not: providers themselves, or the platform's keys.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { credentialStatuses } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** A key at a provider as admins read it; the key itself is never readable. */
export const providerKeySchema = z.strictObject({
  id: z.uuid(),
  provider: z.strictObject({ id: z.uuid(), slug: z.string().nullable(), name: z.string().nullable() }),
  label: z.string(),
  last_four: z.string(),
  origin: z.string().describe('Where the key was entered for; it is sent nowhere else.'),
  is_usable: z
    .boolean()
    .describe('Whether calls go out with it: active, and the provider is still at that origin. If not, rotate it.'),
  status: credentialStatuses,
  last_validated_at: z.iso.datetime().nullable(),
  last_validation_error: z.string().nullable(),
  rotated_at: z.iso.datetime().nullable(),
  created_by: z.uuid().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const SECRET_LENGTH_MIN = 8;
const SECRET_LENGTH_MAX = 4_000;
/** What a header can carry. */
const secret = z
  .string()
  .trim()
  .min(SECRET_LENGTH_MIN)
  .max(SECRET_LENGTH_MAX)
  .regex(/^[\x21-\x7e]+$/, 'has characters that no key has')
  .describe('The key that the provider issued.');

const byId = z.strictObject({ id: z.uuid() });
const base = {
  tag: 'Provider keys',
  role: 'admin',
  permission: 'provider_keys.manage',
  impersonation: 'refused',
} as const;

export const providerKeyEndpoints = {
  list: defineEndpoint({
    ...base,
    operationId: 'listProviderKeys',
    method: 'GET',
    path: '/api/provider-keys',
    summary: "The organization's own keys at providers, the newest first",
    query: z.strictObject(pageParameters),
    output: pageOf(providerKeySchema),
  }),
  create: defineEndpoint({
    ...base,
    operationId: 'createProviderKey',
    method: 'POST',
    path: '/api/provider-keys',
    summary: 'Bring a key of your own: calls to that provider go out with it',
    description:
      'The provider is asked first: a key that it refuses is not kept. Where it cannot be asked, the key is kept and `last_validation_error` says so.',
    body: z.strictObject({
      provider: z.string().min(1).max(63).describe('Slug of the provider.'),
      label: z.string().trim().min(1).max(200),
      secret,
    }),
    status: 201,
    output: single(providerKeySchema),
    errors: ['conflict'],
  }),
  rotate: defineEndpoint({
    ...base,
    operationId: 'rotateProviderKey',
    method: 'POST',
    path: '/api/provider-keys/{id}/rotate',
    summary: 'Put another key in its place, for where the provider is now',
    params: byId,
    body: z.strictObject({ secret }),
    output: single(providerKeySchema),
    errors: ['conflict'],
  }),
  revoke: defineEndpoint({
    ...base,
    operationId: 'revokeProviderKey',
    method: 'POST',
    path: '/api/provider-keys/{id}/revoke',
    summary: 'End a key and erase it; its provider knows it still',
    suspended: 'allowed',
    params: byId,
    output: single(providerKeySchema),
  }),
  validate: defineEndpoint({
    ...base,
    operationId: 'validateProviderKey',
    method: 'POST',
    path: '/api/provider-keys/{id}/validate',
    summary: 'Ask the provider whether it takes the key',
    description: 'A key that is refused becomes `invalid` and is not used until it is taken again or rotated.',
    params: byId,
    output: single(z.strictObject({ valid: z.boolean(), reason: z.string().nullable(), key: providerKeySchema })),
    errors: ['conflict'],
  }),
} as const;
