// Proves: the explanation gives the verdict that the call gets, names every check and meter, and holds nothing.

import { expect, test } from 'vitest';
import { type Answer, exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { countersOf, eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { addBudget, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

const world = worldOfFile();

async function explain(tenant: Pick<Tenant, 'key'>, body: object, headers: Record<string, string> = {}) {
  return exchange(`${world().url}/v1/admission/explain`, { key: tenant.key, body, headers });
}

const ask = (model: string, extra: object = {}) => ({ model, ...says('hi'), ...extra });
const namesOf = (entries: Answer[], verdict: string) =>
  entries.filter((entry) => entry.verdict === verdict).map((entry) => entry.check ?? entry.meter);

test('an allowed call shows every check and every meter with limit, used, held, asked and reset', async () => {
  const tenant = await createTenant(world().owner, { key: { requests_per_minute: 5n, tokens_per_minute: 50_000n } });
  await addBudget(world().owner, { organization_id: tenant.organizationId, amount_nano_usd: 10n ** 9n });
  const { status, json } = await explain(tenant, ask('feature:goal_generation'));
  expect(status).toBe(200);
  expect(json).toMatchObject({ allowed: true, model: 'gpt-4o-mini', feature: 'goal_generation', right: 'free' });
  expect(json.checks.length).toBeGreaterThan(10);
  expect(namesOf(json.checks, 'deny')).toEqual([]);
  const meters = json.meters.map(({ meter }: Answer) => meter);
  for (const meter of ['organization_quota', 'budget', 'key_requests', 'key_tokens', 'credits'])
    expect(meters).toContain(meter);
  const quota = json.meters.find(({ meter }: Answer) => meter === 'organization_quota');
  expect(quota).toMatchObject({ limit: 10_000_000, used: 0, held: 0, unit: 'tokens', verdict: 'allow' });
  expect(quota.asked).toBeGreaterThan(0);
  expect(Date.parse(quota.resets_at)).toBeGreaterThan(world().store.nowMs());
});

test('nothing is held, counted, sent or recorded, however often it is asked', async () => {
  const tenant = await createTenant(world().owner);
  for (let round = 0; round < 3; round += 1) await explain(tenant, ask('sandbox-chat'));
  expect(await eventsOf(world(), tenant.organizationId)).toEqual([]);
  const counters = await countersOf(world().owner, tenant.organizationId);
  expect(counters.every(({ used, held }) => used === 0n && held === 0n)).toBe(true);
  expect(world().tap.requests).toEqual([]);
});

test('a refused call lists every failing check, not only the first', async () => {
  const tenant = await createTenant(world().owner, {
    organization: { status: 'suspended' },
    key: { allowed_models: ['gpt-4o-mini'], allowed_routes: ['messages'] },
  });
  const { status, json } = await explain(tenant, ask('claude-3-opus'));
  expect(status).toBe(200);
  expect(json.allowed).toBe(false);
  expect(namesOf(json.checks, 'deny')).toEqual(['route_allowed', 'key_allows_model', 'organization_active']);
});

test('its verdict on meters is the one that the call then gets, before and after use', async () => {
  const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 500n } });
  const body = ask('sandbox-chat');
  for (let round = 0; round < 20; round += 1) {
    const { json } = await explain(tenant, body);
    const call = await exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body });
    expect(json.allowed).toBe(call.status === 200);
    await world().settled();
    if (call.status !== 200) {
      const [shown] = json.meters;
      const [told] = call.json.weir.meters;
      expect(shown).toMatchObject({
        meter: told.meter,
        limit: told.limit,
        used: told.used,
        held: told.held,
        resets_at: told.resets_at,
      });
      return;
    }
  }
  expect.unreachable('the quota never ended');
});

test('credits that are not there yet are counted as what the period brings', async () => {
  const tenant = await createTenant(world().owner);
  const { json } = await explain(tenant, ask('feature:goal_generation'));
  expect(json.allowed).toBe(true);
  expect(json.meters.filter(({ meter }: Answer) => meter === 'credits').at(-1)).toMatchObject({
    available: 20,
    asked: 3,
    verdict: 'allow',
  });
});

test('credits that are used up are a refusal', async () => {
  const tenant = await createTenant(world().owner);
  for (let use = 0; use < 6; use += 1)
    await exchange(`${world().url}/v1/chat/completions`, { key: tenant.key, body: ask('feature:goal_generation') });
  const { json } = await explain(tenant, ask('feature:goal_generation'));
  expect(json.allowed).toBe(false);
  expect(json.meters.at(-1)).toMatchObject({ available: 2, asked: 3, verdict: 'deny' });
});

test('an Anthropic request is explained as one', async () => {
  const tenant = await createTenant(world().owner);
  const body = { model: 'sandbox-claude', max_tokens: 20, system: 'Be brief.', ...says('hi') };
  const { json } = await explain(tenant, body, { 'anthropic-version': '2023-06-01' });
  expect(json).toMatchObject({ allowed: true, model: 'sandbox-claude', granted_output_tokens: 20 });
});

test('an embeddings request is explained as one', async () => {
  const tenant = await createTenant(world().owner);
  const { status, json } = await explain(tenant, { model: 'sandbox-embedding', input: 'some text' });
  expect(status).toBe(200);
  expect(json).toMatchObject({ allowed: true, model: 'sandbox-embedding' });
});

test('a model that means nothing is a 404 here too, and a key that is wrong a 401', async () => {
  const tenant = await createTenant(world().owner);
  expect((await explain(tenant, ask('nothing'))).status).toBe(404);
  expect((await explain({ key: 'wr_test_x' }, ask('sandbox-chat'))).status).toBe(401);
});

test('a refusal names the explanation that stands on record', async () => {
  const tenant = await createTenant(world().owner, { organization: { token_quota_monthly: 1n } });
  const paused = await createTenant(world().owner, { organization: { status: 'suspended' } });
  for (const { key, organizationId } of [tenant, paused]) {
    const { json } = await exchange(`${world().url}/v1/chat/completions`, { key, body: ask('sandbox-chat') });
    const [event] = await eventsOf(world(), organizationId);
    expect(event).toMatchObject({ id: json.weir.explain_id, status: 'denied', errorCode: json.weir.code });
  }
});
