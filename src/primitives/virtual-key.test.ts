// Owns: the guarantees of the form of virtual keys.

import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRandom, createSystemRandom } from './random.ts';
import { createVirtualKey, displayVirtualKey, hashVirtualKey, isWellFormedVirtualKey } from './virtual-key.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const key = fc
  .tuple(fc.constantFrom('live' as const, 'test' as const), fc.integer())
  .map(([environment, seed]) => createVirtualKey(environment, createSeededRandom(seed)));

const replaceAt = (text: string, index: number, part: string): string =>
  text.slice(0, index) + part + text.slice(index + part.length);

describe('virtual key', () => {
  it('is well formed as made, and findable by its form', () => {
    fc.assert(
      fc.property(key, (text) => {
        expect(text).toMatch(/^wr_(live|test)_[0-9A-Za-z]{46}$/);
        expect(isWellFormedVirtualKey(text)).toBe(true);
      }),
    );
  });

  it('is refused after any change of a single character', () => {
    fc.assert(
      fc.property(key, (text) => {
        for (let index = 0; index < text.length; index += 1) {
          for (const character of `${BASE62}_- `) {
            if (character === text[index]) continue;
            expect(isWellFormedVirtualKey(replaceAt(text, index, character))).toBe(false);
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('is refused after any swap of neighbours that differ', () => {
    fc.assert(
      fc.property(key, (text) => {
        for (let index = 1; index < text.length; index += 1) {
          const swapped = `${text[index] ?? ''}${text[index - 1] ?? ''}`;
          if (swapped[0] === swapped[1]) continue;
          expect(isWellFormedVirtualKey(replaceAt(text, index - 1, swapped))).toBe(false);
        }
      }),
    );
  });

  it('is refused in the other environment, cut, lengthened or with a line break', () => {
    fc.assert(
      fc.property(key, (text) => {
        const other = text.startsWith('wr_live_') ? `wr_test_${text.slice(8)}` : `wr_live_${text.slice(8)}`;
        for (const wrong of [
          other,
          text.slice(0, -1),
          `${text}0`,
          `${text}\n`,
          ` ${text}`,
          text.toUpperCase(),
          text.repeat(2),
        ]) {
          expect(isWellFormedVirtualKey(wrong)).toBe(false);
        }
      }),
    );
  });

  it.each(['', 'wr_', 'wr_live_', 'sk-abcdef', 'constructor', `wr_live_${'0'.repeat(46)}`])('%j is no key', (text) => {
    expect(isWellFormedVirtualKey(text)).toBe(false);
  });

  it('draws its characters without bias (chi-square over 62 characters stays below its 1-in-a-million mark)', () => {
    const random = createSystemRandom();
    const counts = new Map<string, number>();
    for (let index = 0; index < 2_000; index += 1) {
      for (const character of createVirtualKey('live', random).slice(8, 48)) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    const expected = (2_000 * 40) / 62;
    const chiSquare = [...BASE62].reduce(
      (sum, character) => sum + ((counts.get(character) ?? 0) - expected) ** 2 / expected,
      0,
    );
    // 61 degrees of freedom: 125 is passed by chance about once in 3 million runs.
    expect(chiSquare).toBeLessThan(125);
  });

  it('is never made twice', () => {
    const random = createSystemRandom();
    expect(new Set(Array.from({ length: 5_000 }, () => createVirtualKey('test', random))).size).toBe(5_000);
  });

  it('is stored as its SHA-256', () => {
    const text = createVirtualKey('test', createSeededRandom(1));
    expect(hashVirtualKey(text).toString('hex')).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('shows four characters at each end of its secret', () => {
    const text = createVirtualKey('live', createSeededRandom(1));
    expect(displayVirtualKey(text)).toEqual({ prefix: text.slice(0, 12), lastFour: text.slice(-4) });
  });
});
