// Covers whole answers and token counts in OpenAI’s shape.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readMembersAfterLastList } from '../wire/json-tail.ts';
import { readChatAnswer, readEmbeddingsAnswer } from './answer.ts';
import { readOpenAiUsage, renderOpenAiUsage } from './usage.ts';

const usage = { prompt_tokens: 8, completion_tokens: 5, total_tokens: 13 };
const counts = { input: 8n, output: 5n, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n };

describe('token counts', () => {
  test.each<[string, unknown, object | null]>([
    ['plain', usage, counts],
    ['none', undefined, null],
    ['null', null, null],
    ['zeros stay zeros', { prompt_tokens: 0, completion_tokens: 0 }, { ...counts, input: 0n, output: 0n }],
    ['negative input', { ...usage, prompt_tokens: -1 }, null],
    ['NaN input', { ...usage, prompt_tokens: Number.NaN }, null],
    ['a fraction', { ...usage, prompt_tokens: 1.5 }, null],
    ['absurd', { ...usage, prompt_tokens: 1e308 }, null],
    ['a string', { ...usage, prompt_tokens: '8' }, null],
    ['no output count, but a total', { prompt_tokens: 8, total_tokens: 13 }, counts],
    ['no output count, no total', { prompt_tokens: 8 }, null],
    ['negative output', { prompt_tokens: 8, completion_tokens: -5 }, null],
    ['embeddings', { prompt_tokens: 8, total_tokens: 8 }, { ...counts, output: 0n }],
    [
      'cached, written and reasoning',
      {
        ...usage,
        prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
      { ...counts, cachedInput: 3n, cacheWrite: 2n, cacheWrite1h: 0n, reasoning: 4n },
    ],
    [
      'parts beyond the whole',
      { ...usage, prompt_tokens_details: { cached_tokens: 99 }, completion_tokens_details: { reasoning_tokens: 99 } },
      { ...counts, cachedInput: 8n, reasoning: 5n },
    ],
    [
      'senseless details',
      { ...usage, prompt_tokens_details: { cached_tokens: -3 }, completion_tokens_details: null },
      counts,
    ],
    ['DeepSeek’s cache', { ...usage, prompt_cache_hit_tokens: 6 }, { ...counts, cachedInput: 6n }],
    ['Moonshot’s cache', { ...usage, cached_tokens: 6 }, { ...counts, cachedInput: 6n }],
    [
      'reasoning beside the output (Google, xAI)',
      { ...usage, total_tokens: 20 },
      { ...counts, output: 12n, reasoning: 7n },
    ],
    ['a total that is too small', { ...usage, total_tokens: 2 }, counts],
  ])('%s', (_, value, expected) => {
    expect(readOpenAiUsage(value)).toEqual(expected);
  });

  test('what is written is read back', () => {
    const full = { input: 20n, output: 9n, cachedInput: 7n, cacheWrite: 3n, cacheWrite1h: 0n, reasoning: 4n };
    expect(readOpenAiUsage(renderOpenAiUsage(full))).toEqual(full);
  });
});

describe('a whole chat answer', () => {
  const message = {
    content: 'Hello',
    reasoning_content: 'hm',
    tool_calls: [{ function: { name: 'f', arguments: '{}' } }, { custom: { name: 'g', input: 'x' } }],
  };

  test('passes in its own bytes', () => {
    const body = Buffer.from(
      JSON.stringify({ choices: [{ message }, { message: { refusal: 'No' } }], usage }, null, 2),
    );
    const answer = readChatAnswer(body);
    expect(answer.body).toBe(body);
    expect(answer.usage).toEqual(counts);
    expect(answer.outputText()).toBe('Hellohmf{}gxNo');
  });

  test('without usage says so', () => {
    expect(readChatAnswer(Buffer.from('{"choices":[]}')).usage).toBeNull();
  });

  test.each([
    ['HTML', '<html>502</html>'],
    ['cut JSON', '{"choices":[{"mess'],
    ['nothing', ''],
    ['a list', '[]'],
    ['another object', '{"object":"x"}'],
    ['an error', '{"error":{"message":"boom sk-abcdef123456"}}'],
  ])('that is %s is the provider’s failure', (_, body) => {
    expect(() => readChatAnswer(Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'provider_error', message: expect.not.stringContaining('sk-') }),
    );
  });
});

describe('an embeddings answer', () => {
  const data = [{ object: 'embedding', index: 0, embedding: [0.1, -0.2] }];
  const found = { ...counts, output: 0n };
  const count = { prompt_tokens: 8, total_tokens: 8 };

  test.each<[string, string]>([
    ['usage last', JSON.stringify({ object: 'list', data, model: 'm', usage: count })],
    ['usage first', JSON.stringify({ usage: count, object: 'list', data })],
    ['spaces', JSON.stringify({ data, model: 'm', usage: count }, null, 2)],
    ['a final line feed', `${JSON.stringify({ data, usage: count })}\n`],
    ['lists behind', JSON.stringify({ data, usage: { ...count, details: [1, [2]] }, more: { a: [] } })],
    ['a decoy inside a string', JSON.stringify({ usage: count, data, model: '],"usage":{"prompt_tokens":999}}' })],
    [
      'a decoy inside a vector’s text',
      JSON.stringify({ usage: count, data: [{ embedding: 'x],"usage":{"prompt_tokens":999,"total_tokens":999}}' }] }),
    ],
    [
      'a decoy in an object',
      JSON.stringify({ data, usage: count, z: { a: [], usage: { prompt_tokens: 999, total_tokens: 999 } } }),
    ],
  ])('gives its usage with %s', (_, body) => {
    expect(readEmbeddingsAnswer(Buffer.from(body)).usage).toEqual(found);
  });

  test.each([
    ['cut', '{"data":[{"embedding":[0.1,'],
    ['HTML', '<html></html>'],
    ['an error', '{"error":{"message":"x"}}'],
    ['without data', '{"object":"list"}'],
  ])('that is %s is the provider’s failure', (_, body) => {
    expect(() => readEmbeddingsAnswer(Buffer.from(body))).toThrow(expect.objectContaining({ code: 'provider_error' }));
  });

  test('what is found behind the last list is what a parser finds, for any object', () => {
    const objects = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true });
    fc.assert(
      fc.property(objects, (object) => {
        const text = JSON.stringify(object);
        const members = readMembersAfterLastList(Buffer.from(text)) ?? {};
        const whole = JSON.parse(text) as Record<string, unknown>;
        for (const [name, value] of Object.entries(members)) {
          if (name !== '') expect(whole[name]).toEqual(value);
        }
      }),
    );
  });
});
