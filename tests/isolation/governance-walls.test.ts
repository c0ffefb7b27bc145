// Proves: what governance's endpoints refuse, they refuse in words: no place, time, text or number is a fault of ours, and a token of the organization is nobody.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeCursor } from '../../src/contracts/paging.ts';
import { insertUse } from '../../src/control/analytics/testing/usage-world.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../../src/server/testing/api-organization.ts';
import { type ApiPerson, addApiMember, createApiPerson, requestApi } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';

let server: TestServer;
let place: ApiOrganization;
let root: ApiPerson;
let token: string;

const ID = '00000000-0000-7000-8000-000000000000';

beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  await addApiMember(server, { organizationId: place.id, userId: root.userId, role: 'owner' });
  const made = await place.admin.request('POST', '/api/api-tokens', {
    body: { name: 'a member', kind: 'organization', role: 'member' },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  token = made.body.secret ?? made.body.data?.secret ?? made.body.data?.token;
  const at = new Date(systemClock.nowMs() - 60_000);
  await insertUse(server.owner, [
    { at, organizationId: place.id, columns: { user_id: place.admin.userId, cost_nano_usd: 1_000_000_000 } },
  ]);
});
afterAll(() => server.close());

const q = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query)}`;
const BIG = 2 ** 40;
const GETS: string[] = [
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '0001-01-01T00:00:00+14:00', '1970-01-02', '8999-12-31'].flatMap(
    (at) => [
      ...['hour', 'day', 'month'].flatMap((interval) => [
        q('/api/usage/organization', { from: at, interval }),
        q('/api/usage/me', { to: at, interval, group_by: 'day' }),
      ]),
      q('/api/usage/export.csv', { from: at }),
      q('/api/usage/export.csv', { to: at, from: at }),
      q('/api/usage/events', { from: at }),
      q('/api/usage/events', { to: at }),
      q('/api/denials', { from: at, to: at }),
      q('/api/v1/tokens/ledger', { from: at, to: at }),
      q('/api/admin/purchases', { from: at, to: at }),
      q('/api/admin/product-events', { to: at }),
      q('/api/admin/product-events', { from: at }),
    ],
  ),
  q('/api/usage/organization', { from: '0001-01-01T00:00:00Z', to: '9999-12-31T23:59:59Z', interval: 'day' }),
  q('/api/usage/organization', { period: 'all', interval: 'day' }),
  ...['0000-01-01T00:00:00Z'].flatMap((at) => [
    q('/api/alerts', { from: at }),
    q('/api/admin/alerts', { to: at }),
    q('/api/notifications', { cursor: encodeCursor([at, ID]) }),
    q('/api/admin/jobs/usage_roll_up/runs', { cursor: encodeCursor([at, ID]) }),
    q('/api/alerts', { cursor: encodeCursor([at, ID]) }),
  ]),
  q('/api/personas', { cursor: encodeCursor([BIG, 'a', ID]) }),
  q('/api/organization-personas', { cursor: encodeCursor([0, '\ud800', ID]) }),
  q('/api/usage/organization', { cursor: encodeCursor(['cost', '99999999999999999999', 'a']) }),
  q('/api/usage/organization', { cursor: encodeCursor(['cost', '-9999999999999999999', 'a']) }),
  q('/api/usage/organization', { group_by: 'day', cursor: encodeCursor(['in_time', '0', 'x']) }),
  q('/api/my-models', { cursor: encodeCursor([BIG, BIG]) }),
  q('/api/organization-models', { cursor: encodeCursor([BIG, BIG]) }),
  q('/api/templates', { cursor: encodeCursor([BIG, BIG, BIG]) }),
  q('/api/system-models', { cursor: encodeCursor(['999999999', 1]) }),
  q('/api/models', { cursor: encodeCursor([BIG, 'a']) }),
  q('/api/models', { cursor: encodeCursor([BIG, 'a', 'b']) }),
  q('/api/admin/models', { cursor: encodeCursor([BIG, 'a']) }),
  q('/api/admin/models', { cursor: encodeCursor([BIG, 'a', 'b']) }),
  ...['order', '-order', 'name', 'created', 'price', 'tier'].flatMap((sort) => [
    q('/api/admin/models', { sort, cursor: encodeCursor(['9999999999999999', 'a']) }),
    q('/api/admin/models', { sort, cursor: encodeCursor(['x', 'a']) }),
    q('/api/system-models', { sort, cursor: encodeCursor(['999999999', 1]) }),
  ]),
  q('/api/admin/models/gpt-4o/prices', { cursor: encodeCursor(['999999999999999999', ID]) }),
  q('/api/limits/effective', { tokens: '1e12', model: '\ud800' }),
  q('/api/limits/effective', { template: '99999999999999999999' }),
  q('/api/limits/effective', { template: '9007199254740993' }),
  '/api/system-models/999999999999999/usage?period=all',
  '/api/admin/models/%ED%A0%80/stats',
  '/api/models/gpt-4o/usage?days=99999999',
];

const BAD = ['\ud800', 'a\udfffb', '=cmd|x', `${'x'.repeat(190)}\ud83d`];
const WRITES: (readonly [string, string, (bad: string) => unknown])[] = [
  [
    'POST',
    '/api/organization-personas',
    (t) => ({ slug: `p${Math.floor(systemClock.nowMs())}`, name: t, description: t, systemPrompt: t }),
  ],
  [
    'POST',
    '/api/my-models',
    (t) => ({
      name: t,
      description: t,
      system_message: t,
      tags: [t.slice(0, 50)],
      parameters: { x: t, [t.slice(0, 60)]: 1 },
      tasks: [{ id: 'a', title: t, prompt: t }],
    }),
  ],
  [
    'POST',
    '/api/organization-models',
    (t) => ({ name: `${t}o`, role: t, icon: t, parameters: { n: 1e308, m: -0, o: { p: [t] } }, summary: t }),
  ],
  ['POST', '/api/system-models', (t) => ({ name: `${t}s`, business_types: [t.slice(0, 100)], change_summary: t })],
  ['POST', '/api/budgets', (t) => ({ name: t, scope: 'organization', period: 'monthly', amount_usd: '1' })],
  ['POST', '/api/budgets', () => ({ name: 'n', scope: 'organization', period: 'monthly', amount_usd: 1e308 })],
  ['POST', '/api/budgets', () => ({ name: 'n', scope: 'organization', period: 'monthly', amount_usd: 5e-324 })],
  ['POST', '/api/budgets', (t) => ({ name: 'n', scope: 'user', reference: t, period: 'monthly', amount_usd: '1' })],
  ['POST', '/api/limit-requests', (t) => ({ kind: 'organization_quota', amount: 999_999_999_999, reason: t })],
  ['POST', '/api/limit-requests', (t) => ({ kind: 'daily_messages', target: t, amount: 5, reason: t })],
  ['POST', '/api/limit-requests', (t) => ({ kind: 'budget', target: t, amount: '9999999999999', reason: t })],
  ['POST', '/api/limit-requests', () => ({ kind: 'template_limit', target: 9007199254740991, amount: 1, reason: 'x' })],
  [
    'POST',
    '/api/usage',
    (t) => ({ id: t, model: t, provider: t.slice(0, 100), input_tokens: 1, tags: { [t.slice(0, 60)]: t } }),
  ],
  [
    'POST',
    '/api/usage',
    (t) => ({ model: t, provider: t.slice(0, 100), input_tokens: 1, cost_usd: '1', tags: { k: t } }),
  ],
  ['POST', '/api/usage', (t) => ({ model: 'gpt-4o', feature: t, input_tokens: 1 })],
  ['POST', '/api/usage', (t) => ({ model: 'gpt-4o', template: t, input_tokens: 1 })],
  ['POST', '/api/quota/check', (t) => ({ modelId: t })],
  ['POST', '/api/quota/check', () => ({ templateId: 9007199254740991 })],
  ['POST', '/api/chat', (t) => ({ model: 'sandbox-chat', message: t })],
  [
    'POST',
    '/api/v1/tokens/check-balance',
    (t) => ({ action: 'deduct', tokenType: 'goal_generation', feature: t, amount: 1 }),
  ],
  ['POST', '/api/v1/tokens/check-balance', (t) => ({ action: 'deduct', tokenType: t, amount: 1 })],
  ['PATCH', '/api/profile', (t) => ({ displayName: t })],
  [
    'PATCH',
    '/api/profile/model-preferences',
    (t) => ({ defaultModelId: t, personaOverrides: { [t.slice(0, 90)]: t } }),
  ],
  [
    'POST',
    '/api/impact/preview',
    (t) => ({ proposal: { kind: 'model_switch', from_model_id: t.slice(0, 100), to_model_id: 'x' } }),
  ],
  [
    'POST',
    '/api/impact/preview',
    (t) => ({ proposal: { kind: 'budget', scope: 'feature', reference: t, amount_usd: 1e308 } }),
  ],
  [
    'POST',
    '/api/impact/preview',
    () => ({ proposal: { kind: 'organization_quota', tokens: Number.MAX_SAFE_INTEGER } }),
  ],
  ['POST', '/api/impact/preview', () => ({ proposal: { kind: 'plan', plan: 'enterprise' } })],
  ['POST', '/api/admin/impact/preview', () => ({ proposal: { kind: 'plan_quota', plan: 'pro', tokens: 0 }, days: 90 })],
  ['POST', '/api/admin/models', (t) => ({ id: `m-${t.length}`, displayName: t, description: t, providerModelId: t })],
  ['POST', '/api/admin/models/gpt-4o/grant-access', (t) => ({ email: 'x@y.example', notes: t })],
  [
    'POST',
    '/api/v1/tokens/grant',
    (t) => ({ organizationId: place.id, tokenType: 'goal_generation', amount: 1, notes: t, reference: `${t}r` }),
  ],
  ['PUT', '/api/alert-rules/fallbacks', () => ({ threshold: 1e-300, window_minutes: 1 })],
  ['PUT', '/api/admin/alert-rules/disk', () => ({ threshold: 5e-324 })],
];

describe('nothing that is asked is a fault of ours', () => {
  it.each(GETS)('GET %s', async (path) => {
    const { status, body } = await root.request('GET', path, { organization: place.id });
    expect(status, JSON.stringify(body).slice(0, 300)).toBeLessThan(500);
  });

  it.each(WRITES.map(([m, p, make], n) => [`${n} ${m} ${p}`, m, p, make] as const))(
    '%s',
    async (_n, method, path, make) => {
      const met: unknown[] = [];
      for (const bad of BAD) {
        const { status, body } = await root.request(method, path, { body: make(bad), organization: place.id });
        if (status >= 500) met.push([bad.slice(-8), status, body]);
      }
      expect(met).toEqual([]);
    },
  );
});

describe('a token of the organization is nobody', () => {
  const asToken = (method: string, path: string, body?: unknown) =>
    requestApi(server, [method, path], {
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
    });

  it.each([
    ['GET', '/api/usage/me', undefined],
    ['GET', '/api/notifications', undefined],
    ['GET', '/api/notifications/unread', undefined],
    ['GET', '/api/notifications/preferences', undefined],
    ['GET', '/api/notifications/stream', undefined],
    ['GET', '/api/my-models', undefined],
    ['POST', '/api/my-models', { name: 'in my maker’s name' }],
  ])('who has nothing of its own: %s %s', async (method, path, body) => {
    expect((await asToken(method, path, body)).status).toBe(403);
  });

  it('and sees nothing of whoever made it', async () => {
    const made = await place.admin.request('POST', '/api/my-models', { body: { name: 'The maker’s own' } });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const deduct = { action: 'deduct', tokenType: 'goal_generation', amount: 1 };
    expect((await place.admin.request('POST', '/api/v1/tokens/check-balance', { body: deduct })).status).toBe(200);
    expect((await asToken('GET', '/api/usage/events')).body.data).toEqual([]);
    const templates = (await asToken('GET', '/api/templates')).body.data;
    expect(templates.filter(({ scope }: { scope: string }) => scope === 'user')).toEqual([]);
    expect((await asToken('GET', '/api/v1/tokens/ledger')).body.data).toEqual([]);
    const stats = (await asToken('GET', '/api/v1/tokens/stats')).body;
    expect([stats.recent, stats.byUser]).toEqual([[], []]);
  });
});

describe('a stream of notifications', () => {
  it.each([
    [
      'the session',
      (person: ApiPerson) => server.owner.query('delete from weir.sessions where id = $1', [person.sessionId]),
    ],
    [
      'the account',
      (person: ApiPerson) => server.owner.query('update weir.users set banned = true where id = $1', [person.userId]),
    ],
  ])('ends with %s that let it in', async (_what, end) => {
    const person = await place.join('member');
    const response = await fetch(`${server.url}/api/notifications/stream`, { headers: { cookie: person.cookie } });
    expect(response.status).toBe(200);
    await end(person);
    await server.owner.query(
      `insert into weir.notifications (user_id, organization_id, type, title, body, dedupe_key) values ($1, $2, 'alert', 'kept from them', '', 'x')`,
      [person.userId, place.id],
    );
    expect(await response.text()).not.toContain('kept from them');
  });

  it('tells nothing more of an organization that its person has left', async () => {
    const person = await place.join('member');
    const response = await fetch(`${server.url}/api/notifications/stream`, { headers: { cookie: person.cookie } });
    await server.owner.query('delete from weir.members where user_id = $1', [person.userId]);
    const tell = (title: string, organizationId: string | null) =>
      server.owner.query(
        `insert into weir.notifications (user_id, organization_id, type, title, body, dedupe_key) values ($1, $2, 'alert', $3, '', $3)`,
        [person.userId, organizationId, title],
      );
    await tell('of the organization', place.id);
    await tell('of their own', null);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (!text.includes('of their own')) text += (await reader?.read())?.value ?? '';
    expect(text).not.toContain('of the organization');
    await reader?.cancel();
  });
});

it('tells no admin of a template of the platform that is not for their organization', async () => {
  const body = {
    name: 'For enterprises',
    required_plan: 'enterprise',
    token_limit_period: 'monthly',
    token_limit_amount: 4711,
  };
  const made = await root.request('POST', '/api/system-models', { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const proposal = { kind: 'template_limit', template_id: made.body.data.id, tokens: 5 };
  const answer = await place.admin.request('POST', '/api/impact/preview', { body: { proposal } });
  expect([answer.status, answer.body.errors?.[0]?.path]).toEqual([400, 'proposal.template_id']);
});

describe('a budget over all organizations', () => {
  const budgetOf = (meters: { name: string }[]) => meters.filter(({ name }) => name === 'platform');
  const make = async (amount: string, enforcement: string) => {
    const body = { name: 'Of all', scope: 'platform', period: 'monthly', amount_usd: amount, enforcement };
    const made = await root.request('POST', '/api/admin/budgets', { body });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body.data.id;
  };

  it('stands in the way of people, and tells nobody what others spend', async () => {
    const soft = await make('4711', 'soft');
    const { body } = await place.member.request('GET', '/api/limits/effective?model=sandbox-chat');
    expect(budgetOf(body.data.meters)).toMatchObject([
      { name: 'platform', limit: null, used: '0', left: null, source: null },
    ]);
    expect(JSON.stringify(body)).not.toMatch(/Of all|[":]47\d\d/);
    const hard = await make('0.000000001', 'hard');
    const seen = async () =>
      await place.member.request('POST', '/api/chat', { body: { model: 'gpt-4o-mini', message: 'x' } });
    await expect.poll(async () => (await seen()).status).toBe(402);
    const denied = await seen();
    expect(denied.body.detail).toContain('The budget of the whole platform');
    expect(budgetOf(denied.body.meters)).toMatchObject([{ name: 'platform', limit: null, used: 0 }]);
    expect(JSON.stringify(denied.body)).not.toContain('Of all');
    for (const id of [soft, hard]) expect((await root.request('DELETE', `/api/admin/budgets/${id}`)).status).toBe(204);
  });
});
