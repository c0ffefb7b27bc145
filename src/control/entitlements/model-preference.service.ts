// Owns: choosing the model that serves oneself, by default and as personas. Not: what serves in the end (model-selection.service.ts and the gateway), the rest of
// a profile (profile.service.ts).

import type { MemberCaller } from '../../contracts/caller.ts';
import type { Database, DatabaseTransaction } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import type { Audit } from '../audit/index.ts';
import type { Events } from '../events/index.ts';
import { modelAccess, purchaseDetails } from './model-access.rules.ts';
import { judgeModels, type ModelJudgement } from './model-judgement.ts';
import { listRights } from './model-offer.queries.ts';
import {
  findPreferences,
  listKnownPersonaIds,
  lockProfile,
  type ModelPreferences,
  updatePreferences,
} from './model-preference.queries.ts';
import {
  type Choice,
  changedPreferences,
  choicesOf,
  type PreferenceChange,
  refusalOf,
  unknownPersonas,
} from './model-preference.rules.ts';
import { ownUserId, personOf } from './person.ts';

/** The act, on the caller's own preferences. */
export interface ModelPreferenceService {
  /**
   * 400 naming each persona that is none; 400 `model_not_enabled` naming each model that can serve nobody, 403 `model_locked` where the caller has neither right
   * nor trial message; 403 for a token of the organization.
   */
  update(caller: MemberCaller, change: PreferenceChange): Promise<ModelPreferences>;
}

/** Over the given database. */
export function createModelPreferenceService(options: {
  readonly database: Database;
  readonly audit: Audit;
  readonly events: Events;
  readonly clock: Clock;
}): ModelPreferenceService {
  const { database, audit, events, clock } = options;

  /** Throws unless each choice can serve the caller. */
  const judge = async (caller: MemberCaller, choices: readonly Choice[]): Promise<ModelJudgement> => {
    const person = personOf(caller);
    const rights = await withPrincipal(database, caller, async (tx) => {
      const asked = choices.flatMap(({ personaId }) => (personaId === null ? [] : [personaId]));
      const known = await listKnownPersonaIds(tx, asked);
      const unknown = asked.filter((id) => !known.has(id));
      if (unknown.length > 0) throw unknownPersonas(unknown);
      return listRights(tx, person);
    });
    const modelIds = choices.map(({ modelId }) => modelId);
    const judgement = await withPlatform(database, 'judge which models a person may choose', (tx) =>
      judgeModels(tx, person, { modelIds, rights, nowMs: clock.nowMs() }),
    );
    const faults = choices.flatMap((choice) => {
      const reason = judgement.reasonAgainst(choice.modelId);
      return reason === null ? [] : [{ choice, reason }];
    });
    const refusal = refusalOf(faults, (modelId) => {
      const model = judgement.models.get(modelId);
      return model === undefined ? {} : purchaseDetails(model);
    });
    if (refusal !== null) throw refusal;
    return judgement;
  };

  const record = async (
    tx: DatabaseTransaction,
    caller: MemberCaller,
    saved: {
      readonly before: ModelPreferences;
      readonly after: ModelPreferences;
      readonly choices: readonly Choice[];
      readonly judgement: ModelJudgement;
    },
  ): Promise<void> => {
    const { before, after, choices, judgement } = saved;
    const personaIds = changedPersonas(before, after);
    if (personaIds.length === 0 && before.defaultModelId === after.defaultModelId) return;
    const { userId, organizationId } = caller;
    for (const { personaId, modelId } of choices) {
      const previous = personaId === null ? before.defaultModelId : before.personaOverrides[personaId];
      const model = judgement.models.get(modelId);
      if (previous === modelId || model === undefined) continue;
      const properties = {
        ...{
          model_id: modelId,
          persona_id: personaId,
          is_default: personaId === null,
          is_override: personaId !== null,
        },
        is_trial: modelAccess(model, judgement.factsOf(modelId)).isOnTrial,
      };
      await events.record(tx, { userId, organizationId }, { name: 'model_selected', properties });
    }
    const properties = { model_id: after.defaultModelId, persona_ids: personaIds };
    await events.record(tx, { userId, organizationId }, { name: 'model_preference_saved', properties });
    // One's own choice is nobody's business; somebody else's for one is.
    if (caller.impersonatorId !== null)
      await audit.record(tx, caller, {
        ...{ action: 'model_preferences.update', targetType: 'user', targetId: userId, before, after },
      });
  };

  return {
    async update(caller, change) {
      const userId = ownUserId(caller);
      const choices = choicesOf(change);
      const judgement = await judge(caller, choices);
      return withPrincipal(database, caller, async (tx) => {
        await lockProfile(tx, userId);
        const before = await findPreferences(tx, personOf(caller));
        const asked = [...Object.keys(before.personaOverrides), ...Object.keys(change.personaOverrides ?? {})];
        const after = changedPreferences(before, change, await listKnownPersonaIds(tx, asked));
        await updatePreferences(tx, userId, after);
        await record(tx, caller, { before, after, choices, judgement });
        return after;
      });
    },
  };
}

function changedPersonas(before: ModelPreferences, after: ModelPreferences): string[] {
  const ids = new Set([...Object.keys(before.personaOverrides), ...Object.keys(after.personaOverrides)]);
  return [...ids].filter((id) => before.personaOverrides[id] !== after.personaOverrides[id]);
}
