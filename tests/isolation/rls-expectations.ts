// Owns: who reaches which rows of which table, as the specification's "Who may see what" says it. Not: finding out whether it is so (rls-matrix.ts).
//
// A new table needs one line here. A scope is terms joined by " + ", each of words that all have to hold:
//   own           rows of the person (user_id and the like)
//   organization  rows of the organization acted in; for `otherAdmin` that is B
//   platform      rows of no organization
//   by-me         rows that the person made
//   all           every row
//   #tag, !#tag   rows that the world set apart, and the others
// Identities left out: admin as member, owner and otherAdmin as admin, impersonator as owner, dual as member, superadmin as platformAdmin; the rest none.

import type { IdentityName } from './rls-identities.ts';
import type { Command } from './rls-probe.ts';

/** What one identity reaches: a scope for each command; none where left out. */
export type Cell = Readonly<Partial<Record<Command, string>>>;
/** One table's line. */
export type Line = Readonly<Partial<Record<IdentityName, Cell>>>;

const read = (scope: string): Cell => ({ select: scope });
const full = (scope: string): Cell => ({ select: scope, insert: scope, update: scope, delete: scope });

/** Nothing at all, where others of the line reach something. */
const NOBODY: Cell = {};
/** Kept by the auth library, the ledger or the service alone. */
const NO_PERSON: Line = {};
/** Lists that everybody signed in reads and the platform keeps. */
const REFERENCE: Line = { member: read('all'), platformAdmin: full('all'), gateway: read('all') };
/** The catalog: people see what is switched on. */
const CATALOG: Line = { ...REFERENCE, member: read('#enabled') };
/** What only platform roles see, and the gateway decides by. */
const PLATFORM_ONLY: Line = { platformAdmin: full('all'), gateway: read('all') };

/** Use added up: one's own, or the organization's. */
const USAGE_SUMS: Line = {
  member: read('own organization'),
  admin: read('organization'),
  platformAdmin: read('all'),
};

