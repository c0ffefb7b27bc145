-- Owns: rights of several sources to one model at once, and how those of a plan end. Not: which of them wins (src/contracts/entitlements/model-right.ts).

-- Who was given a model for a month may buy it meanwhile, and keeps the month when the purchase is refunded: one right of each source.
drop index weir.entitlements_unique_while_active;
create unique index entitlements_unique_while_active on weir.entitlements (user_id, organization_id, model_id, product_id, source)
  nulls not distinct where revoked_at is null;
comment on index weir.entitlements_unique_while_active is 'One right of each source; the longest wins.';

create or replace function weir_private.close_expired_entitlements() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  update weir.entitlements e set revoked_at = e.expires_at
  where e.revoked_at is null and e.expires_at <= now() and e.source = new.source
    and (e.user_id = new.user_id or e.organization_id = new.organization_id)
    and (e.model_id = new.model_id or e.product_id = new.product_id);
  return new;
end
$$;

-- What a plan brought goes with it: an organization that takes a lower one loses it in the same transaction.
create function weir_private.end_rights_of_higher_plan() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  if (select p.level from weir.plans p where p.slug = new.pricing_plan) < (select p.level from weir.plans p where p.slug = old.pricing_plan) then
    update weir.entitlements e set revoked_at = now()
    where e.organization_id = new.id and e.source = 'plan' and e.revoked_at is null;
  end if;
  return null;
end
$$;
create trigger organizations_end_rights_of_plan after update of pricing_plan on weir.organizations
  for each row when (old.pricing_plan is distinct from new.pricing_plan)
  execute function weir_private.end_rights_of_higher_plan();

-- A product that is sold no more stays readable to whoever has a right to it, so that the right names its model.
create policy entitled_read on weir.products for select to authenticated
  using (exists (select 1 from weir.entitlements e where e.product_id = products.id));
