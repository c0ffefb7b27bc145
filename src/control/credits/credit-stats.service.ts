// Owns: what an organization has of credits and used in the running 30 days. Not: moving any.

import { isNobody, type MemberCaller, NOBODY_ID } from '../../contracts/caller.ts';
import { RECENT_ENTRIES_MAX, USE_LINES_MAX } from '../../contracts/credits/balance.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import { meterKeys } from '../../ledger/core/meter-keys.ts';
import { readCounters } from '../../ledger/store/counter-reader.ts';
import type { Clock } from '../../primitives/clock.ts';
import { ensurePlanCredits, momentOf } from './credit.queries.ts';
import { isLow, percentUsed } from './credit.rules.ts';
import { type LedgerEntry, listEntries } from './credit-ledger.queries.ts';
import {
  type CreditBalance,
  type CreditPeriod,
  type CreditUse,
  getCreditPeriod,
  listBalances,
  listUse,
} from './credit-stats.queries.ts';

/** A type of credits as people see it. Null: unlimited. */
export interface BalanceReport {
  readonly creditType: string;
  readonly name: string;
  readonly isUnlimited: boolean;
  readonly balance: bigint | null;
  readonly held: bigint;
  readonly allocated: bigint | null;
  readonly used: bigint;
  readonly percentUsed: number | null;
  readonly isLow: boolean;
}

/** Everything of the running period. */
export interface CreditStats {
  readonly period: CreditPeriod;
  readonly balances: readonly BalanceReport[];
  readonly use: readonly CreditUse[];
  readonly recent: readonly LedgerEntry[];
}

/** Reads it: balances of the whole organization, use and entries as far as the caller sees them. */
export interface CreditStatsService {
  get(caller: MemberCaller): Promise<CreditStats>;
}

/** Over the given database. `offsetMs` moves time in tests only. */
export function createCreditStatsService(options: {
  readonly database: Database;
  readonly clock: Clock;
  readonly offsetMs?: number;
}): CreditStatsService {
  const { database, clock, offsetMs = 0 } = options;
  const moment = momentOf(offsetMs);
  return {
    async get(caller) {
      const { organizationId, organizationRole } = caller;
      const userId = isNobody(caller) ? NOBODY_ID : caller.userId;
      const onlyUserId = organizationRole === 'member' ? userId : null;
      const seen = await withPlatform(database, 'read balances and use of credits', async (tx) => {
        await ensurePlanCredits(tx, organizationId, moment);
        const period = await getCreditPeriod(tx, organizationId, moment);
        const rows = await listBalances(tx, { ...period, organizationId }, moment);
        // On an unlimited plan calls of the gateway leave no entry: their meter counts them.
        const unlimited = rows.filter(({ isUnlimited }) => isUnlimited);
        const window = { kind: 'anniversary', anchorMs: Number(period.anchorMs) } as const;
        const keyOf = ({ creditType }: CreditBalance): string => meterKeys.creditUse(organizationId, creditType);
        const questions = unlimited.map((row) => ({ key: keyOf(row), window }));
        const counted = await readCounters(tx, questions, clock.nowMs() + offsetMs);
        return {
          period,
          balances: rows.map((row) => reportOf(row, counted.get(keyOf(row))?.used ?? 0n)),
          use: await listUse(tx, { organizationId, periodKey: period.periodKey, onlyUserId }, USE_LINES_MAX),
        };
      });
      const page = { limit: RECENT_ENTRIES_MAX, after: null };
      const recent = await withPrincipal(database, caller, (tx) =>
        listEntries(tx, { organizationId, ...(onlyUserId !== null && { userId: onlyUserId }) }, page),
      );
      return { ...seen, recent };
    },
  };
}

function reportOf(row: CreditBalance, counted: bigint): BalanceReport {
  const { creditType, name, isUnlimited, balance, held, charged, deducted } = row;
  const shared = { creditType, name, isUnlimited, held };
  if (isUnlimited)
    return { ...shared, balance: null, allocated: null, used: counted + deducted, percentUsed: null, isLow: false };
  const allocated = balance + held + charged;
  return {
    ...{ ...shared, balance, allocated, used: charged },
    ...{ percentUsed: percentUsed(charged, allocated), isLow: isLow(balance, allocated) },
  };
}
