// Owns: one settlement on its way home, and taking it there however long the ledger is away. Not: surviving the process (settlement-journal.ts).

import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { Hold, SettleOutcome, SettleRequest } from '../../ledger/core/reservation.ts';
import type { UsageEvent } from '../../ledger/core/usage-event.ts';
import { WeirError } from '../../primitives/errors.ts';
import { RETRY_FIRST_MS, RETRY_LONGEST_MS } from './limits.ts';

/** What ends one hold: booked with what was used, or given back. */
export type SettlementEntry =
  | { readonly kind: 'settle'; readonly request: SettleRequest }
  | { readonly kind: 'release'; readonly hold: Hold; readonly event: UsageEvent };

/** The call that an entry ends. */
export function entryId(entry: SettlementEntry): string {
  return entry.kind === 'settle' ? entry.request.hold.id : entry.hold.id;
}

/**
 * Hands an entry to the ledger until it is in. Entries are idempotent by the id of their call, so a lost reply does no harm. `pause` waits
 * the given milliseconds and answers whether to try again.
 * @throws what the ledger refuses with, other than `ledger_unavailable`; that one too once `pause` answers false
 */
export async function bringHome(
  store: LedgerStore,
  entry: SettlementEntry,
  pause: (milliseconds: number) => Promise<boolean>,
): Promise<SettleOutcome> {
  for (let wait = RETRY_FIRST_MS; ; wait = Math.min(wait * 2, RETRY_LONGEST_MS)) {
    try {
      return entry.kind === 'settle' ? await store.settle(entry.request) : await store.release(entry.hold, entry.event);
    } catch (error) {
      if (!isUnavailable(error) || !(await pause(wait))) throw error;
    }
  }
}

function isUnavailable(error: unknown): boolean {
  return error instanceof WeirError && error.code === 'ledger_unavailable';
}
