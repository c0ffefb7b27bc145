// Owns: when a model is past its retirement, and which one answers in its place. Pure. Not: whether that one may be used (model-access.ts, rules.ts).

import type { ModelFacts } from '../snapshot/facts.ts';

/** Replacements of replacements that are followed: a ring of them must end. */
const REPLACEMENTS_MAX = 8;

/** Whether calls are sent to the model no more. */
export function isRetired({ retiresAtMs }: ModelFacts, nowMs: number): boolean {
  return retiresAtMs !== null && retiresAtMs <= nowMs;
}

/** The model that answers for a retired one: its replacement, or that one's. Undefined where none is named, there, and of the same kind. */
export function findReplacement(
  models: ReadonlyMap<string, ModelFacts>,
  retired: ModelFacts,
  nowMs: number,
): ModelFacts | undefined {
  let model = retired;
  for (let step = 0; step < REPLACEMENTS_MAX; step += 1) {
    const next = model.replacementModelId === null ? undefined : models.get(model.replacementModelId);
    if (next === undefined || (next.modelType === 'embedding') !== (retired.modelType === 'embedding'))
      return undefined;
    if (!isRetired(next, nowMs)) return next;
    model = next;
  }
  return undefined;
}
