-- Owns: what two settles of one expired hold do that come at the same moment: one corrects the estimate, the other learns that it was corrected. Not: the rest of
-- a correction, which is as it was (000051).
-- Of holds with counters the counters' locks kept the two apart. Of one without (a free template's feature that costs credits) both found the estimate: the
-- second was told "late" for what it hadn't done, or failed on giving back the same credits twice. Now the correction's row comes first, and waits for the
-- other's commit; who finds it there goes again, whole batch, and reads it.

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
        from weir.credit_ledger l where l.request_id = p_estimate.id and l.kind = 'deduct';
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
