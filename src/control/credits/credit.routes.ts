// Owns: the routes of credits, and answers and entries as JSON. Not: what the acts do (the services).

import type { z } from 'zod';
import { type balanceCheckSchema, creditBalanceEndpoints } from '../../contracts/credits/balance.ts';
import type { ledgerEntrySchema } from '../../contracts/credits/entry.ts';
import { creditLedgerEndpoints } from '../../contracts/credits/ledger.ts';
import { implement, type Route } from '../../contracts/route.ts';
import { type CreditAnswer, PLANS_URL } from './credit.rules.ts';
import type { LedgerEntry } from './credit-ledger.queries.ts';
import type { CreditLedgerService } from './credit-ledger.service.ts';
import type { CreditStats, CreditStatsService } from './credit-stats.service.ts';
import type { CreditUseService } from './credit-use.service.ts';

/** What they need. */
export interface CreditServices {
  readonly creditUse: CreditUseService;
  readonly creditStats: CreditStatsService;
  readonly creditLedger: CreditLedgerService;
}

/** All of them. */
export function creditRoutes({ creditUse, creditStats, creditLedger }: CreditServices): Route[] {
  const { check, stats } = creditBalanceEndpoints;
  const { list, refund, grant } = creditLedgerEndpoints;
  return [
    implement(check, async ({ caller, body, idempotencyKey }) => {
      const { action, tokenType: creditType, feature = null, amount } = body;
      const wish = { creditType, feature, amount: amount === undefined ? null : BigInt(amount) };
      if (action === 'check') return answerJson(await creditUse.check(caller, wish));
      return answerJson(await creditUse.deduct(caller, wish, body.idempotencyKey ?? idempotencyKey));
    }),
    implement(stats, async ({ caller }) => statsJson(await creditStats.get(caller))),
    implement(list, async ({ caller, query }) => {
      const { tokenType: creditType, ...rest } = query;
      const { items, nextCursor } = await creditLedger.list(caller, { ...rest, creditType });
      return { data: items.map(entryJson), next_cursor: nextCursor };
    }),
    implement(refund, async ({ caller, body: { ledgerId, reason } }) => {
      const { id, creditType, amount, balance } = await creditLedger.refund(caller, ledgerId, reason);
      return { id, refundOf: ledgerId, tokenType: creditType, amount: Number(amount), balance: countOf(balance) };
    }),
    implement(grant, async ({ caller, body }) => {
      const { organizationId, tokenType: creditType, notes, reference, expiresAt: end } = body;
      const gift = { organizationId, creditType, amount: BigInt(body.amount), notes };
      const expiresAt = end === null ? null : new Date(end);
      const given = await creditLedger.grant(caller, {
        ...gift,
        expiresAt,
        ...(reference !== undefined && { reference }),
      });
      return {
        ...{ id: given.id, organizationId, tokenType: creditType, amount: body.amount, reference: given.reference },
        ...{ expiresAt: expiresAt?.toISOString() ?? null, balance: Number(given.balance) },
      };
    }),
  ];
}

function countOf(amount: bigint | null): number | null {
  return amount === null ? null : Number(amount);
}

function answerJson(answer: CreditAnswer): z.input<typeof balanceCheckSchema> {
  const { allowed, balance, required, remaining, unlimited, refreshAt, reason, ledgerId } = answer;
  return {
    ...{ allowed, balance: countOf(balance), required: Number(required), remaining: countOf(remaining), unlimited },
    refreshDate: refreshAt.toISOString(),
    ...(reason === undefined ? {} : { reason }),
    ...(ledgerId === undefined ? {} : { ledgerId }),
  };
}

function statsJson({ period, balances, use, recent }: CreditStats) {
  const refreshDate = period.refreshAt.toISOString();
  const lineOf = ({ creditType, used, uses }: CreditStats['use'][number]) => ({
    ...{ tokenType: creditType, used: Number(used), uses },
  });
  return {
    plan: { slug: period.planSlug, name: period.planName, hasCredits: period.hasCredits },
    upgradeUrl: period.hasCredits ? null : PLANS_URL,
    periodStart: period.periodStart.toISOString(),
    refreshDate,
    balances: balances.map((row) => ({
      ...{ tokenType: row.creditType, name: row.name, balance: countOf(row.balance), held: Number(row.held) },
      ...{ totalAllocated: countOf(row.allocated), totalUsed: Number(row.used), percentUsed: row.percentUsed },
      ...{ refreshDate, low: row.isLow, unlimited: row.isUnlimited },
    })),
    byFeature: use.filter(({ kind }) => kind === 'feature').map((line) => ({ feature: line.feature, ...lineOf(line) })),
    byUser: use
      .filter(({ kind }) => kind === 'person')
      .map((line) => ({ userId: line.userId, name: line.userName, ...lineOf(line) })),
    recent: recent.map(entryJson),
  };
}

function entryJson(entry: LedgerEntry): z.input<typeof ledgerEntrySchema> {
  const { creditType, isCharged, amount, balanceAfter, createdAt, ...same } = entry;
  return {
    ...{
      ...same,
      tokenType: creditType,
      charged: isCharged,
      amount: Number(amount),
      balanceAfter: countOf(balanceAfter),
    },
    createdAt,
  };
}
