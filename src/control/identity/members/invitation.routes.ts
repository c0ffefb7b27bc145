// Owns: the routes of invitations, and an invitation as JSON. Not: what the acts do (invitation.service.ts, invitation-acceptance.service.ts).

import type { z } from 'zod';
import { invitationEndpoints, type invitationSchema } from '../../../contracts/identity/invitations.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import type { Invitation } from './invitation.queries.ts';
import { alreadyInvited, alreadyMember, type Invited } from './invitation.rules.ts';
import type { InvitationService } from './invitation.service.ts';
import type { InvitationAcceptanceService } from './invitation-acceptance.service.ts';

/** All of them. */
export function invitationRoutes(services: {
  readonly invitations: InvitationService;
  readonly invitationAcceptance: InvitationAcceptanceService;
}): Route[] {
  const { invitations, invitationAcceptance } = services;
  const { create, list, resend, revoke, preview, accept } = invitationEndpoints;
  return [
    implement(create, async ({ caller, body }) => {
      const outcomes = await invitations.create(caller, invitedOf(body));
      const [only] = outcomes;
      // Who asks for one address wants that one: for them anything else is a failure. Nothing was changed.
      if (body.email !== undefined && only?.result === 'already_invited') throw alreadyInvited();
      if (body.email !== undefined && only?.result === 'already_member') throw alreadyMember();
      return {
        data: outcomes.map(({ email, result, invitation }) => ({
          ...{ email, result },
          invitation: invitation === null ? null : toJson(invitation),
        })),
      };
    }),
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await invitations.list(caller, query);
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(resend, async ({ caller, params }) => ({ data: toJson(await invitations.resend(caller, params.id)) })),
    implement(revoke, async ({ caller, params }) => ({ data: toJson(await invitations.revoke(caller, params.id)) })),
    implement(preview, async ({ body }) => {
      const { organization, role, expiresAt } = await invitationAcceptance.preview(body.token);
      const { name, logo } = organization;
      return { data: { organization: { name, logo }, role, expires_at: expiresAt.toISOString() } };
    }),
    implement(accept, async ({ caller, body }) => {
      const { organization, role } = await invitationAcceptance.accept(caller, body.token);
      const { id, name, slug } = organization;
      return { data: { organization: { id, name, slug }, role } };
    }),
  ];
}

function invitedOf(body: z.output<typeof invitationEndpoints.create.body>): Invited[] {
  const { email, role = 'member', department_id: departmentId = null, invitations = [] } = body;
  if (email !== undefined) return [{ email, role, departmentId, path: '' }];
  return invitations.map((one, index) => ({
    ...{ email: one.email, role: one.role ?? 'member', departmentId: one.department_id ?? null },
    path: `invitations[${index}]`,
  }));
}

function toJson(invitation: Invitation): z.input<typeof invitationSchema> {
  const { id, email, role, departmentId, departmentName, inviterId, inviterName, status } = invitation;
  return {
    ...{ id, email, role, status },
    department: departmentId === null || departmentName === null ? null : { id: departmentId, name: departmentName },
    inviter: inviterId === null || inviterName === null ? null : { id: inviterId, name: inviterName },
    expires_at: invitation.expiresAt.toISOString(),
    sent_count: invitation.sentCount,
    last_sent_at: invitation.lastSentAt.toISOString(),
    accepted_at: invitation.acceptedAt?.toISOString() ?? null,
    created_at: invitation.createdAt.toISOString(),
  };
}
