// Proves: the catalog as superadmins keep it over real HTTP: adding, changing, switching, deleting, many at once, grants at the real gateway, and figures.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminModelEndpoints } from '../../contracts/catalog/admin-models.ts';
import { modelPriceEndpoints } from '../../contracts/catalog/model-prices.ts';
import { grantEndpoints } from '../../contracts/entitlements/grants.ts';
import { type ApiAnswer, type ApiPerson, createApiPerson, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let root: ApiPerson;
let platformAdmin: ApiPerson;
let person: ApiPerson;

/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const at = (id: string, rest = ''): string => `/api/admin/models/${id}${rest}`;
const PRICE = { inputUsdPerMillion: '0.15', outputUsdPerMillion: '0.6' } as const;

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
  person = await createApiPerson(server);
});
afterAll(() => server.close());

const newModel = (id: string, more: object = {}) => ({
  ...{ id, provider: 'sandbox', providerModelId: id, displayName: `Model ${id}`, modelType: 'llm' },
  ...more,
});
const add = (id: string, more: object = {}): Promise<ApiAnswer> =>
  root.request('POST', '/api/admin/models', { body: newModel(id, more) });
const fieldOf = ({ status, body }: ApiAnswer): unknown[] => [status, body.errors?.[0]?.path];
const actsOn = async (id: string): Promise<{ action: string; before: unknown; after: unknown }[]> => {
  const { rows } = await server.owner.query(
    'select action, before, after from weir.audit_logs where target_id = $1 order by created_at, sequence',
    [id],
  );
  return rows;
};
const eventsOf = async (id: string): Promise<string[]> => {
  const { rows } = await server.owner.query<{ name: string }>(
    `select name from weir.analytics_events where properties ->> 'model_id' = $1 order by id`,
    [id],
  );
  return rows.map(({ name }) => name);
};

describe('every route', () => {
  const bodies: Readonly<Record<string, unknown>> = {
    createModel: newModel('never-made'),
    updateModel: {},
    changeModels: { action: 'enable', ids: ['gone'] },
    createModelPrice: PRICE,
    approvePriceImport: {},
    grantModelAccess: { email: 'nobody@people.example' },
  };
  const endpoints = [adminModelEndpoints, modelPriceEndpoints, grantEndpoints].flatMap((noun) => Object.values(noun));
  it.each(endpoints.map((endpoint) => [endpoint.operationId, endpoint] as const))(
    '%s: 401 for nobody, 403 for people and platform admins, 404 for what is not there',
    async (operationId, endpoint) => {
      const path = endpoint.path.replaceAll(/\{\w+\}/g, UNKNOWN_ID);
      const request = bodies[operationId] === undefined ? {} : { body: bodies[operationId] };
      expect((await requestApi(server, [endpoint.method, path], request)).status).toBe(401);
      expect((await person.request(endpoint.method, path, request)).status).toBe(403);
      expect((await platformAdmin.request(endpoint.method, path, request)).status).toBe(403);
      if (path === endpoint.path) return;
      expect((await root.request(endpoint.method, path, request)).status).toBe(404);
    },
  );
});

