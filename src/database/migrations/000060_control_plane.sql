-- Owns: what the product API and its sign-in keep besides their domains: answers to repeated writes, rates, mail to be sent, API tokens. Not: who uses them.

create function weir_private.is_superadmin() returns boolean
language sql stable security definer parallel safe
set search_path = ''
as $$
  select exists (select 1 from weir.users u where u.id = (select auth.uid()) and u.platform_role = 'superadmin'
    and not (u.banned and (u.ban_expires is null or u.ban_expires > now())))
$$;
grant execute on function weir_private.is_superadmin() to authenticated;

-- Repeated writes of the product API. The gateway's own are weir.idempotency_keys.
create table weir.request_idempotency (
  scope text not null check (length(scope) between 1 and 200),
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  request_id uuid not null,
  state text not null default 'in_progress' check (state in ('in_progress', 'completed')),
  status integer check (status between 100 and 599),
  headers jsonb check (jsonb_typeof(headers) = 'object'),
  response bytea,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (scope, key),
  constraint request_idempotency_completed_has_answer check (state = 'in_progress' or status is not null)
);
comment on column weir.request_idempotency.scope is 'Who sent the key and where to: the same key of two callers is two keys.';
comment on column weir.request_idempotency.response is 'Ciphertext of the answer: it may hold a secret that is shown once.';
create index request_idempotency_expires_at_idx on weir.request_idempotency (expires_at);

