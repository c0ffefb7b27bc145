// Owns: the models that the sandbox names. It answers to any other name as well. Not: their price or who may call them (the catalog).

/** What `GET /v1/models` lists: the same names as the catalog's seeds. */
const SANDBOX_MODELS = [
  { id: 'sandbox-chat', displayName: 'Sandbox chat' },
  { id: 'sandbox-claude', displayName: 'Sandbox messages' },
  { id: 'sandbox-embedding', displayName: 'Sandbox embedding' },
] as const;

/** 2025-01-01T00:00:00Z, in seconds: when all of them were "made". */
const CREATED_SECONDS = 1_735_689_600;

/** One model as OpenAI shows it. */
export function openaiModel(id: string): object {
  return { id, object: 'model', created: CREATED_SECONDS, owned_by: 'weir-sandbox' };
}

/** One model as Anthropic shows it. */
export function anthropicModel(id: string): object {
  const displayName = SANDBOX_MODELS.find((model) => model.id === id)?.displayName ?? id;
  return { type: 'model', id, display_name: displayName, created_at: '2025-01-01T00:00:00Z' };
}

/** The list as OpenAI gives it. */
export function openaiModelList(): object {
  return { object: 'list', data: SANDBOX_MODELS.map((model) => openaiModel(model.id)) };
}

/** The list as Anthropic gives it: one page. */
export function anthropicModelList(): object {
  const data = SANDBOX_MODELS.map((model) => anthropicModel(model.id));
  return { data, has_more: false, first_id: SANDBOX_MODELS[0]?.id ?? null, last_id: SANDBOX_MODELS.at(-1)?.id ?? null };
}