describe('adding a model', () => {
  it('keeps what is said, its price from now on, and who did it', async () => {
    const made = await add('made', {
      ...{ tier: 'premium', priceCents: 299, trialMessagesAllowed: 2, rateLimitMessagesPerDay: 50, enabled: true },
      ...{ capabilities: ['chat', 'tools'], contextWindow: 128_000, metadata: { speed: 4, quality: 5, note: 'new' } },
      ...{ fallbackModelIds: ['gpt-4o-mini'], pricing: { ...PRICE, cachedInputUsdPerMillion: '0.075000001' } },
    });
    expect([made.status, made.headers.get('etag')]).toEqual([201, expect.any(String)]);
    expect(made.body.data).toMatchObject({
      ...{ id: 'made', tier: 'premium', price_cents: 299, enabled: true, rate_limit_messages_per_day: 50 },
      ...{ capabilities: ['chat', 'tools'], fallback_model_ids: ['gpt-4o-mini'], provider: { slug: 'sandbox' } },
      pricing: { ...PRICE, cachedInputUsdPerMillion: '0.075000001', requestUsd: '0', source: 'admin' },
      messages30Days: 0,
    });
    expect((await root.request('GET', at('made'))).body).toEqual(made.body);
    expect(await actsOn('made')).toMatchObject([{ action: 'model.create', after: { tier: 'premium' } }]);
    expect(await eventsOf('made')).toEqual(['admin_model_created']);
  });

  it.each([
    [{ id: 'Not A Slug' }, 'id'],
    [{ id: 'auto' }, 'id'],
    [{ id: 'export.csv' }, 'id'],
    [{ provider: 'nowhere' }, 'provider'],
    [{ enabled: true }, 'pricing'],
    [{ priceCents: 299 }, 'priceCents'],
    [{ tier: 'premium', priceCents: 0 }, 'priceCents'],
    [{ tier: 'premium', priceCents: 1e308 }, 'priceCents'],
    [{ pricing: { ...PRICE, inputUsdPerMillion: '-1' } }, 'pricing.inputUsdPerMillion'],
    [{ pricing: { ...PRICE, inputUsdPerMillion: 'NaN' } }, 'pricing.inputUsdPerMillion'],
    [{ pricing: { ...PRICE, inputUsdPerMillion: '1e308' } }, 'pricing.inputUsdPerMillion'],
    [{ pricing: { ...PRICE, outputUsdPerMillion: '0.0000000001' } }, 'pricing.outputUsdPerMillion'],
    [{ pricing: { inputUsdPerMillion: '1' } }, 'pricing.outputUsdPerMillion'],
    [{ fallbackModelIds: ['gpt-4o-mini', 'nowhere'] }, 'fallbackModelIds[1]'],
    [{ fallbackModelIds: ['wrong'] }, 'fallbackModelIds[0]'],
    [{ fallbackModelIds: ['sandbox-embedding'] }, 'fallbackModelIds[0]'],
    [{ fallbackModelIds: ['gpt-4o-mini', 'gpt-4o-mini'] }, 'fallbackModelIds[1]'],
    [{ replacementModelId: 'wrong' }, 'replacementModelId'],
    [{ metadata: { speed: 6 } }, 'metadata.speed'],
    [{ contextWindow: 0 }, 'contextWindow'],
    [{ sortOrder: 2 ** 31 }, 'sortOrder'],
    [{ trialMessagesAllowed: -1 }, 'trialMessagesAllowed'],
    [{ colour: 'red' }, 'colour'],
  ])('refuses %j and names the field', async (fault, field) => {
    expect(fieldOf(await add('wrong', fault))).toEqual([400, field]);
  });

  it('refuses an id and a provider’s model that are taken', async () => {
    expect(fieldOf(await add('gpt-4o-mini', { providerModelId: 'other' }))).toEqual([409, 'id']);
    expect(fieldOf(await add('twin', { providerModelId: 'made' }))).toEqual([409, 'providerModelId']);
    expect((await add('twin', { providerModelId: 'made', version: '2' })).status).toBe(201);
  });
});

