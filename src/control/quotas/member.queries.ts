// Owns: the one question about members that limits have. Not: members (identity).

import type { DatabaseTransaction } from '../../database/pool.ts';

/** Whether somebody is a member of an organization. */
export async function isMember(tx: DatabaseTransaction, organizationId: string, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('members')
    .select('user_id')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row !== undefined;
}
