-- Owns: one batch of the ledger in one call and one commit. The arithmetic is that of src/ledger/core (decide.ts, settle.ts), which
-- seeded runs compare it with. Not: which meters a call has, or the windows (made by the caller, checked here against the database's time).
--
-- Arrays named c_ are counters, x_ extensions, r_ reserves, l_ the legs of reserves and extensions, s_ settles, e_ events, d the distinct dimensions.
-- Counters come sorted by (lock_rank, id): they are locked in that order before anything else is touched, and whoever touches a hold
-- has locked its counters first, so batches, sweeps and replicas can't wait for each other in a circle.

-- Ids of counters by (key, window), made where missing. Its own short transaction: a counter once made stays.
create function weir_private.ledger_counters(
  p_keys text[], p_starts bigint[], p_ends bigint[], p_organizations uuid[], p_kinds text[], p_units text[], p_ranks smallint[]
) returns bigint[]
language plpgsql volatile
set search_path = pg_catalog
as $$
begin
  insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank)
  select q.k, to_timestamp(q.s / 1000.0), to_timestamp(q.e / 1000.0), q.o, q.kd, q.u, q.r
    from unnest(p_keys, p_starts, p_ends, p_organizations, p_kinds, p_units, p_ranks) as q(k, s, e, o, kd, u, r)
   order by q.k, q.s
  on conflict (meter_key, window_start) do nothing;
  return array(
    select (select c.id from weir.counters c where c.meter_key = q.k and c.window_start = to_timestamp(q.s / 1000.0) offset 0)
      from unnest(p_keys, p_starts) with ordinality as q(k, s, n)
     order by q.n);
end
$$;
comment on function weir_private.ledger_counters(text[], bigint[], bigint[], uuid[], text[], text[], smallint[]) is
  'Ids of the counters of the given meters and windows, in the order given; missing ones are made.';

-- The database's time in milliseconds; never before p_last_ms, the latest that the caller has seen. p_offset_ms moves time in tests only.
create function weir_private.ledger_now_ms(p_last_ms bigint, p_offset_ms bigint) returns bigint
language sql volatile
set search_path = pg_catalog
as $$ select greatest((extract(epoch from clock_timestamp()) * 1000)::bigint + p_offset_ms, p_last_ms) $$;

-- Takes p_amount credits out of an organization's lots into held: soonest expiry, then priority, then oldest. The lots are locked.
-- available < p_amount: nothing was taken.
create function weir_private.ledger_take_credits(
  p_organization uuid, p_type text, p_amount bigint, p_now timestamptz,
  out available bigint, out lot_ids uuid[], out lot_amounts bigint[]
)
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
declare
  lot record;
  wanted bigint := p_amount;
  taken bigint;
begin
  available := 0;
  lot_ids := '{}';
  lot_amounts := '{}';
  for lot in
    select g.id, g.remaining from weir.credit_grants g
     where g.organization_id = p_organization and g.credit_type = p_type and g.remaining > 0
       and g.effective_at <= p_now and (g.expires_at is null or g.expires_at > p_now)
     order by g.expires_at nulls last, g.priority, g.effective_at, g.id
       for update
  loop
    available := available + lot.remaining;
    taken := least(lot.remaining, wanted);
    if taken > 0 then
      lot_ids := lot_ids || lot.id;
      lot_amounts := lot_amounts || taken;
      wanted := wanted - taken;
    end if;
  end loop;
  if wanted > 0 then
    lot_ids := null;
    lot_amounts := null;
    return;
  end if;
  for n in 1 .. cardinality(lot_ids) loop
    update weir.credit_grants g set remaining = g.remaining - lot_amounts[n], held = g.held + lot_amounts[n] where g.id = lot_ids[n];
  end loop;
end
$$;

-- Ends what a hold took from lots: p_used is consumed in the recorded order, the rest returns (or expires with its lot).
create function weir_private.ledger_end_credits(
  p_hold weir.holds, p_used bigint, p_now timestamptz, p_feature text, p_user uuid
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
declare
  v_left bigint := p_used;
  v_consumed bigint;
  v_allocations jsonb := '[]';
begin
  if p_hold.lot_ids is null then
    return;
  end if;
  for n in 1 .. cardinality(p_hold.lot_ids) loop
    v_consumed := least(v_left, p_hold.lot_amounts[n]);
    v_left := v_left - v_consumed;
    update weir.credit_grants g
       set held = g.held - p_hold.lot_amounts[n],
           consumed = g.consumed + v_consumed,
           remaining = g.remaining + p_hold.lot_amounts[n] - v_consumed
     where g.id = p_hold.lot_ids[n];
    if v_consumed > 0 then
      v_allocations := v_allocations || jsonb_build_object('grant_id', p_hold.lot_ids[n], 'amount', v_consumed);
    end if;
  end loop;
  if p_used > v_left then
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, allocations, feature, user_id, request_id, created_at)
    values (weir_private.uuid_v7(), p_hold.organization_id, p_hold.credit_type, 'deduct', v_left - p_used, v_allocations,
            p_feature, p_user, p_hold.id, p_now);
  end if;
