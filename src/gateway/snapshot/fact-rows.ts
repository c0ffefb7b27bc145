// Owns: the shapes of the rows that the queries give. Not: what they mean (platform-facts.ts, organization-facts.ts).
// Amounts are text (JSON numbers end at 2^53), times are milliseconds since the epoch.

/** Facts as rows, with the version of their scope. */
export interface PlatformRow {
  version: string;
  providers: ProviderRow[];
  models: ModelRow[];
  plans: PlanRow[];
  templates: TemplateRow[];
  features: FeatureRow[];
  personas: PersonaRow[];
  budgets: BudgetRow[];
  /** Milliseconds until a budget's limit is another by itself; null when none will be. */
  budgets_roll_in_ms: number | null;
  config: Record<string, unknown>;
  /** Milliseconds until the next price comes into force, without anybody changing a row then; null when none is dated ahead. */
  next_price_in_ms: number | null;
}

export interface ProviderRow {
  id: string;
  slug: string;
  type: string;
  base_url: string;
  status: string;
  config: Record<string, unknown>;
  connect_timeout_ms: number;
  first_byte_timeout_ms: number;
  idle_timeout_ms: number;
  total_timeout_ms: number;
  /** Sealed secrets that may be used, youngest first. */
  credentials: CredentialRow[];
}

export interface CredentialRow {
  id: string;
  provider_id: string;
  /** Base64. */
  ciphertext: string;
  key_id: string;
  origin: string;
}

export interface ModelRow {
  id: string;
  provider_id: string;
  provider_model_id: string;
  display_name: string;
  model_type: string;
  tier: string;
  status: string;
  enabled: boolean;
  is_system_default: boolean;
  capabilities: string[];
  context_window: number | null;
  max_output_tokens: number | null;
  price_cents: number | null;
  messages_per_day: string | null;
  trial_messages: string;
  fallback_model_ids: string[];
  sort_order: number;
  created_at_ms: number;
  retires_at_ms: number | null;
  replacement_model_id: string | null;
  price: PriceRow | null;
}

export interface PriceRow {
  id: string;
  input: string;
  output: string;
  cached_input: string | null;
  cache_write: string | null;
  cache_write_1h: string | null;
  reasoning: string | null;
  per_request: string;
  long_above: string | null;
  /** Together with `long_above`, as the output. */
  long_input: string | null;
  long_output: string | null;
  long_cached_input: string | null;
  long_cache_write: string | null;
  long_cache_write_1h: string | null;
}

export interface PlanRow {
  slug: string;
  level: number;
  token_quota_monthly: string | null;
  can_use_credits: boolean;
  allocations: Record<string, string | null>;
}

export interface TemplateRow {
  id: number;
  scope: string;
  organization_id: string | null;
  owner_user_id: string | null;
  slug: string;
  name: string;
  system_message: string;
  model_id: string | null;
  endpoint: TemplateEndpointRow | null;
  max_tokens: number | null;
  temperature: number | null;
  parameters: Record<string, unknown>;
  business_types: string[];
  required_plan: string;
  token_limit_period: string | null;
  token_limit_amount: string | null;
  is_free: boolean;
  is_trial: boolean;
  trial_expires_days: number | null;
  is_active: boolean;
}

/** A template's own endpoint. The sealed key's columns are null together: there is none. */
interface TemplateEndpointRow {
  base_url: string;
  model: string;
  created_at_ms: number;
  /** Base64. */
  ciphertext: string | null;
  key_id: string | null;
  origin: string | null;
}

export interface FeatureRow {
  id: string;
  name: string;
  status: string;
  credit_type: string | null;
  credits_per_action: string | null;
  deployments: DeploymentRow[];
}

export interface DeploymentRow {
  environment: string;
  model_id: string;
  prompt_version_id: string | null;
  config_overrides: Record<string, unknown>;
  content_type: string | null;
  content: unknown;
  parameters: Record<string, unknown> | null;
}

export interface PersonaRow {
  id: string;
  slug: string;
  organization_id: string | null;
  system_prompt: string;
  default_model_id: string | null;
}

export interface BudgetRow {
  id: string;
  name: string;
  scope: string;
  reference: string | null;
  period: string;
  limit_nano_usd: string;
  whole_nano_usd: string;
  opening_nano_usd: string;
  enforcement: string;
}

export interface EntitlementRow {
  model_id: string;
  user_id: string | null;
  source: string;
  expires_at_ms: number | null;
}

export interface OrganizationRow {
  version: string;
  id: string;
  slug: string;
  name: string;
  business_type: string;
  pricing_plan: string;
  status: string;
  token_quota_monthly: string | null;
  default_model_id: string | null;
  anniversary_ms: number;
  templates: TemplateRow[];
  template_configs: { template_id: number; is_enabled_for_users: boolean; token_limit_per_user: string | null }[];
  entitlements: EntitlementRow[];
  budgets: BudgetRow[];
  limit_overrides: LimitOverrideRow[];
  budgets_roll_in_ms: number | null;
  personas: PersonaRow[];
  credentials: CredentialRow[];
}

export interface LimitOverrideRow {
  kind: string;
  target: string;
  limit: string;
  starts_at_ms: number;
  ends_at_ms: number | null;
}

/** What was asked for is not there; its scope has a version all the same. */
export interface MissingRow {
  version: string;
  id: null;
}

export interface MemberRow {
  role: string;
  status: string;
  paused_until_ms: number | null;
  department_id: string | null;
  banned: boolean;
  ban_expires_ms: number | null;
  default_model_id: string | null;
  persona_model_overrides: Record<string, unknown> | null;
  entitlements: EntitlementRow[];
  templates: TemplateRow[];
  limit_overrides: LimitOverrideRow[];
}

export interface KeyRow {
  id: string;
  organization_id: string;
  user_id: string | null;
  department_id: string | null;
  name: string;
  environment: string;
  allowed_models: string[] | null;
  allowed_templates: string[] | null;
  allowed_features: string[] | null;
  allowed_routes: string[] | null;
  ip_ranges: string[] | null;
  requests_per_minute: string | null;
  tokens_per_minute: string | null;
  can_act_for_members: boolean;
  expires_at_ms: number | null;
  revoked_at_ms: number | null;
  grace_until_ms: number | null;
  ancestor_ids: string[];
}

/** A row of people or keys as asked: null facts where there is no such one. */
export interface AskedRow<R> {
  version: string;
  facts: R | null;
}
