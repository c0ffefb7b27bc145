// Proves: tries come ever less often, never all at once, and never more than an hour and a half apart.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSeededRandom } from '../primitives/random.ts';
import { retryDelayMs } from './retry.rules.ts';

test.each([
  [1, 7_500, 22_500],
  [2, 30_000, 90_000],
  [3, 120_000, 360_000],
  [4, 480_000, 1_440_000],
  [5, 1_800_000, 5_400_000],
  [500, 1_800_000, 5_400_000],
])('after try %i between %i and %i ms', (attempts, least, most) => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const delayMs = retryDelayMs(attempts, createSeededRandom(seed));
      expect(delayMs).toBeGreaterThanOrEqual(least);
      expect(delayMs).toBeLessThan(most);
    }),
  );
});
