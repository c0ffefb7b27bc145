-- Owns: all product events as one stream: those that domains tell, and those that usage events say of calls. Not: the events themselves (000090, 000050), or reading
-- the stream in order (src/control/events). How and why: docs/decisions/0060-product-events-of-calls.md.

-- What was told within some stretch of time.
create index analytics_events_created_at_idx on weir.analytics_events (created_at, id);
-- Which trial message of somebody's a call was. A call that is no trial leaves nothing in it.
create index usage_events_trial_idx on weir.usage_events (coalesce(user_id, organization_id), booked_at) where trial and sequence = 0;

-- A call is told of when it is booked: what is booked later comes later in the stream. Its first event has the call's id; a second or third one an id made of it and
-- the name (UUIDv8), so that whoever reads the stream twice gets the same ids.
create view weir.product_events with (security_invoker = true) as
  select a.created_at as at, a.id, a.name, a.properties, a.organization_id, a.user_id, null::uuid as request_id
    from weir.analytics_events a
   where a.name not in ('model_message_sent', 'model_trial_started', 'model_trial_message_used', 'model_trial_expired_prompt', 'model_rate_limit_hit')
  union all
  -- An answer, whole or cut. Of a call that nobody told the end of, its correction says that there was one.
  select e.booked_at, e.id, 'model_message_sent',
    jsonb_build_object('model_id', e.model_id, 'persona_id', e.persona_id,
      'is_default', p.default_model_id is not distinct from e.model_id,
      'is_override', coalesce(p.persona_model_overrides ->> e.persona_id::text = e.model_id, false),
      'is_trial', e.trial),
    e.organization_id, e.user_id, e.id
    from weir.usage_events e
    left join weir.profiles p on p.user_id = e.user_id
   where e.usage_source <> 'estimated' and e.route <> 'recorded'
     and (e.status = 'success' or (e.sequence = 0 and e.output_tokens > 0 and e.status in ('cancelled', 'timeout', 'error')))
  union all
  -- A trial message, counted from the first one on. The counter knows which model's trial it was, also when a fallback answered.
  select e.booked_at,
    overlay(overlay(md5(e.id::text || n.name) placing '8' from 13) placing '8' from 17)::uuid,
    n.name,
    jsonb_build_object('model_id', coalesce(c.model_id, e.model_id),
      'messages_remaining', greatest(0, coalesce(c.allowed, m.trial_messages_allowed, 0) - r.place)),
    e.organization_id, e.user_id, e.id
    from weir.usage_events e
    left join lateral (
      select q.id, q.limit_amount as allowed, substring(q.meter_key from '^trial:([^:]+):') as model_id
        from weir.counters q where q.id = any (e.counter_ids) and q.kind = 'trial' and q.meter_key like 'trial:%') c on true
    left join weir.models m on m.id = e.model_id
    cross join lateral (
      select count(*) as place from weir.usage_events t
       where t.trial and t.sequence = 0 and coalesce(t.user_id, t.organization_id) = coalesce(e.user_id, e.organization_id)
         and (t.booked_at, t.id) <= (e.booked_at, e.id)
         and case when c.id is null then t.model_id = e.model_id else c.id = any (t.counter_ids) end) r
    cross join (values ('model_trial_started'), ('model_trial_message_used')) as n (name)
   where e.trial and e.sequence = 0 and (n.name = 'model_trial_message_used' or r.place = 1)
  union all
  -- A premium model that somebody may not use, or not any more. Names that are no models (a template whose trial is over) are nothing to buy.
  select e.booked_at, e.id, 'model_trial_expired_prompt', jsonb_build_object('model_id', m.id, 'price_cents', m.price_cents),
    e.organization_id, e.user_id, e.id
    from weir.usage_events e
    left join weir.denial_traces t on t.id = e.id
    left join lateral (select q.meter from jsonb_array_elements(t.meters) as q (meter) where q.meter ->> 'meter' = 'trial' limit 1) d on true
    join weir.models m on m.id = coalesce(d.meter ->> 'name', e.model_id)
   where e.status = 'denied' and e.sequence = 0 and e.error_code in ('trial_exhausted', 'model_locked')
  union all
  -- A limit as its caller was told of it. Where that is not kept (a storm of denials, or past its thirty days) the model's own limit by the day.
  select e.booked_at, e.id, 'model_rate_limit_hit',
    jsonb_build_object(
      'model_id', case when e.error_code = 'daily_message_limit' then coalesce(d.meter ->> 'name', e.model_id) else e.model_id end,
      'limit', case when d.meter is not null then (d.meter ->> 'limit')::bigint
                    when e.error_code = 'daily_message_limit' then m.rate_limit_messages_per_day end,
      'resets_at', case when d.meter is not null then d.meter ->> 'resets_at'
                        when e.error_code = 'daily_message_limit'
                          then to_char(date_trunc('day', e.occurred_at at time zone 'UTC') + interval '1 day', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end),
    e.organization_id, e.user_id, e.id
    from weir.usage_events e
    left join weir.denial_traces t on t.id = e.id
    left join lateral (
      select q.meter from jsonb_array_elements(t.meters) as q (meter)
       where q.meter ->> 'meter' = case e.error_code when 'daily_message_limit' then 'daily_messages' else 'template_limit' end limit 1) d on true
    left join weir.models m on m.id = e.model_id
   where e.status = 'denied' and e.sequence = 0 and e.error_code in ('daily_message_limit', 'user_limit_exceeded');
comment on view weir.product_events is 'Every product event once (src/contracts/product-events.ts): those that domains told, and those that usage events say of calls.';
-- The platform's alone: what it joins (counters, traces) no person reads whole.
grant select on weir.product_events to weir_service;
