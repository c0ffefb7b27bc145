// Owns: trying a command on rows as an identity, for real and without a trace. Not: which outcome is right (rls-expectations.ts).

import type pg from 'pg';
import type { Table } from './rls-catalogue.ts';
import { claimsOf, type Identity } from './rls-identities.ts';
import { keyExpression, type WorldRow } from './rls-world.ts';

export const COMMANDS = ['select', 'insert', 'update', 'delete'] as const;
export type Command = (typeof COMMANDS)[number];

/** Keys of the rows that each command reached. */
export type Reached = Readonly<Record<Command, ReadonlySet<string>>>;

/**
 * Runs each statement as the role of the moment in a subtransaction that is always undone: how many rows it changed, or the error. Not a definer: nothing
 * of the test's own rights is in it.
 */
const INSTALL = `
  create schema probe;
  grant usage on schema probe to public;
  create function probe.attempts(statements text[]) returns text[] language plpgsql as $$
  declare
    statement text;
    changed bigint;
    outcomes text[] := '{}';
  begin
    foreach statement in array statements loop
      begin
        execute statement;
        get diagnostics changed = row_count;
        raise exception using errcode = 'UNDO0', message = changed::text;
      exception
        when sqlstate 'UNDO0' then outcomes := outcomes || sqlerrm;
        when others then outcomes := outcomes || (sqlstate || ' ' || sqlerrm);
      end;
    end loop;
    return outcomes;
  end
  $$`;

/** Makes what `probe` needs, once for a database. */
export async function installProbe(client: pg.Client): Promise<void> {
  await client.query(INSTALL);
}

/** Tries every command on every row. `client` may become any role. Throws on an outcome that says neither yes nor no. */
export async function probe(
  client: pg.Client,
  identity: Identity,
  { table, rows }: { readonly table: Table; readonly rows: readonly WorldRow[] },
): Promise<Reached> {
  const columns = await readRights(client, identity.role, table);
  const statements = { insert: insertOf(table, columns), update: updateOf(table, columns), delete: deleteOf(table) };
  await client.query('begin');
  try {
    await client.query("select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)", [
      claimsOf(identity),
      identity.role,
    ]);
    const reached = async (command: 'insert' | 'update' | 'delete'): Promise<Set<string>> => {
      const { rows: answers } = await client.query<{ outcomes: string[] }>('select probe.attempts($1) as outcomes', [
        rows.map((row) => statements[command](row)),
      ]);
      const outcomes = answers[0]?.outcomes ?? [];
      return new Set(rows.filter((_, index) => isThrough(outcomes[index] ?? '', table, command)).map(({ key }) => key));
    };
    return {
      select: await readKeys(client, table),
      insert: await reached('insert'),
      update: await reached('update'),
      delete: await reached('delete'),
    };
  } finally {
    await client.query('rollback');
  }
}

async function readKeys(client: pg.Client, table: Table): Promise<Set<string>> {
  await client.query('savepoint reading');
  try {
    const { rows } = await client.query<{ key: string }>(
      `select ${keyExpression(table, 't')} as key from weir.${table.name} t`,
    );
    return new Set(rows.map(({ key }) => key));
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    await client.query('rollback to savepoint reading');
    return new Set();
  }
}

/** Past the wall or not. A constraint speaks only after policies have let the row through; a trigger that keeps a table append-only keeps it for everybody. */
function isThrough(outcome: string, table: Table, command: Command): boolean {
  if (/^\d+$/.test(outcome)) return outcome !== '0';
  if (outcome.startsWith('42501') || outcome.includes('append-only')) return false;
  if (outcome.startsWith('23')) return true;
  throw new Error(`${command} on weir.${table.name}: ${outcome}`);
}

interface Rights {
  readonly insert: readonly string[];
  readonly update: readonly string[];
}

async function readRights(client: pg.Client, role: string, table: Table): Promise<Rights> {
  const { rows } = await client.query<{ name: string; insert: boolean; update: boolean }>(
    `select a.attname as name, has_column_privilege($1, a.attrelid, a.attnum, 'INSERT') as insert,
       has_column_privilege($1, a.attrelid, a.attnum, 'UPDATE') and has_column_privilege($1, a.attrelid, a.attnum, 'SELECT') as update
     from pg_attribute a where a.attrelid = $2::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
    [role, `weir.${table.name}`],
  );
  const isWritable = (name: string) => !table.columns.find((column) => column.name === name)?.isGenerated;
  const named = (right: 'insert' | 'update') =>
    rows.filter((row) => row[right] && isWritable(row.name)).map((row) => row.name);
  return { insert: named('insert'), update: named('update') };
}

/** The row once more, in the columns that may be written: refused by the wall, or by its own key. */
function insertOf(table: Table, { insert }: Rights): (row: WorldRow) => string {
  const columns = insert.map((name) => `"${name}"`).join(', ');
  return (row) =>
    insert.length === 0
      ? `insert into weir.${table.name} default values`
      : `insert into weir.${table.name} (${columns}) select ${columns} from jsonb_populate_record(null::weir.${table.name}, ${literal(row.json)})`;
}

/** The first column that may be written, set to what it is. */
function updateOf(table: Table, { update }: Rights): (row: WorldRow) => string {
  const plain = table.columns.find(({ isGenerated }) => !isGenerated);
  const column = `"${update[0] ?? plain?.name ?? ''}"`;
  return (row) =>
    `update weir.${table.name} t set ${column} = t.${column} where ${keyExpression(table, 't')} = ${literal(row.key)}`;
}

function deleteOf(table: Table): (row: WorldRow) => string {
  return (row) => `delete from weir.${table.name} t where ${keyExpression(table, 't')} = ${literal(row.key)}`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
