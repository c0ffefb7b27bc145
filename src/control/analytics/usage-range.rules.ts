// Owns: the stretch of time a question is about, the one before it, and which sums they are read from. Pure. Not: reading them.

import type { UsageInterval, UsagePeriod } from '../../contracts/analytics/usage-words.ts';
import { invalidField } from '../../contracts/problem.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DEFAULT_DAYS = 30;
/** Up to so long a stretch is shown by the hour, and beyond the other by the month, unless asked for otherwise. */
const HOURLY_UP_TO_MS = 2 * DAY_MS;
const DAILY_UP_TO_MS = 400 * DAY_MS;
/** Sums by the hour are asked for a month at a time at most: 744 points. */
const HOURS_MAX_MS = 31 * DAY_MS;
/** A series by the day has so many points at most. */
const DAYS_MAX_MS = 5_000 * DAY_MS;
/** Years with room around them: what is asked about is shifted, and written out for PostgreSQL. */
const EARLIEST_MS = 0;
const LATEST_MS = Date.UTC(9000, 0, 2);

/** From a moment to before another, both on the hour (UTC). */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a question is about. */
export interface UsageRange extends Stretch {
  /** Equally long, right before, and on days as whole as the range's; null: there is no before. */
  readonly previous: Stretch | null;
  readonly interval: UsageInterval;
}

/** What was asked for. */
export interface AskedRange {
  readonly period?: UsagePeriod | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly interval?: UsageInterval | undefined;
  /** Groups are hours: whatever the interval, hours are read. */
  readonly groupsAreHours?: boolean | undefined;
}

const floorTo = (ms: number, step: number): number => Math.floor(ms / step) * step;
const ceilTo = (ms: number, step: number): number => Math.ceil(ms / step) * step;
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** The range that was asked for. 400 naming the field when it contradicts itself or is too long for hours. */
export function usageRange(asked: AskedRange, nowMs: number): UsageRange {
  if (asked.period !== undefined && (asked.from !== undefined || asked.to !== undefined))
    throw invalidField('period', 'stands in place of `from` and `to`: send one or the other');
  const stretch =
    asked.from === undefined && asked.to === undefined ? ofPeriod(asked.period ?? '30d', nowMs) : between(asked, nowMs);
  const { fromMs, toMs } = stretch;
  if (fromMs < EARLIEST_MS) throw invalidField(asked.from === undefined ? 'to' : 'from', 'is before 1970');
  if (toMs > LATEST_MS) throw invalidField('to', 'is after 8999');
  if (fromMs >= toMs) throw invalidField('from', 'is not before `to`');
  const interval = asked.interval ?? suitableInterval(toMs - fromMs);
  if ((interval === 'hour' || asked.groupsAreHours === true) && toMs - fromMs > HOURS_MAX_MS)
    throw invalidField(interval === 'hour' ? 'interval' : 'group_by', 'by the hour takes 31 days at most');
  // From the epoch on means from the first use on.
  if (interval === 'day' && fromMs > EARLIEST_MS && Math.min(toMs, nowMs) - fromMs > DAYS_MAX_MS)
    throw invalidField('from', 'makes more than 5000 days');
  return { fromMs, toMs, interval, previous: asked.period === 'all' ? null : before(stretch, nowMs) };
}

function ofPeriod(period: UsagePeriod, nowMs: number): Stretch {
  const toMs = floorTo(nowMs, DAY_MS) + DAY_MS;
  switch (period) {
    case '24h':
      return { fromMs: floorTo(nowMs, HOUR_MS) - 23 * HOUR_MS, toMs: floorTo(nowMs, HOUR_MS) + HOUR_MS };
    case '7d':
      return { fromMs: toMs - 7 * DAY_MS, toMs };
    case '30d':
      return { fromMs: toMs - 30 * DAY_MS, toMs };
    case '90d':
      return { fromMs: toMs - 90 * DAY_MS, toMs };
    case 'month': {
      const now = new Date(nowMs);
      return { fromMs: Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1), toMs };
    }
    case 'all':
      return { fromMs: 0, toMs };
  }
}

function between({ from, to }: AskedRange, nowMs: number): Stretch {
  const toMs =
    to === undefined
      ? floorTo(nowMs, HOUR_MS) + HOUR_MS
      : isDay(to)
        ? Date.parse(to) + DAY_MS
        : ceilTo(Date.parse(to), HOUR_MS);
  const fromMs =
    from === undefined ? floorTo(toMs - 1, DAY_MS) - (DEFAULT_DAYS - 1) * DAY_MS : floorTo(Date.parse(from), HOUR_MS);
  return { fromMs, toMs };
}

function suitableInterval(lengthMs: number): UsageInterval {
  if (lengthMs <= HOURLY_UP_TO_MS) return 'hour';
  return lengthMs <= DAILY_UP_TO_MS ? 'day' : 'month';
}

/** What has not passed yet is not compared with what has: the stretch before is as long as what has passed. Whole days stay whole days. */
function before({ fromMs, toMs }: Stretch, nowMs: number): Stretch | null {
  const passedTo = Math.min(toMs, floorTo(nowMs, HOUR_MS) + HOUR_MS);
  if (passedTo <= fromMs) return null;
  const length = passedTo - fromMs;
  const shift = fromMs % DAY_MS === 0 ? ceilTo(length, DAY_MS) : length;
  return { fromMs: fromMs - shift, toMs: passedTo - shift };
}

/** A part of a stretch, and the view that it is read from. */
export interface Piece extends Stretch {
  readonly view: 'usage_days' | 'usage_hours';
}

/**
 * A stretch cut into whole days and the hours at its ends. By the hour everything is read from hours. A day that is not over is read whole: it has nothing of
 * later.
 */
export function piecesOf(stretch: Stretch, { byHour, nowMs }: { readonly byHour: boolean; readonly nowMs: number }) {
  if (byHour) return [{ ...stretch, view: 'usage_hours' }] satisfies Piece[];
  const firstDay = ceilTo(stretch.fromMs, DAY_MS);
  const lastDay = stretch.toMs > nowMs ? ceilTo(stretch.toMs, DAY_MS) : floorTo(stretch.toMs, DAY_MS);
  if (firstDay >= lastDay) return [{ ...stretch, view: 'usage_hours' }] satisfies Piece[];
  const pieces: Piece[] = [
    { view: 'usage_hours', fromMs: stretch.fromMs, toMs: firstDay },
    { view: 'usage_days', fromMs: firstDay, toMs: lastDay },
    { view: 'usage_hours', fromMs: lastDay, toMs: stretch.toMs },
  ];
  return pieces.filter(({ fromMs, toMs }) => fromMs < toMs);
}

/** The first moments of all intervals that a stretch touches, in order: what a series without gaps is made of. */
export function* pointsOf(stretch: Stretch, interval: UsageInterval): Generator<number, void, undefined> {
  if (interval === 'month') {
    const first = new Date(stretch.fromMs);
    for (let month = first.getUTCMonth(); ; month += 1) {
      const at = Date.UTC(first.getUTCFullYear(), month, 1);
      if (at >= stretch.toMs) return;
      yield at;
    }
  }
  const step = interval === 'hour' ? HOUR_MS : DAY_MS;
  for (let at = floorTo(stretch.fromMs, step); at < stretch.toMs; at += step) yield at;
}

/** What has changed, in percent with one decimal; null where there was nothing before. */
export function changePercent(now: bigint, then: bigint): number | null {
  if (then === 0n) return null;
  return Number(((now - then) * 1_000n) / (then < 0n ? -then : then)) / 10;
}
