-- Owns: three more ways in which use by the day is kept, each small enough to be added up while a dashboard opens: an organization's without people and keys, the
-- platform's without organizations, and who was active on which days. Not: the events' sums they are made of (000130), or which question reads which
-- (src/control/analytics, src/control/platform). Why: docs/decisions/0063-what-dashboards-read.md, 0066.

create table weir.usage_daily_slices (
  day date not null,
  slice_key uuid not null,
  organization_id uuid not null,
  department_id uuid,
  model_id text not null,
  provider text not null,
  model_type text not null,
  template_slug text,
  feature text,
  environment text not null,
  status text not null,
  events bigint not null,
  requests bigint not null,
  errors bigint not null,
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
  primary key (organization_id, day, slice_key)
);
comment on table weir.usage_daily_slices is
  'weir.usage_daily without people, keys, personas and errors: what questions with filters read that ask about neither people nor keys.';
comment on column weir.usage_daily_slices.slice_key is 'A hash of the dimensions, as dimension_key is of weir.usage_daily.';
create index usage_daily_slices_day_idx on weir.usage_daily_slices (day);

create table weir.usage_platform_daily (
  day date not null,
  model_id text not null,
  provider text not null,
  status text not null,
  events bigint not null,
  requests bigint not null,
  errors bigint not null,
  unpriced_requests bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  cost_nano_usd bigint not null,
  provider_cost_nano_usd bigint not null,
  created_at timestamptz not null default now(),
  primary key (day, model_id, provider, status)
);
comment on table weir.usage_platform_daily is 'weir.usage_daily of all organizations together.';

-- Its rows are changed once a day each, in place where their page has room. Those that the platform counts, of all calls or by what it asks about, lie by themselves: few
-- pages of each.
create table weir.usage_activity (
  month date not null check (extract(day from month) = 1),
  organization_id uuid not null,
  facet text not null,
  value text not null,
  user_id uuid not null,
  days integer not null check (days between 1 and 2147483647),
  created_at timestamptz not null default now(),
  primary key (facet, month, organization_id, value, user_id)
) partition by list (facet);
create table weir.usage_activity_all partition of weir.usage_activity for values in ('all') with (fillfactor = 70);
create table weir.usage_activity_models partition of weir.usage_activity for values in ('model') with (fillfactor = 70);
create table weir.usage_activity_providers partition of weir.usage_activity for values in ('provider') with (fillfactor = 70);
create table weir.usage_activity_statuses partition of weir.usage_activity for values in ('status') with (fillfactor = 70);
create table weir.usage_activity_calls partition of weir.usage_activity for values in ('call') with (fillfactor = 70);
create table weir.usage_activity_facets partition of weir.usage_activity default with (fillfactor = 70);
comment on table weir.usage_activity is
  'On which days of a month (UTC) a person made a call, of all, by one dimension at a time (facet and value as in weir.usage_daily_facets), and by model, provider '
  'and status together (call).';
comment on column weir.usage_activity.user_id is 'All zeros: calls of no person.';
comment on column weir.usage_activity.days is 'Bit 0 is the first of the month. How many were active between two days is counted, never added up.';

do $protect$
declare
  protected regclass;
begin
  foreach protected in array array['weir.usage_daily_slices', 'weir.usage_platform_daily', 'weir.usage_activity', 'weir.usage_activity_all',
    'weir.usage_activity_models', 'weir.usage_activity_providers', 'weir.usage_activity_statuses', 'weir.usage_activity_calls', 'weir.usage_activity_facets']::regclass[] loop
    perform weir_private.protect_table(protected);
    continue when (select c.relispartition from pg_catalog.pg_class c where c.oid = protected);
    execute format('grant select on %s to weir_service, authenticated', protected);
    execute format('create policy service_reads on %s for select to weir_service using (true)', protected);
  end loop;
end
$protect$;
create policy people_read on weir.usage_daily_slices for select to authenticated using (
  (select weir_private.is_platform_admin())
  or organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
);
create policy people_read on weir.usage_platform_daily for select to authenticated using ((select weir_private.is_platform_admin()));
create policy people_read on weir.usage_activity for select to authenticated using (
  (select weir_private.is_platform_admin())
  or organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
);

