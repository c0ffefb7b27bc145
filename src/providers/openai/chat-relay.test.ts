// Covers OpenAI streams passed on, as its SDK sees them.

import fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import {
  carryInput,
  chatCall,
  chatStream,
  cutBytes,
  dataOf,
  fetchOf,
  relayAll,
  TRAILER,
} from '../wire/testing/call-fixtures.ts';
import { openChatRelay } from './chat-relay.ts';

const head = { id: 'chatcmpl-9', object: 'chat.completion.chunk', created: 17, model: 'gpt-4o-mini-2024-07-18' };
const delta = (value: object, index = 0, finish: string | null = null) => ({
  ...head,
  choices: [{ index, delta: value, logprobs: null, finish_reason: finish }],
  usage: null,
});
const usageChunk = { ...head, choices: [], usage: { prompt_tokens: 8, completion_tokens: 5, total_tokens: 13 } };
const counts = { input: 8n, output: 5n, cachedInput: 0n, cacheWrite: 0n, cacheWrite1h: 0n, reasoning: 0n };
const CHUNKS = [
  delta({ role: 'assistant', content: '' }),
  delta({ content: 'Grüße' }),
  delta({ content: ' 🌊' }),
  delta({}, 0, 'stop'),
  usageChunk,
  null,
];

const open = (fields: object = {}) => openChatRelay(carryInput(chatCall({ stream: true, ...fields })));
const openAsking = (fields: object = {}) => open({ stream_options: { include_usage: true }, ...fields });
const notice = { code: 'budget_exceeded', message: 'The budget is used up.' } as const;
const sdk = (body: string) => new OpenAI({ apiKey: 'x', maxRetries: 0, fetch: fetchOf(body) });
const readBySdk = async (body: string) => {
  const stream = await sdk(body).chat.completions.create({ model: 'm', messages: [], stream: true });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
};

