// Owns: organizations, people and keys of a test's own, so that tests of one file do not meet on one meter. Not: the demo world.

import type pg from 'pg';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { createVirtualKey, displayVirtualKey, hashVirtualKey } from '../../primitives/virtual-key.ts';

/** Columns to set beyond what is needed. */
export type Columns = Readonly<Record<string, unknown>>;

/** A person of an organization, with a key of their own. */
export interface Person {
  readonly userId: string;
  readonly keyId: string;
  readonly key: string;
}

/** An organization with its owner. */
export interface Tenant extends Person {
  readonly organizationId: string;
}

/** What a tenant may have of its own. */
export interface TenantOptions {
  readonly organization?: Columns;
  readonly member?: Columns;
  readonly key?: Columns;
}

/** An id for a row. */
export function newId(): string {
  return createUuidV7(systemClock.nowMs(), createSystemRandom());
}

/** Inserts a row. Column names come from tests, never from outside. */
export async function insertRow(owner: pg.Client, table: string, columns: Columns): Promise<void> {
  const names = Object.keys(columns);
  const places = names.map((_name, index) => `$${index + 1}`);
  const values = Object.values(columns).map((value) => (typeof value === 'bigint' ? String(value) : value));
  await owner.query(`insert into weir.${table} (${names.join(', ')}) values (${places.join(', ')})`, values);
}

/** An organization on plan pro with an owner and the owner's key. */
export async function createTenant(owner: pg.Client, options: TenantOptions = {}): Promise<Tenant> {
  const organizationId = newId();
  await owner.query('begin');
  await insertRow(owner, 'organizations', {
    id: organizationId,
    name: 'Test tenant',
    slug: `tenant-${organizationId.slice(-12)}`,
    business_type: 'software',
    pricing_plan: 'pro',
    // Credit periods begin with a day, so that the first lots are in force whatever the database's clock says to the second.
    credit_anchor_at: new Date(Math.floor(systemClock.nowMs() / 86_400_000) * 86_400_000),
    ...options.organization,
  });
  const person = await addPerson(owner, organizationId, { ...options, member: { role: 'owner', ...options.member } });
  await owner.query('commit');
  return { organizationId, ...person };
}

/** One more member with a key. */
export async function addPerson(
  owner: pg.Client,
  organizationId: string,
  options: Omit<TenantOptions, 'organization'> = {},
): Promise<Person> {
  const userId = newId();
  await insertRow(owner, 'users', { id: userId, name: 'Test person', email: `${userId}@weir.example` });
  await insertRow(owner, 'profiles', { user_id: userId });
  await insertRow(owner, 'members', {
    id: newId(),
    organization_id: organizationId,
    user_id: userId,
    role: 'member',
    ...options.member,
  });
  const made = await addKey(owner, organizationId, { user_id: userId, ...options.key });
  return { userId, ...made };
}

/** One more key; a service key unless `user_id` is given. */
export async function addKey(
  owner: pg.Client,
  organizationId: string,
  columns: Columns = {},
): Promise<{ keyId: string; key: string }> {
  const key = createVirtualKey('test', createSystemRandom());
  const keyId = newId();
  const display = displayVirtualKey(key);
  await insertRow(owner, 'virtual_keys', {
    id: keyId,
    organization_id: organizationId,
    owner_type: columns.user_id ? 'user' : 'service',
    name: 'Test key',
    environment: 'test',
    key_hash: hashVirtualKey(key),
    prefix: display.prefix,
    last_four: display.lastFour,
    ...columns,
  });
  return { keyId, key };
}

/** A budget of an organization, or of the platform with `organization_id: null`. Gives its id. */
export async function addBudget(owner: pg.Client, columns: Columns): Promise<string> {
  const id = newId();
  await insertRow(owner, 'budgets', {
    id,
    name: 'Test budget',
    scope: 'organization',
    period: 'monthly',
    enforcement: 'hard',
    ...columns,
  });
  return id;
}

/** A model of the sandbox with a price, enabled. `provider` is a provider's slug. */
export async function addModel(
  owner: pg.Client,
  id: string,
  { provider = 'sandbox', price, ...columns }: Columns & { provider?: string; price?: Columns } = {},
): Promise<void> {
  const { rows } = await owner.query<{ id: string }>('select id from weir.providers where slug = $1', [provider]);
  await owner.query('begin');
  await insertRow(owner, 'models', {
    id,
    provider_id: rows[0]?.id,
    provider_model_id: id,
    display_name: id,
    model_type: 'llm',
    enabled: true,
    max_output_tokens: 4096,
    context_window: 128_000,
    ...columns,
  });
  await insertRow(owner, 'model_prices', {
    id: newId(),
    model_id: id,
    effective_from: new Date(0),
    input_nano_usd_per_million: '1000000000',
    output_nano_usd_per_million: '2000000000',
    ...price,
  });
  await owner.query('commit');
}

/** A template. Gives its id. */
export async function addTemplate(owner: pg.Client, columns: Columns): Promise<string> {
  const row: Columns = { scope: 'system', name: 'Test template', model_id: 'sandbox-chat', ...columns };
  await insertRow(owner, 'templates', row);
  const { rows } = await owner.query<{ id: string }>('select id::text from weir.templates where slug = $1', [row.slug]);
  return rows[0]?.id ?? '';
}

/** Switches a system template on for an organization's people. */
export function enableTemplate(
  owner: pg.Client,
  organizationId: string,
  { templateId, ...columns }: Columns & { templateId: string },
): Promise<void> {
  return insertRow(owner, 'org_system_model_config', {
    id: newId(),
    organization_id: organizationId,
    template_id: templateId,
    is_enabled_for_users: true,
    ...columns,
  });
}
