// Proves: what people are shown of models is what the gateway does: rights by source, trials, the day's messages, locks; by a constant number of queries.

import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { MemberCaller } from '../../contracts/caller.ts';
import { createEntitlements } from '../../control/entitlements/index.ts';
import { createDatabase } from '../../database/pool.ts';
import { addModel, insertRow, newId } from '../../gateway/testing/tenants.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, requestApi } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { rollUpUsage } from '../testing/roll-up.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const PATIENCE = { timeout: PATIENCE_MS } as const;
const DAY_MS = 86_400_000;
let server: TestServer;
let place: ApiOrganization;
beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
  await addModel(server.owner, 'limited', { sort_order: 1, rate_limit_messages_per_day: 2 });
  await addModel(server.owner, 'sold', { tier: 'premium', price_cents: 299, trial_messages_allowed: 2, sort_order: 2 });
  await addModel(server.owner, 'hidden', { enabled: false });
  await addModel(server.owner, 'vectors', { model_type: 'embedding', sort_order: 3 });
});
afterAll(() => server.close());

// biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
type Offer = any;
const offersOf = async (person: ApiPerson): Promise<{ free: Offer[]; premium: Offer[]; all: Map<string, Offer> }> => {
  const { status, body } = await person.request('GET', '/api/models');
  expect(status, JSON.stringify(body)).toBe(200);
  const { free, premium } = body.data;
  return { free, premium, all: new Map([...free, ...premium].map((offer: Offer) => [offer.id, offer])) };
};
const keyOf = async (person: ApiPerson): Promise<string> => {
  const made = await person.request('POST', '/api/api-keys', { body: { name: 'Key', environment: 'test' } });
  return made.body.data.secret;
};
const call = async (key: string, model: string): Promise<{ status: number; code: string | undefined }> => {
  const answer = await requestApi(server, ['POST', '/v1/chat/completions'], {
    headers: { authorization: `Bearer ${key}` },
    body: { model, messages: [{ role: 'user', content: 'Hello' }] },
  });
  return { status: answer.status, code: answer.body.error?.weir?.code };
};
const entitle = (columns: Record<string, unknown>) =>
  insertRow(server.owner, 'entitlements', { id: newId(), ...columns });

