// Owns: the table of what a client may see of an upstream's headers.

import { expect, test } from 'vitest';
import { forwardableHeaders, mayBeEventStream, mayBeJson } from './response-headers.ts';

test('cookies, hop-by-hop headers, our account and our limits at the vendor stay with us', () => {
  const forwarded = forwardableHeaders({
    'content-type': 'application/json',
    'openai-version': '2020-10-01',
    'set-cookie': ['a=b'],
    connection: 'keep-alive, x-secret',
    'x-secret': '1',
    'keep-alive': 'timeout=5',
    'transfer-encoding': 'chunked',
    'content-length': '12',
    'openai-organization': 'org-ours',
    'x-ratelimit-remaining-requests': '1',
    server: 'cloudflare',
  });
  expect(forwarded).toEqual({ 'content-type': 'application/json', 'openai-version': '2020-10-01' });
});

test.each([
  ['text/event-stream; charset=utf-8', true, false],
  ['Text/Event-Stream', true, false],
  ['application/json', false, true],
  ['text/html; charset=utf-8', false, false],
])('%s is taken for what it is', (type, isStream, isJson) => {
  expect([mayBeEventStream({ 'content-type': type }), mayBeJson({ 'content-type': type })]).toEqual([isStream, isJson]);
});

test('an answer without a type gets the benefit of the doubt, a compressed one does not', () => {
  expect([mayBeEventStream({}), mayBeJson({})]).toEqual([true, true]);
  expect([mayBeEventStream({ 'content-encoding': 'gzip' }), mayBeJson({ 'content-encoding': 'br' })]).toEqual([
    false,
    false,
  ]);
});
