// Proves: every answer says what served it and what it cost, in both vendors' shapes, and the cost is the event's.

import { describe, expect, test } from 'vitest';
import { eventsIn, exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import { createTenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { parseUsd } from './usd.ts';

const world = worldOfFile();
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const ROUTES = [
  { path: '/v1/chat/completions', body: { model: 'sandbox-chat', ...says('hi') } },
  { path: '/v1/messages', body: { model: 'sandbox-claude', max_tokens: 50, ...says('hi') } },
  { path: '/v1/chat/completions', body: { model: 'sandbox-claude', ...says('hi') } },
  { path: '/v1/messages', body: { model: 'sandbox-chat', max_tokens: 50, ...says('hi') } },
  { path: '/v1/embeddings', body: { model: 'sandbox-embedding', input: 'hi' } },
] as const;

describe.each(ROUTES)('$path with $body.model', ({ path, body }) => {
  test('names request, model and provider, and the cost that its event has', async () => {
    const tenant = await createTenant(world().owner);
    const { status, headers } = await exchange(`${world().url}${path}`, { key: tenant.key, body });
    expect(status).toBe(200);
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(headers.get('x-request-id')).toBe(event.id);
    expect(event.id).toMatch(UUID);
    expect(headers.get('x-weir-model')).toBe(body.model);
    expect(headers.get('x-weir-provider')).toBe(event.provider);
    expect(headers.get('x-weir-sandbox')).toBe('true');
    expect(parseUsd(headers.get('x-weir-cost-usd'))).toBe(event.cost);
    expect(event.cost).toBeGreaterThan(0n);
    expect(headers.get('content-type')).toContain('application/json');
    if (path === '/v1/messages') expect(headers.get('request-id')).toBe(event.id);
  });

  test('a refusal names the request too, with the same id as its event', async () => {
    const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 1n } });
    const { status, headers, json } = await exchange(`${world().url}${path}`, { key: tenant.key, body });
    expect(status).toBe(429);
    const event = await onlyEventOf(world(), tenant.organizationId);
    expect(event).toMatchObject({ status: 'denied', errorCode: 'organization_quota_exceeded', cost: 0n });
    expect(headers.get('x-request-id')).toBe(event.id);
    expect(json.weir.request_id).toBe(event.id);
  });
});

const STREAMS = [
  { path: '/v1/chat/completions', model: 'sandbox-chat', includeUsage: true },
  { path: '/v1/chat/completions', model: 'sandbox-chat', includeUsage: false },
  { path: '/v1/chat/completions', model: 'sandbox-claude', includeUsage: true },
  { path: '/v1/messages', model: 'sandbox-claude', includeUsage: false },
  { path: '/v1/messages', model: 'sandbox-chat', includeUsage: false },
] as const;

test.each(STREAMS)(
  'a stream of $model on $path (usage asked for: $includeUsage) carries its cost at its end',
  async ({ path, model, includeUsage }) => {
    const tenant = await createTenant(world().owner);
    const { text, headers } = await exchange(`${world().url}${path}`, {
      key: tenant.key,
      body: {
        model,
        max_tokens: 50,
        stream: true,
        ...(includeUsage ? { stream_options: { include_usage: true } } : {}),
        ...says('hi'),
      },
    });
    expect(headers.get('content-type')).toContain('text/event-stream');
    expect(headers.get('x-weir-cost-usd')).toBeNull();
    const event = await onlyEventOf(world(), tenant.organizationId);
    const comment = /^: weir (\{.*\})$/m.exec(text)?.[1];
    const trailer = comment ? JSON.parse(comment) : eventsIn(text).findLast((each) => each.weir)?.weir;
    expect(trailer).toMatchObject({ request_id: event.id });
    expect(parseUsd(trailer.cost_usd)).toBe(event.cost);
  },
);

test('the provider’s own headers about limits and its cookies do not reach the client', async () => {
  const tenant = await createTenant(world().owner);
  const { headers } = await exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model: 'sandbox-chat', ...says('[[sandbox: set-cookie]] hi') },
  });
  expect(headers.get('set-cookie')).toBeNull();
  for (const [name] of headers) expect(name).not.toMatch(/^(openai-organization|x-ratelimit|server)$/);
});

test('an error before the caller is known has an id and no cost', async () => {
  for (const path of ['/v1/chat/completions', '/v1/messages', '/v1/nothing-here']) {
    const { headers, status } = await exchange(`${world().url}${path}`, { key: 'wr_test_x', body: {} });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(headers.get('x-request-id')).toMatch(UUID);
    expect(headers.get('x-weir-cost-usd')).toBeNull();
  }
});
