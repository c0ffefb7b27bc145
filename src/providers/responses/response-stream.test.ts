// Proves: a chat's stream is a response's, as OpenAI's SDK puts it together, wherever the bytes are cut; it ends well, cut or failed, and says which.

import fc from 'fast-check';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { carrierFor } from '../carriers.ts';
import type { StreamRelay } from '../protocol.ts';
import { carryInput, chatStream, cutBytes, dataOf, fetchOf, relayAll, TRAILER } from '../wire/testing/call-fixtures.ts';
import { parseResponses } from './responses-call.ts';

const call = parseResponses(Buffer.from(JSON.stringify({ model: 'template:blog', input: 'Hi', stream: true })));

function open(): StreamRelay {
  const carrier = carrierFor('responses', 'openai');
  if (carrier === null) throw new Error('no carrier');
  return carrier.openStream(carryInput(call));
}

const chunk = (delta: object, more: object = {}) => ({
  ...{ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'gpt-x' },
  choices: [{ index: 0, delta, finish_reason: null, ...more }],
});
const usage = { ...chunk({}), choices: [], usage: { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 } };
const toolDelta = (index: number, named: object, more: object = {}) => ({
  tool_calls: [{ index, function: named, ...more }],
});
const ending = (reason: string) => [chunk({}, { finish_reason: reason }), usage, null];

const WHOLE = chatStream([
  chunk({ role: 'assistant', content: '' }),
  chunk({ reasoning_content: 'Hm' }),
  chunk({ reasoning_content: ', so' }),
  chunk({ content: 'Hel' }, { logprobs: { content: [{ token: 'Hel', logprob: -1, bytes: null, top_logprobs: [] }] } }),
  chunk({ content: 'lo é😀' }),
  chunk({ refusal: 'But no' }),
  chunk(toolDelta(0, { name: 'f', arguments: '' }, { id: 'c0', type: 'function' })),
  chunk(toolDelta(1, { name: 'g', arguments: '{"b"' }, { id: 'c1', type: 'function' })),
  // Interleaved, as some servers do.
  chunk(toolDelta(0, { arguments: '{"a":1}' })),
  chunk(toolDelta(1, { arguments: ':2}' })),
  chunk({ tool_calls: [{ index: 2, id: 'c2', type: 'custom', custom: { name: 'h', input: 'x' } }] }),
  ...ending('tool_calls'),
]);

/** The response as OpenAI's SDK makes it of the events alone. */
function putTogether(text: string): Promise<OpenAI.Responses.Response> {
  const client = new OpenAI({ apiKey: 'x', fetch: fetchOf(text), maxRetries: 0 });
  return client.responses.stream({ model: 'm', input: 'Hi' }).finalResponse();
}

test('every kind of output streams, and the SDK puts it together', async () => {
  const text = relayAll(open(), [WHOLE]);
  const response = await putTogether(text);
  expect(response).toMatchObject({ id: 'resp_1', status: 'completed', model: 'gpt-x', output_text: 'Hello é😀' });
  expect(response.usage).toMatchObject({ input_tokens: 5, output_tokens: 7, total_tokens: 12 });
  expect(response.output).toMatchObject([
    { type: 'reasoning', status: 'completed', content: [{ type: 'reasoning_text', text: 'Hm, so' }] },
    {
      ...{ type: 'message', status: 'completed' },
      content: [
        { type: 'output_text', text: 'Hello é😀', logprobs: [{ token: 'Hel' }] },
        { type: 'refusal', refusal: 'But no' },
      ],
    },
    { type: 'function_call', call_id: 'c0', name: 'f', arguments: '{"a":1}' },
    { type: 'function_call', call_id: 'c1', name: 'g', arguments: '{"b":2}' },
    { type: 'custom_tool_call', call_id: 'c2', name: 'h', input: 'x' },
  ]);
  const events = dataOf(text) as { type: string; sequence_number: number }[];
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  expect([...text.matchAll(/^event: (.*)$/gm)].map(([, name]) => name)).toEqual(events.map(({ type }) => type));
  expect(events.at(-1)).toMatchObject({ weir: { cost_usd: '0.00012', request_id: 'req-1' } });
});

