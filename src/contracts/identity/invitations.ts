// Owns: the endpoints of invitations: invite one or many, list, send again, revoke, look at, accept. Not: what members may do once they are in.

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { invitationStatuses, memberRoles } from '../enumerations.ts';
import { pageOf, pageParameters } from '../paging.ts';

/** Addresses invited at once at most. */
const INVITED_AT_ONCE_MAX = 100;
const TOKEN_LENGTH_MAX = 200;

/** An invitation as the organization's admins see it. Its token is in the mail alone. */
export const invitationSchema = z.strictObject({
  id: z.uuid(),
  email: z.string(),
  role: memberRoles,
  department: z.strictObject({ id: z.uuid(), name: z.string() }).nullable(),
  inviter: z.strictObject({ id: z.uuid(), name: z.string() }).nullable().describe('Null when they have left.'),
  status: invitationStatuses,
  expires_at: z.iso.datetime(),
  sent_count: z.number().int(),
  last_sent_at: z.iso.datetime(),
  accepted_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

const email = z
  .string()
  .trim()
  .toLowerCase()
  .max(320)
  .regex(/^[^-]/, 'does not begin with a hyphen')
  .pipe(z.email().max(320));
const invited = {
  role: memberRoles.optional().describe('`member` when left out. Owners alone invite owners.'),
  department_id: z.uuid().nullable().optional(),
};
const byId = z.strictObject({ id: z.uuid() });
const tokenBody = z.strictObject({ token: z.string().min(1).max(TOKEN_LENGTH_MAX) });
const admin = { tag: 'Invitations', role: 'admin', permission: 'invitations.manage' } as const;

export const invitationEndpoints = {
  create: defineEndpoint({
    ...admin,
    operationId: 'inviteMembers',
    method: 'POST',
    path: '/api/organizations/invite',
    summary: 'Invite one address, or up to 100 at once',
    description:
      'Give `email`, or `invitations`. Each address has its own result; addresses that are members or invited already get no second mail. When the plan has no room for all that are new, nobody is invited.',
    body: z
      .strictObject({
        ...invited,
        email: email.optional(),
        invitations: z
          .array(z.strictObject({ email, ...invited }))
          .min(1)
          .max(INVITED_AT_ONCE_MAX)
          .optional(),
      })
      .refine(({ email: one, invitations }) => (one === undefined) !== (invitations === undefined), {
        path: ['email'],
        message: 'give either email or invitations',
      })
      .refine(
        ({ role, department_id, invitations }) => invitations === undefined || (role ?? department_id) === undefined,
        {
          path: ['invitations'],
          message: 'role and department go with each invitation',
        },
      ),
    status: 201,
    output: z.strictObject({
      data: z.array(
        z.strictObject({
          email: z.string(),
          result: z.enum(['invited', 'already_invited', 'already_member']),
          invitation: invitationSchema.nullable().describe('Of those invited now or before.'),
        }),
      ),
    }),
    errors: ['conflict', 'plan_required'],
  }),
  list: defineEndpoint({
    ...admin,
    operationId: 'listInvitations',
    method: 'GET',
    path: '/api/organizations/invitations',
    summary: 'The invitations of the organization, newest first',
    query: z.strictObject({
      ...pageParameters,
      status: invitationStatuses.optional(),
      search: z.string().trim().max(200).optional().describe('In the address.'),
    }),
    output: pageOf(invitationSchema),
  }),
  resend: defineEndpoint({
    ...admin,
    operationId: 'resendInvitation',
    method: 'POST',
    path: '/api/organizations/invitations/{id}/resend',
    summary: 'Send an invitation again, with a new link and seven more days; the old link is void',
    params: byId,
    output: single(invitationSchema),
    errors: ['conflict', 'plan_required'],
  }),
  revoke: defineEndpoint({
    ...admin,
    operationId: 'revokeInvitation',
    method: 'POST',
    path: '/api/organizations/invitations/{id}/revoke',
    summary: 'Take an invitation back',
    params: byId,
    output: single(invitationSchema),
    errors: ['conflict'],
  }),
  preview: defineEndpoint({
    operationId: 'previewInvitation',
    method: 'POST',
    path: '/api/organizations/invitations/preview',
    summary: 'What an invitation is to, for whoever holds its link',
    tag: 'Invitations',
    role: 'anonymous',
    body: tokenBody,
    output: single(
      z.strictObject({
        organization: z.strictObject({ name: z.string(), logo: z.string().nullable() }),
        role: memberRoles,
        expires_at: z.iso.datetime(),
      }),
    ),
    errors: ['conflict'],
  }),
  accept: defineEndpoint({
    operationId: 'acceptInvitation',
    method: 'POST',
    path: '/api/organizations/invitations/accept',
    summary: 'Join an organization; the own verified address must be the invited one',
    tag: 'Invitations',
    role: 'user',
    impersonation: 'refused',
    body: tokenBody,
    output: single(
      z.strictObject({
        organization: z.strictObject({ id: z.uuid(), name: z.string(), slug: z.string() }),
        role: memberRoles,
      }),
    ),
    errors: ['conflict', 'plan_required', 'organization_suspended'],
  }),
} as const;
