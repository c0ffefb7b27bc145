// Proves: where a provider can't be reached its fallback answers, if the caller may use that; the customer pays once.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { FORGETFUL } from '../../src/gateway/testing/gateway-world.ts';
import { onlyEventOf } from '../../src/gateway/testing/ledger-view.ts';
import {
  addModel,
  addTemplate,
  createTenant,
  enableTemplate,
  insertRow,
  newId,
  type Tenant,
} from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';
import { type ClosedPort, takeClosedPort } from '../../src/primitives/testing/closed-port.ts';

const world = worldOfFile({ upstreamLimits: FORGETFUL });

function ask(tenant: Pick<Tenant, 'key'>, model: string, more: object = {}) {
  return exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model, max_tokens: 30, ...says('hi'), ...more },
  });
}

async function addProvider(slug: string, baseUrl: string): Promise<void> {
  await insertRow(world().owner, 'providers', { id: newId(), slug, name: slug, type: 'custom', base_url: baseUrl });
  await addModel(world().owner, `on-${slug}`, { provider: slug, provider_model_id: 'sandbox-chat' });
  await addModel(world().owner, `spared-${slug}`, {
    provider: slug,
    provider_model_id: 'sandbox-chat-2',
    fallback_model_ids: ['sandbox-chat'],
  });
}

let closed: ClosedPort;
beforeAll(async () => {
  const tapOrigin = new URL(world().tap.url).origin;
  closed = await takeClosedPort();
  await addProvider('refusing', `http://127.0.0.1:${closed.port}/v1`);
  await addProvider('nameless', 'http://no-such-host.invalid/v1');
  await addProvider('untrusted', `${tapOrigin.replace('http:', 'https:')}/v1`);
  await addProvider('keyless', world().tap.url);
  await world().inForce();
});
afterAll(() => closed.giveBack());

describe.each(['refusing', 'nameless', 'untrusted'])('a provider that is %s', (slug) => {
  test('is a 502 that names no address, charged nothing', async () => {
    const tenant = await createTenant(world().owner);
    const { status, json, text } = await ask(tenant, `on-${slug}`);
    expect([status, json.weir.code]).toEqual([502, 'provider_error']);
    expect(text).not.toMatch(/127\.0\.0\.1|invalid\b.*host|ECONN|ENOTFOUND/);
    expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({ status: 'error', cost: 0n });
  });

  test.each([false, true])('is spared its customers by a fallback (streamed: %s)', async (stream) => {
    const tenant = await createTenant(world().owner);
    const answer = await ask(tenant, `spared-${slug}`, { stream });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-weir-model')).toBe('sandbox-chat');
    expect(answer.headers.get('x-weir-fallback')).toBe('provider_failed');
    expect(await onlyEventOf(world(), tenant.organizationId)).toMatchObject({
      status: 'success',
      model: 'sandbox-chat',
      provider: 'sandbox',
      fallbackUsed: true,
    });
  });
});

test('a server of one’s own that asks for no key is called without one', async () => {
  const tenant = await createTenant(world().owner);
  world().tap.answerWith((response, seen) => {
    expect(seen.headers.authorization).toBeUndefined();
    const choices = [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }];
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ id: 'c', object: 'chat.completion', created: 1, model: 'm', choices }));
  });
  const { status, json } = await ask(tenant, 'on-keyless');
  expect([status, json.choices?.[0].message.content]).toEqual([200, 'yes']);
});

test('a fallback is not asked for the caller’s own mistake', async () => {
  await addModel(world().owner, 'strict', {
    provider_model_id: 'sandbox-chat?status=400',
    fallback_model_ids: ['sandbox-chat'],
  });
  await world().inForce();
  const tenant = await createTenant(world().owner);
  expect((await ask(tenant, 'strict')).status).toBe(400);
  expect(world().tap.requests).toHaveLength(1);
});

