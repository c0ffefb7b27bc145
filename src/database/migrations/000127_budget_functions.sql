-- Owns: putting the functions of budgets where people's queries reach them: nobody but our own roles has the use of weir_private. Not: what they say (000125, 000126).

alter function weir_private.budget_window_start(text, timestamptz) set schema weir;
alter function weir_private.budget_window_end(text, timestamptz) set schema weir;
alter function weir_private.budget_meter_key(weir.budgets) set schema weir;
alter function weir_private.budget_opening(weir.budgets, timestamptz) set schema weir;
alter function weir_private.budget_carried(weir.budgets, timestamptz) set schema weir;
alter function weir_private.feature_name(uuid) set schema weir;
alter function weir_private.find_feature(text) set schema weir;

create or replace function weir.budget_window_end(period text, at timestamptz) returns timestamptz
language sql immutable parallel safe
set search_path = ''
as $$
  select ((weir.budget_window_start(period, at) at time zone 'UTC') +
    case period when 'daily' then interval '1 day' when 'weekly' then interval '7 days' when 'monthly' then interval '1 month'
      else interval '3 months' end) at time zone 'UTC'
$$;

create or replace function weir.budget_opening(budget weir.budgets, at timestamptz) returns bigint
language sql stable parallel safe
set search_path = ''
as $$
  select case when budget.opening_window_start = weir.budget_window_start(budget.period, at) then budget.opening_nano_usd else 0 end
$$;

create or replace function weir.budget_carried(budget weir.budgets, at timestamptz) returns bigint
language sql stable
set search_path = ''
as $$
  select case when not budget.rollover or budget.counting_since >= this.started then 0 else (
    select least(budget.amount_nano_usd, greatest(0,
      coalesce((select a.amount_nano_usd from weir.budget_amounts a where a.budget_id = budget.id and a.since < this.started
        order by a.since desc limit 1), budget.amount_nano_usd)
      - weir.budget_opening(budget, before.started)
      - coalesce((select c.used + c.held from weir.counters c
          where c.meter_key = weir.budget_meter_key(budget) and c.window_start = before.started), 0)))
    from (select weir.budget_window_start(budget.period, this.started - interval '1 second') as started) as before) end
  from (select weir.budget_window_start(budget.period, at) as started) as this
$$;
