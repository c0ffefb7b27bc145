// Owns: reading a person for themselves: who they are, where they belong, who acts as them. Not: changing any of it.

import { sql } from 'kysely';
import type {
  MemberRole,
  MemberStatus,
  OrganizationStatus,
  PlanSlug,
  PlatformRole,
} from '../../contracts/enumerations.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';

/** A person. */
export interface Person {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly emailVerified: boolean;
  readonly image: string | null;
  readonly platformRole: PlatformRole;
  readonly twoFactorEnabled: boolean;
  readonly createdAt: Date;
}

/** A person's place in an organization. */
export interface Membership {
  readonly organizationId: string;
  readonly name: string;
  readonly slug: string;
  readonly logo: string | null;
  readonly pricingPlan: PlanSlug;
  readonly organizationStatus: OrganizationStatus;
  readonly deleteAfter: Date | null;
  readonly role: MemberRole;
  readonly status: MemberStatus;
  readonly pausedUntil: Date | null;
}

/** A session as its person sees it. */
export interface OwnSession {
  readonly id: string;
  readonly expiresAt: Date;
  readonly impersonatorId: string | null;
  readonly impersonatorName: string | null;
  readonly impersonationReason: string | null;
}

/** Memberships listed at most. */
const MEMBERSHIPS_MAX = 500;

/** The person themselves. */
export function findPerson(tx: DatabaseTransaction, userId: string): Promise<Person | undefined> {
  return tx
    .selectFrom('users')
    .select(['id', 'name', 'email', 'email_verified as emailVerified', 'image', 'platform_role as platformRole'])
    .select(['two_factor_enabled as twoFactorEnabled', 'created_at as createdAt'])
    .where('id', '=', userId)
    .executeTakeFirst();
}

/** Where they belong, by name. */
export function listMemberships(tx: DatabaseTransaction, userId: string): Promise<Membership[]> {
  return tx
    .selectFrom('members as m')
    .innerJoin('organizations as o', 'o.id', 'm.organization_id')
    .select(['o.id as organizationId', 'o.name', 'o.slug', 'o.logo', 'o.status as organizationStatus'])
    .select([sql<PlanSlug>`o.pricing_plan`.as('pricingPlan'), 'o.delete_after as deleteAfter'])
    .select(['m.role', 'm.status', 'm.paused_until as pausedUntil'])
    .where('m.user_id', '=', userId)
    .orderBy('o.name')
    .orderBy('o.id')
    .limit(MEMBERSHIPS_MAX)
    .execute();
}

/** A session of theirs. By the platform's connection: no person may read sessions, which belong to the auth library. */
export async function findOwnSession(database: Database, id: string, userId: string): Promise<OwnSession | undefined> {
  const { rows } = await sql<OwnSession>`
    select s.id, s.expires_at as "expiresAt", s.impersonated_by as "impersonatorId", i.name as "impersonatorName",
           s.impersonation_reason as "impersonationReason"
      from weir.sessions s left join weir.users i on i.id = s.impersonated_by
     where s.id = ${id} and s.user_id = ${userId}`.execute(database.kysely);
  return rows[0];
}
