-- Generated from the migrations by src/database/generate.ts; do not edit. For reading, not for restoring.

-- Domains

weir.meter_amount as bigint
  meter_amount_not_negative CHECK ((VALUE >= 0))

weir.meter_key as text
  meter_key_length CHECK (((length(VALUE) >= 1) AND (length(VALUE) <= 200)))

weir.meter_unit as text
  meter_unit_known CHECK ((VALUE = ANY (ARRAY['tokens'::text, 'messages'::text, 'requests'::text, 'credits'::text, 'nano_usd'::text])))


-- Tables and views

table weir.accounts
  id uuid not null
  user_id uuid not null
  account_id text not null
  provider_id text not null
  access_token text
  refresh_token text
  id_token text
  access_token_expires_at timestamp with time zone
  refresh_token_expires_at timestamp with time zone
  scope text
  password text  -- For provider_id credential: scrypt, <salt hex>:<key hex>, N=16384 r=16 p=1 64 bytes.
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  accounts_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  accounts_pkey PRIMARY KEY (id)
  accounts_provider_id_account_id_key UNIQUE (provider_id, account_id)
  row level security, forced

table weir.alert_rules
  id uuid not null default weir_private.uuid_v7()
  rule text not null
  organization_id uuid
  is_enabled boolean not null
  threshold numeric not null
  window_minutes integer not null
  channels text[] not null default '{in_app}'::text[]
  changed_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  alert_rules_channels_check CHECK ((channels <@ ARRAY['in_app'::text, 'email'::text, 'webhook'::text]))
  alert_rules_rule_check CHECK ((rule ~ '^[a-z][a-z0-9_]{1,98}$'::text))
  alert_rules_threshold_check CHECK ((threshold >= (0)::numeric))
  alert_rules_window_minutes_check CHECK (((window_minutes >= 1) AND (window_minutes <= 10080)))
  alert_rules_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES weir.users(id) ON DELETE SET NULL
  alert_rules_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  alert_rules_pkey PRIMARY KEY (id)
  alert_rules_once UNIQUE NULLS NOT DISTINCT (rule, organization_id)
  row level security, forced

table weir.alerts
  id uuid not null
  organization_id uuid
  rule text not null
  scope text not null
  scope_reference text
  budget_id uuid
  window_start timestamp with time zone
  value numeric not null
  threshold numeric not null
  details jsonb not null default '{}'::jsonb
  fired_at timestamp with time zone not null default now()
  resolved_at timestamp with time zone
  acknowledged_by uuid
  acknowledged_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  alerts_details_check CHECK ((jsonb_typeof(details) = 'object'::text))
  alerts_rule_check CHECK (((length(rule) >= 1) AND (length(rule) <= 200)))
  alerts_scope_check CHECK ((scope = ANY (ARRAY['organization'::text, 'department'::text, 'feature'::text, 'user'::text, 'key'::text, 'platform'::text])))
  alerts_acknowledged_by_fkey FOREIGN KEY (acknowledged_by) REFERENCES weir.users(id) ON DELETE SET NULL
  alerts_budget_id_fkey FOREIGN KEY (budget_id) REFERENCES weir.budgets(id) ON DELETE CASCADE
  alerts_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  alerts_pkey PRIMARY KEY (id)
  row level security, forced

table weir.analytics_events
  -- Typed product events (src/contracts/product-events.ts), written in the transaction of what they tell of.
  id uuid not null
  name text not null
  properties jsonb not null default '{}'::jsonb
  organization_id uuid
  user_id uuid
  handled_at timestamp with time zone  -- When notifications had reacted to it; null: not yet.
  created_at timestamp with time zone not null default now()
  analytics_events_name_check CHECK ((name ~ '^[a-z][a-z0-9_]{1,98}$'::text))
  analytics_events_properties_check CHECK ((jsonb_typeof(properties) = 'object'::text))
  analytics_events_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  analytics_events_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE SET NULL
  analytics_events_pkey PRIMARY KEY (id)
  row level security, forced

table weir.api_latencies
  -- Times of requests, counted in buckets. Kept for a day.
  replica uuid not null  -- A process, from its start to its end.
  minute timestamp with time zone not null
  class text not null
  buckets bigint[] not null  -- Requests by bucket; the bounds are code (src/contracts/notifications/latency-classes.ts).
  api_latencies_buckets_check CHECK (((cardinality(buckets) >= 1) AND (cardinality(buckets) <= 64)))
  api_latencies_class_check CHECK ((class ~ '^[a-z][a-z_]{1,60}$'::text))
  api_latencies_pkey PRIMARY KEY (minute, replica, class)
  row level security, forced

table weir.api_tokens
  id uuid not null
  organization_id uuid not null
  user_id uuid  -- Whose personal token it is; null: the organization's.
  name text not null
  token_hash bytea not null  -- SHA-256 of the whole token; the token itself is never stored.
  prefix text not null
  last_four text not null
  role text not null  -- The most it may do. A personal token never does more than its person may at that moment.
  expires_at timestamp with time zone
  last_used_at timestamp with time zone
  revoked_at timestamp with time zone
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  api_tokens_last_four_check CHECK ((length(last_four) = 4))
  api_tokens_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  api_tokens_prefix_check CHECK ((length(prefix) <= 20))
  api_tokens_role_check CHECK ((role = ANY (ARRAY['admin'::text, 'member'::text])))
  api_tokens_token_hash_check CHECK ((octet_length(token_hash) = 32))
  api_tokens_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  api_tokens_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  api_tokens_owner_is_member FOREIGN KEY (organization_id, user_id) REFERENCES weir.members(organization_id, user_id) ON DELETE CASCADE
  api_tokens_pkey PRIMARY KEY (id)
  api_tokens_token_hash_key UNIQUE (token_hash)
  row level security, forced

table weir.audit_chains
  chain text not null
  sequence bigint not null
  hash bytea not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  audit_chains_pkey PRIMARY KEY (chain)
  row level security, forced

table weir.audit_logs
  -- Append-only. No foreign keys: rows outlive who and what they name. hash = SHA-256 over the previous hash and the row's text, kept per organization.
  id uuid not null
  organization_id uuid
  chain text generated as COALESCE((organization_id)::text, 'platform'::text)
  sequence bigint not null
  actor_type text not null default 'user'::text
  actor_id uuid
  impersonator_id uuid
  action text not null
  target_type text not null
  target_id text
  before jsonb
  after jsonb
  ip inet
  user_agent text
  request_id uuid
  created_at timestamp with time zone not null default now()
  previous_hash bytea not null
  hash bytea not null
  reason text default "left"(NULLIF(current_setting('weir.platform_reason'::text, true), ''::text), 500)
  audit_logs_action_check CHECK (((length(action) >= 1) AND (length(action) <= 200)))
  audit_logs_actor_type_check CHECK ((actor_type = ANY (ARRAY['user'::text, 'key'::text, 'system'::text])))
  audit_logs_reason_check CHECK ((length(reason) <= 500))
  audit_logs_target_id_check CHECK ((length(target_id) <= 300))
  audit_logs_target_type_check CHECK (((length(target_type) >= 1) AND (length(target_type) <= 100)))
  audit_logs_user_agent_check CHECK ((length(user_agent) <= 1000))
  audit_logs_pkey PRIMARY KEY (id)
  audit_logs_chain_sequence_key UNIQUE (chain, sequence)
  row level security, forced

table weir.budget_amounts
  -- Every amount a budget had, by the time from which it was in force. Written by a trigger.
  budget_id uuid not null
  since timestamp with time zone not null
  amount_nano_usd bigint not null
  budget_amounts_amount_nano_usd_check CHECK ((amount_nano_usd > 0))
  budget_amounts_budget_id_fkey FOREIGN KEY (budget_id) REFERENCES weir.budgets(id) ON DELETE CASCADE
  budget_amounts_pkey PRIMARY KEY (budget_id, since)
  row level security, forced

table weir.budgets
  id uuid not null
  organization_id uuid  -- Null: the platform's, over all organizations (scope platform, or a feature everywhere).
  name text not null
  scope text not null
  department_id uuid
  feature_id uuid
  user_id uuid
  virtual_key_id uuid
  period text not null
  amount_nano_usd bigint not null
  alert_thresholds numeric(4,3)[] not null default '{0.8}'::numeric[]
  enforcement text not null default 'soft'::text
  rollover boolean not null default false
  is_active boolean not null default true
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  counting_since timestamp with time zone not null default now()  -- Since when its counter of this period counts without a gap: made, switched on, or given another period. Nothing is carried over from a window before it.
  opening_nano_usd bigint not null default 0  -- What was spent in its scope in the window opening_window_start before the counter counted; 0 in every other window.
  opening_window_start timestamp with time zone
  budgets_alert_thresholds_check CHECK ((((cardinality(alert_thresholds) >= 0) AND (cardinality(alert_thresholds) <= 10)) AND ((0)::numeric < ALL (alert_thresholds)) AND ((1)::numeric >= ALL (alert_thresholds))))
  budgets_amount_nano_usd_check CHECK ((amount_nano_usd > 0))
  budgets_enforcement_check CHECK ((enforcement = ANY (ARRAY['hard'::text, 'soft'::text])))
  budgets_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  budgets_opening_nano_usd_check CHECK ((opening_nano_usd >= 0))
  budgets_period_check CHECK ((period = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text, 'quarterly'::text])))
  budgets_scope_check CHECK ((scope = ANY (ARRAY['organization'::text, 'department'::text, 'feature'::text, 'user'::text, 'key'::text, 'platform'::text])))
  budgets_scope_names_its_reference CHECK (((num_nonnulls(department_id, feature_id, user_id, virtual_key_id) <= 1) AND ((scope = 'department'::text) = (department_id IS NOT NULL)) AND ((scope = 'feature'::text) = (feature_id IS NOT NULL)) AND ((scope = 'user'::text) = (user_id IS NOT NULL)) AND ((scope = 'key'::text) = (virtual_key_id IS NOT NULL)) AND
CASE scope
    WHEN 'platform'::text THEN (organization_id IS NULL)
    WHEN 'feature'::text THEN true
    ELSE (organization_id IS NOT NULL)
END))
  budgets_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  budgets_department_of_same_organization FOREIGN KEY (organization_id, department_id) REFERENCES weir.departments(organization_id, id) ON DELETE CASCADE
  budgets_feature_id_fkey FOREIGN KEY (feature_id) REFERENCES weir.features(id) ON DELETE CASCADE
  budgets_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  budgets_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  budgets_virtual_key_id_fkey FOREIGN KEY (virtual_key_id) REFERENCES weir.virtual_keys(id) ON DELETE CASCADE
  budgets_pkey PRIMARY KEY (id)
  row level security, forced

table weir.business_types
  slug text not null
  name text not null
  description text not null default ''::text
  sort_order integer not null default 0
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  business_types_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  business_types_slug_check CHECK ((slug ~ '^[a-z][a-z0-9_]{1,62}$'::text))
  business_types_pkey PRIMARY KEY (slug)
  row level security, forced

table weir.closed_windows
  period text not null
  act text not null
  window_end timestamp with time zone not null
  closed_at timestamp with time zone not null default now()
  closed_windows_act_check CHECK ((act = ANY (ARRAY['limits_renewed'::text, 'digest'::text])))
  closed_windows_period_check CHECK ((period = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text])))
  closed_windows_pkey PRIMARY KEY (period, act, window_end)
  row level security, forced

table weir.conversations
  -- A person's conversation with models, in one organization. Seen by that person alone.
  id uuid not null
  organization_id uuid not null
  user_id uuid not null
  title text not null
  persona_id uuid
  template_id bigint
  archived_at timestamp with time zone
  last_message_at timestamp with time zone not null default now()
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  conversations_title_check CHECK (((length(title) >= 1) AND (length(title) <= 200)))
  conversations_with_one CHECK (((persona_id IS NULL) OR (template_id IS NULL)))
  conversations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  conversations_persona_id_fkey FOREIGN KEY (persona_id) REFERENCES weir.personas(id) ON DELETE SET NULL
  conversations_template_id_fkey FOREIGN KEY (template_id) REFERENCES weir.templates(id) ON DELETE SET NULL
  conversations_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  conversations_pkey PRIMARY KEY (id)
  conversations_owner_once UNIQUE (id, organization_id, user_id)
  row level security, forced

table weir.counters
  -- One row per meter and window: used and held. No check of used + held against the limit: an overrun is legal, admission tests it.
  id bigint not null identity
  meter_key weir.meter_key not null
  window_start timestamp with time zone not null
  window_end timestamp with time zone not null
  organization_id uuid
  kind text not null
  unit weir.meter_unit not null
  lock_rank smallint not null  -- Scope class: key, user, department, feature, organization, platform. Batches lock by (lock_rank, id).
  used weir.meter_amount not null default 0
  held weir.meter_amount not null default 0
  limit_amount bigint  -- The limit of the last admission, for people to read; null is unlimited. Decisions use the limit that the request brings.
  created_at timestamp with time zone not null default now()
  counters_pkey PRIMARY KEY (meter_key, window_start)
  counters_id_key UNIQUE (id)
  row level security, forced

table weir.credit_grants
  -- Lots. Burn order: soonest expiry (null last), then lowest priority, then oldest effective_at, then id. No role writes it but through functions that write credit_ledger too.
  id uuid not null
  organization_id uuid not null
  credit_type text not null
  source text not null
  source_reference text not null default ''::text
  period_start timestamp with time zone  -- Start of the 30-day period of a plan lot; null for others.
  initial bigint not null
  remaining bigint not null
  held bigint not null default 0
  consumed bigint not null default 0
  expired bigint not null default 0
  voided bigint not null default 0
  priority smallint not null default 0
  effective_at timestamp with time zone not null default now()
  expires_at timestamp with time zone
  granted_by uuid
  notes text not null default ''::text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  credit_grants_consumed_check CHECK ((consumed >= 0))
  credit_grants_end_after_start CHECK ((expires_at > effective_at))
  credit_grants_expired_check CHECK ((expired >= 0))
  credit_grants_held_check CHECK ((held >= 0))
  credit_grants_initial_check CHECK ((initial > 0))
  credit_grants_notes_check CHECK ((length(notes) <= 2000))
  credit_grants_parts_sum_to_initial CHECK ((initial = ((((remaining + held) + consumed) + expired) + voided)))
  credit_grants_remaining_check CHECK ((remaining >= 0))
  credit_grants_source_check CHECK ((source = ANY (ARRAY['plan'::text, 'top_up'::text, 'admin'::text, 'promo'::text])))
  credit_grants_source_reference_check CHECK ((length(source_reference) <= 300))
  credit_grants_voided_check CHECK ((voided >= 0))
  credit_grants_credit_type_fkey FOREIGN KEY (credit_type) REFERENCES weir.credit_types(slug) ON UPDATE CASCADE
  credit_grants_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES weir.users(id) ON DELETE SET NULL
  credit_grants_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  credit_grants_pkey PRIMARY KEY (id)
  credit_grants_granted_once UNIQUE NULLS NOT DISTINCT (organization_id, source, source_reference, credit_type, period_start)
  row level security, forced

table weir.credit_ledger
  id uuid not null
  organization_id uuid not null
  credit_type text not null
  kind text not null
  amount bigint not null  -- Change of the balance: positive adds, negative takes.
  grant_id uuid
  allocations jsonb not null default '[]'::jsonb  -- Which lots, in burn order: [{"grant_id": …, "amount": …}].
  feature text
  user_id uuid  -- No foreign key: the entry outlives the person.
  request_id uuid
  idempotency_key text
  refund_of uuid
  reason text not null default ''::text
  created_at timestamp with time zone not null default now()
  is_charged boolean not null default true  -- False: recorded without touching a lot: the plan is unlimited in this type, or charging was switched off.
  balance_after bigint  -- What could be spent right after a deduction or refund; null for unlimited types and other kinds.
  request_hash bytea  -- SHA-256 of what was asked for under the idempotency key: the same key for something else is refused.
  credit_ledger_allocations_check CHECK ((jsonb_typeof(allocations) = 'array'::text))
  credit_ledger_amount_check CHECK ((amount <> 0))
  credit_ledger_feature_check CHECK ((length(feature) <= 200))
  credit_ledger_idempotency_key_check CHECK ((length(idempotency_key) <= 255))
  credit_ledger_kind_check CHECK ((kind = ANY (ARRAY['grant'::text, 'deduct'::text, 'refund'::text, 'expire'::text, 'adjust'::text])))
  credit_ledger_reason_check CHECK ((length(reason) <= 2000))
  credit_ledger_refund_names_its_entry CHECK (((kind = 'refund'::text) = (refund_of IS NOT NULL)))
  credit_ledger_request_hash_check CHECK ((octet_length(request_hash) = 32))
  credit_ledger_sign_fits_kind CHECK (
CASE kind
    WHEN 'grant'::text THEN (amount > 0)
    WHEN 'refund'::text THEN (amount > 0)
    WHEN 'deduct'::text THEN (amount < 0)
    WHEN 'expire'::text THEN (amount < 0)
    ELSE true
END)
  credit_ledger_uncharged_is_use CHECK ((is_charged OR (kind = ANY (ARRAY['deduct'::text, 'refund'::text]))))
  credit_ledger_credit_type_fkey FOREIGN KEY (credit_type) REFERENCES weir.credit_types(slug) ON UPDATE CASCADE
  credit_ledger_grant_id_fkey FOREIGN KEY (grant_id) REFERENCES weir.credit_grants(id) ON DELETE CASCADE
  credit_ledger_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  credit_ledger_refund_of_fkey FOREIGN KEY (refund_of) REFERENCES weir.credit_ledger(id) ON DELETE CASCADE
  credit_ledger_pkey PRIMARY KEY (id)
  credit_ledger_refund_of_key UNIQUE (refund_of)
  row level security, forced

table weir.credit_types
  slug text not null
  name text not null
  description text not null default ''::text
  sort_order integer not null default 0
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  credit_types_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  credit_types_slug_check CHECK ((slug ~ '^[a-z][a-z0-9_]{1,62}$'::text))
  credit_types_pkey PRIMARY KEY (slug)
  row level security, forced

table weir.credit_use
  -- Use of credits in a 30-day period: in all, by feature, and by person and feature. Derived from credit_ledger in the transaction of each entry.
  organization_id uuid not null
  period_start timestamp with time zone not null
  credit_type text not null
  kind text not null
  feature text not null default ''::text  -- Empty: of no feature; in totals always.
  user_id uuid not null default '00000000-0000-0000-0000-000000000000'::uuid  -- All zero: of no person; in totals and by feature always.
  used bigint not null  -- Deductions less refunds, whether from lots or not.
  charged bigint not null  -- The part of it that lots were charged.
  deducted bigint not null  -- The part of it that was no call of the gateway.
  uses bigint not null
  credit_use_kind_check CHECK ((kind = ANY (ARRAY['total'::text, 'feature'::text, 'person'::text])))
  credit_use_credit_type_fkey FOREIGN KEY (credit_type) REFERENCES weir.credit_types(slug) ON UPDATE CASCADE ON DELETE CASCADE
  credit_use_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  credit_use_pkey PRIMARY KEY (organization_id, period_start, kind, credit_type, feature, user_id)
  row level security, forced

table weir.credit_warnings
  -- Once a type and 30-day period: that less than a fifth was left. Its product event is written in the same transaction.
  organization_id uuid not null
  credit_type text not null
  period_start timestamp with time zone not null
  balance bigint not null
  allocated bigint not null
  created_at timestamp with time zone not null default now()
  credit_warnings_allocated_check CHECK ((allocated > 0))
  credit_warnings_balance_check CHECK ((balance >= 0))
  credit_warnings_credit_type_fkey FOREIGN KEY (credit_type) REFERENCES weir.credit_types(slug) ON UPDATE CASCADE ON DELETE CASCADE
  credit_warnings_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  credit_warnings_pkey PRIMARY KEY (organization_id, credit_type, period_start)
  row level security, forced

partitioned table weir.denial_traces by RANGE (denied_at)
  -- Why a call was denied: the rule, every meter without room. Kept for 30 days. No text of what was asked.
  id uuid not null  -- The call's id: its x-request-id, its usage event, the explain_id of its answer.
  denied_at timestamp with time zone not null
  organization_id uuid not null
  user_id uuid
  virtual_key_id uuid
  route text not null
  model text not null  -- As it was asked for: a model, a template, a feature, or nothing that there is.
  feature text
  environment text not null
  code text not null
  rule text
  message text not null
  meters jsonb not null default '[]'::jsonb
  details jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  denial_traces_code_check CHECK ((length(code) <= 100))
  denial_traces_details_check CHECK ((jsonb_typeof(details) = 'object'::text))
  denial_traces_environment_check CHECK ((length(environment) <= 300))
  denial_traces_feature_check CHECK ((length(feature) <= 300))
  denial_traces_message_check CHECK ((length(message) <= 4000))
  denial_traces_meters_check CHECK ((jsonb_typeof(meters) = 'array'::text))
  denial_traces_model_check CHECK ((length(model) <= 300))
  denial_traces_route_check CHECK ((length(route) <= 100))
  denial_traces_rule_check CHECK ((length(rule) <= 100))
  denial_traces_pkey PRIMARY KEY (id, denied_at)
  row level security, forced

table weir.departments
  id uuid not null
  organization_id uuid not null
  name text not null
  cost_centre_code text
  manager_user_id uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  departments_cost_centre_code_check CHECK ((length(cost_centre_code) <= 100))
  departments_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  departments_manager_is_member FOREIGN KEY (organization_id, manager_user_id) REFERENCES weir.members(organization_id, user_id) ON DELETE SET NULL (manager_user_id) DEFERRABLE INITIALLY DEFERRED
  departments_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  departments_pkey PRIMARY KEY (id)
  departments_organization_id_id_key UNIQUE (organization_id, id)
  departments_organization_id_name_key UNIQUE (organization_id, name)
  row level security, forced

table weir.deployments
  id uuid not null
  feature_id uuid not null
  environment text not null
  model_id text not null
  prompt_version_id uuid
  config_overrides jsonb not null default '{}'::jsonb
  is_active boolean not null default true
  assigned_at timestamp with time zone not null default now()
  assigned_by uuid
  note text not null default ''::text
  deactivated_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  deployments_config_overrides_check CHECK ((jsonb_typeof(config_overrides) = 'object'::text))
  deployments_environment_check CHECK ((environment = ANY (ARRAY['development'::text, 'staging'::text, 'production'::text])))
  deployments_note_check CHECK ((length(note) <= 2000))
  deployments_assigned_by_fkey FOREIGN KEY (assigned_by) REFERENCES weir.users(id) ON DELETE SET NULL
  deployments_feature_id_fkey FOREIGN KEY (feature_id) REFERENCES weir.features(id) ON DELETE CASCADE
  deployments_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE RESTRICT
  deployments_prompt_version_id_fkey FOREIGN KEY (prompt_version_id) REFERENCES weir.prompt_versions(id) ON DELETE SET NULL
  deployments_pkey PRIMARY KEY (id)
  row level security, forced

table weir.entitlements
  id uuid not null
  user_id uuid
  organization_id uuid
  model_id text
  product_id uuid
  source text not null
  purchase_id uuid
  granted_by uuid
  notes text not null default ''::text
  granted_at timestamp with time zone not null default now()
  expires_at timestamp with time zone
  revoked_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  entitlements_end_after_start CHECK ((expires_at > granted_at))
  entitlements_notes_check CHECK ((length(notes) <= 2000))
  entitlements_one_holder CHECK ((num_nonnulls(user_id, organization_id) = 1))
  entitlements_one_object CHECK ((num_nonnulls(model_id, product_id) = 1))
  entitlements_source_check CHECK ((source = ANY (ARRAY['purchase'::text, 'admin_grant'::text, 'trial'::text, 'plan'::text])))
  entitlements_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES weir.users(id) ON DELETE SET NULL
  entitlements_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE CASCADE
  entitlements_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  entitlements_product_id_fkey FOREIGN KEY (product_id) REFERENCES weir.products(id) ON DELETE CASCADE
  entitlements_purchase_id_fkey FOREIGN KEY (purchase_id) REFERENCES weir.purchases(id) ON DELETE SET NULL
  entitlements_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  entitlements_pkey PRIMARY KEY (id)
  row level security, forced

table weir.fact_versions
  -- Version of the facts of a scope. Rises in the transaction of each change; the row lock orders writers of one scope, so a reader that takes the version first never keeps older facts under a newer version.
  scope text not null
  version bigint not null
  changed_at timestamp with time zone not null
  fact_versions_version_check CHECK ((version > 0))
  fact_versions_pkey PRIMARY KEY (scope)
  row level security, forced

table weir.features
  id uuid not null
  name text not null
  display_name text not null
  description text not null default ''::text
  status text not null default 'active'::text
  config jsonb not null default '{}'::jsonb
  metadata jsonb not null default '{}'::jsonb
  credit_type text
  credits_per_action bigint  -- Null: free.
  payload_logging boolean not null default false
  payload_retention_days integer not null default 30
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  features_config_check CHECK ((jsonb_typeof(config) = 'object'::text))
  features_credits_come_together CHECK (((credit_type IS NULL) = (credits_per_action IS NULL)))
  features_credits_per_action_check CHECK ((credits_per_action > 0))
  features_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 200)))
  features_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text))
  features_name_check CHECK ((name ~ '^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$'::text))
  features_payload_retention_days_check CHECK (((payload_retention_days >= 1) AND (payload_retention_days <= 3650)))
  features_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'maintenance'::text])))
  features_credit_type_fkey FOREIGN KEY (credit_type) REFERENCES weir.credit_types(slug) ON UPDATE CASCADE
  features_pkey PRIMARY KEY (id)
  features_name_key UNIQUE (name)
  row level security, forced

table weir.former_members
  organization_id uuid not null
  user_id uuid not null
  left_at timestamp with time zone not null default now()
  created_at timestamp with time zone not null default now()
  former_members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  former_members_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  former_members_pkey PRIMARY KEY (organization_id, user_id)
  row level security, forced

table weir.holds
  -- What open calls have set aside. The row goes when the call ends; its usage event takes its place in the same transaction.
  id uuid not null
  organization_id uuid not null
  created_at timestamp with time zone not null
  expires_at timestamp with time zone not null
  ttl_ms bigint not null
  counter_ids bigint[] not null
  amounts bigint[] not null
  granted_output bigint not null
  credit_type text
  credit_amount bigint
  lot_ids uuid[]  -- Lots of credits it took from, in burn-down order. Null: none; empty: none, and the hold has grown since it was made.
  lot_amounts bigint[]
  estimated_input bigint not null
  estimated_cost bigint
  dimensions jsonb not null
  holds_check CHECK ((cardinality(counter_ids) = cardinality(amounts)))
  holds_pkey PRIMARY KEY (id)
  row level security, forced

table weir.idempotency_keys
  organization_id uuid not null  -- No foreign key of its own: the key's is enough, and every call with a key pays for each.
  virtual_key_id uuid not null
  key text not null
  request_hash bytea not null
  request_id uuid not null
  state text not null default 'in_progress'::text
  status integer
  headers jsonb
  response bytea  -- Ciphertext of the answer.
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  idempotency_keys_completed_has_answer CHECK (((state = 'in_progress'::text) OR (status IS NOT NULL)))
  idempotency_keys_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
  idempotency_keys_request_hash_check CHECK ((octet_length(request_hash) = 32))
  idempotency_keys_state_check CHECK ((state = ANY (ARRAY['in_progress'::text, 'completed'::text])))
  idempotency_keys_status_check CHECK (((status >= 100) AND (status <= 599)))
  idempotency_keys_virtual_key_id_fkey FOREIGN KEY (virtual_key_id) REFERENCES weir.virtual_keys(id) ON DELETE CASCADE
  idempotency_keys_pkey PRIMARY KEY (virtual_key_id, key)
  row level security, forced

table weir.invitations
  id uuid not null
  organization_id uuid not null
  email text not null
  role text not null default 'member'::text
  department_id uuid
  token_hash bytea not null
  inviter_id uuid
  status text not null default 'pending'::text
  expires_at timestamp with time zone not null
  sent_count integer not null default 1
  last_sent_at timestamp with time zone not null default now()
  accepted_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  invitations_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 320))))
  invitations_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text])))
  invitations_sent_count_check CHECK ((sent_count > 0))
  invitations_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'accepted'::text, 'revoked'::text, 'expired'::text])))
  invitations_token_hash_check CHECK ((octet_length(token_hash) = 32))
  invitations_department_of_same_organization FOREIGN KEY (organization_id, department_id) REFERENCES weir.departments(organization_id, id) ON DELETE SET NULL (department_id)
  invitations_inviter_id_fkey FOREIGN KEY (inviter_id) REFERENCES weir.users(id) ON DELETE SET NULL
  invitations_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  invitations_pkey PRIMARY KEY (id)
  invitations_token_hash_key UNIQUE (token_hash)
  row level security, forced

table weir.job_runs
  id uuid not null default weir_private.uuid_v7()
  job text not null
  cause text not null
  status text not null default 'running'::text  -- lost: whoever ran it went away without saying how it ended.
  attempt smallint not null default 1
  started_at timestamp with time zone not null
  finished_at timestamp with time zone
  counts jsonb not null default '{}'::jsonb
  error text  -- Redacted; for people to read.
  job_runs_attempt_check CHECK ((attempt > 0))
  job_runs_cause_check CHECK ((cause = ANY (ARRAY['schedule'::text, 'catch_up'::text, 'manual'::text])))
  job_runs_counts_check CHECK ((jsonb_typeof(counts) = 'object'::text))
  job_runs_error_check CHECK ((length(error) <= 2000))
  job_runs_finished_has_time CHECK (((status = 'running'::text) = (finished_at IS NULL)))
  job_runs_job_check CHECK ((job ~ '^[a-z][a-z0-9_]{1,60}$'::text))
  job_runs_status_check CHECK ((status = ANY (ARRAY['running'::text, 'succeeded'::text, 'failed'::text, 'lost'::text])))
  job_runs_pkey PRIMARY KEY (id)
  row level security, forced

table weir.limit_overrides
  -- A limit that was raised for one person, or an organization's quota that was raised, for a time. Ends by itself.
  id uuid not null
  organization_id uuid not null
  user_id uuid
  kind text not null
  template_id bigint
  model_id text
  budget_id uuid
  amount bigint not null  -- The whole limit, not what is added, in the unit of its kind.
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone  -- Null: until it is revoked.
  request_id uuid
  granted_by uuid
  revoked_at timestamp with time zone
  revoked_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  limit_overrides_amount_check CHECK ((amount > 0))
  limit_overrides_end_after_start CHECK ((ends_at > starts_at))
  limit_overrides_for_a_person CHECK (((kind = 'organization_quota'::text) = (user_id IS NULL)))
  limit_overrides_kind_check CHECK ((kind = ANY (ARRAY['template_limit'::text, 'organization_quota'::text, 'budget'::text, 'daily_messages'::text])))
  limit_overrides_one_target CHECK ((((kind = 'template_limit'::text) = (template_id IS NOT NULL)) AND ((kind = 'daily_messages'::text) = (model_id IS NOT NULL)) AND ((kind = 'budget'::text) = (budget_id IS NOT NULL))))
  limit_overrides_budget_id_fkey FOREIGN KEY (budget_id) REFERENCES weir.budgets(id) ON DELETE CASCADE
  limit_overrides_granted_by_fkey FOREIGN KEY (granted_by) REFERENCES weir.users(id) ON DELETE SET NULL
  limit_overrides_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON DELETE CASCADE
  limit_overrides_of_a_member FOREIGN KEY (organization_id, user_id) REFERENCES weir.members(organization_id, user_id) ON DELETE CASCADE
  limit_overrides_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  limit_overrides_request_id_fkey FOREIGN KEY (request_id) REFERENCES weir.limit_requests(id) ON DELETE SET NULL
  limit_overrides_revoked_by_fkey FOREIGN KEY (revoked_by) REFERENCES weir.users(id) ON DELETE SET NULL
  limit_overrides_template_id_fkey FOREIGN KEY (template_id) REFERENCES weir.templates(id) ON DELETE CASCADE
  limit_overrides_pkey PRIMARY KEY (id)
  limit_overrides_once_a_request UNIQUE (request_id)
  row level security, forced

table weir.limit_requests
  -- A person asks for a higher limit. Gone with the membership; what was decided stays in the audit log.
  id uuid not null
  organization_id uuid not null
  user_id uuid not null
  kind text not null
  template_id bigint
  model_id text
  budget_id uuid
  requested bigint not null  -- The limit asked for, in the unit of its kind: tokens, messages, nano-USD.
  limit_then bigint not null  -- The limit in force when it was asked.
  reason text not null
  status text not null default 'open'::text
  decided_by uuid
  decided_at timestamp with time zone
  decision_reason text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  limit_requests_decided_has_time CHECK (((status = 'open'::text) = (decided_at IS NULL)))
  limit_requests_decision_reason_check CHECK (((length(decision_reason) >= 1) AND (length(decision_reason) <= 2000)))
  limit_requests_kind_check CHECK ((kind = ANY (ARRAY['template_limit'::text, 'organization_quota'::text, 'budget'::text, 'daily_messages'::text])))
  limit_requests_limit_then_check CHECK ((limit_then >= 0))
  limit_requests_one_target CHECK ((((kind = 'template_limit'::text) = (template_id IS NOT NULL)) AND ((kind = 'daily_messages'::text) = (model_id IS NOT NULL)) AND ((kind = 'budget'::text) = (budget_id IS NOT NULL))))
  limit_requests_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 2000)))
  limit_requests_requested_check CHECK ((requested > 0))
  limit_requests_status_check CHECK ((status = ANY (ARRAY['open'::text, 'approved'::text, 'denied'::text])))
  limit_requests_budget_id_fkey FOREIGN KEY (budget_id) REFERENCES weir.budgets(id) ON DELETE CASCADE
  limit_requests_decided_by_fkey FOREIGN KEY (decided_by) REFERENCES weir.users(id) ON DELETE SET NULL
  limit_requests_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON DELETE CASCADE
  limit_requests_of_a_member FOREIGN KEY (organization_id, user_id) REFERENCES weir.members(organization_id, user_id) ON DELETE CASCADE
  limit_requests_template_id_fkey FOREIGN KEY (template_id) REFERENCES weir.templates(id) ON DELETE CASCADE
  limit_requests_pkey PRIMARY KEY (id)
  row level security, forced

table weir.mail_outbox
  id uuid not null
  kind text not null
  to_address text not null
  subject text not null
  text_body text not null
  html_body text
  status text not null default 'pending'::text  -- kept: no mail server is configured; the mail stays here to be read.
  attempts integer not null default 0
  last_error text
  next_attempt_at timestamp with time zone not null default now()
  sent_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  mail_outbox_attempts_check CHECK ((attempts >= 0))
  mail_outbox_html_body_check CHECK ((length(html_body) <= 500000))
  mail_outbox_kind_check CHECK (((length(kind) >= 1) AND (length(kind) <= 100)))
  mail_outbox_last_error_check CHECK ((length(last_error) <= 2000))
  mail_outbox_sent_has_time CHECK (((status = 'sent'::text) = (sent_at IS NOT NULL)))
  mail_outbox_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text, 'kept'::text])))
  mail_outbox_subject_check CHECK (((length(subject) <= 500) AND (subject !~ '[\r\n]'::text)))
  mail_outbox_text_body_check CHECK ((length(text_body) <= 100000))
  mail_outbox_to_address_check CHECK ((((length(to_address) >= 3) AND (length(to_address) <= 320)) AND (to_address !~ '[\r\n]'::text)))
  mail_outbox_pkey PRIMARY KEY (id)
  row level security, forced

table weir.members
  id uuid not null
  organization_id uuid not null
  user_id uuid not null
  role text not null
  department_id uuid
  status text not null default 'active'::text
  paused_until timestamp with time zone
  pause_reason text
  joined_at timestamp with time zone not null default now()
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  members_pause_only_while_paused CHECK (((status = 'paused'::text) OR ((paused_until IS NULL) AND (pause_reason IS NULL))))
  members_pause_reason_check CHECK ((length(pause_reason) <= 2000))
  members_role_check CHECK ((role = ANY (ARRAY['owner'::text, 'admin'::text, 'member'::text])))
  members_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text])))
  members_department_of_same_organization FOREIGN KEY (organization_id, department_id) REFERENCES weir.departments(organization_id, id) ON DELETE SET NULL (department_id)
  members_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  members_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  members_pkey PRIMARY KEY (id)
  members_organization_id_user_id_key UNIQUE (organization_id, user_id)
  row level security, forced

