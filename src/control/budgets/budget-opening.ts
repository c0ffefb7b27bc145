// Owns: where the counter of a budget begins: what its scope spent in the running window before. Not: when that is asked (budget.service.ts).

import type { DatabaseTransaction } from '../../database/pool.ts';
import { type Budget, type BudgetWindow, findBudget, updateOpening } from './budget.queries.ts';
import { type BudgetFigures, withFiguresOf } from './budget-figures.ts';
import { listSpendByDay } from './budget-spend.queries.ts';

const DAY_MS = 86_400_000;

/**
 * Lets its counter begin now: what usage has of the running window and the counter does not is its opening. The counter is left as it is, so a period that was
 * changed and changed back counts nothing twice. Calls that are under way at this moment are in neither; they are the most that can be missing.
 */
export async function openBudget(
  tx: DatabaseTransaction,
  budget: Budget & BudgetWindow,
  nowMs: number,
): Promise<BudgetFigures> {
  const now = new Date(nowMs);
  const span = { from: budget.windowStart, until: new Date(nowMs + DAY_MS) };
  const days = (await listSpendByDay(tx, [budget], span)).get(budget.id);
  const total = [...(days?.values() ?? [])].reduce((sum, day) => sum + day, 0n);
  const { spentNanoUsd: counted } = await withFiguresOf(tx, { ...budget, openingNanoUsd: 0n }, nowMs);
  await updateOpening(tx, budget, {
    id: budget.id,
    opening: {
      openingNanoUsd: total > counted ? total - counted : 0n,
      openingWindowStart: budget.windowStart,
      countingSince: now,
    },
  });
  const opened = await findBudget(tx, budget, { id: budget.id, at: now });
  if (opened === undefined) throw new Error('a budget that is being saved is there');
  return withFiguresOf(tx, opened, nowMs);
}
