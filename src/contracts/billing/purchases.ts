// Owns: the endpoints of purchases: one's own, an organization's, all of them. Not: buying and giving back, which come with the payment provider.

import { z } from 'zod';
import { defineEndpoint } from '../endpoint.ts';
import { productTypes, purchaseStatuses } from '../enumerations.ts';
import { instant } from '../instant.ts';
import { pageOf, pageParameters } from '../paging.ts';

const moment = z.iso.datetime();

/** What was bought, for how much, and what it opened. */
export const purchaseSchema = z.strictObject({
  id: z.uuid(),
  productName: z.string().describe('As it was sold.'),
  amountCents: z.number().int(),
  currency: z.string().describe('ISO 4217 in small letters.'),
  status: purchaseStatuses,
  user: z.strictObject({ id: z.uuid(), name: z.string().nullable() }).nullable().describe('Who bought; null: gone.'),
  organizationId: z.uuid().nullable().describe('Null: a purchase of a person for themselves.'),
  createdAt: moment,
  completedAt: moment.nullable(),
  refundedAt: moment.nullable(),
  unlocked: z.strictObject({
    type: productTypes.nullable().describe('Null: the product is gone, and nothing says what it was.'),
    modelId: z.string().nullable(),
    plan: z.string().nullable(),
    credits: z.strictObject({ tokenType: z.string(), amount: z.number().int() }).nullable(),
    entitlement: z
      .strictObject({
        id: z.uuid(),
        grantedAt: moment,
        expiresAt: moment.nullable().describe('Null: without end.'),
        revokedAt: moment.nullable(),
        isActive: z.boolean(),
      })
      .nullable()
      .describe(
        'The right that came of it; null: none (not paid, plans, credits), or a right of a person that is not for the reader to see.',
      ),
  }),
});

/** A purchase as superadmins see it. */
export const adminPurchaseSchema = z.strictObject({
  ...purchaseSchema.shape,
  user: z.strictObject({ id: z.uuid(), name: z.string(), email: z.string() }).nullable(),
  organization: z.strictObject({ id: z.uuid(), name: z.string(), slug: z.string() }).nullable(),
  stripeSessionId: z.string().nullable(),
  stripePaymentIntentId: z.string().nullable(),
});

export const purchaseEndpoints = {
  list: defineEndpoint({
    operationId: 'listPurchases',
    method: 'GET',
    path: '/api/purchases',
    summary: "One's own purchases, and for admins the organization's, newest first",
    tag: 'Purchases',
    role: 'member',
    permission: 'purchases.read_own',
    query: z.strictObject({ status: purchaseStatuses.optional(), ...pageParameters }),
    output: pageOf(purchaseSchema),
  }),
  listAll: defineEndpoint({
    operationId: 'listAllPurchases',
    method: 'GET',
    path: '/api/admin/purchases',
    summary: 'Every purchase, newest first',
    tag: 'Purchases',
    role: 'superadmin',
    query: z.strictObject({
      status: purchaseStatuses.optional(),
      user: z.uuid().optional(),
      organization: z.uuid().optional(),
      model: z
        .string()
        .min(1)
        .max(127)
        .regex(/^[^\0]*$/, 'must not hold a NUL')
        .optional()
        .describe('Id of the model that it opened.'),
      product: z.uuid().optional(),
      from: instant.optional().describe('Made at or after this time.'),
      to: instant.optional().describe('Made before this time.'),
      ...pageParameters,
    }),
    output: pageOf(adminPurchaseSchema),
  }),
} as const;
