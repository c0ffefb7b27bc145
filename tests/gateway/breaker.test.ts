// Proves: a provider that keeps failing is not asked any more: callers learn it at once, or are served by the fallback.

import { expect, test } from 'vitest';
import { type Exchange, exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { FORGETFUL } from '../../src/gateway/testing/gateway-world.ts';
import { eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { addModel, createTenant, insertRow, newId, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const breaker = { ...FORGETFUL.breaker, consecutiveFailures: 8, openBaseMs: 600_000, openMostMs: 600_000 };
const world = worldOfFile({ upstreamLimits: { ...FORGETFUL, breaker } });

function ask(tenant: Pick<Tenant, 'key'>, model: string) {
  return exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body: { model, ...says('hi') } });
}

test('a provider that keeps failing is left alone: 503 at once, nothing sent, nothing charged, and its fallback serves', async () => {
  await insertRow(world().owner, 'providers', {
    id: newId(),
    slug: 'storm',
    name: 'Storm',
    type: 'sandbox',
    base_url: 'sandbox://openai/v1',
    config: { protocol: 'openai' },
  });
  await addModel(world().owner, 'in-storm', { provider: 'storm', provider_model_id: 'sandbox-chat?status=500' });
  await addModel(world().owner, 'out-of-storm', {
    provider: 'storm',
    provider_model_id: 'sandbox-chat',
    fallback_model_ids: ['sandbox-chat'],
  });
  await world().inForce();
  const tenant = await createTenant(world().owner);
  for (let round = 0; round < 4; round += 1) await ask(tenant, 'in-storm');
  world().tap.forget();
  const refused = await ask(tenant, 'in-storm');
  expect([refused.status, refused.json.weir.code]).toEqual([503, 'no_healthy_provider']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(world().tap.requests).toEqual([]);
  const spared = await ask(tenant, 'out-of-storm');
  expect([spared.status, spared.headers.get('x-weir-model')]).toEqual([200, 'sandbox-chat']);
  const events = await eventsOf(world(), tenant.organizationId);
  const eventOf = ({ headers }: Exchange) => events.find(({ id }) => id === headers.get('x-request-id'));
  expect(eventOf(refused)).toMatchObject({ status: 'error', errorCode: 'no_healthy_provider', cost: 0n });
  expect(eventOf(spared)).toMatchObject({ status: 'success', fallbackUsed: true });
});

test('callers’ own mistakes do not make a provider look broken', async () => {
  const tenant = await createTenant(world().owner);
  for (let round = 0; round < 12; round += 1) {
    const { status } = await exchange(`${world().url}/v1/chat/completions`, {
      key: tenant.key,
      body: { model: 'sandbox-chat', ...says('[[sandbox: status=400]] hi') },
    });
    expect(status).toBe(400);
  }
  expect((await ask(tenant, 'sandbox-chat')).status).toBe(200);
});
