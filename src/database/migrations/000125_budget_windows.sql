-- Owns: what a budget's limit is in a window: its amount then, what the window before left, what was spent before it counted. Not: what is spent (counters)
-- or when people are told (the budgets domain).

alter table weir.budgets
  add column counting_since timestamptz not null default now(),
  add column opening_nano_usd bigint not null default 0 check (opening_nano_usd >= 0),
  add column opening_window_start timestamptz;
update weir.budgets set counting_since = created_at;
comment on column weir.budgets.counting_since is
  'Since when its counter of this period counts without a gap: made, switched on, or given another period. Nothing is carried over from a window before it.';
comment on column weir.budgets.opening_nano_usd is
  'What was spent in its scope in the window opening_window_start before the counter counted; 0 in every other window.';

-- What each window's amount was: for what it left, and for reports.
create table weir.budget_amounts (
  budget_id uuid not null references weir.budgets (id) on delete cascade,
  since timestamptz not null,
  amount_nano_usd bigint not null check (amount_nano_usd > 0),
  primary key (budget_id, since)
);
comment on table weir.budget_amounts is 'Every amount a budget had, by the time from which it was in force. Written by a trigger.';
insert into weir.budget_amounts (budget_id, since, amount_nano_usd) select id, created_at, amount_nano_usd from weir.budgets;

create function weir_private.keep_budget_amount() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into weir.budget_amounts (budget_id, since, amount_nano_usd)
  values (new.id, case tg_op when 'INSERT' then new.created_at else now() end, new.amount_nano_usd)
  on conflict (budget_id, since) do update set amount_nano_usd = excluded.amount_nano_usd;
  return null;
end
$$;
create trigger keep_amount_on_insert after insert on weir.budgets
  for each row execute function weir_private.keep_budget_amount();
create trigger keep_amount_on_update after update of amount_nano_usd on weir.budgets
  for each row when (old.amount_nano_usd is distinct from new.amount_nano_usd) execute function weir_private.keep_budget_amount();

select weir_private.protect_table('weir.budget_amounts');
grant select on weir.budget_amounts to weir_gateway, weir_service, authenticated;
create policy gateway_read on weir.budget_amounts for select to weir_gateway using (true);
create policy service_read on weir.budget_amounts for select to weir_service using (true);
-- Whoever sees the budget: its own policies decide.
create policy with_budget on weir.budget_amounts for select to authenticated
  using (exists (select 1 from weir.budgets b where b.id = budget_id));

-- The windows of src/ledger/core/window.ts, in UTC.
create function weir_private.budget_window_start(period text, at timestamptz) returns timestamptz
language sql immutable parallel safe
set search_path = ''
as $$
  select date_trunc(case period when 'daily' then 'day' when 'weekly' then 'week' when 'monthly' then 'month' else 'quarter' end,
    at at time zone 'UTC') at time zone 'UTC'
$$;

create function weir_private.budget_window_end(period text, at timestamptz) returns timestamptz
language sql immutable parallel safe
set search_path = ''
as $$
  select ((weir_private.budget_window_start(period, at) at time zone 'UTC') +
    case period when 'daily' then interval '1 day' when 'weekly' then interval '7 days' when 'monthly' then interval '1 month'
      else interval '3 months' end) at time zone 'UTC'
$$;

-- What meterKeys.budget of src/ledger/core/meter-keys.ts says.
create function weir_private.budget_meter_key(budget weir.budgets) returns text
language sql immutable parallel safe
set search_path = ''
as $$ select 'budget:' || budget.id || ':nano_usd:' || budget.period $$;

-- What was spent in the window of `at` before the counter counted.
create function weir_private.budget_opening(budget weir.budgets, at timestamptz) returns bigint
language sql stable parallel safe
set search_path = ''
as $$
  select case when budget.opening_window_start = weir_private.budget_window_start(budget.period, at) then budget.opening_nano_usd else 0 end
$$;

-- What the window before left of its amount: added to this window's limit once, at most one amount. What is still held there counts as spent, so a call
-- under way over the roll makes it less, never more. What was itself carried in is not carried on.
create function weir_private.budget_carried(budget weir.budgets, at timestamptz) returns bigint
language sql stable
set search_path = ''
as $$
  select case when not budget.rollover or budget.counting_since >= this.started then 0 else (
    select least(budget.amount_nano_usd, greatest(0,
      coalesce((select a.amount_nano_usd from weir.budget_amounts a where a.budget_id = budget.id and a.since < this.started
        order by a.since desc limit 1), budget.amount_nano_usd)
      - weir_private.budget_opening(budget, before.started)
      - coalesce((select c.used + c.held from weir.counters c
          where c.meter_key = weir_private.budget_meter_key(budget) and c.window_start = before.started), 0)))
    from (select weir_private.budget_window_start(budget.period, this.started - interval '1 second') as started) as before) end
  from (select weir_private.budget_window_start(budget.period, at) as started) as this
$$;

grant execute on function weir_private.budget_window_start(text, timestamptz), weir_private.budget_window_end(text, timestamptz),
  weir_private.budget_meter_key(weir.budgets), weir_private.budget_opening(weir.budgets, timestamptz),
  weir_private.budget_carried(weir.budgets, timestamptz) to weir_gateway, weir_service, authenticated;

-- A threshold fires once a window; so does a breach that is only projected.
drop index weir.alerts_once_per_budget_window_threshold;
create unique index alerts_once_per_budget_window_rule_threshold on weir.alerts (budget_id, window_start, rule, threshold) where budget_id is not null;
create index alerts_open_budget_idx on weir.alerts (budget_id, window_start) where resolved_at is null and budget_id is not null;
