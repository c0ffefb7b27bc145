// Owns: what a replay knows besides the calls: limits, plans, prices and rights as they are today. Not: reading it (impact-facts.queries.ts).

import type { HeldRight } from '../../../contracts/entitlements/model-right.ts';
import type { BudgetEnforcement, BudgetPeriod, BudgetScope, ModelTier } from '../../../contracts/enumerations.ts';
import type { TemplateLimitPeriod } from '../../../ledger/core/meter-keys.ts';
import type { PriceHistory } from './impact-call.rules.ts';

/** A template. Limits in tokens; null: none. */
export interface ImpactTemplate {
  readonly id: string;
  readonly slug: string;
  readonly limitTokens: bigint | null;
  readonly limitPeriod: TemplateLimitPeriod | null;
  readonly isFree: boolean;
  /** Organizations' own limits, by organization. */
  readonly ownLimits: ReadonlyMap<string, bigint>;
}

/** A plan. */
export interface ImpactPlan {
  readonly slug: string;
  readonly level: number;
  /** Tokens; null: unlimited. */
  readonly quota: bigint | null;
  readonly monthlyNanoUsd: bigint | null;
  readonly canUseCredits: boolean;
  /** Credits in 30 days by type; null: unlimited. A type that is not here has none. */
  readonly allocations: ReadonlyMap<string, bigint | null>;
}

/** An organization. */
export interface ImpactOrganization {
  readonly id: string;
  readonly plan: string;
  /** Tokens in a month; null: the plan's. */
  readonly ownQuota: bigint | null;
  readonly creditAnchorMs: number;
}

/** A model. */
export interface ImpactModel {
  readonly id: string;
  readonly tier: ModelTier;
  readonly capabilities: readonly string[];
  readonly contextWindow: bigint | null;
  readonly maxOutputTokens: bigint | null;
  readonly messagesPerDay: bigint | null;
  readonly trialMessages: bigint;
  readonly prices: PriceHistory;
}

/** A budget. Money in nano-USD. */
export interface ImpactBudget {
  readonly id: string;
  /** Null: over all organizations. */
  readonly organizationId: string | null;
  readonly scope: BudgetScope;
  /** Id of the department or person, or the name of the feature; null for others. */
  readonly reference: string | null;
  /** For a key: it, and those that it was rotated into. */
  readonly keyIds: readonly string[];
  readonly period: BudgetPeriod;
  readonly amountNanoUsd: bigint;
  readonly enforcement: BudgetEnforcement;
  readonly rollover: boolean;
}

/** A right to a model that a person, or with null everybody of an organization, holds. */
export interface ImpactRight extends HeldRight {
  readonly modelId: string;
  readonly userId: string | null;
  readonly organizationId: string | null;
}

/** What a feature costs in credits. */
export interface FeatureCredits {
  readonly type: string;
  readonly amount: bigint;
}
