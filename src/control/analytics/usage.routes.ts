// Owns: the routes that answer how much was used, and an answer as JSON. Not: the sums (usage.service.ts), or one of them as JSON (usage-json.rules.ts).

import type { z } from 'zod';
import { usageEndpoints, type usageSchema } from '../../contracts/analytics/usage.ts';
import { isNobody } from '../../contracts/caller.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { WeirError } from '../../primitives/errors.ts';
import { percentile } from './latency.rules.ts';
import type { UsageAnswer, UsageQuestion, UsageService } from './usage.service.ts';
import { type FilterQuery, toFilter } from './usage-filter.rules.ts';
import { changeJson, rowsJson, seriesJson, sumsJson } from './usage-json.rules.ts';
import type { Stretch } from './usage-range.rules.ts';
import { LATENCY_BOUNDS_MS } from './usage-spread.queries.ts';

type UsageJson = z.input<typeof usageSchema>;

/** All of them. */
export function usageRoutes({ usage }: { readonly usage: UsageService }): Route[] {
  return [
    implement(usageEndpoints.me, async ({ caller, query }) => {
      if (isNobody(caller))
        throw new WeirError('forbidden', { message: 'A token of the organization is nobody. Use a personal token.' });
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
  const { range, totals, previous, spread, labels } = answer;
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
    series: seriesJson(answer.series, { ...range, toMs: Math.min(range.toMs, answer.asOfMs + 1) }),
    rows: rowsJson(answer, { labels, hasPrevious: range.previous !== null }),
    other: answer.otherGroups === 0n ? null : sumsJson(answer.other),
    next_cursor: answer.nextCursor,
  };
}

function stretchJson({ fromMs, toMs }: Stretch): Pick<UsageJson, 'from' | 'to'> {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}
