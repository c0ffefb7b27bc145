// Owns: the rows of members, snake_case in, camelCase out. Not: who may change which of them (member.rules.ts and row level security).

import { type SqlBool, sql } from 'kysely';
import type { MemberRole, MemberStatus } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** A person in an organization. */
export interface Member {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly image: string | null;
  readonly role: MemberRole;
  readonly departmentId: string | null;
  readonly departmentName: string | null;
  /** As the gateway sees it now: a pause whose end has passed is none. */
  readonly status: MemberStatus;
  readonly pausedUntil: Date | null;
  readonly pauseReason: string | null;
  readonly joinedAt: Date;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds: what an `ETag` is made of. */
  readonly version: bigint;
}

/** Which member. */
export interface MemberKey {
  readonly organizationId: string;
  readonly userId: string;
}

/** Which members of an organization, and after which place in the order of names. */
export interface MemberFilter {
  readonly search?: string | undefined;
  readonly role?: MemberRole | undefined;
  /** `none`: those without one. */
  readonly departmentId?: string | undefined;
  readonly status?: MemberStatus | undefined;
}

const isPaused = sql<SqlBool>`(m.status = 'paused' and (m.paused_until is null or m.paused_until > now()))`;

/** A text as a pattern that is found anywhere, its own wildcards being letters. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;

function selectMembers(tx: DatabaseTransaction, organizationId: string) {
  return tx
    .selectFrom('members as m')
    .innerJoin('users as u', 'u.id', 'm.user_id')
    .leftJoin('departments as d', (join) =>
      join.onRef('d.id', '=', 'm.department_id').onRef('d.organization_id', '=', 'm.organization_id'),
    )
    .select(['m.user_id as userId', 'u.name', 'u.email', 'u.image', 'm.role'])
    .select(['m.department_id as departmentId', 'd.name as departmentName'])
    .select(sql<MemberStatus>`case when ${isPaused} then 'paused' else 'active' end`.as('status'))
    .select(sql<Date | null>`case when ${isPaused} then m.paused_until end`.as('pausedUntil'))
    .select(sql<string | null>`case when ${isPaused} then m.pause_reason end`.as('pauseReason'))
    .select(['m.joined_at as joinedAt', 'm.updated_at as updatedAt'])
    .select(sql<bigint>`(extract(epoch from m.updated_at) * 1000000)::bigint`.as('version'))
    .where('m.organization_id', '=', organizationId);
}

/** Up to `limit` members, by name. */
export function listMembers(
  tx: DatabaseTransaction,
  organizationId: string,
  page: MemberFilter & { readonly limit: number; readonly after: readonly [name: string, userId: string] | null },
): Promise<Member[]> {
  const { search, role, departmentId, status, limit, after } = page;
  let query = selectMembers(tx, organizationId).orderBy('u.name').orderBy('m.user_id').limit(limit);
  if (search !== undefined && search !== '') {
    const pattern = containing(search);
    query = query.where((or) => or.or([or('u.name', 'ilike', pattern), or('u.email', 'ilike', pattern)]));
  }
  if (role !== undefined) query = query.where('m.role', '=', role);
  if (departmentId === 'none') query = query.where('m.department_id', 'is', null);
  else if (departmentId !== undefined) query = query.where('m.department_id', '=', departmentId);
  if (status !== undefined) query = query.where(status === 'paused' ? isPaused : sql<SqlBool>`not ${isPaused}`);
  if (after !== null) query = query.where(sql<SqlBool>`(u.name, m.user_id) > (${after[0]}, ${after[1]}::uuid)`);
  return query.execute();
}

/** One member. */
export function findMember(
  tx: DatabaseTransaction,
  { organizationId, userId }: MemberKey,
): Promise<Member | undefined> {
  return selectMembers(tx, organizationId).where('m.user_id', '=', userId).executeTakeFirst();
}

/** Changes what is given. Whether there was such a member that one may change. */
export async function updateMember(
  tx: DatabaseTransaction,
  { organizationId, userId }: MemberKey,
  change: { readonly role?: MemberRole | undefined; readonly departmentId?: string | null | undefined },
): Promise<boolean> {
  const { role, departmentId } = change;
  const { numUpdatedRows } = await tx
    .updateTable('members')
    .set({
      role: role ?? sql<MemberRole>`role`,
      ...(departmentId === undefined ? {} : { department_id: departmentId }),
    })
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Pauses, or with null ends the pause. Whether there was such a member that one may change. */
export async function updateMemberPause(
  tx: DatabaseTransaction,
  { organizationId, userId }: MemberKey,
  pause: { readonly until: Date | null; readonly reason: string | null } | null,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('members')
    .set({
      status: pause === null ? 'active' : 'paused',
      paused_until: pause?.until ?? null,
      pause_reason: pause?.reason ?? null,
    })
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends a membership; keys and tokens of the person there end with it. Whether there was one that one may end. */
export async function endMember(tx: DatabaseTransaction, { organizationId, userId }: MemberKey): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('members')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

/** Adds a member. False when they are one already. Only the platform's role may. */
export async function insertMember(
  tx: DatabaseTransaction,
  member: MemberKey & {
    readonly id: string;
    readonly role: MemberRole;
    readonly departmentId: string | null;
  },
): Promise<boolean> {
  const { id, organizationId, userId, role, departmentId } = member;
  const { numInsertedOrUpdatedRows = 0n } = await tx
    .insertInto('members')
    .values({ id, organization_id: organizationId, user_id: userId, role, department_id: departmentId })
    .onConflict((conflict) => conflict.columns(['organization_id', 'user_id']).doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows > 0n;
}

/** Organizations in which a pause has run out, up to `limit`. */
export async function listOrganizationsToResume(tx: DatabaseTransaction, limit: number): Promise<string[]> {
  const rows = await tx
    .selectFrom('members')
    .select('organization_id as id')
    .distinct()
    .where('status', '=', 'paused')
    .where('paused_until', '<=', sql<Date>`now()`)
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Ends the pauses of an organization that have run out. Gives whose. */
export async function endOverduePauses(
  tx: DatabaseTransaction,
  organizationId: string,
): Promise<{ readonly userId: string; readonly email: string }[]> {
  return tx
    .updateTable('members as m')
    .from('users as u')
    .set({ status: 'active', paused_until: null, pause_reason: null })
    .whereRef('u.id', '=', 'm.user_id')
    .where('m.organization_id', '=', organizationId)
    .where('m.status', '=', 'paused')
    .where('m.paused_until', '<=', sql<Date>`now()`)
    .returning(['u.id as userId', 'u.email'])
    .execute();
}

/** What mails to members call their organization. */
export async function getOrganizationName(tx: DatabaseTransaction, organizationId: string): Promise<string> {
  const { name } = await tx
    .selectFrom('organizations')
    .select('name')
    .where('id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return name;
}
