// Proves: what the platform is told of its use, health and mail over real HTTP, and that nobody else is.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminMailEndpoints, systemHealthEndpoints, systemUsageEndpoints } from '../../contracts/platform/system.ts';
import { type ApiPerson, createApiPerson, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { rollUpUsage } from '../testing/roll-up.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let root: ApiPerson;
let platformAdmin: ApiPerson;
let person: ApiPerson;

/** One event of a demo organization; a correction (sequence 1) brings a difference. */
interface Event {
  readonly day: string;
  readonly plan?: 'pro' | 'free';
  readonly model?: string;
  readonly status?: string;
  readonly tokens?: number;
  readonly costNanoUsd?: number | null;
  readonly sequence?: number;
}

async function addEvent(event: Event): Promise<void> {
  const { day, plan = 'pro', model = 'gpt-4o', status = 'success', tokens = 10, sequence = 0 } = event;
  const { costNanoUsd = 1_500_000_000 } = event;
  await server.owner.query(
    `insert into weir.usage_events (id, sequence, occurred_at, booked_at, organization_id, user_id, environment, model_id, provider, model_type,
       route, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, cost_nano_usd,
       provider_cost_nano_usd, status, streamed, trial, retries, fallback_used, counter_ids, amounts)
     values (gen_random_uuid(), $1, $2::timestamptz, now(), $3, $4, 'production', $5, 'openai', 'catalog', '/v1/chat/completions', $6, 1, 0, 0, 0,
       'provider', $7, $7, $8, false, false, 0, false, '{}', '{}')`,
    [sequence, day, server.demo.organizations[plan].id, person.userId, model, tokens, costNanoUsd, status],
  );
}

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
  person = await createApiPerson(server);
  await addEvent({ day: '2020-03-01T00:00:00Z' });
  await addEvent({ day: '2020-03-01T23:59:59.999Z', plan: 'free', model: 'mini', costNanoUsd: 1 });
  await addEvent({ day: '2020-03-02T12:00:00Z', status: 'error', tokens: 0, costNanoUsd: 0 });
  await addEvent({ day: '2020-03-02T12:00:00Z', status: 'denied', tokens: 0, costNanoUsd: 0 });
  await addEvent({ day: '2020-03-02T13:00:00Z', costNanoUsd: null });
  await addEvent({ day: '2020-03-02T13:00:00Z', tokens: -5, costNanoUsd: -500_000_000, sequence: 1 });
  await addEvent({ day: '2020-02-29T10:00:00Z', tokens: 7 });
  await addEvent({ day: '2020-03-03T00:00:00Z', tokens: 99 });
});
afterAll(() => server.close());

describe('every route', () => {
  const endpoints = [systemUsageEndpoints.get, systemHealthEndpoints.get, ...Object.values(adminMailEndpoints)];
  it.each(endpoints.map((endpoint) => [endpoint.operationId, endpoint] as const))(
    '%s: 401 for nobody, 403 for people, mail for superadmins alone',
    async (_name, { method, path, role }) => {
      const place = path.replace('{id}', UNKNOWN_ID);
      expect((await requestApi(server, [method, place])).status).toBe(401);
      expect((await person.request(method, place)).status).toBe(403);
      expect((await platformAdmin.request(method, place)).status).toBe(role === 'superadmin' ? 403 : 200);
      expect((await root.request(method, place)).status).toBe(place === path ? 200 : 404);
    },
  );
});

