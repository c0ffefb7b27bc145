// Owns: sums of use, groups and series as JSON. Pure. Not: what they are sums of.

import type { z } from 'zod';
import type { usageSchema } from '../../contracts/analytics/usage.ts';
import type { UsageInterval } from '../../contracts/analytics/usage-words.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import { changePercent, pointsOf, type Stretch } from './usage-range.rules.ts';
import { NO_USE, type PreviousSums, type SumsAnswer, type UsageSums } from './usage-sums.queries.ts';

type UsageJson = z.input<typeof usageSchema>;
type SumsJson = NonNullable<UsageJson['other']>;
type ChangeJson = NonNullable<UsageJson['comparison']>['change_percent'];

/** Every point of a range; of one without a beginning, from where there is something. */
export function seriesJson(
  series: SumsAnswer['series'],
  range: Stretch & { readonly interval: UsageInterval },
): UsageJson['series'] {
  const found = new Map(series.map((point) => [point.at.getTime(), point]));
  const fromMs = range.fromMs > 0 ? range.fromMs : (series[0]?.at.getTime() ?? range.toMs);
  return [...pointsOf({ fromMs, toMs: range.toMs }, range.interval)].map((at) => ({
    at: new Date(at).toISOString(),
    ...sumsJson(found.get(at) ?? NO_USE),
  }));
}

/** Groups by name. */
export function rowsJson(
  { rows, totals }: SumsAnswer,
  { labels, hasPrevious }: { readonly labels: ReadonlyMap<string, string>; readonly hasPrevious: boolean },
): UsageJson['rows'] {
  return rows.map((row) => ({
    key: row.key,
    label: row.key === null ? 'none' : (labels.get(row.key) ?? row.key),
    ...sumsJson(row),
    cost_share: shareOf(row.costNanoUsd, totals.costNanoUsd),
    change_percent: hasPrevious ? changeJson(row, row.previous) : null,
  }));
}

/** Sums as JSON. */
export function sumsJson(sums: UsageSums): SumsJson {
  return {
    requests: Number(sums.requests),
    errors: Number(sums.errors),
    denied: Number(sums.denied),
    trial_requests: Number(sums.trialRequests),
    fallback_requests: Number(sums.fallbackRequests),
    estimated_requests: Number(sums.estimatedRequests),
    unpriced_requests: Number(sums.unpricedRequests),
    input_tokens: Number(sums.inputTokens),
    output_tokens: Number(sums.outputTokens),
    cached_input_tokens: Number(sums.cachedInputTokens),
    cache_write_tokens: Number(sums.cacheWriteTokens),
    reasoning_tokens: Number(sums.reasoningTokens),
    total_tokens: Number(sums.inputTokens + sums.outputTokens),
    cost_usd: formatUsd(sums.costNanoUsd),
    average_latency_ms: average(sums.latencyMsSum, sums.latencyCount),
    average_first_token_ms: average(sums.firstTokenMsSum, sums.firstTokenCount),
  };
}

/** How much more than before. */
export function changeJson(now: UsageSums, then: PreviousSums): ChangeJson {
  return {
    requests: changePercent(now.requests, then.requests),
    errors: changePercent(now.errors, then.errors),
    total_tokens: changePercent(now.inputTokens + now.outputTokens, then.inputTokens + then.outputTokens),
    cost_usd: changePercent(now.costNanoUsd, then.costNanoUsd),
  };
}

function average(sum: bigint, count: bigint): number | null {
  return count <= 0n ? null : Math.round(Number(sum) / Number(count));
}

function shareOf(part: bigint, whole: bigint): number | null {
  return whole <= 0n ? null : Number((part * 10_000n) / whole) / 10_000;
}
