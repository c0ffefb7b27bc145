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

/** Makes a histogram without labels and registers it. */
export function createBucketHistogram(
  registry: Registry,
  { name, help, buckets }: BucketHistogramOptions,
): BucketHistogram {
  const counts = new Float64Array(buckets.length + 1);
  let sum = 0;
  const collected = () => {
    let below = 0;
    const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
    for (const [index, count] of counts.entries()) {
      below += count;
      values.push({ metricName: `${name}_bucket`, labels: { le: buckets[index] ?? '+Inf' }, value: below });
    }
    values.push({ metricName: `${name}_sum`, labels: {}, value: sum });
    values.push({ metricName: `${name}_count`, labels: {}, value: below });
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  };
  // All that the registry asks of a metric is its name and its values.
  registry.registerMetric({ name, get: async () => collected() } as unknown as Metric<string>);
  return {
    observe(value) {
      let index = 0;
      while (index < buckets.length && value > (buckets[index] ?? 0)) index += 1;
      counts[index] = (counts[index] ?? 0) + 1;
      sum += value;
    },
  };
}
