// Owns: what the request's `model` means: a catalog entry, a template, a feature's deployment, or the caller's preferences.
// Not: whether the caller may use it (rules/).

import { WeirError } from '../../primitives/errors.ts';
import { isUuid } from '../../primitives/ids.ts';
import type { CallOverlay, ParsedCall } from '../../providers/protocol.ts';
import type { Caller, CallWishes, Resolution } from '../call.ts';
import { checkModelAvailable } from '../rules/model-access.ts';
import { choosePreferred } from '../rules/preferred-model.ts';
import { findReplacement, isRetired } from '../rules/retirement.ts';
import { modelOfTemplate } from '../snapshot/endpoint-facts.ts';
import type { FeatureFacts, ModelFacts, PersonaFacts, TemplateFacts } from '../snapshot/facts.ts';

const TEMPLATE_PREFIX = 'template:';
const FEATURE_PREFIX = 'feature:';
/** Before a template's id in place of its slug, which has no colon. */
const ID_PREFIX = 'id:';

/** What a call is resolved from. */
export interface CallToResolve {
  readonly caller: Caller;
  readonly parsed: Pick<ParsedCall, 'model' | 'needs'>;
  readonly wishes: CallWishes;
  /** The ledger's time. */
  readonly nowMs: number;
  /** Models whose trial the ledger found used up: preferences pass them over. */
  readonly exhausted?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Resolves the call. Costs no query.
 * @throws {WeirError} `model_not_found`, `not_found` for an unknown persona or feature, `model_not_enabled` when a feature is not deployed
 */
export function resolve(call: CallToResolve): Resolution {
  const resolution = replaceRetired(call, resolveAsked(call));
  const { platform } = call.caller;
  if (!platform.switches.forceDefaultModel) return resolution;
  // What is not text can't be served by a default that is, and what is meant for a server of its owner's is for no other: they go where they were meant to.
  if (resolution.model.modelType === 'embedding' || resolution.model.ownProvider) return resolution;
  if (resolution.model.id === platform.defaultModelId) return resolution;
  return { ...resolution, model: getModel(call.caller, platform.defaultModelId), fallback: 'default_model_forced' };
}

/** What was asked for by name goes on under its replacement once it is retired, where that one is in service. */
function replaceRetired({ caller, nowMs }: CallToResolve, asked: Resolution): Resolution {
  if (!isRetired(asked.model, nowMs)) return asked;
  const model = findReplacement(caller.platform.models, asked.model, nowMs);
  if (model === undefined || checkModelAvailable({ ...asked, model }, nowMs) !== null) return asked;
  return { ...asked, model, fallback: 'model_retired' };
}

function resolveAsked({ caller, parsed, wishes, nowMs, exhausted = NONE }: CallToResolve): Resolution {
  const persona = findPersona(caller, wishes.persona);
  const feature = findFeature(caller, wishes.feature);
  if (parsed.model.startsWith(TEMPLATE_PREFIX)) {
    const template = getTemplate(caller, parsed.model.slice(TEMPLATE_PREFIX.length));
    const model = modelOfTemplate(caller.platform, template);
    if (!model) throw unknownModel(template.modelId ?? parsed.model);
    return fromTemplate(model, { template, feature, persona });
  }
  if (parsed.model.startsWith(FEATURE_PREFIX))
    return fromFeature(caller, {
      name: parsed.model.slice(FEATURE_PREFIX.length),
      environment: wishes.environment,
      persona,
    });
  if (parsed.model === 'auto') {
    const { model, fallback, modelType } = choosePreferred(caller, persona, { nowMs, needs: parsed.needs, exhausted });
    return { ...plain(model, feature, persona), fallback, modelType };
  }
  return plain(getModel(caller, parsed.model), feature, persona);
}

function plain(model: ModelFacts, feature: FeatureFacts | null, persona: PersonaFacts | null): Resolution {
  const overlay = persona?.systemPrompt ? { systemMessage: persona.systemPrompt, defaults: {} } : null;
  return {
    model,
    template: null,
    feature,
    persona,
    promptVersionId: null,
    modelType: 'catalog',
    overlay,
    fallback: null,
  };
}

function fromTemplate(
  model: ModelFacts,
  {
    template,
    feature,
    persona,
  }: { template: TemplateFacts; feature: FeatureFacts | null; persona: PersonaFacts | null },
): Resolution {
  const modelType = template.scope === 'system' ? 'system' : template.scope === 'organization' ? 'org_default' : 'user';
  const overlay: CallOverlay = { systemMessage: template.systemMessage, defaults: template.parameters };
  return { model, template, feature, persona, promptVersionId: null, modelType, overlay, fallback: null };
}

function fromFeature(
  caller: Caller,
  { name, environment, persona }: { name: string; environment: string; persona: PersonaFacts | null },
): Resolution {
  const feature = findFeature(caller, name);
  const deployment = feature?.deployments.get(environment);
  if (!feature) throw unknownModel(`feature:${name}`);
  if (!deployment) {
    throw new WeirError('model_not_enabled', {
      message: `The feature ${feature.name} is not deployed in ${environment}. Deploy it there or name another environment in x-weir-environment.`,
      param: 'model',
    });
  }
  const overlay: CallOverlay = { systemMessage: deployment.systemMessage, defaults: deployment.parameters };
  return {
    ...plain(getModel(caller, deployment.modelId), feature, persona),
    overlay,
    promptVersionId: deployment.promptVersionId,
  };
}

function getModel(caller: Caller, modelId: string): ModelFacts {
  const model = caller.platform.models.get(modelId);
  if (!model) throw unknownModel(modelId);
  return model;
}

/** The caller's own template before the organization's before the platform's: the nearer meaning of a name wins. `id:7` is meant whatever it is called. */
function getTemplate(caller: Caller, slug: string): TemplateFacts {
  const near = [caller.member?.templates, caller.organization.templates, caller.platform.systemTemplates];
  const template = slug.startsWith(ID_PREFIX)
    ? findById(near, slug.slice(ID_PREFIX.length))
    : near.map((templates) => templates?.get(slug)).find((found) => found !== undefined);
  if (!template) throw unknownModel(`template:${slug}`);
  return template;
}

/** What one means by its id: a nearer one of the same name does not hide it. */
function findById<Facts extends { readonly id: string | number }>(
  maps: readonly (ReadonlyMap<string, Facts> | undefined)[],
  id: string,
): Facts | undefined {
  for (const map of maps) for (const facts of map?.values() ?? []) if (String(facts.id) === id) return facts;
  return undefined;
}

function findPersona(caller: Caller, slug: string | null): PersonaFacts | null {
  if (slug === null) return null;
  const near = [caller.organization.personas, caller.platform.personas];
  const persona = isUuid(slug) ? findById(near, slug) : (near[0]?.get(slug) ?? near[1]?.get(slug));
  if (!persona)
    throw new WeirError('not_found', {
      message: 'x-weir-persona names no persona. Send the slug or the id of a persona.',
      param: 'x-weir-persona',
    });
  return persona;
}

function findFeature(caller: Caller, name: string | null): FeatureFacts | null {
  if (name === null) return null;
  const feature = caller.platform.features.get(name);
  if (!feature)
    throw new WeirError('not_found', {
      message: 'There is no such feature. Send the name of a feature.',
      param: 'x-weir-feature',
    });
  return feature;
}

function unknownModel(name: string): WeirError {
  return new WeirError('model_not_found', {
    message: `There is no model ${JSON.stringify(name.slice(0, 100))}. Choose one from GET /v1/models.`,
    param: 'model',
  });
}
