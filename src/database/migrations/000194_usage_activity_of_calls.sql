-- Owns: one more facet of weir.usage_activity: model, provider and status together, for how many people there were by two of them at once. Not: the other facets
-- (000190). Why: docs/decisions/0066-told-calls-and-people-by-two-dimensions.md.

create function weir.usage_call_value(p_model_id text, p_provider text, p_status text) returns text
language sql stable parallel safe
set search_path = ''
as $$ select jsonb_build_array(p_model_id, p_provider, p_status)::text $$;
comment on function weir.usage_call_value(text, text, text) is
  'What weir.usage_activity has as value in its facet call. Those there are come from weir.usage_platform_daily.';
grant execute on function weir.usage_call_value(text, text, text) to weir_service, authenticated;

-- By themselves, as those of all calls: a question reads a month of them whole.
create table weir.usage_activity_calls partition of weir.usage_activity for values in ('call') with (fillfactor = 70);
select weir_private.protect_table('weir.usage_activity_calls');
comment on table weir.usage_activity is
  'On which days of a month (UTC) a person made a call, of all, by one dimension at a time (facet and value as in weir.usage_daily_facets), and by model, provider '
  'and status together (call).';

create or replace function weir_private.usage_active_days(p_sums weir.usage_hourly[]) returns setof weir.usage_activity
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

-- What there is already, out of the days that are kept.
insert into weir.usage_activity (month, organization_id, facet, value, user_id, days)
select date_trunc('month', d.day::timestamp)::date, d.organization_id, 'call', weir.usage_call_value(d.model_id, d.provider, d.status),
    coalesce(d.user_id, '00000000-0000-0000-0000-000000000000'), bit_or(1 << (extract(day from d.day)::integer - 1))
  from weir.usage_daily d group by 1, 2, 4, 5;
