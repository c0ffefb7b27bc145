-- Owns: which tables are facts and whose version each moves. Not: how a version moves (000010).
-- Arguments of bump_fact_versions: organization column, user column, then columns that are no facts.

do $$
declare
  fact record;
begin
  for fact in
    select * from (values
      ('business_types', array['', '']),
      ('plans', array['', '']),
      ('credit_types', array['', '']),
      ('plan_credit_allocations', array['', '']),
      ('system_config', array['', '']),
      ('users', array['', 'id', 'name', 'email', 'email_verified', 'image', 'two_factor_enabled']),
      ('profiles', array['', 'user_id', 'display_name', 'avatar_url', 'theme', 'notification_preferences', 'onboarding_state']),
      ('organizations', array['id', '']),
      ('departments', array['organization_id', '']),
      ('members', array['organization_id', '']),
      ('providers', array['', '', 'last_checked_at', 'last_latency_ms', 'consecutive_failures', 'error_rate']),
      ('provider_credentials', array['organization_id', '', 'last_used_at', 'last_validated_at', 'last_validation_error']),
      ('models', array['', '']),
      ('model_prices', array['', '']),
      ('templates', array['organization_id', '']),
      ('template_endpoint_secrets', array['organization_id', '']),
      ('org_system_model_config', array['organization_id', '']),
      ('personas', array['organization_id', '']),
      ('products', array['', '']),
      ('entitlements', array['organization_id', 'user_id']),
      ('features', array['', '']),
      ('prompts', array['', '']),
      ('prompt_versions', array['', '']),
      ('prompt_labels', array['', '']),
      ('deployments', array['', '']),
      ('virtual_keys', array['organization_id', '', 'last_used_at']),
      ('budgets', array['organization_id', ''])
    ) as facts (name, arguments)
  loop
    execute format('create trigger bump_facts_on_insert after insert on weir.%I referencing new table as new_rows
      for each statement execute function weir_private.bump_fact_versions(%s)', fact.name,
      (select string_agg(quote_literal(a), ', ') from unnest(fact.arguments) as a));
    execute format('create trigger bump_facts_on_update after update on weir.%I referencing old table as old_rows new table as new_rows
      for each statement execute function weir_private.bump_fact_versions(%s)', fact.name,
      (select string_agg(quote_literal(a), ', ') from unnest(fact.arguments) as a));
    execute format('create trigger bump_facts_on_delete after delete on weir.%I referencing old table as old_rows
      for each statement execute function weir_private.bump_fact_versions(%s)', fact.name,
      (select string_agg(quote_literal(a), ', ') from unnest(fact.arguments) as a));
  end loop;
end
$$;

-- Lots move with every call that costs credits, and nobody is told of that: the ledger reads them itself. A new, ended or
-- re-dated lot is a fact.
create trigger bump_facts_on_insert after insert on weir.credit_grants referencing new table as new_rows
  for each statement execute function weir_private.bump_fact_versions('organization_id', '');
create trigger bump_facts_on_delete after delete on weir.credit_grants referencing old table as old_rows
  for each statement execute function weir_private.bump_fact_versions('organization_id', '');
create trigger bump_facts_on_update after update of initial, priority, effective_at, expires_at, credit_type, organization_id
  on weir.credit_grants for each row execute function weir_private.bump_fact_version_of_row('organization_id', '');
