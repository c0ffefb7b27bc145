-- Owns: virtual keys, budgets, alerts, idempotent answers and the audit log. Not: what was spent (counters, usage events).

create table weir.virtual_keys (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  owner_type text not null check (owner_type in ('user', 'service')),
  user_id uuid,
  department_id uuid,
  name text not null check (length(name) between 1 and 200),
  environment text not null check (environment in ('live', 'test')),
  key_hash bytea not null unique check (octet_length(key_hash) = 32),
  prefix text not null check (length(prefix) <= 20),
  last_four text not null check (length(last_four) = 4),
  allowed_models text[],
  allowed_templates text[],
  allowed_features text[],
  allowed_routes text[],
  ip_ranges cidr[],
  requests_per_minute bigint check (requests_per_minute > 0),
  tokens_per_minute bigint check (tokens_per_minute > 0),
  can_act_for_members boolean not null default false,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  rotated_from uuid references weir.virtual_keys (id) on delete set null,
  grace_until timestamptz,
  created_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint virtual_keys_owner_fits_type check ((owner_type = 'user') = (user_id is not null)),
  constraint virtual_keys_department_of_same_organization foreign key (organization_id, department_id)
    references weir.departments (organization_id, id) on delete set null (department_id),
  -- The person whose key it is stays a member of the key's organization: leaving ends the key.
  constraint virtual_keys_owner_is_member foreign key (organization_id, user_id)
    references weir.members (organization_id, user_id) on delete cascade
);
comment on column weir.virtual_keys.key_hash is 'SHA-256 of the whole key; the key itself is never stored.';
comment on column weir.virtual_keys.allowed_models is 'Null: all; empty: none. The same for the other lists and ip_ranges.';
comment on column weir.virtual_keys.grace_until is 'Set on a key that was rotated: it works until then.';
create index virtual_keys_member_idx on weir.virtual_keys (organization_id, user_id);
create index virtual_keys_department_idx on weir.virtual_keys (organization_id, department_id);
create index virtual_keys_rotated_from_idx on weir.virtual_keys (rotated_from);
create index virtual_keys_created_by_idx on weir.virtual_keys (created_by);

