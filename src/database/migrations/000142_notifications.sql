-- Owns: what people are told within Weir: notifications with their deliveries and preferences; rules of alerts. Not: what happened (analytics_events, usage),
-- or alerts of budgets (000019).

create table weir.notifications (
  id uuid primary key default weir_private.uuid_v7(),
  -- The order in which a person's stream gives them.
  sequence bigint generated always as identity unique,
  user_id uuid not null references weir.users (id) on delete cascade,
  organization_id uuid references weir.organizations (id) on delete cascade,
  type text not null check (type ~ '^[a-z][a-z0-9_]{1,98}$'),
  title text not null check (length(title) between 1 and 300),
  body text not null check (length(body) <= 4000),
  data jsonb not null default '{}' check (jsonb_typeof(data) = 'object'),
  dedupe_key text not null check (length(dedupe_key) between 1 and 300),
  read_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Being told of one thing twice is what this prevents, whoever tries.
  constraint notifications_once unique (user_id, dedupe_key)
);
comment on column weir.notifications.organization_id is 'Null: not of an organization (the platform, or the person).';
create index notifications_user_idx on weir.notifications (user_id, created_at desc, id desc);
create index notifications_unread_idx on weir.notifications (user_id) where read_at is null;
create index notifications_organization_id_idx on weir.notifications (organization_id);
create index notifications_created_at_idx on weir.notifications (created_at);

create table weir.notification_deliveries (
  id uuid primary key default weir_private.uuid_v7(),
  notification_id uuid not null references weir.notifications (id) on delete cascade,
  channel text not null check (channel in ('in_app', 'email', 'webhook')),
  status text not null default 'pending' check (status in ('pending', 'sent', 'failed', 'dead')),
  attempts integer not null default 0 check (attempts >= 0),
  last_error text check (length(last_error) <= 2000),
  provider_id text check (length(provider_id) <= 300),
  next_attempt_at timestamptz not null default now(),
  sent_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notification_deliveries_once unique (notification_id, channel),
  constraint notification_deliveries_sent_has_time check ((status = 'sent') = (sent_at is not null))
);
create index notification_deliveries_due_idx on weir.notification_deliveries (next_attempt_at) where status = 'pending';

create table weir.notification_preferences (
  user_id uuid not null references weir.users (id) on delete cascade,
  type text not null check (type ~ '^[a-z][a-z0-9_]{1,98}$'),
  channel text not null check (channel in ('in_app', 'email', 'webhook')),
  is_enabled boolean not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (user_id, type, channel)
);
comment on table weir.notification_preferences is 'What a person chose; without a row the default of the type holds.';

-- What was changed of a rule. Rules and their defaults are code; a row without an organization is the platform's change, one with it that organization's own.
create table weir.alert_rules (
  id uuid primary key default weir_private.uuid_v7(),
  rule text not null check (rule ~ '^[a-z][a-z0-9_]{1,98}$'),
  organization_id uuid references weir.organizations (id) on delete cascade,
  is_enabled boolean not null,
  threshold numeric not null check (threshold >= 0),
  window_minutes integer not null check (window_minutes between 1 and 10080),
  channels text[] not null default '{in_app}' check (channels <@ array['in_app', 'email', 'webhook']),
  changed_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint alert_rules_once unique nulls not distinct (rule, organization_id)
);
create index alert_rules_organization_id_idx on weir.alert_rules (organization_id);
create index alert_rules_changed_by_idx on weir.alert_rules (changed_by);

-- One open alert per rule and what it is about; budgets have a rule of their own (once per window and threshold).
create unique index alerts_one_open on weir.alerts (rule, scope, organization_id, scope_reference) nulls not distinct
  where resolved_at is null and budget_id is null;
create index alerts_fired_at_idx on weir.alerts (fired_at desc, id desc);

do $$
declare
  target text;
begin
  foreach target in array array['notifications', 'notification_deliveries', 'notification_preferences', 'alert_rules'] loop
    perform weir_private.protect_table(format('weir.%I', target)::regclass);
    execute format('create policy service_all on weir.%I to weir_service using (true) with check (true)', target);
    execute format('grant select, insert, update, delete on weir.%I to weir_service', target);
  end loop;
  -- A person's own, of organizations they still belong to.
  foreach target in array array['select', 'update', 'delete'] loop
    execute format('create policy own_%1$s on weir.notifications for %1$s to authenticated
      using (user_id = (select auth.uid()) and (organization_id is null and (select weir_private.claim(''api_token'')) is null
        or organization_id = any ((select weir_private.my_organization_ids())::uuid[])))', target);
  end loop;
end
$$;
grant select, update (read_at), delete on weir.notifications to authenticated;

create policy own_all on weir.notification_preferences to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
grant select, insert (user_id, type, channel, is_enabled), update (is_enabled), delete on weir.notification_preferences to authenticated;

create policy platform_all on weir.alert_rules to authenticated
  using ((select weir_private.is_platform_admin())) with check ((select weir_private.is_platform_admin()));
create policy admin_all on weir.alert_rules to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
grant select, insert (id, rule, organization_id, is_enabled, threshold, window_minutes, channels, changed_by),
  update (is_enabled, threshold, window_minutes, channels, changed_by), delete on weir.alert_rules to authenticated;
-- What an organization's rules begin from.
create policy defaults_read on weir.alert_rules for select to authenticated
  using (organization_id is null and cardinality((select weir_private.my_admin_organization_ids())::uuid[]) > 0);
