// Owns: the routes that tell a person who they are and what they may do. Not: changing either.

import type { z } from 'zod';
import { meEndpoints, type meSchema } from '../../contracts/identity/me.ts';
import { PERMISSIONS, permissionsOf } from '../../contracts/permissions.ts';
import { implement, type Route } from '../../contracts/route.ts';
import type { Membership, OwnSession, Person } from './me.queries.ts';
import type { MeService } from './me.service.ts';

/** All of them. */
export function meRoutes({ me }: { readonly me: MeService }): Route[] {
  return [
    implement(meEndpoints.get, async ({ caller }) => {
      const { person, memberships, session } = await me.get(caller);
      return {
        data: {
          user: userJson(person),
          memberships: memberships.map(membershipJson),
          impersonation: session === undefined ? null : impersonationJson(session),
          session: session === undefined ? null : { id: session.id, expires_at: session.expiresAt.toISOString() },
        },
      };
    }),
    implement(meEndpoints.permissions, async ({ caller: { organizationRole } }) => ({
      data: {
        role: organizationRole,
        permissions: permissionsOf(organizationRole),
        matrix: Object.fromEntries(Object.entries(PERMISSIONS).map(([permission, roles]) => [permission, [...roles]])),
      },
    })),
  ];
}

type MeJson = z.input<typeof meSchema>;

function userJson(person: Person): MeJson['user'] {
  const { id, name, email, image } = person;
  return {
    ...{ id, name, email, image, email_verified: person.emailVerified, platform_role: person.platformRole },
    ...{ two_factor_enabled: person.twoFactorEnabled, created_at: person.createdAt.toISOString() },
  };
}

function membershipJson(membership: Membership): MeJson['memberships'][number] {
  const { organizationId, name, slug, logo, pricingPlan, organizationStatus, deleteAfter, role, status } = membership;
  return {
    organization: {
      ...{ id: organizationId, name, slug, logo, pricing_plan: pricingPlan, status: organizationStatus },
      delete_after: deleteAfter?.toISOString() ?? null,
    },
    ...{ role, status, paused_until: membership.pausedUntil?.toISOString() ?? null },
  };
}

function impersonationJson(session: OwnSession): MeJson['impersonation'] {
  const { impersonatorId, impersonatorName, impersonationReason, expiresAt } = session;
  if (impersonatorId === null) return null;
  return {
    impersonator: { id: impersonatorId, name: impersonatorName ?? '' },
    ...{ reason: impersonationReason ?? '', expires_at: expiresAt.toISOString() },
  };
}
