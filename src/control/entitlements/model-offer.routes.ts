// Owns: the routes that show models to people, and an offer as JSON. Not: what it is worked out from (model-offer.service.ts).

import type { z } from 'zod';
import { modelEndpoints, type offerSchema } from '../../contracts/entitlements/models.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { DailyUse } from './daily-use.queries.ts';
import { centsToUsd, upgradeUrlOf } from './model-access.rules.ts';
import type { ModelPrice } from './model-offer.queries.ts';
import type { ModelOffer, ModelOfferService } from './model-offer.service.ts';

/** All of them. */
export function modelOfferRoutes({ offers }: { readonly offers: ModelOfferService }): Route[] {
  const { list, get, trialStatus, usage } = modelEndpoints;
  return [
    implement(list, async ({ caller }) => {
      const { offers: all, preferences } = await offers.list(caller);
      const { defaultModelId, personaOverrides } = preferences;
      return {
        data: {
          free: all.filter(({ model }) => model.tier === 'free').map(toJson),
          premium: all.filter(({ model }) => model.tier === 'premium').map(toJson),
          userPreferences: { defaultModelId, personaOverrides },
        },
      };
    }),
    implement(get, async ({ caller, params }) => ({ data: toJson(await offers.get(caller, params.id)) })),
    implement(trialStatus, async ({ caller, params }) => {
      const { model, access, use } = await offers.get(caller, params.id);
      const { trialMessagesRemaining: remaining, right } = access;
      return {
        data: {
          trialMessagesAllowed: Number(model.trialMessages),
          used: Number(use.trialMessagesUsed),
          remaining: Number(remaining),
          exhausted: model.trialMessages > 0n && remaining === 0n,
          purchased: right !== null,
        },
      };
    }),
    implement(usage, async ({ caller, params }) => {
      const { offer, days } = await offers.usage(caller, params.id);
      return {
        data: {
          modelId: params.id,
          today: { ...totalOf(days.slice(-1)), ...todayOf(offer) },
          last7Days: totalOf(days.slice(-7)),
          last30Days: totalOf(days),
          days: days.map((day) => ({ date: day.date, ...totalOf([day]) })),
        },
      };
    }),
  ];
}

function todayOf({ model, use }: ModelOffer) {
  return {
    used: Number(use.messagesToday),
    limit: toCount(model.messagesLimit),
    resetAt: use.resetsAt.toISOString(),
  };
}

function totalOf(days: readonly DailyUse[]) {
  const sum = (amountOf: (day: DailyUse) => bigint): bigint => days.reduce((total, day) => total + amountOf(day), 0n);
  return {
    messages: Number(sum(({ messages }) => messages)),
    inputTokens: Number(sum(({ inputTokens }) => inputTokens)),
    outputTokens: Number(sum(({ outputTokens }) => outputTokens)),
    costUsd: formatUsd(sum(({ costNanoUsd }) => costNanoUsd)),
  };
}

function toJson(offer: ModelOffer): z.input<typeof offerSchema> {
  const { model, access } = offer;
  const { right, lockedReason } = access;
  const { providerSlug, providerName, price, priceCents } = model;
  return {
    id: model.id,
    provider: providerSlug === null || providerName === null ? null : { slug: providerSlug, name: providerName },
    display_name: model.displayName,
    description: model.description,
    model_type: model.modelType,
    version: model.version,
    tier: model.tier,
    status: model.status,
    is_system_default: model.isSystemDefault,
    capabilities: [...model.capabilities],
    context_window: toCount(model.contextWindow),
    max_output_tokens: toCount(model.maxOutputTokens),
    price_cents: toCount(priceCents),
    rate_limit_messages_per_day: toCount(model.messagesPerDay),
    trial_messages_allowed: Number(model.trialMessages),
    metadata: { ...model.metadata },
    fallback_model_ids: [...model.fallbackModelIds],
    sort_order: model.sortOrder,
    retires_at: model.retiresAt?.toISOString() ?? null,
    replacement_model_id: model.replacementModelId,
    created_at: model.createdAt.toISOString(),
    updated_at: model.updatedAt.toISOString(),
    pricing: price === null ? null : pricingJson(price),
    priceUsd: priceCents === null ? null : centsToUsd(priceCents),
    upgradeUrl: model.tier === 'premium' ? upgradeUrlOf(model.id) : null,
    purchased: right !== null,
    entitlement:
      right === null
        ? null
        : {
            ...{ source: right.source, scope: right.scope },
            expiresAt: right.expiresAtMs === null ? null : new Date(right.expiresAtMs).toISOString(),
          },
    locked: lockedReason !== null,
    lockedReason,
    usageToday: todayOf(offer),
    trialMessagesRemaining: Number(access.trialMessagesRemaining),
  };
}

function pricingJson(price: ModelPrice) {
  const orNull = (amount: bigint | null): string | null => (amount === null ? null : formatUsd(amount));
  return {
    inputUsdPerMillion: formatUsd(price.input),
    outputUsdPerMillion: formatUsd(price.output),
    cachedInputUsdPerMillion: orNull(price.cachedInput),
    cacheWriteUsdPerMillion: orNull(price.cacheWrite),
    reasoningUsdPerMillion: orNull(price.reasoning),
    requestUsd: formatUsd(price.request),
    effectiveFrom: price.effectiveFrom.toISOString(),
  };
}

const toCount = (amount: bigint | null): number | null => (amount === null ? null : Number(amount));
