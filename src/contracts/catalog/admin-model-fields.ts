// Owns: what superadmins say of a model, field by field, and a model as they read it. Not: the endpoints (admin-models.ts).

import { z } from 'zod';
import { modelStatuses, modelTiers, modelTypes, providerStatuses, providerTypes } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { modelPriceSchema } from './model-prices.ts';

/** Path parts of the collection: as ids of models they could not be reached. */
const RESERVED_IDS: ReadonlySet<string> = new Set(['bulk', 'export.csv', 'grants', 'price-import', 'price-imports']);
const INTEGER_MAX = 2_147_483_647;
const FALLBACKS_MAX = 10;

/** The id of a model, as it is made. */
export const newModelId = z
  .string()
  .max(127)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'is no slug: a-z, 0-9, dot, dash and underscore, beginning with a letter or digit')
  .refine((id) => id !== 'auto' && !RESERVED_IDS.has(id), 'is a word of its own here')
  .describe('What callers send as `model`; never changes.');

/** The id of a model that is there. */
export const modelId = z.string().min(1).max(127);

const text = (max: number) => z.string().trim().max(max);
const amount = (min: number) => z.number().int().min(min).max(Number.MAX_SAFE_INTEGER);
const badge = z.number().min(1).max(5);
const metadataValue = z.union([
  z.string().max(1_000),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string().max(200)).max(50),
]);

/** What can be said of a model at its making and later. */
export const modelFields = {
  providerModelId: text(300).min(1).describe('What the provider calls it.'),
  version: text(100),
  displayName: text(200).min(1),
  description: text(5_000),
  modelType: modelTypes,
  tier: modelTiers,
  status: modelStatuses,
  capabilities: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{0,49}$/, 'is no name of a capability'))
    .max(30)
    .describe('`chat`, `tools`, `vision`, `json_schema`, `streaming`, `reasoning`, `embeddings` …'),
  contextWindow: amount(1).nullable(),
  maxOutputTokens: amount(1).nullable(),
  priceCents: z.number().int().min(1).max(100_000_000).nullable().describe('What having it costs; premium only.'),
  stripeProductId: text(255).min(1).nullable(),
  stripePriceId: text(255).min(1).nullable(),
  rateLimitMessagesPerDay: amount(1).nullable().describe('Null: unlimited.'),
  trialMessagesAllowed: z.number().int().min(0).max(1_000_000),
  metadata: z
    .record(z.string().min(1).max(100), metadataValue)
    .refine((metadata) => Object.keys(metadata).length <= 50, 'has more than 50 entries')
    .refine(({ speed }) => speed === undefined || badge.safeParse(speed).success, {
      ...{ path: ['speed'], message: 'is no badge from 1 to 5' },
    })
    .refine(({ quality }) => quality === undefined || badge.safeParse(quality).success, {
      ...{ path: ['quality'], message: 'is no badge from 1 to 5' },
    }),
  fallbackModelIds: z.array(modelId).max(FALLBACKS_MAX).describe('Tried in this order when its provider fails.'),
  sortOrder: z.number().int().min(-INTEGER_MAX).max(INTEGER_MAX),
  retiresAt: instant
    .nullable()
    .describe('From then on calls go to the replacement, or are refused where there is none.'),
  replacementModelId: modelId.nullable(),
} as const;

const count = z.number().int().min(0);

/** A model as superadmins read it: the table's columns under their names, what is computed in camelCase. */
export const adminModelSchema = z.strictObject({
  id: z.string(),
  provider_id: z.uuid(),
  provider_model_id: z.string(),
  version: z.string(),
  display_name: z.string(),
  description: z.string(),
  model_type: modelTypes,
  tier: modelTiers,
  status: modelStatuses,
  enabled: z.boolean(),
  is_system_default: z.boolean(),
  capabilities: z.array(z.string()),
  context_window: count.nullable(),
  max_output_tokens: count.nullable(),
  price_cents: count.nullable(),
  stripe_product_id: z.string().nullable(),
  stripe_price_id: z.string().nullable(),
  rate_limit_messages_per_day: count.nullable(),
  trial_messages_allowed: count,
  metadata: z.record(z.string(), z.unknown()),
  fallback_model_ids: z.array(z.string()),
  sort_order: z.number().int(),
  retires_at: z.iso.datetime().nullable(),
  replacement_model_id: z.string().nullable(),
  archived_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  provider: z.strictObject({ slug: z.string(), name: z.string(), type: providerTypes, status: providerStatuses }),
  pricing: modelPriceSchema.nullable().describe('The price in force; null: none, and it can’t be enabled.'),
  messages30Days: count.describe('Calls that were not denied, of the last 30 days.'),
});

/** How many hang on a model. */
export const affectedCountsSchema = z.strictObject({
  isSystemDefault: z.boolean(),
  people: z.strictObject({
    byDefault: count.describe('Whose default it is.'),
    byPersonaOverride: count,
    entitled: count,
    active30Days: count.describe('Who used it in the last 30 days.'),
  }),
  organizations: z.strictObject({ byDefault: count, entitled: count, active30Days: count }),
  templates: count,
  personas: count,
  deployments: count.describe('Active ones.'),
  fallbackOf: count.describe('Models that fall back to it.'),
});
