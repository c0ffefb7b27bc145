// Owns: the proof that deadlines fire once, in time, and leave no timer behind.

import { expect, test } from 'vitest';
import { createDeadlineWatch } from './deadline-watch.ts';
import { createManualTime } from './testing/manual-time.ts';

const tickMs = 50;

function watchOf() {
  const time = createManualTime();
  return { time, watch: createDeadlineWatch({ ...time, tickMs }) };
}

test('an entry is told once, at most a tick late, and is then forgotten', () => {
  const { time, watch } = watchOf();
  let told = 0;
  watch.add({ deadlineMs: 120, expire: () => (told += 1) });
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
  const entry = { deadlineMs: 100, expire: () => (told += 1) };
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
  const entries = Array.from({ length: 100 }, () => ({ deadlineMs: Number.POSITIVE_INFINITY, expire: () => {} }));
  expect(time.pending()).toBe(0);
  for (const entry of entries) watch.add(entry);
  time.advance(10 * tickMs);
  expect(time.pending()).toBe(1);
  for (const entry of entries) watch.remove(entry);
  time.advance(tickMs);
  expect(time.pending()).toBe(0);
});
