// Owns: the endpoint of activity: what happened, for people to read. Not: the audit log with its values and addresses (audit-logs.ts).

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { auditActorTypes } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** One thing that happened. */
export const activitySchema = z.strictObject({
  id: z.uuid(),
  at: z.string().describe('ISO 8601 in UTC.'),
  actor: z.strictObject({
    type: auditActorTypes,
    id: z.uuid().nullable(),
    name: z.string().nullable().describe('Null: of the platform, or no longer a member.'),
    is_me: z.boolean(),
  }),
  impersonated: z.boolean().describe('Somebody of the platform acted as the actor.'),
  action: z.string(),
  summary: z.string().describe('The act in words: `Member invite`.'),
  target: z.strictObject({ type: z.string(), id: z.string().nullable(), label: z.string().nullable() }),
});

export const activityEndpoints = {
  list: defineEndpoint({
    operationId: 'listActivity',
    method: 'GET',
    path: '/api/activity',
    summary: 'What happened in the organization: all of it for admins, what concerns them for members',
    tag: 'Audit',
    role: 'member',
    permission: 'activity.read',
    query: z.strictObject(pageParameters),
    output: pageOf(activitySchema),
  }),
} as const;
