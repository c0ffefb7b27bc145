/**
 * Owns: what must hold of every object in Weir's schemas, asked of PostgreSQL's own catalogue. Does not own: what each policy
 * lets through (tests beside the facts) or running the rules (`catalogue.test.ts`).
 */

/** One rule: `query` gives a row `offender` for everything that breaks it; `breakIt` is SQL that has to be reported. */
export interface CatalogueRule {
  name: string;
  query: string;
  /** Makes one offender, as weir_owner, so that a test proves the rule can fail. */
  breakIt: string;
  /** What the offender made by `breakIt` is called in the report. */
  offender: string;
}

/** Tables without tenant data that need no policy for anybody but the owner; each with its reason. Keep it short. */
export const PLATFORM_TABLES: Readonly<Record<string, string>> = {};

const RUNTIME_ROLES = `('weir_gateway', 'weir_service', 'weir_runtime', 'authenticated', 'anon')`;

const TABLES = `pg_class c join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'weir'`;

const FUNCTIONS = `pg_proc f join pg_namespace n on n.oid = f.pronamespace and n.nspname in ('weir', 'weir_private')`;

/** Privileges by role and command, whole tables and single columns alike. */
const GRANTS = `(
  select c.oid, c.relname, g.grantee, g.privilege_type from ${TABLES}, aclexplode(c.relacl) g where c.relkind in ('r', 'p')
  union
  select c.oid, c.relname, g.grantee, g.privilege_type from ${TABLES}
    join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g where c.relkind in ('r', 'p')
)`;

/** Rules about rows: who is kept from them. */
export const ROW_RULES: readonly CatalogueRule[] = [
  {
    name: 'every table forces row level security',
    query: `select c.relname as offender from ${TABLES}
      where c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)`,
    breakIt: 'create table weir.bad (id uuid primary key); alter table weir.bad enable row level security',
    offender: 'bad',
  },
  {
    name: "every table has a policy for somebody besides its owner, or is on the reasoned list of the platform's own",
    query: `select c.relname as offender from ${TABLES}
      where c.relkind in ('r', 'p') and not c.relispartition
        and c.relname <> all (array[${Object.keys(PLATFORM_TABLES)
          .map((table) => `'${table}'`)
          .join(', ')}]::text[])
        and not exists (select from pg_policy p where p.polrelid = c.oid and p.polroles <> array['weir_owner'::regrole::oid])`,
    breakIt: `create table weir.bad (id uuid primary key); select weir_private.protect_table('weir.bad')`,
    offender: 'bad',
  },
  {
    name: 'the owner has its own policy on every table, since forced security binds it too',
    query: `select c.relname as offender from ${TABLES}
      where c.relkind in ('r', 'p') and not exists (
        select from pg_policy p where p.polrelid = c.oid and 'weir_owner'::regrole = any (p.polroles) and p.polcmd = '*')`,
    breakIt: 'create table weir.bad (id uuid primary key)',
    offender: 'bad',
  },
  {
    name: 'a partition is reached through its parent alone',
    query: `select distinct g.relname || ' to ' || g.grantee::regrole as offender from ${GRANTS} g
      join pg_class c on c.oid = g.oid where c.relispartition and g.grantee <> c.relowner`,
    breakIt: `create table weir.bad (at timestamptz) partition by range (at);
      create table weir.bad_default partition of weir.bad default; grant select on weir.bad_default to authenticated`,
    offender: 'bad_default to authenticated',
  },
  {
    name: 'a role has rights on a table only where a policy for that role and command exists',
    query: `select g.relname || ': ' || lower(g.privilege_type) || ' to ' || g.grantee::regrole as offender from ${GRANTS} g
      where g.grantee in (select oid from pg_roles where rolname in ${RUNTIME_ROLES})
        and g.privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
        and not exists (
          select from pg_policy p where p.polrelid = g.oid and p.polpermissive and (g.grantee = any (p.polroles) or 0 = any (p.polroles))
            and p.polcmd = any (array['*', case g.privilege_type when 'SELECT' then 'r' when 'INSERT' then 'a' when 'UPDATE' then 'w' else 'd' end]::"char"[]))`,
    breakIt: `create table weir.bad (id uuid primary key); create policy reading on weir.bad for select to authenticated using (false);
      grant select, delete on weir.bad to authenticated`,
    offender: 'bad: delete to authenticated',
  },
  {
    name: 'no right beyond rows (truncate, references, trigger) is given to a run-time role, and none to anon or the public',
    query: `select g.relname || ': ' || lower(g.privilege_type) || ' to ' || coalesce(r.rolname, 'public') as offender
      from ${GRANTS} g left join pg_roles r on r.oid = g.grantee
      where r.oid is null or r.rolname = 'anon'
        or (r.rolname in ${RUNTIME_ROLES} and g.privilege_type not in ('SELECT', 'INSERT', 'UPDATE', 'DELETE'))`,
    breakIt: 'create table weir.bad (id uuid primary key); grant truncate on weir.bad to weir_service',
    offender: 'bad: truncate to weir_service',
  },
  {
    name: 'no policy lets a signed-in person see or write every row',
    query: `select c.relname || ': ' || p.polname as offender from ${TABLES} join pg_policy p on p.polrelid = c.oid and p.polpermissive
      where (array['authenticated'::regrole, 'anon'::regrole]::oid[] || 0::oid) && p.polroles
        and 'true' in (pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))`,
    breakIt:
      'create table weir.bad (id uuid primary key); create policy wide on weir.bad for select to authenticated using (true)',
    offender: 'bad: wide',
  },
  {
    name: 'policies call auth.uid() and argument-less functions of ours once, as a sub-select',
    query: `select c.relname || ': ' || p.polname as offender from ${TABLES} join pg_policy p on p.polrelid = c.oid,
      lateral (select concat_ws(' ', pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)) as text) e
      where regexp_count(e.text, '(auth\\.uid|weir_private\\.\\w+)\\(\\)') <> regexp_count(e.text, 'SELECT (auth\\.uid|weir_private\\.\\w+)\\(\\)')`,
    breakIt: `create table weir.bad (id uuid primary key);
      create policy each_row on weir.bad to authenticated using (id = auth.uid())`,
    offender: 'bad: each_row',
  },
  {
    name: "a view runs with its reader's rights",
    query: `select c.relname as offender from ${TABLES} where c.relkind = 'm'
      or (c.relkind = 'v' and not coalesce(c.reloptions @> '{security_invoker=true}', false))`,
    breakIt: 'create view weir.bad as select 1 as one',
    offender: 'bad',
  },
];

