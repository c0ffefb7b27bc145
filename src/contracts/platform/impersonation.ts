// Owns: the endpoints of acting as somebody, and of stopping. Not: what may be done meanwhile (each endpoint says so itself), or the banner's data (`GET /api/me`).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { PLATFORM_ACTS } from './platform-roles.ts';

/** The longest that anybody acts as somebody else. */
const IMPERSONATION_MINUTES_MAX = 60;

const tag = 'Impersonation';

export const impersonationEndpoints = {
  start: defineEndpoint({
    operationId: 'impersonateUser',
    method: 'POST',
    path: '/api/admin/users/{id}/impersonate',
    summary: 'Act as somebody, for an hour at most',
    description:
      'Sets the session cookie to a session as them. It ends by itself, and with the own session. Never as somebody who has a role on the platform. Both ' +
      'names are on every row of the audit log.',
    tag,
    role: PLATFORM_ACTS['users.impersonate'],
    impersonation: 'refused',
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({
      reason: z.string().trim().min(10).max(500).describe('Kept in the audit log, and shown in the banner.'),
      minutes: z.number().int().min(1).max(IMPERSONATION_MINUTES_MAX).default(IMPERSONATION_MINUTES_MAX),
    }),
    status: 201,
    output: single(
      z.strictObject({
        user: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }),
        expires_at: z.iso.datetime(),
      }),
    ),
    errors: ['conflict'],
  }),
  stop: defineEndpoint({
    operationId: 'stopImpersonating',
    method: 'POST',
    path: '/api/admin/stop-impersonating',
    summary: 'Stop acting as somebody and go back to the own session',
    tag,
    role: 'user',
    output: single(
      z.strictObject({ returned: z.boolean().describe('False: the own session has ended; sign in again.') }),
    ),
    errors: ['conflict'],
  }),
} as const;
