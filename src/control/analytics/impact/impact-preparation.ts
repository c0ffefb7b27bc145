// Owns: from a proposal to what is replayed: reads what it names, and refuses what is not there, naming the field. Not: what it comes to (impact-scenario.rules.ts,
// impact-change.rules.ts).

import type { ImpactProposal } from '../../../contracts/analytics/impact-proposals.ts';
import { invalidField } from '../../../contracts/problem.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { listHardBudgets } from './impact-budget.queries.ts';
import { prepareBudget } from './impact-budget-preparation.ts';
import { priceCase, switchCase } from './impact-change.rules.ts';
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
import type { ImpactModel, ImpactPlan } from './impact-facts.ts';
import { type ImpactHome, needOrganization, type ProposalOf } from './impact-home.ts';
import { planCase } from './impact-plan.rules.ts';
import { toPrice } from './impact-price.rules.ts';
import { type ImpactCase, messagesCase, quotaCase, templateCase } from './impact-scenario.rules.ts';

/** What is replayed, and the plans where there is another one. */
export interface PreparedImpact extends ImpactCase {
  readonly plans: { readonly current: ImpactPlan; readonly proposed: ImpactPlan } | null;
}

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

async function getModel(
  tx: DatabaseTransaction,
  { id, field, home }: { readonly id: string; readonly field: string; readonly home: ImpactHome },
): Promise<ImpactModel> {
  const organizationId = home.isPlatform ? null : home.organizationId;
  const model = await findImpactModel(tx, { id, organizationId });
  if (model === undefined) throw invalidField(`proposal.${field}`, 'is no model');
  return model;
}

async function prepareTemplate(tx: DatabaseTransaction, proposal: ProposalOf<'template_limit'>, home: ImpactHome) {
  const { organizationId, isPlatform } = home;
  const template = await findImpactTemplate(tx, { id: proposal.template_id, organizationId, isPlatform });
  if (template === undefined) throw invalidField('proposal.template_id', 'is no template');
  const period = ('period' in proposal ? proposal.period : undefined) ?? null;
  const tokens = amountOf(proposal.tokens);
  return templateCase(template, { organizationId, isOwnLimit: !isPlatform, tokens, period });
}

async function prepareQuota(
  tx: DatabaseTransaction,
  proposal: ProposalOf<'organization_quota'> | ProposalOf<'plan_quota'>,
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

async function prepareMessages(tx: DatabaseTransaction, proposal: ProposalOf<'daily_messages'>, home: ImpactHome) {
  const model = await getModel(tx, { id: proposal.model_id, field: 'model_id', home });
  return messagesCase(model, { organizationId: home.organizationId, messages: amountOf(proposal.messages) });
}

async function preparePlan(
  tx: DatabaseTransaction,
  { plan }: ProposalOf<'plan'>,
  home: ImpactHome,
): Promise<PreparedImpact> {
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

async function preparePrice(tx: DatabaseTransaction, proposal: ProposalOf<'price'>, home: ImpactHome) {
  const { organizationId } = home;
  const model = await getModel(tx, { id: proposal.model_id, field: 'model_id', home });
  const budgets = await listHardBudgets(tx, organizationId);
  return priceCase(model, toPrice(proposal.price), { organizationId, budgets });
}

async function prepareSwitch(tx: DatabaseTransaction, proposal: ProposalOf<'model_switch'>, home: ImpactHome) {
  const { organizationId, nowMs } = home;
  const from = await getModel(tx, { id: proposal.from_model_id, field: 'from_model_id', home });
  const to = await getModel(tx, { id: proposal.to_model_id, field: 'to_model_id', home });
  if (to.prices.length === 0) throw invalidField('proposal.to_model_id', 'has no price');
  const rights = await listRights(tx, { modelId: to.id, organizationId });
  return switchCase({ from, to, rights, budgets: await listHardBudgets(tx, organizationId), organizationId, nowMs });
}
