// Proves: messages a day, trials, credits and a key's rates hold at their edge, and say so in the vendor's shape with resets and headers.

import { beforeAll, describe, expect, test } from 'vitest';
import { exchange, says } from '../../src/gateway/testing/exchanges.ts';
import { eventsOf } from '../../src/gateway/testing/ledger-view.ts';
import { addModel, addPerson, createTenant, type Tenant } from '../../src/gateway/testing/tenants.ts';
import { worldOfFile } from '../../src/gateway/testing/world-of-file.ts';

let offsetMs = 0;
const world = worldOfFile({ ledgerOffsetMs: () => offsetMs });

beforeAll(async () => {
  await addModel(world().owner, 'two-a-day', { rate_limit_messages_per_day: 2n });
  await addModel(world().owner, 'ten-a-day', { rate_limit_messages_per_day: 10n });
  await world().inForce();
});

function ask(tenant: Pick<Tenant, 'key'>, model = 'sandbox-chat', content = 'hi') {
  return exchange(`${world().url}/v1/chat/completions`, {
    key: tenant.key,
    body: { model, max_tokens: 20, ...says(content) },
  });
}

/** To just after the next turn of a minute, hour or day, so that no window turns within a test. */
async function toNext(lengthMs: number): Promise<void> {
  await world().settled();
  offsetMs += lengthMs - (world().store.nowMs() % lengthMs);
}

