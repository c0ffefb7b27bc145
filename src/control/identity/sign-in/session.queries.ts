// Owns: reading a session with its person and memberships in one statement. Not: what a session token looks like on the wire (session-cookie.ts).

import { sql } from 'kysely';
import type { MemberRole, OrganizationStatus, PlatformRole } from '../../../contracts/enumerations.ts';
import type { Database } from '../../../database/pool.ts';

/** A session with one membership; a row a membership, one with nulls when there is none. */
export interface SessionRow {
  readonly sessionId: string;
  readonly userId: string;
  readonly platformRole: PlatformRole;
  readonly isBanned: boolean;
  readonly impersonatorId: string | null;
  readonly organizationId: string | null;
  readonly role: MemberRole | null;
  readonly status: OrganizationStatus | null;
}

/**
 * The live session of a token. An impersonation also ends with its impersonator's platform role. `organization` is an id or slug; null asks for up to two
 * memberships. By the platform's connection: who the person is is what is being asked.
 */
export async function findSession(
  database: Database,
  token: string,
  organization: { readonly id: string | null; readonly slug: string | null } | null,
): Promise<SessionRow[]> {
  const isAny = organization === null;
  const { rows } = await sql<SessionRow>`
    select s.id as "sessionId", s.user_id as "userId", s.impersonated_by as "impersonatorId",
           case when s.impersonated_by is null then u.platform_role else 'user' end as "platformRole",
           u.banned and (u.ban_expires is null or u.ban_expires > now()) as "isBanned",
           m.organization_id as "organizationId", m.role, m.status
      from weir.sessions s
      join weir.users u on u.id = s.user_id
      left join weir.users i on i.id = s.impersonated_by
      left join lateral (
        select m.organization_id, m.role, o.status
          from weir.members m join weir.organizations o on o.id = m.organization_id
         where m.user_id = s.user_id
           and (${isAny} or o.id = ${organization?.id ?? null}::uuid or o.slug = ${organization?.slug ?? null})
         order by m.joined_at, m.id limit 2
      ) m on true
     where s.token = ${token} and s.expires_at > now()
       and (s.impersonated_by is null or (i.platform_role in ('platform_admin', 'superadmin')
         and not (i.banned and (i.ban_expires is null or i.ban_expires > now()))))`.execute(database.kysely);
  return rows;
}