table weir.messages
  id uuid not null
  conversation_id uuid not null
  organization_id uuid not null  -- The conversation's, as user_id is: the wall is in each row.
  user_id uuid not null
  role text not null
  content text not null default ''::text
  status text not null  -- cancelled: the person stopped it; failed: the model broke off. Both keep what came. streaming for long: its server is gone.
  finish_reason text
  error_code text
  model_id text  -- As it was called then; no reference, so that a model can go.
  fallback text
  request_id uuid  -- Id of the call and of its usage event.
  input_tokens bigint
  output_tokens bigint
  cost_nano_usd bigint  -- Null: not known.
  is_trial boolean not null default false
  trial_remaining bigint
  idempotency_key text
  request_hash bytea  -- SHA-256 of what was asked with the idempotency key.
  superseded_at timestamp with time zone  -- When another answer was asked for in its place.
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  messages_content_check CHECK ((length(content) <= 2000000))
  messages_cost_nano_usd_check CHECK ((cost_nano_usd >= 0))
  messages_error_code_check CHECK ((length(error_code) <= 100))
  messages_fallback_check CHECK ((length(fallback) <= 100))
  messages_finish_reason_check CHECK ((length(finish_reason) <= 100))
  messages_idempotency_key_check CHECK (((length(idempotency_key) >= 1) AND (length(idempotency_key) <= 255)))
  messages_input_tokens_check CHECK ((input_tokens >= 0))
  messages_key_comes_with_hash CHECK (((idempotency_key IS NULL) = (request_hash IS NULL)))
  messages_model_id_check CHECK ((length(model_id) <= 300))
  messages_only_answers_come_slowly CHECK (((role = 'assistant'::text) OR (status = 'complete'::text)))
  messages_output_tokens_check CHECK ((output_tokens >= 0))
  messages_request_hash_check CHECK ((octet_length(request_hash) = 32))
  messages_role_check CHECK ((role = ANY (ARRAY['user'::text, 'assistant'::text])))
  messages_status_check CHECK ((status = ANY (ARRAY['complete'::text, 'streaming'::text, 'cancelled'::text, 'failed'::text])))
  messages_of_their_conversation FOREIGN KEY (conversation_id, organization_id, user_id) REFERENCES weir.conversations(id, organization_id, user_id) ON DELETE CASCADE
  messages_pkey PRIMARY KEY (id)
  row level security, forced

table weir.model_prices
  -- A price from a moment on; rows never change, so an event keeps the price of its day. Null: cached input and cache writes cost as input, one-hour writes as cache writes, reasoning as output. When the whole input is longer than long_context_above_tokens, all tokens of the call cost the long_context prices.
  id uuid not null
  model_id text not null
  effective_from timestamp with time zone not null
  input_nano_usd_per_million bigint not null
  output_nano_usd_per_million bigint not null
  cached_input_nano_usd_per_million bigint
  cache_write_nano_usd_per_million bigint
  cache_write_1h_nano_usd_per_million bigint
  reasoning_nano_usd_per_million bigint
  request_nano_usd bigint not null default 0
  long_context_above_tokens bigint
  long_context_input_nano_usd_per_million bigint
  long_context_output_nano_usd_per_million bigint
  long_context_cached_input_nano_usd_per_million bigint
  long_context_cache_write_nano_usd_per_million bigint
  long_context_cache_write_1h_nano_usd_per_million bigint
  source text not null default 'admin'::text
  created_by uuid
  created_at timestamp with time zone not null default now()
  price_import_id uuid
  model_prices_cache_write_1h_nano_usd_per_million_check CHECK ((cache_write_1h_nano_usd_per_million >= 0))
  model_prices_cache_write_nano_usd_per_million_check CHECK ((cache_write_nano_usd_per_million >= 0))
  model_prices_cached_input_nano_usd_per_million_check CHECK ((cached_input_nano_usd_per_million >= 0))
  model_prices_import_names_its_proposal CHECK (((source = 'import'::text) = (price_import_id IS NOT NULL)))
  model_prices_input_nano_usd_per_million_check CHECK ((input_nano_usd_per_million >= 0))
  model_prices_long_context_above_tokens_check CHECK ((long_context_above_tokens > 0))
  model_prices_long_context_cache_write_1h_nano_usd_per_mil_check CHECK ((long_context_cache_write_1h_nano_usd_per_million >= 0))
  model_prices_long_context_cache_write_nano_usd_per_millio_check CHECK ((long_context_cache_write_nano_usd_per_million >= 0))
  model_prices_long_context_cached_input_nano_usd_per_milli_check CHECK ((long_context_cached_input_nano_usd_per_million >= 0))
  model_prices_long_context_comes_together CHECK ((((long_context_above_tokens IS NULL) = (long_context_input_nano_usd_per_million IS NULL)) AND ((long_context_above_tokens IS NULL) = (long_context_output_nano_usd_per_million IS NULL)) AND ((long_context_above_tokens IS NOT NULL) OR (num_nonnulls(long_context_cached_input_nano_usd_per_million, long_context_cache_write_nano_usd_per_million, long_context_cache_write_1h_nano_usd_per_million) = 0))))
  model_prices_long_context_input_nano_usd_per_million_check CHECK ((long_context_input_nano_usd_per_million >= 0))
  model_prices_long_context_output_nano_usd_per_million_check CHECK ((long_context_output_nano_usd_per_million >= 0))
  model_prices_output_nano_usd_per_million_check CHECK ((output_nano_usd_per_million >= 0))
  model_prices_reasoning_nano_usd_per_million_check CHECK ((reasoning_nano_usd_per_million >= 0))
  model_prices_request_nano_usd_check CHECK ((request_nano_usd >= 0))
  model_prices_source_check CHECK ((source = ANY (ARRAY['seed'::text, 'admin'::text, 'import'::text])))
  model_prices_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE CASCADE
  model_prices_price_import_id_fkey FOREIGN KEY (price_import_id) REFERENCES weir.price_imports(id)
  model_prices_pkey PRIMARY KEY (id)
  model_prices_model_id_effective_from_key UNIQUE (model_id, effective_from)
  row level security, forced

table weir.models
  id text not null
  provider_id uuid not null
  provider_model_id text not null
  version text not null default ''::text
  display_name text not null
  description text not null default ''::text
  model_type text not null
  tier text not null default 'free'::text
  status text not null default 'available'::text
  enabled boolean not null default false
  is_system_default boolean not null default false
  capabilities text[] not null default '{}'::text[]
  context_window bigint
  max_output_tokens bigint
  price_cents bigint
  stripe_product_id text
  stripe_price_id text
  rate_limit_messages_per_day bigint  -- Null: unlimited.
  trial_messages_allowed bigint not null default 0
  metadata jsonb not null default '{}'::jsonb
  fallback_model_ids text[] not null default '{}'::text[]
  sort_order integer not null default 0
  archived_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  retires_at timestamp with time zone  -- From then on calls are not sent to it; they go to its replacement where there is one. Null: no end is known.
  replacement_model_id text  -- What answers in its place once it is retired.
  models_badges_from_1_to_5 CHECK ((((NOT (metadata ? 'speed'::text)) OR ((((metadata ->> 'speed'::text))::numeric >= (1)::numeric) AND (((metadata ->> 'speed'::text))::numeric <= (5)::numeric))) AND ((NOT (metadata ? 'quality'::text)) OR ((((metadata ->> 'quality'::text))::numeric >= (1)::numeric) AND (((metadata ->> 'quality'::text))::numeric <= (5)::numeric)))))
  models_context_window_check CHECK ((context_window > 0))
  models_display_name_check CHECK (((length(display_name) >= 1) AND (length(display_name) <= 200)))
  models_id_check CHECK (((id ~ '^[a-z0-9][a-z0-9._-]{0,126}$'::text) AND (id <> 'auto'::text)))
  models_max_output_tokens_check CHECK ((max_output_tokens > 0))
  models_metadata_check CHECK ((jsonb_typeof(metadata) = 'object'::text))
  models_model_type_check CHECK ((model_type = ANY (ARRAY['llm'::text, 'vision'::text, 'embedding'::text, 'custom'::text])))
  models_no_fallback_to_itself CHECK ((NOT (id = ANY (fallback_model_ids))))
  models_no_replacement_by_itself CHECK ((replacement_model_id <> id))
  models_price_cents_check CHECK ((price_cents > 0))
  models_price_only_for_premium CHECK (((tier = 'premium'::text) OR (price_cents IS NULL)))
  models_provider_model_id_check CHECK (((length(provider_model_id) >= 1) AND (length(provider_model_id) <= 300)))
  models_rate_limit_messages_per_day_check CHECK ((rate_limit_messages_per_day > 0))
  models_status_check CHECK ((status = ANY (ARRAY['available'::text, 'beta'::text, 'deprecated'::text, 'unavailable'::text])))
  models_tier_check CHECK ((tier = ANY (ARRAY['free'::text, 'premium'::text])))
  models_trial_messages_allowed_check CHECK ((trial_messages_allowed >= 0))
  models_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES weir.providers(id) ON DELETE CASCADE
  models_replacement_model_id_fkey FOREIGN KEY (replacement_model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE SET NULL
  models_pkey PRIMARY KEY (id)
  models_provider_id_provider_model_id_version_key UNIQUE (provider_id, provider_model_id, version)
  row level security, forced

table weir.notification_deliveries
  id uuid not null default weir_private.uuid_v7()
  notification_id uuid not null
  channel text not null
  status text not null default 'pending'::text
  attempts integer not null default 0
  last_error text
  provider_id text
  next_attempt_at timestamp with time zone not null default now()
  sent_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  notification_deliveries_attempts_check CHECK ((attempts >= 0))
  notification_deliveries_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'email'::text, 'webhook'::text])))
  notification_deliveries_last_error_check CHECK ((length(last_error) <= 2000))
  notification_deliveries_provider_id_check CHECK ((length(provider_id) <= 300))
  notification_deliveries_sent_has_time CHECK (((status = 'sent'::text) = (sent_at IS NOT NULL)))
  notification_deliveries_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'sent'::text, 'failed'::text, 'dead'::text])))
  notification_deliveries_notification_id_fkey FOREIGN KEY (notification_id) REFERENCES weir.notifications(id) ON DELETE CASCADE
  notification_deliveries_pkey PRIMARY KEY (id)
  notification_deliveries_once UNIQUE (notification_id, channel)
  row level security, forced

table weir.notification_preferences
  -- What a person chose; without a row the default of the type holds.
  user_id uuid not null
  type text not null
  channel text not null
  is_enabled boolean not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  notification_preferences_channel_check CHECK ((channel = ANY (ARRAY['in_app'::text, 'email'::text, 'webhook'::text])))
  notification_preferences_type_check CHECK ((type ~ '^[a-z][a-z0-9_]{1,98}$'::text))
  notification_preferences_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  notification_preferences_pkey PRIMARY KEY (user_id, type, channel)
  row level security, forced

table weir.notifications
  id uuid not null default weir_private.uuid_v7()
  sequence bigint not null identity
  user_id uuid not null
  organization_id uuid  -- Null: not of an organization (the platform, or the person).
  type text not null
  title text not null
  body text not null
  data jsonb not null default '{}'::jsonb
  dedupe_key text not null
  read_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  notifications_body_check CHECK ((length(body) <= 4000))
  notifications_data_check CHECK ((jsonb_typeof(data) = 'object'::text))
  notifications_dedupe_key_check CHECK (((length(dedupe_key) >= 1) AND (length(dedupe_key) <= 300)))
  notifications_title_check CHECK (((length(title) >= 1) AND (length(title) <= 300)))
  notifications_type_check CHECK ((type ~ '^[a-z][a-z0-9_]{1,98}$'::text))
  notifications_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  notifications_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  notifications_pkey PRIMARY KEY (id)
  notifications_once UNIQUE (user_id, dedupe_key)
  notifications_sequence_key UNIQUE (sequence)
  row level security, forced

table weir.org_system_model_config
  -- No row: not enabled for users, and the template's own limit.
  id uuid not null
  organization_id uuid not null
  template_id bigint not null
  is_enabled_for_users boolean not null default false
  token_limit_per_user bigint  -- Null: the template's default.
  updated_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  org_system_model_config_token_limit_per_user_check CHECK ((token_limit_per_user > 0))
  org_system_model_config_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  org_system_model_config_template_id_fkey FOREIGN KEY (template_id) REFERENCES weir.templates(id) ON DELETE CASCADE
  org_system_model_config_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES weir.users(id) ON DELETE SET NULL
  org_system_model_config_pkey PRIMARY KEY (id)
  org_system_model_config_organization_id_template_id_key UNIQUE (organization_id, template_id)
  row level security, forced

table weir.organization_domains
  id uuid not null
  organization_id uuid not null
  domain text not null
  verification_token text not null
  method text not null
  auto_join boolean not null default false
  verified_at timestamp with time zone
  last_checked_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  organization_domains_domain_check CHECK (((domain = lower(domain)) AND (domain ~ '^[a-z0-9.-]{1,252}\.[a-z0-9-]{2,63}$'::text)))
  organization_domains_join_only_when_verified CHECK (((NOT auto_join) OR (verified_at IS NOT NULL)))
  organization_domains_method_check CHECK ((method = ANY (ARRAY['dns_txt'::text, 'http_file'::text])))
  organization_domains_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  organization_domains_pkey PRIMARY KEY (id)
  organization_domains_organization_id_domain_key UNIQUE (organization_id, domain)
  row level security, forced

table weir.organizations
  id uuid not null
  name text not null
  slug text not null
  logo text
  business_type text not null
  pricing_plan text not null default 'free'::text
  status text not null default 'active'::text
  status_reason text
  token_quota_monthly bigint  -- Null: the plan's.
  can_create_custom_models boolean not null default true
  max_custom_models integer not null default 10
  default_model_id text
  stripe_customer_id text
  billing_email text
  settings jsonb not null default '{}'::jsonb
  credit_anchor_at timestamp with time zone not null default now()  -- Anniversary from which the 30-day credit periods are counted.
  deletion_requested_at timestamp with time zone
  delete_after timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  organizations_billing_email_check CHECK ((length(billing_email) <= 320))
  organizations_deletion_comes_together CHECK (((deletion_requested_at IS NULL) = (delete_after IS NULL)))
  organizations_max_custom_models_check CHECK ((max_custom_models >= 0))
  organizations_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  organizations_settings_check CHECK ((jsonb_typeof(settings) = 'object'::text))
  organizations_slug_check CHECK ((slug ~ '^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$'::text))
  organizations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text])))
  organizations_token_quota_monthly_check CHECK ((token_quota_monthly >= 0))
  organizations_business_type_fkey FOREIGN KEY (business_type) REFERENCES weir.business_types(slug) ON UPDATE CASCADE
  organizations_default_model_id_fkey FOREIGN KEY (default_model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE SET NULL
  organizations_pricing_plan_fkey FOREIGN KEY (pricing_plan) REFERENCES weir.plans(slug) ON UPDATE CASCADE
  organizations_pkey PRIMARY KEY (id)
  organizations_slug_key UNIQUE (slug)
  organizations_stripe_customer_id_key UNIQUE (stripe_customer_id)
  row level security, forced

table weir.personas
  id uuid not null
  slug text not null
  name text not null
  description text not null default ''::text
  avatar text
  system_prompt text not null default ''::text
  default_model_id text
  scope text not null
  organization_id uuid
  is_active boolean not null default true
  sort_order integer not null default 0
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  personas_avatar_check CHECK ((length(avatar) <= 2000))
  personas_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  personas_scope_check CHECK ((scope = ANY (ARRAY['platform'::text, 'organization'::text])))
  personas_scope_names_its_owner CHECK (((scope = 'organization'::text) = (organization_id IS NOT NULL)))
  personas_slug_check CHECK ((slug ~ '^[a-z0-9](?:[a-z0-9_-]{0,98}[a-z0-9])?$'::text))
  personas_default_model_id_fkey FOREIGN KEY (default_model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE SET NULL
  personas_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  personas_pkey PRIMARY KEY (id)
  personas_slug_once UNIQUE NULLS NOT DISTINCT (organization_id, slug)
  row level security, forced

table weir.plan_credit_allocations
  plan_slug text not null
  credit_type text not null
  amount bigint  -- Credits per 30-day period. Null: unlimited.
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  plan_credit_allocations_amount_check CHECK ((amount >= 0))
  plan_credit_allocations_credit_type_fkey FOREIGN KEY (credit_type) REFERENCES weir.credit_types(slug) ON DELETE CASCADE
  plan_credit_allocations_plan_slug_fkey FOREIGN KEY (plan_slug) REFERENCES weir.plans(slug) ON DELETE CASCADE
  plan_credit_allocations_pkey PRIMARY KEY (plan_slug, credit_type)
  row level security, forced

table weir.plans
  slug text not null
  level smallint not null
  name text not null
  description text not null default ''::text
  monthly_price_nano_usd bigint  -- Null: by agreement.
  yearly_price_nano_usd bigint
  stripe_product_id text
  stripe_monthly_price_id text
  stripe_yearly_price_id text
  token_quota_monthly bigint  -- Null: unlimited.
  max_custom_models integer not null
  can_create_custom_models boolean not null
  max_members integer  -- Null: unlimited.
  can_use_credits boolean not null
  feature_flags jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  plans_feature_flags_check CHECK ((jsonb_typeof(feature_flags) = 'object'::text))
  plans_level_check CHECK (((level >= 0) AND (level <= 3)))
  plans_max_custom_models_check CHECK ((max_custom_models >= 0))
  plans_max_members_check CHECK ((max_members > 0))
  plans_monthly_price_nano_usd_check CHECK ((monthly_price_nano_usd >= 0))
  plans_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  plans_slug_check CHECK ((slug = ANY (ARRAY['free'::text, 'starter'::text, 'pro'::text, 'enterprise'::text])))
  plans_token_quota_monthly_check CHECK ((token_quota_monthly >= 0))
  plans_yearly_price_nano_usd_check CHECK ((yearly_price_nano_usd >= 0))
  plans_pkey PRIMARY KEY (slug)
  plans_level_key UNIQUE (level)
  row level security, forced

table weir.price_import_items
  price_import_id uuid not null
  model_id text not null
  base_price_id uuid  -- The price that was in force when it was compared; null: there was none. No reference: prices go with their model.
  proposed jsonb not null  -- The whole proposed price, amounts in nano-USD as text.
  changes jsonb not null  -- What differs: field, from, to (nano-USD as text, or null) and percent.
  applied_price_id uuid
  applied_by uuid
  applied_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  price_import_items_applied_comes_together CHECK (((applied_price_id IS NULL) = (applied_at IS NULL)))
  price_import_items_changes_check CHECK ((jsonb_typeof(changes) = 'array'::text))
  price_import_items_proposed_check CHECK ((jsonb_typeof(proposed) = 'object'::text))
  price_import_items_applied_by_fkey FOREIGN KEY (applied_by) REFERENCES weir.users(id) ON DELETE SET NULL
  price_import_items_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE CASCADE
  price_import_items_price_import_id_fkey FOREIGN KEY (price_import_id) REFERENCES weir.price_imports(id) ON DELETE CASCADE
  price_import_items_pkey PRIMARY KEY (price_import_id, model_id)
  row level security, forced

table weir.price_imports
  -- A comparison of the prices in force with those of a price library. Nothing of it is in force before somebody approves it.
  id uuid not null
  library text not null
  compared_count integer not null
  unknown_model_ids text[] not null default '{}'::text[]  -- Models that the library has no price for.
  created_by uuid
  created_at timestamp with time zone not null default now()
  price_imports_compared_count_check CHECK ((compared_count >= 0))
  price_imports_library_check CHECK (((length(library) >= 1) AND (length(library) <= 200)))
  price_imports_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  price_imports_pkey PRIMARY KEY (id)
  row level security, forced

view weir.product_events
  -- Every product event once (src/contracts/product-events.ts): those that domains told, and those that usage events say of calls.
  at timestamp with time zone
  id uuid
  name text
  properties jsonb
  organization_id uuid
  user_id uuid
  request_id uuid

table weir.products
  id uuid not null
  type text not null
  name text not null
  model_id text
  plan_slug text
  credit_type text
  credit_amount bigint
  price_cents bigint not null
  currency text not null default 'usd'::text
  stripe_product_id text
  stripe_price_id text
  active boolean not null default true
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  products_credit_amount_check CHECK ((credit_amount > 0))
  products_currency_check CHECK ((currency ~ '^[a-z]{3}$'::text))
  products_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  products_price_cents_check CHECK ((price_cents >= 0))
  products_type_check CHECK ((type = ANY (ARRAY['model'::text, 'plan'::text, 'credit_pack'::text])))
  products_type_names_its_reference CHECK (((num_nonnulls(model_id, plan_slug, credit_type) = 1) AND ((type = 'model'::text) = (model_id IS NOT NULL)) AND ((type = 'plan'::text) = (plan_slug IS NOT NULL)) AND ((type = 'credit_pack'::text) = (credit_type IS NOT NULL)) AND ((credit_type IS NULL) = (credit_amount IS NULL))))
  products_credit_type_fkey FOREIGN KEY (credit_type) REFERENCES weir.credit_types(slug) ON UPDATE CASCADE ON DELETE CASCADE
  products_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE CASCADE
  products_plan_slug_fkey FOREIGN KEY (plan_slug) REFERENCES weir.plans(slug) ON UPDATE CASCADE ON DELETE CASCADE
  products_pkey PRIMARY KEY (id)
  row level security, forced

table weir.profiles
  user_id uuid not null
  display_name text
  avatar_url text
  locale text not null default 'en'::text
  theme text not null default 'system'::text
  time_zone text not null default 'UTC'::text
  default_model_id text
  persona_model_overrides jsonb not null default '{}'::jsonb  -- Persona id -> model id. Existence and the right to use are checked by the service.
  notification_preferences jsonb not null default '{}'::jsonb
  onboarding_state jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  profiles_display_name_check CHECK ((length(display_name) <= 200))
  profiles_notification_preferences_check CHECK ((jsonb_typeof(notification_preferences) = 'object'::text))
  profiles_onboarding_state_check CHECK ((jsonb_typeof(onboarding_state) = 'object'::text))
  profiles_persona_model_overrides_check CHECK ((jsonb_typeof(persona_model_overrides) = 'object'::text))
  profiles_theme_check CHECK ((theme = ANY (ARRAY['system'::text, 'light'::text, 'dark'::text])))
  profiles_default_model_id_fkey FOREIGN KEY (default_model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE SET NULL
  profiles_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  profiles_pkey PRIMARY KEY (user_id)
  row level security, forced

table weir.prompt_labels
  prompt_id uuid not null
  label text not null
  prompt_version_id uuid not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  prompt_labels_label_check CHECK ((label ~ '^[a-z0-9][a-z0-9_-]{0,62}$'::text))
  prompt_labels_prompt_id_prompt_version_id_fkey FOREIGN KEY (prompt_id, prompt_version_id) REFERENCES weir.prompt_versions(prompt_id, id) ON DELETE CASCADE
  prompt_labels_pkey PRIMARY KEY (prompt_id, label)
  row level security, forced

table weir.prompt_versions
  id uuid not null
  prompt_id uuid not null
  version integer not null
  content_type text not null default 'chat'::text
  content jsonb not null
  variables jsonb not null default '[]'::jsonb
  parameters jsonb not null default '{}'::jsonb
  status text not null default 'draft'::text
  change_note text not null default ''::text
  created_by uuid
  reviewed_by uuid
  reviewed_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  prompt_versions_change_note_check CHECK ((length(change_note) <= 2000))
  prompt_versions_content_fits_type CHECK ((jsonb_typeof(content) =
CASE content_type
    WHEN 'chat'::text THEN 'array'::text
    ELSE 'string'::text
END))
  prompt_versions_content_type_check CHECK ((content_type = ANY (ARRAY['chat'::text, 'text'::text])))
  prompt_versions_parameters_check CHECK ((jsonb_typeof(parameters) = 'object'::text))
  prompt_versions_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'review'::text, 'approved'::text, 'archived'::text])))
  prompt_versions_variables_check CHECK ((jsonb_typeof(variables) = 'array'::text))
  prompt_versions_version_check CHECK ((version > 0))
  prompt_versions_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  prompt_versions_prompt_id_fkey FOREIGN KEY (prompt_id) REFERENCES weir.prompts(id) ON DELETE CASCADE
  prompt_versions_reviewed_by_fkey FOREIGN KEY (reviewed_by) REFERENCES weir.users(id) ON DELETE SET NULL
  prompt_versions_pkey PRIMARY KEY (id)
  prompt_versions_prompt_id_id_key UNIQUE (prompt_id, id)
  prompt_versions_prompt_id_version_key UNIQUE (prompt_id, version)
  row level security, forced

table weir.prompts
  id uuid not null
  name text not null
  feature_id uuid
  description text not null default ''::text
  tags text[] not null default '{}'::text[]
  archived_at timestamp with time zone
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  prompts_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  prompts_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  prompts_feature_id_fkey FOREIGN KEY (feature_id) REFERENCES weir.features(id) ON DELETE SET NULL
  prompts_pkey PRIMARY KEY (id)
  prompts_name_key UNIQUE (name)
  row level security, forced

table weir.provider_credentials
  id uuid not null
  provider_id uuid not null
  organization_id uuid  -- Null: the platform's own.
  label text not null
  ciphertext bytea not null  -- Envelope: AES-256-GCM under a data key wrapped by the master key key_id. Read only through weir_private.provider_credential_secret.
  key_id text not null
  origin text not null  -- The origin the secret was entered for; it is sent nowhere else.
  last_four text not null
  status text not null default 'active'::text
  created_by uuid
  rotated_at timestamp with time zone
  last_used_at timestamp with time zone
  last_validated_at timestamp with time zone
  last_validation_error text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  provider_credentials_label_check CHECK (((length(label) >= 1) AND (length(label) <= 200)))
  provider_credentials_last_four_check CHECK ((length(last_four) <= 4))
  provider_credentials_last_validation_error_check CHECK ((length(last_validation_error) <= 2000))
  provider_credentials_origin_check CHECK ((origin ~ '^(https?|sandbox)://[^/]+$'::text))
  provider_credentials_status_check CHECK ((status = ANY (ARRAY['active'::text, 'invalid'::text, 'revoked'::text])))
  provider_credentials_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  provider_credentials_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  provider_credentials_provider_id_fkey FOREIGN KEY (provider_id) REFERENCES weir.providers(id) ON DELETE CASCADE
  provider_credentials_pkey PRIMARY KEY (id)
  provider_credentials_label_once UNIQUE NULLS NOT DISTINCT (provider_id, organization_id, label)
  row level security, forced

table weir.providers
  id uuid not null
  slug text not null
  name text not null
  type text not null
  base_url text not null  -- What paths are appended to. sandbox:// is answered inside Weir.
  status text not null default 'active'::text
  config jsonb not null default '{}'::jsonb  -- For type openai: optional organization and project, sent as headers.
  connect_timeout_ms integer not null default 5000
  first_byte_timeout_ms integer not null default 60000
  idle_timeout_ms integer not null default 60000
  total_timeout_ms integer not null default 600000
  docs_url text
  last_checked_at timestamp with time zone
  last_latency_ms integer
  consecutive_failures integer not null default 0
  error_rate numeric(5,4)
  archived_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  providers_base_url_check CHECK (((base_url ~ '^(https?|sandbox)://'::text) AND (length(base_url) <= 2000)))
  providers_config_check CHECK ((jsonb_typeof(config) = 'object'::text))
  providers_connect_timeout_ms_check CHECK ((connect_timeout_ms > 0))
  providers_consecutive_failures_check CHECK ((consecutive_failures >= 0))
  providers_docs_url_check CHECK ((length(docs_url) <= 2000))
  providers_error_rate_check CHECK (((error_rate >= (0)::numeric) AND (error_rate <= (1)::numeric)))
  providers_first_byte_timeout_ms_check CHECK ((first_byte_timeout_ms > 0))
  providers_idle_timeout_ms_check CHECK ((idle_timeout_ms > 0))
  providers_last_latency_ms_check CHECK ((last_latency_ms >= 0))
  providers_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  providers_slug_check CHECK ((slug ~ '^[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?$'::text))
  providers_status_check CHECK ((status = ANY (ARRAY['active'::text, 'inactive'::text, 'error'::text])))
  providers_total_timeout_ms_check CHECK ((total_timeout_ms > 0))
  providers_type_check CHECK ((type = ANY (ARRAY['openai'::text, 'anthropic'::text, 'google'::text, 'together'::text, 'custom'::text, 'sandbox'::text])))
  providers_pkey PRIMARY KEY (id)
  providers_slug_key UNIQUE (slug)
  row level security, forced

table weir.purchases
  id uuid not null
  user_id uuid
  organization_id uuid
  product_id uuid
  product_name text not null  -- As sold; the product may go.
  amount_cents bigint not null
  currency text not null default 'usd'::text
  stripe_session_id text
  stripe_payment_intent_id text
  status text not null default 'pending'::text
  completed_at timestamp with time zone
  refunded_at timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  purchases_amount_cents_check CHECK ((amount_cents >= 0))
  purchases_currency_check CHECK ((currency ~ '^[a-z]{3}$'::text))
  purchases_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'completed'::text, 'refunded'::text, 'failed'::text])))
  purchases_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE SET NULL
  purchases_product_id_fkey FOREIGN KEY (product_id) REFERENCES weir.products(id) ON DELETE SET NULL
  purchases_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE SET NULL
  purchases_pkey PRIMARY KEY (id)
  purchases_stripe_payment_intent_id_key UNIQUE (stripe_payment_intent_id)
  purchases_stripe_session_id_key UNIQUE (stripe_session_id)
  row level security, forced

table weir.rate_limit_windows
  -- What is used of each rate in its running window. Unlogged, and empty after a crash.
  key text not null
  window_start timestamp with time zone not null
  resets_at timestamp with time zone not null
  used integer not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  rate_limit_windows_check CHECK ((resets_at > window_start))
  rate_limit_windows_key_check CHECK (((length(key) >= 1) AND (length(key) <= 300)))
  rate_limit_windows_used_check CHECK ((used > 0))
  rate_limit_windows_pkey PRIMARY KEY (key)
  row level security, forced

table weir.request_idempotency
  scope text not null  -- Who sent the key and where to: the same key of two callers is two keys.
  key text not null
  request_hash bytea not null
  request_id uuid not null
  state text not null default 'in_progress'::text
  status integer
  headers jsonb
  response bytea  -- Ciphertext of the answer: it may hold a secret that is shown once.
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone not null
  request_idempotency_completed_has_answer CHECK (((state = 'in_progress'::text) OR (status IS NOT NULL)))
  request_idempotency_headers_check CHECK ((jsonb_typeof(headers) = 'object'::text))
  request_idempotency_key_check CHECK (((length(key) >= 1) AND (length(key) <= 255)))
  request_idempotency_request_hash_check CHECK ((octet_length(request_hash) = 32))
  request_idempotency_scope_check CHECK (((length(scope) >= 1) AND (length(scope) <= 200)))
  request_idempotency_state_check CHECK ((state = ANY (ARRAY['in_progress'::text, 'completed'::text])))
  request_idempotency_status_check CHECK (((status >= 100) AND (status <= 599)))
  request_idempotency_pkey PRIMARY KEY (scope, key)
  row level security, forced

table weir.seeded_rows
  table_name text not null
  row_key text not null
  created_at timestamp with time zone not null default now()
  seeded_rows_pkey PRIMARY KEY (table_name, row_key)
  row level security, forced

table weir.sessions
  id uuid not null
  user_id uuid not null
  token text not null
  expires_at timestamp with time zone not null
  ip_address text
  user_agent text
  active_organization_id uuid
  impersonated_by uuid
  impersonation_reason text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  impersonator_session_id uuid  -- The impersonator's own session, which an impersonation never outlives.
  sessions_impersonation_has_reason CHECK (((impersonated_by IS NOT NULL) OR (impersonation_reason IS NULL)))
  sessions_impersonation_is_short CHECK (((impersonated_by IS NULL) OR (expires_at <= (created_at + '01:00:00'::interval))))
  sessions_nobody_impersonates_themselves CHECK ((impersonated_by <> user_id))
  sessions_active_organization_id_fkey FOREIGN KEY (active_organization_id) REFERENCES weir.organizations(id) ON DELETE SET NULL
  sessions_impersonated_by_fkey FOREIGN KEY (impersonated_by) REFERENCES weir.users(id) ON DELETE CASCADE
  sessions_impersonator_session_id_fkey FOREIGN KEY (impersonator_session_id) REFERENCES weir.sessions(id) ON DELETE CASCADE
  sessions_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  sessions_pkey PRIMARY KEY (id)
  sessions_token_key UNIQUE (token)
  row level security, forced

table weir.system_config
  key text not null
  value jsonb not null
  description text not null default ''::text
  changed_by uuid  -- User id of the last change; no foreign key, the audit log is the record.
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  system_config_key_check CHECK ((key ~ '^[a-z][a-z0-9_.]{1,126}$'::text))
  system_config_pkey PRIMARY KEY (key)
  row level security, forced

table weir.template_endpoint_secrets
  template_id bigint not null
  organization_id uuid  -- The template's; null for a system template.
  ciphertext bytea not null
  key_id text not null
  origin text not null
  last_four text not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  template_endpoint_secrets_last_four_check CHECK ((length(last_four) <= 4))
  template_endpoint_secrets_origin_check CHECK ((origin ~ '^https?://[^/]+$'::text))
  template_endpoint_secrets_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  template_endpoint_secrets_template_id_fkey FOREIGN KEY (template_id) REFERENCES weir.templates(id) ON DELETE CASCADE
  template_endpoint_secrets_pkey PRIMARY KEY (template_id)
  row level security, forced

table weir.template_revisions
  id uuid not null
  template_id bigint not null
  revision integer not null
  snapshot jsonb not null
  change_summary text not null default ''::text
  changed_by uuid
  created_at timestamp with time zone not null default now()
  template_revisions_revision_check CHECK ((revision > 0))
  template_revisions_snapshot_check CHECK ((jsonb_typeof(snapshot) = 'object'::text))
  template_revisions_changed_by_fkey FOREIGN KEY (changed_by) REFERENCES weir.users(id) ON DELETE SET NULL
  template_revisions_template_id_fkey FOREIGN KEY (template_id) REFERENCES weir.templates(id) ON DELETE CASCADE
  template_revisions_pkey PRIMARY KEY (id)
  template_revisions_template_id_revision_key UNIQUE (template_id, revision)
  row level security, forced

table weir.templates
  id bigint not null identity
  scope text not null
  organization_id uuid
  owner_user_id uuid
  name text not null
  slug text not null
  role text not null default ''::text
  description text not null default ''::text
  icon text
  system_message text not null default ''::text
  tasks jsonb not null default '[]'::jsonb
  model_id text
  endpoint_base_url text  -- Own OpenAI-compatible endpoint in place of the model's provider; its secret is in template_endpoint_secrets.
  endpoint_model text
  max_tokens bigint
  temperature numeric(4,3)
  parameters jsonb not null default '{}'::jsonb
  business_types text[] not null default '{}'::text[]  -- Empty: every business type.
  required_plan text not null default 'free'::text
  token_limit_period text
  token_limit_amount bigint
  is_free boolean not null default false
  is_trial boolean not null default false
  trial_expires_days integer
  is_active boolean not null default true
  is_featured boolean not null default false
  tags text[] not null default '{}'::text[]
  sort_order integer not null default 0
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  templates_endpoint_base_url_check CHECK (((endpoint_base_url ~ '^https?://'::text) AND (length(endpoint_base_url) <= 2000)))
  templates_endpoint_model_check CHECK (((length(endpoint_model) >= 1) AND (length(endpoint_model) <= 300)))
  templates_icon_check CHECK ((length(icon) <= 200))
  templates_limit_comes_together CHECK (((token_limit_period IS NULL) = (token_limit_amount IS NULL)))
  templates_max_tokens_check CHECK ((max_tokens > 0))
  templates_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  templates_parameters_check CHECK ((jsonb_typeof(parameters) = 'object'::text))
  templates_role_check CHECK ((length(role) <= 200))
  templates_scope_check CHECK ((scope = ANY (ARRAY['system'::text, 'organization'::text, 'user'::text])))
  templates_scope_names_its_owner CHECK (
CASE scope
    WHEN 'system'::text THEN ((organization_id IS NULL) AND (owner_user_id IS NULL))
    WHEN 'organization'::text THEN ((organization_id IS NOT NULL) AND (owner_user_id IS NULL))
    ELSE ((organization_id IS NOT NULL) AND (owner_user_id IS NOT NULL))
END)
  templates_slug_check CHECK ((slug ~ '^[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?$'::text))
  templates_tasks_check CHECK ((jsonb_typeof(tasks) = 'array'::text))
  templates_temperature_check CHECK (((temperature >= (0)::numeric) AND (temperature <= (2)::numeric)))
  templates_token_limit_amount_check CHECK ((token_limit_amount > 0))
  templates_token_limit_period_check CHECK ((token_limit_period = ANY (ARRAY['daily'::text, 'weekly'::text, 'monthly'::text])))
  templates_trial_days_only_with_trial CHECK ((is_trial OR (trial_expires_days IS NULL)))
  templates_trial_expires_days_check CHECK ((trial_expires_days > 0))
  templates_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  templates_model_id_fkey FOREIGN KEY (model_id) REFERENCES weir.models(id) ON UPDATE CASCADE ON DELETE SET NULL
  templates_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  templates_owner_user_id_fkey FOREIGN KEY (owner_user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  templates_required_plan_fkey FOREIGN KEY (required_plan) REFERENCES weir.plans(slug) ON UPDATE CASCADE
  templates_pkey PRIMARY KEY (id)
  templates_slug_once UNIQUE NULLS NOT DISTINCT (organization_id, owner_user_id, slug)
  row level security, forced

table weir.two_factors
  id uuid not null
  user_id uuid not null
  secret text not null
  backup_codes text not null
  verified boolean not null default true
  failed_verification_count integer not null default 0
  locked_until timestamp with time zone
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  two_factors_user_id_fkey FOREIGN KEY (user_id) REFERENCES weir.users(id) ON DELETE CASCADE
  two_factors_pkey PRIMARY KEY (id)
  two_factors_one_each UNIQUE (user_id)
  row level security, forced

partitioned table weir.usage_activity by LIST (facet)
  -- On which days of a month (UTC) a person made a call, of all, by one dimension at a time (facet and value as in weir.usage_daily_facets), and by model, provider and status together (call).
  month date not null
  organization_id uuid not null
  facet text not null
  value text not null
  user_id uuid not null  -- All zeros: calls of no person.
  days integer not null  -- Bit 0 is the first of the month. How many were active between two days is counted, never added up.
  created_at timestamp with time zone not null default now()
  usage_activity_days_check CHECK (((days >= 1) AND (days <= 2147483647)))
  usage_activity_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric))
  usage_activity_pkey PRIMARY KEY (facet, month, organization_id, value, user_id)
  row level security, forced