create function weir.days_of_months(p_from date, p_before date) returns table (month date, days integer)
language sql immutable rows 3
set search_path = ''
as $$
  select m.month::date,
    ((1::bigint << least(p_before - m.month::date, 31)) - (1::bigint << greatest(p_from - m.month::date, 0)))::integer
    from generate_series(date_trunc('month', p_from::timestamp), p_before::timestamp - interval '1 day', interval '1 month') as m(month)
   where p_from < p_before
$$;
comment on function weir.days_of_months(date, date) is
  'The months that days lie in, from the first up to before the last, and those days as weir.usage_activity keeps them.';
grant execute on function weir.days_of_months(date, date) to weir_service, authenticated;

create function weir_private.usage_slices(p_sums weir.usage_hourly[]) returns setof weir.usage_daily_slices
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select q.hour::date,
    left(encode(sha256(convert_to(row(q.department_id, q.model_id, q.provider, q.model_type, q.template_slug, q.feature, q.environment,
      q.status)::text, 'UTF8')), 'hex'), 32)::uuid,
    q.organization_id, q.department_id, q.model_id, q.provider, q.model_type, q.template_slug, q.feature, q.environment, q.status,
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint, sum(q.trial_requests)::bigint,
    sum(q.unpriced_requests)::bigint, sum(q.fallback_requests)::bigint, sum(q.estimated_requests)::bigint, sum(q.input_tokens)::bigint,
    sum(q.output_tokens)::bigint, sum(q.cached_input_tokens)::bigint, sum(q.cache_write_tokens)::bigint, sum(q.reasoning_tokens)::bigint,
    sum(q.cost_nano_usd)::bigint, sum(q.provider_cost_nano_usd)::bigint, sum(q.latency_ms_sum)::bigint, sum(q.latency_count)::bigint,
    sum(q.first_token_ms_sum)::bigint, sum(q.first_token_count)::bigint,
    case when sum(q.latency_count) > 0 then array[
      sum(q.latency_buckets[1])::bigint, sum(q.latency_buckets[2])::bigint, sum(q.latency_buckets[3])::bigint,
      sum(q.latency_buckets[4])::bigint, sum(q.latency_buckets[5])::bigint, sum(q.latency_buckets[6])::bigint,
      sum(q.latency_buckets[7])::bigint, sum(q.latency_buckets[8])::bigint, sum(q.latency_buckets[9])::bigint,
      sum(q.latency_buckets[10])::bigint, sum(q.latency_buckets[11])::bigint, sum(q.latency_buckets[12])::bigint,
      sum(q.latency_buckets[13])::bigint, sum(q.latency_buckets[14])::bigint, sum(q.latency_buckets[15])::bigint,
      sum(q.latency_buckets[16])::bigint] end, now()
    from unnest(p_sums) as q
   group by q.hour::date, q.organization_id, q.department_id, q.model_id, q.provider, q.model_type, q.template_slug, q.feature, q.environment, q.status
$$;

create function weir_private.usage_of_platform(p_sums weir.usage_hourly[]) returns setof weir.usage_platform_daily
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select q.hour::date, q.model_id, q.provider, q.status,
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint, sum(q.unpriced_requests)::bigint,
    sum(q.input_tokens)::bigint, sum(q.output_tokens)::bigint, sum(q.cost_nano_usd)::bigint, sum(q.provider_cost_nano_usd)::bigint, now()
    from unnest(p_sums) as q
   group by 1, 2, 3, 4
$$;

create function weir.usage_call_value(p_model_id text, p_provider text, p_status text) returns text
language sql stable parallel safe
set search_path = ''
as $$ select jsonb_build_array(p_model_id, p_provider, p_status)::text $$;
comment on function weir.usage_call_value(text, text, text) is
  'What weir.usage_activity has as value in its facet call. Those there are come from weir.usage_platform_daily.';
grant execute on function weir.usage_call_value(text, text, text) to weir_service, authenticated;

create function weir_private.usage_active_days(p_sums weir.usage_hourly[]) returns setof weir.usage_activity
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select date_trunc('month', q.hour)::date, q.organization_id, f.facet, f.value, coalesce(q.user_id, '00000000-0000-0000-0000-000000000000'),
    bit_or(1 << (extract(day from q.hour)::integer - 1)), now()
    from unnest(p_sums) as q
   cross join lateral (values
    ('all', ''), ('model', q.model_id), ('model_type', q.model_type), ('provider', q.provider), ('template', coalesce(q.template_slug, '')),
    ('feature', coalesce(q.feature, '')), ('department', coalesce(q.department_id::text, '')), ('key', coalesce(q.virtual_key_id::text, '')),
    ('status', q.status), ('environment', q.environment), ('call', weir.usage_call_value(q.model_id, q.provider, q.status))) as f (facet, value)
   group by 1, 2, 3, 4, 5
