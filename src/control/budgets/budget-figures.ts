// Owns: budgets with what their counters say. Not: the rows (budget.queries.ts), or what usage says.

import type { DatabaseTransaction } from '../../database/pool.ts';
import { meterKeys, PERIOD_WINDOWS } from '../../ledger/core/meter-keys.ts';
import { readCounters } from '../../ledger/store/counter-reader.ts';
import type { Budget, BudgetWindow } from './budget.queries.ts';

/** A budget in its running window. Amounts in nano-USD. */
export interface BudgetFigures extends Budget, BudgetWindow {
  /** Of finished calls, those before the counter counted included. */
  readonly spentNanoUsd: bigint;
  /** Set aside for calls under way. */
  readonly heldNanoUsd: bigint;
  /** The amount and what the window before left. */
  readonly limitNanoUsd: bigint;
}

/** The same for one budget. */
export async function withFiguresOf(
  tx: DatabaseTransaction,
  budget: Budget & BudgetWindow,
  nowMs: number,
): Promise<BudgetFigures> {
  const [figures] = await withFigures(tx, [budget], nowMs);
  if (figures === undefined) throw new Error('one budget has one set of figures');
  return figures;
}

/** Adds what the counters say, in one query. */
export async function withFigures(
  tx: DatabaseTransaction,
  budgets: readonly (Budget & BudgetWindow)[],
  nowMs: number,
): Promise<BudgetFigures[]> {
  const keyOf = ({ id, period }: Budget): string => meterKeys.budget(id, period);
  const questions = budgets.map((budget) => ({
    key: keyOf(budget),
    window: { kind: PERIOD_WINDOWS[budget.period] },
  }));
  const readings = await readCounters(tx, questions, nowMs);
  return budgets.map((budget) => {
    const { used = 0n, held = 0n } = readings.get(keyOf(budget)) ?? {};
    return {
      ...budget,
      spentNanoUsd: used + budget.openingNanoUsd,
      heldNanoUsd: held,
      limitNanoUsd: budget.amountNanoUsd + budget.carriedNanoUsd,
    };
  });
}
