// Owns: reading audit rows, snake_case in, camelCase out. Not: who may (row level security, and the organization that services pass).

import { type SqlBool, sql } from 'kysely';
import type { AuditActorType } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { JsonValue } from '../../database/rows.generated.ts';

/** A row as readers get it. */
export interface AuditLog {
  readonly id: string;
  readonly organizationId: string | null;
  readonly sequence: bigint;
  /** ISO 8601 in UTC with microseconds: exact, so that it can be a place in the list. */
  readonly createdAt: string;
  readonly actorType: AuditActorType;
  readonly actorId: string | null;
  /** Null also where the reader may not see the person. */
  readonly actorName: string | null;
  readonly impersonatorId: string | null;
  readonly impersonatorName: string | null;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string | null;
  readonly before: JsonValue | null;
  readonly after: JsonValue | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly reason: string | null;
  /** Hexadecimal. */
  readonly hash: string;
}

/** What narrows a list; absent is no condition. */
export interface AuditLogFilter {
  /** Null: the platform's own log. Absent: all that the reader may see. */
  readonly organizationId?: string | null | undefined;
  readonly actorId?: string | undefined;
  readonly impersonatorId?: string | undefined;
  /** An act, or `noun.*`. */
  readonly action?: string | undefined;
  readonly targetType?: string | undefined;
  readonly targetId?: string | undefined;
  /** ISO 8601; `to` is exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Anywhere in action, target type or target id; upper and lower case alike. */
  readonly search?: string | undefined;
}

/** Rows come newest first; the page begins after this one. */
export type AuditLogPlace = readonly [createdAt: string, id: string];

const isoMicroseconds = sql<string>`to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Up to `limit` rows. Those of one transaction have one time: they come in the order of their chain. */
export async function listAuditLogs(
  tx: DatabaseTransaction,
  filter: AuditLogFilter,
  page: { readonly limit: number; readonly after: AuditLogPlace | null },
): Promise<AuditLog[]> {
  const rows = await tx
    .selectFrom('audit_logs as a')
    .leftJoin('users as actor', 'actor.id', 'a.actor_id')
    .leftJoin('users as impersonator', 'impersonator.id', 'a.impersonator_id')
    .select([
      ...(['a.id', 'a.organization_id as organizationId', 'a.sequence', 'a.actor_type as actorType'] as const),
      ...(['a.actor_id as actorId', 'actor.name as actorName', 'a.impersonator_id as impersonatorId'] as const),
      ...(['impersonator.name as impersonatorName', 'a.action', 'a.target_type as targetType'] as const),
      ...(['a.target_id as targetId', 'a.before', 'a.after', 'a.user_agent as userAgent', 'a.reason'] as const),
      ...(['a.request_id as requestId', 'a.hash'] as const),
      isoMicroseconds.as('createdAt'),
      sql<string | null>`host(a.ip)`.as('ip'),
    ])
    .where(matches(filter))
    .where(
      page.after === null
        ? sql<SqlBool>`true`
        : sql<SqlBool>`(a.created_at, a.sequence, a.id) <
            (${page.after[0]}, (select p.sequence from weir.audit_logs p where p.id = ${page.after[1]}), ${page.after[1]})`,
    )
    .orderBy('a.created_at', 'desc')
    .orderBy('a.sequence', 'desc')
    .orderBy('a.id', 'desc')
    .limit(page.limit)
    .execute();
  return rows.map((row) => ({ ...row, hash: row.hash.toString('hex') }));
}

function matches(filter: AuditLogFilter) {
  const conditions = [
    filter.organizationId === null && sql`a.organization_id is null`,
    filter.organizationId && sql`a.organization_id = ${filter.organizationId}`,
    filter.actorId && sql`a.actor_id = ${filter.actorId}`,
    filter.impersonatorId && sql`a.impersonator_id = ${filter.impersonatorId}`,
    filter.action && actionIs(filter.action),
    filter.targetType && sql`a.target_type = ${filter.targetType}`,
    filter.targetId && sql`a.target_id = ${filter.targetId}`,
    filter.from && sql`a.created_at >= ${filter.from}`,
    filter.to && sql`a.created_at < ${filter.to}`,
    filter.search &&
      sql`position(lower(${filter.search}) in lower(concat_ws(' ', a.action, a.target_type, a.target_id))) > 0`,
  ].filter((condition) => typeof condition === 'object' && condition !== null);
  return sql<SqlBool>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

/** Not by LIKE: `_` and `%` in an act's name are only letters. */
function actionIs(action: string) {
  return action.endsWith('.*') ? sql`starts_with(a.action, ${action.slice(0, -1)})` : sql`a.action = ${action}`;
}
