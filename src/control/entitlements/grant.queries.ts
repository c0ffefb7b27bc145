// Owns: the rows of rights to a model as superadmins give and end them, snake_case in, camelCase out. Not: which right wins (contracts/entitlements), or purchases.

import { type SqlBool, sql } from 'kysely';
import type { EntitlementSource, ModelTier } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** Who a right is for. */
export type GrantHolder =
  | { readonly userId: string; readonly organizationId: null }
  | { readonly userId: null; readonly organizationId: string };

/** A right with its holder. */
export interface Grant {
  readonly id: string;
  readonly modelId: string;
  readonly source: EntitlementSource;
  readonly user: { readonly id: string; readonly name: string; readonly email: string } | null;
  readonly organization: { readonly id: string; readonly name: string; readonly slug: string } | null;
  readonly notes: string;
  readonly grantedBy: { readonly id: string; readonly name: string } | null;
  readonly grantedAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly isActive: boolean;
}

/** What narrows a list. */
export interface GrantFilter {
  readonly state: 'active' | 'ended' | 'all';
  readonly source?: EntitlementSource | undefined;
}

const isActive = sql<boolean>`(e.revoked_at is null and (e.expires_at is null or e.expires_at > now()))`;

function selectGrants(tx: DatabaseTransaction) {
  return tx
    .selectFrom('entitlements as e')
    .leftJoin('products as p', 'p.id', 'e.product_id')
    .leftJoin('users as u', 'u.id', 'e.user_id')
    .leftJoin('organizations as o', 'o.id', 'e.organization_id')
    .leftJoin('users as g', 'g.id', 'e.granted_by')
    .select(['e.id', 'e.source', 'e.notes', 'e.granted_at as grantedAt', 'e.expires_at as expiresAt'])
    .select(['e.revoked_at as revokedAt', 'e.user_id as userId', 'u.name as userName', 'u.email as userEmail'])
    .select(['e.organization_id as organizationId', 'o.name as organizationName', 'o.slug as organizationSlug'])
    .select(['e.granted_by as granterId', 'g.name as granterName', isActive.as('isActive')])
    .select(sql<string>`coalesce(e.model_id, p.model_id)`.as('modelId'))
    .where(sql<SqlBool>`coalesce(e.model_id, p.model_id) is not null`);
}

type GrantRow = Awaited<ReturnType<ReturnType<typeof selectGrants>['execute']>>[number];

function toGrant(row: GrantRow): Grant {
  const {
    userId,
    userName,
    userEmail,
    organizationId,
    organizationName,
    organizationSlug,
    granterId,
    granterName,
    ...grant
  } = row;
  return {
    ...grant,
    user: userId === null ? null : { id: userId, name: userName ?? '', email: userEmail ?? '' },
    organization:
      organizationId === null
        ? null
        : { id: organizationId, name: organizationName ?? '', slug: organizationSlug ?? '' },
    grantedBy: granterId === null ? null : { id: granterId, name: granterName ?? '' },
  };
}

/** Up to `limit` rights to a model, the latest first. */
export async function listGrants(
  tx: DatabaseTransaction,
  modelId: string,
  page: GrantFilter & { readonly limit: number; readonly after: string | null },
): Promise<Grant[]> {
  const { state, source, limit, after } = page;
  let query = selectGrants(tx)
    .where(sql<SqlBool>`coalesce(e.model_id, p.model_id) = ${modelId}`)
    .orderBy('e.id', 'desc')
    .limit(limit);
  if (state !== 'all') query = query.where(state === 'active' ? isActive : sql<SqlBool>`not ${isActive}`);
  if (source !== undefined) query = query.where('e.source', '=', source);
  if (after !== null) query = query.where(sql<SqlBool>`e.id < ${after}::uuid`);
  return (await query.execute()).map(toGrant);
}

/** One right to a model. */
export async function findGrant(tx: DatabaseTransaction, id: string): Promise<Grant | undefined> {
  const row = await selectGrants(tx).where('e.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toGrant(row);
}

/** The model that a right is given to; archived ones are not there. It stays so until the transaction ends: who takes a model away looks for rights to it first. */
export async function findGrantableModel(
  tx: DatabaseTransaction,
  id: string,
): Promise<{ readonly id: string; readonly tier: ModelTier } | undefined> {
  return tx
    .selectFrom('models')
    .select(['id', 'tier'])
    .where('id', '=', id)
    .where('archived_at', 'is', null)
    .forShare()
    .executeTakeFirst();
}

/** Whether the catalog has the model, in the archive as well: rights of the past are read there. */
export async function modelExists(tx: DatabaseTransaction, id: string): Promise<boolean> {
  return (await tx.selectFrom('models').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

/** The id of a person, by id or address. */
export async function findPersonId(
  tx: DatabaseTransaction,
  by: { readonly userId: string } | { readonly email: string },
): Promise<string | undefined> {
  const people = tx.selectFrom('users').select('id');
  const person = await ('userId' in by
    ? people.where('id', '=', by.userId)
    : people.where(sql<SqlBool>`lower(email) = ${by.email.toLowerCase()}`)
  ).executeTakeFirst();
  return person?.id;
}

/** Whether there is such an organization. */
export async function organizationExists(tx: DatabaseTransaction, id: string): Promise<boolean> {
  return (await tx.selectFrom('organizations').select('id').where('id', '=', id).executeTakeFirst()) !== undefined;
}

/** Adds a right, in force at once. What of the same source had run out is closed by a trigger. */
export async function insertGrant(
  tx: DatabaseTransaction,
  grant: {
    readonly id: string;
    readonly modelId: string;
    readonly holder: GrantHolder;
    readonly source: EntitlementSource;
    readonly notes: string;
    /** ISO 8601; null: without end. */
    readonly expiresAt: string | null;
    readonly grantedBy: string;
  },
): Promise<void> {
  const { id, modelId, holder, source, notes, expiresAt, grantedBy } = grant;
  await tx
    .insertInto('entitlements')
    .values({
      ...{ id, model_id: modelId, user_id: holder.userId, organization_id: holder.organizationId },
      ...{ source, notes, expires_at: expiresAt, granted_by: grantedBy },
    })
    .execute();
}

/** Ends a right that is in force. False: it had ended. */
export async function endGrant(tx: DatabaseTransaction, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('entitlements')
    .set({ revoked_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where(sql<SqlBool>`(expires_at is null or expires_at > now())`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
