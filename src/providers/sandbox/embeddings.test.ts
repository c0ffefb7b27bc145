// Owns: the guarantee that OpenAI's own SDK understands the sandbox's embeddings and its list of models.

import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { model, openSdkClients } from './testing/sdk-calls.ts';

const { openai } = await openSdkClients();

describe('the OpenAI SDK', () => {
  it('gets unit vectors that are the same for the same text, as base64 and as numbers', async () => {
    const create = (input: string | string[], more: object = {}): Promise<OpenAI.CreateEmbeddingResponse> =>
      openai.embeddings.create({ model: 'sandbox-embedding', input, ...more });
    const [{ data, usage }, asNumbers] = await Promise.all([
      create(['a weir holds water', 'a weir holds the water', 'planets orbit stars']),
      create('a weir holds water', { encoding_format: 'float' }),
    ]);
    const [weir, alike, other] = data.map((item) => item.embedding);
    if (!weir || !alike || !other) throw new Error('Three vectors were asked for.');
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    expect(weir).toHaveLength(1536);
    expect(dot(weir, weir)).toBeCloseTo(1, 5);
    expect(dot(weir, alike)).toBeGreaterThan(dot(weir, other) + 0.3);
    expect(asNumbers.data[0]?.embedding).toEqual(weir);
    expect(usage).toEqual({ prompt_tokens: 12, total_tokens: 12 });
    expect((await create('a', { dimensions: 64 })).data[0]?.embedding).toHaveLength(64);
    expect((await create('a', { dimensions: 1 })).data[0]?.embedding[0]).toBeCloseTo(1);
  });

  it('embeds lists of tokens', async () => {
    const answer = await openai.embeddings.create({ model: 'sandbox-embedding', input: [[1, 2, 3], [4]] });
    expect([answer.data.length, answer.usage.prompt_tokens]).toEqual([2, 4]);
    expect((await openai.embeddings.create({ model: 'e', input: [1, 2, 3] })).data).toHaveLength(1);
  });

  it('lists models and finds one', async () => {
    const ids: string[] = [];
    for await (const { id } of openai.models.list()) ids.push(id);
    expect(ids).toContain(model);
    expect((await openai.models.retrieve(model)).owned_by).toBe('weir-sandbox');
  });
});
