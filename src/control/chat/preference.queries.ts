// Owns: reading what a person prefers, by which the choice of a model is told. Not: those rows (profiles).

import type { DatabaseTransaction } from '../../database/pool.ts';

/** What a person prefers. */
export interface Preferences {
  readonly defaultModelId: string | null;
  /** Persona id to model id. */
  readonly personaModelOverrides: Readonly<Record<string, string>>;
}

/** Nothing preferred, for somebody without a profile. */
export async function findPreferences(tx: DatabaseTransaction, userId: string): Promise<Preferences> {
  const row = await tx
    .selectFrom('profiles')
    .select(['default_model_id as defaultModelId', 'persona_model_overrides as personaModelOverrides'])
    .where('user_id', '=', userId)
    .executeTakeFirst();
  const overrides = (row?.personaModelOverrides ?? {}) as Readonly<Record<string, string>>;
  return { defaultModelId: row?.defaultModelId ?? null, personaModelOverrides: overrides };
}
