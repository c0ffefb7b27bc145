// Owns: the arithmetic of rhythms: when a job was last due, when it is next, how cron says it, whether it is late. Not: which jobs there are.

import { windowAt } from '../ledger/core/window.ts';
import type { Rhythm, Schedule } from './schedule.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const MINUTES_PER_HOUR = 60;
const DAY_MINUTES = 24 * MINUTES_PER_HOUR;
const WEEK_DAYS = 7;
const CRON = /^([0-5]?\d) (\*|[01]?\d|2[0-3]) \* \* (\*|[0-7])$/;

/** The last moment at or before `nowMs` at which the job was due. */
export function dueBefore(rhythm: Rhythm, nowMs: number): number {
  const startMs = spanAt(rhythm, nowMs).startMs + offsetMs(rhythm);
  if (startMs <= nowMs) return startMs;
  return spanAt(rhythm, spanAt(rhythm, nowMs).startMs - 1).startMs + offsetMs(rhythm);
}

/** The first moment after `nowMs` at which it is due. */
export function dueAfter(rhythm: Rhythm, nowMs: number): number {
  const span = spanAt(rhythm, nowMs);
  const inThis = span.startMs + offsetMs(rhythm);
  return inThis > nowMs ? inThis : span.endMs + offsetMs(rhythm);
}

/** The same as five fields of cron. */
export function cronOf(rhythm: Rhythm): string {
  switch (rhythm.every) {
    case 'minutes':
      return rhythm.minutes === 1 ? '* * * * *' : `*/${rhythm.minutes} * * * *`;
    case 'hour':
      return `${rhythm.minute} * * * *`;
    case 'day':
      return `${timeOf(rhythm.minute)} * * *`;
    case 'week':
      return `${timeOf(rhythm.minute % DAY_MINUTES)} * * ${(1 + Math.floor(rhythm.minute / DAY_MINUTES)) % WEEK_DAYS}`;
    case 'month':
      return `${timeOf(rhythm.minute)} 1 * *`;
  }
}

/** The rhythm that cron's five fields say, in UTC: every hour, every day or a day of the week, at one minute. Null: something else. */
export function rhythmOfCron(cron: string): Rhythm | null {
  const [, minute, hour, day] = CRON.exec(cron.trim().replaceAll(/\s+/g, ' ')) ?? [];
  if (minute === undefined || hour === undefined || day === undefined) return null;
  if (hour === '*') return day === '*' ? { every: 'hour', minute: Number(minute) } : null;
  const ofDay = Number(hour) * MINUTES_PER_HOUR + Number(minute);
  if (day === '*') return { every: 'day', minute: ofDay };
  return { every: 'week', minute: ((Number(day) + WEEK_DAYS - 1) % WEEK_DAYS) * DAY_MINUTES + ofDay };
}

/** Whether a job that last succeeded then (null: never, and known since `knownSinceMs`) should have done so again. */
export function isLate(
  schedule: Pick<Schedule, 'rhythm' | 'lateAfterMinutes'>,
  last: { readonly succeededMs: number | null; readonly knownSinceMs: number },
  nowMs: number,
): boolean {
  const dueMs = dueBefore(schedule.rhythm, nowMs - schedule.lateAfterMinutes * MINUTE_MS);
  return (last.succeededMs ?? last.knownSinceMs) < dueMs;
}

function spanAt(rhythm: Rhythm, nowMs: number): { readonly startMs: number; readonly endMs: number } {
  if (rhythm.every === 'minutes') return tile(nowMs, rhythm.minutes * MINUTE_MS);
  if (rhythm.every === 'hour') return tile(nowMs, HOUR_MS);
  return windowAt({ kind: rhythm.every }, nowMs);
}

function tile(nowMs: number, lengthMs: number): { readonly startMs: number; readonly endMs: number } {
  const startMs = Math.floor(nowMs / lengthMs) * lengthMs;
  return { startMs, endMs: startMs + lengthMs };
}

function offsetMs(rhythm: Rhythm): number {
  return rhythm.every === 'minutes' ? 0 : rhythm.minute * MINUTE_MS;
}

function timeOf(minute: number): string {
  return `${minute % MINUTES_PER_HOUR} ${Math.floor(minute / MINUTES_PER_HOUR)}`;
}
