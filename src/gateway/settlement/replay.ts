// Owns: taking to the ledger what processes that died have left in the journal. Not: writing the journal (settlement-journal.ts).

import { readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseLog } from '../../database/log.ts';
import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import type { SettleOutcome } from '../../ledger/core/reservation.ts';
import type { Clock } from '../../primitives/clock.ts';
import { REPLAY_BATCH } from './limits.ts';
import { readSegment } from './record-reader.ts';
import { isLeftBehind, parseSegmentName, type SegmentName, type SegmentOwner } from './segment-owner.ts';
import { bringHome, entryId, type SettlementEntry } from './settlement-entry.ts';

/** What a replay came to. */
export interface ReplayReport {
  /** Segments of dead processes that were read. */
  readonly segments: number;
  /** Settlements by what the ledger said; `duplicate` was in it already. */
  readonly outcomes: Readonly<Record<SettleOutcome, number>>;
  /** Settlements that the ledger refused; their segments are kept for the next start. */
  readonly refused: number;
  /** Lines that could not be read; their segments are kept under another name. */
  readonly damaged: number;
}

interface Replay {
  readonly directory: string;
  readonly owner: SegmentOwner;
  readonly store: LedgerStore;
  readonly clock: Clock;
  readonly log: DatabaseLog;
  readonly pause: (milliseconds: number) => Promise<boolean>;
}

interface Tally {
  segments: number;
  outcomes: Record<SettleOutcome, number>;
  refused: number;
  damaged: number;
}

/** Replays every segment that was left behind. Two processes may do so at once: settling twice has one effect. */
export async function replaySegments(replay: Replay): Promise<ReplayReport> {
  const tally: Tally = {
    segments: 0,
    outcomes: { settled: 0, duplicate: 0, late: 0, orphan: 0 },
    refused: 0,
    damaged: 0,
  };
  for (const segment of await findLeftBehind(replay)) await replaySegment(replay, segment, tally);
  if (tally.segments > 0) replay.log.info({ ...tally }, 'settlements of a process that ended early are in the ledger');
  return tally;
}

async function findLeftBehind({ directory, owner, clock, log }: Replay): Promise<SegmentName[]> {
  const found: SegmentName[] = [];
  for (const file of await orIfMissing(readdir(directory), [])) {
    const name = parseSegmentName(file);
    if (!name) continue;
    const facts = await orIfMissing(stat(join(directory, file)), null);
    if (facts === null || !isLeftBehind(name, owner, clock.nowMs() - facts.mtimeMs)) continue;
    if (name.ledger === owner.ledger) found.push(name);
    else log.warn({ file }, 'a settlement journal of another database is left alone');
  }
  return found;
}

async function replaySegment(replay: Replay, { file }: SegmentName, tally: Tally): Promise<void> {
  const path = join(replay.directory, file);
  const text = await orIfMissing(readFile(path, 'utf8'), null);
  if (text === null) return;
  const { entries, damaged } = readSegment(text);
  tally.segments += 1;
  tally.damaged += damaged;
  let refused = 0;
  for (let at = 0; at < entries.length; at += REPLAY_BATCH) {
    const batch = entries.slice(at, at + REPLAY_BATCH);
    const homes = await Promise.all(batch.map((entry) => settleOne(replay, entry, tally)));
    refused += homes.filter((isHome) => !isHome).length;
  }
  tally.refused += refused;
  if (refused > 0) return;
  if (damaged > 0) {
    replay.log.error(
      { file, lines: damaged },
      'a settlement journal has lines that cannot be read; it is kept as .damaged',
    );
    await orIfMissing(rename(path, `${path}.damaged`), undefined);
    return;
  }
  await orIfMissing(unlink(path), undefined);
}

async function settleOne({ store, log, pause }: Replay, entry: SettlementEntry, tally: Tally): Promise<boolean> {
  try {
    tally.outcomes[await bringHome(store, entry, pause)] += 1;
    return true;
  } catch (error) {
    log.error({ requestId: entryId(entry), error: String(error) }, 'the ledger refuses a settlement of the journal');
    return false;
  }
}

/** Another process may remove what this one is looking at. */
async function orIfMissing<Value, Other>(work: Promise<Value>, other: Other): Promise<Value | Other> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return other;
    throw error;
  }
}
