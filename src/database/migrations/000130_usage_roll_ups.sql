-- Owns: use added up by hour and by day, and adding it up: every event once, in whatever order its transaction commits. Not: the events (000050), or what is asked
-- of the sums (src/control/analytics). How and why: docs/decisions/0056-usage-roll-ups.md.

-- The roll-up asks for what was booked since. Without autosummarize the index would know nothing of the newest pages until a vacuum.
drop index weir.usage_events_booked_at_idx;
create index usage_events_booked_at_idx on weir.usage_events using brin (booked_at) with (pages_per_range = 32, autosummarize = on);

-- Calls made elsewhere are booked under the time they were made, up to 35 days ago.
select weir_private.ensure_monthly_partitions('weir.usage_events', 1, now() - interval '2 months');

-- `dimension_key` is a hash of all dimensions: a unique key that takes nulls and is sixteen bytes. Sums may be negative where a correction (sequence 1) lies in
-- another group than its estimate; corrections count as events, not as requests.
create table weir.usage_hourly (
  hour timestamptz not null,
  dimension_key uuid not null,
  organization_id uuid not null,
  user_id uuid,
  department_id uuid,
  virtual_key_id uuid,
  model_id text not null,
  provider text not null,
  model_type text not null,
  template_id bigint,
  template_slug text,
  feature text,
  environment text not null,
  persona_id uuid,
  status text not null,
  error_code text,
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
  primary key (organization_id, hour, dimension_key)
) partition by range (hour);
comment on table weir.usage_hourly is 'Usage events added up by hour (UTC) and all dimensions, as far as weir.usage_folded_to().';
comment on column weir.usage_hourly.latency_buckets is
  'Calls by latency, below 50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000 ms and above; null: none was measured.';
create index usage_hourly_hour_idx on weir.usage_hourly (hour);
create index usage_hourly_user_idx on weir.usage_hourly (organization_id, user_id, hour);
create table weir.usage_hourly_default partition of weir.usage_hourly default;

create table weir.usage_daily (
  day date not null,
  dimension_key uuid not null,
  organization_id uuid not null,
  user_id uuid,
  department_id uuid,
  virtual_key_id uuid,
  model_id text not null,
  provider text not null,
  model_type text not null,
  template_id bigint,
  template_slug text,
  feature text,
  environment text not null,
  persona_id uuid,
  status text not null,
  error_code text,
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
  primary key (organization_id, day, dimension_key)
);
comment on table weir.usage_daily is 'Usage events added up by day (UTC) and all dimensions, as far as weir.usage_folded_to(). Kept for ever.';
create index usage_daily_day_idx on weir.usage_daily (day);
create index usage_daily_user_idx on weir.usage_daily (organization_id, user_id, day);

