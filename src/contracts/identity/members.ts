// Owns: the endpoints of an organization's people: list, change, remove, pause, leave, hand ownership over. Not: how they join (invitations.ts, domains.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { memberRoles, memberStatuses } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** A person as the admins of their organization see them. */
export const memberSchema = z.strictObject({
  id: z.uuid().describe("The user's id."),
  name: z.string(),
  email: z.string(),
  image: z.string().nullable(),
  role: memberRoles,
  department: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  status: memberStatuses.describe('`active` again once `paused_until` has passed.'),
  paused_until: z.iso.datetime().nullable().describe('Null while paused: until somebody resumes them.'),
  pause_reason: z.string().nullable(),
  joined_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});

const byId = z.strictObject({ id: z.uuid().describe("The user's id.") });
const admin = { tag: 'Members', role: 'admin' } as const;

export const memberEndpoints = {
  list: defineEndpoint({
    ...admin,
    operationId: 'listMembers',
    method: 'GET',
    path: '/api/organizations/users',
    summary: 'The people of the organization, by name',
    permission: 'members.read',
    query: z.strictObject({
      ...pageParameters,
      search: z.string().trim().max(200).optional().describe('In name or address.'),
      role: memberRoles.optional(),
      department_id: z.union([z.uuid(), z.literal('none')]).optional(),
      status: memberStatuses.optional(),
    }),
    output: pageOf(memberSchema),
  }),
  get: defineEndpoint({
    ...admin,
    operationId: 'getMember',
    method: 'GET',
    path: '/api/organizations/users/{id}',
    summary: 'One person of the organization',
    permission: 'members.read',
    params: byId,
    output: single(memberSchema),
  }),
  update: defineEndpoint({
    ...admin,
    operationId: 'updateMember',
    method: 'PUT',
    path: '/api/organizations/users/{id}',
    summary: 'Change role or department; what is left out stays',
    description:
      'Nobody changes their own role. Owners alone make owners and change those there are. Takes `If-Match`.',
    permission: 'members.update',
    params: byId,
    body: z.strictObject({ role: memberRoles.optional(), department_id: z.uuid().nullable().optional() }),
    output: single(memberSchema),
    errors: ['conflict', 'stale'],
  }),
  remove: defineEndpoint({
    ...admin,
    operationId: 'removeMember',
    method: 'DELETE',
    path: '/api/organizations/users/{id}',
    summary: 'Remove somebody from the organization; their keys end',
    permission: 'members.remove',
    params: byId,
    errors: ['conflict'],
  }),
  pause: defineEndpoint({
    ...admin,
    operationId: 'pauseMember',
    method: 'POST',
    path: '/api/organizations/users/{id}/pause',
    summary: "Refuse somebody's calls for now, and tell them",
    permission: 'members.pause',
    params: byId,
    body: z.strictObject({
      until: z.iso.datetime({ offset: true }).nullable().optional().describe('Left out: until somebody resumes them.'),
      reason: z.string().trim().max(500).nullable().optional(),
    }),
    output: single(memberSchema),
  }),
  resume: defineEndpoint({
    ...admin,
    operationId: 'resumeMember',
    method: 'POST',
    path: '/api/organizations/users/{id}/resume',
    summary: "Answer somebody's calls again, and tell them",
    permission: 'members.pause',
    params: byId,
    output: single(memberSchema),
  }),
  leave: defineEndpoint({
    operationId: 'leaveOrganization',
    method: 'POST',
    path: '/api/organizations/leave',
    summary: 'Leave the organization; the own keys in it end',
    tag: 'Members',
    role: 'member',
    permission: 'organization.leave',
    impersonation: 'refused',
    suspended: 'allowed',
    errors: ['conflict'],
  }),
  transfer: defineEndpoint({
    operationId: 'transferOwnership',
    method: 'POST',
    path: '/api/organizations/transfer-ownership',
    summary: 'Make a member the owner and oneself an admin',
    tag: 'Members',
    role: 'owner',
    permission: 'organization.transfer',
    impersonation: 'refused',
    body: z.strictObject({ user_id: z.uuid() }),
    output: single(memberSchema),
  }),
} as const;
