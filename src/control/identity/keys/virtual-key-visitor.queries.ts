// Owns: reading a virtual key that is sent to the product API, with whom it acts for. Not: the gateway's reading of keys, which is from memory, or what follows.

import { sql } from 'kysely';
import type { MemberRole, OrganizationStatus } from '../../../contracts/enumerations.ts';
import type { Database } from '../../../database/pool.ts';

/** A key in use, with the person whose rights it is held to: its own, or, of a service key, its maker. */
export interface KeyInUse {
  readonly id: string;
  readonly isPersonal: boolean;
  readonly state: 'active' | 'expired' | 'revoked';
  /** Null where the maker's account is gone. */
  readonly actingUserId: string | null;
  readonly isBanned: boolean;
  readonly organizationId: string;
  readonly slug: string;
  readonly organizationStatus: OrganizationStatus;
  /** Null where the maker has left. */
  readonly memberRole: MemberRole | null;
  /** Whether it may be sent from the address. */
  readonly isAddressAllowed: boolean;
  /** Whether it was made for some routes, models or templates alone. */
  readonly isConfined: boolean;
  /** Names; null: all. */
  readonly allowedFeatures: readonly string[] | null;
}

/** The key of a hash, in one statement. By the platform's connection: who asks is what is being asked. */
export async function findKeyInUse(
  database: Database,
  keyHash: Buffer,
  ip: string | null,
): Promise<KeyInUse | undefined> {
  const { rows } = await sql<KeyInUse>`
    select k.id, k.user_id is not null as "isPersonal", k.allowed_features as "allowedFeatures",
      case when k.revoked_at is not null then 'revoked'
        when least(k.expires_at, k.grace_until) <= now() then 'expired' else 'active' end as state,
      u.id as "actingUserId", coalesce(u.banned and (u.ban_expires is null or u.ban_expires > now()), false) as "isBanned",
      o.id as "organizationId", o.slug, o.status as "organizationStatus", m.role as "memberRole",
      k.ip_ranges is null or coalesce(${ip}::inet <<= any (k.ip_ranges), false) as "isAddressAllowed",
      num_nonnulls(k.allowed_routes, k.allowed_models, k.allowed_templates) > 0 as "isConfined"
    from weir.virtual_keys k
      join weir.organizations o on o.id = k.organization_id
      left join weir.users u on u.id = coalesce(k.user_id, k.created_by)
      left join weir.members m on m.organization_id = k.organization_id and m.user_id = u.id
    where k.key_hash = ${keyHash}`.execute(database.kysely);
  return rows[0];
}