describe('the list', () => {
  it('has enabled models alone, by tier and order, with their columns under their names', async () => {
    const { free, premium, all } = await offersOf(place.member);
    expect([free, premium].map((offers) => new Set(offers.map(({ tier }: Offer) => tier)))).toEqual([
      new Set(['free']),
      new Set(['premium']),
    ]);
    for (const offers of [free, premium]) {
      const orders = offers.map(({ sort_order }: Offer) => sort_order);
      expect(orders).toEqual([...orders].sort((a, b) => a - b));
    }
    expect(all.has('hidden')).toBe(false);
    expect(all.get('vectors')).toMatchObject({ model_type: 'embedding', purchased: false, locked: false });
    expect(all.get('gpt-4o-mini')).toMatchObject({ is_system_default: true, provider: { slug: 'openai' } });
    expect(all.get('sold')).toMatchObject({
      ...{ display_name: 'sold', price_cents: 299, priceUsd: '2.99', upgradeUrl: '/models/sold' },
      ...{ trial_messages_allowed: 2, trialMessagesRemaining: 2, purchased: false, entitlement: null, locked: false },
      usageToday: { used: 0, limit: null },
      pricing: { inputUsdPerMillion: '1', outputUsdPerMillion: '2', cachedInputUsdPerMillion: null },
    });
  });

  it('tells nothing of how a provider is reached', async () => {
    const { body } = await place.member.request('GET', '/api/models');
    expect(JSON.stringify(body)).not.toMatch(/base_url|ciphertext|provider_model_id|stripe|https?:\/\//);
  });

  it('takes as many queries for 30 models as for 3', async () => {
    const database = createDatabase({
      ...{ url: server.environment.DATABASE_URL ?? '', role: 'weir_service', max: 2 },
      ...{ applicationName: 'weir test', statementTimeoutMs: 0 },
    });
    let queries = 0;
    const counting = {
      ...database,
      kysely: database.kysely.withPlugin({
        transformQuery: ({ node }) => {
          queries += 1;
          return node;
        },
        transformResult: async ({ result }) => result,
      }),
    };
    const parts = { audit: { record: never, recordFor: never }, events: { record: never } };
    const { selection, offers } = createEntitlements({ ...parts, database: counting, clock: systemClock });
    const caller: MemberCaller = {
      ...{ userId: place.member.userId, organizationId: place.id, organizationRole: 'member', platformRole: 'user' },
      ...{ impersonatorId: null, sessionId: null, request: { id: newId(), ip: null, userAgent: null } },
    };
    const countOf = async (work: () => Promise<unknown>): Promise<number> => {
      queries = 0;
      await work();
      return queries;
    };
    const personas = (count: number) => Array.from({ length: count }, () => ({ id: newId(), defaultModelId: 'sold' }));
    const before = [
      await countOf(() => offers.list(caller)),
      await countOf(() => selection.select(caller, personas(3))),
    ];
    for (let index = 0; index < 30; index += 1)
      await addModel(server.owner, `many-${index}`, { tier: 'premium', price_cents: 1, sort_order: 1_000 });
    const after = [
      await countOf(() => offers.list(caller)),
      await countOf(() => selection.select(caller, personas(30))),
    ];
    expect(after).toEqual(before);
    await server.owner.query(`update weir.models set enabled = false where id like 'many-%'`);
    await database.close();
  });
});

describe('a right', () => {
  it('wins by how long it lasts, whoever holds it, and the answer names it', async () => {
    const person = await place.join('member');
    const seen = async () => (await offersOf(person)).all.get('sold').entitlement;
    const soon = new Date(systemClock.nowMs() + DAY_MS);
    const later = new Date(systemClock.nowMs() + 2 * DAY_MS);
    await entitle({ user_id: person.userId, model_id: 'sold', source: 'purchase', expires_at: soon });
    expect(await seen()).toEqual({ source: 'purchase', scope: 'user', expiresAt: soon.toISOString() });
    await entitle({ user_id: person.userId, model_id: 'sold', source: 'trial', expires_at: later });
    expect(await seen()).toEqual({ source: 'trial', scope: 'user', expiresAt: later.toISOString() });
    const product = newId();
    await insertRow(server.owner, 'products', {
      ...{ id: product, type: 'model', name: 'Sold', model_id: 'sold', price_cents: 299, active: false },
    });
    await entitle({ organization_id: place.id, product_id: product, source: 'plan' });
    expect(await seen()).toEqual({ source: 'plan', scope: 'organization', expiresAt: null });
    await server.owner.query(`update weir.organizations set pricing_plan = 'starter' where id = $1`, [place.id]);
    expect((await seen()).source).toBe('trial');
    await server.owner.query(`update weir.organizations set pricing_plan = 'pro' where id = $1`, [place.id]);
  });

  it('of somebody else, or another organization, is none', async () => {
    await entitle({ user_id: place.stranger.userId, model_id: 'sold', source: 'purchase' });
    expect((await offersOf(place.member)).all.get('sold').purchased).toBe(false);
    expect((await offersOf(place.stranger)).all.get('sold').purchased).toBe(true);
  });
});

describe('what the gateway does', () => {
  it('is what is shown: two trial messages, then locked; a grant opens at once', async () => {
    const person = await place.join('member');
    const key = await keyOf(person);
    const trial = async () => (await person.request('GET', '/api/models/sold/trial-status')).body.data;
    expect(await trial()).toEqual({
      ...{ trialMessagesAllowed: 2, used: 0, remaining: 2, exhausted: false, purchased: false },
    });
    expect([await call(key, 'sold'), await call(key, 'sold')].map(({ status }) => status)).toEqual([200, 200]);
    await expect.poll(async () => (await trial()).remaining, PATIENCE).toBe(0);
    expect(await trial()).toMatchObject({ used: 2, exhausted: true });
    expect(await call(key, 'sold')).toEqual({ status: 403, code: 'trial_exhausted' });
    const locked = (await person.request('GET', '/api/models/sold')).body.data;
    expect(locked).toMatchObject({ locked: true, lockedReason: 'trial_exhausted', trialMessagesRemaining: 0 });
    await entitle({ user_id: person.userId, model_id: 'sold', source: 'admin_grant' });
    await expect.poll(() => call(key, 'sold'), PATIENCE).toMatchObject({ status: 200 });
    expect((await offersOf(person)).all.get('sold')).toMatchObject({ locked: false, purchased: true });
    await expect
      .poll(async () => (await person.request('GET', '/api/models/sold/usage')).body.data.today.messages, PATIENCE)
      .toBe(3);
  });

  it('counts a limited model’s messages up to the limit', async () => {
    const person = await place.join('member');
    const key = await keyOf(person);
    for (const used of [1, 2]) {
      expect((await call(key, 'limited')).status).toBe(200);
      await expect
        .poll(async () => (await offersOf(person)).all.get('limited').usageToday, PATIENCE)
        .toMatchObject({ used, limit: 2 });
    }
    expect(await call(key, 'limited')).toEqual({ status: 429, code: 'daily_message_limit' });
    const { resetAt } = (await offersOf(person)).all.get('limited').usageToday;
    expect(Date.parse(resetAt) % DAY_MS).toBe(0);
  });

  it('lists at /v1/models just what is not locked, whatever the mix of rights', async () => {
    const person = await place.join('member');
    await addModel(server.owner, 'closed', { tier: 'premium', price_cents: 100 });
    await addModel(server.owner, 'given', { tier: 'premium', price_cents: 100 });
    await addModel(server.owner, 'ended', { tier: 'premium', price_cents: 100 });
    await entitle({ organization_id: place.id, model_id: 'given', source: 'plan' });
    await entitle({
      ...{ user_id: person.userId, model_id: 'ended', source: 'trial' },
      ...{ granted_at: new Date(0), expires_at: new Date(DAY_MS) },
    });
    const key = await keyOf(person);
    const listed = async (): Promise<string[]> => {
      const { body } = await requestApi(server, ['GET', '/v1/models'], { headers: { authorization: `Bearer ${key}` } });
      const ids: string[] = body.data.map(({ id }: { id: string }) => id);
      return ids.filter((id) => !id.includes(':')).sort();
    };
    const open = async () => [...(await offersOf(person)).all.values()].filter(({ locked }) => !locked);
    await expect.poll(listed, PATIENCE).toContain('given');
    await expect.poll(listed, PATIENCE).toEqual((await open()).map(({ id }) => id).sort());
  });

  it('is locked with premium off, also for who bought it', async () => {
    await server.owner.query(`insert into weir.system_config (key, value) values ('premium_enabled', 'false')
      on conflict (key) do update set value = 'false'`);
    const { all } = await offersOf(place.stranger);
    expect(all.get('sold')).toMatchObject({ purchased: true, locked: true, lockedReason: 'premium_disabled' });
    expect(all.get('limited').locked).toBe(false);
    await server.owner.query(`update weir.system_config set value = 'true' where key = 'premium_enabled'`);
  });
});

it('a person’s use of a model is shown by day, and nobody else’s', async () => {
  const person = await place.join('member');
  const other = await place.join('member');
  const [key, otherKey] = [await keyOf(person), await keyOf(other)];
  await call(key, 'gpt-4o-mini');
  await call(otherKey, 'gpt-4o-mini');
  const usage = async () => (await person.request('GET', '/api/models/gpt-4o-mini/usage')).body.data;
  await expect.poll(async () => (await usage()).last30Days.messages, PATIENCE).toBe(1);
  const { days, today, last7Days, last30Days } = await usage();
  expect(days).toHaveLength(30);
  expect(days.at(-1)).toMatchObject({ messages: 1, date: new Date(systemClock.nowMs()).toISOString().slice(0, 10) });
  expect([today.messages, last7Days]).toEqual([1, last30Days]);
  expect(Number(last30Days.costUsd)).toBeGreaterThan(0);
  expect((await offersOf(person)).all.get('gpt-4o-mini').usageToday).toMatchObject({ used: 1, limit: null });
  // The same once it is added up: moved from event to sum, it counts once.
  await rollUpUsage(server);
  expect((await usage()).last30Days).toEqual(last30Days);
});

test.each(['/api/models/hidden', '/api/models/nothing', '/api/models/hidden/usage', '/api/models/x/trial-status'])(
  '%s is 404',
  async (path) => {
    const { status, body } = await place.member.request('GET', path);
    expect([status, body.code]).toEqual([404, 'not_found']);
  },
);

it('a token of the organization sees the organization’s rights and is nobody', async () => {
  const body = { name: 'Script', kind: 'organization', role: 'member' };
  const { secret } = (await place.owner.request('POST', '/api/api-tokens', { body })).body.data;
  const headers = { authorization: `Bearer ${secret}` };
  await entitle({ user_id: place.owner.userId, model_id: 'sold', source: 'purchase' });
  const seen = (await requestApi(server, ['GET', '/api/models/sold'], { headers })).body.data;
  expect([seen.purchased, (await offersOf(place.owner)).all.get('sold').purchased]).toEqual([false, true]);
  expect((await requestApi(server, ['GET', '/api/models/given'], { headers })).body.data.purchased).toBe(true);
  const profile = await requestApi(server, ['GET', '/api/profile'], { headers });
  expect([profile.status, profile.body.code]).toEqual([403, 'forbidden']);
});

function never(): Promise<never> {
  throw new Error('nothing is recorded of reading');
}
