-- Owns: who may see and change which row, as the table "Who may see what" of the specification says. Not: which columns (grants, next file).

-- Every table forces row level security; the control plane's own role sees all (its door is audited).
do $$
declare
  target text;
begin
  foreach target in array array[
    'business_types', 'plans', 'credit_types', 'plan_credit_allocations', 'system_config',
    'users', 'sessions', 'accounts', 'verifications', 'two_factors', 'profiles',
    'organizations', 'departments', 'members', 'invitations', 'organization_domains',
    'providers', 'provider_credentials', 'models', 'model_prices',
    'templates', 'template_endpoint_secrets', 'template_revisions', 'org_system_model_config', 'personas',
    'products', 'purchases', 'entitlements', 'credit_grants', 'credit_ledger',
    'features', 'prompts', 'prompt_versions', 'prompt_labels', 'deployments',
    'virtual_keys', 'budgets', 'alerts', 'idempotency_keys', 'audit_chains', 'audit_logs', 'fact_versions', 'seeded_rows'
  ] loop
    perform weir_private.protect_table(format('weir.%I', target)::regclass);
    execute format('create policy service_all on weir.%I to weir_service using (true) with check (true)', target);
  end loop;

  -- What the data plane reads to decide.
  foreach target in array array[
    'business_types', 'plans', 'credit_types', 'plan_credit_allocations', 'system_config',
    'users', 'profiles', 'organizations', 'departments', 'members',
    'providers', 'provider_credentials', 'models', 'model_prices',
    'templates', 'template_endpoint_secrets', 'org_system_model_config', 'personas', 'products', 'entitlements', 'credit_grants',
    'features', 'prompts', 'prompt_versions', 'prompt_labels', 'deployments', 'virtual_keys', 'budgets', 'fact_versions'
  ] loop
    execute format('create policy gateway_read on weir.%I for select to weir_gateway using (true)', target);
  end loop;

  -- What platform roles see whole and change. What they may not is left out: people's secrets, other tenants' provider keys,
  -- conversations, and rows that are only added to.
  foreach target in array array[
    'business_types', 'plans', 'credit_types', 'plan_credit_allocations', 'system_config',
    'organizations', 'departments', 'members', 'invitations', 'organization_domains',
    'providers', 'models', 'templates', 'template_revisions', 'org_system_model_config', 'personas',
    'products', 'entitlements', 'features', 'prompts', 'prompt_versions', 'prompt_labels', 'deployments',
    'virtual_keys', 'budgets', 'alerts'
  ] loop
    execute format('create policy platform_all on weir.%I to authenticated
      using ((select weir_private.is_platform_admin())) with check ((select weir_private.is_platform_admin()))', target);
  end loop;
  foreach target in array array['users', 'profiles', 'model_prices', 'purchases', 'credit_grants', 'credit_ledger', 'audit_logs'] loop
    execute format('create policy platform_read on weir.%I for select to authenticated
      using ((select weir_private.is_platform_admin()))', target);
  end loop;

  -- What every signed-in person reads.
  foreach target in array array['business_types', 'plans', 'credit_types', 'plan_credit_allocations'] loop
    execute format('create policy everyone_read on weir.%I for select to authenticated using ((select auth.uid()) is not null)', target);
  end loop;

  -- What an organization's admins read and change, of their own organization.
  foreach target in array array['departments', 'org_system_model_config', 'provider_credentials'] loop
    execute format('create policy admin_all on weir.%I to authenticated
      using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
      with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))', target);
  end loop;
  foreach target in array array['invitations', 'organization_domains', 'budgets', 'alerts', 'virtual_keys', 'purchases', 'credit_ledger', 'audit_logs'] loop
    execute format('create policy admin_read on weir.%I for select to authenticated
      using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))', target);
  end loop;

  -- What every member reads of the own organization.
  foreach target in array array['departments', 'members', 'org_system_model_config', 'entitlements', 'credit_grants'] loop
    execute format('create policy member_read on weir.%I for select to authenticated
      using (organization_id = any ((select weir_private.my_organization_ids())::uuid[]))', target);
  end loop;

  -- What is a person's own.
  foreach target in array array['profiles', 'members', 'purchases', 'entitlements', 'virtual_keys'] loop
    execute format('create policy own_read on weir.%I for select to authenticated using (user_id = (select auth.uid()))', target);
  end loop;
end
$$;

-- People
create policy fellows_read on weir.users for select to authenticated
  using (id = any ((select weir_private.my_fellow_user_ids())::uuid[]));
create policy own_insert on weir.profiles for insert to authenticated with check (user_id = (select auth.uid()));
create policy own_update on weir.profiles for update to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));

-- Organizations
create policy member_read on weir.organizations for select to authenticated
  using (id = any ((select weir_private.my_organization_ids())::uuid[]));
create policy admin_update on weir.organizations for update to authenticated
  using (id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (id = any ((select weir_private.my_admin_organization_ids())::uuid[]));

-- An admin changes everyone but owners and makes none; an owner changes all; anybody may leave.
create policy admin_update on weir.members for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and role <> 'owner')
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and role <> 'owner');
create policy owner_update on weir.members for update to authenticated
  using (organization_id = any ((select weir_private.my_owner_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_owner_organization_ids())::uuid[]));
create policy admin_delete on weir.members for delete to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and role <> 'owner');
create policy owner_delete on weir.members for delete to authenticated
  using (organization_id = any ((select weir_private.my_owner_organization_ids())::uuid[]));