export const EXPECTATIONS: Readonly<Record<string, Line>> = {
  // People and how they sign in
  users: {
    member: read('organization'),
    otherAdmin: read('organization + #in-b'),
    platformAdmin: read('all'),
    gateway: read('all'),
  },
  profiles: {
    member: { select: 'own', insert: 'own', update: 'own' },
    platformAdmin: { select: 'all', insert: 'own', update: 'own' },
    gateway: read('all'),
  },
  sessions: NO_PERSON,
  accounts: NO_PERSON,
  verifications: NO_PERSON,
  two_factors: NO_PERSON,

  // Organizations
  organizations: {
    member: read('organization'),
    admin: { select: 'organization', update: 'organization' },
    platformAdmin: { select: 'all', update: 'all' },
    gateway: read('all'),
  },
  members: {
    member: { select: 'organization + own', delete: 'own' },
    admin: { select: 'organization', update: 'organization !#owner', delete: 'organization !#owner' },
    owner: { select: 'organization', update: 'organization', delete: 'organization' },
    impersonator: { select: 'organization', update: 'organization !#owner', delete: 'organization !#owner' },
    platformAdmin: { select: 'all', update: 'all', delete: 'all' },
    gateway: read('all'),
  },
  former_members: NO_PERSON,
  departments: { member: read('organization'), admin: full('organization'), ...PLATFORM_ONLY },
  invitations: {
    admin: { select: 'organization', insert: 'organization by-me !#owner', update: 'organization !#owner' },
    owner: { select: 'organization', insert: 'organization by-me', update: 'organization' },
    impersonator: { select: 'organization', insert: 'organization by-me !#owner', update: 'organization !#owner' },
    platformAdmin: { select: 'all', insert: 'all', update: 'all' },
  },
  organization_domains: { admin: full('organization'), platformAdmin: full('all') },

  // Catalog
  business_types: REFERENCE,
  plans: REFERENCE,
  credit_types: REFERENCE,
  plan_credit_allocations: REFERENCE,
  providers: CATALOG,
  models: CATALOG,
  price_imports: { platformAdmin: { select: 'all', insert: 'all' } },
  price_import_items: { platformAdmin: { select: 'all', insert: 'all', update: 'all' } },
  model_prices: { ...CATALOG, platformAdmin: { select: 'all', insert: 'all !#seeded' } },
  products: CATALOG,
  provider_credentials: {
    admin: full('organization'),
    impersonator: read('organization'),
    platformAdmin: full('platform'),
    gateway: read('all'),
  },
  personas: {
    member: read('#enabled platform + #enabled organization'),
    admin: { ...full('organization'), select: '#enabled platform + organization' },
    ...PLATFORM_ONLY,
  },

  // Templates
  templates: {
    member: { ...full('own organization'), select: '#enabled platform + #enabled organization + own organization' },
    admin: {
      ...full('organization !#personal'),
      select: '#enabled platform + #offered platform + organization !#personal',
    },
    ...PLATFORM_ONLY,
  },
  template_endpoint_secrets: {
    member: full('own organization'),
    admin: full('organization !#personal'),
    impersonator: read('organization !#personal'),
    platformAdmin: full('platform'),
    gateway: read('all'),
  },
  template_revisions: {
    member: { select: 'own organization', insert: 'own organization by-me' },
    admin: { select: 'organization !#personal', insert: 'organization !#personal by-me' },
    platformAdmin: { select: 'all', insert: 'by-me' },
  },
  org_system_model_config: { member: read('organization'), admin: full('organization'), ...PLATFORM_ONLY },

  // Commerce and credits
  purchases: { member: read('own'), admin: read('organization + own'), platformAdmin: read('all') },
  entitlements: { member: read('organization + own'), ...PLATFORM_ONLY },
  credit_grants: { member: read('organization'), platformAdmin: read('all'), gateway: read('all') },
  credit_ledger: { member: read('own organization'), admin: read('organization'), platformAdmin: read('all') },
  credit_use: NO_PERSON,
  credit_warnings: NO_PERSON,

  // Platform AI management
  features: PLATFORM_ONLY,
  prompts: PLATFORM_ONLY,
  prompt_versions: PLATFORM_ONLY,
  prompt_labels: PLATFORM_ONLY,
  deployments: PLATFORM_ONLY,
  system_config: PLATFORM_ONLY,

  // Governance
  virtual_keys: {
    member: { select: 'own', insert: 'own organization !#proxy', update: 'own organization !#proxy' },
    admin: { select: 'organization', insert: 'organization', update: 'organization' },
    impersonator: read('organization'),
    platformAdmin: { select: 'all', insert: 'all', update: 'all' },
    gateway: { select: 'all', update: 'all' },
  },
  api_tokens: {
    member: {
      select: 'own organization !#shared',
      insert: 'own organization !#shared !#above !#forged',
      update: 'own organization !#shared',
    },
    admin: { select: 'organization', insert: 'own organization', update: 'organization' },
    impersonator: read('organization'),
    platformAdmin: read('all'),
  },
  budgets: { admin: full('organization'), ...PLATFORM_ONLY },
  budget_amounts: { admin: read('organization'), platformAdmin: read('all'), gateway: read('all') },
  limit_requests: {
    member: { select: 'own organization', insert: 'own organization' },
    admin: { select: 'organization', insert: 'own organization', update: 'organization' },
    platformAdmin: { select: '#quota', update: '#quota' },
  },
  limit_overrides: {
    member: read('own organization'),
    admin: { select: 'organization', insert: 'organization !#quota', update: 'organization !#quota' },
    platformAdmin: { select: '#quota', insert: '#quota', update: '#quota' },
    gateway: read('all'),
  },
  denial_traces: { member: read('own organization'), admin: read('organization'), gateway: { insert: 'all' } },
  alerts: {
    admin: { select: 'organization', update: 'organization' },
    platformAdmin: { select: 'all', update: 'all' },
  },
  audit_logs: {
    member: { insert: 'own organization !#impersonated' },
    admin: { select: 'organization', insert: 'own organization !#impersonated' },
    impersonator: { select: 'organization', insert: 'own organization #impersonated' },
    platformAdmin: { select: 'all', insert: 'own' },
  },
  analytics_events: {
    member: { insert: 'own organization + own platform' },
    admin: { select: 'organization', insert: 'own organization + own platform' },
    platformAdmin: { select: 'all', insert: 'own' },
  },
  alert_rules: {
    admin: { ...full('organization'), select: 'organization + platform' },
    platformAdmin: full('all'),
  },
  notifications: {
    member: {
      select: 'own organization + own platform',
      update: 'own organization + own platform',
      delete: 'own organization + own platform',
    },
    platformAdmin: { select: 'own platform', update: 'own platform', delete: 'own platform' },
  },
  notification_preferences: { member: full('own'), platformAdmin: full('own') },
  notification_deliveries: NO_PERSON,
  audit_chains: { admin: read('organization'), platformAdmin: read('all') },
  mail_outbox: { superadmin: read('all') },

  // The ledger
  counters: {
    admin: read('organization'),
    platformAdmin: read('all'),
    gateway: { select: 'all', insert: 'all', update: 'all' },
  },
  holds: { gateway: full('all') },
  usage_events: {
    member: read('own organization'),
    admin: read('organization'),
    platformAdmin: read('all'),
    gateway: { select: 'all', insert: 'all' },
  },
  usage_hourly: USAGE_SUMS,
  usage_daily: USAGE_SUMS,
  usage_activity: { admin: read('organization'), platformAdmin: read('all') },
  usage_daily_slices: { admin: read('organization'), platformAdmin: read('all') },
  usage_platform_daily: { platformAdmin: read('all') },
  usage_daily_facets: { admin: read('organization'), platformAdmin: read('all') },
  usage_roll_up: NO_PERSON,
  usage_records: NO_PERSON,

  // Conversations: their person's alone, whoever else asks
  conversations: { member: full('own organization'), token: NOBODY, impersonator: NOBODY, platformAdmin: NOBODY },
  messages: { member: full('own organization'), token: NOBODY, impersonator: NOBODY, platformAdmin: NOBODY },

  // Kept by the server
  job_runs: { platformAdmin: read('all') },
  closed_windows: NO_PERSON,
  api_latencies: NO_PERSON,
  idempotency_keys: { gateway: full('all') },
  request_idempotency: NO_PERSON,
  rate_limit_windows: NO_PERSON,
  fact_versions: { gateway: read('all') },
  seeded_rows: NO_PERSON,
};