describe('relaying a chat stream', () => {
  test('a chunk of whole events is handed on itself', () => {
    const relay = open();
    const chunk = chatStream(CHUNKS.slice(0, 3));
    expect(relay.push(chunk)).toBe(chunk);
  });

  test('a caller who did not ask gets no usage chunk, but the cost in a comment', () => {
    const relay = open();
    const out = relayAll(relay, [chatStream(CHUNKS)]);
    const passed = chatStream(CHUNKS.slice(0, 4)).toString();
    expect(out).toBe(`${passed}: weir {"cost_usd":"0.00012","request_id":"req-1"}\n\ndata: [DONE]\n\n`);
    expect(relay.usage()).toEqual(counts);
    expect(relay.outputText()).toBe('Grüße 🌊');
    expect(relay.outputTokensBound()).toBe(Buffer.byteLength('Grüße 🌊'));
    expect(relay.isComplete()).toBe(true);
  });

  test('a caller who asked gets the usage chunk with the cost', () => {
    const out = dataOf(relayAll(openAsking(), [chatStream(CHUNKS)]));
    expect(out.slice(-2)).toEqual([{ ...usageChunk, weir: { cost_usd: '0.00012', request_id: 'req-1' } }, '[DONE]']);
  });

  test('a caller who asked is told what was counted where the provider told nothing', () => {
    const without = chatStream([...CHUNKS.slice(0, 4), null]);
    const relay = openAsking();
    relay.push(without);
    expect(relay.usage()).toBeNull();
    const out = dataOf(relay.finish({ ...TRAILER, usage: counts }, null).toString());
    expect(out[0]).toMatchObject({ id: 'chatcmpl-9', choices: [], usage: { prompt_tokens: 8, completion_tokens: 5 } });
  });

  test('the end waits for the trailer, and nothing else waits', () => {
    const relay = openAsking();
    const pushes = CHUNKS.map((chunk) => relay.push(chatStream([chunk])).length > 0);
    expect(pushes).toEqual([true, true, true, true, false, false]);
  });

  test('any split of the bytes gives the same output, text and usage', () => {
    const bytes = Buffer.concat([Buffer.from(': hello\r\n\r\n'), chatStream(CHUNKS)]);
    const expected = relayAll(openAsking(), [bytes]);
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { maxLength: 15 }), (places) => {
        const relay = openAsking();
        expect(relayAll(relay, cutBytes(bytes, places))).toBe(expected);
        expect([relay.usage(), relay.outputText()]).toEqual([counts, 'Grüße 🌊']);
      }),
    );
  });

  test('CRLF, comments and text that is not JSON pass', () => {
    const text = ': note\r\n\r\ndata: {"choices":[]}\r\n\r\ndata: not json\r\n\r\n';
    expect(open().push(Buffer.from(text)).toString()).toBe(text);
  });

  test('the last of several usages counts, and chunks that carry one pass', () => {
    const relay = open();
    const early = { ...delta({ content: 'a' }), usage: { prompt_tokens: 8, completion_tokens: 1 } };
    const out = relayAll(relay, [
      chatStream([
        early,
        delta({}, 0, 'stop'),
        { ...usageChunk, usage: { prompt_tokens: 8, completion_tokens: 2 } },
        usageChunk,
        null,
      ]),
    ]);
    expect(relay.usage()).toEqual(counts);
    expect(dataOf(out)[0]).toEqual(early);
  });

  test('senseless usage is no usage', () => {
    const relay = open();
    relay.push(chatStream([{ ...usageChunk, usage: { prompt_tokens: -8, completion_tokens: 5 } }]));
    expect(relay.usage()).toBeNull();
  });

  test('tool calls, refusals, reasoning and audio are output', () => {
    const relay = open();
    expect(relay.hasOutput()).toBe(false);
    relay.push(chatStream([delta({ role: 'assistant' })]));
    expect(relay.hasOutput()).toBe(false);
    relay.push(
      chatStream([
        delta({ tool_calls: [{ index: 0, function: { name: 'f', arguments: '{"a":' } }] }),
        delta({ refusal: 'no' }),
        delta({ reasoning_content: 'hm' }),
      ]),
    );
    expect(relay.outputText()).toBe('f{"a":nohm');
    relay.push(chatStream([delta({ audio: { data: 'A'.repeat(50), transcript: 'ja' } })]));
    expect(relay.outputTokensBound()).toBe(14);
  });
});

