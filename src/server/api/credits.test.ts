// Proves: credits over real HTTP: asked for and taken all or nothing, once for a key, never more than there are, by the plan's and the feature's terms.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiAnswer, requestApi } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => {
  // Whatever was done here, lots are what the ledger says.
  const { rows } = await server.owner.query('select * from weir_private.credit_drift()');
  await server.close();
  expect(rows).toEqual([]);
});

const PATH = '/api/v1/tokens/check-balance';
const GOALS = { tokenType: 'goal_generation', feature: 'goal_generation' };
const ask = (place: ApiOrganization, body: Record<string, unknown>, who = place.member): Promise<ApiAnswer> =>
  who.request('POST', PATH, { body: { ...GOALS, ...body } });
const deduct = (place: ApiOrganization, body: Record<string, unknown> = {}): Promise<ApiAnswer> =>
  ask(place, { action: 'deduct', ...body });
const countOfEntries = async (place: ApiOrganization): Promise<number> => {
  const { rows } = await server.owner.query<{ count: bigint }>(
    `select count(*) from weir.credit_ledger where organization_id = $1 and kind = 'deduct'`,
    [place.id],
  );
  return Number(rows[0]?.count);
};

describe('a feature that costs 3 of 20 credits', () => {
  it('is used six times; the seventh is 402 with the 2 that are left and when more come', async () => {
    const place = await createApiOrganization(server);
    for (const balance of [20, 17, 14, 11, 8, 5]) {
      const { status, body } = await deduct(place);
      expect([status, body]).toMatchObject([
        200,
        { allowed: true, balance, required: 3, remaining: balance - 3, unlimited: false },
      ]);
    }
    const { status, body } = await deduct(place);
    expect([status, body]).toMatchObject([
      402,
      { code: 'insufficient_credits', balance: 2, required: 3, remaining: 2, upgrade_url: '/credits' },
    ]);
    expect(Date.parse(body.refreshDate)).toBeGreaterThan(systemClock.nowMs() + 29 * 86_400_000);
    expect((await ask(place, { action: 'check' })).body).toMatchObject({
      ...{ allowed: false, balance: 2, required: 3, remaining: 2, reason: 'insufficient_credits' },
    });
    expect((await deduct(place, { amount: 2 })).body).toMatchObject({ balance: 2, required: 2, remaining: 0 });
  });

  it('is used exactly six times by a hundred at once', async () => {
    const place = await createApiOrganization(server);
    const answers = await Promise.all(Array.from({ length: 100 }, () => deduct(place)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(94);
    expect(await countOfEntries(place)).toBe(6);
    expect((await ask(place, { action: 'check' })).body.balance).toBe(2);
  });

  it('burns lots that end soonest first, across lots', async () => {
    const place = await createApiOrganization(server);
    await ask(place, { action: 'check' });
    await server.owner.query(
      `select weir.grant_credits($1, 'goal_generation', 4, 'promo', 'soon', null, now() - interval '1 hour', now() + interval '1 day')`,
      [place.id],
    );
    const { body } = await deduct(place, { amount: 6 });
    const { rows } = await server.owner.query(
      `select g.source, (a ->> 'amount')::integer as amount from weir.credit_ledger l, jsonb_array_elements(l.allocations) a
        join weir.credit_grants g on g.id = (a ->> 'grant_id')::uuid where l.id = $1`,
      [body.ledgerId],
    );
    expect(rows).toEqual([
      { source: 'promo', amount: 4 },
      { source: 'plan', amount: 2 },
    ]);
  });
});

describe('asking', () => {
  it('changes nothing, and sees the credits of a period that nobody has asked in before', async () => {
    const place = await createApiOrganization(server);
    const first = await ask(place, { action: 'check' });
    const second = await ask(place, { action: 'check', amount: 20 });
    expect([first.body, second.body]).toMatchObject([
      { allowed: true, balance: 20, required: 3, remaining: 17 },
      { allowed: true, balance: 20, required: 20, remaining: 0 },
    ]);
    expect(await countOfEntries(place)).toBe(0);
  });
});

describe('plans', () => {
  it.each(['free', 'starter'] as const)('without credits (%s) are refused with where to upgrade', async (plan) => {
    const place = await createApiOrganization(server, plan);
    for (const action of ['check', 'deduct']) {
      const { status, body } = await ask(place, { action });
      expect([status, body]).toMatchObject([403, { code: 'plan_required', plan, upgrade_url: '/billing/plans' }]);
      expect(body.detail).toMatch(/Upgrade to Pro/);
    }
  });

  it('that are unlimited allow all, write it down and take nothing', async () => {
    const place = await createApiOrganization(server, 'enterprise');
    const answer = await deduct(place, { amount: 1_000_000 });
    expect(answer.body).toMatchObject({ allowed: true, balance: null, remaining: null, unlimited: true });
    const { rows } = await server.owner.query(
      'select amount, is_charged, allocations from weir.credit_ledger where organization_id = $1',
      [place.id],
    );
    expect(rows).toEqual([{ amount: '-1000000', is_charged: false, allocations: [] }]);
  });
});

describe('a key', () => {
  it('is taken once, fifty at once and later, with the same answer', async () => {
    const place = await createApiOrganization(server);
    const again = () => deduct(place, { idempotencyKey: 'quest-1' });
    const answers = await Promise.all(Array.from({ length: 50 }, again));
    const texts = new Set([...answers, await again()].map(({ status, body }) => `${status} ${JSON.stringify(body)}`));
    expect(texts.size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ balance: 20, remaining: 17 });
    expect(await countOfEntries(place)).toBe(1);
  });

  it('for something else, or from somebody else, is refused', async () => {
    const place = await createApiOrganization(server);
    await deduct(place, { idempotencyKey: 'quest-1' });
    const refused = [
      await deduct(place, { idempotencyKey: 'quest-1', amount: 1 }),
      await ask(place, { action: 'deduct', idempotencyKey: 'quest-1' }, place.admin),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'idempotency_mismatch'],
      [409, 'idempotency_mismatch'],
    ]);
    expect(await countOfEntries(place)).toBe(1);
  });

  it('in the header is the same key; one that was refused for want of credits is free again', async () => {
    const place = await createApiOrganization(server);
    const headers = { 'idempotency-key': 'quest-2' };
    const body = { ...GOALS, action: 'deduct' };
    const first = await place.member.request('POST', PATH, { headers, body });
    const later = await deduct(place, { idempotencyKey: 'quest-2' });
    expect(later.body).toEqual(first.body);
    expect((await deduct(place, { amount: 18, idempotencyKey: 'much' })).status).toBe(402);
    expect((await deduct(place, { amount: 17, idempotencyKey: 'much' })).status).toBe(200);
  });
});

