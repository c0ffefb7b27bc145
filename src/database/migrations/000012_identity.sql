-- Owns: people and how they sign in, shaped for better-auth 1.7 (core, admin, two-factor) in snake_case. Not: what they may do in an organization.

create table weir.users (
  id uuid primary key,
  name text not null check (length(name) <= 200),
  email text not null unique check (email = lower(email) and length(email) between 3 and 320),
  email_verified boolean not null default false,
  image text,
  platform_role text not null default 'user' check (platform_role in ('user', 'platform_admin', 'superadmin')),
  banned boolean not null default false,
  ban_reason text,
  ban_expires timestamptz,
  two_factor_enabled boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index users_platform_role_idx on weir.users (platform_role) where platform_role <> 'user';

create table weir.sessions (
  id uuid primary key,
  user_id uuid not null references weir.users (id) on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  active_organization_id uuid,
  impersonated_by uuid references weir.users (id) on delete cascade,
  impersonation_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint sessions_impersonation_has_reason check (impersonated_by is not null or impersonation_reason is null)
);
create index sessions_user_id_idx on weir.sessions (user_id);
create index sessions_impersonated_by_idx on weir.sessions (impersonated_by);
create index sessions_expires_at_idx on weir.sessions (expires_at);

create table weir.accounts (
  id uuid primary key,
  user_id uuid not null references weir.users (id) on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
comment on column weir.accounts.password is 'For provider_id credential: scrypt, <salt hex>:<key hex>, N=16384 r=16 p=1 64 bytes.';
create index accounts_user_id_idx on weir.accounts (user_id);

create table weir.verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier_idx on weir.verifications (identifier);
create index verifications_expires_at_idx on weir.verifications (expires_at);

create table weir.two_factors (
  id uuid primary key,
  user_id uuid not null references weir.users (id) on delete cascade,
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index two_factors_user_id_idx on weir.two_factors (user_id);
create index two_factors_secret_idx on weir.two_factors (secret);

create table weir.profiles (
  user_id uuid primary key references weir.users (id) on delete cascade,
  display_name text check (length(display_name) <= 200),
  avatar_url text,
  locale text not null default 'en',
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  time_zone text not null default 'UTC',
  default_model_id text,
  persona_model_overrides jsonb not null default '{}' check (jsonb_typeof(persona_model_overrides) = 'object'),
  notification_preferences jsonb not null default '{}' check (jsonb_typeof(notification_preferences) = 'object'),
  onboarding_state jsonb not null default '{}' check (jsonb_typeof(onboarding_state) = 'object'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column weir.profiles.persona_model_overrides is 'Persona id -> model id. Existence and the right to use are checked by the service.';
create index profiles_default_model_id_idx on weir.profiles (default_model_id);
