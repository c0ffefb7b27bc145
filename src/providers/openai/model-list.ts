// Owns: models in OpenAI's shape (API reference, "Models"). Does not own: which models a key may call.

import type { ListedModel } from '../wire/listed-model.ts';

/** One model. */
export function renderOpenAiModel(model: ListedModel): Record<string, unknown> {
  return { id: model.id, object: 'model', created: model.createdSeconds, owned_by: model.ownedBy };
}

/** The list of models; OpenAI's has no pages. */
export function renderOpenAiModelList(models: readonly ListedModel[]): Record<string, unknown> {
  return { object: 'list', data: models.map(renderOpenAiModel) };
}
