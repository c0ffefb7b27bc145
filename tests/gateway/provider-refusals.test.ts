// Proves: whatever status a provider answers with, the client gets the right one in its vendor's shape, nothing is charged, and no secret of
// ours or text of its account comes through.

import { describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { FORGETFUL } from '../../src/gateway/testing/gateway-world.ts';
import { countersOf, onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { addBudget, createTenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const OUR_KEY = 'sk-proj-Zz9CanaryCanaryCanaryCanary0123456789';
const world = worldOfFile({
  upstreamLimits: FORGETFUL,
  overridesAt: (tapUrl) => ({ openai: { secret: OUR_KEY, baseUrl: tapUrl } }),
});

const ROUTES = [
  { path: '/v1/chat/completions', model: 'sandbox-chat', typeOf: (openai: string, _anthropic: string) => openai },
  { path: '/v1/messages', model: 'sandbox-claude', typeOf: (_openai: string, anthropic: string) => anthropic },
] as const;

/** What the provider does, what the client sees, how the event ends, and how often the provider was asked. */
const REFUSALS = [
  {
    does: 'status=400',
    status: 400,
    code: 'invalid_request',
    types: ['invalid_request_error', 'invalid_request_error'],
    asked: 1,
  },
  { does: 'status=401', status: 502, code: 'provider_error', types: ['server_error', 'api_error'], asked: 1 },
  { does: 'status=403', status: 502, code: 'provider_error', types: ['server_error', 'api_error'], asked: 1 },
  {
    does: 'status=413',
    status: 413,
    code: 'too_large',
    types: ['invalid_request_error', 'request_too_large'],
    asked: 1,
  },
  {
    does: 'status=422',
    status: 400,
    code: 'invalid_request',
    types: ['invalid_request_error', 'invalid_request_error'],
    asked: 1,
  },
  { does: 'status=429', status: 503, code: 'overloaded', types: ['server_error', 'overloaded_error'], asked: 3 },
  {
    does: 'status=429 retry-after=3600',
    status: 503,
    code: 'overloaded',
    types: ['server_error', 'overloaded_error'],
    asked: 1,
  },
  {
    does: 'status=429 retry-after=soon',
    status: 503,
    code: 'overloaded',
    types: ['server_error', 'overloaded_error'],
    asked: 3,
  },
  {
    does: 'status=429 retry-after=-1',
    status: 503,
    code: 'overloaded',
    types: ['server_error', 'overloaded_error'],
    asked: 3,
  },
  { does: 'status=500', status: 502, code: 'provider_error', types: ['server_error', 'api_error'], asked: 3 },
  { does: 'status=502', status: 502, code: 'provider_error', types: ['server_error', 'api_error'], asked: 3 },
  { does: 'status=503', status: 503, code: 'overloaded', types: ['server_error', 'overloaded_error'], asked: 3 },
  { does: 'status=529', status: 503, code: 'overloaded', types: ['server_error', 'overloaded_error'], asked: 3 },
  { does: 'reset', status: 502, code: 'provider_error', types: ['server_error', 'api_error'], asked: 3 },
  { does: 'redirect', status: 502, code: 'provider_error', types: ['server_error', 'api_error'], asked: 1 },
] as const;

describe.each(ROUTES)('$path', ({ path, model, typeOf }) => {
  describe.each([false, true])('streamed: %s', (stream) => {
    test.each(REFUSALS)('a provider with $does is told as $status $code and charged nothing', async (refusal) => {
      const tenant = await createTenant(world().owner);
      await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: 10n ** 12n });
      const answer = await exchange(`${world().url}${path}`, {
        key: tenant.key,
        body: { model, max_tokens: 50, stream, ...says(`[[sandbox: ${refusal.does}]] hi`) },
      });
      expect(answer.status).toBe(refusal.status);
      expect(answer.json.weir.code).toBe(refusal.code);
      expect(answer.json.error.type).toBe(typeOf(refusal.types[0], refusal.types[1]));
      expect(world().tap.requests).toHaveLength(refusal.asked);
      expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
        status: 'error',
        errorCode: refusal.code,
        cost: 0n,
        input: 0n,
        output: 0n,
        retries: refusal.asked - 1,
        streamed: stream,
      });
      const counters = await countersOf(world().owner, tenant.organizationId);
      expect(counters.map(({ used, held }) => [used, held])).toEqual(counters.map(() => [0n, 0n]));
    });
  });
});

test('an account of ours without money is the platform’s trouble, not the caller’s', async () => {
  const tenant = await createTenant(world().owner);
  const { status, json } = await exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...says('[[sandbox: quota]] hi') },
  });
  expect([status, json.weir.code, json.error.type]).toEqual([502, 'provider_error', 'server_error']);
  expect(json.error.message).not.toMatch(/billing|quota/);
});

test('a long Retry-After is handed to the client and not waited for here', async () => {
  const tenant = await createTenant(world().owner);
  const { headers } = await exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...says('[[sandbox: status=429 retry-after=3600]] hi') },
  });
  expect(headers.get('retry-after')).toBe('3600');
  expect(headers.get('x-should-retry')).toBe('false');
});

test.each([401, 400, 403, 500])(
  'a %i that quotes our key, our account and our address shows none of them',
  async (status) => {
    const tenant = await createTenant(world().owner);
    world().tap.answerWith((response, seen) => {
      expect(seen.headers.authorization).toBe(`Bearer ${OUR_KEY}`);
      const message = `Bad value. Key ${OUR_KEY} of org-OurAccount123 (sk-proj-Zz9****6789) at https://inside.example/v1 from 10.1.2.3 is wrong.`;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code: null } }));
    });
    for (const path of ['/v1/chat/completions', '/v1/messages']) {
      const { text } = await exchange(`${world().url}${path}`, {
        key: tenant.key,
        body: { model: 'gpt-4o-mini', max_tokens: 9, ...says('hi') },
      });
      for (const secret of [OUR_KEY, 'Zz9', 'OurAccount', 'inside.example', '10.1.2.3'])
        expect(text).not.toContain(secret);
    }
    expect(
      JSON.stringify(world().reports, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toContain('Zz9');
  },
);

test('a redirect is followed nowhere, whatever it points at', async () => {
  const tenant = await createTenant(world().owner);
  world().tap.answerWith((response) => {
    response.writeHead(302, { location: `${world().tap.url}/chat/completions`, 'set-cookie': 'a=b' }).end();
  });
  const { status, headers } = await exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...says('hi') },
  });
  expect(status).toBe(502);
  expect(headers.get('location')).toBeNull();
  expect(headers.get('set-cookie')).toBeNull();
  expect(world().tap.requests).toHaveLength(1);
});
