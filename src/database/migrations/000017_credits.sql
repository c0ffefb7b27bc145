-- Owns: lots of credits and the append-only ledger of them. Not: holding and burning lots (the ledger's functions) or what a feature costs.

create table weir.credit_grants (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  credit_type text not null references weir.credit_types (slug) on update cascade,
  source text not null check (source in ('plan', 'top_up', 'admin', 'promo')),
  source_reference text not null default '' check (length(source_reference) <= 300),
  period_start timestamptz,
  initial bigint not null check (initial > 0),
  remaining bigint not null check (remaining >= 0),
  held bigint not null default 0 check (held >= 0),
  consumed bigint not null default 0 check (consumed >= 0),
  expired bigint not null default 0 check (expired >= 0),
  voided bigint not null default 0 check (voided >= 0),
  priority smallint not null default 0,
  effective_at timestamptz not null default now(),
  expires_at timestamptz,
  granted_by uuid references weir.users (id) on delete set null,
  notes text not null default '' check (length(notes) <= 2000),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credit_grants_parts_sum_to_initial check (initial = remaining + held + consumed + expired + voided),
  constraint credit_grants_end_after_start check (expires_at > effective_at),
  constraint credit_grants_granted_once unique nulls not distinct (organization_id, source, source_reference, credit_type, period_start)
) with (fillfactor = 70);
comment on table weir.credit_grants is
  'Lots. Burn order: soonest expiry (null last), then lowest priority, then oldest effective_at, then id. No role writes it but through functions that write credit_ledger too.';
comment on column weir.credit_grants.period_start is 'Start of the 30-day period of a plan lot; null for others.';
create index credit_grants_burn_order_idx on weir.credit_grants (organization_id, credit_type, expires_at, priority, effective_at);
create index credit_grants_credit_type_idx on weir.credit_grants (credit_type);
create index credit_grants_granted_by_idx on weir.credit_grants (granted_by);

create table weir.credit_ledger (
  id uuid primary key,
  organization_id uuid not null references weir.organizations (id) on delete cascade,
  credit_type text not null references weir.credit_types (slug) on update cascade,
  kind text not null check (kind in ('grant', 'deduct', 'refund', 'expire', 'adjust')),
  amount bigint not null check (amount <> 0),
  grant_id uuid references weir.credit_grants (id) on delete cascade,
  allocations jsonb not null default '[]' check (jsonb_typeof(allocations) = 'array'),
  feature text check (length(feature) <= 200),
  user_id uuid,
  request_id uuid,
  idempotency_key text check (length(idempotency_key) <= 255),
  refund_of uuid unique references weir.credit_ledger (id) on delete cascade,
  reason text not null default '' check (length(reason) <= 2000),
  created_at timestamptz not null default now(),
  constraint credit_ledger_sign_fits_kind check (
    case kind when 'grant' then amount > 0 when 'refund' then amount > 0
      when 'deduct' then amount < 0 when 'expire' then amount < 0 else true end),
  constraint credit_ledger_refund_names_its_entry check ((kind = 'refund') = (refund_of is not null))
);
comment on column weir.credit_ledger.amount is 'Change of the balance: positive adds, negative takes.';
comment on column weir.credit_ledger.allocations is 'Which lots, in burn order: [{"grant_id": …, "amount": …}].';
comment on column weir.credit_ledger.user_id is 'No foreign key: the entry outlives the person.';
create index credit_ledger_organization_idx on weir.credit_ledger (organization_id, created_at desc, id desc);
create index credit_ledger_credit_type_idx on weir.credit_ledger (credit_type);
create index credit_ledger_grant_id_idx on weir.credit_ledger (grant_id);
create index credit_ledger_request_id_idx on weir.credit_ledger (request_id) where request_id is not null;
create unique index credit_ledger_idempotent on weir.credit_ledger (organization_id, idempotency_key) where idempotency_key is not null;
create trigger credit_ledger_append_only before update or delete on weir.credit_ledger
  for each row execute function weir_private.refuse_change_unless_parent_gone('organizations', 'id', 'organization_id');

-- The one way to make a lot: lot and entry together, once per organization, source, reference, type and period.
-- Gives the new lot's id, or null when it was there already.
create function weir.grant_credits(
  organization uuid, type text, quantity bigint, origin text, reference text, period timestamptz,
  effective timestamptz, expires timestamptz, rank smallint default 0, author uuid default null, note text default '')
returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  lot uuid;
begin
  insert into weir.credit_grants (id, organization_id, credit_type, source, source_reference, period_start,
    initial, remaining, priority, effective_at, expires_at, granted_by, notes)
  values (weir_private.uuid_v7(), organization, type, origin, reference, period, quantity, quantity, rank, effective, expires, author, note)
  on conflict on constraint credit_grants_granted_once do nothing
  returning id into lot;
  if lot is not null then
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, grant_id, user_id, reason)
    values (weir_private.uuid_v7(), organization, type, 'grant', quantity, lot, author, origin);
  end if;
  return lot;
end
$$;

-- The plan's lots of the 30-day period that `moment` lies in, counted from the organization's anniversary: what the plan
-- allots and no lot has brought yet, so it may run at any time and again, and after an upgrade it adds the missing part.
-- Gives how many lots it made. Unlimited types get no lot; plans without credits none at all.
create function weir.ensure_plan_credits(organization uuid, moment timestamptz default now()) returns integer
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  anchor timestamptz;
  plan text;
  opens timestamptz;
  allotted record;
  made integer := 0;
begin
  select o.credit_anchor_at, o.pricing_plan into anchor, plan
  from weir.organizations o join weir.plans p on p.slug = o.pricing_plan and p.can_use_credits
  where o.id = organization;
  if anchor is null or moment < anchor then
    return 0;
  end if;
  -- Whole days of 24 hours: seconds divide exactly where an interval of days would follow the session's time zone.
  opens := anchor + make_interval(secs => floor(extract(epoch from moment - anchor) / 2592000) * 2592000);
  for allotted in
    select a.credit_type, a.amount - coalesce((select sum(g.initial) from weir.credit_grants g
      where g.organization_id = organization and g.source = 'plan' and g.credit_type = a.credit_type and g.period_start = opens), 0) as missing
    from weir.plan_credit_allocations a where a.plan_slug = plan and a.amount is not null
  loop
    if allotted.missing > 0 and weir.grant_credits(organization, allotted.credit_type, allotted.missing::bigint, 'plan', plan,
        opens, opens, opens + interval '720 hours') is not null then
      made := made + 1;
    end if;
  end loop;
  return made;
end
$$;
