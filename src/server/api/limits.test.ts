// Proves: what people are told of their limits is what the gateway decides, meter by meter: the look ahead, the denial and its trace say the same; who may look at
// whose; and a trace tells why, to those it concerns.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addBudget, addKey, addModel, addTemplate, enableTemplate, newId } from '../../gateway/testing/tenants.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiAnswer, type ApiPerson, requestApi } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { fromNoon, startTestServer, type TestServer } from '../testing/running-server.ts';

const PATIENCE = { timeout: PATIENCE_MS } as const;
let server: TestServer;
let place: ApiOrganization;
let member: ApiPerson;
let key: string;
let templateId: string;

beforeAll(async () => {
  server = await startTestServer({}, fromNoon());
  place = await createApiOrganization(server);
  member = place.member;
  ({ key } = await addKey(server.owner, place.id, { user_id: member.userId }));
  await addModel(server.owner, 'twice', { rate_limit_messages_per_day: 2 });
  await addModel(server.owner, 'priced');
  await addModel(server.owner, 'locked', { tier: 'premium', price_cents: 999 });
  await addModel(server.owner, 'sold', { tier: 'premium', price_cents: 299, trial_messages_allowed: 1 });
  templateId = await addTemplate(server.owner, {
    slug: 'limited',
    name: 'Limited',
    token_limit_period: 'weekly',
    token_limit_amount: 1_000_000,
  });
  await enableTemplate(server.owner, place.id, { templateId });
});
afterAll(() => server.close());

const change = (text: string, values: unknown[]) => server.owner.query(text, values);
const call = (model: string, headers = {}): Promise<ApiAnswer> =>
  requestApi(server, ['POST', '/v1/chat/completions'], {
    headers: { authorization: `Bearer ${key}`, ...headers },
    body: { model, messages: [{ role: 'user', content: 'Hello' }], max_tokens: 40 },
  });
