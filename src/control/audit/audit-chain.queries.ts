// Owns: the rows and heads of audit chains as they are checked. Not: what makes them whole (chain.rules.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { ChainHead, ChainPlace, ChainRow } from './chain.rules.ts';

/** The head and the last row's place, as one moment saw them; undefined for a chain without either. `sequence` 0 stands for a head that is gone. */
export async function findChainHead(tx: DatabaseTransaction, chain: string): Promise<ChainHead | undefined> {
  const { rows } = await sql<{ sequence: bigint | null; hash: Buffer | null; last: bigint | null }>`
    select h.sequence, h.hash, (select max(a.sequence) from weir.audit_logs a where a.chain = ${chain}) as last
      from (select 1) as one left join weir.audit_chains h on h.chain = ${chain}`.execute(tx);
  const [row] = rows;
  if (row === undefined || (row.sequence === null && row.last === null)) return undefined;
  const { sequence, hash, last } = row;
  return { sequence: sequence ?? 0n, hash: hash?.toString('hex') ?? '', lastSequence: last ?? 0n };
}

/** A row's place and hash, to go on from. */
export async function findChainPlace(
  tx: DatabaseTransaction,
  chain: string,
  sequence: bigint,
): Promise<ChainPlace | undefined> {
  const row = await tx
    .selectFrom('audit_logs')
    .select(['sequence', 'hash'])
    .where('chain', '=', chain)
    .where('sequence', '=', sequence)
    .executeTakeFirst();
  return row && { sequence: row.sequence, hash: row.hash.toString('hex') };
}

/** Up to `limit` rows after a place, in the chain's order, none past `last`; their hashes computed anew by the database. */
export async function listChainRows(
  tx: DatabaseTransaction,
  chain: string,
  range: { readonly after: bigint; readonly last: bigint; readonly limit: number },
): Promise<ChainRow[]> {
  const { rows } = await sql<{ id: string; sequence: bigint; previous: Buffer; hash: Buffer; expected: Buffer }>`
    select a.id, a.sequence, a.previous_hash as previous, a.hash, weir.audit_row_hash(a) as expected from weir.audit_logs a
     where a.chain = ${chain} and a.sequence > ${range.after} and a.sequence <= ${range.last}
     order by a.sequence limit ${range.limit}`.execute(tx);
  return rows.map(({ id, sequence, previous, hash, expected }) => ({
    id,
    sequence,
    previousHash: previous.toString('hex'),
    hash: hash.toString('hex'),
    expectedHash: expected.toString('hex'),
  }));
}

/** Every chain there is, also one whose head or whose rows are gone. */
export async function listChains(tx: DatabaseTransaction): Promise<string[]> {
  const { rows } = await sql<{ chain: string }>`
    select chain from weir.audit_chains union select distinct chain from weir.audit_logs order by chain`.execute(tx);
  return rows.map(({ chain }) => chain);
}
