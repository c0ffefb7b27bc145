// Owns: the routes of an organization's own keys at providers, and a key as JSON. Not: what the acts do (provider-key.service.ts).

import type { z } from 'zod';
import { providerKeyEndpoints, type providerKeySchema } from '../../contracts/catalog/provider-keys.ts';
import { implement, type Route } from '../../contracts/route.ts';
import type { ProviderKey } from './provider-key.queries.ts';
import { type BaseUrls, isUsable } from './provider-key.rules.ts';
import type { ProviderKeyService } from './provider-key.service.ts';

/** All of them. */
export function providerKeyRoutes(services: {
  readonly providerKeys: ProviderKeyService;
  readonly baseUrls: BaseUrls;
}): Route[] {
  const { providerKeys, baseUrls } = services;
  const json = (key: ProviderKey) => toJson(key, isUsable(key, baseUrls));
  return [
    implement(providerKeyEndpoints.list, async ({ caller, query }) => {
      const { items, nextCursor } = await providerKeys.list(caller, query);
      return { data: items.map(json), next_cursor: nextCursor };
    }),
    implement(providerKeyEndpoints.create, async ({ caller, body }) => ({
      data: json(await providerKeys.create(caller, body)),
    })),
    implement(providerKeyEndpoints.rotate, async ({ caller, params, body }) => ({
      data: json(await providerKeys.rotate(caller, params.id, body.secret)),
    })),
    implement(providerKeyEndpoints.revoke, async ({ caller, params }) => ({
      data: json(await providerKeys.revoke(caller, params.id)),
    })),
    implement(providerKeyEndpoints.validate, async ({ caller, params }) => {
      const { key, outcome } = await providerKeys.validate(caller, params.id);
      const reason = outcome.verdict === 'taken' ? null : outcome.message;
      return { data: { valid: outcome.verdict === 'taken', reason, key: json(key) } };
    }),
  ];
}

function toJson(key: ProviderKey, isInUse: boolean): z.input<typeof providerKeySchema> {
  return {
    id: key.id,
    provider: { id: key.providerId, slug: key.provider?.slug ?? null, name: key.provider?.name ?? null },
    label: key.label,
    last_four: key.lastFour,
    origin: key.origin,
    is_usable: isInUse,
    status: key.status,
    last_validated_at: key.lastValidatedAt?.toISOString() ?? null,
    last_validation_error: key.lastValidationError,
    rotated_at: key.rotatedAt?.toISOString() ?? null,
    created_by: key.createdBy,
    created_at: key.createdAt.toISOString(),
    updated_at: key.updatedAt.toISOString(),
  };
}
