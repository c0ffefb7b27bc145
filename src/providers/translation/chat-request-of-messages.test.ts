// Covers Anthropic messages requests as OpenAI chat requests.

import { describe, expect, test } from 'vitest';
import { bodyOf, carryInput, messagesCall } from '../wire/testing/call-fixtures.ts';
import { messagesOverOpenAiCarrier as carrier } from './messages-over-openai.ts';

const translate = (fields: object, more: Parameters<typeof carryInput>[1] = {}) =>
  bodyOf(carrier.request(carryInput(messagesCall(fields), more)));
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const BASE = { model: 'upstream-model', max_completion_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
const tool = {
  name: 'f',
  description: 'd',
  input_schema: { type: 'object' },
  strict: true,
  cache_control: { type: 'ephemeral' },
};
const carriedTool = {
  type: 'function',
  function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
};

describe('a messages request as a chat request', () => {
  test.each<[string, object, object]>([
    ['the least', {}, {}],
    [
      'sampling',
      { temperature: 0.5, top_p: 0.5, stop_sequences: ['a'] },
      { temperature: 0.5, top_p: 0.5, stop: ['a'] },
    ],
    ['a stream', { stream: true }, { stream: true, stream_options: { include_usage: true } }],
    ['tools', { tools: [tool] }, { tools: [carriedTool] }],
    [
      'a custom tool',
      { tools: [{ type: 'custom', name: 'g', input_schema: {} }] },
      { tools: [{ type: 'function', function: { name: 'g', parameters: {} } }] },
    ],
    [
      'auto',
      { tools: [tool], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      { tools: [carriedTool], tool_choice: 'auto', parallel_tool_calls: false },
    ],
    ['any', { tools: [tool], tool_choice: { type: 'any' } }, { tools: [carriedTool], tool_choice: 'required' }],
    ['none', { tools: [tool], tool_choice: { type: 'none' } }, { tools: [carriedTool], tool_choice: 'none' }],
    [
      'one tool',
      { tools: [tool], tool_choice: { type: 'tool', name: 'f' } },
      { tools: [carriedTool], tool_choice: { type: 'function', function: { name: 'f' } } },
    ],
    [
      'a schema',
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'output', strict: true, schema: { type: 'object' } },
        },
      },
    ],
    ['effort', { output_config: { effort: 'low' } }, { reasoning_effort: 'low' }],
    ['the caller’s user', { metadata: { user_id: 'u1' } }, { user: 'u1' }],
    [
      'fields that ask for nothing',
      {
        thinking: { type: 'disabled' },
        service_tier: 'auto',
        speed: 'standard',
        cache_control: { type: 'ephemeral' },
        container: null,
      },
      {},
    ],
  ])('%s', (_, fields, expected) => {
    expect(translate(fields, { endUserId: 'not told' })).toEqual({ ...BASE, ...expected });
  });

  test('bounds go where the server takes them, lowered to the cap', () => {
    expect(translate({}, { outputCap: 60, prefersMaxTokensField: true })).toMatchObject({ max_tokens: 60 });
    expect(translate({ max_tokens: undefined })).not.toHaveProperty('max_completion_tokens');
  });

  test('system prompts, the template’s first', () => {
    const overlay = { systemMessage: 'Be brief.', defaults: { seed: 5, temperature: 0.1 } };
    const system = [
      { type: 'text', text: 'A', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'B' },
    ];
    expect(translate({ system, temperature: 0 }, { overlay })).toEqual({
      ...BASE,
      messages: [{ role: 'system', content: 'Be brief.\n\nA\nB' }, ...BASE.messages],
      temperature: 0,
      seed: 5,
    });
  });

  test('a conversation with tools, images and documents', () => {
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://x/a.png' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' } },
          { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'doc' } },
          {
            ...{ type: 'document', title: 'Notes', citations: { enabled: false } },
            source: { type: 'text', media_type: 'text/plain', data: 'doc' },
          },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me see' },
          { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Go on' },
          {
            type: 'tool_result',
            tool_use_id: 't1',
            content: [
              { type: 'text', text: 'one' },
              { type: 'text', text: 'two' },
            ],
          },
          { type: 'tool_result', tool_use_id: 't2', is_error: true, content: 'broke' },
          { type: 'tool_result', tool_use_id: 't3' },
        ],
      },
      { role: 'assistant', content: 'Yes' },
      { role: 'system', content: 'Now in French' },
      { role: 'assistant', content: [] },
      { role: 'user', content: 'Why' },
    ];
    expect(translate({ messages }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          { type: 'image_url', image_url: { url: 'https://x/a.png' } },
          { type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
          { type: 'text', text: 'doc' },
          { type: 'text', text: 'Notes\n\ndoc' },
        ],
      },
      {
        role: 'assistant',
        content: 'Let me see',
        tool_calls: [{ id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 't1', content: 'one\ntwo' },
      { role: 'tool', tool_call_id: 't2', content: 'Error: broke' },
      { role: 'tool', tool_call_id: 't3', content: '' },
      { role: 'user', content: 'Go on' },
      { role: 'assistant', content: 'Yes' },
      { role: 'system', content: 'Now in French' },
      { role: 'assistant', content: '' },
      { role: 'user', content: 'Why' },
    ]);
  });

  test('as many results of tools as a body has room for', () => {
    const results = Array.from({ length: 150_000 }, () => ({ type: 'tool_result', tool_use_id: 't' }));
    expect(translate(user(results)).messages).toHaveLength(results.length);
  });

  const assistant = (...content: object[]) => ({
    messages: [
      { role: 'assistant', content },
      { role: 'user', content: 'x' },
    ],
  });
  test.each<[string, object]>([
    ['top_k', { top_k: 5 }],
    ['thinking', { thinking: { type: 'enabled', budget_tokens: 2_000 } }],
    ['service_tier', { service_tier: 'standard_only' }],
    ['container', { container: 'c' }],
    ['mcp_servers', { mcp_servers: [{ url: 'x' }] }],
    ['brand_new', { brand_new: true }],
    ['tools[0]', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    ['tools[0].input_examples', { tools: [{ ...tool, input_examples: [{}] }] }],
    ['output_config.brand_new', { output_config: { brand_new: 1 } }],
    [
      'messages[1]',
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: 'The answer is' },
        ],
      },
    ],
    ['messages[0].content[0]', assistant({ type: 'thinking', thinking: 'x', signature: 's' })],
    ['messages[0].content[0].citations', assistant({ type: 'text', text: 'x', citations: [{}] })],
    ['messages[0].content[0]', user([{ type: 'search_result', content: [] }])],
    ['messages[0].content[0].source', user([{ type: 'image', source: { type: 'file', file_id: 'f' } }])],
    ['messages[0].content[0].source', user([{ type: 'document', source: { type: 'url', url: 'https://x' } }])],
    [
      'messages[0].content[0].citations',
      user([{ type: 'document', citations: { enabled: true }, source: { type: 'text', data: 'x' } }]),
    ],
    [
      'messages[0].content[0].content[0]',
      user([
        { type: 'tool_result', tool_use_id: 't', content: [{ type: 'image', source: { type: 'url', url: 'x' } }] },
      ]),
    ],
  ])('%s can’t be carried and is refused by name: %j', (param, fields) => {
    expect(() => translate(fields)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });

  test.each<[string, object]>([
    ['tool_choice', { tools: [tool], tool_choice: 'auto' }],
    ['tool_choice.name', { tools: [tool], tool_choice: { type: 'tool' } }],
    ['tools[0].name', { tools: [{ input_schema: {} }] }],
    ['output_config', { output_config: 'high' }],
    ['output_config.format', { output_config: { format: { type: 'xml' } } }],
    ['messages[0].role', { messages: [{ role: 'critic', content: 'x' }] }],
    ['messages[0].content[0].tool_use_id', user([{ type: 'tool_result' }])],
    [
      'messages[0].content[0].source.data',
      user([{ type: 'image', source: { type: 'base64', media_type: 'image/png' } }]),
    ],
  ])('%s is named when it is not valid: %j', (param, fields) => {
    expect(() => translate(fields)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});
