// Owns: the rows of requests for higher limits, snake_case in, camelCase out. Not: what they would raise (limit-target.queries.ts), or overrides.

import { sql } from 'kysely';
import type { LimitKind, LimitRequestStatus } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { type LimitHome, targetColumns } from './limit-override.queries.ts';

/** A request. */
export interface LimitRequest {
  readonly id: string;
  readonly organizationId: string;
  readonly organizationName: string;
  readonly userId: string;
  readonly userName: string | null;
  readonly userEmail: string | null;
  readonly kind: LimitKind;
  readonly target: string;
  readonly requested: bigint;
  readonly limitThen: bigint;
  readonly reason: string;
  readonly status: LimitRequestStatus;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly deciderId: string | null;
  readonly deciderName: string | null;
  readonly decisionReason: string | null;
  readonly overrideId: string | null;
  readonly overrideAmount: bigint | null;
  readonly overrideEndsAt: Date | null;
  readonly overrideRevokedAt: Date | null;
}

/** Which of them: those of a home, and of one person where that is all the asker may see. */
export interface RequestScope extends LimitHome {
  readonly userId: string | null;
}

/** What narrows a list. */
export interface RequestFilter {
  readonly status?: LimitRequestStatus | undefined;
  readonly kind?: LimitKind | undefined;
  readonly user?: string | undefined;
}

function selectRequests(tx: DatabaseTransaction, { organizationId, userId }: RequestScope) {
  let query = tx
    .selectFrom('limit_requests as r')
    .innerJoin('organizations as o', 'o.id', 'r.organization_id')
    .leftJoin('users as u', 'u.id', 'r.user_id')
    .leftJoin('users as d', 'd.id', 'r.decided_by')
    .leftJoin('limit_overrides as l', 'l.request_id', 'r.id')
    .select(['r.id', 'r.organization_id as organizationId', 'o.name as organizationName', 'r.user_id as userId'])
    .select(['u.name as userName', 'u.email as userEmail', 'r.kind', 'r.requested', 'r.limit_then as limitThen'])
    .select(['r.reason', 'r.status', 'r.created_at as createdAt', 'r.decided_at as decidedAt'])
    .select(['r.decided_by as deciderId', 'd.name as deciderName', 'r.decision_reason as decisionReason'])
    .select(['l.id as overrideId', 'l.amount as overrideAmount', 'l.ends_at as overrideEndsAt'])
    .select('l.revoked_at as overrideRevokedAt')
    .select(sql<string>`coalesce(r.template_id::text, r.model_id, r.budget_id::text, '')`.as('target'));
  if (userId !== null) query = query.where('r.user_id', '=', userId);
  return organizationId === null
    ? query.where('r.kind', '=', 'organization_quota')
    : query.where('r.organization_id', '=', organizationId);
}

/** The latest first, from after an id on. */
export function listRequests(
  tx: DatabaseTransaction,
  scope: RequestScope,
  filter: RequestFilter & { readonly limit: number; readonly after: string | null },
): Promise<LimitRequest[]> {
  const { status, kind, user, limit, after } = filter;
  let query = selectRequests(tx, scope);
  if (status !== undefined) query = query.where('r.status', '=', status);
  if (kind !== undefined) query = query.where('r.kind', '=', kind);
  if (user !== undefined) query = query.where('r.user_id', '=', user);
  if (after !== null) query = query.where('r.id', '<', after);
  return query.orderBy('r.id', 'desc').limit(limit).execute();
}

/** One of them; undefined when it is not there, or not in the scope. */
export function findRequest(
  tx: DatabaseTransaction,
  scope: RequestScope,
  id: string,
): Promise<LimitRequest | undefined> {
  return selectRequests(tx, scope).where('r.id', '=', id).executeTakeFirst();
}

/** What somebody asks for. */
export interface NewRequest {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly kind: LimitKind;
  readonly target: string;
  readonly requested: bigint;
  readonly limitThen: bigint;
  readonly reason: string;
}

/** Adds one. Violates `limit_requests_one_open` while the person has one for the same. */
export async function insertRequest(tx: DatabaseTransaction, request: NewRequest): Promise<void> {
  const { id, organizationId, userId, kind, requested, limitThen, reason } = request;
  await tx
    .insertInto('limit_requests')
    .values({
      ...{ id, organization_id: organizationId, user_id: userId, kind, requested, limit_then: limitThen, reason },
      ...targetColumns(request),
    })
    .execute();
}

/** Decides one that is open. False: somebody else has. */
export async function endRequest(
  tx: DatabaseTransaction,
  decision: {
    readonly id: string;
    readonly status: 'approved' | 'denied';
    readonly decidedBy: string;
    readonly reason: string | null;
  },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('limit_requests')
    .set({
      ...{ status: decision.status, decided_by: decision.decidedBy, decision_reason: decision.reason },
      decided_at: sql<Date>`now()`,
    })
    .where('id', '=', decision.id)
    .where('status', '=', 'open')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
