// Owns: what is looked up before a budget is saved and told after: its reference, what departments are given, a limit that is reached. Not: the pure rules
// (budget.rules.ts).

import type { BudgetScope } from '../../contracts/enumerations.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { Budget, BudgetHome } from './budget.queries.ts';
import { checkScope, overAllocation } from './budget.rules.ts';
import { findReference, listAllocations } from './budget-allocation.queries.ts';
import type { BudgetFigures } from './budget-figures.ts';

/** What somebody should know of what they just saved. */
export interface BudgetWarning {
  readonly code: 'limit_reached' | 'over_allocated';
  readonly message: string;
}

/** The id of what a new budget refers to; null where its scope needs none. Throws 400 naming the field. */
export async function resolveReference(
  tx: DatabaseTransaction,
  home: BudgetHome,
  { scope, reference }: { readonly scope: BudgetScope; readonly reference?: string | undefined },
): Promise<string | null> {
  checkScope(home, { scope, reference });
  if (reference === undefined || scope === 'organization' || scope === 'platform') return null;
  const found = await findReference(tx, home, { scope, reference });
  if (found === undefined)
    throw invalidField('reference', scope === 'feature' ? 'is no feature' : `is no ${scope} of the organization`);
  return found;
}

/**
 * Departments are given no more than a hard budget of the organization has: a department's budget that would is refused, while the organization's own may be
 * lowered at any time, for that stops spending; it is told then.
 */
export async function checkAllocation(
  tx: DatabaseTransaction,
  { budget, givesMore }: { readonly budget: Budget; readonly givesMore: boolean },
): Promise<BudgetWarning[]> {
  const { organizationId } = budget;
  const isShared = budget.scope === 'organization' || budget.scope === 'department';
  if (organizationId === null || !isShared || !budget.isActive) return [];
  const allocations = await listAllocations(tx, organizationId);
  const refusal = overAllocation(allocations.find(({ period }) => period === budget.period));
  if (refusal === undefined) return [];
  if (budget.scope === 'department' && givesMore) throw refusal;
  return [
    {
      code: 'over_allocated',
      message: 'Departments were given more than the organization has: their budgets of this period pass its own.',
    },
  ];
}

/** What follows at once where the limit is reached already. */
export function limitReached(budget: BudgetFigures): BudgetWarning[] {
  if (!budget.isActive || budget.spentNanoUsd < budget.limitNanoUsd) return [];
  const spent = `$${formatUsd(budget.spentNanoUsd)} of $${formatUsd(budget.limitNanoUsd)} is spent`;
  const message =
    budget.enforcement === 'hard'
      ? `${spent}: calls are refused from now on until ${budget.resetsAt.toISOString()}.`
      : `${spent}: people are told, calls go on.`;
  return [{ code: 'limit_reached', message }];
}
