// Owns: putting the domain together: its routes and what jobs do of it. Not: when jobs run.

import type { Route } from '../../contracts/route.ts';
import type { Database } from '../../database/pool.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { adminBudgetRoutes, budgetRoutes } from './budget.routes.ts';
import { createBudgetService } from './budget.service.ts';
import { type BudgetAlertService, createBudgetAlertService } from './budget-alert.service.ts';
import { createBudgetOutlookService } from './budget-outlook.service.ts';

/** The domain. `checkThresholds` is for every few seconds, `checkBudgets` for every few minutes; both may run anywhere and at once. */
export interface Budgets extends Pick<BudgetAlertService, 'checkThresholds' | 'checkBudgets'> {
  readonly routes: readonly Route[];
}

/** Builds it. */
export function createBudgets(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}): Budgets {
  const budgets = createBudgetService(options);
  const outlook = createBudgetOutlookService(options);
  const alerts = createBudgetAlertService(options);
  return {
    routes: [...budgetRoutes({ budgets, outlook, alerts }), ...adminBudgetRoutes({ budgets, outlook })],
    checkThresholds: (limit) => alerts.checkThresholds(limit),
    checkBudgets: (pageSize) => alerts.checkBudgets(pageSize),
  };
}
