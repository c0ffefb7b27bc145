// Owns: budgets, their standing, forecast and report as JSON and as CSV. Not: the routes, or any figure.

import type { z } from 'zod';
import type {
  alertOutcomeSchema,
  budgetAllocationSchema,
  budgetForecastSchema,
  budgetReportSchema,
  budgetSchema,
  budgetStatusSchema,
  savedBudgetSchema,
} from '../../contracts/budgets/budget-schemas.ts';
import { formatUsd, maxAmount } from '../../primitives/amounts.ts';
import { type CsvCell, csvFile } from '../../primitives/csv.ts';
import type { Budget } from './budget.queries.ts';
import { levelOf, percentOf } from './budget.rules.ts';
import type { SavedBudget } from './budget.service.ts';
import type { AlertOutcome } from './budget-alert.service.ts';
import type { Allocation } from './budget-allocation.queries.ts';
import type { BudgetFigures } from './budget-figures.ts';
import type { BudgetForecast } from './budget-forecast.rules.ts';
import type { BudgetReport, BudgetStanding, ReportWindow } from './budget-outlook.service.ts';
import type { SpendShare } from './budget-spend.queries.ts';

/** A budget. */
export function budgetJson(budget: Budget): z.input<typeof budgetSchema> {
  const { id, name, scope, referenceId, referenceName, period, enforcement, rollover } = budget;
  return {
    ...{ id, name, scope, period, enforcement, rollover },
    reference: referenceId === null ? null : { id: referenceId, name: referenceName ?? referenceId },
    amount_usd: formatUsd(budget.amountNanoUsd),
    alert_thresholds: [...budget.alertThresholds],
    ...{ is_active: budget.isActive, created_by: budget.createdBy },
    ...{ created_at: budget.createdAt.toISOString(), updated_at: budget.updatedAt.toISOString() },
  };
}

/** A budget as it was saved. */
export function savedJson({ budget, warnings }: SavedBudget): z.input<typeof savedBudgetSchema> {
  return { ...budgetJson(budget), warnings: [...warnings] };
}

/** A budget as it stands. */
export function standingJson(standing: BudgetStanding): z.input<typeof budgetStatusSchema> {
  const { spentNanoUsd, heldNanoUsd, limitNanoUsd, carriedNanoUsd, lastAlert, forecast } = standing;
  const percent = percentOf(spentNanoUsd, limitNanoUsd);
  return {
    ...budgetJson(standing),
    carried_usd: formatUsd(carriedNanoUsd),
    limit_usd: formatUsd(limitNanoUsd),
    spent_usd: formatUsd(spentNanoUsd),
    held_usd: formatUsd(heldNanoUsd),
    remaining_usd: formatUsd(maxAmount(0n, limitNanoUsd - spentNanoUsd)),
    ...{ percent, level: levelOf(percent) },
    ...windowJson(standing),
    last_alert:
      lastAlert === null
        ? null
        : { rule: lastAlert.rule, threshold: lastAlert.threshold, fired_at: lastAlert.firedAt.toISOString() },
    forecast: projectionJson(forecast),
  };
}

/** A forecast. */
export function forecastJson(budget: BudgetFigures, forecast: BudgetForecast): z.input<typeof budgetForecastSchema> {
  const { error } = forecast;
  return {
    budget_id: budget.id,
    spent_usd: formatUsd(budget.spentNanoUsd),
    limit_usd: formatUsd(budget.limitNanoUsd),
    ...windowJson(budget),
    ...projectionJson(forecast),
    error:
      error === null
        ? null
        : {
            mape: error.mape && rounded(error.mape),
            coverage: error.coverage && rounded(error.coverage),
            windows: error.windows,
          },
  };
}

function windowJson({ windowStart, resetsAt }: BudgetFigures) {
  return { window_start: windowStart.toISOString(), resets_at: resetsAt.toISOString() };
}

function projectionJson(forecast: BudgetForecast) {
  const { projectedBreachAtMs, method, confidence, historyDays } = forecast;
  return {
    projected_usd: formatUsd(forecast.projectedNanoUsd),
    low_usd: formatUsd(forecast.lowNanoUsd),
    high_usd: formatUsd(forecast.highNanoUsd),
    ...{ confidence, method, history_days: historyDays },
    projected_breach_at: projectedBreachAtMs === null ? null : new Date(projectedBreachAtMs).toISOString(),
  };
}

