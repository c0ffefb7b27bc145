-- Owns: what the matrix of tables and identities showed that row level security let through and only the API refused. Not: the API's own refusals.

-- Who acts as somebody else makes and changes no keys and no secrets: restrictive policies hold beside every other one.
do $$
declare
  target text;
  command text;
begin
  foreach target in array array['virtual_keys', 'api_tokens', 'provider_credentials', 'template_endpoint_secrets'] loop
    execute format('create policy not_impersonated_insert on weir.%I as restrictive for insert to authenticated
      with check ((select weir_private.claim(''impersonator'')) is null)', target);
    foreach command in array array['update', 'delete'] loop
      execute format('create policy not_impersonated_%s on weir.%I as restrictive for %1$s to authenticated
        using ((select weir_private.claim(''impersonator'')) is null)', command, target);
    end loop;
  end loop;
end
$$;

-- Nor owners: their own leaving included.
create policy not_impersonated_update on weir.members as restrictive for update to authenticated
  using (role <> 'owner' or (select weir_private.claim('impersonator')) is null)
  with check (role <> 'owner' or (select weir_private.claim('impersonator')) is null);
create policy not_impersonated_delete on weir.members as restrictive for delete to authenticated
  using (role <> 'owner' or (select weir_private.claim('impersonator')) is null);
create policy not_impersonated_insert on weir.invitations as restrictive for insert to authenticated
  with check (role <> 'owner' or (select weir_private.claim('impersonator')) is null);
create policy not_impersonated_update on weir.invitations as restrictive for update to authenticated
  using (role <> 'owner' or (select weir_private.claim('impersonator')) is null);

-- An admin invites no owners, so doesn't revive an owner's invitation that was revoked or ran out.
drop policy admin_update on weir.invitations;
create policy admin_update on weir.invitations for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and role <> 'owner')
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and role <> 'owner');
create policy owner_update on weir.invitations for update to authenticated
  using (organization_id = any ((select weir_private.my_owner_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_owner_organization_ids())::uuid[]));

-- A revision names who made it, also when the platform did.
drop policy platform_all on weir.template_revisions;
create policy platform_read on weir.template_revisions for select to authenticated using ((select weir_private.is_platform_admin()));
create policy platform_insert on weir.template_revisions for insert to authenticated
  with check (changed_by = (select auth.uid()) and (select weir_private.is_platform_admin()));
