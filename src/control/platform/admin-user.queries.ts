// Owns: reading people for the platform, snake_case in, camelCase out. Not: who may (row level security: superadmins see everybody), or changing them
// (admin-user-change.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { MemberRole, PlatformRole } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A person. */
export interface AdminUser {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly image: string | null;
  readonly platformRole: PlatformRole;
  readonly twoFactorEnabled: boolean;
  /** Now. */
  readonly isBanned: boolean;
  readonly banReason: string | null;
  readonly banExpires: Date | null;
  readonly organizationCount: number;
  /** ISO 8601 in UTC with microseconds: exact, so that it can be a place in the list. */
  readonly createdAt: string;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds. */
  readonly version: bigint;
}

/** What narrows a list; absent is no condition. */
export interface AdminUserFilter {
  readonly search?: string | undefined;
  readonly role?: PlatformRole | undefined;
  readonly banned?: boolean | undefined;
  readonly organizationId?: string | undefined;
  /** ISO 8601; `createdTo` is exclusive. */
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
}

/** People come newest first; the page begins after this one. */
export type AdminUserPlace = readonly [createdAt: string, id: string];

const isBanned = sql<boolean>`(u.banned and (u.ban_expires is null or u.ban_expires > now()))`;

function selectUsers(tx: DatabaseTransaction) {
  return tx
    .selectFrom('users as u')
    .select(['u.id', 'u.name', 'u.email', 'u.email_verified as emailVerified', 'u.image'])
    .select(['u.platform_role as platformRole', 'u.two_factor_enabled as twoFactorEnabled'])
    .select(['u.ban_reason as banReason', 'u.ban_expires as banExpires', 'u.updated_at as updatedAt'])
    .select([
      isBanned.as('isBanned'),
      sql<number>`(select count(*) from weir.members m where m.user_id = u.id)::integer`.as('organizationCount'),
      sql<string>`to_char(u.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`.as('createdAt'),
      sql<bigint>`(extract(epoch from u.updated_at) * 1000000)::bigint`.as('version'),
    ]);
}

/** Up to `limit` people. */
export function listUsers(
  tx: DatabaseTransaction,
  filter: AdminUserFilter,
  page: { readonly limit: number; readonly after: AdminUserPlace | null },
): Promise<AdminUser[]> {
  const place =
    page.after === null
      ? sql<SqlBool>`true`
      : sql<SqlBool>`(u.created_at, u.id) < (${page.after[0]}::timestamptz, ${page.after[1]}::uuid)`;
  return selectUsers(tx)
    .where(matches(filter))
    .where(place)
    .orderBy('u.created_at', 'desc')
    .orderBy('u.id', 'desc')
    .limit(page.limit)
    .execute();
}

function matches(filter: AdminUserFilter) {
  const { search, role, banned, organizationId, createdFrom, createdTo } = filter;
  const conditions = [
    search !== undefined && sql`position(lower(${search}) in lower(concat_ws(' ', u.name, u.email))) > 0`,
    role !== undefined && sql`u.platform_role = ${role}`,
    banned !== undefined && sql`${isBanned} = ${banned}`,
    organizationId !== undefined &&
      sql`exists (select 1 from weir.members m where m.organization_id = ${organizationId} and m.user_id = u.id)`,
    createdFrom !== undefined && sql`u.created_at >= ${createdFrom}`,
    createdTo !== undefined && sql`u.created_at < ${createdTo}`,
  ].filter((condition) => condition !== false);
  return sql<SqlBool>`${sql.join([sql`true`, ...conditions], sql` and `)}`;
}

/** One person. */
export function findUser(tx: DatabaseTransaction, id: string): Promise<AdminUser | undefined> {
  return selectUsers(tx).where('u.id', '=', id).executeTakeFirst();
}

/** An organization a person belongs to. */
export interface UserOrganization {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly role: MemberRole;
}

const ORGANIZATIONS_MAX = 500;

/** Where a person belongs, by name. */
export function listUserOrganizations(tx: DatabaseTransaction, userId: string): Promise<UserOrganization[]> {
  return tx
    .selectFrom('members as m')
    .innerJoin('organizations as o', 'o.id', 'm.organization_id')
    .select(['o.id', 'o.name', 'o.slug', 'm.role'])
    .where('m.user_id', '=', userId)
    .orderBy('o.name')
    .orderBy('o.id')
    .limit(ORGANIZATIONS_MAX)
    .execute();
}

/** How many live sessions of their own people have; who has none is left out. For superadmins. */
export async function countSessions(
  tx: DatabaseTransaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ userId: string; sessions: bigint }>`
    select user_id as "userId", sessions from weir.count_user_sessions(${userIds}::uuid[])`.execute(tx);
  return new Map(rows.map(({ userId, sessions }) => [userId, Number(sessions)]));
}

/** A live session of a person, or of who acts as them. */
export interface UserSession {
  readonly id: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly impersonatorId: string | null;
  readonly impersonationReason: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** The newest first, 500 at most. For superadmins. */
export async function listSessions(tx: DatabaseTransaction, userId: string): Promise<UserSession[]> {
  const { rows } = await sql<UserSession>`
    select id, ip_address as "ipAddress", user_agent as "userAgent", impersonator_id as "impersonatorId",
           impersonation_reason as "impersonationReason", created_at as "createdAt", expires_at as "expiresAt"
      from weir.list_user_sessions(${userId})`.execute(tx);
  return rows;
}
