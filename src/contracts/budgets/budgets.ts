// Owns: the endpoints of an organization's budgets. Not: the platform's (admin-budgets.ts), the one a key is made with (identity/virtual-keys.ts), or their shapes
// (budget-schemas.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { pageOf, pageParameters } from '../paging.ts';
import {
  alertBody,
  alertOutcomeSchema,
  budgetAllocationSchema,
  budgetById,
  budgetChangeSchema,
  budgetFilters,
  budgetForecastSchema,
  budgetReportSchema,
  budgetSchema,
  budgetStatusSchema,
  newBudgetSchema,
  reportQuery,
  savedBudgetSchema,
} from './budget-schemas.ts';

const shared = { tag: 'Budgets', role: 'admin', permission: 'budgets.manage' } as const;

export const budgetEndpoints = {
  list: defineEndpoint({
    ...shared,
    operationId: 'listBudgets',
    method: 'GET',
    path: '/api/budgets',
    summary: "The organization's budgets, the newest first",
    query: z.strictObject({ ...budgetFilters, ...pageParameters }),
    output: pageOf(budgetSchema),
  }),
  status: defineEndpoint({
    ...shared,
    operationId: 'listBudgetStatus',
    method: 'GET',
    path: '/api/budgets/status',
    summary: 'Active budgets as they stand, with their forecast, and what departments are given of the whole',
    query: z.strictObject({ ...budgetFilters, ...pageParameters }).omit({ active: true }),
    output: pageOf(budgetStatusSchema).extend({ allocation: z.array(budgetAllocationSchema) }),
  }),
  create: defineEndpoint({
    ...shared,
    operationId: 'createBudget',
    method: 'POST',
    path: '/api/budgets',
    summary: 'Make a budget; what its scope spent in the running window counts from the start',
    description:
      "Departments' budgets of a period may together not pass the organization's own budget of that period where it is hard: 400 names the amount.",
    body: newBudgetSchema,
    status: 201,
    output: single(savedBudgetSchema),
    errors: ['conflict'],
  }),
  get: defineEndpoint({
    ...shared,
    operationId: 'getBudget',
    method: 'GET',
    path: '/api/budgets/{id}',
    summary: 'One budget',
    params: budgetById,
    output: single(budgetSchema),
  }),
  update: defineEndpoint({
    ...shared,
    operationId: 'updateBudget',
    method: 'PUT',
    path: '/api/budgets/{id}',
    summary: 'Change a budget; what is left out stays, and what was spent stays counted',
    description: 'In force at the next call; calls under way end as they began. Takes `If-Match`.',
    params: budgetById,
    body: budgetChangeSchema,
    output: single(savedBudgetSchema),
    errors: ['conflict', 'stale'],
  }),
  remove: defineEndpoint({
    ...shared,
    operationId: 'deleteBudget',
    method: 'DELETE',
    path: '/api/budgets/{id}',
    summary: 'Delete a budget: its limit ends at once',
    params: budgetById,
  }),
  forecast: defineEndpoint({
    ...shared,
    operationId: 'getBudgetForecast',
    method: 'GET',
    path: '/api/budgets/{id}/forecast',
    summary: 'Where a budget will be at the end of its window, and how well such forecasts did',
    params: budgetById,
    output: single(budgetForecastSchema),
  }),
  report: defineEndpoint({
    ...shared,
    operationId: 'getBudgetReport',
    method: 'GET',
    path: '/api/budgets/{id}/report',
    summary: 'What became of a budget window by window, and what one window went to; `format=csv` for a file',
    params: budgetById,
    query: reportQuery,
    produces: 'text/csv',
    output: single(budgetReportSchema),
  }),
  alert: defineEndpoint({
    ...shared,
    operationId: 'checkBudgetAlerts',
    method: 'POST',
    path: '/api/budgets/alert',
    summary: 'Look at the budgets now and tell of what they have reached, or test an alert',
    body: alertBody,
    output: single(alertOutcomeSchema),
  }),
} as const;
