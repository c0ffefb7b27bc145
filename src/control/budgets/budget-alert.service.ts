// Owns: telling of budgets: thresholds that are reached and breaches that are projected, once a window each. Not: who is notified and how (notifications react to the
// events), or when this is looked at (jobs).

import type { Caller } from '../../contracts/caller.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { type Budget, type BudgetWindow, listActiveBudgets } from './budget.queries.ts';
import { getBudget } from './budget.service.ts';
import {
  type AlertFilter,
  type BudgetNews,
  endAlerts,
  endProjection,
  insertAlert,
  listReached,
  takeTurn,
} from './budget-alert.queries.ts';
import { type BudgetFigures, withFigures, withFiguresOf } from './budget-figures.ts';
import { isBreachLikely } from './budget-forecast.rules.ts';
import { forecastAll } from './budget-outlook.service.ts';

/** What a check of all budgets did. */
export interface BudgetCheck {
  readonly evaluated: number;
  readonly fired: number;
  readonly resolved: number;
}

/** What somebody who asked is told. */
export interface AlertOutcome {
  readonly evaluated: number;
  readonly fired: readonly BudgetNews[];
}

/** The telling. Each piece of news is an alert and a product event in one transaction; repeated, and on many replicas at once, it is told once. */
export interface BudgetAlertService {
  /** Thresholds alone, up to `limit`: for every few seconds, in place of a look at each settled call. Gives how many were told; 0 while another replica does it. */
  checkThresholds(limit: number): Promise<number>;
  /** Thresholds, what is over, and forecasts of every active budget, in pages of `pageSize`. */
  checkBudgets(pageSize: number): Promise<BudgetCheck>;
  /** All of the caller's budgets, or one, now. 404 for one that is not there. */
  evaluate(caller: Caller, budgetId: string | undefined): Promise<AlertOutcome>;
  /** Sends what a budget's lowest threshold would send, marked as a test. */
  test(caller: Caller, budgetId: string): Promise<AlertOutcome>;
}

/** A page of budgets whose forecasts were looked at, and how many breaches were told. */
interface ProjectionTurn {
  readonly budgets: readonly BudgetFigures[];
  readonly told: number;
}

/** Alerts of one organization in one evaluation on request. */
const EVALUATION_MAX = 500;

