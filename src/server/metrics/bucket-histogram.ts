// Owns: a histogram for Prometheus that costs a few comparisons to feed; prom-client's own costs more than a microsecond (CPU profile of the server under
// load), and every call feeds two. Not: which histograms there are (metrics.ts).

import type { Metric, Registry } from 'prom-client';

/** Takes what is measured. */
export interface BucketHistogram {
  observe(value: number): void;
}

/** What a histogram is called and how it is cut. */
export interface BucketHistogramOptions {
  readonly name: string;
  readonly help: string;
  /** Upper bounds, rising. */
  readonly buckets: readonly number[];
}

/** The same, a series for each value of one label. */
export interface LabelledHistogram<Value extends string> {
  observe(value: Value, measured: number): void;
}

/** Makes a histogram without labels and registers it. */
export function createBucketHistogram(registry: Registry, options: BucketHistogramOptions): BucketHistogram {
  const series = createSeries(options);
  register(registry, options, () => series.rows({}));
  return { observe: series.observe };
}

/** Makes a histogram with one label, whose values are known, and registers it. */
export function createLabelledHistogram<Value extends string>(
  registry: Registry,
  options: BucketHistogramOptions & { readonly label: string; readonly values: readonly Value[] },
): LabelledHistogram<Value> {
  const series = new Map(options.values.map((value) => [value, createSeries(options)] as const));
  register(registry, options, () => [...series].flatMap(([value, each]) => each.rows({ [options.label]: value })));
  return { observe: (value, measured) => series.get(value)?.observe(measured) };
}

interface SampleRow {
  readonly metricName: string;
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
}

function createSeries({ name, buckets }: BucketHistogramOptions) {
  const counts = new Float64Array(buckets.length + 1);
  let sum = 0;
  return {
    observe(value: number): void {
      let index = 0;
      while (index < buckets.length && value > (buckets[index] ?? 0)) index += 1;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += value;
    },
    rows(labels: Readonly<Record<string, string>>): SampleRow[] {
      let below = 0;
      const rows: SampleRow[] = [];
      for (const [index, count] of counts.entries()) {
        below += count;
        rows.push({ metricName: `${name}_bucket`, labels: { ...labels, le: buckets[index] ?? '+Inf' }, value: below });
      }
      rows.push({ metricName: `${name}_sum`, labels, value: sum });
      rows.push({ metricName: `${name}_count`, labels, value: below });
      return rows;
    },
  };
}

function register(registry: Registry, { name, help }: BucketHistogramOptions, read: () => SampleRow[]): void {
  const collected = () => ({ name, help, type: 'histogram', aggregator: 'sum', values: read() });
  // All that the registry asks of a metric is its name and its values.
  registry.registerMetric({ name, get: async () => collected() } as unknown as Metric<string>);
}
