// Owns: how seeds talk to the database: one transaction, rows in bulk. Not: what is seeded.

import type { ClientBase } from 'pg';

/** A connected client outside any transaction, as superuser, the migrating login or `weir_service`. */
export type SeedClient = ClientBase;

/** A row to insert: column to value. bigint goes as text, plain objects and arrays of objects as JSON, arrays of scalars as Postgres arrays. */
export type SeedRow = Readonly<Record<string, unknown>>;

/** Postgres takes at most 65,535 parameters a statement. */
const MAX_PARAMETERS = 60_000;

/** Runs `work` in one transaction; what it throws is thrown on after the rollback. */
export async function inTransaction<T>(client: SeedClient, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

/** Inserts rows of one shape; those that are there already stay as they are. Gives how many were new. */
export async function insertMissing(client: SeedClient, table: string, rows: readonly SeedRow[]): Promise<number> {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) return 0;
  const rowsAStatement = Math.floor(MAX_PARAMETERS / columns.length);
  let inserted = 0;
  for (let start = 0; start < rows.length; start += rowsAStatement) {
    const slice = rows.slice(start, start + rowsAStatement);
    const values = slice.flatMap((row) => columns.map((column) => toParameter(row[column])));
    const places = slice.map(
      (_, row) => `(${columns.map((_, column) => `$${row * columns.length + column + 1}`).join(', ')})`,
    );
    const result = await client.query(
      `insert into weir.${table} (${columns.join(', ')}) values ${places.join(', ')} on conflict do nothing`,
      values,
    );
    inserted += result.rowCount ?? 0;
  }
  return inserted;
}

/**
 * Inserts reference rows that were never seeded before, and remembers them: what an owner changed stays changed, and what an
 * owner deleted stays away. `key` names the columns that tell the rows apart.
 */
export async function insertOnce(
  client: SeedClient,
  target: { table: string; key: readonly string[] },
  rows: readonly SeedRow[],
): Promise<void> {
  const { table, key } = target;
  const keyOf = (row: SeedRow): string => key.map((column) => String(row[column])).join('/');
  const { rows: marks } = await client.query<{ row_key: string }>(
    'select row_key from weir.seeded_rows where table_name = $1',
    [table],
  );
  const seeded = new Set(marks.map((mark) => mark.row_key));
  const fresh = rows.filter((row) => !seeded.has(keyOf(row)));
  await insertMissing(client, table, fresh);
  await insertMissing(
    client,
    'seeded_rows',
    fresh.map((row) => ({ table_name: table, row_key: keyOf(row) })),
  );
}

/** What `pg` is handed for a value: it would send an array of objects as a Postgres array and a bigint not at all. */
function toParameter(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object' || value instanceof Date || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value;
  return JSON.stringify(value);
}