table weir.usage_daily
  -- Usage events added up by day (UTC) and all dimensions, as far as weir.usage_folded_to(). Kept for ever.
  day date not null
  dimension_key uuid not null
  organization_id uuid not null
  user_id uuid
  department_id uuid
  virtual_key_id uuid
  model_id text not null
  provider text not null
  model_type text not null
  template_id bigint
  template_slug text
  feature text
  environment text not null
  persona_id uuid
  status text not null
  error_code text
  events bigint not null
  requests bigint not null
  errors bigint not null
  trial_requests bigint not null
  unpriced_requests bigint not null
  fallback_requests bigint not null
  estimated_requests bigint not null
  input_tokens bigint not null
  output_tokens bigint not null
  cached_input_tokens bigint not null
  cache_write_tokens bigint not null
  reasoning_tokens bigint not null
  cost_nano_usd bigint not null
  provider_cost_nano_usd bigint not null
  latency_ms_sum bigint not null
  latency_count bigint not null
  first_token_ms_sum bigint not null
  first_token_count bigint not null
  latency_buckets bigint[]
  created_at timestamp with time zone not null default now()
  usage_daily_pkey PRIMARY KEY (organization_id, day, dimension_key)
  row level security, forced

table weir.usage_daily_facets
  -- weir.usage_daily by one dimension at a time: facet is all, user, model, model_type, provider, template, feature, department, key, status or environment.
  day date not null
  organization_id uuid not null
  facet text not null
  value text not null
  events bigint not null
  requests bigint not null
  errors bigint not null
  denied bigint not null
  trial_requests bigint not null
  unpriced_requests bigint not null
  fallback_requests bigint not null
  estimated_requests bigint not null
  input_tokens bigint not null
  output_tokens bigint not null
  cached_input_tokens bigint not null
  cache_write_tokens bigint not null
  reasoning_tokens bigint not null
  cost_nano_usd bigint not null
  provider_cost_nano_usd bigint not null
  latency_ms_sum bigint not null
  latency_count bigint not null
  first_token_ms_sum bigint not null
  first_token_count bigint not null
  latency_buckets bigint[]
  created_at timestamp with time zone not null default now()
  usage_daily_facets_pkey PRIMARY KEY (organization_id, facet, day, value)
  row level security, forced

table weir.usage_daily_slices
  -- weir.usage_daily without people, keys, personas and errors: what questions with filters read that ask about neither people nor keys.
  day date not null
  slice_key uuid not null  -- A hash of the dimensions, as dimension_key is of weir.usage_daily.
  organization_id uuid not null
  department_id uuid
  model_id text not null
  provider text not null
  model_type text not null
  template_slug text
  feature text
  environment text not null
  status text not null
  events bigint not null
  requests bigint not null
  errors bigint not null
  trial_requests bigint not null
  unpriced_requests bigint not null
  fallback_requests bigint not null
  estimated_requests bigint not null
  input_tokens bigint not null
  output_tokens bigint not null
  cached_input_tokens bigint not null
  cache_write_tokens bigint not null
  reasoning_tokens bigint not null
  cost_nano_usd bigint not null
  provider_cost_nano_usd bigint not null
  latency_ms_sum bigint not null
  latency_count bigint not null
  first_token_ms_sum bigint not null
  first_token_count bigint not null
  latency_buckets bigint[]
  created_at timestamp with time zone not null default now()
  usage_daily_slices_pkey PRIMARY KEY (organization_id, day, slice_key)
  row level security, forced

view weir.usage_days
  -- Use by day (UTC) up to now: weir.usage_daily and the newest events.
  day date
  organization_id uuid
  user_id uuid
  department_id uuid
  virtual_key_id uuid
  model_id text
  provider text
  model_type text
  template_id bigint
  template_slug text
  feature text
  environment text
  persona_id uuid
  status text
  error_code text
  events bigint
  requests bigint
  errors bigint
  trial_requests bigint
  unpriced_requests bigint
  fallback_requests bigint
  estimated_requests bigint
  input_tokens bigint
  output_tokens bigint
  cached_input_tokens bigint
  cache_write_tokens bigint
  reasoning_tokens bigint
  cost_nano_usd bigint
  provider_cost_nano_usd bigint
  latency_ms_sum bigint
  latency_count bigint
  first_token_ms_sum bigint
  first_token_count bigint
  latency_buckets bigint[]

partitioned table weir.usage_events by RANGE (occurred_at)
  -- The immutable record of each call's outcome. Appended only; a correction is another row with sequence 1.
  id uuid not null
  sequence smallint not null default 0
  occurred_at timestamp with time zone not null
  booked_at timestamp with time zone not null
  organization_id uuid not null
  department_id uuid
  user_id uuid
  virtual_key_id uuid
  template_id bigint
  template_slug text
  feature text
  environment text not null
  persona_id uuid
  model_id text not null
  provider text not null
  model_type text not null
  prompt_version_id uuid
  experiment_arm text
  price_id text
  route text not null
  input_tokens bigint not null
  output_tokens bigint not null
  cached_input_tokens bigint not null
  cache_write_tokens bigint not null
  cache_write_1h_tokens bigint not null default 0  -- The part of cache_write_tokens that was written to last an hour: it has its own price.
  reasoning_tokens bigint not null
  usage_source text not null
  cost_nano_usd bigint
  provider_cost_nano_usd bigint
  status text not null
  error_code text
  streamed boolean not null
  trial boolean not null
  retries smallint not null
  fallback_used boolean not null
  latency_ms integer
  time_to_first_token_ms integer
  upstream_request_id text
  tags jsonb
  counter_ids bigint[] not null
  amounts bigint[] not null
  overruns bigint[]
  lot_ids uuid[]
  lot_amounts bigint[]
  usage_events_model_type_check CHECK ((model_type = ANY (ARRAY['system'::text, 'org_default'::text, 'user'::text, 'catalog'::text])))
  usage_events_status_check CHECK ((status = ANY (ARRAY['success'::text, 'error'::text, 'timeout'::text, 'cancelled'::text, 'denied'::text])))
  usage_events_usage_source_check CHECK ((usage_source = ANY (ARRAY['provider'::text, 'counted'::text, 'estimated'::text])))
  usage_events_pkey PRIMARY KEY (id, sequence, occurred_at)
  row level security, forced

partitioned table weir.usage_hourly by RANGE (hour)
  -- Usage events added up by hour (UTC) and all dimensions, as far as weir.usage_folded_to().
  hour timestamp with time zone not null
  dimension_key uuid not null
  organization_id uuid not null
  user_id uuid
  department_id uuid
  virtual_key_id uuid
  model_id text not null
  provider text not null
  model_type text not null
  template_id bigint
  template_slug text
  feature text
  environment text not null
  persona_id uuid
  status text not null
  error_code text
  events bigint not null
  requests bigint not null
  errors bigint not null
  trial_requests bigint not null
  unpriced_requests bigint not null
  fallback_requests bigint not null
  estimated_requests bigint not null
  input_tokens bigint not null
  output_tokens bigint not null
  cached_input_tokens bigint not null
  cache_write_tokens bigint not null
  reasoning_tokens bigint not null
  cost_nano_usd bigint not null
  provider_cost_nano_usd bigint not null
  latency_ms_sum bigint not null
  latency_count bigint not null
  first_token_ms_sum bigint not null
  first_token_count bigint not null
  latency_buckets bigint[]  -- Calls by latency, below 50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000 ms and above; null: none was measured.
  created_at timestamp with time zone not null default now()
  usage_hourly_pkey PRIMARY KEY (organization_id, hour, dimension_key)
  row level security, forced

view weir.usage_hours
  -- Use by hour (UTC) up to now: weir.usage_hourly and the newest events.
  hour timestamp with time zone
  organization_id uuid
  user_id uuid
  department_id uuid
  virtual_key_id uuid
  model_id text
  provider text
  model_type text
  template_id bigint
  template_slug text
  feature text
  environment text
  persona_id uuid
  status text
  error_code text
  events bigint
  requests bigint
  errors bigint
  trial_requests bigint
  unpriced_requests bigint
  fallback_requests bigint
  estimated_requests bigint
  input_tokens bigint
  output_tokens bigint
  cached_input_tokens bigint
  cache_write_tokens bigint
  reasoning_tokens bigint
  cost_nano_usd bigint
  provider_cost_nano_usd bigint
  latency_ms_sum bigint
  latency_count bigint
  first_token_ms_sum bigint
  first_token_count bigint
  latency_buckets bigint[]

table weir.usage_platform_daily
  -- weir.usage_daily of all organizations together.
  day date not null
  model_id text not null
  provider text not null
  status text not null
  events bigint not null
  requests bigint not null
  errors bigint not null
  unpriced_requests bigint not null
  input_tokens bigint not null
  output_tokens bigint not null
  cost_nano_usd bigint not null
  provider_cost_nano_usd bigint not null
  created_at timestamp with time zone not null default now()
  usage_platform_daily_pkey PRIMARY KEY (day, model_id, provider, status)
  row level security, forced

view weir.usage_recorded
  -- Calls made elsewhere and told of: those that weir.usage_days has, in the sums or beside them (000132), so that they can be taken out of it.
  day date
  occurred_at timestamp with time zone
  organization_id uuid
  feature text
  cost_nano_usd bigint

table weir.usage_records
  -- Calls made elsewhere, by the id that whoever told of them gave: each is booked once, as event_id.
  organization_id uuid not null
  external_id text not null
  event_id uuid not null
  request_hash bytea not null  -- SHA-256 of what was told under the id: the same id for something else is refused.
  created_at timestamp with time zone not null default now()
  usage_records_external_id_check CHECK (((length(external_id) >= 1) AND (length(external_id) <= 255)))
  usage_records_request_hash_check CHECK ((octet_length(request_hash) = 32))
  usage_records_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  usage_records_pkey PRIMARY KEY (organization_id, external_id)
  row level security, forced

table weir.usage_roll_up
  -- How far use is added up: one row, from the first time on. Whoever adds up holds its lock.
  id boolean not null default true
  folded_to timestamp with time zone not null default '-infinity'::timestamp with time zone  -- Events with booked_at up to here are in the sums, later ones are not.
  candidate_at timestamp with time zone  -- How far can be gone once candidate_writers have ended.
  candidate_writers text[] not null default '{}'::text[]
  step_ms bigint not null default 600000  -- How much of booked time the next step takes: adapted to how many events that was.
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  usage_roll_up_id_check CHECK (id)
  usage_roll_up_step_ms_check CHECK ((step_ms > 0))
  usage_roll_up_pkey PRIMARY KEY (id)
  row level security, forced

view weir.usage_unfolded
  -- The newest calls that no sum holds yet, each as a line of use.
  occurred_at timestamp with time zone
  organization_id uuid
  user_id uuid
  department_id uuid
  virtual_key_id uuid
  model_id text
  provider text
  model_type text
  template_id bigint
  template_slug text
  feature text
  environment text
  persona_id uuid
  status text
  error_code text
  events bigint
  requests bigint
  errors bigint
  trial_requests bigint
  unpriced_requests bigint
  fallback_requests bigint
  estimated_requests bigint
  input_tokens bigint
  output_tokens bigint
  cached_input_tokens bigint
  cache_write_tokens bigint
  reasoning_tokens bigint
  cost_nano_usd bigint
  provider_cost_nano_usd bigint
  latency_ms_sum bigint
  latency_count bigint
  first_token_ms_sum bigint
  first_token_count bigint
  latency_buckets bigint[]

table weir.users
  id uuid not null
  name text not null
  email text not null
  email_verified boolean not null default false
  image text
  platform_role text not null default 'user'::text
  banned boolean not null default false
  ban_reason text
  ban_expires timestamp with time zone
  two_factor_enabled boolean not null default false
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  users_email_check CHECK (((email = lower(email)) AND ((length(email) >= 3) AND (length(email) <= 320))))
  users_name_check CHECK ((length(name) <= 200))
  users_platform_role_check CHECK ((platform_role = ANY (ARRAY['user'::text, 'platform_admin'::text, 'superadmin'::text])))
  users_pkey PRIMARY KEY (id)
  users_email_key UNIQUE (email)
  row level security, forced

table weir.verifications
  id uuid not null
  identifier text not null
  value text not null
  expires_at timestamp with time zone not null
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  verifications_pkey PRIMARY KEY (id)
  row level security, forced

table weir.virtual_keys
  id uuid not null
  organization_id uuid not null
  owner_type text not null
  user_id uuid
  department_id uuid
  name text not null
  environment text not null
  key_hash bytea not null  -- SHA-256 of the whole key; the key itself is never stored.
  prefix text not null
  last_four text not null
  allowed_models text[]  -- Null: all; empty: none. The same for the other lists and ip_ranges.
  allowed_templates text[]
  allowed_features text[]
  allowed_routes text[]
  ip_ranges cidr[]
  requests_per_minute bigint
  tokens_per_minute bigint
  can_act_for_members boolean not null default false
  expires_at timestamp with time zone
  last_used_at timestamp with time zone
  revoked_at timestamp with time zone
  rotated_from uuid
  grace_until timestamp with time zone  -- Set on a key that was rotated: it works until then.
  created_by uuid
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  virtual_keys_environment_check CHECK ((environment = ANY (ARRAY['live'::text, 'test'::text])))
  virtual_keys_key_hash_check CHECK ((octet_length(key_hash) = 32))
  virtual_keys_last_four_check CHECK ((length(last_four) = 4))
  virtual_keys_name_check CHECK (((length(name) >= 1) AND (length(name) <= 200)))
  virtual_keys_owner_fits_type CHECK (((owner_type = 'user'::text) = (user_id IS NOT NULL)))
  virtual_keys_owner_type_check CHECK ((owner_type = ANY (ARRAY['user'::text, 'service'::text])))
  virtual_keys_prefix_check CHECK ((length(prefix) <= 20))
  virtual_keys_requests_per_minute_check CHECK ((requests_per_minute > 0))
  virtual_keys_tokens_per_minute_check CHECK ((tokens_per_minute > 0))
  virtual_keys_created_by_fkey FOREIGN KEY (created_by) REFERENCES weir.users(id) ON DELETE SET NULL
  virtual_keys_department_of_same_organization FOREIGN KEY (organization_id, department_id) REFERENCES weir.departments(organization_id, id) ON DELETE SET NULL (department_id)
  virtual_keys_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES weir.organizations(id) ON DELETE CASCADE
  virtual_keys_owner_is_member FOREIGN KEY (organization_id, user_id) REFERENCES weir.members(organization_id, user_id) ON DELETE CASCADE
  virtual_keys_rotated_from_fkey FOREIGN KEY (rotated_from) REFERENCES weir.virtual_keys(id) ON DELETE SET NULL
  virtual_keys_pkey PRIMARY KEY (id)
  virtual_keys_key_hash_key UNIQUE (key_hash)
  row level security, forced


-- View definitions

weir.product_events
 SELECT created_at AS at,
    id,
    name,
    properties,
    organization_id,
    user_id,
    NULL::uuid AS request_id
   FROM weir.analytics_events a
  WHERE (name <> ALL (ARRAY['model_message_sent'::text, 'model_trial_started'::text, 'model_trial_message_used'::text, 'model_trial_expired_prompt'::text, 'model_rate_limit_hit'::text]))
UNION ALL
 SELECT booked_at AS at,
    id,
    'model_message_sent'::text AS name,
    jsonb_build_object('model_id', model_id, 'persona_id', persona_id, 'is_default', (NOT (default_model_id IS DISTINCT FROM model_id)), 'is_override', COALESCE(((persona_model_overrides ->> (persona_id)::text) = model_id), false), 'is_trial', trial) AS properties,
    organization_id,
    user_id,
    id AS request_id
   FROM (weir.usage_events e
     LEFT JOIN weir.profiles p ON ((user_id = user_id)))
  WHERE ((usage_source <> 'estimated'::text) AND (route <> 'recorded'::text) AND ((status = 'success'::text) OR ((sequence = 0) AND (output_tokens > 0) AND (status = ANY (ARRAY['cancelled'::text, 'timeout'::text, 'error'::text])))))
UNION ALL
 SELECT booked_at AS at,
    (OVERLAY(OVERLAY(md5(((id)::text || name)) PLACING '8'::text FROM 13) PLACING '8'::text FROM 17))::uuid AS id,
    name,
    jsonb_build_object('model_id', COALESCE(model_id, model_id), 'messages_remaining', GREATEST((0)::bigint, (COALESCE(allowed, trial_messages_allowed, (0)::bigint) - place))) AS properties,
    organization_id,
    user_id,
    id AS request_id
   FROM ((((weir.usage_events e
     LEFT JOIN LATERAL ( SELECT id,
            limit_amount AS allowed,
            "substring"((meter_key)::text, '^trial:([^:]+):'::text) AS model_id
           FROM weir.counters q
          WHERE ((id = ANY (counter_ids)) AND (kind = 'trial'::text) AND ((meter_key)::text ~~ 'trial:%'::text))) c ON (true))
     LEFT JOIN weir.models m ON ((id = model_id)))
     CROSS JOIN LATERAL ( SELECT count(*) AS place
           FROM weir.usage_events t
          WHERE (trial AND (sequence = 0) AND (COALESCE(user_id, organization_id) = COALESCE(user_id, organization_id)) AND (ROW(booked_at, id) <= ROW(booked_at, id)) AND
                CASE
                    WHEN (id IS NULL) THEN (model_id = model_id)
                    ELSE (id = ANY (counter_ids))
                END)) r)
     CROSS JOIN ( VALUES ('model_trial_started'::text), ('model_trial_message_used'::text)) n(name))
  WHERE (trial AND (sequence = 0) AND ((name = 'model_trial_message_used'::text) OR (place = 1)))
UNION ALL
 SELECT booked_at AS at,
    id,
    'model_trial_expired_prompt'::text AS name,
    jsonb_build_object('model_id', id, 'price_cents', price_cents) AS properties,
    organization_id,
    user_id,
    id AS request_id
   FROM (((weir.usage_events e
     LEFT JOIN weir.denial_traces t ON ((id = id)))
     LEFT JOIN LATERAL ( SELECT meter
           FROM jsonb_array_elements(meters) q(meter)
          WHERE ((meter ->> 'meter'::text) = 'trial'::text)
         LIMIT 1) d ON (true))
     JOIN weir.models m ON ((id = COALESCE((meter ->> 'name'::text), model_id))))
  WHERE ((status = 'denied'::text) AND (sequence = 0) AND (error_code = ANY (ARRAY['trial_exhausted'::text, 'model_locked'::text])))
UNION ALL
 SELECT booked_at AS at,
    id,
    'model_rate_limit_hit'::text AS name,
    jsonb_build_object('model_id',
        CASE
            WHEN (error_code = 'daily_message_limit'::text) THEN COALESCE((meter ->> 'name'::text), model_id)
            ELSE model_id
        END, 'limit',
        CASE
            WHEN (meter IS NOT NULL) THEN ((meter ->> 'limit'::text))::bigint
            WHEN (error_code = 'daily_message_limit'::text) THEN rate_limit_messages_per_day
            ELSE NULL::bigint
        END, 'resets_at',
        CASE
            WHEN (meter IS NOT NULL) THEN (meter ->> 'resets_at'::text)
            WHEN (error_code = 'daily_message_limit'::text) THEN to_char((date_trunc('day'::text, (occurred_at AT TIME ZONE 'UTC'::text)) + '1 day'::interval), 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'::text)
            ELSE NULL::text
        END) AS properties,
    organization_id,
    user_id,
    id AS request_id
   FROM (((weir.usage_events e
     LEFT JOIN weir.denial_traces t ON ((id = id)))
     LEFT JOIN LATERAL ( SELECT meter
           FROM jsonb_array_elements(meters) q(meter)
          WHERE ((meter ->> 'meter'::text) =
                CASE error_code
                    WHEN 'daily_message_limit'::text THEN 'daily_messages'::text
                    ELSE 'template_limit'::text
                END)
         LIMIT 1) d ON (true))
     LEFT JOIN weir.models m ON ((id = model_id)))
  WHERE ((status = 'denied'::text) AND (sequence = 0) AND (error_code = ANY (ARRAY['daily_message_limit'::text, 'user_limit_exceeded'::text])));

weir.usage_days
 SELECT day,
    organization_id,
    user_id,
    department_id,
    virtual_key_id,
    model_id,
    provider,
    model_type,
    template_id,
    template_slug,
    feature,
    environment,
    persona_id,
    status,
    error_code,
    events,
    requests,
    errors,
    trial_requests,
    unpriced_requests,
    fallback_requests,
    estimated_requests,
    input_tokens,
    output_tokens,
    cached_input_tokens,
    cache_write_tokens,
    reasoning_tokens,
    cost_nano_usd,
    provider_cost_nano_usd,
    latency_ms_sum,
    latency_count,
    first_token_ms_sum,
    first_token_count,
    latency_buckets
   FROM weir.usage_daily t
UNION ALL
 SELECT ((occurred_at AT TIME ZONE 'UTC'::text))::date AS day,
    organization_id,
    user_id,
    department_id,
    virtual_key_id,
    model_id,
    provider,
    model_type,
    template_id,
    template_slug,
    feature,
    environment,
    persona_id,
    status,
    error_code,
    (1)::bigint AS events,
    (((sequence = 0))::integer)::bigint AS requests,
    ((((sequence = 0) AND (status = ANY (ARRAY['error'::text, 'timeout'::text]))))::integer)::bigint AS errors,
    ((((sequence = 0) AND trial))::integer)::bigint AS trial_requests,
    ((((sequence = 0) AND (status = 'success'::text) AND (cost_nano_usd IS NULL)))::integer)::bigint AS unpriced_requests,
    ((((sequence = 0) AND fallback_used))::integer)::bigint AS fallback_requests,
    ((((sequence = 0) AND (usage_source = 'estimated'::text)))::integer)::bigint AS estimated_requests,
    input_tokens,
    output_tokens,
    cached_input_tokens,
    cache_write_tokens,
    reasoning_tokens,
    COALESCE(cost_nano_usd, (0)::bigint) AS cost_nano_usd,
    COALESCE(provider_cost_nano_usd, (0)::bigint) AS provider_cost_nano_usd,
    (COALESCE(latency_ms, 0))::bigint AS latency_ms_sum,
    (((latency_ms IS NOT NULL))::integer)::bigint AS latency_count,
    (COALESCE(time_to_first_token_ms, 0))::bigint AS first_token_ms_sum,
    (((time_to_first_token_ms IS NOT NULL))::integer)::bigint AS first_token_count,
        CASE width_bucket(latency_ms, ARRAY[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000])
            WHEN 0 THEN '{1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 1 THEN '{0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 2 THEN '{0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 3 THEN '{0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 4 THEN '{0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 5 THEN '{0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 6 THEN '{0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 7 THEN '{0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 8 THEN '{0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0}'::bigint[]
            WHEN 9 THEN '{0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0}'::bigint[]
            WHEN 10 THEN '{0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0}'::bigint[]
            WHEN 11 THEN '{0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0}'::bigint[]
            WHEN 12 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0}'::bigint[]
            WHEN 13 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0}'::bigint[]
            WHEN 14 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0}'::bigint[]
            WHEN 15 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1}'::bigint[]
            ELSE NULL::bigint[]
        END AS latency_buckets
   FROM weir.usage_events e
  WHERE ((booked_at > ( SELECT weir.usage_folded_to() AS usage_folded_to)) AND (occurred_at > (( SELECT weir.usage_folded_to() AS usage_folded_to) - '00:20:00'::interval)));

weir.usage_hours
 SELECT hour,
    organization_id,
    user_id,
    department_id,
    virtual_key_id,
    model_id,
    provider,
    model_type,
    template_id,
    template_slug,
    feature,
    environment,
    persona_id,
    status,
    error_code,
    events,
    requests,
    errors,
    trial_requests,
    unpriced_requests,
    fallback_requests,
    estimated_requests,
    input_tokens,
    output_tokens,
    cached_input_tokens,
    cache_write_tokens,
    reasoning_tokens,
    cost_nano_usd,
    provider_cost_nano_usd,
    latency_ms_sum,
    latency_count,
    first_token_ms_sum,
    first_token_count,
    latency_buckets
   FROM weir.usage_hourly t
UNION ALL
 SELECT date_trunc('hour'::text, occurred_at, 'UTC'::text) AS hour,
    organization_id,
    user_id,
    department_id,
    virtual_key_id,
    model_id,
    provider,
    model_type,
    template_id,
    template_slug,
    feature,
    environment,
    persona_id,
    status,
    error_code,
    (1)::bigint AS events,
    (((sequence = 0))::integer)::bigint AS requests,
    ((((sequence = 0) AND (status = ANY (ARRAY['error'::text, 'timeout'::text]))))::integer)::bigint AS errors,
    ((((sequence = 0) AND trial))::integer)::bigint AS trial_requests,
    ((((sequence = 0) AND (status = 'success'::text) AND (cost_nano_usd IS NULL)))::integer)::bigint AS unpriced_requests,
    ((((sequence = 0) AND fallback_used))::integer)::bigint AS fallback_requests,
    ((((sequence = 0) AND (usage_source = 'estimated'::text)))::integer)::bigint AS estimated_requests,
    input_tokens,
    output_tokens,
    cached_input_tokens,
    cache_write_tokens,
    reasoning_tokens,
    COALESCE(cost_nano_usd, (0)::bigint) AS cost_nano_usd,
    COALESCE(provider_cost_nano_usd, (0)::bigint) AS provider_cost_nano_usd,
    (COALESCE(latency_ms, 0))::bigint AS latency_ms_sum,
    (((latency_ms IS NOT NULL))::integer)::bigint AS latency_count,
    (COALESCE(time_to_first_token_ms, 0))::bigint AS first_token_ms_sum,
    (((time_to_first_token_ms IS NOT NULL))::integer)::bigint AS first_token_count,
        CASE width_bucket(latency_ms, ARRAY[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000])
            WHEN 0 THEN '{1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 1 THEN '{0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 2 THEN '{0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 3 THEN '{0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 4 THEN '{0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 5 THEN '{0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 6 THEN '{0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 7 THEN '{0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 8 THEN '{0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0}'::bigint[]
            WHEN 9 THEN '{0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0}'::bigint[]
            WHEN 10 THEN '{0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0}'::bigint[]
            WHEN 11 THEN '{0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0}'::bigint[]
            WHEN 12 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0}'::bigint[]
            WHEN 13 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0}'::bigint[]
            WHEN 14 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0}'::bigint[]
            WHEN 15 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1}'::bigint[]
            ELSE NULL::bigint[]
        END AS latency_buckets
   FROM weir.usage_events e
  WHERE ((booked_at > ( SELECT weir.usage_folded_to() AS usage_folded_to)) AND (occurred_at > (( SELECT weir.usage_folded_to() AS usage_folded_to) - '00:20:00'::interval)));

weir.usage_recorded
 SELECT ((occurred_at AT TIME ZONE 'UTC'::text))::date AS day,
    occurred_at,
    organization_id,
    feature,
    COALESCE(cost_nano_usd, (0)::bigint) AS cost_nano_usd
   FROM weir.usage_events e
  WHERE ((route = 'recorded'::text) AND ((booked_at <= ( SELECT weir.usage_folded_to() AS usage_folded_to)) OR (occurred_at > (( SELECT weir.usage_folded_to() AS usage_folded_to) - '00:20:00'::interval))));

weir.usage_unfolded
 SELECT occurred_at,
    organization_id,
    user_id,
    department_id,
    virtual_key_id,
    model_id,
    provider,
    model_type,
    template_id,
    template_slug,
    feature,
    environment,
    persona_id,
    status,
    error_code,
    (1)::bigint AS events,
    (((sequence = 0))::integer)::bigint AS requests,
    ((((sequence = 0) AND (status = ANY (ARRAY['error'::text, 'timeout'::text]))))::integer)::bigint AS errors,
    ((((sequence = 0) AND trial))::integer)::bigint AS trial_requests,
    ((((sequence = 0) AND (status = 'success'::text) AND (cost_nano_usd IS NULL)))::integer)::bigint AS unpriced_requests,
    ((((sequence = 0) AND fallback_used))::integer)::bigint AS fallback_requests,
    ((((sequence = 0) AND (usage_source = 'estimated'::text)))::integer)::bigint AS estimated_requests,
    input_tokens,
    output_tokens,
    cached_input_tokens,
    cache_write_tokens,
    reasoning_tokens,
    COALESCE(cost_nano_usd, (0)::bigint) AS cost_nano_usd,
    COALESCE(provider_cost_nano_usd, (0)::bigint) AS provider_cost_nano_usd,
    (COALESCE(latency_ms, 0))::bigint AS latency_ms_sum,
    (((latency_ms IS NOT NULL))::integer)::bigint AS latency_count,
    (COALESCE(time_to_first_token_ms, 0))::bigint AS first_token_ms_sum,
    (((time_to_first_token_ms IS NOT NULL))::integer)::bigint AS first_token_count,
        CASE width_bucket(latency_ms, ARRAY[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000])
            WHEN 0 THEN '{1,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 1 THEN '{0,1,0,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 2 THEN '{0,0,1,0,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 3 THEN '{0,0,0,1,0,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 4 THEN '{0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 5 THEN '{0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 6 THEN '{0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 7 THEN '{0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0}'::bigint[]
            WHEN 8 THEN '{0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0}'::bigint[]
            WHEN 9 THEN '{0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0}'::bigint[]
            WHEN 10 THEN '{0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0}'::bigint[]
            WHEN 11 THEN '{0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0}'::bigint[]
            WHEN 12 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0}'::bigint[]
            WHEN 13 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,1,0,0}'::bigint[]
            WHEN 14 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,1,0}'::bigint[]
            WHEN 15 THEN '{0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1}'::bigint[]
            ELSE NULL::bigint[]
        END AS latency_buckets
   FROM weir.usage_events e
  WHERE ((booked_at > ( SELECT weir.usage_folded_to() AS usage_folded_to)) AND (occurred_at > (( SELECT weir.usage_folded_to() AS usage_folded_to) - '00:20:00'::interval)));


-- Indexes that are not constraints

CREATE INDEX accounts_user_id_idx ON weir.accounts USING btree (user_id)
CREATE INDEX alert_rules_changed_by_idx ON weir.alert_rules USING btree (changed_by)
CREATE INDEX alert_rules_organization_id_idx ON weir.alert_rules USING btree (organization_id)
CREATE INDEX alerts_acknowledged_by_idx ON weir.alerts USING btree (acknowledged_by)
CREATE INDEX alerts_budget_id_idx ON weir.alerts USING btree (budget_id)
CREATE INDEX alerts_fired_at_idx ON weir.alerts USING btree (fired_at DESC, id DESC)
CREATE UNIQUE INDEX alerts_once_per_budget_window_rule_threshold ON weir.alerts USING btree (budget_id, window_start, rule, threshold) WHERE (budget_id IS NOT NULL)
CREATE UNIQUE INDEX alerts_one_open ON weir.alerts USING btree (rule, scope, organization_id, scope_reference) NULLS NOT DISTINCT WHERE ((resolved_at IS NULL) AND (budget_id IS NULL))
CREATE INDEX alerts_open_budget_idx ON weir.alerts USING btree (budget_id, window_start) WHERE ((resolved_at IS NULL) AND (budget_id IS NOT NULL))
CREATE INDEX alerts_organization_id_idx ON weir.alerts USING btree (organization_id, fired_at DESC)
CREATE INDEX analytics_events_created_at_idx ON weir.analytics_events USING btree (created_at, id)
CREATE INDEX analytics_events_name_idx ON weir.analytics_events USING btree (name, created_at DESC)
CREATE INDEX analytics_events_organization_id_idx ON weir.analytics_events USING btree (organization_id, created_at DESC)
CREATE INDEX analytics_events_unhandled_idx ON weir.analytics_events USING btree (id) WHERE (handled_at IS NULL)
CREATE INDEX analytics_events_user_id_idx ON weir.analytics_events USING btree (user_id)
CREATE INDEX api_tokens_created_by_idx ON weir.api_tokens USING btree (created_by)
CREATE INDEX api_tokens_member_idx ON weir.api_tokens USING btree (organization_id, user_id)
CREATE INDEX audit_logs_actor_idx ON weir.audit_logs USING btree (organization_id, actor_id, created_at DESC, id DESC)
CREATE INDEX audit_logs_created_at_idx ON weir.audit_logs USING btree (created_at DESC, id DESC)
CREATE INDEX audit_logs_organization_idx ON weir.audit_logs USING btree (organization_id, created_at DESC, id DESC)
CREATE INDEX audit_logs_target_idx ON weir.audit_logs USING btree (organization_id, target_id, created_at DESC, id DESC)
CREATE INDEX budgets_created_by_idx ON weir.budgets USING btree (created_by)
CREATE INDEX budgets_feature_id_idx ON weir.budgets USING btree (feature_id)
CREATE INDEX budgets_organization_idx ON weir.budgets USING btree (organization_id, department_id)
CREATE INDEX budgets_user_id_idx ON weir.budgets USING btree (user_id)
CREATE INDEX budgets_virtual_key_id_idx ON weir.budgets USING btree (virtual_key_id)
CREATE INDEX conversations_newest_idx ON weir.conversations USING btree (organization_id, user_id, last_message_at DESC, id DESC)
CREATE INDEX conversations_persona_id_idx ON weir.conversations USING btree (persona_id)
CREATE INDEX conversations_template_id_idx ON weir.conversations USING btree (template_id)
CREATE INDEX conversations_user_id_idx ON weir.conversations USING btree (user_id)
CREATE INDEX counters_organization_idx ON weir.counters USING btree (organization_id, window_end)
CREATE INDEX counters_template_window_end_idx ON weir.counters USING btree (window_end) WHERE (kind = 'template_limit'::text)
CREATE INDEX credit_grants_burn_order_idx ON weir.credit_grants USING btree (organization_id, credit_type, expires_at, priority, effective_at)
CREATE INDEX credit_grants_credit_type_idx ON weir.credit_grants USING btree (credit_type)
CREATE INDEX credit_grants_expires_at_idx ON weir.credit_grants USING btree (expires_at) WHERE (expires_at IS NOT NULL)
CREATE INDEX credit_grants_granted_by_idx ON weir.credit_grants USING btree (granted_by)
CREATE INDEX credit_ledger_credit_type_idx ON weir.credit_ledger USING btree (credit_type)
CREATE INDEX credit_ledger_grant_id_idx ON weir.credit_ledger USING btree (grant_id)
CREATE UNIQUE INDEX credit_ledger_idempotent ON weir.credit_ledger USING btree (organization_id, idempotency_key) WHERE (idempotency_key IS NOT NULL)
CREATE INDEX credit_ledger_organization_idx ON weir.credit_ledger USING btree (organization_id, created_at DESC, id DESC)
CREATE INDEX credit_ledger_person_idx ON weir.credit_ledger USING btree (organization_id, user_id, created_at DESC, id DESC)
CREATE INDEX credit_ledger_request_id_idx ON weir.credit_ledger USING btree (request_id) WHERE (request_id IS NOT NULL)
CREATE INDEX credit_use_credit_type_idx ON weir.credit_use USING btree (credit_type)
CREATE INDEX credit_warnings_credit_type_idx ON weir.credit_warnings USING btree (credit_type)
CREATE INDEX denial_traces_denied_at_idx ON ONLY weir.denial_traces USING btree (denied_at)
CREATE INDEX denial_traces_organization_idx ON ONLY weir.denial_traces USING btree (organization_id, denied_at DESC, id DESC)
CREATE INDEX denial_traces_user_idx ON ONLY weir.denial_traces USING btree (organization_id, user_id, denied_at DESC, id DESC)
CREATE INDEX departments_manager_idx ON weir.departments USING btree (organization_id, manager_user_id)
CREATE INDEX deployments_assigned_by_idx ON weir.deployments USING btree (assigned_by)
CREATE INDEX deployments_feature_id_idx ON weir.deployments USING btree (feature_id, environment, assigned_at DESC)
CREATE INDEX deployments_model_id_idx ON weir.deployments USING btree (model_id)
CREATE UNIQUE INDEX deployments_one_active ON weir.deployments USING btree (feature_id, environment) WHERE is_active
CREATE INDEX deployments_prompt_version_id_idx ON weir.deployments USING btree (prompt_version_id)
CREATE INDEX entitlements_granted_by_idx ON weir.entitlements USING btree (granted_by)
CREATE INDEX entitlements_model_id_idx ON weir.entitlements USING btree (model_id)
CREATE INDEX entitlements_organization_id_idx ON weir.entitlements USING btree (organization_id)
CREATE INDEX entitlements_product_id_idx ON weir.entitlements USING btree (product_id)
CREATE INDEX entitlements_purchase_id_idx ON weir.entitlements USING btree (purchase_id)
CREATE UNIQUE INDEX entitlements_unique_while_active ON weir.entitlements USING btree (user_id, organization_id, model_id, product_id, source) NULLS NOT DISTINCT WHERE (revoked_at IS NULL)
CREATE INDEX entitlements_user_id_idx ON weir.entitlements USING btree (user_id)
CREATE INDEX fact_versions_changed_at_idx ON weir.fact_versions USING btree (changed_at)
CREATE INDEX features_credit_type_idx ON weir.features USING btree (credit_type)
CREATE INDEX former_members_user_id_idx ON weir.former_members USING btree (user_id)
CREATE INDEX idempotency_keys_expires_at_idx ON weir.idempotency_keys USING btree (expires_at)
CREATE INDEX invitations_department_idx ON weir.invitations USING btree (organization_id, department_id)
CREATE INDEX invitations_email_idx ON weir.invitations USING btree (email) WHERE (status = 'pending'::text)
CREATE INDEX invitations_expires_at_idx ON weir.invitations USING btree (expires_at) WHERE (status = 'pending'::text)
CREATE INDEX invitations_inviter_id_idx ON weir.invitations USING btree (inviter_id)
CREATE UNIQUE INDEX invitations_one_pending_per_email ON weir.invitations USING btree (organization_id, email) WHERE (status = 'pending'::text)
CREATE INDEX job_runs_job_idx ON weir.job_runs USING btree (job, started_at DESC, id DESC)
CREATE UNIQUE INDEX job_runs_one_running ON weir.job_runs USING btree (job) WHERE (status = 'running'::text)
CREATE INDEX job_runs_started_at_idx ON weir.job_runs USING btree (started_at)
CREATE INDEX job_runs_status_idx ON weir.job_runs USING btree (job, status, started_at DESC)
CREATE INDEX limit_overrides_budget_id_idx ON weir.limit_overrides USING btree (budget_id)
CREATE INDEX limit_overrides_granted_by_idx ON weir.limit_overrides USING btree (granted_by)
CREATE INDEX limit_overrides_model_id_idx ON weir.limit_overrides USING btree (model_id)
CREATE INDEX limit_overrides_organization_idx ON weir.limit_overrides USING btree (organization_id, id DESC)
CREATE INDEX limit_overrides_person_idx ON weir.limit_overrides USING btree (organization_id, user_id) WHERE (revoked_at IS NULL)
CREATE INDEX limit_overrides_revoked_by_idx ON weir.limit_overrides USING btree (revoked_by)
CREATE INDEX limit_overrides_template_id_idx ON weir.limit_overrides USING btree (template_id)
CREATE INDEX limit_requests_budget_id_idx ON weir.limit_requests USING btree (budget_id)
CREATE INDEX limit_requests_decided_by_idx ON weir.limit_requests USING btree (decided_by)
CREATE INDEX limit_requests_kind_idx ON weir.limit_requests USING btree (kind, id DESC) WHERE (kind = 'organization_quota'::text)
CREATE INDEX limit_requests_model_id_idx ON weir.limit_requests USING btree (model_id)
CREATE UNIQUE INDEX limit_requests_one_open ON weir.limit_requests USING btree (organization_id, user_id, kind, template_id, model_id, budget_id) NULLS NOT DISTINCT WHERE (status = 'open'::text)
CREATE INDEX limit_requests_organization_idx ON weir.limit_requests USING btree (organization_id, id DESC)
CREATE INDEX limit_requests_template_id_idx ON weir.limit_requests USING btree (template_id)
CREATE INDEX mail_outbox_created_at_idx ON weir.mail_outbox USING btree (created_at DESC, id DESC)
CREATE INDEX mail_outbox_due_idx ON weir.mail_outbox USING btree (next_attempt_at) WHERE (status = 'pending'::text)
CREATE INDEX members_department_idx ON weir.members USING btree (organization_id, department_id)
CREATE INDEX members_paused_until_idx ON weir.members USING btree (paused_until) WHERE ((status = 'paused'::text) AND (paused_until IS NOT NULL))
CREATE INDEX members_user_id_idx ON weir.members USING btree (user_id)
CREATE INDEX messages_conversation_idx ON weir.messages USING btree (conversation_id, organization_id, user_id, id)
CREATE UNIQUE INDEX messages_idempotency_key_once ON weir.messages USING btree (organization_id, user_id, idempotency_key) WHERE (idempotency_key IS NOT NULL)
CREATE UNIQUE INDEX messages_one_answer_at_a_time ON weir.messages USING btree (conversation_id) WHERE (status = 'streaming'::text)
CREATE INDEX model_prices_price_import_id_idx ON weir.model_prices USING btree (price_import_id)
CREATE UNIQUE INDEX models_one_system_default ON weir.models USING btree (is_system_default) WHERE is_system_default
CREATE INDEX models_replacement_model_id_idx ON weir.models USING btree (replacement_model_id)
CREATE INDEX notification_deliveries_due_idx ON weir.notification_deliveries USING btree (next_attempt_at) WHERE (status = 'pending'::text)
CREATE INDEX notifications_created_at_idx ON weir.notifications USING btree (created_at)
CREATE INDEX notifications_organization_id_idx ON weir.notifications USING btree (organization_id)
CREATE INDEX notifications_unread_idx ON weir.notifications USING btree (user_id) WHERE (read_at IS NULL)
CREATE INDEX notifications_user_idx ON weir.notifications USING btree (user_id, created_at DESC, id DESC)
CREATE INDEX org_system_model_config_template_id_idx ON weir.org_system_model_config USING btree (template_id)
CREATE INDEX org_system_model_config_updated_by_idx ON weir.org_system_model_config USING btree (updated_by)
CREATE UNIQUE INDEX organization_domains_verified_once ON weir.organization_domains USING btree (domain) WHERE (verified_at IS NOT NULL)
CREATE INDEX organizations_business_type_idx ON weir.organizations USING btree (business_type)
CREATE INDEX organizations_created_at_idx ON weir.organizations USING btree (created_at DESC, id DESC)
CREATE INDEX organizations_default_model_id_idx ON weir.organizations USING btree (default_model_id)
CREATE INDEX organizations_pricing_plan_idx ON weir.organizations USING btree (pricing_plan)
CREATE INDEX personas_default_model_id_idx ON weir.personas USING btree (default_model_id)
CREATE INDEX plan_credit_allocations_credit_type_idx ON weir.plan_credit_allocations USING btree (credit_type)
CREATE INDEX price_import_items_applied_by_idx ON weir.price_import_items USING btree (applied_by)
CREATE INDEX price_import_items_model_id_idx ON weir.price_import_items USING btree (model_id)
CREATE INDEX price_imports_created_by_idx ON weir.price_imports USING btree (created_by)
CREATE INDEX products_credit_type_idx ON weir.products USING btree (credit_type)
CREATE INDEX products_model_id_idx ON weir.products USING btree (model_id)
CREATE INDEX products_plan_slug_idx ON weir.products USING btree (plan_slug)
CREATE INDEX profiles_default_model_id_idx ON weir.profiles USING btree (default_model_id)
CREATE INDEX prompt_labels_version_idx ON weir.prompt_labels USING btree (prompt_id, prompt_version_id)
CREATE INDEX prompt_versions_created_by_idx ON weir.prompt_versions USING btree (created_by)
CREATE INDEX prompt_versions_reviewed_by_idx ON weir.prompt_versions USING btree (reviewed_by)
CREATE INDEX prompts_created_by_idx ON weir.prompts USING btree (created_by)
CREATE INDEX prompts_feature_id_idx ON weir.prompts USING btree (feature_id)
CREATE INDEX provider_credentials_created_by_idx ON weir.provider_credentials USING btree (created_by)
CREATE INDEX provider_credentials_organization_id_idx ON weir.provider_credentials USING btree (organization_id)
CREATE INDEX purchases_created_at_idx ON weir.purchases USING btree (created_at DESC, id DESC)
CREATE INDEX purchases_organization_id_idx ON weir.purchases USING btree (organization_id)
CREATE INDEX purchases_product_id_idx ON weir.purchases USING btree (product_id)
CREATE INDEX purchases_user_id_idx ON weir.purchases USING btree (user_id)
CREATE INDEX rate_limit_windows_resets_at_idx ON weir.rate_limit_windows USING btree (resets_at)
CREATE INDEX request_idempotency_expires_at_idx ON weir.request_idempotency USING btree (expires_at)
CREATE INDEX sessions_active_organization_id_idx ON weir.sessions USING btree (active_organization_id)
CREATE INDEX sessions_expires_at_idx ON weir.sessions USING btree (expires_at)
CREATE INDEX sessions_impersonated_by_idx ON weir.sessions USING btree (impersonated_by)
CREATE INDEX sessions_impersonator_session_id_idx ON weir.sessions USING btree (impersonator_session_id)
CREATE INDEX sessions_user_id_idx ON weir.sessions USING btree (user_id)
CREATE INDEX template_endpoint_secrets_organization_id_idx ON weir.template_endpoint_secrets USING btree (organization_id)
CREATE INDEX template_revisions_changed_by_idx ON weir.template_revisions USING btree (changed_by)
CREATE INDEX templates_created_by_idx ON weir.templates USING btree (created_by)
CREATE INDEX templates_model_id_idx ON weir.templates USING btree (model_id)
CREATE INDEX templates_owner_user_id_idx ON weir.templates USING btree (owner_user_id)
CREATE INDEX templates_required_plan_idx ON weir.templates USING btree (required_plan)
CREATE INDEX two_factors_secret_idx ON weir.two_factors USING btree (secret)
CREATE INDEX usage_daily_day_idx ON weir.usage_daily USING btree (day)
CREATE INDEX usage_daily_model_idx ON weir.usage_daily USING btree (model_id, day)
CREATE INDEX usage_daily_template_idx ON weir.usage_daily USING btree (template_id, day) WHERE (template_id IS NOT NULL)
CREATE INDEX usage_daily_trial_idx ON weir.usage_daily USING btree (model_id, user_id) WHERE (trial_requests > 0)
CREATE INDEX usage_daily_user_idx ON weir.usage_daily USING btree (organization_id, user_id, day)
CREATE INDEX usage_daily_facets_day_idx ON weir.usage_daily_facets USING btree (facet, day)
CREATE INDEX usage_daily_slices_day_idx ON weir.usage_daily_slices USING btree (day)
CREATE INDEX usage_events_booked_at_idx ON ONLY weir.usage_events USING brin (booked_at) WITH (pages_per_range='32', autosummarize='on')
CREATE INDEX usage_events_organization_idx ON ONLY weir.usage_events USING btree (organization_id, occurred_at, booked_at)
CREATE INDEX usage_events_recorded_idx ON ONLY weir.usage_events USING btree (occurred_at) INCLUDE (booked_at, organization_id, user_id, feature, cost_nano_usd) WHERE (route = 'recorded'::text)
CREATE INDEX usage_events_trial_idx ON ONLY weir.usage_events USING btree (COALESCE(user_id, organization_id), booked_at) WHERE (trial AND (sequence = 0))
CREATE INDEX usage_hourly_hour_idx ON ONLY weir.usage_hourly USING btree (hour)
CREATE INDEX usage_hourly_user_idx ON ONLY weir.usage_hourly USING btree (organization_id, user_id, hour)
CREATE INDEX usage_records_created_at_idx ON weir.usage_records USING btree (created_at)
CREATE INDEX users_created_at_idx ON weir.users USING btree (created_at DESC, id DESC)
CREATE INDEX users_platform_role_idx ON weir.users USING btree (platform_role) WHERE (platform_role <> 'user'::text)
CREATE INDEX verifications_expires_at_idx ON weir.verifications USING btree (expires_at)
CREATE INDEX verifications_identifier_idx ON weir.verifications USING btree (identifier)
CREATE INDEX virtual_keys_created_by_idx ON weir.virtual_keys USING btree (created_by)
CREATE INDEX virtual_keys_department_idx ON weir.virtual_keys USING btree (organization_id, department_id)
CREATE INDEX virtual_keys_member_idx ON weir.virtual_keys USING btree (organization_id, user_id)
CREATE INDEX virtual_keys_rotated_from_idx ON weir.virtual_keys USING btree (rotated_from)

-- Policies

weir.accounts: owner_all for all to weir_owner
  using true
  with check true

weir.accounts: service_all for all to weir_service
  using true
  with check true

weir.alert_rules: admin_all for all to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.alert_rules: defaults_read for select to authenticated
  using ((organization_id IS NULL) AND (cardinality(( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)) > 0))

weir.alert_rules: owner_all for all to weir_owner
  using true
  with check true

weir.alert_rules: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.alert_rules: service_all for all to weir_service
  using true
  with check true

weir.alerts: admin_acknowledge for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.alerts: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.alerts: owner_all for all to weir_owner
  using true
  with check true

weir.alerts: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.alerts: service_all for all to weir_service
  using true
  with check true

weir.analytics_events: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.analytics_events: own_insert for insert to authenticated
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (handled_at IS NULL) AND ((organization_id IS NULL) OR (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])) OR ( SELECT weir_private.is_platform_admin() AS is_platform_admin)))

