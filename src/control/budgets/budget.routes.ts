// Owns: the routes of budgets, an organization's and the platform's. Not: what the acts do (the services) or their answers' form (budget-json.ts).

import { adminBudgetEndpoints } from '../../contracts/budgets/admin-budgets.ts';
import { budgetEndpoints } from '../../contracts/budgets/budgets.ts';
import { entityTag } from '../../contracts/entity-tag.ts';
import { invalidField } from '../../contracts/problem.ts';
import { implement, type Route, reply } from '../../contracts/route.ts';
import type { BudgetService } from './budget.service.ts';
import type { BudgetAlertService } from './budget-alert.service.ts';
import {
  alertJson,
  allocationJson,
  budgetJson,
  forecastJson,
  reportCsv,
  reportJson,
  savedJson,
  standingJson,
} from './budget-json.ts';
import type { BudgetOutlookService } from './budget-outlook.service.ts';

interface BudgetServices {
  readonly budgets: BudgetService;
  readonly outlook: BudgetOutlookService;
  readonly alerts: BudgetAlertService;
}

/** What is the same of an organization's budgets and the platform's: only who may do it differs. */
function budgetActs(
  endpoints: Pick<
    typeof budgetEndpoints | typeof adminBudgetEndpoints,
    'create' | 'get' | 'update' | 'remove' | 'forecast'
  >,
  { budgets, outlook }: Pick<BudgetServices, 'budgets' | 'outlook'>,
): Route[] {
  const { create, get, update, remove, forecast } = endpoints;
  return [
    implement(create, async ({ caller, body }) => {
      const saved = await budgets.create(caller, body);
      return reply.tagged({ data: savedJson(saved) }, entityTag(saved.budget.version));
    }),
    implement(get, async ({ caller, params }) => {
      const budget = await budgets.get(caller, params.id);
      return reply.tagged({ data: budgetJson(budget) }, entityTag(budget.version));
    }),
    implement(update, async ({ caller, params, body, ifMatch }) => {
      const saved = await budgets.update(caller, params.id, { change: body, ifMatch });
      return reply.tagged({ data: savedJson(saved) }, entityTag(saved.budget.version));
    }),
    implement(remove, async ({ caller, params }) => {
      await budgets.remove(caller, params.id);
      return undefined;
    }),
    implement(forecast, async ({ caller, params }) => {
      const answer = await outlook.forecast(caller, params.id);
      return { data: forecastJson(answer.budget, answer.forecast) };
    }),
  ];
}

/** Those of organizations. */
export function budgetRoutes({ budgets, outlook, alerts }: BudgetServices): Route[] {
  const { list, status, create, get, update, remove, forecast, report, alert } = budgetEndpoints;
  return [
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await budgets.list(caller, query);
      return { data: items.map(budgetJson), next_cursor: nextCursor };
    }),
    implement(status, async ({ caller, query }) => {
      const { items, nextCursor, allocations } = await outlook.status(caller, query);
      return {
        data: items.map(standingJson),
        next_cursor: nextCursor,
        allocation: allocations.map(allocationJson),
      };
    }),
    ...budgetActs({ create, get, update, remove, forecast }, { budgets, outlook }),
    implement(report, async ({ caller, params, query }) => {
      const found = await outlook.report(caller, params.id, query.at);
      if (query.format === 'json') return { data: reportJson(found) };
      const day = new Date(found.window.startMs).toISOString().slice(0, 10);
      return reply.csv(`budget-${day}.csv`, reportCsv(found));
    }),
    implement(alert, async ({ caller, body }) => {
      const { budget_id: budgetId, test } = body;
      if (!test) return { data: alertJson(await alerts.evaluate(caller, budgetId), false) };
      if (budgetId === undefined) throw invalidField('budget_id', 'is required to test an alert');
      return { data: alertJson(await alerts.test(caller, budgetId), true) };
    }),
  ];
}

/** Those of the platform. */
export function adminBudgetRoutes({ budgets, outlook }: Pick<BudgetServices, 'budgets' | 'outlook'>): Route[] {
  const { list, status, create, get, update, remove, forecast } = adminBudgetEndpoints;
  return [
    implement(list, async ({ caller, query }) => {
      const { items, nextCursor } = await budgets.list(caller, query);
      return { data: items.map(budgetJson), next_cursor: nextCursor };
    }),
    implement(status, async ({ caller, query }) => {
      const { items, nextCursor } = await outlook.status(caller, query);
      return { data: items.map(standingJson), next_cursor: nextCursor };
    }),
    ...budgetActs({ create, get, update, remove, forecast }, { budgets, outlook }),
  ];
}
