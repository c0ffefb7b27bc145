// Owns: the endpoints that show a person which models there are for them: price, right, trial, what was used. Not: the catalog as superadmins keep it
// (catalog/admin-models.ts) or choosing among them (preferences.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { entitlementSources, modelStatuses, modelTiers, modelTypes } from '../enumerations.ts';

/** A model in a path. */
const byId = z.strictObject({ id: z.string().min(1).max(200).describe('Id of the model.') });

/** Models of one answer at most: the whole catalog, which is not paged. */
const OFFERS_MAX = 1_000;
const usd = z.string().describe('US dollars, a decimal.');
const count = z.number().int().min(0);

/** What a model's calls cost, in US dollars; null: as the next wider kind. */
const pricingSchema = z.strictObject({
  inputUsdPerMillion: usd,
  outputUsdPerMillion: usd,
  cachedInputUsdPerMillion: usd.nullable().describe('Null: as input.'),
  cacheWriteUsdPerMillion: usd.nullable().describe('Null: as input.'),
  reasoningUsdPerMillion: usd.nullable().describe('Null: as output.'),
  requestUsd: usd.describe('For each call, whatever its size.'),
  effectiveFrom: z.iso.datetime(),
});

/** Why a model can't be used. */
const lockReasons = z.enum(['not_entitled', 'trial_exhausted', 'premium_disabled']);

/** A model as a person sees it: the catalog's columns under their own names, what is worked out for the person in camelCase. */
export const offerSchema = z.strictObject({
  id: z.string(),
  provider: z
    .strictObject({ slug: z.string(), name: z.string() })
    .nullable()
    .describe('Null while it is switched off.'),
  display_name: z.string(),
  description: z.string(),
  model_type: modelTypes.describe('`embedding` is not for conversations.'),
  version: z.string(),
  tier: modelTiers,
  status: modelStatuses,
  is_system_default: z.boolean(),
  capabilities: z.array(z.string()),
  context_window: count.nullable(),
  max_output_tokens: count.nullable(),
  price_cents: count.nullable().describe('What it costs to have it; the price of calls is `pricing`.'),
  rate_limit_messages_per_day: count.nullable().describe('Null: unlimited.'),
  trial_messages_allowed: count,
  metadata: z.record(z.string(), z.unknown()).describe('Badges: `speed` and `quality`, 1 to 5.'),
  fallback_model_ids: z.array(z.string()),
  sort_order: z.number().int(),
  retires_at: z.iso.datetime().nullable(),
  replacement_model_id: z.string().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  pricing: pricingSchema.nullable(),
  priceUsd: usd.nullable(),
  upgradeUrl: z.string().nullable().describe('Where it is bought; null for what is not sold.'),
  purchased: z.boolean().describe('Whether there is a right to it now, from whatever source.'),
  entitlement: z
    .strictObject({
      source: entitlementSources,
      scope: z.enum(['user', 'organization']),
      expiresAt: z.iso.datetime().nullable(),
    })
    .nullable()
    .describe('Of several rights the one that lasts longest; of equals purchase, admin_grant, plan, trial.'),
  locked: z.boolean().describe('Neither a right nor a trial message is left.'),
  lockedReason: lockReasons.nullable(),
  usageToday: z.strictObject({
    used: count.describe('Messages of the person today, those under way included.'),
    limit: count.nullable().describe('Null: unlimited.'),
    resetAt: z.iso.datetime(),
  }),
  trialMessagesRemaining: count,
});

const trialStatusSchema = z.strictObject({
  trialMessagesAllowed: count,
  used: count,
  remaining: count,
  exhausted: z.boolean(),
  purchased: z.boolean(),
});

/** What was used in a stretch of time. */
const useShape = {
  messages: count,
  inputTokens: count,
  outputTokens: count,
  costUsd: usd,
} as const;

const modelUsageSchema = z.strictObject({
  modelId: z.string(),
  today: z.strictObject({ ...useShape, used: count, limit: count.nullable(), resetAt: z.iso.datetime() }),
  last7Days: z.strictObject(useShape).describe('Today and the six days before, UTC.'),
  last30Days: z.strictObject(useShape),
  days: z
    .array(z.strictObject({ date: z.iso.date(), ...useShape }))
    .max(30)
    .describe('Each of the 30 days, the oldest first; days without use are there too.'),
});

const member = { tag: 'Model offers', role: 'member' } as const;

export const modelEndpoints = {
  list: defineEndpoint({
    ...member,
    operationId: 'listModelOffers',
    method: 'GET',
    path: '/api/models',
    summary: 'The models there are for the caller, with rights, trials and what is left today',
    description: 'Enabled models only, by tier, then `sort_order`. The whole catalog in one answer.',
    output: single(
      z.strictObject({
        free: z.array(offerSchema).max(OFFERS_MAX),
        premium: z.array(offerSchema).max(OFFERS_MAX),
        userPreferences: z.strictObject({
          defaultModelId: z.string().nullable(),
          personaOverrides: z.record(z.string(), z.string()),
        }),
      }),
    ),
  }),
  get: defineEndpoint({
    ...member,
    operationId: 'getModelOffer',
    method: 'GET',
    path: '/api/models/{id}',
    summary: 'One model, as the caller sees it',
    params: byId,
    output: single(offerSchema),
  }),
  trialStatus: defineEndpoint({
    ...member,
    operationId: 'getModelTrialStatus',
    method: 'GET',
    path: '/api/models/{id}/trial-status',
    summary: 'What is left of the caller’s trial of a premium model',
    params: byId,
    output: single(trialStatusSchema),
  }),
  usage: defineEndpoint({
    ...member,
    operationId: 'getModelUsage',
    method: 'GET',
    path: '/api/models/{id}/usage',
    summary: 'What the caller used of a model today, in 7 and in 30 days',
    params: byId,
    output: single(modelUsageSchema),
  }),
} as const;
