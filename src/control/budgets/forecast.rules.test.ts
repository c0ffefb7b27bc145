// Proves: what is learnt of days before, that a forecast follows from it as it should, and that what is published of its error is what happened.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../primitives/random.ts';
import { calibrate } from './back-test.rules.ts';
import { type BudgetForecast, type ForecastQuestion, forecastBudget, isBreachLikely } from './budget-forecast.rules.ts';
import { expectedSpend, findBreach, fitSpend } from './forecast.rules.ts';

const DAY_MS = 86_400_000;
const USD = 1_000_000_000;
/** A Monday. */
const START_MS = Date.UTC(2026, 0, 5);
const END_MS = START_MS + 84 * DAY_MS;

const days = (costOf: (day: number) => number, count = 84): number[] =>
  Array.from({ length: count }, (_, day) => costOf(day));
const monthAfter = (history: readonly number[], startMs = START_MS): number => {
  const endMs = startMs + history.length * DAY_MS;
  return expectedSpend(fitSpend({ startMs, days: history }), endMs, endMs + 28 * DAY_MS);
};
/** Chance around 1, the same on every run. */
function noise(seed: number, reach: number): () => number {
  const random = createSeededRandom(seed);
  return () => 1 + (reach * (random.below(2_001) - 1_000)) / 1_000;
}

/** A budget at the middle of a 30 day window, with whole days of `costs` before. */
function ask(costs: readonly number[], more: Partial<ForecastQuestion> = {}): BudgetForecast {
  const nowMs = END_MS + DAY_MS / 2;
  const startMs = END_MS - costs.length * DAY_MS;
  return forecastBudget({
    ...{ spentNanoUsd: 0n, limitNanoUsd: BigInt(1_000 * USD), nowMs, windowStartMs: END_MS - 15 * DAY_MS },
    resetsAtMs: END_MS + 15 * DAY_MS,
    days: new Map(costs.map((cost, day) => [startMs + day * DAY_MS, BigInt(Math.round(cost * USD))])),
    ...more,
  });
}

describe('what days to come cost', () => {
  it('is what every day before cost, where that never changed', () => {
    for (const count of [1, 5, 13, 14, 30, 120]) expect(monthAfter(days(() => 10, count))).toBeCloseTo(280, 6);
  });

  it('knows quiet weekends', () => {
    const week = (day: number) => (day % 7 < 5 ? 10 : 1);
    const model = fitSpend({ startMs: START_MS, days: days(week) });
    expect(model.method).toBe('weekday_trend');
    const [friday, saturday] = [model.dayAt(END_MS + 4 * DAY_MS), model.dayAt(END_MS + 5 * DAY_MS)];
    expect(friday).toBeGreaterThan(9.3);
    expect(saturday).toBeLessThan(2);
    expect(monthAfter(days(week))).toBeCloseTo(4 * 52, -1);
  });

  it('follows a trend, less and less', () => {
    const rising = days((day) => 10 + day);
    const model = fitSpend({ startMs: START_MS, days: rising });
    const [first, second, last] = [0, 1, 90].map((ahead) => model.dayAt(END_MS + ahead * DAY_MS));
    expect(first).toBeGreaterThan(75);
    expect(second).toBeGreaterThan(first ?? 0);
    expect(last).toBeLessThan(120);
  });

  it('is hardly moved by one batch run, but knows one that comes every week', () => {
    expect(monthAfter(days((day) => (day === 80 ? 1_000 : 10)))).toBeLessThan(340);
    expect(monthAfter(days((day) => (day % 7 === 2 ? 1_000 : 10)))).toBeGreaterThan(3_600);
    expect(monthAfter(days((day) => (day % 10 === 0 ? 100 : 0)))).toBeGreaterThan(150);
  });

  it('is nothing where nothing was spent, and never less', () => {
    expect(monthAfter([])).toBe(0);
    expect(monthAfter(days(() => 0))).toBe(0);
    expect(monthAfter(days((day) => Math.max(0, 100 - 4 * day)))).toBeGreaterThanOrEqual(0);
  });

  it('grows with the history, to scale', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 120 }), (costs) => {
        const [once, thrice] = [monthAfter(costs), monthAfter(costs.map((cost) => cost * 3))];
        expect(Number.isFinite(once)).toBe(true);
        expect(once).toBeGreaterThanOrEqual(0);
        expect(thrice).toBeCloseTo(once * 3, Math.max(-9, 3 - Math.ceil(Math.log10(1 + once))));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('passes a limit when the days before it add up to that limit', () => {
    const model = fitSpend({ startMs: START_MS, days: days(() => 10) });
    const from = { fromMs: END_MS, untilMs: END_MS + 30 * DAY_MS };
    expect(findBreach(model, { ...from, room: 25 })).toBeCloseTo(END_MS + 2.5 * DAY_MS, -1);
    expect(findBreach(model, { ...from, room: 300.1 })).toBeNull();
    expect(findBreach(fitSpend({ startMs: START_MS, days: [] }), { ...from, room: 0.1 })).toBeNull();
  });
});

