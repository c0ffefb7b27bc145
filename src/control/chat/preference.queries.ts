// Owns: reading the few columns of people and models that chats are told by. Not: those rows (profiles, models).

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

/** A model's trial and price; none for a model that is gone. */
export async function findModelTrial(
  tx: DatabaseTransaction,
  modelId: string,
): Promise<{ readonly trialMessages: number; readonly priceCents: number | null }> {
  const row = await tx
    .selectFrom('models')
    .select(['trial_messages_allowed as trialMessages', 'price_cents as priceCents'])
    .where('id', '=', modelId)
    .executeTakeFirst();
  const { trialMessages = 0n, priceCents = null } = row ?? {};
  return { trialMessages: Number(trialMessages), priceCents: priceCents === null ? null : Number(priceCents) };
}
