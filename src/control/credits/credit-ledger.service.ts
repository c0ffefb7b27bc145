// Owns: reading the ledger of credits, refunds by admins, grants by superadmins. Not: taking credits (credit-use.service.ts).

import { z } from 'zod';
import { type Caller, isNobody, type MemberCaller, NOBODY_ID } from '../../contracts/caller.ts';
import { instant } from '../../contracts/instant.ts';
import { decodeCursor, type Page, type PageRequest, toPage } from '../../contracts/paging.ts';
import { invalidField } from '../../contracts/problem.ts';
import { violatedConstraint } from '../../database/failures.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { asSuperadmin } from '../platform/index.ts';
import { ensurePlanCredits, momentOf } from './credit.queries.ts';
import {
  type CreditGift,
  findGift,
  getAvailable,
  insertGift,
  type LedgerEntry,
  type LedgerFilter,
  listEntries,
  type RefundOutcome,
  refundDeduction,
} from './credit-ledger.queries.ts';

/** A refund that was made. */
export interface CreditRefund {
  readonly id: string;
  readonly creditType: string;
  readonly amount: bigint;
  /** Null: unlimited. */
  readonly balance: bigint | null;
}

/** A lot that was given, with what its type has now. */
export interface CreditGiftReport extends CreditGift {
  readonly id: string;
  readonly balance: bigint;
}

/** The acts. */
export interface CreditLedgerService {
  /** The newest first, as far as the caller sees them. */
  list(caller: MemberCaller, query: Omit<LedgerFilter, 'organizationId'> & PageRequest): Promise<Page<LedgerEntry>>;
  /** 404 for another's and for one that is not there, 400 for what is no deduction, 409 `conflict` when it was given back before or its call has not ended. */
  refund(caller: MemberCaller, ledgerId: string, reason: string): Promise<CreditRefund>;
  /** The same reference again: the same lot; 409 `idempotency_mismatch` for another amount or end. */
  grant(
    caller: Caller,
    gift: Omit<CreditGift, 'reference'> & { readonly reference?: string },
  ): Promise<CreditGiftReport>;
}

const placeSchema = z.tuple([instant, z.uuid()]);

/** Over the given database. `offsetMs` moves time in tests only. */
export function createCreditLedgerService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
  readonly random: Random;
  readonly offsetMs?: number;
}): CreditLedgerService {
  const { database, audit, events, clock, random, offsetMs = 0 } = options;
  const moment = momentOf(offsetMs);
  return {
    async list(caller, { limit, cursor, ...filter }) {
      const after = cursor === undefined ? null : decodeCursor(cursor, placeSchema);
      const { organizationId, organizationRole } = caller;
      // Members see their own, which a token of the organization has none of.
      const own = isNobody(caller) && organizationRole === 'member' ? { userId: NOBODY_ID } : {};
      const rows = await withPrincipal(database, caller, (tx) =>
        listEntries(tx, { ...filter, ...own, organizationId }, { limit: limit + 1, after }),
      );
      return toPage(rows, limit, ({ createdAt, id }) => [createdAt, id]);
    },

    refund(caller, ledgerId, reason) {
      const { organizationId, userId: authorId } = caller;
      return withPlatform(database, 'refund credits', async (tx) => {
        await ensurePlanCredits(tx, organizationId, moment);
        const refund = refunded(await refundDeduction(tx, { organizationId, ledgerId, authorId, reason, moment }));
        const { creditType, amount } = refund;
        const subject = { userId: null, organizationId };
        await events.record(tx, subject, {
          name: 'credits_refunded',
          properties: { credit_type: creditType, amount: Number(amount) },
        });
        await audit.record(tx, caller, {
          ...{ action: 'credits.refund', targetType: 'credit_ledger', targetId: ledgerId },
          after: { refund_id: refund.id, credit_type: creditType, amount: Number(amount), reason },
        });
        return refund;
      });
    },

    grant: (caller, wanted) =>
      explained(() =>
        asSuperadmin({ database, caller, reason: 'grant credits' }, async (tx) => {
          const gift = { ...wanted, reference: wanted.reference ?? createUuidV7(clock.nowMs(), random) };
          const { organizationId, creditType, amount, expiresAt, notes, reference } = gift;
          if (expiresAt !== null && expiresAt.getTime() <= clock.nowMs() + offsetMs)
            throw invalidField('expiresAt', 'has passed');
          await ensurePlanCredits(tx, organizationId, moment);
          const made = await insertGift(tx, { ...gift, authorId: caller.userId, moment });
          const found = made === null ? await findGift(tx, gift) : { id: made, isSame: true };
          if (found === undefined || !found.isSame) throw new WeirError('idempotency_mismatch');
          const report = { ...gift, id: found.id, balance: await getAvailable(tx, gift, moment) };
          if (made === null) return report;
          const subject = { userId: null, organizationId };
          const properties = { credit_type: creditType, amount: Number(amount), source: 'admin' };
          await events.record(tx, subject, { name: 'credits_granted', properties });
          await audit.record(tx, caller, {
            ...{ action: 'credits.grant', targetType: 'credit_grant', targetId: made, organizationId },
            after: { credit_type: creditType, amount: Number(amount), expires_at: expiresAt, notes, reference },
          });
          return report;
        }),
      ),
  };
}

function refunded({ outcome, entry, creditType, quantity, balance }: RefundOutcome): CreditRefund {
  if (outcome === 'unknown') throw new WeirError('not_found');
  if (outcome === 'not_a_deduction') throw invalidField('ledgerId', 'is no deduction');
  if (outcome === 'undecided')
    throw new WeirError('conflict', {
      message: 'What the call used is an estimate that may still be corrected, with a refund of its own.',
    });
  if (outcome === 'already' || entry === null || creditType === null || quantity === null)
    throw new WeirError('conflict', { message: 'It has been given back before.' });
  return { id: entry, creditType, amount: quantity, balance };
}

/** Constraints that refused, as the errors they stand for. */
async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const constraint = violatedConstraint(error);
    if (constraint === 'credit_grants_credit_type_fkey') throw invalidField('tokenType', 'is not a type of credits');
    if (constraint === 'credit_grants_organization_id_fkey')
      throw new WeirError('not_found', {
        message: 'organizationId is not an organization.',
        param: 'organizationId',
        details: { errors: [{ path: 'organizationId', message: 'is not an organization' }] },
      });
    throw error;
  }
}
