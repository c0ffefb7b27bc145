// Owns: medians and percentiles. Not: what they are of.

/** What is told of a number of measurements, in their unit. All 0 when there are none. */
export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly mean: number;
  readonly most: number;
}

/** Sums up measurements, in any order. */
export function summarise(values: ArrayLike<number>): Summary {
  const sorted = Float64Array.from(values).sort();
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    count: sorted.length,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    mean: sorted.length === 0 ? 0 : sum / sorted.length,
    most: sorted.at(-1) ?? 0,
  };
}

/** The middle one. */
export function median(values: ArrayLike<number>): number {
  return summarise(values).p50;
}

/** Nearest rank: a value that was measured, never one between two. */
function percentile(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
