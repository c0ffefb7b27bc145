// Owns: the rows of an organization's domains, snake_case in, camelCase out. Not: looking for proofs (src/network) or letting people join
// (domain-auto-join.ts).

import { type SqlBool, sql } from 'kysely';
import type { DomainVerificationMethod } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** A claimed domain. */
export interface OrganizationDomain {
  readonly id: string;
  readonly domain: string;
  /** What the proof says. No secret: it is published. */
  readonly verificationToken: string;
  readonly method: DomainVerificationMethod;
  readonly autoJoin: boolean;
  readonly verifiedAt: Date | null;
  readonly lastCheckedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Which domain. */
export interface DomainKey {
  readonly organizationId: string;
  readonly id: string;
}

function selectDomains(tx: DatabaseTransaction, organizationId: string) {
  return tx
    .selectFrom('organization_domains')
    .select(['id', 'domain', 'verification_token as verificationToken', 'method', 'auto_join as autoJoin'])
    .select(['verified_at as verifiedAt', 'last_checked_at as lastCheckedAt'])
    .select(['created_at as createdAt', 'updated_at as updatedAt'])
    .where('organization_id', '=', organizationId);
}

/** Up to `limit` domains, by name. */
export function listDomains(
  tx: DatabaseTransaction,
  organizationId: string,
  page: { readonly limit: number; readonly after: readonly [domain: string, id: string] | null },
): Promise<OrganizationDomain[]> {
  const { limit, after } = page;
  const query = selectDomains(tx, organizationId).orderBy('domain').orderBy('id').limit(limit);
  if (after === null) return query.execute();
  return query.where(sql<SqlBool>`(domain, id) > (${after[0]}, ${after[1]}::uuid)`).execute();
}

/** One domain. */
export function findDomain(
  tx: DatabaseTransaction,
  { organizationId, id }: DomainKey,
): Promise<OrganizationDomain | undefined> {
  return selectDomains(tx, organizationId).where('id', '=', id).executeTakeFirst();
}

/** How many an organization claims. */
export async function countDomains(tx: DatabaseTransaction, organizationId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('organization_domains')
    .select(sql<number>`count(*)::integer`.as('count'))
    .where('organization_id', '=', organizationId)
    .executeTakeFirstOrThrow();
  return count;
}

/** Whether another organization has proven the domain. Only the platform's role sees that. */
export async function isVerifiedElsewhere(
  tx: DatabaseTransaction,
  { domain, organizationId }: { readonly domain: string; readonly organizationId: string },
): Promise<boolean> {
  const row = await tx
    .selectFrom('organization_domains')
    .select('id')
    .where('domain', '=', domain)
    .where('organization_id', '<>', organizationId)
    .where('verified_at', 'is not', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** A new claim. */
export async function insertDomain(
  tx: DatabaseTransaction,
  claim: DomainKey & {
    readonly domain: string;
    readonly verificationToken: string;
    readonly method: DomainVerificationMethod;
  },
): Promise<void> {
  const { id, organizationId, domain, verificationToken, method } = claim;
  await tx
    .insertInto('organization_domains')
    .values({ id, organization_id: organizationId, domain, verification_token: verificationToken, method })
    .execute();
}

/** Changes what is given. */
export async function updateDomain(
  tx: DatabaseTransaction,
  { organizationId, id }: DomainKey,
  change: { readonly method?: DomainVerificationMethod | undefined; readonly autoJoin?: boolean | undefined },
): Promise<void> {
  const { method, autoJoin } = change;
  await tx
    .updateTable('organization_domains')
    .set({
      method: method ?? sql<DomainVerificationMethod>`method`,
      ...(autoJoin === undefined ? {} : { auto_join: autoJoin }),
    })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .execute();
}

/** Takes the right to look for a proof now; false when somebody did within so many seconds. Only the platform's role may. */
export async function updateDomainChecked(
  tx: DatabaseTransaction,
  { organizationId, id }: DomainKey,
  pauseSeconds: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('organization_domains')
    .set({ last_checked_at: sql<Date>`now()` })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where(
      sql<SqlBool>`(last_checked_at is null or last_checked_at <= now() - make_interval(secs => ${pauseSeconds}::integer))`,
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Marks it as proven; false when it is not there any more. Only the platform's role may. */
export async function updateDomainVerified(
  tx: DatabaseTransaction,
  { organizationId, id }: DomainKey,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('organization_domains')
    .set({ verified_at: sql<Date>`now()` })
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Ends a claim. Whether there was one. */
export async function endDomain(tx: DatabaseTransaction, { organizationId, id }: DomainKey): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('organization_domains')
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