describe('messages a day', () => {
  test('end for one person at the model’s number and begin again at midnight UTC', async () => {
    await toNext(86_400_000);
    const tenant = await createTenant(world().owner);
    expect([await ask(tenant, 'two-a-day'), await ask(tenant, 'two-a-day')].map(({ status }) => status)).toEqual([
      200, 200,
    ]);
    const refused = await ask(tenant, 'two-a-day');
    expect([refused.status, refused.json.weir.code]).toEqual([429, 'daily_message_limit']);
    expect(refused.json.weir.meters[0]).toMatchObject({ limit: 2, used: 2, held: 0, asked: 1, window: 'day' });
    expect(refused.headers.get('x-should-retry')).toBe('false');
    const other = await addPerson(world().owner, tenant.organizationId);
    expect((await ask(other, 'two-a-day')).status).toBe(200);
    await toNext(86_400_000);
    expect((await ask(tenant, 'two-a-day')).status).toBe(200);
  });

  test('200 calls at once with room for 10: exactly 10 are answered, 190 are told the meter and its reset', async () => {
    const tenant = await createTenant(world().owner);
    const answers = await Promise.all(Array.from({ length: 200 }, () => ask(tenant, 'ten-a-day')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(refused).toHaveLength(190);
    for (const { json } of refused)
      expect(json.weir.meters).toEqual([
        expect.objectContaining({ meter: 'daily_messages', limit: 10, asked: 1, resets_at: expect.any(String) }),
      ]);
    const events = await eventsOf(world(), tenant.organizationId);
    expect(events.filter(({ status }) => status === 'success')).toHaveLength(10);
    expect(events.filter(({ status }) => status === 'denied')).toHaveLength(190);
  });

  test('are given back when the provider fails', async () => {
    const tenant = await createTenant(world().owner);
    expect((await ask(tenant, 'two-a-day', '[[sandbox: status=500]]')).status).toBe(502);
    expect((await ask(tenant, 'two-a-day')).status).toBe(200);
    expect((await ask(tenant, 'two-a-day')).status).toBe(200);
    expect((await ask(tenant, 'two-a-day')).status).toBe(429);
  });

  test('are the same meter through a stream and through Anthropic’s route', async () => {
    const tenant = await createTenant(world().owner);
    const url = `${world().url}/v1`;
    const body = { model: 'two-a-day', max_tokens: 9, ...says('hi') };
    await exchange(`${url}/messages`, { key: tenant.key, body });
    await exchange(`${url}/chat/completions`, { key: tenant.key, body: { ...body, stream: true } });
    const third = await exchange(`${url}/messages`, { key: tenant.key, body });
    expect(third.status).toBe(429);
    expect(third.json).toMatchObject({
      type: 'error',
      error: { type: 'rate_limit_error' },
      weir: { code: 'daily_message_limit' },
    });
  });
});

describe('credits', () => {
  test('20 at 3 an action are 6 actions; the seventh is 402 with what is left, and nothing is lost', async () => {
    const tenant = await createTenant(world().owner);
    const statuses = [];
    for (let use = 0; use < 6; use += 1) statuses.push((await ask(tenant, 'feature:goal_generation')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    const refused = await ask(tenant, 'feature:goal_generation');
    expect(refused.status).toBe(402);
    expect(refused.json.error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_credits' });
    expect(refused.json.weir).toMatchObject({ credits: { required: 3, balance: 2 }, upgrade_url: '/credits' });
    expect(refused.headers.get('x-should-retry')).toBe('false');
    await world().settled();
    const { rows } = await world().owner.query(
      `select initial::int, remaining::int, held::int, consumed::int from weir.credit_grants
        where organization_id = $1 and credit_type = 'goal_generation'`,
      [tenant.organizationId],
    );
    expect(rows).toEqual([{ initial: 20, remaining: 2, held: 0, consumed: 18 }]);
  });

  test('come back when the provider fails', async () => {
    const tenant = await createTenant(world().owner);
    expect((await ask(tenant, 'feature:goal_generation', '[[sandbox: status=500]]')).status).toBe(502);
    await world().settled();
    const { rows } = await world().owner.query(
      `select remaining::int, held::int from weir.credit_grants where organization_id = $1 and credit_type = 'goal_generation'`,
      [tenant.organizationId],
    );
    expect(rows).toEqual([{ remaining: 20, held: 0 }]);
  });

  test('are unlimited on a plan that says so, and counted', async () => {
    const tenant = await createTenant(world().owner, { organization: { pricing_plan: 'enterprise' } });
    for (let use = 0; use < 8; use += 1) expect((await ask(tenant, 'feature:goal_generation')).status).toBe(200);
    await world().settled();
    const { rows } = await world().owner.query(
      `select used::int from weir.counters where organization_id = $1 and kind = 'credits'`,
      [tenant.organizationId],
    );
    expect(rows).toEqual([{ used: 24 }]);
  });

  test('are allotted anew after 30 days, by the first call', async () => {
    const tenant = await createTenant(world().owner);
    while ((await ask(tenant, 'feature:goal_generation')).status === 200) await world().settled();
    await world().settled();
    offsetMs += 30 * 86_400_000;
    expect((await ask(tenant, 'feature:goal_generation')).status).toBe(200);
  });
});

describe('a key’s rate', () => {
  test('of requests: refused beyond it, retryable within the minute, told in headers on every answer', async () => {
    await toNext(60_000);
    const tenant = await createTenant(world().owner, { key: { requests_per_minute: 2n } });
    const first = await ask(tenant);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(first.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    expect(first.headers.get('x-ratelimit-reset-requests')).toMatch(/^(1m0s|\d+s)$/);
    expect(first.headers.get('ratelimit-policy')).toBe('"key-requests";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"key-requests";r=1;t=\d+$/);
    expect((await ask(tenant)).headers.get('x-ratelimit-remaining-requests')).toBe('0');
    const refused = await ask(tenant);
    expect([refused.status, refused.json.error.code, refused.json.error.type]).toEqual([
      429,
      'rate_limit_exceeded',
      'rate_limit_error',
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(refused.headers.get('x-should-retry')).toBeNull();
    await toNext(60_000);
    expect((await ask(tenant)).status).toBe(200);
  });

  test('of requests counts calls that fail, too', async () => {
    await toNext(60_000);
    const tenant = await createTenant(world().owner, { key: { requests_per_minute: 1n } });
    expect((await ask(tenant, 'sandbox-chat', '[[sandbox: status=500]]')).status).toBe(502);
    expect((await ask(tenant)).status).toBe(429);
  });

  test('of tokens is kept to the token, and told in both vendors’ headers', async () => {
    await toNext(60_000);
    const tenant = await createTenant(world().owner, { key: { tokens_per_minute: 400n } });
    const first = await exchange(`${world().url}/v1/messages`, {
      key: tenant.key,
      body: { model: 'sandbox-claude', max_tokens: 50, ...says('hi') },
    });
    expect(first.headers.get('anthropic-ratelimit-tokens-limit')).toBe('400');
    expect(Number(first.headers.get('anthropic-ratelimit-tokens-remaining'))).toBeLessThan(400);
    expect(Date.parse(first.headers.get('anthropic-ratelimit-tokens-reset') ?? '') % 60_000).toBe(0);
    expect(first.headers.get('ratelimit-policy')).toBe('"key-tokens";q=400;w=60;qu="tokens"');
    let refused = await ask(tenant);
    while (refused.status === 200) refused = await ask(tenant);
    expect([refused.status, refused.json.weir.code]).toEqual([429, 'rate_limited']);
    expect(refused.json.weir.meters[0]).toMatchObject({ meter: 'key_tokens', limit: 400 });
    const events = await eventsOf(world(), tenant.organizationId);
    const used = events.reduce((sum, event) => sum + event.input + event.output, 0n);
    expect(used).toBeLessThanOrEqual(400n);
  });

  test('is the key’s alone', async () => {
    await toNext(60_000);
    const tenant = await createTenant(world().owner, { key: { requests_per_minute: 1n } });
    const other = await addPerson(world().owner, tenant.organizationId);
    await ask(tenant);
    expect((await ask(tenant)).status).toBe(429);
    expect((await ask(other)).status).toBe(200);
  });
});
