// Owns: the meters of `admission.md` section 3, built from facts. Those that every call has are built once: facts are immutable and replaced whole, so what
// is made from them lives as long as they do. Not: what the call asks of them (legs.ts) or their counters (the ledger).
// `nowMs` is the moment by which limits are raised for a time; without it they are the ordinary ones.

import type { Meter } from '../../ledger/core/meter.ts';
import { type MeterSubject, meterKeys, PERIOD_WINDOWS } from '../../ledger/core/meter-keys.ts';
import type { Caller, Resolution } from '../call.ts';
import type { BudgetFacts, KeyFacts, OrganizationFacts, TemplateFacts } from '../snapshot/facts.ts';
import { raisedLimit } from './limit-overrides.ts';

/** Tokens of the organization in the calendar month: counted for every organization, limited where the organization or its plan has a quota. */
export function organizationQuota({ organization, platform }: Caller, nowMs?: number): Meter {
  const ordinary =
    organization.tokenQuotaMonthly ?? platform.plans.get(organization.planSlug)?.tokenQuotaMonthly ?? null;
  const limit = raisedLimit(ordinary, organization.limitOverrides, { kind: 'organization_quota', target: '', nowMs });
  const known = quotas.get(organization);
  if (known !== undefined && known.limit === limit) return known;
  const meter: Meter = {
    key: meterKeys.organizationQuota(organization.id),
    kind: 'organization_quota',
    scopeClass: 'organization',
    unit: 'tokens',
    window: { kind: 'month' },
    limit,
    mode: 'hard',
    organizationId: organization.id,
    label: organization.slug,
  };
  quotas.set(organization, meter);
  return meter;
}

const quotas = new WeakMap<OrganizationFacts, Meter>();

/** Tokens of one person on one template. The organization's own limit goes before the template's. */
export function templateLimit(caller: Caller, template: TemplateFacts, nowMs?: number): Meter {
  const config = caller.organization.templateConfigs.get(template.id);
  return {
    key: meterKeys.templateLimit(String(template.id), subjectOf(caller), template.limitPeriod),
    kind: 'template_limit',
    scopeClass: 'user',
    unit: 'tokens',
    window: { kind: PERIOD_WINDOWS[template.limitPeriod ?? 'monthly'] },
    limit: raisedLimit(config?.tokenLimitPerUser ?? template.limitTokens, caller.member?.limitOverrides, {
      ...{ kind: 'template_limit', target: String(template.id), nowMs },
    }),
    mode: 'hard',
    organizationId: caller.organization.id,
    label: template.slug,
  };
}

/** Messages of one person to one model in a day. */
export function dailyMessages(caller: Caller, { model }: Resolution, nowMs?: number): Meter {
  return {
    key: meterKeys.dailyMessages(model.id, subjectOf(caller)),
    kind: 'daily_messages',
    scopeClass: 'user',
    unit: 'messages',
    window: { kind: 'day' },
    limit: raisedLimit(model.messagesPerDay, caller.member?.limitOverrides, {
      ...{ kind: 'daily_messages', target: model.id, nowMs },
    }),
    mode: 'hard',
    organizationId: caller.organization.id,
    label: model.id,
  };
}

/** Trial messages of one person to one premium model, for ever and in whatever organization: another organization is no new trial. */
export function trialMessages(caller: Caller, { model }: Resolution): Meter {
  const { member } = caller;
  return {
    key: meterKeys.trialMessages(model.id, subjectOf(caller)),
    kind: 'trial',
    scopeClass: 'user',
    unit: 'messages',
    window: { kind: 'lifetime' },
    limit: model.trialMessages,
    mode: 'hard',
    organizationId: member === null ? caller.organization.id : null,
    label: model.id,
  };
}

/** Messages of one person on a trial template, for ever. Counts only: its first use starts the trial's days. */
export function templateTrial(caller: Caller, template: TemplateFacts): Meter {
  return {
    key: meterKeys.templateTrial(String(template.id), subjectOf(caller)),
    kind: 'trial',
    scopeClass: 'user',
    unit: 'messages',
    window: { kind: 'lifetime' },
    limit: null,
    mode: 'soft',
    organizationId: caller.organization.id,
    label: template.slug,
  };
}

/** Credits of a type used in the organization's running 30 days. Counts only: the lots limit. */
export function creditUse({ organization }: Caller, creditType: string): Meter {
  return {
    key: meterKeys.creditUse(organization.id, creditType),
    kind: 'credits',
    scopeClass: 'organization',
    unit: 'credits',
    window: { kind: 'anniversary', anchorMs: organization.anniversaryMs },
    limit: null,
    mode: 'soft',
    organizationId: organization.id,
    label: creditType,
  };
}