weir.analytics_events: owner_all for all to weir_owner
  using true
  with check true

weir.analytics_events: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.analytics_events: service_all for all to weir_service
  using true
  with check true

weir.api_latencies: owner_all for all to weir_owner
  using true
  with check true

weir.api_latencies: service_all for all to weir_service
  using true
  with check true

weir.api_tokens: admin_insert for insert to authenticated
  with check (((user_id IS NULL) OR (user_id = ( SELECT auth.uid() AS uid))) AND (created_by = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))

weir.api_tokens: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.api_tokens: admin_update for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.api_tokens: not_impersonated_delete for delete to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.api_tokens: not_impersonated_insert for insert to authenticated
  with check (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.api_tokens: not_impersonated_update for update to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.api_tokens: own_insert for insert to authenticated
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (created_by = ( SELECT auth.uid() AS uid)) AND (role = 'member'::text) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.api_tokens: own_read for select to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.api_tokens: own_update for update to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.api_tokens: owner_all for all to weir_owner
  using true
  with check true

weir.api_tokens: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.api_tokens: service_all for all to weir_service
  using true
  with check true

weir.audit_chains: admin_read for select to authenticated
  using (chain = ANY ((( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids))::text[]))

weir.audit_chains: owner_all for all to weir_owner
  using true
  with check true

weir.audit_chains: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.audit_chains: service_all for all to weir_service
  using true
  with check true

weir.audit_logs: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.audit_logs: own_insert for insert to authenticated
  with check ((actor_type = 'user'::text) AND (actor_id = ( SELECT auth.uid() AS uid)) AND (NOT (impersonator_id IS DISTINCT FROM (( SELECT weir_private.claim('impersonator'::text) AS claim))::uuid)) AND ((organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])) OR ( SELECT weir_private.is_platform_admin() AS is_platform_admin)))

weir.audit_logs: owner_all for all to weir_owner
  using true
  with check true

weir.audit_logs: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.audit_logs: service_all for all to weir_service
  using true
  with check true

weir.audit_logs: token_insert for insert to authenticated
  with check ((actor_type = 'key'::text) AND (actor_id = (( SELECT weir_private.claim('api_token'::text) AS claim))::uuid) AND (impersonator_id IS NULL) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.budget_amounts: gateway_read for select to weir_gateway
  using true

weir.budget_amounts: owner_all for all to weir_owner
  using true
  with check true

weir.budget_amounts: service_read for select to weir_service
  using true

weir.budget_amounts: with_budget for select to authenticated
  using (EXISTS ( SELECT 1
   FROM weir.budgets b
  WHERE (b.id = budget_amounts.budget_id)))

weir.budgets: admin_delete for delete to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.budgets: admin_insert for insert to authenticated
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.budgets: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.budgets: admin_update for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.budgets: gateway_read for select to weir_gateway
  using true

weir.budgets: own_key_insert for insert to authenticated
  with check ((scope = 'key'::text) AND (created_by = ( SELECT auth.uid() AS uid)) AND (EXISTS ( SELECT 1
   FROM weir.virtual_keys k
  WHERE ((k.id = budgets.virtual_key_id) AND (k.organization_id = budgets.organization_id) AND (k.user_id = ( SELECT auth.uid() AS uid)) AND (k.organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))))

weir.budgets: own_key_read for select to authenticated
  using ((scope = 'key'::text) AND (EXISTS ( SELECT 1
   FROM weir.virtual_keys k
  WHERE ((k.id = budgets.virtual_key_id) AND (k.user_id = ( SELECT auth.uid() AS uid)) AND (k.organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))))

weir.budgets: owner_all for all to weir_owner
  using true
  with check true

weir.budgets: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.budgets: service_all for all to weir_service
  using true
  with check true

weir.business_types: everyone_read for select to authenticated
  using (( SELECT auth.uid() AS uid) IS NOT NULL)

weir.business_types: gateway_read for select to weir_gateway
  using true

weir.business_types: owner_all for all to weir_owner
  using true
  with check true

weir.business_types: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.business_types: service_all for all to weir_service
  using true
  with check true

weir.closed_windows: owner_all for all to weir_owner
  using true
  with check true

weir.closed_windows: service_all for all to weir_service
  using true
  with check true

weir.conversations: own_all for all to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])) AND ( SELECT weir_private.is_themselves() AS is_themselves))
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])) AND ( SELECT weir_private.is_themselves() AS is_themselves))

weir.conversations: owner_all for all to weir_owner
  using true
  with check true

weir.counters: gateway_ledger for all to weir_gateway
  using true
  with check true

weir.counters: owner_all for all to weir_owner
  using true
  with check true

weir.counters: people_read for select to authenticated
  using (( SELECT weir_private.is_platform_admin() AS is_platform_admin) OR (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))

weir.counters: service_archives for delete to weir_service
  using true

weir.counters: service_reads for select to weir_service
  using true

weir.credit_grants: gateway_read for select to weir_gateway
  using true

weir.credit_grants: member_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))

weir.credit_grants: owner_all for all to weir_owner
  using true
  with check true

weir.credit_grants: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.credit_grants: service_all for all to weir_service
  using true
  with check true

weir.credit_ledger: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.credit_ledger: own_read for select to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.credit_ledger: owner_all for all to weir_owner
  using true
  with check true

weir.credit_ledger: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.credit_ledger: service_all for all to weir_service
  using true
  with check true

weir.credit_types: everyone_read for select to authenticated
  using (( SELECT auth.uid() AS uid) IS NOT NULL)

weir.credit_types: gateway_read for select to weir_gateway
  using true

weir.credit_types: owner_all for all to weir_owner
  using true
  with check true

weir.credit_types: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.credit_types: service_all for all to weir_service
  using true
  with check true

weir.credit_use: owner_all for all to weir_owner
  using true
  with check true

weir.credit_use: service_read for select to weir_service
  using true

weir.credit_warnings: owner_all for all to weir_owner
  using true
  with check true

weir.credit_warnings: service_all for all to weir_service
  using true
  with check true

weir.denial_traces: gateway_appends for insert to weir_gateway
  with check true

weir.denial_traces: owner_all for all to weir_owner
  using true
  with check true

weir.denial_traces: people_read for select to authenticated
  using ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) OR ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))

weir.denial_traces: service_reads for select to weir_service
  using true

weir.departments: admin_all for all to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.departments: gateway_read for select to weir_gateway
  using true

weir.departments: member_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))

weir.departments: owner_all for all to weir_owner
  using true
  with check true

weir.departments: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.departments: service_all for all to weir_service
  using true
  with check true

weir.deployments: gateway_read for select to weir_gateway
  using true

weir.deployments: owner_all for all to weir_owner
  using true
  with check true

weir.deployments: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.deployments: service_all for all to weir_service
  using true
  with check true

weir.entitlements: gateway_read for select to weir_gateway
  using true

weir.entitlements: member_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))

weir.entitlements: own_read for select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))

weir.entitlements: owner_all for all to weir_owner
  using true
  with check true

weir.entitlements: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.entitlements: service_all for all to weir_service
  using true
  with check true

weir.fact_versions: gateway_read for select to weir_gateway
  using true

weir.fact_versions: owner_all for all to weir_owner
  using true
  with check true

weir.fact_versions: service_all for all to weir_service
  using true
  with check true

weir.features: gateway_read for select to weir_gateway
  using true

weir.features: owner_all for all to weir_owner
  using true
  with check true

weir.features: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.features: service_all for all to weir_service
  using true
  with check true

weir.former_members: owner_all for all to weir_owner
  using true
  with check true

weir.former_members: service_all for all to weir_service
  using true
  with check true

weir.holds: gateway_ledger for all to weir_gateway
  using true
  with check true

weir.holds: owner_all for all to weir_owner
  using true
  with check true

weir.holds: service_reads for select to weir_service
  using true

weir.idempotency_keys: gateway_all for all to weir_gateway
  using true
  with check true

weir.idempotency_keys: owner_all for all to weir_owner
  using true
  with check true

weir.idempotency_keys: service_all for all to weir_service
  using true
  with check true

weir.invitations: admin_insert for insert to authenticated
  with check ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (role <> 'owner'::text) AND (inviter_id = ( SELECT auth.uid() AS uid)) AND (status = 'pending'::text))

weir.invitations: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.invitations: admin_update for update to authenticated
  using ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (role <> 'owner'::text))
  with check ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (role <> 'owner'::text))

weir.invitations: not_impersonated_insert for insert to authenticated
  with check ((role <> 'owner'::text) OR (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL))

weir.invitations: not_impersonated_update for update to authenticated
  using ((role <> 'owner'::text) OR (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL))

weir.invitations: owner_all for all to weir_owner
  using true
  with check true

weir.invitations: owner_insert for insert to authenticated
  with check ((organization_id = ANY (( SELECT weir_private.my_owner_organization_ids() AS my_owner_organization_ids)::uuid[])) AND (inviter_id = ( SELECT auth.uid() AS uid)) AND (status = 'pending'::text))

weir.invitations: owner_update for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_owner_organization_ids() AS my_owner_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_owner_organization_ids() AS my_owner_organization_ids)::uuid[]))

weir.invitations: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.invitations: service_all for all to weir_service
  using true
  with check true

weir.job_runs: owner_all for all to weir_owner
  using true
  with check true

weir.job_runs: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.job_runs: service_all for all to weir_service
  using true
  with check true

weir.limit_overrides: admin_insert for insert to authenticated
  with check ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (kind <> 'organization_quota'::text))

weir.limit_overrides: admin_update for update to authenticated
  using ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (kind <> 'organization_quota'::text))
  with check ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (kind <> 'organization_quota'::text))

weir.limit_overrides: gateway_reads for select to weir_gateway
  using true

weir.limit_overrides: owner_all for all to weir_owner
  using true
  with check true

weir.limit_overrides: people_read for select to authenticated
  using ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) OR ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))) OR ((kind = 'organization_quota'::text) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin)))

weir.limit_overrides: platform_insert for insert to authenticated
  with check ((kind = 'organization_quota'::text) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))

weir.limit_overrides: platform_update for update to authenticated
  using ((kind = 'organization_quota'::text) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))
  with check ((kind = 'organization_quota'::text) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))

weir.limit_overrides: service_reads for select to weir_service
  using true

weir.limit_requests: admin_update for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND ((kind <> 'organization_quota'::text) OR (status <> 'approved'::text)))

weir.limit_requests: own_insert for insert to authenticated
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (status = 'open'::text) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.limit_requests: owner_all for all to weir_owner
  using true
  with check true

weir.limit_requests: people_read for select to authenticated
  using ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) OR ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))) OR ((kind = 'organization_quota'::text) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin)))

weir.limit_requests: platform_update for update to authenticated
  using ((kind = 'organization_quota'::text) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))
  with check ((kind = 'organization_quota'::text) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))

weir.limit_requests: service_reads for select to weir_service
  using true

weir.mail_outbox: owner_all for all to weir_owner
  using true
  with check true

weir.mail_outbox: service_all for all to weir_service
  using true
  with check true

weir.mail_outbox: superadmin_read for select to authenticated
  using ( SELECT weir_private.is_superadmin() AS is_superadmin)

weir.members: admin_delete for delete to authenticated
  using ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (role <> 'owner'::text))

weir.members: admin_update for update to authenticated
  using ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (role <> 'owner'::text))
  with check ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (role <> 'owner'::text))

weir.members: gateway_read for select to weir_gateway
  using true

weir.members: member_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))

weir.members: not_impersonated_delete for delete to authenticated
  using ((role <> 'owner'::text) OR (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL))

weir.members: not_impersonated_update for update to authenticated
  using ((role <> 'owner'::text) OR (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL))
  with check ((role <> 'owner'::text) OR (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL))

weir.members: own_delete for delete to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))

weir.members: own_read for select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))

weir.members: owner_all for all to weir_owner
  using true
  with check true

weir.members: owner_delete for delete to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_owner_organization_ids() AS my_owner_organization_ids)::uuid[]))

weir.members: owner_update for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_owner_organization_ids() AS my_owner_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_owner_organization_ids() AS my_owner_organization_ids)::uuid[]))

weir.members: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.members: service_all for all to weir_service
  using true
  with check true

weir.messages: own_all for all to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])) AND ( SELECT weir_private.is_themselves() AS is_themselves))
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])) AND ( SELECT weir_private.is_themselves() AS is_themselves))

weir.messages: owner_all for all to weir_owner
  using true
  with check true

weir.model_prices: everyone_read for select to authenticated
  using (EXISTS ( SELECT 1
   FROM weir.models m
  WHERE (m.id = model_prices.model_id)))

weir.model_prices: gateway_read for select to weir_gateway
  using true

weir.model_prices: owner_all for all to weir_owner
  using true
  with check true

weir.model_prices: platform_insert for insert to authenticated
  with check (( SELECT weir_private.is_platform_admin() AS is_platform_admin) AND (source = ANY (ARRAY['admin'::text, 'import'::text])))

weir.model_prices: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.model_prices: service_all for all to weir_service
  using true
  with check true

weir.models: everyone_read for select to authenticated
  using ((( SELECT auth.uid() AS uid) IS NOT NULL) AND enabled AND (archived_at IS NULL))

weir.models: gateway_read for select to weir_gateway
  using true

weir.models: owner_all for all to weir_owner
  using true
  with check true

weir.models: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.models: service_all for all to weir_service
  using true
  with check true

weir.notification_deliveries: owner_all for all to weir_owner
  using true
  with check true

weir.notification_deliveries: service_all for all to weir_service
  using true
  with check true

weir.notification_preferences: own_all for all to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
  with check (user_id = ( SELECT auth.uid() AS uid))

weir.notification_preferences: owner_all for all to weir_owner
  using true
  with check true

weir.notification_preferences: service_all for all to weir_service
  using true
  with check true

weir.notifications: own_delete for delete to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (((organization_id IS NULL) AND (( SELECT weir_private.claim('api_token'::text) AS claim) IS NULL)) OR (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))

weir.notifications: own_select for select to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (((organization_id IS NULL) AND (( SELECT weir_private.claim('api_token'::text) AS claim) IS NULL)) OR (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))

weir.notifications: own_update for update to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (((organization_id IS NULL) AND (( SELECT weir_private.claim('api_token'::text) AS claim) IS NULL)) OR (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))

weir.notifications: owner_all for all to weir_owner
  using true
  with check true

weir.notifications: service_all for all to weir_service
  using true
  with check true

weir.org_system_model_config: admin_all for all to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.org_system_model_config: gateway_read for select to weir_gateway
  using true

weir.org_system_model_config: member_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))

weir.org_system_model_config: owner_all for all to weir_owner
  using true
  with check true

weir.org_system_model_config: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.org_system_model_config: service_all for all to weir_service
  using true
  with check true

weir.organization_domains: admin_delete for delete to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.organization_domains: admin_insert for insert to authenticated
  with check ((organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) AND (verified_at IS NULL))

weir.organization_domains: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.organization_domains: admin_update for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.organization_domains: owner_all for all to weir_owner
  using true
  with check true

weir.organization_domains: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.organization_domains: service_all for all to weir_service
  using true
  with check true

weir.organizations: admin_update for update to authenticated
  using (id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.organizations: gateway_read for select to weir_gateway
  using true

weir.organizations: member_read for select to authenticated
  using (id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))

weir.organizations: owner_all for all to weir_owner
  using true
  with check true

weir.organizations: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.organizations: service_all for all to weir_service
  using true
  with check true

weir.personas: admin_all for all to authenticated
  using ((scope = 'organization'::text) AND (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))
  with check ((scope = 'organization'::text) AND (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))

weir.personas: everyone_read for select to authenticated
  using (is_active AND
CASE scope
    WHEN 'platform'::text THEN (( SELECT auth.uid() AS uid) IS NOT NULL)
    ELSE (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))
END)

weir.personas: gateway_read for select to weir_gateway
  using true

weir.personas: owner_all for all to weir_owner
  using true
  with check true

weir.personas: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.personas: service_all for all to weir_service
  using true
  with check true

weir.plan_credit_allocations: everyone_read for select to authenticated
  using (( SELECT auth.uid() AS uid) IS NOT NULL)

weir.plan_credit_allocations: gateway_read for select to weir_gateway
  using true

weir.plan_credit_allocations: owner_all for all to weir_owner
  using true
  with check true

weir.plan_credit_allocations: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.plan_credit_allocations: service_all for all to weir_service
  using true
  with check true

weir.plans: everyone_read for select to authenticated
  using (( SELECT auth.uid() AS uid) IS NOT NULL)

weir.plans: gateway_read for select to weir_gateway
  using true

weir.plans: owner_all for all to weir_owner
  using true
  with check true

weir.plans: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.plans: service_all for all to weir_service
  using true
  with check true

weir.price_import_items: owner_all for all to weir_owner
  using true
  with check true

weir.price_import_items: platform_apply for update to authenticated
  using ((applied_at IS NULL) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.price_import_items: platform_insert for insert to authenticated
  with check ((applied_at IS NULL) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))

weir.price_import_items: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.price_import_items: service_all for all to weir_service
  using true
  with check true

weir.price_imports: owner_all for all to weir_owner
  using true
  with check true

weir.price_imports: platform_insert for insert to authenticated
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.price_imports: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.price_imports: service_all for all to weir_service
  using true
  with check true

weir.products: buyers_read for select to authenticated
  using (EXISTS ( SELECT 1
   FROM weir.purchases p
  WHERE (p.product_id = products.id)))

weir.products: entitled_read for select to authenticated
  using (EXISTS ( SELECT 1
   FROM weir.entitlements e
  WHERE (e.product_id = products.id)))

weir.products: everyone_read for select to authenticated
  using ((( SELECT auth.uid() AS uid) IS NOT NULL) AND active)

weir.products: gateway_read for select to weir_gateway
  using true

weir.products: owner_all for all to weir_owner
  using true
  with check true

weir.products: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.products: service_all for all to weir_service
  using true
  with check true

weir.profiles: gateway_read for select to weir_gateway
  using true

weir.profiles: own_insert for insert to authenticated
  with check (user_id = ( SELECT auth.uid() AS uid))

weir.profiles: own_read for select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))

weir.profiles: own_update for update to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))
  with check (user_id = ( SELECT auth.uid() AS uid))

weir.profiles: owner_all for all to weir_owner
  using true
  with check true

weir.profiles: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.profiles: service_all for all to weir_service
  using true
  with check true

weir.prompt_labels: gateway_read for select to weir_gateway
  using true

weir.prompt_labels: owner_all for all to weir_owner
  using true
  with check true

weir.prompt_labels: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.prompt_labels: service_all for all to weir_service
  using true
  with check true

weir.prompt_versions: gateway_read for select to weir_gateway
  using true

weir.prompt_versions: owner_all for all to weir_owner
  using true
  with check true

weir.prompt_versions: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.prompt_versions: service_all for all to weir_service
  using true
  with check true

weir.prompts: gateway_read for select to weir_gateway
  using true

weir.prompts: owner_all for all to weir_owner
  using true
  with check true

weir.prompts: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.prompts: service_all for all to weir_service
  using true
  with check true

weir.provider_credentials: admin_all for all to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.provider_credentials: gateway_read for select to weir_gateway
  using true

weir.provider_credentials: not_impersonated_delete for delete to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.provider_credentials: not_impersonated_insert for insert to authenticated
  with check (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.provider_credentials: not_impersonated_update for update to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.provider_credentials: owner_all for all to weir_owner
  using true
  with check true

weir.provider_credentials: platform_own for all to authenticated
  using ((organization_id IS NULL) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))
  with check ((organization_id IS NULL) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))

weir.provider_credentials: service_all for all to weir_service
  using true
  with check true

weir.providers: everyone_read for select to authenticated
  using ((( SELECT auth.uid() AS uid) IS NOT NULL) AND (status <> 'inactive'::text) AND (archived_at IS NULL))

weir.providers: gateway_read for select to weir_gateway
  using true

weir.providers: owner_all for all to weir_owner
  using true
  with check true

weir.providers: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.providers: service_all for all to weir_service
  using true
  with check true

weir.purchases: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.purchases: own_read for select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))

weir.purchases: owner_all for all to weir_owner
  using true
  with check true

weir.purchases: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.purchases: service_all for all to weir_service
  using true
  with check true

weir.rate_limit_windows: owner_all for all to weir_owner
  using true
  with check true

weir.rate_limit_windows: service_all for all to weir_service
  using true
  with check true

weir.request_idempotency: owner_all for all to weir_owner
  using true
  with check true

weir.request_idempotency: service_all for all to weir_service
  using true
  with check true

weir.seeded_rows: owner_all for all to weir_owner
  using true
  with check true

weir.seeded_rows: service_all for all to weir_service
  using true
  with check true

weir.sessions: owner_all for all to weir_owner
  using true
  with check true

weir.sessions: service_all for all to weir_service
  using true
  with check true

weir.system_config: gateway_read for select to weir_gateway
  using true

weir.system_config: owner_all for all to weir_owner
  using true
  with check true

weir.system_config: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.system_config: service_all for all to weir_service
  using true
  with check true

weir.template_endpoint_secrets: editor_all for all to authenticated
  using (EXISTS ( SELECT 1
   FROM weir.templates t
  WHERE ((t.id = template_endpoint_secrets.template_id) AND
        CASE t.scope
            WHEN 'system'::text THEN ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
            WHEN 'organization'::text THEN (t.organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
            ELSE (t.owner_user_id = ( SELECT auth.uid() AS uid))
        END)))
  with check (EXISTS ( SELECT 1
   FROM weir.templates t
  WHERE ((t.id = template_endpoint_secrets.template_id) AND (NOT (t.organization_id IS DISTINCT FROM template_endpoint_secrets.organization_id)) AND
        CASE t.scope
            WHEN 'system'::text THEN ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
            WHEN 'organization'::text THEN (t.organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
            ELSE (t.owner_user_id = ( SELECT auth.uid() AS uid))
        END)))

weir.template_endpoint_secrets: gateway_read for select to weir_gateway
  using true

weir.template_endpoint_secrets: not_impersonated_delete for delete to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.template_endpoint_secrets: not_impersonated_insert for insert to authenticated
  with check (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.template_endpoint_secrets: not_impersonated_update for update to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.template_endpoint_secrets: owner_all for all to weir_owner
  using true
  with check true

weir.template_endpoint_secrets: service_all for all to weir_service
  using true
  with check true

weir.template_revisions: editor_insert for insert to authenticated
  with check ((changed_by = ( SELECT auth.uid() AS uid)) AND (EXISTS ( SELECT 1
   FROM weir.templates t
  WHERE ((t.id = template_revisions.template_id) AND
        CASE t.scope
            WHEN 'system'::text THEN ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
            WHEN 'organization'::text THEN (t.organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
            ELSE (t.owner_user_id = ( SELECT auth.uid() AS uid))
        END))))

weir.template_revisions: editor_read for select to authenticated
  using (EXISTS ( SELECT 1
   FROM weir.templates t
  WHERE ((t.id = template_revisions.template_id) AND
        CASE t.scope
            WHEN 'system'::text THEN ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
            WHEN 'organization'::text THEN (t.organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
            ELSE (t.owner_user_id = ( SELECT auth.uid() AS uid))
        END)))

weir.template_revisions: owner_all for all to weir_owner
  using true
  with check true

weir.template_revisions: platform_insert for insert to authenticated
  with check ((changed_by = ( SELECT auth.uid() AS uid)) AND ( SELECT weir_private.is_platform_admin() AS is_platform_admin))

weir.template_revisions: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.template_revisions: service_all for all to weir_service
  using true
  with check true

weir.templates: gateway_read for select to weir_gateway
  using true

weir.templates: organization_admin_all for all to authenticated
  using ((scope = 'organization'::text) AND (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))
  with check ((scope = 'organization'::text) AND (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))

weir.templates: organization_member_read for select to authenticated
  using ((scope = 'organization'::text) AND is_active AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.templates: own_all for all to authenticated
  using ((scope = 'user'::text) AND (owner_user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))
  with check ((scope = 'user'::text) AND (owner_user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.templates: owner_all for all to weir_owner
  using true
  with check true

weir.templates: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.templates: service_all for all to weir_service
  using true
  with check true

weir.templates: system_read for select to authenticated
  using ((scope = 'system'::text) AND (id = ANY (( SELECT weir_private.my_system_template_ids() AS my_system_template_ids)::bigint[])))

weir.two_factors: owner_all for all to weir_owner
  using true
  with check true

weir.two_factors: service_all for all to weir_service
  using true
  with check true

weir.usage_activity: owner_all for all to weir_owner
  using true
  with check true

weir.usage_activity: people_read for select to authenticated
  using (( SELECT weir_private.is_platform_admin() AS is_platform_admin) OR (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))

weir.usage_activity: service_reads for select to weir_service
  using true

weir.usage_daily: owner_all for all to weir_owner
  using true
  with check true

weir.usage_daily: people_read for select to authenticated
  using (( SELECT weir_private.is_platform_admin() AS is_platform_admin) OR (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) OR ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))

weir.usage_daily: service_reads for select to weir_service
  using true

weir.usage_daily_facets: owner_all for all to weir_owner
  using true
  with check true

weir.usage_daily_facets: people_read for select to authenticated
  using (( SELECT weir_private.is_platform_admin() AS is_platform_admin) OR (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))

weir.usage_daily_facets: service_reads for select to weir_service
  using true

weir.usage_daily_slices: owner_all for all to weir_owner
  using true
  with check true

weir.usage_daily_slices: people_read for select to authenticated
  using (( SELECT weir_private.is_platform_admin() AS is_platform_admin) OR (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])))

weir.usage_daily_slices: service_reads for select to weir_service
  using true

weir.usage_events: gateway_appends for insert to weir_gateway
  with check true

weir.usage_events: gateway_reads for select to weir_gateway
  using true

weir.usage_events: owner_all for all to weir_owner
  using true
  with check true

weir.usage_events: people_read for select to authenticated
  using (( SELECT weir_private.is_platform_admin() AS is_platform_admin) OR (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) OR ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))

weir.usage_events: service_reads for select to weir_service
  using true

weir.usage_hourly: owner_all for all to weir_owner
  using true
  with check true

weir.usage_hourly: people_read for select to authenticated
  using (( SELECT weir_private.is_platform_admin() AS is_platform_admin) OR (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[])) OR ((user_id = ( SELECT auth.uid() AS uid)) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[]))))

weir.usage_hourly: service_reads for select to weir_service
  using true

weir.usage_platform_daily: owner_all for all to weir_owner
  using true
  with check true

weir.usage_platform_daily: people_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.usage_platform_daily: service_reads for select to weir_service
  using true

weir.usage_records: owner_all for all to weir_owner
  using true
  with check true

weir.usage_records: service_all for all to weir_service
  using true
  with check true

weir.usage_roll_up: owner_all for all to weir_owner
  using true
  with check true

weir.usage_roll_up: service_reads for select to weir_service
  using true

weir.users: fellows_read for select to authenticated
  using (id = ANY (( SELECT weir_private.my_fellow_user_ids() AS my_fellow_user_ids)::uuid[]))

weir.users: gateway_read for select to weir_gateway
  using true

weir.users: owner_all for all to weir_owner
  using true
  with check true

weir.users: platform_read for select to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.users: service_all for all to weir_service
  using true
  with check true

weir.verifications: owner_all for all to weir_owner
  using true
  with check true

weir.verifications: service_all for all to weir_service
  using true
  with check true

weir.virtual_keys: admin_insert for insert to authenticated
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.virtual_keys: admin_read for select to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.virtual_keys: admin_update for update to authenticated
  using (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))
  with check (organization_id = ANY (( SELECT weir_private.my_admin_organization_ids() AS my_admin_organization_ids)::uuid[]))

