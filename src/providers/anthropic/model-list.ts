// Owns: models in Anthropic's shape (API reference, "Models"). Does not own: which models a key may call.

import type { ListedModel } from '../wire/listed-model.ts';

/** One model. `created_at` is RFC 3339. */
export function renderAnthropicModel(model: ListedModel): Record<string, unknown> {
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    created_at: new Date(model.createdSeconds * 1_000).toISOString(),
  };
}

/** The list of models, all on one page. */
export function renderAnthropicModelList(models: readonly ListedModel[]): Record<string, unknown> {
  return {
    data: models.map(renderAnthropicModel),
    has_more: false,
    first_id: models[0]?.id ?? null,
    last_id: models.at(-1)?.id ?? null,
  };
}
