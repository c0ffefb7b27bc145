// Owns: the routes of virtual keys, and a key as JSON. Not: what the acts do (virtual-key.service.ts).

import type { z } from 'zod';
import { entityTag } from '../../../contracts/entity-tag.ts';
import { virtualKeyEndpoints, type virtualKeySchema } from '../../../contracts/identity/virtual-keys.ts';
import { implement, type Route, reply } from '../../../contracts/route.ts';
import { formatUsd } from '../../../primitives/amounts.ts';
import type { Clock } from '../../../primitives/clock.ts';
import type { KeyBounds, VirtualKey } from './virtual-key.queries.ts';
import { stateOf } from './virtual-key.rules.ts';
import type { KeyVerdict, VirtualKeyService } from './virtual-key.service.ts';

/** All of them. */
export function virtualKeyRoutes(services: {
  readonly virtualKeys: VirtualKeyService;
  readonly clock: Clock;
}): Route[] {
  const { virtualKeys, clock } = services;
  const { list, create, update, rotate, revoke, validate, validateSecret } = virtualKeyEndpoints;
  const json = (key: VirtualKey) => toJson(key, clock.nowMs());
  const answer = (key: VirtualKey) => reply.tagged({ data: json(key) }, entityTag(key.version));
  const verdict = ({ key, reasons }: KeyVerdict) => ({
    data: { accepted: reasons.length === 0, reasons: [...reasons], key: key === null ? null : json(key) },
  });
  return [
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await virtualKeys.list(caller, query);
      return { data: items.map(json), next_cursor: nextCursor };
    }),
    implement(create, async ({ caller, body }) => {
      const { name, environment, owner, budget } = body;
      const { key, secret } = await virtualKeys.create(caller, {
        ...{ ...UNBOUND, ...boundsOf(body), name, environment, owner },
        budget: budget === undefined ? undefined : { ...budget, amountUsd: budget.amount_usd },
      });
      return { data: { ...json(key), secret } };
    }),
    implement(update, async ({ caller, params, body, ifMatch }) => {
      const change = { ...boundsOf(body), name: body.name };
      return answer(await virtualKeys.update(caller, params.id, { change, ifMatch }));
    }),
    implement(rotate, async ({ caller, params, body }) => {
      const { key, secret } = await virtualKeys.rotate(caller, params.id, body.grace_seconds);
      return { data: { ...json(key), secret } };
    }),
    implement(revoke, async ({ caller, params }) => answer(await virtualKeys.revoke(caller, params.id))),
    implement(validate, async ({ caller, params }) => verdict(await virtualKeys.validate(caller, params.id))),
    implement(validateSecret, async ({ caller, body }) => verdict(await virtualKeys.validateSecret(caller, body.key))),
  ];
}

const UNBOUND: KeyBounds = {
  ...{ allowedModels: null, allowedTemplates: null, allowedFeatures: null, allowedRoutes: null, ipRanges: null },
  ...{ requestsPerMinute: null, tokensPerMinute: null, canActForMembers: false, departmentId: null, expiresAt: null },
};

/** What is given of the bounds; nothing of what is left out. */
function boundsOf(body: Omit<z.output<typeof virtualKeyEndpoints.update.body>, 'name'>): Partial<KeyBounds> {
  const { requests_per_minute: requests, tokens_per_minute: tokens, expires_at: expires } = body;
  const bounds = {
    allowedModels: body.allowed_models,
    allowedTemplates: body.allowed_templates,
    allowedFeatures: body.allowed_features,
    allowedRoutes: body.allowed_routes,
    ipRanges: body.ip_ranges,
    requestsPerMinute: typeof requests === 'number' ? BigInt(requests) : requests,
    tokensPerMinute: typeof tokens === 'number' ? BigInt(tokens) : tokens,
    canActForMembers: body.can_act_for_members,
    departmentId: body.department_id,
    expiresAt: typeof expires === 'string' ? new Date(expires) : expires,
  };
  return Object.fromEntries(Object.entries(bounds).filter(([, value]) => value !== undefined));
}

const count = (amount: bigint | null): number | null => (amount === null ? null : Number(amount));
const entries = (list: readonly string[] | null): string[] | null => (list === null ? null : [...list]);

function toJson(key: VirtualKey, nowMs: number): z.input<typeof virtualKeySchema> {
  const { budget } = key;
  return {
    id: key.id,
    name: key.name,
    environment: key.environment,
    owner: { type: key.ownerType, user_id: key.userId, name: key.userName },
    department_id: key.departmentId,
    prefix: key.prefix,
    last_four: key.lastFour,
    state: stateOf(key, nowMs),
    allowed_models: entries(key.allowedModels),
    allowed_templates: entries(key.allowedTemplates),
    allowed_features: entries(key.allowedFeatures),
    allowed_routes: entries(key.allowedRoutes),
    ip_ranges: entries(key.ipRanges),
    requests_per_minute: count(key.requestsPerMinute),
    tokens_per_minute: count(key.tokensPerMinute),
    can_act_for_members: key.canActForMembers,
    budget:
      budget === null
        ? null
        : {
            id: budget.id,
            amount_usd: formatUsd(budget.amountNanoUsd),
            period: budget.period,
            enforcement: budget.enforcement,
          },
    expires_at: key.expiresAt?.toISOString() ?? null,
    last_used_at: key.lastUsedAt?.toISOString() ?? null,
    revoked_at: key.revokedAt?.toISOString() ?? null,
    rotated_from: key.rotatedFrom,
    grace_until: key.graceUntil?.toISOString() ?? null,
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
    updated_at: key.updatedAt.toISOString(),
  };
}
