// Owns: what a budget, its forecast and its report look like, for organizations and the platform alike. Not: the endpoints (budgets.ts, admin-budgets.ts).

import { z } from 'zod';
import { budgetEnforcements, budgetPeriods, budgetScopes } from '../enumerations.ts';
import { day } from '../instant.ts';
import { queryFlag } from '../paging.ts';

/** Thresholds of one budget at most. */
const THRESHOLDS_MAX = 10;
/** Rows of each list of a report at most. */
export const REPORT_TOP_MAX = 10;
/** Windows of a report's history, the running one included. */
export const REPORT_WINDOWS = 12;

/** How far a budget is spent: from 50, 80, 90 and 100 % of its limit. */
export const budgetLevels = z.enum(['none', 'notice', 'warning', 'high', 'exceeded']);
export type BudgetLevel = z.output<typeof budgetLevels>;

const usd = z.string().describe('US dollars, decimal, exact to nine places.');
const moment = z.iso.datetime();
const share = z.number().min(0).describe('0.25 is a quarter.');

/** The id of one. */
export const budgetById = z.strictObject({ id: z.uuid() });

/** What a budget is made of, but its scope. */
const terms = {
  name: z.string().trim().min(1).max(200),
  period: budgetPeriods,
  // What is no amount is told by the service, which names the field in either form.
  amount_usd: z
    .union([z.string().max(40), z.number()])
    .describe(
      'US dollars, more than 0, at most 999,999,999, with at most nine decimal places: a decimal text, or a number.',
    ),
  enforcement: budgetEnforcements.describe('`hard` refuses calls with 402 beyond the limit; `soft` only tells.'),
  rollover: z.boolean().describe('What a window leaves is added to the limit of the next one, once.'),
  is_active: z.boolean(),
} as const;
const threshold = z.number().gt(0).max(1).multipleOf(0.001);
const thresholds = {
  alert_thresholds: z
    .array(threshold)
    .max(THRESHOLDS_MAX)
    .optional()
    .describe('Shares of the limit; each tells once a window. Left out: 0.8.'),
  alert_threshold: threshold.optional().describe('The same with one; not together with `alert_thresholds`.'),
} as const;
const reference = z.string().trim().min(1).max(200);

/** The body that makes one. */
export const newBudgetSchema = z.strictObject({
  ...terms,
  scope: budgetScopes,
  reference: reference
    .optional()
    .describe(
      'Of the department, person (`users.id`) or key the id; of a feature the id or name. For other scopes none.',
    ),
  ...thresholds,
  enforcement: terms.enforcement.default('soft'),
  rollover: terms.rollover.default(false),
  is_active: terms.is_active.default(true),
});

/** The body that changes one. */
export const budgetChangeSchema = z.strictObject({
  name: terms.name.optional(),
  period: terms.period
    .optional()
    .describe('Another period is another count: what its window had before is taken over.'),
  amount_usd: terms.amount_usd.optional().describe('What was spent stays counted.'),
  ...thresholds,
  enforcement: terms.enforcement.optional(),
  rollover: terms.rollover.optional(),
  is_active: terms.is_active.optional(),
  scope: budgetScopes.optional().describe('As it is: a budget keeps its scope.'),
  reference: reference.nullable().optional().describe('As it is.'),
});

/** A budget. */
export const budgetSchema = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  scope: budgetScopes,
  reference: z.strictObject({ id: z.string(), name: z.string() }).nullable(),
  period: budgetPeriods,
  amount_usd: usd,
  alert_thresholds: z.array(z.number()),
  enforcement: budgetEnforcements,
  rollover: z.boolean(),
  is_active: z.boolean(),
  created_by: z.uuid().nullable(),
  created_at: moment,
  updated_at: moment,
});

/** A budget that was just made or changed, with what follows from it. */
export const savedBudgetSchema = budgetSchema.extend({
  warnings: z.array(z.strictObject({ code: z.enum(['limit_reached', 'over_allocated']), message: z.string() })),
});

