// Owns: the catalog entries of the sandbox, named as such wherever they are shown. Not: what the sandbox answers.

/** Input and output in nano-USD per million tokens: small, and not zero, so that cost is seen to move. */
const chatPrice = { input: 100_000_000n, output: 400_000_000n, cachedInput: 50_000_000n } as const;

const CHAT = ['chat', 'streaming', 'tools', 'vision', 'json_schema'];

/** Rows of models with their provider's slug and price. */
export const sandboxModels = [
  {
    id: 'sandbox-chat',
    provider: 'sandbox',
    displayName: 'Sandbox chat (no real model)',
    description: 'Deterministic answers inside Weir, in the OpenAI protocol. For trying Weir without a vendor.',
    type: 'llm',
    capabilities: CHAT,
    contextWindow: 128_000,
    maxOutputTokens: 16_384,
    protocol: 'openai',
    price: chatPrice,
  },
  {
    id: 'sandbox-claude',
    provider: 'sandbox-anthropic',
    displayName: 'Sandbox messages (no real model)',
    description: 'Deterministic answers inside Weir, in the Anthropic protocol. For trying Weir without a vendor.',
    type: 'llm',
    capabilities: CHAT,
    contextWindow: 200_000,
    maxOutputTokens: 16_384,
    protocol: 'anthropic',
    price: chatPrice,
  },
  {
    id: 'sandbox-embedding',
    provider: 'sandbox',
    displayName: 'Sandbox embedding (no real model)',
    description: 'Deterministic vectors inside Weir. For trying Weir without a vendor.',
    type: 'embedding',
    capabilities: ['embeddings'],
    contextWindow: 8192,
    maxOutputTokens: null,
    protocol: 'openai',
    price: { input: 20_000_000n, output: 0n, cachedInput: null },
  },
] as const;
