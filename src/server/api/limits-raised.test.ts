// Proves: the way to a higher limit: a person asks, an admin sees what is used and decides, the gateway goes by it at the next call and by the ordinary limit again when
// the time is over, without anything having to run; nobody decides what is not theirs.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addBudget, addKey, addModel, addTemplate, enableTemplate, newId } from '../../gateway/testing/tenants.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson, requestApi } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const PATIENCE = { timeout: PATIENCE_MS } as const;
const HOUR_MS = 3_600_000;
let aheadMs = 0;
let server: TestServer;
let place: ApiOrganization;
let key: string;
let templateId: string;
let budgetId: string;
let platform: ApiPerson;

beforeAll(async () => {
  server = await startTestServer({}, { aheadMs: () => aheadMs });
  place = await createApiOrganization(server);
  platform = await createApiPerson(server, { platformRole: 'platform_admin' });
  const { owner } = server;
  ({ key } = await addKey(owner, place.id, { user_id: place.member.userId }));
  await addModel(owner, 'daily', { rate_limit_messages_per_day: 1 });
  await addModel(owner, 'dear');
  templateId = await addTemplate(owner, { slug: 'small', token_limit_period: 'monthly', token_limit_amount: 10 });
  await enableTemplate(owner, place.id, { templateId });
  const ofMember = { organization_id: place.id, scope: 'user', user_id: place.member.userId };
  budgetId = await addBudget(owner, { ...ofMember, name: 'Own', amount_nano_usd: 1_000 });
  await owner.query('update weir.organizations set token_quota_monthly = 1000000 where id = $1', [place.id]);
});
afterAll(() => server.close());

const order = (body: object, person = place.member) => person.request('POST', '/api/limit-requests', { body });
const ask = async (body: object, person = place.member) => {
  const answer = await order({ reason: 'A large report', ...body }, person);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.data;
};
const decide = (id: string, verb: 'approve' | 'deny', body: object, person = place.admin) =>
  person.request('POST', `/api/limit-requests/${id}/${verb}`, { body });
const call = async (model: string) => {
  const answer = await requestApi(server, ['POST', '/v1/chat/completions'], {
    headers: { authorization: `Bearer ${key}` },
    body: { model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 40 },
  });
  return answer.status === 200 ? 'answered' : answer.body.error.weir.code;
};
const meterOf = async (query: string, kind: string) => {
  const { body } = await place.member.request('GET', `/api/limits/effective?${query}`);
  return body.data.meters.find(({ meter }: { meter: string }) => meter === kind);
};
const until = (hours: number): string => new Date(systemClock.nowMs() + aheadMs + hours * HOUR_MS).toISOString();
const withdrawBudget = () => server.owner.query('update weir.budgets set is_active = false where id = $1', [budgetId]);

describe.each([
  [
    'template_limit',
    'template:small',
    'user_limit_exceeded',
    (): object => ({ target: Number(templateId), amount: 5_000 }),
    10,
    5_000,
    (): string => `template=${templateId}`,
  ],
  [
    'daily_messages',
    'daily',
    'daily_message_limit',
    (): object => ({ target: 'daily', amount: '3' }),
    1,
    3,
    (): string => 'model=daily',
  ],
  [
    'budget',
    'dear',
    'budget_exceeded',
    (): object => ({ target: budgetId, amount: '2.5' }),
    '0.000001',
    '2.5',
    (): string => 'model=dear',
  ],
] as const)('a raised %s', (kind, model, code, request, limit, raised, query) => {
  it('lets calls pass at once, says so, and ends by itself at its time', async () => {
    if (kind !== 'budget') await withdrawBudget();
    else await server.owner.query('update weir.budgets set is_active = true where id = $1', [budgetId]);
    if (kind === 'daily_messages') expect(await call(model)).toBe('answered');
    await expect.poll(() => call(model), PATIENCE).toBe(code);
    const made = await ask({ kind, ...request() });
    expect(made).toMatchObject({ kind, status: 'open', limit_then: limit, requested: raised, override: null });
    expect(made.current).toMatchObject({ limit, resets_at: expect.any(String) });
    const end = until(2);
    const approved = await decide(made.id, 'approve', { until: end, reason: 'Go on' });
    expect(approved.body.data).toMatchObject({
      ...{ status: 'approved', decided_by: { id: place.admin.userId }, decision_reason: 'Go on' },
      override: { amount: raised, until: end, revoked_at: null },
      current: { limit: raised },
    });
    await expect.poll(() => call(model), PATIENCE).toBe('answered');
    const meter = await meterOf(query(), kind);
    expect(meter).toMatchObject({
      limit: raised,
      ordinary_limit: limit,
      raised_until: end,
      source: { kind: 'override' },
    });

    if (kind === 'template_limit') {
      const template = await place.member.request('GET', `/api/templates/${templateId}`);
      expect(template.body.data.usage.limit).toBe(raised);
    }
    if (kind === 'daily_messages') {
      const { free } = (await place.member.request('GET', '/api/models')).body.data;
      expect(free.find(({ id }: { id: string }) => id === model).usageToday.limit).toBe(raised);
    }

    aheadMs += 2 * HOUR_MS;
    if (kind === 'daily_messages') await call(model);
    expect(await call(model)).toBe(code);
    const after = await meterOf(query(), kind);
    expect(after).toMatchObject({ limit, ordinary_limit: limit, raised_until: null });
    expect(after.source.kind).not.toBe('override');
  });
});