end
$$;

-- An open hold as its caller needs it again: the windows it has pinned, the amounts it has now. Numbers as text where they may pass 2^53.
create function weir_private.ledger_hold_json(p_hold weir.holds) returns jsonb
language sql stable
set search_path = pg_catalog
as $$
  select jsonb_build_object(
    'reserved_at_ms', round(extract(epoch from p_hold.created_at) * 1000)::bigint,
    'granted_output', p_hold.granted_output::text,
    'legs', (select coalesce(jsonb_agg(jsonb_build_object('counter', c.id::text, 'amount', q.amount::text,
               'start_ms', round(extract(epoch from c.window_start) * 1000)::bigint,
               'end_ms', round(extract(epoch from c.window_end) * 1000)::bigint) order by q.n), '[]')
               from unnest(p_hold.counter_ids, p_hold.amounts) with ordinality as q(id, amount, n) join weir.counters c on c.id = q.id),
    'lots', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'amount', q.amount::text) order by q.n), '[]')
               from unnest(p_hold.lot_ids, p_hold.lot_amounts) with ordinality as q(id, amount, n)))
$$;

-- The time in a UUIDv7: the partition of its usage event.
create function weir_private.uuid_v7_time(p_id uuid) returns timestamptz
language sql immutable parallel safe
set search_path = pg_catalog
as $$ select to_timestamp(('x' || left(replace(p_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) $$;

-- Corrects an estimate once: sequence 1 holds the difference between what was used and what was estimated, so that sums are right.
create function weir_private.ledger_correct_event(
  p_estimate weir.usage_events, p_actual weir.usage_events, p_credits bigint, p_now timestamptz
) returns void
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
declare
  v_row weir.usage_events := p_actual;
  v_left bigint;
  v_back bigint;
begin
  v_row.sequence := 1;
  v_row.booked_at := p_now;
  v_row.input_tokens := p_actual.input_tokens - p_estimate.input_tokens;
  v_row.output_tokens := p_actual.output_tokens - p_estimate.output_tokens;
  v_row.cached_input_tokens := p_actual.cached_input_tokens - p_estimate.cached_input_tokens;
  v_row.cache_write_tokens := p_actual.cache_write_tokens - p_estimate.cache_write_tokens;
  v_row.cache_write_1h_tokens := p_actual.cache_write_1h_tokens - p_estimate.cache_write_1h_tokens;
  v_row.reasoning_tokens := p_actual.reasoning_tokens - p_estimate.reasoning_tokens;
  v_row.cost_nano_usd := coalesce(p_actual.cost_nano_usd, 0) - coalesce(p_estimate.cost_nano_usd, 0);
  v_row.provider_cost_nano_usd := coalesce(p_actual.provider_cost_nano_usd, 0) - coalesce(p_estimate.provider_cost_nano_usd, 0);
  v_row.amounts := array(select a.amount - b.amount from unnest(p_actual.amounts) with ordinality as a(amount, n)
                           join unnest(p_estimate.amounts) with ordinality as b(amount, n) using (n) order by n);
  -- Credits that the estimate took too many of return to the lots they came from, last lot first.
  if p_estimate.lot_ids is not null then
    v_left := (select sum(amount) from unnest(p_estimate.lot_amounts) as q(amount)) - p_credits;
    if v_left > 0 then
      insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, refund_of, feature, user_id, request_id, created_at)
      select weir_private.uuid_v7(), l.organization_id, l.credit_type, 'refund', v_left, l.id, l.feature, l.user_id, l.request_id, p_now
        from weir.credit_ledger l where l.request_id = p_estimate.id and l.kind = 'deduct';
    end if;
    for n in reverse cardinality(p_estimate.lot_ids) .. 1 loop
      exit when v_left <= 0;
      v_back := least(v_left, p_estimate.lot_amounts[n]);
      v_left := v_left - v_back;
      update weir.credit_grants g set consumed = g.consumed - v_back, remaining = g.remaining + v_back where g.id = p_estimate.lot_ids[n];
    end loop;
  end if;
  insert into weir.usage_events values (v_row.*) on conflict do nothing;
end
$$;

grant execute on function weir_private.ledger_counters(text[], bigint[], bigint[], uuid[], text[], text[], smallint[]) to weir_gateway;
grant execute on function weir_private.ledger_now_ms(bigint, bigint) to weir_gateway;
grant execute on function weir_private.ledger_take_credits(uuid, text, bigint, timestamptz) to weir_gateway;
grant execute on function weir_private.ledger_end_credits(weir.holds, bigint, timestamptz, text, uuid) to weir_gateway;
grant execute on function weir_private.ledger_correct_event(weir.usage_events, weir.usage_events, bigint, timestamptz) to weir_gateway;
grant execute on function weir_private.ledger_hold_json(weir.holds) to weir_gateway;
grant execute on function weir_private.uuid_v7_time(uuid) to weir_gateway, weir_service;
grant execute on function weir_private.uuid_v7() to weir_gateway;
