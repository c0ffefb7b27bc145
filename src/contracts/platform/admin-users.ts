// Owns: the endpoints by which the platform administers people: list, make, change, delete, ban, their sessions, many at once, export. Not: acting as them
// (impersonation.ts), or what people do for themselves (identity).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { memberRoles, platformRoles } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters, queryFlag } from '../paging.ts';
import { PLATFORM_ACTS } from './platform-roles.ts';

/** People of one bulk act. */
const BULK_MAX = 500;

const tag = 'Platform users';
const name = z.string().trim().min(1).max(200);
const email = z.string().trim().toLowerCase().max(254).pipe(z.email().max(254));
const banReason = z.string().trim().min(1).max(500);
const byId = z.strictObject({ id: z.uuid() });

/** A person as superadmins see them. */
export const adminUserSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  image: z.string().nullable(),
  platform_role: platformRoles,
  two_factor_enabled: z.boolean(),
  banned: z.boolean().describe('Now: a ban that has ended is none.'),
  ban_reason: z.string().nullable(),
  ban_expires: z.iso.datetime().nullable().describe('Null: without end.'),
  session_count: z.number().int().describe('Live sessions of their own.'),
  organization_count: z.number().int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const filters = {
  search: z.string().trim().min(1).max(200).optional().describe('Anywhere in name or e-mail address.'),
  role: platformRoles.optional(),
  banned: queryFlag.optional(),
  organization: z.uuid().optional().describe('Members of this one.'),
  created_from: instant.optional().describe('At or after this time.'),
  created_to: instant.optional().describe('Before this time.'),
} as const;

const read = { tag, role: PLATFORM_ACTS['users.read'] } as const;
const write = { tag, role: PLATFORM_ACTS['users.write'], impersonation: 'refused' } as const;

/** What is done to each of many. */
const bulkAct = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('ban'), ids: bulkIds(), reason: banReason, until: instant.optional() }),
  z.strictObject({ action: z.literal('unban'), ids: bulkIds() }),
  z.strictObject({ action: z.literal('delete'), ids: bulkIds() }),
  z.strictObject({ action: z.literal('set_role'), ids: bulkIds(), platform_role: platformRoles }),
]);

export const adminUserEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listUsers',
    method: 'GET',
    path: '/api/admin/users',
    summary: 'Everybody, newest first',
    query: z.strictObject({ ...filters, ...pageParameters }),
    output: pageOf(adminUserSchema),
  }),
  export: defineEndpoint({
    ...read,
    operationId: 'exportUsers',
    method: 'GET',
    path: '/api/admin/users/export.csv',
    summary: 'Everybody as CSV',
    query: z.strictObject(filters),
    produces: 'text/csv',
  }),
  get: defineEndpoint({
    ...read,
    operationId: 'getUser',
    method: 'GET',
    path: '/api/admin/users/{id}',
    summary: 'One person with their organizations',
    params: byId,
    output: single(
      adminUserSchema.extend({
        organizations: z.array(z.strictObject({ id: z.uuid(), name: z.string(), slug: z.string(), role: memberRoles })),
      }),
    ),
  }),
  create: defineEndpoint({
    ...write,
    operationId: 'createUser',
    method: 'POST',
    path: '/api/admin/users',
    summary: 'Make an account and invite its person by mail',
    description: 'The mail holds a link by which they set their password; it works once, for three days.',
    body: z.strictObject({ name, email, platform_role: platformRoles.default('user') }),
    status: 201,
    output: single(adminUserSchema),
    errors: ['conflict'],
  }),
  update: defineEndpoint({
    ...write,
    operationId: 'updateAdminUser',
    method: 'PUT',
    path: '/api/admin/users/{id}',
    summary: 'Change name, e-mail address or role on the platform',
    description:
      'A new address has to be verified again, and every session ends. Nobody changes their own role. Takes `If-Match`.',
    params: byId,
    body: z.strictObject({ name: name.optional(), email: email.optional(), platform_role: platformRoles.optional() }),
    output: single(adminUserSchema),
    errors: ['conflict', 'stale'],
  }),
  remove: defineEndpoint({
    ...write,
    operationId: 'deleteUser',
    method: 'DELETE',
    path: '/api/admin/users/{id}',
    summary: 'Delete a person; what they used stays under a pseudonym',
    description: 'Refused with the list in `organizations` while they are the only owner of one.',
    params: byId,
    errors: ['conflict'],
  }),
  ban: defineEndpoint({
    ...write,
    operationId: 'banUser',
    method: 'POST',
    path: '/api/admin/users/{id}/ban',
    summary: 'Ban a person: sessions end at once, their keys are refused',
    params: byId,
    body: z.strictObject({ reason: banReason, until: instant.optional().describe('Left out: without end.') }),
    output: single(adminUserSchema),
    errors: ['conflict'],
  }),
  unban: defineEndpoint({
    ...write,
    operationId: 'unbanUser',
    method: 'POST',
    path: '/api/admin/users/{id}/unban',
    summary: 'Take a ban back',
    params: byId,
    output: single(adminUserSchema),
  }),
  listSessions: defineEndpoint({
    ...read,
    operationId: 'listUserSessions',
    method: 'GET',
    path: '/api/admin/users/{id}/sessions',
    summary: 'The live sessions of a person, with those of who acts as them',
    params: byId,
    output: single(
      z
        .array(
          z.strictObject({
            id: z.uuid(),
            ip_address: z.string().nullable(),
            user_agent: z.string().nullable(),
            impersonator_id: z.uuid().nullable(),
            impersonation_reason: z.string().nullable(),
            created_at: z.iso.datetime(),
            expires_at: z.iso.datetime(),
          }),
        )
        .max(BULK_MAX),
    ),
  }),
  endSessions: defineEndpoint({
    ...write,
    operationId: 'endUserSessions',
    method: 'DELETE',
    path: '/api/admin/users/{id}/sessions',
    summary: 'End every session of a person',
    params: byId,
  }),
  endSession: defineEndpoint({
    ...write,
    operationId: 'endUserSession',
    method: 'DELETE',
    path: '/api/admin/users/{id}/sessions/{session_id}',
    summary: 'End one session of a person',
    params: z.strictObject({ id: z.uuid(), session_id: z.uuid() }),
  }),
  bulk: defineEndpoint({
    ...write,
    operationId: 'changeUsers',
    method: 'POST',
    path: '/api/admin/users/bulk',
    summary: 'Ban, unban, delete or give a role to many people',
    description: `Up to ${BULK_MAX}, one after the other, each by itself: some may succeed where others are refused.`,
    body: bulkAct,
    output: single(
      z
        .array(
          z.strictObject({
            id: z.uuid(),
            ok: z.boolean(),
            error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
          }),
        )
        .max(BULK_MAX),
    ),
  }),
} as const;

function bulkIds() {
  return z
    .array(z.uuid().toLowerCase())
    .min(1)
    .max(BULK_MAX)
    .refine((ids) => new Set(ids).size === ids.length, 'holds an id twice');
}
