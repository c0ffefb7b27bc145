// Owns: what a budget's scope will have spent by the end of its window, from what it spent on the days before. Pure arithmetic on US dollars. Not: how wrong such
// forecasts were (back-test.rules.ts), where the days come from, or what follows from a breach.

/** Where the forecast was made from. */
export type ForecastMethod = 'weekday_trend' | 'run_rate' | 'none';

/** Days of history from which weekdays and a trend are told apart; with fewer, every day is like the others. */
export const PATTERN_DAYS_MIN = 14;
/**
 * Half of the weight is on this many newest days. This and the two after were chosen by playing 120 noisy days with quiet weekends and a trend of up to
 * 0.6 % a day, 300 times: for 7, 14 and 28 days ahead the mean error is at most that of the last 28 days' average, without a trend and with one.
 */
const HALF_LIFE_DAYS = 28;
/** How much of yesterday's trend the next day still has (damped trend, Gardner and McKenzie 1985): no straight line goes on for a quarter. */
const TREND_DAMPING = 0.9;
/** The trend is held towards none as if this many days had shown none. */
const TREND_PRIOR_DAYS = 30;
/** Each weekday is held towards the average of all as if this many of its kind had been average. */
const WEEKDAY_PRIOR_DAYS = 1;
/** A day is taken as at most this many times the median of the days of its kind around it: one batch run is no new level. */
const SPIKE_FACTOR = 4;
/** How many days of its kind that median is of. */
const SPIKE_WEEKS = 5;
const WEEK_DAYS = 7;
const DAY_MS = 86_400_000;

/** What was spent on whole days (UTC), oldest first, without gaps. */
export interface SpendHistory {
  /** Start of the first day, in milliseconds since the epoch. */
  readonly startMs: number;
  /** US dollars, a day each. */
  readonly days: readonly number[];
}

/** What days to come are expected to cost. */
export interface SpendModel {
  readonly method: ForecastMethod;
  /** US dollars of the day that begins at `dayMs` (UTC), which is not before the end of the history. Never negative. */
  dayAt(dayMs: number): number;
}

/** Learns from the history. Without one nothing is expected. */
export function fitSpend(history: SpendHistory): SpendModel {
  const startMs = history.startMs;
  const days = withoutSpikes(history.days);
  if (days.length === 0) return { method: 'none', dayAt: () => 0 };
  const endMs = startMs + days.length * DAY_MS;
  if (days.length < PATTERN_DAYS_MIN) {
    const mean = sum(days) / days.length;
    return { method: 'run_rate', dayAt: () => mean };
  }
  const factors = weekdayFactors({ startMs, days });
  const { level, slope } = fitLine(days, (index) => factors[weekdayOf(startMs + index * DAY_MS)] ?? 1);
  return {
    method: 'weekday_trend',
    dayAt(dayMs) {
      const ahead = Math.round((dayMs - endMs) / DAY_MS) + 1;
      const damped = (TREND_DAMPING * (1 - TREND_DAMPING ** ahead)) / (1 - TREND_DAMPING);
      return Math.max(0, (level + slope * damped) * (factors[weekdayOf(dayMs)] ?? 1));
    },
  };
}

/** What is expected from `fromMs` until `untilMs`, in US dollars; a part of a day counts as that part of what it costs. */
export function expectedSpend(model: SpendModel, fromMs: number, untilMs: number): number {
  let expected = 0;
  for (let dayMs = startOfDay(fromMs); dayMs < untilMs; dayMs += DAY_MS)
    expected += model.dayAt(dayMs) * partOfDay(dayMs, fromMs, untilMs);
  return expected;
}

/** When what is expected from `fromMs` on adds up to `room` (US dollars, at least 0); null when not before `untilMs`. */
export function findBreach(
  model: SpendModel,
  { fromMs, untilMs, room }: { readonly fromMs: number; readonly untilMs: number; readonly room: number },
): number | null {
  let left = room;
  for (let dayMs = startOfDay(fromMs); dayMs < untilMs; dayMs += DAY_MS) {
    const perDay = model.dayAt(dayMs);
    const expected = perDay * partOfDay(dayMs, fromMs, untilMs);
    if (expected > 0 && expected >= left) return Math.min(untilMs, Math.max(dayMs, fromMs) + (left / perDay) * DAY_MS);
    left -= expected;
  }
  return null;
}

