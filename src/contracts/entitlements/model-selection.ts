// Owns: which of somebody's preferences serves, in what order they are tried, and what is told when it is not the first. One rule for the gateway and the control
// plane. Pure. Not: why a model can not serve (each side's facts).

import { z } from 'zod';

/** Preferences in the order in which they are tried. */
export const selectionSteps = z.enum([
  'persona_override',
  'persona_default',
  'user_default',
  'organization_default',
  'system_default',
]);
export type SelectionStep = z.infer<typeof selectionSteps>;

/** Why a preferred model does not serve; what `x-weir-fallback` says. */
export const selectionReasons = z.enum([
  'model_not_found',
  'model_disabled',
  'model_unavailable',
  'model_retired',
  'model_incapable',
  'model_not_allowed',
  'model_locked',
  'trial_exhausted',
  'default_model_forced',
]);
export type SelectionReason = z.infer<typeof selectionReasons>;

/** Models by id, step by step; what is not preferred is left out or null. */
export type Preferences = Readonly<Partial<Record<SelectionStep, string | null | undefined>>>;

/** The model that serves. */
export interface Selection {
  readonly modelId: string;
  /** Whose preference it is. */
  readonly why: SelectionStep;
  /** Why the first preference does not serve; null when it does. */
  readonly fallback: SelectionReason | null;
}

/** The first preference that nothing speaks against; the first reason met on the way is told. Null when none works, not even the system's default. */
export function selectModel(
  preferences: Preferences,
  reasonAgainst: (modelId: string) => SelectionReason | null,
): Selection | null {
  let fallback: SelectionReason | null = null;
  for (const why of selectionSteps.options) {
    const modelId = preferences[why];
    if (modelId === null || modelId === undefined) continue;
    const reason = reasonAgainst(modelId);
    if (reason === null) return { modelId, why, fallback };
    fallback ??= reason;
  }
  return null;
}
