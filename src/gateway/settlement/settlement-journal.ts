// Owns: the write-ahead journal of settlements (`ledger.md` 5.7): records that survive a `kill -9` of this process until the ledger has them.
// Not: taking them to the ledger (journaled-book.ts, replay.ts). The hold in the database covers the loss of the whole machine.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseLog } from '../../database/log.ts';
import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { systemTimers, type Timers } from '../upstream/timers.ts';
import { JOURNAL_PAUSE_MS, SEGMENT_BYTES_MAX, SEGMENT_QUIET_MS } from './limits.ts';
import { createPauses } from './pauses.ts';
import { type ReplayReport, replaySegments } from './replay.ts';
import { openSegment, type Segment } from './segment.ts';
import { createSegmentName, currentOwner } from './segment-owner.ts';
import type { SettlementEntry } from './settlement-entry.ts';

/** A record on its way into the journal. */
export interface JournalSlot {
  /** Resolves with true when the record survives this process, with false when it could not be written. Never rejects. */
  readonly written: Promise<boolean>;
  /** To be called when the ledger has the settlement. */
  settled(): void;
}

/** A journal of settlements. */
export interface SettlementJournal {
  /** Takes a record. All records of one turn of the event loop are written by one call to the system, which needs no fsync. */
  append(entry: SettlementEntry): JournalSlot;
  /** Takes to the ledger what dead processes left, with unlimited patience. To be called once, at start; serving need not wait for it. */
  replay(store: LedgerStore): Promise<ReplayReport>;
  /** Writes what was taken, ends a replay under way, removes what is no longer needed. */
  close(): Promise<void>;
}

/** What a journal is made of. */
export interface SettlementJournalOptions {
  /** Made when missing. May hold segments of several processes; those that share one across hosts need host names of their own. */
  readonly directory: string;
  /** Names the database (`findLedgerId`): segments written for another one are left alone. */
  readonly ledgerId: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: DatabaseLog;
  readonly timers?: Timers;
}

/** Makes a journal; no file is touched before the first record. */
export function createSettlementJournal(options: SettlementJournalOptions): SettlementJournal {
  const { directory, clock, log } = options;
  const owner = currentOwner(options.ledgerId);
  const health = createWriteHealth(options);
  const pauses = createPauses(options.timers ?? systemTimers);
  const closed = new Set<Segment>();
  let current: Segment | null = null;
  let turn: { readonly written: Promise<boolean>; readonly resolve: (isWritten: boolean) => void } | null = null;
  let writtenAtMs = 0;
  let isClosed = false;

  const retire = (): void => {
    if (!current) return;
    for (const segment of closed) if (segment.isGone()) closed.delete(segment);
    current.close();
    closed.add(current);
    current = null;
  };
  const begin = (): Segment | null => {
    if (isClosed || health.isPaused()) return null;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      return openSegment(join(directory, createSegmentName(owner, options.random)));
    } catch (error) {
      health.failed(error);
      return null;
    }
  };
  const flush = (): void => {
    const ended = turn;
    turn = null;
    if (!current || !ended) return;
    try {
      current.write();
      writtenAtMs = clock.monotonicMs();
      health.succeeded();
      if (current.size() >= SEGMENT_BYTES_MAX) retire();
      ended.resolve(true);
    } catch (error) {
      health.failed(error);
      retire();
      ended.resolve(false);
    }
  };
  const startTurn = (): NonNullable<typeof turn> => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    setImmediate(flush);
    return { written: promise, resolve };
  };
  return {
    append(entry) {
      if (!turn && current && clock.monotonicMs() - writtenAtMs > SEGMENT_QUIET_MS) retire();
      current ??= begin();
      const segment = current;
      if (!segment) return NOT_WRITTEN;
      const record = segment.add(entry);
      turn ??= startTurn();
      return { written: turn.written, settled: () => segment.settled(record) };
    },
    replay: (store) => replaySegments({ directory, owner, store, clock, log, pause: pauses.pause }),
    async close() {
      isClosed = true;
      pauses.stop();
      flush();
      retire();
      await Promise.all([...closed].map((segment) => segment.removed()));
    },
  };
}

const NOT_WRITTEN: JournalSlot = { written: Promise.resolve(false), settled: () => undefined };

/** After a failed write the journal is left alone for a while; the log tells of the first failure and of the recovery. */
function createWriteHealth({ clock, log, directory }: SettlementJournalOptions) {
  let pausedUntilMs = 0;
  let isFailing = false;
  return {
    isPaused: () => clock.monotonicMs() < pausedUntilMs,
    failed(error: unknown): void {
      pausedUntilMs = clock.monotonicMs() + JOURNAL_PAUSE_MS;
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
      if (!isFailing)
        log.error({ code, directory }, 'the settlement journal cannot be written; calls wait for the ledger instead');
      isFailing = true;
    },
    succeeded(): void {
      if (isFailing) log.info({ directory }, 'the settlement journal can be written again');
      isFailing = false;
    },
  };
}
