// Owns: the one way in which superadmins change what no person's role may: by the platform's door, after another look at who asks. Not: the acts.

import { sql } from 'kysely';
import type { Caller } from '../../contracts/caller.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import { WeirError } from '../../primitives/errors.ts';

/** Who asks, and what for. */
export interface SuperadminAct {
  readonly database: Database;
  readonly caller: Caller;
  /** Kept with the audit row: "ban a person". */
  readonly reason: string;
}

/**
 * One transaction as the platform's role. Acts of superadmins come one after another, and each begins by asking the tables whether its caller is one still:
 * of two who demote each other, the second finds that they may no longer. Throws 403 `forbidden`.
 */
export function asSuperadmin<T>(
  { database, caller, reason }: SuperadminAct,
  work: (tx: DatabaseTransaction) => Promise<T>,
): Promise<T> {
  return withPlatform(database, reason, async (tx) => {
    // The lock of weir_private.check_a_superadmin_is_left.
    await sql`select pg_advisory_xact_lock(hashtextextended('weir superadmins', 0))`.execute(tx);
    const { rows } = await sql`select 1 from weir.users where id = ${caller.userId} and platform_role = 'superadmin'
      and not (banned and (ban_expires is null or ban_expires > now()))`.execute(tx);
    if (rows.length === 0 || caller.impersonatorId !== null) throw new WeirError('forbidden');
    return work(tx);
  });
}
