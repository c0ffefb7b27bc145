// Owns: reading entries of the ledger of credits, and the calls of what refunds and grants, snake_case in, camelCase out. Not: who sees which entry (row level
// security, and the organization that services pass).

import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { CreditLedgerKind } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { CreditAccount } from './credit.queries.ts';

/** An entry. */
export interface LedgerEntry {
  readonly id: string;
  readonly creditType: string;
  readonly kind: CreditLedgerKind;
  readonly amount: bigint;
  readonly isCharged: boolean;
  readonly balanceAfter: bigint | null;
  readonly feature: string | null;
  readonly userId: string | null;
  /** As far as the reader may see who it is. */
  readonly userName: string | null;
  readonly requestId: string | null;
  readonly refundOf: string | null;
  readonly refundedBy: string | null;
  readonly reason: string;
  /** ISO 8601 in UTC with microseconds: exact, so that it can be a place in the list. */
  readonly createdAt: string;
}

/** What narrows a list; absent is no condition. `to` is exclusive. */
export interface LedgerFilter {
  readonly organizationId: string;
  readonly creditType?: string | undefined;
  readonly kind?: CreditLedgerKind | undefined;
  readonly feature?: string | undefined;
  readonly userId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Entries come newest first; the page begins after this one. */
export type LedgerPlace = readonly [createdAt: string, id: string];

/** Of one moment the lots come before what is taken of them: whoever first asks in a period makes its lots in the same transaction. */
const isAfterLots = sql<boolean>`(l.kind <> 'grant')`;

/** Up to `limit` entries. */
export function listEntries(
  tx: DatabaseTransaction,
  filter: LedgerFilter,
  page: { readonly limit: number; readonly after: LedgerPlace | null },
): Promise<LedgerEntry[]> {
  return tx
    .selectFrom('credit_ledger as l')
    .leftJoin('credit_ledger as r', 'r.refund_of', 'l.id')
    .leftJoin('users as u', 'u.id', 'l.user_id')
    .select(['l.id', 'l.credit_type as creditType', 'l.amount', 'l.is_charged as isCharged', 'l.feature', 'l.reason'])
    .select(['l.balance_after as balanceAfter', 'l.user_id as userId', 'l.request_id as requestId'])
    .select(['l.refund_of as refundOf', 'r.id as refundedBy', 'u.name as userName'])
    .select([
      sql<CreditLedgerKind>`l.kind`.as('kind'),
      sql<string>`to_char(l.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('createdAt'),
    ])
    .where(matches(filter))
    .where(
      page.after === null
        ? sql<SqlBool>`true`
        : sql<SqlBool>`(l.created_at, ${isAfterLots}, l.id) < (${page.after[0]}::timestamptz,
            (select p.kind <> 'grant' from weir.credit_ledger p where p.id = ${page.after[1]} and p.organization_id = ${filter.organizationId}),
            ${page.after[1]}::uuid)`,
    )
    .orderBy('l.created_at', 'desc')
    .orderBy(isAfterLots, 'desc')
    .orderBy('l.id', 'desc')
    .limit(page.limit)
    .execute();
}

function matches({ organizationId, creditType, kind, feature, userId, from, to }: LedgerFilter) {
  const conditions = [
    sql`l.organization_id = ${organizationId}`,
    creditType !== undefined && sql`l.credit_type = ${creditType}`,
    kind !== undefined && sql`l.kind = ${kind}`,
    feature !== undefined && sql`l.feature = ${feature}`,
    userId !== undefined && sql`l.user_id = ${userId}`,
    from !== undefined && sql`l.created_at >= ${from}`,
    to !== undefined && sql`l.created_at < ${to}`,
  ].filter((condition) => condition !== false);
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** What became of a refund. */
export interface RefundOutcome {
  readonly outcome: 'refunded' | 'unknown' | 'not_a_deduction' | 'already' | 'undecided';
  readonly entry: string | null;
  readonly creditType: string | null;
  readonly quantity: bigint | null;
  /** Null where the plan was unlimited. */
  readonly balance: bigint | null;
}

/** Gives a deduction of the organization back. By the platform's door: no person's role may move a lot. */
export async function refundDeduction(
  tx: DatabaseTransaction,
  refund: {
    readonly organizationId: string;
    readonly ledgerId: string;
    readonly authorId: string;
    readonly reason: string;
    readonly moment: RawBuilder<Date>;
  },
): Promise<RefundOutcome> {
  const { organizationId, ledgerId, authorId, reason, moment } = refund;
  const { rows } = await sql<RefundOutcome>`select outcome, entry, type as "creditType", quantity, balance
    from weir.refund_credits(${organizationId}, ${ledgerId}, ${authorId}, ${reason}, ${moment})`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('weir.refund_credits gave no row');
  return row;
}

/** A lot that a superadmin gives. */
export interface CreditGift extends CreditAccount {
  readonly amount: bigint;
  readonly expiresAt: Date | null;
  readonly notes: string;
  readonly reference: string;
}

/** The lot's id; null when the reference has made one before. Refused by constraints where organization or type are unknown. */
export async function insertGift(
  tx: DatabaseTransaction,
  gift: CreditGift & { readonly authorId: string; readonly moment: RawBuilder<Date> },
): Promise<string | null> {
  const { organizationId, creditType, amount, reference, expiresAt, authorId, notes, moment } = gift;
  const { rows } = await sql<{
    lot: string | null;
  }>`select weir.grant_credits(${organizationId}, ${creditType}, ${amount}, 'admin',
    ${reference}, null, ${moment}, ${expiresAt}, 0::smallint, ${authorId}, ${notes}) as lot`.execute(tx);
  return rows[0]?.lot ?? null;
}

/** The lot that a reference made, and whether it was the same gift. */
export async function findGift(
  tx: DatabaseTransaction,
  { organizationId, creditType, reference, amount, expiresAt }: CreditGift,
): Promise<{ readonly id: string; readonly isSame: boolean } | undefined> {
  return tx
    .selectFrom('credit_grants')
    .select(['id', sql<boolean>`initial = ${amount} and expires_at is not distinct from ${expiresAt}`.as('isSame')])
    .where('organization_id', '=', organizationId)
    .where('credit_type', '=', creditType)
    .where('source', '=', 'admin')
    .where('source_reference', '=', reference)
    .executeTakeFirst();
}

/** What lots hold for spending. */
export async function getAvailable(
  tx: DatabaseTransaction,
  { organizationId, creditType }: CreditAccount,
  moment: RawBuilder<Date>,
): Promise<bigint> {
  const { rows } = await sql<{ available: bigint }>`
    select weir_private.credits_available(${organizationId}, ${creditType}, ${moment}) as available`.execute(tx);
  return rows[0]?.available ?? 0n;
}
