// Owns: finding the organization that somebody joins by the domain of their address. Not: joining.

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/**
 * The organization whose verified domain lets the address in: active, not one the person is or was a member of, nor one that has invited them, which is then
 * theirs to accept. At most one: a domain is verified once.
 */
export async function findOrganizationToJoin(
  tx: DatabaseTransaction,
  person: { readonly userId: string; readonly email: string; readonly domain: string },
): Promise<string | undefined> {
  const { userId, email, domain } = person;
  const { rows } = await sql<{ id: string }>`
    select o.id from weir.organization_domains d join weir.organizations o on o.id = d.organization_id
     where d.domain = ${domain} and d.verified_at is not null and d.auto_join
       and o.status = 'active' and o.delete_after is null
       and not exists (select from weir.members m where m.organization_id = o.id and m.user_id = ${userId})
       and not exists (select from weir.former_members f where f.organization_id = o.id and f.user_id = ${userId})
       and not exists (select from weir.invitations i where i.organization_id = o.id and i.email = ${email}
         and i.status = 'pending' and i.expires_at > now())`.execute(tx);
  return rows[0]?.id;
}
