// Owns: the face of the budgets domain: what the server and jobs may use. Not: anything behind it.

export { type Budgets, createBudgets } from './create-budgets.ts';
