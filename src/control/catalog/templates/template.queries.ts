// Owns: the rows of templates of all scopes, snake_case in, camelCase out; a template's content keeps the names that JSON and revisions have. Not: lists of them
// (template-list.queries.ts), the keys of their endpoints (template-key.queries.ts), or who may.

import { type SqlBool, sql } from 'kysely';
import type { TemplateContent } from '../../../contracts/catalog/template-fields.ts';
import type { PlanSlug, TemplateScope } from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** Whose a template is. */
export interface TemplateHome {
  readonly scope: TemplateScope;
  /** Null for a system template. */
  readonly organizationId: string | null;
  /** The person whose own it is; null for other scopes. */
  readonly ownerUserId: string | null;
}

/** Where system templates are. */
export const SYSTEM: TemplateHome = { scope: 'system', organizationId: null, ownerUserId: null };

/** Which template. */
export interface TemplateKey extends TemplateHome {
  readonly id: number;
}

/** A template. */
export interface Template extends TemplateKey {
  readonly content: TemplateContent;
  /** Where its endpoint's key may be sent; null without a key, and for who may not change the template. */
  readonly keyOrigin: string | null;
  readonly keyLastFour: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `updatedAt` in microseconds: what an `ETag` is made of. */
  readonly version: bigint;
}

/** Templates, their keys' last four characters beside them where the caller may change them. */
export function selectTemplates(tx: DatabaseTransaction) {
  return tx
    .selectFrom('templates as t')
    .leftJoin('template_endpoint_secrets as s', 's.template_id', 't.id')
    .selectAll('t')
    .select(['s.origin as keyOrigin', 's.last_four as keyLastFour'])
    .select(sql<bigint>`(extract(epoch from t.updated_at) * 1000000)::bigint`.as('version'));
}

/** A row of it. */
export type TemplateRow = Awaited<ReturnType<ReturnType<typeof selectTemplates>['execute']>>[number];

const amount = (value: bigint | null): number | null => (value === null ? null : Number(value));

/** The template of a row. */
export function toTemplate(row: TemplateRow): Template {
  return {
    id: Number(row.id),
    ...{ scope: row.scope, organizationId: row.organization_id, ownerUserId: row.owner_user_id },
    ...{ keyOrigin: row.keyOrigin, keyLastFour: row.keyLastFour, version: row.version },
    ...{ createdAt: row.created_at, updatedAt: row.updated_at },
    content: {
      ...{ name: row.name, slug: row.slug, role: row.role, description: row.description, icon: row.icon },
      ...{ system_message: row.system_message, tasks: row.tasks as TemplateContent['tasks'], model_id: row.model_id },
      ...{ endpoint_base_url: row.endpoint_base_url, endpoint_model: row.endpoint_model },
      ...{ max_tokens: amount(row.max_tokens), temperature: row.temperature === null ? null : Number(row.temperature) },
      parameters: row.parameters as TemplateContent['parameters'],
      ...{ business_types: row.business_types, required_plan: row.required_plan as PlanSlug },
      ...{ token_limit_period: row.token_limit_period, token_limit_amount: amount(row.token_limit_amount) },
      ...{ is_free: row.is_free, is_trial: row.is_trial, trial_expires_days: row.trial_expires_days },
      ...{ is_active: row.is_active, is_featured: row.is_featured, tags: row.tags, sort_order: row.sort_order },
    },
  };
}

function columnsOf({ tasks, parameters, max_tokens, temperature, token_limit_amount, ...plain }: TemplateContent) {
  return {
    ...plain,
    ...{ tasks: JSON.stringify(tasks), parameters: JSON.stringify(parameters) },
    max_tokens: max_tokens === null ? null : BigInt(max_tokens),
    temperature: temperature === null ? null : String(temperature),
    token_limit_amount: token_limit_amount === null ? null : BigInt(token_limit_amount),
  };
}

/** The condition that a template is one of a home. */
export function isAtHome({ scope, organizationId, ownerUserId }: TemplateHome) {
  return sql<SqlBool>`t.scope = ${scope} and t.organization_id is not distinct from ${organizationId}::uuid
    and t.owner_user_id is not distinct from ${ownerUserId}::uuid`;
}

/** One template of a home. */
export async function findTemplate(
  tx: DatabaseTransaction,
  { id, ...home }: TemplateKey,
): Promise<Template | undefined> {
  const row = await selectTemplates(tx).where('t.id', '=', BigInt(id)).where(isAtHome(home)).executeTakeFirst();
  return row === undefined ? undefined : toTemplate(row);
}

/** Locks the row until the transaction ends, so that what is read next is what will be changed. */
export async function lockTemplate(tx: DatabaseTransaction, { id, ...home }: TemplateKey): Promise<void> {
  const query = tx.selectFrom('templates as t').select('t.id').where('t.id', '=', BigInt(id));
  await query.where(isAtHome(home)).forNoKeyUpdate().execute();
}

/** A new template; gives its id. A constraint refuses a slug that is taken. */
export async function insertTemplate(
  tx: DatabaseTransaction,
  { scope, organizationId, ownerUserId }: TemplateHome,
  { content, createdBy }: { readonly content: TemplateContent; readonly createdBy: string },
): Promise<number> {
  const { id } = await tx
    .insertInto('templates')
    .values({
      ...{ scope, organization_id: organizationId, owner_user_id: ownerUserId, created_by: createdBy },
      ...columnsOf(content),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return Number(id);
}

/** Puts another content in the place of a template's. */
export async function updateTemplate(tx: DatabaseTransaction, id: number, content: TemplateContent): Promise<void> {
  await tx.updateTable('templates').set(columnsOf(content)).where('id', '=', BigInt(id)).execute();
}

/** Ends a template, with its revisions, its key and what organizations set of it. */
export async function endTemplate(tx: DatabaseTransaction, id: number): Promise<void> {
  await tx.deleteFrom('templates').where('id', '=', BigInt(id)).execute();
}

/** Which of the business types there are none of. */
export async function findUnknownBusinessTypes(tx: DatabaseTransaction, slugs: readonly string[]): Promise<string[]> {
  if (slugs.length === 0) return [];
  const { rows } = await sql<{ slug: string }>`select asked.slug from unnest(${[...slugs]}::text[]) as asked (slug)
    where not exists (select 1 from weir.business_types b where b.slug = asked.slug)`.execute(tx);
  return rows.map(({ slug }) => slug);
}

/** What kind of model it is, where the caller may see it. */
export async function findModelType(tx: DatabaseTransaction, id: string): Promise<string | undefined> {
  const query = tx.selectFrom('models').select('model_type').where('id', '=', id).where('archived_at', 'is', null);
  return (await query.executeTakeFirst())?.model_type;
}

/** The platform's default model; null where there is none. */
export async function findDefaultModel(tx: DatabaseTransaction): Promise<string | null> {
  const query = tx
    .selectFrom('models')
    .select('id')
    .where('is_system_default', '=', true)
    .where('archived_at', 'is', null);
  return (await query.executeTakeFirst())?.id ?? null;
}
