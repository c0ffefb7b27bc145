// Owns: what one call asks of its meters. Not: which meters there are (meters.ts) or whether they have room (the ledger).

import type { Meter } from '../../ledger/core/meter.ts';
import type { CreditAsk, Leg } from '../../ledger/core/reservation.ts';
import { inputCostBound, outputTokenCostBound } from '../../primitives/price.ts';
import type { Caller, Refusal, Resolution } from '../call.ts';
import type { ModelFacts } from '../snapshot/facts.ts';
import {
  creditUse,
  dailyMessages,
  findBudgets,
  keyRate,
  organizationQuota,
  templateLimit,
  templateTrial,
  trialMessages,
} from './meters.ts';

/** What is metered of one call. */
export interface MeteredCall {
  readonly caller: Caller;
  readonly resolution: Resolution;
  readonly inputTokens: bigint;
  readonly trial: boolean;
  /** The model and its fallbacks: money is held for the dearest. */
  readonly candidates: readonly ModelFacts[];
  /** By the ledger's clock: limits may be raised for a time. Left out: the ordinary limits, which is all that counting needs. */
  readonly nowMs?: number;
}

/** The legs of a call, in the order in which a denial is reported. */
export function buildLegs(call: MeteredCall): Leg[] {
  const { caller, resolution, inputTokens, nowMs } = call;
  const { key, platform, organization } = caller;
  const legs: Leg[] = [];
  const tokens = (meter: Meter): Leg => ({ meter, base: inputTokens, rate: 1n });
  const one = (meter: Meter): Leg => ({ meter, base: 1n, rate: 0n });
  const { template, model } = resolution;
  if (!template?.isFree) {
    legs.push(tokens(organizationQuota(caller, nowMs)));
    const limited =
      template !== null &&
      (template.limitTokens !== null || organization.templateConfigs.get(template.id)?.tokenLimitPerUser != null);
    if (template && limited) legs.push(tokens(templateLimit(caller, template, nowMs)));
  }
  if (model.messagesPerDay !== null) legs.push(one(dailyMessages(caller, resolution, nowMs)));
  if (template?.isTrial && template.trialExpiresDays !== null) legs.push(one(templateTrial(caller, template)));
  if (call.trial) legs.push(one(trialMessages(caller, resolution)));
  if (platform.switches.chargingEnabled) {
    const credits = creditLeg(caller, resolution);
    if (credits) legs.push(credits);
    legs.push(...moneyLegs(call));
  }
  if (key === null) return legs;
  if (key.requestsPerMinute !== null) legs.push(one(keyRate(key, 'requests', key.requestsPerMinute)));
  if (key.tokensPerMinute !== null) legs.push(tokens(keyRate(key, 'tokens', key.tokensPerMinute)));
  return legs;
}

function creditLeg(caller: Caller, { feature }: Resolution): Leg | null {
  if (!feature?.creditType || feature.creditsPerAction === 0n) return null;
  return { meter: creditUse(caller, feature.creditType), base: feature.creditsPerAction, rate: 0n };
}

function moneyLegs({ caller, resolution, inputTokens, candidates, nowMs }: MeteredCall): Leg[] {
  const budgets = findBudgets(caller, resolution, nowMs);
  if (budgets.length === 0) return [];
  let base = 0n;
  let rate = 0n;
  for (const { price } of candidates) {
    if (price === null) continue;
    const inputCost = inputCostBound(price, inputTokens);
    const outputCost = outputTokenCostBound(price, inputTokens);
    if (inputCost > base) base = inputCost;
    if (outputCost > rate) rate = outputCost;
  }
  return budgets.map((meter) => ({ meter, base, rate }));
}

/** What a feature costs in credits: nothing, an amount out of the lots, or a refusal where the plan has no credits. */
export function askCredits({ platform, organization }: Caller, { feature }: Resolution): CreditAsk | Refusal | null {
  if (!feature?.creditType || feature.creditsPerAction === 0n || !platform.switches.chargingEnabled) return null;
  const plan = platform.plans.get(organization.planSlug);
  if (!plan?.canUseCredits) {
    return {
      code: 'plan_required',
      message: `The plan ${organization.planSlug} has no credits; the feature ${feature.name} costs ${feature.creditsPerAction}. Upgrade the plan.`,
      details: { plan: organization.planSlug, upgrade_url: '/billing/plans' },
    };
  }
  // Unlimited: counted, never taken from lots.
  if (plan.creditAllocations.get(feature.creditType) === null) return null;
  return { creditType: feature.creditType, amount: feature.creditsPerAction };
}
