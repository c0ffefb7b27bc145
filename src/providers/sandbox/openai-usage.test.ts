// Owns: the guarantee that OpenAI's own SDK reads the usage that the sandbox reports, or is told to get wrong.

import { describe, expect, it } from 'vitest';
import { model, openSdkClients, user } from './testing/sdk-calls.ts';
import { countSandboxTokens } from './tokens.ts';

const { openai } = await openSdkClients();

describe('the OpenAI SDK', () => {
  it('reports reasoning and cached tokens', async () => {
    const answer = await openai.chat.completions.create({
      model: `${model}?cached=4`,
      messages: user('Hello'),
      reasoning_effort: 'low',
    });
    expect(answer.usage?.completion_tokens_details?.reasoning_tokens).toBe(16);
    expect(answer.usage?.prompt_tokens_details?.cached_tokens).toBe(4);
    expect(answer.usage?.completion_tokens).toBe(16 + countSandboxTokens(answer.choices[0]?.message.content ?? ''));
  });

  it.each([
    ['zero', 0],
    ['negative', -1],
    ['huge', 1e300],
    ['fraction', 0.5],
    ['text', '12'],
  ])('usage=%s reports %s', async (word, count) => {
    const answer = await openai.chat.completions.create({ model: `${model}?usage=${word}`, messages: user('Hello') });
    expect([answer.usage?.prompt_tokens, answer.usage?.completion_tokens]).toEqual([count, count]);
  });

  it('no-usage, usage=null and usage=repeat do as they say', async () => {
    const none = await openai.chat.completions.create({ model: `${model}?no-usage`, messages: user('Hello') });
    expect('usage' in none).toBe(false);
    const empty = await openai.chat.completions.create({ model: `${model}?usage=null`, messages: user('Hello') });
    expect(empty.usage).toBeNull();
    const reports = async (directive: string): Promise<number> => {
      const stream = await openai.chat.completions.create({
        model: `${model}?tokens=3&${directive}`,
        messages: user('Hello'),
        stream: true,
        stream_options: { include_usage: true },
      });
      let count = 0;
      for await (const chunk of stream) if (chunk.usage) count += 1;
      return count;
    };
    expect(await reports('usage=repeat')).toBe(7);
    expect(await reports('no-usage')).toBe(0);
  });
});
