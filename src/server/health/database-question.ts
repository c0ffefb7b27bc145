// Owns: asking the database whether it serves: it answers, and is no standby that refuses what is written. Not: how often, or what follows (readiness.ts).

import { sql } from 'kysely';
import type { Database } from '../../database/pool.ts';

/** Rejects when the database does not answer, or takes no writes. */
export async function askForWrites({ kysely }: Database): Promise<void> {
  const { rows } = await sql<{ refuses: boolean }>`
    select current_setting('transaction_read_only')::boolean as refuses`.execute(kysely);
  if (rows[0]?.refuses !== false) throw new Error('the database takes no writes');
}
