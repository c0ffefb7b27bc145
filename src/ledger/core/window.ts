// Owns: which span of time an instant falls in, for every window rule. Pure UTC arithmetic. Not: reading the time.

/** How time is cut for a meter. `anniversary` is every 30 x 24 h from `anchorMs` (credits). Weeks are ISO (Monday). */
export type WindowRule =
  | { readonly kind: 'minute' | 'day' | 'week' | 'month' | 'quarter' | 'lifetime' }
  | { readonly kind: 'anniversary'; readonly anchorMs: number };

/** A half-open span [startMs, endMs) in milliseconds since the epoch. */
export interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05 was a Monday. */
const FIRST_MONDAY_MS = 4 * DAY_MS;
const ANNIVERSARY_DAYS = 30;
const ANNIVERSARY_MS = ANNIVERSARY_DAYS * DAY_MS;

/** End of a window that never ends: 9999-12-31T00:00Z, inside every store's range. */
export const END_OF_TIME_MS = 253_402_214_400_000;

const LIFETIME: Window = { startMs: 0, endMs: END_OF_TIME_MS };

/** The window that `nowMs` falls in. Windows of one rule tile time: no gap, no overlap. */
export function windowAt(rule: WindowRule, nowMs: number): Window {
  switch (rule.kind) {
    case 'minute':
      return tile(nowMs, 0, MINUTE_MS);
    case 'day':
      return tile(nowMs, 0, DAY_MS);
    case 'week':
      return tile(nowMs, FIRST_MONDAY_MS, WEEK_MS);
    case 'month':
      return months(nowMs, 1);
    case 'quarter':
      return months(nowMs, 3);
    case 'anniversary':
      return tile(nowMs, rule.anchorMs, ANNIVERSARY_MS);
    case 'lifetime':
      return LIFETIME;
  }
}

function tile(nowMs: number, originMs: number, lengthMs: number): Window {
  const startMs = originMs + Math.floor((nowMs - originMs) / lengthMs) * lengthMs;
  return { startMs, endMs: startMs + lengthMs };
}

function months(nowMs: number, count: number): Window {
  const date = new Date(nowMs);
  const year = date.getUTCFullYear();
  const first = Math.floor(date.getUTCMonth() / count) * count;
  return { startMs: Date.UTC(year, first, 1), endMs: Date.UTC(year, first + count, 1) };
}
