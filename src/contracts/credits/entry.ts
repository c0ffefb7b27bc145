// Owns: the forms that all endpoints of credits share: a count, a type, an entry of the ledger. Not: the endpoints.

import { z } from 'zod';
import { creditLedgerKinds } from '../enumerations.ts';

/** Credits, which are whole. */
export const creditCount = z.number().int();

/** Text without NUL, which PostgreSQL's texts can't hold. */
export const plainText = (lengthMax: number) =>
  z
    .string()
    .min(1)
    .max(lengthMax)
    .regex(/^[^\0]*$/, 'must not hold a NUL');

/** A type of credits: `goal_generation`. */
export const creditTypeSlug = plainText(100);

/** An entry as its readers get it. */
export const ledgerEntrySchema = z.strictObject({
  id: z.uuid(),
  tokenType: z.string(),
  kind: creditLedgerKinds,
  amount: creditCount.describe('Change of the balance: positive adds, negative takes.'),
  charged: z.boolean().describe('False: recorded alone, on an unlimited plan or while charging was switched off.'),
  balanceAfter: creditCount.nullable(),
  feature: z.string().nullable(),
  userId: z.uuid().nullable().describe('Whose act it was; null for keys and tokens of no person, and for the system.'),
  userName: z.string().nullable().describe('Null also for who is gone, or is of the platform.'),
  requestId: z.uuid().nullable().describe("The gateway's call that it was for."),
  refundOf: z.uuid().nullable(),
  refundedBy: z.uuid().nullable().describe('The entry that gave it back.'),
  reason: z.string(),
  createdAt: z.iso.datetime(),
});
