// Covers whole answers and token counts in Anthropic’s shape.

import { describe, expect, test } from 'vitest';
import { readCountAnswer, readMessageAnswer } from './answer.ts';
import { readAnthropicUsage, renderAnthropicUsage } from './usage.ts';

const counts = { input: 8n, output: 5n, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n };

describe('token counts', () => {
  test.each<[string, unknown, object | null]>([
    ['plain', { input_tokens: 8, output_tokens: 5 }, counts],
    ['none', undefined, null],
    ['no output', { input_tokens: 8 }, null],
    ['negative', { input_tokens: -8, output_tokens: 5 }, null],
    ['NaN', { input_tokens: 8, output_tokens: Number.NaN }, null],
    ['zeros stay zeros', { input_tokens: 0, output_tokens: 0 }, { ...counts, input: 0n, output: 0n }],
    [
      'cached and written tokens are input too',
      {
        input_tokens: 8,
        output_tokens: 5,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 30,
        output_tokens_details: { thinking_tokens: 2 },
      },
      { input: 138n, output: 5n, cachedInput: 100n, cacheWrite: 30n, cacheWrite1h: 0n, reasoning: 2n },
    ],
    [
      'writes kept for an hour are told apart',
      {
        input_tokens: 8,
        output_tokens: 5,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      },
      { ...counts, input: 38n, cacheWrite: 30n, cacheWrite1h: 20n },
    ],
    [
      'writes are counted from their parts where the sum is missing',
      {
        input_tokens: 8,
        output_tokens: 5,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      },
      { ...counts, input: 38n, cacheWrite: 30n, cacheWrite1h: 20n },
    ],
    [
      'no more one-hour writes than writes',
      {
        input_tokens: 8,
        output_tokens: 5,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_1h_input_tokens: 90 },
      },
      { ...counts, input: 38n, cacheWrite: 30n, cacheWrite1h: 30n },
    ],
    [
      'a senseless part is nothing',
      {
        input_tokens: 8,
        output_tokens: 5,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_1h_input_tokens: -1 },
      },
      { ...counts, input: 38n, cacheWrite: 30n },
    ],
    [
      'nulls are nothing',
      {
        input_tokens: 8,
        output_tokens: 5,
        cache_read_input_tokens: null,
        cache_creation: null,
        output_tokens_details: null,
      },
      counts,
    ],
  ])('%s', (_, value, expected) => {
    expect(readAnthropicUsage(value)).toEqual(expected);
  });

  test('what is written is read back', () => {
    const full = { input: 20n, output: 9n, cachedInput: 7n, cacheWrite: 3n, cacheWrite1h: 2n, reasoning: 4n };
    expect(readAnthropicUsage(renderAnthropicUsage(full))).toEqual(full);
  });
});

describe('a whole message', () => {
  test('passes in its own bytes', () => {
    const content = [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 't', name: 'f', input: { a: 1 } },
      { type: 'tool_use', id: 't', name: 'g', input: {} },
    ];
    const body = Buffer.from(
      JSON.stringify({ type: 'message', content, usage: { input_tokens: 8, output_tokens: 5 } }),
    );
    const answer = readMessageAnswer(body);
    expect(answer.body).toBe(body);
    expect(answer.usage).toEqual(counts);
    expect(answer.outputText()).toBe('hmHellof{"a":1}g');
  });

  test.each([
    ['HTML', '<html></html>'],
    ['cut JSON', '{"content":['],
    ['a list', '[]'],
    ['without content', '{"type":"message"}'],
    ['an error', '{"type":"error","error":{"type":"api_error","message":"sk-ant-abc12345"}}'],
  ])('that is %s is the provider’s failure', (_, body) => {
    expect(() => readMessageAnswer(Buffer.from(body))).toThrow(
      expect.objectContaining({ code: 'provider_error', message: expect.not.stringContaining('sk-') }),
    );
  });
});

test('a count costs nothing', () => {
  const body = Buffer.from('{"input_tokens":14}');
  expect(readCountAnswer(body)).toMatchObject({ body, usage: { input: 0n, output: 0n } });
  expect(readCountAnswer(body).outputText()).toBe('');
  expect(() => readCountAnswer(Buffer.from('{}'))).toThrow(expect.objectContaining({ code: 'provider_error' }));
});