/** A money budget. A budget over all organizations has one counter for the whole platform. */
function budgetMeter(
  budget: BudgetFacts,
  organizationId: string,
  { isPlatformWide, limit }: { readonly isPlatformWide: boolean; readonly limit: bigint },
): Meter {
  const known = budgetMeters.get(budget);
  if (known !== undefined && known.limit === limit) return known;
  const meter: Meter = {
    key: meterKeys.budget(budget.id, budget.period),
    kind: 'budget',
    scopeClass: isPlatformWide ? 'platform' : budget.scope,
    unit: 'nano_usd',
    window: { kind: PERIOD_WINDOWS[budget.period] },
    limit,
    mode: budget.enforcement,
    organizationId: isPlatformWide ? null : organizationId,
    label: budget.name,
    ...toldBudget(budget, limit),
  };
  budgetMeters.set(budget, meter);
  return meter;
}

/** A budget that was made in the middle of its window is told of with what was spent by then. */
function toldBudget({ openingNanoUsd, wholeNanoUsd }: BudgetFacts, limit: bigint): Pick<Meter, 'told'> {
  if (openingNanoUsd === 0n) return {};
  return { told: { limit: limit === 0n ? wholeNanoUsd : limit + openingNanoUsd, before: openingNanoUsd } };
}

const budgetMeters = new WeakMap<BudgetFacts, Meter>();

/** Requests, or tokens, of one key in a minute. */
export function keyRate(key: KeyFacts, unit: 'requests' | 'tokens', limit: bigint): Meter {
  const known = keyRates[unit].get(key);
  if (known !== undefined) return known;
  const meter: Meter = {
    key: meterKeys.keyRate(key.id, unit),
    kind: unit === 'requests' ? 'key_requests' : 'key_tokens',
    scopeClass: 'key',
    unit,
    window: { kind: 'minute' },
    limit,
    mode: 'hard',
    organizationId: key.organizationId,
    label: key.name,
  };
  keyRates[unit].set(key, meter);
  return meter;
}

const keyRates = { requests: new WeakMap<KeyFacts, Meter>(), tokens: new WeakMap<KeyFacts, Meter>() };

/** The budgets that a call counts on. */
export function findBudgets(caller: Caller, resolution: Resolution, nowMs?: number): Meter[] {
  const { organization, platform } = caller;
  const own = organization.budgets
    .filter((budget) => concerns(budget, caller, resolution))
    .map((budget) =>
      budgetMeter(budget, organization.id, { isPlatformWide: false, limit: budgetLimit(caller, budget, nowMs) }),
    );
  const wide = platform.platformBudgets
    .filter((budget) => concerns(budget, caller, resolution))
    .map((budget) => budgetMeter(budget, organization.id, { isPlatformWide: true, limit: budget.limitNanoUsd }));
  return wide.length === 0 ? own : [...own, ...wide];
}

/** A person's own budget may be raised for them; what others share is changed for all. */
function budgetLimit({ member }: Caller, budget: BudgetFacts, nowMs: number | undefined): bigint {
  if (budget.scope !== 'user') return budget.limitNanoUsd;
  const raised = { kind: 'budget', target: budget.id, nowMs } as const;
  return raisedLimit(budget.limitNanoUsd, member?.limitOverrides, raised) ?? budget.limitNanoUsd;
}

function concerns(budget: BudgetFacts, { member, key }: Caller, { feature }: Resolution): boolean {
  switch (budget.scope) {
    case 'organization':
    case 'platform':
      return true;
    case 'department':
      return budget.reference !== null && budget.reference === departmentOf({ member, key });
    case 'feature':
      return feature !== null && (budget.reference === feature.id || budget.reference === feature.name);
    case 'user':
      return member !== null && budget.reference === member.userId;
    case 'key':
      return (
        key !== null &&
        budget.reference !== null &&
        (budget.reference === key.id || key.ancestorIds.includes(budget.reference))
      );
  }
}

/** Where a call is booked: to its person's department, or that of a service key. */
export function departmentOf({ member, key }: Pick<Caller, 'member' | 'key'>): string | null {
  return member?.departmentId ?? key?.departmentId ?? null;
}

/** Whose personal meters a call counts on: the person in this organization, or all service keys of the organization together. */
function subjectOf({ member, organization }: Caller): MeterSubject {
  return { organizationId: organization.id, userId: member === null ? null : member.userId };
}
