// Owns: the guarantees of identifiers.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUuidV7, isUuid, uuidV7TimeMs } from './ids.ts';
import { createSeededRandom, createSystemRandom } from './random.ts';

const random = createSystemRandom();
const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('UUIDv7', () => {
  it('has the version and variant bits of RFC 9562, and its time', () => {
    fc.assert(
      fc.property(time, fc.integer(), (nowMs, seed) => {
        const id = createUuidV7(nowMs, createSeededRandom(seed));
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(isUuid(id)).toBe(true);
        expect(uuidV7TimeMs(id)).toBe(nowMs);
      }),
    );
  });

  it('sorts as text by the time of making', () => {
    fc.assert(
      fc.property(time, time, (earlier, later) => {
        fc.pre(earlier < later);
        expect(createUuidV7(earlier, random) < createUuidV7(later, random)).toBe(true);
      }),
    );
  });

  it('is unique among 20,000 of one millisecond', () => {
    expect(new Set(Array.from({ length: 20_000 }, () => createUuidV7(1_700_000_000_000, random))).size).toBe(20_000);
  });

  it('uses all 74 bits of chance', () => {
    const ones = new Set<number>();
    const zeros = new Set<number>();
    for (let index = 0; index < 200; index += 1) {
      const bits = BigInt(`0x${createUuidV7(0, random).replaceAll('-', '')}`);
      for (let bit = 0; bit < 80; bit += 1) ((bits >> BigInt(bit)) & 1n ? ones : zeros).add(bit);
    }
    // 74 of chance in both sets; four of the version and two of the variant stand still.
    expect([...ones].filter((bit) => zeros.has(bit))).toHaveLength(74);
  });

  it('takes the whole millisecond of a time with a fraction', () => {
    expect(uuidV7TimeMs(createUuidV7(1_700_000_000_000.9, random))).toBe(1_700_000_000_000);
  });

  it.each([-1, Number.NaN, 2 ** 48, Number.POSITIVE_INFINITY])(
    'refuses the time %s, which its 48 bits cannot hold',
    (nowMs) => {
      expect(() => createUuidV7(nowMs, random)).toThrow(RangeError);
    },
  );
});

describe('isUuid', () => {
  it.each([
    '',
    'constructor',
    '0190163d8694739baea5966c26f8ad91',
    '0190163D-8694-739B-AEA5-966C26F8AD91',
    '0190163d-8694-739b-aea5-966c26f8ad91\n',
    '{0190163d-8694-739b-aea5-966c26f8ad91}',
    '0190163d-8694-739b-aea5-966c26f8ad9',
  ])('refuses %j', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
