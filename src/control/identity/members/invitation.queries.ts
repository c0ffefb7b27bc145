// Owns: the rows of invitations, snake_case in, camelCase out. Not: who may be invited (invitation.rules.ts) or what tokens look like (invitation-token.ts).

import { type SqlBool, sql } from 'kysely';
import type { InvitationStatus, MemberRole } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';
import { containing } from './member.queries.ts';

/** Seven days, by the database's clock, which all replicas share. */
const lifetime = sql<Date>`now() + interval '7 days'`;

/** An invitation as admins see it. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly departmentId: string | null;
  readonly departmentName: string | null;
  readonly inviterId: string | null;
  /** Null when they have left. */
  readonly inviterName: string | null;
  /** `expired` from the moment on, whether or not a round has noted it. */
  readonly status: InvitationStatus;
  readonly expiresAt: Date;
  readonly sentCount: number;
  readonly lastSentAt: Date;
  readonly acceptedAt: Date | null;
  readonly createdAt: Date;
}

/** Which invitation. */
export interface InvitationKey {
  readonly organizationId: string;
  readonly id: string;
}

const statusNow = sql<InvitationStatus>`case when i.status = 'pending' and i.expires_at <= now() then 'expired' else i.status end`;

function selectInvitations(tx: DatabaseTransaction, organizationId: string) {
  return tx
    .selectFrom('invitations as i')
    .leftJoin('departments as d', (join) =>
      join.onRef('d.id', '=', 'i.department_id').onRef('d.organization_id', '=', 'i.organization_id'),
    )
    .leftJoin('users as u', 'u.id', 'i.inviter_id')
    .select(['i.id', 'i.email', 'i.role', 'i.department_id as departmentId', 'd.name as departmentName'])
    .select(['i.inviter_id as inviterId', 'u.name as inviterName', 'i.expires_at as expiresAt'])
    .select(['i.sent_count as sentCount', 'i.last_sent_at as lastSentAt', 'i.accepted_at as acceptedAt'])
    .select(['i.created_at as createdAt', statusNow.as('status')])
    .where('i.organization_id', '=', organizationId);
}

/** Up to `limit` invitations, newest first. */
export function listInvitations(
  tx: DatabaseTransaction,
  organizationId: string,
  page: {
    readonly status?: InvitationStatus | undefined;
    readonly search?: string | undefined;
    readonly limit: number;
    readonly before: string | null;
  },
): Promise<Invitation[]> {
  const { status, search, limit, before } = page;
  // Ids are of their time.
  let query = selectInvitations(tx, organizationId).orderBy('i.id', 'desc').limit(limit);
  if (status !== undefined) query = query.where(sql<SqlBool>`${statusNow} = ${status}`);
  if (search !== undefined && search !== '') query = query.where('i.email', 'ilike', containing(search));
  if (before !== null) query = query.where('i.id', '<', before);
  return query.execute();
}

/** One invitation. */
export function findInvitation(
  tx: DatabaseTransaction,
  { organizationId, id }: InvitationKey,
): Promise<Invitation | undefined> {
  return selectInvitations(tx, organizationId).where('i.id', '=', id).executeTakeFirst();
}

/** Which of the addresses have an invitation that is not over, and which. */
export async function listPendingInvitations(
  tx: DatabaseTransaction,
  organizationId: string,
  emails: readonly string[],
): Promise<Invitation[]> {
  return selectInvitations(tx, organizationId)
    .where('i.status', '=', 'pending')
    .where('i.email', 'in', emails)
    .execute();
}

/** Which of the addresses are members'. */
export async function listMemberEmails(
  tx: DatabaseTransaction,
  organizationId: string,
  emails: readonly string[],
): Promise<string[]> {
  const rows = await tx
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .select('u.email')
    .where('m.organization_id', '=', organizationId)
    .where('u.email', 'in', emails)
    .execute();
  return rows.map(({ email }) => email);
}

/** Which of the departments there are. */
export async function listDepartmentIds(
  tx: DatabaseTransaction,
  organizationId: string,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .selectFrom('departments')
    .select('id')
    .where('organization_id', '=', organizationId)
    .where('id', 'in', ids)
    .execute();
  return rows.map(({ id }) => id);
}

/** Mails sent for the organization's invitations within a day, at least. */
export async function countRecentInvitationMails(tx: DatabaseTransaction, organizationId: string): Promise<number> {
  const { sent } = await tx
    .selectFrom('invitations')
    .select(sql<number>`coalesce(sum(sent_count), 0)::integer`.as('sent'))
    .where('organization_id', '=', organizationId)
    .where('last_sent_at', '>', sql<Date>`now() - interval '1 day'`)
    .executeTakeFirstOrThrow();
  return sent;
}

/** A new invitation. */
export async function insertInvitation(
  tx: DatabaseTransaction,
  invitation: InvitationKey & {
    readonly email: string;
    readonly role: MemberRole;
    readonly departmentId: string | null;
    readonly tokenHash: Buffer;
    readonly inviterId: string;
  },
): Promise<void> {
  const { id, organizationId, email, role, departmentId, tokenHash, inviterId } = invitation;
  await tx
    .insertInto('invitations')
    .values({
      ...{ id, organization_id: organizationId, email, role, department_id: departmentId },
      ...{ token_hash: tokenHash, inviter_id: inviterId, expires_at: lifetime },
    })
    .execute();
}

/** Gives it another token and seven more days. Whether one may. */
export async function updateInvitationToken(
  tx: DatabaseTransaction,
  { organizationId, id }: InvitationKey,
  tokenHash: Buffer,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invitations')
    .set({ token_hash: tokenHash, status: 'pending', expires_at: lifetime, last_sent_at: sql<Date>`now()` })
    .set((row) => ({ sent_count: row('sent_count', '+', 1) }))
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('status', 'in', ['pending', 'expired'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes it back, unless it was accepted. Whether one may. */
export async function endInvitation(tx: DatabaseTransaction, { organizationId, id }: InvitationKey): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invitations')
    .set({ status: 'revoked' })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('status', 'in', ['pending', 'expired'])
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Takes back the pending invitations of somebody to roles that are above what they have now; `role` null: they are no member any more. Nobody comes back by an
 * invitation to themselves. Gives their ids.
 */
export async function endInvitationsAbove(
  tx: DatabaseTransaction,
  inviter: { readonly organizationId: string; readonly userId: string; readonly role: MemberRole | null },
): Promise<string[]> {
  const above: MemberRole[] = inviter.role === 'admin' ? ['owner'] : ['admin', 'owner'];
  const rows = await tx
    .updateTable('invitations')
    .set({ status: 'revoked' })
    .where('organization_id', '=', inviter.organizationId)
    .where('inviter_id', '=', inviter.userId)
    .where('status', '=', 'pending')
    .where('role', 'in', above)
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}

/**
 * Notes that up to `limit` invitations have run out, of one organization or of all. Gives how many. Each is locked before it is looked at: one that was sent again,
 * accepted or revoked while this waited stays as it is.
 */
export async function endOverdueInvitations(
  tx: DatabaseTransaction,
  { limit, organizationId = null }: { readonly limit: number; readonly organizationId?: string | null },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`update weir.invitations set status = 'expired'
    where id = any (array(select i.id from weir.invitations i
      where i.status = 'pending' and i.expires_at <= now() and (${organizationId}::uuid is null or i.organization_id = ${organizationId}::uuid)
      order by i.id limit ${limit} for update))`.execute(tx);
  return Number(numAffectedRows);
}
