// Owns: the days that a model's use is looked at. Pure. Not: the use.

import type { DayRange } from './model-use.queries.ts';

const DAY_MS = 86_400_000;
const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The day (UTC) of a moment and those before it, `count` of them. */
export function lastDays(ms: number, count: number): DayRange {
  return { from: dayOf(ms - (count - 1) * DAY_MS), before: dayOf(ms + DAY_MS) };
}
