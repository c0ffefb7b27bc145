// Owns: removing what identity keeps only for a while: sessions and tokens past their time, organizations past their grace. Not: when (the server's rounds).

import { sql } from 'kysely';
import type { Database } from '../../database/pool.ts';
import { withPlatform } from '../../database/principal.ts';
import type { Audit } from '../audit/index.ts';

/** The removals. Any replica may run them at any time; each gives how many rows went. */
export interface RetentionService {
  /** Sessions and verification tokens that ended a day ago or longer: nothing looks at them any more. */
  removeEnded(limit: number): Promise<number>;
  /** Organizations whose grace is over, one transaction and one audit row on the platform's chain each. Their usage events stay. */
  purgeOrganizations(limit: number): Promise<number>;
}

/** Over the given database. */
export function createRetentionService(options: {
  readonly database: Database;
  readonly audit: Audit;
}): RetentionService {
  const { database, audit } = options;
  return {
    removeEnded: (limit) =>
      withPlatform(database, 'remove sessions and tokens that ended', async (tx) => {
        const sessions = await sql`delete from weir.sessions where id = any (array(
          select id from weir.sessions where expires_at < now() - interval '1 day' limit ${limit}))`.execute(tx);
        const tokens = await sql`delete from weir.verifications where id = any (array(
          select id from weir.verifications where expires_at < now() - interval '1 day' limit ${limit}))`.execute(tx);
        return Number((sessions.numAffectedRows ?? 0n) + (tokens.numAffectedRows ?? 0n));
      }),
    async purgeOrganizations(limit) {
      for (let purged = 0; purged < limit; purged += 1) if (!(await purgeNext(database, audit))) return purged;
      return limit;
    },
  };
}

/** One organization, locked against other replicas and against being restored in the same moment. */
function purgeNext(database: Database, audit: Audit): Promise<boolean> {
  return withPlatform(database, 'remove an organization whose grace is over', async (tx) => {
    const { rows } = await sql<{ id: string; name: string; slug: string }>`
      select id, name, slug from weir.organizations where delete_after < now()
       order by delete_after limit 1 for update skip locked`.execute(tx);
    const [organization] = rows;
    if (organization === undefined) return false;
    const { id, ...before } = organization;
    await tx.deleteFrom('organizations').where('id', '=', id).execute();
    await audit.recordFor(
      tx,
      { type: 'system', id: null, request: null },
      { action: 'organization.purge', targetType: 'organization', targetId: id, before, organizationId: null },
    );
    return true;
  });
}
