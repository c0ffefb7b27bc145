// Proves: the arithmetic of rhythms is that of cron, and a job is late when it should have succeeded and did not.

import { parseCronItems } from 'graphile-worker';
import { describe, expect, test } from 'vitest';
import { cronOf, dueAfter, dueBefore, isLate, rhythmOfCron } from './schedule.rules.ts';
import { type JobName, type Rhythm, SCHEDULE } from './schedule.ts';

const at = (text: string): number => Date.parse(`${text}Z`);
const text = (ms: number): string => new Date(ms).toISOString().slice(0, 16);

// 2026-02-01 is a Sunday.
const CASES: readonly [string, Rhythm, now: string, before: string, after: string][] = [
  ['each minute', { every: 'minutes', minutes: 1 }, '2026-02-01T10:03:30', '2026-02-01T10:03', '2026-02-01T10:04'],
  ['five minutes', { every: 'minutes', minutes: 5 }, '2026-02-01T10:03:30', '2026-02-01T10:00', '2026-02-01T10:05'],
  ['hour, passed', { every: 'hour', minute: 2 }, '2026-02-01T10:03', '2026-02-01T10:02', '2026-02-01T11:02'],
  ['hour, to come', { every: 'hour', minute: 20 }, '2026-02-01T10:03', '2026-02-01T09:20', '2026-02-01T10:20'],
  ['hour, now', { every: 'hour', minute: 3 }, '2026-02-01T10:03', '2026-02-01T10:03', '2026-02-01T11:03'],
  ['day', { every: 'day', minute: 80 }, '2026-02-01T01:00', '2026-01-31T01:20', '2026-02-01T01:20'],
  ['week', { every: 'week', minute: 0 }, '2026-02-01T23:59', '2026-01-26T00:00', '2026-02-02T00:00'],
  ['month', { every: 'month', minute: 0 }, '2026-02-28T23:59', '2026-02-01T00:00', '2026-03-01T00:00'],
  ['month, long ago', { every: 'month', minute: 60 }, '2026-03-01T00:30', '2026-02-01T01:00', '2026-03-01T01:00'],
];

test.each(CASES)('%s', (_name, rhythm, now, before, after) => {
  expect(text(dueBefore(rhythm, at(now)))).toBe(before);
  expect(text(dueAfter(rhythm, at(now)))).toBe(after);
});

test.each(['5 * * * *', '30 2 * * *', '0 0 * * 1', '59 23 * * 0', '15 4 * * 6'])(
  '%s is a rhythm, and that is cron again',
  (cron) => {
    const rhythm = rhythmOfCron(cron);
    expect(rhythm === null ? null : cronOf(rhythm)).toBe(cron);
  },
);

test('a day of the week is that day', () => {
  // 2026-02-01 is a Sunday.
  expect(text(dueAfter(rhythmOfCron('30 2 * * 0') ?? { every: 'hour', minute: 0 }, at('2026-01-28T10:00')))).toBe(
    '2026-02-01T02:30',
  );
  expect(rhythmOfCron(' 30  2 * * 7 ')).toEqual(rhythmOfCron('30 2 * * 0'));
});

test.each(['', '* * * * *', '*/5 * * * *', '0 24 * * *', '60 1 * * *', '0 1 1 * *', '0 * * * 1', '0 1 * * 8', 'daily'])(
  'cron "%s" is no rhythm of a backup',
  (cron) => expect(rhythmOfCron(cron)).toBe(null),
);

test.each(Object.keys(SCHEDULE) as JobName[])('%s: cron fires when it is due and at no other minute', (name) => {
  const { rhythm } = SCHEDULE[name];
  const [item] = parseCronItems([{ task: name, match: cronOf(rhythm) }]);
  const due = dueAfter(rhythm, at('2026-01-31T12:34'));
  const matches = (ms: number): boolean => {
    const moment = new Date(ms);
    return (
      item?.match({
        ...{ min: moment.getUTCMinutes(), hour: moment.getUTCHours(), date: moment.getUTCDate() },
        ...{ month: moment.getUTCMonth() + 1, dow: moment.getUTCDay() },
      }) ?? false
    );
  };
  expect(matches(due)).toBe(true);
  const isEachMinute = rhythm.every === 'minutes' && rhythm.minutes === 1;
  expect(matches(due + 60_000)).toBe(isEachMinute);
  expect(dueBefore(rhythm, due)).toBe(due);
});

describe('a job', () => {
  const schedule = { rhythm: { every: 'day', minute: 0 }, lateAfterMinutes: 60 } as const;
  const late = (now: string, succeeded: string | null, knownSince = '2026-01-01T00:00') =>
    isLate(schedule, { succeededMs: succeeded === null ? null : at(succeeded), knownSinceMs: at(knownSince) }, at(now));

  test.each([
    ['succeeded since', '2026-02-01T02:00', '2026-02-01T00:05', false],
    ['is within its time', '2026-02-01T00:59', '2026-01-31T00:05', false],
    ['is past its time', '2026-02-01T01:01', '2026-01-31T00:05', true],
    ['never succeeded', '2026-02-01T01:01', null, true],
  ] as const)('that %s', (_name, now, succeeded, expected) => {
    expect(late(now, succeeded)).toBe(expected);
  });

  test('of a server that has only begun is not late', () => {
    expect(late('2026-02-01T12:00', null, '2026-02-01T11:00')).toBe(false);
  });
});
