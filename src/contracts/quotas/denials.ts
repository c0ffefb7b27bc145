// Owns: the endpoints that tell why calls were denied, for thirty days. Not: asking whether one would be (limits.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { limitAmount, limitUnits } from './limit-words.ts';

const moment = z.iso.datetime();
const read = { tag: 'Denials', role: 'member', permission: 'usage.read_own' } as const;

/** Why a call was denied. */
export const denialSchema = z.strictObject({
  id: z.uuid().describe("The call's `x-request-id`, the `explain_id` of its answer."),
  denied_at: moment,
  user: z
    .strictObject({ id: z.uuid(), name: z.string().nullable() })
    .nullable()
    .describe('Null: nobody, a service key.'),
  key: z.strictObject({ id: z.uuid(), name: z.string().nullable() }).nullable(),
  route: z.string(),
  model: z.string().describe('As it was asked for.'),
  feature: z.string().nullable(),
  environment: z.string(),
  status: z.number().int(),
  code: z.string(),
  rule: z.string().nullable().describe('The rule or kind of meter that named the answer.'),
  message: z.string(),
  remedy: z.string().describe('What can be done about it.'),
  meters: z
    .array(
      z.strictObject({
        meter: z.string(),
        name: z.string(),
        unit: limitUnits,
        window: z.string(),
        limit: limitAmount.nullable(),
        used: limitAmount,
        held: limitAmount,
        asked: limitAmount,
        resets_at: moment.nullable(),
      }),
    )
    .describe('Every one without room, as it stood then.'),
  details: z.record(z.string(), z.unknown()).describe('What else the caller was told: credits, a price, where to buy.'),
});

export const denialEndpoints = {
  list: defineEndpoint({
    ...read,
    operationId: 'listDenials',
    method: 'GET',
    path: '/api/denials',
    summary:
      'Calls that were denied in the last 30 days, the latest first: own ones; for admins all of the organization',
    query: z.strictObject({
      code: z.string().min(1).max(100).optional(),
      user: z.uuid().optional(),
      model: z.string().min(1).max(200).optional().describe('As it was asked for.'),
      from: instant.optional(),
      to: instant.optional().describe('Not included.'),
      ...pageParameters,
    }),
    output: pageOf(denialSchema),
  }),
  get: defineEndpoint({
    ...read,
    operationId: 'getDenial',
    method: 'GET',
    path: '/api/denials/{id}',
    summary: 'Why was this denied?',
    params: z.strictObject({ id: z.uuid() }),
    output: single(denialSchema),
  }),
} as const;
