-- Owns: what people and API tokens may do with keys beyond the first policies. Not: the tables (000019, 000060).

-- The last use is noted from time to time and is no edit: it must not make an edit stale.
drop trigger set_updated_at on weir.virtual_keys;
create trigger set_updated_at before update on weir.virtual_keys
  for each row when (new.last_used_at is not distinct from old.last_used_at) execute function weir_private.set_updated_at();
drop trigger set_updated_at on weir.api_tokens;
create trigger set_updated_at before update on weir.api_tokens
  for each row when (new.last_used_at is not distinct from old.last_used_at) execute function weir_private.set_updated_at();

-- Members read and make the budget that their own key was made with; raising it is for admins.
create policy own_key_read on weir.budgets for select to authenticated
  using (scope = 'key' and exists (select 1 from weir.virtual_keys k where k.id = budgets.virtual_key_id
    and k.user_id = (select auth.uid()) and k.organization_id = any ((select weir_private.my_organization_ids())::uuid[])));
create policy own_key_insert on weir.budgets for insert to authenticated
  with check (scope = 'key' and created_by = (select auth.uid()) and exists (select 1 from weir.virtual_keys k
    where k.id = budgets.virtual_key_id and k.organization_id = budgets.organization_id
      and k.user_id = (select auth.uid()) and k.organization_id = any ((select weir_private.my_organization_ids())::uuid[])));

-- Claims only narrow. A token may be worth less than its person: then the role of the claim counts, never more than the one that the table has.
create or replace function weir_private.my_organization_ids_as(roles text[]) returns uuid[]
language sql stable security definer parallel safe
set search_path = ''
as $$
  select coalesce(array_agg(m.organization_id), '{}') from weir.members m
  where m.user_id = (select auth.uid())
    and (weir_private.claim('organization_id') is null or m.organization_id = weir_private.claim('organization_id')::uuid)
    and case
      when weir_private.claim('api_token') is null then m.role
      when weir_private.claim('organization_role') = 'admin' and m.role <> 'member' then 'admin'
      else 'member'
    end = any (roles)
$$;

-- No token acts for the platform, whoever made it.
create or replace function weir_private.is_platform_admin() returns boolean
language sql stable security definer parallel safe
set search_path = ''
as $$
  select weir_private.claim('api_token') is null and exists (select 1 from weir.users u where u.id = (select auth.uid())
    and u.platform_role in ('platform_admin', 'superadmin')
    and not (u.banned and (u.ban_expires is null or u.ban_expires > now())))
$$;
create or replace function weir_private.is_superadmin() returns boolean
language sql stable security definer parallel safe
set search_path = ''
as $$
  select weir_private.claim('api_token') is null and exists (select 1 from weir.users u where u.id = (select auth.uid())
    and u.platform_role = 'superadmin'
    and not (u.banned and (u.ban_expires is null or u.ban_expires > now())))
$$;

-- What an organization's token does is written down as the token's act.
create policy token_insert on weir.audit_logs for insert to authenticated
  with check (actor_type = 'key' and actor_id = (select weir_private.claim('api_token'))::uuid and impersonator_id is null
    and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));
