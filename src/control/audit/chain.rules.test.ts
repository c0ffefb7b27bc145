// Proves: which fault a chain has, decided on rows alone.

import { expect, test } from 'vitest';
import { CHAIN_START, type ChainRow, checkChainEnd, followChain } from './chain.rules.ts';

const row = (sequence: bigint, change: Partial<ChainRow> = {}): ChainRow => ({
  id: `row-${sequence}`,
  sequence,
  previousHash: sequence === 1n ? '' : `h${sequence - 1n}`,
  hash: `h${sequence}`,
  expectedHash: `h${sequence}`,
  ...change,
});
const whole = [row(1n), row(2n), row(3n)];

test('a whole chain has no fault, in one piece or in several', () => {
  const first = followChain(CHAIN_START, whole.slice(0, 2));
  expect(first).toEqual({ place: { sequence: 2n, hash: 'h2' }, fault: null });
  expect(followChain(first.place, whole.slice(2))).toEqual({ place: { sequence: 3n, hash: 'h3' }, fault: null });
});

test.each([
  ['the first row is gone', [row(2n), row(3n)], { kind: 'missing', sequence: 1n, rowId: null }],
  ['a row in the middle is gone', [row(1n), row(3n)], { kind: 'missing', sequence: 2n, rowId: null }],
  [
    'a row was changed',
    [row(1n), row(2n, { expectedHash: 'other' }), row(3n)],
    { kind: 'changed', sequence: 2n, rowId: 'row-2' },
  ],
  [
    'a row was changed and its hash made to fit: the next one shows it',
    [row(1n), row(2n, { hash: 'new', expectedHash: 'new' }), row(3n)],
    { kind: 'changed', sequence: 2n, rowId: null },
  ],
  [
    'the first row says that another came before it',
    [row(1n, { previousHash: 'h0' })],
    { kind: 'changed', sequence: 1n, rowId: 'row-1' },
  ],
  [
    'two rows changed places',
    [row(1n), row(2n, { ...row(3n), sequence: 2n, expectedHash: 'other' }), row(3n, { ...row(2n), sequence: 3n })],
    { kind: 'reordered', sequence: 2n, rowId: 'row-3' },
  ],
])('%s', (_name, rows, fault) => {
  expect(followChain(CHAIN_START, rows).fault).toMatchObject(fault);
});

const end = { sequence: 3n, hash: 'h3' };
test.each([
  ['the head fits the last row', end, { ...end, lastSequence: 3n }, null],
  ['there never was a row', CHAIN_START, null, null],
  ['the tail is gone', { sequence: 2n, hash: 'h2' }, { ...end, lastSequence: 2n }, { kind: 'cut_off', sequence: 3n }],
  ['every row is gone', CHAIN_START, { ...end, lastSequence: 0n }, { kind: 'cut_off', sequence: 1n }],
  [
    'the last row is another',
    { sequence: 3n, hash: 'x' },
    { ...end, lastSequence: 3n },
    { kind: 'changed', sequence: 3n },
  ],
  [
    'the head was set back',
    { sequence: 2n, hash: 'h2' },
    { sequence: 2n, hash: 'h2', lastSequence: 3n },
    { kind: 'head_changed', sequence: 2n },
  ],
  ['the head is gone', end, null, { kind: 'head_changed', sequence: 3n }],
])('at the end: %s', (_name, place, head, fault) => {
  const found = checkChainEnd(place, head);
  if (fault === null) expect(found).toBeNull();
  else expect(found).toMatchObject(fault);
});
