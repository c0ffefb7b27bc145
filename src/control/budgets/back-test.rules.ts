// Owns: how wrong forecasts would have been at times past (rolling origin), and the interval that follows from it. Pure. Not: the forecast itself.

import { expectedSpend, fitSpend, PATTERN_DAYS_MIN, type SpendHistory } from './forecast.rules.ts';

/** The share of outcomes that the interval is meant to hold. */
export const CONFIDENCE = 0.8;
/** Times past that are asked, at most: their forecasts cost a fit each. */
const ORIGINS_MAX = 30;
/** Outcomes before an interval is learnt from them rather than assumed. */
const ERRORS_MIN = 8;
/** A forecast below this share of what such stretches cost on average is no scale to measure an error by. */
const SCALE_FLOOR = 0.1;
/** Errors are told apart to this: below it they are the machine's, not the method's. */
const ERROR_STEP = 1e-9;
const DAY_MS = 86_400_000;

/** How the method did on this history. */
export interface BackTest {
  /** Mean of |outcome − forecast| / outcome, over stretches as long as the one that is left now. Null: nothing was spent in any. */
  readonly mape: number | null;
  /** Share of outcomes that lay within the interval which the outcomes known by then would have given. Null: too few to say. */
  readonly coverage: number | null;
  /** Stretches that were compared. */
  readonly windows: number;
}

/** The interval around an expectation, as what is added to it: US dollars, `low` at most 0, `high` at least 0. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** What the back-test gives: how far off the method is, and the interval around `expected` for the stretch ahead. */
export interface Calibration {
  /** Null with too little history to have asked the past. */
  readonly backTest: BackTest | null;
  intervalAround(expected: number): Interval;
}

interface Outcome {
  readonly endIndex: number;
  readonly originIndex: number;
  readonly forecast: number;
  readonly actual: number;
  /** (actual − forecast) / scale. */
  readonly error: number;
}

/** Asks the past how forecasts of stretches of `horizonDays` (rounded up to whole days) would have done. */
export function calibrate(history: SpendHistory, horizonDays: number): Calibration {
  const horizon = Math.max(1, Math.ceil(horizonDays));
  const mean = history.days.length === 0 ? 0 : total(history.days) / history.days.length;
  const scaleOf = (expected: number): number => Math.max(expected, SCALE_FLOOR * mean * horizon);
  const outcomes = replay(history, horizon, scaleOf);
  const errors = outcomes.map(({ error }) => error);
  if (errors.length < ERRORS_MIN) return { backTest: null, intervalAround: assumedInterval(history, horizon) };
  const { low, high } = bounds(errors);
  return {
    backTest: { mape: mapeOf(outcomes), coverage: coverageOf(outcomes), windows: outcomes.length },
    intervalAround: (expected) => ({ low: low * scaleOf(expected), high: high * scaleOf(expected) }),
  };
}

function replay(history: SpendHistory, horizon: number, scaleOf: (expected: number) => number): Outcome[] {
  const { startMs, days } = history;
  const last = days.length - horizon;
  const step = Math.max(1, Math.ceil((last - PATTERN_DAYS_MIN + 1) / ORIGINS_MAX));
  const outcomes: Outcome[] = [];
  for (let origin = PATTERN_DAYS_MIN; origin <= last; origin += step) {
    const model = fitSpend({ startMs, days: days.slice(0, origin) });
    const fromMs = startMs + origin * DAY_MS;
    const forecast = expectedSpend(model, fromMs, fromMs + horizon * DAY_MS);
    const actual = total(days.slice(origin, origin + horizon));
    const scale = scaleOf(forecast);
    const error = scale === 0 ? 0 : Math.round((actual - forecast) / scale / ERROR_STEP) * ERROR_STEP;
    outcomes.push({ originIndex: origin, endIndex: origin + horizon, forecast, actual, error });
  }
  return outcomes;
}

function mapeOf(outcomes: readonly Outcome[]): number | null {
  const spent = outcomes.filter(({ actual }) => actual > 0);
  if (spent.length === 0) return null;
  return total(spent.map(({ actual, forecast }) => Math.abs(actual - forecast) / actual)) / spent.length;
}

/** Out of sample: each outcome against the interval that the outcomes which had ended at its origin give. */
function coverageOf(outcomes: readonly Outcome[]): number | null {
  let [judged, held] = [0, 0];
  for (const { originIndex, error } of outcomes) {
    const known = outcomes.filter(({ endIndex }) => endIndex <= originIndex).map((each) => each.error);
    if (known.length < ERRORS_MIN) continue;
    const { low, high } = bounds(known);
    judged += 1;
    if (error >= low && error <= high) held += 1;
  }
  return judged === 0 ? null : held / judged;
}

/** The outer errors of the middle `CONFIDENCE`, by ranks of n + 1 (split conformal prediction, Vovk et al. 2005), with no error at least between them. */
function bounds(errors: readonly number[]): Interval {
  const sorted = [...errors].sort((a, b) => a - b);
  const tail = ((1 - CONFIDENCE) / 2) * (sorted.length + 1);
  const low = sorted[Math.max(0, Math.floor(tail) - 1)] ?? 0;
  const high = sorted[Math.min(sorted.length - 1, sorted.length - Math.floor(tail))] ?? 0;
  return { low: Math.min(0, low), high: Math.max(0, high) };
}

/** Without a past to ask: days vary by themselves as they did, but at least as much as their mean. 1.2816 is the normal quantile of 0.9. */
function assumedInterval({ days }: SpendHistory, horizon: number): (expected: number) => Interval {
  const mean = days.length === 0 ? 0 : total(days) / days.length;
  const variance = days.length < 2 ? 0 : total(days.map((day) => (day - mean) ** 2)) / (days.length - 1);
  const reach = 1.2816 * Math.max(Math.sqrt(variance), days.length < PATTERN_DAYS_MIN ? mean : 0) * Math.sqrt(horizon);
  return () => ({ low: -reach, high: reach });
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
