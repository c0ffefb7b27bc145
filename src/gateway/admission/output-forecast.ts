// Owns: how much output calls of a kind usually take: the learned 95th percentile of (model, template or feature). In memory of one replica.
// Not: the worst case (the model's own most) or how much is held (the ledger's elastic rule).

import { UNKNOWN_OUTPUT_TOKENS } from '../limits.ts';

/** Kinds of calls that are remembered; past it the oldest are forgotten. */
const KINDS_MAX = 10_000;
/** Calls of a kind before its own figures are believed. */
const LEARNT_CALLS = 20;
/** Counts are halved at this many calls, so that what happened long ago fades. */
const FADE_AT_CALLS = 2_000;
const PERCENTILE = 0.95;

/** Learns from settled calls and answers before the next. */
export interface OutputForecast {
  /** Tokens that 95 of 100 such calls stay within; a fixed guess while little is known. */
  expect(kind: string): number;
  /** Adds a call's output tokens. */
  learn(kind: string, outputTokens: number): void;
}

interface Histogram {
  calls: number;
  /** Calls with output below 2^(index/2): steps of 41 % are near enough for a hold. */
  readonly counts: Uint32Array;
}

const STEPS = 48;

/** Makes a forecast that knows nothing yet. */
export function createOutputForecast(): OutputForecast {
  const kinds = new Map<string, Histogram>();
  return {
    expect(kind) {
      const histogram = kinds.get(kind);
      return histogram && histogram.calls >= LEARNT_CALLS ? percentile(histogram) : UNKNOWN_OUTPUT_TOKENS;
    },
    learn(kind, outputTokens) {
      let histogram = kinds.get(kind);
      if (!histogram) {
        if (kinds.size >= KINDS_MAX) forgetOldest(kinds);
        histogram = { calls: 0, counts: new Uint32Array(STEPS) };
        kinds.set(kind, histogram);
      }
      const step = Math.min(STEPS - 1, Math.ceil(2 * Math.log2(Math.max(1, outputTokens))));
      histogram.counts[step] = (histogram.counts[step] ?? 0) + 1;
      histogram.calls += 1;
      if (histogram.calls >= FADE_AT_CALLS) fade(histogram);
    },
  };
}

function percentile({ calls, counts }: Histogram): number {
  let seen = 0;
  for (const [step, count] of counts.entries()) {
    seen += count;
    if (seen >= calls * PERCENTILE) return Math.ceil(2 ** (step / 2));
  }
  return UNKNOWN_OUTPUT_TOKENS;
}

function fade(histogram: Histogram): void {
  histogram.calls = 0;
  for (const [step, count] of histogram.counts.entries()) {
    histogram.counts[step] = count >> 1;
    histogram.calls += count >> 1;
  }
}

function forgetOldest(kinds: Map<string, Histogram>): void {
  const oldest = kinds.keys().next();
  if (!oldest.done) kinds.delete(oldest.value);
}