create table weir.budgets (
  id uuid primary key,
  organization_id uuid references weir.organizations (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  scope text not null check (scope in ('organization', 'department', 'feature', 'user', 'key', 'platform')),
  department_id uuid,
  feature_id uuid references weir.features (id) on delete cascade,
  user_id uuid references weir.users (id) on delete cascade,
  virtual_key_id uuid references weir.virtual_keys (id) on delete cascade,
  period text not null check (period in ('daily', 'weekly', 'monthly', 'quarterly')),
  amount_nano_usd bigint not null check (amount_nano_usd > 0),
  alert_thresholds numeric(4, 3)[] not null default '{0.8}'
    check (cardinality(alert_thresholds) between 0 and 10 and 0 < all (alert_thresholds) and 1 >= all (alert_thresholds)),
  enforcement text not null default 'soft' check (enforcement in ('hard', 'soft')),
  rollover boolean not null default false,
  is_active boolean not null default true,
  created_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint budgets_department_of_same_organization foreign key (organization_id, department_id)
    references weir.departments (organization_id, id) on delete cascade,
  constraint budgets_scope_names_its_reference check (
    num_nonnulls(department_id, feature_id, user_id, virtual_key_id) <= 1
    and (scope = 'department') = (department_id is not null)
    and (scope = 'feature') = (feature_id is not null)
    and (scope = 'user') = (user_id is not null)
    and (scope = 'key') = (virtual_key_id is not null)
    and case scope when 'platform' then organization_id is null when 'feature' then true else organization_id is not null end)
);
comment on column weir.budgets.organization_id is 'Null: the platform''s, over all organizations (scope platform, or a feature everywhere).';
create index budgets_organization_idx on weir.budgets (organization_id, department_id);
create index budgets_feature_id_idx on weir.budgets (feature_id);
create index budgets_user_id_idx on weir.budgets (user_id);
create index budgets_virtual_key_id_idx on weir.budgets (virtual_key_id);
create index budgets_created_by_idx on weir.budgets (created_by);

create table weir.alerts (
  id uuid primary key,
  organization_id uuid references weir.organizations (id) on delete cascade,
  rule text not null check (length(rule) between 1 and 200),
  scope text not null check (scope in ('organization', 'department', 'feature', 'user', 'key', 'platform')),
  scope_reference text,
  budget_id uuid references weir.budgets (id) on delete cascade,
  window_start timestamptz,
  value numeric not null,
  threshold numeric not null,
  details jsonb not null default '{}' check (jsonb_typeof(details) = 'object'),
  fired_at timestamptz not null default now(),
  resolved_at timestamptz,
  acknowledged_by uuid references weir.users (id) on delete set null,
  acknowledged_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index alerts_once_per_budget_window_threshold on weir.alerts (budget_id, window_start, threshold) where budget_id is not null;
create index alerts_organization_id_idx on weir.alerts (organization_id, fired_at desc);
create index alerts_budget_id_idx on weir.alerts (budget_id);
create index alerts_acknowledged_by_idx on weir.alerts (acknowledged_by);

create table weir.idempotency_keys (
  organization_id uuid not null,
  virtual_key_id uuid not null references weir.virtual_keys (id) on delete cascade,
  key text not null check (length(key) between 1 and 255),
  request_hash bytea not null check (octet_length(request_hash) = 32),
  request_id uuid not null,
  state text not null default 'in_progress' check (state in ('in_progress', 'completed')),
  status integer check (status between 100 and 599),
  headers jsonb,
  response bytea,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (virtual_key_id, key),
  constraint idempotency_keys_completed_has_answer check (state = 'in_progress' or status is not null)
);
comment on column weir.idempotency_keys.organization_id is 'No foreign key of its own: the key''s is enough, and every call with a key pays for each.';
comment on column weir.idempotency_keys.response is 'Ciphertext of the answer.';
create index idempotency_keys_expires_at_idx on weir.idempotency_keys (expires_at);

-- The head of each audit chain ('platform' or an organization's id), so that the next row finds the last in one step.
create table weir.audit_chains (
  chain text primary key,
  sequence bigint not null,
  hash bytea not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table weir.audit_logs (
  id uuid primary key,
  organization_id uuid,
  chain text generated always as (coalesce(organization_id::text, 'platform')) stored,
  sequence bigint not null,
  actor_type text not null default 'user' check (actor_type in ('user', 'key', 'system')),
  actor_id uuid,
  impersonator_id uuid,
  action text not null check (length(action) between 1 and 200),
  target_type text not null check (length(target_type) between 1 and 100),
  target_id text check (length(target_id) <= 300),
  before jsonb,
  after jsonb,
  ip inet,
  user_agent text check (length(user_agent) <= 1000),
  request_id uuid,
  created_at timestamptz not null default now(),
  previous_hash bytea not null,
  hash bytea not null,
  unique (chain, sequence)
);
comment on table weir.audit_logs is 'Append-only. No foreign keys: rows outlive who and what they name. hash = SHA-256 over the previous hash and the row''s text, kept per organization.';
create index audit_logs_organization_idx on weir.audit_logs (organization_id, created_at desc, id desc);

-- What is hashed of a row; the check of a chain computes the same.
create function weir_private.audit_hash(previous bytea, entry weir.audit_logs) returns bytea
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select sha256(previous || convert_to((to_jsonb(entry) - 'hash' - 'previous_hash' - 'chain')::text, 'UTF8'))
$$;

create function weir_private.chain_audit_log() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  head weir.audit_chains;
  name text := coalesce(new.organization_id::text, 'platform');
begin
  insert into weir.audit_chains (chain, sequence, hash) values (name, 0, '\x') on conflict (chain) do nothing;
  select * into head from weir.audit_chains c where c.chain = name for update;
  new.sequence := head.sequence + 1;
  new.previous_hash := head.hash;
  new.hash := weir_private.audit_hash(head.hash, new);
  update weir.audit_chains c set sequence = new.sequence, hash = new.hash where c.chain = name;
  return new;
end
$$;
create trigger audit_logs_chain before insert on weir.audit_logs
  for each row execute function weir_private.chain_audit_log();
create trigger audit_logs_append_only before update or delete on weir.audit_logs
  for each row execute function weir_private.refuse_change();
create trigger audit_logs_no_truncate before truncate on weir.audit_logs
  for each statement execute function weir_private.refuse_change();