describe('changing a model', () => {
  it('leaves what is not said, refuses an older version, and records before and after', async () => {
    const { headers } = await add('changing', { tier: 'premium', priceCents: 299, trialMessagesAllowed: 2 });
    const fresh = { headers: { 'if-match': headers.get('etag') ?? '' } };
    const changed = await root.request('PATCH', at('changing'), { body: { displayName: 'Changed' }, ...fresh });
    expect(changed.body.data).toMatchObject({ display_name: 'Changed', price_cents: 299, trial_messages_allowed: 2 });
    const stale = await root.request('PATCH', at('changing'), { body: { displayName: 'Lost' }, ...fresh });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale']);
    expect((await actsOn('changing'))[1]).toMatchObject({
      action: 'model.update',
      ...{ before: { display_name: 'Model changing' }, after: { display_name: 'Changed' } },
    });
  });

  it('takes its price away when it becomes free, and gives a free one none', async () => {
    const freed = await root.request('PATCH', at('changing'), { body: { tier: 'free' } });
    expect(freed.body.data).toMatchObject({ tier: 'free', price_cents: null });
    expect(fieldOf(await root.request('PATCH', at('changing'), { body: { priceCents: 5 } }))).toEqual([
      400,
      'priceCents',
    ]);
    expect(fieldOf(await root.request('PATCH', at('changing'), { body: { id: 'other' } }))).toEqual([400, 'id']);
    expect(fieldOf(await root.request('PATCH', at('changing'), { body: { enabled: true } }))).toEqual([400, 'enabled']);
  });

  it('is switched on with a price in force alone', async () => {
    const enable = () => root.request('POST', at('changing', '/enable'));
    const refused = await enable();
    expect(fieldOf(refused)).toEqual([409, 'pricing']);
    const later = { ...PRICE, effectiveFrom: '2999-01-01T00:00:00Z' };
    expect((await root.request('POST', at('changing', '/prices'), { body: later })).status).toBe(201);
    expect(fieldOf(await enable())).toEqual([409, 'pricing']);
    await root.request('POST', at('changing', '/prices'), {
      body: { inputUsdPerMillion: '0', outputUsdPerMillion: '0' },
    });
    expect((await enable()).body.data).toMatchObject({ enabled: true, pricing: { inputUsdPerMillion: '0' } });
    expect((await enable()).status).toBe(200);
    expect((await actsOn('changing')).filter(({ action }) => action === 'model.enable')).toHaveLength(1);
  });
});

describe('the system’s default', () => {
  const isDefault = async (): Promise<string[]> => {
    const { rows } = await server.owner.query<{ id: string }>('select id from weir.models where is_system_default');
    return rows.map(({ id }) => id);
  };

  it('can’t be switched off, deleted, sold, made unavailable or retired while it is the default', async () => {
    const patch = (body: object) => root.request('PATCH', at('gpt-4o-mini'), { body });
    const answers = [
      await root.request('POST', at('gpt-4o-mini', '/disable')),
      await root.request('DELETE', at('gpt-4o-mini')),
      await patch({ tier: 'premium', priceCents: 100 }),
      await patch({ status: 'unavailable' }),
      await patch({ retiresAt: '2999-01-01T00:00:00Z' }),
    ];
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([409, 'conflict']);
      expect(body.detail).toContain('isSystemDefault');
    }
  });

  it('is handed on to another model, one at a time, that everybody can use', async () => {
    const make = (id: string) => root.request('PATCH', at(id), { body: { isSystemDefault: true } });
    expect((await make('made')).status).toBe(409);
    expect((await make('sandbox-embedding')).status).toBe(409);
    const both = await Promise.all([make('sandbox-chat'), make('claude-3-5-haiku'), make('sandbox-chat')]);
    expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await isDefault()).toHaveLength(1);
    await make('gpt-4o-mini');
    expect(await isDefault()).toEqual(['gpt-4o-mini']);
  });
});

