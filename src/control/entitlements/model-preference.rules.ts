// Owns: what a change makes of somebody's preferences, and the refusal of choices that can't serve. Pure. Not: what speaks against a model (model-access.rules.ts).

import type { SelectionReason } from '../../contracts/entitlements/model-selection.ts';
import { type FieldError, invalidFields } from '../../contracts/problem.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { ModelPreferences } from './model-preference.queries.ts';

/** What is asked for; left out stays, null clears. */
export interface PreferenceChange {
  readonly defaultModelId?: string | null | undefined;
  /** Persona id to model id; null clears one, or all. */
  readonly personaOverrides?: Readonly<Record<string, string | null>> | null | undefined;
}

/** A model chosen, and the field it was chosen in. */
export interface Choice {
  readonly path: string;
  readonly personaId: string | null;
  readonly modelId: string;
}

/** What is newly chosen; clearing chooses nothing. */
export function choicesOf({ defaultModelId, personaOverrides }: PreferenceChange): Choice[] {
  const overrides = Object.entries(personaOverrides ?? {}).flatMap(([personaId, modelId]) =>
    modelId === null ? [] : [{ path: `personaOverrides.${personaId}`, personaId, modelId }],
  );
  if (typeof defaultModelId !== 'string') return overrides;
  return [{ path: 'defaultModelId', personaId: null, modelId: defaultModelId }, ...overrides];
}

/** The preferences after the change. Overrides of personas that are not `known` any more go; nobody could clear them. */
export function changedPreferences(
  before: ModelPreferences,
  { defaultModelId, personaOverrides }: PreferenceChange,
  known: ReadonlySet<string>,
): ModelPreferences {
  const kept = personaOverrides === null ? {} : { ...before.personaOverrides, ...personaOverrides };
  const overrides = Object.entries(kept).flatMap(([persona, model]) =>
    model === null || !known.has(persona) ? [] : [[persona, model] as const],
  );
  return {
    defaultModelId: defaultModelId === undefined ? before.defaultModelId : defaultModelId,
    personaOverrides: Object.fromEntries(overrides),
  };
}

const WORDS: Readonly<Record<SelectionReason, string>> = {
  model_not_found: 'is not a model that is enabled',
  model_disabled: 'is not a model that is enabled',
  model_unavailable: 'is not available at the moment',
  model_retired: 'has been retired',
  model_incapable: 'makes embeddings and can not chat',
  model_not_allowed: 'is not a model that may be used',
  model_locked: 'is locked: buy it or ask an admin for access',
  trial_exhausted: 'is locked: its trial is used up',
  default_model_forced: 'is not the default, which is forced at the moment',
};
const isLock = (reason: SelectionReason): boolean => reason === 'model_locked' || reason === 'trial_exhausted';

/** 400 `invalid_request` naming the keys that are no personas. */
export function unknownPersonas(ids: readonly string[]): WeirError {
  return invalidFields(ids.map((id) => ({ path: `personaOverrides.${id}`, message: 'is not a persona' })));
}

/**
 * The refusal of choices that can't serve, each field with its reason: 400 `model_not_enabled` when one could serve nobody, else 403 `model_locked` with price and
 * place. Null where there are none.
 */
export function refusalOf(
  faults: readonly { readonly choice: Choice; readonly reason: SelectionReason }[],
  purchaseDetails: (modelId: string) => Readonly<Record<string, unknown>>,
): WeirError | null {
  const [first] = [...faults].sort((a, b) => Number(isLock(a.reason)) - Number(isLock(b.reason)));
  if (first === undefined) return null;
  const errors: FieldError[] = faults.map(({ choice, reason }) => ({ path: choice.path, message: WORDS[reason] }));
  const { modelId, path } = first.choice;
  const isLocked = isLock(first.reason);
  return new WeirError(isLocked ? 'model_locked' : 'model_not_enabled', {
    message: `${path} ${WORDS[first.reason]}.`,
    param: path,
    details: { errors, model_id: modelId, ...(isLocked ? purchaseDetails(modelId) : {}) },
  });
}
