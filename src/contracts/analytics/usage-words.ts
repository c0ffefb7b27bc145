// Owns: the words in which use is asked for and answered: periods, filters, groups, sums. Not: the endpoints (usage.ts, usage-reports.ts, usage-events.ts).

import { z } from 'zod';
import { day, instant } from '../instant.ts';

/** Values of one filter at most. */
const VALUES_MAX = 20;

/** Stretches of time that have a name. `month` begins with the calendar month, `all` has no beginning; both end now. */
export const usagePeriods = z.enum(['24h', '7d', '30d', '90d', 'month', 'all']);
export type UsagePeriod = z.output<typeof usagePeriods>;

/** By what use is added up. */
export const usageGroups = z.enum([
  ...(['day', 'hour', 'user', 'model', 'model_type', 'provider', 'template', 'feature'] as const),
  ...(['department', 'key', 'status', 'environment'] as const),
]);
export type UsageGroup = z.output<typeof usageGroups>;

/** How the model of a call was chosen. */
export const useKinds = z.enum(['system', 'org_default', 'user', 'catalog']);

/** How a call ended. */
export const useStatuses = z.enum(['success', 'error', 'timeout', 'cancelled', 'denied']);

/** Points of a series. */
export const usageIntervals = z.enum(['hour', 'day', 'month']);
export type UsageInterval = z.output<typeof usageIntervals>;

/** What the dearest groups are the dearest by. */
export const usageSorts = z.enum(['cost', 'requests', 'tokens', 'errors']);
export type UsageSort = z.output<typeof usageSorts>;

/** Several values in one parameter, with commas between them; `none` stands for what has none. */
function several<Item extends z.ZodType<string, string>>(item: Item, what: string) {
  return z
    .string()
    .min(1)
    .max(2_000)
    .transform((text) => text.split(',').map((value) => value.trim()))
    .pipe(z.array(item).min(1).max(VALUES_MAX))
    .describe(`${what} Several with commas between them.`);
}

const name = z.string().min(1).max(200);
const idOrNone = z.uuid().or(z.literal('none'));

/** What narrows use; every filter that is given has to hold. */
export const usageFilters = {
  model: several(name, 'Ids of models.').optional(),
  model_type: several(useKinds, 'How the model was chosen.').optional(),
  provider: several(name, 'Slugs of providers.').optional(),
  template: several(name, 'Slugs of templates, `none`: calls without one.').optional(),
  feature: several(name, 'Names of features, `none`: calls without one.').optional(),
  department: several(idOrNone, 'Ids of departments, `none`: calls without one.').optional(),
  key: several(idOrNone, 'Ids of virtual keys, `none`: calls without one.').optional(),
  status: several(useStatuses, 'How calls ended.').optional(),
  environment: several(name, 'Environments.').optional(),
} as const;

/** Whose use, where it may be somebody's else. */
export const userFilter = {
  user: several(idOrNone, 'Ids of people, `none`: use by service keys.').optional(),
} as const;

const moment = z.union(
  [day, instant],
  'is neither a day between 1970 and 8999 (YYYY-MM-DD) nor a moment with its offset',
);

/** Which stretch of time. Days are whole, in UTC, both included; moments are widened to whole hours. */
export const usageRange = {
  period: usagePeriods.optional().describe('In place of `from` and `to`. Left out with them: `30d`.'),
  from: moment.optional().describe('A day or a moment. Left out: 30 days before `to`.'),
  to: moment.optional().describe('A day, included, or a moment, not included. Left out: now.'),
} as const;

/** Use added up. */
export const usageSums = {
  requests: z.number().int().describe('Calls, refused ones too.'),
  errors: z.number().int().describe('Calls that ended in an error or timeout.'),
  denied: z.number().int().describe('Calls that were refused.'),
  trial_requests: z.number().int(),
  fallback_requests: z.number().int().describe('Calls that another model than the asked one served.'),
  estimated_requests: z.number().int().describe('Calls whose tokens are an estimate: nobody told how they ended.'),
  unpriced_requests: z.number().int().describe('Calls whose model has no price: their cost is not in the sums.'),
  input_tokens: z.number().int(),
  output_tokens: z.number().int(),
  cached_input_tokens: z.number().int().describe('Part of the input.'),
  cache_write_tokens: z.number().int().describe('Part of the input.'),
  reasoning_tokens: z.number().int().describe('Part of the output.'),
  total_tokens: z.number().int().describe('Input and output.'),
  cost_usd: z.string().describe('Charged, in US dollars.'),
  average_latency_ms: z.number().nullable(),
  average_first_token_ms: z.number().nullable(),
} as const;

/** How much more than before, in percent; null where there was nothing before. */
export const usageChange = z.strictObject({
  requests: z.number().nullable(),
  errors: z.number().nullable(),
  total_tokens: z.number().nullable(),
  cost_usd: z.number().nullable(),
});