describe('listing models', () => {
  const list = async (query: string): Promise<{ id: string; [name: string]: unknown }[]> =>
    (await root.request('GET', `/api/admin/models?${query}`)).body.data;

  it.each(['sort_order', 'name', 'provider', 'tier', 'status', 'created_at'])(
    'pages by %s, both ways',
    async (sort) => {
      const ids: string[] = [];
      let cursor = '';
      do {
        const next = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body } = await root.request('GET', `/api/admin/models?sort=${sort}&limit=20${next}`);
        ids.push(...body.data.map(({ id }: { id: string }) => id));
        cursor = body.next_cursor ?? '';
      } while (cursor !== '');
      const { rows } = await server.owner.query('select id from weir.models where archived_at is null');
      expect([...new Set(ids)].sort()).toEqual(rows.map(({ id }) => id).sort());
      expect(ids).toHaveLength(rows.length);
      expect((await list(`sort=${sort}&order=desc&limit=1`))[0]?.id).toBe(ids.at(-1));
    },
  );

  it('narrows', async () => {
    const ids = async (query: string) => (await list(query)).map(({ id }) => id);
    expect(await ids('search=MODEL%20MADE')).toEqual(['made']);
    expect(await ids('provider=sandbox&tier=premium&enabled=true')).toEqual(['made']);
    expect(await ids('capability=embeddings&provider=sandbox')).toEqual(['sandbox-embedding']);
    expect(await ids('search=twin&status=deprecated')).toEqual([]);
    const foreign = await root.request('GET', '/api/admin/models?sort=created_at&cursor=WyJ4IiwieSJd');
    expect(fieldOf(foreign)).toEqual([400, 'cursor']);
  });

  it('is a CSV whose cells no spreadsheet computes', async () => {
    await root.request('PATCH', at('twin'), { body: { displayName: '=cmd|calc', description: '+1, "quoted"' } });
    const file = await root.request('GET', '/api/admin/models/export.csv?search=twin');
    const [header, row, rest] = file.body.split('\r\n');
    expect(header).toMatch(/^id,provider,.*input_usd_per_million,output_usd_per_million/);
    expect(row).toContain(`,'=cmd|calc,"'+1, ""quoted""",`);
    expect(rest).toBe('');
    const made = await root.request('GET', '/api/admin/models/export.csv?search=made');
    expect(made.body).toContain(',0.15,0.6,0.075000001,');
    const { rows } = await server.owner.query(`select 1 from weir.audit_logs where action = 'model.export'`);
    expect(rows).toHaveLength(2);
  });
});

describe('many at once', () => {
  it('each by itself, with what became of each', async () => {
    const { body } = await root.request('POST', '/api/admin/models/bulk', {
      body: { action: 'disable', ids: ['made', 'gpt-4o-mini', 'nowhere'] },
    });
    expect(body).toMatchObject({ changed: 1, refused: 2 });
    expect(body.data).toMatchObject([
      { id: 'made', ok: true, error: null },
      { id: 'gpt-4o-mini', ok: false, error: { code: 'conflict' } },
      { id: 'nowhere', ok: false, error: { code: 'not_found' } },
    ]);
    const bulk = (act: object) => root.request('POST', '/api/admin/models/bulk', { body: act });
    await bulk({ action: 'enable', ids: ['made'] });
    await bulk({ action: 'set_status', ids: ['made', 'twin'], status: 'beta' });
    await bulk({ action: 'set_tier', ids: ['twin'], tier: 'premium' });
    await bulk({ action: 'set_sort_order', ids: ['twin', 'made'], from: 5_000 });
    const { rows } = await server.owner.query(
      `select id, enabled, status, tier, sort_order from weir.models where id in ('made', 'twin') order by sort_order`,
    );
    expect(rows).toEqual([
      { id: 'twin', enabled: false, status: 'beta', tier: 'premium', sort_order: 5_000 },
      { id: 'made', enabled: true, status: 'beta', tier: 'premium', sort_order: 5_010 },
    ]);
    expect((await bulk({ action: 'explode', ids: ['made'] })).status).toBe(400);
    expect((await bulk({ action: 'enable', ids: [] })).status).toBe(400);
  });
});