create policy own_delete on weir.members for delete to authenticated using (user_id = (select auth.uid()));

create policy admin_insert on weir.invitations for insert to authenticated
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and role <> 'owner');
create policy owner_insert on weir.invitations for insert to authenticated
  with check (organization_id = any ((select weir_private.my_owner_organization_ids())::uuid[]));
create policy admin_update on weir.invitations for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy admin_insert on weir.organization_domains for insert to authenticated
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]) and verified_at is null);
create policy admin_update on weir.organization_domains for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy admin_delete on weir.organization_domains for delete to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));

-- Catalog
create policy everyone_read on weir.providers for select to authenticated
  using ((select auth.uid()) is not null and status <> 'inactive' and archived_at is null);
create policy everyone_read on weir.models for select to authenticated
  using ((select auth.uid()) is not null and enabled and archived_at is null);
create policy everyone_read on weir.model_prices for select to authenticated
  using (exists (select 1 from weir.models m where m.id = model_prices.model_id));
create policy platform_insert on weir.model_prices for insert to authenticated
  with check ((select weir_private.is_platform_admin()) and source = 'admin');
create policy platform_own on weir.provider_credentials to authenticated
  using (organization_id is null and (select weir_private.is_platform_admin()))
  with check (organization_id is null and (select weir_private.is_platform_admin()));

-- Templates and personas
create policy system_read on weir.templates for select to authenticated
  using (scope = 'system' and id = any ((select weir_private.my_system_template_ids())::bigint[]));
create policy organization_member_read on weir.templates for select to authenticated
  using (scope = 'organization' and is_active and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));
create policy organization_admin_all on weir.templates to authenticated
  using (scope = 'organization' and organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (scope = 'organization' and organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy own_all on weir.templates to authenticated
  using (scope = 'user' and owner_user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
  with check (scope = 'user' and owner_user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));

-- Secrets and history follow the right to change the template, which for system templates is the platform's.
create policy editor_all on weir.template_endpoint_secrets to authenticated
  using (exists (select 1 from weir.templates t where t.id = template_endpoint_secrets.template_id
    and case t.scope when 'system' then (select weir_private.is_platform_admin())
      when 'organization' then t.organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
      else t.owner_user_id = (select auth.uid()) end))
  with check (exists (select 1 from weir.templates t where t.id = template_endpoint_secrets.template_id
    and t.organization_id is not distinct from template_endpoint_secrets.organization_id
    and case t.scope when 'system' then (select weir_private.is_platform_admin())
      when 'organization' then t.organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
      else t.owner_user_id = (select auth.uid()) end));
create policy editor_read on weir.template_revisions for select to authenticated
  using (exists (select 1 from weir.templates t where t.id = template_revisions.template_id
    and case t.scope when 'system' then (select weir_private.is_platform_admin())
      when 'organization' then t.organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
      else t.owner_user_id = (select auth.uid()) end));
create policy editor_insert on weir.template_revisions for insert to authenticated
  with check (changed_by = (select auth.uid()) and exists (select 1 from weir.templates t where t.id = template_revisions.template_id
    and case t.scope when 'system' then (select weir_private.is_platform_admin())
      when 'organization' then t.organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[])
      else t.owner_user_id = (select auth.uid()) end));

create policy everyone_read on weir.personas for select to authenticated
  using (is_active and case scope when 'platform' then (select auth.uid()) is not null
    else organization_id = any ((select weir_private.my_organization_ids())::uuid[]) end);
create policy admin_all on weir.personas to authenticated
  using (scope = 'organization' and organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (scope = 'organization' and organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));

-- Commerce and credits
create policy everyone_read on weir.products for select to authenticated using ((select auth.uid()) is not null and active);
create policy own_read on weir.credit_ledger for select to authenticated
  using (user_id = (select auth.uid()) and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));

-- Governance
create policy admin_insert on weir.budgets for insert to authenticated
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy admin_update on weir.budgets for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy admin_delete on weir.budgets for delete to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy admin_acknowledge on weir.alerts for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));

-- Members keep their own keys, which act for nobody else.
create policy admin_insert on weir.virtual_keys for insert to authenticated
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy admin_update on weir.virtual_keys for update to authenticated
  using (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]))
  with check (organization_id = any ((select weir_private.my_admin_organization_ids())::uuid[]));
create policy own_insert on weir.virtual_keys for insert to authenticated
  with check (user_id = (select auth.uid()) and not can_act_for_members
    and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));
create policy own_update on weir.virtual_keys for update to authenticated
  using (user_id = (select auth.uid()) and not can_act_for_members
    and organization_id = any ((select weir_private.my_organization_ids())::uuid[]))
  with check (user_id = (select auth.uid()) and not can_act_for_members
    and organization_id = any ((select weir_private.my_organization_ids())::uuid[]));

-- An audit row names its writer and whoever stands behind an impersonation; it can't be written for another.
create policy own_insert on weir.audit_logs for insert to authenticated
  with check (actor_type = 'user' and actor_id = (select auth.uid())
    and impersonator_id is not distinct from (select weir_private.claim('impersonator'))::uuid
    and (organization_id = any ((select weir_private.my_organization_ids())::uuid[]) or (select weir_private.is_platform_admin())));

create policy gateway_all on weir.idempotency_keys to weir_gateway using (true) with check (true);
create policy gateway_last_used on weir.virtual_keys for update to weir_gateway using (true) with check (true);
