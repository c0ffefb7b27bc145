// Owns: one file of the journal while this process writes it: its lines, which of its records are in the ledger, and its removal when all are.
// Not: when a segment begins or ends (settlement-journal.ts).

import { closeSync, openSync, writeSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { createRecordWriter, settledLine } from './record-writer.ts';
import type { SettlementEntry } from './settlement-entry.ts';

/** Only the account that runs Weir reads what its customers used. */
const OWNER_ONLY = 0o600;

/** A segment being written. */
export interface Segment {
  /** Bytes written. */
  size(): number;
  /** Takes an entry into the next write; gives its number. */
  add(entry: SettlementEntry): number;
  /**
   * Writes what was added, in one call to the system.
   * @throws what the system answers; how much was written is then unknown, and the segment takes no more
   */
  write(): void;
  /** The record is in the ledger. */
  settled(record: number): void;
  /** Takes no more; the file goes when its last record is in the ledger. May be called twice. */
  close(): void;
  /** Resolves when the file has gone, where its last record is in the ledger; at once otherwise. */
  removed(): Promise<void>;
  /** Whether there is nothing left to do for it. */
  isGone(): boolean;
}

/**
 * Begins a new file.
 * @throws what the system answers
 */
export function openSegment(path: string): Segment {
  const fd = openSync(path, 'ax', OWNER_ONLY);
  const writer = createRecordWriter();
  const isSettled: boolean[] = [];
  let lines = '';
  let size = 0;
  let open = 0;
  let settledFirst = 0;
  let settledWritten = 0;
  let isClosed = false;
  let isGone = false;
  let removal: Promise<void> = Promise.resolve();

  const removeIfDone = (): void => {
    if (!isClosed || open > 0) return;
    // Whoever took it over may have removed it already; a file that stays is settled again at the next start, to no effect.
    removal = unlink(path)
      .catch(() => undefined)
      .then(() => {
        isGone = true;
      });
  };
  return {
    size: () => size,
    add(entry) {
      lines += writer.lines(entry);
      open += 1;
      return isSettled.push(false) - 1;
    },
    write() {
      if (settledFirst > settledWritten) lines += settledLine(settledFirst);
      settledWritten = settledFirst;
      const bytes = Buffer.from(lines, 'utf8');
      lines = '';
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
      size += bytes.length;
    },
    settled(record) {
      if (isSettled[record] !== false) return;
      isSettled[record] = true;
      open -= 1;
      while (isSettled[settledFirst] === true) settledFirst += 1;
      removeIfDone();
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      try {
        closeSync(fd);
      } catch {
        // What was written is written; a failing disk shows at the next write.
      }
      removeIfDone();
    },
    removed: () => removal,
    isGone: () => isGone,
  };
}
