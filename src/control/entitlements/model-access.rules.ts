// Owns: what a person may do with a model, from the model, their rights, what they used and the switches; and what speaks against a preference. Pure; the same
// answers as the gateway's rules (src/gateway/rules). Not: finding the facts.

import { modelRight } from '../../contracts/entitlements/model-right.ts';
import type { SelectionReason } from '../../contracts/entitlements/model-selection.ts';
import type { ModelStatus, ModelTier, ModelType } from '../../contracts/enumerations.ts';
import { formatUsd, NANO_USD_PER_USD } from '../../primitives/amounts.ts';
import type { Right } from './model-offer.queries.ts';

/** What access is worked out from. */
export interface AccessFacts {
  readonly rights: readonly Right[];
  readonly trialMessagesUsed: bigint;
  readonly premiumEnabled: boolean;
  readonly nowMs: number;
}

/** A person's access to a model. */
export interface ModelAccess {
  /** The right that wins; null without one, and for free models. */
  readonly right: Right | null;
  /** Neither free, nor by right, nor a trial message left. */
  readonly lockedReason: 'not_entitled' | 'trial_exhausted' | 'premium_disabled' | null;
  readonly trialMessagesRemaining: bigint;
  /** The next message would be one of the trial. */
  readonly isOnTrial: boolean;
}

/** What access is asked of. */
export interface AccessModel {
  readonly id: string;
  readonly tier: ModelTier;
  readonly trialMessages: bigint;
}

/** Works it out. */
export function modelAccess(model: AccessModel, facts: AccessFacts): ModelAccess {
  const { rights, trialMessagesUsed, premiumEnabled, nowMs } = facts;
  const { by, right } = modelRight(
    model,
    rights.filter(({ modelId }) => modelId === model.id),
    nowMs,
  );
  const left = model.tier === 'free' ? 0n : model.trialMessages - trialMessagesUsed;
  const trialMessagesRemaining = left > 0n ? left : 0n;
  const isOnTrial = by === 'trial_messages' && trialMessagesRemaining > 0n;
  return { right, trialMessagesRemaining, isOnTrial, lockedReason: lockedReason() };

  function lockedReason(): ModelAccess['lockedReason'] {
    if (by === 'free') return null;
    if (!premiumEnabled) return 'premium_disabled';
    if (by === 'none') return 'not_entitled';
    return by === 'trial_messages' && trialMessagesRemaining === 0n ? 'trial_exhausted' : null;
  }
}

/** A model that somebody prefers, whatever has become of it. */
export interface PreferredModel extends AccessModel {
  readonly displayName: string;
  readonly modelType: ModelType;
  readonly priceCents: bigint | null;
  readonly status: ModelStatus;
  readonly enabled: boolean;
  readonly isPriced: boolean;
  readonly isProviderActive: boolean;
  readonly retiresAtMs: number | null;
}

/** What speaks against chatting with the model; null: nothing. Undefined is a model that is not there, or archived. */
export function reasonAgainst(model: PreferredModel | undefined, facts: AccessFacts): SelectionReason | null {
  if (model === undefined) return 'model_not_found';
  if (model.status === 'unavailable') return 'model_unavailable';
  if (!model.enabled || !model.isPriced) return 'model_disabled';
  if (model.retiresAtMs !== null && model.retiresAtMs <= facts.nowMs) return 'model_retired';
  if (!model.isProviderActive) return 'model_unavailable';
  if (model.modelType === 'embedding') return 'model_incapable';
  switch (modelAccess(model, facts).lockedReason) {
    case null:
      return null;
    case 'trial_exhausted':
      return 'trial_exhausted';
    default:
      return 'model_locked';
  }
}

/** Where premium models are bought; refusals at the gateway lead there too. */
export const upgradeUrlOf = (modelId: string): string => `/models/${modelId}`;

/** Cents as dollars. */
export const centsToUsd = (cents: bigint): string => formatUsd((cents * NANO_USD_PER_USD) / 100n);

/** For how much and where a model is bought, as refusals tell it. */
export function purchaseDetails({
  id,
  priceCents,
}: Pick<PreferredModel, 'id' | 'priceCents'>): Record<string, unknown> {
  return { price_usd: priceCents === null ? null : centsToUsd(priceCents), upgrade_url: upgradeUrlOf(id) };
}
