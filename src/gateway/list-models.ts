// Owns: which models and templates a key may call, for `GET /v1/models`. In memory. Not: the vendors' shapes (providers).

import type { ListedModel } from '../providers/wire/listed-model.ts';
import type { Caller, Resolution } from './call.ts';
import { checkKeyAllows } from './rules/caller-rules.ts';
import { checkModelAvailable, checkModelRight, checkTemplate } from './rules/model-access.ts';
import { modelOfTemplate } from './snapshot/endpoint-facts.ts';
import type { ModelFacts, TemplateFacts } from './snapshot/facts.ts';

/** What the caller may call now, models by their order in the catalog, then templates by name. */
export function listModels(caller: Caller, nowMs: number): ListedModel[] {
  const models = [...caller.platform.models.values()]
    .filter((model) => mayCall(caller, asResolution(model, null), nowMs))
    .sort((a, b) => a.sortOrder - b.sortOrder || a.id.localeCompare(b.id))
    .map((model) => ({
      id: model.id,
      displayName: model.displayName,
      createdSeconds: Math.floor(model.createdAtMs / 1000),
      ownedBy: ownerOf(caller, model),
      shutdownAtMs: model.retiresAtMs,
    }));
  return [...models, ...listTemplates(caller, nowMs)];
}

/** One entry; undefined for what the caller may not call and for what is not there, alike. */
export function findListedModel(caller: Caller, id: string, nowMs: number): ListedModel | undefined {
  return listModels(caller, nowMs).find((model) => model.id === id);
}

function listTemplates(caller: Caller, nowMs: number): ListedModel[] {
  const bySlug = new Map<string, TemplateFacts>([
    ...caller.platform.systemTemplates,
    ...caller.organization.templates,
    ...(caller.member?.templates ?? []),
  ]);
  const listed: ListedModel[] = [];
  for (const template of [...bySlug.values()].sort((a, b) => a.slug.localeCompare(b.slug))) {
    const model = modelOfTemplate(caller.platform, template);
    if (!model || !mayCall(caller, asResolution(model, template), nowMs)) continue;
    listed.push({
      id: `template:${template.slug}`,
      displayName: template.name,
      createdSeconds: Math.floor(model.createdAtMs / 1000),
      ownedBy: template.scope,
      shutdownAtMs: model.replacementModelId === null ? model.retiresAtMs : null,
    });
  }
  return listed;
}

function mayCall(caller: Caller, resolution: Resolution, nowMs: number): boolean {
  return (
    checkModelAvailable(resolution, nowMs) === null &&
    checkTemplate(caller, resolution) === null &&
    checkKeyAllows(caller, resolution) === null &&
    checkModelRight(caller, resolution, nowMs) === null
  );
}

function asResolution(model: ModelFacts, template: TemplateFacts | null): Resolution {
  return {
    model,
    template,
    feature: null,
    persona: null,
    promptVersionId: null,
    modelType: 'catalog',
    overlay: null,
    fallback: null,
  };
}

function ownerOf({ platform }: Caller, model: ModelFacts): string {
  return platform.providers.get(model.providerId)?.slug ?? 'weir';
}
