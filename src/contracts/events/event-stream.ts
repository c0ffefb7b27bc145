// Owns: the endpoint at which the platform reads product events. Not: which there are (product-events.ts).

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { PRODUCT_EVENT_NAMES } from '../product-events.ts';

/** How long a stretch may be asked for. */
export const EVENT_STRETCH_DAYS_MAX = 31;

/** What happened in the product. */
export const productEventSchema = z.strictObject({
  id: z.uuid(),
  at: z.string().describe('ISO 8601 in UTC, to the microsecond. Of a call: when it was booked.'),
  name: z.string(),
  properties: z
    .record(z.string(), z.unknown())
    .describe('As the name has them; ids of models and the like, no text of people.'),
  organization_id: z.uuid().nullable(),
  user_id: z.uuid().nullable(),
  request_id: z.uuid().nullable().describe('The call that it tells of.'),
});

export const eventStreamEndpoints = {
  list: defineEndpoint({
    operationId: 'listProductEvents',
    method: 'GET',
    path: '/api/admin/product-events',
    summary: 'What happened in the product, calls among it, newest first',
    tag: 'Platform',
    role: 'platform_admin',
    query: z.strictObject({
      name: z.enum(PRODUCT_EVENT_NAMES).optional(),
      organization: z.uuid().optional(),
      from: instant.optional().describe('At or after this time. Left out: a day before `to`.'),
      to: instant
        .optional()
        .describe(`Before this time, ${EVENT_STRETCH_DAYS_MAX} days after \`from\` at most. Left out: now.`),
      ...pageParameters,
    }),
    output: pageOf(productEventSchema),
  }),
} as const;
