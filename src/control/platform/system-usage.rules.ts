// Owns: the days of a question about use, and those before them. Not: the sums.

import { USAGE_DAYS_MAX } from '../../contracts/platform/system.ts';
import { invalidField } from '../../contracts/problem.ts';
import type { UsagePeriod } from './system-usage.queries.ts';

const DAY_MS = 86_400_000;
const DAYS = 30;

/** A period, and as many days right before it. Days are `YYYY-MM-DD` in UTC, both included. */
export interface UsageDays {
  readonly from: string;
  readonly to: string;
  readonly period: UsagePeriod;
  readonly previous: UsagePeriod & { readonly to: string };
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The days asked for; left out: the last 30. 400 naming the field when they are in the wrong order or more than 92. */
export function usageDays(
  asked: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): UsageDays {
  const to = asked.to ?? dayOf(nowMs);
  const toMs = Date.parse(to);
  const from = asked.from ?? dayOf(toMs - (DAYS - 1) * DAY_MS);
  const fromMs = Date.parse(from);
  if (fromMs > toMs) throw invalidField('from', 'is after `to`');
  const days = (toMs - fromMs) / DAY_MS + 1;
  if (days > USAGE_DAYS_MAX) throw invalidField('from', `makes ${days} days; ${USAGE_DAYS_MAX} is the most`);
  return {
    ...{ from, to, period: { from, before: dayOf(toMs + DAY_MS) } },
    previous: { from: dayOf(fromMs - days * DAY_MS), before: from, to: dayOf(fromMs - DAY_MS) },
  };
}