/** Over the given database. */
export function createBudgetAlertService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
}): BudgetAlertService {
  const { database, audit, events, clock, random } = options;
  const now = (): Date => new Date(clock.nowMs());

  const tell = async (tx: DatabaseTransaction, found: readonly BudgetNews[]): Promise<BudgetNews[]> => {
    const told: BudgetNews[] = [];
    for (const news of found) {
      const id = createUuidV7(clock.nowMs(), random);
      if (!(await insertAlert(tx, { id, news, at: now() }))) continue;
      await events.record(tx, { userId: null, organizationId: news.organizationId }, eventOf(news));
      told.push(news);
    }
    return told;
  };
  const tellReached = async (tx: DatabaseTransaction, filter: AlertFilter, limit: number): Promise<BudgetNews[]> =>
    tell(tx, await listReached(tx, { ...filter, at: now(), limit }));

  /** Tells of breaches that are likely, and ends alerts of those that are not any more. */
  const tellProjected = async (tx: DatabaseTransaction, budgets: readonly BudgetFigures[]): Promise<BudgetNews[]> => {
    const forecasts = await forecastAll(tx, budgets, clock.nowMs());
    const found: BudgetNews[] = [];
    for (const budget of budgets) {
      const forecast = forecasts.get(budget.id);
      if (forecast === undefined) continue;
      if (isBreachLikely(forecast)) found.push(newsOf(budget, forecast.projectedNanoUsd));
      else if (budget.spentNanoUsd < budget.limitNanoUsd) await endProjection(tx, { budgetId: budget.id, at: now() });
    }
    return tell(tx, found);
  };
  const page = async (
    tx: DatabaseTransaction,
    filter: AlertFilter,
    place: { readonly after: string | null; readonly limit: number },
  ): Promise<BudgetFigures[]> =>
    withFigures(tx, await listActiveBudgets(tx, { ...filter, ...place, at: now() }), clock.nowMs());

  return {
    checkThresholds: (limit) =>
      withPlatform(database, 'tell of budgets that reached a threshold', async (tx) =>
        (await takeTurn(tx)) ? (await tellReached(tx, {}, limit)).length : 0,
      ),

    async checkBudgets(pageSize) {
      const reason = 'check budgets';
      let [evaluated, fired, resolved] = [0, 0, 0];
      for (let count = pageSize; count === pageSize; fired += count)
        count = await withPlatform(database, reason, async (tx) => (await tellReached(tx, {}, pageSize)).length);
      for (let count = pageSize; count === pageSize; resolved += count)
        count = await withPlatform(database, reason, (tx) => endAlerts(tx, { at: now(), limit: pageSize }));
      for (let after: string | null = null, isMore = true; isMore; ) {
        const turn = await withPlatform<ProjectionTurn>(database, reason, async (tx) => {
          const found = await page(tx, {}, { after, limit: pageSize });
          return { budgets: found, told: (await tellProjected(tx, found)).length };
        });
        const { budgets } = turn;
        fired += turn.told;
        evaluated += budgets.length;
        after = budgets.at(-1)?.id ?? null;
        isMore = budgets.length === pageSize;
      }
      return { evaluated, fired, resolved };
    },

    async evaluate(caller, budgetId) {
      const { organizationId } = caller;
      if (budgetId !== undefined)
        await withPrincipal(database, caller, (tx) => getBudget(tx, caller, { id: budgetId, at: now() }));
      return withPlatform(database, 'check budgets on request', async (tx) => {
        const filter = { organizationId, budgetId };
        const budgets = await page(tx, filter, { after: null, limit: EVALUATION_MAX });
        const reached = await tellReached(tx, filter, EVALUATION_MAX);
        await endAlerts(tx, { ...filter, at: now(), limit: EVALUATION_MAX });
        const fired = [...reached, ...(await tellProjected(tx, budgets))];
        await audit.record(tx, caller, {
          ...{ action: 'budget.check_alerts', targetType: 'budget', targetId: budgetId ?? null },
          after: { evaluated: budgets.length, fired: fired.length },
        });
        return { evaluated: budgets.length, fired };
      });
    },

    test: (caller, budgetId) =>
      withPrincipal(database, caller, async (tx) => {
        const budget = await getBudget(tx, caller, { id: budgetId, at: now() });
        const figures = await withFiguresOf(tx, budget, clock.nowMs());
        const threshold = budget.alertThresholds[0] ?? 1;
        const news: BudgetNews = { ...newsOf(figures, figures.spentNanoUsd), rule: 'budget_threshold', threshold };
        const { userId, organizationId } = caller;
        await events.record(tx, { userId, organizationId }, thresholdEvent(news, true));
        await audit.record(tx, caller, { action: 'budget.test_alert', targetType: 'budget', targetId: budgetId });
        return { evaluated: 1, fired: [news] };
      }),
  };
}

function newsOf(budget: Budget & BudgetWindow & BudgetFigures, valueNanoUsd: bigint): BudgetNews {
  const { id, organizationId, name, scope, period, referenceId, windowStart, amountNanoUsd, limitNanoUsd } = budget;
  return {
    ...{ rule: 'budget_projected_breach', budgetId: id, organizationId, name, scope, period, reference: referenceId },
    ...{ windowStart, threshold: 1, amountNanoUsd, limitNanoUsd, valueNanoUsd },
  };
}

const usd = (nano: bigint): number => Number(formatUsd(nano));

function eventOf(news: BudgetNews) {
  return news.rule === 'budget_threshold' ? thresholdEvent(news, false) : breachEvent(news);
}

function thresholdEvent({ budgetId, name, threshold, ...news }: BudgetNews, isTest: boolean) {
  return {
    name: 'budget_threshold_reached' as const,
    properties: {
      ...{
        budget_id: budgetId,
        name,
        threshold,
        spent_usd: usd(news.valueNanoUsd),
        amount_usd: usd(news.limitNanoUsd),
      },
      ...{ window_start: news.windowStart.toISOString(), ...(isTest ? { is_test: true } : {}) },
    },
  };
}

function breachEvent({ budgetId, name, ...news }: BudgetNews) {
  return {
    name: 'budget_breach_projected' as const,
    properties: {
      ...{ budget_id: budgetId, name, projected_usd: usd(news.valueNanoUsd), amount_usd: usd(news.limitNanoUsd) },
      window_start: news.windowStart.toISOString(),
    },
  };
}