test('a fallback is asked for no more output than it has', async () => {
  const { owner } = world();
  await addModel(owner, 'short', { max_output_tokens: 100 });
  await addModel(owner, 'wordy', { provider: 'refusing', fallback_model_ids: ['short'] });
  await world().inForce();
  const tenant = await createTenant(owner);
  for (const [wish, sent] of [
    [3_000, 100],
    [undefined, 100],
    [60, 60],
  ] as const) {
    const answer = await ask(tenant, 'wordy', { max_tokens: wish });
    expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([200, 'short']);
    expect(world().tap.last().json().max_tokens).toBe(sent);
  }
});

test('a fallback of the other protocol is given those of a template’s parameters that mean the same there', async () => {
  const { owner } = world();
  await addModel(owner, 'elsewhere', { provider: 'refusing', fallback_model_ids: ['sandbox-claude'] });
  const parameters = { temperature: 0.3, frequency_penalty: 0.5, seed: 7, max_tokens: 25 };
  const tenant = await createTenant(owner);
  const templateId = await addTemplate(owner, { slug: 'with-parameters', model_id: 'elsewhere', parameters });
  await enableTemplate(owner, tenant.organizationId, { templateId });
  await world().inForce();
  const answer = await ask(tenant, 'template:with-parameters', { max_tokens: undefined });
  expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([200, 'sandbox-claude']);
  const sent = world().tap.last().json();
  expect(sent).toMatchObject({ temperature: 0.3, max_tokens: 25 });
  expect(sent).not.toHaveProperty('frequency_penalty');
  expect(sent).not.toHaveProperty('seed');
});

test('a fallback that is switched off, unpriced or premium serves nobody', async () => {
  const { owner } = world();
  await addModel(owner, 'fallback-off', { enabled: false });
  await addModel(owner, 'fallback-premium', { tier: 'premium', price_cents: 100 });
  await addModel(owner, 'alone', {
    provider_model_id: 'sandbox-chat?status=500',
    fallback_model_ids: ['fallback-off', 'fallback-premium', 'nothing'],
  });
  await world().inForce();
  expect((await ask(await createTenant(owner), 'alone')).status).toBe(502);
});

test('a fallback that the key may not use serves nobody', async () => {
  await addModel(world().owner, 'narrow', {
    provider_model_id: 'sandbox-chat?status=500&tokens=2',
    fallback_model_ids: ['gpt-4o-mini'],
  });
  await world().inForce();
  const tenant = await createTenant(world().owner, { key: { allowed_models: ['narrow'] } });
  const answer = await ask(tenant, 'narrow');
  expect([answer.status, answer.headers.get('x-weir-model')]).toEqual([502, null]);
});

test('a premium fallback serves only those who have a right to it', async () => {
  const { owner } = world();
  await addModel(owner, 'grand-fallback', { tier: 'premium', price_cents: 500 });
  await addModel(owner, 'grand', {
    tier: 'premium',
    price_cents: 500,
    provider_model_id: 'sandbox-chat?status=502',
    fallback_model_ids: ['grand-fallback'],
  });
  const tenant = await createTenant(owner);
  await insertRow(owner, 'entitlements', {
    id: newId(),
    model_id: 'grand',
    user_id: tenant.userId,
    source: 'purchase',
  });
  await world().inForce();
  expect((await ask(tenant, 'grand')).status).toBe(502);
  await insertRow(owner, 'entitlements', {
    id: newId(),
    model_id: 'grand-fallback',
    user_id: tenant.userId,
    source: 'purchase',
  });
  await world().inForce();
  expect((await ask(tenant, 'grand')).headers.get('x-weir-model')).toBe('grand-fallback');
});

test('a model whose provider is switched off is a 503, and holds nothing afterwards', async () => {
  await world().owner.query(`update weir.providers set status = 'inactive' where slug = 'keyless'`);
  await world().inForce();
  const tenant = await createTenant(world().owner);
  const { status, json } = await ask(tenant, 'on-keyless');
  expect([status, json.weir.code]).toEqual([503, 'no_healthy_provider']);
});
