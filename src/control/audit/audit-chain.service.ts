// Owns: walking an audit chain in bounded steps. Not: what a fault is (chain.rules.ts), or through which door the rows are read (the caller says).

import type { DatabaseTransaction } from '../../database/pool.ts';
import { findChainHead, findChainPlace, listChainRows } from './audit-chain.queries.ts';
import { CHAIN_START, type ChainFault, type ChainPlace, checkChainEnd, followChain } from './chain.rules.ts';

/** Rows of one step: one short transaction each, so that checking a long log holds no snapshot open. */
const STEP_ROWS = 1_000;

/** What was found. */
export interface ChainReport {
  readonly chain: string;
  readonly rowsChecked: number;
  /** The chain's head when the check began; null for a chain without one. */
  readonly head: ChainPlace | null;
  readonly fault: ChainFault | null;
  /** Set when `rowsMax` ended the check: go on after this row. */
  readonly nextAfter: bigint | null;
}

/** Opens a transaction that may read the chain: a person's or the platform's. */
export type ChainDoor = <T>(work: (tx: DatabaseTransaction) => Promise<T>) => Promise<T>;

/**
 * Checks a chain (`platform` or an organization's id) from the row after `after` (0: the first) to the head as it was at the beginning; rows added meanwhile are
 * left for the next time. Stops at the first fault and after `rowsMax` rows, if given.
 */
export async function verifyChain(
  door: ChainDoor,
  chain: string,
  { after = 0n, rowsMax = Number.POSITIVE_INFINITY }: { readonly after?: bigint; readonly rowsMax?: number } = {},
): Promise<ChainReport> {
  const { head, start } = await door(async (tx) => ({
    head: (await findChainHead(tx, chain)) ?? null,
    start: after === 0n ? CHAIN_START : await findChainPlace(tx, chain, after),
  }));
  const report = (rowsChecked: number, fault: ChainFault | null, nextAfter: bigint | null = null): ChainReport => {
    return { chain, rowsChecked, head: head && { sequence: head.sequence, hash: head.hash }, fault, nextAfter };
  };
  if (start === undefined)
    return report(0, { kind: 'missing', sequence: after, rowId: null, detail: `There is no row ${after}.` });

  let place = start;
  let rowsChecked = 0;
  const last = head === null ? 0n : head.sequence;
  while (place.sequence < last) {
    const range = { after: place.sequence, last, limit: STEP_ROWS };
    const rows = await door((tx) => listChainRows(tx, chain, range));
    const step = followChain(place, rows);
    if (step.fault !== null) return report(rowsChecked + Number(step.place.sequence - place.sequence), step.fault);
    rowsChecked += rows.length;
    place = step.place;
    if (rows.length < STEP_ROWS) break;
    if (rowsChecked >= rowsMax && place.sequence < last) return report(rowsChecked, null, place.sequence);
  }
  return report(rowsChecked, checkChainEnd(place, head));
}
