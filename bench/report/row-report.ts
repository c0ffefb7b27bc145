// Owns: what a row of the benchmark has to say, as values. Not: how it is printed (print-report.ts).

const US_PER_MS = 1_000;

/** One figure of Weir, beside what it is compared with. */
export interface ResultLine {
  readonly what: string;
  readonly weir: string;
  readonly beside: string;
  readonly comparison: string;
}

/** One part of a call and what it costs. */
export interface CostLine {
  readonly part: string;
  readonly figures: readonly string[];
}

/** A target of the specification beside what was measured. */
export interface TargetLine {
  readonly what: string;
  readonly target: string;
  readonly result: string;
  readonly isMet: boolean;
}

/** All that a row says. */
export interface RowReport {
  readonly results: readonly ResultLine[];
  readonly costs?: readonly CostLine[];
  readonly targets: readonly TargetLine[];
  /** What a reader must know besides. */
  readonly notes?: readonly string[];
}

/** A target that is met by reaching it. */
export function atLeast(
  what: string,
  least: number,
  measured: { value: number; text: string; unit: string },
): TargetLine {
  return {
    what,
    target: `≥ ${formatCount(least)} ${measured.unit}`.trimEnd(),
    result: measured.text,
    isMet: measured.value >= least,
  };
}

/** A target that is met by not exceeding it. */
export function atMost(
  what: string,
  most: number,
  measured: { value: number; text: string; unit: string },
): TargetLine {
  return {
    what,
    target: `≤ ${formatCount(most)} ${measured.unit}`.trimEnd(),
    result: measured.text,
    isMet: measured.value <= most,
  };
}

/** A count with separators of thousands. */
export function formatCount(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: value < 100 ? 2 : 0 });
}

/** Milliseconds with as many places as mean something. */
export function formatMs(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} ms`;
}

/** Microseconds. */
export function formatUs(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} µs`;
}

/** A duration in the unit that suits it. */
export function formatDuration(ms: number): string {
  return ms < 1 ? formatUs(ms * US_PER_MS) : formatMs(ms);
}

/** How many times as much. */
export function formatRatio(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(value < 10 ? 2 : 1)} ×` : 'n/a';
}