describe('the end of a chat stream', () => {
  test('a missing [DONE] is no failure when every choice has ended', () => {
    const relay = open();
    const out = relayAll(relay, [chatStream(CHUNKS.slice(0, 5))]);
    expect(relay.isComplete()).toBe(true);
    expect(out.endsWith('data: [DONE]\n\n')).toBe(true);
  });

  test('a last [DONE] without its blank line is the end', () => {
    const relay = open();
    relay.push(Buffer.from('data: {"choices":[]}\n\ndata: [DONE]'));
    expect(relay.isComplete()).toBe(true);
    expect(relay.finish(TRAILER, null).toString()).toContain('data: [DONE]\n\n');
  });

  test('a stream that just stops ends in an error that the SDK throws', async () => {
    const relay = open();
    const out = relayAll(relay, [chatStream(CHUNKS.slice(0, 2))]);
    expect(relay.isComplete()).toBe(false);
    expect(out).not.toContain('[DONE]');
    await expect(readBySdk(out)).rejects.toThrow(/ended the stream early/);
  });

  test('one of two choices having ended is not the end', () => {
    const relay = open({ n: 2 });
    relay.push(chatStream([delta({ content: 'a' }, 0, 'stop'), delta({ content: 'b' }, 1)]));
    expect(relay.isComplete()).toBe(false);
  });

  test.each([
    [
      'OpenAI’s',
      'data: {"error":{"message":"Rate limit reached in organization org-abcdef123","type":"tokens","code":"rate_limit_exceeded"}}\n\n',
      'overloaded',
    ],
    ['a named event', 'event: error\ndata: {"message":"boom at http://10.0.0.7:8000/v1"}\n\n', 'provider_error'],
    ['a named event with no JSON', 'event: error\ndata: boom\n\n', 'provider_error'],
    [
      'a number for a code',
      'data: {"error":{"message":"key sk-abcdefgh1234 is wrong","code":401}}\n\n',
      'provider_error',
    ],
  ])('an error inside the stream is not passed as it came: %s', async (_, event, code) => {
    const relay = open();
    const out = relayAll(relay, [chatStream(CHUNKS.slice(0, 2)), Buffer.from(event), chatStream(CHUNKS.slice(2))]);
    expect(relay.streamError()).toMatchObject({ code, status: null });
    expect(out).not.toMatch(/org-abc|10\.0\.0\.7|sk-abc|🌊/);
    await expect(readBySdk(out)).rejects.toMatchObject({ error: { code }, code });
  });

  test('an event without end is the provider’s failure, and memory stays bounded', () => {
    const relay = open();
    for (let index = 0; index < 3; index += 1) relay.push(Buffer.from(`data: ${'x'.repeat(500_000)}`));
    expect(relay.streamError()).toMatchObject({ code: 'provider_error' });
    expect(relay.push(chatStream(CHUNKS))).toHaveLength(0);
  });

  test('a failure from outside becomes an error event with the cost', () => {
    const relay = open();
    relay.push(chatStream(CHUNKS.slice(0, 2)));
    const failure = {
      code: 'provider_timeout',
      message: 'Too slow.',
      retryable: true,
      retryAfterSeconds: null,
      status: null,
      callerFault: false,
      param: null,
    } as const;
    const [event] = dataOf(relay.finish(TRAILER, failure).toString());
    expect(event).toMatchObject({
      error: { message: 'Too slow.', code: 'provider_timeout' },
      weir: { cost_usd: '0.00012', code: 'provider_timeout' },
    });
  });
});

describe('cutting a chat stream', () => {
  test('ends every open choice with length and says why', () => {
    const relay = openAsking({ n: 3 });
    relay.push(chatStream([delta({ content: 'a' }, 0), delta({ content: 'b' }, 1, 'stop')]));
    const out = dataOf(relay.cut(notice, { ...TRAILER, usage: counts }).toString());
    expect(out).toEqual([
      {
        ...head,
        choices: [0, 2].map((index) => ({ index, delta: {}, logprobs: null, finish_reason: 'length' })),
        weir: { cost_usd: '0.00012', request_id: 'req-1', ...notice },
      },
      expect.objectContaining({ choices: [], usage: expect.objectContaining({ completion_tokens: 5 }) }),
      '[DONE]',
    ]);
    expect(relay.push(chatStream(CHUNKS))).toHaveLength(0);
  });

  test('before the first chunk still gives a whole stream', () => {
    const out = dataOf(open().cut(notice, TRAILER).toString());
    expect(out).toMatchObject([{ id: 'chatcmpl-req-1', choices: [{ finish_reason: 'length' }] }, '[DONE]']);
  });

  test('is an ordinary end to the SDK', async () => {
    const relay = open();
    const sent = relay.push(chatStream(CHUNKS.slice(0, 2))).toString() + relay.cut(notice, TRAILER).toString();
    const completion = await sdk(sent).chat.completions.stream({ model: 'm', messages: [] }).finalChatCompletion();
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'Grüße' } });
  });
});

test('the SDK reads the stream, its usage and the cost', async () => {
  const chunks = await readBySdk(relayAll(openAsking(), [chatStream(CHUNKS)]));
  expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '').join('')).toBe('Grüße 🌊');
  expect(chunks.at(-1)).toMatchObject({ usage: { total_tokens: 13 }, weir: { cost_usd: '0.00012' } });
  expect(await readBySdk(relayAll(open(), [chatStream(CHUNKS)]))).toHaveLength(4);
});