describe('asking', () => {
  it.each([
    ['no kind', { amount: 5, reason: 'x' }, 'kind'],
    ['no reason', { kind: 'organization_quota', amount: 5 }, 'reason'],
    ['no target', { kind: 'template_limit', amount: 50, reason: 'x' }, 'target'],
    ['a target too many', { kind: 'organization_quota', target: 'x', amount: 5e6, reason: 'x' }, 'target'],
    ['a template that is not there', { kind: 'template_limit', target: 999_999, amount: 50, reason: 'x' }, 'target'],
    ['a model without a limit', { kind: 'daily_messages', target: 'dear', amount: 50, reason: 'x' }, 'target'],
    ['a budget of nobody', { kind: 'budget', target: newId(), amount: 50, reason: 'x' }, 'target'],
    ['parts of a message', { kind: 'daily_messages', target: 'daily', amount: 1.5, reason: 'x' }, 'amount'],
    ['less than nothing', { kind: 'daily_messages', target: 'daily', amount: '-1', reason: 'x' }, 'amount'],
    ['more than can be counted', { kind: 'daily_messages', target: 'daily', amount: 1e308, reason: 'x' }, 'amount'],
    ['what there is', { kind: 'daily_messages', target: 'daily', amount: 1, reason: 'x' }, 'amount'],
  ])('for %s is refused, naming the field', async (_name, body, path) => {
    const refused = await order(body);
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([400, path]);
  });

  it('is once at a time for one limit, within the quota, and tells admins', async () => {
    const over = await order({ kind: 'template_limit', target: templateId, amount: 1_000_001, reason: 'x' });
    expect(over.body.errors[0]).toMatchObject({ path: 'amount', message: expect.stringContaining('1000000') });
    const made = await ask({ kind: 'template_limit', target: templateId, amount: 400 });
    const again = await order({ kind: 'template_limit', target: templateId, amount: 500, reason: 'x' });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    const { rows } = await server.owner.query(
      `select user_id, properties from weir.analytics_events where name = 'limit_requested' and properties ->> 'request_id' = $1`,
      [made.id],
    );
    expect(rows).toMatchObject([
      { user_id: place.member.userId, properties: { kind: 'template_limit', requested: 400 } },
    ]);
    const other = await place.join('member');
    expect((await other.request('GET', '/api/limit-requests')).body.data).toEqual([]);
    expect((await place.stranger.request('GET', '/api/limit-requests')).body.data).toEqual([]);
    const open = (await place.admin.request('GET', '/api/limit-requests?status=open')).body.data;
    expect(open).toMatchObject([
      {
        ...{ id: made.id, user: { id: place.member.userId }, target: { id: templateId, name: 'Test template' } },
        current: { limit: 10, used: expect.any(Number), trend: [{ used: expect.any(Number) }] },
      },
    ]);
    for (const [person, status] of [
      [place.member, 403],
      [other, 403],
      [place.stranger, 404],
      [platform, 404],
    ] as const)
      for (const verb of ['approve', 'deny'] as const)
        expect((await decide(made.id, verb, { reason: 'x' }, person)).status).toBe(status);
    expect((await decide(made.id, 'approve', { until: '2020-01-01T00:00:00Z' })).body.errors[0].path).toBe('until');
    expect((await decide(made.id, 'approve', { amount: 10 })).body.errors[0].path).toBe('amount');
    expect((await decide(made.id, 'deny', {})).status).toBe(400);
    const denied = await decide(made.id, 'deny', { reason: 'Not this month' });
    expect(denied.body.data).toMatchObject({ status: 'denied', decision_reason: 'Not this month', override: null });
    for (const verb of ['approve', 'deny'] as const)
      expect((await decide(made.id, verb, { reason: 'x' })).status).toBe(409);
    const actions = (await place.actions()).filter((action) => action.startsWith('limit_request.'));
    expect(actions.slice(-2)).toEqual(['limit_request.create', 'limit_request.deny']);
    const own = (await place.member.request('GET', '/api/limit-requests?limit=1')).body;
    expect([own.data[0].id, own.next_cursor]).toEqual([made.id, expect.any(String)]);
  });
});