describe('what is not right', () => {
  it.each([
    ['nothing', 0],
    ['less than nothing', -1],
    ['a part', 0.5],
    ['beyond all', 1e308],
    ['beyond 2^53', 2 ** 53 + 1],
    ['more than is ever taken', 1_000_000_001],
    ['a text', '3'],
    ['null', null],
  ])('%s is no amount, and the field is named', async (_name, amount) => {
    const { status, body } = await deduct(await shared(), { amount });
    expect([status, body.errors?.[0]?.path]).toEqual([400, 'amount']);
  });

  it.each([
    ['an amount that is not a number', `{"action":"deduct","tokenType":"goal_generation","amount":NaN}`, 400, ''],
    ['an unknown act', { action: 'spend', tokenType: 'goal_generation', amount: 1 }, 400, 'action'],
    ['an unknown type', { action: 'deduct', tokenType: 'wishes', amount: 1 }, 400, 'tokenType'],
    ['no type', { action: 'deduct', amount: 1 }, 400, 'tokenType'],
    ['neither feature nor amount', { action: 'deduct', tokenType: 'goal_generation' }, 400, 'amount'],
    ['an unknown feature', { ...GOALS, action: 'deduct', feature: 'nowhere' }, 404, 'feature'],
    ['another type than is paid in', { ...GOALS, action: 'deduct', tokenType: 'lead_generation' }, 400, 'tokenType'],
    ['a NUL', { ...GOALS, action: 'check', feature: 'a\u0000b' }, 400, ''],
    ['another organization', { ...GOALS, action: 'check', organizationId: 'x' }, 400, 'organizationId'],
  ])('%s is refused', async (_name, body, status, path) => {
    const refused = await (await shared()).member.request('POST', PATH, { body });
    expect([refused.status, refused.body.errors?.[0]?.path ?? '']).toEqual([status, path]);
  });

  it('is a feature out of service, or a person who is paused', async () => {
    const place = await createApiOrganization(server);
    await server.owner.query(
      `insert into weir.features (id, name, display_name, status, credit_type, credits_per_action)
       select gen_random_uuid(), 'resting', 'Resting', 'inactive', 'goal_generation', 1
       union all select gen_random_uuid(), 'repaired', 'Repaired', 'maintenance', 'goal_generation', 1
       union all select gen_random_uuid(), 'gift', 'Gift', 'active', null, null`,
    );
    expect((await deduct(place, { feature: 'resting' })).body.code).toBe('feature_inactive');
    const repaired = await deduct(place, { feature: 'repaired' });
    expect([repaired.status, repaired.headers.get('retry-after')]).toEqual([503, '60']);
    expect((await deduct(place, { feature: 'gift' })).body).toMatchObject({
      allowed: true,
      required: 0,
      remaining: 20,
    });
    expect(await countOfEntries(place)).toBe(0);
    await server.owner.query(`update weir.members set status = 'paused' where user_id = $1`, [place.member.userId]);
    expect((await deduct(place)).body.code).toBe('member_paused');
    expect((await ask(place, { action: 'deduct' }, place.admin)).status).toBe(200);
  });

  it('is asking as nobody, or for an organization that is not one’s own', async () => {
    const place = await shared();
    const body = { ...GOALS, action: 'check' };
    expect((await requestApi(server, ['POST', PATH], { body })).status).toBe(401);
    expect((await place.stranger.request('POST', PATH, { body, organization: place.id })).status).toBe(404);
  });
});

