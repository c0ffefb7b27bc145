// Owns: whether a caller may use a catalog model or a template: exists, active, plan, business type, entitled, on trial. Pure.
// Not: keys and organizations (caller-rules.ts), or what is left on meters (the ledger).

import { modelRight } from '../../contracts/entitlements/model-right.ts';
import { formatUsd, NANO_USD_PER_USD } from '../../primitives/amounts.ts';
import type { Caller, Refusal, Resolution } from '../call.ts';
import type { EntitlementFacts, ModelFacts, TemplateFacts } from '../snapshot/facts.ts';
import { isRetired } from './retirement.ts';

/** By what right a premium model may be used. `free`: no right is needed. */
export type ModelRight = 'free' | EntitlementFacts['source'] | 'template' | 'trial_messages' | 'none';

/** The model exists for callers: enabled, priced, available, and not retired yet. */
export function checkModelAvailable({ model }: Resolution, nowMs: number): Refusal | null {
  if (!model.enabled || model.price === null) {
    return {
      code: 'model_not_enabled',
      message: `The model ${model.id} is not enabled. Choose one from GET /v1/models.`,
      param: 'model',
    };
  }
  if (model.status === 'unavailable') {
    return {
      code: 'model_not_enabled',
      message: `The model ${model.id} is not available at the moment. Choose one from GET /v1/models.`,
      param: 'model',
    };
  }
  if (isRetired(model, nowMs)) {
    return {
      code: 'model_not_enabled',
      message: `The model ${model.id} has been retired. Choose one from GET /v1/models.`,
      param: 'model',
    };
  }
  return null;
}

/** The template is for this organization and switched on by its admin. */
export function checkTemplate(caller: Caller, { template }: Resolution): Refusal | null {
  if (template === null) return null;
  if (!template.isActive) return notEnabled(template);
  if (template.scope !== 'system') return null;
  if (!caller.platform.switches.systemTemplatesEnabled) return notEnabled(template);
  const { businessTypes } = template;
  if (
    businessTypes.size > 0 &&
    !(caller.organization.businessType !== null && businessTypes.has(caller.organization.businessType))
  ) {
    return {
      code: 'model_not_found',
      message: `There is no model "template:${template.slug}". Choose one from GET /v1/models.`,
      param: 'model',
    };
  }
  const refusal = checkPlan(caller, template);
  if (refusal) return refusal;
  const config = caller.organization.templateConfigs.get(template.id);
  const isAdmin = caller.member?.role === 'owner' || caller.member?.role === 'admin';
  if (!config?.isEnabledForUsers && !isAdmin) {
    return {
      code: 'forbidden',
      message: `The template ${template.slug} is not enabled for users. An admin of your organization can enable it.`,
      param: 'model',
    };
  }
  return null;
}

function notEnabled(template: TemplateFacts): Refusal {
  return {
    code: 'model_not_enabled',
    message: `The template ${template.slug} is not active. Choose one from GET /v1/models.`,
    param: 'model',
  };
}

function checkPlan(caller: Caller, template: TemplateFacts): Refusal | null {
  if (template.requiredPlan === null) return null;
  const required = caller.platform.plans.get(template.requiredPlan)?.level ?? Number.POSITIVE_INFINITY;
  const level = caller.platform.plans.get(caller.organization.planSlug)?.level ?? -1;
  if (level >= required) return null;
  return {
    code: 'plan_required',
    message: `The template ${template.slug} needs the plan ${template.requiredPlan}; your organization has ${caller.organization.planSlug}. Upgrade the plan.`,
    param: 'model',
    details: {
      required_plan: template.requiredPlan,
      plan: caller.organization.planSlug,
      upgrade_url: '/billing/plans',
    },
  };
}

/** The right by which the caller may use the model: of several the one that `contracts/entitlements/model-right.ts` names, as the portal shows it. */
export function findModelRight(caller: Caller, resolution: Resolution, nowMs: number): ModelRight {
  const { model, template } = resolution;
  if (model.tier === 'free') return 'free';
  // What an admin switched on, or an organization or person configured with an entitlement of its own, is checked by the template's own rules.
  if (template?.scope === 'system') return 'template';
  const held = [...caller.organization.organizationEntitlements, ...(caller.member?.entitlements ?? [])];
  return modelRight(
    model,
    held.filter(({ modelId }) => modelId === model.id),
    nowMs,
  ).by;
}

/** A premium model needs a right; what is left of a trial is a meter. */
export function checkModelRight(caller: Caller, resolution: Resolution, nowMs: number): Refusal | null {
  const right = findModelRight(caller, resolution, nowMs);
  if (right === 'free') return null;
  if (!caller.platform.switches.premiumEnabled) {
    return {
      code: 'model_locked',
      message: `Premium models are switched off at the moment. Choose a free model from GET /v1/models.`,
      param: 'model',
    };
  }
  if (right !== 'none') return null;
  return {
    code: 'model_locked',
    message: `The model ${resolution.model.id} is locked.${priceText(resolution.model)} Buy it in the portal or ask an admin for access.`,
    param: 'model',
    details: purchaseDetails(resolution.model),
  };
}

/** Where and for how much a model is bought. */
export function purchaseDetails(model: ModelFacts): Record<string, unknown> {
  return {
    price_usd: model.priceCents === null ? null : centsToUsd(model.priceCents),
    upgrade_url: `/models/${model.id}`,
  };
}

function priceText(model: ModelFacts): string {
  return model.priceCents === null ? '' : ` It costs $${centsToUsd(model.priceCents)}.`;
}

function centsToUsd(cents: number): string {
  return formatUsd((BigInt(cents) * NANO_USD_PER_USD) / 100n);
}
