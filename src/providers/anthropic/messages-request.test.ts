// Covers requests to Anthropic, byte by byte.

import { describe, expect, test } from 'vitest';
import type { CarryInput } from '../protocol.ts';
import { bodyOf, carryInput, messagesCall } from '../wire/testing/call-fixtures.ts';
import { parseCountTokens, parseMessages } from './messages-call.ts';
import { carryCountTokens, carryMessagesNatively } from './messages-request.ts';

const textOf = (body: string, more: Partial<CarryInput> = {}): string =>
  carryMessagesNatively(
    carryInput(parseMessages(Buffer.from(body)), { providerModelId: 'm', ...more }),
  ).body.toString();

const M = '"messages":[{"role":"user","content":"Hi"}]';
const overlay = { systemMessage: 'Be brief.', defaults: { temperature: 0.2, max_tokens: 70, system: 'no' } };

describe('a messages request to Anthropic', () => {
  test.each<[string, string, Partial<CarryInput>, string]>([
    [
      'every other byte is kept',
      `{ "model":"auto","max_tokens": 10, ${M},"x":1.0 }`,
      {},
      `{ "model":"m","max_tokens": 10, ${M},"x":1.0 }`,
    ],
    ['a cap lowers', `{"model":"m","max_tokens":50,${M}}`, { outputCap: 9 }, `{"model":"m","max_tokens":9,${M}}`],
    ['a cap never raises', `{"model":"m","max_tokens":5,${M}}`, { outputCap: 9 }, `{"model":"m","max_tokens":5,${M}}`],
    ['the model’s own most stands in', `{"model":"m",${M}}`, {}, `{"model":"m",${M},"max_tokens":4096}`],
    [
      'the template’s bound stands in',
      `{"model":"m",${M}}`,
      { overlay: { systemMessage: null, defaults: { max_tokens: 70 } } },
      `{"model":"m",${M},"max_tokens":70}`,
    ],
    [
      'a user’s id is added',
      `{"model":"m","max_tokens":5,${M}}`,
      { endUserId: 'u1' },
      `{"model":"m","max_tokens":5,${M},"metadata":{"user_id":"u1"}}`,
    ],
    [
      'the caller’s own user id stays',
      `{"model":"m","max_tokens":5,"metadata":{ "user_id":"x" },${M}}`,
      { endUserId: 'u1' },
      `{"model":"m","max_tokens":5,"metadata":{ "user_id":"x" },${M}}`,
    ],
    [
      'other metadata stays with Weir',
      `{"model":"m","max_tokens":5,"metadata":{"user_id":"x","team":"a"},${M}}`,
      {},
      `{"model":"m","max_tokens":5,"metadata":{"user_id":"x"},${M}}`,
    ],
    [
      'metadata without an id goes',
      `{"model":"m","max_tokens":5,"metadata":{"team":"a"},${M}}`,
      {},
      `{"model":"m","max_tokens":5,${M}}`,
    ],
    [
      'a system prompt is set',
      `{"model":"m","max_tokens":5,"temperature":1,${M}}`,
      { overlay },
      `{"model":"m","max_tokens":5,"temperature":1,${M},"system":"Be brief."}`,
    ],
    [
      'a system text follows the template’s',
      `{"model":"m","max_tokens":5,"temperature":1,"system":"Hm",${M}}`,
      { overlay },
      `{"model":"m","max_tokens":5,"temperature":1,"system":"Be brief.\\n\\nHm",${M}}`,
    ],
    [
      'system blocks follow the template’s',
      `{"model":"m","max_tokens":5,"temperature":1,"system":[{"type":"text","text":"Hm"}],${M}}`,
      { overlay },
      `{"model":"m","max_tokens":5,"temperature":1,"system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Hm"}],${M}}`,
    ],
    [
      'defaults fill what is open',
      `{"model":"m","max_tokens":5,${M}}`,
      { overlay: { ...overlay, systemMessage: null } },
      `{"model":"m","max_tokens":5,${M},"temperature":0.2}`,
    ],
    [
      'a thinking budget follows the cap',
      `{"model":"m","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":8000},${M}}`,
      { outputCap: 2_000 },
      `{"model":"m","max_tokens":2000,"thinking":{"type":"enabled","budget_tokens":1999},${M}}`,
    ],
    [
      'a thinking budget below the cap stays',
      `{"model":"m","max_tokens":9000,"thinking":{"type":"enabled", "budget_tokens":1500},${M}}`,
      { outputCap: 2_000 },
      `{"model":"m","max_tokens":2000,"thinking":{"type":"enabled", "budget_tokens":1500},${M}}`,
    ],
  ])('%s', (_, body, more, expected) => {
    expect(textOf(body, more)).toBe(expected);
  });

  test('thinking that no longer fits is refused, not dropped', () => {
    const body = `{"model":"m","max_tokens":9000,"thinking":{"type":"enabled","budget_tokens":8000},${M}}`;
    expect(() => textOf(body, { outputCap: 500 })).toThrow(
      expect.objectContaining({ param: 'thinking.budget_tokens' }),
    );
  });

  test('headers name the version, and the caller’s betas only', () => {
    const headers = (anthropicBeta: string) =>
      carryMessagesNatively(carryInput(messagesCall(), { anthropicBeta })).headers;
    expect(headers('files-api-2025-04-14,context-1m-2025-08-07')).toEqual({
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'files-api-2025-04-14,context-1m-2025-08-07',
    });
    expect(headers('a\r\nx-api-key: stolen')).toEqual({ 'anthropic-version': '2023-06-01' });
  });
});

test('a count goes without bound, metadata and defaults', () => {
  const body = Buffer.from(`{"model":"auto","metadata":{"user_id":"x"},${M}}`);
  const request = carryCountTokens(carryInput(parseCountTokens(body), { overlay, endUserId: 'u' }));
  expect(request.path).toBe('/messages/count_tokens');
  expect(bodyOf(request)).toEqual({
    model: 'upstream-model',
    messages: [{ role: 'user', content: 'Hi' }],
    system: 'Be brief.',
  });
});