describe('use of the platform', () => {
  const usage = async (query: string) => (await platformAdmin.request('GET', `/api/admin/usage?${query}`)).body;

  it('is added up by day, corrections included, beside the period before', async () => {
    const { data } = await usage('from=2020-03-01&to=2020-03-02');
    const totals = { requests: 5, errors: 1, denied: 1, unpriced: 1, organizations: 2, users: 1 };
    expect(data.totals).toMatchObject({ ...totals, input_tokens: 25, output_tokens: 6, total_tokens: 31 });
    expect(data.totals.cost_usd).toBe('1.000000001');
    expect(data.previous).toMatchObject({
      from: '2020-02-28',
      to: '2020-02-29',
      totals: { requests: 1, input_tokens: 7 },
    });
    expect(data.rows.map((row: { key: string; requests: number }) => [row.key, row.requests])).toEqual([
      ['2020-03-01', 2],
      ['2020-03-02', 3],
    ]);
  });

  it.each([
    ['organization', ['Pro', 'Free']],
    ['model', ['GPT-4o', 'mini']],
    ['provider', ['OpenAI']],
    ['status', ['success', 'denied', 'error']],
  ])('is added up by %s, the dearest first', async (group, labels) => {
    const { data } = await usage(`from=2020-03-01&to=2020-03-02&group_by=${group}`);
    const { pro, free } = server.demo.organizations;
    const { rows } = await server.owner.query<{ id: string; name: string }>(
      'select id, name from weir.organizations where id in ($1, $2)',
      [pro.id, free.id],
    );
    const nameOf = (label: string): string =>
      rows.find(({ id }) => id === { Pro: pro.id, Free: free.id }[label])?.name ?? label;
    expect(data.rows.map(({ label }: { label: string }) => label)).toEqual(labels.map(nameOf));
    const sum = data.rows.reduce((total: number, row: { requests: number }) => total + row.requests, 0);
    expect(sum).toBe(data.totals.requests);
  });

  it('narrows by organization, model, provider and status, and to so many rows', async () => {
    const { data } = await usage(`from=2020-03-01&to=2020-03-02&organization=${server.demo.organizations.free.id}`);
    expect(data.totals.requests).toBe(1);
    const dearest = await usage('from=2020-03-01&to=2020-03-02&group_by=model&limit=1');
    expect(dearest.data.rows).toHaveLength(1);
    expect((await usage('from=2020-03-01&to=2020-03-02&provider=nobody')).data.totals.requests).toBe(0);
  });

  it.each([
    ['model=mini&status=success', [1, 1, 1], [0, 0, 0]],
    ['model=gpt-4o&provider=openai', [4, 1, 1], [1, 1, 1]],
    ['model=gpt-4o&provider=nobody', [0, 0, 0], [0, 0, 0]],
    ['provider=openai&status=error', [1, 1, 1], [0, 0, 0]],
    ['model=mini&provider=openai&status=denied', [0, 0, 0], [0, 0, 0]],
    ['organization=free&model=mini&status=success', [1, 1, 1], [0, 0, 0]],
    ['organization=free&model=gpt-4o&status=success', [0, 0, 0], [0, 0, 0]],
  ])('counts who had calls with %s, in the sums and beside them', async (filter, now, before) => {
    const query = `from=2020-03-01&to=2020-03-02&${filter.replace('=free', `=${server.demo.organizations.free.id}`)}`;
    const counts = ({ requests, organizations, users }: Record<string, number>) => [requests, organizations, users];
    const { data } = await usage(query);
    expect([counts(data.totals), counts(data.previous.totals)]).toEqual([now, before]);
    await rollUpUsage(server);
    const { data: summed } = await usage(query);
    expect([summed.totals, summed.previous]).toEqual([data.totals, data.previous]);
  });

  it.each([
    ['from=2020-03-02&to=2020-03-01', 'from'],
    ['from=2020-01-01&to=2020-04-02', 'from'],
    ['from=2020-02-30', 'from'],
    ['to=today', 'to'],
    ['group_by=person', 'group_by'],
    ['organization=x', 'organization'],
  ])('refuses %s and names the field', async (query, field) => {
    const { code, errors } = await usage(query);
    expect([code, errors?.[0]?.path]).toEqual(['invalid_request', field]);
  });

  it('takes 92 days, and the last 30 where none are named', async () => {
    expect((await usage('from=2020-01-01&to=2020-04-01')).data.totals.requests).toBe(7);
    const { data } = await usage('');
    expect((Date.parse(data.to) - Date.parse(data.from)) / 86_400_000).toBe(29);
  });
});

describe('health', () => {
  const health = async () => (await platformAdmin.request('GET', '/api/admin/health')).body.data;

  it('tells of each part how it is, and what to do where it is not well', async () => {
    const { parts, versions, uptime_seconds: uptime } = await health();
    const names = parts.map(({ name }: { name: string }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['database', 'facts', 'ledger', 'holds', 'settlements', 'partitions', 'mail']),
    );
    for (const { status, remedy } of parts) expect(status === 'ok').toBe(remedy === null);
    expect(versions.postgres).toMatch(/^\d+/);
    expect(versions.weir).toMatch(/^\d+\.\d+\.\d+/);
    expect(uptime).toBeGreaterThanOrEqual(0);
  });
});

describe('mail', () => {
  it('is listed newest first, page by page, by status; its text is read one by one, which is recorded', async () => {
    for (const name of ['a', 'b', 'c'])
      await root.request('POST', '/api/admin/users', { body: { name, email: `${name}@mail.example` } });
    const seen: string[] = [];
    let cursor = '';
    do {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await root.request('GET', `/api/admin/mail?limit=2${next}`);
      for (const mail of body.data) expect(mail).not.toHaveProperty('text');
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor ?? '';
    } while (cursor !== '');
    const { rows } = await server.owner.query<{ id: string }>(
      'select id from weir.mail_outbox order by created_at desc, id desc',
    );
    expect(seen).toEqual(rows.map(({ id }) => id));
    expect((await root.request('GET', '/api/admin/mail?status=sent')).body.data).toEqual([]);
    expect((await root.request('GET', '/api/admin/mail?status=lost')).body.errors[0].path).toBe('status');
    const [first = ''] = seen;
    const one = await root.request('GET', `/api/admin/mail/${first}`);
    expect(one.body.data).toMatchObject({ id: first, kind: 'user_created', to: 'c@mail.example' });
    expect(one.body.data.text).toContain('/reset-password?token=');
    const { rows: acts } = await server.owner.query(
      `select actor_id, target_id, after from weir.audit_logs where action = 'mail.read'`,
    );
    expect(acts).toEqual([
      { actor_id: root.userId, target_id: first, after: { kind: 'user_created', to: 'c@mail.example' } },
    ]);
  });
});
