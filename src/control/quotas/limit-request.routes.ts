// Owns: the routes of requests for higher limits and of raised limits, and both as JSON. Not: the acts (the services).

import type { z } from 'zod';
import {
  limitOverrideEndpoints,
  type limitOverrideSchema,
  limitRequestEndpoints,
  type limitRequestSchema,
} from '../../contracts/quotas/limit-requests.ts';
import { implement, implementForBoth, type Route } from '../../contracts/route.ts';
import { shownAmount, shownUnit, unitOf } from './limit-amount.rules.ts';
import type { LimitOverrideService, NamedOverride } from './limit-override.service.ts';
import type { LimitRequest } from './limit-request.queries.ts';
import type { LimitRequestService, StandingRequest } from './limit-request.service.ts';
import type { LimitStanding } from './limit-standing.ts';

type RequestJson = z.input<typeof limitRequestSchema>;

/** Of requests. */
export function limitRequestRoutes({ requests }: { readonly requests: LimitRequestService }): Route[] {
  const { create, list, approve, deny } = limitRequestEndpoints;
  return [
    implement(create, async ({ caller, body }) => ({ data: requestJson(await requests.create(caller, body)) })),
    implementForBoth(list, async ({ caller, query }) => {
      const { items, nextCursor } = await requests.list(caller, query);
      return { data: items.map(requestJson), next_cursor: nextCursor };
    }),
    implementForBoth(approve, async ({ caller, params, body }) => ({
      data: requestJson(await requests.approve(caller, params.id, body)),
    })),
    implementForBoth(deny, async ({ caller, params, body }) => ({
      data: requestJson(await requests.deny(caller, params.id, body.reason)),
    })),
  ];
}

/** Of raised limits. */
export function limitOverrideRoutes({ overrides }: { readonly overrides: LimitOverrideService }): Route[] {
  const { list, revoke } = limitOverrideEndpoints;
  return [
    implementForBoth(list, async ({ caller, query }) => {
      const { items, nextCursor } = await overrides.list(caller, query);
      return { data: items.map(overrideJson), next_cursor: nextCursor };
    }),
    implementForBoth(revoke, async ({ caller, params }) => {
      await overrides.revoke(caller, params.id);
      return undefined;
    }),
  ];
}

function requestJson({ request, standing }: StandingRequest): RequestJson {
  const { id, kind, status, reason, deciderId, decisionReason } = request;
  const unit = unitOf(kind);
  return {
    ...{ id, kind, status, reason, unit: shownUnit(unit), decision_reason: decisionReason },
    organization: { id: request.organizationId, name: request.organizationName },
    user: { id: request.userId, name: request.userName ?? '', email: request.userEmail ?? '' },
    target: targetJson(request.target, standing?.name),
    requested: shownAmount(request.requested, unit),
    limit_then: shownAmount(request.limitThen, unit),
    current: standing === undefined ? null : standingJson(standing, unit),
    created_at: request.createdAt.toISOString(),
    decided_at: request.decidedAt?.toISOString() ?? null,
    decided_by: deciderId === null ? null : { id: deciderId, name: request.deciderName ?? '' },
    override: raisedJson(request, unit),
  };
}

function raisedJson(request: LimitRequest, unit: string): RequestJson['override'] {
  const { overrideId, overrideAmount, overrideEndsAt, overrideRevokedAt } = request;
  if (overrideId === null || overrideAmount === null) return null;
  return {
    id: overrideId,
    amount: shownAmount(overrideAmount, unit),
    until: overrideEndsAt?.toISOString() ?? null,
    revoked_at: overrideRevokedAt?.toISOString() ?? null,
  };
}

function standingJson({ limit, used, held, resetsAt, trend }: LimitStanding, unit: string): RequestJson['current'] {
  return {
    limit: limit === null ? null : shownAmount(limit, unit),
    used: shownAmount(used, unit),
    held: shownAmount(held, unit),
    resets_at: resetsAt.toISOString(),
    trend: trend.map((window) => ({
      window_start: window.windowStart.toISOString(),
      used: shownAmount(window.used, unit),
    })),
  };
}

function overrideJson(override: NamedOverride): z.input<typeof limitOverrideSchema> {
  const { id, kind, userId, granterId, requestId } = override;
  const unit = unitOf(kind);
  return {
    ...{ id, kind, unit: shownUnit(unit), request_id: requestId, is_active: override.isActive },
    organization: { id: override.organizationId, name: override.organizationName },
    user: userId === null ? null : { id: userId, name: override.userName ?? '', email: override.userEmail ?? '' },
    target: targetJson(override.target, override.targetName),
    amount: shownAmount(override.amount, unit),
    starts_at: override.startsAt.toISOString(),
    until: override.endsAt?.toISOString() ?? null,
    granted_by: granterId === null ? null : { id: granterId, name: override.granterName ?? '' },
    revoked_at: override.revokedAt?.toISOString() ?? null,
  };
}

const targetJson = (id: string, name: string | undefined) => (id === '' ? null : { id, name: name ?? id });
