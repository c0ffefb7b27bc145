// Owns: the guarantees of the sources of chance.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRandom, createSystemRandom, type Random } from './random.ts';

const sources: [string, () => Random][] = [
  ['the system', createSystemRandom],
  ['a seed', () => createSeededRandom(42)],
];

describe.each(sources)('chance from %s', (_name, create) => {
  it('gives as many bytes as asked for, never the same run twice', () => {
    const random = create();
    const seen = new Set<string>();
    for (const count of [0, 1, 16, 4096, 8191, 8192, 8193, 20_000]) {
      expect(random.bytes(count)).toHaveLength(count);
    }
    for (let index = 0; index < 2_000; index += 1) seen.add(Buffer.from(random.bytes(10)).toString('hex'));
    expect(seen.size).toBe(2_000);
  });

  it('gives bytes of its own: a later draw or a write does not change them', () => {
    const random = create();
    const first = random.bytes(16);
    const copy = Uint8Array.from(first);
    for (let index = 0; index < 2_000; index += 1) random.bytes(16).fill(0);
    expect(first).toEqual(copy);
  });

  it('stays below the bound', () => {
    const random = create();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), (bound) => {
        const value = random.below(bound);
        expect(Number.isInteger(value) && value >= 0 && value < bound).toBe(true);
      }),
    );
  });

  it('prefers no remainder (chi-square over 62 values stays below its 1-in-a-million mark)', () => {
    const random = create();
    const draws = 62_000;
    const counts = new Array<number>(62).fill(0);
    for (let index = 0; index < draws; index += 1) {
      const value = random.below(62);
      counts[value] = (counts[value] ?? 0) + 1;
    }
    const expected = draws / 62;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // 61 degrees of freedom: 125 is passed by chance about once in 3 million runs.
    expect(chiSquare).toBeLessThan(125);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1, Number.POSITIVE_INFINITY])('refuses the bound %s', (bound) => {
    expect(() => create().below(bound)).toThrow(RangeError);
  });
});

describe('seeded chance', () => {
  it('repeats for the same seed and differs for another', () => {
    const draw = (seed: number): string => Buffer.from(createSeededRandom(seed).bytes(64)).toString('hex');
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        expect(draw(seed)).toBe(draw(seed));
        expect(draw(seed)).not.toBe(draw(seed + 1));
      }),
    );
  });
});
