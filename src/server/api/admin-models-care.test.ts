// Proves: what becomes of models with time, over real HTTP: dated prices, proposals of the price library, use and figures, retirement at the real gateway,
// switching off, archiving and deleting.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiPerson, createApiPerson } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let root: ApiPerson;

/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const at = (id: string, rest = ''): string => `/api/admin/models/${id}${rest}`;
const PRICE = { inputUsdPerMillion: '0.15', outputUsdPerMillion: '0.6' } as const;

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
});
afterAll(() => server.close());

const add = (id: string, more: object = {}) =>
  root.request('POST', '/api/admin/models', {
    body: {
      ...{ id, provider: 'sandbox', providerModelId: id, displayName: id, modelType: 'llm' },
      ...{ enabled: true, pricing: PRICE, ...more },
    },
  });
const post = (path: string, body?: object) => root.request('POST', path, body === undefined ? {} : { body });
const ask = async (model: string): Promise<{ answer: string; headers: Headers }> => {
  const response = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.demo.keys.pro}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
  });
  const body = (await response.json()) as { error?: { weir: { code: string } } };
  return {
    answer: response.status === 200 ? 'ok' : (body.error?.weir.code ?? String(response.status)),
    headers: response.headers,
  };
};
const answerOf = async (model: string): Promise<string> => (await ask(model)).answer;

describe('prices', () => {
  const prices = (body: object) => post(at('priced', '/prices'), body);

  it('are dated rows: the one in force is told, those before and after stay', async () => {
    await add('priced');
    const now = await prices({
      ...{ ...PRICE, inputUsdPerMillion: '0.2', reasoningUsdPerMillion: '1.5', requestUsd: '0.000000001' },
      longContext: { aboveTokens: 200_000, inputUsdPerMillion: '0.4', outputUsdPerMillion: '1.2' },
    });
    expect([now.status, now.body.data]).toMatchObject([
      201,
      { inputUsdPerMillion: '0.2', requestUsd: '0.000000001', longContext: { aboveTokens: 200_000 }, source: 'admin' },
    ]);
    await prices({ ...PRICE, effectiveFrom: '2999-01-01T00:00:00Z' });
    const { data } = (await root.request('GET', at('priced', '/prices'))).body;
    expect(data.map((price: { inputUsdPerMillion: string }) => price.inputUsdPerMillion)).toEqual([
      '0.15',
      '0.2',
      '0.15',
    ]);
    expect(data.map((price: { inForce: boolean }) => price.inForce)).toEqual([false, true, false]);
    const first = (await root.request('GET', at('priced', '/prices?limit=2'))).body;
    const rest = (await root.request('GET', at('priced', `/prices?cursor=${first.next_cursor}`))).body;
    expect([...first.data, ...rest.data]).toEqual(data);
    expect((await root.request('GET', at('priced'))).body.data.pricing.inputUsdPerMillion).toBe('0.2');
  });

  it('of the past and of a moment that has one are refused', async () => {
    const past = await prices({ ...PRICE, effectiveFrom: '2020-01-01T00:00:00Z' });
    expect([past.status, past.body.errors?.[0]?.path]).toEqual([400, 'effectiveFrom']);
    const twice = await prices({ ...PRICE, effectiveFrom: '2999-01-01T00:00:00Z' });
    expect([twice.status, twice.body.errors?.[0]?.path]).toEqual([409, 'effectiveFrom']);
  });

  it('are what the next call costs', async () => {
    await add('costly', { pricing: { inputUsdPerMillion: '0', outputUsdPerMillion: '0', requestUsd: '0.25' } });
    const cost = async () => (await ask('costly')).headers.get('x-weir-cost-usd');
    await expect.poll(cost, PATIENCE).toBe('0.25');
    await post(at('costly', '/prices'), { inputUsdPerMillion: '0', outputUsdPerMillion: '0', requestUsd: '0.5' });
    await expect.poll(cost, PATIENCE).toBe('0.5');
  });
});

