-- Owns: the version of each scope of facts and the trigger that moves it. Not: the facts themselves.
-- A scope is 'platform' or an organization's id. Replicas listen on weir_facts (payload: the scope) and re-check
-- versions, so a change is in force everywhere within a second, and within the poll if the notification is lost.

create table weir.fact_versions (
  scope text primary key,
  version bigint not null check (version > 0),
  changed_at timestamptz not null
);
comment on table weir.fact_versions is
  'Version of the facts of a scope. Rises in the transaction of each change; the row lock orders writers of one scope, so a reader that takes the version first never keeps older facts under a newer version.';
create index fact_versions_changed_at_idx on weir.fact_versions (changed_at);

-- A time-ordered id for rows that SQL itself makes (RFC 9562, section 5.7); the application makes its own.
create function weir_private.uuid_v7() returns uuid
language sql volatile parallel safe
set search_path = ''
as $$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
        from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid
$$;

-- Moves the version of each scope on and tells the listeners once a scope. Sorted, so that two writers of the same scopes meet in one order.
create function weir_private.touch_fact_scopes(scopes text[]) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  touched text;
begin
  for touched in select distinct s from unnest(scopes) as s where s is not null order by s loop
    insert into weir.fact_versions as f (scope, version, changed_at) values (touched, 1, clock_timestamp())
    on conflict (scope) do update set version = f.version + 1, changed_at = excluded.changed_at;
    perform pg_notify('weir_facts', touched);
  end loop;
end
$$;

-- The scopes that one row belongs to: its organization; without one, every organization of its user; without either, the platform.
create function weir_private.fact_scopes(fact jsonb, organization_column text, user_column text) returns setof text
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if fact ->> organization_column is not null then
    return next fact ->> organization_column;
  elsif fact ->> user_column is not null then
    return query select m.organization_id::text from weir.members m where m.user_id = (fact ->> user_column)::uuid;
  else
    return next 'platform';
  end if;
end
$$;

-- Statement trigger of every fact table. Arguments: the column of the organization ('' for none), the column of the user
-- ('' for none), then the columns whose change is no change of a fact (a last use, a health figure).
-- An update that changes no fact moves no version, so a seed that runs again wakes nobody.
create function weir_private.bump_fact_versions() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  ignored text[] := tg_argv[2:] || array['updated_at'];
  changed jsonb[];
begin
  if tg_op = 'INSERT' then
    changed := array(select to_jsonb(n) from new_rows n);
  elsif tg_op = 'DELETE' then
    changed := array(select to_jsonb(o) from old_rows o);
  else
    changed := array(
      (select to_jsonb(o) - ignored from old_rows o except all select to_jsonb(n) - ignored from new_rows n)
      union all
      (select to_jsonb(n) - ignored from new_rows n except all select to_jsonb(o) - ignored from old_rows o));
  end if;
  perform weir_private.touch_fact_scopes(array(
    select distinct s from unnest(changed) as fact cross join lateral weir_private.fact_scopes(fact, tg_argv[0], tg_argv[1]) as s));
  return null;
end
$$;

-- For the few tables whose counters move on the hot path: a row trigger with a column list costs those updates nothing.
create function weir_private.bump_fact_version_of_row() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform weir_private.touch_fact_scopes(array(
    select distinct s from (values (to_jsonb(old)), (to_jsonb(new))) as both_rows (fact)
    cross join lateral weir_private.fact_scopes(fact, tg_argv[0], tg_argv[1]) as s));
  return null;
end
$$;

-- Refuses every change of a table that is only added to.
create function weir_private.refuse_change() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;

-- The same, but lets rows go along with their parent. Arguments: the parent table, its key, this table's column.
create function weir_private.refuse_change_unless_parent_gone() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  parent_exists boolean;
begin
  if tg_op = 'DELETE' then
    execute format('select exists (select 1 from weir.%I where %I::text = $1)', tg_argv[0], tg_argv[1])
      into parent_exists using to_jsonb(old) ->> tg_argv[2];
    if not parent_exists then
      return old;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$$;
