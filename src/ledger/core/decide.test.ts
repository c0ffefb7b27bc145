// Owns: proof of the rules by which reservations and extensions are granted.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxAmount } from '../../primitives/amounts.ts';
import { type CounterState, canRefuse, decideExtend, decideReserve, fitsGenerously, legAmount } from './decide.ts';
import type { Meter } from './meter.ts';
import type { Leg, OutputAsk } from './reservation.ts';

const TOKENS: Meter = {
  key: 'org:1:tokens',
  kind: 'organization_quota',
  scopeClass: 'organization',
  unit: 'tokens',
  window: { kind: 'month' },
  limit: 1000n,
  mode: 'hard',
  organizationId: '1',
  label: 'tokens',
};

function leg(limit: bigint | null, base: bigint, rate: bigint, mode: Meter['mode'] = 'hard'): Leg {
  return { meter: { ...TOKENS, limit, mode }, base, rate };
}

const output = (floor: bigint, needed: bigint, wanted: bigint): OutputAsk => ({ floor, needed, wanted });
const at = (used: bigint, held: bigint): CounterState => ({ used, held });

describe('a reservation', () => {
  test.each<[string, CounterState, Leg, OutputAsk, bigint]>([
    [
      'gets its worst case while that is an eighth of the room',
      at(0n, 0n),
      leg(1000n, 200n, 1n),
      output(1n, 10n, 100n),
      100n,
    ],
    [
      'gets an eighth of the room when it wants more than that',
      at(0n, 0n),
      leg(1000n, 200n, 1n),
      output(1n, 10n, 101n),
      100n,
    ],
    [
      'gets what such calls need when an eighth is less',
      at(500n, 100n),
      leg(1000n, 0n, 1n),
      output(1n, 90n, 500n),
      90n,
    ],
    [
      'is cut to what is left when that is less than it needs',
      at(900n, 50n),
      leg(1000n, 10n, 1n),
      output(1n, 90n, 500n),
      40n,
    ],
    ['counts output at the leg rate', at(0n, 0n), leg(1000n, 0n, 3n), output(1n, 400n, 500n), 333n],
    ['never gets more than it wants', at(0n, 0n), leg(1_000_000n, 0n, 1n), output(0n, 5n, 7n), 7n],
    ['takes the very last unit', at(990n, 0n), leg(1000n, 10n, 0n), output(0n, 0n, 0n), 0n],
    ['of nothing fits a full meter', at(1000n, 0n), leg(1000n, 0n, 1n), output(0n, 0n, 0n), 0n],
    ['is not shrunk by a soft meter', at(5000n, 0n), leg(1000n, 10n, 1n, 'soft'), output(1n, 10n, 100n), 100n],
    ['is not shrunk by a meter without limit', at(5000n, 0n), leg(null, 10n, 1n), output(1n, 10n, 100n), 100n],
  ])('%s', (_name, counter, one, ask, granted) => {
    expect(decideReserve([counter], { legs: [one], output: ask })).toEqual({
      outcome: 'granted',
      grantedOutput: granted,
      amounts: [legAmount(one, granted)],
    });
  });

  test.each<[string, CounterState, Leg, OutputAsk, bigint]>([
    ['whose base does not fit', at(995n, 0n), leg(1000n, 6n, 0n), output(0n, 0n, 0n), 6n],
    ['with less left than a useful answer needs', at(900n, 50n), leg(1000n, 10n, 1n), output(41n, 90n, 500n), 51n],
    ['on a limit lowered below what is used', at(2000n, 0n), leg(1000n, 0n, 1n), output(0n, 0n, 10n), 0n],
    ['of more than any limit', at(0n, 0n), leg(1000n, 2n ** 62n, 0n), output(0n, 0n, 0n), 2n ** 62n],
  ])('%s is refused with the least it asked for', (_name, counter, one, ask, asked) => {
    expect(decideReserve([counter], { legs: [one], output: ask })).toEqual({
      outcome: 'failing',
      failing: [{ index: 0, asked }],
    });
  });

  test('is refused with every leg that fails, not only the first', () => {
    const legs = [leg(10n, 11n, 0n), leg(100n, 1n, 0n), leg(10n, 0n, 6n)];
    const decision = decideReserve([at(0n, 0n), at(0n, 0n), at(0n, 0n)], { legs, output: output(2n, 2n, 2n) });
    expect(decision).toEqual({
      outcome: 'failing',
      failing: [
        { index: 0, asked: 11n },
        { index: 2, asked: 12n },
      ],
    });
  });

  test('never passes a hard limit, gets at least its floor and at most what it wants', () => {
    fc.assert(
      fc.property(anyBatch(), ({ counters, requests }) => {
        const [request] = requests;
        if (!request) return;
        const decision = decideReserve(counters, request);
        if (decision.outcome === 'failing') {
          expect(decision.failing.length).toBeGreaterThan(0);
          return;
        }
        expect(decision.grantedOutput).toBeGreaterThanOrEqual(request.output.floor);
        expect(decision.grantedOutput).toBeLessThanOrEqual(request.output.wanted);
        for (const [index, one] of request.legs.entries()) {
          const { used, held } = counters[index] ?? at(0n, 0n);
          const total = used + held + (decision.amounts[index] ?? 0n);
          if (canRefuse(one)) expect(total).toBeLessThanOrEqual(one.meter.limit ?? 0n);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('that is refused would not have fitted with its floor, and one that fits with its floor is never refused', () => {
    fc.assert(
      fc.property(anyBatch(), ({ counters, requests }) => {
        const [request] = requests;
        if (!request) return;
        const fits = request.legs.every((one, index) => {
          const { used, held } = counters[index] ?? at(0n, 0n);
          return !canRefuse(one) || used + held + legAmount(one, request.output.floor) <= (one.meter.limit ?? 0n);
        });
        expect(decideReserve(counters, request).outcome).toBe(fits ? 'granted' : 'failing');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a batch that fits generously', () => {
  test('is one of which every request, decided in turn, gets all that it wants', () => {
    let generous = 0;
    fc.assert(
      fc.property(anyBatch(), ({ counters, requests, limits }) => {
        if (!fitsOnEveryMeter(counters, requests, limits)) return;
        generous += 1;
        const running = counters.map((counter) => ({ ...counter }));
        for (const request of requests) {
          const decision = decideReserve(running, request);
          if (decision.outcome === 'failing') expect.fail('refused in a batch that fits generously');
          expect(decision.grantedOutput).toBe(request.output.wanted);
          for (const [index, counter] of running.entries()) counter.held += decision.amounts[index] ?? 0n;
        }
      }),
      { numRuns: 5000 },
    );
    // The property must not hold for want of cases.
    expect(generous).toBeGreaterThan(200);
  });

  test('has room for the last call to take its worst case as an eighth of what is left, and not one unit less', () => {
    const batch = { sumWanted: 100n, maxWantedVariable: 50n };
    expect(fitsGenerously(at(10n, 20n), 130n + 350n, batch)).toBe(true);
    expect(fitsGenerously(at(10n, 20n), 130n + 349n, batch)).toBe(false);
  });
});

describe('an extension', () => {
  test('adds what is missing', () => {
    const decision = decideExtend([at(0n, 30n)], [30n], { legs: [leg(100n, 10n, 1n)], grantedOutput: 90n });
    expect(decision).toEqual({ outcome: 'granted', amounts: [100n] });
  });

  test('without room is refused with what it would have added', () => {
    const decision = decideExtend([at(0n, 30n)], [30n], { legs: [leg(100n, 10n, 1n)], grantedOutput: 91n });
    expect(decision).toEqual({ outcome: 'failing', failing: [{ index: 0, asked: 71n }] });
  });

  test('that adds nothing passes even on a meter over its limit, and never lowers what is held', () => {
    const decision = decideExtend([at(500n, 30n)], [30n], { legs: [leg(100n, 10n, 1n)], grantedOutput: 3n });
    expect(decision).toEqual({ outcome: 'granted', amounts: [30n] });
  });
});

interface Ask {
  readonly legs: readonly Leg[];
  readonly output: OutputAsk;
}

function fitsOnEveryMeter(
  counters: readonly CounterState[],
  requests: readonly Ask[],
  limits: readonly (bigint | null)[],
): boolean {
  return counters.every((counter, index) => {
    const limit = limits[index] ?? null;
    if (limit === null) return true;
    const variable = requests.map((request) => (request.legs[index]?.rate ?? 0n) * request.output.wanted);
    const base = requests.reduce((sum, request) => sum + (request.legs[index]?.base ?? 0n), 0n);
    const sumWanted = base + variable.reduce((sum, amount) => sum + amount, 0n);
    const maxWantedVariable = variable.reduce(maxAmount, 0n);
    return fitsGenerously(counter, limit, { sumWanted, maxWantedVariable });
  });
}

/** Up to six requests on the same one to three meters, from far below the limits to past them. */
function anyBatch() {
  const amount = fc.bigInt({ min: 0n, max: 60n });
  const outputs = fc
    .tuple(amount, amount, amount)
    .map(([floor, more, most]) => output(floor, floor + more, floor + more + most));
  return fc.integer({ min: 1, max: 3 }).chain((meters) => {
    const each = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: meters, maxLength: meters });
    return fc
      .record({
        limits: each(fc.option(fc.oneof(fc.bigInt({ min: 0n, max: 500n }), fc.bigInt({ min: 0n, max: 20_000n })))),
        modes: each(fc.constantFrom<Meter['mode']>('hard', 'hard', 'soft')),
        counters: each(fc.record({ used: fc.bigInt({ min: 0n, max: 400n }), held: amount })),
        asks: fc.array(fc.record({ output: outputs, parts: each(fc.tuple(amount, fc.bigInt({ min: 0n, max: 4n }))) }), {
          minLength: 1,
          maxLength: 6,
        }),
      })
      .map(({ limits, modes, counters, asks }) => ({
        counters,
        limits,
        requests: asks.map(
          (ask): Ask => ({
            output: ask.output,
            legs: ask.parts.map(([base, rate], index) =>
              leg(limits[index] ?? null, base, rate, modes[index] ?? 'hard'),
            ),
          }),
        ),
      }));
  });
}
