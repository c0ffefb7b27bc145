// Owns: the rows of models as superadmins keep them, snake_case in, camelCase out. Not: prices (price.queries.ts), or what hangs on a model
// (model-dependants.queries.ts).

import { sql } from 'kysely';
import type {
  ModelStatus,
  ModelTier,
  ModelType,
  ProviderStatus,
  ProviderType,
} from '../../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../../database/pool.ts';

/** What superadmins say of a model. */
export interface ModelFields {
  readonly providerModelId: string;
  readonly version: string;
  readonly displayName: string;
  readonly description: string;
  readonly modelType: ModelType;
  readonly tier: ModelTier;
  readonly status: ModelStatus;
  readonly capabilities: readonly string[];
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly priceCents: number | null;
  readonly stripeProductId: string | null;
  readonly stripePriceId: string | null;
  readonly rateLimitMessagesPerDay: number | null;
  readonly trialMessagesAllowed: number;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly fallbackModelIds: readonly string[];
  readonly sortOrder: number;
  /** ISO 8601. */
  readonly retiresAt: string | null;
  readonly replacementModelId: string | null;
}

/** What of a model changes by acts of their own. */
export interface ModelState {
  readonly enabled: boolean;
  readonly isSystemDefault: boolean;
  readonly archivedAt: Date | null;
}

/** A model with its provider. */
export interface Model extends ModelFields, ModelState {
  readonly id: string;
  readonly providerId: string;
  readonly providerSlug: string;
  readonly providerName: string;
  readonly providerType: ProviderType;
  readonly providerStatus: ProviderStatus;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** `updated_at` in microseconds, for `ETag`. */
  readonly rowVersion: bigint;
}

/** Every model, with its provider. */
export function selectModels(tx: DatabaseTransaction) {
  return tx
    .selectFrom('models as m')
    .innerJoin('providers as v', 'v.id', 'm.provider_id')
    .select(['m.id', 'm.provider_id as providerId', 'm.provider_model_id as providerModelId', 'm.version'])
    .select(['m.display_name as displayName', 'm.description', 'm.model_type as modelType', 'm.tier', 'm.status'])
    .select(['m.enabled', 'm.is_system_default as isSystemDefault', 'm.capabilities', 'm.sort_order as sortOrder'])
    .select(['m.stripe_product_id as stripeProductId', 'm.stripe_price_id as stripePriceId'])
    .select(['m.fallback_model_ids as fallbackModelIds', 'm.replacement_model_id as replacementModelId'])
    .select([
      'm.archived_at as archivedAt',
      'm.created_at as createdAt',
      'm.updated_at as updatedAt',
      'm.retires_at as retires',
    ])
    .select([
      'v.slug as providerSlug',
      'v.name as providerName',
      'v.type as providerType',
      'v.status as providerStatus',
    ])
    .select(['m.context_window', 'm.max_output_tokens', 'm.price_cents', 'm.rate_limit_messages_per_day'])
    .select(['m.trial_messages_allowed', sql<Readonly<Record<string, unknown>>>`m.metadata`.as('metadata')])
    .select(sql<bigint>`(extract(epoch from m.updated_at) * 1000000)::bigint`.as('rowVersion'));
}

type ModelRow = Awaited<ReturnType<ReturnType<typeof selectModels>['execute']>>[number];

const numberOrNull = (amount: bigint | null): number | null => (amount === null ? null : Number(amount));

/** A row as it is spoken of. Counts are small enough for numbers: their schemas end at 2^53. */
export function toModel(row: ModelRow): Model {
  const {
    context_window,
    max_output_tokens,
    price_cents,
    rate_limit_messages_per_day,
    trial_messages_allowed,
    ...rest
  } = row;
  const { retires, ...model } = rest;
  return {
    ...model,
    contextWindow: numberOrNull(context_window),
    maxOutputTokens: numberOrNull(max_output_tokens),
    priceCents: numberOrNull(price_cents),
    rateLimitMessagesPerDay: numberOrNull(rate_limit_messages_per_day),
    trialMessagesAllowed: Number(trial_messages_allowed),
    retiresAt: retires?.toISOString() ?? null,
  };
}

