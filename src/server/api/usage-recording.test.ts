// Proves: a call made elsewhere counts like one through the gateway: once, at the price of its day, on the meters of its moment, with counters and events in accord;
// by key, session and token, within what each may.

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { addBudget, addKey, addModel } from '../../gateway/testing/tenants.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { requestApi } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const PATH = '/api/usage';
const DAY_MS = 86_400_000;
const CALL = { model: 'gpt-4o-mini', input_tokens: 1_000, output_tokens: 500 };

let server: TestServer;
let place: ApiOrganization;
beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
});
afterAll(() => server.close());
afterEach(async () => {
  expect((await server.owner.query('select * from weir_private.ledger_drift()')).rows).toEqual([]);
});

const ago = (ms: number): string => new Date(systemClock.nowMs() - ms).toISOString();
const tell = async (body: Record<string, unknown>, who = place.member, status = 201) => {
  const answer = await who.request('POST', PATH, { body: { ...CALL, ...body } });
  expect(answer.status, JSON.stringify(answer.body)).toBe(status);
  return answer.body.data as { id: string; recorded: boolean; cost_usd: string | null; price_id: string | null };
};
const eventOf = async (id: string) =>
  (await server.owner.query('select * from weir.usage_events where id = $1', [id])).rows[0];
const used = async (like: string) => {
  const { rows } = await server.owner.query(
    'select window_start, used::int from weir.counters where meter_key like $1 order by window_start',
    [like],
  );
  return rows as { window_start: Date; used: number }[];
};
const secretOf = async (body: Record<string, unknown> = {}, who = place.admin): Promise<string> => {
  const made = await who.request('POST', '/api/api-keys', { body: { name: `Key ${randomUUID()}`, ...body } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data.secret ?? made.body.secret;
};
const byKey = (secret: string, body: Record<string, unknown>) =>
  requestApi(server, ['POST', PATH], { body: { ...CALL, ...body }, headers: { authorization: `Bearer ${secret}` } });

it('is booked at the price of its day, on quota and budgets', async () => {
  const budget = await place.admin.request('POST', '/api/budgets', {
    body: { name: 'All', scope: 'organization', period: 'monthly', amount_usd: '100', enforcement: 'soft' },
  });
  expect(budget.status, JSON.stringify(budget.body)).toBe(201);
  const told = await tell({ occurred_at: ago(1_000), tags: { batch: 'night' }, latency_ms: 900 });
  expect(told).toMatchObject({ recorded: true, price_id: expect.any(String) });
  const { rows } = await server.owner.query(
    'select (1000 * input_nano_usd_per_million + 500 * output_nano_usd_per_million) / 1000000 as cost from weir.model_prices where id = $1',
    [told.price_id],
  );
  const event = await eventOf(told.id);
  expect(event).toMatchObject({
    route: 'recorded',
    user_id: place.member.userId,
    latency_ms: 900,
    tags: { batch: 'night' },
  });
  expect(event.cost_nano_usd).toBe(rows[0].cost);
  expect(await used(`organization:${place.id}:tokens`)).toMatchObject([{ used: 1_500 }]);
  expect((await used(`budget:${budget.body.data.id}%`)).map((each) => each.used)).toEqual([Number(rows[0].cost)]);
  const seen = await place.member.request('GET', `/api/usage/events/${told.id}`);
  expect(seen.body.data.bill).toMatchObject({
    outcome: 'charged',
    cost_usd: told.cost_usd,
    lines_total_usd: told.cost_usd,
  });
});

it('is on no budget over all organizations: nobody else pays for what one tells of', async () => {
  const platform = { organization_id: null, scope: 'platform', enforcement: 'hard', amount_nano_usd: 400_000_000 };
  const id = await addBudget(server.owner, platform);
  const own = await addBudget(server.owner, { organization_id: place.id, amount_nano_usd: 1_000, enforcement: 'soft' });
  const other = await createApiOrganization(server);
  const { key } = await addKey(server.owner, other.id, { user_id: other.member.userId });
  await addModel(server.owner, 'served');
  await expect
    .poll(async () => {
      await tell({ cost_usd: '0.5' });
      return used(`budget:${own}%`);
    })
    .toHaveLength(1);
  expect(await used(`budget:${id}%`)).toEqual([]);
  const body = { model: 'served', messages: [{ role: 'user', content: 'Hello' }], max_tokens: 5 };
  const headers = { authorization: `Bearer ${key}` };
  const answer = await requestApi(server, ['POST', '/v1/chat/completions'], { body, headers });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  await server.owner.query('delete from weir.budgets where id = any ($1::uuid[])', [[id, own]]);
});

it('counts in the window of its moment, not in that of today', async () => {
  const other = await createApiOrganization(server);
  await tell({ occurred_at: ago(34 * DAY_MS) }, other.member);
  const [counter] = await used(`organization:${other.id}:tokens`);
  const month = ago(34 * DAY_MS).slice(0, 7);
  expect([counter?.window_start.toISOString().slice(0, 7), counter?.used]).toEqual([month, 1_500]);
});

describe('told of again', () => {
  it.each([
    ['by its id', (id: string) => place.member.request('POST', PATH, { body: { ...CALL, id } })],
    [
      'by its Idempotency-Key',
      (id: string) => place.member.request('POST', PATH, { body: CALL, headers: { 'idempotency-key': id } }),
    ],
  ])('%s, fifty times at once, it is booked once', async (_name, send) => {
    const id = randomUUID();
    const before = (await used(`organization:${place.id}:tokens`))[0]?.used ?? 0;
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(id)));
    const done = answers.filter(({ status }) => status === 201);
    // Of equal keys at the same time, all but one may be asked to wait.
    expect(new Set(answers.map(({ status }) => status).filter((status) => status !== 409))).toEqual(new Set([201]));
    expect(new Set(done.map(({ body }) => body.data.id)).size).toBe(1);
    expect((await send(id)).status).toBe(201);
    expect((await used(`organization:${place.id}:tokens`))[0]?.used).toBe(before + 1_500);
  });

  it('as something else it is refused, and booked as it was', async () => {
    const id = randomUUID();
    const first = await tell({ id });
    expect(await tell({ id })).toMatchObject({ id: first.id, recorded: false });
    const refused = await place.member.request('POST', PATH, { body: { ...CALL, id, output_tokens: 501 } });
    expect([refused.status, refused.body.code]).toEqual([409, 'idempotency_mismatch']);
    // The same id of another organization is another call.
    expect(await tell({ id }, place.stranger)).toMatchObject({ recorded: true });
  });
});

