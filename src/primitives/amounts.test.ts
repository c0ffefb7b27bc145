// Owns: the guarantees of arithmetic on amounts.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  divCeil,
  divFloor,
  divRoundHalfEven,
  formatUsd,
  maxAmount,
  minAmount,
  NANO_USD_PER_USD,
  parseUsd,
  toJsonAmount,
} from './amounts.ts';

const amount = fc.bigInt(-(2n ** 80n), 2n ** 80n);
const divisor = fc.oneof(fc.bigInt(1n, 10n), fc.bigInt(1n, 2n ** 70n));
const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b);

describe('division', () => {
  it('divFloor leaves a rest from zero up to the divisor', () => {
    fc.assert(
      fc.property(amount, divisor, (a, b) => {
        const rest = a - divFloor(a, b) * b;
        expect(rest >= 0n && rest < b).toBe(true);
      }),
    );
  });

  it('divCeil is the floor, or one more where something is left', () => {
    fc.assert(
      fc.property(amount, divisor, (a, b) => {
        expect(divCeil(a, b)).toBe(divFloor(a, b) + (divFloor(a, b) * b === a ? 0n : 1n));
      }),
    );
  });

  it('divRoundHalfEven gives the nearest, and the even one of two as near', () => {
    fc.assert(
      fc.property(amount, divisor, (a, b) => {
        const rounded = divRoundHalfEven(a, b);
        const off = distance(rounded * b, a);
        expect(off * 2n <= b).toBe(true);
        if (off * 2n === b) expect(rounded % 2n).toBe(0n);
      }),
    );
  });

  it.each([
    [5n, 2n, 2n, 3n, 2n],
    [7n, 2n, 3n, 4n, 4n],
    [-5n, 2n, -3n, -2n, -2n],
    [-7n, 2n, -4n, -3n, -4n],
    [-1n, 1_000_000n, -1n, 0n, 0n],
    [0n, 3n, 0n, 0n, 0n],
    [6n, 3n, 2n, 2n, 2n],
  ])('%s by %s gives floor %s, ceiling %s, nearest %s', (a, b, floor, ceiling, nearest) => {
    expect([divFloor(a, b), divCeil(a, b), divRoundHalfEven(a, b)]).toEqual([floor, ceiling, nearest]);
  });
});

describe('order', () => {
  it('minAmount and maxAmount give both amounts back, the smaller first', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(minAmount(a, b) + maxAmount(a, b)).toBe(a + b);
        expect(minAmount(a, b) <= maxAmount(a, b)).toBe(true);
      }),
    );
  });
});

describe('dollars', () => {
  it('are read back as they were written', () => {
    const readable = 999_999_999n * NANO_USD_PER_USD;
    fc.assert(
      fc.property(fc.bigInt(-readable, readable), (nano) => {
        expect(parseUsd(formatUsd(nano))).toBe(nano);
      }),
    );
  });

  it.each([
    [1_500n, '0.0000015'],
    [0n, '0'],
    [-1n, '-0.000000001'],
    [NANO_USD_PER_USD, '1'],
    [12_340_000_000n, '12.34'],
    [2n ** 70n, '1180591620717.411303424'],
  ])('%s nano-USD is written %s', (nano, text) => {
    expect(formatUsd(nano)).toBe(text);
  });

  it.each([
    '',
    '.',
    '1.',
    '.5',
    '1e3',
    ' 1',
    '1 ',
    '+1',
    '1,5',
    '0x1',
    '1.0000000001',
    '1234567890',
    '1\n',
    '１',
    'NaN',
    'Infinity',
  ])('%j is no amount of dollars', (text) => {
    expect(parseUsd(text)).toBeUndefined();
  });
});

describe('JSON', () => {
  it('carries an amount as a number exactly while a double holds it, and as a string beyond', () => {
    fc.assert(
      fc.property(amount, (value) => {
        const json = JSON.parse(JSON.stringify(toJsonAmount(value))) as number | string;
        expect(BigInt(json)).toBe(value);
      }),
    );
  });

  it.each([
    [2n ** 53n - 1n, 'number'],
    [2n ** 53n, 'string'],
    [-(2n ** 53n) + 1n, 'number'],
    [-(2n ** 53n), 'string'],
  ])('%s is a %s', (value, type) => {
    expect(typeof toJsonAmount(value)).toBe(type);
  });
});
