// Owns: the endpoints of the ledger of credits: read it, give a deduction back, grant a lot. Not: taking credits (balance.ts).

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { creditLedgerKinds } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';
import { creditCount, creditTypeSlug, ledgerEntrySchema, plainText } from './entry.ts';

/** Credits of one grant at most. */
const GRANT_MAX = 1_000_000_000_000;
const NOTES_LENGTH_MAX = 2_000;

const notes = z
  .string()
  .trim()
  .max(NOTES_LENGTH_MAX)
  .regex(/^[^\0]*$/, 'must not hold a NUL')
  .default('');

export const creditLedgerEndpoints = {
  list: defineEndpoint({
    operationId: 'listCreditLedger',
    method: 'GET',
    path: '/api/v1/tokens/ledger',
    summary: 'Every movement of credits, the newest first; members see their own',
    tag: 'Credits',
    role: 'member',
    permission: 'credits.read',
    query: z.strictObject({
      ...pageParameters,
      tokenType: creditTypeSlug.optional(),
      kind: creditLedgerKinds.optional(),
      feature: plainText(200).optional(),
      userId: z.uuid().optional(),
      from: instant.optional().describe('At or after this time.'),
      to: instant.optional().describe('Before this time.'),
    }),
    output: pageOf(ledgerEntrySchema),
  }),
  refund: defineEndpoint({
    operationId: 'refundCredits',
    method: 'POST',
    path: '/api/v1/tokens/refund',
    summary: 'Give a deduction back, once',
    description:
      'Credits return to the lots they came from. What came from a lot that has expired since comes as a new lot until the end of the running 30 days. A call of the gateway that has not told its end yet can not be refunded: 409.',
    tag: 'Credits',
    role: 'admin',
    permission: 'credits.manage',
    impersonation: 'refused',
    body: z.strictObject({ ledgerId: z.uuid(), reason: notes }),
    output: z.strictObject({
      id: z.uuid().describe('The entry of the refund.'),
      refundOf: z.uuid(),
      tokenType: z.string(),
      amount: creditCount,
      balance: creditCount.nullable().describe('What can be spent now; null: unlimited.'),
    }),
  }),
  grant: defineEndpoint({
    operationId: 'grantCredits',
    method: 'POST',
    path: '/api/v1/tokens/grant',
    summary: 'Give an organization a lot of credits',
    description:
      'The same `reference` makes one lot of a type, however often it is sent; with another amount or end it is refused.',
    tag: 'Credits',
    role: 'superadmin',
    impersonation: 'refused',
    body: z.strictObject({
      organizationId: z.uuid(),
      tokenType: creditTypeSlug,
      amount: z.number().int().min(1).max(GRANT_MAX),
      expiresAt: instant.nullable().default(null).describe('Null: never.'),
      notes,
      reference: plainText(200).optional().describe('Yours: an order, a case.'),
    }),
    status: 201,
    output: z.strictObject({
      id: z.uuid().describe('The lot.'),
      organizationId: z.uuid(),
      tokenType: z.string(),
      amount: creditCount,
      expiresAt: z.iso.datetime().nullable(),
      reference: z.string(),
      balance: creditCount.describe('What lots of this type hold for spending now, on a plan with credits.'),
    }),
    errors: ['not_found'],
  }),
} as const;