describe('overrides', () => {
  it('are listed for admins and end when they are revoked, once', async () => {
    await withdrawBudget();
    const made = await ask({ kind: 'template_limit', target: templateId, amount: 9_000 });
    const approved = await decide(made.id, 'approve', { amount: 8_000 });
    const { id } = approved.body.data.override;
    await expect.poll(() => call('template:small'), PATIENCE).toBe('answered');
    const path = '/api/limits/overrides';
    const active = (await place.admin.request('GET', path)).body.data;
    expect(active[0]).toMatchObject({
      ...{ id, amount: 8_000, until: null, is_active: true, request_id: made.id, revoked_at: null },
      ...{ user: { id: place.member.userId }, granted_by: { id: place.admin.userId }, target: { id: templateId } },
    });
    expect((await place.member.request('GET', path)).status).toBe(403);
    expect((await place.stranger.request('GET', path)).body.data).toEqual([]);
    for (const [person, status] of [
      [place.member, 403],
      [place.stranger, 404],
      [platform, 404],
    ] as const)
      expect((await person.request('DELETE', `${path}/${id}`)).status).toBe(status);
    for (let times = 0; times < 2; times += 1)
      expect((await place.admin.request('DELETE', `${path}/${id}`)).status).toBe(204);
    await expect.poll(() => call('template:small'), PATIENCE).toBe('user_limit_exceeded');
    expect((await place.actions()).filter((action) => action === 'limit_override.revoke')).toHaveLength(1);
    const ended = (await place.admin.request('GET', `${path}?state=ended&kind=template_limit`)).body.data;
    expect(ended.map((each: { id: string }) => each.id)).toContain(id);
  });

  it('end with the period they were raised for: so many tokens a month are no limit of a day', async () => {
    await withdrawBudget();
    const made = await ask({ kind: 'template_limit', target: templateId, amount: 9_000 });
    await decide(made.id, 'approve', {});
    await expect.poll(() => call('template:small'), PATIENCE).toBe('answered');
    const setPeriod = (period: string) =>
      server.owner.query('update weir.templates set token_limit_period = $2 where id = $1', [templateId, period]);
    await setPeriod('daily');
    await expect.poll(() => call('template:small'), PATIENCE).toBe('user_limit_exceeded');
    await setPeriod('monthly');
    await expect.poll(() => call('template:small'), PATIENCE).toBe('user_limit_exceeded');
    const budget = await addBudget(server.owner, {
      ...{ organization_id: place.id, scope: 'user', user_id: place.member.userId, amount_nano_usd: 2_000_000_000 },
    });
    const ofBudget = await ask({ kind: 'budget', target: budget, amount: '50' });
    expect((await decide(ofBudget.id, 'approve', {})).body.data.override.revoked_at).toBeNull();
    const edit = { period: 'daily' };
    const edited = await place.admin.request('PUT', `/api/budgets/${budget}`, { body: edit });
    expect(edited.status, JSON.stringify(edited.body)).toBe(200);
    const ended = (await place.admin.request('GET', '/api/limits/overrides?state=ended&kind=budget')).body.data;
    expect(ended[0]).toMatchObject({ request_id: ofBudget.id, revoked_at: expect.any(String) });
    await server.owner.query('update weir.budgets set is_active = false where id = $1', [budget]);
  });

  it("of an organization's quota are the platform's alone, who sees nothing else", async () => {
    await server.owner.query('update weir.organizations set token_quota_monthly = 5 where id = $1', [place.id]);
    await expect.poll(() => call('dear'), PATIENCE).toBe('organization_quota_exceeded');
    const made = await ask({ kind: 'organization_quota', amount: 2_000_000 }, place.admin);
    const own = await decide(made.id, 'approve', {});
    expect([own.status, own.body.detail]).toEqual([403, expect.stringContaining('platform')]);
    const seen = (await platform.request('GET', '/api/limit-requests')).body.data;
    expect(seen.map(({ kind }: { kind: string }) => kind)).toEqual(['organization_quota']);
    const approved = await decide(made.id, 'approve', { until: until(1) }, platform);
    expect(approved.body.data).toMatchObject({ status: 'approved', override: { amount: 2_000_000 } });
    await expect.poll(() => call('dear'), PATIENCE).toBe('answered');
    const overrides = (await platform.request('GET', '/api/limits/overrides')).body.data;
    expect(overrides).toMatchObject([{ kind: 'organization_quota', user: null, target: null }]);
    expect((await place.admin.request('DELETE', `/api/limits/overrides/${overrides[0].id}`)).status).toBe(403);
    expect((await place.actions()).at(-1)).toBe('limit_request.approve');
    aheadMs += HOUR_MS;
    expect(await call('dear')).toBe('organization_quota_exceeded');
  });
});