describe('an import of prices', () => {
  const compare = () => post('/api/admin/models/price-import');
  const inForce = async (id: string) => (await root.request('GET', at(id))).body.data.pricing;

  it('proposes nothing where all is as the library says, and knows the models that it seeded', async () => {
    const { status, body } = await compare();
    expect([status, body.data.status, body.data.items]).toEqual([201, 'unchanged', []]);
    expect(body.data.unknownModelIds).toEqual([]);
    expect(body.data.library).toMatch(/^@pydantic\/genai-prices \d/);
  });

  it('proposes what differs, changes nothing until it is approved, then dates it from now', async () => {
    const library = await inForce('gpt-4o');
    const own = { inputUsdPerMillion: '5', outputUsdPerMillion: library.outputUsdPerMillion, requestUsd: '0.001' };
    await post(at('gpt-4o', '/prices'), { ...own, cachedInputUsdPerMillion: library.cachedInputUsdPerMillion });
    await post(at('gpt-4o-mini', '/prices'), { ...PRICE, inputUsdPerMillion: '9' });
    const proposal = (await compare()).body.data;
    expect(proposal).toMatchObject({ status: 'pending', changedCount: 2, appliedCount: 0 });
    expect(proposal.items.map(({ modelId }: { modelId: string }) => modelId)).toEqual(['gpt-4o', 'gpt-4o-mini']);
    const percent = (Number(library.inputUsdPerMillion) / 5 - 1) * 100;
    expect(proposal.items[0].changes).toEqual([
      { field: 'inputUsdPerMillion', from: '5', to: library.inputUsdPerMillion, percent },
    ]);
    expect((await inForce('gpt-4o')).inputUsdPerMillion).toBe('5');
    const path = `/api/admin/models/price-imports/${proposal.id}`;
    expect((await root.request('GET', path)).body.data).toEqual(proposal);

    const approved = await post(`${path}/approve`, { modelIds: ['gpt-4o'] });
    expect(approved.body.data).toMatchObject({ status: 'partly_applied', appliedCount: 1 });
    expect(await inForce('gpt-4o')).toMatchObject({
      ...{ inputUsdPerMillion: library.inputUsdPerMillion, requestUsd: '0.001' },
      ...{ source: 'import', importId: proposal.id, createdBy: root.userId },
    });
    expect((await post(`${path}/approve`, { modelIds: ['gpt-4o'] })).body).toMatchObject({
      status: 409,
      applied: ['gpt-4o'],
    });
    const unknown = await post(`${path}/approve`, { modelIds: ['gpt-4o-mini', 'priced'] });
    expect([unknown.status, unknown.body.errors?.[0]?.path]).toEqual([400, 'modelIds[1]']);

    await post(at('gpt-4o-mini', '/prices'), { ...PRICE, inputUsdPerMillion: '8' });
    expect((await root.request('GET', path)).body.data.items[1].isStale).toBe(true);
    expect((await post(`${path}/approve`, {})).body).toMatchObject({ status: 409, stale: ['gpt-4o-mini'] });
    expect((await inForce('gpt-4o-mini')).inputUsdPerMillion).toBe('8');

    const again = (await compare()).body.data;
    const all = await post(`/api/admin/models/price-imports/${again.id}/approve`, {});
    expect(all.body.data).toMatchObject({ status: 'applied', appliedCount: 1 });
    expect((await compare()).body.data.status).toBe('unchanged');
    const page = (await root.request('GET', '/api/admin/models/price-imports?limit=2')).body;
    expect(page.data.map(({ status }: { status: string }) => status)).toEqual(['unchanged', 'applied']);
    const older = await root.request('GET', `/api/admin/models/price-imports?cursor=${page.next_cursor}`);
    expect(older.body.data.map(({ status }: { status: string }) => status)).toEqual(['partly_applied', 'unchanged']);
    const { rows } = await server.owner.query(
      `select after -> 'models' -> 0 ->> 'model' as model from weir.audit_logs where action = 'price_import.approve' order by sequence`,
    );
    expect(rows).toEqual([{ model: 'gpt-4o' }, { model: 'gpt-4o-mini' }]);
  });
});

