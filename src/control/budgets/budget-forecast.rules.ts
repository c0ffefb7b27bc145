// Owns: the forecast of one budget, as people are shown it, from its window, its figures and its days. Pure. Not: the model (forecast.rules.ts) or its test against
// the past (back-test.rules.ts).

import { type BackTest, CONFIDENCE, calibrate } from './back-test.rules.ts';
import { expectedSpend, type ForecastMethod, findBreach, fitSpend, PATTERN_DAYS_MIN } from './forecast.rules.ts';

/** Days of history that are looked at. */
export const HISTORY_DAYS_MAX = 120;
const DAY_MS = 86_400_000;
const NANO = 1e9;

/** What a forecast is made of. Amounts in nano-USD. */
export interface ForecastQuestion {
  readonly spentNanoUsd: bigint;
  readonly limitNanoUsd: bigint;
  readonly windowStartMs: number;
  readonly resetsAtMs: number;
  readonly nowMs: number;
  /** Nano-USD by the start of its UTC day (milliseconds since the epoch); days without use are left out, today's counts for nothing. */
  readonly days: ReadonlyMap<number, bigint>;
}

/** Where a budget will be at the end of its window. Amounts in nano-USD. */
export interface BudgetForecast {
  readonly projectedNanoUsd: bigint;
  readonly lowNanoUsd: bigint;
  readonly highNanoUsd: bigint;
  readonly confidence: number;
  /** When the projection passes the limit; null: not in this window, or it is passed already. */
  readonly projectedBreachAtMs: number | null;
  readonly method: ForecastMethod;
  /** Whole days since the first use that is known, at most `HISTORY_DAYS_MAX`. */
  readonly historyDays: number;
  readonly error: BackTest | null;
}

/** The forecast. What was spent is never taken back: `low` and `projected` are at least that. */
export function forecastBudget(question: ForecastQuestion): BudgetForecast {
  const { spentNanoUsd, limitNanoUsd, nowMs, resetsAtMs } = question;
  const history = historyOf(question);
  const model = history.days.length > 0 ? fitSpend(history) : runRateOf(question);
  const expected = expectedSpend(model, nowMs, resetsAtMs);
  const { backTest, intervalAround } = calibrate(history, (resetsAtMs - nowMs) / DAY_MS);
  const { low, high } = history.days.length > 0 ? intervalAround(expected) : { low: -expected, high: expected };
  const room = Number(limitNanoUsd - spentNanoUsd) / NANO;
  return {
    projectedNanoUsd: spentNanoUsd + toNano(expected),
    lowNanoUsd: spentNanoUsd + toNano(Math.max(0, expected + low)),
    highNanoUsd: spentNanoUsd + toNano(expected + high),
    confidence: CONFIDENCE,
    projectedBreachAtMs: room <= 0 ? null : findBreach(model, { fromMs: nowMs, untilMs: resetsAtMs, room }),
    method: model.method,
    historyDays: history.days.length,
    error: backTest,
  };
}

/** Whether a projected breach is worth telling people: the method has a past to judge it by, and what was expected of it held roughly. */
export function isBreachLikely({ projectedBreachAtMs, historyDays, error }: BudgetForecast): boolean {
  return projectedBreachAtMs !== null && historyDays >= PATTERN_DAYS_MIN && error !== null;
}

/** Whole days from the first with use until yesterday; days without use among them are days of 0. */
function historyOf({ days, nowMs }: ForecastQuestion): { startMs: number; days: number[] } {
  const todayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const oldestMs = todayMs - HISTORY_DAYS_MAX * DAY_MS;
  let startMs = todayMs;
  for (const [dayMs, spent] of days) if (spent > 0n && dayMs >= oldestMs && dayMs < startMs) startMs = dayMs;
  const spent = (index: number): number => Math.max(0, Number(days.get(startMs + index * DAY_MS) ?? 0n)) / NANO;
  return { startMs, days: Array.from({ length: (todayMs - startMs) / DAY_MS }, (_, index) => spent(index)) };
}

/** On the first day there is only the day itself: what it cost so far goes on. */
function runRateOf({ spentNanoUsd, windowStartMs, nowMs }: ForecastQuestion) {
  const elapsedMs = Math.min(nowMs - windowStartMs, nowMs - Math.floor(nowMs / DAY_MS) * DAY_MS);
  const perDay = elapsedMs > 0 ? ((Number(spentNanoUsd) / NANO) * DAY_MS) / Math.max(elapsedMs, DAY_MS / 24) : 0;
  return { method: perDay > 0 ? ('run_rate' as const) : ('none' as const), dayAt: () => perDay };
}

function toNano(usd: number): bigint {
  return BigInt(Math.round(usd * NANO));
}
