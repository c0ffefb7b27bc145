// Owns: what became of budgets and what will: standing, forecast, report. Not: the acts on them (budget.service.ts) or telling of them (budget-alert.service.ts).

import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { REPORT_TOP_MAX, REPORT_WINDOWS } from '../../contracts/budgets/budget-schemas.ts';
import type { Caller } from '../../contracts/caller.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPrincipal } from '../../database/principal.ts';
import { PERIOD_WINDOWS } from '../../ledger/core/meter-keys.ts';
import { type Window, windowAt } from '../../ledger/core/window.ts';
import type { Clock } from '../../primitives/clock.ts';
import { type Budget, type BudgetFilter, listAmounts, listBudgets } from './budget.queries.ts';
import { getBudget } from './budget.service.ts';
import { type LastAlert, listLastAlerts } from './budget-alert.queries.ts';
import { type Allocation, listAllocations } from './budget-allocation.queries.ts';
import { type BudgetFigures, withFigures, withFiguresOf } from './budget-figures.ts';
import { type BudgetForecast, forecastBudget, HISTORY_DAYS_MAX } from './budget-forecast.rules.ts';
import { findSpendTops, listSpendByDay, type SpendTops } from './budget-spend.queries.ts';

/** A budget as it stands. */
export interface BudgetStanding extends BudgetFigures {
  readonly forecast: BudgetForecast;
  readonly lastAlert: LastAlert | null;
}

/** One window of a report. Amounts in nano-USD. */
export interface ReportWindow extends Window {
  /** Null: the budget was not there yet. */
  readonly amountNanoUsd: bigint | null;
  readonly spentNanoUsd: bigint;
}

/** What became of a budget. */
export interface BudgetReport {
  readonly budget: Budget;
  /** The one that `tops` are of. */
  readonly window: ReportWindow;
  /** The newest first; the last is `REPORT_WINDOWS - 1` before it. */
  readonly windows: readonly ReportWindow[];
  readonly tops: SpendTops;
}

/** The questions. Another's budget and a missing one are the same 404. */
export interface BudgetOutlookService {
  /** Active budgets, the newest first, in a number of queries that does not grow with them. */
  status(
    caller: Caller,
    page: BudgetFilter & PageRequest,
  ): Promise<Page<BudgetStanding> & { readonly allocations: readonly Allocation[] }>;
  forecast(caller: Caller, id: string): Promise<{ readonly budget: BudgetFigures; readonly forecast: BudgetForecast }>;
  /** Up to the window that the day `at` (ISO) is in; left out: the running one. */
  report(caller: Caller, id: string, at: string | undefined): Promise<BudgetReport>;
}

const DAY_MS = 86_400_000;
const place = z.tuple([z.uuid()]);

/** Over the given database. */
export function createBudgetOutlookService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): BudgetOutlookService {
  const { database, clock } = options;
  return {
    status: (caller, { limit, cursor, ...filter }) =>
      withPrincipal(database, caller, async (tx) => {
        const nowMs = clock.nowMs();
        const after = cursor === undefined ? null : decodeCursor(cursor, place)[0];
        const question = { ...filter, active: true, limit: limit + 1, after, at: new Date(nowMs) };
        const { items, nextCursor } = toPage(await listBudgets(tx, caller, question), limit, ({ id }) => [id]);
        const budgets = await withFigures(tx, items, nowMs);
        const forecasts = await forecastAll(tx, budgets, nowMs);
        const alerts = await listLastAlerts(tx, budgets);
        const { organizationId } = caller;
        const allocations = organizationId === null ? [] : await listAllocations(tx, organizationId);
        const standings = budgets.flatMap((budget) => {
          const forecast = forecasts.get(budget.id);
          return forecast === undefined ? [] : [{ ...budget, forecast, lastAlert: alerts.get(budget.id) ?? null }];
        });
        return { items: standings, nextCursor, allocations };
      }),

    forecast: (caller, id) =>
      withPrincipal(database, caller, async (tx) => {
        const nowMs = clock.nowMs();
        const budget = await withFiguresOf(tx, await getBudget(tx, caller, { id, at: new Date(nowMs) }), nowMs);
        const forecast = (await forecastAll(tx, [budget], nowMs)).get(id);
        if (forecast === undefined) throw new Error('one budget has one forecast');
        return { budget, forecast };
      }),

    report: (caller, id, at) =>
      withPrincipal(database, caller, async (tx) => {
        const nowMs = clock.nowMs();
        const budget = await getBudget(tx, caller, { id, at: new Date(nowMs) });
        const spans = windowsUntil(budget, at === undefined ? nowMs : Math.min(nowMs, Date.parse(at)));
        const [window, oldest] = [spans[0], spans.at(-1)];
        if (window === undefined || oldest === undefined) throw new Error('a report has a window');
        const span = (first: Window, last: Window) => ({ from: new Date(first.startMs), until: new Date(last.endMs) });
        const days = (await listSpendByDay(tx, [budget], span(oldest, window))).get(id) ?? new Map<number, bigint>();
        const amounts = await listAmounts(tx, id);
        const windows = spans.map((each): ReportWindow => {
          const spentNanoUsd = sumBetween(days, each);
          return { ...each, spentNanoUsd, amountNanoUsd: amountIn(amounts, each) };
        });
        const tops = await findSpendTops(tx, budget, { span: span(window, window), limit: REPORT_TOP_MAX });
        return { budget, window: windows[0] ?? { ...window, spentNanoUsd: 0n, amountNanoUsd: null }, windows, tops };
      }),
  };
}

/** The forecasts of many budgets, by id, from one query over the usage of all. */
export async function forecastAll(
  tx: DatabaseTransaction,
  budgets: readonly BudgetFigures[],
  nowMs: number,
): Promise<Map<string, BudgetForecast>> {
  const span = { from: new Date(nowMs - HISTORY_DAYS_MAX * DAY_MS), until: new Date(nowMs) };
  const spent = await listSpendByDay(tx, budgets, span);
  const forecasts = new Map<string, BudgetForecast>();
  for (const budget of budgets) {
    const { spentNanoUsd, limitNanoUsd, windowStart, resetsAt } = budget;
    const days = spent.get(budget.id) ?? new Map<number, bigint>();
    const times = { nowMs, windowStartMs: windowStart.getTime(), resetsAtMs: resetsAt.getTime() };
    forecasts.set(budget.id, forecastBudget({ ...times, spentNanoUsd, limitNanoUsd, days }));
    // A forecast is a millisecond or two of arithmetic in the process that answers calls: calls go in between.
    await setImmediate();
  }
  return forecasts;
}

function windowsUntil({ period }: Budget, atMs: number): Window[] {
  const rule = { kind: PERIOD_WINDOWS[period] };
  const windows = [windowAt(rule, atMs)];
  while (windows.length < REPORT_WINDOWS) windows.push(windowAt(rule, (windows.at(-1)?.startMs ?? 0) - 1));
  return windows;
}

function sumBetween(days: ReadonlyMap<number, bigint>, { startMs, endMs }: Window): bigint {
  let sum = 0n;
  for (const [dayMs, spent] of days) if (dayMs >= startMs && dayMs < endMs) sum += spent;
  return sum;
}

/** The amount in force at the end of a window; null before the first. */
function amountIn(
  amounts: readonly { readonly since: Date; readonly amountNanoUsd: bigint }[],
  { endMs }: Window,
): bigint | null {
  return amounts.filter(({ since }) => since.getTime() < endMs).at(-1)?.amountNanoUsd ?? null;
}
