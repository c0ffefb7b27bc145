// Owns: the proof that deadlines fire once, in time, and leave no timer behind.

import { expect, test } from 'vitest';
import { createDeadlineWatch, UNWATCHED } from './deadline-watch.ts';
import { createManualTime } from './testing/manual-time.ts';

const tickMs = 50;

function watchOf() {
  const time = createManualTime();
  return { time, watch: createDeadlineWatch({ ...time, tickMs }) };
}

function entryAt(deadlineMs: number, expire: () => void = () => {}) {
  return { deadlineMs, watchPlace: UNWATCHED, expire };
}

test('an entry is told once, at most a tick late, and is then forgotten', () => {
  const { time, watch } = watchOf();
  let told = 0;
  watch.add({ deadlineMs: 120, watchPlace: UNWATCHED, expire: () => (told += 1) });
  time.advance(119);
  expect(told).toBe(0);
  time.advance(1 + tickMs);
  expect(told).toBe(1);
  time.advance(10_000);
  expect([told, watch.size(), time.pending()]).toEqual([1, 0, 0]);
});

test('a deadline that moves is followed', () => {
  const { time, watch } = watchOf();
  let told = 0;
  const entry = { deadlineMs: 100, watchPlace: UNWATCHED, expire: () => (told += 1) };
  watch.add(entry);
  time.advance(90);
  entry.deadlineMs = 1_000;
  time.advance(900);
  expect(told).toBe(0);
  entry.deadlineMs = 0;
  time.advance(tickMs);
  expect(told).toBe(1);
});

test('one timer serves all entries, and none is set without any', () => {
  const { time, watch } = watchOf();
  const entries = Array.from({ length: 100 }, () => entryAt(Number.POSITIVE_INFINITY));
  expect(time.pending()).toBe(0);
  for (const entry of entries) watch.add(entry);
  time.advance(10 * tickMs);
  expect(time.pending()).toBe(1);
  for (const entry of entries) watch.remove(entry);
  time.advance(tickMs);
  expect(time.pending()).toBe(0);
});

test('entries that come and go in any order are each told at their own time', () => {
  const { time, watch } = watchOf();
  const told: number[] = [];
  const entries = Array.from({ length: 50 }, (_, index) => entryAt(100 + index, () => void told.push(index)));
  for (const entry of entries) watch.add(entry);
  for (const [index, entry] of entries.entries()) if (index % 3 === 0) watch.remove(entry);
  // Once more is harmless.
  for (const entry of entries.slice(0, 10)) if (entry.watchPlace === UNWATCHED) watch.remove(entry);
  expect(watch.size()).toBe(33);
  time.advance(1_000);
  expect(told.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 50 }, (_, index) => index).filter((index) => index % 3 !== 0),
  );
  expect([watch.size(), time.pending()]).toEqual([0, 0]);
});

test('an entry that is late may add another and take out a third', () => {
  const { time, watch } = watchOf();
  const told: string[] = [];
  const third = entryAt(Number.POSITIVE_INFINITY, () => void told.push('third'));
  const second = entryAt(1_000, () => void told.push('second'));
  watch.add(third);
  watch.add(
    entryAt(100, () => {
      told.push('first');
      watch.remove(third);
      watch.add(second);
    }),
  );
  time.advance(100 + tickMs);
  expect([told, watch.size()]).toEqual([['first'], 1]);
  time.advance(1_000);
  expect(told).toEqual(['first', 'second']);
});
