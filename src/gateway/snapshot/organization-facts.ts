// Owns: from rows to what holds for one organization, one person in it, one key. Not: the SQL (snapshot-queries.ts).

import type { ReadEndpoint } from './endpoint-facts.ts';
import {
  toAmount,
  toBudgetFacts,
  toEntitlementFacts,
  toLimitOverrideFacts,
  toPersonas,
  toSet,
  toTemplates,
} from './fact-mappers.ts';
import type { KeyRow, MemberRow, OrganizationRow } from './fact-rows.ts';
import type { BoundSecret, KeyFacts, MemberFacts, OrganizationFacts } from './facts.ts';
import type { OpenCredential } from './provider-secrets.ts';
import { hiddenMap, withHidden } from './secret-facts.ts';

/** What holds for one organization. */
export function toOrganizationFacts(
  row: OrganizationRow,
  openCredential: OpenCredential,
  readEndpoint: ReadEndpoint,
): OrganizationFacts {
  const facts = {
    version: BigInt(row.version),
    id: row.id,
    slug: row.slug,
    name: row.name,
    businessType: row.business_type,
    planSlug: row.pricing_plan,
    status: row.status as OrganizationFacts['status'],
    tokenQuotaMonthly: toAmount(row.token_quota_monthly),
    defaultModelId: row.default_model_id,
    anniversaryMs: row.anniversary_ms,
    templates: toTemplates(row.templates, readEndpoint),
    templateConfigs: new Map(
      row.template_configs.map((config) => [
        config.template_id,
        { isEnabledForUsers: config.is_enabled_for_users, tokenLimitPerUser: toAmount(config.token_limit_per_user) },
      ]),
    ),
    organizationEntitlements: row.entitlements.map(toEntitlementFacts),
    budgets: row.budgets.map(toBudgetFacts),
    limitOverrides: row.limit_overrides.map(toLimitOverrideFacts),
    personas: toPersonas(row.personas),
  } satisfies Omit<OrganizationFacts, 'providerSecrets'>;
  return withHidden(facts, 'providerSecrets', toProviderSecrets(row, openCredential));
}

/** The youngest that opens, for each provider. */
function toProviderSecrets(row: OrganizationRow, openCredential: OpenCredential): ReadonlyMap<string, BoundSecret> {
  const secrets = new Map<string, BoundSecret>();
  for (const credential of row.credentials) {
    if (secrets.has(credential.provider_id)) continue;
    const opened = openCredential(credential, row.id);
    if (opened !== null) secrets.set(credential.provider_id, opened);
  }
  return hiddenMap(secrets);
}

/** One person in one organization. A ban of the account counts as a pause: every call answers 403 until it ends. */
export function toMemberFacts(
  row: MemberRow,
  member: { organizationId: string; userId: string },
  readEndpoint: ReadEndpoint,
): MemberFacts {
  const pauses: (number | null)[] = [];
  if (row.status === 'paused') pauses.push(row.paused_until_ms);
  if (row.banned) pauses.push(row.ban_expires_ms);
  return {
    userId: member.userId,
    organizationId: member.organizationId,
    role: row.role as MemberFacts['role'],
    status: pauses.length > 0 ? 'paused' : 'active',
    pausedUntilMs: laterEnd(pauses),
    departmentId: row.department_id,
    defaultModelId: row.default_model_id,
    personaModelOverrides: new Map(
      Object.entries(row.persona_model_overrides ?? {}).flatMap(([persona, model]) =>
        typeof model === 'string' ? [[persona, model]] : [],
      ),
    ),
    entitlements: row.entitlements.map(toEntitlementFacts),
    templates: toTemplates(row.templates, readEndpoint),
    limitOverrides: row.limit_overrides.map(toLimitOverrideFacts),
  };
}

/** The end of the longest pause; null has no end. */
function laterEnd(ends: readonly (number | null)[]): number | null {
  return ends.reduce<number | null>(
    (latest, end) => (end === null || latest === null ? null : Math.max(latest, end)),
    ends[0] ?? null,
  );
}

/** One virtual key. */
export function toKeyFacts(row: KeyRow): KeyFacts {
  return {
    id: row.id,
    organizationId: row.organization_id,
    userId: row.user_id,
    departmentId: row.department_id,
    name: row.name,
    environment: row.environment as KeyFacts['environment'],
    allowedModels: toSet(row.allowed_models),
    allowedTemplates: toSet(row.allowed_templates),
    allowedFeatures: toSet(row.allowed_features),
    allowedRoutes: toSet(row.allowed_routes),
    ipRanges: row.ip_ranges,
    requestsPerMinute: toAmount(row.requests_per_minute),
    tokensPerMinute: toAmount(row.tokens_per_minute),
    canActForMembers: row.can_act_for_members,
    expiresAtMs: row.expires_at_ms,
    revokedAtMs: row.revoked_at_ms,
    graceUntilMs: row.grace_until_ms,
    ancestorIds: row.ancestor_ids,
  };
}
