// Owns: the rules of the gateway as a replay applies them, limit by limit. Pure. Not: which of them a proposal changes (impact-scenario.rules.ts).

import { PERIOD_WINDOWS, type TemplateLimitPeriod } from '../../../ledger/core/meter-keys.ts';
import { isRecorded, type ReplayCall } from './impact-call.rules.ts';
import type { FeatureCredits, ImpactBudget } from './impact-facts.ts';
import type { ReplayMeter, ReplayWorld } from './impact-replay.rules.ts';

const tokensOf = ({ tokens }: ReplayCall): bigint => tokens.input + tokens.output;
/** A person in an organization, or all its service keys together. */
export const personOf = ({ organizationId, userId }: ReplayCall): string => `${organizationId}|${userId ?? ''}`;
const isCall = ({ credits }: ReplayCall): boolean => credits === null;

/** Every call as it was charged, and no limit at all. */
export const OPEN_WORLD: ReplayWorld = {
  meters: [],
  refusalOf: () => null,
  costOf: ({ costNanoUsd }) => costNanoUsd,
};

/** The same with these meters. */
export const worldOf = (...meters: readonly ReplayMeter[]): ReplayWorld => ({ ...OPEN_WORLD, meters });

const HARD = { mode: 'hard', fits: 'any', rollover: false } as const;

/** Tokens of each person on a template; null: none. */
export function templateMeter(terms: {
  readonly templateId: string;
  readonly period: TemplateLimitPeriod | null;
  readonly limitOf: (organizationId: string) => bigint | null;
}): ReplayMeter {
  return {
    ...HARD,
    name: 'template',
    code: 'user_limit_exceeded',
    window: { kind: PERIOD_WINDOWS[terms.period ?? 'monthly'] },
    subjectOf: (call) => (call.templateId === terms.templateId ? personOf(call) : null),
    limitOf: ({ organizationId }) => terms.limitOf(organizationId),
    amountOf: tokensOf,
  };
}

/** Tokens of an organization in a month; calls of free templates count on none. */
export function quotaMeter(terms: {
  readonly freeTemplates: ReadonlySet<string>;
  readonly limitOf: (organizationId: string) => bigint | null;
}): ReplayMeter {
  const isFree = ({ templateId }: ReplayCall): boolean => templateId !== null && terms.freeTemplates.has(templateId);
  return {
    ...HARD,
    name: 'quota',
    code: 'organization_quota_exceeded',
    window: { kind: 'month' },
    subjectOf: (call) => (isCall(call) && !isFree(call) ? call.organizationId : null),
    limitOf: ({ organizationId }) => terms.limitOf(organizationId),
    amountOf: tokensOf,
  };
}

/** Messages of each person to a model in a day. `servedBy`: which model answers a call. */
export function messagesMeter(terms: {
  readonly modelId: string;
  readonly limit: bigint | null;
  readonly servedBy: (call: ReplayCall) => string;
}): ReplayMeter {
  return {
    ...HARD,
    name: `messages of ${terms.modelId}`,
    code: 'daily_message_limit',
    window: { kind: 'day' },
    subjectOf: (call) => (isCall(call) && terms.servedBy(call) === terms.modelId ? personOf(call) : null),
    limitOf: () => terms.limit,
    amountOf: () => 1n,
  };
}

/** Money in a budget's scope. */
export function budgetMeter(budget: ImpactBudget): ReplayMeter {
  const keys = new Set(budget.keyIds);
  const isMine = (call: ReplayCall): boolean => {
    if (!isCall(call)) return false;
    // What an organization tells of is on no budget over all.
    if (budget.organizationId === null ? isRecorded(call) : call.organizationId !== budget.organizationId) return false;
    switch (budget.scope) {
      case 'organization':
      case 'platform':
        return true;
      case 'department':
        return call.departmentId === budget.reference;
      case 'feature':
        return call.feature === budget.reference;
      case 'user':
        return call.userId === budget.reference;
      case 'key':
        return call.keyId !== null && keys.has(call.keyId);
    }
  };
  return {
    ...{ name: `budget ${budget.id}`, code: 'budget_exceeded', fits: 'any' },
    window: { kind: PERIOD_WINDOWS[budget.period] },
    mode: budget.enforcement,
    rollover: budget.rollover,
    subjectOf: (call) => (isMine(call) ? '' : null),
    limitOf: () => budget.amountNanoUsd,
    amountOf: (_call, costNanoUsd) => costNanoUsd,
  };
}

/** Credits that a call, or an application, took; null: none, as of a call that was made elsewhere. */
export function creditsOf(call: ReplayCall, features: ReadonlyMap<string, FeatureCredits>): FeatureCredits | null {
  if (isRecorded(call)) return null;
  return call.credits ?? (call.feature === null ? null : (features.get(call.feature) ?? null));
}

/** Credits of a type in an organization's 30 days; null: unlimited. */
export function creditMeter(terms: {
  readonly type: string;
  readonly limit: bigint | null;
  readonly anchorMs: number;
  readonly features: ReadonlyMap<string, FeatureCredits>;
}): ReplayMeter {
  const { type, limit, anchorMs, features } = terms;
  return {
    ...{ ...HARD, name: `credits ${type}`, code: 'insufficient_credits', fits: 'whole' },
    window: { kind: 'anniversary', anchorMs },
    subjectOf: (call) => (creditsOf(call, features)?.type === type ? call.organizationId : null),
    limitOf: () => limit,
    amountOf: (call) => creditsOf(call, features)?.amount ?? 0n,
  };
}