describe('the figures of a model', () => {
  const stats = async (id: string) => (await root.request('GET', at(id, '/stats'))).body.data;

  it('count who may, who does and what came in', async () => {
    await add('counted', { tier: 'premium', priceCents: 299 });
    const { pro, free } = server.demo.organizations;
    const keys = await server.owner.query<{ user_id: string }>(
      `select user_id from weir.virtual_keys where organization_id = $1 and user_id is not null limit 1`,
      [pro.id],
    );
    const userId = keys.rows[0]?.user_id ?? '';
    await post(at('counted', '/grant-access'), { organizationId: pro.id });
    await post(at('counted', '/grant-access'), { userId: root.userId });
    await expect.poll(() => answerOf('counted'), PATIENCE).toBe('ok');
    await answerOf('counted');
    await answerOf('counted');
    const used = async () => (await stats('counted')).messagesToday;
    await expect.poll(used, PATIENCE).toBe(3);
    const product = '01890000-0000-7000-8000-0000000000a1';
    await server.owner.query(
      `insert into weir.products (id, type, name, model_id, price_cents) values ($1, 'model', 'Counted', 'counted', 299)`,
      [product],
    );
    await server.owner.query(
      `insert into weir.purchases (id, user_id, product_id, product_name, amount_cents, status, completed_at)
       values (gen_random_uuid(), $1, $2, 'Counted', 299, 'completed', now()), (gen_random_uuid(), $3, $2, 'Counted', 299, 'refunded', now()),
              (gen_random_uuid(), $3, $2, 'Counted', 299, 'pending', null)`,
      [userId, product, root.userId],
    );
    const members = await server.owner.query('select user_id from weir.members where organization_id = $1', [pro.id]);
    const found = await stats('counted');
    expect(found).toMatchObject({
      ...{ entitledUsers: 1, entitledOrganizations: 1, usersWithAccess: members.rows.length },
      ...{ messagesToday: 3, messages7Days: 3, messages30Days: 3, averageMessagesPerDay: 0.1 },
      revenue: { purchases: 2, refunds: 1, grossUsd: '5.98', refundedUsd: '2.99', netUsd: '2.99' },
      trial: { people: 0, purchasedLater: 0, conversionRate: null },
    });
    expect(found.topUsers).toMatchObject([{ id: userId, messages: 3 }]);
    expect((await root.request('GET', at('counted'))).body.data.messages30Days).toBe(3);

    const everybody = await stats('sandbox-chat');
    const active = await server.owner.query(`select distinct user_id from weir.members where status = 'active'`);
    expect(everybody.usersWithAccess).toBe(active.rows.length);

    await add('tried', { tier: 'premium', priceCents: 299, trialMessagesAllowed: 2 });
    await expect.poll(() => answerOf('tried'), PATIENCE).toBe('ok');
    await expect
      .poll(async () => (await stats('tried')).trial, PATIENCE)
      .toEqual({
        ...{ people: 1, purchasedLater: 0, conversionRate: 0 },
      });
    await server.owner.query(`update weir.products set model_id = 'tried' where id = $1`, [product]);
    expect((await stats('tried')).trial).toEqual({ people: 1, purchasedLater: 1, conversionRate: 1 });
    expect(free.id).not.toBe(pro.id);
  });
});

describe('who is affected', () => {
  it('by the end of a model is told before, with names; switching it off tells how many and a dry run changes nothing', async () => {
    await add('leaving');
    const { pro } = server.demo.organizations;
    await expect.poll(() => answerOf('leaving'), PATIENCE).toBe('ok');
    await server.owner.query(`update weir.organizations set default_model_id = 'leaving' where id = $1`, [pro.id]);
    await server.owner.query(
      `insert into weir.profiles (user_id, default_model_id, persona_model_overrides)
      values ($1, 'leaving', '{"a-persona": "leaving"}')`,
      [root.userId],
    );
    await server.owner.query(
      `insert into weir.templates (scope, name, slug, role, model_id) values ('system', 'T', 'leaving-t', 'R', 'leaving')`,
    );
    await add('follower', { fallbackModelIds: ['leaving'] });
    await expect
      .poll(async () => (await root.request('GET', at('leaving', '/affected'))).body.data.people.length, PATIENCE)
      .toBe(1);
    const { data } = (await root.request('GET', at('leaving', '/affected'))).body;
    expect(data).toMatchObject({
      counts: {
        isSystemDefault: false,
        people: { byDefault: 1, byPersonaOverride: 1, entitled: 0, active30Days: 1 },
        organizations: { byDefault: 1, entitled: 0, active30Days: 1 },
        ...{ templates: 1, personas: 0, deployments: 0, fallbackOf: 1 },
      },
      templates: [{ slug: 'leaving-t', scope: 'system' }],
      organizationsByDefault: [{ id: pro.id }],
      fallbackOf: ['follower'],
      people: [{ messages: 1 }],
      organizations: [{ id: pro.id, messages: 1 }],
    });
    const before = await root.request('GET', at('leaving', '/affected?before=2020-01-01T00:00:00Z'));
    expect(before.body.data).toMatchObject({ people: [], since: '2019-12-03T00:00:00.000Z' });

    const dry = (await post(at('leaving', '/disable?dry_run=true'))).body.data;
    expect(dry).toMatchObject({ dryRun: true, enabled: true, affected: data.counts });
    expect(await answerOf('leaving')).toBe('ok');
    const off = (await post(at('leaving', '/disable'))).body.data;
    expect(off).toMatchObject({ dryRun: false, enabled: false, affected: { templates: 1 } });
    await expect.poll(() => answerOf('leaving'), PATIENCE).toBe('model_not_enabled');
  });
});