describe('granted access', () => {
  const ask = async (model: string): Promise<string> => {
    const response = await fetch(`${server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.demo.keys.pro}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }),
    });
    const body = (await response.json()) as { error?: { code: string } };
    return response.status === 200 ? 'ok' : (body.error?.code ?? String(response.status));
  };
  const grant = (body: object, model = 'granted') => root.request('POST', at(model, '/grant-access'), { body });
  const grants = async (query = '') => (await root.request('GET', at('granted', `/grants${query}`))).body.data;

  it('to an organization works at the gateway at once, and ends at once', async () => {
    await add('granted', { tier: 'premium', priceCents: 299, enabled: true, pricing: PRICE });
    const { pro } = server.demo.organizations;
    await expect.poll(() => ask('granted'), PATIENCE).toBe('model_locked');
    const given = await grant({ organizationId: pro.id, notes: 'for the pilot' });
    expect([given.status, given.body.data]).toMatchObject([
      201,
      { source: 'admin_grant', organization: { id: pro.id }, user: null, notes: 'for the pilot', isActive: true },
    ]);
    await expect.poll(() => ask('granted'), PATIENCE).toBe('ok');
    expect((await grant({ organizationId: pro.id })).status).toBe(409);
    expect((await root.request('DELETE', at('granted'))).body).toMatchObject({
      ...{ status: 409, code: 'conflict', entitlements: { people: 0, organizations: 1 } },
    });
    const { id } = given.body.data;
    expect((await root.request('DELETE', `/api/admin/models/grants/${id}`)).status).toBe(204);
    await expect.poll(() => ask('granted'), PATIENCE).toBe('model_locked');
    expect((await root.request('DELETE', `/api/admin/models/grants/${id}`)).status).toBe(204);
    expect((await actsOn(id)).map(({ action }) => action)).toEqual(['model_access.grant', 'model_access.revoke']);
    expect((await eventsOf('granted')).slice(1)).toEqual(['admin_model_access_granted', 'admin_model_access_revoked']);
  });

  it('to people, by address or id, with an end; a trial beside it; all are listed with notes', async () => {
    const given = await grant({
      email: person.email.toUpperCase(),
      expiresAt: '2999-01-01T00:00:00+02:00',
      notes: 'A friend',
    });
    expect(given.body.data).toMatchObject({ user: { id: person.userId }, expiresAt: '2998-12-31T22:00:00.000Z' });
    expect((await grant({ userId: person.userId })).status).toBe(409);
    expect((await grant({ userId: person.userId, source: 'trial' })).status).toBe(201);
    expect((await grants('?state=active')).map(({ source }: { source: string }) => source)).toEqual([
      'trial',
      'admin_grant',
    ]);
    expect(await grants('?state=ended')).toMatchObject([{ notes: 'for the pilot', grantedBy: { id: root.userId } }]);
    expect(await grants('?source=trial')).toHaveLength(1);
    const first = await root.request('GET', at('granted', '/grants?limit=2'));
    const second = await root.request('GET', at('granted', `/grants?limit=2&cursor=${first.body.next_cursor}`));
    expect([first.body.data.length, second.body.data.length, second.body.next_cursor]).toEqual([2, 1, null]);
  });

  it.each([
    [{}, [400, '']],
    [{ email: 'a@b.example', userId: UNKNOWN_ID }, [400, '']],
    [{ email: 'nobody@people.example' }, [404, 'email']],
    [{ userId: UNKNOWN_ID }, [404, 'userId']],
    [{ organizationId: UNKNOWN_ID }, [404, 'organizationId']],
    [{ email: 'no address' }, [400, 'email']],
    [{ source: 'purchase', organizationId: UNKNOWN_ID }, [400, 'source']],
  ])('refuses %j', async (body, expected) => {
    expect(fieldOf(await grant(body))).toEqual(expected);
  });

  it('refuses an end in the past, and to take back what was bought', async () => {
    const past = { userId: root.userId, expiresAt: '2020-01-01T00:00:00Z' };
    expect(fieldOf(await grant(past))).toEqual([400, 'expiresAt']);
    const id = UNKNOWN_ID.replace('0000-7000', '0001-7000');
    await server.owner.query(
      `insert into weir.entitlements (id, user_id, model_id, source) values ($1, $2, 'granted', 'purchase')`,
      [id, root.userId],
    );
    expect((await root.request('DELETE', `/api/admin/models/grants/${id}`)).status).toBe(409);
  });
});
