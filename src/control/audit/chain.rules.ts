// Owns: what makes a chain of audit rows whole, decided on rows in order. Not: reading them (audit-chain.queries.ts) or how a hash is made (the migrations).

/** Where a chain has been followed to: a row's place and hash. Hashes are hexadecimal. */
export interface ChainPlace {
  readonly sequence: bigint;
  readonly hash: string;
}

/** Before the first row. */
export const CHAIN_START: ChainPlace = { sequence: 0n, hash: '' };

/** What of a row is checked. */
export interface ChainRow extends ChainPlace {
  readonly id: string;
  /** The hash before it, as the row says. */
  readonly previousHash: string;
  /** What its hash would have to be, from its content and `previousHash`. */
  readonly expectedHash: string;
}

/** What the database knows of a chain's end. */
export interface ChainHead extends ChainPlace {
  /** The highest place that any row has; the head's own, unless somebody set the head back. */
  readonly lastSequence: bigint;
}

/** The first thing that is wrong. */
export interface ChainFault {
  readonly kind: 'changed' | 'missing' | 'reordered' | 'cut_off' | 'head_changed';
  readonly sequence: bigint;
  readonly rowId: string | null;
  readonly detail: string;
}

/** How far a chain is whole. */
export interface ChainStep {
  readonly place: ChainPlace;
  readonly fault: ChainFault | null;
}

/** Follows the chain over rows in the order of their places. */
export function followChain(start: ChainPlace, rows: readonly ChainRow[]): ChainStep {
  let place = start;
  for (const row of rows) {
    const fault = faultOf(place, row);
    if (fault !== null) return { place, fault };
    place = { sequence: row.sequence, hash: row.hash };
  }
  return { place, fault: null };
}

function faultOf(place: ChainPlace, row: ChainRow): ChainFault | null {
  const expected = place.sequence + 1n;
  if (row.sequence !== expected)
    return { kind: 'missing', sequence: expected, rowId: null, detail: `Row ${expected} is gone.` };
  const { sequence, id: rowId } = row;
  const isLinked = row.previousHash === place.hash;
  const isSound = row.expectedHash === row.hash;
  if (isLinked && isSound) return null;
  if (isLinked)
    return { kind: 'changed', sequence, rowId, detail: `Row ${sequence} was changed after it was written.` };
  if (!isSound)
    return { kind: 'reordered', sequence, rowId, detail: `The row at place ${sequence} was written at another place.` };
  // The row itself is as it was written, after a row that is not the one before it now.
  const changed = place.sequence === 0n ? sequence : place.sequence;
  const detail = `Row ${sequence} was written after another row than the one at place ${place.sequence}.`;
  return { kind: 'changed', sequence: changed, rowId: changed === sequence ? rowId : null, detail };
}

/** Holds the end of a chain, followed to its last row, against its head. Null: nothing is wrong. A chain that never had a row has no head. */
export function checkChainEnd(place: ChainPlace, head: ChainHead | null): ChainFault | null {
  if (head === null) {
    if (place.sequence === 0n) return null;
    return { kind: 'head_changed', sequence: place.sequence, rowId: null, detail: 'The head of the chain is gone.' };
  }
  if (head.lastSequence > head.sequence) {
    const detail = `There are rows up to ${head.lastSequence}, but the head of the chain says ${head.sequence}.`;
    return { kind: 'head_changed', sequence: head.sequence, rowId: null, detail };
  }
  if (place.sequence < head.sequence) {
    const detail = `The chain ends at row ${place.sequence}; row ${head.sequence} was its last.`;
    return { kind: 'cut_off', sequence: place.sequence + 1n, rowId: null, detail };
  }
  if (place.hash !== head.hash) {
    const detail = `Row ${place.sequence} is not the row that the head of the chain was written with.`;
    return { kind: 'changed', sequence: place.sequence, rowId: null, detail };
  }
  return null;
}
