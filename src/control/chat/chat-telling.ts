// Owns: which product event a chat is told as: that its person chose another model. Not: writing it (events), or the messages, trials and limits, which usage
// events say (the view weir.product_events).

import type { MemberCaller } from '../../contracts/caller.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import type { Events } from '../events/index.ts';
import { findPreferences } from './preference.queries.ts';

/** Tells that the person named a model, another one than before, in the transaction that its answer is written in. */
export async function tellSelection(
  { events, tx }: { readonly events: Events; readonly tx: DatabaseTransaction },
  caller: MemberCaller,
  selected: { readonly modelId: string; readonly personaId: string | null; readonly isTrial: boolean },
): Promise<void> {
  const { modelId, personaId, isTrial } = selected;
  const preferences = await findPreferences(tx, caller.userId);
  const properties = {
    ...{ model_id: modelId, persona_id: personaId, is_trial: isTrial },
    is_default: preferences.defaultModelId === modelId,
    is_override: personaId !== null && preferences.personaModelOverrides[personaId] === modelId,
  };
  await events.record(tx, caller, { name: 'model_selected', properties });
}