const look = async (query: string, person = member) => {
  const { status, body } = await person.request('GET', `/api/limits/effective?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
};
const check = async (body: object, person = member) => {
  const answer = await person.request('POST', '/api/quota/check', { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};
const traceOf = async (id: string) => {
  await expect.poll(async () => (await member.request('GET', `/api/denials/${id}`)).status, PATIENCE).toBe(200);
  return (await member.request('GET', `/api/denials/${id}`)).body.data;
};

interface Shortage {
  readonly kind: string;
  readonly code: string;
  readonly source: string;
  readonly model: string;
  readonly question: () => { readonly query: string; readonly body: object };
  /** Takes the room away. */
  readonly lower: () => Promise<unknown>;
  /** Gives it back; null: nothing does. */
  readonly raise: (() => Promise<unknown>) | null;
}

const ofModel = (id: string) => () => ({ query: `model=${id}`, body: { modelId: id } });
const setQuota = (tokens: number | null) => () =>
  change('update weir.organizations set token_quota_monthly = $2 where id = $1', [place.id, tokens]);
const setOwnLimit = (tokens: number | null) => () =>
  change('update weir.org_system_model_config set token_limit_per_user = $2 where organization_id = $1', [
    place.id,
    tokens,
  ]);
const budgetId = newId();

describe.each<Shortage>([
  {
    ...{
      kind: 'organization_quota',
      code: 'organization_quota_exceeded',
      source: 'organization',
      model: 'sandbox-chat',
    },
    ...{ question: ofModel('sandbox-chat'), lower: setQuota(20), raise: setQuota(null) },
  },
  {
    ...{
      kind: 'template_limit',
      code: 'user_limit_exceeded',
      source: 'organization_configuration',
      model: 'template:limited',
    },
    question: () => ({ query: `template=${templateId}`, body: { templateId: Number(templateId) } }),
    ...{ lower: setOwnLimit(20), raise: setOwnLimit(null) },
  },
  {
    ...{
      kind: 'daily_messages',
      code: 'daily_message_limit',
      source: 'model',
      model: 'twice',
      question: ofModel('twice'),
    },
    lower: async () => {
      for (let calls = 0; calls < 2; calls += 1) expect((await call('twice')).status).toBe(200);
    },
    raise: () => change(`update weir.models set rate_limit_messages_per_day = 3 where id = 'twice'`, []),
  },
  {
    ...{ kind: 'trial', code: 'trial_exhausted', source: 'model', model: 'sold', question: ofModel('sold') },
    lower: async () => expect((await call('sold')).status).toBe(200),
    raise: null,
  },
  {
    ...{ kind: 'budget', code: 'budget_exceeded', source: 'budget', model: 'priced', question: ofModel('priced') },
    lower: () =>
      addBudget(server.owner, {
        ...{ id: budgetId, organization_id: place.id, scope: 'user', user_id: member.userId, amount_nano_usd: 5 },
      }),
    raise: () => change('delete from weir.budgets where id = $1', [budgetId]),
  },
])('$kind', ({ kind, code, source, model, question, lower, raise }) => {
  it('is told as the gateway decides it: before, when it denies, in its trace, and after', async () => {
    const { query, body } = question();
    if (kind !== 'budget') expect(await check(body)).toMatchObject({ allowed: true });
    await lower();
    // Changes reach the gateway within a second; a settled call its counter at once.
    await expect.poll(async () => (await check(body)).reason, PATIENCE).toBe(code);
    const isHeld = async () => (await look(query)).meters.some(({ held }: { held: unknown }) => Number(held) > 0);
    await expect.poll(isHeld, PATIENCE).toBe(false);
    const checked = await check(body);
    const found = await look(query);
    const meter = found.meters.find((each: { meter: string }) => each.meter === kind);
    expect(found).toMatchObject({ allowed: false, code, user_id: member.userId });
    expect(meter).toMatchObject({ allowed: false, binds: true, source: { kind: source } });
    expect(found.meters.filter(({ binds }: { binds: boolean }) => binds)).toHaveLength(1);
    expect(checked).toMatchObject({ allowed: false, limit: meter.limit, unit: meter.unit, resets_at: meter.resets_at });

    const denied = await call(model);
    expect(denied.body.error.weir.code).toBe(code);
    const told = denied.body.error.weir.meters[0];
    const trace = await traceOf(denied.body.error.weir.explain_id);
    expect(trace).toMatchObject({
      ...{ code, rule: kind, model, status: denied.status, user: { id: member.userId }, feature: null },
      meters: [{ meter: kind, limit: meter.limit, used: meter.used, resets_at: meter.resets_at, unit: meter.unit }],
    });
    expect(told.resets_at).toBe(meter.resets_at);
    if (kind !== 'budget') expect([told.limit, told.used]).toEqual([meter.limit, meter.used]);

    if (raise === null) return;
    await raise();
    await expect.poll(async () => (await check(body)).allowed, PATIENCE).toBe(true);
    expect((await look(query)).allowed).toBe(true);
    expect((await call(model)).status).toBe(200);
  });
});

describe('a look at limits', () => {
  it('counts all tokens of the call, to the last one that fits', async () => {
    await setOwnLimit(1_000)();
    await expect.poll(async () => (await check({ templateId })).limit, PATIENCE).toBe(1_000);
    const { current_usage: used } = await check({ templateId });
    expect(await check({ templateId, tokens: 1_000 - used })).toMatchObject({ allowed: true });
    const over = await check({ templateId, tokens: 1_001 - used });
    expect(over).toMatchObject({ allowed: false, reason: 'user_limit_exceeded', limit: 1_000, current_usage: used });
    const { rows } = await change(
      'select coalesce(sum(held), 0)::int as held from weir.counters where organization_id = $1',
      [place.id],
    );
    expect(rows[0].held).toBe(0);
    await setOwnLimit(null)();
  });

  it('names each rule in order and a refusal before all meters, with why and what serves', async () => {
    const locked = await look('model=locked');
    expect(locked.checks.map(({ rule }: { rule: string }) => rule).slice(-3)).toEqual([
      'model_right',
      'template_trial',
      'credits_on_plan',
    ]);
    const feature = await look('model=sandbox-chat&feature=goal_generation');
    expect(feature.meters).toContainEqual(
      expect.objectContaining({
        meter: 'credits',
        unit: 'credits',
        source: expect.objectContaining({ kind: 'credits' }),
      }),
    );
    const unknown = await member.request('GET', '/api/limits/effective?model=nowhere');
    expect([unknown.status, unknown.body.errors?.[0]?.path]).toEqual([400, 'model']);
    const both = await member.request('GET', `/api/limits/effective?model=gpt-4o-mini&template=${templateId}`);
    expect([both.status, both.body.errors?.[0]?.path]).toEqual([400, 'model']);
    const body = { modelId: 'nowhere' };
    expect((await member.request('POST', '/api/quota/check', { body })).body.code).toBe('model_not_found');
    expect((await look('')).model.id).toBe('gpt-4o-mini');
    await addModel(server.owner, 'vectors', { model_type: 'embedding', capabilities: ['embeddings'] });
    await expect
      .poll(async () => (await member.request('GET', '/api/limits/effective?model=vectors')).status, PATIENCE)
      .toBe(200);
  });

  it('is for oneself; for admins at anybody of the organization; at nobody else', async () => {
    const { admin, stranger } = place;
    expect((await look(`user=${member.userId}&model=sandbox-chat`, admin)).user_id).toBe(member.userId);
    expect((await look(`user=${member.userId}`)).user_id).toBe(member.userId);
    const body = { modelId: 'sandbox-chat', userId: admin.userId };
    expect((await member.request('POST', '/api/quota/check', { body })).status).toBe(403);
    expect((await member.request('GET', `/api/limits/effective?user=${admin.userId}`)).status).toBe(403);
    for (const userId of [stranger.userId, newId()]) {
      const foreign = await admin.request('POST', '/api/quota/check', { body: { ...body, userId } });
      expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
      const named = await admin.request('GET', `/api/limits/effective?user=${userId}`);
      expect([named.status, named.body.errors?.[0]?.path]).toEqual([400, 'user']);
    }
    expect((await requestApi(server, ['POST', '/api/quota/check'], { body })).status).toBe(401);
    for (const wrong of [{}, { modelId: 'x', templateId: 1 }, { modelId: 'x', tokens: -1 }, { templateId: 'x' }])
      expect((await admin.request('POST', '/api/quota/check', { body: wrong })).status).toBe(400);
  });

  it('refuses by rule before meters: who is paused is told so', async () => {
    const other = await place.join('member');
    await change(`update weir.members set status = 'paused' where user_id = $1`, [other.userId]);
    const query = `user=${other.userId}&model=sandbox-chat`;
    await expect.poll(async () => (await look(query, place.admin)).code, PATIENCE).toBe('member_paused');
  });
});

describe('denials', () => {
  it("are seen by their person and the organization's admins, filtered and page by page, and by nobody else", async () => {
    const { admin, stranger } = place;
    const [first, ...others] = (await member.request('GET', '/api/denials?limit=100')).body.data;
    expect(others.length).toBeGreaterThan(2);
    const ids = [first, ...others].map(({ id }) => id);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: ApiAnswer = await admin.request('GET', `/api/denials?limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...page.body.data.map(({ id }: { id: string }) => id));
      cursor = page.body.next_cursor;
    }
    expect(seen).toEqual(ids);
    const list = async (query: string, person = admin) =>
      (await person.request('GET', `/api/denials?${query}`)).body.data;
    expect(
      (await list('code=daily_message_limit')).every(({ code }: { code: string }) => code === 'daily_message_limit'),
    ).toBe(true);
    expect(await list('model=template:limited')).toMatchObject([{ model: 'template:limited' }]);
    expect(await list(`user=${admin.userId}`)).toEqual([]);
    expect(await list(`to=${encodeURIComponent(first.denied_at)}`)).toHaveLength(others.length);
    expect(await list('', stranger)).toEqual([]);
    expect(await list('', await place.join('member'))).toEqual([]);
    const foreign = await stranger.request('GET', `/api/denials/${first.id}`);
    const missing = await stranger.request('GET', `/api/denials/${newId()}`);
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect((await requestApi(server, ['GET', '/api/denials'])).status).toBe(401);
  });

  it('name the rule that refused, and hold nothing of what was asked, whatever its name', async () => {
    const locked = await requestApi(server, ['POST', '/v1/chat/completions'], {
      headers: { authorization: `Bearer ${key}`, 'x-weir-feature': 'goal_generation' },
      body: { model: 'locked', messages: [{ role: 'user', content: 'a secret question' }] },
    });
    expect(locked.status).toBe(403);
    const trace = await traceOf(locked.body.error.weir.explain_id);
    expect(trace).toMatchObject({ rule: 'model_right', code: 'model_locked', feature: 'goal_generation', meters: [] });
    expect(trace.details).toMatchObject({ upgrade_url: '/models/locked' });
    const { rows } = await change('select row_to_json(t)::text as text from weir.denial_traces t', []);
    expect(rows.map(({ text }) => text).join()).not.toContain('secret question');
  });

  it('are gone after thirty days', async () => {
    const id = newId();
    await change(
      `insert into weir.denial_traces (id, denied_at, organization_id, user_id, route, model, environment, code, message)
       values ($1, now() - interval '31 days', $2, $3, 'messages', 'x', 'production', 'forbidden', 'No.')`,
      [id, place.id, member.userId],
    );
    expect((await member.request('GET', `/api/denials/${id}`)).status).toBe(404);
    const { rows } = await change(`select weir.drop_old_denial_traces(now() - interval '30 days', 10) as removed`, []);
    expect(rows[0].removed).toBe(1);
    expect((await change('select 1 from weir.denial_traces where id = $1', [id])).rows).toEqual([]);
    expect((await member.request('GET', '/api/denials')).body.data.length).toBeGreaterThan(0);
  });
});

it('counts the traces that were not kept', async () => {
  const metrics = await (await fetch(`${server.url}/metrics`)).text();
  expect(metrics).toContain('weir_denial_traces_dropped_total 0');
});
