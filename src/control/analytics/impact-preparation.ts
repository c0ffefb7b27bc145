// Owns: from a proposal to what is replayed: reads what it names, and refuses what is not there, naming the field. Not: what it comes to (impact-scenario.rules.ts,
// impact-change.rules.ts).

import type { z } from 'zod';
import type { ImpactProposal } from '../../contracts/analytics/impact-proposals.ts';
import type { newPriceSchema } from '../../contracts/catalog/model-prices.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { parseUsd } from '../../primitives/amounts.ts';
import type { Price } from '../../primitives/price.ts';
import { findBudgetReference, findImpactBudget, listHardBudgets } from './impact-budget.queries.ts';
import { planCase, priceCase, switchCase } from './impact-change.rules.ts';
import {
  findImpactModel,
  findImpactTemplate,
  listFeatureCredits,
  listFreeTemplates,
  listImpactOrganizations,
  listImpactPlans,
  listPremiumModels,
  listRequiredLevels,
  listRights,
} from './impact-facts.queries.ts';
import type { ImpactBudget, ImpactModel, ImpactPlan } from './impact-facts.ts';
import { budgetCase, type ImpactCase, messagesCase, quotaCase, templateCase } from './impact-scenario.rules.ts';

/** Who is asked about. */
export interface ImpactHome {
  /** Null: all organizations, which superadmins alone may ask about. */
  readonly organizationId: string | null;
  /** Asked by the platform: a template's own limit is meant, and everything may be named. */
  readonly isPlatform: boolean;
  readonly nowMs: number;
}

/** What is replayed, and the plans where there is another one. */
export interface PreparedImpact extends ImpactCase {
  readonly plans: { readonly current: ImpactPlan; readonly proposed: ImpactPlan } | null;
}

type Of<Kind extends ImpactProposal['kind']> = Extract<ImpactProposal, { kind: Kind }>;

/** Reads what a proposal is about. Throws 400 naming what is not there. */
export async function prepareImpact(
  tx: DatabaseTransaction,
  proposal: ImpactProposal,
  home: ImpactHome,
): Promise<PreparedImpact> {
  if (proposal.kind === 'plan') return preparePlan(tx, proposal, home);
  return { ...(await prepareCase(tx, proposal, home)), plans: null };
}

function prepareCase(
  tx: DatabaseTransaction,
  proposal: Exclude<ImpactProposal, { kind: 'plan' }>,
  home: ImpactHome,
): Promise<ImpactCase> {
  switch (proposal.kind) {
    case 'template_limit':
      return prepareTemplate(tx, proposal, home);
    case 'organization_quota':
    case 'plan_quota':
      return prepareQuota(tx, proposal, home);
    case 'daily_messages':
      return prepareMessages(tx, proposal, home);
    case 'budget':
      return prepareBudget(tx, proposal, home);
    case 'price':
      return preparePrice(tx, proposal, home);
    case 'model_switch':
      return prepareSwitch(tx, proposal, home);
  }
}

const amountOf = (count: number | null): bigint | null => (count === null ? null : BigInt(count));

function needOrganization({ organizationId }: ImpactHome): string {
  if (organizationId === null) throw invalidField('organization_id', 'is required for this proposal');
  return organizationId;
}

async function getModel(
  tx: DatabaseTransaction,
  { id, field, home }: { readonly id: string; readonly field: string; readonly home: ImpactHome },
): Promise<ImpactModel> {
  const organizationId = home.isPlatform ? null : home.organizationId;
  const model = await findImpactModel(tx, { id, organizationId });
  if (model === undefined) throw invalidField(`proposal.${field}`, 'is no model');
  return model;
}

async function prepareTemplate(tx: DatabaseTransaction, proposal: Of<'template_limit'>, home: ImpactHome) {
  const { organizationId, isPlatform } = home;
  const template = await findImpactTemplate(tx, { id: proposal.template_id, organizationId });
  if (template === undefined) throw invalidField('proposal.template_id', 'is no template');
  const period = ('period' in proposal ? proposal.period : undefined) ?? null;
  const tokens = amountOf(proposal.tokens);
  return templateCase(template, { organizationId, isOwnLimit: !isPlatform, tokens, period });
}

async function prepareQuota(
  tx: DatabaseTransaction,
  proposal: Of<'organization_quota'> | Of<'plan_quota'>,
  home: ImpactHome,
) {
  const plans = await listImpactPlans(tx);
  const which =
    proposal.kind === 'organization_quota' ? { id: needOrganization(home) } : ({ plan: proposal.plan } as const);
  const found = await listImpactOrganizations(tx, which);
  const organizations = found.filter(({ id }) => home.organizationId === null || id === home.organizationId);
  const quotas = new Map(
    organizations.map(({ id, ownQuota, plan }) => [id, { own: ownQuota, plan: plans.get(plan)?.quota ?? null }]),
  );
  const [first] = quotas.values();
  const asked = amountOf(proposal.tokens);
  return quotaCase({
    organizationIds: organizations.map(({ id }) => id),
    freeTemplates: await listFreeTemplates(tx),
    currentOf: (id) => quotas.get(id)?.own ?? quotas.get(id)?.plan ?? null,
    proposed: proposal.kind === 'organization_quota' ? (asked ?? first?.plan ?? null) : asked,
  });
}

async function prepareMessages(tx: DatabaseTransaction, proposal: Of<'daily_messages'>, home: ImpactHome) {
  const model = await getModel(tx, { id: proposal.model_id, field: 'model_id', home });
  return messagesCase(model, { organizationId: home.organizationId, messages: amountOf(proposal.messages) });
}

