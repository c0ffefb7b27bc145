// Owns: the rows of virtual keys and of the budget one is made with, snake_case in, camelCase out. Not: who may see them (row level security, and the ids that
// services pass), or the secret, of which only the hash comes here.

import { sql } from 'kysely';
import type {
  BudgetEnforcement,
  BudgetPeriod,
  KeyEnvironment,
  KeyOwnerType,
  MemberRole,
  MemberStatus,
  OrganizationStatus,
} from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** What a key is held to; null: no bound. */
export interface KeyBounds {
  readonly allowedModels: readonly string[] | null;
  readonly allowedTemplates: readonly string[] | null;
  readonly allowedFeatures: readonly string[] | null;
  readonly allowedRoutes: readonly string[] | null;
  /** As CIDR. */
  readonly ipRanges: readonly string[] | null;
  readonly requestsPerMinute: bigint | null;
  readonly tokensPerMinute: bigint | null;
  readonly canActForMembers: boolean;
  readonly departmentId: string | null;
  readonly expiresAt: Date | null;
}

/** A key, without its secret and hash. */
export interface VirtualKey extends KeyBounds {
  readonly id: string;
  readonly organizationId: string;
  readonly ownerType: KeyOwnerType;
  readonly userId: string | null;
  readonly userName: string | null;
  readonly name: string;
  readonly environment: KeyEnvironment;
  readonly prefix: string;
  readonly lastFour: string;
  /** Of this key or one that it was rotated from. */
  readonly budget: KeyBudget | null;
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly rotatedFrom: string | null;
  readonly graceUntil: Date | null;
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds: what an `ETag` is made of. */
  readonly version: bigint;
}

/** What a key may cost in a period. */
export interface KeyBudget {
  readonly id: string;
  readonly amountNanoUsd: bigint;
  readonly period: BudgetPeriod;
  readonly enforcement: BudgetEnforcement;
}

/** A key to insert. */
export interface NewVirtualKey extends KeyBounds {
  readonly id: string;
  readonly organizationId: string;
  readonly userId: string | null;
  readonly name: string;
  readonly environment: KeyEnvironment;
  readonly keyHash: Buffer;
  readonly prefix: string;
  readonly lastFour: string;
  readonly rotatedFrom: string | null;
  readonly createdBy: string;
}

/** What decides besides the key itself whether it is accepted. */
export interface KeyStanding {
  readonly organizationStatus: OrganizationStatus;
  readonly memberStatus: MemberStatus | null;
  readonly pausedUntil: Date | null;
  readonly isBanned: boolean;
}

/** Whose keys: an organization's, and of those one person's where `userId` is given. */
export interface KeyScope {
  readonly organizationId: string;
  readonly userId: string | null;
}

/** The budget is the line's: it stays with the key that it was made for, and binds what that key is rotated into. */
const BUDGET = sql<KeyBudget | null>`(
  with recursive line as (
    select k.id, k.rotated_from union select p.id, p.rotated_from from line join weir.virtual_keys p on p.id = line.rotated_from
  )
  select jsonb_build_object('id', b.id, 'amountNanoUsd', b.amount_nano_usd::text, 'period', b.period, 'enforcement', b.enforcement)
    from weir.budgets b join line on line.id = b.virtual_key_id where b.is_active order by b.created_at, b.id limit 1)`;

function selectKeys(tx: DatabaseTransaction, { organizationId, userId }: KeyScope) {
  const query = tx
    .selectFrom('virtual_keys as k')
    .leftJoin('users as u', 'u.id', 'k.user_id')
    .select(['k.id', 'k.organization_id as organizationId', 'k.owner_type as ownerType', 'k.user_id as userId'])
    .select(['u.name as userName', 'k.name', 'k.environment', 'k.prefix', 'k.last_four as lastFour'])
    .select(['k.allowed_models as allowedModels', 'k.allowed_templates as allowedTemplates'])
    .select(['k.allowed_features as allowedFeatures', 'k.allowed_routes as allowedRoutes'])
    .select(['k.requests_per_minute as requestsPerMinute', 'k.tokens_per_minute as tokensPerMinute'])
    .select(['k.can_act_for_members as canActForMembers', 'k.department_id as departmentId'])
    .select(['k.expires_at as expiresAt', 'k.last_used_at as lastUsedAt', 'k.revoked_at as revokedAt'])
    .select(['k.rotated_from as rotatedFrom', 'k.grace_until as graceUntil', 'k.created_by as createdBy'])
    .select(['k.created_at as createdAt', 'k.updated_at as updatedAt'])
    .select([
      sql<string[] | null>`k.ip_ranges::text[]`.as('ipRanges'),
      sql<bigint>`(extract(epoch from k.updated_at) * 1000000)::bigint`.as('version'),
      BUDGET.as('budget'),
    ])
    .where('k.organization_id', '=', organizationId);
  return userId === null ? query : query.where('k.user_id', '=', userId);
}

