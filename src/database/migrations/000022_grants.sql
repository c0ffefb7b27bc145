-- Owns: which columns each run-time role may read or write. Not: which rows (policies).

-- The control plane: everything, but what is only added to stays so and credits move only through their functions.
grant select, insert, update, delete on
  weir.business_types, weir.plans, weir.credit_types, weir.plan_credit_allocations, weir.system_config,
  weir.users, weir.sessions, weir.accounts, weir.verifications, weir.two_factors, weir.profiles,
  weir.organizations, weir.departments, weir.members, weir.invitations, weir.organization_domains,
  weir.providers, weir.provider_credentials, weir.models,
  weir.templates, weir.template_endpoint_secrets, weir.template_revisions, weir.org_system_model_config, weir.personas,
  weir.products, weir.purchases, weir.entitlements,
  weir.features, weir.prompts, weir.prompt_versions, weir.prompt_labels, weir.deployments,
  weir.virtual_keys, weir.budgets, weir.alerts, weir.idempotency_keys
to weir_service;
grant select, insert on weir.model_prices, weir.audit_logs, weir.seeded_rows to weir_service;
grant select on weir.credit_grants, weir.credit_ledger, weir.fact_versions, weir.audit_chains to weir_service;

-- The data plane: what it needs to decide. No names or addresses of people, no ciphertext.
grant select on
  weir.business_types, weir.plans, weir.credit_types, weir.plan_credit_allocations, weir.system_config,
  weir.departments, weir.members, weir.organizations,
  weir.providers, weir.models, weir.model_prices, weir.templates, weir.org_system_model_config, weir.personas,
  weir.products, weir.entitlements, weir.credit_grants,
  weir.features, weir.prompts, weir.prompt_versions, weir.prompt_labels, weir.deployments,
  weir.virtual_keys, weir.budgets, weir.fact_versions
to weir_gateway;
grant select (id, platform_role, banned, ban_expires, created_at, updated_at) on weir.users to weir_gateway;
grant select (user_id, locale, time_zone, default_model_id, persona_model_overrides, created_at, updated_at) on weir.profiles to weir_gateway;
grant select (id, provider_id, organization_id, label, key_id, origin, last_four, status, created_at, updated_at)
  on weir.provider_credentials to weir_gateway;
grant select (template_id, organization_id, key_id, origin, last_four, created_at, updated_at)
  on weir.template_endpoint_secrets to weir_gateway;
grant select, insert, update, delete on weir.idempotency_keys to weir_gateway;
grant update (last_used_at) on weir.virtual_keys to weir_gateway;

-- A person. Sessions, accounts, verifications and second factors belong to the auth library alone.
grant select on
  weir.business_types, weir.plans, weir.credit_types, weir.plan_credit_allocations, weir.system_config,
  weir.users, weir.profiles, weir.organizations, weir.departments, weir.members, weir.invitations, weir.organization_domains,
  weir.providers, weir.models, weir.model_prices,
  weir.templates, weir.template_revisions, weir.org_system_model_config, weir.personas,
  weir.products, weir.purchases, weir.entitlements, weir.credit_grants, weir.credit_ledger,
  weir.features, weir.prompts, weir.prompt_versions, weir.prompt_labels, weir.deployments,
  weir.virtual_keys, weir.budgets, weir.alerts, weir.audit_logs
to authenticated;
grant insert, update, delete on
  weir.business_types, weir.plans, weir.credit_types, weir.plan_credit_allocations, weir.system_config,
  weir.departments, weir.providers, weir.models, weir.templates, weir.org_system_model_config, weir.personas,
  weir.products, weir.entitlements, weir.features, weir.prompts, weir.prompt_versions, weir.prompt_labels, weir.deployments,
  weir.budgets
to authenticated;
grant insert on weir.model_prices, weir.template_revisions, weir.audit_logs, weir.invitations, weir.virtual_keys to authenticated;

grant insert (user_id, display_name, avatar_url, locale, theme, time_zone, default_model_id, persona_model_overrides,
    notification_preferences, onboarding_state),
  update (display_name, avatar_url, locale, theme, time_zone, default_model_id, persona_model_overrides,
    notification_preferences, onboarding_state)
  on weir.profiles to authenticated;
-- Not the plan, the quota, the status or the custom model limits: those are the platform's, through its audited door.
grant update (name, slug, logo, business_type, default_model_id, billing_email, settings) on weir.organizations to authenticated;
-- Joining goes through an invitation or a verified domain, so nobody inserts members as a person.
grant update (role, department_id, status, paused_until, pause_reason), delete on weir.members to authenticated;
grant update (status, expires_at, token_hash, sent_count, last_sent_at) on weir.invitations to authenticated;
grant insert (id, organization_id, domain, verification_token, method), update (method, auto_join), delete
  on weir.organization_domains to authenticated;
grant select (id, provider_id, organization_id, label, key_id, origin, last_four, status, created_by, rotated_at, last_used_at,
    last_validated_at, last_validation_error, created_at, updated_at),
  insert, update, delete
  on weir.provider_credentials to authenticated;
grant select (template_id, organization_id, key_id, origin, last_four, created_at, updated_at), insert, update, delete
  on weir.template_endpoint_secrets to authenticated;
grant update (acknowledged_by, acknowledged_at, resolved_at) on weir.alerts to authenticated;
grant update (name, department_id, allowed_models, allowed_templates, allowed_features, allowed_routes, ip_ranges,
    requests_per_minute, tokens_per_minute, can_act_for_members, expires_at, revoked_at, grace_until)
  on weir.virtual_keys to authenticated;