/** The days with single ones that stand out cut down. Where days of a kind mostly cost nothing, what one costs is all there is to go by. */
function withoutSpikes(days: readonly number[]): readonly number[] {
  if (days.length < PATTERN_DAYS_MIN) return days;
  return days.map((spent, index) => {
    const last = days.length - 1 - ((days.length - 1 - index) % WEEK_DAYS);
    const reach = WEEK_DAYS * (SPIKE_WEEKS - 1);
    const from = Math.max(index % WEEK_DAYS, Math.min(index - reach / 2, last - reach));
    const until = Math.min(last, from + reach);
    // Whether the median is that low takes no sorting, and mostly it is not.
    let low = 0;
    for (let at = from; at <= until; at += WEEK_DAYS) if ((days[at] ?? 0) * SPIKE_FACTOR < spent) low += 1;
    const middle = Math.floor((until - from) / WEEK_DAYS / 2);
    if (low <= middle) return spent;
    const alike: number[] = [];
    for (let at = from; at <= until; at += WEEK_DAYS) alike.push(days[at] ?? 0);
    const median = alike.sort((x, y) => x - y)[middle] ?? 0;
    return median > 0 ? SPIKE_FACTOR * median : spent;
  });
}

/**
 * How a weekday compares with the average of the week around it (ratio to a centred moving average), held towards 1. Monday is 0. The factors of a week average
 * to 1.
 */
function weekdayFactors({ startMs, days }: SpendHistory): number[] {
  const own = Array.from({ length: WEEK_DAYS }, () => 0);
  const around = Array.from({ length: WEEK_DAYS }, () => 0);
  const reach = (WEEK_DAYS - 1) / 2;
  for (let index = reach; index + reach < days.length; index += 1) {
    const weekday = weekdayOf(startMs + index * DAY_MS);
    own[weekday] = (own[weekday] ?? 0) + (days[index] ?? 0);
    around[weekday] = (around[weekday] ?? 0) + sum(days.slice(index - reach, index + reach + 1)) / WEEK_DAYS;
  }
  const prior = (WEEKDAY_PRIOR_DAYS * sum(days)) / days.length;
  if (prior === 0) return Array.from({ length: WEEK_DAYS }, () => 1);
  const factors = own.map((spent, weekday) => (spent + prior) / ((around[weekday] ?? 0) + prior));
  const mean = sum(factors) / WEEK_DAYS;
  return factors.map((factor) => factor / mean);
}

/**
 * Weighted least squares of day = factor × (level + slope × age), newer days weighing more, the slope held towards 0. `level` is that of the last day. A day whose
 * factor is near 0 says nothing of the level, so it moves nothing.
 */
function fitLine(days: readonly number[], factorAt: (index: number) => number): { level: number; slope: number } {
  let [ff, ft, tt, fy, ty] = [0, 0, 0, 0, 0];
  for (const [index, spent] of days.entries()) {
    const age = index - (days.length - 1);
    const weight = 0.5 ** (-age / HALF_LIFE_DAYS);
    const factor = factorAt(index);
    ff += weight * factor * factor;
    ft += weight * factor * factor * age;
    tt += weight * factor * factor * age * age;
    fy += weight * factor * spent;
    ty += weight * factor * age * spent;
  }
  const centre = ft / ff;
  const spread = tt - centre * ft;
  const slope = (ty - centre * fy) / (spread + TREND_PRIOR_DAYS * (spread / ff));
  const level = fy / ff - slope * centre;
  return { level: Math.max(0, level), slope };
}

function partOfDay(dayMs: number, fromMs: number, untilMs: number): number {
  return Math.max(0, Math.min(dayMs + DAY_MS, untilMs) - Math.max(dayMs, fromMs)) / DAY_MS;
}

/** Monday is 0; 1970-01-01 was a Thursday. */
function weekdayOf(dayMs: number): number {
  return (Math.floor(dayMs / DAY_MS) + 3) % WEEK_DAYS;
}

function startOfDay(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
