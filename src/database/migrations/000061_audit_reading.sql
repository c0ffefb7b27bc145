-- Owns: what reading and checking the audit log needs besides its rows: the reason of platform acts, indexes, readable chain heads, what a member may see of it.
-- Not: writing a row (000019).

-- Why the platform's door was open; withPlatform leaves it in the transaction. Acts of people have none.
alter table weir.audit_logs add column reason text
  default left(nullif(current_setting('weir.platform_reason', true), ''), 500) check (length(reason) <= 500);

-- Rows from before there was a reason keep their hash: an absent one is not hashed.
create or replace function weir_private.audit_hash(previous bytea, entry weir.audit_logs) returns bytea
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select sha256(previous || convert_to(
    (to_jsonb(entry) - 'hash' - 'previous_hash' - 'chain' - case when entry.reason is null then 'reason' else '' end)::text, 'UTF8'))
$$;

-- People write neither the time nor the place in the chain nor a reason: those are the database's.
revoke insert on weir.audit_logs from authenticated;
grant insert (id, organization_id, actor_type, actor_id, impersonator_id, action, target_type, target_id, before, after, ip, user_agent, request_id)
  on weir.audit_logs to authenticated;

-- Whole log by time; by actor and by target for filters and for a person's own activity.
create index audit_logs_created_at_idx on weir.audit_logs (created_at desc, id desc);
create index audit_logs_actor_idx on weir.audit_logs (organization_id, actor_id, created_at desc, id desc);
create index audit_logs_target_idx on weir.audit_logs (organization_id, target_id, created_at desc, id desc);

-- Who may read a chain may read its head, which shows a cut-off tail.
create policy platform_read on weir.audit_chains for select to authenticated using ((select weir_private.is_platform_admin()));
create policy admin_read on weir.audit_chains for select to authenticated
  using (chain = any ((select weir_private.my_admin_organization_ids())::text[]));
grant select on weir.audit_chains to authenticated;

-- The hash a row should have, for those who may read the row; the schema of the function itself is not theirs to name.
create function weir.audit_row_hash(entry weir.audit_logs) returns bytea
language sql stable security definer
set search_path = ''
as $$ select weir_private.audit_hash(entry.previous_hash, entry) $$;
grant execute on function weir.audit_row_hash(weir.audit_logs) to authenticated, weir_service;

-- What happened in an organization, newest first: all of it for its admins; for members what they did and what was done to them. No values, addresses or
-- devices: members don't read the log itself. Names are those of present members; an act of the platform has none.
create function weir.list_activity(organization uuid, before_at timestamptz, before_id uuid, max_rows integer)
returns table (id uuid, created_at timestamptz, actor_type text, actor_id uuid, actor_name text, impersonated boolean,
  action text, target_type text, target_id text, target_label text)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  me uuid := auth.uid();
  page integer := least(greatest(max_rows, 0), 101);
  -- Bounds rather than "or is null", so that the index is entered at the place of the page.
  place_at timestamptz := coalesce(before_at, 'infinity');
  place_id uuid := coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  ids uuid[];
begin
  if organization = any (weir_private.my_admin_organization_ids()) then
    ids := array(select a.id from weir.audit_logs a where a.organization_id = organization
      and (a.created_at, a.id) < (place_at, place_id) order by a.created_at desc, a.id desc limit page);
  elsif organization = any (weir_private.my_organization_ids()) then
    ids := array(
      (select a.id from weir.audit_logs a where a.organization_id = organization and a.actor_id = me
        and (a.created_at, a.id) < (place_at, place_id) order by a.created_at desc, a.id desc limit page)
      union
      (select a.id from weir.audit_logs a where a.organization_id = organization and a.target_id = me::text
        and (a.created_at, a.id) < (place_at, place_id) order by a.created_at desc, a.id desc limit page));
  end if;
  return query
    select a.id, a.created_at, a.actor_type, a.actor_id, u.name, a.impersonator_id is not null, a.action, a.target_type, a.target_id,
      left(coalesce(a.after ->> 'name', a.before ->> 'name', a.after ->> 'email', a.before ->> 'email'), 200)
    from weir.audit_logs a
    left join weir.members m on m.organization_id = a.organization_id and m.user_id = a.actor_id
    left join weir.users u on u.id = m.user_id
    where a.id = any (ids) order by a.created_at desc, a.id desc limit page;
end
$$;
grant execute on function weir.list_activity(uuid, timestamptz, uuid, integer) to authenticated;
