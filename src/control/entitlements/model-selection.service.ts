// Owns: which model serves a person, as themselves and as each persona, without a call: the same rule as the gateway's `auto`. Not: calls, which the gateway decides.

import type { MemberCaller } from '../../contracts/caller.ts';
import { type Preferences, type Selection, selectModel } from '../../contracts/entitlements/model-selection.ts';
import type { Database } from '../../database/pool.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { Clock } from '../../primitives/clock.ts';
import { judgeModels, type ModelJudgement } from './model-judgement.ts';
import { listRights } from './model-offer.queries.ts';
import { findDefaults, findPreferences } from './model-preference.queries.ts';
import { personOf } from './person.ts';

/** A persona as far as it matters here. */
export interface SelectingPersona {
  readonly id: string;
  readonly defaultModelId: string | null;
}

/** What serves, with its name. */
export interface ServingModel extends Selection {
  readonly displayName: string;
}

/** The catalog's default where none is marked, as at the gateway. */
const DEFAULT_MODEL_ID = 'gpt-4o-mini';

/** Reading only. */
export interface ModelSelectionService {
  /** By persona id; null where not even the system's default works. A constant number of queries. */
  select(
    caller: MemberCaller,
    personas: readonly SelectingPersona[],
  ): Promise<ReadonlyMap<string, ServingModel | null>>;
}

/** Over the given database. */
export function createModelSelectionService(options: {
  readonly database: Database;
  readonly clock: Clock;
}): ModelSelectionService {
  const { database, clock } = options;
  return {
    async select(caller, personas) {
      const nowMs = clock.nowMs();
      const person = personOf(caller);
      const own = await withPrincipal(database, caller, async (tx) => ({
        rights: await listRights(tx, person),
        preferences: await findPreferences(tx, person),
      }));
      return withPlatform(database, 'read which model serves a person', async (tx) => {
        const { organizationDefault, systemDefault } = await findDefaults(tx, person.organizationId);
        const fallback = systemDefault ?? DEFAULT_MODEL_ID;
        const lines = personas.map(({ id, defaultModelId }): readonly [string, Preferences] => [
          id,
          {
            persona_override: own.preferences.personaOverrides[id],
            persona_default: defaultModelId,
            user_default: own.preferences.defaultModelId,
            organization_default: organizationDefault,
            system_default: fallback,
          },
        ]);
        const modelIds = lines.flatMap(([, line]) => Object.values(line)).filter((id) => typeof id === 'string');
        const judgement = await judgeModels(tx, person, { modelIds, rights: own.rights, nowMs });
        return new Map(lines.map(([id, line]) => [id, serving(line, judgement, fallback)]));
      });
    },
  };
}

function serving(line: Preferences, judgement: ModelJudgement, systemDefault: string): ServingModel | null {
  const chosen = selectModel(line, judgement.reasonAgainst);
  const isForced = judgement.forceDefaultModel && chosen?.modelId !== systemDefault;
  const selection: Selection | null =
    chosen !== null && isForced
      ? { modelId: systemDefault, why: 'system_default', fallback: 'default_model_forced' }
      : chosen;
  const model = selection === null ? undefined : judgement.models.get(selection.modelId);
  return selection === null || model === undefined ? null : { ...selection, displayName: model.displayName };
}
