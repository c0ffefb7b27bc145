// Owns: the endpoints that tell what a change would have done to the calls of the last days. Not: what can be proposed (impact-proposals.ts).

import { z } from 'zod';
import { defineEndpoint, single } from '../endpoint.ts';
import { organizationProposal, platformProposal, proposalKinds } from './impact-proposals.ts';

/** Days replayed at most. */
const IMPACT_DAYS_MAX = 90;
const DAYS_DEFAULT = 30;
/** Rows of each list at most; counts are of all. */
export const IMPACT_ROWS_MAX = 100;

const count = z.number().int();
const moment = z.iso.datetime();
const usd = z.string().describe('US dollars, decimal, exact to nine places.');
const share = z.number().describe('0.25 is a quarter.');
const person = z.strictObject({ id: z.uuid(), name: z.string().nullable() });
const cost = {
  as_was_usd: usd.describe('What the calls were charged.'),
  would_be_usd: usd.describe('What those that would not be blocked would be charged.'),
  difference_usd: usd.describe('Would be, less as was.'),
} as const;
const blocked = {
  calls: count,
  blocked_calls: count,
  blocked_people: count,
} as const;

const days = z.number().int().min(1).max(IMPACT_DAYS_MAX).default(DAYS_DEFAULT).describe('The last ones, in UTC.');

const impactShape = {
  kind: proposalKinds,
  as_of: moment,
  from: moment,
  to: moment.describe('Not included.'),
  replayed_to: moment.describe('Earlier than `to` where the replay was cut off.'),
  counted_from: moment.describe('The windows that were open at `from` are counted from their beginning.'),
  events_replayed: count.describe('Read, with those before `from`.'),
  sampled: z.literal(false).describe('Every call is replayed, none is guessed.'),
  truncated: z
    .enum(['events', 'time', 'people'])
    .nullable()
    .describe('What the replay ran out of: what is told is of the calls up to `replayed_to`.'),
  limit: z
    .strictObject({
      meter: z.string(),
      unit: z.enum(['tokens', 'messages', 'usd']),
      window: z.string(),
      current: z.string().nullable().describe('Null: none, or not the same for all.'),
      proposed: z.string().nullable().describe('Null: none, or not the same for all.'),
    })
    .nullable()
    .describe('For proposals of one limit.'),
  calls: z.strictObject({
    total: count.describe('That happened, of those the proposal is about; refused ones are in `denied_then`.'),
    blocked: count.describe('The proposal would block, what is in force today would not.'),
    blocked_share: share,
    freed: count.describe('What is in force today would block, the proposal would not.'),
    blocked_either_way: count.describe('Both would block: limits were other then.'),
    cut_short: count.describe('Let through with less left than they used.'),
  }),
  people: z.strictObject({
    active: count.describe('With calls; all service keys of an organization are one.'),
    blocked: count,
    list: z
      .array(
        z.strictObject({
          user: person.nullable().describe('Null: service keys.'),
          organization_id: z.uuid(),
          first_blocked_at: moment,
          days_blocked: count,
          blocked_calls: count,
          calls: count,
          blocked_share: share,
          code: z.string().describe('The error at first.'),
        }),
      )
      .max(IMPACT_ROWS_MAX)
      .describe('Those with most blocked calls.'),
  }),
  reasons: z.array(z.strictObject({ code: z.string(), blocked_calls: count })),
  days: z.array(z.strictObject({ day: z.iso.date(), ...blocked, ...cost })),
  cost: z.strictObject({
    ...cost,
    change_percent: z.number().nullable().describe('Null: nothing was charged.'),
    unpriced_calls: count.describe('Without a price then: nothing in `as_was_usd`.'),
    not_repriced_calls: count.describe('Estimated, or told of with their cost: counted as they were.'),
  }),
  windows: z
    .array(
      z.strictObject({
        from: moment,
        to: moment,
        limit: z.string(),
        demand: z.string().describe('What the calls came to that happened.'),
        reached_at: moment.nullable(),
      }),
    )
    .nullable()
    .describe('Of a limit that an organization, or a budget, has as a whole; in the unit of `limit`.'),
  denied_then: z
    .strictObject({
      calls: count,
      people: count,
      reasons: z.array(z.strictObject({ code: z.string(), calls: count })),
    })
    .describe('Refused at that time for what the proposal changes: they carry no tokens and are not replayed.'),
  fit: z
    .strictObject({
      missing_capabilities: z.array(z.string()).describe('That the model has and the other has not.'),
      beyond_context_window: count.describe('Calls with more tokens than the other model takes.'),
      beyond_max_output: count.describe('Calls with longer answers than the other model gives.'),
      on_trial: count.describe('Calls of people who have no right to the other model but its trial.'),
    })
    .nullable()
    .describe('For another model.'),
  plan: z
    .strictObject({
      current: z.string(),
      proposed: z.string(),
      current_monthly_usd: usd.nullable().describe('Null: by agreement.'),
      proposed_monthly_usd: usd.nullable(),
    })
    .nullable()
    .describe('For another plan: the price of the plan itself, which is not in `cost`.'),
  assumptions: z.array(z.string()),
} as const;

export const impactSchema = z.strictObject(impactShape);
export const platformImpactSchema = z.strictObject({
  ...impactShape,
  organizations: z.strictObject({
    active: count,
    blocked: count.describe('With blocked calls.'),
    list: z
      .array(
        z.strictObject({
          organization: z.strictObject({ id: z.uuid(), name: z.string().nullable() }),
          ...blocked,
          ...cost,
        }),
      )
      .max(IMPACT_ROWS_MAX)
      .describe('Those with most blocked calls, then those whose cost would change most.'),
  }),
});

const tag = 'Usage';
const description =
  'Replays the calls that happened, in their order, by two sets of rules: those in force and the proposed ones. Nothing is changed. One at a time for an organization: 409 while another is under way.';

export const impactEndpoints = {
  organization: defineEndpoint({
    operationId: 'previewImpact',
    method: 'POST',
    path: '/api/impact/preview',
    summary: 'What a limit, plan, price or model would have done to the organization’s calls of the last days',
    description,
    tag,
    role: 'admin',
    permission: 'usage.read',
    suspended: 'allowed',
    body: z.strictObject({ proposal: organizationProposal, days }),
    output: single(impactSchema),
    errors: ['conflict', 'overloaded'],
  }),
  platform: defineEndpoint({
    operationId: 'previewPlatformImpact',
    method: 'POST',
    path: '/api/admin/impact/preview',
    summary: 'What a limit, plan, price or model would have done to calls of the last days, of one organization or all',
    description,
    tag,
    role: 'superadmin',
    impersonation: 'refused',
    body: z.strictObject({
      proposal: platformProposal,
      days,
      organization_id: z
        .uuid()
        .optional()
        .describe('Left out: all. `plan`, `organization_quota` and new budgets within an organization need one.'),
    }),
    output: single(platformImpactSchema),
    errors: ['conflict', 'overloaded'],
  }),
} as const;
