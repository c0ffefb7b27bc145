// Covers Anthropic streams passed on, as its SDK sees them.

import Anthropic from '@anthropic-ai/sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  carryInput,
  cutBytes,
  dataOf,
  fetchOf,
  messagesCall,
  messagesStream,
  relayAll,
  TRAILER,
} from '../wire/testing/call-fixtures.ts';
import { openMessagesRelay } from './messages-relay.ts';

const start = {
  type: 'message_start',
  message: {
    id: 'msg_9',
    type: 'message',
    role: 'assistant',
    model: 'claude-x',
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { input_tokens: 8, cache_read_input_tokens: 100, cache_creation_input_tokens: 30, output_tokens: 1 },
  },
};
const text = (value: string, index = 0) => ({
  type: 'content_block_delta',
  index,
  delta: { type: 'text_delta', text: value },
});
const EVENTS = [
  start,
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  text('Grüße'),
  text(' 🌊'),
  { type: 'content_block_stop', index: 0 },
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 15 } },
  { type: 'message_stop' },
];
const counts = { input: 138n, output: 15n, cachedInput: 100n, cacheWrite: 30n, cacheWrite1h: 0n, reasoning: 0n };
const notice = { code: 'budget_exceeded', message: 'The budget is used up.' } as const;

const open = () => openMessagesRelay(carryInput(messagesCall({ stream: true })));
const sdk = (body: string) => new Anthropic({ apiKey: 'x', maxRetries: 0, fetch: fetchOf(body) });
const readBySdk = (body: string) =>
  sdk(body).messages.stream({ model: 'm', max_tokens: 5, messages: [] }).finalMessage();

describe('relaying a message stream', () => {
  test('a chunk of whole events is handed on itself', () => {
    const chunk = messagesStream(EVENTS.slice(0, 5));
    expect(open().push(chunk)).toBe(chunk);
  });

  test('all bytes pass but the last event, which carries the cost', () => {
    const relay = open();
    const out = relayAll(relay, [messagesStream(EVENTS)]);
    const stop =
      'event: message_stop\ndata: {"type":"message_stop","weir":{"cost_usd":"0.00012","request_id":"req-1"}}\n\n';
    expect(out).toBe(messagesStream(EVENTS.slice(0, -1)).toString() + stop);
    expect(relay.usage()).toEqual(counts);
    expect(relay.outputText()).toBe('Grüße 🌊');
    expect(relay.isComplete()).toBe(true);
  });

  test('any split of the bytes gives the same output, text and usage', () => {
    const bytes = messagesStream(EVENTS);
    const expected = relayAll(open(), [bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { maxLength: 15 }), (places) => {
        const relay = open();
        expect(relayAll(relay, cutBytes(bytes, places))).toBe(expected);
        expect([relay.usage(), relay.outputText()]).toEqual([counts, 'Grüße 🌊']);
      }),
    );
  });

  test('the input’s counts are exact from the start, the output’s at the end', () => {
    const relay = open();
    expect(relay.usage()).toBeNull();
    relay.push(messagesStream(EVENTS.slice(0, 4)));
    expect(relay.usage()).toMatchObject({ input: 138n, output: 1n, cachedInput: 100n, cacheWrite: 30n });
    relay.push(messagesStream(EVENTS.slice(4)));
    expect(relay.usage()).toEqual(counts);
  });

  test('one-hour cache writes, told at the start alone, last to the end', () => {
    const usage = {
      input_tokens: 8,
      output_tokens: 1,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
    };
    const relay = open();
    relay.push(
      messagesStream([
        { type: 'message_start', message: { ...start.message, usage } },
        {
          type: 'message_delta',
          delta: { stop_reason: 'end_turn' },
          usage: { output_tokens: 5, cache_creation_input_tokens: 30 },
        },
        { type: 'message_stop' },
      ]),
    );
    expect(relay.usage()).toMatchObject({ input: 38n, output: 5n, cacheWrite: 30n, cacheWrite1h: 20n });
  });

  test('an end without an output count is no usage, whatever was announced', () => {
    const relay = open();
    relay.push(messagesStream([start, { type: 'message_delta', delta: { stop_reason: 'end_turn' } }]));
    expect(relay.usage()).toBeNull();
  });

  test('counts are cumulative: the last one that makes sense is the one', () => {
    const relay = open();
    const delta = (usage: object) => ({ type: 'message_delta', delta: {}, usage });
    relay.push(
      messagesStream([
        start,
        delta({ output_tokens: 3 }),
        delta({ output_tokens: 15, input_tokens: 9 }),
        delta({ output_tokens: -1, input_tokens: null }),
      ]),
    );
    expect(relay.usage()).toEqual({ ...counts, input: 139n });
  });

  test('thinking and tool input are output, signatures are not', () => {
    const relay = open();
    const delta = (value: object) => ({ type: 'content_block_delta', index: 0, delta: value });
    relay.push(
      messagesStream([
        start,
        delta({ type: 'thinking_delta', thinking: 'hm' }),
        delta({ type: 'signature_delta', signature: 'xxxx' }),
        { type: 'content_block_start', index: 1, content_block: { type: 'tool_use', id: 't', name: 'f', input: {} } },
        delta({ type: 'input_json_delta', partial_json: '{}' }),
      ]),
    );
    expect(relay.outputText()).toBe('hmf{}');
    expect(relay.hasOutput()).toBe(true);
  });

  test('unknown events and text that is not JSON pass', () => {
    const bytes = 'event: brand_new\ndata: {"type":"brand_new"}\n\nevent: x\ndata: nope\n\n: note\n\n';
    expect(open().push(Buffer.from(bytes)).toString()).toBe(bytes);
  });
});

