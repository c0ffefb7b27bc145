// Owns: the rows of enabled models with provider and price of today, and of the rights to them. Not: what was used (model-use.queries.ts), or the catalog's
// administration (catalog).

import { type SqlBool, sql } from 'kysely';
import type { EntitlementSource, ModelStatus, ModelTier, ModelType } from '../../contracts/enumerations.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Person } from './person.ts';

/** What calls cost from a moment on, in nano-USD per million tokens. */
export interface ModelPrice {
  readonly effectiveFrom: Date;
  readonly input: bigint;
  readonly output: bigint;
  readonly cachedInput: bigint | null;
  readonly cacheWrite: bigint | null;
  readonly reasoning: bigint | null;
  readonly request: bigint;
}

/** A model as it is offered. Nothing of how its provider is reached. */
export interface OfferedModel {
  readonly id: string;
  readonly providerSlug: string | null;
  readonly providerName: string | null;
  readonly displayName: string;
  readonly description: string;
  readonly modelType: ModelType;
  readonly version: string;
  readonly tier: ModelTier;
  readonly status: ModelStatus;
  readonly isSystemDefault: boolean;
  readonly capabilities: readonly string[];
  readonly contextWindow: bigint | null;
  readonly maxOutputTokens: bigint | null;
  readonly priceCents: bigint | null;
  readonly messagesPerDay: bigint | null;
  /** The same for this person, with what raises it; null: none. */
  readonly messagesLimit: bigint | null;
  readonly trialMessages: bigint;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly fallbackModelIds: readonly string[];
  readonly sortOrder: number;
  readonly retiresAt: Date | null;
  readonly replacementModelId: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly price: ModelPrice | null;
}

/** A right to a model that was not revoked; whether it has run out is the rule's to say. */
export interface Right {
  readonly modelId: string;
  readonly source: EntitlementSource;
  readonly scope: 'user' | 'organization';
  readonly expiresAtMs: number | null;
}

/** Models of one answer at most. */
const MODELS_MAX = 1_000;

function selectOffers(tx: DatabaseTransaction, now: Date, { organizationId, userId }: Person) {
  return tx
    .selectFrom('models as m')
    .leftJoin('providers as v', 'v.id', 'm.provider_id')
    .leftJoinLateral(
      (query) =>
        query
          .selectFrom('model_prices as p')
          .select([
            'p.effective_from',
            'p.input_nano_usd_per_million as input',
            'p.output_nano_usd_per_million as output',
            'p.cached_input_nano_usd_per_million as cached_input',
            'p.cache_write_nano_usd_per_million as cache_write',
            'p.reasoning_nano_usd_per_million as reasoning',
            'p.request_nano_usd as request',
          ])
          .whereRef('p.model_id', '=', 'm.id')
          .where('p.effective_from', '<=', now)
          .orderBy('p.effective_from', 'desc')
          .limit(1)
          .as('price'),
      (join) => join.onTrue(),
    )
    .select(['m.id', 'v.slug as providerSlug', 'v.name as providerName', 'm.display_name as displayName'])
    .select(['m.description', 'm.model_type as modelType', 'm.version', 'm.tier', 'm.status', 'm.capabilities'])
    .select(['m.is_system_default as isSystemDefault', 'm.context_window as contextWindow'])
    .select(['m.max_output_tokens as maxOutputTokens', 'm.price_cents as priceCents', 'm.sort_order as sortOrder'])
    .select(['m.rate_limit_messages_per_day as messagesPerDay', 'm.trial_messages_allowed as trialMessages'])
    .select(
      sql<
        bigint | null
      >`weir.raised_limit(m.rate_limit_messages_per_day::bigint, ${organizationId}::uuid, ${userId}::uuid, 'daily_messages', m.id, ${now})`.as(
        'messagesLimit',
      ),
    )
    .select(['m.fallback_model_ids as fallbackModelIds', 'm.retires_at as retiresAt'])
    .select(['m.replacement_model_id as replacementModelId', 'm.created_at as createdAt', 'm.updated_at as updatedAt'])
    .select(['price.effective_from', 'price.input', 'price.output', 'price.cached_input', 'price.cache_write'])
    .select(['price.reasoning', 'price.request', sql<Readonly<Record<string, unknown>>>`m.metadata`.as('metadata')])
    .where('m.enabled', '=', true)
    .where('m.archived_at', 'is', null);
}

type OfferRow = Awaited<ReturnType<ReturnType<typeof selectOffers>['execute']>>[number];

/** Enabled models by tier, then their order. */
export async function listOfferedModels(tx: DatabaseTransaction, person: Person, now: Date): Promise<OfferedModel[]> {
  const rows = await selectOffers(tx, now, person)
    .orderBy(sql`m.tier = 'premium'`)
    .orderBy('m.sort_order')
    .orderBy('m.id')
    .limit(MODELS_MAX)
    .execute();
  return rows.map(toOffered);
}

/** One enabled model. */
export async function findOfferedModel(
  tx: DatabaseTransaction,
  person: Person,
  { id, now }: { readonly id: string; readonly now: Date },
): Promise<OfferedModel | undefined> {
  const row = await selectOffers(tx, now, person).where('m.id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toOffered(row);
}

function toOffered(row: OfferRow): OfferedModel {
  const { effective_from, input, output, cached_input, cache_write, reasoning, request, ...model } = row;
  const price =
    effective_from === null || input === null || output === null
      ? null
      : {
          ...{ effectiveFrom: effective_from, input, output, cachedInput: cached_input, cacheWrite: cache_write },
          ...{ reasoning, request: request ?? 0n },
        };
  return { ...model, price };
}

/** Rights of a person and of the organization they act in, to models by themselves or through a product. */
export async function listRights(tx: DatabaseTransaction, { organizationId, userId }: Person): Promise<Right[]> {
  const rows = await tx
    .selectFrom('entitlements as e')
    .leftJoin('products as p', 'p.id', 'e.product_id')
    .select([sql<string>`coalesce(e.model_id, p.model_id)`.as('modelId'), 'e.source', 'e.expires_at as expiresAt'])
    .select(sql<Right['scope']>`case when e.user_id is null then 'organization' else 'user' end`.as('scope'))
    .where('e.revoked_at', 'is', null)
    .where(sql<SqlBool>`coalesce(e.model_id, p.model_id) is not null`)
    .where(({ or, eb }) =>
      or([eb('e.organization_id', '=', organizationId), ...(userId === null ? [] : [eb('e.user_id', '=', userId)])]),
    )
    .execute();
  return rows.map(({ expiresAt, ...right }) => ({ ...right, expiresAtMs: expiresAt?.getTime() ?? null }));
}
