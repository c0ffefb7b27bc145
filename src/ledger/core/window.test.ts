// Owns: proof that windows tile time.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { END_OF_TIME_MS, type Window, type WindowRule, windowAt } from './window.ts';

const FIRST_MS = Date.UTC(1970, 0, 1);
const LAST_MS = Date.UTC(2038, 0, 1);
const DAY_MS = 86_400_000;

const instants = fc.integer({ min: FIRST_MS, max: LAST_MS });
/** Instants around which windows roll: month ends, leap days, year ends, to the millisecond. */
const edges = fc
  .tuple(
    fc.integer({ min: 1970, max: 2037 }),
    fc.integer({ min: 0, max: 11 }),
    fc.constantFrom(1, 28, 29, 30, 31),
    fc.integer({ min: -2, max: 2 }),
  )
  .map(([year, month, day, offset]) => Date.UTC(year, month, day) + offset);
const calendarRules = fc.constantFrom<WindowRule>(
  { kind: 'minute' },
  { kind: 'day' },
  { kind: 'week' },
  { kind: 'month' },
  { kind: 'quarter' },
);
const anniversaries = instants.map((anchorMs): WindowRule => ({ kind: 'anniversary', anchorMs }));
const rules = fc.oneof(calendarRules, anniversaries);

describe('windows', () => {
  test('tile time: each holds its instants, ends where the next begins, and gives the same window for all of them', () => {
    fc.assert(
      fc.property(rules, fc.oneof(instants, edges), (rule, nowMs) => {
        const window = windowAt(rule, nowMs);
        expect(window.startMs <= nowMs && nowMs < window.endMs).toBe(true);
        expect(windowAt(rule, window.startMs)).toEqual(window);
        expect(windowAt(rule, window.endMs - 1)).toEqual(window);
        expect(windowAt(rule, window.endMs).startMs).toBe(window.endMs);
        expect(windowAt(rule, window.startMs - 1).endMs).toBe(window.startMs);
      }),
      { numRuns: 3000 },
    );
  });

  test.each(['day', 'week', 'month', 'quarter'] as const)(
    'of rule %s follow each other from 1970 to 2037 without gap or overlap',
    (kind) => {
      let window = windowAt({ kind }, FIRST_MS);
      while (window.endMs < LAST_MS) {
        const next = windowAt({ kind }, window.endMs);
        if (next.startMs !== window.endMs || next.endMs <= next.startMs)
          expect.fail(`${kind} at ${new Date(window.endMs).toISOString()}`);
        window = next;
      }
      expect(window.endMs).toBeGreaterThanOrEqual(LAST_MS);
    },
  );

  test.each<[WindowRule, string, string, string]>([
    [{ kind: 'minute' }, '2028-02-29T23:59:59.999Z', '2028-02-29T23:59:00.000Z', '2028-03-01T00:00:00.000Z'],
    [{ kind: 'day' }, '2028-02-29T12:00:00.000Z', '2028-02-29T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    [{ kind: 'week' }, '2026-03-01T23:59:59.999Z', '2026-02-23T00:00:00.000Z', '2026-03-02T00:00:00.000Z'],
    [{ kind: 'week' }, '1970-01-01T00:00:00.000Z', '1969-12-29T00:00:00.000Z', '1970-01-05T00:00:00.000Z'],
    [{ kind: 'month' }, '2028-02-29T23:59:59.999Z', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
    [{ kind: 'month' }, '2027-12-31T23:59:59.999Z', '2027-12-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z'],
    [{ kind: 'quarter' }, '2028-11-15T00:00:00.000Z', '2028-10-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z'],
  ])('%o at %s begins at %s and ends at %s', (rule, now, start, end) => {
    const window = windowAt(rule, Date.parse(now));
    expect([iso(window.startMs), iso(window.endMs)]).toEqual([start, end]);
  });

  test('weeks begin on Mondays and calendar windows at midnight UTC', () => {
    fc.assert(
      fc.property(instants, (nowMs) => {
        expect(new Date(windowAt({ kind: 'week' }, nowMs).startMs).getUTCDay()).toBe(1);
        for (const kind of ['day', 'week', 'month', 'quarter'] as const) {
          expect(windowAt({ kind }, nowMs).startMs % DAY_MS === 0).toBe(true);
        }
      }),
    );
  });

  test('of an anniversary are 30 days long and one of them begins at the anchor', () => {
    fc.assert(
      fc.property(instants, instants, (anchorMs, nowMs) => {
        const rule: WindowRule = { kind: 'anniversary', anchorMs };
        expect(lengthOf(windowAt(rule, nowMs))).toBe(30 * DAY_MS);
        expect(windowAt(rule, anchorMs).startMs).toBe(anchorMs);
      }),
    );
  });

  test('of a lifetime never end', () => {
    expect(windowAt({ kind: 'lifetime' }, FIRST_MS)).toEqual(windowAt({ kind: 'lifetime' }, LAST_MS));
    expect(windowAt({ kind: 'lifetime' }, LAST_MS).endMs).toBe(END_OF_TIME_MS);
  });
});

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function lengthOf(window: Window): number {
  return window.endMs - window.startMs;
}
