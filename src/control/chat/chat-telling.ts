// Owns: which product events a chat is told as. Not: writing them (events), or what the call used (usage events).

import type { MemberCaller } from '../../contracts/caller.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { WeirError } from '../../primitives/errors.ts';
import type { Events } from '../events/index.ts';
import { findModelTrial, findPreferences } from './preference.queries.ts';

/** An answer that was given. */
export interface ToldAnswer {
  readonly modelId: string;
  readonly personaId: string | null;
  /** The person named the model, and it is another one than before. */
  readonly isSelected: boolean;
  /** Null: no trial. */
  readonly trialRemaining: number | null;
}

/** Tells of chats, in the transaction that they are written in. */
export interface ChatTelling {
  answered(tx: DatabaseTransaction, caller: MemberCaller, answer: ToldAnswer): Promise<void>;
  /** Of the refusals that lead people to buy or to wait; of no other. */
  refused(tx: DatabaseTransaction, caller: MemberCaller, error: WeirError): Promise<void>;
}

interface ToldMeter {
  readonly meter: string;
  readonly name: string;
  readonly limit: number | null;
  readonly resets_at: string | null;
}

/** Over `events`. */
export function createChatTelling(events: Events): ChatTelling {
  return {
    async answered(tx, caller, { modelId, personaId, isSelected, trialRemaining }) {
      const preferences = await findPreferences(tx, caller.userId);
      const properties = {
        ...{ model_id: modelId, persona_id: personaId, is_trial: trialRemaining !== null },
        is_default: preferences.defaultModelId === modelId,
        is_override: personaId !== null && preferences.personaModelOverrides[personaId] === modelId,
      };
      if (isSelected) await events.record(tx, caller, { name: 'model_selected', properties });
      await events.record(tx, caller, { name: 'model_message_sent', properties });
      if (trialRemaining === null) return;
      const trial = { model_id: modelId, messages_remaining: trialRemaining };
      const { trialMessages } = await findModelTrial(tx, modelId);
      if (trialRemaining === trialMessages - 1)
        await events.record(tx, caller, { name: 'model_trial_started', properties: trial });
      await events.record(tx, caller, { name: 'model_trial_message_used', properties: trial });
    },

    async refused(tx, caller, { code, details }) {
      const meters = (details?.meters ?? []) as readonly ToldMeter[];
      if (code === 'trial_exhausted') {
        const model_id = meters.find(({ meter }) => meter === 'trial')?.name;
        if (model_id === undefined) return;
        const { priceCents } = await findModelTrial(tx, model_id);
        const properties = { model_id, price_cents: priceCents };
        await events.record(tx, caller, { name: 'model_trial_expired_prompt', properties });
      }
      const daily = meters.find(({ meter }) => meter === 'daily_messages');
      if (code !== 'daily_message_limit' || daily?.limit == null || daily.resets_at === null) return;
      const properties = { model_id: daily.name, limit: daily.limit, resets_at: daily.resets_at };
      await events.record(tx, caller, { name: 'model_rate_limit_hit', properties });
    },
  };
}
