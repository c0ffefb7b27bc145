-- Owns: use up to this moment: the sums and what they do not hold yet, read as one; and the ids under which calls made elsewhere were told of. Not: adding up (000130).

-- What was booked since the last roll-up counts from its events, each as one row, so that a call shows at once. Both sides are of one snapshot: never twice. A call made
-- elsewhere more than an hour before the line is told of late, and shows with the next roll-up: to look for it here would be to look through all of its months.
create view weir.usage_hours with (security_invoker = true) as
  select t.hour,
    t.organization_id, t.user_id, t.department_id, t.virtual_key_id, t.model_id, t.provider, t.model_type, t.template_id, t.template_slug,
    t.feature, t.environment, t.persona_id, t.status, t.error_code,
    t.events, t.requests, t.errors, t.trial_requests, t.unpriced_requests, t.fallback_requests, t.estimated_requests, t.input_tokens,
    t.output_tokens, t.cached_input_tokens, t.cache_write_tokens, t.reasoning_tokens, t.cost_nano_usd, t.provider_cost_nano_usd,
    t.latency_ms_sum, t.latency_count, t.first_token_ms_sum, t.first_token_count, t.latency_buckets
    from weir.usage_hourly t
  union all
  select date_trunc('hour', e.occurred_at, 'UTC'),
    e.organization_id, e.user_id, e.department_id, e.virtual_key_id, e.model_id, e.provider, e.model_type, e.template_id, e.template_slug,
    e.feature, e.environment, e.persona_id, e.status, e.error_code,
    1::bigint, (e.sequence = 0)::int::bigint, (e.sequence = 0 and e.status in ('error', 'timeout'))::int::bigint, (e.sequence = 0 and e.trial)::int::bigint,
    (e.sequence = 0 and e.status = 'success' and e.cost_nano_usd is null)::int::bigint, (e.sequence = 0 and e.fallback_used)::int::bigint,
    (e.sequence = 0 and e.usage_source = 'estimated')::int::bigint,
    e.input_tokens, e.output_tokens, e.cached_input_tokens, e.cache_write_tokens, e.reasoning_tokens,
    coalesce(e.cost_nano_usd, 0), coalesce(e.provider_cost_nano_usd, 0),
    coalesce(e.latency_ms, 0)::bigint, (e.latency_ms is not null)::int::bigint,
    coalesce(e.time_to_first_token_ms, 0)::bigint, (e.time_to_first_token_ms is not null)::int::bigint,
    case when e.latency_ms is not null then
      array(select (n = width_bucket(e.latency_ms, array[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000]))::int::bigint
              from generate_series(0, 15) as n order by n) end
    from weir.usage_events e
   where e.booked_at > (select weir.usage_folded_to()) and e.occurred_at > (select weir.usage_folded_to()) - interval '1 hour';
comment on view weir.usage_hours is 'Use by hour (UTC) up to now: weir.usage_hourly and the newest events.';

create view weir.usage_days with (security_invoker = true) as
  select t.day,
    t.organization_id, t.user_id, t.department_id, t.virtual_key_id, t.model_id, t.provider, t.model_type, t.template_id, t.template_slug,
    t.feature, t.environment, t.persona_id, t.status, t.error_code,
    t.events, t.requests, t.errors, t.trial_requests, t.unpriced_requests, t.fallback_requests, t.estimated_requests, t.input_tokens,
    t.output_tokens, t.cached_input_tokens, t.cache_write_tokens, t.reasoning_tokens, t.cost_nano_usd, t.provider_cost_nano_usd,
    t.latency_ms_sum, t.latency_count, t.first_token_ms_sum, t.first_token_count, t.latency_buckets
    from weir.usage_daily t
  union all
  select (e.occurred_at at time zone 'UTC')::date,
    e.organization_id, e.user_id, e.department_id, e.virtual_key_id, e.model_id, e.provider, e.model_type, e.template_id, e.template_slug,
    e.feature, e.environment, e.persona_id, e.status, e.error_code,
    1::bigint, (e.sequence = 0)::int::bigint, (e.sequence = 0 and e.status in ('error', 'timeout'))::int::bigint, (e.sequence = 0 and e.trial)::int::bigint,
    (e.sequence = 0 and e.status = 'success' and e.cost_nano_usd is null)::int::bigint, (e.sequence = 0 and e.fallback_used)::int::bigint,
    (e.sequence = 0 and e.usage_source = 'estimated')::int::bigint,
    e.input_tokens, e.output_tokens, e.cached_input_tokens, e.cache_write_tokens, e.reasoning_tokens,
    coalesce(e.cost_nano_usd, 0), coalesce(e.provider_cost_nano_usd, 0),
    coalesce(e.latency_ms, 0)::bigint, (e.latency_ms is not null)::int::bigint,
    coalesce(e.time_to_first_token_ms, 0)::bigint, (e.time_to_first_token_ms is not null)::int::bigint,
    case when e.latency_ms is not null then
      array(select (n = width_bucket(e.latency_ms, array[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000]))::int::bigint
              from generate_series(0, 15) as n order by n) end
    from weir.usage_events e
   where e.booked_at > (select weir.usage_folded_to()) and e.occurred_at > (select weir.usage_folded_to()) - interval '1 hour';
comment on view weir.usage_days is 'Use by day (UTC) up to now: weir.usage_daily and the newest events.';
grant select on weir.usage_hours, weir.usage_days to weir_service, authenticated;

create table weir.usage_records (
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  external_id text not null check (length(external_id) between 1 and 255),
  event_id uuid not null,
  request_hash bytea not null check (octet_length(request_hash) = 32),
  created_at timestamptz not null default now(),
  primary key (organization_id, external_id)
);
comment on table weir.usage_records is 'Calls made elsewhere, by the id that whoever told of them gave: each is booked once, as event_id.';
comment on column weir.usage_records.request_hash is 'SHA-256 of what was told under the id: the same id for something else is refused.';
create index usage_records_created_at_idx on weir.usage_records (created_at);
select weir_private.protect_table('weir.usage_records');
grant select, insert, delete on weir.usage_records to weir_service;
create policy service_all on weir.usage_records to weir_service using (true) with check (true);
