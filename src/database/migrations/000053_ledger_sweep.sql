-- Owns: the end of holds that nobody ends, and the comparison of counters with events. Not: batches (000052).

-- Ends up to p_limit holds that are past their time: what they held counts as used and the event is marked estimated, so that a crash
-- is never a silent refund nor a block for ever. One sweeper at a time; the others have nothing to do.
create function weir_private.ledger_sweep(
  p_last_ms bigint, p_offset_ms bigint, p_limit integer, out now_ms bigint, out ended integer
)
language plpgsql volatile
set search_path = pg_catalog
as $$
declare
  v_now timestamptz;
  v_ids uuid[];
  v_hold weir.holds;
  v_counters bigint[] := '{}';
  v_amounts bigint[] := '{}';
  v_sum record;
begin
  now_ms := weir_private.ledger_now_ms(p_last_ms, p_offset_ms);
  v_now := to_timestamp(now_ms / 1000.0);
  ended := 0;
  if not pg_try_advisory_xact_lock(hashtext('weir ledger sweep')) then
    return;
  end if;
  v_ids := array(select h.id from weir.holds h where h.expires_at <= v_now order by h.id limit p_limit);
  if cardinality(v_ids) = 0 then
    return;
  end if;
  -- Counters before holds, in the order of every batch.
  perform from weir.counters c
    where c.id = any (array(select distinct unnest(h.counter_ids) from weir.holds h where h.id = any (v_ids)))
    order by c.lock_rank, c.id for update;

  for v_hold in delete from weir.holds h where h.id = any (v_ids) and h.expires_at <= v_now returning h.* loop
    ended := ended + 1;
    v_counters := v_counters || v_hold.counter_ids;
    v_amounts := v_amounts || v_hold.amounts;
    perform weir_private.ledger_end_credits(v_hold, v_hold.credit_amount, v_now,
      v_hold.dimensions ->> 'feature', (v_hold.dimensions ->> 'user_id')::uuid);
    insert into weir.usage_events (
      id, occurred_at, booked_at, organization_id, department_id, user_id, virtual_key_id, template_id, template_slug, feature, environment,
      persona_id, model_id, provider, model_type, prompt_version_id, experiment_arm, price_id, route,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, cost_nano_usd, provider_cost_nano_usd,
      status, error_code, streamed, trial, retries, fallback_used, counter_ids, amounts, lot_ids, lot_amounts)
    select v_hold.id, weir_private.uuid_v7_time(v_hold.id), v_now, d.organization_id, d.department_id, d.user_id, d.virtual_key_id, d.template_id,
      d.template_slug, d.feature, d.environment, d.persona_id, d.model_id, d.provider, d.model_type, d.prompt_version_id, d.experiment_arm,
      d.price_id, d.route, v_hold.estimated_input, v_hold.granted_output, 0, 0, 0, 'estimated', v_hold.estimated_cost, v_hold.estimated_cost,
      'timeout', 'hold_expired', false, false, 0, false, v_hold.counter_ids, v_hold.amounts, v_hold.lot_ids, v_hold.lot_amounts
      from jsonb_to_record(v_hold.dimensions) as d(
        organization_id uuid, department_id uuid, user_id uuid, virtual_key_id uuid, template_id bigint, template_slug text, feature text,
        environment text, persona_id uuid, model_id text, provider text, model_type text, prompt_version_id uuid, experiment_arm text,
        price_id text, route text)
    on conflict do nothing;
  end loop;

  -- Each counter once: hundreds of versions of one hot row in a transaction would be walked through again and again.
  for v_sum in select q.id, sum(q.amount)::bigint as amount from unnest(v_counters, v_amounts) as q(id, amount) group by q.id loop
    update weir.counters c set used = c.used + v_sum.amount, held = c.held - v_sum.amount where c.id = v_sum.id;
  end loop;
end
$$;
comment on function weir_private.ledger_sweep(bigint, bigint, integer) is 'Ends expired holds as estimated events; gives how many.';

-- Every counter whose used or held is not what the events and open holds say. Nothing is the only right answer.
create function weir_private.ledger_drift(p_organization uuid default null)
returns table (counter_id bigint, meter_key text, window_start timestamptz, used bigint, expected_used bigint, held bigint, expected_held bigint)
language sql stable security definer
set search_path = pg_catalog
as $$
  with booked as (
    select q.id, sum(q.amount)::bigint as amount from weir.usage_events e cross join lateral unnest(e.counter_ids, e.amounts) as q(id, amount)
     where p_organization is null or e.organization_id = p_organization group by q.id),
  open as (
    select q.id, sum(q.amount)::bigint as amount from weir.holds h cross join lateral unnest(h.counter_ids, h.amounts) as q(id, amount)
     where p_organization is null or h.organization_id = p_organization group by q.id)
  select c.id, c.meter_key, c.window_start, c.used, coalesce(b.amount, 0), c.held, coalesce(o.amount, 0)
    from weir.counters c left join booked b on b.id = c.id left join open o on o.id = c.id
   where (p_organization is null or c.organization_id = p_organization)
     and (c.used <> coalesce(b.amount, 0) or c.held <> coalesce(o.amount, 0))
   order by c.id
$$;
comment on function weir_private.ledger_drift(uuid) is 'Counters that differ from the sum of events and open holds. Drift is 0 when it gives no row.';

-- Sets every drifted counter to what the events and holds say. Batches wait meanwhile. Gives how many were set.
create function weir_private.ledger_rebuild() returns integer
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
declare
  v_count integer;
begin
  -- Counters first, and against those who lock their rows too: that is how every batch begins, so none is caught half-way.
  lock table weir.counters in exclusive mode;
  lock table weir.holds, weir.usage_events in share row exclusive mode;
  update weir.counters c set used = d.expected_used, held = d.expected_held from weir_private.ledger_drift() d where c.id = d.counter_id;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
comment on function weir_private.ledger_rebuild() is 'Sets drifted counters to the sum of events and open holds.';

grant execute on function weir_private.ledger_sweep(bigint, bigint, integer) to weir_gateway;
grant execute on function weir_private.ledger_drift(uuid) to weir_service, weir_gateway;
grant execute on function weir_private.ledger_rebuild() to weir_service;
grant usage on schema weir_private to weir_gateway;
