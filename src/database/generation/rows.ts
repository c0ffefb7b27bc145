/**
 * Owns: TypeScript row types from PostgreSQL's catalogue, for Kysely. Does not own: when they are made (`generate.ts`) or
 * mapping rows to anything (`queries` files).
 */
import type pg from 'pg';

interface ColumnFact {
  table: string;
  column: string;
  /** Type name in the catalogue; arrays begin with an underscore. */
  type: string;
  enumLabels: string[] | null;
  nullable: boolean;
  /** The database fills it when an insert leaves it out. */
  hasDefault: boolean;
  /** The database alone writes it: stored generated columns and identities. */
  always: boolean;
  comment: string | null;
}

interface CheckFact {
  table: string;
  column: string;
  definition: string;
}

const COLUMNS = `
  select c.relname as table, a.attname as column, t.typname as type,
    (select array_agg(e.enumlabel::text order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid) as "enumLabels",
    not a.attnotnull as nullable,
    a.atthasdef or a.attidentity <> '' as "hasDefault",
    a.attgenerated <> '' or a.attidentity = 'a' as always,
    col_description(c.oid, a.attnum) as comment
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type declared on declared.oid = a.atttypid
  join pg_type t on t.oid = case declared.typtype when 'd' then declared.typbasetype else declared.oid end
  where c.relnamespace = 'weir'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
  order by c.relname, a.attnum`;

const CHECKS = `
  select c.relname as table, a.attname as column, pg_get_constraintdef(k.oid) as definition
  from pg_constraint k
  join pg_class c on c.oid = k.conrelid and c.relnamespace = 'weir'::regnamespace and not c.relispartition
  join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1]
  where k.contype = 'c' and array_length(k.conkey, 1) = 1
  union all
  select c.relname, a.attname, pg_get_constraintdef(k.oid)
  from pg_constraint k
  join pg_attribute a on a.atttypid = k.contypid and not a.attisdropped
  join pg_class c on c.oid = a.attrelid and c.relnamespace = 'weir'::regnamespace and not c.relispartition
  where k.contypid <> 0
  order by 1, 2, 3`;

/** How pg and our parsers give a value, by type name (`connection.ts` sets int8 and date). */
const TYPES: Readonly<Record<string, string>> = {
  bool: 'boolean',
  bytea: 'Buffer',
  cidr: 'string',
  citext: 'string',
  date: 'string',
  float4: 'number',
  float8: 'number',
  inet: 'string',
  int2: 'number',
  int4: 'number',
  int8: 'bigint',
  json: 'Json',
  jsonb: 'Json',
  numeric: 'string',
  oid: 'number',
  text: 'string',
  timestamptz: 'Timestamp',
  uuid: 'string',
  varchar: 'string',
};

const HEADER = `/** Generated from the migrations by src/database/generate.ts; do not edit. */
import type { ColumnType } from 'kysely';

/** A column that the database fills when an insert leaves it out. */
export type Generated<T> = [T] extends [ColumnType<infer S, infer I, infer U>]
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

/** A column that only the database writes. */
export type GeneratedAlways<T> = ColumnType<T, never, never>;

export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Read parsed; written as text (JSON.stringify), since pg would send an array as a PostgreSQL array. */
export type Json = ColumnType<JsonValue, string, string>;
`;

/** The whole text of rows.generated.ts for the database behind `client`. Throws on a column type it has no mapping for. */
export async function describeRows(client: pg.Client): Promise<string> {
  const columns = (await client.query<ColumnFact>(COLUMNS)).rows;
  const checks = (await client.query<CheckFact>(CHECKS)).rows;
  const unions = new Map(checks.flatMap((check) => unionOf(check)));
  const tables = [...new Set(columns.map((column) => column.table))];
  const interfaces = tables.map((table) => {
    const lines = columns.filter((column) => column.table === table).map((column) => columnLine(column, unions));
    return `export interface ${pascalCase(table)}Table {\n${lines.join('\n')}\n}\n`;
  });
  const schema = tables.map((table) => `  ${table}: ${pascalCase(table)}Table;`).join('\n');
  return [
    HEADER,
    ...interfaces,
    `/** Every table and view of schema weir. */\nexport interface Schema {\n${schema}\n}\n`,
  ].join('\n');
}

/** A check like `(status = ANY (ARRAY['a'::text, 'b'::text]))` narrows its column to `'a' | 'b'`. */
function unionOf(check: CheckFact): [string, string][] {
  const list = /^CHECK \(\(\(?\w+\)?(?:::text)? = ANY \(\(?ARRAY\[([^\]]*)\]/.exec(check.definition)?.[1];
  if (list === undefined) return [];
  const values = [...list.matchAll(/'((?:[^']|'')*)'/g)].map((match) => (match[1] ?? '').replaceAll("''", "'"));
  if (values.length === 0) return [];
  return [[`${check.table}.${check.column}`, values.map(quote).join(' | ')]];
}

function columnLine(column: ColumnFact, unions: ReadonlyMap<string, string>): string {
  const base = baseType(column, unions);
  const filled = column.always ? `GeneratedAlways<${base}>` : column.hasDefault ? `Generated<${base}>` : base;
  const comment = column.comment === null ? '' : `  /** ${column.comment.replaceAll('*/', '* /')} */\n`;
  return `${comment}  ${column.column}: ${filled}${column.nullable ? ' | null' : ''};`;
}

function baseType(column: ColumnFact, unions: ReadonlyMap<string, string>): string {
  if (column.enumLabels !== null) return column.enumLabels.map(quote).join(' | ');
  const union = unions.get(`${column.table}.${column.column}`);
  if (union !== undefined) return union;
  const isArray = column.type.startsWith('_');
  const type = TYPES[isArray ? column.type.slice(1) : column.type];
  if (type === undefined)
    throw new Error(`no TypeScript type for ${column.table}.${column.column} of type ${column.type}`);
  return isArray ? `${type}[]` : type;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "\\'")}'`;
}

function pascalCase(name: string): string {
  return name.replaceAll(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
}
