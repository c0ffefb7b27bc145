// Owns: the endpoints that answer how much was used: by oneself, by the organization. Not: single calls (usage-events.ts), reports and files (usage-reports.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import {
  usageChange,
  usageFilters,
  usageGroups,
  usageIntervals,
  usageRange,
  usageSorts,
  usageSums,
  userFilter,
} from './usage-words.ts';

const CURSOR_LENGTH_MAX = 1_000;
/** Points of one series at most: an hourly one reaches over a month. */
const POINTS_MAX = 5_000;

const sums = z.strictObject(usageSums);
const moment = z.iso.datetime();
const stretch = { from: moment, to: moment.describe('Not included.') } as const;

/** One answer about use. */
export const usageSchema = z.strictObject({
  ...stretch,
  time_zone: z.literal('UTC').describe('Days and hours are those of this zone.'),
  data_as_of: moment.describe('Calls booked by then are counted.'),
  group_by: usageGroups,
  totals: z.strictObject({
    ...usageSums,
    active_users: z.number().int().describe('People who made a call.'),
    latency_ms: z
      .strictObject({ p50: z.number(), p95: z.number() })
      .nullable()
      .describe('Estimated from a histogram; null: nothing was measured.'),
  }),
  comparison: z
    .strictObject({ ...stretch, totals: sums, change_percent: usageChange })
    .nullable()
    .describe('The stretch before, equally long; null for `all`.'),
  interval: usageIntervals,
  series: z
    .array(z.strictObject({ at: moment, ...usageSums }))
    .max(POINTS_MAX)
    .describe('Oldest first, without gaps.'),
  rows: z
    .array(
      z.strictObject({
        key: z.string().nullable().describe('Null: calls that have none.'),
        label: z.string(),
        ...usageSums,
        cost_share: z.number().nullable().describe('Of the total, 0 to 1.'),
        change_percent: usageChange.nullable(),
      }),
    )
    .max(100)
    .describe('Days and hours in their order, anything else by `sort`, most first.'),
  other: sums.nullable().describe('All that comes after the rows, added up; null: nothing does.'),
  next_cursor: z.string().nullable(),
});

const question = {
  ...usageRange,
  ...usageFilters,
  group_by: usageGroups.default('model'),
  interval: usageIntervals.optional().describe('Of the series. Left out: what suits the range.'),
  sort: usageSorts.default('cost'),
  limit: z.coerce.number().int().min(1).max(100).default(20).describe('Rows.'),
  cursor: z.string().min(1).max(CURSOR_LENGTH_MAX).optional(),
} as const;

export const usageEndpoints = {
  me: defineEndpoint({
    operationId: 'getMyUsage',
    method: 'GET',
    path: '/api/usage/me',
    summary: 'What I used in the organization, with the period before',
    tag: 'Usage',
    role: 'member',
    permission: 'usage.read_own',
    query: z.strictObject(question),
    output: single(usageSchema),
  }),
  organization: defineEndpoint({
    operationId: 'getOrganizationUsage',
    method: 'GET',
    path: '/api/usage/organization',
    summary: 'What the organization used, with the period before',
    tag: 'Usage',
    role: 'admin',
    permission: 'usage.read',
    query: z.strictObject({ ...question, ...userFilter }),
    output: single(usageSchema),
  }),
} as const;
