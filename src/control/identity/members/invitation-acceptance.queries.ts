// Owns: what accepting an invitation reads and writes through the platform's door: whoever holds the link is no member yet. Not: who may accept
// (invitation-acceptance.service.ts).

import { sql } from 'kysely';
import type { InvitationStatus, MemberRole, OrganizationStatus } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** An invitation with its organization, for the person who holds its link. */
export interface HeldInvitation {
  readonly id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly departmentId: string | null;
  readonly status: InvitationStatus;
  readonly expiresAt: Date;
  readonly organization: {
    readonly id: string;
    readonly name: string;
    readonly slug: string;
    readonly logo: string | null;
    readonly status: OrganizationStatus;
  };
}

/** By the hash of its token. */
export async function findInvitationByToken(
  tx: DatabaseTransaction,
  tokenHash: Buffer,
): Promise<HeldInvitation | undefined> {
  const { rows } = await sql<HeldInvitation>`
    select i.id, i.email, i.role, i.department_id as "departmentId", i.expires_at as "expiresAt",
           case when i.status = 'pending' and i.expires_at <= now() then 'expired' else i.status end as status,
           jsonb_build_object('id', o.id, 'name', o.name, 'slug', o.slug, 'logo', o.logo, 'status', o.status) as organization
      from weir.invitations i join weir.organizations o on o.id = i.organization_id
     where i.token_hash = ${tokenHash}`.execute(tx);
  return rows[0];
}

/** Uses it up. False when somebody else did, or it is over. */
export async function updateAcceptedInvitation(
  tx: DatabaseTransaction,
  id: string,
  tokenHash: Buffer,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invitations')
    .set({ status: 'accepted', accepted_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('token_hash', '=', tokenHash)
    .where('status', '=', 'pending')
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The address of a person, and whether it was shown to be theirs. */
export async function findAddress(
  tx: DatabaseTransaction,
  userId: string,
): Promise<{ readonly email: string; readonly isVerified: boolean } | undefined> {
  return tx
    .selectFrom('users')
    .select(['email', 'email_verified as isVerified'])
    .where('id', '=', userId)
    .executeTakeFirst();
}

/** Somebody who was invited back is no former member. */
export async function endFormerMember(
  tx: DatabaseTransaction,
  { organizationId, userId }: { readonly organizationId: string; readonly userId: string },
): Promise<void> {
  await tx
    .deleteFrom('former_members')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .execute();
}