describe('the forecast of a budget', () => {
  it('adds what is expected of the rest of the window, of today the part that is left', () => {
    const { projectedNanoUsd, lowNanoUsd, highNanoUsd, error } = ask(
      days(() => 10),
      { spentNanoUsd: BigInt(155 * USD) },
    );
    expect(Number(projectedNanoUsd) / USD).toBeCloseTo(300, 6);
    expect([Number(lowNanoUsd) / USD, Number(highNanoUsd) / USD]).toEqual([
      expect.closeTo(300, 6),
      expect.closeTo(300, 6),
    ]);
    expect(error).toMatchObject({ mape: expect.closeTo(0, 9), coverage: 1 });
  });

  it('holds its order, whatever the days were: spent, low, projected, high; more spent is more projected', () => {
    const cost = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e5, noNaN: true }));
    fc.assert(
      fc.property(
        fc.array(cost, { maxLength: 120 }),
        fc.bigInt({ min: 0n, max: 10n ** 15n }),
        (costs, spentNanoUsd) => {
          const forecast = ask(costs, { spentNanoUsd });
          expect(forecast.lowNanoUsd).toBeGreaterThanOrEqual(spentNanoUsd);
          expect(forecast.projectedNanoUsd).toBeGreaterThanOrEqual(forecast.lowNanoUsd);
          expect(forecast.highNanoUsd).toBeGreaterThanOrEqual(forecast.projectedNanoUsd);
          const more = ask(costs, { spentNanoUsd: spentNanoUsd + 1_000n });
          expect(more.projectedNanoUsd).toBeGreaterThan(forecast.projectedNanoUsd);
          const tighter = ask(costs, { spentNanoUsd, limitNanoUsd: 500n * 10n ** 9n }).projectedBreachAtMs;
          if (forecast.projectedBreachAtMs !== null && tighter !== null)
            expect(tighter).toBeLessThanOrEqual(forecast.projectedBreachAtMs);
        },
      ),
      { seed: 2, numRuns: 100 },
    );
  });

  it('says how much it had to go by, and tells of a breach only with a past to judge itself by', () => {
    const table: [number, string, boolean][] = [
      [0, 'none', false],
      [3, 'run_rate', false],
      [14, 'weekday_trend', false],
      [84, 'weekday_trend', true],
      [200, 'weekday_trend', true],
    ];
    for (const [count, method, isLikely] of table) {
      const forecast = ask(
        days(() => 10, count),
        { limitNanoUsd: BigInt(100 * USD) },
      );
      expect([count, forecast.method, isBreachLikely(forecast)]).toEqual([count, method, isLikely]);
      expect(forecast.historyDays).toBe(Math.min(count, 120));
      expect(forecast.error === null).toBe(!isLikely);
    }
    expect(
      isBreachLikely(
        ask(
          days(() => 10),
          { limitNanoUsd: BigInt(10_000 * USD) },
        ),
      ),
    ).toBe(false);
    const passed = ask(
      days(() => 10),
      { spentNanoUsd: BigInt(10 * USD), limitNanoUsd: BigInt(10 * USD) },
    );
    expect(passed.projectedBreachAtMs).toBeNull();
  });

  it('goes on as the first day began where there is no other', () => {
    const { method, projectedNanoUsd } = ask([], { spentNanoUsd: BigInt(5 * USD) });
    expect(method).toBe('run_rate');
    expect(Number(projectedNanoUsd) / USD).toBeCloseTo(5 + 14.5 * 10, 3);
  });
});

describe('what is published of its error', () => {
  it('is near what outcomes that it never saw show: four in five lie within the interval', () => {
    let [held, runs, claimed] = [0, 0, 0];
    for (let seed = 1; seed <= 120; seed += 1) {
      const chance = noise(seed, 0.6);
      const all = days((day) => (day % 7 < 5 ? 10 : 2) * chance(), 134);
      const [past, future] = [all.slice(0, 120), all.slice(120)];
      const expected = expectedSpend(
        fitSpend({ startMs: START_MS, days: past }),
        START_MS + 120 * DAY_MS,
        START_MS + 134 * DAY_MS,
      );
      const { backTest, intervalAround } = calibrate({ startMs: START_MS, days: past }, 14);
      const { low, high } = intervalAround(expected);
      const actual = future.reduce((sum, cost) => sum + cost, 0);
      runs += 1;
      if (actual >= expected + low && actual <= expected + high) held += 1;
      claimed += backTest?.coverage ?? 0;
      expect(backTest?.mape).toBeLessThan(0.35);
    }
    expect(held / runs).toBeGreaterThan(0.65);
    expect(held / runs).toBeLessThan(0.95);
    expect(Math.abs(claimed / runs - held / runs)).toBeLessThan(0.2);
  });

  it('is null with too little to compare', () => {
    expect(calibrate({ startMs: START_MS, days: days(() => 1, 28) }, 14).backTest).toBeNull();
    expect(calibrate({ startMs: START_MS, days: [] }, 14).backTest).toBeNull();
    expect(calibrate({ startMs: START_MS, days: days(() => 1, 36) }, 14).backTest?.windows).toBe(9);
  });
});