/** What departments were given in a period. */
export function allocationJson(allocation: Allocation): z.input<typeof budgetAllocationSchema> {
  const { period, organizationNanoUsd: whole, hardNanoUsd, allocatedNanoUsd: allocated } = allocation;
  return {
    period,
    organization_usd: whole === null ? null : formatUsd(whole),
    enforcement: whole === null ? null : hardNanoUsd === null ? 'soft' : 'hard',
    allocated_usd: formatUsd(allocated),
    unallocated_usd: whole === null ? null : formatUsd(maxAmount(0n, whole - allocated)),
    is_over_allocated: whole !== null && allocated > whole,
  };
}

/** A report. */
export function reportJson({ budget, window, windows, tops }: BudgetReport): z.input<typeof budgetReportSchema> {
  const { spentNanoUsd } = window;
  const of = (shares: readonly SpendShare[]) => shares.map((share) => shareJson(share, spentNanoUsd));
  return {
    budget: budgetJson(budget),
    window_start: new Date(window.startMs).toISOString(),
    window_end: new Date(window.endMs).toISOString(),
    spent_usd: formatUsd(spentNanoUsd),
    windows: windows.map(reportWindowJson),
    top_users: of(tops.users),
    top_models: of(tops.models),
    top_features: of(tops.features),
  };
}

/** A report as a file: its windows, then what its window went to, told apart by the first column. */
export function reportCsv({ window, windows, tops }: BudgetReport): AsyncIterable<string> {
  async function* rows(): AsyncGenerator<readonly CsvCell[]> {
    for (const each of windows) {
      const { window_start, window_end, amount_usd, spent_usd, percent, breached } = reportWindowJson(each);
      yield ['window', null, null, window_start, window_end, amount_usd, spent_usd, percent, breached, null];
    }
    const span = [new Date(window.startMs), new Date(window.endMs)] as const;
    const kinds = [
      ['user', tops.users],
      ['model', tops.models],
      ['feature', tops.features],
    ] as const;
    for (const [kind, shares] of kinds)
      for (const { id, name, spentNanoUsd, requests } of shares) {
        const percent = window.spentNanoUsd > 0n ? percentOf(spentNanoUsd, window.spentNanoUsd) : 0;
        yield [kind, id, name, ...span, null, formatUsd(spentNanoUsd), percent, null, requests];
      }
  }
  return csvFile(
    ['kind', 'id', 'name', 'from', 'to', 'amount_usd', 'spent_usd', 'percent', 'breached', 'requests'],
    rows(),
  );
}

function reportWindowJson({ startMs, endMs, amountNanoUsd, spentNanoUsd }: ReportWindow) {
  return {
    window_start: new Date(startMs).toISOString(),
    window_end: new Date(endMs).toISOString(),
    amount_usd: amountNanoUsd === null ? null : formatUsd(amountNanoUsd),
    spent_usd: formatUsd(spentNanoUsd),
    percent: amountNanoUsd === null ? null : percentOf(spentNanoUsd, amountNanoUsd),
    breached: amountNanoUsd === null ? null : spentNanoUsd > amountNanoUsd,
  };
}

function shareJson({ id, name, spentNanoUsd, requests }: SpendShare, whole: bigint) {
  const share = whole > 0n ? rounded(Math.max(0, percentOf(spentNanoUsd, whole) / 100)) : 0;
  return { id, name, spent_usd: formatUsd(spentNanoUsd), requests, share };
}

/** What a look at budgets found. */
export function alertJson({ evaluated, fired }: AlertOutcome, isTest: boolean): z.input<typeof alertOutcomeSchema> {
  return {
    evaluated,
    is_test: isTest,
    fired: fired.map(({ budgetId, name, rule, threshold, valueNanoUsd, limitNanoUsd }) => ({
      ...{ budget_id: budgetId, name, rule, threshold },
      ...{ spent_usd: formatUsd(valueNanoUsd), amount_usd: formatUsd(limitNanoUsd) },
    })),
  };
}

const rounded = (share: number): number => Math.round(share * 1e4) / 1e4;
