-- Owns: features of the host product, which model serves them where, and prompts. Not: experiments and test runs.

create table weir.features (
  id uuid primary key,
  name text not null unique check (name ~ '^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$'),
  display_name text not null check (length(display_name) between 1 and 200),
  description text not null default '',
  status text not null default 'active' check (status in ('active', 'inactive', 'maintenance')),
  config jsonb not null default '{}' check (jsonb_typeof(config) = 'object'),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  credit_type text references weir.credit_types (slug) on update cascade,
  credits_per_action bigint check (credits_per_action > 0),
  payload_logging boolean not null default false,
  payload_retention_days integer not null default 30 check (payload_retention_days between 1 and 3650),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint features_credits_come_together check ((credit_type is null) = (credits_per_action is null))
);
comment on column weir.features.credits_per_action is 'Null: free.';
create index features_credit_type_idx on weir.features (credit_type);

create table weir.prompts (
  id uuid primary key,
  name text not null unique check (length(name) between 1 and 200),
  feature_id uuid references weir.features (id) on delete set null,
  description text not null default '',
  tags text[] not null default '{}',
  archived_at timestamptz,
  created_by uuid references weir.users (id) on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index prompts_feature_id_idx on weir.prompts (feature_id);
create index prompts_created_by_idx on weir.prompts (created_by);

create table weir.prompt_versions (
  id uuid primary key,
  prompt_id uuid not null references weir.prompts (id) on delete cascade,
  version integer not null check (version > 0),
  content_type text not null default 'chat' check (content_type in ('chat', 'text')),
  content jsonb not null,
  variables jsonb not null default '[]' check (jsonb_typeof(variables) = 'array'),
  parameters jsonb not null default '{}' check (jsonb_typeof(parameters) = 'object'),
  status text not null default 'draft' check (status in ('draft', 'review', 'approved', 'archived')),
  change_note text not null default '' check (length(change_note) <= 2000),
  created_by uuid references weir.users (id) on delete set null,
  reviewed_by uuid references weir.users (id) on delete set null,
  reviewed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (prompt_id, version),
  unique (prompt_id, id),
  constraint prompt_versions_content_fits_type check (
    jsonb_typeof(content) = case content_type when 'chat' then 'array' else 'string' end)
);
create index prompt_versions_created_by_idx on weir.prompt_versions (created_by);
create index prompt_versions_reviewed_by_idx on weir.prompt_versions (reviewed_by);

-- Which version serves under a label (an environment or a name of one's own); one version a label.
create table weir.prompt_labels (
  prompt_id uuid not null,
  label text not null check (label ~ '^[a-z0-9][a-z0-9_-]{0,62}$'),
  prompt_version_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (prompt_id, label),
  foreign key (prompt_id, prompt_version_id) references weir.prompt_versions (prompt_id, id) on delete cascade
);
create index prompt_labels_version_idx on weir.prompt_labels (prompt_id, prompt_version_id);

create function weir_private.keep_approved_prompt_version() returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if old.status in ('approved', 'archived')
    and (new.content, new.content_type, new.variables, new.parameters, new.version, new.prompt_id)
      is distinct from (old.content, old.content_type, old.variables, old.parameters, old.version, old.prompt_id) then
    raise exception 'an approved prompt version is immutable'
      using errcode = 'restrict_violation', constraint = 'prompt_versions_approved_immutable', schema = 'weir', table = 'prompt_versions';
  end if;
  return new;
end
$$;
create trigger prompt_versions_approved_immutable before update on weir.prompt_versions
  for each row execute function weir_private.keep_approved_prompt_version();

create table weir.deployments (
  id uuid primary key,
  feature_id uuid not null references weir.features (id) on delete cascade,
  environment text not null check (environment in ('development', 'staging', 'production')),
  model_id text not null references weir.models (id) on update cascade on delete restrict,
  prompt_version_id uuid references weir.prompt_versions (id) on delete set null,
  config_overrides jsonb not null default '{}' check (jsonb_typeof(config_overrides) = 'object'),
  is_active boolean not null default true,
  assigned_at timestamptz not null default now(),
  assigned_by uuid references weir.users (id) on delete set null,
  note text not null default '' check (length(note) <= 2000),
  deactivated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index deployments_one_active on weir.deployments (feature_id, environment) where is_active;
create index deployments_feature_id_idx on weir.deployments (feature_id, environment, assigned_at desc);
create index deployments_model_id_idx on weir.deployments (model_id);
create index deployments_prompt_version_id_idx on weir.deployments (prompt_version_id);
create index deployments_assigned_by_idx on weir.deployments (assigned_by);