weir.virtual_keys: gateway_last_used for update to weir_gateway
  using true
  with check true

weir.virtual_keys: gateway_read for select to weir_gateway
  using true

weir.virtual_keys: not_impersonated_delete for delete to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.virtual_keys: not_impersonated_insert for insert to authenticated
  with check (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.virtual_keys: not_impersonated_update for update to authenticated
  using (( SELECT weir_private.claim('impersonator'::text) AS claim) IS NULL)

weir.virtual_keys: own_insert for insert to authenticated
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (NOT can_act_for_members) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.virtual_keys: own_read for select to authenticated
  using (user_id = ( SELECT auth.uid() AS uid))

weir.virtual_keys: own_update for update to authenticated
  using ((user_id = ( SELECT auth.uid() AS uid)) AND (NOT can_act_for_members) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))
  with check ((user_id = ( SELECT auth.uid() AS uid)) AND (NOT can_act_for_members) AND (organization_id = ANY (( SELECT weir_private.my_organization_ids() AS my_organization_ids)::uuid[])))

weir.virtual_keys: owner_all for all to weir_owner
  using true
  with check true

weir.virtual_keys: platform_all for all to authenticated
  using ( SELECT weir_private.is_platform_admin() AS is_platform_admin)
  with check ( SELECT weir_private.is_platform_admin() AS is_platform_admin)

weir.virtual_keys: service_all for all to weir_service
  using true
  with check true


-- Triggers

CREATE TRIGGER end_sessions_of_old_password AFTER UPDATE OF password ON weir.accounts FOR EACH ROW WHEN ((old.password IS DISTINCT FROM new.password)) EXECUTE FUNCTION weir_private.end_sessions_of_old_password()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.accounts FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.alert_rules FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.alerts FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.api_tokens FOR EACH ROW WHEN ((NOT (new.last_used_at IS DISTINCT FROM old.last_used_at))) EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.audit_chains FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER audit_logs_append_only BEFORE DELETE OR UPDATE ON weir.audit_logs FOR EACH ROW EXECUTE FUNCTION weir_private.refuse_change()
CREATE TRIGGER audit_logs_chain BEFORE INSERT ON weir.audit_logs FOR EACH ROW EXECUTE FUNCTION weir_private.chain_audit_log()
CREATE TRIGGER audit_logs_no_truncate BEFORE TRUNCATE ON weir.audit_logs FOR EACH STATEMENT EXECUTE FUNCTION weir_private.refuse_change()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.budgets REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.budgets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.budgets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER end_overrides_on_period AFTER UPDATE OF period ON weir.budgets FOR EACH ROW WHEN ((new.period IS DISTINCT FROM old.period)) EXECUTE FUNCTION weir_private.end_overrides_of_period()
CREATE TRIGGER keep_amount_on_insert AFTER INSERT ON weir.budgets FOR EACH ROW EXECUTE FUNCTION weir_private.keep_budget_amount()
CREATE TRIGGER keep_amount_on_update AFTER UPDATE OF amount_nano_usd ON weir.budgets FOR EACH ROW WHEN ((old.amount_nano_usd IS DISTINCT FROM new.amount_nano_usd)) EXECUTE FUNCTION weir_private.keep_budget_amount()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.budgets FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.business_types REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.business_types REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.business_types REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.business_types FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.conversations FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER counters_window_order BEFORE INSERT OR UPDATE OF window_start, window_end ON weir.counters FOR EACH ROW EXECUTE FUNCTION weir_private.check_counter_window()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.credit_grants REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.credit_grants REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE OF initial, priority, effective_at, expires_at, credit_type, organization_id ON weir.credit_grants FOR EACH ROW EXECUTE FUNCTION weir_private.bump_fact_version_of_row('organization_id', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.credit_grants FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER credit_ledger_append_only BEFORE DELETE OR UPDATE ON weir.credit_ledger FOR EACH ROW EXECUTE FUNCTION weir_private.refuse_change_unless_parent_gone('organizations', 'id', 'organization_id')
CREATE TRIGGER credit_ledger_counted AFTER INSERT ON weir.credit_ledger FOR EACH ROW WHEN ((new.kind = ANY (ARRAY['deduct'::text, 'refund'::text]))) EXECUTE FUNCTION weir_private.add_credit_use()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.credit_types REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.credit_types REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.credit_types REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.credit_types FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.departments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.departments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.departments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.departments FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.deployments REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.deployments REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.deployments REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.deployments FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.entitlements REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', 'user_id')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.entitlements REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', 'user_id')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.entitlements REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', 'user_id')
CREATE TRIGGER entitlements_close_expired BEFORE INSERT ON weir.entitlements FOR EACH ROW EXECUTE FUNCTION weir_private.close_expired_entitlements()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.entitlements FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.features REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.features REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.features REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.features FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.invitations FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.limit_overrides REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.limit_overrides REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.limit_overrides REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.limit_overrides FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.limit_requests FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.mail_outbox FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.members REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.members REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.members REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE CONSTRAINT TRIGGER members_keep_an_owner AFTER DELETE OR UPDATE OF role, organization_id ON weir.members DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ((old.role = 'owner'::text)) EXECUTE FUNCTION weir_private.check_organization_has_owner()
CREATE TRIGGER members_remember_former AFTER DELETE ON weir.members FOR EACH ROW EXECUTE FUNCTION weir_private.remember_former_member()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.members FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.messages FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.model_prices REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.model_prices REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.model_prices REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER model_prices_immutable BEFORE DELETE OR UPDATE ON weir.model_prices FOR EACH ROW EXECUTE FUNCTION weir_private.refuse_change_unless_parent_gone('models', 'id', 'model_id')
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.models REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.models REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.models REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE CONSTRAINT TRIGGER models_enabled_has_price AFTER INSERT OR UPDATE OF enabled ON weir.models DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (new.enabled) EXECUTE FUNCTION weir_private.check_enabled_model_has_price()
CREATE TRIGGER models_keep_while_entitled BEFORE DELETE ON weir.models FOR EACH ROW EXECUTE FUNCTION weir_private.refuse_delete_of_entitled_model()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.models FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.notification_deliveries FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.notification_preferences FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.notifications FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.org_system_model_config REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.org_system_model_config REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.org_system_model_config REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER org_system_model_config_check BEFORE INSERT OR UPDATE OF organization_id, template_id, token_limit_per_user ON weir.org_system_model_config FOR EACH ROW EXECUTE FUNCTION weir_private.check_org_system_model_config()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.org_system_model_config FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.organization_domains FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.organizations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.organizations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.organizations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('id', '')
CREATE TRIGGER organizations_end_rights_of_plan AFTER UPDATE OF pricing_plan ON weir.organizations FOR EACH ROW WHEN ((old.pricing_plan IS DISTINCT FROM new.pricing_plan)) EXECUTE FUNCTION weir_private.end_rights_of_higher_plan()
CREATE CONSTRAINT TRIGGER organizations_have_an_owner AFTER INSERT ON weir.organizations DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION weir_private.check_organization_has_owner()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.organizations FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.personas REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.personas REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.personas REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.personas FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.plan_credit_allocations REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.plan_credit_allocations REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.plan_credit_allocations REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.plan_credit_allocations FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.plans REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.plans REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.plans REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.plans FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.products REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.products REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.products REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.products FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.profiles REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', 'user_id', 'display_name', 'avatar_url', 'theme', 'notification_preferences', 'onboarding_state')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.profiles REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', 'user_id', 'display_name', 'avatar_url', 'theme', 'notification_preferences', 'onboarding_state')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.profiles REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', 'user_id', 'display_name', 'avatar_url', 'theme', 'notification_preferences', 'onboarding_state')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.profiles FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.prompt_labels REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.prompt_labels REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.prompt_labels REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.prompt_labels FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.prompt_versions REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.prompt_versions REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.prompt_versions REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER prompt_versions_approved_immutable BEFORE UPDATE ON weir.prompt_versions FOR EACH ROW EXECUTE FUNCTION weir_private.keep_approved_prompt_version()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.prompt_versions FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.prompts REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.prompts REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.prompts REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.prompts FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.provider_credentials REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '', 'last_used_at', 'last_validated_at', 'last_validation_error')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.provider_credentials REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '', 'last_used_at', 'last_validated_at', 'last_validation_error')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.provider_credentials REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '', 'last_used_at', 'last_validated_at', 'last_validation_error')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.provider_credentials FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.providers REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '', 'last_checked_at', 'last_latency_ms', 'consecutive_failures', 'error_rate')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.providers REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '', 'last_checked_at', 'last_latency_ms', 'consecutive_failures', 'error_rate')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.providers REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '', 'last_checked_at', 'last_latency_ms', 'consecutive_failures', 'error_rate')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.providers FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.purchases FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.rate_limit_windows FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER keep_impersonation_short BEFORE UPDATE ON weir.sessions FOR EACH ROW WHEN ((old.impersonated_by IS NOT NULL)) EXECUTE FUNCTION weir_private.keep_impersonation_short()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.sessions FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.system_config REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.system_config REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.system_config REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.system_config FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.template_endpoint_secrets REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.template_endpoint_secrets REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.template_endpoint_secrets REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.template_endpoint_secrets FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.templates REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.templates REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.templates REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '')
CREATE TRIGGER end_overrides_on_period AFTER UPDATE OF token_limit_period ON weir.templates FOR EACH ROW WHEN (((old.token_limit_period IS NOT NULL) AND (new.token_limit_period IS DISTINCT FROM old.token_limit_period))) EXECUTE FUNCTION weir_private.end_overrides_of_period()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.templates FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER keep_factor_in_force BEFORE UPDATE ON weir.two_factors FOR EACH ROW WHEN ((old.verified AND (NOT new.verified))) EXECUTE FUNCTION weir_private.keep_factor_in_force()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.two_factors FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER refuse_change BEFORE DELETE OR UPDATE ON weir.usage_events FOR EACH ROW EXECUTE FUNCTION weir_private.refuse_change()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.usage_roll_up FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.users REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', 'id', 'name', 'email', 'email_verified', 'image', 'two_factor_enabled')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.users REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', 'id', 'name', 'email', 'email_verified', 'image', 'two_factor_enabled')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.users REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('', 'id', 'name', 'email', 'email_verified', 'image', 'two_factor_enabled')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.users FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE CONSTRAINT TRIGGER users_keep_a_superadmin AFTER DELETE OR UPDATE OF platform_role, banned ON weir.users DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((old.platform_role = 'superadmin'::text) AND (NOT old.banned))) EXECUTE FUNCTION weir_private.check_a_superadmin_is_left()
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.verifications FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()
CREATE TRIGGER bump_facts_on_delete AFTER DELETE ON weir.virtual_keys REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '', 'last_used_at')
CREATE TRIGGER bump_facts_on_insert AFTER INSERT ON weir.virtual_keys REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '', 'last_used_at')
CREATE TRIGGER bump_facts_on_update AFTER UPDATE ON weir.virtual_keys REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION weir_private.bump_fact_versions('organization_id', '', 'last_used_at')
CREATE TRIGGER set_updated_at BEFORE UPDATE ON weir.virtual_keys FOR EACH ROW WHEN ((NOT (new.last_used_at IS DISTINCT FROM old.last_used_at))) EXECUTE FUNCTION weir_private.set_updated_at()

-- Functions

CREATE OR REPLACE FUNCTION weir.audit_row_hash(entry weir.audit_logs)
 RETURNS bytea
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$ select weir_private.audit_hash(entry.previous_hash, entry) $function$

