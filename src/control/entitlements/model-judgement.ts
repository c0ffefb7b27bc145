// Owns: judging models for a person: what speaks against each, by what was used of it and what has become of it. Not: what follows (selection, preferences).

import type { SelectionReason } from '../../contracts/entitlements/model-selection.ts';
import type { DatabaseTransaction } from '../../database/pool.ts';
import { type AccessFacts, type PreferredModel, reasonAgainst } from './model-access.rules.ts';
import type { Right } from './model-offer.queries.ts';
import { listPreferredModels } from './model-preference.queries.ts';
import { findModelSwitches, readModelUse } from './model-use.queries.ts';
import type { Person } from './person.ts';

/** What speaks against models, and what else is known of those that were asked for. */
export interface ModelJudgement {
  readonly models: ReadonlyMap<string, PreferredModel>;
  reasonAgainst(modelId: string): SelectionReason | null;
  readonly forceDefaultModel: boolean;
  factsOf(modelId: string): AccessFacts;
}

/** Judges models for a person. In `withPlatform`: what has become of disabled models, and counters, are nobody's to read. */
export async function judgeModels(
  tx: DatabaseTransaction,
  person: Person,
  asked: { readonly modelIds: readonly string[]; readonly rights: readonly Right[]; readonly nowMs: number },
): Promise<ModelJudgement> {
  const { rights, nowMs } = asked;
  const modelIds = [...new Set(asked.modelIds)];
  const models = await listPreferredModels(tx, modelIds, new Date(nowMs));
  const { premiumEnabled, forceDefaultModel } = await findModelSwitches(tx);
  const uses = await readModelUse(tx, { person, modelIds, nowMs });
  const factsOf = (modelId: string): AccessFacts => {
    const trialMessagesUsed = uses.get(modelId)?.trialMessagesUsed ?? 0n;
    return { rights, trialMessagesUsed, premiumEnabled, nowMs };
  };
  return {
    ...{ models, factsOf, forceDefaultModel },
    reasonAgainst: (modelId) => reasonAgainst(models.get(modelId), factsOf(modelId)),
  };
}
