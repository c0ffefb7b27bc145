// Covers OpenAI answers and streams as Anthropic’s, as its SDK sees them.

import Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  carryInput,
  chatStream,
  cutBytes,
  dataOf,
  fetchOf,
  messagesCall,
  relayAll,
  TRAILER,
} from '../wire/testing/call-fixtures.ts';
import { messagesOverOpenAiCarrier as carrier } from './messages-over-openai.ts';

const usage = {
  prompt_tokens: 138,
  completion_tokens: 15,
  total_tokens: 153,
  prompt_tokens_details: { cached_tokens: 100 },
  completion_tokens_details: { reasoning_tokens: 2 },
};
const counts = { input: 138n, output: 15n, cachedInput: 100n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 2n };
const shownUsage = {
  input_tokens: 38,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 100,
  output_tokens: 15,
};

describe('a chat completion as a message', () => {
  const complete = (choice: object, more: object = { usage }) =>
    carrier.complete(
      Buffer.from(JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-x', choices: [choice], ...more })),
      carryInput(messagesCall()),
    );

  test('text, tools and usage', () => {
    const calls = ['{"a":1}', '', '{"a":'].map((text, index) => ({
      id: `c${index}`,
      type: 'function',
      function: { name: 'f', arguments: text },
    }));
    const answer = complete({ message: { content: 'Hello', tool_calls: calls }, finish_reason: 'tool_calls' });
    expect(JSON.parse(answer.body.toString())).toEqual({
      id: 'chatcmpl-1',
      type: 'message',
      role: 'assistant',
      model: 'gpt-x',
      content: [
        { type: 'text', text: 'Hello' },
        { type: 'tool_use', id: 'c0', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 'c1', name: 'f', input: {} },
        { type: 'tool_use', id: 'c2', name: 'f', input: { INVALID_JSON: '{"a":' } },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { ...shownUsage, output_tokens_details: { thinking_tokens: 2 } },
    });
    expect(answer.usage).toEqual(counts);
    expect(answer.outputText()).toBe('Hellof{"a":1}ff{"a":');
  });

  test.each([
    ['stop', 'end_turn'],
    ['length', 'max_tokens'],
    ['tool_calls', 'tool_use'],
    ['function_call', 'tool_use'],
    ['content_filter', 'refusal'],
    ['brand_new', 'end_turn'],
  ])('%s becomes %s', (finishReason, stopReason) => {
    const answer = complete({ message: { content: null, refusal: 'No' }, finish_reason: finishReason }, {});
    expect(JSON.parse(answer.body.toString())).toMatchObject({ stop_reason: stopReason, content: [{ text: 'No' }] });
    expect(answer.usage).toBeNull();
  });

  test('a call of a tool ends the turn for the tool, also where it was forced and OpenAI says `stop`', () => {
    const call = { id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } };
    const reasonOf = (finishReason: string | null) => {
      const answer = complete({ message: { content: null, tool_calls: [call] }, finish_reason: finishReason });
      return JSON.parse(answer.body.toString()).stop_reason;
    };
    expect(['stop', null, 'length', 'content_filter'].map(reasonOf)).toEqual([
      ...['tool_use', 'tool_use', 'max_tokens', 'refusal'],
    ]);
  });

  test('what OpenAI’s neighbours write otherwise is not lost: parts of text, arguments that are an object, calls without an id', () => {
    const thinking = { type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] };
    const tool_calls = [{ function: { name: 'f', arguments: { a: 1 } } }, { id: '', function: { name: 'g' } }];
    const answer = complete({ message: { content: [thinking, { type: 'text', text: 'Hello' }], tool_calls } });
    expect(JSON.parse(answer.body.toString()).content).toEqual([
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 'toolu_chatcmpl-1_0', name: 'f', input: { a: 1 } },
      { type: 'tool_use', id: 'toolu_chatcmpl-1_1', name: 'g', input: {} },
    ]);
    expect(answer.outputText()).toBe('Hm.Hellof{"a":1}g');
  });

  test('an answer without a name is given one, and the model that was asked for', () => {
    const answer = carrier.complete(Buffer.from('{"choices":[]}'), carryInput(messagesCall()));
    expect(JSON.parse(answer.body.toString())).toMatchObject({ id: 'msg_weir', model: 'template:blog' });
  });

  test('no choice is an empty message', () => {
    const answer = carrier.complete(Buffer.from('{"choices":[]}'), carryInput(messagesCall()));
    expect(JSON.parse(answer.body.toString())).toMatchObject({ content: [], stop_reason: 'end_turn' });
  });
});

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 17, model: 'gpt-x' };
const delta = (value: object, finish: string | null = null) => ({
  ...head,
  choices: [{ index: 0, delta: value, finish_reason: finish }],
  usage: null,
});
const call = (index: number, more: object) => delta({ tool_calls: [{ index, ...more }] });
const CHUNKS = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Grüße' }),
  delta({ content: ' 🌊' }),
  call(0, { id: 't1', type: 'function', function: { name: 'f', arguments: '' } }),
  call(0, { function: { arguments: '{"a"' } }),
  call(0, { function: { arguments: ':1}' } }),
  call(1, { id: 't2', type: 'function', function: { name: 'g', arguments: '{}' } }),
  delta({}, 'tool_calls'),
  { ...head, choices: [], usage },
  null,
];

