// Owns: the endpoints of single calls: the list, the arithmetic of one's cost, and telling of calls made elsewhere. Not: sums (usage.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { usageFilters, useKinds, userFilter, useStatuses } from './usage-words.ts';

/** How far back a list of single calls reaches from its end. */
export const EVENT_DAYS_MAX = 7;
/** How long after it was made a call may be told of. */
export const RECORD_DAYS_MAX = 35;
/** Tokens of one kind in one call. */
const TOKENS_MAX = 1_000_000_000;

const person = z.strictObject({ id: z.uuid(), name: z.string().nullable() });
const count = z.number().int();

/** A call as it came out. */
export const usageEventSchema = z.strictObject({
  id: z.uuid(),
  occurred_at: z.iso.datetime(),
  user: person.nullable(),
  department_id: z.uuid().nullable(),
  key: person.nullable().describe('The virtual key.'),
  model: z.string(),
  provider: z.string(),
  model_type: useKinds,
  template: z.string().nullable(),
  feature: z.string().nullable(),
  environment: z.string(),
  persona_id: z.uuid().nullable(),
  route: z.string().describe('`recorded` for a call made elsewhere.'),
  status: useStatuses,
  error_code: z.string().nullable(),
  input_tokens: count,
  output_tokens: count,
  cached_input_tokens: count,
  cache_write_tokens: count,
  reasoning_tokens: count,
  total_tokens: count,
  token_source: z.enum(['provider', 'counted', 'estimated']).describe('How the tokens are known.'),
  corrected: z.boolean().describe('An estimate that the truth has replaced since.'),
  cost_usd: z.string().nullable().describe('Charged; null: the model has no price.'),
  latency_ms: count.nullable(),
  first_token_ms: count.nullable(),
  streamed: z.boolean(),
  trial: z.boolean(),
  retries: count,
  fallback_used: z.boolean(),
  tags: z.record(z.string(), z.unknown()).nullable(),
});

const billSchema = z.strictObject({
  outcome: z
    .enum(['charged', 'not_charged', 'estimated', 'given', 'unpriced'])
    .describe(
      '`not_charged`: it gave no answer, or charging was off; `estimated`: what was set aside, for nobody told how it ended; `given`: with the call, by whoever told of it; `unpriced`: the model has no price.',
    ),
  cost_usd: z.string().nullable().describe('What was charged.'),
  price: z
    .strictObject({
      id: z.uuid(),
      model: z.string(),
      effective_from: z.iso.datetime(),
      long_context: z.boolean().describe('The whole input was so long that every token cost more.'),
    })
    .nullable(),
  lines: z
    .array(
      z.strictObject({
        part: z.enum(['input', 'cached_input', 'cache_write', 'cache_write_1h', 'output', 'reasoning', 'request']),
        tokens: count.nullable().describe('Null: the price of the request itself.'),
        usd_per_million: z.string().nullable(),
        cost_usd: z.string().describe('Tokens times price a million, to a thousand-millionth of a dollar.'),
      }),
    )
    .max(10),
  rounding: z.literal('half_even_per_line'),
  lines_total_usd: z.string().nullable().describe('The lines added up; what was charged where it was charged.'),
});

/** Whoever tells of a call that Weir did not make. */
const recordBody = z.strictObject({
  id: z
    .string()
    .min(1)
    .max(255)
    .optional()
    .describe('By it the call is booked once, however often it is told of. Left out: `Idempotency-Key`.'),
  occurred_at: instant.optional().describe(`At most ${RECORD_DAYS_MAX} days ago. Left out: now.`),
  model: z.string().trim().min(1).max(200).describe('Id in the catalog, or the name of a model that is not in it.'),
  provider: z.string().trim().min(1).max(100).optional().describe('For a model that is not in the catalog.'),
  input_tokens: z.number().int().min(0).max(TOKENS_MAX).describe('With cached and cache-write tokens.'),
  output_tokens: z.number().int().min(0).max(TOKENS_MAX).default(0).describe('With reasoning.'),
  cached_input_tokens: z.number().int().min(0).max(TOKENS_MAX).default(0),
  cache_write_tokens: z.number().int().min(0).max(TOKENS_MAX).default(0),
  reasoning_tokens: z.number().int().min(0).max(TOKENS_MAX).default(0),
  cost_usd: z
    .string()
    .regex(/^\d{1,5}(\.\d{1,9})?$/, 'is not an amount in dollars with at most nine decimals')
    .optional()
    .describe('What it cost. Left out: by the price of that day.'),
  status: useStatuses.exclude(['denied']).default('success'),
  error_code: z
    .string()
    .regex(/^[a-z0-9_.-]{1,100}$/)
    .optional(),
  latency_ms: z.number().int().min(0).max(86_400_000).optional(),
  first_token_ms: z.number().int().min(0).max(86_400_000).optional(),
  user_id: z.uuid().optional().describe('A member. Left out: whose key or session it is.'),
  feature: z.string().trim().min(1).max(200).optional(),
  template: z.string().trim().min(1).max(200).optional().describe('Its slug.'),
  environment: z.enum(['development', 'staging', 'production']).default('production'),
  tags: z.record(z.string().min(1).max(64), z.string().max(256)).optional().describe('Ten at most.'),
});

const tag = 'Usage';

export const usageEventEndpoints = {
  list: defineEndpoint({
    operationId: 'listUsageEvents',
    method: 'GET',
    path: '/api/usage/events',
    summary: 'Single calls, newest first: my own, or for admins the organization’s',
    tag,
    role: 'member',
    permission: 'usage.read_own',
    query: z.strictObject({
      from: instant.optional().describe('Left out: a day before `to`.'),
      to: instant.optional().describe(`Not included; at most ${EVENT_DAYS_MAX} days after \`from\`. Left out: now.`),
      ...usageFilters,
      ...userFilter,
      ...pageParameters,
    }),
    output: pageOf(usageEventSchema),
  }),
  get: defineEndpoint({
    operationId: 'getUsageEvent',
    method: 'GET',
    path: '/api/usage/events/{id}',
    summary: 'One call, with the arithmetic of its cost',
    tag,
    role: 'member',
    permission: 'usage.read_own',
    params: z.strictObject({ id: z.uuid() }),
    output: single(usageEventSchema.extend({ bill: billSchema })),
  }),
  record: defineEndpoint({
    operationId: 'recordUsage',
    method: 'POST',
    path: '/api/usage',
    summary: 'Tell of a call that was made elsewhere: it counts like one through the gateway',
    description:
      'It is booked on the same meters, quotas and budgets, in the windows of its moment, and is never refused for being beyond a limit. Credits are not taken. A call made more than an hour ago shows in sums within minutes.',
    tag,
    role: 'member',
    permission: 'usage.record',
    virtualKeys: 'accepted',
    body: recordBody,
    status: 201,
    output: single(
      z.strictObject({
        id: z.uuid().describe('Of the usage event.'),
        recorded: z.boolean().describe('False: it was told of before.'),
        occurred_at: z.iso.datetime(),
        cost_usd: z.string().nullable().describe('Null: the model has no price; an alert tells of it.'),
        price_id: z.uuid().nullable(),
      }),
    ),
    errors: ['idempotency_mismatch', 'not_found', 'ledger_unavailable'],
  }),
} as const;
