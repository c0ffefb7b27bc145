-- Owns: since when a budget has an amount, where two change it at once. Not: the rest of budgets' windows, which is as it was (000125).
-- Changes of one budget wait for each other at its row, and their times are taken there. now() is when a transaction began: one that began first and was let in last
-- left its amount before the one that it had replaced, and what a window left over was reckoned from the wrong one.

create or replace function weir_private.keep_budget_amount() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  insert into weir.budget_amounts (budget_id, since, amount_nano_usd)
  values (new.id, case tg_op when 'INSERT' then new.created_at else clock_timestamp() end, new.amount_nano_usd)
  on conflict (budget_id, since) do update set amount_nano_usd = excluded.amount_nano_usd;
  return null;
end
$$;
