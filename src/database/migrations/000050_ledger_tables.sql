-- Owns: the ledger's rows: counters, open holds, usage events. Not: the credit lots (facts), or how a batch is applied (000051).

-- One row per meter and window. A new window is a new row, so nothing is ever reset. `id` is what batches name a counter by:
-- eight bytes instead of a text and a time. No index on used or held, and room on each page: every update stays on its page (HOT).
create table weir.counters (
  id bigint generated always as identity unique,
  meter_key text not null check (length(meter_key) between 1 and 200),
  window_start timestamptz not null,
  window_end timestamptz not null,
  organization_id uuid,
  kind text not null,
  unit text not null check (unit in ('tokens', 'messages', 'requests', 'credits', 'nano_usd')),
  lock_rank smallint not null,
  used bigint not null default 0 check (used >= 0),
  held bigint not null default 0 check (held >= 0),
  limit_amount bigint,
  created_at timestamptz not null default now(),
  primary key (meter_key, window_start),
  check (window_end > window_start)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
comment on table weir.counters is
  'One row per meter and window: used and held. No check of used + held against the limit: an overrun is legal, admission tests it.';
comment on column weir.counters.lock_rank is 'Scope class: key, user, department, feature, organization, platform. Batches lock by (lock_rank, id).';
comment on column weir.counters.limit_amount is 'The limit of the last admission, for people to read; null is unlimited. Decisions use the limit that the request brings.';
create index counters_organization_idx on weir.counters (organization_id, window_end);

-- Open holds only: an ended hold is a usage event. Ids are UUIDv7, so the primary key is also the order of age for the sweep.
create table weir.holds (
  id uuid primary key,
  organization_id uuid not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  ttl_ms bigint not null,
  counter_ids bigint[] not null,
  amounts bigint[] not null,
  granted_output bigint not null,
  credit_type text,
  credit_amount bigint,
  lot_ids uuid[],
  lot_amounts bigint[],
  estimated_input bigint not null,
  estimated_cost bigint,
  dimensions jsonb not null,
  check (cardinality(counter_ids) = cardinality(amounts))
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 1000000);
comment on column weir.holds.lot_ids is 'Lots of credits it took from, in burn-down order. Null: none; empty: none, and the hold has grown since it was made.';
comment on table weir.holds is 'What open calls have set aside. The row goes when the call ends; its usage event takes its place in the same transaction.';

-- The immutable record. `occurred_at` is the time in the id, so that a lookup by id knows its partition.
-- sequence 0 is the call's event; 1 corrects an estimate after a late settle, as a difference.
create table weir.usage_events (
  id uuid not null,
  sequence smallint not null default 0,
  occurred_at timestamptz not null,
  booked_at timestamptz not null,
  organization_id uuid not null,
  department_id uuid,
  user_id uuid,
  virtual_key_id uuid,
  template_id bigint,
  template_slug text,
  feature text,
  environment text not null,
  persona_id uuid,
  model_id text not null,
  provider text not null,
  model_type text not null check (model_type in ('system', 'org_default', 'user', 'catalog')),
  prompt_version_id uuid,
  experiment_arm text,
  price_id text,
  route text not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cached_input_tokens bigint not null,
  cache_write_tokens bigint not null,
  cache_write_1h_tokens bigint not null default 0,
  reasoning_tokens bigint not null,
  usage_source text not null check (usage_source in ('provider', 'counted', 'estimated')),
  cost_nano_usd bigint,
  provider_cost_nano_usd bigint,
  status text not null check (status in ('success', 'error', 'timeout', 'cancelled', 'denied')),
  error_code text,
  streamed boolean not null,
  trial boolean not null,
  retries smallint not null,
  fallback_used boolean not null,
  latency_ms integer,
  time_to_first_token_ms integer,
  upstream_request_id text,
  tags jsonb,
  counter_ids bigint[] not null,
  amounts bigint[] not null,
  overruns bigint[],
  lot_ids uuid[],
  lot_amounts bigint[],
  primary key (id, sequence, occurred_at)
) partition by range (occurred_at);
comment on table weir.usage_events is 'The immutable record of each call''s outcome. Appended only; a correction is another row with sequence 1.';
comment on column weir.usage_events.cache_write_1h_tokens is 'The part of cache_write_tokens that was written to last an hour: it has its own price.';
create index usage_events_organization_idx on weir.usage_events (organization_id, occurred_at);
create index usage_events_booked_at_idx on weir.usage_events using brin (booked_at);

create table weir.usage_events_default partition of weir.usage_events default;

create trigger refuse_change before update or delete on weir.usage_events
  for each row execute function weir_private.refuse_change();

do $protect$
declare
  protected regclass;
begin
  foreach protected in array array['weir.counters', 'weir.holds', 'weir.usage_events', 'weir.usage_events_default']::regclass[] loop
    perform weir_private.protect_table(protected);
  end loop;
end
$protect$;

grant select, insert, update on weir.counters to weir_gateway;
grant select, insert, update, delete on weir.holds to weir_gateway;
grant select, insert on weir.usage_events to weir_gateway;
grant select on weir.counters, weir.holds, weir.usage_events to weir_service;
grant delete on weir.counters to weir_service;
grant select on weir.counters, weir.usage_events to authenticated;

create policy gateway_ledger on weir.counters for all to weir_gateway using (true) with check (true);
create policy gateway_ledger on weir.holds for all to weir_gateway using (true) with check (true);
create policy gateway_reads on weir.usage_events for select to weir_gateway using (true);
create policy gateway_appends on weir.usage_events for insert to weir_gateway with check (true);
create policy service_reads on weir.counters for select to weir_service using (true);
create policy service_archives on weir.counters for delete to weir_service using (true);
create policy service_reads on weir.holds for select to weir_service using (true);
create policy service_reads on weir.usage_events for select to weir_service using (true);

-- People: platform roles all, admins their organization's, members their own rows; a member sees the organization's counters through the API only.
create policy people_read on weir.usage_events for select to authenticated using (
  (select weir_private.is_platform_admin())
  or organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
  or (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
);
create policy people_read on weir.counters for select to authenticated using (
  (select weir_private.is_platform_admin())
  or organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
);

select weir_private.ensure_monthly_partitions('weir.usage_events', 3);
