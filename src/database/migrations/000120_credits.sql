-- Owns: taking credits outside the gateway, giving them back, letting lots run out, and the check of lots against the ledger of credits. Not: making lots (000017)
-- or the gateway's holds on them (000051).
--
-- Lots are locked in burn order, as the gateway locks them, and only those that are needed: who takes out of one lot waits for nobody while holding it. Where
-- a call's settlement meets lots in another order, PostgreSQL ends one of the two transactions, and whoever sent it sends it again.

alter table weir.credit_ledger
  add column is_charged boolean not null default true,
  add column balance_after bigint,
  add column request_hash bytea check (octet_length(request_hash) = 32),
  add constraint credit_ledger_uncharged_is_use check (is_charged or kind in ('deduct', 'refund'));
comment on column weir.credit_ledger.is_charged is 'False: recorded without touching a lot: the plan is unlimited in this type, or charging was switched off.';
comment on column weir.credit_ledger.balance_after is 'What could be spent right after a deduction or refund; null for unlimited types and other kinds.';
comment on column weir.credit_ledger.request_hash is 'SHA-256 of what was asked for under the idempotency key: the same key for something else is refused.';

-- What was used in a period is summed from the index alone.
create index credit_ledger_use_idx on weir.credit_ledger (organization_id, created_at)
  include (credit_type, kind, amount, feature, user_id, is_charged, request_id) where kind in ('deduct', 'refund');
-- Not partial on what remains: that changes with each use, and an index that knew it would cost every use its place on the page.
create index credit_grants_expires_at_idx on weir.credit_grants (expires_at) where expires_at is not null;

-- Start of the 30-day period that the moment lies in: seconds divide exactly where an interval of days would follow the session's time zone.
create function weir_private.credit_period_start(anchor timestamptz, moment timestamptz) returns timestamptz
language sql stable parallel safe
set search_path = ''
as $$ select anchor + make_interval(secs => floor(extract(epoch from moment - anchor) / 2592000) * 2592000) $$;

-- What may be spent of a type at the moment.
create function weir_private.credits_available(organization uuid, type text, moment timestamptz) returns bigint
language sql stable security definer
set search_path = ''
as $$
  select coalesce(sum(g.remaining), 0)::bigint from weir.credit_grants g
  where g.organization_id = organization and g.credit_type = type
    and g.effective_at <= moment and (g.expires_at is null or g.expires_at > moment)
$$;

-- Takes credits and writes it down, or neither. `charged` false: written down alone. Outcomes: `taken`; `short` (nothing taken); with a key that was used before
-- `repeated` (what was answered then) or `mismatch` (for something else).
create function weir.deduct_credits(
  organization uuid, type text, quantity bigint, charged boolean, is_unlimited boolean, feature_name text, person uuid, key text, hash bytea,
  moment timestamptz, out outcome text, out entry uuid, out balance bigint, out remaining bigint)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  earlier weir.credit_ledger;
  lot uuid;
  room bigint;
  wanted bigint := case when charged then quantity else 0 end;
  lots uuid[] := '{}';
  parts bigint[] := '{}';
  allocations jsonb := '[]';
begin
  if key is not null then
    select l.* into earlier from weir.credit_ledger l where l.organization_id = organization and l.idempotency_key = key;
    if found then
      if earlier.request_hash is distinct from hash then
        outcome := 'mismatch';
        return;
      end if;
      outcome := 'repeated';
      entry := earlier.id;
      remaining := earlier.balance_after;
      balance := case when earlier.is_charged then earlier.balance_after - earlier.amount else earlier.balance_after end;
      return;
    end if;
  end if;

  if wanted > 0 then
    for lot in
      select g.id from weir.credit_grants g
      where g.organization_id = organization and g.credit_type = type and g.remaining > 0
        and g.effective_at <= moment and (g.expires_at is null or g.expires_at > moment)
      order by g.expires_at nulls last, g.priority, g.effective_at, g.id
    loop
      select g.remaining into room from weir.credit_grants g where g.id = lot for update;
      if room > 0 then
        lots := lots || lot;
        parts := parts || least(room, wanted);
        wanted := wanted - least(room, wanted);
      end if;
      exit when wanted = 0;
    end loop;
    -- Whoever held these lots may have been the first with the same key.
    if key is not null and exists (select from weir.credit_ledger l where l.organization_id = organization and l.idempotency_key = key) then
      raise exception 'the key was used meanwhile' using errcode = 'serialization_failure';
    end if;
  end if;
  if wanted > 0 then
    outcome := 'short';
    balance := weir_private.credits_available(organization, type, moment);
    remaining := balance;
    return;
  end if;

  for n in 1 .. cardinality(lots) loop
    update weir.credit_grants g set remaining = g.remaining - parts[n], consumed = g.consumed + parts[n] where g.id = lots[n];
    allocations := allocations || jsonb_build_object('grant_id', lots[n], 'amount', parts[n]);
  end loop;
  if not is_unlimited then
    remaining := weir_private.credits_available(organization, type, moment);
    balance := case when charged then remaining + quantity else remaining end;
  end if;
  insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, allocations, feature, user_id, idempotency_key, request_hash,
    is_charged, balance_after, created_at)
  values (weir_private.uuid_v7(), organization, type, 'deduct', -quantity, allocations, feature_name, person, key, hash,
    charged, remaining, moment)
  on conflict (organization_id, idempotency_key) where idempotency_key is not null do nothing
  returning id into entry;
  if entry is null then
    raise exception 'the key was used meanwhile' using errcode = 'serialization_failure';
  end if;
  outcome := 'taken';
