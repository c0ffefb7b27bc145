// Owns: asking for credits and taking them, for whoever calls from outside the gateway. Not: the decision (credit.rules.ts) or the gateway's own holds.

import { createHash } from 'node:crypto';
import type { MemberCaller } from '../../contracts/caller.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Events } from '../events/index.ts';
import {
  type CreditTerms,
  type DeductionOutcome,
  deductCredits,
  ensurePlanCredits,
  findDeduction,
  getCreditTerms,
  momentOf,
} from './credit.queries.ts';
import {
  answerCheck,
  answerDeduction,
  answerRepeated,
  type Charge,
  type CreditAnswer,
  type CreditWish,
  checkKeyAllows,
  decideCharge,
  isLow,
  personOf,
} from './credit.rules.ts';
import { warnOnce } from './credit-warning.ts';

/** Asks and takes. Errors are those of `decideCharge`. */
export interface CreditUseService {
  /** Changes nothing; credits of a period that has just begun are seen. */
  check(caller: MemberCaller, wish: CreditWish): Promise<CreditAnswer>;
  /** All or nothing; 402 `insufficient_credits`. With a key once; 409 `idempotency_mismatch` when it was used for something else. */
  deduct(caller: MemberCaller, wish: CreditWish, key: string | null): Promise<CreditAnswer>;
}

/** Over the given database. `offsetMs` moves time in tests only. */
export function createCreditUseService(options: {
  readonly database: Database;
  readonly events: Events;
  readonly offsetMs?: number;
}): CreditUseService {
  const { database, events, offsetMs = 0 } = options;
  const moment = momentOf(offsetMs);
  const termsOf = async (tx: DatabaseTransaction, caller: MemberCaller, wish: CreditWish): Promise<CreditTerms> => {
    await ensurePlanCredits(tx, caller.organizationId, moment);
    return getCreditTerms(tx, { ...wish, organizationId: caller.organizationId, userId: personOf(caller), moment });
  };
  return {
    async check(caller, wish) {
      checkKeyAllows(caller, wish);
      return withPlatform(database, 'check credits', async (tx) => {
        const terms = await termsOf(tx, caller, wish);
        return answerCheck(terms, decideCharge(terms, wish));
      });
    },

    async deduct(caller, wish, key) {
      checkKeyAllows(caller, wish);
      const { organizationId } = caller;
      const userId = personOf(caller);
      const hash = hashOf(userId, wish);
      // One that met another with the same key, or a call's settlement from the other side, is run again by the door.
      const taken = await withPlatform<Taken>(database, 'take credits', async (tx) => {
        const terms = await termsOf(tx, caller, wish);
        const earlier = key === null ? undefined : await findDeduction(tx, { organizationId, key, hash });
        if (earlier !== undefined) return { answer: answerRepeated(terms, earlier) };
        const charge = decideCharge(terms, wish);
        if (charge.mode === 'free') return { answer: answerCheck(terms, charge) };
        const outcome = await deductCredits(tx, {
          ...{ organizationId, creditType: wish.creditType, feature: wish.feature, userId, key, hash, moment },
          ...{ quantity: charge.quantity, isCharged: charge.mode === 'charged', isUnlimited: terms.isUnlimited },
        });
        if (outcome.outcome === 'taken') {
          await recordTaken(tx, events, { caller, wish, charge, remaining: outcome.remaining });
          const { allocated } = terms;
          if (charge.mode === 'charged' && outcome.remaining !== null && isLow(outcome.remaining, allocated))
            await warnOnce(tx, events, {
              ...{ organizationId, creditType: wish.creditType, balance: outcome.remaining, allocated, moment },
            });
        }
        return { terms, charge, outcome };
      });
      // Told only now, so that the plan's lots that were made on the way stay.
      return 'answer' in taken ? taken.answer : answerDeduction(taken.terms, taken.charge, taken.outcome);
    },
  };
}

/** A transaction's end: an answer, or what it is made from. */
type Taken =
  | { readonly answer: CreditAnswer }
  | { readonly terms: CreditTerms; readonly charge: Charge; readonly outcome: DeductionOutcome };

function recordTaken(
  tx: DatabaseTransaction,
  events: Events,
  taken: { caller: MemberCaller; wish: CreditWish; charge: Charge; remaining: bigint | null },
): Promise<void> {
  const { caller, wish, charge, remaining } = taken;
  return events.record(
    tx,
    { userId: personOf(caller), organizationId: caller.organizationId },
    {
      name: 'credits_deducted',
      properties: {
        ...{ credit_type: wish.creditType, amount: Number(charge.quantity), feature: wish.feature },
        remaining: remaining === null ? null : Number(remaining),
      },
    },
  );
}

/** What a key stands for: who asks for what, as it was asked. A price that changed between two tries changes nothing. */
function hashOf(userId: string | null, { creditType, feature, amount }: CreditWish): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([userId, creditType, feature, amount === null ? null : String(amount)]))
    .digest();
}