describe('the retirement of a model', () => {
  it('is announced to callers, and from its moment on the replacement answers', async () => {
    await add('old-one');
    await add('new-one');
    const retire = (body: object) => root.request('PATCH', at('old-one'), { body });
    await retire({ retiresAt: '2999-01-01T00:00:00Z', replacementModelId: 'new-one' });
    const shutdown = async () => {
      const headers = { authorization: `Bearer ${server.demo.keys.pro}` };
      const response = await fetch(`${server.url}/v1/models/old-one`, { headers });
      return ((await response.json()) as { shutdown_date?: string }).shutdown_date;
    };
    await expect.poll(shutdown, PATIENCE).toBe('2999-01-01T00:00:00.000Z');
    const due = await root.request('GET', '/api/admin/models?retires_before=2999-06-01T00:00:00Z');
    expect(due.body.data.map(({ id }: { id: string }) => id)).toEqual(['old-one']);
    await retire({ retiresAt: '2020-01-01T00:00:00Z' });
    const served = async () => {
      const { answer, headers } = await ask('old-one');
      return [answer, headers.get('x-weir-model'), headers.get('x-weir-fallback')];
    };
    await expect.poll(served, PATIENCE).toEqual(['ok', 'new-one', 'model_retired']);
    await retire({ replacementModelId: null });
    await expect.poll(() => answerOf('old-one'), PATIENCE).toBe('model_not_enabled');
  });
});

describe('deleting a model', () => {
  it('that was never used makes it gone, out of the fallbacks of others', async () => {
    await add('unused');
    await root.request('PATCH', at('new-one'), { body: { fallbackModelIds: ['unused', 'sandbox-chat'] } });
    expect((await root.request('DELETE', at('unused'))).status).toBe(204);
    expect((await root.request('GET', at('unused'))).status).toBe(404);
    expect((await root.request('GET', at('new-one'))).body.data.fallback_model_ids).toEqual(['sandbox-chat']);
  });

  it('that was used archives it: calls end, its name and history stay, and it can be taken back', async () => {
    expect((await root.request('DELETE', at('new-one'))).status).toBe(204);
    expect((await root.request('DELETE', at('new-one'))).status).toBe(204);
    const { data } = (await root.request('GET', at('new-one'))).body;
    expect(data).toMatchObject({ enabled: false, archived_at: expect.any(String) });
    expect((await root.request('GET', '/api/admin/models?search=new-one')).body.data).toEqual([]);
    expect((await root.request('GET', '/api/admin/models?archived=true')).body.data).toMatchObject([{ id: 'new-one' }]);
    expect((await post(at('new-one', '/enable'))).status).toBe(409);
    await root.request('PATCH', at('new-one'), { body: { archived: false } });
    expect((await post(at('new-one', '/enable'))).body.data).toMatchObject({ enabled: true, archived_at: null });
    const { rows } = await server.owner.query(
      `select action from weir.audit_logs where target_id = 'new-one' order by sequence desc limit 3`,
    );
    expect(rows.map(({ action }) => action)).toEqual(['model.enable', 'model.update', 'model.archive']);
  });

  it('that serves a feature is refused with the list', async () => {
    await add('serving');
    await server.owner.query(`with f as (insert into weir.features (id, name, display_name) values (gen_random_uuid(), 'served', 'Served') returning id)
      insert into weir.deployments (id, feature_id, environment, model_id) select gen_random_uuid(), f.id, 'production', 'serving' from f`);
    const refused = await root.request('DELETE', at('serving'));
    expect([refused.status, refused.body.deployments]).toEqual([
      409,
      [{ feature: 'served', environment: 'production' }],
    ]);
    await server.owner.query(
      `update weir.deployments set is_active = false, deactivated_at = now() where model_id = 'serving'`,
    );
    expect((await root.request('DELETE', at('serving'))).status).toBe(204);
    expect((await root.request('GET', at('serving'))).body.data.archived_at).not.toBeNull();
  });
});