/** Rules about how tables and functions are made. */
export const OBJECT_RULES: readonly CatalogueRule[] = [
  {
    name: 'every table has a primary key',
    query: `select c.relname as offender from ${TABLES} where c.relkind in ('r', 'p') and not c.relispartition
      and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')`,
    breakIt: 'create table weir.bad (id uuid)',
    offender: 'bad',
  },
  {
    name: 'every foreign key has an index that begins with its columns',
    query: `select c.relname || ': ' || k.conname as offender from ${TABLES} join pg_constraint k on k.conrelid = c.oid
      where k.contype = 'f' and k.conparentid = 0 and not exists (
        select from pg_index i where i.indrelid = c.oid and i.indisvalid
          and (i.indkey::int2[])[0:array_length(k.conkey, 1) - 1] @> k.conkey)`,
    breakIt: 'create table weir.bad (id uuid primary key, organization_id uuid references weir.bad (id))',
    offender: 'bad: bad_organization_id_fkey',
  },
  {
    name: 'updated_at is kept by the trigger',
    query: `select c.relname as offender from ${TABLES} join pg_attribute a on a.attrelid = c.oid and a.attname = 'updated_at'
      where c.relkind in ('r', 'p') and not a.attisdropped and not exists (
        select from pg_trigger t where t.tgrelid = c.oid and t.tgfoid = 'weir_private.set_updated_at()'::regprocedure)`,
    breakIt: 'create table weir.bad (id uuid primary key, updated_at timestamptz)',
    offender: 'bad',
  },
  {
    name: 'times have a zone, and no amount is a float or money',
    query: `select c.relname || '.' || a.attname as offender from ${TABLES} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
      where c.relkind in ('r', 'p') and a.atttypid in ('timestamp'::regtype, 'float4'::regtype, 'float8'::regtype, 'money'::regtype)`,
    breakIt: 'create table weir.bad (id uuid primary key, at timestamp)',
    offender: 'bad.at',
  },
  {
    name: 'every function pins its search path',
    query: `select f.oid::regprocedure::text as offender from ${FUNCTIONS} where f.prokind in ('f', 'p')
      and not exists (select from unnest(f.proconfig) setting where setting like 'search_path=%')`,
    breakIt: `create function weir_private.bad() returns int language sql as 'select 1'`,
    offender: 'weir_private.bad()',
  },
  {
    name: "a function with its owner's rights is not everybody's, and its path holds no schema that others may write to",
    query: `select f.oid::regprocedure::text as offender from ${FUNCTIONS} where f.prosecdef and (
      exists (select from aclexplode(coalesce(f.proacl, acldefault('f', f.proowner))) g where g.grantee = 0)
      or exists (select from unnest(f.proconfig) setting where setting like 'search_path=%' and setting ~ '(public|"\\$user")'))`,
    breakIt: `create function weir_private.bad() returns int language sql security definer set search_path = '' as 'select 1';
      grant execute on function weir_private.bad() to public`,
    offender: 'weir_private.bad()',
  },
  {
    name: 'weir_owner owns everything',
    query: `select c.oid::regclass::text as offender from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('weir', 'weir_private') and c.relowner <> 'weir_owner'::regrole
      union select f.oid::regprocedure::text from ${FUNCTIONS} where f.proowner <> 'weir_owner'::regrole`,
    breakIt: 'reset role; create table weir.bad (id uuid)',
    offender: 'weir.bad',
  },
  {
    name: 'no run-time role is superuser, may pass by row level security, log in, make roles, or act as the owner',
    query: `select rolname as offender from pg_roles
      where (rolname in ${RUNTIME_ROLES} and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolcanlogin or pg_has_role(oid, 'weir_owner', 'MEMBER')))
        or (rolname = 'weir_owner' and (rolsuper or rolbypassrls or rolcanlogin))`,
    breakIt: 'reset role; alter role anon createdb',
    offender: 'anon',
  },
];
