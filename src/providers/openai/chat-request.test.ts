// Covers requests to OpenAI, byte by byte.

import { describe, expect, test } from 'vitest';
import type { CarryInput } from '../protocol.ts';
import { carryInput, chatCall } from '../wire/testing/call-fixtures.ts';
import { parseChatCompletions } from './chat-call.ts';
import { carryChatNatively, carryEmbeddings } from './chat-request.ts';
import { parseEmbeddings } from './embeddings-call.ts';

const textOf = (body: string, more: Partial<CarryInput> = {}): string =>
  carryChatNatively(carryInput(parseChatCompletions(Buffer.from(body)), more)).body.toString();

const M = '"messages":[{"role":"user","content":"Hi"}]';

describe('a chat request to OpenAI', () => {
  test.each<[string, string, Partial<CarryInput>, string]>([
    [
      'every other byte is kept',
      `{ "x": 1.0e2, ${M} ,"seed":12345678901234567890,"model":"auto" }`,
      {},
      `{ "x": 1.0e2, ${M} ,"seed":12345678901234567890,"model":"upstream-model" }`,
    ],
    ['an equal model is not touched', `{"model":"m",${M}}`, { providerModelId: 'm' }, `{"model":"m",${M}}`],
    [
      'a cap without a wish',
      `{"model":"m",${M}}`,
      { providerModelId: 'm', outputCap: 9 },
      `{"model":"m",${M},"max_completion_tokens":9}`,
    ],
    [
      'a cap without a wish, elsewhere',
      `{"model":"m",${M}}`,
      { providerModelId: 'm', outputCap: 9, prefersMaxTokensField: true },
      `{"model":"m",${M},"max_tokens":9}`,
    ],
    [
      'a cap keeps the field',
      `{"model":"m","max_tokens":50,${M}}`,
      { providerModelId: 'm', outputCap: 9 },
      `{"model":"m","max_tokens":9,${M}}`,
    ],
    [
      'a cap never raises',
      `{"model":"m","max_tokens":5,${M}}`,
      { providerModelId: 'm', outputCap: 9 },
      `{"model":"m","max_tokens":5,${M}}`,
    ],
    [
      'both fields are capped',
      `{"model":"m","max_tokens":50,"max_completion_tokens":20,${M}}`,
      { providerModelId: 'm', outputCap: 9 },
      `{"model":"m","max_tokens":9,"max_completion_tokens":9,${M}}`,
    ],
    [
      'a stream reports its usage',
      `{"model":"m","stream":true,${M}}`,
      { providerModelId: 'm' },
      `{"model":"m","stream":true,${M},"stream_options":{"include_usage":true}}`,
    ],
    [
      'a stream’s other options are kept',
      `{"model":"m","stream":true,"stream_options":{"include_obfuscation":false},${M}}`,
      { providerModelId: 'm' },
      `{"model":"m","stream":true,"stream_options":{"include_obfuscation":false,"include_usage":true},${M}}`,
    ],
    [
      'a stream that asks already is kept',
      `{"model":"m","stream":true,"stream_options":{ "include_usage":true },${M}}`,
      { providerModelId: 'm' },
      `{"model":"m","stream":true,"stream_options":{ "include_usage":true },${M}}`,
    ],
    [
      'OpenAI’s metadata is passed on',
      `{"model":"m","metadata":{"a":"b"},${M}}`,
      { providerModelId: 'm', endUserId: 'u' },
      `{"model":"m","metadata":{"a":"b"},${M}}`,
    ],
  ])('%s', (_, body, more, expected) => {
    expect(textOf(body, more)).toBe(expected);
  });

  test('a template stands before the conversation and fills what the caller left open', () => {
    const overlay = {
      systemMessage: 'Be brief.',
      defaults: { temperature: 0.2, top_p: 0.9, max_tokens: 70, model: 'other', stream: true, seed: null },
    };
    const call = chatCall({ temperature: 1, top_p: null });
    const request = carryChatNatively(carryInput(call, { overlay, outputCap: 60 }));
    expect(JSON.parse(request.body.toString())).toEqual({
      model: 'upstream-model',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
      temperature: 1,
      top_p: 0.9,
      max_completion_tokens: 60,
    });
    expect(request.path).toBe('/chat/completions');
  });

  test('a template’s own bound holds without a cap', () => {
    const overlay = { systemMessage: null, defaults: { max_tokens: 70 } };
    const body = carryChatNatively(carryInput(chatCall(), { overlay })).body.toString();
    expect(JSON.parse(body)).toMatchObject({ max_completion_tokens: 70 });
  });
});

test('an embeddings request keeps every other byte', () => {
  const call = parseEmbeddings(Buffer.from('{"model":"auto", "input":["a", "b"],"dimensions":3}'));
  const request = carryEmbeddings(carryInput(call));
  expect(request.body.toString()).toBe('{"model":"upstream-model", "input":["a", "b"],"dimensions":3}');
  expect(request.path).toBe('/embeddings');
});
