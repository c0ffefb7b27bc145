-- Owns: the end of raised limits whose period is changed: so many tokens a month are no limit of a day. Not: raising limits (000150), or what they were before.

create function weir_private.end_overrides_of_period() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if tg_table_name = 'budgets' then
    update weir.limit_overrides l set revoked_at = now()
     where l.budget_id = new.id and l.revoked_at is null and (l.ends_at is null or l.ends_at > now());
  else
    update weir.limit_overrides l set revoked_at = now()
     where l.template_id = new.id and l.revoked_at is null and (l.ends_at is null or l.ends_at > now());
  end if;
  return null;
end
$$;
comment on function weir_private.end_overrides_of_period() is 'Ends the raised limits on a template or budget whose period is another now.';

create trigger end_overrides_on_period after update of token_limit_period on weir.templates
  for each row when (old.token_limit_period is not null and new.token_limit_period is distinct from old.token_limit_period)
  execute function weir_private.end_overrides_of_period();
create trigger end_overrides_on_period after update of period on weir.budgets
  for each row when (new.period is distinct from old.period)
  execute function weir_private.end_overrides_of_period();
