-- Owns: ledger_apply as it is now: 000052's, which says what it does, but for how changed counters are written (step 5). They were updated one by one, each
-- update a statement with all its preparation: with a batch over many organizations that was most of the work.

create or replace function weir_private.ledger_apply(
  p_last_ms bigint, p_offset_ms bigint, p_exact boolean,
  v_scopes text[], v_versions bigint[],
  c_ids bigint[], c_limits bigint[], c_asked bigint[], c_share bigint[], c_used bigint[], c_back bigint[],
  d_json jsonb,
  x_ids uuid[], x_granted bigint[], x_leg_start integer, x_last_leg integer[],
  r_ids uuid[], r_organizations uuid[], r_ttl_ms bigint[], r_platform integer[], r_organization integer[], r_last_leg integer[],
  r_wanted bigint[], r_needed bigint[], r_floor bigint[], r_credit_type text[], r_credit_amount bigint[],
  r_at bigint[], r_counters text[], r_amounts text[], r_dimensions integer[], r_input bigint[], r_cost bigint[],
  l_counter integer[], l_base bigint[], l_rate bigint[], l_limit bigint[],
  s_count integer, s_release boolean[], s_credits bigint[], s_last_leg integer[], s_counter integer[], s_used bigint[],
  e_ids uuid[], e_at bigint[], e_dimensions integer[], e_input bigint[], e_output bigint[], e_cached bigint[], e_cache_write bigint[], e_cache_write_1h bigint[],
  e_reasoning bigint[],
  e_source text[], e_cost bigint[], e_provider_cost bigint[], e_status text[], e_error text[], e_streamed boolean[], e_trial boolean[],
  e_retries smallint[], e_fallback boolean[], e_latency integer[], e_first_token integer[], e_upstream_id text[], e_tags text[],
  e_counters text[], e_amounts text[], e_overruns text[],
  out now_ms bigint, out exact boolean, out used_after bigint[], out held_after bigint[],
  out settle_outcomes text[], out extend_outcomes text[], out reserve_outcomes text[], out grants bigint[],
  out lots text[], out credits_available bigint[], out open_holds jsonb,
  out f_request integer[], out f_leg integer[], out f_used bigint[], out f_held bigint[], out f_asked bigint[]
)
language plpgsql volatile
set search_path = pg_catalog
-- Plans are made once, perhaps while the tables are empty, and must be right when they are large: so no statement here joins a table to the
-- batch. Rows are named by key (= any, or one by one), and what must be looked up stands in a subquery that the planner can't turn into a join.
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
declare
  headroom_share constant bigint := 8; -- HEADROOM_SHARE of decide.ts
  v_now timestamptz;
  v_count integer;
  v_start_used bigint[] := array_fill(null::bigint, array[cardinality(c_ids)]);
  v_start_held bigint[] := v_start_used;
  v_places tid[] := array_fill(null::tid, array[cardinality(c_ids)]);
  v_open boolean[] := '{}';
  v_current boolean[];
  -- An extension takes room that the sums of the reserves know nothing of.
  v_fits boolean := not p_exact and cardinality(x_ids) = 0;
  v_skip boolean[];
  v_row record;
  v_hold weir.holds;
  v_event weir.usage_events;
  v_actual weir.usage_events;
  v_taken record;
  v_first integer;
  v_slot integer;
  v_room bigint;
  v_output bigint;
  v_share bigint;
  v_most bigint;
  v_amounts bigint[];
  v_failed boolean;
  n integer := 0;
