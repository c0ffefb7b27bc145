// Owns: organizations as the platform reads and changes them, snake_case in, camelCase out. Not: what their own admins do (identity).

import { type SqlBool, sql } from 'kysely';
import type { OrganizationStatus, PlanSlug } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** What the platform decides of an organization. */
export interface OrganizationTerms {
  readonly name: string;
  readonly businessType: string;
  readonly pricingPlan: PlanSlug;
  readonly status: OrganizationStatus;
  readonly statusReason: string | null;
  readonly tokenQuotaMonthly: bigint | null;
  readonly canCreateCustomModels: boolean;
  readonly maxCustomModels: number;
  /** `updated_at` in microseconds. */
  readonly version: bigint;
}

/** A whole organization, with what its plan makes of its terms. */
export interface AdminOrganization extends OrganizationTerms {
  readonly id: string;
  readonly slug: string;
  readonly effectiveTokenQuota: bigint | null;
  readonly effectiveCanCreateCustomModels: boolean;
  readonly effectiveMaxCustomModels: number;
  readonly tokenUsageCurrent: bigint;
  readonly tokenResetAt: Date;
  readonly memberCount: number;
  readonly billingEmail: string | null;
  readonly deletionRequestedAt: Date | null;
  readonly deleteAfter: Date | null;
  /** ISO 8601 in UTC with microseconds: exact, so that it can be a place in the list. */
  readonly createdAt: string;
  readonly updatedAt: Date;
}

/** What narrows a list; absent is no condition. */
export interface AdminOrganizationFilter {
  readonly search?: string | undefined;
  readonly plan?: PlanSlug | undefined;
  readonly status?: OrganizationStatus | undefined;
  readonly businessType?: string | undefined;
}

/** Organizations come newest first; the page begins after this one. */
export type AdminOrganizationPlace = readonly [createdAt: string, id: string];

function selectTerms(tx: DatabaseTransaction) {
  return tx
    .selectFrom('organizations as o')
    .select(['o.name', 'o.business_type as businessType', 'o.status', 'o.status_reason as statusReason'])
    .select(['o.token_quota_monthly as tokenQuotaMonthly', 'o.can_create_custom_models as canCreateCustomModels'])
    .select([
      'o.max_custom_models as maxCustomModels',
      sql<PlanSlug>`o.pricing_plan`.as('pricingPlan'),
      sql<bigint>`(extract(epoch from o.updated_at) * 1000000)::bigint`.as('version'),
    ]);
}

function selectOrganizations(tx: DatabaseTransaction) {
  return selectTerms(tx)
    .innerJoin('plans as p', 'p.slug', 'o.pricing_plan')
    .crossJoinLateral(sql<{ used: bigint; resets_at: Date }>`weir.organization_tokens(o.id)`.as<'tokens'>('tokens'))
    .select(['o.id', 'o.slug', 'o.billing_email as billingEmail', 'o.deletion_requested_at as deletionRequestedAt'])
    .select(['o.delete_after as deleteAfter', 'o.updated_at as updatedAt'])
    .select(['tokens.used as tokenUsageCurrent', 'tokens.resets_at as tokenResetAt'])
    .select([
      sql<bigint | null>`coalesce(o.token_quota_monthly, p.token_quota_monthly)`.as('effectiveTokenQuota'),
      sql<boolean>`(o.can_create_custom_models and p.can_create_custom_models)`.as('effectiveCanCreateCustomModels'),
      sql<number>`least(o.max_custom_models, p.max_custom_models)`.as('effectiveMaxCustomModels'),
      sql<number>`(select count(*) from weir.members m where m.organization_id = o.id)::integer`.as('memberCount'),
      sql<string>`to_char(o.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('createdAt'),
    ]);
}

/** Up to `limit` organizations. For platform roles: who may not see an organization gets no tokens of it either, and so no row. */
export function listOrganizations(
  tx: DatabaseTransaction,
  filter: AdminOrganizationFilter,
  page: { readonly limit: number; readonly after: AdminOrganizationPlace | null },
): Promise<AdminOrganization[]> {
  const place =
    page.after === null
      ? sql<SqlBool>`true`
      : sql<SqlBool>`(o.created_at, o.id) < (${page.after[0]}::timestamptz, ${page.after[1]}::uuid)`;
  return selectOrganizations(tx)
    .where(matches(filter))
    .where(place)
    .orderBy('o.created_at', 'desc')
    .orderBy('o.id', 'desc')
    .limit(page.limit)
    .execute();
}

function matches({ search, plan, status, businessType }: AdminOrganizationFilter) {
  const conditions = [
    search !== undefined && sql`position(lower(${search}) in lower(concat_ws(' ', o.name, o.slug))) > 0`,
    plan !== undefined && sql`o.pricing_plan = ${plan}`,
    status !== undefined && sql`o.status = ${status}`,
    businessType !== undefined && sql`o.business_type = ${businessType}`,
  ].filter((condition) => condition !== false);
  return sql<SqlBool>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

/** One organization. */
export function findOrganization(tx: DatabaseTransaction, id: string): Promise<AdminOrganization | undefined> {
  return selectOrganizations(tx).where('o.id', '=', id).executeTakeFirst();
}

/** Its terms, its row locked until the transaction ends. */
export function lockTerms(tx: DatabaseTransaction, id: string): Promise<OrganizationTerms | undefined> {
  return selectTerms(tx).where('o.id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

/** What may change. */
export type TermsChange = {
  readonly [Term in keyof Omit<OrganizationTerms, 'version'>]?: OrganizationTerms[Term] | undefined;
};

/** Changes what is given. By the platform's door alone. */
export async function updateTerms(tx: DatabaseTransaction, id: string, change: TermsChange): Promise<void> {
  const { name, businessType, pricingPlan, status, statusReason, tokenQuotaMonthly } = change;
  const { canCreateCustomModels, maxCustomModels } = change;
  await tx
    .updateTable('organizations')
    .set({
      // Set in any case, so that a change of nothing is no statement without columns.
      name: name ?? sql<string>`name`,
      ...(businessType === undefined ? {} : { business_type: businessType }),
      ...(pricingPlan === undefined ? {} : { pricing_plan: pricingPlan }),
      ...(status === undefined ? {} : { status }),
      ...(statusReason === undefined ? {} : { status_reason: statusReason }),
      ...(tokenQuotaMonthly === undefined ? {} : { token_quota_monthly: tokenQuotaMonthly }),
      ...(canCreateCustomModels === undefined ? {} : { can_create_custom_models: canCreateCustomModels }),
      ...(maxCustomModels === undefined ? {} : { max_custom_models: maxCustomModels }),
    })
    .where('id', '=', id)
    .execute();
}

/** The missing part of the plan's credits for the running period; repeated, nothing. Gives how many lots came. */
export async function ensurePlanCredits(tx: DatabaseTransaction, id: string): Promise<number> {
  const { rows } = await sql<{ made: number }>`select weir.ensure_plan_credits(${id}) as made`.execute(tx);
  return rows[0]?.made ?? 0;
}
