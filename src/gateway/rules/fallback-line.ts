// Owns: which models may serve a call in its model's place. Pure. Not: when they do (upstream/), or whether the model itself may be used (rules.ts).

import type { Caller, Resolution } from '../call.ts';
import type { ModelFacts } from '../snapshot/facts.ts';
import { checkKeyAllows } from './caller-rules.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkModelAvailable, checkModelRight, findModelRight } from './model-access.ts';

/**
 * The model, then its fallbacks in their order that this caller could have asked for: available, of the same kind, able to do what the call
 * needs, allowed to the key, free or the caller's by right. A trial message of another model is not used up for a fallback.
 */
export function fallbackLine(
  caller: Caller,
  resolution: Resolution,
  { nowMs, needs }: { readonly nowMs: number; readonly needs: readonly string[] },
): ModelFacts[] {
  const { model } = resolution;
  if (model.fallbackModelIds.length === 0) return [model];
  const line = [model];
  for (const id of model.fallbackModelIds) {
    const candidate = caller.platform.models.get(id);
    if (candidate === undefined) continue;
    // Its messages of the day would go uncounted: the call's meters are those of the model that was asked for.
    if (candidate.messagesPerDay !== null) continue;
    // A provider would tell the caller of a mistake that is none: the model that was asked for can do it.
    if (checkCapabilities(candidate, needs) !== null) continue;
    if (mayServe(caller, { ...resolution, model: candidate }, nowMs)) line.push(candidate);
  }
  return line;
}

function mayServe(caller: Caller, resolution: Resolution, nowMs: number): boolean {
  return (
    checkModelAvailable(resolution, nowMs) === null &&
    checkKeyAllows(caller, resolution) === null &&
    checkModelRight(caller, resolution, nowMs) === null &&
    findModelRight(caller, resolution, nowMs) !== 'trial_messages'
  );
}
