// Owns: proof that a settlement keeps every unit.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lateCorrections, settleLegs } from './settle.ts';

const amounts = fc.array(fc.bigInt({ min: 0n, max: 2n ** 62n }), { maxLength: 8 });

describe('a settlement', () => {
  test.each([
    [100n, 40n, { used: 40n, returned: 60n, overrun: 0n }],
    [100n, 100n, { used: 100n, returned: 0n, overrun: 0n }],
    [100n, 130n, { used: 130n, returned: 0n, overrun: 30n }],
    [100n, 0n, { used: 0n, returned: 100n, overrun: 0n }],
    [0n, 5n, { used: 5n, returned: 0n, overrun: 5n }],
  ])('of %d held and %d used books all of it', (held, used, expected) => {
    expect(settleLegs([held], [used])).toEqual([expected]);
  });

  test('neither loses nor makes a unit, and never both returns and overruns', () => {
    fc.assert(
      fc.property(amounts, amounts, (held, used) => {
        for (const [index, leg] of settleLegs(held, used).entries()) {
          expect(leg.used).toBe((held[index] ?? 0n) - leg.returned + leg.overrun);
          expect(leg.returned === 0n || leg.overrun === 0n).toBe(true);
        }
      }),
    );
  });

  test('that comes late leaves in all what it would have booked in time', () => {
    fc.assert(
      fc.property(amounts, amounts, (estimated, used) => {
        const corrections = lateCorrections(estimated, used);
        expect(corrections.map((delta, index) => (estimated[index] ?? 0n) + delta)).toEqual(
          estimated.map((_, index) => used[index] ?? 0n),
        );
      }),
    );
  });
});
