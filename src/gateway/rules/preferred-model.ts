// Owns: which model `auto` means: persona override, the person's default, the organization's, the platform's; the first that works. Pure.

import { WeirError } from '../../primitives/errors.ts';
import type { Caller, Resolution } from '../call.ts';
import type { ModelFacts, PersonaFacts } from '../snapshot/facts.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkModelAvailable, checkModelRight } from './model-access.ts';

/** The model that serves `auto`, and why it is not the first choice, if it is not. */
export interface PreferredModel {
  readonly model: ModelFacts;
  readonly fallback: string | null;
  readonly modelType: Resolution['modelType'];
}

/** What the model has to do, and which ones can not any more. */
export interface WantedModel {
  readonly nowMs: number;
  readonly needs: readonly string[];
  /** Models whose trial the ledger found used up. */
  readonly exhausted: ReadonlySet<string>;
}

/**
 * Walks the line of preferences. A choice that is unknown, disabled, unavailable or locked is passed over, and the first such reason is told;
 * it is never an error while some default works.
 * @throws {WeirError} `model_not_enabled` when not even the platform's default works
 */
export function choosePreferred(caller: Caller, persona: PersonaFacts | null, wanted: WantedModel): PreferredModel {
  let fallback: string | null = null;
  for (const { modelId, modelType } of preferences(caller, persona)) {
    if (modelId === null || modelId === undefined) continue;
    const reason = reasonAgainst(caller, modelId, wanted);
    const model = caller.platform.models.get(modelId);
    if (model && reason === null) return { model, fallback, modelType };
    fallback ??= reason;
  }
  throw new WeirError('model_not_enabled', {
    message: 'No default model works. Name a model from GET /v1/models.',
    param: 'model',
  });
}

function preferences(
  caller: Caller,
  persona: PersonaFacts | null,
): { modelId: string | null | undefined; modelType: Resolution['modelType'] }[] {
  return [
    {
      modelId: persona ? (caller.member?.personaModelOverrides.get(persona.id) ?? persona.defaultModelId) : null,
      modelType: 'catalog',
    },
    { modelId: caller.member?.defaultModelId, modelType: 'catalog' },
    { modelId: caller.organization.defaultModelId, modelType: 'org_default' },
    { modelId: caller.platform.defaultModelId, modelType: 'system' },
  ];
}

function reasonAgainst(caller: Caller, modelId: string, { nowMs, needs, exhausted }: WantedModel): string | null {
  if (exhausted.has(modelId)) return 'trial_exhausted';
  const model = caller.platform.models.get(modelId);
  if (!model) return 'model_not_found';
  const resolution: Resolution = {
    model,
    template: null,
    feature: null,
    persona: null,
    promptVersionId: null,
    modelType: 'catalog',
    overlay: null,
    fallback: null,
  };
  if (checkModelAvailable(resolution)) return model.status === 'unavailable' ? 'model_unavailable' : 'model_disabled';
  if (checkCapabilities(model, needs)) return 'model_incapable';
  if (caller.key.allowedModels !== null && !caller.key.allowedModels.has(modelId)) return 'model_not_allowed';
  return checkModelRight(caller, resolution, nowMs) ? 'model_locked' : null;
}
