// Owns: the rows of organizations, snake_case in, camelCase out. Not: who may see them (row level security, and the ids that services pass).

import { type SqlBool, sql } from 'kysely';
import type { MemberRole, OrganizationStatus, PlanSlug } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** What an organization decides for itself; absent keys have their defaults. */
export interface OrganizationSettings {
  readonly members_create_keys?: boolean | undefined;
  readonly admins_read_conversations?: boolean | undefined;
}

/** An organization as one of its members sees it. */
export interface Organization {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly logo: string | null;
  readonly businessType: string;
  readonly pricingPlan: PlanSlug;
  readonly status: OrganizationStatus;
  readonly tokenQuotaMonthly: bigint | null;
  readonly tokenUsageCurrent: bigint;
  readonly tokenResetAt: Date;
  readonly canCreateCustomModels: boolean;
  readonly maxCustomModels: number;
  readonly defaultModelId: string | null;
  readonly billingEmail: string | null;
  readonly settings: OrganizationSettings;
  readonly deletionRequestedAt: Date | null;
  readonly deleteAfter: Date | null;
  readonly role: MemberRole;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds: what an `ETag` is made of. */
  readonly version: bigint;
}

/** What its admins may change. */
export interface OrganizationChange {
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
  readonly logo?: string | null | undefined;
  readonly businessType?: string | undefined;
  readonly billingEmail?: string | null | undefined;
  readonly defaultModelId?: string | null | undefined;
  readonly settings?: OrganizationSettings | undefined;
}

function selectOrganizations(tx: DatabaseTransaction, userId: string) {
  return tx
    .selectFrom('organizations as o')
    .innerJoin('members as m', (join) => join.onRef('m.organization_id', '=', 'o.id').on('m.user_id', '=', userId))
    .crossJoinLateral(sql<{ used: bigint; resets_at: Date }>`weir.organization_tokens(o.id)`.as<'tokens'>('tokens'))
    .select([
      ...(['o.id', 'o.name', 'o.slug', 'o.logo', 'o.business_type as businessType'] as const),
      sql<PlanSlug>`o.pricing_plan`.as('pricingPlan'),
      ...(['o.status', 'o.token_quota_monthly as tokenQuotaMonthly', 'o.default_model_id as defaultModelId'] as const),
      ...(['tokens.used as tokenUsageCurrent', 'tokens.resets_at as tokenResetAt'] as const),
      ...(['o.can_create_custom_models as canCreateCustomModels', 'o.max_custom_models as maxCustomModels'] as const),
      ...(['o.billing_email as billingEmail', 'o.deletion_requested_at as deletionRequestedAt'] as const),
      ...([
        'o.delete_after as deleteAfter',
        'm.role',
        'o.created_at as createdAt',
        'o.updated_at as updatedAt',
      ] as const),
      sql<OrganizationSettings>`o.settings`.as('settings'),
      sql<bigint>`(extract(epoch from o.updated_at) * 1000000)::bigint`.as('version'),
    ]);
}

/** Up to `limit` organizations of a person, by name, after a place in that order. */
export function listOrganizations(
  tx: DatabaseTransaction,
  userId: string,
  page: { readonly limit: number; readonly after: readonly [name: string, id: string] | null },
): Promise<Organization[]> {
  const query = selectOrganizations(tx, userId).orderBy('o.name').orderBy('o.id').limit(page.limit);
  if (page.after === null) return query.execute();
  const [name, id] = page.after;
  return query.where(sql<SqlBool>`(o.name, o.id) > (${name}, ${id}::uuid)`).execute();
}

/** One organization of a person. */
export function findOrganization(
  tx: DatabaseTransaction,
  id: string,
  userId: string,
): Promise<Organization | undefined> {
  return selectOrganizations(tx, userId).where('o.id', '=', id).executeTakeFirst();
}

/** Locks the row until the transaction ends, so that what is read next is what will be changed. */
export async function lockOrganization(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.selectFrom('organizations').select('id').where('id', '=', id).forNoKeyUpdate().execute();
}

/** A new organization with its owner; false when the slug is taken. Only the platform's role may. */
export async function insertOrganization(
  tx: DatabaseTransaction,
  organization: {
    readonly id: string;
    readonly name: string;
    readonly slug: string;
    readonly businessType: string;
    readonly billingEmail: string | null;
  },
  owner: { readonly memberId: string; readonly userId: string },
): Promise<boolean> {
  const { id, name, slug, businessType, billingEmail } = organization;
  const inserted = await tx
    .insertInto('organizations')
    .values({ id, name, slug, business_type: businessType, billing_email: billingEmail })
    .onConflict((conflict) => conflict.column('slug').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) return false;
  await tx
    .insertInto('members')
    .values({ id: owner.memberId, organization_id: id, user_id: owner.userId, role: 'owner' })
    .execute();
  return true;
}

/** Changes what is given. Settings are merged into those that are there. */
export async function updateOrganization(
  tx: DatabaseTransaction,
  id: string,
  change: OrganizationChange,
): Promise<void> {
  const { name, slug, logo, businessType, billingEmail, defaultModelId, settings } = change;
  await tx
    .updateTable('organizations')
    .set({
      // Set in any case, so that a change of nothing is no statement without columns.
      name: name ?? sql<string>`name`,
      ...(slug === undefined ? {} : { slug }),
      ...(logo === undefined ? {} : { logo }),
      ...(businessType === undefined ? {} : { business_type: businessType }),
      ...(billingEmail === undefined ? {} : { billing_email: billingEmail }),
      ...(defaultModelId === undefined ? {} : { default_model_id: defaultModelId }),
      ...(settings === undefined ? {} : { settings: sql<never>`settings || ${JSON.stringify(settings)}::jsonb` }),
    })
    .where('id', '=', id)
    .execute();
}

/** Whether the caller may see and use the model: row level security leaves out disabled and archived ones. */
export async function isModelVisible(tx: DatabaseTransaction, modelId: string): Promise<boolean> {
  const row = await tx.selectFrom('models').select('id').where('id', '=', modelId).executeTakeFirst();
  return row !== undefined;
}

/** Sets or takes back the day of an organization's end. Whether that changed anything. */
export async function scheduleDeletion(tx: DatabaseTransaction, id: string, moment: Date | null): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select weir.schedule_organization_deletion(${id}, ${moment}) as changed`.execute(tx);
  return rows[0]?.changed === true;
}
