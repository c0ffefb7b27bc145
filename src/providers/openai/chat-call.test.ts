// Covers reading chat requests, and the bound of their input.

import fc from 'fast-check';
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base';
import { countTokens as countO200k } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { chatCall } from '../wire/testing/call-fixtures.ts';
import { inputTokensBoundFor } from '../wire/token-bound.ts';
import { parseChatCompletions } from './chat-call.ts';

const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });

describe('reading a chat request', () => {
  test.each([
    ['model', { model: undefined }],
    ['model', { model: '' }],
    ['model', { model: 7 }],
    ['model', { model: 'm'.repeat(257) }],
    ['messages', { messages: undefined }],
    ['messages', { messages: [] }],
    ['messages', { messages: { role: 'user' } }],
    ['messages[0]', { messages: ['Hi'] }],
    ['messages[1].role', { messages: [{ role: 'user', content: 'a' }, { content: 'b' }] }],
    ['messages[0].content', user(5)],
    ['messages[0].content[1]', user([{ type: 'text', text: 'a' }, 'b'])],
    ['messages[0].content[0].text', user([{ type: 'text' }])],
    ['messages[0].content[0].image_url', user([{ type: 'image_url', image_url: 'https://x' }])],
    ['messages[0].content[0].image_url.url', user([{ type: 'image_url', image_url: {} }])],
    ['messages[0].content[0].input_audio', user([{ type: 'input_audio' }])],
    ['messages[0].tool_calls', { messages: [{ role: 'assistant', tool_calls: {} }] }],
    ['stream', { stream: 'yes' }],
    ['stream_options', { stream_options: true }],
    ['stream_options.include_usage', { stream_options: { include_usage: 1 } }],
    ['max_tokens', { max_tokens: 0 }],
    ['max_tokens', { max_tokens: -5 }],
    ['max_tokens', { max_tokens: 1.5 }],
    ['max_tokens', { max_tokens: 1e308 }],
    ['max_tokens', { max_tokens: 2 ** 53 }],
    ['max_completion_tokens', { max_completion_tokens: '100' }],
    ['n', { n: 0 }],
    ['n', { n: 129 }],
    ['tools', { tools: {} }],
    ['response_format', { response_format: 'json' }],
  ])('%s is named when it is not valid: %j', (param, fields) => {
    expect(() => chatCall(fields)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });

  test('what Weir decides on is read', () => {
    const call = chatCall({
      model: 'auto',
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 50,
      max_completion_tokens: 80,
      n: 3,
      tools: [{ type: 'function', function: { name: 'f' } }],
      response_format: { type: 'json_schema', json_schema: {} },
      ...user([
        { type: 'text', text: 'Look' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
        { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
      ]),
    });
    expect(call).toMatchObject({
      route: 'chat_completions',
      protocol: 'openai',
      model: 'auto',
      stream: true,
      includeUsage: true,
      maxOutputTokens: 50,
      choices: 3,
      images: { low: 1, high: 1 },
      needs: ['chat', 'streaming', 'tools', 'vision', 'json_schema'],
    });
  });

  test('what is not given has its default', () => {
    const call = chatCall({ stream: null, n: null, max_tokens: null, tools: null, stream_options: null });
    expect(call).toMatchObject({
      stream: false,
      choices: 1,
      maxOutputTokens: null,
      includeUsage: false,
      needs: ['chat'],
    });
  });

  test('unknown fields, parts and roles are accepted', () => {
    expect(() =>
      chatCall({ brand_new: { a: 1 }, messages: [{ role: 'critic', content: [{ type: 'hologram', data: 'x' }] }] }),
    ).not.toThrow();
  });
});

describe('the bound of the input', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.lorem(),
  );

  test('is never below the real count, in either of OpenAI’s tokenizers', () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 5 }), (contents) => {
        const { inputTokensBound } = chatCall({ messages: contents.map((content) => ({ role: 'user', content })) });
        for (const count of [countTokens, countO200k]) {
          // 3 a message and 3 for the answer: OpenAI's cookbook, "How to count tokens".
          const real = contents.reduce((sum, content) => sum + count(content) + 3, 3);
          expect(inputTokensBound).toBeGreaterThanOrEqual(real);
        }
      }),
    );
  });

  test('covers tools, schemas, tool calls and predictions, rendered with spaces or escaped', () => {
    const schema = { type: 'object', properties: { größe: { type: 'string', description: 'wie groß 中文' } } };
    const plain = chatCall().inputTokensBound;
    for (const fields of [
      { tools: [{ type: 'function', function: { name: 'f', parameters: schema } }] },
      { functions: [{ name: 'f', parameters: schema }] },
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } },
      { prediction: { type: 'content', content: JSON.stringify(schema) } },
    ]) {
      expect(chatCall(fields).inputTokensBound - plain).toBeGreaterThan(countTokens(JSON.stringify(schema, null, 2)));
    }
    const toolCalls = [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: JSON.stringify(schema) } }];
    const called = chatCall({ messages: [{ role: 'assistant', content: null, tool_calls: toolCalls }] });
    expect(called.inputTokensBound - plain).toBeGreaterThan(countTokens(JSON.stringify(schema)));
  });

  test('a text that grows when normalised counts as grown', () => {
    expect(chatCall(user('ﷺ'.repeat(100))).inputTokensBound).toBeGreaterThan(3_000);
  });

  test('an inline image counts as an image, not as its bytes', () => {
    const image = (size: number) =>
      chatCall(user([{ type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(size)}` } }]));
    expect(image(1_000_000).inputTokensBound).toBe(image(4).inputTokensBound);
  });

  test.each([
    ['gpt-4o-2024-11-20', 'high', 1_445],
    ['gpt-4o', 'low', 85],
    ['openai/gpt-4o', 'auto', 1_445],
    ['gpt-4o-mini', 'high', 48_169],
    ['gpt-4o-mini', 'low', 2_833],
    ['gpt-4.1', 'high', 1_445],
    ['gpt-4.1-mini', 'high', 24_600],
    ['gpt-5.4', 'original', 24_600],
    ['claude-sonnet-4-5', 'high', 5_000],
    ['Qwen/Qwen2-VL-72B', 'low', 48_169],
  ])('an image for %s in %s detail counts %i', (model, detail, tokens) => {
    const url = 'https://example.com/a.png';
    const bound = (parts: unknown[]) => inputTokensBoundFor(chatCall(user(parts)), model);
    const text = { type: 'text', text: 'x' };
    const added = bound([text, { type: 'image_url', image_url: { url, detail } }]) - bound([text]);
    // One part's frame beside the image itself.
    expect(added).toBe(tokens + 16);
  });

  test('audio counts by its length, files by their bytes', () => {
    const audio = user([{ type: 'input_audio', input_audio: { data: 'A'.repeat(100_000), format: 'mp3' } }]);
    const file = (value: object) => chatCall(user([{ type: 'file', file: value }])).inputTokensBound;
    expect(chatCall(audio).inputTokensBound).toBeLessThan(2_000);
    expect(file({ file_data: 'A'.repeat(100_000) })).toBeGreaterThan(100_000);
    expect(file({ file_id: 'file-1' })).toBeGreaterThan(200_000);
  });
});

test('a body that is no object is refused', () => {
  expect(() => parseChatCompletions(Buffer.from('[]'))).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