end
$$;
comment on function weir.deduct_credits is 'Takes credits out of lots in burn order with their entry, all or nothing, once for a key.';

-- Gives a deduction back, once, to the lots it came from. What came from a lot that has run out since is written off there and comes as a new lot until the end of
-- the organization's running period: a refund that expires at once would be none. Outcomes: `refunded`, `unknown`, `not_a_deduction`, `already` and, while the
-- call behind it may still be settled late, `undecided`.
create function weir.refund_credits(
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
  -- A call that was ended by its time counts as an estimate, which its late settlement corrects, with a refund of its own.
  if exists (select from weir.usage_events e
      where e.id = taken.request_id and e.occurred_at = weir_private.uuid_v7_time(taken.request_id) and e.sequence = 0 and e.usage_source = 'estimated')
    and not exists (select from weir.usage_events e
      where e.id = taken.request_id and e.occurred_at = weir_private.uuid_v7_time(taken.request_id) and e.sequence = 1) then
    outcome := 'undecided';
    return;
  end if;

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
comment on function weir.refund_credits is 'Gives a deduction back to its lots, once.';

-- Ends up to `most` lots that are past their time: what remains is written off with an entry. What calls still hold stays held; what of it comes back is
-- written off by a later pass. Replicas take different lots.
create function weir.expire_credits(most integer, moment timestamptz)
returns table (organization_id uuid, credit_type text, grant_id uuid, amount bigint)
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  lot record;
begin
  for lot in
    select g.id, g.organization_id as organization, g.credit_type as type, g.remaining from weir.credit_grants g
    where g.expires_at <= moment and g.remaining > 0 order by g.expires_at, g.id limit most for update skip locked
  loop
    update weir.credit_grants g set expired = g.expired + lot.remaining, remaining = 0 where g.id = lot.id;
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, grant_id, allocations, reason, created_at)
    values (weir_private.uuid_v7(), lot.organization, lot.type, 'expire', -lot.remaining, lot.id,
      jsonb_build_array(jsonb_build_object('grant_id', lot.id, 'amount', lot.remaining)), 'the lot has expired', moment);
    organization_id := lot.organization;
    credit_type := lot.type;
    grant_id := lot.id;
    amount := lot.remaining;
    return next;
  end loop;
end
$$;

-- Organizations and types of which the lots together are not what the ledger of credits says. Nothing is the only right answer.
create function weir_private.credit_drift()
returns table (organization_id uuid, credit_type text, in_lots bigint, in_ledger bigint)
language sql stable security definer
set search_path = ''
as $$
  with lots as (
    select g.organization_id, g.credit_type, sum(g.remaining + g.held)::bigint as amount from weir.credit_grants g group by 1, 2),
  entries as (
    select l.organization_id, l.credit_type, sum(l.amount)::bigint as amount from weir.credit_ledger l where l.is_charged group by 1, 2)
  select organization_id, credit_type, coalesce(lots.amount, 0), coalesce(entries.amount, 0)
  from lots full join entries using (organization_id, credit_type)
  where coalesce(lots.amount, 0) <> coalesce(entries.amount, 0) order by 1, 2
$$;
comment on function weir_private.credit_drift() is 'Where lots and the ledger of credits differ. Drift is 0 when it gives no row.';

-- Said once a type and period: that credits run low.
create table weir.credit_warnings (
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  credit_type text not null references weir.credit_types (slug) on update cascade on delete cascade,
  period_start timestamptz not null,
  balance bigint not null check (balance >= 0),
  allocated bigint not null check (allocated > 0),
  created_at timestamptz not null default now(),
  primary key (organization_id, credit_type, period_start)
);
comment on table weir.credit_warnings is 'Once a type and 30-day period: that less than a fifth was left. Its product event is written in the same transaction.';
create index credit_warnings_credit_type_idx on weir.credit_warnings (credit_type);
select weir_private.protect_table('weir.credit_warnings');
create policy service_all on weir.credit_warnings to weir_service using (true) with check (true);
grant select, insert, delete on weir.credit_warnings to weir_service;

grant execute on function
  weir_private.credit_period_start(timestamptz, timestamptz), weir_private.credits_available(uuid, text, timestamptz),
  weir.deduct_credits(uuid, text, bigint, boolean, boolean, text, uuid, text, bytea, timestamptz),
  weir.refund_credits(uuid, uuid, uuid, text, timestamptz), weir.expire_credits(integer, timestamptz), weir_private.credit_drift()
to weir_service;
grant execute on function weir_private.credit_period_start(timestamptz, timestamptz) to authenticated;