/** One model, archived or not. */
export async function findModel(tx: DatabaseTransaction, id: string): Promise<Model | undefined> {
  const row = await selectModels(tx).where('m.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toModel(row);
}

/** Locks its row until the transaction ends: prices, rights and state of a model change one after another. */
export async function lockModel(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.selectFrom('models').select('id').where('id', '=', id).forNoKeyUpdate().execute();
}

/** Which of these ids are models, by id with their type. Archived ones are not. */
export async function findModelTypes(
  tx: DatabaseTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, ModelType>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('models')
    .select(['id', 'model_type'])
    .where('id', 'in', ids)
    .where('archived_at', 'is', null)
    .execute();
  return new Map(rows.map((row) => [row.id, row.model_type]));
}

/** The id of a provider that is in the catalog, by slug or id. */
export async function findProviderId(tx: DatabaseTransaction, slugOrId: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('providers')
    .select('id')
    .where('archived_at', 'is', null)
    .where((eb) => eb.or([eb('slug', '=', slugOrId), eb(sql`id::text`, '=', slugOrId)]))
    .executeTakeFirst();
  return row?.id;
}

/** Adds a model, switched off. */
export async function insertModel(
  tx: DatabaseTransaction,
  model: ModelFields & { readonly id: string; readonly providerId: string },
): Promise<void> {
  const { id, providerId, ...fields } = model;
  const { providerModelId, displayName, modelType } = fields;
  await tx
    .insertInto('models')
    .values({
      ...columnsOf(fields),
      ...{ id, provider_id: providerId },
      ...{ provider_model_id: providerModelId, display_name: displayName, model_type: modelType },
    })
    .execute();
}

/** What may change. */
export type ModelChange = {
  readonly [Name in keyof (ModelFields & ModelState)]?: (ModelFields & ModelState)[Name] | undefined;
};

/** Changes what is given. */
export async function updateModel(tx: DatabaseTransaction, id: string, change: ModelChange): Promise<void> {
  const { enabled, isSystemDefault, archivedAt, ...fields } = change;
  await tx
    .updateTable('models')
    .set({
      ...columnsOf(fields),
      // Set in any case, so that a change of nothing is no statement without columns.
      enabled: enabled ?? sql<boolean>`enabled`,
      ...(isSystemDefault === undefined ? {} : { is_system_default: isSystemDefault }),
      ...(archivedAt === undefined ? {} : { archived_at: archivedAt }),
    })
    .where('id', '=', id)
    .execute();
}

function columnsOf(fields: { readonly [Name in keyof ModelFields]?: ModelFields[Name] | undefined }) {
  const columns = {
    provider_model_id: fields.providerModelId,
    version: fields.version,
    display_name: fields.displayName,
    description: fields.description,
    model_type: fields.modelType,
    tier: fields.tier,
    status: fields.status,
    capabilities: fields.capabilities === undefined ? undefined : [...fields.capabilities],
    context_window: toBigInt(fields.contextWindow),
    max_output_tokens: toBigInt(fields.maxOutputTokens),
    price_cents: toBigInt(fields.priceCents),
    stripe_product_id: fields.stripeProductId,
    stripe_price_id: fields.stripePriceId,
    rate_limit_messages_per_day: toBigInt(fields.rateLimitMessagesPerDay),
    trial_messages_allowed: fields.trialMessagesAllowed === undefined ? undefined : BigInt(fields.trialMessagesAllowed),
    metadata: fields.metadata === undefined ? undefined : JSON.stringify(fields.metadata),
    fallback_model_ids: fields.fallbackModelIds === undefined ? undefined : [...fields.fallbackModelIds],
    sort_order: fields.sortOrder,
    retires_at: fields.retiresAt,
    replacement_model_id: fields.replacementModelId,
  } as const;
  return columns;
}

function toBigInt(amount: number | null | undefined): bigint | null | undefined {
  return amount === null || amount === undefined ? amount : BigInt(amount);
}

/** Takes the mark of the system's default from whichever model has it. */
export async function clearSystemDefault(tx: DatabaseTransaction): Promise<void> {
  await tx.updateTable('models').set({ is_system_default: false }).where('is_system_default', '=', true).execute();
}

/** Deletes a model, and takes it out of the fallbacks of others. */
export async function endModel(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx
    .updateTable('models')
    .set({ fallback_model_ids: sql<string[]>`array_remove(fallback_model_ids, ${id})` })
    .where(sql<boolean>`${id} = any (fallback_model_ids)`)
    .execute();
  await tx.deleteFrom('models').where('id', '=', id).execute();
}

/** Whoever gives the mark of the system's default to a model waits for the others: two would meet crosswise at the rows. */
export async function lockSystemDefault(tx: DatabaseTransaction): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('weir system default', 0))`.execute(tx);
}
