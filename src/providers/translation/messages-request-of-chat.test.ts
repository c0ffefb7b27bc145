// Covers OpenAI chat requests as Anthropic messages requests.

import { describe, expect, test } from 'vitest';
import { bodyOf, carryInput, chatCall } from '../wire/testing/call-fixtures.ts';
import { chatOverAnthropicCarrier as carrier } from './chat-over-anthropic.ts';

const translate = (fields: object, more: Parameters<typeof carryInput>[1] = {}) =>
  bodyOf(carrier.request(carryInput(chatCall(fields), more)));
const user = (content: unknown) => ({ messages: [{ role: 'user', content }] });
const HI = [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] as const;
const BASE = { model: 'upstream-model', max_tokens: 4_096, messages: HI };
const tool = {
  type: 'function',
  function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
};
const carriedTool = { name: 'f', description: 'd', input_schema: { type: 'object' }, strict: true };

describe('a chat request as a messages request', () => {
  test.each<[string, object, object]>([
    ['the least', {}, {}],
    ['bounds', { max_completion_tokens: 50 }, { max_tokens: 50 }],
    ['sampling', { temperature: 1, top_p: 0.5, stop: 'END' }, { temperature: 1, top_p: 0.5, stop_sequences: ['END'] }],
    ['several stops', { stop: ['a', 'b'] }, { stop_sequences: ['a', 'b'] }],
    ['a stream', { stream: true, stream_options: { include_usage: true } }, { stream: true }],
    ['tools', { tools: [tool] }, { tools: [carriedTool] }],
    [
      'a tool without parameters',
      { tools: [{ type: 'function', function: { name: 'g' } }] },
      { tools: [{ name: 'g', input_schema: { type: 'object', properties: {} } }] },
    ],
    ['auto', { tools: [tool], tool_choice: 'auto' }, { tools: [carriedTool], tool_choice: { type: 'auto' } }],
    ['required', { tools: [tool], tool_choice: 'required' }, { tools: [carriedTool], tool_choice: { type: 'any' } }],
    [
      'none',
      { tools: [tool], tool_choice: 'none', parallel_tool_calls: false },
      { tools: [carriedTool], tool_choice: { type: 'none' } },
    ],
    [
      'one tool',
      { tools: [tool], tool_choice: { type: 'function', function: { name: 'f' } } },
      { tools: [carriedTool], tool_choice: { type: 'tool', name: 'f' } },
    ],
    [
      'no parallel calls',
      { tools: [tool], parallel_tool_calls: false },
      { tools: [carriedTool], tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
    ],
    [
      'a schema',
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } } },
      { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
    ],
    ['plain text', { response_format: { type: 'text' } }, {}],
    ['effort', { reasoning_effort: 'high' }, { output_config: { effort: 'high' } }],
    ['no reasoning', { reasoning_effort: 'none' }, { thinking: { type: 'disabled' } }],
    ['the user', { user: 'u1' }, { metadata: { user_id: 'u1' } }],
    ['tags stay with Weir', { metadata: { team: 'a' } }, {}],
    [
      'fields that ask for nothing',
      {
        n: 1,
        logprobs: false,
        logit_bias: {},
        frequency_penalty: 0,
        presence_penalty: 0,
        store: false,
        service_tier: 'auto',
        modalities: ['text'],
        seed: null,
      },
      {},
    ],
  ])('%s', (_, fields, expected) => {
    expect(translate(fields)).toEqual({ ...BASE, ...expected });
  });

  test('system prompts, the template’s first', () => {
    const overlay = { systemMessage: 'Be brief.', defaults: { top_k: 5, temperature: 0.1, max_tokens: 70 } };
    const messages = [
      { role: 'system', content: 'A' },
      { role: 'user', content: 'Hi' },
      { role: 'developer', content: [{ type: 'text', text: 'B' }] },
    ];
    expect(translate({ messages, temperature: 0 }, { overlay, outputCap: 60, endUserId: 'u9' })).toEqual({
      ...BASE,
      max_tokens: 60,
      system: 'Be brief.\n\nA\n\nB',
      temperature: 0,
      top_k: 5,
      metadata: { user_id: 'u9' },
    });
  });

  test('as many parts in turns of one role as a body has room for', () => {
    const content = Array.from({ length: 150_000 }, () => ({ type: 'text', text: 'Hi' }));
    const messages = [HI[0], { role: 'user', content }];
    expect(translate({ messages }).messages).toMatchObject([{ role: 'user', content: { length: content.length + 1 } }]);
  });

  test('what says nothing is left out, a turn of it too: Anthropic refuses empty text, and empty turns', () => {
    const messages = [
      { role: 'user', content: [{ type: 'text', text: ' \n' }, ...HI[0].content] },
      { role: 'assistant', content: '' },
      { role: 'assistant', content: null },
      { role: 'user', content: ' Go on ' },
    ];
    expect(translate({ messages }).messages).toEqual([
      { role: 'user', content: [...HI[0].content, { type: 'text', text: ' Go on ' }] },
    ]);
  });

  test('what is marked for Anthropic’s cache stays marked, in the system prompt too', () => {
    const cache_control = { type: 'ephemeral' };
    const image = { type: 'image_url', image_url: { url: 'https://example.com/a.png' }, cache_control };
    const messages = [
      {
        role: 'system',
        content: [
          { type: 'text', text: 'Long' },
          { type: 'text', text: 'rules', cache_control },
        ],
      },
      { role: 'developer', content: 'Short' },
      { role: 'user', content: [{ type: 'text', text: 'Look', cache_control }, image] },
    ];
    expect(translate({ messages, prompt_cache_key: 'k' })).toEqual({
      ...BASE,
      system: [
        { type: 'text', text: 'Long' },
        { type: 'text', text: 'rules', cache_control },
        { type: 'text', text: 'Short' },
      ],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look', cache_control },
            { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, cache_control },
          ],
        },
      ],
    });
  });

  test('a conversation with tools, images and files', () => {
    const messages = [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'high' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
        ],
      },
      {
        role: 'assistant',
        content: '',
        refusal: null,
        annotations: [],
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
          { id: 'c2', type: 'function', function: { name: 'g', arguments: '' } },
        ],
      },
      // LangChain and OpenAI's older examples repeat the function's name here.
      { role: 'tool', tool_call_id: 'c1', name: 'f', content: 'one' },
      { role: 'tool', tool_call_id: 'c2', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: 'Go on' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Yes' },
          { type: 'refusal', refusal: 'No' },
        ],
        refusal: 'Never',
      },
      { role: 'user', content: 'Why' },
    ];
    expect(translate({ messages }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' }, title: 'a.pdf' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'c1', name: 'f', input: { a: 1 } },
          { type: 'tool_use', id: 'c2', name: 'g', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'c1', content: 'one' },
          { type: 'tool_result', tool_use_id: 'c2', content: [{ type: 'text', text: 'two' }] },
          { type: 'text', text: 'Go on' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Yes' },
          { type: 'text', text: 'No' },
          { type: 'text', text: 'Never' },
        ],
      },
      { role: 'user', content: [{ type: 'text', text: 'Why' }] },
    ]);
  });

  test.each<[string, object]>([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { top_logprobs: 3 }],
    ['logit_bias', { logit_bias: { 5: 1 } }],
    ['frequency_penalty', { frequency_penalty: 0.5 }],
    ['presence_penalty', { presence_penalty: 1 }],
    ['seed', { seed: 7 }],
    ['store', { store: true }],
    ['service_tier', { service_tier: 'flex' }],
    ['prediction', { prediction: { type: 'content', content: 'x' } }],
    ['audio', { audio: { voice: 'x' } }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['web_search_options', { web_search_options: {} }],
    ['brand_new', { brand_new: 1 }],
    ['constructor', { constructor: 1 }],
    ['temperature', { temperature: 1.5 }],
    ['stop', { stop: '\n\n' }],
    ['stop[1]', { stop: ['END', ' '] }],
    ['response_format', { response_format: { type: 'json_object' } }],
    ['reasoning_effort', { reasoning_effort: 'minimal' }],
    ['tools[1]', { tools: [tool, { type: 'custom', custom: { name: 'x' } }] }],
    ['tool_choice', { tools: [tool], tool_choice: { type: 'allowed_tools' } }],
    ['messages[0].name', { messages: [{ role: 'user', content: 'Hi', name: 'Ann' }] }],
    ['messages[0].role', { messages: [{ role: 'function', content: 'Hi' }] }],
    ['messages[0].role', { messages: [{ role: 'toString', content: 'Hi' }] }],
    ['messages[0].audio', { messages: [{ role: 'assistant', audio: { id: 'x' } }] }],
    ['messages[0].function_call', { messages: [{ role: 'assistant', function_call: { name: 'f' } }] }],
    [
      'messages[0].tool_calls[0]',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'custom', custom: {} }] }] },
    ],
    ['messages[0].content[0]', user([{ type: 'input_audio', input_audio: { data: '', format: 'mp3' } }])],
    [
      'messages[0].content[0].image_url.detail',
      user([{ type: 'image_url', image_url: { url: 'https://x', detail: 'low' } }]),
    ],
    [
      'messages[0].content[0].prompt_cache_breakpoint',
      user([{ type: 'text', text: 'x', prompt_cache_breakpoint: { mode: 'explicit' } }]),
    ],
    ['messages[0].content[0].file', user([{ type: 'file', file: { file_id: 'file-1' } }])],
    [
      'messages[0].content[0]',
      { messages: [{ role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://x' } }] }] },
    ],
  ])('%s can’t be carried and is refused by name: %j', (param, fields) => {
    expect(() => translate(fields)).toThrow(expect.objectContaining({ code: 'unsupported_parameter', param }));
  });

  test.each<[string, object]>([
    ['messages[0].content', user(null)],
    ['messages[0].content[0].image_url.url', user([{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }])],
    ['messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    [
      'messages[0].tool_calls[0].function.arguments',
      {
        messages: [
          { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '[1]' } }] },
        ],
      },
    ],
    [
      'messages[0].tool_calls[0].function.arguments',
      {
        messages: [
          { role: 'assistant', tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{' } }] },
        ],
      },
    ],
    ['tools[0].function', { tools: [{ type: 'function' }] }],
    ['response_format.json_schema.schema', { response_format: { type: 'json_schema', json_schema: { name: 'x' } } }],
    ['tool_choice.function.name', { tools: [tool], tool_choice: { type: 'function', function: {} } }],
    ['messages', { messages: [{ role: 'system', content: 'Be brief.' }] }],
    ['messages', user('')],
  ])('%s is named when it is not valid: %j', (param, fields) => {
    expect(() => translate(fields)).toThrow(expect.objectContaining({ code: 'invalid_request', param }));
  });
});