test('each piece goes out as it comes', () => {
  const relay = open();
  expect(relay.push(chatStream([chunk({ content: 'He' })])).toString()).toContain('"delta":"He"');
  expect(relay.push(chatStream([chunk({ content: 'llo' })])).toString()).toContain('"delta":"llo"');
  expect([relay.outputText(), relay.hasOutput(), relay.isComplete()]).toEqual(['Hello', true, false]);
});

test('wherever the bytes are cut, the events are the same', () => {
  const whole = relayAll(open(), [WHOLE]);
  fc.assert(
    fc.property(fc.array(fc.nat(WHOLE.length), { maxLength: 8 }), (places) => {
      expect(relayAll(open(), cutBytes(WHOLE, places))).toBe(whole);
    }),
    { numRuns: 50 },
  );
});

test('a text after a call is a message of its own', async () => {
  const stream = chatStream([
    chunk(toolDelta(0, { name: 'f', arguments: '{}' }, { id: 'c0' })),
    chunk({ content: 'Done' }),
    ...ending('stop'),
  ]);
  const { output } = await putTogether(relayAll(open(), [stream]));
  expect(output).toMatchObject([{ type: 'function_call', status: 'completed' }, { type: 'message' }]);
});

test('calls that a server gives one number are told apart by their ids, and only the last is cut off', async () => {
  const stream = chatStream([
    chunk(toolDelta(0, { name: 'f', arguments: '{"a":1}' }, { id: 'c0' })),
    chunk(toolDelta(0, { name: 'g', arguments: '{"b"' }, { id: 'c1' })),
    chunk(toolDelta(0, { arguments: ':2}' }, { id: 'a piece’s own' })),
    ...ending('length'),
  ]);
  const last = dataOf(relayAll(open(), [stream])).at(-1);
  expect(last).toMatchObject({
    response: {
      output: [
        { call_id: 'c0', arguments: '{"a":1}', status: 'completed' },
        { call_id: 'c1', arguments: '{"b":2}', status: 'incomplete' },
      ],
    },
  });
});

describe('the end', () => {
  const last = (text: string) => dataOf(text).at(-1);

  test.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ])('%s is incomplete', async (finishReason, reason) => {
    const text = relayAll(open(), [chatStream([chunk({ content: 'Hi' }), ...ending(finishReason)])]);
    expect(last(text)).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason }, output: [{ status: 'incomplete' }] },
    });
  });

  test('nothing at all is an empty response', () => {
    const relay = open();
    const trailer = { ...TRAILER, usage: null };
    expect(last(relayAll(relay, [chatStream([null])], trailer))).toMatchObject({
      type: 'response.completed',
      response: { id: 'resp_weir', output: [], usage: { total_tokens: 0 } },
    });
  });

  test('Weir’s own cut is incomplete, with the notice', () => {
    const relay = open();
    relay.push(chatStream([chunk({ content: 'Hi' })]));
    const notice = { code: 'budget_exceeded', message: 'The budget is used up.' } as const;
    expect(last(relay.cut(notice, TRAILER).toString())).toMatchObject({
      type: 'response.incomplete',
      response: { incomplete_details: { reason: 'max_output_tokens' }, output: [{ status: 'incomplete' }] },
      weir: { code: 'budget_exceeded', message: 'The budget is used up.', cost_usd: '0.00012' },
    });
  });

  test.each<[string, (object | null)[]]>([
    ['stops early', [chunk({ content: 'Hi' })]],
    ['brings an error', [chunk({ content: 'Hi' }), { error: { message: 'oh', type: 'server_error' } }]],
    ['brings an error alone', [{ error: { message: 'oh', type: 'server_error' } }]],
  ])('a stream that %s is an error that the SDK throws, and a failed response', async (_, chunks) => {
    const text = relayAll(open(), [chatStream(chunks)]);
    await expect(putTogether(text)).rejects.toThrow(OpenAI.APIError);
    const [error, failed] = dataOf(text).slice(-2);
    expect(error).toMatchObject({ type: 'error', code: 'provider_error', error: { code: 'provider_error' } });
    expect(failed).toMatchObject({
      type: 'response.failed',
      response: { status: 'failed', error: { code: 'server_error', message: expect.any(String) } },
    });
    const begun = chunks.some((each) => each !== null && 'choices' in each);
    expect(failed).toMatchObject({
      response: { output: begun ? [{ status: 'incomplete', content: [{ text: 'Hi' }] }] : [] },
    });
  });
});
