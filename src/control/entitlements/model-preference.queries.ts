// Owns: which models a person and their organization prefer, and what has become of models. Not: the rest of a profile (profile.queries.ts).

import { type SqlBool, sql } from 'kysely';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { PreferredModel } from './model-access.rules.ts';
import type { Person } from './person.ts';

/** What a person chose. */
export interface ModelPreferences {
  readonly defaultModelId: string | null;
  /** Persona id to model id. */
  readonly personaOverrides: Readonly<Record<string, string>>;
}

const NONE: ModelPreferences = { defaultModelId: null, personaOverrides: {} };

/** What a person chose; nobody chooses nothing. */
export async function findPreferences(tx: DatabaseTransaction, { userId }: Person): Promise<ModelPreferences> {
  if (userId === null) return NONE;
  const row = await tx
    .selectFrom('profiles')
    .select(['default_model_id as defaultModelId', sql<Record<string, unknown>>`persona_model_overrides`.as('stored')])
    .where('user_id', '=', userId)
    .executeTakeFirst();
  if (row === undefined) return NONE;
  const overrides = Object.entries(row.stored).flatMap(([persona, model]) =>
    typeof model === 'string' ? [[persona, model] as const] : [],
  );
  return { defaultModelId: row.defaultModelId, personaOverrides: Object.fromEntries(overrides) };
}

/** Makes the person's profile where there is none, and locks it until the transaction ends. Whether it was made. */
export async function lockProfile(tx: DatabaseTransaction, userId: string): Promise<boolean> {
  const made = await tx
    .insertInto('profiles')
    .values({ user_id: userId })
    .onConflict((conflict) => conflict.column('user_id').doNothing())
    .returning('user_id')
    .executeTakeFirst();
  if (made !== undefined) return true;
  await tx.selectFrom('profiles').select('user_id').where('user_id', '=', userId).forNoKeyUpdate().execute();
  return false;
}

/** Stores what a person chose. The profile is there: it was locked. */
export async function updatePreferences(
  tx: DatabaseTransaction,
  userId: string,
  { defaultModelId, personaOverrides }: ModelPreferences,
): Promise<void> {
  await tx
    .updateTable('profiles')
    .set({
      default_model_id: defaultModelId,
      persona_model_overrides: sql<never>`${JSON.stringify(personaOverrides)}::jsonb`,
    })
    .where('user_id', '=', userId)
    .execute();
}

/** Which of the ids are personas that the caller may see; others are left out. */
export async function listKnownPersonaIds(tx: DatabaseTransaction, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await tx
    .selectFrom('personas')
    .select('id')
    .where(sql<SqlBool>`id::text = any(${ids}::text[])`)
    .where('is_active', '=', true)
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** The organization's own default, and the system's. */
export async function findDefaults(
  tx: DatabaseTransaction,
  organizationId: string,
): Promise<{ readonly organizationDefault: string | null; readonly systemDefault: string | null }> {
  const row = await tx
    .selectFrom('organizations as o')
    .select('o.default_model_id as organizationDefault')
    .select((query) =>
      query
        .selectFrom('models as m')
        .select('m.id')
        .where('m.is_system_default', '=', true)
        .where('m.archived_at', 'is', null)
        .as('systemDefault'),
    )
    .where('o.id', '=', organizationId)
    .executeTakeFirst();
  return row ?? { organizationDefault: null, systemDefault: null };
}

/** Models by id, disabled ones too: only what has become of them is ever told. In `withPlatform`. */
export async function listPreferredModels(
  tx: DatabaseTransaction,
  ids: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, PreferredModel>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .selectFrom('models as m')
    .innerJoin('providers as v', 'v.id', 'm.provider_id')
    .select(['m.id', 'm.tier', 'm.trial_messages_allowed as trialMessages', 'm.display_name as displayName'])
    .select([
      'm.model_type as modelType',
      'm.price_cents as priceCents',
      'm.status',
      'm.enabled',
      'm.retires_at as retiresAt',
    ])
    .select(({ exists, selectFrom }) =>
      exists(
        selectFrom('model_prices as p')
          .select('p.id')
          .whereRef('p.model_id', '=', 'm.id')
          .where('p.effective_from', '<=', now),
      )
        .$castTo<boolean>()
        .as('isPriced'),
    )
    .select(sql<boolean>`v.status <> 'inactive' and v.archived_at is null`.as('isProviderActive'))
    .where('m.id', 'in', [...new Set(ids)])
    .where('m.archived_at', 'is', null)
    .execute();
  return new Map(
    rows.map(({ retiresAt, ...model }) => [model.id, { ...model, retiresAtMs: retiresAt?.getTime() ?? null }]),
  );
}
