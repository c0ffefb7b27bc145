/**
 * Owns: the schema as one readable, stable text, so that a review sees what the migrations come to. Does not own: restoring
 * anything from it: it is for reading (the embedded package has no pg_dump, and its format changes with its version).
 */
import type pg from 'pg';

/** One kind of object; each query gives `text`, already in order. The same text on every PostgreSQL from 15 on. */
interface Section {
  title: string;
  query: string;
}

const OUR_SCHEMAS = `('weir', 'weir_private')`;

/** Monthly partitions depend on the day the migrations ran, so only their parent is shown. */
const OUR_RELATIONS = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname in ${OUR_SCHEMAS} and not c.relispartition`;

const TABLES = `
  select format(E'%s %s.%s%s\\n%s\\n', case c.relkind when 'p' then 'partitioned table' when 'v' then 'view' when 'm' then 'materialized view' else 'table' end,
      n.nspname, c.relname,
      coalesce(' by ' || pg_get_partkeydef(c.oid), '') || coalesce(E'\\n  -- ' || replace(obj_description(c.oid), E'\\n', ' '), ''),
      coalesce(string_agg(format('  %s %s%s%s%s', a.attname, format_type(a.atttypid, a.atttypmod),
        case when a.attnotnull then ' not null' else '' end,
        case when a.attidentity <> '' then ' identity' when a.attgenerated <> '' then ' generated as ' || pg_get_expr(d.adbin, d.adrelid)
             when d.oid is not null then ' default ' || pg_get_expr(d.adbin, d.adrelid) else '' end,
        coalesce('  -- ' || replace(col_description(c.oid, a.attnum), E'\\n', ' '), '')), E'\\n' order by a.attnum), '')
      || coalesce(E'\\n' || (select string_agg(format('  %s %s', k.conname, pg_get_constraintdef(k.oid)), E'\\n' order by k.contype, k.conname)
           from pg_constraint k where k.conrelid = c.oid and k.contype <> 'n' and (k.contype <> 't')), '')
      || case when c.relrowsecurity then E'\\n  row level security' || case when c.relforcerowsecurity then ', forced' else '' end else '' end
    ) as text
  from ${OUR_RELATIONS}
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relkind in ('r', 'p', 'v', 'm')
  group by n.nspname, c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity
  order by n.nspname, c.relname`;

const DOMAINS = `
  select format('%s.%s as %s%s', n.nspname, t.typname, format_type(t.typbasetype, t.typtypmod),
      coalesce((select string_agg(format(E'\\n  %s %s', k.conname, pg_get_constraintdef(k.oid)), '' order by k.conname)
        from pg_constraint k where k.contypid = t.oid), '')) as text
  from pg_type t join pg_namespace n on n.oid = t.typnamespace and n.nspname in ${OUR_SCHEMAS}
  where t.typtype = 'd' order by n.nspname, t.typname`;

// Of a view over one table PostgreSQL 15 writes each column with the table's alias, 18 without: one-letter aliases are left out.
const VIEWS = `
  select format(E'%s.%s\\n%s\\n', n.nspname, c.relname,
      regexp_replace(pg_get_viewdef(c.oid), '\\m[a-z]\\.(?=[a-z])', '', 'g')) as text
  from ${OUR_RELATIONS} where c.relkind in ('v', 'm') order by n.nspname, c.relname`;

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) as text
  from ${OUR_RELATIONS} join pg_index i on i.indrelid = c.oid
  where not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.contype in ('p', 'u', 'x'))
  order by n.nspname, c.relname, i.indexrelid::regclass::text`;

const POLICIES = `
  select format('%s.%s: %s for %s to %s%s%s', p.schemaname, p.tablename, p.policyname, lower(p.cmd),
      array_to_string(p.roles, ', '), coalesce(E'\\n  using ' || p.qual, ''), coalesce(E'\\n  with check ' || p.with_check, '')) as text
  from pg_policies p join ${OUR_RELATIONS} on n.nspname = p.schemaname and c.relname = p.tablename
  order by p.schemaname, p.tablename, p.policyname`;

const TRIGGERS = `
  select pg_get_triggerdef(t.oid) as text
  from ${OUR_RELATIONS} join pg_trigger t on t.tgrelid = c.oid and not t.tgisinternal
  order by n.nspname, c.relname, t.tgname`;

const FUNCTIONS = `
  select pg_get_functiondef(f.oid) as text
  from pg_proc f join pg_namespace n on n.oid = f.pronamespace
  where n.nspname in ${OUR_SCHEMAS} and f.prokind in ('f', 'p')
  order by n.nspname, f.proname, pg_get_function_identity_arguments(f.oid)`;

const GRANTS = `
  select format('%s %s: %s to %s', kind, given.name, string_agg(privilege, ', ' order by privilege), role.name) as text
  from (
    select 'table' as kind, format('%s.%s', n.nspname, c.relname) as name, lower(g.privilege_type) as privilege, g.grantee, c.relowner as owner
      from ${OUR_RELATIONS}, aclexplode(c.relacl) g where c.relkind in ('r', 'p', 'v', 'm')
    union all
    select 'column', format('%s.%s.%s', n.nspname, c.relname, a.attname), lower(g.privilege_type), g.grantee, c.relowner
      from ${OUR_RELATIONS} join pg_attribute a on a.attrelid = c.oid and a.attacl is not null, aclexplode(a.attacl) g
    union all
    select 'function', f.oid::regprocedure::text, lower(g.privilege_type), g.grantee, f.proowner
      from pg_proc f join pg_namespace n on n.oid = f.pronamespace and n.nspname in ${OUR_SCHEMAS}, aclexplode(f.proacl) g
    union all
    select 'schema', n.nspname, lower(g.privilege_type), g.grantee, n.nspowner
      from pg_namespace n, aclexplode(n.nspacl) g where n.nspname in ${OUR_SCHEMAS}
  ) given
  cross join lateral (select coalesce((select rolname::text from pg_roles r where r.oid = given.grantee), 'public')) role(name)
  where given.grantee <> given.owner
  group by kind, given.name, role.name order by kind, given.name, role.name`;

const SECTIONS: readonly Section[] = [
  { title: 'Domains', query: DOMAINS },
  { title: 'Tables and views', query: TABLES },
  { title: 'View definitions', query: VIEWS },
  { title: 'Indexes that are not constraints', query: INDEXES },
  { title: 'Policies', query: POLICIES },
  { title: 'Triggers', query: TRIGGERS },
  { title: 'Functions', query: FUNCTIONS },
  { title: 'Grants to others than the owner', query: GRANTS },
];

/** The whole text of schema.sql for the database behind `client`. */
export async function dumpSchema(client: pg.Client): Promise<string> {
  // Every name is written with its schema, whatever this session's path.
  await client.query(`set search_path = ''`);
  const parts = [
    '-- Generated from the migrations by src/database/generate.ts; do not edit. For reading, not for restoring.\n',
  ];
  for (const section of SECTIONS) {
    const { rows } = await client.query<{ text: string }>(section.query);
    parts.push(`-- ${section.title}\n\n${rows.map((row) => spaced(row.text.trimEnd())).join('\n')}\n`);
  }
  return parts.join('\n').replaceAll(/[ \t]+$/gm, '');
}

/** An empty line after what takes more than one. */
function spaced(text: string): string {
  return text.includes('\n') ? `${text}\n` : text;
}
