// Owns: whether a model can do what the call needs of it. Pure.

import type { Refusal } from '../call.ts';
import type { ModelFacts } from '../snapshot/facts.ts';

/** What the request has that needs a capability, in words. */
const NEED_WORDS: Readonly<Record<string, string>> = {
  vision: 'images',
  tools: 'tools',
  json_schema: 'a JSON schema for the answer',
  embeddings: 'embeddings',
  chat: 'chat',
};

/**
 * Embedding models only embed, others never do: such a call could not be carried. Other capabilities refuse only where the catalog says
 * so for certain (a model whose list names any of the same kind); the vendor knows its newest abilities better than a catalog.
 */
export function checkCapabilities(model: ModelFacts, needs: readonly string[]): Refusal | null {
  const isEmbedding = model.modelType === 'embedding';
  const wantsEmbedding = needs.includes('embeddings');
  if (isEmbedding !== wantsEmbedding) {
    return {
      code: 'unsupported_parameter',
      message: wantsEmbedding
        ? `The model ${model.id} makes no embeddings. Choose an embedding model.`
        : `The model ${model.id} only makes embeddings. Choose a chat model.`,
      param: 'model',
    };
  }
  if (needs.includes('vision') && !model.capabilities.has('vision') && model.capabilities.size > 0) {
    return {
      code: 'unsupported_parameter',
      message: `The model ${model.id} takes no ${NEED_WORDS.vision}. Choose a model with vision.`,
      param: 'messages',
    };
  }
  return null;
}
