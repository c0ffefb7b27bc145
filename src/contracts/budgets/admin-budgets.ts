// Owns: the endpoints of the platform's budgets, over all organizations or for a feature everywhere. Not: an organization's own (budgets.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { PLATFORM_ACTS } from '../platform/platform-roles.ts';
import {
  budgetById,
  budgetChangeSchema,
  budgetFilters,
  budgetForecastSchema,
  budgetSchema,
  budgetStatusSchema,
  newBudgetSchema,
  savedBudgetSchema,
} from './budget-schemas.ts';

const tag = 'Platform budgets';
const read = { tag, role: PLATFORM_ACTS['budgets.read'] } as const;
const write = { tag, role: PLATFORM_ACTS['budgets.write'], impersonation: 'refused' } as const;

export const adminBudgetEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listAdminBudgets',
    method: 'GET',
    path: '/api/admin/budgets',
    summary: "The platform's budgets, the newest first",
    query: z.strictObject({ ...budgetFilters, ...pageParameters }),
    output: pageOf(budgetSchema),
  }),
  status: defineEndpoint({
    ...read,
    operationId: 'listAdminBudgetStatus',
    method: 'GET',
    path: '/api/admin/budgets/status',
    summary: "The platform's active budgets as they stand, with their forecast",
    query: z.strictObject({ ...budgetFilters, ...pageParameters }).omit({ active: true }),
    output: pageOf(budgetStatusSchema),
  }),
  create: defineEndpoint({
    ...write,
    operationId: 'createAdminBudget',
    method: 'POST',
    path: '/api/admin/budgets',
    summary: 'Make a budget of scope `platform`, or of a feature everywhere',
    body: newBudgetSchema,
    status: 201,
    output: single(savedBudgetSchema),
    errors: ['conflict'],
  }),
  get: defineEndpoint({
    ...read,
    operationId: 'getAdminBudget',
    method: 'GET',
    path: '/api/admin/budgets/{id}',
    summary: "One of the platform's budgets",
    params: budgetById,
    output: single(budgetSchema),
  }),
  update: defineEndpoint({
    ...write,
    operationId: 'updateAdminBudget',
    method: 'PUT',
    path: '/api/admin/budgets/{id}',
    summary: "Change one of the platform's budgets; what is left out stays",
    description: 'Takes `If-Match`.',
    params: budgetById,
    body: budgetChangeSchema,
    output: single(savedBudgetSchema),
    errors: ['conflict', 'stale'],
  }),
  remove: defineEndpoint({
    ...write,
    operationId: 'deleteAdminBudget',
    method: 'DELETE',
    path: '/api/admin/budgets/{id}',
    summary: "Delete one of the platform's budgets",
    params: budgetById,
  }),
  forecast: defineEndpoint({
    ...read,
    operationId: 'getAdminBudgetForecast',
    method: 'GET',
    path: '/api/admin/budgets/{id}/forecast',
    summary: "Where one of the platform's budgets will be at the end of its window",
    params: budgetById,
    output: single(budgetForecastSchema),
  }),
} as const;
