// Owns: the endpoints that hand use out: the report of a month, and files. Not: answers for a screen (usage.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { usageChange, usageFilters, usageRange, usageSums, userFilter } from './usage-words.ts';

/** Days of one file by the day, and of one with single calls. */
export const EXPORT_DAYS_MAX = 732;
export const EXPORT_CALL_DAYS_MAX = 92;

const sums = z.strictObject(usageSums);
const moment = z.iso.datetime();
const part = z
  .strictObject({
    rows: z
      .array(
        z.strictObject({
          key: z.string().nullable(),
          label: z.string(),
          ...usageSums,
          cost_share: z.number().nullable(),
          change_percent: usageChange.nullable(),
        }),
      )
      .max(100),
    other: sums.nullable(),
  })
  .describe('The dearest first.');

/** The report of a month. */
export const usageReportSchema = z.strictObject({
  organization: z.strictObject({ id: z.uuid(), name: z.string() }),
  month: z.string(),
  from: moment,
  to: moment.describe('Not included; of the running month up to now.'),
  complete: z.boolean().describe('The month is over.'),
  time_zone: z.literal('UTC'),
  generated_at: moment,
  totals: sums,
  comparison: z
    .strictObject({ month: z.string(), totals: sums, change_percent: usageChange })
    .describe('The month before: of it as many days as of this one.'),
  by_department: part,
  by_model: part,
  by_user: part,
  by_feature: part,
  by_day: z.array(z.strictObject({ at: moment, ...usageSums })).max(31),
});

const shared = { tag: 'Usage', role: 'admin', permission: 'usage.read' } as const;

export const usageReportEndpoints = {
  report: defineEndpoint({
    ...shared,
    operationId: 'getUsageReport',
    method: 'GET',
    path: '/api/usage/report',
    summary: 'A month of the organization, to be printed',
    query: z.strictObject({
      month: z
        .string()
        .regex(/^(20\d\d|19[7-9]\d)-(0[1-9]|1[0-2])$/, 'is not a month: YYYY-MM')
        .optional()
        .describe('YYYY-MM, in UTC. Left out: the running one.'),
    }),
    output: single(usageReportSchema),
  }),
  export: defineEndpoint({
    ...shared,
    operationId: 'exportUsage',
    method: 'GET',
    path: '/api/usage/export.csv',
    summary: 'Use of the organization as a file',
    description:
      'By the day, a row for all that differs in any column, or call by call. `focus` is FOCUS 1.2 (FinOps), a row a day; its costs are those charged, its own columns begin with `x_`.',
    query: z.strictObject({
      ...usageRange,
      ...usageFilters,
      ...userFilter,
      detail: z.enum(['day', 'call']).default('day'),
      format: z.enum(['csv', 'focus']).default('csv'),
    }),
    produces: 'text/csv',
  }),
} as const;
