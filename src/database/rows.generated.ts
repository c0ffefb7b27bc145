/** Generated from the migrations by src/database/generate.ts; do not edit. */
import type { ColumnType } from 'kysely';

/** A column that the database fills when an insert leaves it out. */
export type Generated<T> = [T] extends [ColumnType<infer S, infer I, infer U>]
  ? ColumnType<S, I | undefined, U>
  : ColumnType<T, T | undefined, T>;

/** A column that only the database writes. */
export type GeneratedAlways<T> = ColumnType<T, never, never>;

export type Timestamp = ColumnType<Date, Date | string, Date | string>;

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Read parsed; written as text (JSON.stringify), since pg would send an array as a PostgreSQL array. */
export type Json = ColumnType<JsonValue, string, string>;

export interface AccountsTable {
  id: string;
  user_id: string;
  account_id: string;
  provider_id: string;
  access_token: string | null;
  refresh_token: string | null;
  id_token: string | null;
  access_token_expires_at: Timestamp | null;
  refresh_token_expires_at: Timestamp | null;
  scope: string | null;
  /** For provider_id credential: scrypt, <salt hex>:<key hex>, N=16384 r=16 p=1 64 bytes. */
  password: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface AlertRulesTable {
  id: Generated<string>;
  rule: string;
  organization_id: string | null;
  is_enabled: boolean;
  threshold: string;
  window_minutes: number;
  channels: Generated<string[]>;
  changed_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface AlertsTable {
  id: string;
  organization_id: string | null;
  rule: string;
  scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
  scope_reference: string | null;
  budget_id: string | null;
  window_start: Timestamp | null;
  value: string;
  threshold: string;
  details: Generated<Json>;
  fired_at: Generated<Timestamp>;
  resolved_at: Timestamp | null;
  acknowledged_by: string | null;
  acknowledged_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface AnalyticsEventsTable {
  id: string;
  name: string;
  properties: Generated<Json>;
  organization_id: string | null;
  user_id: string | null;
  /** When notifications had reacted to it; null: not yet. */
  handled_at: Timestamp | null;
  created_at: Generated<Timestamp>;
}

export interface ApiLatenciesTable {
  /** A process, from its start to its end. */
  replica: string;
  minute: Timestamp;
  class: string;
  /** Requests by bucket; the bounds are code (src/contracts/notifications/latency-classes.ts). */
  buckets: bigint[];
}

export interface ApiTokensTable {
  id: string;
  organization_id: string;
  /** Whose personal token it is; null: the organization's. */
  user_id: string | null;
  name: string;
  /** SHA-256 of the whole token; the token itself is never stored. */
  token_hash: Buffer;
  prefix: string;
  last_four: string;
  /** The most it may do. A personal token never does more than its person may at that moment. */
  role: 'admin' | 'member';
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  revoked_at: Timestamp | null;
  created_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface AuditChainsTable {
  chain: string;
  sequence: bigint;
  hash: Buffer;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface AuditLogsTable {
  id: string;
  organization_id: string | null;
  chain: GeneratedAlways<string> | null;
  sequence: bigint;
  actor_type: Generated<'user' | 'key' | 'system'>;
  actor_id: string | null;
  impersonator_id: string | null;
  action: string;
  target_type: string;
  target_id: string | null;
  before: Json | null;
  after: Json | null;
  ip: string | null;
  user_agent: string | null;
  request_id: string | null;
  created_at: Generated<Timestamp>;
  previous_hash: Buffer;
  hash: Buffer;
  reason: Generated<string> | null;
}

export interface BudgetAmountsTable {
  budget_id: string;
  since: Timestamp;
  amount_nano_usd: bigint;
}

export interface BudgetsTable {
  id: string;
  /** Null: the platform's, over all organizations (scope platform, or a feature everywhere). */
  organization_id: string | null;
  name: string;
  scope: 'organization' | 'department' | 'feature' | 'user' | 'key' | 'platform';
  department_id: string | null;
  feature_id: string | null;
  user_id: string | null;
  virtual_key_id: string | null;
  period: 'daily' | 'weekly' | 'monthly' | 'quarterly';
  amount_nano_usd: bigint;
  alert_thresholds: Generated<string[]>;
  enforcement: Generated<'hard' | 'soft'>;
  rollover: Generated<boolean>;
  is_active: Generated<boolean>;
  created_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
  /** Since when its counter of this period counts without a gap: made, switched on, or given another period. Nothing is carried over from a window before it. */
  counting_since: Generated<Timestamp>;
  /** What was spent in its scope in the window opening_window_start before the counter counted; 0 in every other window. */
  opening_nano_usd: Generated<bigint>;
  opening_window_start: Timestamp | null;
}

export interface BusinessTypesTable {
  slug: string;
  name: string;
  description: Generated<string>;
  sort_order: Generated<number>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface ClosedWindowsTable {
  period: 'daily' | 'weekly' | 'monthly';
  act: 'limits_renewed' | 'digest';
  window_end: Timestamp;
  closed_at: Generated<Timestamp>;
}

export interface ConversationsTable {
  id: string;
  organization_id: string;
  user_id: string;
  title: string;
  persona_id: string | null;
  template_id: bigint | null;
  archived_at: Timestamp | null;
  last_message_at: Generated<Timestamp>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface CountersTable {
  id: GeneratedAlways<bigint>;
  meter_key: string;
  window_start: Timestamp;
  window_end: Timestamp;
  organization_id: string | null;
  kind: string;
  unit: 'tokens' | 'messages' | 'requests' | 'credits' | 'nano_usd';
  /** Scope class: key, user, department, feature, organization, platform. Batches lock by (lock_rank, id). */
  lock_rank: number;
  used: Generated<bigint>;
  held: Generated<bigint>;
  /** The limit of the last admission, for people to read; null is unlimited. Decisions use the limit that the request brings. */
  limit_amount: bigint | null;
  created_at: Generated<Timestamp>;
}

export interface CreditGrantsTable {
  id: string;
  organization_id: string;
  credit_type: string;
  source: 'plan' | 'top_up' | 'admin' | 'promo';
  source_reference: Generated<string>;
  /** Start of the 30-day period of a plan lot; null for others. */
  period_start: Timestamp | null;
  initial: bigint;
  remaining: bigint;
  held: Generated<bigint>;
  consumed: Generated<bigint>;
  expired: Generated<bigint>;
  voided: Generated<bigint>;
  priority: Generated<number>;
  effective_at: Generated<Timestamp>;
  expires_at: Timestamp | null;
  granted_by: string | null;
  notes: Generated<string>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface CreditLedgerTable {
  id: string;
  organization_id: string;
  credit_type: string;
  kind: 'grant' | 'deduct' | 'refund' | 'expire' | 'adjust';
  /** Change of the balance: positive adds, negative takes. */
  amount: bigint;
  grant_id: string | null;
  /** Which lots, in burn order: [{"grant_id": …, "amount": …}]. */
  allocations: Generated<Json>;
  feature: string | null;
  /** No foreign key: the entry outlives the person. */
  user_id: string | null;
  request_id: string | null;
  idempotency_key: string | null;
  refund_of: string | null;
  reason: Generated<string>;
  created_at: Generated<Timestamp>;
  /** False: recorded without touching a lot: the plan is unlimited in this type, or charging was switched off. */
  is_charged: Generated<boolean>;
  /** What could be spent right after a deduction or refund; null for unlimited types and other kinds. */
  balance_after: bigint | null;
  /** SHA-256 of what was asked for under the idempotency key: the same key for something else is refused. */
  request_hash: Buffer | null;
}

export interface CreditTypesTable {
  slug: string;
  name: string;
  description: Generated<string>;
  sort_order: Generated<number>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface CreditUseTable {
  organization_id: string;
  period_start: Timestamp;
  credit_type: string;
  kind: 'total' | 'feature' | 'person';
  /** Empty: of no feature; in totals always. */
  feature: Generated<string>;
  /** All zero: of no person; in totals and by feature always. */
  user_id: Generated<string>;
  /** Deductions less refunds, whether from lots or not. */
  used: bigint;
  /** The part of it that lots were charged. */
  charged: bigint;
  /** The part of it that was no call of the gateway. */
  deducted: bigint;
  uses: bigint;
}

export interface CreditWarningsTable {
  organization_id: string;
  credit_type: string;
  period_start: Timestamp;
  balance: bigint;
  allocated: bigint;
  created_at: Generated<Timestamp>;
}

export interface DenialTracesTable {
  /** The call's id: its x-request-id, its usage event, the explain_id of its answer. */
  id: string;
  denied_at: Timestamp;
  organization_id: string;
  user_id: string | null;
  virtual_key_id: string | null;
  route: string;
  /** As it was asked for: a model, a template, a feature, or nothing that there is. */
  model: string;
  feature: string | null;
  environment: string;
  code: string;
  rule: string | null;
  message: string;
  meters: Generated<Json>;
  details: Generated<Json>;
  created_at: Generated<Timestamp>;
}

export interface DepartmentsTable {
  id: string;
  organization_id: string;
  name: string;
  cost_centre_code: string | null;
  manager_user_id: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface DeploymentsTable {
  id: string;
  feature_id: string;
  environment: 'development' | 'staging' | 'production';
  model_id: string;
  prompt_version_id: string | null;
  config_overrides: Generated<Json>;
  is_active: Generated<boolean>;
  assigned_at: Generated<Timestamp>;
  assigned_by: string | null;
  note: Generated<string>;
  deactivated_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface EntitlementsTable {
  id: string;
  user_id: string | null;
  organization_id: string | null;
  model_id: string | null;
  product_id: string | null;
  source: 'purchase' | 'admin_grant' | 'trial' | 'plan';
  purchase_id: string | null;
  granted_by: string | null;
  notes: Generated<string>;
  granted_at: Generated<Timestamp>;
  expires_at: Timestamp | null;
  revoked_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface FactVersionsTable {
  scope: string;
  version: bigint;
  changed_at: Timestamp;
}

export interface FeaturesTable {
  id: string;
  name: string;
  display_name: string;
  description: Generated<string>;
  status: Generated<'active' | 'inactive' | 'maintenance'>;
  config: Generated<Json>;
  metadata: Generated<Json>;
  credit_type: string | null;
  /** Null: free. */
  credits_per_action: bigint | null;
  payload_logging: Generated<boolean>;
  payload_retention_days: Generated<number>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface FormerMembersTable {
  organization_id: string;
  user_id: string;
  left_at: Generated<Timestamp>;
  created_at: Generated<Timestamp>;
}

export interface HoldsTable {
  id: string;
  organization_id: string;
  created_at: Timestamp;
  expires_at: Timestamp;
  ttl_ms: bigint;
  counter_ids: bigint[];
  amounts: bigint[];
  granted_output: bigint;
  credit_type: string | null;
  credit_amount: bigint | null;
  /** Lots of credits it took from, in burn-down order. Null: none; empty: none, and the hold has grown since it was made. */
  lot_ids: string[] | null;
  lot_amounts: bigint[] | null;
  estimated_input: bigint;
  estimated_cost: bigint | null;
  dimensions: Json;
}

export interface IdempotencyKeysTable {
  /** No foreign key of its own: the key's is enough, and every call with a key pays for each. */
  organization_id: string;
  virtual_key_id: string;
  key: string;
  request_hash: Buffer;
  request_id: string;
  state: Generated<'in_progress' | 'completed'>;
  status: number | null;
  headers: Json | null;
  /** Ciphertext of the answer. */
  response: Buffer | null;
  created_at: Generated<Timestamp>;
  expires_at: Timestamp;
}

export interface InvitationsTable {
  id: string;
  organization_id: string;
  email: string;
  role: Generated<'owner' | 'admin' | 'member'>;
  department_id: string | null;
  token_hash: Buffer;
  inviter_id: string | null;
  status: Generated<'pending' | 'accepted' | 'revoked' | 'expired'>;
  expires_at: Timestamp;
  sent_count: Generated<number>;
  last_sent_at: Generated<Timestamp>;
  accepted_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface JobRunsTable {
  id: Generated<string>;
  job: string;
  cause: 'schedule' | 'catch_up' | 'manual';
  /** lost: whoever ran it went away without saying how it ended. */
  status: Generated<'running' | 'succeeded' | 'failed' | 'lost'>;
  attempt: Generated<number>;
  started_at: Timestamp;
  finished_at: Timestamp | null;
  counts: Generated<Json>;
  /** Redacted; for people to read. */
  error: string | null;
}

export interface LimitOverridesTable {
  id: string;
  organization_id: string;
  user_id: string | null;
  kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
  template_id: bigint | null;
  model_id: string | null;
  budget_id: string | null;
  /** The whole limit, not what is added, in the unit of its kind. */
  amount: bigint;
  starts_at: Timestamp;
  /** Null: until it is revoked. */
  ends_at: Timestamp | null;
  request_id: string | null;
  granted_by: string | null;
  revoked_at: Timestamp | null;
  revoked_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface LimitRequestsTable {
  id: string;
  organization_id: string;
  user_id: string;
  kind: 'template_limit' | 'organization_quota' | 'budget' | 'daily_messages';
  template_id: bigint | null;
  model_id: string | null;
  budget_id: string | null;
  /** The limit asked for, in the unit of its kind: tokens, messages, nano-USD. */
  requested: bigint;
  /** The limit in force when it was asked. */
  limit_then: bigint;
  reason: string;
  status: Generated<'open' | 'approved' | 'denied'>;
  decided_by: string | null;
  decided_at: Timestamp | null;
  decision_reason: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface MailOutboxTable {
  id: string;
  kind: string;
  to_address: string;
  subject: string;
  text_body: string;
  html_body: string | null;
  /** kept: no mail server is configured; the mail stays here to be read. */
  status: Generated<'pending' | 'sent' | 'failed' | 'kept'>;
  attempts: Generated<number>;
  last_error: string | null;
  next_attempt_at: Generated<Timestamp>;
  sent_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface MembersTable {
  id: string;
  organization_id: string;
  user_id: string;
  role: 'owner' | 'admin' | 'member';
  department_id: string | null;
  status: Generated<'active' | 'paused'>;
  paused_until: Timestamp | null;
  pause_reason: string | null;
  joined_at: Generated<Timestamp>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface MessagesTable {
  id: string;
  conversation_id: string;
  /** The conversation's, as user_id is: the wall is in each row. */
  organization_id: string;
  user_id: string;
  role: 'user' | 'assistant';
  content: Generated<string>;
  /** cancelled: the person stopped it; failed: the model broke off. Both keep what came. streaming for long: its server is gone. */
  status: 'complete' | 'streaming' | 'cancelled' | 'failed';
  finish_reason: string | null;
  error_code: string | null;
  /** As it was called then; no reference, so that a model can go. */
  model_id: string | null;
  fallback: string | null;
  /** Id of the call and of its usage event. */
  request_id: string | null;
  input_tokens: bigint | null;
  output_tokens: bigint | null;
  /** Null: not known. */
  cost_nano_usd: bigint | null;
  is_trial: Generated<boolean>;
  trial_remaining: bigint | null;
  idempotency_key: string | null;
  /** SHA-256 of what was asked with the idempotency key. */
  request_hash: Buffer | null;
  /** When another answer was asked for in its place. */
  superseded_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface ModelPricesTable {
  id: string;
  model_id: string;
  effective_from: Timestamp;
  input_nano_usd_per_million: bigint;
  output_nano_usd_per_million: bigint;
  cached_input_nano_usd_per_million: bigint | null;
  cache_write_nano_usd_per_million: bigint | null;
  cache_write_1h_nano_usd_per_million: bigint | null;
  reasoning_nano_usd_per_million: bigint | null;
  request_nano_usd: Generated<bigint>;
  long_context_above_tokens: bigint | null;
  long_context_input_nano_usd_per_million: bigint | null;
  long_context_output_nano_usd_per_million: bigint | null;
  long_context_cached_input_nano_usd_per_million: bigint | null;
  long_context_cache_write_nano_usd_per_million: bigint | null;
  long_context_cache_write_1h_nano_usd_per_million: bigint | null;
  source: Generated<'seed' | 'admin' | 'import'>;
  created_by: string | null;
  created_at: Generated<Timestamp>;
  price_import_id: string | null;
}

export interface ModelsTable {
  id: string;
  provider_id: string;
  provider_model_id: string;
  version: Generated<string>;
  display_name: string;
  description: Generated<string>;
  model_type: 'llm' | 'vision' | 'embedding' | 'custom';
  tier: Generated<'free' | 'premium'>;
  status: Generated<'available' | 'beta' | 'deprecated' | 'unavailable'>;
  enabled: Generated<boolean>;
  is_system_default: Generated<boolean>;
  capabilities: Generated<string[]>;
  context_window: bigint | null;
  max_output_tokens: bigint | null;
  price_cents: bigint | null;
  stripe_product_id: string | null;
  stripe_price_id: string | null;
  /** Null: unlimited. */
  rate_limit_messages_per_day: bigint | null;
  trial_messages_allowed: Generated<bigint>;
  metadata: Generated<Json>;
  fallback_model_ids: Generated<string[]>;
  sort_order: Generated<number>;
  archived_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
  /** From then on calls are not sent to it; they go to its replacement where there is one. Null: no end is known. */
  retires_at: Timestamp | null;
  /** What answers in its place once it is retired. */
  replacement_model_id: string | null;
}

export interface NotificationDeliveriesTable {
  id: Generated<string>;
  notification_id: string;
  channel: 'in_app' | 'email' | 'webhook';
  status: Generated<'pending' | 'sent' | 'failed' | 'dead'>;
  attempts: Generated<number>;
  last_error: string | null;
  provider_id: string | null;
  next_attempt_at: Generated<Timestamp>;
  sent_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface NotificationPreferencesTable {
  user_id: string;
  type: string;
  channel: 'in_app' | 'email' | 'webhook';
  is_enabled: boolean;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface NotificationsTable {
  id: Generated<string>;
  sequence: GeneratedAlways<bigint>;
  user_id: string;
  /** Null: not of an organization (the platform, or the person). */
  organization_id: string | null;
  type: string;
  title: string;
  body: string;
  data: Generated<Json>;
  dedupe_key: string;
  read_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface OrgSystemModelConfigTable {
  id: string;
  organization_id: string;
  template_id: bigint;
  is_enabled_for_users: Generated<boolean>;
  /** Null: the template's default. */
  token_limit_per_user: bigint | null;
  updated_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface OrganizationDomainsTable {
  id: string;
  organization_id: string;
  domain: string;
  verification_token: string;
  method: 'dns_txt' | 'http_file';
  auto_join: Generated<boolean>;
  verified_at: Timestamp | null;
  last_checked_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface OrganizationsTable {
  id: string;
  name: string;
  slug: string;
  logo: string | null;
  business_type: string;
  pricing_plan: Generated<string>;
  status: Generated<'active' | 'suspended'>;
  status_reason: string | null;
  /** Null: the plan's. */
  token_quota_monthly: bigint | null;
  can_create_custom_models: Generated<boolean>;
  max_custom_models: Generated<number>;
  default_model_id: string | null;
  stripe_customer_id: string | null;
  billing_email: string | null;
  settings: Generated<Json>;
  /** Anniversary from which the 30-day credit periods are counted. */
  credit_anchor_at: Generated<Timestamp>;
  deletion_requested_at: Timestamp | null;
  delete_after: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PersonasTable {
  id: string;
  slug: string;
  name: string;
  description: Generated<string>;
  avatar: string | null;
  system_prompt: Generated<string>;
  default_model_id: string | null;
  scope: 'platform' | 'organization';
  organization_id: string | null;
  is_active: Generated<boolean>;
  sort_order: Generated<number>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PlanCreditAllocationsTable {
  plan_slug: string;
  credit_type: string;
  /** Credits per 30-day period. Null: unlimited. */
  amount: bigint | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PlansTable {
  slug: 'free' | 'starter' | 'pro' | 'enterprise';
  level: number;
  name: string;
  description: Generated<string>;
  /** Null: by agreement. */
  monthly_price_nano_usd: bigint | null;
  yearly_price_nano_usd: bigint | null;
  stripe_product_id: string | null;
  stripe_monthly_price_id: string | null;
  stripe_yearly_price_id: string | null;
  /** Null: unlimited. */
  token_quota_monthly: bigint | null;
  max_custom_models: number;
  can_create_custom_models: boolean;
  /** Null: unlimited. */
  max_members: number | null;
  can_use_credits: boolean;
  feature_flags: Generated<Json>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PriceImportItemsTable {
  price_import_id: string;
  model_id: string;
  /** The price that was in force when it was compared; null: there was none. No reference: prices go with their model. */
  base_price_id: string | null;
  /** The whole proposed price, amounts in nano-USD as text. */
  proposed: Json;
  /** What differs: field, from, to (nano-USD as text, or null) and percent. */
  changes: Json;
  applied_price_id: string | null;
  applied_by: string | null;
  applied_at: Timestamp | null;
  created_at: Generated<Timestamp>;
}

export interface PriceImportsTable {
  id: string;
  library: string;
  compared_count: number;
  /** Models that the library has no price for. */
  unknown_model_ids: Generated<string[]>;
  created_by: string | null;
  created_at: Generated<Timestamp>;
}

export interface ProductEventsTable {
  at: Timestamp | null;
  id: string | null;
  name: string | null;
  properties: Json | null;
  organization_id: string | null;
  user_id: string | null;
  request_id: string | null;
}

export interface ProductsTable {
  id: string;
  type: 'model' | 'plan' | 'credit_pack';
  name: string;
  model_id: string | null;
  plan_slug: string | null;
  credit_type: string | null;
  credit_amount: bigint | null;
  price_cents: bigint;
  currency: Generated<string>;
  stripe_product_id: string | null;
  stripe_price_id: string | null;
  active: Generated<boolean>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface ProfilesTable {
  user_id: string;
  display_name: string | null;
  avatar_url: string | null;
  locale: Generated<string>;
  theme: Generated<'system' | 'light' | 'dark'>;
  time_zone: Generated<string>;
  default_model_id: string | null;
  /** Persona id -> model id. Existence and the right to use are checked by the service. */
  persona_model_overrides: Generated<Json>;
  notification_preferences: Generated<Json>;
  onboarding_state: Generated<Json>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PromptLabelsTable {
  prompt_id: string;
  label: string;
  prompt_version_id: string;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PromptVersionsTable {
  id: string;
  prompt_id: string;
  version: number;
  content_type: Generated<'chat' | 'text'>;
  content: Json;
  variables: Generated<Json>;
  parameters: Generated<Json>;
  status: Generated<'draft' | 'review' | 'approved' | 'archived'>;
  change_note: Generated<string>;
  created_by: string | null;
  reviewed_by: string | null;
  reviewed_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PromptsTable {
  id: string;
  name: string;
  feature_id: string | null;
  description: Generated<string>;
  tags: Generated<string[]>;
  archived_at: Timestamp | null;
  created_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface ProviderCredentialsTable {
  id: string;
  provider_id: string;
  /** Null: the platform's own. */
  organization_id: string | null;
  label: string;
  /** Envelope: AES-256-GCM under a data key wrapped by the master key key_id. Read only through weir_private.provider_credential_secret. */
  ciphertext: Buffer;
  key_id: string;
  /** The origin the secret was entered for; it is sent nowhere else. */
  origin: string;
  last_four: string;
  status: Generated<'active' | 'invalid' | 'revoked'>;
  created_by: string | null;
  rotated_at: Timestamp | null;
  last_used_at: Timestamp | null;
  last_validated_at: Timestamp | null;
  last_validation_error: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface ProvidersTable {
  id: string;
  slug: string;
  name: string;
  type: 'openai' | 'anthropic' | 'google' | 'together' | 'custom' | 'sandbox';
  /** What paths are appended to. sandbox:// is answered inside Weir. */
  base_url: string;
  status: Generated<'active' | 'inactive' | 'error'>;
  /** For type openai: optional organization and project, sent as headers. */
  config: Generated<Json>;
  connect_timeout_ms: Generated<number>;
  first_byte_timeout_ms: Generated<number>;
  idle_timeout_ms: Generated<number>;
  total_timeout_ms: Generated<number>;
  docs_url: string | null;
  last_checked_at: Timestamp | null;
  last_latency_ms: number | null;
  consecutive_failures: Generated<number>;
  error_rate: string | null;
  archived_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface PurchasesTable {
  id: string;
  user_id: string | null;
  organization_id: string | null;
  product_id: string | null;
  /** As sold; the product may go. */
  product_name: string;
  amount_cents: bigint;
  currency: Generated<string>;
  stripe_session_id: string | null;
  stripe_payment_intent_id: string | null;
  status: Generated<'pending' | 'completed' | 'refunded' | 'failed'>;
  completed_at: Timestamp | null;
  refunded_at: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface RateLimitWindowsTable {
  key: string;
  window_start: Timestamp;
  resets_at: Timestamp;
  used: number;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface RequestIdempotencyTable {
  /** Who sent the key and where to: the same key of two callers is two keys. */
  scope: string;
  key: string;
  request_hash: Buffer;
  request_id: string;
  state: Generated<'in_progress' | 'completed'>;
  status: number | null;
  headers: Json | null;
  /** Ciphertext of the answer: it may hold a secret that is shown once. */
  response: Buffer | null;
  created_at: Generated<Timestamp>;
  expires_at: Timestamp;
}

export interface SeededRowsTable {
  table_name: string;
  row_key: string;
  created_at: Generated<Timestamp>;
}

export interface SessionsTable {
  id: string;
  user_id: string;
  token: string;
  expires_at: Timestamp;
  ip_address: string | null;
  user_agent: string | null;
  active_organization_id: string | null;
  impersonated_by: string | null;
  impersonation_reason: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
  /** The impersonator's own session, which an impersonation never outlives. */
  impersonator_session_id: string | null;
}

export interface SystemConfigTable {
  key: string;
  value: Json;
  description: Generated<string>;
  /** User id of the last change; no foreign key, the audit log is the record. */
  changed_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface TemplateEndpointSecretsTable {
  template_id: bigint;
  /** The template's; null for a system template. */
  organization_id: string | null;
  ciphertext: Buffer;
  key_id: string;
  origin: string;
  last_four: string;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface TemplateRevisionsTable {
  id: string;
  template_id: bigint;
  revision: number;
  snapshot: Json;
  change_summary: Generated<string>;
  changed_by: string | null;
  created_at: Generated<Timestamp>;
}

export interface TemplatesTable {
  id: GeneratedAlways<bigint>;
  scope: 'system' | 'organization' | 'user';
  organization_id: string | null;
  owner_user_id: string | null;
  name: string;
  slug: string;
  role: Generated<string>;
  description: Generated<string>;
  icon: string | null;
  system_message: Generated<string>;
  tasks: Generated<Json>;
  model_id: string | null;
  /** Own OpenAI-compatible endpoint in place of the model's provider; its secret is in template_endpoint_secrets. */
  endpoint_base_url: string | null;
  endpoint_model: string | null;
  max_tokens: bigint | null;
  temperature: string | null;
  parameters: Generated<Json>;
  /** Empty: every business type. */
  business_types: Generated<string[]>;
  required_plan: Generated<string>;
  token_limit_period: 'daily' | 'weekly' | 'monthly' | null;
  token_limit_amount: bigint | null;
  is_free: Generated<boolean>;
  is_trial: Generated<boolean>;
  trial_expires_days: number | null;
  is_active: Generated<boolean>;
  is_featured: Generated<boolean>;
  tags: Generated<string[]>;
  sort_order: Generated<number>;
  created_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface TwoFactorsTable {
  id: string;
  user_id: string;
  secret: string;
  backup_codes: string;
  verified: Generated<boolean>;
  failed_verification_count: Generated<number>;
  locked_until: Timestamp | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface UsageActivityTable {
  month: string;
  organization_id: string;
  facet: string;
  value: string;
  /** All zeros: calls of no person. */
  user_id: string;
  /** Bit 0 is the first of the month. How many were active between two days is counted, never added up. */
  days: number;
  created_at: Generated<Timestamp>;
}

export interface UsageDailyTable {
  day: string;
  dimension_key: string;
  organization_id: string;
  user_id: string | null;
  department_id: string | null;
  virtual_key_id: string | null;
  model_id: string;
  provider: string;
  model_type: string;
  template_id: bigint | null;
  template_slug: string | null;
  feature: string | null;
  environment: string;
  persona_id: string | null;
  status: string;
  error_code: string | null;
  events: bigint;
  requests: bigint;
  errors: bigint;
  trial_requests: bigint;
  unpriced_requests: bigint;
  fallback_requests: bigint;
  estimated_requests: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  cached_input_tokens: bigint;
  cache_write_tokens: bigint;
  reasoning_tokens: bigint;
  cost_nano_usd: bigint;
  provider_cost_nano_usd: bigint;
  latency_ms_sum: bigint;
  latency_count: bigint;
  first_token_ms_sum: bigint;
  first_token_count: bigint;
  latency_buckets: bigint[] | null;
  created_at: Generated<Timestamp>;
}

export interface UsageDailyFacetsTable {
  day: string;
  organization_id: string;
  facet: string;
  value: string;
  events: bigint;
  requests: bigint;
  errors: bigint;
  denied: bigint;
  trial_requests: bigint;
  unpriced_requests: bigint;
  fallback_requests: bigint;
  estimated_requests: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  cached_input_tokens: bigint;
  cache_write_tokens: bigint;
  reasoning_tokens: bigint;
  cost_nano_usd: bigint;
  provider_cost_nano_usd: bigint;
  latency_ms_sum: bigint;
  latency_count: bigint;
  first_token_ms_sum: bigint;
  first_token_count: bigint;
  latency_buckets: bigint[] | null;
  created_at: Generated<Timestamp>;
}

export interface UsageDailySlicesTable {
  day: string;
  /** A hash of the dimensions, as dimension_key is of weir.usage_daily. */
  slice_key: string;
  organization_id: string;
  department_id: string | null;
  model_id: string;
  provider: string;
  model_type: string;
  template_slug: string | null;
  feature: string | null;
  environment: string;
  status: string;
  events: bigint;
  requests: bigint;
  errors: bigint;
  trial_requests: bigint;
  unpriced_requests: bigint;
  fallback_requests: bigint;
  estimated_requests: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  cached_input_tokens: bigint;
  cache_write_tokens: bigint;
  reasoning_tokens: bigint;
  cost_nano_usd: bigint;
  provider_cost_nano_usd: bigint;
  latency_ms_sum: bigint;
  latency_count: bigint;
  first_token_ms_sum: bigint;
  first_token_count: bigint;
  latency_buckets: bigint[] | null;
  created_at: Generated<Timestamp>;
}

export interface UsageDaysTable {
  day: string | null;
  organization_id: string | null;
  user_id: string | null;
  department_id: string | null;
  virtual_key_id: string | null;
  model_id: string | null;
  provider: string | null;
  model_type: string | null;
  template_id: bigint | null;
  template_slug: string | null;
  feature: string | null;
  environment: string | null;
  persona_id: string | null;
  status: string | null;
  error_code: string | null;
  events: bigint | null;
  requests: bigint | null;
  errors: bigint | null;
  trial_requests: bigint | null;
  unpriced_requests: bigint | null;
  fallback_requests: bigint | null;
  estimated_requests: bigint | null;
  input_tokens: bigint | null;
  output_tokens: bigint | null;
  cached_input_tokens: bigint | null;
  cache_write_tokens: bigint | null;
  reasoning_tokens: bigint | null;
  cost_nano_usd: bigint | null;
  provider_cost_nano_usd: bigint | null;
  latency_ms_sum: bigint | null;
  latency_count: bigint | null;
  first_token_ms_sum: bigint | null;
  first_token_count: bigint | null;
  latency_buckets: bigint[] | null;
}

export interface UsageEventsTable {
  id: string;
  sequence: Generated<number>;
  occurred_at: Timestamp;
  booked_at: Timestamp;
  organization_id: string;
  department_id: string | null;
  user_id: string | null;
  virtual_key_id: string | null;
  template_id: bigint | null;
  template_slug: string | null;
  feature: string | null;
  environment: string;
  persona_id: string | null;
  model_id: string;
  provider: string;
  model_type: 'system' | 'org_default' | 'user' | 'catalog';
  prompt_version_id: string | null;
  experiment_arm: string | null;
  price_id: string | null;
  route: string;
  input_tokens: bigint;
  output_tokens: bigint;
  cached_input_tokens: bigint;
  cache_write_tokens: bigint;
  /** The part of cache_write_tokens that was written to last an hour: it has its own price. */
  cache_write_1h_tokens: Generated<bigint>;
  reasoning_tokens: bigint;
  usage_source: 'provider' | 'counted' | 'estimated';
  cost_nano_usd: bigint | null;
  provider_cost_nano_usd: bigint | null;
  status: 'success' | 'error' | 'timeout' | 'cancelled' | 'denied';
  error_code: string | null;
  streamed: boolean;
  trial: boolean;
  retries: number;
  fallback_used: boolean;
  latency_ms: number | null;
  time_to_first_token_ms: number | null;
  upstream_request_id: string | null;
  tags: Json | null;
  counter_ids: bigint[];
  amounts: bigint[];
  overruns: bigint[] | null;
  lot_ids: string[] | null;
  lot_amounts: bigint[] | null;
}

export interface UsageHourlyTable {
  hour: Timestamp;
  dimension_key: string;
  organization_id: string;
  user_id: string | null;
  department_id: string | null;
  virtual_key_id: string | null;
  model_id: string;
  provider: string;
  model_type: string;
  template_id: bigint | null;
  template_slug: string | null;
  feature: string | null;
  environment: string;
  persona_id: string | null;
  status: string;
  error_code: string | null;
  events: bigint;
  requests: bigint;
  errors: bigint;
  trial_requests: bigint;
  unpriced_requests: bigint;
  fallback_requests: bigint;
  estimated_requests: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  cached_input_tokens: bigint;
  cache_write_tokens: bigint;
  reasoning_tokens: bigint;
  cost_nano_usd: bigint;
  provider_cost_nano_usd: bigint;
  latency_ms_sum: bigint;
  latency_count: bigint;
  first_token_ms_sum: bigint;
  first_token_count: bigint;
  /** Calls by latency, below 50, 100, 150, 250, 400, 600, 900, 1300, 2000, 3000, 4500, 7000, 12000, 25000, 60000 ms and above; null: none was measured. */
  latency_buckets: bigint[] | null;
  created_at: Generated<Timestamp>;
}

export interface UsageHoursTable {
  hour: Timestamp | null;
  organization_id: string | null;
  user_id: string | null;
  department_id: string | null;
  virtual_key_id: string | null;
  model_id: string | null;
  provider: string | null;
  model_type: string | null;
  template_id: bigint | null;
  template_slug: string | null;
  feature: string | null;
  environment: string | null;
  persona_id: string | null;
  status: string | null;
  error_code: string | null;
  events: bigint | null;
  requests: bigint | null;
  errors: bigint | null;
  trial_requests: bigint | null;
  unpriced_requests: bigint | null;
  fallback_requests: bigint | null;
  estimated_requests: bigint | null;
  input_tokens: bigint | null;
  output_tokens: bigint | null;
  cached_input_tokens: bigint | null;
  cache_write_tokens: bigint | null;
  reasoning_tokens: bigint | null;
  cost_nano_usd: bigint | null;
  provider_cost_nano_usd: bigint | null;
  latency_ms_sum: bigint | null;
  latency_count: bigint | null;
  first_token_ms_sum: bigint | null;
  first_token_count: bigint | null;
  latency_buckets: bigint[] | null;
}

export interface UsagePlatformDailyTable {
  day: string;
  model_id: string;
  provider: string;
  status: string;
  events: bigint;
  requests: bigint;
  errors: bigint;
  unpriced_requests: bigint;
  input_tokens: bigint;
  output_tokens: bigint;
  cost_nano_usd: bigint;
  provider_cost_nano_usd: bigint;
  created_at: Generated<Timestamp>;
}

export interface UsageRecordedTable {
  day: string | null;
  occurred_at: Timestamp | null;
  organization_id: string | null;
  feature: string | null;
  cost_nano_usd: bigint | null;
}

export interface UsageRecordsTable {
  organization_id: string;
  external_id: string;
  event_id: string;
  /** SHA-256 of what was told under the id: the same id for something else is refused. */
  request_hash: Buffer;
  created_at: Generated<Timestamp>;
}

export interface UsageRollUpTable {
  id: Generated<boolean>;
  /** Events with booked_at up to here are in the sums, later ones are not. */
  folded_to: Generated<Timestamp>;
  /** How far can be gone once candidate_writers have ended. */
  candidate_at: Timestamp | null;
  candidate_writers: Generated<string[]>;
  /** How much of booked time the next step takes: adapted to how many events that was. */
  step_ms: Generated<bigint>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface UsageUnfoldedTable {
  occurred_at: Timestamp | null;
  organization_id: string | null;
  user_id: string | null;
  department_id: string | null;
  virtual_key_id: string | null;
  model_id: string | null;
  provider: string | null;
  model_type: string | null;
  template_id: bigint | null;
  template_slug: string | null;
  feature: string | null;
  environment: string | null;
  persona_id: string | null;
  status: string | null;
  error_code: string | null;
  events: bigint | null;
  requests: bigint | null;
  errors: bigint | null;
  trial_requests: bigint | null;
  unpriced_requests: bigint | null;
  fallback_requests: bigint | null;
  estimated_requests: bigint | null;
  input_tokens: bigint | null;
  output_tokens: bigint | null;
  cached_input_tokens: bigint | null;
  cache_write_tokens: bigint | null;
  reasoning_tokens: bigint | null;
  cost_nano_usd: bigint | null;
  provider_cost_nano_usd: bigint | null;
  latency_ms_sum: bigint | null;
  latency_count: bigint | null;
  first_token_ms_sum: bigint | null;
  first_token_count: bigint | null;
  latency_buckets: bigint[] | null;
}

export interface UsersTable {
  id: string;
  name: string;
  email: string;
  email_verified: Generated<boolean>;
  image: string | null;
  platform_role: Generated<'user' | 'platform_admin' | 'superadmin'>;
  banned: Generated<boolean>;
  ban_reason: string | null;
  ban_expires: Timestamp | null;
  two_factor_enabled: Generated<boolean>;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface VerificationsTable {
  id: string;
  identifier: string;
  value: string;
  expires_at: Timestamp;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

export interface VirtualKeysTable {
  id: string;
  organization_id: string;
  owner_type: 'user' | 'service';
  user_id: string | null;
  department_id: string | null;
  name: string;
  environment: 'live' | 'test';
  /** SHA-256 of the whole key; the key itself is never stored. */
  key_hash: Buffer;
  prefix: string;
  last_four: string;
  /** Null: all; empty: none. The same for the other lists and ip_ranges. */
  allowed_models: string[] | null;
  allowed_templates: string[] | null;
  allowed_features: string[] | null;
  allowed_routes: string[] | null;
  ip_ranges: string[] | null;
  requests_per_minute: bigint | null;
  tokens_per_minute: bigint | null;
  can_act_for_members: Generated<boolean>;
  expires_at: Timestamp | null;
  last_used_at: Timestamp | null;
  revoked_at: Timestamp | null;
  rotated_from: string | null;
  /** Set on a key that was rotated: it works until then. */
  grace_until: Timestamp | null;
  created_by: string | null;
  created_at: Generated<Timestamp>;
  updated_at: Generated<Timestamp>;
}

/** Every table and view of schema weir. */
export interface Schema {
  accounts: AccountsTable;
  alert_rules: AlertRulesTable;
  alerts: AlertsTable;
  analytics_events: AnalyticsEventsTable;
  api_latencies: ApiLatenciesTable;
  api_tokens: ApiTokensTable;
  audit_chains: AuditChainsTable;
  audit_logs: AuditLogsTable;
  budget_amounts: BudgetAmountsTable;
  budgets: BudgetsTable;
  business_types: BusinessTypesTable;
  closed_windows: ClosedWindowsTable;
  conversations: ConversationsTable;
  counters: CountersTable;
  credit_grants: CreditGrantsTable;
  credit_ledger: CreditLedgerTable;
  credit_types: CreditTypesTable;
  credit_use: CreditUseTable;
  credit_warnings: CreditWarningsTable;
  denial_traces: DenialTracesTable;
  departments: DepartmentsTable;
  deployments: DeploymentsTable;
  entitlements: EntitlementsTable;
  fact_versions: FactVersionsTable;
  features: FeaturesTable;
  former_members: FormerMembersTable;
  holds: HoldsTable;
  idempotency_keys: IdempotencyKeysTable;
  invitations: InvitationsTable;
  job_runs: JobRunsTable;
  limit_overrides: LimitOverridesTable;
  limit_requests: LimitRequestsTable;
  mail_outbox: MailOutboxTable;
  members: MembersTable;
  messages: MessagesTable;
  model_prices: ModelPricesTable;
  models: ModelsTable;
  notification_deliveries: NotificationDeliveriesTable;
  notification_preferences: NotificationPreferencesTable;
  notifications: NotificationsTable;
  org_system_model_config: OrgSystemModelConfigTable;
  organization_domains: OrganizationDomainsTable;
  organizations: OrganizationsTable;
  personas: PersonasTable;
  plan_credit_allocations: PlanCreditAllocationsTable;
  plans: PlansTable;
  price_import_items: PriceImportItemsTable;
  price_imports: PriceImportsTable;
  product_events: ProductEventsTable;
  products: ProductsTable;
  profiles: ProfilesTable;
  prompt_labels: PromptLabelsTable;
  prompt_versions: PromptVersionsTable;
  prompts: PromptsTable;
  provider_credentials: ProviderCredentialsTable;
  providers: ProvidersTable;
  purchases: PurchasesTable;
  rate_limit_windows: RateLimitWindowsTable;
  request_idempotency: RequestIdempotencyTable;
  seeded_rows: SeededRowsTable;
  sessions: SessionsTable;
  system_config: SystemConfigTable;
  template_endpoint_secrets: TemplateEndpointSecretsTable;
  template_revisions: TemplateRevisionsTable;
  templates: TemplatesTable;
  two_factors: TwoFactorsTable;
  usage_activity: UsageActivityTable;
  usage_daily: UsageDailyTable;
  usage_daily_facets: UsageDailyFacetsTable;
  usage_daily_slices: UsageDailySlicesTable;
  usage_days: UsageDaysTable;
  usage_events: UsageEventsTable;
  usage_hourly: UsageHourlyTable;
  usage_hours: UsageHoursTable;
  usage_platform_daily: UsagePlatformDailyTable;
  usage_recorded: UsageRecordedTable;
  usage_records: UsageRecordsTable;
  usage_roll_up: UsageRollUpTable;
  usage_unfolded: UsageUnfoldedTable;
  users: UsersTable;
  verifications: VerificationsTable;
  virtual_keys: VirtualKeysTable;
}
