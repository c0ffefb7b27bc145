// Owns: models, who is affected and statistics as JSON: columns under their names, what is worked out in camelCase. Pure. Not: reading them.

import type { z } from 'zod';
import type { adminModelSchema, affectedCountsSchema } from '../../../contracts/catalog/admin-model-fields.ts';
import type { adminModelEndpoints } from '../../../contracts/catalog/admin-models.ts';
import { formatUsd, NANO_USD_PER_USD } from '../../../primitives/amounts.ts';
import type { CatalogModel } from './model-list.service.ts';
import type { Affected, AffectedCounts } from './model-removal.service.ts';
import type { ModelStats } from './model-stats.service.ts';
import type { Use } from './model-use.queries.ts';
import { priceToJson } from './price.rules.ts';

/** A model with its price. */
export function modelToJson(model: CatalogModel): z.input<typeof adminModelSchema> {
  return {
    ...{
      id: model.id,
      provider_id: model.providerId,
      provider_model_id: model.providerModelId,
      version: model.version,
    },
    ...{ display_name: model.displayName, description: model.description, model_type: model.modelType },
    ...{ tier: model.tier, status: model.status, enabled: model.enabled, is_system_default: model.isSystemDefault },
    ...{ capabilities: [...model.capabilities], context_window: model.contextWindow },
    ...{ max_output_tokens: model.maxOutputTokens, price_cents: model.priceCents },
    ...{ stripe_product_id: model.stripeProductId, stripe_price_id: model.stripePriceId },
    rate_limit_messages_per_day: model.rateLimitMessagesPerDay,
    trial_messages_allowed: model.trialMessagesAllowed,
    ...{
      metadata: { ...model.metadata },
      fallback_model_ids: [...model.fallbackModelIds],
      sort_order: model.sortOrder,
    },
    ...{ retires_at: model.retiresAt, replacement_model_id: model.replacementModelId },
    archived_at: model.archivedAt?.toISOString() ?? null,
    ...{ created_at: model.createdAt.toISOString(), updated_at: model.updatedAt.toISOString() },
    provider: {
      ...{ slug: model.providerSlug, name: model.providerName },
      ...{ type: model.providerType, status: model.providerStatus },
    },
    pricing: model.price === null ? null : priceToJson(model.price),
    messages30Days: model.messages30Days,
  };
}

/** How many miss it. */
export function countsToJson(counts: AffectedCounts): z.input<typeof affectedCountsSchema> {
  return {
    isSystemDefault: counts.isSystemDefault,
    people: {
      ...{ byDefault: counts.peopleByDefault, byPersonaOverride: counts.peopleByOverride },
      ...{ entitled: counts.entitledPeople, active30Days: counts.activePeople },
    },
    organizations: {
      ...{ byDefault: counts.organizationsByDefault, entitled: counts.entitledOrganizations },
      active30Days: counts.activeOrganizations,
    },
    ...{ templates: counts.templates, personas: counts.personas, deployments: counts.deployments },
    fallbackOf: counts.fallbackOf,
  };
}

type AffectedJson = z.input<typeof adminModelEndpoints.affected.output>['data'];
type StatsJson = z.input<typeof adminModelEndpoints.stats.output>['data'];

const useToJson = ({ messages, lastDay }: Use) => ({ messages: Number(messages), lastUsedOn: lastDay });

/** Who and what misses it. */
export function affectedToJson(affected: Affected): AffectedJson {
  const { model, people, organizations } = affected;
  return {
    ...{ modelId: model.id, retiresAt: model.retiresAt, replacementModelId: model.replacementModelId },
    ...{ since: affected.since, counts: countsToJson(affected.counts) },
    templates: affected.templates.map((template) => ({ ...template, id: Number(template.id) })),
    personas: [...affected.personas],
    deployments: [...affected.deployments],
    organizationsByDefault: [...affected.organizationsByDefault],
    fallbackOf: [...affected.fallbackOf],
    people: people.map((person) => ({ id: person.id, name: person.name, email: person.email, ...useToJson(person) })),
    organizations: organizations.map((one) => ({ id: one.id, name: one.name, slug: one.slug, ...useToJson(one) })),
  };
}

const RATE_PLACES = 4;
const round = (value: number): number => Number(value.toFixed(RATE_PLACES));
const centsToUsd = (cents: bigint): string => formatUsd((cents * NANO_USD_PER_USD) / 100n);

/** The figures. */
export function statsToJson(stats: ModelStats): StatsJson {
  const { access, revenue, trials } = stats;
  return {
    ...{ modelId: stats.modelId, usersWithAccess: stats.usersWithAccess },
    ...{ entitledUsers: access.entitledUsers, entitledOrganizations: access.entitledOrganizations },
    ...{ messagesToday: stats.messagesToday, messages7Days: stats.messages7Days, messages30Days: stats.messages30Days },
    averageMessagesPerDay: round(stats.messages30Days / 30),
    costUsd30Days: formatUsd(stats.costNanoUsd30Days),
    topUsers: stats.topUsers.map(({ id, name, email, messages, costNanoUsd }) => ({
      ...{ id, name, email, messages: Number(messages), costUsd: formatUsd(costNanoUsd) },
    })),
    revenue: {
      ...{ purchases: revenue.purchases, refunds: revenue.refunds, grossUsd: centsToUsd(revenue.grossCents) },
      refundedUsd: centsToUsd(revenue.refundedCents),
      netUsd: centsToUsd(revenue.grossCents - revenue.refundedCents),
    },
    trial: {
      ...{ people: trials.people, purchasedLater: trials.purchasedLater },
      conversionRate: trials.people === 0 ? null : round(trials.purchasedLater / trials.people),
    },
    asOf: stats.asOf.toISOString(),
  };
}
