// Owns: adding a row to the audit log. Not: reading it (audit-log.queries.ts), or its place in the chain (a trigger).

import { sql } from 'kysely';
import type { AuditActorType } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { JsonValue } from '../../database/rows.generated.ts';

/** A row as it is written; time, place in the chain and reason are the database's. */
export interface NewAuditLog {
  readonly id: string;
  readonly organizationId: string | null;
  readonly actorType: AuditActorType;
  readonly actorId: string | null;
  readonly impersonatorId: string | null;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string | null;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
}

/** Adds the row. It waits for others who are writing to the same chain, and they wait until this transaction ends. */
export async function insertAuditLog(tx: DatabaseTransaction, row: NewAuditLog): Promise<void> {
  const [before, after] = [row.before, row.after].map((value) => (value === null ? null : JSON.stringify(value)));
  // Not by insertInto: the columns that the trigger fills have no default, so its types ask for them.
  await sql`insert into weir.audit_logs
      (id, organization_id, actor_type, actor_id, impersonator_id, action, target_type, target_id, before, after, ip, user_agent, request_id)
    values (${row.id}, ${row.organizationId}, ${row.actorType}, ${row.actorId}, ${row.impersonatorId}, ${row.action}, ${row.targetType},
      ${row.targetId}, ${before}::jsonb, ${after}::jsonb, ${row.ip}::inet, ${row.userAgent}, ${row.requestId})`.execute(
    tx,
  );
}
