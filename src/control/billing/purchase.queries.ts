// Owns: reading purchases with what they opened, snake_case in, camelCase out. Not: who may see which (row level security, and the filter that services pass).

import { type SqlBool, sql } from 'kysely';
import type { ProductType, PurchaseStatus } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A purchase with the names around it. Where there are several rights of one purchase, the latest. */
export interface Purchase {
  readonly id: string;
  readonly productName: string;
  readonly amountCents: bigint;
  readonly currency: string;
  readonly status: PurchaseStatus;
  readonly userId: string | null;
  /** Null where the reader may not see the person. */
  readonly userName: string | null;
  readonly userEmail: string | null;
  readonly organizationId: string | null;
  readonly organizationName: string | null;
  readonly organizationSlug: string | null;
  readonly stripeSessionId: string | null;
  readonly stripePaymentIntentId: string | null;
  /** ISO 8601 in UTC with microseconds: exact, so that it can be a place in the list. */
  readonly createdAt: string;
  readonly completedAt: Date | null;
  readonly refundedAt: Date | null;
  readonly type: ProductType | null;
  readonly modelId: string | null;
  readonly plan: string | null;
  readonly creditType: string | null;
  readonly creditAmount: bigint | null;
  readonly entitlementId: string | null;
  readonly grantedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly isActive: boolean | null;
}

/** What narrows a list; absent is no condition. `to` is exclusive. */
export interface PurchaseFilter {
  readonly status?: PurchaseStatus | undefined;
  readonly userId?: string | undefined;
  readonly organizationId?: string | undefined;
  readonly modelId?: string | undefined;
  readonly productId?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Of one organization and one person's own. */
  readonly visibleTo?: PurchaseView;
}

/** Whose purchases somebody sees in an organization. */
export interface PurchaseView {
  readonly organizationId: string;
  /** Null: nobody's own, only the organization's. */
  readonly userId: string | null;
  readonly seesOrganization: boolean;
}

/** Purchases come newest first; the page begins after this one. */
export type PurchasePlace = readonly [createdAt: string, id: string];

/** Up to `limit` purchases. */
export async function listPurchases(
  tx: DatabaseTransaction,
  filter: PurchaseFilter,
  page: { readonly limit: number; readonly after: PurchasePlace | null },
): Promise<Purchase[]> {
  const { rows } = await sql<Purchase>`
    select p.id, p.product_name as "productName", p.amount_cents as "amountCents", p.currency, p.status,
        p.user_id as "userId", u.name as "userName", u.email as "userEmail",
        p.organization_id as "organizationId", o.name as "organizationName", o.slug as "organizationSlug",
        p.stripe_session_id as "stripeSessionId", p.stripe_payment_intent_id as "stripePaymentIntentId",
        to_char(p.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "createdAt",
        p.completed_at as "completedAt", p.refunded_at as "refundedAt",
        coalesce(s.type, case when e.model_id is not null then 'model' end) as type, coalesce(s.model_id, e.model_id) as "modelId",
        s.plan_slug as plan, s.credit_type as "creditType", s.credit_amount as "creditAmount",
        e.id as "entitlementId", e.granted_at as "grantedAt", e.expires_at as "expiresAt", e.revoked_at as "revokedAt",
        e.revoked_at is null and (e.expires_at is null or e.expires_at > now()) as "isActive"
      from weir.purchases p
      left join weir.products s on s.id = p.product_id
      left join lateral (
        select q.* from weir.entitlements q where q.purchase_id = p.id order by q.granted_at desc, q.id desc limit 1) e on true
      left join weir.users u on u.id = p.user_id
      left join weir.organizations o on o.id = p.organization_id
     where ${matches(filter)} and ${isAfter(page.after)}
     order by p.created_at desc, p.id desc limit ${page.limit}`.execute(tx);
  return rows;
}

function isAfter(place: PurchasePlace | null) {
  return place === null
    ? sql<SqlBool>`true`
    : sql<SqlBool>`(p.created_at, p.id) < (${place[0]}::timestamptz, ${place[1]}::uuid)`;
}

function matches({ visibleTo, ...filter }: PurchaseFilter) {
  const { status, userId, organizationId, modelId, productId, from, to } = filter;
  const conditions = [
    sql`true`,
    visibleTo !== undefined && isVisible(visibleTo),
    status !== undefined && sql`p.status = ${status}`,
    userId !== undefined && sql`p.user_id = ${userId}`,
    organizationId !== undefined && sql`p.organization_id = ${organizationId}`,
    modelId !== undefined && sql`${modelId} in (s.model_id, e.model_id)`,
    productId !== undefined && sql`p.product_id = ${productId}`,
    from !== undefined && sql`p.created_at >= ${from}`,
    to !== undefined && sql`p.created_at < ${to}`,
  ].filter((condition) => condition !== false);
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** A person's purchases for themselves are in every organization of theirs; those for an organization only there. */
function isVisible({ organizationId, userId, seesOrganization }: PurchaseView) {
  return sql`(p.organization_id = ${organizationId} and (${seesOrganization}::boolean or p.user_id = ${userId}::uuid)
    or p.organization_id is null and p.user_id = ${userId}::uuid)`;
}
