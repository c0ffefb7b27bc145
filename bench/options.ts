// Owns: the words of the command line. Not: what they lead to.

import { parseArgs } from 'node:util';

/** The rows, in the order in which they are run. */
export const ROWS = [
  'throughput',
  'latency',
  'deciding',
  'ledger',
  'first-byte',
  'stages',
  'selection',
  'api-models',
  'credits',
  'dashboards',
  'start',
] as const;

/** A row's name on the command line. */
export type RowName = (typeof ROWS)[number];

/** What was asked for. */
export interface BenchOptions {
  readonly rows: readonly RowName[];
  readonly quick: boolean;
  /** A missed target makes the exit code 1. */
  readonly assert: boolean;
}

/** How it is used. */
export const USAGE = `npm run bench -- [--quick] [--only <row>]... [--assert]
  --quick   a short run: shows that all works, its figures are rough
  --only    one of ${ROWS.join(', ')}; may be given again
  --assert  exit with 1 when a target is missed`;

/** Reads the arguments. Throws with what is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      assert: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true },
    },
  });
  const unknown = values.only?.filter((name) => !isRow(name)) ?? [];
  if (unknown.length > 0) throw new Error(`there is no row ${unknown.join(', ')}`);
  return {
    quick: values.quick,
    assert: values.assert,
    rows: values.only === undefined ? ROWS : ROWS.filter((name) => values.only?.includes(name)),
  };
}

function isRow(name: string): name is RowName {
  return (ROWS as readonly string[]).includes(name);
}
