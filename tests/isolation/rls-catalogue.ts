// Owns: what PostgreSQL's catalogue says of every table of the schema: columns, keys, allowed values. Not: any row.

import type pg from 'pg';

/** A column. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** Has to be given on insert. */
  readonly isRequired: boolean;
  /** The database writes it. */
  readonly isGenerated: boolean;
  /** First of the values that a CHECK allows, if one lists them. */
  readonly firstAllowed: string | null;
}

/** A foreign key, column by column. */
export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly targets: readonly string[];
}

/** A table; partitions are reached through it. */
export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly Column[];
  readonly foreignKeys: readonly ForeignKey[];
}

const QUERY = `
  select c.relname as name,
    (select array_agg(a.attname::text order by array_position(k.conkey, a.attnum)) from pg_constraint k
       join pg_attribute a on a.attrelid = c.oid and a.attnum = any (k.conkey) where k.conrelid = c.oid and k.contype = 'p') as key,
    (select jsonb_agg(jsonb_build_object(
        'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
        'isRequired', a.attnotnull and not a.atthasdef and a.attidentity = '',
        'isGenerated', a.attgenerated <> '' or a.attidentity = 'a',
        'firstAllowed', (select substring(pg_get_constraintdef(k.oid) from '= ANY \\(ARRAY\\[''([^'']*)''') from pg_constraint k
           where k.contype = 'c' and ((k.conrelid = c.oid and k.conkey = array[a.attnum]) or (k.contypid <> 0 and k.contypid = a.atttypid))
             and pg_get_constraintdef(k.oid) ~ '= ANY \\(ARRAY\\[' limit 1)) order by a.attnum)
       from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
    (select coalesce(jsonb_agg(jsonb_build_object('table', f.relname,
        'columns', (select jsonb_agg(a.attname order by array_position(k.conkey, a.attnum)) from pg_attribute a where a.attrelid = k.conrelid and a.attnum = any (k.conkey)),
        'targets', (select jsonb_agg(a.attname order by array_position(k.confkey, a.attnum)) from pg_attribute a where a.attrelid = k.confrelid and a.attnum = any (k.confkey)))), '[]')
       from pg_constraint k join pg_class f on f.oid = k.confrelid where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0) as "foreignKeys"
  from pg_class c where c.relnamespace = 'weir'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`;

/** Every table of schema `weir`, by name. */
export async function readTables(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<Table>(QUERY);
  return rows;
}

/** The same, each after those it refers to. */
export function inOrderOfReference(tables: readonly Table[]): Table[] {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const ordered = new Set<Table>();
  const visiting = new Set<Table>();
  const visit = (table: Table): void => {
    if (ordered.has(table) || visiting.has(table)) return;
    visiting.add(table);
    for (const { table: name } of table.foreignKeys) {
      const target = byName.get(name);
      if (target !== undefined) visit(target);
    }
    ordered.add(table);
  };
  tables.forEach(visit);
  return [...ordered];
}
