// Owns: the book whose settlements are safe once they are in the local journal and reach the ledger in the background. Not: the journal itself.

import type { DatabaseLog } from '../../database/log.ts';
import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import { checkSettleRequest } from '../../ledger/core/limits.ts';
import { systemTimers, type Timers } from '../upstream/timers.ts';
import { createPauses } from './pauses.ts';
import type { SettlementBook } from './settlement-book.ts';
import { bringHome, entryId, type SettlementEntry } from './settlement-entry.ts';
import type { SettlementJournal } from './settlement-journal.ts';

/** A book that is closed after use. */
export interface RunningSettlementBook extends SettlementBook {
  /** Stops trying to reach the ledger: what is not in it stays in the journal for the next start. Drain first. */
  close(): Promise<void>;
}

/** What a book is made of. */
export interface SettlementBookOptions {
  readonly store: LedgerStore;
  /** Null: a settlement is safe when the ledger has it. */
  readonly journal: SettlementJournal | null;
  readonly log: DatabaseLog;
  /** Told of a call whose hold had expired (`late`) or was unknown (`orphan`) when it was settled. */
  readonly onLate?: (outcome: 'late' | 'orphan', requestId: string) => void;
  readonly timers?: Timers;
}

/**
 * Makes the book. `book` and `release` resolve when the journal has the record, or without one the ledger; they reject with `internal_error` for a
 * settlement that does not fit its hold, and with what the ledger refuses where no journal holds the record.
 */
export function createSettlementBook(options: SettlementBookOptions): RunningSettlementBook {
  const { store, journal, log, onLate } = options;
  const pauses = createPauses(options.timers ?? systemTimers);
  let open = 0;
  let drained: (() => void)[] = [];

  const leave = (): void => {
    open -= 1;
    if (open > 0) return;
    for (const resolve of drained) resolve();
    drained = [];
  };
  const handIn = (entry: SettlementEntry): Promise<void> => {
    const slot = journal?.append(entry);
    open += 1;
    const home = bringHome(store, entry, pauses.pause).then(
      (outcome) => {
        leave();
        slot?.settled();
        if (outcome === 'late' || outcome === 'orphan') onLate?.(outcome, entryId(entry));
      },
      (error: unknown) => {
        leave();
        log.error({ requestId: entryId(entry), error: String(error) }, 'a settlement did not reach the ledger');
        throw error;
      },
    );
    if (!slot) return home;
    // Where the journal has it, nobody waits for the ledger: the log has told of a failure.
    home.catch(() => undefined);
    return slot.written.then((isWritten) => (isWritten ? undefined : home));
  };
  return {
    async book(request) {
      checkSettleRequest(request);
      return handIn({ kind: 'settle', request });
    },
    release: (hold, event) => handIn({ kind: 'release', hold, event }),
    pending: () => open,
    async drain() {
      while (open > 0) await new Promise<void>((resolve) => drained.push(resolve));
    },
    async close() {
      // Not waited for: a ledger that is away may hold on to its settlements for as long as it likes. The journal has them.
      pauses.stop();
      await journal?.close();
    },
  };
}
