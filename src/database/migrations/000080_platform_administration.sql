-- Owns: what platform administration needs of the database: impersonations that end by themselves, a superadmin at all times, what superadmins see of sessions.
-- Not: sessions as such (000012), or who may call which route (contracts).

-- Where an impersonation came from: it ends with that session, and stopping leads back to it.
alter table weir.sessions add column impersonator_session_id uuid references weir.sessions (id) on delete cascade;
comment on column weir.sessions.impersonator_session_id is 'The impersonator''s own session, which an impersonation never outlives.';
create index sessions_impersonator_session_id_idx on weir.sessions (impersonator_session_id);

alter table weir.sessions add constraint sessions_impersonation_is_short
  check (impersonated_by is null or expires_at <= created_at + interval '60 minutes');
alter table weir.sessions add constraint sessions_nobody_impersonates_themselves check (impersonated_by <> user_id);

-- A session library prolongs the sessions it sees. An impersonation is never prolonged, and never becomes somebody else's.
create function weir_private.keep_impersonation_short() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  new.expires_at := least(new.expires_at, old.expires_at);
  new.created_at := old.created_at;
  new.user_id := old.user_id;
  new.impersonated_by := old.impersonated_by;
  new.impersonation_reason := old.impersonation_reason;
  return new;
end
$$;
create trigger keep_impersonation_short before update on weir.sessions
  for each row when (old.impersonated_by is not null) execute function weir_private.keep_impersonation_short();

-- A superadmin at all times, once there was one: checked at commit, one act at a time, so that two can't leave past each other. A ban with an end counts too:
-- until then nobody could undo anything.
create function weir_private.check_a_superadmin_is_left() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('weir superadmins', 0));
  if not exists (select 1 from weir.users u where u.platform_role = 'superadmin' and not u.banned) then
    raise exception 'the platform needs at least one superadmin'
      using errcode = 'check_violation', constraint = 'users_keep_a_superadmin', schema = 'weir', table = 'users';
  end if;
  return null;
end
$$;
create constraint trigger users_keep_a_superadmin after update of platform_role, banned or delete on weir.users
  deferrable initially deferred for each row when (old.platform_role = 'superadmin' and not old.banned)
  execute function weir_private.check_a_superadmin_is_left();

-- The list of everybody, newest first.
create index users_created_at_idx on weir.users (created_at desc, id desc);
create index organizations_created_at_idx on weir.organizations (created_at desc, id desc);

-- Sessions belong to the auth library alone; superadmins see that they are there, never what opens them. Nothing for anybody else.
create function weir.list_user_sessions(person uuid)
returns table (id uuid, ip_address text, user_agent text, impersonator_id uuid, impersonation_reason text, created_at timestamptz, expires_at timestamptz)
language sql stable security definer
set search_path = ''
as $$
  select s.id, s.ip_address, s.user_agent, s.impersonated_by, s.impersonation_reason, s.created_at, s.expires_at
    from weir.sessions s
   where s.user_id = person and s.expires_at > now() and (select weir_private.is_superadmin())
   order by s.created_at desc, s.id desc limit 500
$$;
create function weir.count_user_sessions(people uuid[])
returns table (user_id uuid, sessions bigint)
language sql stable security definer
set search_path = ''
as $$
  select s.user_id, count(*) from weir.sessions s
   where s.user_id = any (people) and s.expires_at > now() and s.impersonated_by is null and (select weir_private.is_superadmin())
   group by s.user_id
$$;
grant execute on function weir.list_user_sessions(uuid), weir.count_user_sessions(uuid[]) to authenticated;
