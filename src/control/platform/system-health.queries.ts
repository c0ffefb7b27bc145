// Owns: what only the database can tell of the platform's health. Not: what it means (system-health.rules.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** As it is now. */
export interface StoredHealth {
  readonly postgres: string;
  readonly holdsOpen: number;
  /** Holds that should have ended a minute ago. */
  readonly holdsOverdue: number;
  readonly mailPending: number;
  /** Pending for more than a quarter of an hour. */
  readonly mailLate: number;
  /** Given up within a day. */
  readonly mailFailed: number;
}

/** By the platform's door: nobody reads all holds. */
export async function getStoredHealth(tx: DatabaseTransaction): Promise<StoredHealth> {
  const { rows } = await sql<StoredHealth>`
    select current_setting('server_version') as postgres,
      (select count(*)::integer from weir.holds) as "holdsOpen",
      (select count(*)::integer from weir.holds where expires_at < now() - interval '1 minute') as "holdsOverdue",
      (select count(*)::integer from weir.mail_outbox where status = 'pending') as "mailPending",
      (select count(*)::integer from weir.mail_outbox
        where status = 'pending' and created_at < now() - interval '15 minutes') as "mailLate",
      (select count(*)::integer from weir.mail_outbox
        where status = 'failed' and created_at > now() - interval '1 day') as "mailFailed"`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error('a select without a table gave no row');
  return row;
}