async function prepareBudget(tx: DatabaseTransaction, proposal: Of<'budget'>, home: ImpactHome): Promise<ImpactCase> {
  const { budget_id: id, period, enforcement, rollover } = proposal;
  const amountNanoUsd = parseUsd(String(proposal.amount_usd));
  if (amountNanoUsd === undefined || amountNanoUsd <= 0n)
    throw invalidField('proposal.amount_usd', 'is no amount of US dollars above 0 with at most nine places');
  const known = id === undefined ? null : await findImpactBudget(tx, { id, organizationId: home.organizationId });
  if (known === undefined) throw invalidField('proposal.budget_id', 'is no budget');
  if (known !== null && (proposal.scope !== undefined || proposal.reference !== undefined))
    throw invalidField('proposal.scope', 'is of a new budget: leave it out with `budget_id`');
  const base = known ?? (await newBudget(tx, proposal, home));
  const proposed: ImpactBudget = {
    ...base,
    amountNanoUsd,
    period: period ?? base.period,
    enforcement: enforcement ?? base.enforcement,
    rollover: rollover ?? base.rollover,
  };
  return budgetCase(known?.isActive === true ? known : null, proposed, home.organizationId);
}

async function newBudget(tx: DatabaseTransaction, proposal: Of<'budget'>, home: ImpactHome): Promise<ImpactBudget> {
  const { scope, reference } = proposal;
  if (scope === undefined) throw invalidField('proposal.scope', 'is required without `budget_id`');
  if (scope === 'platform' && !home.isPlatform) throw invalidField('proposal.scope', 'is the platform’s');
  const needsNone = scope === 'organization' || scope === 'platform';
  if (needsNone !== (reference === undefined))
    throw invalidField('proposal.reference', needsNone ? 'is not of this scope' : 'is required for this scope');
  const isEverywhere = scope === 'platform' || (scope === 'feature' && home.isPlatform);
  const organizationId = isEverywhere ? home.organizationId : needOrganization(home);
  const found =
    reference === undefined
      ? { reference: null, keyIds: [] }
      : await findBudgetReference(tx, { organizationId, scope, reference });
  if (found === undefined) throw invalidField('proposal.reference', `is no ${scope}`);
  return {
    ...{ id: 'new', organizationId: scope === 'platform' ? null : organizationId, scope, ...found },
    ...{ period: 'monthly', enforcement: 'hard', rollover: false, amountNanoUsd: 0n },
  };
}

async function preparePlan(tx: DatabaseTransaction, { plan }: Of<'plan'>, home: ImpactHome): Promise<PreparedImpact> {
  const id = needOrganization(home);
  const [organization] = await listImpactOrganizations(tx, { id });
  if (organization === undefined) throw invalidField('organization_id', 'is no organization');
  const plans = await listImpactPlans(tx);
  const [current, proposed] = [plans.get(organization.plan), plans.get(plan)];
  if (current === undefined || proposed === undefined) throw invalidField('proposal.plan', 'is no plan');
  const prepared = planCase({
    ...{ organization, current, proposed },
    freeTemplates: await listFreeTemplates(tx),
    requiredLevels: await listRequiredLevels(tx),
    features: await listFeatureCredits(tx),
    rights: await listRights(tx, { modelId: null, organizationId: id }),
    premium: await listPremiumModels(tx),
  });
  return { ...prepared, plans: { current, proposed } };
}

async function preparePrice(tx: DatabaseTransaction, proposal: Of<'price'>, home: ImpactHome) {
  const { organizationId } = home;
  const model = await getModel(tx, { id: proposal.model_id, field: 'model_id', home });
  const budgets = await listHardBudgets(tx, organizationId);
  return priceCase(model, toPrice(proposal.price), { organizationId, budgets });
}

async function prepareSwitch(tx: DatabaseTransaction, proposal: Of<'model_switch'>, home: ImpactHome) {
  const { organizationId, nowMs } = home;
  const from = await getModel(tx, { id: proposal.from_model_id, field: 'from_model_id', home });
  const to = await getModel(tx, { id: proposal.to_model_id, field: 'to_model_id', home });
  if (to.prices.length === 0) throw invalidField('proposal.to_model_id', 'has no price');
  const rights = await listRights(tx, { modelId: to.id, organizationId });
  return switchCase({ from, to, rights, budgets: await listHardBudgets(tx, organizationId), organizationId, nowMs });
}

/** A price as it was proposed; its schema has let no other amounts through. */
function toPrice(entered: z.output<typeof newPriceSchema>): Price {
  const nano = (text: string): bigint => {
    const amount = parseUsd(text);
    if (amount === undefined) throw new Error('an amount that its schema took is none');
    return amount;
  };
  const nanoOrNull = (text: string | null | undefined): bigint | null => (text == null ? null : nano(text));
  const tokens = (of: {
    readonly inputUsdPerMillion: string;
    readonly outputUsdPerMillion: string;
    readonly cachedInputUsdPerMillion?: string | null | undefined;
    readonly cacheWriteUsdPerMillion?: string | null | undefined;
    readonly cacheWrite1hUsdPerMillion?: string | null | undefined;
  }) => ({
    input: nano(of.inputUsdPerMillion),
    output: nano(of.outputUsdPerMillion),
    cachedInput: nanoOrNull(of.cachedInputUsdPerMillion),
    cacheWrite: nanoOrNull(of.cacheWriteUsdPerMillion),
    cacheWrite1h: nanoOrNull(of.cacheWrite1hUsdPerMillion),
  });
  const { longContext } = entered;
  return {
    ...{ id: 'proposed', ...tokens(entered), reasoning: nanoOrNull(entered.reasoningUsdPerMillion) },
    perRequest: nano(entered.requestUsd),
    longContext:
      longContext == null
        ? null
        : { ...tokens(longContext), reasoning: null, aboveTokens: BigInt(longContext.aboveTokens) },
  };
}
