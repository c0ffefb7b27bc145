-- Owns: what people write to models and what comes back, for the person alone. Not: what it used (usage events, by messages.request_id) or counters.

-- The person themselves: nobody who acts as them, and no token of the organization, which somebody else may hold.
create function weir_private.is_themselves() returns boolean
language sql stable security definer parallel safe
set search_path = ''
as $$
  select (select auth.uid()) is not null and weir_private.claim('impersonator') is null
    and (weir_private.claim('api_token') is null
      or exists (select 1 from weir.api_tokens t where t.id = weir_private.claim('api_token')::uuid and t.user_id = (select auth.uid())))
$$;
grant execute on function weir_private.is_themselves() to authenticated;

create table weir.conversations (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  user_id uuid not null references weir.users (id) on delete cascade,
  title text not null check (length(title) between 1 and 200),
  persona_id uuid references weir.personas (id) on delete set null,
  template_id bigint references weir.templates (id) on delete set null,
  archived_at timestamptz,
  last_message_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint conversations_with_one check (persona_id is null or template_id is null),
  constraint conversations_owner_once unique (id, organization_id, user_id)
);
comment on table weir.conversations is 'A person''s conversation with models, in one organization. Seen by that person alone.';
create index conversations_newest_idx on weir.conversations (organization_id, user_id, last_message_at desc, id desc);
create index conversations_user_id_idx on weir.conversations (user_id);
create index conversations_persona_id_idx on weir.conversations (persona_id);
create index conversations_template_id_idx on weir.conversations (template_id);

create table weir.messages (
  id uuid primary key,
  conversation_id uuid not null,
  organization_id uuid not null,
  user_id uuid not null,
  role text not null check (role in ('user', 'assistant')),
  content text not null default '' check (length(content) <= 2000000),
  status text not null check (status in ('complete', 'streaming', 'cancelled', 'failed')),
  finish_reason text check (length(finish_reason) <= 100),
  error_code text check (length(error_code) <= 100),
  model_id text check (length(model_id) <= 300),
  fallback text check (length(fallback) <= 100),
  request_id uuid,
  input_tokens bigint check (input_tokens >= 0),
  output_tokens bigint check (output_tokens >= 0),
  cost_nano_usd bigint check (cost_nano_usd >= 0),
  is_trial boolean not null default false,
  trial_remaining bigint,
  idempotency_key text check (length(idempotency_key) between 1 and 255),
  request_hash bytea check (octet_length(request_hash) = 32),
  superseded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint messages_of_their_conversation foreign key (conversation_id, organization_id, user_id)
    references weir.conversations (id, organization_id, user_id) on delete cascade,
  constraint messages_only_answers_come_slowly check (role = 'assistant' or status = 'complete'),
  constraint messages_key_comes_with_hash check ((idempotency_key is null) = (request_hash is null))
);
comment on column weir.messages.organization_id is 'The conversation''s, as user_id is: the wall is in each row.';
comment on column weir.messages.status is 'cancelled: the person stopped it; failed: the model broke off. Both keep what came. streaming for long: its server is gone.';
comment on column weir.messages.model_id is 'As it was called then; no reference, so that a model can go.';
comment on column weir.messages.request_id is 'Id of the call and of its usage event.';
comment on column weir.messages.cost_nano_usd is 'Null: not known.';
comment on column weir.messages.superseded_at is 'When another answer was asked for in its place.';
comment on column weir.messages.request_hash is 'SHA-256 of what was asked with the idempotency key.';
create index messages_conversation_idx on weir.messages (conversation_id, organization_id, user_id, id);
-- One answer at a time; a key once for each person and organization.
create unique index messages_one_answer_at_a_time on weir.messages (conversation_id) where status = 'streaming';
create unique index messages_idempotency_key_once on weir.messages (organization_id, user_id, idempotency_key) where idempotency_key is not null;

select weir_private.protect_table('weir.conversations');
select weir_private.protect_table('weir.messages');

create policy own_all on weir.conversations to authenticated
  using (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[])
    and (select weir_private.is_themselves()))
  with check (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[])
    and (select weir_private.is_themselves()));
create policy own_all on weir.messages to authenticated
  using (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[])
    and (select weir_private.is_themselves()))
  with check (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[])
    and (select weir_private.is_themselves()));

grant select, insert, delete on weir.conversations, weir.messages to authenticated;
grant update (title, archived_at, last_message_at) on weir.conversations to authenticated;
grant update (content, status, finish_reason, error_code, model_id, fallback, request_id, input_tokens, output_tokens, cost_nano_usd,
    is_trial, trial_remaining, superseded_at)
  on weir.messages to authenticated;
-- Neither the gateway nor the control plane's own role may read any of it.

-- How much each person of an organization converses, for its admins: numbers, no words. No rows for anybody else.
create function weir.conversation_counts(organization uuid)
returns table (user_id uuid, conversations bigint, messages bigint, last_message_at timestamptz)
language sql stable security definer
set search_path = ''
as $$
  select c.user_id, count(*), coalesce(sum(m.count), 0)::bigint, max(c.last_message_at)
    from weir.conversations c
    left join lateral (select count(*) as count from weir.messages m where m.conversation_id = c.id and m.superseded_at is null) m on true
   where c.organization_id = organization
     and organization = any ((select weir_private.my_admin_organization_ids())::uuid[])
   group by c.user_id
$$;
grant execute on function weir.conversation_counts(uuid) to authenticated;