it('is recorded and takes nothing while charging is switched off', async () => {
  const place = await createApiOrganization(server);
  const set = (value: boolean) =>
    server.owner.query(`update weir.system_config set value = $1 where key = 'charging_enabled'`, [String(value)]);
  await set(false);
  try {
    expect((await deduct(place, { amount: 50 })).body).toMatchObject({ allowed: true, balance: 20, remaining: 20 });
  } finally {
    await set(true);
  }
  expect(await countOfEntries(place)).toBe(1);
  expect((await ask(place, { action: 'check' })).body.balance).toBe(20);
});

it('is taken by a script with a token of the organization, for nobody in person', async () => {
  const place = await createApiOrganization(server);
  const made = await place.admin.request('POST', '/api/api-tokens', {
    body: { name: 'Product', kind: 'organization', role: 'member' },
  });
  const headers = { authorization: `Bearer ${made.body.data.secret}` };
  const taken = await requestApi(server, ['POST', PATH], { headers, body: { ...GOALS, action: 'deduct' } });
  expect(taken.body).toMatchObject({ allowed: true, remaining: 17 });
  const { rows } = await server.owner.query('select user_id from weir.credit_ledger where id = $1', [
    taken.body.ledgerId,
  ]);
  expect(rows).toEqual([{ user_id: null }]);
});

describe('a virtual key', () => {
  const keyOf = async (place: ApiOrganization, body: Record<string, unknown> = {}): Promise<string> => {
    const made = await place.admin.request('POST', '/api/api-keys', { body: { name: 'Product', ...body } });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.data.secret;
  };
  const send = (key: string, request: Record<string, unknown> = {}, path = PATH): Promise<ApiAnswer> =>
    requestApi(server, [path === PATH ? 'POST' : 'GET', path], {
      headers: { authorization: `Bearer ${key}` },
      ...(path === PATH ? { body: { ...GOALS, action: 'deduct', ...request } } : {}),
    });

  it('asks and takes here, as its person or for the organization, and opens nothing else', async () => {
    const place = await createApiOrganization(server);
    const [own, service] = [await keyOf(place), await keyOf(place, { owner: { type: 'service' } })];
    expect((await send(own)).body).toMatchObject({ allowed: true, remaining: 17 });
    expect((await send(service, { action: 'check' })).body).toMatchObject({ allowed: true, balance: 17 });
    expect((await send(service)).status).toBe(200);
    const { rows } = await server.owner.query(
      `select user_id from weir.credit_ledger where organization_id = $1 and kind = 'deduct' order by created_at`,
      [place.id],
    );
    expect(rows).toEqual([{ user_id: place.admin.userId }, { user_id: null }]);
    for (const path of ['/api/v1/tokens/stats', '/api/v1/tokens/ledger', '/api/me'])
      expect((await send(own, {}, path)).body.code).toBe('invalid_key');
  });

  it('is refused when it was made for something else, from elsewhere, or has ended', async () => {
    const place = await createApiOrganization(server);
    await server.owner.query(
      `insert into weir.features (id, name, display_name, status) values (gen_random_uuid(), 'other', 'Other', 'active')`,
    );
    const codeOf = async (key: string, request = {}): Promise<string> => (await send(key, request)).body.code;
    expect(await codeOf(await keyOf(place, { allowed_features: ['other'] }))).toBe('forbidden');
    expect(await codeOf(await keyOf(place, { allowed_routes: ['embeddings'] }))).toBe('forbidden');
    expect(await codeOf(await keyOf(place, { ip_ranges: ['10.0.0.0/8'] }))).toBe('ip_not_allowed');
    const fitting = await keyOf(place, { allowed_features: ['goal_generation'], ip_ranges: ['127.0.0.1', '::1'] });
    expect((await send(fitting)).status).toBe(200);
    expect(await codeOf(fitting, { feature: undefined, amount: 1 })).toBe('forbidden');
    await server.owner.query('update weir.virtual_keys set revoked_at = now() where organization_id = $1', [place.id]);
    expect(await codeOf(fitting)).toBe('revoked_key');
    expect(await codeOf(`${fitting.slice(0, -1)}${fitting.endsWith('0') ? '1' : '0'}`)).toBe('invalid_key');
  });
});

let place: Promise<ApiOrganization> | undefined;

/** One organization for what is refused: nothing becomes of it. */
function shared(): Promise<ApiOrganization> {
  place ??= createApiOrganization(server);
  return place;
}
