// Owns: bringing settlements home: each is booked once, however long the ledger is away. Not: what a call is charged (stages/settle.ts).

import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { Hold, SettleRequest } from '../../ledger/core/reservation.ts';
import type { UsageEvent } from '../../ledger/core/usage-event.ts';

/** Where the stages hand in what calls used. */
export interface SettlementBook {
  /** Books what was used. Resolves when the settlement survives the end of this process. */
  book(request: SettleRequest): Promise<void>;
  /** Gives back a hold of which nothing was sent upstream. */
  release(hold: Hold, event: UsageEvent): Promise<void>;
  /** Settlements not yet in the ledger. */
  pending(): number;
  /** Resolves when every settlement handed in is in the ledger. */
  drain(): Promise<void>;
}

/** A book without a journal: a settlement survives when the ledger has it. */
export function createDirectBook(store: LedgerStore): SettlementBook {
  const open = new Set<Promise<unknown>>();
  const track = async (work: Promise<unknown>): Promise<void> => {
    open.add(work);
    try {
      await work;
    } finally {
      open.delete(work);
    }
  };
  return {
    book: (request) => track(store.settle(request)),
    release: (hold, event) => track(store.release(hold, event)),
    pending: () => open.size,
    drain: async () => void (await Promise.allSettled(open)),
  };
}
