// Owns: from a proposed budget, new or changed, to what is replayed. Not: other proposals (impact-preparation.ts).

import { invalidField } from '../../../contracts/problem.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { parseUsd } from '../../../primitives/amounts.ts';
import { findBudgetReference, findImpactBudget } from './impact-budget.queries.ts';
import type { ImpactBudget } from './impact-facts.ts';
import { type ImpactHome, needOrganization, type ProposalOf } from './impact-home.ts';
import { budgetCase, type ImpactCase } from './impact-scenario.rules.ts';

/** Reads the budget, or what a new one is about. Throws 400 naming what is not there. */
export async function prepareBudget(
  tx: DatabaseTransaction,
  proposal: ProposalOf<'budget'>,
  home: ImpactHome,
): Promise<ImpactCase> {
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

async function newBudget(
  tx: DatabaseTransaction,
  proposal: ProposalOf<'budget'>,
  home: ImpactHome,
): Promise<ImpactBudget> {
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
