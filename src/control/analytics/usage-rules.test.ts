// Proves: which stretch of time a question means and what it is compared with, that stretches are cut without gap or overlap, and how percentiles and bills come about.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, type Price } from '../../primitives/price.ts';
import { percentile } from './latency.rules.ts';
import { explainBill } from './usage-bill.rules.ts';
import type { UsageEventRow } from './usage-event.queries.ts';
import { changePercent, piecesOf, pointsOf, usageRange } from './usage-range.rules.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 2, 10, 15, 20);
const utc = (ms: number): string => new Date(ms).toISOString().slice(0, 13);

describe('a range', () => {
  it.each([
    ['24h', '2026-03-09T16', '2026-03-10T16', '2026-03-08T16', '2026-03-09T16', 'hour'],
    ['7d', '2026-03-04T00', '2026-03-11T00', '2026-02-25T00', '2026-03-03T16', 'day'],
    ['30d', '2026-02-09T00', '2026-03-11T00', '2026-01-10T00', '2026-02-08T16', 'day'],
    ['month', '2026-03-01T00', '2026-03-11T00', '2026-02-19T00', '2026-02-28T16', 'day'],
  ] as const)('%s is from %s to %s, against %s to %s', (period, from, to, previousFrom, previousTo, interval) => {
    const range = usageRange({ period }, NOW);
    expect([utc(range.fromMs), utc(range.toMs), range.interval]).toEqual([from, to, interval]);
    expect([utc(range.previous?.fromMs ?? 0), utc(range.previous?.toMs ?? 0)]).toEqual([previousFrom, previousTo]);
  });

  it('of whole days in the past is compared with as many right before', () => {
    const { fromMs, toMs, previous } = usageRange({ from: '2026-02-01', to: '2026-02-28' }, NOW);
    expect([utc(fromMs), utc(toMs)]).toEqual(['2026-02-01T00', '2026-03-01T00']);
    expect([utc(previous?.fromMs ?? 0), utc(previous?.toMs ?? 0)]).toEqual(['2026-01-04T00', '2026-02-01T00']);
  });

  it('is cut into whole days and single hours that together are the stretch', () => {
    const hours = fc.integer({ min: 0, max: 24 * 60 });
    fc.assert(
      fc.property(hours, hours, fc.boolean(), (first, length, byHour) => {
        const fromMs = NOW - (NOW % HOUR_MS) - first * HOUR_MS;
        const stretch = { fromMs, toMs: fromMs + (length + 1) * HOUR_MS };
        const pieces = piecesOf(stretch, { byHour, nowMs: NOW });
        expect(pieces[0]?.fromMs).toBe(stretch.fromMs);
        // A day that is not over may be read whole.
        expect(pieces.at(-1)?.toMs).toBeGreaterThanOrEqual(stretch.toMs);
        if (stretch.toMs <= NOW) expect(pieces.at(-1)?.toMs).toBe(stretch.toMs);
        for (const [index, piece] of pieces.entries()) {
          if (index > 0) expect(piece.fromMs).toBe(pieces[index - 1]?.toMs);
          if (piece.view === 'usage_days') expect([piece.fromMs % DAY_MS, piece.toMs % DAY_MS]).toEqual([0, 0]);
        }
      }),
    );
  });

  it('has a point for each hour, day or month it touches', () => {
    const stretch = { fromMs: Date.UTC(2025, 10, 30), toMs: Date.UTC(2026, 1, 1, 1) };
    expect([...pointsOf(stretch, 'month')].map((at) => utc(at).slice(0, 7))).toEqual([
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
    expect([...pointsOf(stretch, 'day')]).toHaveLength(64);
    expect([...pointsOf(stretch, 'hour')]).toHaveLength(63 * 24 + 1);
  });
});

it.each([
  [150n, 100n, 50],
  [0n, 3n, -100],
  [5n, 0n, null],
  [10n ** 18n, 3n * 10n ** 18n, -66.6],
])('%d after %d is a change of %s percent', (now, then, percent) => {
  expect(changePercent(now, then)).toBe(percent);
});

describe('a percentile', () => {
  const bounds = [100, 200, 400];
  it.each([
    [[0n, 10n, 0n, 0n], 0.5, 150],
    [[5n, 5n, 0n, 0n], 0.95, 190],
    [[0n, 0n, 0n, 4n], 0.5, 400],
    [[0n, 0n, 0n, 0n], 0.5, null],
  ])('of %s at %d is %s', (counts, share, value) => expect(percentile(counts, bounds, share)).toBe(value));
});

describe('a bill', () => {
  const amount = fc.bigInt(0n, 300_000_000_000n);
  const price: fc.Arbitrary<Price> = fc.record({
    ...{
      id: fc.constant('p'),
      input: amount,
      output: amount,
      cachedInput: fc.option(amount),
      cacheWrite: fc.option(amount),
    },
    ...{ cacheWrite1h: fc.option(amount), reasoning: fc.option(amount), perRequest: fc.bigInt(0n, 1_000n) },
    longContext: fc.constant(null),
  });
  const tokens = fc.bigInt(0n, 3_000_000n);
  const use = fc.record({
    input: tokens,
    output: tokens,
    cachedInput: tokens,
    cacheWrite: tokens,
    cacheWrite1h: tokens,
    reasoning: tokens,
  });
  const dated = (of: Price) => ({ modelId: 'm', effectiveFrom: new Date(0), price: of });
  const event = (changes: Partial<UsageEventRow>): UsageEventRow =>
    ({
      route: 'chat_completions',
      tokenSource: 'provider',
      priceId: 'p',
      costNanoUsd: 0n,
      ...changes,
    }) as UsageEventRow;

  it('worked out anew is what was stored, for thousands of calls', () => {
    fc.assert(
      fc.property(price, use, (of, used) => {
        const stored = event({
          ...{ inputTokens: used.input, outputTokens: used.output, cachedInputTokens: used.cachedInput },
          ...{
            cacheWriteTokens: used.cacheWrite,
            cacheWrite1hTokens: used.cacheWrite1h,
            reasoningTokens: used.reasoning,
          },
          costNanoUsd: costOf(of, used),
        });
        const bill = explainBill(stored, dated(of));
        expect([bill.outcome, bill.linesTotal]).toEqual(['charged', stored.costNanoUsd]);
        expect(bill.lines.reduce((sum, { nanoUsd }) => sum + nanoUsd, 0n)).toBe(stored.costNanoUsd);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['has no price', event({ costNanoUsd: null, priceId: null }), 'unpriced'],
    ['was told of with its cost', event({ route: 'recorded', priceId: null, costNanoUsd: 5n }), 'given'],
    ['was refused', event({ priceId: null }), 'not_charged'],
  ])('of a call that %s says so', (_name, call, outcome) => expect(explainBill(call, null).outcome).toBe(outcome));
});
