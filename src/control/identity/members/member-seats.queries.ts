// Owns: how many people an organization's plan has room for, and how many are in or invited. Not: what happens when it is full (member.rules.ts).

import { sql } from 'kysely';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** Seats of an organization. */
export interface Seats {
  /** Null: without limit. */
  readonly max: number | null;
  readonly members: number;
  /** Pending and not overdue. */
  readonly invitations: number;
}

/** Counts them. Lock the organization first (`lockOrganization`): then nobody else takes a seat until the transaction ends. */
export async function getSeats(tx: DatabaseTransaction, organizationId: string): Promise<Seats> {
  const { rows } = await sql<Seats>`
    select p.max_members as max,
           (select count(*) from weir.members m where m.organization_id = o.id)::integer as members,
           (select count(*) from weir.invitations i
             where i.organization_id = o.id and i.status = 'pending' and i.expires_at > now())::integer as invitations
      from weir.organizations o join weir.plans p on p.slug = o.pricing_plan
     where o.id = ${organizationId}`.execute(tx);
  return rows[0] ?? { max: 0, members: 0, invitations: 0 };
}