describe('a chat stream as a message stream', () => {
  const open = () => carrier.openStream(carryInput(messagesCall({ stream: true })));
  const readBySdk = (body: string) =>
    new Anthropic({ apiKey: 'x', maxRetries: 0, fetch: fetchOf(body) }).messages
      .stream({ model: 'm', max_tokens: 5, messages: [] })
      .finalMessage();

  test('a forced call of a tool, which OpenAI ends with `stop`, ends the turn for the tool', async () => {
    const chunks = [call(0, { id: 't1', function: { name: 'f', arguments: '{}' } }), delta({}, 'stop'), null];
    expect((await readBySdk(relayAll(open(), [chatStream(chunks)]))).stop_reason).toBe('tool_use');
  });

  test.each([
    ['all at the first place (Google)', 0],
    ['at no place', undefined],
  ])('calls of tools that come %s are told apart by their ids', async (_, index) => {
    const callOf = (id: string, more: object) => delta({ tool_calls: [{ index, id, function: more }] });
    const chunks = [
      callOf('t1', { name: 'f', arguments: '{"a"' }),
      // An id of each delta's own (vLLM) is no call of its own.
      callOf('other', { arguments: ':1}' }),
      callOf('t2', { name: 'f', arguments: '{"b":2}' }),
      delta({}, 'tool_calls'),
      null,
    ];
    expect((await readBySdk(relayAll(open(), [chatStream(chunks)]))).content).toMatchObject([
      { type: 'tool_use', id: 't1', input: { a: 1 } },
      { type: 'tool_use', id: 't2', input: { b: 2 } },
    ]);
  });

  test('parts of text, arguments that are an object and calls without an id arrive', async () => {
    const chunks = [
      delta({ content: [{ type: 'text', text: 'Hello' }] }),
      delta({ tool_calls: [{ index: 0, id: '', function: { name: 'f', arguments: { a: 1 } } }] }),
      delta({}, 'tool_calls'),
      null,
    ];
    const relay = open();
    const message = await readBySdk(relayAll(relay, [chatStream(chunks)]));
    expect(message.content).toMatchObject([
      { type: 'text', text: 'Hello' },
      { type: 'tool_use', id: 'toolu_chatcmpl-1_0', name: 'f', input: { a: 1 } },
    ]);
    expect(relay.outputText()).toBe('Hellof{"a":1}');
  });
  const notice = { code: 'budget_exceeded', message: 'Used up.' } as const;

  test('the SDK puts the same message together', async () => {
    const relay = open();
    const message = await readBySdk(relayAll(relay, [chatStream(CHUNKS)]));
    expect(message).toMatchObject({
      id: 'chatcmpl-1',
      model: 'gpt-x',
      stop_reason: 'tool_use',
      usage: shownUsage,
      content: [
        { type: 'text', text: 'Grüße 🌊' },
        { type: 'tool_use', id: 't1', name: 'f', input: { a: 1 } },
        { type: 'tool_use', id: 't2', name: 'g', input: {} },
      ],
    });
    expect(relay.usage()).toEqual(counts);
    expect(relay.isComplete()).toBe(true);
  });

  test('blocks come one after the other, and the cost comes last', () => {
    const out = dataOf(relayAll(open(), [chatStream(CHUNKS)])) as { type: string; index?: number }[];
    expect(out.map((event) => `${event.type}${event.index === undefined ? '' : ` ${event.index}`}`)).toEqual([
      'message_start',
      'content_block_start 0',
      'content_block_delta 0',
      'content_block_delta 0',
      'content_block_stop 0',
      'content_block_start 1',
      'content_block_delta 1',
      'content_block_delta 1',
      'content_block_stop 1',
      'content_block_start 2',
      'content_block_delta 2',
      'content_block_stop 2',
      'message_delta',
      'message_stop',
    ]);
    expect(out.at(-1)).toMatchObject({ weir: { cost_usd: '0.00012', request_id: 'req-1' } });
  });

  test('any split of the bytes gives the same output', () => {
    const bytes = chatStream(CHUNKS);
    const expected = relayAll(open(), [bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { maxLength: 15 }), (places) => {
        expect(relayAll(open(), cutBytes(bytes, places))).toBe(expected);
      }),
    );
  });

  test('without usage from the provider, what was counted is told', () => {
    const relay = open();
    relay.push(chatStream([...CHUNKS.slice(0, 8), null]));
    const [end] = dataOf(relay.finish({ ...TRAILER, usage: counts }, null).toString());
    expect(end).toMatchObject({ type: 'message_delta', usage: shownUsage });
  });

  test('an error inside the stream is one in Anthropic’s shape', async () => {
    const relay = open();
    const out = relayAll(relay, [
      chatStream(CHUNKS.slice(0, 3)),
      Buffer.from('data: {"error":{"message":"boom","code":500}}\n\n'),
    ]);
    expect(relay.isComplete()).toBe(false);
    await expect(readBySdk(out)).rejects.toMatchObject({ error: { type: 'error', weir: { code: 'provider_error' } } });
  });

  test('a stream that just stops is no whole one', () => {
    expect(relayAll(open(), [chatStream(CHUNKS.slice(0, 3))])).toContain('ended the stream early');
    const relay = open();
    expect(relay.push(Buffer.from(`data: ${'x'.repeat(1_100_000)}`))).toHaveLength(0);
    expect(relay.streamError()).toMatchObject({ code: 'provider_error' });
  });

  test('cut, it closes what is open and ends with max_tokens', async () => {
    for (const length of [0, 3, 5]) {
      const relay = open();
      const sent = relay.push(chatStream(CHUNKS.slice(0, length))).toString() + relay.cut(notice, TRAILER).toString();
      expect(await readBySdk(sent)).toMatchObject({ stop_reason: 'max_tokens' });
      expect(dataOf(sent).at(-1)).toMatchObject({ type: 'message_stop', weir: { code: 'budget_exceeded' } });
    }
  });

  test('refusals are text', () => {
    expect(
      open()
        .push(chatStream([delta({ refusal: 'No' })]))
        .toString(),
    ).toContain('"text":"No"');
  });
});