describe('the end of a message stream', () => {
  test('a missing message_stop is no failure when the reason of the end is there', () => {
    expect(relayAll(open(), [messagesStream(EVENTS.slice(0, -1))])).toContain('"type":"message_stop"');
  });

  test('a stream that just stops ends in an error that the SDK throws', async () => {
    const relay = open();
    const out = relayAll(relay, [messagesStream(EVENTS.slice(0, 4))]);
    expect(relay.isComplete()).toBe(false);
    await expect(readBySdk(out)).rejects.toThrow(/ended the stream early/);
  });

  test.each([
    ['overloaded_error', 'overloaded'],
    ['rate_limit_error', 'overloaded'],
    ['authentication_error', 'provider_error'],
    ['api_error', 'provider_error'],
    ['timeout_error', 'provider_timeout'],
  ])('%s inside the stream becomes %s', async (type, code) => {
    const relay = open();
    const error = { type: 'error', error: { type, message: 'key sk-ant-api03-abcdef is wrong' } };
    const out = relayAll(relay, [messagesStream([...EVENTS.slice(0, 4), error, text('Afterword')])]);
    expect(relay.streamError()).toMatchObject({ code, status: null, callerFault: false });
    expect(out).not.toMatch(/sk-ant|Afterword/);
    await expect(readBySdk(out)).rejects.toMatchObject({ error: { weir: { code, request_id: 'req-1' } } });
  });

  test('an event without end is the provider’s failure', () => {
    const relay = open();
    relay.push(Buffer.from(`data: ${'x'.repeat(1_100_000)}`));
    expect(relay.streamError()).toMatchObject({ code: 'provider_error' });
    expect(relay.push(messagesStream(EVENTS))).toHaveLength(0);
  });
});

describe('cutting a message stream', () => {
  test('closes what is open, ends with max_tokens and says why', async () => {
    const relay = open();
    const sent = relay.push(messagesStream(EVENTS.slice(0, 4))).toString();
    const end = relay.cut(notice, { ...TRAILER, usage: counts }).toString();
    expect(dataOf(end)).toEqual([
      { type: 'content_block_stop', index: 0 },
      expect.objectContaining({
        type: 'message_delta',
        delta: { stop_reason: 'max_tokens', stop_sequence: null },
        usage: expect.objectContaining({ output_tokens: 15, cache_read_input_tokens: 100 }),
      }),
      { type: 'message_stop', weir: { cost_usd: '0.00012', request_id: 'req-1', ...notice } },
    ]);
    expect(await readBySdk(sent + end)).toMatchObject({ stop_reason: 'max_tokens', content: [{ text: 'Grüße' }] });
    expect(relay.push(messagesStream(EVENTS))).toHaveLength(0);
  });

  test('before the first event still gives a whole message', async () => {
    expect(await readBySdk(open().cut(notice, TRAILER).toString())).toMatchObject({
      stop_reason: 'max_tokens',
      content: [],
    });
  });

  test('after the reason of the end does not give a second one', () => {
    const relay = open();
    relay.push(messagesStream(EVENTS.slice(0, -1)));
    expect(dataOf(relay.cut(notice, TRAILER).toString())).toMatchObject([{ type: 'message_stop' }]);
  });
});

test('the SDK reads the stream and its usage', async () => {
  const message = await readBySdk(relayAll(open(), [messagesStream(EVENTS)]));
  expect(message).toMatchObject({
    id: 'msg_9',
    stop_reason: 'end_turn',
    content: [{ type: 'text', text: 'Grüße 🌊' }],
    usage: { input_tokens: 8, output_tokens: 15 },
  });
});
