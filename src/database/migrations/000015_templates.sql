-- Owns: configured uses of models (templates, their switches per organization, personas). Not: what was used of their limits (counters).

create table weir.templates (
  id bigint generated always as identity primary key,
  scope text not null check (scope in ('system', 'organization', 'user')),
  organization_id uuid references weir.organizations (id) on delete cascade,
  owner_user_id uuid references weir.users (id) on delete cascade,
  name text not null check (length(name) between 1 and 200),
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$'),
  role text not null default '' check (length(role) <= 200),
  description text not null default '',
  icon text check (length(icon) <= 200),
  system_message text not null default '',
  tasks jsonb not null default '[]' check (jsonb_typeof(tasks) = 'array'),
  model_id text references weir.models (id) on update cascade on delete set null,
  endpoint_base_url text check (endpoint_base_url ~ '^https?://' and length(endpoint_base_url) <= 2000),
  endpoint_model text check (length(endpoint_model) between 1 and 300),
  max_tokens bigint check (max_tokens > 0),
  temperature numeric(4, 3) check (temperature between 0 and 2),
  parameters jsonb not null default '{}' check (jsonb_typeof(parameters) = 'object'),
  business_types text[] not null default '{}',
  required_plan text not null default 'free' references weir.plans (slug) on update cascade,
  token_limit_period text check (token_limit_period in ('daily', 'weekly', 'monthly')),
  token_limit_amount bigint check (token_limit_amount > 0),
  is_free boolean not null default false,
  is_trial boolean not null default false,
  trial_expires_days integer check (trial_expires_days > 0),
  is_active boolean not null default true,
  is_featured boolean not null default false,
  tags text[] not null default '{}',
  sort_order integer not null default 0,
  created_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint templates_scope_names_its_owner check (
    case scope
      when 'system' then organization_id is null and owner_user_id is null
      when 'organization' then organization_id is not null and owner_user_id is null
      else organization_id is not null and owner_user_id is not null
    end),
  constraint templates_limit_comes_together check ((token_limit_period is null) = (token_limit_amount is null)),
  constraint templates_trial_days_only_with_trial check (is_trial or trial_expires_days is null),
  constraint templates_slug_once unique nulls not distinct (organization_id, owner_user_id, slug)
);
comment on column weir.templates.business_types is 'Empty: every business type.';
comment on column weir.templates.endpoint_base_url is 'Own OpenAI-compatible endpoint in place of the model''s provider; its secret is in template_endpoint_secrets.';
create index templates_owner_user_id_idx on weir.templates (owner_user_id);
create index templates_model_id_idx on weir.templates (model_id);
create index templates_required_plan_idx on weir.templates (required_plan);
create index templates_created_by_idx on weir.templates (created_by);

-- A table of its own, so that reading templates can never read a secret.
create table weir.template_endpoint_secrets (
  template_id bigint primary key references weir.templates (id) on delete cascade,
  organization_id uuid references weir.organizations (id) on delete cascade,
  ciphertext bytea not null,
  key_id text not null,
  origin text not null check (origin ~ '^https?://[^/]+$'),
  last_four text not null check (length(last_four) <= 4),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on column weir.template_endpoint_secrets.organization_id is 'The template''s; null for a system template.';
create index template_endpoint_secrets_organization_id_idx on weir.template_endpoint_secrets (organization_id);

create table weir.template_revisions (
  id uuid primary key,
  template_id bigint not null references weir.templates (id) on delete cascade,
  revision integer not null check (revision > 0),
  snapshot jsonb not null check (jsonb_typeof(snapshot) = 'object'),
  change_summary text not null default '',
  changed_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  unique (template_id, revision)
);
create index template_revisions_changed_by_idx on weir.template_revisions (changed_by);

create table weir.org_system_model_config (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  template_id bigint not null references weir.templates (id) on delete cascade,
  is_enabled_for_users boolean not null default false,
  token_limit_per_user bigint check (token_limit_per_user > 0),
  updated_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (organization_id, template_id)
);
comment on table weir.org_system_model_config is 'No row: not enabled for users, and the template''s own limit.';
comment on column weir.org_system_model_config.token_limit_per_user is 'Null: the template''s default.';
create index org_system_model_config_template_id_idx on weir.org_system_model_config (template_id);
create index org_system_model_config_updated_by_idx on weir.org_system_model_config (updated_by);

create function weir_private.check_org_system_model_config() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  quota bigint;
begin
  if not exists (select 1 from weir.templates t where t.id = new.template_id and t.scope = 'system') then
    raise exception 'template % is no system template', new.template_id
      using errcode = 'check_violation', constraint = 'org_system_model_config_system_templates_only', schema = 'weir', table = 'org_system_model_config';
  end if;
  select coalesce(o.token_quota_monthly, p.token_quota_monthly) into quota
  from weir.organizations o join weir.plans p on p.slug = o.pricing_plan where o.id = new.organization_id;
  if new.token_limit_per_user > quota then
    raise exception 'a limit of % tokens per user exceeds the organization''s monthly quota of %', new.token_limit_per_user, quota
      using errcode = 'check_violation', constraint = 'org_system_model_config_limit_within_quota', schema = 'weir', table = 'org_system_model_config';
  end if;
  return new;
end
$$;
create trigger org_system_model_config_check before insert or update of organization_id, template_id, token_limit_per_user
  on weir.org_system_model_config for each row execute function weir_private.check_org_system_model_config();

create table weir.personas (
  id uuid primary key,
  slug text not null check (slug ~ '^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 200),
  description text not null default '',
  avatar text check (length(avatar) <= 2000),
  system_prompt text not null default '',
  default_model_id text references weir.models (id) on update cascade on delete set null,
  scope text not null check (scope in ('platform', 'organization')),
  organization_id uuid references weir.organizations (id) on delete cascade,
  is_active boolean not null default true,
  sort_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint personas_scope_names_its_owner check ((scope = 'organization') = (organization_id is not null)),
  constraint personas_slug_once unique nulls not distinct (organization_id, slug)
);
create index personas_default_model_id_idx on weir.personas (default_model_id);