it('has no cost without a price, and says so; what was given is taken', async () => {
  const unknown = await tell({ model: 'someone-elses-model', provider: 'elsewhere' });
  expect(unknown).toMatchObject({ cost_usd: null, price_id: null });
  expect(await eventOf(unknown.id)).toMatchObject({ cost_nano_usd: null, provider: 'elsewhere' });
  const { rows } = await server.owner.query(
    `select properties from weir.analytics_events where name = 'usage_unpriced' and properties ->> 'event_id' = $1`,
    [unknown.id],
  );
  expect(rows).toEqual([
    { properties: { event_id: unknown.id, model_id: 'someone-elses-model', provider: 'elsewhere' } },
  ]);
  const given = await tell({ model: 'someone-elses-model', cost_usd: '0.000000001' });
  expect([given.cost_usd, (await eventOf(given.id)).cost_nano_usd]).toEqual(['0.000000001', '1']);
  const seen = await place.member.request('GET', `/api/usage/events/${given.id}`);
  expect(seen.body.data.bill).toMatchObject({ outcome: 'given', lines: [], cost_usd: '0.000000001' });
});

describe('by a virtual key', () => {
  it('is its owner’s, or nobody’s for a service key, and on the key', async () => {
    const own = await byKey(await secretOf({}, place.member), {});
    expect(own.status, JSON.stringify(own.body)).toBe(201);
    expect(await eventOf(own.body.data.id)).toMatchObject({
      user_id: place.member.userId,
      virtual_key_id: expect.any(String),
    });
    const service = await byKey(await secretOf({ owner: { type: 'service' } }), {});
    expect(service.status, JSON.stringify(service.body)).toBe(201);
    expect(await eventOf(service.body.data.id)).toMatchObject({ user_id: null, organization_id: place.id });
  });

  it('is another member’s only by a key that acts for members', async () => {
    const body = { user_id: place.member.userId };
    expect((await byKey(await secretOf({ owner: { type: 'service' } }), body)).status).toBe(403);
    const proxy = await secretOf({ owner: { type: 'service' }, can_act_for_members: true });
    const told = await byKey(proxy, body);
    expect((await eventOf(told.body.data.id)).user_id).toBe(place.member.userId);
    expect((await byKey(proxy, { user_id: place.stranger.userId })).status).toBe(404);
  });

  it('is refused by a key that is none', async () => {
    expect((await byKey(`wr_live_${'a'.repeat(46)}`, {})).status).toBe(401);
    expect((await requestApi(server, ['POST', PATH], { body: CALL })).status).toBe(401);
  });
});

it('is another member’s only for admins', async () => {
  const told = await tell({ user_id: place.member.userId }, place.admin);
  expect((await eventOf(told.id)).user_id).toBe(place.member.userId);
  await tell({ user_id: place.admin.userId }, place.member, 403);
  await tell({ user_id: place.stranger.userId }, place.admin, 404);
});

it.each([
  ['a moment too long ago', { occurred_at: ago(36 * DAY_MS) }, 400, 'occurred_at'],
  ['a moment to come', { occurred_at: ago(-DAY_MS) }, 400, 'occurred_at'],
  ['fewer tokens than none', { input_tokens: -1 }, 400, 'input_tokens'],
  ['half a token', { input_tokens: 1.5 }, 400, 'input_tokens'],
  ['more tokens than numbers', { input_tokens: 1e308 }, 400, 'input_tokens'],
  ['more cached tokens than input', { cached_input_tokens: 1_001 }, 400, 'input_tokens'],
  ['more reasoning than output', { reasoning_tokens: 501 }, 400, 'output_tokens'],
  ['a negative cost', { cost_usd: '-1' }, 400, 'cost_usd'],
  ['a cost that is no number', { cost_usd: 'NaN' }, 400, 'cost_usd'],
  ['the status of a refusal', { status: 'denied' }, 400, 'status'],
  ['another organization', { organization_id: randomUUID() }, 400, 'organization_id'],
  ['an unknown feature', { feature: 'no_such_feature' }, 404, 'feature'],
  ['an unknown template', { template: 'no-such-template' }, 404, 'template'],
])('is refused with %s, naming the field, and books nothing', async (_name, body, status, path) => {
  const count = async () => (await server.owner.query('select count(*) from weir.usage_events')).rows[0].count;
  const before = await count();
  const refused = await place.admin.request('POST', PATH, { body: { ...CALL, ...body } });
  expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([status, path]);
  expect(await count()).toBe(before);
});