/** Amounts travel as text in JSON. */
function toKey<Row extends { readonly budget: KeyBudget | null }>(row: Row): Row {
  const { budget } = row;
  return budget === null ? row : { ...row, budget: { ...budget, amountNanoUsd: BigInt(budget.amountNanoUsd) } };
}

/** Up to `limit` keys, the newest first, after an id. */
export async function listVirtualKeys(
  tx: DatabaseTransaction,
  scope: KeyScope,
  page: { readonly limit: number; readonly after: string | null; readonly environment: KeyEnvironment | null },
): Promise<VirtualKey[]> {
  let query = selectKeys(tx, scope).orderBy('k.id', 'desc').limit(page.limit);
  if (page.after !== null) query = query.where('k.id', '<', page.after);
  if (page.environment !== null) query = query.where('k.environment', '=', page.environment);
  return (await query.execute()).map(toKey);
}

/** One key, by its id or its hash. */
export async function findVirtualKey(
  tx: DatabaseTransaction,
  scope: KeyScope,
  by: { readonly id: string } | { readonly keyHash: Buffer },
): Promise<VirtualKey | undefined> {
  const query = selectKeys(tx, scope);
  const row = await ('id' in by ? query.where('k.id', '=', by.id) : query.where('k.key_hash', '=', by.keyHash))
    // Both are unique.
    .executeTakeFirst();
  return row === undefined ? undefined : toKey(row);
}

/** Locks the row until the transaction ends, so that what is read next is what will be changed. */
export async function lockVirtualKey(tx: DatabaseTransaction, organizationId: string, id: string): Promise<void> {
  await tx
    .selectFrom('virtual_keys')
    .select('id')
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .forNoKeyUpdate()
    .execute();
}

/** A new key. Constraints refuse owners and departments of elsewhere. */
export async function insertVirtualKey(tx: DatabaseTransaction, key: NewVirtualKey): Promise<void> {
  await tx
    .insertInto('virtual_keys')
    .values({
      ...{ id: key.id, organization_id: key.organizationId, user_id: key.userId, name: key.name },
      ...{ owner_type: key.userId === null ? 'service' : 'user', environment: key.environment },
      ...{ key_hash: key.keyHash, prefix: key.prefix, last_four: key.lastFour, created_by: key.createdBy },
      ...{ rotated_from: key.rotatedFrom, ...boundColumns(key) },
    })
    .execute();
}

/** Changes what is given. */
export async function updateVirtualKey(
  tx: DatabaseTransaction,
  { organizationId, id }: { readonly organizationId: string; readonly id: string },
  change: Partial<KeyBounds> & {
    readonly name?: string | undefined;
    readonly graceUntil?: Date;
    readonly revokedAt?: Date;
  },
): Promise<void> {
  const { name, graceUntil, revokedAt } = change;
  await tx
    .updateTable('virtual_keys')
    .set({
      // Set in any case, so that a change of nothing is no statement without columns.
      name: name ?? sql<string>`name`,
      ...(graceUntil === undefined ? {} : { grace_until: graceUntil }),
      ...(revokedAt === undefined ? {} : { revoked_at: revokedAt }),
      ...boundColumns(change),
    })
    .where('id', '=', id)
    .where('organization_id', '=', organizationId)
    .execute();
}

