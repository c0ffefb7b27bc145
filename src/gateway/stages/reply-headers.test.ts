// Proves: the headers of an answer, in both vendors' forms and the IETF's.

import { describe, expect, test } from 'vitest';
import { sampleAdmittedCall, sampleMeter, sampleState } from '../testing/sample-calls.ts';
import { NOON, sampleModel } from '../testing/sample-facts.ts';
import { addCostHeader, answerHeaders } from './reply-headers.ts';

const MODEL = sampleModel();
const PROVIDER = {
  id: 'provider-1',
  slug: 'openai',
  type: 'openai',
  protocol: 'openai',
  baseUrl: 'https://api.openai.com/v1',
  vendorBaseUrl: 'https://api.openai.com/v1',
  servedBySandbox: false,
  status: 'active',
  headers: {},
  secret: null,
  timeouts: { connectMs: 1, firstByteMs: 1, idleMs: 1, totalMs: 1 },
} as const;

function headersOf(more: Parameters<typeof sampleAdmittedCall>[0] = {}, served: object = {}) {
  const call = sampleAdmittedCall({ ...more, resolution: { model: MODEL, ...more.resolution } });
  return answerHeaders(call, { model: MODEL, provider: PROVIDER, ...served }, NOON);
}

test('name the request, the model and the provider, and nothing that was not asked about', () => {
  expect(headersOf()).toEqual({
    'x-request-id': '01900000-0000-7000-8000-000000000001',
    'x-weir-model': 'sample',
    'x-weir-provider': 'openai',
  });
});

test.each([
  ['a preference that was passed over', { resolution: { fallback: 'model_disabled' } }, {}, 'model_disabled'],
  ['a provider that failed', {}, { model: sampleModel({ id: 'other' }) }, 'provider_failed'],
  ['both', { resolution: { fallback: 'model_disabled' } }, { model: sampleModel({ id: 'other' }) }, 'provider_failed'],
] as const)('say why another model served: %s', (_name, call, served, reason) => {
  expect(headersOf(call, served)['x-weir-fallback']).toBe(reason);
});

test('a sandbox is named', () => {
  expect(headersOf({}, { provider: { ...PROVIDER, servedBySandbox: true } })['x-weir-sandbox']).toBe('true');
});

describe('limits', () => {
  const minute = { window: { kind: 'minute' }, limit: 100n } as const;
  const states = [
    sampleState(sampleMeter('key_requests', minute), 40n, 1n),
    sampleState(sampleMeter('key_tokens', minute), 90n, 20n),
  ];

  test('of a key stand in OpenAI’s and the IETF’s headers, never below 0', () => {
    expect(headersOf({ states })).toMatchObject({
      'x-ratelimit-limit-requests': '100',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1m0s',
      'x-ratelimit-limit-tokens': '100',
      'x-ratelimit-remaining-tokens': '0',
      'ratelimit-policy': '"key-requests";q=100;w=60, "key-tokens";q=100;w=60;qu="tokens"',
      ratelimit: '"key-requests";r=59;t=60, "key-tokens";r=0;t=60',
    });
  });

  test('of a key stand in Anthropic’s headers on its routes alone', () => {
    expect(headersOf({ states, parsed: { protocol: 'anthropic' } })).toMatchObject({
      'request-id': '01900000-0000-7000-8000-000000000001',
      'anthropic-ratelimit-requests-limit': '100',
      'anthropic-ratelimit-requests-remaining': '59',
      'anthropic-ratelimit-tokens-reset': '2026-02-17T12:01:00.000Z',
    });
    expect(Object.keys(headersOf({ states })).filter((name) => name.startsWith('anthropic'))).toEqual([]);
  });

  test('of a trial are what is left after this message', () => {
    const trial = sampleState(sampleMeter('trial', { window: { kind: 'lifetime' }, limit: 2n }), 0n, 1n);
    expect(headersOf({ states: [trial] })['x-weir-trial-remaining']).toBe('1');
  });

  test('of an organization are nobody’s business but its own', () => {
    const quota = sampleState(sampleMeter('organization_quota'), 1n);
    const budget = sampleState(sampleMeter('budget'), 1n);
    expect(Object.keys(headersOf({ states: [quota, budget] }))).toHaveLength(3);
  });

  test('that are none have no header', () => {
    const open = sampleState(sampleMeter('key_requests', { limit: null }));
    expect(Object.keys(headersOf({ states: [open] }))).toHaveLength(3);
  });
});

test('a cost is exact dollars; an unknown one gives no header, never a 0', () => {
  const headersOf = (cost: bigint | null) => {
    const headers: Record<string, string> = {};
    addCostHeader(headers, cost);
    return headers;
  };
  expect(headersOf(1n)).toEqual({ 'x-weir-cost-usd': '0.000000001' });
  expect(headersOf(0n)).toEqual({ 'x-weir-cost-usd': '0' });
  expect(headersOf(null)).toEqual({});
});
