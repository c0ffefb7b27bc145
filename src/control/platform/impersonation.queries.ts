// Owns: the rows of sessions in which superadmins act as somebody. Not: other sessions (the auth library), or that they end (migration 000080).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A session in which somebody acts as another. */
export interface NewImpersonation {
  readonly id: string;
  readonly token: string;
  readonly userId: string;
  readonly impersonatorId: string;
  readonly impersonatorSessionId: string;
  readonly reason: string;
  readonly minutes: number;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

/** Begins it; it ends after its minutes, or with the own session. Gives its end; undefined when the own session has ended or is itself an impersonation. */
export async function insertImpersonation(
  tx: DatabaseTransaction,
  session: NewImpersonation,
): Promise<Date | undefined> {
  const { id, token, userId, impersonatorId, impersonatorSessionId, reason, minutes, ip, userAgent } = session;
  const { rows } = await sql<{ expiresAt: Date }>`
    insert into weir.sessions (id, user_id, token, expires_at, ip_address, user_agent, impersonated_by, impersonation_reason, impersonator_session_id)
    select ${id}, ${userId}, ${token}, least(now() + ${minutes} * interval '1 minute', own.expires_at), ${ip}, ${userAgent}, own.user_id,
           ${reason}, own.id
      from weir.sessions own
     where own.id = ${impersonatorSessionId} and own.user_id = ${impersonatorId} and own.expires_at > now() and own.impersonated_by is null
    returning expires_at as "expiresAt"`.execute(tx);
  return rows[0]?.expiresAt;
}

/** The own session that an impersonation came from, while it lives. */
export interface OwnSession {
  readonly token: string;
  readonly secondsLeft: number;
}

/** Where an impersonation leads back to. */
export async function findReturn(tx: DatabaseTransaction, sessionId: string): Promise<OwnSession | undefined> {
  const { rows } = await sql<OwnSession>`
    select own.token, floor(extract(epoch from own.expires_at - now()))::integer as "secondsLeft"
      from weir.sessions s join weir.sessions own on own.id = s.impersonator_session_id and own.user_id = s.impersonated_by
     where s.id = ${sessionId} and own.expires_at > now()`.execute(tx);
  return rows[0];
}

/** Ends an impersonation. */
export async function endImpersonation(tx: DatabaseTransaction, sessionId: string): Promise<void> {
  await sql`delete from weir.sessions where id = ${sessionId} and impersonated_by is not null`.execute(tx);
}
