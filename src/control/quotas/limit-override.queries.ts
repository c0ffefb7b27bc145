// Owns: the rows of limits that are raised for a time, snake_case in, camelCase out. Not: deciding by them (the gateway), or requests (limit-request.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { LimitKind } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** Whose requests and overrides a caller reaches: an organization's, or those of every organization's quota. */
export interface LimitHome {
  /** Null: the platform, outside organizations. */
  readonly organizationId: string | null;
}

/** A raised limit. */
export interface LimitOverride {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly userEmail: string | null;
  readonly kind: LimitKind;
  readonly target: string;
  readonly amount: bigint;
  readonly startsAt: Date;
  readonly endsAt: Date | null;
  readonly requestId: string | null;
  readonly granterId: string | null;
  readonly granterName: string | null;
  readonly revokedAt: Date | null;
  readonly isActive: boolean;
}

/** What narrows a list. */
export interface OverrideFilter {
  readonly state: 'active' | 'ended' | 'all';
  readonly kind?: LimitKind | undefined;
  readonly user?: string | undefined;
}

const isActive = (at: Date) =>
  sql<boolean>`(l.revoked_at is null and l.starts_at <= ${at} and (l.ends_at is null or l.ends_at > ${at}))`;

function selectOverrides(tx: DatabaseTransaction, { organizationId }: LimitHome, at: Date) {
  const query = tx
    .selectFrom('limit_overrides as l')
    .innerJoin('organizations as o', 'o.id', 'l.organization_id')
    .leftJoin('users as u', 'u.id', 'l.user_id')
    .leftJoin('users as g', 'g.id', 'l.granted_by')
    .select(['l.id', 'l.organization_id as organizationId', 'o.name as organizationName', 'l.user_id as userId'])
    .select(['u.name as userName', 'u.email as userEmail', 'l.kind', 'l.amount', 'l.starts_at as startsAt'])
    .select(['l.ends_at as endsAt', 'l.request_id as requestId', 'l.granted_by as granterId', 'g.name as granterName'])
    .select(['l.revoked_at as revokedAt', isActive(at).as('isActive')])
    .select(sql<string>`coalesce(l.template_id::text, l.model_id, l.budget_id::text, '')`.as('target'));
  return organizationId === null
    ? query.where('l.kind', '=', 'organization_quota')
    : query.where('l.organization_id', '=', organizationId);
}

/** The latest first, from after an id on. */
export function listOverrides(
  tx: DatabaseTransaction,
  home: LimitHome,
  filter: OverrideFilter & { readonly limit: number; readonly after: string | null; readonly at: Date },
): Promise<LimitOverride[]> {
  const { state, kind, user, limit, after, at } = filter;
  let query = selectOverrides(tx, home, at);
  if (state !== 'all') query = query.where(sql<SqlBool>`${isActive(at)} = ${state === 'active'}`);
  if (kind !== undefined) query = query.where('l.kind', '=', kind);
  if (user !== undefined) query = query.where('l.user_id', '=', user);
  if (after !== null) query = query.where('l.id', '<', after);
  return query.orderBy('l.id', 'desc').limit(limit).execute();
}

/** One of them; undefined when it is not there, or another's. */
export function findOverride(
  tx: DatabaseTransaction,
  home: LimitHome,
  { id, at }: { readonly id: string; readonly at: Date },
): Promise<LimitOverride | undefined> {
  return selectOverrides(tx, home, at).where('l.id', '=', id).executeTakeFirst();
}

/** What is raised, as its row has it. */
export interface NewOverride {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly kind: LimitKind;
  readonly target: string;
  readonly amount: bigint;
  readonly endsAt: Date | null;
  readonly requestId: string;
  readonly grantedBy: string;
}

/** Adds one, in force from the database's now on. */
export async function insertOverride(tx: DatabaseTransaction, override: NewOverride): Promise<void> {
  const { id, organizationId, userId, kind, amount, endsAt, requestId, grantedBy } = override;
  await tx
    .insertInto('limit_overrides')
    .values({
      ...{ id, organization_id: organizationId, kind, amount, ends_at: endsAt, request_id: requestId },
      ...{ user_id: kind === 'organization_quota' ? null : userId, granted_by: grantedBy, starts_at: sql<Date>`now()` },
      ...targetColumns(override),
    })
    .execute();
}

/** Ends one now. False: it was ended before. */
export async function endOverride(
  tx: DatabaseTransaction,
  { id, revokedBy }: { readonly id: string; readonly revokedBy: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('limit_overrides')
    .set({ revoked_at: sql<Date>`now()`, revoked_by: revokedBy })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The column that holds a target of a kind. */
export function targetColumns({ kind, target }: { readonly kind: LimitKind; readonly target: string }) {
  return {
    template_id: kind === 'template_limit' ? BigInt(target) : null,
    model_id: kind === 'daily_messages' ? target : null,
    budget_id: kind === 'budget' ? target : null,
  };
}
