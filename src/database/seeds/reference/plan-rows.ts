// Owns: the plans, what they allot and the types of credits, as first seeded. Not: what an owner changed since (the tables).

import type { PlanSlug } from '../../../contracts/enumerations.ts';
import { NANO_USD_PER_USD } from '../../../primitives/amounts.ts';

/** Credits by what they pay for. */
export const creditTypeRows = [
  {
    slug: 'lead_generation',
    name: 'Lead generation',
    description: 'Finding and describing possible customers.',
    sort_order: 10,
  },
  { slug: 'goal_generation', name: 'Goal generation', description: 'Making goals and quests.', sort_order: 20 },
  {
    slug: 'content_generation',
    name: 'Content generation',
    description: 'Writing texts for publication.',
    sort_order: 30,
  },
  {
    slug: 'insight_analysis',
    name: 'Insight analysis',
    description: 'Reading figures and telling what they mean.',
    sort_order: 40,
  },
  { slug: 'support_automation', name: 'Support automation', description: 'Answering customers.', sort_order: 50 },
] as const;

/** Plans, lowest first. Prices in nano-USD, null by agreement; quotas in tokens a month, null unlimited. */
export const planRows = [
  {
    slug: 'free',
    level: 0,
    name: 'Free',
    description: 'To look around.',
    monthly_price_nano_usd: 0n,
    yearly_price_nano_usd: 0n,
    token_quota_monthly: 100_000n,
    max_custom_models: 1,
    can_create_custom_models: true,
    max_members: 3,
    can_use_credits: false,
    feature_flags: { departments: false, budgets: false, own_provider_keys: false },
  },
  {
    slug: 'starter',
    level: 1,
    name: 'Starter',
    description: 'For a small team.',
    monthly_price_nano_usd: 29n * NANO_USD_PER_USD,
    yearly_price_nano_usd: 290n * NANO_USD_PER_USD,
    token_quota_monthly: 1_000_000n,
    max_custom_models: 3,
    can_create_custom_models: true,
    max_members: 10,
    can_use_credits: false,
    feature_flags: { departments: true, budgets: true, own_provider_keys: false },
  },
  {
    slug: 'pro',
    level: 2,
    name: 'Pro',
    description: 'For a company that works with it daily.',
    monthly_price_nano_usd: 99n * NANO_USD_PER_USD,
    yearly_price_nano_usd: 990n * NANO_USD_PER_USD,
    token_quota_monthly: 10_000_000n,
    max_custom_models: 10,
    can_create_custom_models: true,
    max_members: 50,
    can_use_credits: true,
    feature_flags: { departments: true, budgets: true, own_provider_keys: true },
  },
  {
    slug: 'enterprise',
    level: 3,
    name: 'Enterprise',
    description: 'Without limits but those you set.',
    monthly_price_nano_usd: null,
    yearly_price_nano_usd: null,
    token_quota_monthly: null,
    max_custom_models: 100,
    can_create_custom_models: true,
    max_members: null,
    can_use_credits: true,
    feature_flags: { departments: true, budgets: true, own_provider_keys: true },
  },
] as const satisfies readonly { slug: PlanSlug; [column: string]: unknown }[];

/** Credits of each type in 30 days on plan pro; free and starter have none of any, enterprise all it wants. */
const proCredits = {
  lead_generation: 50n,
  goal_generation: 20n,
  content_generation: 100n,
  insight_analysis: 30n,
  support_automation: 200n,
} as const satisfies Record<(typeof creditTypeRows)[number]['slug'], bigint>;

/** Plan by credit type; null is unlimited. */
export const allocationRows = creditTypeRows.flatMap(({ slug }) => [
  { plan_slug: 'free', credit_type: slug, amount: 0n },
  { plan_slug: 'starter', credit_type: slug, amount: 0n },
  { plan_slug: 'pro', credit_type: slug, amount: proCredits[slug] },
  { plan_slug: 'enterprise', credit_type: slug, amount: null },
]);
