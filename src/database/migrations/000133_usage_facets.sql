-- Owns: use by the day in one dimension at a time, so that a large organization's day is a few lines; and the calls that are not added up yet, as a view of their own.
-- Not: sums over all dimensions at once (000130), which questions with filters are answered from.

-- `value` is the user, model, … as text; empty: calls that have none. Of every facet the lines of a day add up to the same.
create table weir.usage_daily_facets (
  day date not null,
  organization_id uuid not null,
  facet text not null,
  value text not null,
  events bigint not null,
  requests bigint not null,
  errors bigint not null,
  denied bigint not null,
  trial_requests bigint not null,
  unpriced_requests bigint not null,
  fallback_requests bigint not null,
  estimated_requests bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cached_input_tokens bigint not null,
  cache_write_tokens bigint not null,
  reasoning_tokens bigint not null,
  cost_nano_usd bigint not null,
  provider_cost_nano_usd bigint not null,
  latency_ms_sum bigint not null,
  latency_count bigint not null,
  first_token_ms_sum bigint not null,
  first_token_count bigint not null,
  latency_buckets bigint[],
  created_at timestamptz not null default now(),
  primary key (organization_id, facet, day, value)
);
comment on table weir.usage_daily_facets is
  'weir.usage_daily by one dimension at a time: facet is all, user, model, model_type, provider, template, feature, department, key, status or environment.';
create index usage_daily_facets_day_idx on weir.usage_daily_facets (facet, day);
select weir_private.protect_table('weir.usage_daily_facets');
grant select on weir.usage_daily_facets to weir_service, authenticated;
create policy service_reads on weir.usage_daily_facets for select to weir_service using (true);
create policy people_read on weir.usage_daily_facets for select to authenticated using (
  (select weir_private.is_platform_admin())
  or organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
);

create view weir.usage_unfolded (occurred_at, organization_id, user_id, department_id, virtual_key_id, model_id, provider, model_type, template_id, template_slug, feature, environment, persona_id, status, error_code, events, requests, errors, trial_requests, unpriced_requests, fallback_requests, estimated_requests, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, cost_nano_usd, provider_cost_nano_usd, latency_ms_sum, latency_count, first_token_ms_sum, first_token_count, latency_buckets) with (security_invoker = true) as
  select e.occurred_at,
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
comment on view weir.usage_unfolded is 'The newest calls that no sum holds yet, each as a line of use.';
grant select on weir.usage_unfolded to weir_service, authenticated;

create function weir_private.usage_facets(p_sums weir.usage_hourly[]) returns setof weir.usage_daily_facets
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select q.hour::date, q.organization_id, f.facet, f.value,
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint,
    sum(case when q.status = 'denied' then q.requests else 0 end)::bigint, sum(q.trial_requests)::bigint, sum(q.unpriced_requests)::bigint,
    sum(q.fallback_requests)::bigint, sum(q.estimated_requests)::bigint, sum(q.input_tokens)::bigint, sum(q.output_tokens)::bigint,
    sum(q.cached_input_tokens)::bigint, sum(q.cache_write_tokens)::bigint, sum(q.reasoning_tokens)::bigint, sum(q.cost_nano_usd)::bigint,
    sum(q.provider_cost_nano_usd)::bigint, sum(q.latency_ms_sum)::bigint, sum(q.latency_count)::bigint, sum(q.first_token_ms_sum)::bigint,
    sum(q.first_token_count)::bigint,
    case when sum(q.latency_count) > 0 then array[
      sum(q.latency_buckets[1])::bigint, sum(q.latency_buckets[2])::bigint, sum(q.latency_buckets[3])::bigint,
      sum(q.latency_buckets[4])::bigint, sum(q.latency_buckets[5])::bigint, sum(q.latency_buckets[6])::bigint,
      sum(q.latency_buckets[7])::bigint, sum(q.latency_buckets[8])::bigint, sum(q.latency_buckets[9])::bigint,
      sum(q.latency_buckets[10])::bigint, sum(q.latency_buckets[11])::bigint, sum(q.latency_buckets[12])::bigint,
      sum(q.latency_buckets[13])::bigint, sum(q.latency_buckets[14])::bigint, sum(q.latency_buckets[15])::bigint,
      sum(q.latency_buckets[16])::bigint] end, now()
    from unnest(p_sums) as q
  cross join lateral (values
    ('all', ''), ('user', coalesce(q.user_id::text, '')), ('model', q.model_id), ('model_type', q.model_type), ('provider', q.provider),
    ('template', coalesce(q.template_slug, '')), ('feature', coalesce(q.feature, '')), ('department', coalesce(q.department_id::text, '')),
    ('key', coalesce(q.virtual_key_id::text, '')), ('status', q.status), ('environment', q.environment)) as f (facet, value)
   group by 1, 2, 3, 4
$$;