-- One row per limited thing, reused for each window. Unlogged: taking a token waits for no disk; after a crash every window begins anew.
create unlogged table weir.rate_limit_windows (
  key text primary key check (length(key) between 1 and 300),
  window_start timestamptz not null,
  resets_at timestamptz not null check (resets_at > window_start),
  used integer not null check (used > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
) with (fillfactor = 50);
comment on table weir.rate_limit_windows is 'What is used of each rate in its running window. Unlogged, and empty after a crash.';
create index rate_limit_windows_resets_at_idx on weir.rate_limit_windows (resets_at);

-- Takes one token. A window begins with the first token taken after the last one ended, by the database's clock, which all replicas share. A refused attempt
-- changes nothing, so trying on doesn't prolong the wait. A window that ends later than a whole window from now is from a longer rule or a clock set back, and
-- begins anew.
create function weir.take_rate_token(key text, limit_per_window integer, window_seconds integer)
returns table (allowed boolean, remaining integer, resets_at timestamptz)
language plpgsql volatile
set search_path = ''
as $$
#variable_conflict use_column
declare
  -- Not now(): an attempt that waited for another's row lock is judged by the time it is let in.
  moment timestamptz := clock_timestamp();
  ends timestamptz := moment + make_interval(secs => window_seconds);
  taken weir.rate_limit_windows;
begin
  if limit_per_window < 1 or window_seconds not between 1 and 86400 then
    raise exception 'a rate of % in % seconds can''t be kept', limit_per_window, window_seconds using errcode = 'invalid_parameter_value';
  end if;
  insert into weir.rate_limit_windows as w (key, window_start, resets_at, used)
  values (take_rate_token.key, moment, ends, 1)
  on conflict on constraint rate_limit_windows_pkey do update set
    window_start = case when w.resets_at > moment and w.resets_at <= ends then w.window_start else excluded.window_start end,
    resets_at = case when w.resets_at > moment and w.resets_at <= ends then w.resets_at else excluded.resets_at end,
    used = case when w.resets_at > moment and w.resets_at <= ends then w.used + 1 else 1 end
  where w.used < limit_per_window or w.resets_at <= moment or w.resets_at > ends
  returning w.* into taken;
  if found then
    return query select true, limit_per_window - taken.used, taken.resets_at;
  else
    return query select false, 0, coalesce((select w.resets_at from weir.rate_limit_windows w where w.key = take_rate_token.key), ends);
  end if;
end
$$;
comment on function weir.take_rate_token(text, integer, integer) is
  'Takes one of limit_per_window tokens of a window of so many seconds; says whether there was one, what is left, and when the window ends.';

-- Removes windows that ended, at most so many, leaving alone what is being used. Gives how many it removed.
create function weir.clear_rate_limit_windows(max_rows integer) returns integer
language sql volatile
set search_path = ''
as $$
  with ended as (
    select w.key from weir.rate_limit_windows w where w.resets_at < clock_timestamp() order by w.resets_at limit max_rows for update skip locked
  ), removed as (
    delete from weir.rate_limit_windows w using ended where w.key = ended.key returning 1
  )
  select count(*)::integer from removed
$$;

-- Mail on its way. The text may hold links that sign in, so only superadmins read it.
create table weir.mail_outbox (
  id uuid primary key,
  kind text not null check (length(kind) between 1 and 100),
  to_address text not null check (length(to_address) between 3 and 320 and to_address !~ '[\r\n]'),
  subject text not null check (length(subject) <= 500 and subject !~ '[\r\n]'),
  text_body text not null check (length(text_body) <= 100000),
  html_body text check (length(html_body) <= 500000),
  status text not null default 'pending' check (status in ('pending', 'sent', 'failed', 'kept')),
  attempts integer not null default 0 check (attempts >= 0),
  last_error text check (length(last_error) <= 2000),
  next_attempt_at timestamptz not null default now(),
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint mail_outbox_sent_has_time check ((status = 'sent') = (sent_at is not null))
);
comment on column weir.mail_outbox.status is 'kept: no mail server is configured; the mail stays here to be read.';
create index mail_outbox_due_idx on weir.mail_outbox (next_attempt_at) where status = 'pending';
create index mail_outbox_created_at_idx on weir.mail_outbox (created_at desc, id desc);

-- How an act leaves its mail: in its own transaction, so that there is no mail without the act, nor the act without its mail.
create function weir.enqueue_mail(kind text, to_address text, subject text, text_body text, html_body text) returns uuid
language sql volatile security definer
set search_path = ''
as $$
  insert into weir.mail_outbox (id, kind, to_address, subject, text_body, html_body)
  values (weir_private.uuid_v7(), kind, to_address, subject, text_body, html_body)
  returning id
$$;

-- Tokens for the product API: a person's own, or an organization's (no user).
create table weir.api_tokens (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  user_id uuid,
  name text not null check (length(name) between 1 and 200),
  token_hash bytea not null unique check (octet_length(token_hash) = 32),
  prefix text not null check (length(prefix) <= 20),
  last_four text not null check (length(last_four) = 4),
  role text not null check (role in ('admin', 'member')),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Leaving the organization ends the person's tokens for it.
  constraint api_tokens_owner_is_member foreign key (organization_id, user_id)
    references weir.members (organization_id, user_id) on delete cascade
);
comment on column weir.api_tokens.user_id is 'Whose personal token it is; null: the organization''s.';
comment on column weir.api_tokens.token_hash is 'SHA-256 of the whole token; the token itself is never stored.';
comment on column weir.api_tokens.role is 'The most it may do. A personal token never does more than its person may at that moment.';
create index api_tokens_member_idx on weir.api_tokens (organization_id, user_id);
create index api_tokens_created_by_idx on weir.api_tokens (created_by);

do $$
declare
  target text;
begin
  foreach target in array array['request_idempotency', 'rate_limit_windows', 'mail_outbox', 'api_tokens'] loop
    perform weir_private.protect_table(format('weir.%I', target)::regclass);
    execute format('create policy service_all on weir.%I to weir_service using (true) with check (true)', target);
    execute format('grant select, insert, update, delete on weir.%I to weir_service', target);
  end loop;
end
$$;
grant execute on function weir.take_rate_token(text, integer, integer), weir.clear_rate_limit_windows(integer) to weir_service;
grant execute on function weir.enqueue_mail(text, text, text, text, text) to weir_service, authenticated;

create policy superadmin_read on weir.mail_outbox for select to authenticated using ((select weir_private.is_superadmin()));
grant select on weir.mail_outbox to authenticated;

-- Tokens as keys: a member makes and ends the own ones, of a member's rights; an admin those of the organization too. Nobody else's hash is of use to anybody,
-- so no column of it is readable.
create policy platform_read on weir.api_tokens for select to authenticated using ((select weir_private.is_platform_admin()));
create policy own_read on weir.api_tokens for select to authenticated
  using (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));
create policy admin_read on weir.api_tokens for select to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy own_insert on weir.api_tokens for insert to authenticated
  with check (user_id = (select auth.uid()) and created_by = (select auth.uid()) and role = 'member'
    and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));
create policy admin_insert on weir.api_tokens for insert to authenticated
  with check ((user_id is null or user_id = (select auth.uid())) and created_by = (select auth.uid())
    and organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy own_update on weir.api_tokens for update to authenticated
  using (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
  with check (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));
create policy admin_update on weir.api_tokens for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
grant select (id, organization_id, user_id, name, prefix, last_four, role, expires_at, last_used_at, revoked_at, created_by, created_at, updated_at),
  insert (id, organization_id, user_id, name, token_hash, prefix, last_four, role, expires_at, created_by),
  update (name, expires_at, revoked_at)
  on weir.api_tokens to authenticated;
