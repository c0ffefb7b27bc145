// Owns: reading what happened, as the database lets each member see it. Not: which rows that are (weir.list_activity).

import { sql } from 'kysely';
import type { AuditActorType } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { AuditLogPlace } from './audit-log.queries.ts';

/** One thing that happened. */
export interface Activity {
  readonly id: string;
  /** ISO 8601 in UTC with microseconds. */
  readonly at: string;
  readonly actorType: AuditActorType;
  readonly actorId: string | null;
  readonly actorName: string | null;
  readonly impersonated: boolean;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string | null;
  readonly targetLabel: string | null;
}

/** Up to `limit`, newest first. */
export async function listActivity(
  tx: DatabaseTransaction,
  organizationId: string,
  page: { readonly limit: number; readonly after: AuditLogPlace | null },
): Promise<Activity[]> {
  const [at, id] = page.after ?? [null, null];
  const { rows } = await sql<Activity>`
    select id, to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as at, actor_type as "actorType", actor_id as "actorId",
           actor_name as "actorName", impersonated, action, target_type as "targetType", target_id as "targetId", target_label as "targetLabel"
      from weir.list_activity(${organizationId}::uuid, ${at}::timestamptz, ${id}::uuid, ${page.limit}::integer)
     order by created_at desc, id desc`.execute(tx);
  return rows;
}