begin
  now_ms := weir_private.ledger_now_ms(p_last_ms, p_offset_ms);
  v_now := to_timestamp(now_ms / 1000.0);

  -- 1. Lock every counter of the batch in the one order, and see whether the common case holds.
  for v_row in
    select c.id, c.ctid, c.used, c.held, c.window_start, c.window_end from weir.counters c
     where c.id = any (c_ids) order by c.lock_rank, c.id for update
  loop
    n := n + 1;
    -- The row's own rank decides where it is locked; the batch may know another one, or name a counter that was removed.
    v_slot := case when v_row.id = c_ids[n] then n else array_position(c_ids, v_row.id) end;
    v_start_used[v_slot] := v_row.used;
    v_start_held[v_slot] := v_row.held;
    v_places[v_slot] := v_row.ctid;
    v_open[v_slot] := v_now >= v_row.window_start and v_now < v_row.window_end;
    if v_fits and c_asked[v_slot] is not null and (not v_open[v_slot]
        or v_row.used + c_used[v_slot] + v_row.held - c_back[v_slot] + c_asked[v_slot] + headroom_share * c_share[v_slot] > c_limits[v_slot]) then
      v_fits := false;
    end if;
  end loop;
  -- A counter is removed long after its window: no reserve is decided without it, but a late settle is booked on those that are left. Of one
  -- that is gone everything is null from here on, and stays so.
  if n < cardinality(c_ids) then
    n := cardinality(c_ids);
    for i in 1 .. n loop
      if v_start_used[i] is null and c_asked[i] is not null then
        raise exception 'a counter of the batch is gone' using errcode = 'WR002';
      end if;
    end loop;
  end if;
  used_after := v_start_used;
  held_after := v_start_held;

  if cardinality(r_ids) > 0 then
    select array_agg(coalesce((select f.version from weir.fact_versions f where f.scope = q.scope), 0) = q.version order by q.n) into v_current
      from unnest(v_scopes, v_versions) with ordinality as q(scope, version, n);
    if v_fits and false = any (v_current) then
      v_fits := false;
    end if;
  end if;
  exact := not v_fits;

  -- 2. Settles and releases first: what they give back is room for the reserves behind them.
  if s_count > 0 then
    v_skip := array_fill(false, array[cardinality(e_ids)]);
    if p_exact then
      settle_outcomes := array_fill('settled'::text, array[s_count]);
      for i in 1 .. s_count loop
        v_first := case when i = 1 then 1 else s_last_leg[i - 1] + 1 end;
        delete from weir.holds h where h.id = e_ids[i] returning h.* into v_hold;
        if found then
          for k in v_first .. s_last_leg[i] loop
            v_slot := s_counter[k];
            used_after[v_slot] := used_after[v_slot] + s_used[k];
            held_after[v_slot] := held_after[v_slot] - v_hold.amounts[k - v_first + 1];
          end loop;
          perform weir_private.ledger_end_credits(v_hold, s_credits[i], v_now,
            d_json -> (e_dimensions[i] - 1) ->> 'feature', (d_json -> (e_dimensions[i] - 1) ->> 'user_id')::uuid);
          continue;
        end if;
        select e.* into v_event from weir.usage_events e
         where e.id = e_ids[i] and e.occurred_at = to_timestamp(e_at[i] / 1000.0) order by e.sequence desc limit 1;
        if found then
          v_skip[i] := true;
          if v_event.usage_source = 'estimated' and v_event.sequence = 0 then
            settle_outcomes[i] := 'late';
            for k in v_first .. s_last_leg[i] loop
              v_slot := s_counter[k];
              used_after[v_slot] := used_after[v_slot] + s_used[k] - v_event.amounts[k - v_first + 1];
            end loop;
            v_actual := v_event;
            v_actual.input_tokens := e_input[i];
            v_actual.output_tokens := e_output[i];
            v_actual.cached_input_tokens := e_cached[i];
            v_actual.cache_write_tokens := e_cache_write[i];
            v_actual.cache_write_1h_tokens := e_cache_write_1h[i];
            v_actual.reasoning_tokens := e_reasoning[i];
            v_actual.usage_source := e_source[i];
            v_actual.cost_nano_usd := e_cost[i];
            v_actual.provider_cost_nano_usd := e_provider_cost[i];
            v_actual.status := e_status[i];
            v_actual.error_code := e_error[i];
            v_actual.streamed := e_streamed[i];
            v_actual.trial := e_trial[i];
            v_actual.retries := e_retries[i];
            v_actual.fallback_used := e_fallback[i];
            v_actual.latency_ms := e_latency[i];
            v_actual.time_to_first_token_ms := e_first_token[i];
            v_actual.upstream_request_id := e_upstream_id[i];
            v_actual.tags := e_tags[i]::jsonb;
            v_actual.amounts := e_amounts[i]::bigint[];
            v_actual.overruns := e_overruns[i]::bigint[];
            perform weir_private.ledger_correct_event(v_event, v_actual, s_credits[i], v_now);
          else
            settle_outcomes[i] := 'duplicate';
          end if;
        elsif s_release[i] then
          -- Nothing was ever set aside: there is nothing to tell.
          v_skip[i] := true;
          settle_outcomes[i] := 'duplicate';
        else
          settle_outcomes[i] := 'orphan';
          for k in v_first .. s_last_leg[i] loop
            used_after[s_counter[k]] := used_after[s_counter[k]] + s_used[k];
          end loop;
        end if;
        -- The same id twice in one batch: the later one must find the event of the earlier one.
        if not v_skip[i] and e_ids[i] = any (e_ids[i + 1 : s_count]) then
          raise exception 'one id is settled twice in a batch' using errcode = 'WR003';
        end if;
      end loop;
    else
      with gone as (delete from weir.holds h where h.id = any (e_ids[1 : s_count]) returning h.lot_ids)
      select count(*) filter (where gone.lot_ids is null) into v_count from gone;
      if v_count <> s_count then
        raise exception 'a settle of the batch needs the exact path' using errcode = 'WR001';
      end if;
      for i in 1 .. n loop
        used_after[i] := used_after[i] + c_used[i];
        held_after[i] := held_after[i] - c_back[i];
      end loop;
    end if;
  end if;

  -- 3. Extensions, one by one: they are rare.
  for i in 1 .. cardinality(x_ids) loop
    v_first := case when i = 1 then x_leg_start else x_last_leg[i - 1] end + 1;
    -- Locked: a hold without legs shares no counter with the batch that may be ending it.
    select h.* into v_hold from weir.holds h where h.id = x_ids[i] for update;
    if not found then
      extend_outcomes[i] := 'ended';
      continue;
    end if;
    v_failed := false;
    v_amounts := v_hold.amounts;
    for k in v_first .. x_last_leg[i] loop
      v_slot := l_counter[k];
      v_most := greatest(l_base[k] + l_rate[k] * x_granted[i], v_hold.amounts[k - v_first + 1]);
      v_amounts[k - v_first + 1] := v_most;
      if v_most > v_hold.amounts[k - v_first + 1]
         and used_after[v_slot] + held_after[v_slot] + v_most - v_hold.amounts[k - v_first + 1] > l_limit[k] then
        v_failed := true;
        f_request := f_request || -i;
        f_leg := f_leg || (k - v_first + 1);
        f_used := f_used || used_after[v_slot];
        f_held := f_held || held_after[v_slot];
        f_asked := f_asked || (v_most - v_hold.amounts[k - v_first + 1]);
      end if;
    end loop;
    if v_failed then
      extend_outcomes[i] := 'denied';
      continue;
    end if;
    extend_outcomes[i] := 'extended';
    for k in v_first .. x_last_leg[i] loop
      v_slot := l_counter[k];
      held_after[v_slot] := held_after[v_slot] + v_amounts[k - v_first + 1] - v_hold.amounts[k - v_first + 1];
    end loop;
    -- An empty list of lots marks a hold that has grown: whoever settles it may know a smaller one, so it takes the exact path.
    update weir.holds h set amounts = v_amounts, granted_output = greatest(h.granted_output, x_granted[i]), lot_ids = coalesce(h.lot_ids, '{}'),
           expires_at = greatest(h.expires_at, v_now + h.ttl_ms * interval '1 millisecond') where h.id = x_ids[i] returning h.* into v_hold;
    open_holds := coalesce(open_holds, '{}') || jsonb_build_object(v_hold.id, weir_private.ledger_hold_json(v_hold));
  end loop;

  -- 4. Reserves: all with their worst case, or first come first served.
  if cardinality(r_ids) > 0 and v_fits then
    with made as (
      insert into weir.holds (id, organization_id, created_at, expires_at, ttl_ms, counter_ids, amounts, granted_output, estimated_input, estimated_cost, dimensions)
      select q.id, q.org, v_now, v_now + q.ttl * interval '1 millisecond', q.ttl, q.counters::bigint[], q.amounts::bigint[], q.wanted, q.input, q.cost,
             d_json -> (q.dimensions - 1)
        from unnest(r_ids, r_organizations, r_ttl_ms, r_counters, r_amounts, r_wanted, r_input, r_cost, r_dimensions)
          as q(id, org, ttl, counters, amounts, wanted, input, cost, dimensions)
      on conflict (id) do nothing returning 1)
    select count(*) into v_count from made;
    -- A reserve that is repeated after its call has ended must not open a second hold. Looked up only now: had its hold been there, the
    -- insert would have waited for whoever was ending it.
    if v_count <> cardinality(r_ids) or exists (
      select from unnest(r_ids, r_at) as q(id, at)
        where (select true from weir.usage_events e
                where e.id = q.id and e.sequence = 0 and e.occurred_at = to_timestamp(q.at / 1000.0) offset 0)) then
      raise exception 'a reserve of the batch needs the exact path' using errcode = 'WR001';
    end if;
    for i in 1 .. n loop
      if c_asked[i] is not null then
        held_after[i] := held_after[i] + c_asked[i];
      end if;
    end loop;
  elsif cardinality(r_ids) > 0 then
    reserve_outcomes := array_fill('admitted'::text, array[cardinality(r_ids)]);
    grants := r_wanted;
    lots := array_fill(null::text, array[cardinality(r_ids)]);
    credits_available := array_fill(null::bigint, array[cardinality(r_ids)]);
    for i in 1 .. cardinality(r_ids) loop
      v_first := case when i = 1 then 1 else r_last_leg[i - 1] + 1 end;

      select h.* into v_hold from weir.holds h where h.id = r_ids[i];
      if found then
        -- A repeat while the call is open: the same answer again.
        reserve_outcomes[i] := 'repeated';
        open_holds := coalesce(open_holds, '{}') || jsonb_build_object(v_hold.id, weir_private.ledger_hold_json(v_hold));
        continue;
      end if;
      if exists (select from weir.usage_events e
                  where e.id = r_ids[i] and e.sequence = 0 and e.occurred_at = to_timestamp(r_at[i] / 1000.0))
         or r_ids[i] = any (e_ids) then
        reserve_outcomes[i] := 'ended';
        continue;
      end if;
      if not (v_current[r_platform[i]] and v_current[r_organization[i]]) then
        reserve_outcomes[i] := 'stale';
        continue;
      end if;

      v_output := r_wanted[i];
      v_share := r_wanted[i];
      v_failed := false;
      for k in v_first .. r_last_leg[i] loop
        v_slot := l_counter[k];
        if not v_open[v_slot] then
          reserve_outcomes[i] := 'window';
          exit;
        end if;
        continue when l_limit[k] is null;
        v_room := l_limit[k] - used_after[v_slot] - held_after[v_slot] - l_base[k];
        if v_room < 0 or v_room < l_rate[k] * r_floor[i] then
          v_failed := true;
          f_request := f_request || i;
          f_leg := f_leg || (k - v_first + 1);
          f_used := f_used || used_after[v_slot];
          f_held := f_held || held_after[v_slot];
          f_asked := f_asked || (l_base[k] + l_rate[k] * r_floor[i]);
        elsif l_rate[k] > 0 then
          v_share := least(v_share, (v_room / headroom_share) / l_rate[k]);
          v_output := least(v_output, v_room / l_rate[k]);
        end if;
      end loop;
      continue when reserve_outcomes[i] = 'window';

      if r_credit_type[i] is not null then
        if v_failed then
          select coalesce(sum(g.remaining), 0)::bigint into v_most from weir.credit_grants g
           where g.organization_id = r_organizations[i] and g.credit_type = r_credit_type[i]
             and g.effective_at <= v_now and (g.expires_at is null or g.expires_at > v_now);
          credits_available[i] := v_most;
        else
          select * into v_taken from weir_private.ledger_take_credits(r_organizations[i], r_credit_type[i], r_credit_amount[i], v_now);
          credits_available[i] := v_taken.available;
          if v_taken.lot_ids is null then
            v_failed := true;
          else
            lots[i] := array_to_string(v_taken.lot_ids, ',') || ';' || array_to_string(v_taken.lot_amounts, ',');
          end if;
        end if;
      end if;
      if v_failed then
        reserve_outcomes[i] := 'denied';
        -- Another replica may have admitted the same call while this one waited for its lots.
        if r_credit_type[i] is not null and exists (select from weir.holds h where h.id = r_ids[i]) then
          raise exception 'the call was admitted meanwhile' using errcode = 'serialization_failure';
        end if;
        continue;
      end if;

      v_output := least(v_output, greatest(r_needed[i], v_share));
      grants[i] := v_output;
      v_amounts := '{}';
      for k in v_first .. r_last_leg[i] loop
        v_slot := l_counter[k];
        v_amounts := v_amounts || (l_base[k] + l_rate[k] * v_output);
        held_after[v_slot] := held_after[v_slot] + l_base[k] + l_rate[k] * v_output;
      end loop;
      insert into weir.holds (id, organization_id, created_at, expires_at, ttl_ms, counter_ids, amounts, granted_output,
                              credit_type, credit_amount, lot_ids, lot_amounts, estimated_input, estimated_cost, dimensions)
      values (r_ids[i], r_organizations[i], v_now, v_now + r_ttl_ms[i] * interval '1 millisecond', r_ttl_ms[i], r_counters[i]::bigint[], v_amounts, v_output,
              r_credit_type[i], r_credit_amount[i],
              case when lots[i] is not null then string_to_array(split_part(lots[i], ';', 1), ',')::uuid[] end,
              case when lots[i] is not null then string_to_array(split_part(lots[i], ';', 2), ',')::bigint[] end,
              r_input[i], r_cost[i], d_json -> (r_dimensions[i] - 1))
      on conflict (id) do nothing;
      if not found then
        raise exception 'the call was admitted meanwhile' using errcode = 'serialization_failure';
      end if;
    end loop;
  end if;

  -- 5. Each changed counter once, all in one statement, found by where it lies: it is locked, so it stays there.
  with changed as (
    select q.* from unnest(v_places, used_after, held_after, v_start_used, v_start_held, c_asked, c_limits)
        as q(place, used, held, start_used, start_held, asked, most)
     where q.used <> q.start_used or q.held <> q.start_held),
  written as (
    update weir.counters c
       set used = q.used, held = q.held, limit_amount = case when q.asked is null then c.limit_amount else q.most end
      from changed q where c.ctid = q.place returning 1)
  select (select count(*) from changed) - (select count(*) from written) into v_count;
  if v_count <> 0 then
    raise exception 'a counter was not where it had been locked' using errcode = 'serialization_failure';
  end if;

  -- 6. The events.
  if cardinality(e_ids) > s_count then
    -- The record of a call that holds would end it without giving anything back: its settle or the sweep tells how it ended.
    v_skip := coalesce(v_skip, array_fill(false, array[cardinality(e_ids)]));
    for i in s_count + 1 .. cardinality(e_ids) loop
      v_skip[i] := exists (select from weir.holds h where h.id = e_ids[i]);
    end loop;
  end if;
  if cardinality(e_ids) > 0 then
    insert into weir.usage_events (
      id, occurred_at, booked_at, organization_id, department_id, user_id, virtual_key_id, template_id, template_slug, feature, environment,
      persona_id, model_id, provider, model_type, prompt_version_id, experiment_arm, price_id, route,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, usage_source, cost_nano_usd, provider_cost_nano_usd,
      status, error_code, streamed, trial, retries, fallback_used, latency_ms, time_to_first_token_ms, upstream_request_id, tags,
      counter_ids, amounts, overruns)
    select e.id, to_timestamp(e.at / 1000.0), v_now, d.organization_id, d.department_id, d.user_id, d.virtual_key_id, d.template_id, d.template_slug,
      d.feature, d.environment, d.persona_id, d.model_id, d.provider, d.model_type, d.prompt_version_id, d.experiment_arm, d.price_id, d.route,
      e.input, e.output, e.cached, e.cache_write, e.cache_write_1h, e.reasoning, e.source, e.cost, e.provider_cost,
      e.status, e.error, e.streamed, e.trial, e.retries, e.fallback, e.latency, e.first_token, e.upstream_id, e.tags::jsonb,
      e.counters::bigint[], e.amounts::bigint[], e.overruns::bigint[]
      from unnest(e_ids, e_at, e_dimensions, e_input, e_output, e_cached, e_cache_write, e_cache_write_1h, e_reasoning, e_source, e_cost, e_provider_cost, e_status, e_error,
                  e_streamed, e_trial, e_retries, e_fallback, e_latency, e_first_token, e_upstream_id, e_tags, e_counters, e_amounts, e_overruns)
             with ordinality
        as e(id, at, dimensions, input, output, cached, cache_write, cache_write_1h, reasoning, source, cost, provider_cost, status, error,
             streamed, trial, retries, fallback, latency, first_token, upstream_id, tags, counters, amounts, overruns, n)
      join rows from (jsonb_to_recordset(d_json) as (
             organization_id uuid, department_id uuid, user_id uuid, virtual_key_id uuid, template_id bigint, template_slug text, feature text,
             environment text, persona_id uuid, model_id text, provider text, model_type text, prompt_version_id uuid, experiment_arm text,
             price_id text, route text)) with ordinality
        as d(organization_id, department_id, user_id, virtual_key_id, template_id, template_slug, feature, environment, persona_id, model_id,
             provider, model_type, prompt_version_id, experiment_arm, price_id, route, n) on d.n = e.dimensions
     where v_skip is null or not coalesce(v_skip[e.n], false)
    on conflict do nothing;
  end if;
end
$$;
