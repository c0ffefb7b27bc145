-- Owns: what the platform sells and counts in: business types, plans, credit types, allocations, configuration. Not: who has which.

create table weir.business_types (
  slug text primary key check (slug ~ '^[a-z][a-z0-9_]{1,62}$'),
  name text not null check (length(name) between 1 and 200),
  description text not null default '',
  sort_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table weir.plans (
  slug text primary key check (slug in ('free', 'starter', 'pro', 'enterprise')),
  level smallint not null unique check (level between 0 and 3),
  name text not null check (length(name) between 1 and 200),
  description text not null default '',
  monthly_price_nano_usd bigint check (monthly_price_nano_usd >= 0),
  yearly_price_nano_usd bigint check (yearly_price_nano_usd >= 0),
  stripe_product_id text,
  stripe_monthly_price_id text,
  stripe_yearly_price_id text,
  token_quota_monthly bigint check (token_quota_monthly >= 0),
  max_custom_models integer not null check (max_custom_models >= 0),
  can_create_custom_models boolean not null,
  max_members integer check (max_members > 0),
  can_use_credits boolean not null,
  feature_flags jsonb not null default '{}' check (jsonb_typeof(feature_flags) = 'object'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column weir.plans.monthly_price_nano_usd is 'Null: by agreement.';
comment on column weir.plans.token_quota_monthly is 'Null: unlimited.';
comment on column weir.plans.max_members is 'Null: unlimited.';

create table weir.credit_types (
  slug text primary key check (slug ~ '^[a-z][a-z0-9_]{1,62}$'),
  name text not null check (length(name) between 1 and 200),
  description text not null default '',
  sort_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table weir.plan_credit_allocations (
  plan_slug text not null references weir.plans (slug) on delete cascade,
  credit_type text not null references weir.credit_types (slug) on delete cascade,
  amount bigint check (amount >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (plan_slug, credit_type)
);
comment on column weir.plan_credit_allocations.amount is 'Credits per 30-day period. Null: unlimited.';
create index plan_credit_allocations_credit_type_idx on weir.plan_credit_allocations (credit_type);

create table weir.system_config (
  key text primary key check (key ~ '^[a-z][a-z0-9_.]{1,126}$'),
  value jsonb not null,
  description text not null default '',
  changed_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column weir.system_config.changed_by is 'User id of the last change; no foreign key, the audit log is the record.';

-- Which reference rows were seeded once: one that its owner deleted since does not come back with the next start.
create table weir.seeded_rows (
  table_name text not null,
  row_key text not null,
  created_at timestamptz not null default now(),
  primary key (table_name, row_key)
);
