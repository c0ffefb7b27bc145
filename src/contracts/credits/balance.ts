// Owns: the endpoints by which applications ask for credits and take them, and what an organization has of them. Not: single movements (ledger.ts).

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { creditCount, creditTypeSlug, ledgerEntrySchema, plainText } from './entry.ts';

/** Credits of one deduction at most. */
const DEDUCTION_MAX = 1_000_000_000;
/** Lines of use by feature, or by person, at most. */
export const USE_LINES_MAX = 50;
/** Entries shown beside the balances. */
export const RECENT_ENTRIES_MAX = 10;

const credits = { tag: 'Credits', role: 'member' } as const;

/** What is asked, and what the answer is made of. */
export const balanceCheckSchema = z.strictObject({
  allowed: z.boolean(),
  balance: creditCount
    .nullable()
    .describe('What could be spent before; null on plans that are unlimited in this type.'),
  required: creditCount,
  remaining: creditCount.nullable().describe('What is left after it, or would be.'),
  unlimited: z.boolean(),
  refreshDate: z.iso.datetime().describe('When the plan brings its next credits.'),
  reason: z.enum(['insufficient_credits']).optional().describe('Why not; `deduct` answers 402 instead.'),
  ledgerId: z.uuid().optional().describe('The entry of a deduction, by which it is refunded.'),
});

/** One type of credits in the running period. */
const balanceSchema = z.strictObject({
  tokenType: z.string(),
  name: z.string(),
  balance: creditCount.nullable().describe('What can be spent; null: unlimited.'),
  held: creditCount.describe('Set aside for calls under way.'),
  totalAllocated: creditCount
    .nullable()
    .describe('What there was to spend in the period: balance, held and used; null: unlimited.'),
  totalUsed: creditCount,
  percentUsed: z.number().min(0).max(100).nullable().describe('Of what was allocated, to a tenth; null: unlimited.'),
  refreshDate: z.iso.datetime(),
  low: z.boolean().describe('Less than a fifth is left.'),
  unlimited: z.boolean(),
});

const useLine = { tokenType: z.string(), used: creditCount, uses: z.number().int() } as const;

export const creditBalanceEndpoints = {
  check: defineEndpoint({
    ...credits,
    operationId: 'checkCredits',
    method: 'POST',
    path: '/api/v1/tokens/check-balance',
    summary: 'Ask whether there are enough credits, or take them',
    description:
      '`check` changes nothing. `deduct` takes all or nothing, in one step, out of the lots that end soonest; with an idempotency key (in the body, or the header `Idempotency-Key`) once, with the same answer however often it is sent. Without `amount` it is what the feature costs.',
    permission: 'credits.use',
    virtualKeys: 'accepted',
    body: z.strictObject({
      action: z.enum(['check', 'deduct']),
      tokenType: creditTypeSlug,
      feature: plainText(200)
        .optional()
        .describe('Name of a feature: what the credits are for, and what they are when `amount` is left out.'),
      amount: z.number().int().min(1).max(DEDUCTION_MAX).optional(),
      idempotencyKey: z
        .string()
        .min(1)
        .max(255)
        .regex(/^[\x20-\x7e]+$/, 'needs printable characters')
        .optional()
        .describe("One key space for the organization. Goes before the header's."),
    }),
    output: balanceCheckSchema,
    errors: [
      'insufficient_credits',
      'plan_required',
      'feature_inactive',
      'feature_maintenance',
      'member_paused',
      'ip_not_allowed',
    ],
  }),
  stats: defineEndpoint({
    ...credits,
    operationId: 'getCreditStats',
    method: 'GET',
    path: '/api/v1/tokens/stats',
    summary: 'Balances of every type, use by feature and person, and the latest entries',
    description:
      'Of the running 30 days. Members see the balances of their organization, and use and entries of their own.',
    permission: 'credits.read',
    output: z.strictObject({
      plan: z.strictObject({ slug: z.string(), name: z.string(), hasCredits: z.boolean() }),
      upgradeUrl: z.string().nullable().describe('Where to upgrade; null where the plan has credits.'),
      periodStart: z.iso.datetime(),
      refreshDate: z.iso.datetime(),
      balances: z.array(balanceSchema),
      byFeature: z.array(z.strictObject({ feature: z.string().nullable(), ...useLine })).max(USE_LINES_MAX),
      byUser: z
        .array(z.strictObject({ userId: z.uuid().nullable(), name: z.string().nullable(), ...useLine }))
        .max(USE_LINES_MAX),
      recent: z.array(ledgerEntrySchema).max(RECENT_ENTRIES_MAX),
    }),
  }),
} as const;