-- As in 000130, and by facets.
create or replace function weir_private.add_usage(p_sums weir.usage_hourly[]) returns bigint
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_events bigint;
begin
  insert into weir.usage_hourly as t select q.* from unnest(p_sums) as q
  on conflict (organization_id, hour, dimension_key) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    trial_requests = t.trial_requests + excluded.trial_requests,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    fallback_requests = t.fallback_requests + excluded.fallback_requests,
    estimated_requests = t.estimated_requests + excluded.estimated_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd,
    latency_ms_sum = t.latency_ms_sum + excluded.latency_ms_sum,
    latency_count = t.latency_count + excluded.latency_count,
    first_token_ms_sum = t.first_token_ms_sum + excluded.first_token_ms_sum,
    first_token_count = t.first_token_count + excluded.first_token_count,
    latency_buckets = weir_private.add_counts(t.latency_buckets, excluded.latency_buckets);
  insert into weir.usage_daily as t select q.* from weir_private.usage_days(p_sums) as q
  on conflict (organization_id, day, dimension_key) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    trial_requests = t.trial_requests + excluded.trial_requests,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    fallback_requests = t.fallback_requests + excluded.fallback_requests,
    estimated_requests = t.estimated_requests + excluded.estimated_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd,
    latency_ms_sum = t.latency_ms_sum + excluded.latency_ms_sum,
    latency_count = t.latency_count + excluded.latency_count,
    first_token_ms_sum = t.first_token_ms_sum + excluded.first_token_ms_sum,
    first_token_count = t.first_token_count + excluded.first_token_count,
    latency_buckets = weir_private.add_counts(t.latency_buckets, excluded.latency_buckets);
  insert into weir.usage_daily_facets as t select q.* from weir_private.usage_facets(p_sums) as q
  on conflict (organization_id, facet, day, value) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    denied = t.denied + excluded.denied,
    trial_requests = t.trial_requests + excluded.trial_requests,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    fallback_requests = t.fallback_requests + excluded.fallback_requests,
    estimated_requests = t.estimated_requests + excluded.estimated_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd,
    latency_ms_sum = t.latency_ms_sum + excluded.latency_ms_sum,
    latency_count = t.latency_count + excluded.latency_count,
    first_token_ms_sum = t.first_token_ms_sum + excluded.first_token_ms_sum,
    first_token_count = t.first_token_count + excluded.first_token_count,
    latency_buckets = weir_private.add_counts(t.latency_buckets, excluded.latency_buckets);
  select coalesce(sum(q.events), 0) into v_events from unnest(p_sums) as q;
  return v_events;
end
$$;