const projection = {
  projected_usd: usd.describe('At the end of the window, from what the days before cost.'),
  low_usd: usd,
  high_usd: usd,
  confidence: z
    .number()
    .describe('The share of outcomes that the interval from `low_usd` to `high_usd` is meant to hold.'),
  projected_breach_at: moment
    .nullable()
    .describe('When the projection passes the limit. Null: not in this window, or it is passed already.'),
  method: z.enum(['weekday_trend', 'run_rate', 'none']),
  history_days: z.number().int(),
} as const;

/** Where a budget will be at the end of its window. */
export const budgetForecastSchema = z.strictObject({
  budget_id: z.uuid(),
  spent_usd: usd,
  limit_usd: usd,
  window_start: moment,
  resets_at: moment,
  ...projection,
  error: z
    .strictObject({
      mape: z
        .number()
        .nullable()
        .describe(
          'Mean absolute error as a share of the outcome, of forecasts made at times past for as long a stretch as is left.',
        ),
      coverage: z
        .number()
        .nullable()
        .describe('Share of outcomes within the interval that was known then. Null: too few to say.'),
      windows: z.number().int().describe('Stretches compared.'),
    })
    .nullable()
    .describe('Null: there is too little history to have tested the method on; the interval is then assumed.'),
});

/** A budget as it stands. */
export const budgetStatusSchema = budgetSchema.extend({
  carried_usd: usd.describe('What the window before left, where the budget rolls over.'),
  limit_usd: usd.describe('Of this window: the amount and what was carried.'),
  spent_usd: usd.describe('Of finished calls.'),
  held_usd: usd.describe('Set aside for calls under way, at the most they can cost. A hard limit counts it.'),
  remaining_usd: usd,
  percent: z.number().describe('Spent of the limit, to a tenth.'),
  level: budgetLevels,
  window_start: moment,
  resets_at: moment,
  last_alert: z
    .strictObject({ rule: z.string(), threshold: z.number(), fired_at: moment })
    .nullable()
    .describe('Of this window.'),
  forecast: z.strictObject(projection),
});

/** How an organization's budget of a period is shared out to departments. */
export const budgetAllocationSchema = z.strictObject({
  period: budgetPeriods,
  organization_usd: usd
    .nullable()
    .describe("The lowest of the organization's own budgets of the period; null: it has none."),
  enforcement: budgetEnforcements.nullable(),
  allocated_usd: usd.describe('All active budgets of departments.'),
  unallocated_usd: usd.nullable(),
  is_over_allocated: z.boolean(),
});

const top = z.array(
  z.strictObject({
    id: z.string().nullable(),
    name: z.string().nullable(),
    spent_usd: usd,
    requests: z.number().int(),
    share,
  }),
);

/** What `GET …/report` takes. */
export const reportQuery = z.strictObject({
  at: day.optional().describe('A day of the window; left out: the running one.'),
  format: z.enum(['json', 'csv']).default('json'),
});

/** What became of a budget, window by window, and what one window went to. */
export const budgetReportSchema = z.strictObject({
  budget: budgetSchema,
  window_start: moment,
  window_end: moment,
  spent_usd: usd,
  windows: z.array(
    z.strictObject({
      window_start: moment,
      window_end: moment,
      amount_usd: usd.nullable().describe('Null: the budget was not there yet.'),
      spent_usd: usd.describe('In its scope, whether or not the budget was there.'),
      percent: z.number().nullable(),
      breached: z.boolean().nullable(),
    }),
  ),
  top_users: top,
  top_models: top,
  top_features: top,
});

/** What `POST /api/budgets/alert` takes. */
export const alertBody = z.strictObject({
  budget_id: z.uuid().optional(),
  test: z.boolean().default(false).describe('Sends what an alert would send, marked as a test, and changes nothing.'),
});

/** What it found. */
export const alertOutcomeSchema = z.strictObject({
  evaluated: z.number().int(),
  is_test: z.boolean(),
  fired: z.array(
    z.strictObject({
      budget_id: z.uuid(),
      name: z.string(),
      rule: z.enum(['budget_threshold', 'budget_projected_breach']),
      threshold: z.number(),
      spent_usd: usd,
      amount_usd: usd,
    }),
  ),
});

/** Filters of a list. */
export const budgetFilters = {
  scope: budgetScopes.optional(),
  period: budgetPeriods.optional(),
  active: queryFlag.optional(),
} as const;
