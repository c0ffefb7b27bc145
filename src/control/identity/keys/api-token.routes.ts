// Owns: the routes of tokens for the product API, and a token as JSON. Not: what the acts do (api-token.service.ts).

import type { z } from 'zod';
import { apiTokenEndpoints, type apiTokenSchema } from '../../../contracts/identity/api-tokens.ts';
import { implement, type Route } from '../../../contracts/route.ts';
import type { Clock } from '../../../primitives/clock.ts';
import type { ApiToken } from './api-token.queries.ts';
import { tokenState } from './api-token.rules.ts';
import type { ApiTokenService } from './api-token.service.ts';

/** All of them. */
export function apiTokenRoutes(services: { readonly apiTokens: ApiTokenService; readonly clock: Clock }): Route[] {
  const { apiTokens, clock } = services;
  const json = (token: ApiToken) => toJson(token, clock.nowMs());
  return [
    implement(apiTokenEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await apiTokens.list(caller, query);
      return { data: items.map(json), next_cursor: nextCursor };
    }),
    implement(apiTokenEndpoints.create, async ({ caller, body }) => {
      const { name, kind, role, expires_at: expires } = body;
      const expiresAt = typeof expires === 'string' ? new Date(expires) : null;
      const { token, secret } = await apiTokens.create(caller, { name, kind, role, expiresAt });
      return { data: { ...json(token), secret } };
    }),
    implement(apiTokenEndpoints.revoke, async ({ caller, params }) => ({
      data: json(await apiTokens.revoke(caller, params.id)),
    })),
  ];
}

function toJson(token: ApiToken, nowMs: number): z.input<typeof apiTokenSchema> {
  return {
    id: token.id,
    kind: token.userId === null ? 'organization' : 'personal',
    name: token.name,
    user_id: token.userId,
    role: token.role,
    prefix: token.prefix,
    last_four: token.lastFour,
    state: tokenState(token, nowMs),
    expires_at: token.expiresAt?.toISOString() ?? null,
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
    revoked_at: token.revokedAt?.toISOString() ?? null,
    created_by: token.createdBy,
    created_at: token.createdAt.toISOString(),
  };
}
