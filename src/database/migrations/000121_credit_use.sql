-- Owns: what was used of credits in a period, kept beside the ledger of credits, and one order of locks for all who take credits. Not: the ledger itself (000017), or
-- what deducting and refunding do otherwise (000120).
--
-- Sums over the ledger cost what there is in it: 28 ms for 20,000 entries, where a page of statistics may take 15. The lines are derived: the trigger keeps them in
-- the transaction of each entry, `rebuild_credit_use` makes them anew.

drop index weir.credit_ledger_use_idx;
-- A member reads their own entries, however many others there are.
create index credit_ledger_person_idx on weir.credit_ledger (organization_id, user_id, created_at desc, id desc);

create table weir.credit_use (
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  period_start timestamptz not null,
  credit_type text not null references weir.credit_types (slug) on update cascade on delete cascade,
  kind text not null check (kind in ('total', 'feature', 'person')),
  feature text not null default '',
  user_id uuid not null default '00000000-0000-0000-0000-000000000000',
  used bigint not null,
  charged bigint not null,
  deducted bigint not null,
  uses bigint not null,
  primary key (organization_id, period_start, kind, credit_type, feature, user_id)
) with (fillfactor = 50);
comment on table weir.credit_use is 'Use of credits in a 30-day period: in all, by feature, and by person and feature. Derived from credit_ledger in the transaction of each entry.';
comment on column weir.credit_use.feature is 'Empty: of no feature; in totals always.';
comment on column weir.credit_use.user_id is 'All zero: of no person; in totals and by feature always.';
comment on column weir.credit_use.used is 'Deductions less refunds, whether from lots or not.';
comment on column weir.credit_use.charged is 'The part of it that lots were charged.';
comment on column weir.credit_use.deducted is 'The part of it that was no call of the gateway.';
create index credit_use_credit_type_idx on weir.credit_use (credit_type);
select weir_private.protect_table('weir.credit_use');
create policy service_read on weir.credit_use for select to weir_service using (true);
grant select on weir.credit_use to weir_service;

create function weir_private.add_credit_use() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  opens timestamptz;
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  select weir_private.credit_period_start(o.credit_anchor_at, new.created_at) into opens from weir.organizations o where o.id = new.organization_id;
  -- The total first: whoever else adds to this type waits there, and so meets the other lines in no other order.
  insert into weir.credit_use as u (organization_id, period_start, credit_type, kind, feature, user_id, used, charged, deducted, uses)
  values (new.organization_id, opens, new.credit_type, 'total', '', nobody, -new.amount, case when new.is_charged then -new.amount else 0 end,
      case when new.request_id is null then -new.amount else 0 end, (new.kind = 'deduct')::integer),
    (new.organization_id, opens, new.credit_type, 'feature', coalesce(new.feature, ''), nobody, -new.amount, case when new.is_charged then -new.amount else 0 end,
      case when new.request_id is null then -new.amount else 0 end, (new.kind = 'deduct')::integer),
    (new.organization_id, opens, new.credit_type, 'person', coalesce(new.feature, ''), coalesce(new.user_id, nobody), -new.amount,
      case when new.is_charged then -new.amount else 0 end, case when new.request_id is null then -new.amount else 0 end, (new.kind = 'deduct')::integer)
  on conflict (organization_id, period_start, kind, credit_type, feature, user_id) do update
    set used = u.used + excluded.used, charged = u.charged + excluded.charged, deducted = u.deducted + excluded.deducted, uses = u.uses + excluded.uses;
  return null;
end
$$;
create trigger credit_ledger_counted after insert on weir.credit_ledger
  for each row when (new.kind in ('deduct', 'refund')) execute function weir_private.add_credit_use();

-- Makes every line anew from the ledger; entries wait meanwhile.
create function weir_private.rebuild_credit_use() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  lock table weir.credit_ledger in share row exclusive mode;
  delete from weir.credit_use;
  insert into weir.credit_use (organization_id, period_start, credit_type, kind, feature, user_id, used, charged, deducted, uses)
  select e.organization_id, e.opens, e.credit_type, case when grouping(e.feature) = 1 then 'total' when grouping(e.user_id) = 1 then 'feature' else 'person' end,
    coalesce(e.feature, ''), coalesce(e.user_id, '00000000-0000-0000-0000-000000000000'), -sum(e.amount), coalesce(-sum(e.amount) filter (where e.is_charged), 0),
    coalesce(-sum(e.amount) filter (where e.request_id is null), 0), count(*) filter (where e.kind = 'deduct')
  from (
    select l.organization_id, weir_private.credit_period_start(o.credit_anchor_at, l.created_at) as opens, l.credit_type, coalesce(l.feature, '') as feature,
      coalesce(l.user_id, '00000000-0000-0000-0000-000000000000') as user_id, l.amount, l.is_charged, l.request_id, l.kind
    from weir.credit_ledger l join weir.organizations o on o.id = l.organization_id where l.kind in ('deduct', 'refund')) e
  group by grouping sets ((e.organization_id, e.opens, e.credit_type), (e.organization_id, e.opens, e.credit_type, e.feature),
    (e.organization_id, e.opens, e.credit_type, e.feature, e.user_id));
end
$$;
comment on function weir_private.rebuild_credit_use() is 'Makes the lines of credit_use anew from the ledger of credits.';
select weir_private.rebuild_credit_use();

-- Whoever takes credits locks the meters of the type first, as every batch of the ledger does: then batches, deductions and refunds meet lots and lines one after
-- another and can not wait for each other in a circle. Only locked, never written: the meters count calls of the gateway. Those of the running window and the
-- one before it may have open holds.
create function weir_private.lock_credit_meters(organization uuid, type text, moment timestamptz) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform from weir.counters c
  where c.meter_key = 'credits:' || organization || ':' || type and c.window_start > moment - interval '60 days'
  order by c.lock_rank, c.id for no key update;
end
$$;

-- As in 000120, but for the lock of the meters.
create or replace function weir.deduct_credits(
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
    perform weir_private.lock_credit_meters(organization, type, moment);
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

-- As in 000120, but for the lock of the meters.
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
  -- A call that was ended by its time counts as an estimate, which its late settlement corrects, with a refund of its own.
  if exists (select from weir.usage_events e
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

grant execute on function weir_private.rebuild_credit_use() to weir_service;
