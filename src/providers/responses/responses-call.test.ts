// Proves: a request for a response is read as the chat it asks for; what no chat can do is refused by the client's own name for it.

import { describe, expect, test } from 'vitest';
import { carrierFor } from '../carriers.ts';
import type { WireProtocol } from '../protocol.ts';
import { bodyOf, carryInput } from '../wire/testing/call-fixtures.ts';
import { parseResponses } from './responses-call.ts';

const parse = (fields: object) =>
  parseResponses(Buffer.from(JSON.stringify({ model: 'template:blog', input: 'Hi', ...fields })));
const chatOf = (fields: object) => parse(fields).document.value;
const carried = (fields: object, upstream: WireProtocol = 'openai') => {
  const carrier = carrierFor('responses', upstream);
  if (carrier === null) throw new Error('no carrier');
  return bodyOf(carrier.request(carryInput(parse(fields))));
};
const user = (content: unknown) => ({ role: 'user', content });
const call = (id: string, text = '{}') => ({ type: 'function_call', call_id: id, name: 'f', arguments: text });
const chatCall = (id: string, text = '{}') => ({ id, type: 'function', function: { name: 'f', arguments: text } });

describe('input', () => {
  test.each<[string, unknown, unknown[]]>([
    ['a text', 'Hi', [user('Hi')]],
    ['a message without a type', [user('Hi')], [user('Hi')]],
    ['one text part', [user([{ type: 'input_text', text: 'Hi' }])], [user('Hi')]],
    [
      'an image beside a text',
      [
        user([
          { type: 'input_text', text: 'Look' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA', detail: 'low' },
        ]),
      ],
      [
        user([
          { type: 'text', text: 'Look' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
        ]),
      ],
    ],
    [
      'a file',
      [user([{ type: 'input_file', file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' }])],
      [user([{ type: 'file', file: { file_data: 'data:application/pdf;base64,AA', filename: 'a.pdf' } }])],
    ],
    [
      'what a model said, as it was answered',
      [
        {
          ...{ id: 'msg_1', type: 'message', role: 'assistant', status: 'completed' },
          content: [{ type: 'output_text', text: 'Hello', annotations: [], logprobs: [] }],
        },
        user('Go on'),
      ],
      [{ role: 'assistant', content: 'Hello' }, user('Go on')],
    ],
    [
      'a refusal',
      [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No' }] }, user('Why')],
      [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No' }] }, user('Why')],
    ],
    [
      'parallel calls, their reasoning and results',
      [
        user('Go'),
        { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'x' },
        { ...call('a', '{"n":1}'), id: 'fc_1', status: 'completed' },
        call('b'),
        { type: 'function_call_output', call_id: 'a', output: 'one' },
        { type: 'function_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'two' }] },
      ],
      [
        user('Go'),
        { role: 'assistant', content: null, tool_calls: [chatCall('a', '{"n":1}'), chatCall('b')] },
        { role: 'tool', tool_call_id: 'a', content: 'one' },
        { role: 'tool', tool_call_id: 'b', content: 'two' },
      ],
    ],
    [
      'a text before and one after a call, which are its turn',
      [
        { role: 'assistant', content: 'Let me see' },
        call('a'),
        user('?'),
        call('b'),
        { role: 'assistant', content: 'And' },
      ],
      [
        { role: 'assistant', content: 'Let me see', tool_calls: [chatCall('a')] },
        user('?'),
        { role: 'assistant', content: 'And', tool_calls: [chatCall('b')] },
      ],
    ],
    [
      'a custom call and its result',
      [
        { type: 'custom_tool_call', call_id: 'c', name: 'patch', input: '*** x' },
        { type: 'custom_tool_call_output', call_id: 'c', output: 'done' },
      ],
      [
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'patch', input: '*** x' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'done' },
      ],
    ],
  ])('%s', (_, input, messages) => {
    expect(chatOf({ input }).messages).toEqual(messages);
  });

  test('instructions come first', () => {
    expect(chatOf({ instructions: 'Be brief.' }).messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      user('Hi'),
    ]);
  });
});

test.each(['auto', 'concise', 'detailed'])(
  'a summary of reasoning (%s) may be asked for, as the AI SDK does',
  (summary) => {
    expect(chatOf({ reasoning: { effort: 'low', summary } })).toEqual({
      ...{ model: 'template:blog', messages: [user('Hi')] },
      reasoning_effort: 'low',
    });
  },
);

test('parameters are a chat’s', () => {
  const schema = { type: 'object', properties: {} };
  expect(
    chatOf({
      ...{
        temperature: 0.2,
        top_p: 0.9,
        parallel_tool_calls: false,
        metadata: { a: 'b' },
        user: 'u',
        service_tier: 'flex',
      },
      ...{ max_output_tokens: 9, reasoning: { effort: 'low', summary: 'auto' }, store: false, truncation: 'disabled' },
      ...{
        include: ['reasoning.encrypted_content', 'message.output_text.logprobs'],
        top_logprobs: 2,
        background: false,
      },
      text: { verbosity: 'low', format: { type: 'json_schema', name: 's', strict: true, schema } },
      tools: [
        { type: 'function', name: 'f', description: 'd', parameters: schema, strict: null },
        { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      ],
      tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
    }),
  ).toEqual({
    ...{ model: 'template:blog', messages: [user('Hi')] },
    ...{
      temperature: 0.2,
      top_p: 0.9,
      parallel_tool_calls: false,
      metadata: { a: 'b' },
      user: 'u',
      service_tier: 'flex',
    },
    ...{ reasoning_effort: 'low', verbosity: 'low', logprobs: true, top_logprobs: 2 },
    response_format: { type: 'json_schema', json_schema: { name: 's', strict: true, schema } },
    tools: [
      { type: 'function', function: { name: 'f', description: 'd', parameters: schema } },
      {
        type: 'custom',
        custom: { name: 'c', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
      },
    ],
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
    },
  });
});

test.each([
  ['auto', 'auto'],
  ['none', 'none'],
  ['required', 'required'],
  [
    { type: 'function', name: 'f' },
    { type: 'function', function: { name: 'f' } },
  ],
])('the choice %j among tools is %j', (choice, expected) => {
  expect(chatOf({ tools: [{ type: 'function', name: 'f' }], tool_choice: choice }).tool_choice).toEqual(expected);
});

test('the most output goes into the field that the server takes, and streams report their use', () => {
  expect(carried({ max_output_tokens: 9, stream: true })).toMatchObject({
    ...{ max_completion_tokens: 9, stream: true, stream_options: { include_usage: true } },
  });
  expect(carried({ max_output_tokens: 9 }, 'anthropic')).toMatchObject({ max_tokens: 9, model: 'upstream-model' });
});

test('what Weir decides on is a chat’s', () => {
  const parsed = parse({
    ...{ stream: true, max_output_tokens: 9, tools: [{ type: 'function', name: 'f' }] },
    text: { format: { type: 'json_schema', name: 's', schema: {} } },
    input: [user([{ type: 'input_image', image_url: 'https://a.example/b.png' }])],
  });
  expect(parsed).toMatchObject({
    ...{ route: 'responses', protocol: 'openai', model: 'template:blog', stream: true, maxOutputTokens: 9, choices: 1 },
    ...{ images: { low: 0, high: 1 }, needs: ['chat', 'streaming', 'tools', 'vision', 'json_schema'] },
  });
});

describe('refused by name', () => {
  test.each<[string, object, string]>([
    ['invalid_request', { input: undefined }, 'input'],
    ['invalid_request', { input: [] }, 'input'],
    ['invalid_request', { input: [7] }, 'input[0]'],
    ['invalid_request', { input: [{ type: 'reasoning' }] }, 'input'],
    ['invalid_request', { input: [{ role: 'wizard', content: 'x' }] }, 'input[0].role'],
    ['invalid_request', { input: [user(7)] }, 'input[0].content'],
    ['invalid_request', { input: [user(['x'])] }, 'input[0].content[0]'],
    ['invalid_request', { input: [user([{ type: 'input_text' }])] }, 'input[0].content[0].text'],
    ['invalid_request', { input: [user([{ type: 'input_image' }])] }, 'input[0].content[0].image_url'],
    ['invalid_request', { input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }, 'input[0].call_id'],
    ['invalid_request', { instructions: ['x'] }, 'instructions'],
    ['invalid_request', { max_output_tokens: 0 }, 'max_output_tokens'],
    ['invalid_request', { stream: 'yes' }, 'stream'],
    ['invalid_request', { text: 'x' }, 'text'],
    ['invalid_request', { text: { format: 'x' } }, 'text.format'],
    ['invalid_request', { text: { format: { type: 'xml' } } }, 'text.format.type'],
    ['invalid_request', { text: { format: { type: 'json_schema', name: 's' } } }, 'text.format.schema'],
    ['invalid_request', { reasoning: 'much' }, 'reasoning'],
    ['invalid_request', { tools: {} }, 'tools'],
    ['invalid_request', { tools: ['f'] }, 'tools[0]'],
    ['invalid_request', { tools: [{ type: 'function' }] }, 'tools[0].name'],
    ['invalid_request', { include: [7] }, 'include[0]'],
    ['invalid_request', { top_logprobs: 21 }, 'top_logprobs'],
    ['unsupported_parameter', { previous_response_id: 'resp_1' }, 'previous_response_id'],
    ['unsupported_parameter', { conversation: 'conv_1' }, 'conversation'],
    ['unsupported_parameter', { prompt: { id: 'p' } }, 'prompt'],
    ['unsupported_parameter', { store: true }, 'store'],
    ['unsupported_parameter', { background: true }, 'background'],
    ['unsupported_parameter', { truncation: 'auto' }, 'truncation'],
    ['unsupported_parameter', { reasoning: { summary: 'loud' } }, 'reasoning.summary'],
    ['unsupported_parameter', { brand_new: 1 }, 'brand_new'],
    ['unsupported_parameter', { constructor: 1 }, 'constructor'],
    ['unsupported_parameter', { tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    [
      'unsupported_parameter',
      { tools: [{ type: 'function', name: 'f', defer_loading: true }] },
      'tools[0].defer_loading',
    ],
    [
      'unsupported_parameter',
      { tools: [{ type: 'function', name: 'f' }], tool_choice: { type: 'file_search' } },
      'tool_choice.type',
    ],
    ['unsupported_parameter', { tools: [{ type: 'function', name: 'f' }], tool_choice: 'all' }, 'tool_choice'],
    ['unsupported_parameter', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input[0]'],
    ['unsupported_parameter', { input: [{ type: 'web_search_call', id: 'ws_1' }] }, 'input[0]'],
    [
      'unsupported_parameter',
      { input: [user([{ type: 'input_image', file_id: 'f' }])] },
      'input[0].content[0].file_id',
    ],
    [
      'unsupported_parameter',
      { input: [user([{ type: 'input_file', file_url: 'f' }])] },
      'input[0].content[0].file_url',
    ],
    ['unsupported_parameter', { input: [user([{ type: 'input_video' }])] }, 'input[0].content[0]'],
    ['unsupported_parameter', { text: { brand_new: 1 } }, 'text.brand_new'],
  ])('%s %j', (code, fields, param) => {
    expect(() => parse(fields)).toThrow(expect.objectContaining({ code, param }));
  });

  test.each<[object, string]>([
    [{ reasoning: { effort: 'minimal' } }, 'reasoning.effort'],
    [{ text: { format: { type: 'json_object' } } }, 'text.format'],
    [{ text: { verbosity: 'low' } }, 'text.verbosity'],
    [{ tools: [{ type: 'custom', name: 'c' }] }, 'tools[0]'],
    [{ include: ['message.output_text.logprobs'] }, 'include'],
    [{ input: [user([{ type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }])] }, 'input'],
  ])('what Anthropic has nothing like: %j', (fields, param) => {
    const message = expect.stringContaining(`\`${param}\``);
    expect(() => carried(fields, 'anthropic')).toThrow(
      expect.objectContaining({ code: 'unsupported_parameter', param, message }),
    );
  });
});
