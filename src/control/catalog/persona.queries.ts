// Owns: the rows of personas. Not: which model serves one (entitlements), or conversations with them (chat).

import { type SqlBool, sql } from 'kysely';
import type { PersonaScope } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';

/** A persona as those who keep it see it. */
export interface Persona {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly avatar: string | null;
  readonly systemPrompt: string;
  readonly defaultModelId: string | null;
  readonly scope: PersonaScope;
  readonly isActive: boolean;
  readonly sortOrder: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds: what an `ETag` is made of. */
  readonly version: bigint;
}

/** What is said of a persona by who keeps it. */
export type PersonaFields = Pick<
  Persona,
  'slug' | 'name' | 'description' | 'avatar' | 'systemPrompt' | 'defaultModelId' | 'isActive' | 'sortOrder'
>;
/** What may be changed; left out stays. */
export type PersonaChange = { readonly [Field in keyof PersonaFields]?: PersonaFields[Field] | undefined };

/** Whose personas: an organization's id, or null for the platform's. */
export type PersonaOwner = string | null;

/** A place in the order of personas. */
export type PersonaPlace = readonly [sortOrder: number, name: string, id: string];

/** What a list gives of them. */
export interface PersonaPage {
  readonly limit: number;
  readonly after: PersonaPlace | null;
}

function selectPersonas(tx: DatabaseTransaction) {
  return tx
    .selectFrom('personas as p')
    .select(['p.id', 'p.slug', 'p.name', 'p.description', 'p.avatar', 'p.system_prompt as systemPrompt', 'p.scope'])
    .select(['p.default_model_id as defaultModelId', 'p.is_active as isActive', 'p.sort_order as sortOrder'])
    .select(['p.created_at as createdAt', 'p.updated_at as updatedAt'])
    .select(sql<bigint>`(extract(epoch from p.updated_at) * 1000000)::bigint`.as('version'));
}

type PersonaQuery = ReturnType<typeof selectPersonas>;

function paged(query: PersonaQuery, { limit, after }: PersonaPage): Promise<Persona[]> {
  const ordered = query.orderBy('p.sort_order').orderBy('p.name').orderBy('p.id').limit(limit);
  if (after === null) return ordered.execute();
  const [sortOrder, name, id] = after;
  return ordered
    .where(sql<SqlBool>`(p.sort_order, p.name, p.id) > (${sortOrder}::integer, ${name}, ${id}::uuid)`)
    .execute();
}

const ownedBy = (query: PersonaQuery, owner: PersonaOwner): PersonaQuery =>
  owner === null ? query.where('p.organization_id', 'is', null) : query.where('p.organization_id', '=', owner);

/** Active personas of the platform and of the organization. */
export function listActivePersonas(
  tx: DatabaseTransaction,
  organizationId: string,
  page: PersonaPage,
): Promise<Persona[]> {
  const offered = selectPersonas(tx)
    .where('p.is_active', '=', true)
    .where(({ or, eb }) => or([eb('p.organization_id', 'is', null), eb('p.organization_id', '=', organizationId)]));
  return paged(offered, page);
}

/** All personas of one owner, inactive ones too. */
export function listPersonas(tx: DatabaseTransaction, owner: PersonaOwner, page: PersonaPage): Promise<Persona[]> {
  return paged(ownedBy(selectPersonas(tx), owner), page);
}

/** One of an owner's, locked until the transaction ends. */
export function lockPersona(tx: DatabaseTransaction, owner: PersonaOwner, id: string): Promise<Persona | undefined> {
  return ownedBy(selectPersonas(tx), owner).where('p.id', '=', id).forNoKeyUpdate().executeTakeFirst();
}

/** A new persona, as it then is. */
export async function insertPersona(
  tx: DatabaseTransaction,
  owner: PersonaOwner,
  { id, ...fields }: PersonaFields & { readonly id: string },
): Promise<Persona> {
  await tx
    .insertInto('personas')
    .values({
      ...{ id, organization_id: owner, scope: owner === null ? 'platform' : 'organization' },
      ...{ slug: fields.slug, name: fields.name, description: fields.description, avatar: fields.avatar },
      ...{ system_prompt: fields.systemPrompt, default_model_id: fields.defaultModelId },
      ...{ is_active: fields.isActive, sort_order: fields.sortOrder },
    })
    .execute();
  return selectPersonas(tx).where('p.id', '=', id).executeTakeFirstOrThrow();
}

/** Changes what is given, and gives the persona as it then is. */
export async function updatePersona(tx: DatabaseTransaction, id: string, change: PersonaChange): Promise<Persona> {
  const { slug, name, description, avatar, systemPrompt, defaultModelId, isActive, sortOrder } = change;
  await tx
    .updateTable('personas')
    .set({
      // Set in any case, so that a change of nothing is no statement without columns.
      name: name ?? sql<string>`name`,
      ...(slug === undefined ? {} : { slug }),
      ...(description === undefined ? {} : { description }),
      ...(avatar === undefined ? {} : { avatar }),
      ...(systemPrompt === undefined ? {} : { system_prompt: systemPrompt }),
      ...(defaultModelId === undefined ? {} : { default_model_id: defaultModelId }),
      ...(isActive === undefined ? {} : { is_active: isActive }),
      ...(sortOrder === undefined ? {} : { sort_order: sortOrder }),
    })
    .where('id', '=', id)
    .execute();
  return selectPersonas(tx).where('p.id', '=', id).executeTakeFirstOrThrow();
}

/** Ends it. Overrides that people made for it stay without meaning. */
export async function endPersona(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('personas').where('id', '=', id).execute();
}

/** Whether a persona may have the model: it is enabled, and chats. */
export async function canChatAsPersona(tx: DatabaseTransaction, modelId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('models')
    .select('id')
    .where('id', '=', modelId)
    .where('enabled', '=', true)
    .where('archived_at', 'is', null)
    .where('model_type', '<>', 'embedding')
    .executeTakeFirst();
  return row !== undefined;
}