CREATE OR REPLACE FUNCTION weir.budget_carried(budget weir.budgets, at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when not budget.rollover or budget.counting_since >= this.started then 0 else (
    select least(budget.amount_nano_usd, greatest(0,
      coalesce((select a.amount_nano_usd from weir.budget_amounts a where a.budget_id = budget.id and a.since < this.started
        order by a.since desc limit 1), budget.amount_nano_usd)
      - weir.budget_opening(budget, before.started)
      - coalesce((select c.used + c.held from weir.counters c
          where c.meter_key = weir.budget_meter_key(budget) and c.window_start = before.started), 0)))
    from (select weir.budget_window_start(budget.period, this.started - interval '1 second') as started) as before) end
  from (select weir.budget_window_start(budget.period, at) as started) as this
$function$

CREATE OR REPLACE FUNCTION weir.budget_meter_key(budget weir.budgets)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$ select 'budget:' || budget.id || ':nano_usd:' || budget.period $function$

CREATE OR REPLACE FUNCTION weir.budget_opening(budget weir.budgets, at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select case when budget.opening_window_start = weir.budget_window_start(budget.period, at) then budget.opening_nano_usd else 0 end
$function$

CREATE OR REPLACE FUNCTION weir.budget_window_end(period text, at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select ((weir.budget_window_start(period, at) at time zone 'UTC') +
    case period when 'daily' then interval '1 day' when 'weekly' then interval '7 days' when 'monthly' then interval '1 month'
      else interval '3 months' end) at time zone 'UTC'
$function$

CREATE OR REPLACE FUNCTION weir.budget_window_start(period text, at timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select date_trunc(case period when 'daily' then 'day' when 'weekly' then 'week' when 'monthly' then 'month' else 'quarter' end,
    at at time zone 'UTC') at time zone 'UTC'
$function$

CREATE OR REPLACE FUNCTION weir.clear_rate_limit_windows(max_rows integer)
 RETURNS integer
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  with ended as (
    select w.key from weir.rate_limit_windows w where w.resets_at < clock_timestamp() order by w.resets_at limit max_rows for update skip locked
  ), removed as (
    delete from weir.rate_limit_windows w using ended where w.key = ended.key returning 1
  )
  select count(*)::integer from removed
$function$

CREATE OR REPLACE FUNCTION weir.conversation_counts(organization uuid)
 RETURNS TABLE(user_id uuid, conversations bigint, messages bigint, last_message_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select c.user_id, count(*), coalesce(sum(m.count), 0)::bigint, max(c.last_message_at)
    from weir.conversations c
    left join lateral (select count(*) as count from weir.messages m where m.conversation_id = c.id and m.superseded_at is null) m on true
   where c.organization_id = organization
     and organization = any ((select weir_private.my_admin_organization_ids())::uuid[])
   group by c.user_id
$function$

CREATE OR REPLACE FUNCTION weir.count_user_sessions(people uuid[])
 RETURNS TABLE(user_id uuid, sessions bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select s.user_id, count(*) from weir.sessions s
   where s.user_id = any (people) and s.expires_at > now() and s.impersonated_by is null and (select weir_private.is_superadmin())
   group by s.user_id
$function$

CREATE OR REPLACE FUNCTION weir.count_user_templates(organization uuid)
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select count(t.id) from (select 1) as one
  left join weir.templates t on t.scope = 'user' and t.organization_id = organization
  having organization = any (weir_private.my_admin_organization_ids()) or weir_private.is_platform_admin()
$function$

CREATE OR REPLACE FUNCTION weir.custom_template_room(organization uuid)
 RETURNS TABLE(used bigint, maximum integer, can_create boolean, plan text, plan_maximum integer, plan_can_create boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select (select count(*) from weir.templates t where t.organization_id = o.id),
         least(o.max_custom_models, p.max_custom_models), o.can_create_custom_models and p.can_create_custom_models,
         p.slug, p.max_custom_models, p.can_create_custom_models
    from weir.organizations o join weir.plans p on p.slug = o.pricing_plan
   where o.id = organization and o.id = any (weir_private.my_organization_ids())
$function$

CREATE OR REPLACE FUNCTION weir.days_of_months(p_from date, p_before date)
 RETURNS TABLE(month date, days integer)
 LANGUAGE sql
 IMMUTABLE ROWS 3
 SET search_path TO ''
AS $function$
  select m.month::date,
    ((1::bigint << least(p_before - m.month::date, 31)) - (1::bigint << greatest(p_from - m.month::date, 0)))::integer
    from generate_series(date_trunc('month', p_from::timestamp), p_before::timestamp - interval '1 day', interval '1 month') as m(month)
   where p_from < p_before
$function$

CREATE OR REPLACE FUNCTION weir.deduct_credits(organization uuid, type text, quantity bigint, charged boolean, is_unlimited boolean, feature_name text, person uuid, key text, hash bytea, moment timestamp with time zone, OUT outcome text, OUT entry uuid, OUT balance bigint, OUT remaining bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  earlier weir.credit_ledger;
  lot uuid;
  room bigint;
  wanted bigint := case when charged then quantity else 0 end;
  lots uuid[] := '{}';
  parts bigint[] := '{}';
  allocations jsonb := '[]';
begin
  if key is not null then
    select l.* into earlier from weir.credit_ledger l where l.organization_id = organization and l.idempotency_key = key;
    if found then
      if earlier.request_hash is distinct from hash then
        outcome := 'mismatch';
        return;
      end if;
      outcome := 'repeated';
      entry := earlier.id;
      remaining := earlier.balance_after;
      balance := case when earlier.is_charged then earlier.balance_after - earlier.amount else earlier.balance_after end;
      return;
    end if;
  end if;

  if wanted > 0 then
    perform weir_private.lock_credit_meters(organization, type, moment);
    for lot in
      select g.id from weir.credit_grants g
      where g.organization_id = organization and g.credit_type = type and g.remaining > 0
        and g.effective_at <= moment and (g.expires_at is null or g.expires_at > moment)
      order by g.expires_at nulls last, g.priority, g.effective_at, g.id
    loop
      select g.remaining into room from weir.credit_grants g where g.id = lot for update;
      if room > 0 then
        lots := lots || lot;
        parts := parts || least(room, wanted);
        wanted := wanted - least(room, wanted);
      end if;
      exit when wanted = 0;
    end loop;
    -- Whoever held these lots may have been the first with the same key.
    if key is not null and exists (select from weir.credit_ledger l where l.organization_id = organization and l.idempotency_key = key) then
      raise exception 'the key was used meanwhile' using errcode = 'serialization_failure';
    end if;
  end if;
  if wanted > 0 then
    outcome := 'short';
    balance := weir_private.credits_available(organization, type, moment);
    remaining := balance;
    return;
  end if;

  for n in 1 .. cardinality(lots) loop
    update weir.credit_grants g set remaining = g.remaining - parts[n], consumed = g.consumed + parts[n] where g.id = lots[n];
    allocations := allocations || jsonb_build_object('grant_id', lots[n], 'amount', parts[n]);
  end loop;
  if not is_unlimited then
    remaining := weir_private.credits_available(organization, type, moment);
    balance := case when charged then remaining + quantity else remaining end;
  end if;
  insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, allocations, feature, user_id, idempotency_key, request_hash,
    is_charged, balance_after, created_at)
  values (weir_private.uuid_v7(), organization, type, 'deduct', -quantity, allocations, feature_name, person, key, hash,
    charged, remaining, moment)
  on conflict (organization_id, idempotency_key) where idempotency_key is not null do nothing
  returning id into entry;
  if entry is null then
    raise exception 'the key was used meanwhile' using errcode = 'serialization_failure';
  end if;
  outcome := 'taken';
end
$function$

CREATE OR REPLACE FUNCTION weir.drop_old_denial_traces(p_before timestamp with time zone, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  v_name text;
  v_removed integer;
begin
  if p_before > now() - interval '30 days' then
    raise exception 'traces are kept for 30 days' using errcode = 'invalid_parameter_value';
  end if;
  for v_name in
    select c.relname from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'weir.denial_traces'::regclass and c.relname ~ '^denial_traces_\d{4}_\d{2}$'
       and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' <= p_before
  loop
    execute format('drop table weir.%I', v_name);
  end loop;
  delete from weir.denial_traces t
   where (t.id, t.denied_at) in (select o.id, o.denied_at from weir.denial_traces o where o.denied_at < p_before limit p_limit);
  get diagnostics v_removed = row_count;
  return v_removed;
end
$function$

CREATE OR REPLACE FUNCTION weir.drop_old_usage_hours(p_keep interval)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  v_name text;
  v_dropped integer := 0;
begin
  if p_keep < interval '40 days' then
    raise exception 'hours are kept for 40 days at least' using errcode = 'invalid_parameter_value';
  end if;
  for v_name in
    select c.relname from pg_catalog.pg_inherits i join pg_catalog.pg_class c on c.oid = i.inhrelid
     where i.inhparent = 'weir.usage_hourly'::regclass and c.relname ~ '^usage_hourly_\d{4}_\d{2}$'
       and to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month' < now() - p_keep
  loop
    execute format('drop table weir.%I', v_name);
    v_dropped := v_dropped + 1;
  end loop;
  return v_dropped;
end
$function$

CREATE OR REPLACE FUNCTION weir.enqueue_mail(kind text, to_address text, subject text, text_body text, html_body text)
 RETURNS uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
  insert into weir.mail_outbox (id, kind, to_address, subject, text_body, html_body)
  values (weir_private.uuid_v7(), kind, to_address, subject, text_body, html_body)
  returning id
$function$

CREATE OR REPLACE FUNCTION weir.ensure_plan_credits(organization uuid, moment timestamp with time zone DEFAULT now())
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  anchor timestamptz;
  plan text;
  opens timestamptz;
  allotted record;
  made integer := 0;
begin
  select o.credit_anchor_at, o.pricing_plan into anchor, plan
  from weir.organizations o join weir.plans p on p.slug = o.pricing_plan and p.can_use_credits
  where o.id = organization;
  if anchor is null or moment < anchor then
    return 0;
  end if;
  -- Whole days of 24 hours: seconds divide exactly where an interval of days would follow the session's time zone.
  opens := anchor + make_interval(secs => floor(extract(epoch from moment - anchor) / 2592000) * 2592000);
  for allotted in
    select a.credit_type, a.amount - coalesce((select sum(g.initial) from weir.credit_grants g
      where g.organization_id = organization and g.source = 'plan' and g.credit_type = a.credit_type and g.period_start = opens), 0) as missing
    from weir.plan_credit_allocations a where a.plan_slug = plan and a.amount is not null
  loop
    if allotted.missing > 0 and weir.grant_credits(organization, allotted.credit_type, allotted.missing::bigint, 'plan', plan,
        opens, opens, opens + interval '720 hours') is not null then
      made := made + 1;
    end if;
  end loop;
  return made;
end
$function$

CREATE OR REPLACE FUNCTION weir.expire_credits(most integer, moment timestamp with time zone)
 RETURNS TABLE(organization_id uuid, credit_type text, grant_id uuid, amount bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  lot record;
begin
  for lot in
    select g.id, g.organization_id as organization, g.credit_type as type, g.remaining from weir.credit_grants g
    where g.expires_at <= moment and g.remaining > 0 order by g.expires_at, g.id limit most for update skip locked
  loop
    update weir.credit_grants g set expired = g.expired + lot.remaining, remaining = 0 where g.id = lot.id;
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, grant_id, allocations, reason, created_at)
    values (weir_private.uuid_v7(), lot.organization, lot.type, 'expire', -lot.remaining, lot.id,
      jsonb_build_array(jsonb_build_object('grant_id', lot.id, 'amount', lot.remaining)), 'the lot has expired', moment);
    organization_id := lot.organization;
    credit_type := lot.type;
    grant_id := lot.id;
    amount := lot.remaining;
    return next;
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION weir.feature_name(feature uuid)
 RETURNS text
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$ select f.name from weir.features f where f.id = feature $function$

CREATE OR REPLACE FUNCTION weir.find_feature(reference text)
 RETURNS uuid
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$ select f.id from weir.features f where f.name = reference or f.id::text = reference $function$

CREATE OR REPLACE FUNCTION weir.grant_credits(organization uuid, type text, quantity bigint, origin text, reference text, period timestamp with time zone, effective timestamp with time zone, expires timestamp with time zone, rank smallint DEFAULT 0, author uuid DEFAULT NULL::uuid, note text DEFAULT ''::text)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  lot uuid;
begin
  insert into weir.credit_grants (id, organization_id, credit_type, source, source_reference, period_start,
    initial, remaining, priority, effective_at, expires_at, granted_by, notes)
  values (weir_private.uuid_v7(), organization, type, origin, reference, period, quantity, quantity, rank, effective, expires, author, note)
  on conflict on constraint credit_grants_granted_once do nothing
  returning id into lot;
  if lot is not null then
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, grant_id, user_id, reason)
    values (weir_private.uuid_v7(), organization, type, 'grant', quantity, lot, author, origin);
  end if;
  return lot;
end
$function$

CREATE OR REPLACE FUNCTION weir.list_activity(organization uuid, before_at timestamp with time zone, before_id uuid, max_rows integer)
 RETURNS TABLE(id uuid, created_at timestamp with time zone, actor_type text, actor_id uuid, actor_name text, impersonated boolean, action text, target_type text, target_id text, target_label text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  me uuid := auth.uid();
  page integer := least(greatest(max_rows, 0), 101);
  -- Bounds rather than "or is null", so that the index is entered at the place of the page.
  place_at timestamptz := coalesce(before_at, 'infinity');
  place_id uuid := coalesce(before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  ids uuid[];
begin
  if organization = any (weir_private.my_admin_organization_ids()) then
    ids := array(select a.id from weir.audit_logs a where a.organization_id = organization
      and (a.created_at, a.id) < (place_at, place_id) order by a.created_at desc, a.id desc limit page);
  elsif organization = any (weir_private.my_organization_ids()) then
    ids := array(
      (select a.id from weir.audit_logs a where a.organization_id = organization and a.actor_id = me
        and (a.created_at, a.id) < (place_at, place_id) order by a.created_at desc, a.id desc limit page)
      union
      (select a.id from weir.audit_logs a where a.organization_id = organization and a.target_id = me::text
        and (a.created_at, a.id) < (place_at, place_id) order by a.created_at desc, a.id desc limit page));
  end if;
  return query
    select a.id, a.created_at, a.actor_type, a.actor_id, u.name, a.impersonator_id is not null, a.action, a.target_type, a.target_id,
      left(coalesce(a.after ->> 'name', a.before ->> 'name', a.after ->> 'email', a.before ->> 'email'), 200)
    from weir.audit_logs a
    left join weir.members m on m.organization_id = a.organization_id and m.user_id = a.actor_id
    left join weir.users u on u.id = m.user_id
    where a.id = any (ids) order by a.created_at desc, a.id desc limit page;
end
$function$

CREATE OR REPLACE FUNCTION weir.list_user_sessions(person uuid)
 RETURNS TABLE(id uuid, ip_address text, user_agent text, impersonator_id uuid, impersonation_reason text, created_at timestamp with time zone, expires_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select s.id, s.ip_address, s.user_agent, s.impersonated_by, s.impersonation_reason, s.created_at, s.expires_at
    from weir.sessions s
   where s.user_id = person and s.expires_at > now() and (select weir_private.is_superadmin())
   order by s.created_at desc, s.id desc limit 500
$function$

CREATE OR REPLACE FUNCTION weir.organization_tokens(organization uuid)
 RETURNS TABLE(used bigint, resets_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce((select c.used + c.held from weir.counters c
           where c.meter_key = 'organization:' || organization::text || ':tokens' and c.window_start = month.start), 0)::bigint,
         month.ends
    from (select date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' as start,
                 (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC' as ends) as month
   where organization = any ((select weir_private.my_organization_ids())::uuid[]) or (select weir_private.is_platform_admin())
$function$

CREATE OR REPLACE FUNCTION weir.raised_limit(p_ordinary bigint, p_organization uuid, p_user uuid, p_kind text, p_target text, p_at timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$
  select case when p_ordinary is null then null else greatest(p_ordinary, (
    select max(l.amount) from weir.limit_overrides l
     where l.organization_id = p_organization and l.user_id = p_user and l.kind = p_kind
       and coalesce(l.template_id::text, l.model_id, l.budget_id::text) = p_target
       and l.revoked_at is null and l.starts_at <= p_at and (l.ends_at is null or l.ends_at > p_at))) end
$function$

CREATE OR REPLACE FUNCTION weir.refund_credits(organization uuid, deduction uuid, author uuid, note text, moment timestamp with time zone, OUT outcome text, OUT entry uuid, OUT type text, OUT quantity bigint, OUT balance bigint)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  taken weir.credit_ledger;
  part record;
  late bigint := 0;
  anchor timestamptz;
begin
  select l.* into taken from weir.credit_ledger l where l.id = deduction and l.organization_id = organization;
  if not found then
    outcome := 'unknown';
    return;
  end if;
  type := taken.credit_type;
  quantity := -taken.amount;
  if taken.kind <> 'deduct' then
    outcome := 'not_a_deduction';
    return;
  end if;
  -- A call that was ended by its time counts as an estimate, which its late settlement corrects, with a refund of its own; of one that is two days old it is not
  -- waited for any more.
  if taken.created_at > moment - interval '2 days' and exists (select from weir.usage_events e
      where e.id = taken.request_id and e.occurred_at = weir_private.uuid_v7_time(taken.request_id) and e.sequence = 0 and e.usage_source = 'estimated')
    and not exists (select from weir.usage_events e
      where e.id = taken.request_id and e.occurred_at = weir_private.uuid_v7_time(taken.request_id) and e.sequence = 1) then
    outcome := 'undecided';
    return;
  end if;

  perform weir_private.lock_credit_meters(organization, type, moment);
  for part in
    select g.id, a.amount, g.expires_at is not null and g.expires_at <= moment as is_over
    from jsonb_to_recordset(taken.allocations) as a(grant_id uuid, amount bigint) join weir.credit_grants g on g.id = a.grant_id
    order by g.expires_at nulls last, g.priority, g.effective_at, g.id for update of g
  loop
    if part.is_over then
      late := late + part.amount;
    end if;
  end loop;
  balance := case when taken.balance_after is null and not taken.is_charged then null
    else weir_private.credits_available(organization, type, moment) + case when taken.is_charged then quantity else 0 end end;
  insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, allocations, feature, user_id, request_id, refund_of, reason,
    is_charged, balance_after, created_at)
  values (weir_private.uuid_v7(), organization, type, 'refund', quantity, taken.allocations, taken.feature, taken.user_id, taken.request_id, taken.id, note,
    taken.is_charged, balance, moment)
  on conflict (refund_of) do nothing
  returning id into entry;
  if entry is null then
    outcome := 'already';
    return;
  end if;

  update weir.credit_grants g set consumed = g.consumed - a.amount,
    remaining = g.remaining + case when g.expires_at is not null and g.expires_at <= moment then 0 else a.amount end,
    expired = g.expired + case when g.expires_at is not null and g.expires_at <= moment then a.amount else 0 end
  from jsonb_to_recordset(taken.allocations) as a(grant_id uuid, amount bigint) where g.id = a.grant_id;
  if late > 0 then
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, grant_id, allocations, reason, created_at)
    select weir_private.uuid_v7(), organization, type, 'expire', -a.amount, a.grant_id,
      jsonb_build_array(jsonb_build_object('grant_id', a.grant_id, 'amount', a.amount)), 'refunded after its lot had expired', moment
    from jsonb_to_recordset(taken.allocations) as a(grant_id uuid, amount bigint) join weir.credit_grants g on g.id = a.grant_id
    where g.expires_at is not null and g.expires_at <= moment;
    select o.credit_anchor_at into anchor from weir.organizations o where o.id = organization;
    perform weir.grant_credits(organization, type, late, 'admin', 'refund:' || taken.id, null, moment,
      weir_private.credit_period_start(anchor, moment) + interval '720 hours', 0::smallint, author, 'a refund of credits whose lot had expired');
  end if;
  outcome := 'refunded';
end
$function$

CREATE OR REPLACE FUNCTION weir.repair_usage(p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  v_to timestamptz;
  v_hours timestamptz[];
begin
  select r.folded_to into v_to from weir.usage_roll_up r for update;
  if not found then
    return 0;
  end if;
  v_hours := array(select distinct v.hour from weir.verify_usage(p_from, p_to) as v);
  perform weir_private.remake_usage(v_hours, v_to);
  return cardinality(v_hours);
end
$function$

CREATE OR REPLACE FUNCTION weir.roll_up_usage(p_limit bigint DEFAULT 200000, p_settle interval DEFAULT '00:00:10'::interval, OUT events_folded bigint, OUT folded_to timestamp with time zone, OUT is_done boolean)
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  state weir.usage_roll_up;
  v_now timestamptz;
  v_writers text[];
  v_upto timestamptz;
  v_next timestamptz;
  v_count bigint;
begin
  events_folded := 0;
  is_done := true;
  insert into weir.usage_roll_up default values on conflict do nothing;
  select r.* into state from weir.usage_roll_up r for update skip locked;
  if not found then
    folded_to := weir.usage_folded_to();
    return;
  end if;
  -- In this order: the time, then who is under way, then (in later statements) what there is.
  v_now := clock_timestamp() - p_settle;
  v_writers := weir_private.ledger_writers();
  if v_now < state.folded_to and state.folded_to - v_now > interval '1 minute' then
    -- The database's clock went back: what is booked from now on lies before the line. The line goes back, too.
    perform weir_private.unfold_usage(v_now - interval '1 hour');
    select r.* into strict state from weir.usage_roll_up r;
  end if;
  v_upto := state.folded_to;
  if v_writers = '{}' then
    v_upto := greatest(v_upto, v_now);
    state.candidate_at := null;
  else
    if state.candidate_at is not null and not v_writers && state.candidate_writers then
      v_upto := greatest(v_upto, state.candidate_at);
      state.candidate_at := null;
    end if;
    if state.candidate_at is null then
      state.candidate_at := v_now;
      state.candidate_writers := v_writers;
    end if;
  end if;
  if state.folded_to = '-infinity' then
    select coalesce(min(e.booked_at) - interval '1 millisecond', state.folded_to) into state.folded_to
      from weir.usage_events e where e.booked_at <= v_upto;
  end if;
  while state.folded_to > '-infinity' and state.folded_to < v_upto and events_folded < p_limit loop
    v_next := least(state.folded_to + state.step_ms * interval '1 millisecond', v_upto);
    v_count := weir_private.add_usage(array(
      select s from weir_private.usage_sums(state.folded_to, v_next, '-infinity', 'infinity') as s));
    events_folded := events_folded + v_count;
    state.folded_to := v_next;
    if v_count > p_limit then
      state.step_ms := greatest(state.step_ms / 4, 100);
    elsif v_count < p_limit / 8 then
      state.step_ms := least(state.step_ms * 2, 604800000);
    end if;
  end loop;
  update weir.usage_roll_up r
     set folded_to = state.folded_to, step_ms = state.step_ms, candidate_at = state.candidate_at,
         candidate_writers = case when state.candidate_at is null then '{}' else state.candidate_writers end;
  folded_to := state.folded_to;
  is_done := state.folded_to >= v_upto or state.folded_to = '-infinity';
end
$function$

CREATE OR REPLACE FUNCTION weir.schedule_organization_deletion(organization uuid, moment timestamp with time zone)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update weir.organizations o
     set deletion_requested_at = case when moment is null then null else now() end, delete_after = moment
   where o.id = organization and (moment is null) <> (o.delete_after is null)
     and (o.id = any ((select weir_private.my_owner_organization_ids())::uuid[]) or (select weir_private.is_platform_admin()));
  return found;
end
$function$

CREATE OR REPLACE FUNCTION weir.take_rate_token(key text, limit_per_window integer, window_seconds integer)
 RETURNS TABLE(allowed boolean, remaining integer, resets_at timestamp with time zone)
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
#variable_conflict use_column
declare
  moment timestamptz;
  ends timestamptz;
  held weir.rate_limit_windows;
begin
  if limit_per_window < 1 or window_seconds not between 1 and 86400 then
    raise exception 'a rate of % in % seconds can''t be kept', limit_per_window, window_seconds using errcode = 'invalid_parameter_value';
  end if;
  loop
    select * into held from weir.rate_limit_windows w where w.key = take_rate_token.key for update;
    -- Not now(), and not before the lock: an attempt that waited is judged by the time it is let in.
    moment := clock_timestamp();
    ends := moment + make_interval(secs => window_seconds);
    if found then
      if held.resets_at <= moment or held.resets_at > ends then
        held.window_start := moment;
        held.resets_at := ends;
        held.used := 0;
      end if;
      if held.used >= limit_per_window then
        return query select false, 0, held.resets_at;
        return;
      end if;
      update weir.rate_limit_windows w
        set window_start = held.window_start, resets_at = held.resets_at, used = held.used + 1
        where w.key = take_rate_token.key;
      return query select true, limit_per_window - held.used - 1, held.resets_at;
      return;
    end if;
    insert into weir.rate_limit_windows (key, window_start, resets_at, used) values (take_rate_token.key, moment, ends, 1)
      on conflict do nothing;
    if found then
      return query select true, limit_per_window - 1, ends;
      return;
    end if;
    -- Somebody else was first; their row is there to be locked now, or gone again.
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION weir.template_scopes_with_slug(organization uuid, wanted text)
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(distinct t.scope order by t.scope), '{}')
    from weir.organizations o
    join weir.plans mine on mine.slug = o.pricing_plan
    join weir.templates t on t.slug = wanted
    join weir.plans needed on needed.slug = t.required_plan
   where o.id = organization and o.id = any (weir_private.my_organization_ids())
     and (t.scope = 'organization' and t.organization_id = o.id
       or t.scope = 'system' and t.is_active and mine.level >= needed.level
         and (t.business_types = '{}' or o.business_type = any (t.business_types)))
$function$

CREATE OR REPLACE FUNCTION weir.usage_call_value(p_model_id text, p_provider text, p_status text)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$ select jsonb_build_array(p_model_id, p_provider, p_status)::text $function$

CREATE OR REPLACE FUNCTION weir.usage_folded_to()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$ select coalesce((select r.folded_to from weir.usage_roll_up r), '-infinity') $function$

CREATE OR REPLACE FUNCTION weir.verify_usage(p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS TABLE(hour timestamp with time zone, organization_id uuid, events bigint, events_summed bigint, cost_nano_usd bigint, cost_summed bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  with bounds as (
    select date_trunc('day', min(e.occurred_at)) as opens, date_trunc('day', p_to) + interval '1 day' as closes
      from weir.usage_events e where e.occurred_at >= date_trunc('hour', p_from)),
  truth as (select h from bounds b, weir.usage_hourly h where h.hour >= b.opens and h.hour < b.closes),
  hours as (select array(select t.h from truth t)::weir.usage_hourly[] as sums),
  days as (
    select (t.h).hour::date as day, (t.h).organization_id, sum((t.h).events) as events, sum((t.h).input_tokens + (t.h).output_tokens) as tokens,
      sum((t.h).cost_nano_usd) as cost from truth t group by 1, 2),
  slices as (
    select s.day, s.organization_id, sum(s.events) as events, sum(s.input_tokens + s.output_tokens) as tokens, sum(s.cost_nano_usd) as cost
      from bounds b, weir.usage_daily_slices s where s.day >= b.opens::date and s.day < b.closes::date group by 1, 2),
  platform as (
    select p.day, sum(p.events) as events, sum(p.input_tokens + p.output_tokens) as tokens, sum(p.cost_nano_usd) as cost
      from bounds b, weir.usage_platform_daily p where p.day >= b.opens::date and p.day < b.closes::date group by 1),
  together as (select d.day, sum(d.events) as events, sum(d.tokens) as tokens, sum(d.cost) as cost from days d group by 1),
  active as (
    select u.month, u.organization_id, u.facet, u.value, u.user_id, u.days from hours h, weir_private.usage_active_days(h.sums) as u),
  kept as (
    select a.month, a.organization_id, a.facet, a.value, a.user_id, a.days & m.days as days from weir.usage_activity a
      join (select date_trunc('month', d)::date as month, bit_or(1 << (extract(day from d)::integer - 1)) as days
              from bounds b, generate_series(b.opens, b.closes - interval '1 day', interval '1 day') as d group by 1) as m using (month)
     where a.days & m.days <> 0)
  select v.hour, v.organization_id, v.events, v.events_summed, v.cost_nano_usd, v.cost_summed from weir_private.verify_usage_lines(p_from, p_to) as v
  union all
  select coalesce(d.day, s.day)::timestamptz, coalesce(d.organization_id, s.organization_id), coalesce(d.events, 0)::bigint, coalesce(s.events, 0)::bigint,
    coalesce(d.cost, 0)::bigint, coalesce(s.cost, 0)::bigint
    from days d full join slices s using (day, organization_id)
   where (d.events, d.tokens, d.cost) is distinct from (s.events, s.tokens, s.cost)
  union all
  select coalesce(t.day, p.day)::timestamptz, '00000000-0000-0000-0000-000000000000', coalesce(t.events, 0)::bigint, coalesce(p.events, 0)::bigint,
    coalesce(t.cost, 0)::bigint, coalesce(p.cost, 0)::bigint
    from together t full join platform p using (day)
   where (t.events, t.tokens, t.cost) is distinct from (p.events, p.tokens, p.cost)
  union all
  select w.day::timestamptz, w.organization_id, max(w.was)::bigint, max(w.is_now)::bigint, 0, 0
    from (
      select (coalesce(a.month, k.month) + n.place) as day, coalesce(a.organization_id, k.organization_id) as organization_id,
          coalesce(a.days, 0) >> n.place & 1 as was, coalesce(k.days, 0) >> n.place & 1 as is_now
        from active a full join kept k using (month, organization_id, facet, value, user_id), generate_series(0, 30) as n(place)
       where coalesce(a.days, 0) <> coalesce(k.days, 0)) as w
   where w.was <> w.is_now
   group by 1, 2
   order by 1, 2
$function$

CREATE OR REPLACE FUNCTION weir_private.add_counts(a bigint[], b bigint[])
 RETURNS bigint[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select case when a is null then b when b is null then a
    else (select array_agg(q.x + q.y order by q.n) from unnest(a, b) with ordinality as q(x, y, n)) end
$function$

CREATE OR REPLACE FUNCTION weir_private.add_credit_use()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  opens timestamptz;
  nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  select weir_private.credit_period_start(o.credit_anchor_at, new.created_at) into opens from weir.organizations o where o.id = new.organization_id;
  -- The total first: whoever else adds to this type waits there, and so meets the other lines in no other order.
  insert into weir.credit_use as u (organization_id, period_start, credit_type, kind, feature, user_id, used, charged, deducted, uses)
  values (new.organization_id, opens, new.credit_type, 'total', '', nobody, -new.amount, case when new.is_charged then -new.amount else 0 end,
      case when new.request_id is null then -new.amount else 0 end, (new.kind = 'deduct')::integer),
    (new.organization_id, opens, new.credit_type, 'feature', coalesce(new.feature, ''), nobody, -new.amount, case when new.is_charged then -new.amount else 0 end,
      case when new.request_id is null then -new.amount else 0 end, (new.kind = 'deduct')::integer),
    (new.organization_id, opens, new.credit_type, 'person', coalesce(new.feature, ''), coalesce(new.user_id, nobody), -new.amount,
      case when new.is_charged then -new.amount else 0 end, case when new.request_id is null then -new.amount else 0 end, (new.kind = 'deduct')::integer)
  on conflict (organization_id, period_start, kind, credit_type, feature, user_id) do update
    set used = u.used + excluded.used, charged = u.charged + excluded.charged, deducted = u.deducted + excluded.deducted, uses = u.uses + excluded.uses;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.add_usage(p_sums weir.usage_hourly[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
begin
  insert into weir.usage_daily_slices as t select q.* from weir_private.usage_slices(p_sums) as q
  on conflict (organization_id, day, slice_key) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    trial_requests = t.trial_requests + excluded.trial_requests,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    fallback_requests = t.fallback_requests + excluded.fallback_requests,
    estimated_requests = t.estimated_requests + excluded.estimated_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd,
    latency_ms_sum = t.latency_ms_sum + excluded.latency_ms_sum,
    latency_count = t.latency_count + excluded.latency_count,
    first_token_ms_sum = t.first_token_ms_sum + excluded.first_token_ms_sum,
    first_token_count = t.first_token_count + excluded.first_token_count,
    latency_buckets = weir_private.add_counts(t.latency_buckets, excluded.latency_buckets);
  insert into weir.usage_platform_daily as t select q.* from weir_private.usage_of_platform(p_sums) as q
  on conflict (day, model_id, provider, status) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd;
  insert into weir.usage_activity as t select q.* from weir_private.usage_active_days(p_sums) as q
  on conflict (facet, month, organization_id, value, user_id) do update set days = t.days | excluded.days
   where t.days <> t.days | excluded.days;
  return weir_private.add_usage_lines(p_sums);
end
$function$

CREATE OR REPLACE FUNCTION weir_private.add_usage_lines(p_sums weir.usage_hourly[])
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  v_events bigint;
begin
  insert into weir.usage_hourly as t select q.* from unnest(p_sums) as q
  on conflict (organization_id, hour, dimension_key) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    trial_requests = t.trial_requests + excluded.trial_requests,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    fallback_requests = t.fallback_requests + excluded.fallback_requests,
    estimated_requests = t.estimated_requests + excluded.estimated_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd,
    latency_ms_sum = t.latency_ms_sum + excluded.latency_ms_sum,
    latency_count = t.latency_count + excluded.latency_count,
    first_token_ms_sum = t.first_token_ms_sum + excluded.first_token_ms_sum,
    first_token_count = t.first_token_count + excluded.first_token_count,
    latency_buckets = weir_private.add_counts(t.latency_buckets, excluded.latency_buckets);
  insert into weir.usage_daily as t select q.* from weir_private.usage_days(p_sums) as q
  on conflict (organization_id, day, dimension_key) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    trial_requests = t.trial_requests + excluded.trial_requests,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    fallback_requests = t.fallback_requests + excluded.fallback_requests,
    estimated_requests = t.estimated_requests + excluded.estimated_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd,
    latency_ms_sum = t.latency_ms_sum + excluded.latency_ms_sum,
    latency_count = t.latency_count + excluded.latency_count,
    first_token_ms_sum = t.first_token_ms_sum + excluded.first_token_ms_sum,
    first_token_count = t.first_token_count + excluded.first_token_count,
    latency_buckets = weir_private.add_counts(t.latency_buckets, excluded.latency_buckets);
  insert into weir.usage_daily_facets as t select q.* from weir_private.usage_facets(p_sums) as q
  on conflict (organization_id, facet, day, value) do update set
    events = t.events + excluded.events,
    requests = t.requests + excluded.requests,
    errors = t.errors + excluded.errors,
    denied = t.denied + excluded.denied,
    trial_requests = t.trial_requests + excluded.trial_requests,
    unpriced_requests = t.unpriced_requests + excluded.unpriced_requests,
    fallback_requests = t.fallback_requests + excluded.fallback_requests,
    estimated_requests = t.estimated_requests + excluded.estimated_requests,
    input_tokens = t.input_tokens + excluded.input_tokens,
    output_tokens = t.output_tokens + excluded.output_tokens,
    cached_input_tokens = t.cached_input_tokens + excluded.cached_input_tokens,
    cache_write_tokens = t.cache_write_tokens + excluded.cache_write_tokens,
    reasoning_tokens = t.reasoning_tokens + excluded.reasoning_tokens,
    cost_nano_usd = t.cost_nano_usd + excluded.cost_nano_usd,
    provider_cost_nano_usd = t.provider_cost_nano_usd + excluded.provider_cost_nano_usd,
    latency_ms_sum = t.latency_ms_sum + excluded.latency_ms_sum,
    latency_count = t.latency_count + excluded.latency_count,
    first_token_ms_sum = t.first_token_ms_sum + excluded.first_token_ms_sum,
    first_token_count = t.first_token_count + excluded.first_token_count,
    latency_buckets = weir_private.add_counts(t.latency_buckets, excluded.latency_buckets);
  select coalesce(sum(q.events), 0) into v_events from unnest(p_sums) as q;
  return v_events;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.audit_hash(previous bytea, entry weir.audit_logs)
 RETURNS bytea
 LANGUAGE sql
 STABLE
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  select sha256(previous || convert_to(
    (to_jsonb(entry) - 'hash' - 'previous_hash' - 'chain' - case when entry.reason is null then 'reason' else '' end)::text, 'UTF8'))
$function$

CREATE OR REPLACE FUNCTION weir_private.bump_fact_version_of_row()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform weir_private.touch_fact_scopes(array(
    select distinct s from (values (to_jsonb(old)), (to_jsonb(new))) as both_rows (fact)
    cross join lateral weir_private.fact_scopes(fact, tg_argv[0], tg_argv[1]) as s));
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.bump_fact_versions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  ignored text[] := tg_argv[2:] || array['updated_at'];
  changed jsonb[];
begin
  if tg_op = 'INSERT' then
    changed := array(select to_jsonb(n) from new_rows n);
  elsif tg_op = 'DELETE' then
    changed := array(select to_jsonb(o) from old_rows o);
  else
    changed := array(
      (select to_jsonb(o) - ignored from old_rows o except all select to_jsonb(n) - ignored from new_rows n)
      union all
      (select to_jsonb(n) - ignored from new_rows n except all select to_jsonb(o) - ignored from old_rows o));
  end if;
  perform weir_private.touch_fact_scopes(array(
    select distinct s from unnest(changed) as fact cross join lateral weir_private.fact_scopes(fact, tg_argv[0], tg_argv[1]) as s));
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.chain_audit_log()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  head weir.audit_chains;
  name text := coalesce(new.organization_id::text, 'platform');
begin
  insert into weir.audit_chains (chain, sequence, hash) values (name, 0, '\x') on conflict (chain) do nothing;
  select * into head from weir.audit_chains c where c.chain = name for update;
  new.sequence := head.sequence + 1;
  new.previous_hash := head.hash;
  new.hash := weir_private.audit_hash(head.hash, new);
  update weir.audit_chains c set sequence = new.sequence, hash = new.hash where c.chain = name;
  return new;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.check_a_superadmin_is_left()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('weir superadmins', 0));
  if not exists (select 1 from weir.users u where u.platform_role = 'superadmin' and not u.banned) then
    raise exception 'the platform needs at least one superadmin'
      using errcode = 'check_violation', constraint = 'users_keep_a_superadmin', schema = 'weir', table = 'users';
  end if;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.check_counter_window()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  if new.window_end <= new.window_start then
    raise exception 'a window ends after it starts'
      using errcode = 'check_violation', constraint = 'counters_window_order', schema = 'weir', table = 'counters';
  end if;
  return new;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.check_enabled_model_has_price()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if exists (select 1 from weir.models m where m.id = new.id and m.enabled
      and not exists (select 1 from weir.model_prices p where p.model_id = m.id)) then
    raise exception 'model % has no price and can''t be enabled', new.id
      using errcode = 'check_violation', constraint = 'models_enabled_has_price', schema = 'weir', table = 'models';
  end if;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.check_org_system_model_config()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  quota bigint;
begin
  if not exists (select 1 from weir.templates t where t.id = new.template_id and t.scope = 'system') then
    raise exception 'template % is no system template', new.template_id
      using errcode = 'check_violation', constraint = 'org_system_model_config_system_templates_only', schema = 'weir', table = 'org_system_model_config';
  end if;
  select coalesce(o.token_quota_monthly, p.token_quota_monthly) into quota
  from weir.organizations o join weir.plans p on p.slug = o.pricing_plan where o.id = new.organization_id;
  if new.token_limit_per_user > quota then
    raise exception 'a limit of % tokens per user exceeds the organization''s monthly quota of %', new.token_limit_per_user, quota
      using errcode = 'check_violation', constraint = 'org_system_model_config_limit_within_quota', schema = 'weir', table = 'org_system_model_config';
  end if;
  return new;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.check_organization_has_owner()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  organization uuid := coalesce(to_jsonb(old) ->> 'organization_id', to_jsonb(new) ->> 'id')::uuid;
begin
  perform 1 from weir.organizations o where o.id = organization for no key update;
  if found and not exists (select 1 from weir.members m where m.organization_id = organization and m.role = 'owner') then
    raise exception 'an organization needs at least one owner'
      using errcode = 'check_violation', constraint = 'organizations_have_an_owner', schema = 'weir', table = 'members';
  end if;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.claim(name text)
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$ SELECT nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> name $function$

CREATE OR REPLACE FUNCTION weir_private.close_expired_entitlements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  update weir.entitlements e set revoked_at = e.expires_at
  where e.revoked_at is null and e.expires_at <= now() and e.source = new.source
    and (e.user_id = new.user_id or e.organization_id = new.organization_id)
    and (e.model_id = new.model_id or e.product_id = new.product_id);
  return new;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.credit_drift()
 RETURNS TABLE(organization_id uuid, credit_type text, in_lots bigint, in_ledger bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  with lots as (
    select g.organization_id, g.credit_type, sum(g.remaining + g.held)::bigint as amount from weir.credit_grants g group by 1, 2),
  entries as (
    select l.organization_id, l.credit_type, sum(l.amount)::bigint as amount from weir.credit_ledger l where l.is_charged group by 1, 2)
  select organization_id, credit_type, coalesce(lots.amount, 0), coalesce(entries.amount, 0)
  from lots full join entries using (organization_id, credit_type)
  where coalesce(lots.amount, 0) <> coalesce(entries.amount, 0) order by 1, 2
$function$

CREATE OR REPLACE FUNCTION weir_private.credit_period_start(anchor timestamp with time zone, moment timestamp with time zone)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
 SET search_path TO ''
AS $function$ select anchor + make_interval(secs => floor(extract(epoch from moment - anchor) / 2592000) * 2592000) $function$

CREATE OR REPLACE FUNCTION weir_private.credits_available(organization uuid, type text, moment timestamp with time zone)
 RETURNS bigint
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(sum(g.remaining), 0)::bigint from weir.credit_grants g
  where g.organization_id = organization and g.credit_type = type
    and g.effective_at <= moment and (g.expires_at is null or g.expires_at > moment)
$function$

CREATE OR REPLACE FUNCTION weir_private.default_partition(parent regclass)
 RETURNS regclass
 LANGUAGE sql
 STABLE
 SET search_path TO ''
AS $function$ SELECT nullif(partdefid, 0)::regclass FROM pg_catalog.pg_partitioned_table WHERE partrelid = parent $function$

CREATE OR REPLACE FUNCTION weir_private.default_partition_rows(parent regclass)
 RETURNS bigint
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
DECLARE
  fallback regclass := weir_private.default_partition(parent);
  row_count bigint;
BEGIN
  IF fallback IS NULL THEN
    RETURN 0;
  END IF;
  EXECUTE format('SELECT count(*) FROM ONLY %s', fallback) INTO row_count;
  RETURN row_count;
END
$function$

CREATE OR REPLACE FUNCTION weir_private.end_overrides_of_period()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
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
$function$

CREATE OR REPLACE FUNCTION weir_private.end_rights_of_higher_plan()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if (select p.level from weir.plans p where p.slug = new.pricing_plan) < (select p.level from weir.plans p where p.slug = old.pricing_plan) then
    update weir.entitlements e set revoked_at = now()
    where e.organization_id = new.id and e.source = 'plan' and e.revoked_at is null;
  end if;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.end_sessions_of_old_password()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  delete from weir.sessions s where s.user_id = new.user_id;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ensure_monthly_partitions(parent regclass, months_ahead integer, starting timestamp with time zone DEFAULT now())
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
DECLARE
  schema_name text;
  table_name text;
  partition_column text;
  partition_name text;
  fallback regclass := weir_private.default_partition(parent);
  opens timestamptz;
  closes timestamptz;
  made integer := 0;
BEGIN
  IF months_ahead NOT BETWEEN 0 AND 24 THEN
    RAISE EXCEPTION 'months_ahead is %, allowed are 0 to 24', months_ahead USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT n.nspname, c.relname, a.attname INTO STRICT schema_name, table_name, partition_column
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = c.oid AND p.partstrat = 'r' AND p.partnatts = 1
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
   WHERE c.oid = parent;

  -- Replicas may call this at the same moment; the second waits and then finds the work done.
  PERFORM pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('weir partitions'), parent::oid::integer);

  FOR ahead IN 0 .. months_ahead LOOP
    opens := date_trunc('month', starting) + make_interval(months => ahead);
    closes := opens + interval '1 month';
    partition_name := format('%s_%s', table_name, to_char(opens, 'YYYY_MM'));
    CONTINUE WHEN to_regclass(format('%I.%I', schema_name, partition_name)) IS NOT NULL;

    EXECUTE format('CREATE TABLE %I.%I (LIKE %s INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING GENERATED INCLUDING STORAGE)',
                   schema_name, partition_name, parent);
    PERFORM weir_private.protect_table(format('%I.%I', schema_name, partition_name)::regclass);
    IF fallback IS NOT NULL THEN
      -- The lock keeps late rows out of the default partition between the move and the attach.
      EXECUTE format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', fallback);
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', fallback);
      EXECUTE format('WITH moved AS (DELETE FROM %s WHERE %I >= $1 AND %I < $2 RETURNING *) INSERT INTO %I.%I SELECT * FROM moved',
                     fallback, partition_column, partition_column, schema_name, partition_name) USING opens, closes;
      EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', fallback);
    END IF;
    EXECUTE format('ALTER TABLE %s ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
                   parent, schema_name, partition_name, opens, closes);
    made := made + 1;
  END LOOP;
  RETURN made;
END
$function$

CREATE OR REPLACE FUNCTION weir_private.fact_scopes(fact jsonb, organization_column text, user_column text)
 RETURNS SETOF text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if fact ->> organization_column is not null then
    return next fact ->> organization_column;
  elsif fact ->> user_column is not null then
    return query select m.organization_id::text from weir.members m where m.user_id = (fact ->> user_column)::uuid;
  else
    return next 'platform';
  end if;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.is_platform_admin()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select weir_private.claim('api_token') is null and exists (select 1 from weir.users u where u.id = (select auth.uid())
    and u.platform_role in ('platform_admin', 'superadmin')
    and not (u.banned and (u.ban_expires is null or u.ban_expires > now())))
$function$

CREATE OR REPLACE FUNCTION weir_private.is_superadmin()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select weir_private.claim('api_token') is null and exists (select 1 from weir.users u where u.id = (select auth.uid())
    and u.platform_role = 'superadmin'
    and not (u.banned and (u.ban_expires is null or u.ban_expires > now())))
$function$

CREATE OR REPLACE FUNCTION weir_private.is_themselves()
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select (select auth.uid()) is not null and weir_private.claim('impersonator') is null
    and (weir_private.claim('api_token') is null
      or exists (select 1 from weir.api_tokens t where t.id = weir_private.claim('api_token')::uuid and t.user_id = (select auth.uid())))
$function$

CREATE OR REPLACE FUNCTION weir_private.keep_approved_prompt_version()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  if old.status in ('approved', 'archived')
    and (new.content, new.content_type, new.variables, new.parameters, new.version, new.prompt_id)
      is distinct from (old.content, old.content_type, old.variables, old.parameters, old.version, old.prompt_id) then
    raise exception 'an approved prompt version is immutable'
      using errcode = 'restrict_violation', constraint = 'prompt_versions_approved_immutable', schema = 'weir', table = 'prompt_versions';
  end if;
  return new;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.keep_budget_amount()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into weir.budget_amounts (budget_id, since, amount_nano_usd)
  values (new.id, case tg_op when 'INSERT' then new.created_at else clock_timestamp() end, new.amount_nano_usd)
  on conflict (budget_id, since) do update set amount_nano_usd = excluded.amount_nano_usd;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.keep_factor_in_force()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  raise exception 'the second factor is in force already'
    using errcode = 'unique_violation', constraint = 'two_factors_one_each', schema = 'weir', table = 'two_factors';
end
$function$

CREATE OR REPLACE FUNCTION weir_private.keep_impersonation_short()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  new.expires_at := least(new.expires_at, old.expires_at);
  new.created_at := old.created_at;
  new.user_id := old.user_id;
  new.impersonated_by := old.impersonated_by;
  new.impersonation_reason := old.impersonation_reason;
  return new;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_apply(p_last_ms bigint, p_offset_ms bigint, p_exact boolean, v_scopes text[], v_versions bigint[], c_ids bigint[], c_limits bigint[], c_asked bigint[], c_share bigint[], c_used bigint[], c_back bigint[], d_json jsonb, x_ids uuid[], x_granted bigint[], x_leg_start integer, x_last_leg integer[], r_ids uuid[], r_organizations uuid[], r_ttl_ms bigint[], r_platform integer[], r_organization integer[], r_last_leg integer[], r_wanted bigint[], r_needed bigint[], r_floor bigint[], r_credit_type text[], r_credit_amount bigint[], r_at bigint[], r_counters text[], r_amounts text[], r_dimensions integer[], r_input bigint[], r_cost bigint[], l_counter integer[], l_base bigint[], l_rate bigint[], l_limit bigint[], s_count integer, s_release boolean[], s_credits bigint[], s_last_leg integer[], s_counter integer[], s_used bigint[], e_ids uuid[], e_at bigint[], e_dimensions integer[], e_input bigint[], e_output bigint[], e_cached bigint[], e_cache_write bigint[], e_cache_write_1h bigint[], e_reasoning bigint[], e_source text[], e_cost bigint[], e_provider_cost bigint[], e_status text[], e_error text[], e_streamed boolean[], e_trial boolean[], e_retries smallint[], e_fallback boolean[], e_latency integer[], e_first_token integer[], e_upstream_id text[], e_tags text[], e_counters text[], e_amounts text[], e_overruns text[], OUT now_ms bigint, OUT exact boolean, OUT used_after bigint[], OUT held_after bigint[], OUT settle_outcomes text[], OUT extend_outcomes text[], OUT reserve_outcomes text[], OUT grants bigint[], OUT lots text[], OUT credits_available bigint[], OUT open_holds jsonb, OUT f_request integer[], OUT f_leg integer[], OUT f_used bigint[], OUT f_held bigint[], OUT f_asked bigint[])
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  headroom_share constant bigint := 8; -- HEADROOM_SHARE of decide.ts
  v_now timestamptz;
  v_count integer;
  v_start_used bigint[] := array_fill(null::bigint, array[cardinality(c_ids)]);
  v_start_held bigint[] := v_start_used;
  v_places tid[] := array_fill(null::tid, array[cardinality(c_ids)]);
  v_open boolean[] := '{}';
  v_current boolean[];
  -- An extension takes room that the sums of the reserves know nothing of.
  v_fits boolean := not p_exact and cardinality(x_ids) = 0;
  v_skip boolean[];
  v_row record;
  v_hold weir.holds;
  v_event weir.usage_events;
  v_actual weir.usage_events;
  v_taken record;
  v_first integer;
  v_slot integer;
  v_room bigint;
  v_output bigint;
  v_share bigint;
  v_most bigint;
  v_amounts bigint[];
  v_failed boolean;
  n integer := 0;
begin
  now_ms := weir_private.ledger_now_ms(p_last_ms, p_offset_ms);
  v_now := to_timestamp(now_ms / 1000.0);

  -- 1. Lock every counter of the batch in the one order, and see whether the common case holds.
  for v_row in
    select c.id, c.ctid, c.used, c.held, c.window_start, c.window_end from weir.counters c
     where c.id = any (c_ids) order by c.lock_rank, c.id for update
  loop
    n := n + 1;
    -- The row's own rank decides where it is locked; the batch may know another one, or name a counter that was removed.
    v_slot := case when v_row.id = c_ids[n] then n else array_position(c_ids, v_row.id) end;
    v_start_used[v_slot] := v_row.used;
    v_start_held[v_slot] := v_row.held;
    v_places[v_slot] := v_row.ctid;
    v_open[v_slot] := v_now >= v_row.window_start and v_now < v_row.window_end;
    if v_fits and c_asked[v_slot] is not null and (not v_open[v_slot]
        or v_row.used + c_used[v_slot] + v_row.held - c_back[v_slot] + c_asked[v_slot] + headroom_share * c_share[v_slot] > c_limits[v_slot]) then
      v_fits := false;
    end if;
  end loop;
  -- A counter is removed long after its window: no reserve is decided without it, but a late settle is booked on those that are left. Of one
  -- that is gone everything is null from here on, and stays so.
  if n < cardinality(c_ids) then
    n := cardinality(c_ids);
    for i in 1 .. n loop
      if v_start_used[i] is null and c_asked[i] is not null then
        raise exception 'a counter of the batch is gone' using errcode = 'WR002';
      end if;
    end loop;
  end if;
  used_after := v_start_used;
  held_after := v_start_held;

  if cardinality(r_ids) > 0 then
    select array_agg(coalesce((select f.version from weir.fact_versions f where f.scope = q.scope), 0) = q.version order by q.n) into v_current
      from unnest(v_scopes, v_versions) with ordinality as q(scope, version, n);
    if v_fits and false = any (v_current) then
      v_fits := false;
    end if;
  end if;
  exact := not v_fits;

  -- 2. Settles and releases first: what they give back is room for the reserves behind them.
  if s_count > 0 then
    v_skip := array_fill(false, array[cardinality(e_ids)]);
    if p_exact then
      settle_outcomes := array_fill('settled'::text, array[s_count]);
      for i in 1 .. s_count loop
        v_first := case when i = 1 then 1 else s_last_leg[i - 1] + 1 end;
        delete from weir.holds h where h.id = e_ids[i] returning h.* into v_hold;
        if found then
          for k in v_first .. s_last_leg[i] loop
            v_slot := s_counter[k];
            used_after[v_slot] := used_after[v_slot] + s_used[k];
            held_after[v_slot] := held_after[v_slot] - v_hold.amounts[k - v_first + 1];
          end loop;
          perform weir_private.ledger_end_credits(v_hold, s_credits[i], v_now,
            d_json -> (e_dimensions[i] - 1) ->> 'feature', (d_json -> (e_dimensions[i] - 1) ->> 'user_id')::uuid);
          continue;
        end if;
        select e.* into v_event from weir.usage_events e
         where e.id = e_ids[i] and e.occurred_at = to_timestamp(e_at[i] / 1000.0) order by e.sequence desc limit 1;
        if found then
          v_skip[i] := true;
          if v_event.usage_source = 'estimated' and v_event.sequence = 0 then
            settle_outcomes[i] := 'late';
            for k in v_first .. s_last_leg[i] loop
              v_slot := s_counter[k];
              used_after[v_slot] := used_after[v_slot] + s_used[k] - v_event.amounts[k - v_first + 1];
            end loop;
            v_actual := v_event;
            v_actual.input_tokens := e_input[i];
            v_actual.output_tokens := e_output[i];
            v_actual.cached_input_tokens := e_cached[i];
            v_actual.cache_write_tokens := e_cache_write[i];
            v_actual.cache_write_1h_tokens := e_cache_write_1h[i];
            v_actual.reasoning_tokens := e_reasoning[i];
            v_actual.usage_source := e_source[i];
            v_actual.cost_nano_usd := e_cost[i];
            v_actual.provider_cost_nano_usd := e_provider_cost[i];
            v_actual.status := e_status[i];
            v_actual.error_code := e_error[i];
            v_actual.streamed := e_streamed[i];
            v_actual.trial := e_trial[i];
            v_actual.retries := e_retries[i];
            v_actual.fallback_used := e_fallback[i];
            v_actual.latency_ms := e_latency[i];
            v_actual.time_to_first_token_ms := e_first_token[i];
            v_actual.upstream_request_id := e_upstream_id[i];
            v_actual.tags := e_tags[i]::jsonb;
            v_actual.amounts := e_amounts[i]::bigint[];
            v_actual.overruns := e_overruns[i]::bigint[];
            perform weir_private.ledger_correct_event(v_event, v_actual, s_credits[i], v_now);
          else
            settle_outcomes[i] := 'duplicate';
          end if;
        elsif s_release[i] then
          -- Nothing was ever set aside: there is nothing to tell.
          v_skip[i] := true;
          settle_outcomes[i] := 'duplicate';
        else
          settle_outcomes[i] := 'orphan';
          for k in v_first .. s_last_leg[i] loop
            used_after[s_counter[k]] := used_after[s_counter[k]] + s_used[k];
          end loop;
        end if;
        -- The same id twice in one batch: the later one must find the event of the earlier one.
        if not v_skip[i] and e_ids[i] = any (e_ids[i + 1 : s_count]) then
          raise exception 'one id is settled twice in a batch' using errcode = 'WR003';
        end if;
      end loop;
    else
      with gone as (delete from weir.holds h where h.id = any (e_ids[1 : s_count]) returning h.lot_ids)
      select count(*) filter (where gone.lot_ids is null) into v_count from gone;
      if v_count <> s_count then
        raise exception 'a settle of the batch needs the exact path' using errcode = 'WR001';
      end if;
      for i in 1 .. n loop
        used_after[i] := used_after[i] + c_used[i];
        held_after[i] := held_after[i] - c_back[i];
      end loop;
    end if;
  end if;

  -- 3. Extensions, one by one: they are rare.
  for i in 1 .. cardinality(x_ids) loop
    v_first := case when i = 1 then x_leg_start else x_last_leg[i - 1] end + 1;
    -- Locked: a hold without legs shares no counter with the batch that may be ending it.
    select h.* into v_hold from weir.holds h where h.id = x_ids[i] for update;
    if not found then
      extend_outcomes[i] := 'ended';
      continue;
    end if;
    v_failed := false;
    v_amounts := v_hold.amounts;
    for k in v_first .. x_last_leg[i] loop
      v_slot := l_counter[k];
      v_most := greatest(l_base[k] + l_rate[k] * x_granted[i], v_hold.amounts[k - v_first + 1]);
      v_amounts[k - v_first + 1] := v_most;
      if v_most > v_hold.amounts[k - v_first + 1]
         and used_after[v_slot] + held_after[v_slot] + v_most - v_hold.amounts[k - v_first + 1] > l_limit[k] then
        v_failed := true;
        f_request := f_request || -i;
        f_leg := f_leg || (k - v_first + 1);
        f_used := f_used || used_after[v_slot];
        f_held := f_held || held_after[v_slot];
        f_asked := f_asked || (v_most - v_hold.amounts[k - v_first + 1]);
      end if;
    end loop;
    if v_failed then
      extend_outcomes[i] := 'denied';
      continue;
    end if;
    extend_outcomes[i] := 'extended';
    for k in v_first .. x_last_leg[i] loop
      v_slot := l_counter[k];
      held_after[v_slot] := held_after[v_slot] + v_amounts[k - v_first + 1] - v_hold.amounts[k - v_first + 1];
    end loop;
    -- An empty list of lots marks a hold that has grown: whoever settles it may know a smaller one, so it takes the exact path.
    update weir.holds h set amounts = v_amounts, granted_output = greatest(h.granted_output, x_granted[i]), lot_ids = coalesce(h.lot_ids, '{}'),
           expires_at = greatest(h.expires_at, v_now + h.ttl_ms * interval '1 millisecond') where h.id = x_ids[i] returning h.* into v_hold;
    open_holds := coalesce(open_holds, '{}') || jsonb_build_object(v_hold.id, weir_private.ledger_hold_json(v_hold));
  end loop;

  -- 4. Reserves: all with their worst case, or first come first served.
  if cardinality(r_ids) > 0 and v_fits then
    with made as (
      insert into weir.holds (id, organization_id, created_at, expires_at, ttl_ms, counter_ids, amounts, granted_output, estimated_input, estimated_cost, dimensions)
      select q.id, q.org, v_now, v_now + q.ttl * interval '1 millisecond', q.ttl, q.counters::bigint[], q.amounts::bigint[], q.wanted, q.input, q.cost,
             d_json -> (q.dimensions - 1)
        from unnest(r_ids, r_organizations, r_ttl_ms, r_counters, r_amounts, r_wanted, r_input, r_cost, r_dimensions)
          as q(id, org, ttl, counters, amounts, wanted, input, cost, dimensions)
      on conflict (id) do nothing returning 1)
    select count(*) into v_count from made;
    -- A reserve that is repeated after its call has ended must not open a second hold. Looked up only now: had its hold been there, the
    -- insert would have waited for whoever was ending it.
    if v_count <> cardinality(r_ids) or exists (
      select from unnest(r_ids, r_at) as q(id, at)
        where (select true from weir.usage_events e
                where e.id = q.id and e.sequence = 0 and e.occurred_at = to_timestamp(q.at / 1000.0) offset 0)) then
      raise exception 'a reserve of the batch needs the exact path' using errcode = 'WR001';
    end if;
    for i in 1 .. n loop
      if c_asked[i] is not null then
        held_after[i] := held_after[i] + c_asked[i];
      end if;
    end loop;
  elsif cardinality(r_ids) > 0 then
    reserve_outcomes := array_fill('admitted'::text, array[cardinality(r_ids)]);
    grants := r_wanted;
    lots := array_fill(null::text, array[cardinality(r_ids)]);
    credits_available := array_fill(null::bigint, array[cardinality(r_ids)]);
    for i in 1 .. cardinality(r_ids) loop
      v_first := case when i = 1 then 1 else r_last_leg[i - 1] + 1 end;

      select h.* into v_hold from weir.holds h where h.id = r_ids[i];
      if found then
        -- A repeat while the call is open: the same answer again.
        reserve_outcomes[i] := 'repeated';
        open_holds := coalesce(open_holds, '{}') || jsonb_build_object(v_hold.id, weir_private.ledger_hold_json(v_hold));
        continue;
      end if;
      if exists (select from weir.usage_events e
                  where e.id = r_ids[i] and e.sequence = 0 and e.occurred_at = to_timestamp(r_at[i] / 1000.0))
         or r_ids[i] = any (e_ids) then
        reserve_outcomes[i] := 'ended';
        continue;
      end if;
      if not (v_current[r_platform[i]] and v_current[r_organization[i]]) then
        reserve_outcomes[i] := 'stale';
        continue;
      end if;

      v_output := r_wanted[i];
      v_share := r_wanted[i];
      v_failed := false;
      for k in v_first .. r_last_leg[i] loop
        v_slot := l_counter[k];
        if not v_open[v_slot] then
          reserve_outcomes[i] := 'window';
          exit;
        end if;
        continue when l_limit[k] is null;
        v_room := l_limit[k] - used_after[v_slot] - held_after[v_slot] - l_base[k];
        if v_room < 0 or v_room < l_rate[k] * r_floor[i] then
          v_failed := true;
          f_request := f_request || i;
          f_leg := f_leg || (k - v_first + 1);
          f_used := f_used || used_after[v_slot];
          f_held := f_held || held_after[v_slot];
          f_asked := f_asked || (l_base[k] + l_rate[k] * r_floor[i]);
        elsif l_rate[k] > 0 then
          v_share := least(v_share, (v_room / headroom_share) / l_rate[k]);
          v_output := least(v_output, v_room / l_rate[k]);
        end if;
      end loop;
      continue when reserve_outcomes[i] = 'window';

      if r_credit_type[i] is not null then
        if v_failed then
          select coalesce(sum(g.remaining), 0)::bigint into v_most from weir.credit_grants g
           where g.organization_id = r_organizations[i] and g.credit_type = r_credit_type[i]
             and g.effective_at <= v_now and (g.expires_at is null or g.expires_at > v_now);
          credits_available[i] := v_most;
        else
          select * into v_taken from weir_private.ledger_take_credits(r_organizations[i], r_credit_type[i], r_credit_amount[i], v_now);
          credits_available[i] := v_taken.available;
          if v_taken.lot_ids is null then
            v_failed := true;
          else
            lots[i] := array_to_string(v_taken.lot_ids, ',') || ';' || array_to_string(v_taken.lot_amounts, ',');
          end if;
        end if;
      end if;
      if v_failed then
        reserve_outcomes[i] := 'denied';
        -- Another replica may have admitted the same call while this one waited for its lots.
        if r_credit_type[i] is not null and exists (select from weir.holds h where h.id = r_ids[i]) then
          raise exception 'the call was admitted meanwhile' using errcode = 'serialization_failure';
        end if;
        continue;
      end if;

      v_output := least(v_output, greatest(r_needed[i], v_share));
      grants[i] := v_output;
      v_amounts := '{}';
      for k in v_first .. r_last_leg[i] loop
        v_slot := l_counter[k];
        v_amounts := v_amounts || (l_base[k] + l_rate[k] * v_output);
        held_after[v_slot] := held_after[v_slot] + l_base[k] + l_rate[k] * v_output;
      end loop;
      insert into weir.holds (id, organization_id, created_at, expires_at, ttl_ms, counter_ids, amounts, granted_output,
                              credit_type, credit_amount, lot_ids, lot_amounts, estimated_input, estimated_cost, dimensions)
      values (r_ids[i], r_organizations[i], v_now, v_now + r_ttl_ms[i] * interval '1 millisecond', r_ttl_ms[i], r_counters[i]::bigint[], v_amounts, v_output,
              r_credit_type[i], r_credit_amount[i],
              case when lots[i] is not null then string_to_array(split_part(lots[i], ';', 1), ',')::uuid[] end,
              case when lots[i] is not null then string_to_array(split_part(lots[i], ';', 2), ',')::bigint[] end,
              r_input[i], r_cost[i], d_json -> (r_dimensions[i] - 1))
      on conflict (id) do nothing;
      if not found then
        raise exception 'the call was admitted meanwhile' using errcode = 'serialization_failure';
      end if;
    end loop;
  end if;

  -- 5. Each changed counter once, all in one statement, found by where it lies: it is locked, so it stays there.
  with changed as (
    select q.* from unnest(v_places, used_after, held_after, v_start_used, v_start_held, c_asked, c_limits)
        as q(place, used, held, start_used, start_held, asked, most)
     where q.used <> q.start_used or q.held <> q.start_held),
  written as (
    update weir.counters c
       set used = q.used, held = q.held, limit_amount = case when q.asked is null then c.limit_amount else q.most end
      from changed q where c.ctid = q.place returning 1)
  select (select count(*) from changed) - (select count(*) from written) into v_count;
  if v_count <> 0 then
    raise exception 'a counter was not where it had been locked' using errcode = 'serialization_failure';
  end if;

  -- 6. The events.
  if cardinality(e_ids) > s_count then
    -- The record of a call that holds would end it without giving anything back: its settle or the sweep tells how it ended.
    v_skip := coalesce(v_skip, array_fill(false, array[cardinality(e_ids)]));
    for i in s_count + 1 .. cardinality(e_ids) loop
      v_skip[i] := exists (select from weir.holds h where h.id = e_ids[i]);
    end loop;
  end if;
  if cardinality(e_ids) > 0 then
    insert into weir.usage_events (
      id, occurred_at, booked_at, organization_id, department_id, user_id, virtual_key_id, template_id, template_slug, feature, environment,
      persona_id, model_id, provider, model_type, prompt_version_id, experiment_arm, price_id, route,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, cache_write_1h_tokens, reasoning_tokens, usage_source, cost_nano_usd, provider_cost_nano_usd,
      status, error_code, streamed, trial, retries, fallback_used, latency_ms, time_to_first_token_ms, upstream_request_id, tags,
      counter_ids, amounts, overruns)
    select e.id, to_timestamp(e.at / 1000.0), v_now, d.organization_id, d.department_id, d.user_id, d.virtual_key_id, d.template_id, d.template_slug,
      d.feature, d.environment, d.persona_id, d.model_id, d.provider, d.model_type, d.prompt_version_id, d.experiment_arm, d.price_id, d.route,
      e.input, e.output, e.cached, e.cache_write, e.cache_write_1h, e.reasoning, e.source, e.cost, e.provider_cost,
      e.status, e.error, e.streamed, e.trial, e.retries, e.fallback, e.latency, e.first_token, e.upstream_id, e.tags::jsonb,
      e.counters::bigint[], e.amounts::bigint[], e.overruns::bigint[]
      from unnest(e_ids, e_at, e_dimensions, e_input, e_output, e_cached, e_cache_write, e_cache_write_1h, e_reasoning, e_source, e_cost, e_provider_cost, e_status, e_error,
                  e_streamed, e_trial, e_retries, e_fallback, e_latency, e_first_token, e_upstream_id, e_tags, e_counters, e_amounts, e_overruns)
             with ordinality
        as e(id, at, dimensions, input, output, cached, cache_write, cache_write_1h, reasoning, source, cost, provider_cost, status, error,
             streamed, trial, retries, fallback, latency, first_token, upstream_id, tags, counters, amounts, overruns, n)
      join rows from (jsonb_to_recordset(d_json) as (
             organization_id uuid, department_id uuid, user_id uuid, virtual_key_id uuid, template_id bigint, template_slug text, feature text,
             environment text, persona_id uuid, model_id text, provider text, model_type text, prompt_version_id uuid, experiment_arm text,
             price_id text, route text)) with ordinality
        as d(organization_id, department_id, user_id, virtual_key_id, template_id, template_slug, feature, environment, persona_id, model_id,
             provider, model_type, prompt_version_id, experiment_arm, price_id, route, n) on d.n = e.dimensions
     where v_skip is null or not coalesce(v_skip[e.n], false)
    on conflict do nothing;
  end if;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_correct_event(p_estimate weir.usage_events, p_actual weir.usage_events, p_credits bigint, p_now timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  v_row weir.usage_events := p_actual;
  v_left bigint;
  v_back bigint;
begin
  v_row.sequence := 1;
  v_row.booked_at := p_now;
  v_row.input_tokens := p_actual.input_tokens - p_estimate.input_tokens;
  v_row.output_tokens := p_actual.output_tokens - p_estimate.output_tokens;
  v_row.cached_input_tokens := p_actual.cached_input_tokens - p_estimate.cached_input_tokens;
  v_row.cache_write_tokens := p_actual.cache_write_tokens - p_estimate.cache_write_tokens;
  v_row.cache_write_1h_tokens := p_actual.cache_write_1h_tokens - p_estimate.cache_write_1h_tokens;
  v_row.reasoning_tokens := p_actual.reasoning_tokens - p_estimate.reasoning_tokens;
  v_row.cost_nano_usd := coalesce(p_actual.cost_nano_usd, 0) - coalesce(p_estimate.cost_nano_usd, 0);
  v_row.provider_cost_nano_usd := coalesce(p_actual.provider_cost_nano_usd, 0) - coalesce(p_estimate.provider_cost_nano_usd, 0);
  v_row.amounts := array(select a.amount - b.amount from unnest(p_actual.amounts) with ordinality as a(amount, n)
                           join unnest(p_estimate.amounts) with ordinality as b(amount, n) using (n) order by n);
  insert into weir.usage_events values (v_row.*) on conflict do nothing;
  if not found then
    raise exception 'another settle corrects this estimate' using errcode = 'serialization_failure';
  end if;
  -- Credits that the estimate took too many of return to the lots they came from, last lot first.
  if p_estimate.lot_ids is not null then
    v_left := (select sum(amount) from unnest(p_estimate.lot_amounts) as q(amount)) - p_credits;
    if v_left > 0 then
      insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, refund_of, feature, user_id, request_id, created_at)
      select weir_private.uuid_v7(), l.organization_id, l.credit_type, 'refund', v_left, l.id, l.feature, l.user_id, l.request_id, p_now
        from weir.credit_ledger l where l.request_id = p_estimate.id and l.kind = 'deduct'
      on conflict (refund_of) do nothing;
      -- Whoever gave up waiting has given all of it back.
      if not found then
        v_left := 0;
      end if;
    end if;
    for n in reverse cardinality(p_estimate.lot_ids) .. 1 loop
      exit when v_left <= 0;
      v_back := least(v_left, p_estimate.lot_amounts[n]);
      v_left := v_left - v_back;
      update weir.credit_grants g set consumed = g.consumed - v_back, remaining = g.remaining + v_back where g.id = p_estimate.lot_ids[n];
    end loop;
  end if;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_counters(p_keys text[], p_starts bigint[], p_ends bigint[], p_organizations uuid[], p_kinds text[], p_units text[], p_ranks smallint[])
 RETURNS bigint[]
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
begin
  insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank)
  select q.k, to_timestamp(q.s / 1000.0), to_timestamp(q.e / 1000.0), q.o, q.kd, q.u, q.r
    from unnest(p_keys, p_starts, p_ends, p_organizations, p_kinds, p_units, p_ranks) as q(k, s, e, o, kd, u, r)
   order by q.k, q.s
  on conflict (meter_key, window_start) do nothing;
  return array(
    select (select c.id from weir.counters c where c.meter_key = q.k and c.window_start = to_timestamp(q.s / 1000.0) offset 0)
      from unnest(p_keys, p_starts) with ordinality as q(k, s, n)
     order by q.n);
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_drift(p_organization uuid DEFAULT NULL::uuid)
 RETURNS TABLE(counter_id bigint, meter_key text, window_start timestamp with time zone, used bigint, expected_used bigint, held bigint, expected_held bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
  with booked as (
    select q.id, sum(q.amount)::bigint as amount from weir.usage_events e cross join lateral unnest(e.counter_ids, e.amounts) as q(id, amount)
     where p_organization is null or e.organization_id = p_organization group by q.id),
  open as (
    select q.id, sum(q.amount)::bigint as amount from weir.holds h cross join lateral unnest(h.counter_ids, h.amounts) as q(id, amount)
     where p_organization is null or h.organization_id = p_organization group by q.id)
  select c.id, c.meter_key, c.window_start, c.used, coalesce(b.amount, 0), c.held, coalesce(o.amount, 0)
    from weir.counters c left join booked b on b.id = c.id left join open o on o.id = c.id
   where (p_organization is null or c.organization_id = p_organization)
     and (c.used <> coalesce(b.amount, 0) or c.held <> coalesce(o.amount, 0))
   order by c.id
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_end_credits(p_hold weir.holds, p_used bigint, p_now timestamp with time zone, p_feature text, p_user uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  v_left bigint := p_used;
  v_consumed bigint;
  v_allocations jsonb := '[]';
begin
  if p_hold.lot_ids is null then
    return;
  end if;
  for n in 1 .. cardinality(p_hold.lot_ids) loop
    v_consumed := least(v_left, p_hold.lot_amounts[n]);
    v_left := v_left - v_consumed;
    update weir.credit_grants g
       set held = g.held - p_hold.lot_amounts[n],
           consumed = g.consumed + v_consumed,
           remaining = g.remaining + p_hold.lot_amounts[n] - v_consumed
     where g.id = p_hold.lot_ids[n];
    if v_consumed > 0 then
      v_allocations := v_allocations || jsonb_build_object('grant_id', p_hold.lot_ids[n], 'amount', v_consumed);
    end if;
  end loop;
  if p_used > v_left then
    insert into weir.credit_ledger (id, organization_id, credit_type, kind, amount, allocations, feature, user_id, request_id, created_at)
    values (weir_private.uuid_v7(), p_hold.organization_id, p_hold.credit_type, 'deduct', v_left - p_used, v_allocations,
            p_feature, p_user, p_hold.id, p_now);
  end if;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_hold_json(p_hold weir.holds)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog'
AS $function$
  select jsonb_build_object(
    'reserved_at_ms', round(extract(epoch from p_hold.created_at) * 1000)::bigint,
    'granted_output', p_hold.granted_output::text,
    'legs', (select coalesce(jsonb_agg(jsonb_build_object('counter', c.id::text, 'amount', q.amount::text,
               'start_ms', round(extract(epoch from c.window_start) * 1000)::bigint,
               'end_ms', round(extract(epoch from c.window_end) * 1000)::bigint) order by q.n), '[]')
               from unnest(p_hold.counter_ids, p_hold.amounts) with ordinality as q(id, amount, n) join weir.counters c on c.id = q.id),
    'lots', (select coalesce(jsonb_agg(jsonb_build_object('id', q.id, 'amount', q.amount::text) order by q.n), '[]')
               from unnest(p_hold.lot_ids, p_hold.lot_amounts) with ordinality as q(id, amount, n)))
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_now_ms(p_last_ms bigint, p_offset_ms bigint)
 RETURNS bigint
 LANGUAGE sql
 SET search_path TO 'pg_catalog'
AS $function$ select greatest((extract(epoch from clock_timestamp()) * 1000)::bigint + p_offset_ms, p_last_ms) $function$

CREATE OR REPLACE FUNCTION weir_private.ledger_rebuild()
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  v_count integer;
begin
  -- Counters first, and against those who lock their rows too: that is how every batch begins, so none is caught half-way.
  lock table weir.counters in exclusive mode;
  lock table weir.holds, weir.usage_events in share row exclusive mode;
  update weir.counters c set used = d.expected_used, held = d.expected_held from weir_private.ledger_drift() d where c.id = d.counter_id;
  get diagnostics v_count = row_count;
  return v_count;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_sweep(p_last_ms bigint, p_offset_ms bigint, p_limit integer, OUT now_ms bigint, OUT ended integer)
 RETURNS record
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog'
AS $function$
declare
  v_now timestamptz;
  v_ids uuid[];
  v_hold weir.holds;
  v_counters bigint[] := '{}';
  v_amounts bigint[] := '{}';
  v_sum record;
begin
  now_ms := weir_private.ledger_now_ms(p_last_ms, p_offset_ms);
  v_now := to_timestamp(now_ms / 1000.0);
  ended := 0;
  if not pg_try_advisory_xact_lock(hashtext('weir ledger sweep')) then
    return;
  end if;
  v_ids := array(select h.id from weir.holds h where h.expires_at <= v_now order by h.id limit p_limit);
  if cardinality(v_ids) = 0 then
    return;
  end if;
  -- Counters before holds, in the order of every batch.
  perform from weir.counters c
    where c.id = any (array(select distinct unnest(h.counter_ids) from weir.holds h where h.id = any (v_ids)))
    order by c.lock_rank, c.id for update;

  for v_hold in delete from weir.holds h where h.id = any (v_ids) and h.expires_at <= v_now returning h.* loop
    ended := ended + 1;
    v_counters := v_counters || v_hold.counter_ids;
    v_amounts := v_amounts || v_hold.amounts;
    perform weir_private.ledger_end_credits(v_hold, v_hold.credit_amount, v_now,
      v_hold.dimensions ->> 'feature', (v_hold.dimensions ->> 'user_id')::uuid);
    insert into weir.usage_events (
      id, occurred_at, booked_at, organization_id, department_id, user_id, virtual_key_id, template_id, template_slug, feature, environment,
      persona_id, model_id, provider, model_type, prompt_version_id, experiment_arm, price_id, route,
      input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, cost_nano_usd, provider_cost_nano_usd,
      status, error_code, streamed, trial, retries, fallback_used, counter_ids, amounts, lot_ids, lot_amounts)
    select v_hold.id, weir_private.uuid_v7_time(v_hold.id), v_now, d.organization_id, d.department_id, d.user_id, d.virtual_key_id, d.template_id,
      d.template_slug, d.feature, d.environment, d.persona_id, d.model_id, d.provider, d.model_type, d.prompt_version_id, d.experiment_arm,
      d.price_id, d.route, v_hold.estimated_input, v_hold.granted_output, 0, 0, 0, 'estimated', v_hold.estimated_cost, v_hold.estimated_cost,
      'timeout', 'hold_expired', false, false, 0, false, v_hold.counter_ids, v_hold.amounts, v_hold.lot_ids, v_hold.lot_amounts
      from jsonb_to_record(v_hold.dimensions) as d(
        organization_id uuid, department_id uuid, user_id uuid, virtual_key_id uuid, template_id bigint, template_slug text, feature text,
        environment text, persona_id uuid, model_id text, provider text, model_type text, prompt_version_id uuid, experiment_arm text,
        price_id text, route text)
    on conflict do nothing;
  end loop;

  -- Each counter once: hundreds of versions of one hot row in a transaction would be walked through again and again.
  for v_sum in select q.id, sum(q.amount)::bigint as amount from unnest(v_counters, v_amounts) as q(id, amount) group by q.id loop
    update weir.counters c set used = c.used + v_sum.amount, held = c.held - v_sum.amount where c.id = v_sum.id;
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_take_credits(p_organization uuid, p_type text, p_amount bigint, p_now timestamp with time zone, OUT available bigint, OUT lot_ids uuid[], OUT lot_amounts bigint[])
 RETURNS record
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog'
AS $function$
declare
  lot record;
  wanted bigint := p_amount;
  taken bigint;
begin
  available := 0;
  lot_ids := '{}';
  lot_amounts := '{}';
  for lot in
    select g.id, g.remaining from weir.credit_grants g
     where g.organization_id = p_organization and g.credit_type = p_type and g.remaining > 0
       and g.effective_at <= p_now and (g.expires_at is null or g.expires_at > p_now)
     order by g.expires_at nulls last, g.priority, g.effective_at, g.id
       for update
  loop
    available := available + lot.remaining;
    taken := least(lot.remaining, wanted);
    if taken > 0 then
      lot_ids := lot_ids || lot.id;
      lot_amounts := lot_amounts || taken;
      wanted := wanted - taken;
    end if;
  end loop;
  if wanted > 0 then
    lot_ids := null;
    lot_amounts := null;
    return;
  end if;
  for n in 1 .. cardinality(lot_ids) loop
    update weir.credit_grants g set remaining = g.remaining - lot_amounts[n], held = g.held + lot_amounts[n] where g.id = lot_ids[n];
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.ledger_writers()
 RETURNS text[]
 LANGUAGE sql
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(distinct l.virtualtransaction), '{}') from pg_catalog.pg_locks l
   where l.locktype = 'relation' and l.relation in ('weir.counters'::regclass, 'weir.usage_events'::regclass)
     and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
     and l.mode in ('RowShareLock', 'RowExclusiveLock') and l.pid <> pg_catalog.pg_backend_pid()
$function$

CREATE OR REPLACE FUNCTION weir_private.lock_credit_meters(organization uuid, type text, moment timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  perform from weir.counters c
  where c.meter_key = 'credits:' || organization || ':' || type and c.window_start > moment - interval '60 days'
  order by c.lock_rank, c.id for no key update;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.my_admin_organization_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$ select weir_private.my_organization_ids_as(array['owner', 'admin']) $function$

CREATE OR REPLACE FUNCTION weir_private.my_fellow_user_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(distinct m.user_id), '{}') || array[(select auth.uid())] from weir.members m
  where m.organization_id = any (weir_private.my_organization_ids())
$function$

CREATE OR REPLACE FUNCTION weir_private.my_organization_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$ select weir_private.my_organization_ids_as(array['owner', 'admin', 'member']) $function$

CREATE OR REPLACE FUNCTION weir_private.my_organization_ids_as(roles text[])
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(m.organization_id), '{}') from weir.members m
  where m.user_id = (select auth.uid())
    and (weir_private.claim('organization_id') is null or m.organization_id = weir_private.claim('organization_id')::uuid)
    and case
      when weir_private.claim('api_token') is null then m.role
      when weir_private.claim('organization_role') = 'admin' and m.role <> 'member' then 'admin'
      else 'member'
    end = any (roles)
$function$

CREATE OR REPLACE FUNCTION weir_private.my_owner_organization_ids()
 RETURNS uuid[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$ select weir_private.my_organization_ids_as(array['owner']) $function$

CREATE OR REPLACE FUNCTION weir_private.my_system_template_ids()
 RETURNS bigint[]
 LANGUAGE sql
 STABLE PARALLEL SAFE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select coalesce(array_agg(distinct t.id), '{}')
  from weir.organizations o
  join weir.plans mine on mine.slug = o.pricing_plan
  cross join weir.templates t
  join weir.plans wanted on wanted.slug = t.required_plan
  where o.id = any ((select weir_private.my_organization_ids())::uuid[])
    and t.scope = 'system' and t.is_active and mine.level >= wanted.level
    and (t.business_types = '{}' or o.business_type = any (t.business_types))
    and (o.id = any ((select weir_private.my_admin_organization_ids())::uuid[]) or exists (select 1 from weir.org_system_model_config c
      where c.organization_id = o.id and c.template_id = t.id and c.is_enabled_for_users))
$function$

CREATE OR REPLACE FUNCTION weir_private.protect_table(target regclass)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  -- Forced security binds the owner as well, and SECURITY DEFINER functions run as the owner.
  EXECUTE format('CREATE POLICY owner_all ON %s TO weir_owner USING (true) WITH CHECK (true)', target);
  IF EXISTS (SELECT FROM pg_catalog.pg_attribute
             WHERE attrelid = target AND attname = 'updated_at' AND NOT attisdropped) THEN
    EXECUTE format('CREATE TRIGGER set_updated_at BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION weir_private.set_updated_at()', target);
  END IF;
END
$function$

CREATE OR REPLACE FUNCTION weir_private.provider_credential_secret(credential uuid)
 RETURNS TABLE(ciphertext bytea, key_id text, origin text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select c.ciphertext, c.key_id, c.origin from weir.provider_credentials c where c.id = credential and c.status = 'active'
$function$

CREATE OR REPLACE FUNCTION weir_private.rebuild_credit_use()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  lock table weir.credit_ledger in share row exclusive mode;
  delete from weir.credit_use;
  insert into weir.credit_use (organization_id, period_start, credit_type, kind, feature, user_id, used, charged, deducted, uses)
  select e.organization_id, e.opens, e.credit_type, case when grouping(e.feature) = 1 then 'total' when grouping(e.user_id) = 1 then 'feature' else 'person' end,
    coalesce(e.feature, ''), coalesce(e.user_id, '00000000-0000-0000-0000-000000000000'), -sum(e.amount), coalesce(-sum(e.amount) filter (where e.is_charged), 0),
    coalesce(-sum(e.amount) filter (where e.request_id is null), 0), count(*) filter (where e.kind = 'deduct')
  from (
    select l.organization_id, weir_private.credit_period_start(o.credit_anchor_at, l.created_at) as opens, l.credit_type, coalesce(l.feature, '') as feature,
      coalesce(l.user_id, '00000000-0000-0000-0000-000000000000') as user_id, l.amount, l.is_charged, l.request_id, l.kind
    from weir.credit_ledger l join weir.organizations o on o.id = l.organization_id where l.kind in ('deduct', 'refund')) e
  group by grouping sets ((e.organization_id, e.opens, e.credit_type), (e.organization_id, e.opens, e.credit_type, e.feature),
    (e.organization_id, e.opens, e.credit_type, e.feature, e.user_id));
end
$function$

CREATE OR REPLACE FUNCTION weir_private.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$function$

CREATE OR REPLACE FUNCTION weir_private.refuse_change_unless_parent_gone()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  parent_exists boolean;
begin
  if tg_op = 'DELETE' then
    execute format('select exists (select 1 from weir.%I where %I::text = $1)', tg_argv[0], tg_argv[1])
      into parent_exists using to_jsonb(old) ->> tg_argv[2];
    if not parent_exists then
      return old;
    end if;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
end
$function$

CREATE OR REPLACE FUNCTION weir_private.refuse_delete_of_entitled_model()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  if exists (select 1 from weir.entitlements e where e.model_id = old.id and e.revoked_at is null
      and (e.expires_at is null or e.expires_at > now())) then
    raise exception 'model % has active entitlements', old.id
      using errcode = 'foreign_key_violation', constraint = 'entitlements_model_id_fkey', schema = 'weir', table = 'entitlements';
  end if;
  return old;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.remake_usage(p_hours timestamp with time zone[], p_to timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  v_day date;
  v_bit integer;
  v_sums weir.usage_hourly[];
begin
  perform weir_private.remake_usage_lines(p_hours, p_to);
  for v_day in select distinct h::date from unnest(p_hours) as h loop
    v_sums := array(select h from weir.usage_hourly h where h.hour >= v_day and h.hour < v_day + 1);
    delete from weir.usage_daily_slices d where d.day = v_day;
    insert into weir.usage_daily_slices select q.* from weir_private.usage_slices(v_sums) as q;
    delete from weir.usage_platform_daily d where d.day = v_day;
    insert into weir.usage_platform_daily select q.* from weir_private.usage_of_platform(v_sums) as q;
    v_bit := 1 << (extract(day from v_day)::integer - 1);
    delete from weir.usage_activity a where a.month = date_trunc('month', v_day)::date and a.days = v_bit;
    update weir.usage_activity a set days = a.days & ~v_bit where a.month = date_trunc('month', v_day)::date and a.days & v_bit <> 0;
    insert into weir.usage_activity as t select q.* from weir_private.usage_active_days(v_sums) as q
    on conflict (facet, month, organization_id, value, user_id) do update set days = t.days | excluded.days;
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.remake_usage_lines(p_hours timestamp with time zone[], p_to timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
declare
  v_hour timestamptz;
  v_day date;
  v_sums weir.usage_hourly[];
begin
  foreach v_hour in array p_hours loop
    delete from weir.usage_hourly h where h.hour = v_hour;
    insert into weir.usage_hourly select s.* from weir_private.usage_sums('-infinity', p_to, v_hour, v_hour + interval '1 hour') as s;
  end loop;
  for v_day in select distinct h::date from unnest(p_hours) as h loop
    v_sums := array(select h from weir.usage_hourly h where h.hour >= v_day and h.hour < v_day + 1);
    delete from weir.usage_daily d where d.day = v_day;
    insert into weir.usage_daily select q.* from weir_private.usage_days(v_sums) as q;
    delete from weir.usage_daily_facets d where d.day = v_day;
    insert into weir.usage_daily_facets select q.* from weir_private.usage_facets(v_sums) as q;
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.remember_former_member()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
begin
  insert into weir.former_members (organization_id, user_id)
  select o.id, u.id from weir.organizations o, weir.users u where o.id = old.organization_id and u.id = old.user_id
  on conflict (organization_id, user_id) do update set left_at = excluded.left_at;
  return null;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.set_updated_at()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO ''
AS $function$
BEGIN
  NEW.updated_at := now();
  RETURN NEW;
END
$function$

CREATE OR REPLACE FUNCTION weir_private.template_endpoint_secret(template bigint)
 RETURNS TABLE(ciphertext bytea, key_id text, origin text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
AS $function$
  select s.ciphertext, s.key_id, s.origin from weir.template_endpoint_secrets s where s.template_id = template
$function$

CREATE OR REPLACE FUNCTION weir_private.touch_fact_scopes(scopes text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
AS $function$
declare
  touched text;
begin
  for touched in select distinct s from unnest(scopes) as s where s is not null order by s loop
    insert into weir.fact_versions as f (scope, version, changed_at) values (touched, 1, clock_timestamp())
    on conflict (scope) do update set version = f.version + 1, changed_at = excluded.changed_at;
    perform pg_notify('weir_facts', touched);
  end loop;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.unfold_usage(p_to timestamp with time zone)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
begin
  perform weir_private.remake_usage(array(
    select distinct date_trunc('hour', e.occurred_at) from weir.usage_events e, weir.usage_roll_up r
     where e.booked_at > p_to and e.booked_at <= r.folded_to), p_to);
  update weir.usage_roll_up r set folded_to = p_to, candidate_at = null, candidate_writers = '{}' where r.folded_to > p_to;
end
$function$

CREATE OR REPLACE FUNCTION weir_private.usage_active_days(p_sums weir.usage_hourly[])
 RETURNS SETOF weir.usage_activity
 LANGUAGE sql
 STABLE
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  select date_trunc('month', q.hour)::date, q.organization_id, f.facet, f.value, coalesce(q.user_id, '00000000-0000-0000-0000-000000000000'),
    bit_or(1 << (extract(day from q.hour)::integer - 1)), now()
    from unnest(p_sums) as q
   cross join lateral (values
    ('all', ''), ('model', q.model_id), ('model_type', q.model_type), ('provider', q.provider), ('template', coalesce(q.template_slug, '')),
    ('feature', coalesce(q.feature, '')), ('department', coalesce(q.department_id::text, '')), ('key', coalesce(q.virtual_key_id::text, '')),
    ('status', q.status), ('environment', q.environment), ('call', weir.usage_call_value(q.model_id, q.provider, q.status))) as f (facet, value)
   group by 1, 2, 3, 4, 5
$function$

CREATE OR REPLACE FUNCTION weir_private.usage_days(p_sums weir.usage_hourly[])
 RETURNS SETOF weir.usage_daily
 LANGUAGE sql
 STABLE
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  select q.hour::date, q.dimension_key,
    min(q.organization_id::text)::uuid, min(q.user_id::text)::uuid, min(q.department_id::text)::uuid, min(q.virtual_key_id::text)::uuid,
    min(q.model_id), min(q.provider), min(q.model_type), min(q.template_id), min(q.template_slug), min(q.feature), min(q.environment),
    min(q.persona_id::text)::uuid, min(q.status), min(q.error_code),
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint, sum(q.trial_requests)::bigint, sum(q.unpriced_requests)::bigint,
    sum(q.fallback_requests)::bigint, sum(q.estimated_requests)::bigint, sum(q.input_tokens)::bigint, sum(q.output_tokens)::bigint,
    sum(q.cached_input_tokens)::bigint, sum(q.cache_write_tokens)::bigint, sum(q.reasoning_tokens)::bigint, sum(q.cost_nano_usd)::bigint,
    sum(q.provider_cost_nano_usd)::bigint, sum(q.latency_ms_sum)::bigint, sum(q.latency_count)::bigint, sum(q.first_token_ms_sum)::bigint,
    sum(q.first_token_count)::bigint,
    case when sum(q.latency_count) > 0 then array[
         sum(q.latency_buckets[1])::bigint, sum(q.latency_buckets[2])::bigint, sum(q.latency_buckets[3])::bigint,
         sum(q.latency_buckets[4])::bigint, sum(q.latency_buckets[5])::bigint, sum(q.latency_buckets[6])::bigint,
         sum(q.latency_buckets[7])::bigint, sum(q.latency_buckets[8])::bigint, sum(q.latency_buckets[9])::bigint,
         sum(q.latency_buckets[10])::bigint, sum(q.latency_buckets[11])::bigint, sum(q.latency_buckets[12])::bigint,
         sum(q.latency_buckets[13])::bigint, sum(q.latency_buckets[14])::bigint, sum(q.latency_buckets[15])::bigint,
         sum(q.latency_buckets[16])::bigint] end, now()
  from unnest(p_sums) as q group by 1, 2, q.organization_id
$function$

CREATE OR REPLACE FUNCTION weir_private.usage_facets(p_sums weir.usage_hourly[])
 RETURNS SETOF weir.usage_daily_facets
 LANGUAGE sql
 STABLE
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  select q.hour::date, q.organization_id, f.facet, f.value,
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint,
    sum(case when q.status = 'denied' then q.requests else 0 end)::bigint, sum(q.trial_requests)::bigint, sum(q.unpriced_requests)::bigint,
    sum(q.fallback_requests)::bigint, sum(q.estimated_requests)::bigint, sum(q.input_tokens)::bigint, sum(q.output_tokens)::bigint,
    sum(q.cached_input_tokens)::bigint, sum(q.cache_write_tokens)::bigint, sum(q.reasoning_tokens)::bigint, sum(q.cost_nano_usd)::bigint,
    sum(q.provider_cost_nano_usd)::bigint, sum(q.latency_ms_sum)::bigint, sum(q.latency_count)::bigint, sum(q.first_token_ms_sum)::bigint,
    sum(q.first_token_count)::bigint,
    case when sum(q.latency_count) > 0 then array[
      sum(q.latency_buckets[1])::bigint, sum(q.latency_buckets[2])::bigint, sum(q.latency_buckets[3])::bigint,
      sum(q.latency_buckets[4])::bigint, sum(q.latency_buckets[5])::bigint, sum(q.latency_buckets[6])::bigint,
      sum(q.latency_buckets[7])::bigint, sum(q.latency_buckets[8])::bigint, sum(q.latency_buckets[9])::bigint,
      sum(q.latency_buckets[10])::bigint, sum(q.latency_buckets[11])::bigint, sum(q.latency_buckets[12])::bigint,
      sum(q.latency_buckets[13])::bigint, sum(q.latency_buckets[14])::bigint, sum(q.latency_buckets[15])::bigint,
      sum(q.latency_buckets[16])::bigint] end, now()
    from unnest(p_sums) as q
  cross join lateral (values
    ('all', ''), ('user', coalesce(q.user_id::text, '')), ('model', q.model_id), ('model_type', q.model_type), ('provider', q.provider),
    ('template', coalesce(q.template_slug, '')), ('feature', coalesce(q.feature, '')), ('department', coalesce(q.department_id::text, '')),
    ('key', coalesce(q.virtual_key_id::text, '')), ('status', q.status), ('environment', q.environment)) as f (facet, value)
   group by 1, 2, 3, 4
$function$

CREATE OR REPLACE FUNCTION weir_private.usage_of_platform(p_sums weir.usage_hourly[])
 RETURNS SETOF weir.usage_platform_daily
 LANGUAGE sql
 STABLE
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  select q.hour::date, q.model_id, q.provider, q.status,
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint, sum(q.unpriced_requests)::bigint,
    sum(q.input_tokens)::bigint, sum(q.output_tokens)::bigint, sum(q.cost_nano_usd)::bigint, sum(q.provider_cost_nano_usd)::bigint, now()
    from unnest(p_sums) as q
   group by 1, 2, 3, 4
$function$

CREATE OR REPLACE FUNCTION weir_private.usage_slices(p_sums weir.usage_hourly[])
 RETURNS SETOF weir.usage_daily_slices
 LANGUAGE sql
 STABLE
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  select q.hour::date,
    left(encode(sha256(convert_to(row(q.department_id, q.model_id, q.provider, q.model_type, q.template_slug, q.feature, q.environment,
      q.status)::text, 'UTF8')), 'hex'), 32)::uuid,
    q.organization_id, q.department_id, q.model_id, q.provider, q.model_type, q.template_slug, q.feature, q.environment, q.status,
    sum(q.events)::bigint, sum(q.requests)::bigint, sum(q.errors)::bigint, sum(q.trial_requests)::bigint,
    sum(q.unpriced_requests)::bigint, sum(q.fallback_requests)::bigint, sum(q.estimated_requests)::bigint, sum(q.input_tokens)::bigint,
    sum(q.output_tokens)::bigint, sum(q.cached_input_tokens)::bigint, sum(q.cache_write_tokens)::bigint, sum(q.reasoning_tokens)::bigint,
    sum(q.cost_nano_usd)::bigint, sum(q.provider_cost_nano_usd)::bigint, sum(q.latency_ms_sum)::bigint, sum(q.latency_count)::bigint,
    sum(q.first_token_ms_sum)::bigint, sum(q.first_token_count)::bigint,
    case when sum(q.latency_count) > 0 then array[
      sum(q.latency_buckets[1])::bigint, sum(q.latency_buckets[2])::bigint, sum(q.latency_buckets[3])::bigint,
      sum(q.latency_buckets[4])::bigint, sum(q.latency_buckets[5])::bigint, sum(q.latency_buckets[6])::bigint,
      sum(q.latency_buckets[7])::bigint, sum(q.latency_buckets[8])::bigint, sum(q.latency_buckets[9])::bigint,
      sum(q.latency_buckets[10])::bigint, sum(q.latency_buckets[11])::bigint, sum(q.latency_buckets[12])::bigint,
      sum(q.latency_buckets[13])::bigint, sum(q.latency_buckets[14])::bigint, sum(q.latency_buckets[15])::bigint,
      sum(q.latency_buckets[16])::bigint] end, now()
    from unnest(p_sums) as q
   group by q.hour::date, q.organization_id, q.department_id, q.model_id, q.provider, q.model_type, q.template_slug, q.feature, q.environment, q.status
$function$

CREATE OR REPLACE FUNCTION weir_private.usage_sums(p_after timestamp with time zone, p_to timestamp with time zone, p_first timestamp with time zone, p_end timestamp with time zone)
 RETURNS SETOF weir.usage_hourly
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  with sums as (
    select date_trunc('hour', e.occurred_at) as hour,
      e.organization_id, e.user_id, e.department_id, e.virtual_key_id, e.model_id, e.provider, e.model_type, e.template_id,
      e.template_slug, e.feature, e.environment, e.persona_id, e.status, e.error_code,
      count(*) as events,
      count(*) filter (where e.sequence = 0) as requests,
      count(*) filter (where e.sequence = 0 and e.status in ('error', 'timeout')) as errors,
      count(*) filter (where e.sequence = 0 and e.trial) as trial_requests,
      count(*) filter (where e.sequence = 0 and e.status = 'success' and e.cost_nano_usd is null) as unpriced_requests,
      count(*) filter (where e.sequence = 0 and e.fallback_used) as fallback_requests,
      count(*) filter (where e.sequence = 0 and e.usage_source = 'estimated') as estimated_requests,
      sum(e.input_tokens)::bigint as input_tokens, sum(e.output_tokens)::bigint as output_tokens,
      sum(e.cached_input_tokens)::bigint as cached_input_tokens, sum(e.cache_write_tokens)::bigint as cache_write_tokens,
      sum(e.reasoning_tokens)::bigint as reasoning_tokens,
      coalesce(sum(e.cost_nano_usd), 0)::bigint as cost_nano_usd, coalesce(sum(e.provider_cost_nano_usd), 0)::bigint as provider_cost_nano_usd,
      coalesce(sum(e.latency_ms), 0) as latency_ms_sum, count(e.latency_ms) as latency_count,
      coalesce(sum(e.time_to_first_token_ms), 0) as first_token_ms_sum, count(e.time_to_first_token_ms) as first_token_count,
      array[
           count(*) filter (where e.bucket = 0), count(*) filter (where e.bucket = 1), count(*) filter (where e.bucket = 2),
           count(*) filter (where e.bucket = 3), count(*) filter (where e.bucket = 4), count(*) filter (where e.bucket = 5),
           count(*) filter (where e.bucket = 6), count(*) filter (where e.bucket = 7), count(*) filter (where e.bucket = 8),
           count(*) filter (where e.bucket = 9), count(*) filter (where e.bucket = 10), count(*) filter (where e.bucket = 11),
           count(*) filter (where e.bucket = 12), count(*) filter (where e.bucket = 13), count(*) filter (where e.bucket = 14),
           count(*) filter (where e.bucket = 15)
      ] as latency_buckets
    from (select u.*, width_bucket(u.latency_ms, array[50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000]) as bucket from weir.usage_events u
           where u.booked_at > greatest(p_after, p_first - interval '1 day') and u.booked_at <= p_to and u.occurred_at >= p_first and u.occurred_at < p_end) as e
    group by 1, e.organization_id, e.user_id, e.department_id, e.virtual_key_id, e.model_id, e.provider, e.model_type,
      e.template_id, e.template_slug, e.feature, e.environment, e.persona_id, e.status, e.error_code)
  select s.hour,
    left(encode(sha256(convert_to(row(s.user_id, s.department_id, s.virtual_key_id, s.model_id, s.provider, s.model_type, s.template_id,
      s.template_slug, s.feature, s.environment, s.persona_id, s.status, s.error_code)::text, 'UTF8')), 'hex'), 32)::uuid,
    s.organization_id, s.user_id, s.department_id, s.virtual_key_id, s.model_id, s.provider, s.model_type, s.template_id, s.template_slug,
    s.feature, s.environment, s.persona_id, s.status, s.error_code, s.events, s.requests, s.errors, s.trial_requests, s.unpriced_requests,
    s.fallback_requests, s.estimated_requests, s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens,
    s.reasoning_tokens, s.cost_nano_usd, s.provider_cost_nano_usd, s.latency_ms_sum, s.latency_count, s.first_token_ms_sum,
    s.first_token_count,
    case when s.latency_count > 0 then s.latency_buckets end, now()
  from sums s
$function$

CREATE OR REPLACE FUNCTION weir_private.uuid_v7()
 RETURNS uuid
 LANGUAGE sql
 PARALLEL SAFE
 SET search_path TO ''
AS $function$
  select encode(
    set_bit(set_bit(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
        from 1 for 6),
      52, 1), 53, 1),
    'hex')::uuid
$function$

CREATE OR REPLACE FUNCTION weir_private.uuid_v7_time(p_id uuid)
 RETURNS timestamp with time zone
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
 SET search_path TO 'pg_catalog'
AS $function$ select to_timestamp(('x' || left(replace(p_id::text, '-', ''), 12))::bit(48)::bigint / 1000.0) $function$

CREATE OR REPLACE FUNCTION weir_private.verify_usage_lines(p_from timestamp with time zone, p_to timestamp with time zone)
 RETURNS TABLE(hour timestamp with time zone, organization_id uuid, events bigint, events_summed bigint, cost_nano_usd bigint, cost_summed bigint)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO ''
 SET "TimeZone" TO 'UTC'
AS $function$
  with bounds as (
    select date_trunc('hour', min(e.occurred_at)) as opens, date_trunc('hour', p_to) as closes
      from weir.usage_events e where e.occurred_at >= date_trunc('hour', p_from)),
  truth as (
    select s.hour, s.organization_id, s.dimension_key, s.events, s.requests, s.input_tokens, s.output_tokens, s.cost_nano_usd, s.latency_ms_sum
      from bounds b, weir_private.usage_sums('-infinity', weir.usage_folded_to(), b.opens, b.closes) as s),
  summed as (
    select h.hour, h.organization_id, h.dimension_key, h.events, h.requests, h.input_tokens, h.output_tokens, h.cost_nano_usd, h.latency_ms_sum
      from bounds b, weir.usage_hourly h where h.hour >= b.opens and h.hour < b.closes),
  differing as (
    select coalesce(t.hour, s.hour) as hour, coalesce(t.organization_id, s.organization_id) as organization_id,
      coalesce(t.events, 0) as events, coalesce(s.events, 0) as events_summed,
      coalesce(t.cost_nano_usd, 0) as cost_nano_usd, coalesce(s.cost_nano_usd, 0) as cost_summed
      from truth t full join summed s using (organization_id, hour, dimension_key)
     where (t.events, t.requests, t.input_tokens, t.output_tokens, t.cost_nano_usd, t.latency_ms_sum)
        is distinct from (s.events, s.requests, s.input_tokens, s.output_tokens, s.cost_nano_usd, s.latency_ms_sum)),
  days as (
    select h.hour::date as day, h.organization_id, sum(h.events) as events, sum(h.input_tokens + h.output_tokens) as tokens, sum(h.cost_nano_usd) as cost
      from bounds b, weir.usage_hourly h where h.hour >= date_trunc('day', b.opens) and h.hour < date_trunc('day', b.closes) + interval '1 day' group by 1, 2),
  summed_days as (
    select d.day, d.organization_id, sum(d.events) as events, sum(d.input_tokens + d.output_tokens) as tokens, sum(d.cost_nano_usd) as cost
      from bounds b, weir.usage_daily d where d.day >= b.opens::date and d.day <= b.closes::date group by 1, 2)
  select d.hour, d.organization_id, sum(d.events)::bigint, sum(d.events_summed)::bigint, sum(d.cost_nano_usd)::bigint, sum(d.cost_summed)::bigint
    from differing d group by 1, 2
  union all
  select coalesce(a.day, b.day)::timestamptz, coalesce(a.organization_id, b.organization_id), coalesce(a.events, 0)::bigint, coalesce(b.events, 0)::bigint,
    coalesce(a.cost, 0)::bigint, coalesce(b.cost, 0)::bigint
    from days a full join summed_days b using (day, organization_id)
   where (a.events, a.tokens, a.cost) is distinct from (b.events, b.tokens, b.cost)
  union all
  select w.day::timestamptz, w.organization_id, max(w.events)::bigint, min(w.events_summed)::bigint, max(w.cost)::bigint, min(w.cost_summed)::bigint
    from (
      select day, organization_id, coalesce(a.events, 0) as events, coalesce(f.events, 0) as events_summed, coalesce(a.cost, 0) as cost, coalesce(f.cost, 0) as cost_summed
        from (select d.*, n.facet from days d, unnest(array['all', 'user', 'model', 'model_type', 'provider', 'template', 'feature', 'department', 'key',
                'status', 'environment']) as n(facet)) as a
        full join (select d.day, d.organization_id, d.facet, sum(d.events) as events, sum(d.input_tokens + d.output_tokens) as tokens, sum(d.cost_nano_usd) as cost
                     from bounds b, weir.usage_daily_facets d where d.day >= b.opens::date and d.day <= b.closes::date group by 1, 2, 3) as f
          using (day, organization_id, facet)
       where (a.events, a.tokens, a.cost) is distinct from (f.events, f.tokens, f.cost)) as w
   group by 1, 2
   order by 1, 2
$function$


-- Grants to others than the owner

column weir.alert_rules.changed_by: insert, update to authenticated
column weir.alert_rules.channels: insert, update to authenticated
column weir.alert_rules.id: insert to authenticated
column weir.alert_rules.is_enabled: insert, update to authenticated
column weir.alert_rules.organization_id: insert to authenticated
column weir.alert_rules.rule: insert to authenticated
column weir.alert_rules.threshold: insert, update to authenticated
column weir.alert_rules.window_minutes: insert, update to authenticated
column weir.alerts.acknowledged_at: update to authenticated
column weir.alerts.acknowledged_by: update to authenticated
column weir.alerts.resolved_at: update to authenticated
column weir.analytics_events.handled_at: update to weir_service
column weir.api_tokens.created_at: select to authenticated
column weir.api_tokens.created_by: insert, select to authenticated
column weir.api_tokens.expires_at: insert, select, update to authenticated
column weir.api_tokens.id: insert, select to authenticated
column weir.api_tokens.last_four: insert, select to authenticated
column weir.api_tokens.last_used_at: select to authenticated
column weir.api_tokens.name: insert, select, update to authenticated
column weir.api_tokens.organization_id: insert, select to authenticated
column weir.api_tokens.prefix: insert, select to authenticated
column weir.api_tokens.revoked_at: select, update to authenticated
column weir.api_tokens.role: insert, select to authenticated
column weir.api_tokens.token_hash: insert to authenticated
column weir.api_tokens.updated_at: select to authenticated
column weir.api_tokens.user_id: insert, select to authenticated
column weir.audit_logs.action: insert to authenticated
column weir.audit_logs.actor_id: insert to authenticated
column weir.audit_logs.actor_type: insert to authenticated
column weir.audit_logs.after: insert to authenticated
column weir.audit_logs.before: insert to authenticated
column weir.audit_logs.id: insert to authenticated
column weir.audit_logs.impersonator_id: insert to authenticated
column weir.audit_logs.ip: insert to authenticated
column weir.audit_logs.organization_id: insert to authenticated
column weir.audit_logs.request_id: insert to authenticated
column weir.audit_logs.target_id: insert to authenticated
column weir.audit_logs.target_type: insert to authenticated
column weir.audit_logs.user_agent: insert to authenticated
column weir.conversations.archived_at: update to authenticated
column weir.conversations.last_message_at: update to authenticated
column weir.conversations.title: update to authenticated
column weir.invitations.expires_at: update to authenticated
column weir.invitations.last_sent_at: update to authenticated
column weir.invitations.sent_count: update to authenticated
column weir.invitations.status: update to authenticated
column weir.invitations.token_hash: update to authenticated
column weir.limit_overrides.amount: insert to authenticated
column weir.limit_overrides.budget_id: insert to authenticated
column weir.limit_overrides.ends_at: insert to authenticated
column weir.limit_overrides.granted_by: insert to authenticated
column weir.limit_overrides.id: insert to authenticated
column weir.limit_overrides.kind: insert to authenticated
column weir.limit_overrides.model_id: insert to authenticated
column weir.limit_overrides.organization_id: insert to authenticated
column weir.limit_overrides.request_id: insert to authenticated
column weir.limit_overrides.revoked_at: update to authenticated
column weir.limit_overrides.revoked_by: update to authenticated
column weir.limit_overrides.starts_at: insert to authenticated
column weir.limit_overrides.template_id: insert to authenticated
column weir.limit_overrides.user_id: insert to authenticated
column weir.limit_requests.budget_id: insert to authenticated
column weir.limit_requests.decided_at: update to authenticated
column weir.limit_requests.decided_by: update to authenticated
column weir.limit_requests.decision_reason: update to authenticated
column weir.limit_requests.id: insert to authenticated
column weir.limit_requests.kind: insert to authenticated
column weir.limit_requests.limit_then: insert to authenticated
column weir.limit_requests.model_id: insert to authenticated
column weir.limit_requests.organization_id: insert to authenticated
column weir.limit_requests.reason: insert to authenticated
column weir.limit_requests.requested: insert to authenticated
column weir.limit_requests.status: update to authenticated
column weir.limit_requests.template_id: insert to authenticated
column weir.limit_requests.user_id: insert to authenticated
column weir.members.department_id: update to authenticated
column weir.members.pause_reason: update to authenticated
column weir.members.paused_until: update to authenticated
column weir.members.role: update to authenticated
column weir.members.status: update to authenticated
column weir.messages.content: update to authenticated
column weir.messages.cost_nano_usd: update to authenticated
column weir.messages.error_code: update to authenticated
column weir.messages.fallback: update to authenticated
column weir.messages.finish_reason: update to authenticated
column weir.messages.input_tokens: update to authenticated
column weir.messages.is_trial: update to authenticated
column weir.messages.model_id: update to authenticated
column weir.messages.output_tokens: update to authenticated
column weir.messages.request_id: update to authenticated
column weir.messages.status: update to authenticated
column weir.messages.superseded_at: update to authenticated
column weir.messages.trial_remaining: update to authenticated
column weir.notification_preferences.channel: insert to authenticated
column weir.notification_preferences.is_enabled: insert, update to authenticated
column weir.notification_preferences.type: insert to authenticated
column weir.notification_preferences.user_id: insert to authenticated
column weir.notifications.read_at: update to authenticated
column weir.organization_domains.auto_join: update to authenticated
column weir.organization_domains.domain: insert to authenticated
column weir.organization_domains.id: insert to authenticated
column weir.organization_domains.method: insert, update to authenticated
column weir.organization_domains.organization_id: insert to authenticated
column weir.organization_domains.verification_token: insert to authenticated
column weir.organizations.billing_email: update to authenticated
column weir.organizations.business_type: update to authenticated
column weir.organizations.default_model_id: update to authenticated
column weir.organizations.logo: update to authenticated
column weir.organizations.name: update to authenticated
column weir.organizations.settings: update to authenticated
column weir.organizations.slug: update to authenticated
column weir.price_import_items.applied_at: update to authenticated
column weir.price_import_items.applied_at: update to weir_service
column weir.price_import_items.applied_by: update to authenticated
column weir.price_import_items.applied_by: update to weir_service
column weir.price_import_items.applied_price_id: update to authenticated
column weir.price_import_items.applied_price_id: update to weir_service
column weir.profiles.avatar_url: insert, update to authenticated
column weir.profiles.created_at: select to weir_gateway
column weir.profiles.default_model_id: insert, update to authenticated
column weir.profiles.default_model_id: select to weir_gateway
column weir.profiles.display_name: insert, update to authenticated
column weir.profiles.locale: insert, update to authenticated
column weir.profiles.locale: select to weir_gateway
column weir.profiles.notification_preferences: insert, update to authenticated
column weir.profiles.onboarding_state: insert, update to authenticated
column weir.profiles.persona_model_overrides: insert, update to authenticated
column weir.profiles.persona_model_overrides: select to weir_gateway
column weir.profiles.theme: insert, update to authenticated
column weir.profiles.time_zone: insert, update to authenticated
column weir.profiles.time_zone: select to weir_gateway
column weir.profiles.updated_at: select to weir_gateway
column weir.profiles.user_id: insert to authenticated
column weir.profiles.user_id: select to weir_gateway
column weir.provider_credentials.created_at: select to authenticated
column weir.provider_credentials.created_at: select to weir_gateway
column weir.provider_credentials.created_by: select to authenticated
column weir.provider_credentials.id: select to authenticated
column weir.provider_credentials.id: select to weir_gateway
column weir.provider_credentials.key_id: select to authenticated
column weir.provider_credentials.key_id: select to weir_gateway
column weir.provider_credentials.label: select to authenticated
column weir.provider_credentials.label: select to weir_gateway
column weir.provider_credentials.last_four: select to authenticated
column weir.provider_credentials.last_four: select to weir_gateway
column weir.provider_credentials.last_used_at: select to authenticated
column weir.provider_credentials.last_validated_at: select to authenticated
column weir.provider_credentials.last_validation_error: select to authenticated
column weir.provider_credentials.organization_id: select to authenticated
column weir.provider_credentials.organization_id: select to weir_gateway
column weir.provider_credentials.origin: select to authenticated
column weir.provider_credentials.origin: select to weir_gateway
column weir.provider_credentials.provider_id: select to authenticated
column weir.provider_credentials.provider_id: select to weir_gateway
column weir.provider_credentials.rotated_at: select to authenticated
column weir.provider_credentials.status: select to authenticated
column weir.provider_credentials.status: select to weir_gateway
column weir.provider_credentials.updated_at: select to authenticated
column weir.provider_credentials.updated_at: select to weir_gateway
column weir.template_endpoint_secrets.created_at: select to authenticated
column weir.template_endpoint_secrets.created_at: select to weir_gateway
column weir.template_endpoint_secrets.key_id: select to authenticated
column weir.template_endpoint_secrets.key_id: select to weir_gateway
column weir.template_endpoint_secrets.last_four: select to authenticated
column weir.template_endpoint_secrets.last_four: select to weir_gateway
column weir.template_endpoint_secrets.organization_id: select to authenticated
column weir.template_endpoint_secrets.organization_id: select to weir_gateway
column weir.template_endpoint_secrets.origin: select to authenticated
column weir.template_endpoint_secrets.origin: select to weir_gateway
column weir.template_endpoint_secrets.template_id: select to authenticated
column weir.template_endpoint_secrets.template_id: select to weir_gateway
column weir.template_endpoint_secrets.updated_at: select to authenticated
column weir.template_endpoint_secrets.updated_at: select to weir_gateway
column weir.users.ban_expires: select to weir_gateway
column weir.users.banned: select to weir_gateway
column weir.users.created_at: select to weir_gateway
column weir.users.id: select to weir_gateway
column weir.users.platform_role: select to weir_gateway
column weir.users.updated_at: select to weir_gateway
column weir.virtual_keys.allowed_features: update to authenticated
column weir.virtual_keys.allowed_models: update to authenticated
column weir.virtual_keys.allowed_routes: update to authenticated
column weir.virtual_keys.allowed_templates: update to authenticated
column weir.virtual_keys.can_act_for_members: update to authenticated
column weir.virtual_keys.department_id: update to authenticated
column weir.virtual_keys.expires_at: update to authenticated
column weir.virtual_keys.grace_until: update to authenticated
column weir.virtual_keys.ip_ranges: update to authenticated
column weir.virtual_keys.last_used_at: update to weir_gateway
column weir.virtual_keys.name: update to authenticated
column weir.virtual_keys.requests_per_minute: update to authenticated
column weir.virtual_keys.revoked_at: update to authenticated
column weir.virtual_keys.tokens_per_minute: update to authenticated
function weir.audit_row_hash(weir.audit_logs): execute to authenticated
function weir.audit_row_hash(weir.audit_logs): execute to weir_service
function weir.budget_carried(weir.budgets,timestamp with time zone): execute to authenticated
function weir.budget_carried(weir.budgets,timestamp with time zone): execute to weir_gateway
function weir.budget_carried(weir.budgets,timestamp with time zone): execute to weir_service
function weir.budget_meter_key(weir.budgets): execute to authenticated
function weir.budget_meter_key(weir.budgets): execute to weir_gateway
function weir.budget_meter_key(weir.budgets): execute to weir_service
function weir.budget_opening(weir.budgets,timestamp with time zone): execute to authenticated
function weir.budget_opening(weir.budgets,timestamp with time zone): execute to weir_gateway
function weir.budget_opening(weir.budgets,timestamp with time zone): execute to weir_service
function weir.budget_window_end(text,timestamp with time zone): execute to authenticated
function weir.budget_window_end(text,timestamp with time zone): execute to weir_gateway
function weir.budget_window_end(text,timestamp with time zone): execute to weir_service
function weir.budget_window_start(text,timestamp with time zone): execute to authenticated
function weir.budget_window_start(text,timestamp with time zone): execute to weir_gateway
function weir.budget_window_start(text,timestamp with time zone): execute to weir_service
function weir.clear_rate_limit_windows(integer): execute to weir_service
function weir.conversation_counts(uuid): execute to authenticated
function weir.count_user_sessions(uuid[]): execute to authenticated
function weir.count_user_templates(uuid): execute to authenticated
function weir.custom_template_room(uuid): execute to authenticated
function weir.days_of_months(date,date): execute to authenticated
function weir.days_of_months(date,date): execute to weir_service
function weir.deduct_credits(uuid,text,bigint,boolean,boolean,text,uuid,text,bytea,timestamp with time zone): execute to weir_service
function weir.drop_old_denial_traces(timestamp with time zone,integer): execute to weir_service
function weir.drop_old_usage_hours(interval): execute to weir_service
function weir.enqueue_mail(text,text,text,text,text): execute to authenticated
function weir.enqueue_mail(text,text,text,text,text): execute to weir_service
function weir.ensure_plan_credits(uuid,timestamp with time zone): execute to weir_gateway
function weir.ensure_plan_credits(uuid,timestamp with time zone): execute to weir_service
function weir.expire_credits(integer,timestamp with time zone): execute to weir_service
function weir.feature_name(uuid): execute to authenticated
function weir.feature_name(uuid): execute to weir_service
function weir.find_feature(text): execute to authenticated
function weir.find_feature(text): execute to weir_service
function weir.grant_credits(uuid,text,bigint,text,text,timestamp with time zone,timestamp with time zone,timestamp with time zone,smallint,uuid,text): execute to weir_service
function weir.list_activity(uuid,timestamp with time zone,uuid,integer): execute to authenticated
function weir.list_user_sessions(uuid): execute to authenticated
function weir.organization_tokens(uuid): execute to authenticated
function weir.raised_limit(bigint,uuid,uuid,text,text,timestamp with time zone): execute to authenticated
function weir.raised_limit(bigint,uuid,uuid,text,text,timestamp with time zone): execute to weir_service
function weir.refund_credits(uuid,uuid,uuid,text,timestamp with time zone): execute to weir_service
function weir.repair_usage(timestamp with time zone,timestamp with time zone): execute to weir_service
function weir.roll_up_usage(bigint,interval): execute to weir_service
function weir.schedule_organization_deletion(uuid,timestamp with time zone): execute to authenticated
function weir.take_rate_token(text,integer,integer): execute to weir_service
function weir.template_scopes_with_slug(uuid,text): execute to authenticated
function weir.usage_call_value(text,text,text): execute to authenticated
function weir.usage_call_value(text,text,text): execute to weir_service
function weir.usage_folded_to(): execute to authenticated
function weir.usage_folded_to(): execute to weir_service
function weir.verify_usage(timestamp with time zone,timestamp with time zone): execute to weir_service
function weir_private.audit_hash(bytea,weir.audit_logs): execute to authenticated
function weir_private.audit_hash(bytea,weir.audit_logs): execute to weir_service
function weir_private.claim(text): execute to authenticated
function weir_private.claim(text): execute to weir_gateway
function weir_private.claim(text): execute to weir_service
function weir_private.credit_drift(): execute to weir_service
function weir_private.credit_period_start(timestamp with time zone,timestamp with time zone): execute to authenticated
function weir_private.credit_period_start(timestamp with time zone,timestamp with time zone): execute to weir_service
function weir_private.credits_available(uuid,text,timestamp with time zone): execute to weir_service
function weir_private.default_partition(regclass): execute to weir_gateway
function weir_private.default_partition(regclass): execute to weir_service
function weir_private.default_partition_rows(regclass): execute to weir_gateway
function weir_private.default_partition_rows(regclass): execute to weir_service
function weir_private.ensure_monthly_partitions(regclass,integer,timestamp with time zone): execute to weir_service
function weir_private.is_platform_admin(): execute to authenticated
function weir_private.is_superadmin(): execute to authenticated
function weir_private.is_themselves(): execute to authenticated
function weir_private.ledger_apply(bigint,bigint,boolean,text[],bigint[],bigint[],bigint[],bigint[],bigint[],bigint[],bigint[],jsonb,uuid[],bigint[],integer,integer[],uuid[],uuid[],bigint[],integer[],integer[],integer[],bigint[],bigint[],bigint[],text[],bigint[],bigint[],text[],text[],integer[],bigint[],bigint[],integer[],bigint[],bigint[],bigint[],integer,boolean[],bigint[],integer[],integer[],bigint[],uuid[],bigint[],integer[],bigint[],bigint[],bigint[],bigint[],bigint[],bigint[],text[],bigint[],bigint[],text[],text[],boolean[],boolean[],smallint[],boolean[],integer[],integer[],text[],text[],text[],text[],text[]): execute to weir_gateway
function weir_private.ledger_correct_event(weir.usage_events,weir.usage_events,bigint,timestamp with time zone): execute to weir_gateway
function weir_private.ledger_counters(text[],bigint[],bigint[],uuid[],text[],text[],smallint[]): execute to weir_gateway
function weir_private.ledger_drift(uuid): execute to weir_gateway
function weir_private.ledger_drift(uuid): execute to weir_service
function weir_private.ledger_end_credits(weir.holds,bigint,timestamp with time zone,text,uuid): execute to weir_gateway
function weir_private.ledger_hold_json(weir.holds): execute to weir_gateway
function weir_private.ledger_now_ms(bigint,bigint): execute to weir_gateway
function weir_private.ledger_rebuild(): execute to weir_service
function weir_private.ledger_sweep(bigint,bigint,integer): execute to weir_gateway
function weir_private.ledger_take_credits(uuid,text,bigint,timestamp with time zone): execute to weir_gateway
function weir_private.my_admin_organization_ids(): execute to authenticated
function weir_private.my_fellow_user_ids(): execute to authenticated
function weir_private.my_organization_ids(): execute to authenticated
function weir_private.my_organization_ids_as(text[]): execute to authenticated
function weir_private.my_owner_organization_ids(): execute to authenticated
function weir_private.my_system_template_ids(): execute to authenticated
function weir_private.provider_credential_secret(uuid): execute to weir_gateway
function weir_private.provider_credential_secret(uuid): execute to weir_service
function weir_private.rebuild_credit_use(): execute to weir_service
function weir_private.template_endpoint_secret(bigint): execute to weir_gateway
function weir_private.template_endpoint_secret(bigint): execute to weir_service
function weir_private.uuid_v7(): execute to weir_gateway
function weir_private.uuid_v7(): execute to weir_service
function weir_private.uuid_v7_time(uuid): execute to weir_gateway
function weir_private.uuid_v7_time(uuid): execute to weir_service
schema weir: usage to authenticated
schema weir: usage to weir_gateway
schema weir: usage to weir_service
schema weir_private: usage to weir_gateway
schema weir_private: usage to weir_service
table weir.accounts: delete, insert, select, update to weir_service
table weir.alert_rules: delete, select to authenticated
table weir.alert_rules: delete, insert, select, update to weir_service
table weir.alerts: select to authenticated
table weir.alerts: delete, insert, select, update to weir_service
table weir.analytics_events: insert, select to authenticated
table weir.analytics_events: delete, insert, select to weir_service
table weir.api_latencies: delete, insert, select, update to weir_service
table weir.api_tokens: delete, insert, select, update to weir_service
table weir.audit_chains: select to authenticated
table weir.audit_chains: select to weir_service
table weir.audit_logs: select to authenticated
table weir.audit_logs: insert, select to weir_service
table weir.budget_amounts: select to authenticated
table weir.budget_amounts: select to weir_gateway
table weir.budget_amounts: select to weir_service
table weir.budgets: delete, insert, select, update to authenticated
table weir.budgets: select to weir_gateway
table weir.budgets: delete, insert, select, update to weir_service
table weir.business_types: delete, insert, select, update to authenticated
table weir.business_types: select to weir_gateway
table weir.business_types: delete, insert, select, update to weir_service
table weir.closed_windows: insert, select to weir_service
table weir.conversations: delete, insert, select to authenticated
table weir.counters: select to authenticated
table weir.counters: insert, select, update to weir_gateway
table weir.counters: delete, select to weir_service
table weir.credit_grants: select to authenticated
table weir.credit_grants: select to weir_gateway
table weir.credit_grants: select to weir_service
table weir.credit_ledger: select to authenticated
table weir.credit_ledger: select to weir_service
table weir.credit_types: delete, insert, select, update to authenticated
table weir.credit_types: select to weir_gateway
table weir.credit_types: delete, insert, select, update to weir_service
table weir.credit_use: select to weir_service
table weir.credit_warnings: delete, insert, select to weir_service
table weir.denial_traces: select to authenticated
table weir.denial_traces: insert to weir_gateway
table weir.denial_traces: select to weir_service
table weir.departments: delete, insert, select, update to authenticated
table weir.departments: select to weir_gateway
table weir.departments: delete, insert, select, update to weir_service
table weir.deployments: delete, insert, select, update to authenticated
table weir.deployments: select to weir_gateway
table weir.deployments: delete, insert, select, update to weir_service
table weir.entitlements: delete, insert, select, update to authenticated
table weir.entitlements: select to weir_gateway
table weir.entitlements: delete, insert, select, update to weir_service
table weir.fact_versions: select to weir_gateway
table weir.fact_versions: select to weir_service
table weir.features: delete, insert, select, update to authenticated
table weir.features: select to weir_gateway
table weir.features: delete, insert, select, update to weir_service
table weir.former_members: delete, select to weir_service
table weir.holds: delete, insert, select, update to weir_gateway
table weir.holds: select to weir_service
table weir.idempotency_keys: delete, insert, select, update to weir_gateway
table weir.idempotency_keys: delete, insert, select, update to weir_service
table weir.invitations: insert, select to authenticated
table weir.invitations: delete, insert, select, update to weir_service
table weir.job_runs: select to authenticated
table weir.job_runs: delete, insert, select, update to weir_service
table weir.limit_overrides: select to authenticated
table weir.limit_overrides: select to weir_gateway
table weir.limit_overrides: select to weir_service
table weir.limit_requests: select to authenticated
table weir.limit_requests: select to weir_service
table weir.mail_outbox: select to authenticated
table weir.mail_outbox: delete, insert, select, update to weir_service
table weir.members: delete, select to authenticated
table weir.members: select to weir_gateway
table weir.members: delete, insert, select, update to weir_service
table weir.messages: delete, insert, select to authenticated
table weir.model_prices: insert, select to authenticated
table weir.model_prices: select to weir_gateway
table weir.model_prices: insert, select to weir_service
table weir.models: delete, insert, select, update to authenticated
table weir.models: select to weir_gateway
table weir.models: delete, insert, select, update to weir_service
table weir.notification_deliveries: delete, insert, select, update to weir_service
table weir.notification_preferences: delete, select to authenticated
table weir.notification_preferences: delete, insert, select, update to weir_service
table weir.notifications: delete, select to authenticated
table weir.notifications: delete, insert, select, update to weir_service
table weir.org_system_model_config: delete, insert, select, update to authenticated
table weir.org_system_model_config: select to weir_gateway
table weir.org_system_model_config: delete, insert, select, update to weir_service
table weir.organization_domains: delete, select to authenticated
table weir.organization_domains: delete, insert, select, update to weir_service
table weir.organizations: select to authenticated
table weir.organizations: select to weir_gateway
table weir.organizations: delete, insert, select, update to weir_service
table weir.personas: delete, insert, select, update to authenticated
table weir.personas: select to weir_gateway
table weir.personas: delete, insert, select, update to weir_service
table weir.plan_credit_allocations: delete, insert, select, update to authenticated
table weir.plan_credit_allocations: select to weir_gateway
table weir.plan_credit_allocations: delete, insert, select, update to weir_service
table weir.plans: delete, insert, select, update to authenticated
table weir.plans: select to weir_gateway
table weir.plans: delete, insert, select, update to weir_service
table weir.price_import_items: insert, select to authenticated
table weir.price_import_items: insert, select to weir_service
table weir.price_imports: insert, select to authenticated
table weir.price_imports: insert, select to weir_service
table weir.product_events: select to weir_service
table weir.products: delete, insert, select, update to authenticated
table weir.products: select to weir_gateway
table weir.products: delete, insert, select, update to weir_service
table weir.profiles: select to authenticated
table weir.profiles: delete, insert, select, update to weir_service
table weir.prompt_labels: delete, insert, select, update to authenticated
table weir.prompt_labels: select to weir_gateway
table weir.prompt_labels: delete, insert, select, update to weir_service
table weir.prompt_versions: delete, insert, select, update to authenticated
table weir.prompt_versions: select to weir_gateway
table weir.prompt_versions: delete, insert, select, update to weir_service
table weir.prompts: delete, insert, select, update to authenticated
table weir.prompts: select to weir_gateway
table weir.prompts: delete, insert, select, update to weir_service
table weir.provider_credentials: delete, insert, update to authenticated
table weir.provider_credentials: delete, insert, select, update to weir_service
table weir.providers: delete, insert, select, update to authenticated
table weir.providers: select to weir_gateway
table weir.providers: delete, insert, select, update to weir_service
table weir.purchases: select to authenticated
table weir.purchases: delete, insert, select, update to weir_service
table weir.rate_limit_windows: delete, insert, select, update to weir_service
table weir.request_idempotency: delete, insert, select, update to weir_service
table weir.seeded_rows: insert, select to weir_service
table weir.sessions: delete, insert, select, update to weir_service
table weir.system_config: delete, insert, select, update to authenticated
table weir.system_config: select to weir_gateway
table weir.system_config: delete, insert, select, update to weir_service
table weir.template_endpoint_secrets: delete, insert, update to authenticated
table weir.template_endpoint_secrets: delete, insert, select, update to weir_service
table weir.template_revisions: insert, select to authenticated
table weir.template_revisions: delete, insert, select, update to weir_service
table weir.templates: delete, insert, select, update to authenticated
table weir.templates: select to weir_gateway
table weir.templates: delete, insert, select, update to weir_service
table weir.two_factors: delete, insert, select, update to weir_service
table weir.usage_activity: select to authenticated
table weir.usage_activity: select to weir_service
table weir.usage_daily: select to authenticated
table weir.usage_daily: select to weir_service
table weir.usage_daily_facets: select to authenticated
table weir.usage_daily_facets: select to weir_service
table weir.usage_daily_slices: select to authenticated
table weir.usage_daily_slices: select to weir_service
table weir.usage_days: select to authenticated
table weir.usage_days: select to weir_service
table weir.usage_events: select to authenticated
table weir.usage_events: insert, select to weir_gateway
table weir.usage_events: select to weir_service
table weir.usage_hourly: select to authenticated
table weir.usage_hourly: select to weir_service
table weir.usage_hours: select to authenticated
table weir.usage_hours: select to weir_service
table weir.usage_platform_daily: select to authenticated
table weir.usage_platform_daily: select to weir_service
table weir.usage_recorded: select to authenticated
table weir.usage_recorded: select to weir_service
table weir.usage_records: delete, insert, select to weir_service
table weir.usage_roll_up: select to weir_service
table weir.usage_unfolded: select to authenticated
table weir.usage_unfolded: select to weir_service
table weir.users: select to authenticated
table weir.users: delete, insert, select, update to weir_service
table weir.verifications: delete, insert, select, update to weir_service
table weir.virtual_keys: insert, select to authenticated
table weir.virtual_keys: select to weir_gateway
table weir.virtual_keys: delete, insert, select, update to weir_service