create table weir.usage_roll_up (
  id boolean primary key default true check (id),
  folded_to timestamptz not null default '-infinity',
  candidate_at timestamptz,
  candidate_writers text[] not null default '{}',
  step_ms bigint not null default 600000 check (step_ms > 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
comment on table weir.usage_roll_up is 'How far use is added up: one row, from the first time on. Whoever adds up holds its lock.';
comment on column weir.usage_roll_up.folded_to is 'Events with booked_at up to here are in the sums, later ones are not.';
comment on column weir.usage_roll_up.candidate_at is 'How far can be gone once candidate_writers have ended.';
comment on column weir.usage_roll_up.step_ms is 'How much of booked time the next step takes: adapted to how many events that was.';

do $protect$
declare
  protected regclass;
begin
  foreach protected in array array['weir.usage_hourly', 'weir.usage_hourly_default', 'weir.usage_daily', 'weir.usage_roll_up']::regclass[] loop
    perform weir_private.protect_table(protected);
  end loop;
end
$protect$;
select weir_private.ensure_monthly_partitions('weir.usage_hourly', 5, now() - interval '2 months');

grant select on weir.usage_hourly, weir.usage_daily to weir_service, authenticated;
grant select on weir.usage_roll_up to weir_service;
create policy service_reads on weir.usage_hourly for select to weir_service using (true);
create policy service_reads on weir.usage_daily for select to weir_service using (true);
create policy service_reads on weir.usage_roll_up for select to weir_service using (true);
create policy people_read on weir.usage_hourly for select to authenticated using (
  (select weir_private.is_platform_admin())
  or organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
  or (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
);
create policy people_read on weir.usage_daily for select to authenticated using (
  (select weir_private.is_platform_admin())
  or organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
  or (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
);

create function weir.usage_folded_to() returns timestamptz
language sql stable security definer
set search_path = ''
as $$ select coalesce((select r.folded_to from weir.usage_roll_up r), '-infinity') $$;
comment on function weir.usage_folded_to() is
  'Events booked later are not in the sums yet. Asked in the statement that reads both, the two add up to every event once.';

create function weir_private.add_counts(a bigint[], b bigint[]) returns bigint[]
language sql immutable parallel safe
set search_path = ''
as $$
  select case when a is null then b when b is null then a
    else (select array_agg(q.x + q.y order by q.n) from unnest(a, b) with ordinality as q(x, y, n)) end
$$;

-- The sums of the events booked after p_after up to p_to, by hour, of the hours from p_first to before p_end.
create function weir_private.usage_sums(p_after timestamptz, p_to timestamptz, p_first timestamptz, p_end timestamptz)
returns setof weir.usage_hourly
language sql stable security definer
set search_path = ''
set timezone = 'UTC'
as $$
  with sums as (
    select date_trunc('hour', e.occurred_at) as hour,
      e.organization_id, e.user_id, e.department_id, e.virtual_key_id, e.model_id, e.provider, e.model_type, e.template_id,
      e.template_slug, e.feature, e.environment, e.persona_id, e.status, e.error_code,
      count(*) as events,
      count(*) filter (where e.sequence = 0) as requests,
      count(*) filter (where e.sequence = 0 and e.status in ('error', 'timeout')) as errors,
      count(*) filter (where e.sequence = 0 and e.trial) as trial_requests,
      count(*) filter (where e.sequence = 0 and e.status = 'success' and e.cost_nano_usd is null) as unpriced_requests,
      count(*) filter (where e.sequence = 0 and e.fallback_used) as fallback_requests,
      count(*) filter (where e.sequence = 0 and e.usage_source = 'estimated') as estimated_requests,
      sum(e.input_tokens)::bigint as input_tokens, sum(e.output_tokens)::bigint as output_tokens,
      sum(e.cached_input_tokens)::bigint as cached_input_tokens, sum(e.cache_write_tokens)::bigint as cache_write_tokens,
      sum(e.reasoning_tokens)::bigint as reasoning_tokens,
      coalesce(sum(e.cost_nano_usd), 0)::bigint as cost_nano_usd, coalesce(sum(e.provider_cost_nano_usd), 0)::bigint as provider_cost_nano_usd,
      coalesce(sum(e.latency_ms), 0) as latency_ms_sum, count(e.latency_ms) as latency_count,
      coalesce(sum(e.time_to_first_token_ms), 0) as first_token_ms_sum, count(e.time_to_first_token_ms) as first_token_count,
      array[
           count(*) filter (where e.bucket = 0), count(*) filter (where e.bucket = 1), count(*) filter (where e.bucket = 2),
           count(*) filter (where e.bucket = 3), count(*) filter (where e.bucket = 4), count(*) filter (where e.bucket = 5),
           count(*) filter (where e.bucket = 6), count(*) filter (where e.bucket = 7), count(*) filter (where e.bucket = 8),
           count(*) filter (where e.bucket = 9), count(*) filter (where e.bucket = 10), count(*) filter (where e.bucket = 11),
           count(*) filter (where e.bucket = 12), count(*) filter (where e.bucket = 13), count(*) filter (where e.bucket = 14),
           count(*) filter (where e.bucket = 15)
      ] as latency_buckets
    from (select u.*, width_bucket(u.latency_ms, array[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000]) as bucket from weir.usage_events u
           where u.booked_at > greatest(p_after, p_first - interval '1 day') and u.booked_at <= p_to and u.occurred_at >= p_first and u.occurred_at < p_end) as e
    group by 1, e.organization_id, e.user_id, e.department_id, e.virtual_key_id, e.model_id, e.provider, e.model_type,
      e.template_id, e.template_slug, e.feature, e.environment, e.persona_id, e.status, e.error_code)
  select s.hour,
    left(encode(sha256(convert_to(row(s.user_id, s.department_id, s.virtual_key_id, s.model_id, s.provider, s.model_type, s.template_id,
      s.template_slug, s.feature, s.environment, s.persona_id, s.status, s.error_code)::text, 'UTF8')), 'hex'), 32)::uuid,
    s.organization_id, s.user_id, s.department_id, s.virtual_key_id, s.model_id, s.provider, s.model_type, s.template_id, s.template_slug,
    s.feature, s.environment, s.persona_id, s.status, s.error_code, s.events, s.requests, s.errors, s.trial_requests, s.unpriced_requests,
    s.fallback_requests, s.estimated_requests, s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens,
    s.reasoning_tokens, s.cost_nano_usd, s.provider_cost_nano_usd, s.latency_ms_sum, s.latency_count, s.first_token_ms_sum,
    s.first_token_count,
    case when s.latency_count > 0 then s.latency_buckets end, now()
  from sums s
$$;

-- Adds sums by hour to both tables. Gives how many events they are of.
create function weir_private.add_usage(p_sums weir.usage_hourly[]) returns bigint
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
  select coalesce(sum(q.events), 0) into v_events from unnest(p_sums) as q;
  return v_events;
end
$$;

-- Sums by hour as sums by day.
create function weir_private.usage_days(p_sums weir.usage_hourly[]) returns setof weir.usage_daily
language sql stable
set search_path = ''
set timezone = 'UTC'
as $$
  select q.hour::date, q.dimension_key,
    min(q.organization_id::text)::uuid, min(q.user_id::text)::uuid, min(q.department_id::text)::uuid, min(q.virtual_key_id::text)::uuid,
    min(q.model_id), min(q.provider), min(q.model_type), min(q.template_id), min(q.template_slug), min(q.feature), min(q.environment),
    min(q.persona_id::text)::uuid, min(q.status), min(q.error_code),
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint, sum(q.trial_requests)::bigint, sum(q.unpriced_requests)::bigint,
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
  from unnest(p_sums) as q group by 1, 2, q.organization_id
$$;

-- Transactions of this database that may have an event under way: each holds such a lock, or waits for it, until it has ended and others see what it did.
create function weir_private.ledger_writers() returns text[]
language sql volatile
set search_path = ''
as $$
  select coalesce(array_agg(distinct l.virtualtransaction), '{}') from pg_catalog.pg_locks l
   where l.locktype = 'relation' and l.relation in ('weir.counters'::regclass, 'weir.usage_events'::regclass)
     and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
     and l.mode in ('RowShareLock', 'RowExclusiveLock') and l.pid <> pg_catalog.pg_backend_pid()
$$;

-- Adds up what was booked since the last time, some p_limit events at most. Safe on many replicas: one adds up, the others have nothing to do.
--
-- Nothing is lost and nothing added twice: `folded_to` is the one line between what is in the sums and what is not, and it only moves over times that no
-- transaction can book at any more. A batch of the ledger takes its time first and locks its counters right after it, and keeps those locks until it is
-- committed. So whoever took a time at or before (now - p_settle) has either ended or is among the writers seen now; once those have ended, all is there.
-- A writer that stands still between taking its time and its first lock for longer than p_settle would be missed: weir.verify_usage() finds that.
create function weir.roll_up_usage(
  p_limit bigint default 200000, p_settle interval default '10 seconds',
  out events_folded bigint, out folded_to timestamptz, out is_done boolean
)
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  state weir.usage_roll_up;
  v_now timestamptz;
  v_writers text[];
  v_upto timestamptz;
  v_next timestamptz;
  v_count bigint;
begin
  events_folded := 0;
  is_done := true;
  insert into weir.usage_roll_up default values on conflict do nothing;
  select r.* into state from weir.usage_roll_up r for update skip locked;
  if not found then
    folded_to := weir.usage_folded_to();
    return;
  end if;
  -- In this order: the time, then who is under way, then (in later statements) what there is.
  v_now := clock_timestamp() - p_settle;
  v_writers := weir_private.ledger_writers();
  if v_now < state.folded_to and state.folded_to - v_now > interval '1 minute' then
    -- The database's clock went back: what is booked from now on lies before the line. The line goes back, too.
    perform weir_private.unfold_usage(v_now - interval '1 hour');
    select r.* into strict state from weir.usage_roll_up r;
  end if;
  v_upto := state.folded_to;
  if v_writers = '{}' then
    v_upto := greatest(v_upto, v_now);
    state.candidate_at := null;
  else
    if state.candidate_at is not null and not v_writers && state.candidate_writers then
      v_upto := greatest(v_upto, state.candidate_at);
      state.candidate_at := null;
    end if;
    if state.candidate_at is null then
      state.candidate_at := v_now;
      state.candidate_writers := v_writers;
    end if;
  end if;
  if state.folded_to = '-infinity' then
    select coalesce(min(e.booked_at) - interval '1 millisecond', state.folded_to) into state.folded_to
      from weir.usage_events e where e.booked_at <= v_upto;
  end if;
  while state.folded_to > '-infinity' and state.folded_to < v_upto and events_folded < p_limit loop
    v_next := least(state.folded_to + state.step_ms * interval '1 millisecond', v_upto);
    v_count := weir_private.add_usage(array(
      select s from weir_private.usage_sums(state.folded_to, v_next, '-infinity', 'infinity') as s));
    events_folded := events_folded + v_count;
    state.folded_to := v_next;
    if v_count > p_limit then
      state.step_ms := greatest(state.step_ms / 4, 100);
    elsif v_count < p_limit / 8 then
      state.step_ms := least(state.step_ms * 2, 604800000);
    end if;
  end loop;
  update weir.usage_roll_up r
     set folded_to = state.folded_to, step_ms = state.step_ms, candidate_at = state.candidate_at,
         candidate_writers = case when state.candidate_at is null then '{}' else state.candidate_writers end;
  folded_to := state.folded_to;
  is_done := state.folded_to >= v_upto or state.folded_to = '-infinity';
end
$$;
comment on function weir.roll_up_usage(bigint, interval) is 'Adds up events booked since; is_done: no more can be added up at the moment.';

-- Makes the sums of whole hours anew from the events that are in them, and of their days from their hours. The caller holds the lock of usage_roll_up.
create function weir_private.remake_usage(p_hours timestamptz[], p_to timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_hour timestamptz;
  v_day date;
begin
  foreach v_hour in array p_hours loop
    delete from weir.usage_hourly h where h.hour = v_hour;
    insert into weir.usage_hourly select s.* from weir_private.usage_sums('-infinity', p_to, v_hour, v_hour + interval '1 hour') as s;
  end loop;
  for v_day in select distinct h::date from unnest(p_hours) as h loop
    delete from weir.usage_daily d where d.day = v_day;
    insert into weir.usage_daily select q.* from weir_private.usage_days(array(
      select h from weir.usage_hourly h where h.hour >= v_day and h.hour < v_day + 1)) as q;
  end loop;
end
$$;

-- Moves the line back: what was booked after p_to leaves the sums. The caller holds the lock of usage_roll_up.
create function weir_private.unfold_usage(p_to timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
begin
  perform weir_private.remake_usage(array(
    select distinct date_trunc('hour', e.occurred_at) from weir.usage_events e, weir.usage_roll_up r
     where e.booked_at > p_to and e.booked_at <= r.folded_to), p_to);
  update weir.usage_roll_up r set folded_to = p_to, candidate_at = null, candidate_writers = '{}' where r.folded_to > p_to;
end
$$;

-- Hours of the range whose sums are not those of their events. Nothing is the only right answer. Of hours whose events are gone it says nothing.
create function weir.verify_usage(p_from timestamptz, p_to timestamptz)
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
   order by 1, 2
$$;
comment on function weir.verify_usage(timestamptz, timestamptz) is 'Hours (and days, at their first hour) whose sums differ from what they are of.';

-- Makes the differing hours of the range anew. Gives how many.
create function weir.repair_usage(p_from timestamptz, p_to timestamptz) returns integer
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_to timestamptz;
  v_hours timestamptz[];
begin
  select r.folded_to into v_to from weir.usage_roll_up r for update;
  if not found then
    return 0;
  end if;
  v_hours := array(select distinct v.hour from weir.verify_usage(p_from, p_to) as v);
  perform weir_private.remake_usage(v_hours, v_to);
  return cardinality(v_hours);
end
$$;

-- Drops months of sums by hour that ended longer ago than p_keep. Days are kept. Gives how many months.
create function weir.drop_old_usage_hours(p_keep interval) returns integer
language plpgsql volatile security definer
set search_path = ''
set timezone = 'UTC'
as $$
declare
  v_name text;
  v_dropped integer := 0;
begin
  if p_keep < interval '40 days' then
    raise exception 'hours are kept for 40 days at least' using errcode = 'invalid_parameter_value';
  end if;
  for v_name in
    select c.relname from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'weir.usage_hourly'::regclass and c.relname ~ '^usage_hourly_\d{4}_\d{2}$'
       and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - p_keep
  loop
    execute format('drop table weir.%I', v_name);
    v_dropped := v_dropped + 1;
  end loop;
  return v_dropped;
end
$$;

grant execute on function weir.usage_folded_to() to weir_service, authenticated;
grant execute on function weir.roll_up_usage(bigint, interval) to weir_service;
grant execute on function weir.verify_usage(timestamptz, timestamptz) to weir_service;
grant execute on function weir.repair_usage(timestamptz, timestamptz) to weir_service;
grant execute on function weir.drop_old_usage_hours(interval) to weir_service;
