-- Owns: upstreams, their secrets, models and dated prices. Not: who may use a model (entitlements, templates).

create table weir.providers (
  id uuid primary key,
  slug text not null unique check (slug ~ '^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$'),
  name text not null check (length(name) between 1 and 200),
  type text not null check (type in ('openai', 'anthropic', 'google', 'together', 'custom', 'sandbox')),
  base_url text not null check (base_url ~ '^(https?|sandbox)://' and length(base_url) <= 2000),
  status text not null default 'active' check (status in ('active', 'inactive', 'error')),
  config jsonb not null default '{}' check (jsonb_typeof(config) = 'object'),
  connect_timeout_ms integer not null default 5000 check (connect_timeout_ms > 0),
  first_byte_timeout_ms integer not null default 60000 check (first_byte_timeout_ms > 0),
  idle_timeout_ms integer not null default 60000 check (idle_timeout_ms > 0),
  total_timeout_ms integer not null default 600000 check (total_timeout_ms > 0),
  docs_url text check (length(docs_url) <= 2000),
  last_checked_at timestamptz,
  last_latency_ms integer check (last_latency_ms >= 0),
  consecutive_failures integer not null default 0 check (consecutive_failures >= 0),
  error_rate numeric(5, 4) check (error_rate between 0 and 1),
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on column weir.providers.base_url is 'What paths are appended to. sandbox:// is answered inside Weir.';
comment on column weir.providers.config is 'For type openai: optional organization and project, sent as headers.';

create table weir.provider_credentials (
  id uuid primary key,
  provider_id uuid not null references weir.providers (id) on delete cascade,
  organization_id uuid references weir.organizations (id) on delete cascade,
  label text not null check (length(label) between 1 and 200),
  ciphertext bytea not null,
  key_id text not null,
  origin text not null check (origin ~ '^(https?|sandbox)://[^/]+$'),
  last_four text not null check (length(last_four) <= 4),
  status text not null default 'active' check (status in ('active', 'invalid', 'revoked')),
  created_by uuid references weir.users (id) on delete set null,
  rotated_at timestamptz,
  last_used_at timestamptz,
  last_validated_at timestamptz,
  last_validation_error text check (length(last_validation_error) <= 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint provider_credentials_label_once unique nulls not distinct (provider_id, organization_id, label)
);
comment on column weir.provider_credentials.organization_id is 'Null: the platform''s own.';
comment on column weir.provider_credentials.ciphertext is 'Envelope: AES-256-GCM under a data key wrapped by the master key key_id. Read only through weir_private.provider_credential_secret.';
comment on column weir.provider_credentials.origin is 'The origin the secret was entered for; it is sent nowhere else.';
create index provider_credentials_organization_id_idx on weir.provider_credentials (organization_id);
create index provider_credentials_created_by_idx on weir.provider_credentials (created_by);

create table weir.models (
  id text primary key check (id ~ '^[a-z0-9][a-z0-9._-]{0,126}$' and id <> 'auto'),
  provider_id uuid not null references weir.providers (id) on delete cascade,
  provider_model_id text not null check (length(provider_model_id) between 1 and 300),
  version text not null default '',
  display_name text not null check (length(display_name) between 1 and 200),
  description text not null default '',
  model_type text not null check (model_type in ('llm', 'vision', 'embedding', 'custom')),
  tier text not null default 'free' check (tier in ('free', 'premium')),
  status text not null default 'available' check (status in ('available', 'beta', 'deprecated', 'unavailable')),
  enabled boolean not null default false,
  is_system_default boolean not null default false,
  capabilities text[] not null default '{}',
  context_window bigint check (context_window > 0),
  max_output_tokens bigint check (max_output_tokens > 0),
  price_cents bigint check (price_cents > 0),
  stripe_product_id text,
  stripe_price_id text,
  rate_limit_messages_per_day bigint check (rate_limit_messages_per_day > 0),
  trial_messages_allowed bigint not null default 0 check (trial_messages_allowed >= 0),
  metadata jsonb not null default '{}' check (jsonb_typeof(metadata) = 'object'),
  fallback_model_ids text[] not null default '{}',
  sort_order integer not null default 0,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, provider_model_id, version),
  constraint models_price_only_for_premium check (tier = 'premium' or price_cents is null),
  constraint models_no_fallback_to_itself check (not (id = any (fallback_model_ids))),
  constraint models_badges_from_1_to_5 check (
    (not metadata ? 'speed' or (metadata ->> 'speed')::numeric between 1 and 5)
    and (not metadata ? 'quality' or (metadata ->> 'quality')::numeric between 1 and 5))
);
comment on column weir.models.rate_limit_messages_per_day is 'Null: unlimited.';
create unique index models_one_system_default on weir.models (is_system_default) where is_system_default;

alter table weir.profiles add constraint profiles_default_model_id_fkey
  foreign key (default_model_id) references weir.models (id) on update cascade on delete set null;
alter table weir.organizations add constraint organizations_default_model_id_fkey
  foreign key (default_model_id) references weir.models (id) on update cascade on delete set null;

create table weir.model_prices (
  id uuid primary key,
  model_id text not null references weir.models (id) on update cascade on delete cascade,
  effective_from timestamptz not null,
  input_nano_usd_per_million bigint not null check (input_nano_usd_per_million >= 0),
  output_nano_usd_per_million bigint not null check (output_nano_usd_per_million >= 0),
  cached_input_nano_usd_per_million bigint check (cached_input_nano_usd_per_million >= 0),
  cache_write_nano_usd_per_million bigint check (cache_write_nano_usd_per_million >= 0),
  cache_write_1h_nano_usd_per_million bigint check (cache_write_1h_nano_usd_per_million >= 0),
  reasoning_nano_usd_per_million bigint check (reasoning_nano_usd_per_million >= 0),
  request_nano_usd bigint not null default 0 check (request_nano_usd >= 0),
  long_context_above_tokens bigint check (long_context_above_tokens > 0),
  long_context_input_nano_usd_per_million bigint check (long_context_input_nano_usd_per_million >= 0),
  long_context_output_nano_usd_per_million bigint check (long_context_output_nano_usd_per_million >= 0),
  long_context_cached_input_nano_usd_per_million bigint check (long_context_cached_input_nano_usd_per_million >= 0),
  long_context_cache_write_nano_usd_per_million bigint check (long_context_cache_write_nano_usd_per_million >= 0),
  long_context_cache_write_1h_nano_usd_per_million bigint check (long_context_cache_write_1h_nano_usd_per_million >= 0),
  source text not null default 'admin' check (source in ('seed', 'admin')),
  created_by uuid,
  created_at timestamptz not null default now(),
  unique (model_id, effective_from),
  constraint model_prices_long_context_comes_together check (
    (long_context_above_tokens is null) = (long_context_input_nano_usd_per_million is null)
    and (long_context_above_tokens is null) = (long_context_output_nano_usd_per_million is null)
    and (long_context_above_tokens is not null or num_nonnulls(long_context_cached_input_nano_usd_per_million,
      long_context_cache_write_nano_usd_per_million, long_context_cache_write_1h_nano_usd_per_million) = 0))
);
comment on table weir.model_prices is
  'A price from a moment on; rows never change, so an event keeps the price of its day. Null: cached input and cache writes cost as input, one-hour writes as cache writes, reasoning as output. When the whole input is longer than long_context_above_tokens, all tokens of the call cost the long_context prices.';
create trigger model_prices_immutable before update or delete on weir.model_prices
  for each row execute function weir_private.refuse_change_unless_parent_gone('models', 'id', 'model_id');

-- A model without a price can't be enabled; checked at commit, so that model and price may come in any order.
create function weir_private.check_enabled_model_has_price() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if exists (select 1 from weir.models m where m.id = new.id and m.enabled
      and not exists (select 1 from weir.model_prices p where p.model_id = m.id)) then
    raise exception 'model % has no price and can''t be enabled', new.id
      using errcode = 'check_violation', constraint = 'models_enabled_has_price', schema = 'weir', table = 'models';
  end if;
  return null;
end
$$;
create constraint trigger models_enabled_has_price after insert or update of enabled on weir.models
  deferrable initially deferred for each row when (new.enabled)
  execute function weir_private.check_enabled_model_has_price();