$$;

-- What 000133 adds to is added to as before; then to these.
alter function weir_private.add_usage(weir.usage_hourly[]) rename to add_usage_lines;
create function weir_private.add_usage(p_sums weir.usage_hourly[]) returns bigint
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
  insert into weir.usage_daily_slices as t select q.* from weir_private.usage_slices(p_sums) as q
  on conflict (organization_id, day, slice_key) do update set
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
  insert into weir.usage_platform_daily as t select q.* from weir_private.usage_of_platform(p_sums) as q
  on conflict (day, model_id, provider, status) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd;
  insert into weir.usage_activity as t select q.* from weir_private.usage_active_days(p_sums) as q
  on conflict (facet, month, organization_id, value, user_id) do update set days = t.days | excluded.days
   where t.days <> t.days | excluded.days;
  return weir_private.add_usage_lines(p_sums);
end
$$;

alter function weir_private.remake_usage(timestamptz[], timestamptz) rename to remake_usage_lines;
create function weir_private.remake_usage(p_hours timestamptz[], p_to timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_day date;
  v_bit integer;
  v_sums weir.usage_hourly[];
begin
  perform weir_private.remake_usage_lines(p_hours, p_to);
  for v_day in select distinct h::date from unnest(p_hours) as h loop
    v_sums := array(select h from weir.usage_hourly h where h.hour >= v_day and h.hour < v_day + 1);
    delete from weir.usage_daily_slices d where d.day = v_day;
    insert into weir.usage_daily_slices select q.* from weir_private.usage_slices(v_sums) as q;
    delete from weir.usage_platform_daily d where d.day = v_day;
    insert into weir.usage_platform_daily select q.* from weir_private.usage_of_platform(v_sums) as q;
    v_bit := 1 << (extract(day from v_day)::integer - 1);
    delete from weir.usage_activity a where a.month = date_trunc('month', v_day)::date and a.days = v_bit;
    update weir.usage_activity a set days = a.days & ~v_bit where a.month = date_trunc('month', v_day)::date and a.days & v_bit <> 0;
    insert into weir.usage_activity as t select q.* from weir_private.usage_active_days(v_sums) as q
    on conflict (facet, month, organization_id, value, user_id) do update set days = t.days | excluded.days;
  end loop;
end
$$;

-- Days on which these are not what the hours' sums say, beside what 000133 finds. A wrong day is told of by organization; one of the platform's own sums by all zeros.
alter function weir.verify_usage(timestamptz, timestamptz) set schema weir_private;
alter function weir_private.verify_usage(timestamptz, timestamptz) rename to verify_usage_lines;
revoke execute on function weir_private.verify_usage_lines(timestamptz, timestamptz) from weir_service;
create function weir.verify_usage(p_from timestamptz, p_to timestamptz)
returns table (hour timestamptz, organization_id uuid, events bigint, events_summed bigint, cost_nano_usd bigint, cost_summed bigint)
language sql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
  with bounds as (
    select date_trunc('day', min(e.occurred_at)) as opens, date_trunc('day', p_to) + interval '1 day' as closes
      from weir.usage_events e where e.occurred_at >= date_trunc('hour', p_from)),
  truth as (select h from bounds b, weir.usage_hourly h where h.hour >= b.opens and h.hour < b.closes),
  hours as (select array(select t.h from truth t)::weir.usage_hourly[] as sums),
  days as (
    select (t.h).hour::date as day, (t.h).organization_id, sum((t.h).events) as events, sum((t.h).input_tokens + (t.h).output_tokens) as tokens,
      sum((t.h).cost_nano_usd) as cost from truth t group by 1, 2),
  slices as (
    select s.day, s.organization_id, sum(s.events) as events, sum(s.input_tokens + s.output_tokens) as tokens, sum(s.cost_nano_usd) as cost
      from bounds b, weir.usage_daily_slices s where s.day >= b.opens::date and s.day < b.closes::date group by 1, 2),
  platform as (
    select p.day, sum(p.events) as events, sum(p.input_tokens + p.output_tokens) as tokens, sum(p.cost_nano_usd) as cost
      from bounds b, weir.usage_platform_daily p where p.day >= b.opens::date and p.day < b.closes::date group by 1),
  together as (select d.day, sum(d.events) as events, sum(d.tokens) as tokens, sum(d.cost) as cost from days d group by 1),
  active as (
    select u.month, u.organization_id, u.facet, u.value, u.user_id, u.days from hours h, weir_private.usage_active_days(h.sums) as u),
  kept as (
    select a.month, a.organization_id, a.facet, a.value, a.user_id, a.days & m.days as days from weir.usage_activity a
      join (select date_trunc('month', d)::date as month, bit_or(1 << (extract(day from d)::integer - 1)) as days
              from bounds b, generate_series(b.opens, b.closes - interval '1 day', interval '1 day') as d group by 1) as m using (month)
     where a.days & m.days <> 0)
  select v.hour, v.organization_id, v.events, v.events_summed, v.cost_nano_usd, v.cost_summed from weir_private.verify_usage_lines(p_from, p_to) as v
  union all
  select coalesce(d.day, s.day)::timestamptz, coalesce(d.organization_id, s.organization_id), coalesce(d.events, 0)::bigint, coalesce(s.events, 0)::bigint,
    coalesce(d.cost, 0)::bigint, coalesce(s.cost, 0)::bigint
    from days d full join slices s using (day, organization_id)
   where (d.events, d.tokens, d.cost) is distinct from (s.events, s.tokens, s.cost)
  union all
  select coalesce(t.day, p.day)::timestamptz, '00000000-0000-0000-0000-000000000000', coalesce(t.events, 0)::bigint, coalesce(p.events, 0)::bigint,
    coalesce(t.cost, 0)::bigint, coalesce(p.cost, 0)::bigint
    from together t full join platform p using (day)
   where (t.events, t.tokens, t.cost) is distinct from (p.events, p.tokens, p.cost)
  union all
  select w.day::timestamptz, w.organization_id, max(w.was)::bigint, max(w.is_now)::bigint, 0, 0
    from (
      select (coalesce(a.month, k.month) + n.place) as day, coalesce(a.organization_id, k.organization_id) as organization_id,
          coalesce(a.days, 0) >> n.place & 1 as was, coalesce(k.days, 0) >> n.place & 1 as is_now
        from active a full join kept k using (month, organization_id, facet, value, user_id), generate_series(0, 30) as n(place)
       where coalesce(a.days, 0) <> coalesce(k.days, 0)) as w
   where w.was <> w.is_now
   group by 1, 2
   order by 1, 2
$$;
comment on function weir.verify_usage(timestamptz, timestamptz) is 'Hours (and days, at their first hour) whose sums differ from what they are of.';
grant execute on function weir.verify_usage(timestamptz, timestamptz) to weir_service;

-- What there is already, out of the days that are kept.
do $fill$
declare
  v_day date;
  v_sums weir.usage_hourly[];
begin
  for v_day in select distinct d.day from weir.usage_daily d order by 1 loop
    v_sums := array(
      select row(d.day::timestamp at time zone 'UTC', d.dimension_key, d.organization_id, d.user_id, d.department_id, d.virtual_key_id, d.model_id, d.provider,
        d.model_type, d.template_id, d.template_slug, d.feature, d.environment, d.persona_id, d.status, d.error_code,
        d.events, d.requests, d.errors, d.trial_requests, d.unpriced_requests, d.fallback_requests, d.estimated_requests, d.input_tokens, d.output_tokens,
        d.cached_input_tokens, d.cache_write_tokens, d.reasoning_tokens, d.cost_nano_usd, d.provider_cost_nano_usd, d.latency_ms_sum, d.latency_count, d.first_token_ms_sum, d.first_token_count, d.latency_buckets, d.created_at)::weir.usage_hourly
        from weir.usage_daily d where d.day = v_day);
    insert into weir.usage_daily_slices select q.* from weir_private.usage_slices(v_sums) as q;
    insert into weir.usage_platform_daily select q.* from weir_private.usage_of_platform(v_sums) as q;
    insert into weir.usage_activity as t select q.* from weir_private.usage_active_days(v_sums) as q
    on conflict (facet, month, organization_id, value, user_id) do update set days = t.days | excluded.days;
  end loop;
end
$fill$;
