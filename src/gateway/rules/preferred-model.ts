// Owns: which model `auto` means: persona override, the person's default, the organization's, the platform's; the first that works. Pure.

import { type SelectionReason, type SelectionStep, selectModel } from '../../contracts/entitlements/model-selection.ts';
import { WeirError } from '../../primitives/errors.ts';
import type { Caller, Resolution } from '../call.ts';
import type { ModelFacts, PersonaFacts } from '../snapshot/facts.ts';
import { checkCapabilities } from './capabilities.ts';
import { checkModelAvailable, checkModelRight } from './model-access.ts';
import { isRetired } from './retirement.ts';

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

/** What the usage event calls a model that serves as a step's preference. */
const MODEL_TYPES: Readonly<Record<SelectionStep, Resolution['modelType']>> = {
  persona_override: 'catalog',
  persona_default: 'catalog',
  user_default: 'catalog',
  organization_default: 'org_default',
  system_default: 'system',
};

/**
 * Walks the line of preferences, as `contracts/entitlements/model-selection.ts` orders it. A choice that is unknown, disabled, unavailable or locked is passed over,
 * and the first such reason is told; it is never an error while some default works.
 * @throws {WeirError} `model_not_enabled` when not even the platform's default works
 */
export function choosePreferred(caller: Caller, persona: PersonaFacts | null, wanted: WantedModel): PreferredModel {
  const { member, organization, platform } = caller;
  const chosen = selectModel(
    {
      persona_override: persona === null ? null : member?.personaModelOverrides.get(persona.id),
      persona_default: persona?.defaultModelId,
      user_default: member?.defaultModelId,
      organization_default: organization.defaultModelId,
      system_default: platform.defaultModelId,
    },
    (modelId) => reasonAgainst(caller, modelId, wanted),
  );
  const model = chosen === null ? undefined : platform.models.get(chosen.modelId);
  if (chosen === null || model === undefined)
    throw new WeirError('model_not_enabled', {
      message: 'No default model works. Name a model from GET /v1/models.',
      param: 'model',
    });
  return { model, fallback: chosen.fallback, modelType: MODEL_TYPES[chosen.why] };
}

function reasonAgainst(
  caller: Caller,
  modelId: string,
  { nowMs, needs, exhausted }: WantedModel,
): SelectionReason | null {
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
  if (checkModelAvailable(resolution, nowMs)) return whyUnavailable(model, nowMs);
  // Nobody is behind it; whoever asks for it by name is told so, a preference is passed over.
  const provider = caller.platform.providers.get(model.providerId);
  if (provider === undefined || provider.status === 'inactive') return 'model_unavailable';
  if (checkCapabilities(model, needs)) return 'model_incapable';
  const allowed = caller.key?.allowedModels ?? null;
  if (allowed !== null && !allowed.has(modelId)) return 'model_not_allowed';
  return checkModelRight(caller, resolution, nowMs) ? 'model_locked' : null;
}

function whyUnavailable(model: ModelFacts, nowMs: number): SelectionReason {
  if (model.status === 'unavailable') return 'model_unavailable';
  return model.enabled && isRetired(model, nowMs) ? 'model_retired' : 'model_disabled';
}
