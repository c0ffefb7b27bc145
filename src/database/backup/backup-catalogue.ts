// Owns: what of the schema a backup holds: tables in the order of their foreign keys, months, sequences, and what is left out. Not: rows.

import type pg from 'pg';
import { BackupError } from './backup-file.ts';
import type { BackupTable } from './manifest.ts';

/** A table as the catalogue has it. */
export interface CatalogueTable extends BackupTable {
  /** Left out: what rebuilds itself within a minute. */
  readonly isOmitted: boolean;
}

const OMITTED = new Set(['rate_limit_windows']);
/** Rows that mean something only to the process that wrote them: a run that goes on would go on for ever elsewhere. */
const CONDITIONS: Readonly<Record<string, string>> = { job_runs: `where status <> 'running'` };

/** Tables of schema weir, roots of partitioned ones for all of their rows, each after those that it refers to. */
export async function listTables(client: pg.Client): Promise<CatalogueTable[]> {
  const { rows } = await client.query<{ name: string; columns: string[]; refers: string[] }>(`
    select c.relname::text as name,
      array(select a.attname::text from pg_catalog.pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns,
      -- A deferrable one is looked at when all rows are there; one to the table itself at the end of the statement.
      array(select f.relname::text from pg_catalog.pg_constraint k join pg_catalog.pg_class f on f.oid = k.confrelid
             where k.conrelid = c.oid and k.contype = 'f' and not k.condeferrable and k.confrelid <> c.oid) as refers
    from pg_catalog.pg_class c
    where c.relnamespace = 'weir'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname`);
  const ordered: CatalogueTable[] = [];
  let left = rows;
  while (left.length > 0) {
    const waiting = new Set(left.map(({ name }) => name));
    const next = left.filter(({ refers }) => !refers.some((name) => waiting.has(name)));
    if (next.length === 0) throw new BackupError(`tables refer to each other in a ring: ${[...waiting].join(', ')}`);
    ordered.push(...next.map(({ name, columns }) => ({ name, columns, isOmitted: OMITTED.has(name) })));
    left = left.filter((table) => !next.includes(table));
  }
  return ordered;
}

/** Months that partitioned tables have a partition for. */
export async function listPartitions(client: pg.Client): Promise<{ table: string; month: string }[]> {
  const { rows } = await client.query<{ table: string; month: string }>(`
    select p.relname::text as table, replace(substring(c.relname from '_(\\d{4}_\\d{2})$'), '_', '-') || '-01' as month
      from pg_catalog.pg_inherits i
      join pg_catalog.pg_class c on c.oid = i.inhrelid
      join pg_catalog.pg_class p on p.oid = i.inhparent
     where p.relnamespace = 'weir'::regnamespace and p.relkind = 'p' and c.relkind = 'r' and c.relname ~ '_\\d{4}_\\d{2}$'
     order by 1, 2`);
  return rows;
}

/** Where each sequence stands. Sequences are of no snapshot: read after the rows, they are never behind them. */
export async function listSequences(client: pg.Client): Promise<{ name: string; last: string; isCalled: boolean }[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname::text as name from pg_catalog.pg_class
      where relnamespace = 'weir'::regnamespace and relkind = 'S' order by 1`,
  );
  const sequences = [];
  for (const { name } of rows) {
    const { rows: states } = await client.query<{ last: string; called: boolean }>(
      `select last_value::text as last, is_called as called from ${nameOf(name)}`,
    );
    for (const { last, called } of states) sequences.push({ name, last, isCalled: called });
  }
  return sequences;
}

/** The statement that gives a table's rows. */
export function copyOut({ name, columns }: BackupTable): string {
  return `copy (select ${columns.map(quote).join(', ')} from ${nameOf(name)} ${CONDITIONS[name] ?? ''}) to stdout`;
}

/** The statement that takes them. */
export function copyIn({ name, columns }: BackupTable): string {
  return `copy ${nameOf(name)} (${columns.map(quote).join(', ')}) from stdin`;
}

/** A name in schema weir, as SQL has it. */
export function nameOf(name: string): string {
  return `weir.${quote(name)}`;
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;
