// Covers Anthropic answers and streams as OpenAI’s, as its SDK sees them.

import fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import {
  carryInput,
  chatCall,
  cutBytes,
  dataOf,
  fetchOf,
  messagesStream,
  relayAll,
  TRAILER,
} from '../wire/testing/call-fixtures.ts';
import { chatOverAnthropicCarrier as carrier } from './chat-over-anthropic.ts';

const usage = {
  input_tokens: 8,
  output_tokens: 15,
  cache_read_input_tokens: 100,
  cache_creation_input_tokens: 30,
  output_tokens_details: { thinking_tokens: 2 },
};
const counts = { input: 138n, output: 15n, cachedInput: 100n, cacheWrite: 30n, cacheWrite1h: 0n, reasoning: 2n };
const shownUsage = {
  prompt_tokens: 138,
  completion_tokens: 15,
  total_tokens: 153,
  prompt_tokens_details: { cached_tokens: 100, cache_write_tokens: 30 },
  completion_tokens_details: { reasoning_tokens: 2 },
};

describe('a message as a chat completion', () => {
  const complete = (message: object) =>
    carrier.complete(
      Buffer.from(JSON.stringify({ id: 'msg_1', model: 'claude-x', ...message })),
      carryInput(chatCall(), { createdSeconds: 1_700 }),
    );

  test('text, tools and usage', () => {
    const content = [
      { type: 'thinking', thinking: 'hm' },
      { type: 'text', text: 'Hel' },
      { type: 'text', text: 'lo' },
      { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
    ];
    const answer = complete({ content, stop_reason: 'tool_use', usage });
    expect(JSON.parse(answer.body.toString())).toEqual({
      id: 'msg_1',
      object: 'chat.completion',
      created: 1_700,
      model: 'claude-x',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'Hello',
            refusal: null,
            tool_calls: [{ id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: shownUsage,
    });
    expect(answer.usage).toEqual(counts);
    expect(answer.outputText()).toBe('hmHellof{"a":1}');
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['pause_turn', 'stop'],
    ['brand_new', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool_calls'],
    ['refusal', 'content_filter'],
  ])('%s becomes %s', (stopReason, finishReason) => {
    const answer = complete({ content: [], stop_reason: stopReason });
    expect(JSON.parse(answer.body.toString()).choices[0]).toMatchObject({
      finish_reason: finishReason,
      message: { content: '' },
    });
    expect(answer.usage).toBeNull();
  });

  test('tools alone have no content', () => {
    const answer = complete({
      content: [{ type: 'tool_use', id: 't', name: 'f', input: {} }],
      stop_reason: 'tool_use',
    });
    expect(JSON.parse(answer.body.toString()).choices[0].message.content).toBeNull();
  });
});

const start = {
  type: 'message_start',
  message: {
    id: 'msg_1',
    model: 'claude-x',
    content: [],
    usage: { input_tokens: 8, cache_read_input_tokens: 100, cache_creation_input_tokens: 30, output_tokens: 1 },
  },
};
const block = (index: number, value: object) => ({ type: 'content_block_start', index, content_block: value });
const delta = (index: number, value: object) => ({ type: 'content_block_delta', index, delta: value });
const stop = (index: number) => ({ type: 'content_block_stop', index });
const EVENTS = [
  start,
  { type: 'ping' },
  block(0, { type: 'thinking', thinking: '' }),
  delta(0, { type: 'thinking_delta', thinking: 'hm' }),
  delta(0, { type: 'signature_delta', signature: 's' }),
  stop(0),
  block(1, { type: 'text', text: '' }),
  delta(1, { type: 'text_delta', text: 'Grüße' }),
  delta(1, { type: 'text_delta', text: ' 🌊' }),
  stop(1),
  block(2, { type: 'tool_use', id: 't1', name: 'f', input: {} }),
  delta(2, { type: 'input_json_delta', partial_json: '' }),
  delta(2, { type: 'input_json_delta', partial_json: '{"a"' }),
  delta(2, { type: 'input_json_delta', partial_json: ':1}' }),
  stop(2),
  block(3, { type: 'tool_use', id: 't2', name: 'g', input: {} }),
  stop(3),
  {
    type: 'message_delta',
    delta: { stop_reason: 'tool_use' },
    usage: { output_tokens: 15, output_tokens_details: { thinking_tokens: 2 } },
  },
  { type: 'message_stop' },
];

describe('a message stream as a chat stream', () => {
  const open = (fields: object = {}) =>
    carrier.openStream(carryInput(chatCall({ stream: true, ...fields }), { createdSeconds: 1_700 }));
  const openAsking = () => open({ stream_options: { include_usage: true } });
  const sdk = (body: string) => new OpenAI({ apiKey: 'x', maxRetries: 0, fetch: fetchOf(body) }).chat.completions;
  const notice = { code: 'budget_exceeded', message: 'Used up.' } as const;

  test('the SDK puts the same message together', async () => {
    const stream = sdk(relayAll(openAsking(), [messagesStream(EVENTS)])).stream({ model: 'm', messages: [] });
    const completion = await stream.finalChatCompletion();
    expect(completion).toMatchObject({
      id: 'msg_1',
      created: 1_700,
      model: 'claude-x',
      usage: shownUsage,
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            role: 'assistant',
            content: 'Grüße 🌊',
            tool_calls: [
              { id: 't1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
              { id: 't2', type: 'function', function: { name: 'g', arguments: '{}' } },
            ],
          },
        },
      ],
    });
  });

  test('every event goes out at once, and the cost comes at the end', () => {
    const relay = open();
    const sizes = EVENTS.map((event) => relay.push(messagesStream([event])).length > 0);
    expect(sizes.filter(Boolean)).toHaveLength(9);
    expect(relay.usage()).toEqual(counts);
    expect(relay.outputText()).toBe('hmGrüße 🌊f{"a":1}g');
    expect(relay.finish(TRAILER, null).toString()).toBe(
      ': weir {"cost_usd":"0.00012","request_id":"req-1"}\n\ndata: [DONE]\n\n',
    );
  });

  test('any split of the bytes gives the same output', () => {
    const bytes = messagesStream(EVENTS);
    const expected = relayAll(openAsking(), [bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { maxLength: 15 }), (places) => {
        expect(relayAll(openAsking(), cutBytes(bytes, places))).toBe(expected);
      }),
    );
  });

  test('text and input given with a block’s start are kept', () => {
    const events = [
      start,
      block(0, { type: 'text', text: 'A' }),
      stop(0),
      block(1, { type: 'tool_use', id: 't', name: 'f', input: { b: 2 } }),
      stop(1),
    ];
    const out = dataOf(open().push(messagesStream(events)).toString());
    expect(out.slice(1)).toMatchObject([
      { choices: [{ delta: { content: 'A' } }] },
      { choices: [{ delta: { tool_calls: [{ function: { arguments: '{"b":2}' } }] } }] },
    ]);
  });

  test('an error inside the stream is one in OpenAI’s shape', async () => {
    const relay = open();
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const out = relayAll(relay, [messagesStream([...EVENTS.slice(0, 8), error])]);
    await expect(sdk(out).stream({ model: 'm', messages: [] }).finalMessage()).rejects.toMatchObject({
      code: 'overloaded',
    });
  });

  test('a stream that just stops is no whole one', () => {
    const relay = open();
    expect(relayAll(relay, [messagesStream(EVENTS.slice(0, 8))])).toContain('ended the stream early');
    expect(relay.isComplete()).toBe(false);
    expect(open().push(Buffer.from(`data: ${'x'.repeat(1_100_000)}`))).toHaveLength(0);
  });

  test('cut, it ends with length', async () => {
    const relay = openAsking();
    const sent =
      relay.push(messagesStream(EVENTS.slice(0, 8))).toString() +
      relay.cut(notice, { ...TRAILER, usage: counts }).toString();
    const completion = await sdk(sent).stream({ model: 'm', messages: [] }).finalChatCompletion();
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'Grüße' } });
    expect(dataOf(sent).at(-3)).toMatchObject({ weir: { code: 'budget_exceeded' } });
    expect(completion.usage).toMatchObject({ completion_tokens: 15 });
  });
});
