// Owns: the shape of a model as seeded, and how it becomes a row. Not: which models there are.

import type { ModelTier, ModelType } from '../../../contracts/enumerations.ts';

/** What the vendors of the price library are called there, and the providers here. */
export type VendorSlug = 'openai' | 'anthropic' | 'google' | 'together';

/** A model of the catalog; price and context window come from the price library. */
export interface ModelSeed {
  readonly id: string;
  readonly vendor: VendorSlug;
  /** The model's id in the price library. */
  readonly libraryId: string;
  /** What the vendor calls it. */
  readonly providerModelId: string;
  readonly displayName: string;
  readonly description: string;
  readonly type: ModelType;
  readonly capabilities: readonly string[];
  /** The vendor's bound of one answer; null for embeddings. */
  readonly maxOutputTokens: number | null;
  /** Set for premium models: what they cost and how much of them is tried. */
  readonly premium?: { readonly priceCents: number; readonly messagesPerDay: number; readonly trialMessages: number };
  readonly status?: 'available' | 'beta';
  /** 1..5, for the badges. */
  readonly speed: number;
  readonly quality: number;
  readonly isSystemDefault?: boolean;
  readonly fallbackModelIds?: readonly string[];
}

/** A row of models, but its provider, place and context window. */
export function modelColumns(seed: ModelSeed): Record<string, unknown> {
  const tier: ModelTier = seed.premium ? 'premium' : 'free';
  return {
    id: seed.id,
    provider_model_id: seed.providerModelId,
    display_name: seed.displayName,
    description: seed.description,
    model_type: seed.type,
    tier,
    status: seed.status ?? 'available',
    enabled: true,
    is_system_default: seed.isSystemDefault ?? false,
    capabilities: seed.capabilities,
    max_output_tokens: seed.maxOutputTokens,
    price_cents: seed.premium?.priceCents ?? null,
    rate_limit_messages_per_day: seed.premium?.messagesPerDay ?? null,
    trial_messages_allowed: seed.premium?.trialMessages ?? 0,
    metadata: { speed: seed.speed, quality: seed.quality },
    fallback_model_ids: seed.fallbackModelIds ?? [],
  };
}
