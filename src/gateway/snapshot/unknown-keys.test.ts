// Owns: proof that unknown keys are forgotten in time and number.

import { expect, it } from 'vitest';
import { createManualClock } from '../../primitives/clock.ts';
import { createUnknownKeys } from './unknown-keys.ts';

it('remembers an unknown key for its time to live and no longer', () => {
  const clock = createManualClock(0);
  const unknown = createUnknownKeys(clock, { unknownKeysMax: 10, unknownKeyTtlMs: 10_000 });
  unknown.add('k');
  clock.advance(9_999);
  expect(unknown.has('k')).toBe(true);
  clock.advance(1);
  expect(unknown.has('k')).toBe(false);
  expect(unknown.size).toBe(0);
});

it('holds no more than its bound, however many are tried', () => {
  const unknown = createUnknownKeys(createManualClock(0), { unknownKeysMax: 10, unknownKeyTtlMs: 10_000 });
  for (let index = 0; index < 1_000; index += 1) unknown.add(`${index}`);
  expect(unknown.size).toBe(10);
  expect(unknown.has('999')).toBe(true);
});
