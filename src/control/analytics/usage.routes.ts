// Owns: the routes that answer how much was used, and sums as JSON. Not: the sums (usage.service.ts).

import type { z } from 'zod';
import { usageEndpoints, type usageSchema } from '../../contracts/analytics/usage.ts';
import type { UsageInterval } from '../../contracts/analytics/usage-words.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { formatUsd } from '../../primitives/amounts.ts';
import { percentile } from './latency.rules.ts';
import type { UsageAnswer, UsageQuestion, UsageService } from './usage.service.ts';
import { type FilterQuery, toFilter } from './usage-filter.rules.ts';
import { changePercent, pointsOf, type Stretch } from './usage-range.rules.ts';
import { LATENCY_BOUNDS_MS, NO_USE, type UsageSums } from './usage-sums.queries.ts';

type UsageJson = z.input<typeof usageSchema>;
type SumsJson = NonNullable<UsageJson['other']>;
type ChangeJson = NonNullable<UsageJson['comparison']>['change_percent'];

/** All of them. */
export function usageRoutes({ usage }: { readonly usage: UsageService }): Route[] {
  return [
    implement(usageEndpoints.me, async ({ caller, query }) => {
      const question = toQuestion(query);
      const own = { ...question, filter: { ...question.filter, users: [caller.userId] } };
      return { data: toJson(await usage.get(caller, own), query.group_by) };
    }),
    implement(usageEndpoints.organization, async ({ caller, query }) => ({
      data: toJson(await usage.get(caller, toQuestion(query)), query.group_by),
    })),
  ];
}

function toQuestion(query: z.output<typeof usageEndpoints.me.query> & FilterQuery): UsageQuestion {
  const { group_by: group, sort, limit, cursor, period, from, to, interval } = query;
  return { group, sort, limit, cursor, period, from, to, interval, filter: toFilter(query) };
}

function toJson(answer: UsageAnswer, group: UsageJson['group_by']): UsageJson {
  const { range, totals, previous, spread, rows, labels } = answer;
  const latencies = spread.latencyBuckets;
  return {
    ...stretchJson(range),
    time_zone: 'UTC',
    data_as_of: new Date(answer.asOfMs).toISOString(),
    group_by: group,
    totals: {
      ...sumsJson(totals),
      active_users: Number(spread.users),
      latency_ms: latencies && {
        p50: percentile(latencies, LATENCY_BOUNDS_MS, 0.5) ?? 0,
        p95: percentile(latencies, LATENCY_BOUNDS_MS, 0.95) ?? 0,
      },
    },
    comparison: range.previous && {
      ...stretchJson(range.previous),
      totals: sumsJson(previous),
      change_percent: changeJson(totals, previous),
    },
    interval: range.interval,
    series: seriesJson(answer),
    rows: rows.map((row) => ({
      key: row.key,
      label: row.key === null ? 'none' : (labels.get(row.key) ?? row.key),
      ...sumsJson(row),
      cost_share: shareOf(row.costNanoUsd, totals.costNanoUsd),
      change_percent: range.previous === null ? null : changeJson(row, row.previous),
    })),
    other: answer.otherGroups === 0n ? null : sumsJson(answer.other),
    next_cursor: answer.nextCursor,
  };
}

function stretchJson({ fromMs, toMs }: Stretch): Pick<UsageJson, 'from' | 'to'> {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** Every point of the range, up to now; of a range without a beginning, from where there is something. */
function seriesJson({ range, series, asOfMs }: UsageAnswer): UsageJson['series'] {
  const found = new Map(series.map((point) => [point.at.getTime(), point]));
  const first = series[0]?.at.getTime();
  const fromMs = range.fromMs > 0 ? range.fromMs : (first ?? range.toMs);
  const toMs = Math.min(range.toMs, asOfMs + 1);
  return points({ fromMs, toMs }, range.interval).map((at) => ({
    at: new Date(at).toISOString(),
    ...sumsJson(found.get(at) ?? NO_USE),
  }));
}

const points = (stretch: Stretch, interval: UsageInterval): number[] => [...pointsOf(stretch, interval)];

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
export function changeJson(
  now: UsageSums,
  then: Pick<UsageSums, 'requests' | 'errors' | 'inputTokens' | 'outputTokens' | 'costNanoUsd'>,
): ChangeJson {
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
