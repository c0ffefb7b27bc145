// Owns: the routes of granted models, and a right as JSON. Not: the acts (grant.service.ts).

import type { z } from 'zod';
import { grantEndpoints, type grantSchema } from '../../contracts/entitlements/grants.ts';
import { implement, type Route } from '../../contracts/route.ts';
import type { Grant } from './grant.queries.ts';
import type { GrantAddress, GrantService } from './grant.service.ts';

/** All of them. */
export function grantRoutes({ grants }: { readonly grants: GrantService }): Route[] {
  const { list, create, revoke } = grantEndpoints;
  return [
    implement(list, async ({ caller, params, query }) => {
      const { items, nextCursor } = await grants.list(caller, params.id, query);
      return { data: items.map(toJson), next_cursor: nextCursor };
    }),
    implement(create, async ({ caller, params, body }) => {
      const { userId, email, organizationId, ...grant } = body;
      const to = addressOf({ userId, email, organizationId });
      return { data: toJson(await grants.create(caller, params.id, { ...grant, expiresAt: grant.expiresAt, to })) };
    }),
    implement(revoke, async ({ caller, params }) => {
      await grants.revoke(caller, params.grantId);
      return undefined;
    }),
  ];
}

/** The schema has let exactly one through. */
function addressOf(body: {
  readonly userId: string | undefined;
  readonly email: string | undefined;
  readonly organizationId: string | undefined;
}): GrantAddress {
  if (body.userId !== undefined) return { userId: body.userId };
  if (body.email !== undefined) return { email: body.email };
  if (body.organizationId !== undefined) return { organizationId: body.organizationId };
  throw new Error('a grant that its schema took names a holder');
}

function toJson(grant: Grant): z.input<typeof grantSchema> {
  const { id, modelId, source, user, organization, notes, grantedBy, grantedAt, expiresAt, revokedAt, isActive } =
    grant;
  return {
    ...{ id, modelId, source, user, organization, notes, grantedBy, grantedAt: grantedAt.toISOString() },
    ...{ expiresAt: expiresAt?.toISOString() ?? null, revokedAt: revokedAt?.toISOString() ?? null, isActive },
  };
}
