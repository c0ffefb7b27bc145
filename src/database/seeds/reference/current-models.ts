// Owns: which models of each vendor's current generation are offered, and how. Not: their prices and context windows (the price library).
// The small ones are free of purchase and the large ones premium on the terms that the named models have; an owner changes both.

import type { ModelSeed, VendorSlug } from './model-seed.ts';

/** How dear: `free`, `standard` ($2.99, 50 a day) or `dear` ($4.99, 30 a day). */
type Terms = 'free' | 'standard' | 'dear';

const premiumTerms = {
  free: undefined,
  standard: { priceCents: 299, messagesPerDay: 50, trialMessages: 2 },
  dear: { priceCents: 499, messagesPerDay: 30, trialMessages: 2 },
} as const;

/** Catalog id, library id when it differs, name, terms, speed, quality, bound of one answer in tokens. */
type Entry = readonly [
  id: string,
  libraryId: string | null,
  name: string,
  terms: Terms,
  speed: number,
  quality: number,
  maxOutput: number,
];

const THINKING_SEEING = ['chat', 'streaming', 'tools', 'vision', 'json_schema', 'reasoning'];
const SEEING = ['chat', 'streaming', 'tools', 'vision', 'json_schema'];
const OPEN = ['chat', 'streaming', 'tools', 'json_schema'];

/** The bounds of answers are the vendors' published ones up to the generation of 2025, and those again for what came later: a bound too low only costs a retry. */
const families: readonly {
  vendor: VendorSlug;
  capabilities: readonly string[];
  fallback: string;
  entries: readonly Entry[];
}[] = [
  {
    vendor: 'openai',
    capabilities: THINKING_SEEING,
    fallback: 'gpt-4o-mini',
    entries: [
      ['gpt-6-luna', null, 'GPT-6 Luna', 'free', 5, 4, 128_000],
      ['gpt-6-sol', null, 'GPT-6 Sol', 'standard', 4, 5, 128_000],
      ['gpt-6-astra', null, 'GPT-6 Astra', 'dear', 2, 5, 128_000],
      ['gpt-5.6-luna', null, 'GPT-5.6 Luna', 'free', 5, 4, 128_000],
      ['gpt-5.6-terra', null, 'GPT-5.6 Terra', 'standard', 4, 4, 128_000],
      ['gpt-5.6-sol', null, 'GPT-5.6 Sol', 'standard', 3, 5, 128_000],
      ['gpt-5.5', null, 'GPT-5.5', 'dear', 3, 5, 128_000],
      ['gpt-5.4', null, 'GPT-5.4', 'standard', 3, 5, 128_000],
      ['gpt-5.4-mini', null, 'GPT-5.4 mini', 'free', 4, 4, 128_000],
      ['gpt-5.4-nano', null, 'GPT-5.4 nano', 'free', 5, 3, 128_000],
      ['gpt-5', null, 'GPT-5', 'standard', 3, 4, 128_000],
      ['gpt-5-mini', null, 'GPT-5 mini', 'free', 4, 3, 128_000],
      ['gpt-5-nano', null, 'GPT-5 nano', 'free', 5, 2, 128_000],
      ['o4-mini', null, 'o4-mini', 'standard', 3, 4, 100_000],
    ],
  },
  {
    vendor: 'openai',
    capabilities: SEEING,
    fallback: 'gpt-4o-mini',
    entries: [
      ['gpt-4.1', null, 'GPT-4.1', 'standard', 4, 4, 32_768],
      ['gpt-4.1-mini', null, 'GPT-4.1 mini', 'free', 5, 3, 32_768],
      ['gpt-4.1-nano', null, 'GPT-4.1 nano', 'free', 5, 2, 32_768],
    ],
  },
  {
    vendor: 'anthropic',
    capabilities: THINKING_SEEING,
    fallback: 'claude-3-5-haiku',
    entries: [
      ['claude-haiku-4-5', null, 'Claude Haiku 4.5', 'free', 5, 4, 64_000],
      ['claude-sonnet-5', null, 'Claude Sonnet 5', 'standard', 4, 5, 64_000],
      ['claude-sonnet-4-6', null, 'Claude Sonnet 4.6', 'standard', 4, 4, 64_000],
      ['claude-sonnet-4-5', null, 'Claude Sonnet 4.5', 'standard', 4, 4, 64_000],
      ['claude-opus-5-5', null, 'Claude Opus 5.5', 'dear', 3, 5, 64_000],
      ['claude-opus-5', null, 'Claude Opus 5', 'dear', 3, 5, 64_000],
      ['claude-opus-4-8', null, 'Claude Opus 4.8', 'dear', 3, 5, 64_000],
      ['claude-fable-5-1', null, 'Claude Fable 5.1', 'dear', 2, 5, 64_000],
    ],
  },
  {
    vendor: 'google',
    capabilities: THINKING_SEEING,
    fallback: 'gpt-4o-mini',
    entries: [
      ['gemini-3.8-flash', null, 'Gemini 3.8 Flash', 'free', 5, 4, 65_536],
      ['gemini-3.7-flash', null, 'Gemini 3.7 Flash', 'free', 5, 4, 65_536],
      ['gemini-3.6-flash', null, 'Gemini 3.6 Flash', 'free', 5, 4, 65_536],
      ['gemini-3.5-flash', null, 'Gemini 3.5 Flash', 'standard', 4, 4, 65_536],
      ['gemini-3.5-flash-lite', null, 'Gemini 3.5 Flash Lite', 'free', 5, 3, 65_536],
      ['gemini-3.1-pro-preview', null, 'Gemini 3.1 Pro (preview)', 'standard', 3, 5, 65_536],
      ['gemini-2.5-pro', null, 'Gemini 2.5 Pro', 'standard', 3, 4, 65_536],
      ['gemini-2.5-flash', null, 'Gemini 2.5 Flash', 'free', 5, 3, 65_536],
    ],
  },
  {
    vendor: 'together',
    capabilities: OPEN,
    fallback: 'llama-3.1-8b',
    entries: [
      ['llama-3.3-70b', 'meta-llama/Llama-3.3-70B-Instruct-Turbo', 'Llama 3.3 70B', 'free', 4, 3, 8192],
      ['llama-4-maverick', 'meta-llama/Llama-4-Maverick-17B-128E-Instruct-FP8', 'Llama 4 Maverick', 'free', 4, 4, 8192],
      ['llama-4-scout', 'meta-llama/Llama-4-Scout-17B-16E-Instruct', 'Llama 4 Scout', 'free', 5, 3, 8192],
    ],
  },
];

/** The current generation, vendor by vendor. What the library doesn't price (any more) is left out when seeding. */
export const currentModels: readonly ModelSeed[] = families.flatMap(({ vendor, capabilities, fallback, entries }) =>
  entries.map(([id, libraryId, displayName, terms, speed, quality, maxOutputTokens]): ModelSeed => {
    const premium = premiumTerms[terms];
    return {
      id,
      vendor,
      libraryId: libraryId ?? id,
      providerModelId: libraryId ?? id,
      displayName,
      description: '',
      type: 'llm',
      capabilities,
      maxOutputTokens,
      ...(premium ? { premium } : {}),
      ...(id.endsWith('-preview') ? { status: 'beta' } : {}),
      speed,
      quality,
      fallbackModelIds: [fallback],
    };
  }),
);
