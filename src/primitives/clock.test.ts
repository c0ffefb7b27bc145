// Owns: the guarantees of clocks.

import { expect, it } from 'vitest';
import { createManualClock, systemClock } from './clock.ts';

it("the machine's monotonic reading never goes back", () => {
  let last = systemClock.monotonicMs();
  for (let index = 0; index < 1_000; index += 1) {
    const next = systemClock.monotonicMs();
    expect(next).toBeGreaterThanOrEqual(last);
    last = next;
  }
});

it("the machine's wall clock gives whole milliseconds since 1970", () => {
  const nowMs = systemClock.nowMs();
  expect(Number.isInteger(nowMs)).toBe(true);
  expect(nowMs).toBeGreaterThan(Date.UTC(2025, 0, 1));
});

it('a manual clock stands still until it is told to move, then both readings move', () => {
  const clock = createManualClock(1_000);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_000, 0]);
  clock.advance(250);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1_250, 250]);
});

it('setting a manual clock back leaves its monotonic reading alone', () => {
  const clock = createManualClock(1_000);
  clock.advance(10);
  clock.setNowMs(0);
  expect([clock.nowMs(), clock.monotonicMs()]).toEqual([0, 10]);
});