function boundColumns(bounds: Partial<KeyBounds>) {
  const columns = {
    allowed_models: listOf(bounds.allowedModels),
    allowed_templates: listOf(bounds.allowedTemplates),
    allowed_features: listOf(bounds.allowedFeatures),
    allowed_routes: listOf(bounds.allowedRoutes),
    ip_ranges: rangesOf(bounds.ipRanges),
    requests_per_minute: bounds.requestsPerMinute,
    tokens_per_minute: bounds.tokensPerMinute,
    can_act_for_members: bounds.canActForMembers,
    department_id: bounds.departmentId,
    expires_at: bounds.expiresAt,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined)) as Partial<
    typeof columns
  > as { [Column in keyof typeof columns]?: Exclude<(typeof columns)[Column], undefined> };
}

const listOf = (entries: readonly string[] | null | undefined): string[] | null | undefined =>
  entries === undefined || entries === null ? entries : [...entries];

/** Host bits are cut off: 10.1.2.3/8 is meant as 10.0.0.0/8. */
function rangesOf(ranges: readonly string[] | null | undefined) {
  if (ranges === undefined || ranges === null) return ranges;
  return sql<
    string[]
  >`coalesce((select array_agg(distinct network(r::inet)) from unnest(${[...ranges]}::text[]) r), '{}')`;
}

/** The budget that a key is made with. */
export async function insertKeyBudget(
  tx: DatabaseTransaction,
  budget: KeyBudget & {
    readonly organizationId: string;
    readonly virtualKeyId: string;
    readonly name: string;
    readonly createdBy: string;
  },
): Promise<void> {
  await tx
    .insertInto('budgets')
    .values({
      ...{ id: budget.id, organization_id: budget.organizationId, name: budget.name, scope: 'key' },
      ...{ virtual_key_id: budget.virtualKeyId, period: budget.period, amount_nano_usd: budget.amountNanoUsd },
      ...{ enforcement: budget.enforcement, created_by: budget.createdBy },
    })
    .execute();
}

/** Those of the models and template slugs that the caller does not see: unknown, disabled or somebody else's. */
export async function listUnseenNames(
  tx: DatabaseTransaction,
  wanted: { readonly models: readonly string[]; readonly templates: readonly string[] },
): Promise<{ readonly models: string[]; readonly templates: string[] }> {
  const { rows } = await sql<{ models: string[]; templates: string[] }>`select
    array(select w from unnest(${[...wanted.models]}::text[]) w where not exists (select 1 from weir.models m where m.id = w)) as models,
    array(select w from unnest(${[...wanted.templates]}::text[]) w
      where not exists (select 1 from weir.templates t where t.slug = w and t.is_active)) as templates`.execute(tx);
  return rows[0] ?? { models: [], templates: [] };
}

/** A member's role; undefined when they are none. */
export async function findMemberRole(
  tx: DatabaseTransaction,
  organizationId: string,
  userId: string,
): Promise<MemberRole | undefined> {
  const row = await tx
    .selectFrom('members')
    .select('role')
    .where('organization_id', '=', organizationId)
    .where('user_id', '=', userId)
    .executeTakeFirst();
  return row?.role;
}

/** Whether the organization lets members make keys; it does unless it says otherwise. */
export async function findMembersCreateKeys(tx: DatabaseTransaction, organizationId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('organizations')
    .select('settings')
    .where('id', '=', organizationId)
    .executeTakeFirst();
  const { members_create_keys: setting } = (row?.settings ?? {}) as { members_create_keys?: unknown };
  return setting !== false;
}

/** What decides besides the key. */
export async function getKeyStanding(tx: DatabaseTransaction, key: VirtualKey): Promise<KeyStanding> {
  return tx
    .selectFrom('organizations as o')
    .leftJoin('members as m', (join) => join.onRef('m.organization_id', '=', 'o.id').on('m.user_id', '=', key.userId))
    .leftJoin('users as u', 'u.id', 'm.user_id')
    .select(['o.status as organizationStatus', 'm.status as memberStatus', 'm.paused_until as pausedUntil'])
    .select(sql<boolean>`coalesce(u.banned and (u.ban_expires is null or u.ban_expires > now()), false)`.as('isBanned'))
    .where('o.id', '=', key.organizationId)
    .executeTakeFirstOrThrow();
}
