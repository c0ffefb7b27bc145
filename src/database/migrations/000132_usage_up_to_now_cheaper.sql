-- Owns: the views of use up to this moment as they are now: 000131's, which says what they are, made cheaper. The newest events are looked for among calls that began
-- at most 20 minutes before the line, longer than any call may last, and each one's bucket of latency is a constant instead of a list made for it.

create or replace view weir.usage_hours with (security_invoker = true) as
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
    case width_bucket(e.latency_ms, array[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000])
      when 0 then '{1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 1 then '{0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 2 then '{0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 3 then '{0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 4 then '{0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 5 then '{0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 6 then '{0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 7 then '{0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0}'::bigint[]
      when 8 then '{0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0}'::bigint[]
      when 9 then '{0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0}'::bigint[]
      when 10 then '{0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0}'::bigint[]
      when 11 then '{0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0}'::bigint[]
      when 12 then '{0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0}'::bigint[]
      when 13 then '{0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0}'::bigint[]
      when 14 then '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0}'::bigint[]
      when 15 then '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1}'::bigint[]
    end
    from weir.usage_events e
   where e.booked_at > (select weir.usage_folded_to()) and e.occurred_at > (select weir.usage_folded_to()) - interval '20 minutes';

create or replace view weir.usage_days with (security_invoker = true) as
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
    case width_bucket(e.latency_ms, array[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000])
      when 0 then '{1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 1 then '{0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 2 then '{0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 3 then '{0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 4 then '{0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 5 then '{0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 6 then '{0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0}'::bigint[]
      when 7 then '{0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0}'::bigint[]
      when 8 then '{0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0}'::bigint[]
      when 9 then '{0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0}'::bigint[]
      when 10 then '{0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0}'::bigint[]
      when 11 then '{0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0}'::bigint[]
      when 12 then '{0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0}'::bigint[]
      when 13 then '{0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0}'::bigint[]
      when 14 then '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0}'::bigint[]
      when 15 then '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1}'::bigint[]
    end
    from weir.usage_events e
   where e.booked_at > (select weir.usage_folded_to()) and e.occurred_at > (select weir.usage_folded_to()) - interval '20 minutes';

alter function weir.usage_folded_to() parallel safe;
