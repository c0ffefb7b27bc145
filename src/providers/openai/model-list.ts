// Owns: models in OpenAI's shape (API reference, "Models"). Does not own: which models a key may call.

import type { ListedModel } from '../wire/listed-model.ts';

/** One model; `shutdown_date` (RFC 3339) only where an end is known, as vendors add it. */
export function renderOpenAiModel(model: ListedModel): Record<string, unknown> {
  const { id, createdSeconds, ownedBy, shutdownAtMs } = model;
  return {
    ...{ id, object: 'model', created: createdSeconds, owned_by: ownedBy },
    ...(shutdownAtMs === null ? {} : { shutdown_date: new Date(shutdownAtMs).toISOString() }),
  };
}

/** The list of models; OpenAI's has no pages. */
export function renderOpenAiModelList(models: readonly ListedModel[]): Record<string, unknown> {
  return { object: 'list', data: models.map(renderOpenAiModel) };
}
