// Owns: the rows of tokens for the product API, snake_case in, camelCase out. Not: who may see them, or the secret, of which only the hash comes here.

import { sql } from 'kysely';
import type { ApiTokenRole, MemberRole, OrganizationStatus } from '../../../contracts/enumerations.ts';
import type { Database, DatabaseTransaction } from '../../../database/pool.ts';

/** A token, without its secret and hash. */
export interface ApiToken {
  readonly id: string;
  readonly organizationId: string;
  /** Whose personal token it is; null: the organization's. */
  readonly userId: string | null;
  readonly name: string;
  readonly role: ApiTokenRole;
  readonly prefix: string;
  readonly lastFour: string;
  readonly expiresAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
}

/** Whose tokens: an organization's, and of those one person's where `userId` is given. */
export interface TokenScope {
  readonly organizationId: string;
  readonly userId: string | null;
}

function selectTokens(tx: DatabaseTransaction, { organizationId, userId }: TokenScope) {
  const query = tx
    .selectFrom('api_tokens')
    .select(['id', 'organization_id as organizationId', 'user_id as userId', 'name', 'role', 'prefix'])
    .select(['last_four as lastFour', 'expires_at as expiresAt', 'last_used_at as lastUsedAt'])
    .select(['revoked_at as revokedAt', 'created_by as createdBy', 'created_at as createdAt'])
    .where('organization_id', '=', organizationId);
  return userId === null ? query : query.where('user_id', '=', userId);
}

/** Up to `limit` tokens, the newest first, after an id. */
export function listApiTokens(
  tx: DatabaseTransaction,
  scope: TokenScope,
  page: { readonly limit: number; readonly after: string | null },
): Promise<ApiToken[]> {
  const query = selectTokens(tx, scope).orderBy('id', 'desc').limit(page.limit);
  return (page.after === null ? query : query.where('id', '<', page.after)).execute();
}

/** One token. */
export function findApiToken(tx: DatabaseTransaction, scope: TokenScope, id: string): Promise<ApiToken | undefined> {
  return selectTokens(tx, scope).where('id', '=', id).executeTakeFirst();
}

/** A new token. */
export async function insertApiToken(
  tx: DatabaseTransaction,
  token: Pick<ApiToken, 'id' | 'organizationId' | 'userId' | 'name' | 'role' | 'prefix' | 'lastFour' | 'expiresAt'> & {
    readonly tokenHash: Buffer;
    readonly createdBy: string;
  },
): Promise<void> {
  await tx
    .insertInto('api_tokens')
    .values({
      ...{ id: token.id, organization_id: token.organizationId, user_id: token.userId, name: token.name },
      ...{ token_hash: token.tokenHash, prefix: token.prefix, last_four: token.lastFour, role: token.role },
      ...{ expires_at: token.expiresAt, created_by: token.createdBy },
    })
    .execute();
}

/** Ends a token; whether it had not ended before. */
export async function endApiToken(
  tx: DatabaseTransaction,
  { organizationId, id }: Pick<ApiToken, 'organizationId' | 'id'>,
  moment: Date,
): Promise<boolean> {
  const result = await tx
    .updateTable('api_tokens')
    .set({ revoked_at: moment })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** A token in use, with the person whose rights it is held to: its own, or its maker. */
export interface TokenInUse {
  readonly id: string;
  readonly isPersonal: boolean;
  readonly tokenRole: ApiTokenRole;
  readonly state: 'active' | 'expired' | 'revoked';
  /** Null where the maker's account is gone. */
  readonly actingUserId: string | null;
  readonly isBanned: boolean;
  readonly organizationId: string;
  readonly slug: string;
  readonly organizationStatus: OrganizationStatus;
  /** Null where the maker has left. */
  readonly memberRole: MemberRole | null;
}

/** Notes are this far apart, so that a busy token costs a write a minute. */
const USE_NOTED_EVERY = sql`interval '1 minute'`;

/** The token of a hash, in one statement that also notes its use. By the platform's connection: who asks is what is being asked. */
export async function findTokenInUse(database: Database, tokenHash: Buffer): Promise<TokenInUse | undefined> {
  const { rows } = await sql<TokenInUse>`
    with used as (
      update weir.api_tokens set last_used_at = now() where id = (
        select id from weir.api_tokens where token_hash = ${tokenHash} and revoked_at is null
          and (expires_at is null or expires_at > now())
          and (last_used_at is null or last_used_at < now() - ${USE_NOTED_EVERY}) for no key update skip locked)
    )
    select t.id, t.user_id is not null as "isPersonal", t.role as "tokenRole",
           case when t.revoked_at is not null then 'revoked' when t.expires_at <= now() then 'expired' else 'active' end as state,
           u.id as "actingUserId", o.id as "organizationId", o.slug, o.status as "organizationStatus", m.role as "memberRole",
           coalesce(u.banned and (u.ban_expires is null or u.ban_expires > now()), false) as "isBanned"
      from weir.api_tokens t
      join weir.organizations o on o.id = t.organization_id
      left join weir.users u on u.id = coalesce(t.user_id, t.created_by)
      left join weir.members m on m.organization_id = t.organization_id and m.user_id = u.id
     where t.token_hash = ${tokenHash}`.execute(database.kysely);
  return rows[0];
}