create or replace function weir_private.remake_usage(p_hours timestamptz[], p_to timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_hour timestamptz;
  v_day date;
  v_sums weir.usage_hourly[];
begin
  foreach v_hour in array p_hours loop
    delete from weir.usage_hourly h where h.hour = v_hour;
    insert into weir.usage_hourly select s.* from weir_private.usage_sums('-infinity', p_to, v_hour, v_hour + interval '1 hour') as s;
  end loop;
  for v_day in select distinct h::date from unnest(p_hours) as h loop
    v_sums := array(select h from weir.usage_hourly h where h.hour >= v_day and h.hour < v_day + 1);
    delete from weir.usage_daily d where d.day = v_day;
    insert into weir.usage_daily select q.* from weir_private.usage_days(v_sums) as q;
    delete from weir.usage_daily_facets d where d.day = v_day;
    insert into weir.usage_daily_facets select q.* from weir_private.usage_facets(v_sums) as q;
  end loop;
end
$$;

create or replace function weir.verify_usage(p_from timestamptz, p_to timestamptz)
returns table (hour timestamptz, organization_id uuid, events bigint, events_summed bigint, cost_nano_usd bigint, cost_summed bigint)
language sql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
  with bounds as (
    select date_trunc('hour', min(e.occurred_at)) as opens, date_trunc('hour', p_to) as closes
      from weir.usage_events e where e.occurred_at >= date_trunc('hour', p_from)),
  truth as (
    select s.hour, s.organization_id, s.dimension_key, s.events, s.requests, s.input_tokens, s.output_tokens, s.cost_nano_usd, s.latency_ms_sum
      from bounds b, weir_private.usage_sums('-infinity', weir.usage_folded_to(), b.opens, b.closes) as s),
  summed as (
    select h.hour, h.organization_id, h.dimension_key, h.events, h.requests, h.input_tokens, h.output_tokens, h.cost_nano_usd, h.latency_ms_sum
      from bounds b, weir.usage_hourly h where h.hour >= b.opens and h.hour < b.closes),
  differing as (
    select coalesce(t.hour, s.hour) as hour, coalesce(t.organization_id, s.organization_id) as organization_id,
      coalesce(t.events, 0) as events, coalesce(s.events, 0) as events_summed,
      coalesce(t.cost_nano_usd, 0) as cost_nano_usd, coalesce(s.cost_nano_usd, 0) as cost_summed
      from truth t full join summed s using (organization_id, hour, dimension_key)
     where (t.events, t.requests, t.input_tokens, t.output_tokens, t.cost_nano_usd, t.latency_ms_sum)
        is distinct from (s.events, s.requests, s.input_tokens, s.output_tokens, s.cost_nano_usd, s.latency_ms_sum)),
  days as (
    select h.hour::date as day, h.organization_id, sum(h.events) as events, sum(h.input_tokens + h.output_tokens) as tokens, sum(h.cost_nano_usd) as cost
      from bounds b, weir.usage_hourly h where h.hour >= date_trunc('day', b.opens) and h.hour < date_trunc('day', b.closes) + interval '1 day' group by 1, 2),
  summed_days as (
    select d.day, d.organization_id, sum(d.events) as events, sum(d.input_tokens + d.output_tokens) as tokens, sum(d.cost_nano_usd) as cost
      from bounds b, weir.usage_daily d where d.day >= b.opens::date and d.day <= b.closes::date group by 1, 2)
  select d.hour, d.organization_id, sum(d.events)::bigint, sum(d.events_summed)::bigint, sum(d.cost_nano_usd)::bigint, sum(d.cost_summed)::bigint
    from differing d group by 1, 2
  union all
  select coalesce(a.day, b.day)::timestamptz, coalesce(a.organization_id, b.organization_id), coalesce(a.events, 0)::bigint, coalesce(b.events, 0)::bigint,
    coalesce(a.cost, 0)::bigint, coalesce(b.cost, 0)::bigint
    from days a full join summed_days b using (day, organization_id)
   where (a.events, a.tokens, a.cost) is distinct from (b.events, b.tokens, b.cost)
  union all
  select w.day::timestamptz, w.organization_id, max(w.events)::bigint, min(w.events_summed)::bigint, max(w.cost)::bigint, min(w.cost_summed)::bigint
    from (
      select day, organization_id, coalesce(a.events, 0) as events, coalesce(f.events, 0) as events_summed, coalesce(a.cost, 0) as cost, coalesce(f.cost, 0) as cost_summed
        from (select d.*, n.facet from days d, unnest(array['all', 'user', 'model', 'model_type', 'provider', 'template', 'feature', 'department', 'key',
                'status', 'environment']) as n(facet)) as a
        full join (select d.day, d.organization_id, d.facet, sum(d.events) as events, sum(d.input_tokens + d.output_tokens) as tokens, sum(d.cost_nano_usd) as cost
                     from bounds b, weir.usage_daily_facets d where d.day >= b.opens::date and d.day <= b.closes::date group by 1, 2, 3) as f
          using (day, organization_id, facet)
       where (a.events, a.tokens, a.cost) is distinct from (f.events, f.tokens, f.cost)) as w
   group by 1, 2
   order by 1, 2
$$;

insert into weir.usage_daily_facets
  select q.day, q.organization_id, f.facet, f.value,
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint,
    sum(case when q.status = 'denied' then q.requests else 0 end)::bigint, sum(q.trial_requests)::bigint, sum(q.unpriced_requests)::bigint,
    sum(q.fallback_requests)::bigint, sum(q.estimated_requests)::bigint, sum(q.input_tokens)::bigint, sum(q.output_tokens)::bigint,
    sum(q.cached_input_tokens)::bigint, sum(q.cache_write_tokens)::bigint, sum(q.reasoning_tokens)::bigint, sum(q.cost_nano_usd)::bigint,
    sum(q.provider_cost_nano_usd)::bigint, sum(q.latency_ms_sum)::bigint, sum(q.latency_count)::bigint, sum(q.first_token_ms_sum)::bigint,
    sum(q.first_token_count)::bigint,
    case when sum(q.latency_count) > 0 then array[
      sum(q.latency_buckets[1])::bigint, sum(q.latency_buckets[2])::bigint, sum(q.latency_buckets[3])::bigint,
      sum(q.latency_buckets[4])::bigint, sum(q.latency_buckets[5])::bigint, sum(q.latency_buckets[6])::bigint,
      sum(q.latency_buckets[7])::bigint, sum(q.latency_buckets[8])::bigint, sum(q.latency_buckets[9])::bigint,
      sum(q.latency_buckets[10])::bigint, sum(q.latency_buckets[11])::bigint, sum(q.latency_buckets[12])::bigint,
      sum(q.latency_buckets[13])::bigint, sum(q.latency_buckets[14])::bigint, sum(q.latency_buckets[15])::bigint,
      sum(q.latency_buckets[16])::bigint] end, now()
    from weir.usage_daily as q
  cross join lateral (values
    ('all', ''), ('user', coalesce(q.user_id::text, '')), ('model', q.model_id), ('model_type', q.model_type), ('provider', q.provider),
    ('template', coalesce(q.template_slug, '')), ('feature', coalesce(q.feature, '')), ('department', coalesce(q.department_id::text, '')),
    ('key', coalesce(q.virtual_key_id::text, '')), ('status', q.status), ('environment', q.environment)) as f (facet, value)
   group by 1, 2, 3, 4;
