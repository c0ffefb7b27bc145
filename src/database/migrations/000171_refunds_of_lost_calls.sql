-- Owns: the refund of calls whose end nobody will ever tell: their replica is gone with what it knew, and their credits stayed taken for an estimate. Not: the rest of
-- refunds (000121) and of corrections (000160), which is as it was.

create or replace function weir.refund_credits(
  organization uuid, deduction uuid, author uuid, note text, moment timestamptz,
  out outcome text, out entry uuid, out type text, out quantity bigint, out balance bigint)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  taken weir.credit_ledger;
  part record;
  late bigint := 0;
  anchor timestamptz;
begin
  select l.* into taken from weir.credit_ledger l where l.id = deduction and l.organization_id = organization;
  if not found then
    outcome := 'unknown';
    return;
  end if;
  type := taken.credit_type;
  quantity := -taken.amount;
  if taken.kind <> 'deduct' then
    outcome := 'not_a_deduction';
    return;
  end if;
  -- A call that was ended by its time counts as an estimate, which its late settlement corrects, with a refund of its own; of one that is two days old it is not
  -- waited for any more.
  if taken.created_at > moment - interval '2 days' and exists (select from weir.usage_events e
      where e.id = taken.request_id and e.occurred_at = weir_private.uuid_v7_time(taken.request_id) and e.sequence = 0 and e.usage_source = 'estimated')
    and not exists (select from weir.usage_events e
      where e.id = taken.request_id and e.occurred_at = weir_private.uuid_v7_time(taken.request_id) and e.sequence = 1) then
    outcome := 'undecided';
    return;
  end if;

  perform weir_private.lock_credit_meters(organization, type, moment);
  for part in
    select g.id, a.amount, g.expires_at is not null and g.expires_at <= moment as is_over
    from jsonb_to_recordset(taken.allocations) as a(grant_id uuid, amount bigint) join weir.credit_grants g on g.id = a.grant_id
    order by g.expires_at nulls last, g.priority, g.effective_at, g.id for update of g
  loop
    if part.is_over then
      late := late + part.amount;
    end if;
  end loop;
  balance := case when taken.balance_after is null and not taken.is_charged then null
    else weir_private.credits_available(organization, type, moment) + case when taken.is_charged then quantity else 0 end end;
  insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, allocations, feature, user_id, request_id, refund_of, reason,
    is_charged, balance_after, created_at)
  values (weir_private.uuid_v7(), organization, type, 'refund', quantity, taken.allocations, taken.feature, taken.user_id, taken.request_id, taken.id, note,
    taken.is_charged, balance, moment)
  on conflict (refund_of) do nothing
  returning id into entry;
  if entry is null then
    outcome := 'already';
    return;
  end if;

  update weir.credit_grants g set consumed = g.consumed - a.amount,
    remaining = g.remaining + case when g.expires_at is not null and g.expires_at <= moment then 0 else a.amount end,
    expired = g.expired + case when g.expires_at is not null and g.expires_at <= moment then a.amount else 0 end
  from jsonb_to_recordset(taken.allocations) as a(grant_id uuid, amount bigint) where g.id = a.grant_id;
  if late > 0 then
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, grant_id, allocations, reason, created_at)
    select weir_private.uuid_v7(), organization, type, 'expire', -a.amount, a.grant_id,
      jsonb_build_array(jsonb_build_object('grant_id', a.grant_id, 'amount', a.amount)), 'refunded after its lot had expired', moment
    from jsonb_to_recordset(taken.allocations) as a(grant_id uuid, amount bigint) join weir.credit_grants g on g.id = a.grant_id
    where g.expires_at is not null and g.expires_at <= moment;
    select o.credit_anchor_at into anchor from weir.organizations o where o.id = organization;
    perform weir.grant_credits(organization, type, late, 'admin', 'refund:' || taken.id, null, moment,
      weir_private.credit_period_start(anchor, moment) + interval '720 hours', 0::smallint, author, 'a refund of credits whose lot had expired');
  end if;
  outcome := 'refunded';
end
$$;

create or replace function weir_private.ledger_correct_event(
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
  insert into weir.usage_events values (v_row.*) on conflict do nothing;
  if not found then
    raise exception 'another settle corrects this estimate' using errcode = 'serialization_failure';
  end if;
  -- Credits that the estimate took too many of return to the lots they came from, last lot first.
  if p_estimate.lot_ids is not null then
    v_left := (select sum(amount) from unnest(p_estimate.lot_amounts) as q(amount)) - p_credits;
    if v_left > 0 then
      insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, refund_of, feature, user_id, request_id, created_at)
      select weir_private.uuid_v7(), l.organization_id, l.credit_type, 'refund', v_left, l.id, l.feature, l.user_id, l.request_id, p_now
        from weir.credit_ledger l where l.request_id = p_estimate.id and l.kind = 'deduct'
      on conflict (refund_of) do nothing;
      -- Whoever gave up waiting has given all of it back.
      if not found then
        v_left := 0;
      end if;
    end if;
    for n in reverse cardinality(p_estimate.lot_ids) .. 1 loop
      exit when v_left <= 0;
      v_back := least(v_left, p_estimate.lot_amounts[n]);
      v_left := v_left - v_back;
      update weir.credit_grants g set consumed = g.consumed - v_back, remaining = g.remaining + v_back where g.id = p_estimate.lot_ids[n];
    end loop;
  end if;
end
$$;
