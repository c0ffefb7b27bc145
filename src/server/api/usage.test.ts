// Proves: what people and organizations are told of their use over real HTTP: whose, of what, when, against before; the same before and after it is added up, and
// never anybody else's.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usageEndpoints } from '../../contracts/analytics/usage.ts';
import { usageEventEndpoints } from '../../contracts/analytics/usage-events.ts';
import { usageReportEndpoints } from '../../contracts/analytics/usage-reports.ts';
import { insertUse } from '../../control/analytics/testing/usage-world.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { createApiPerson, requestApi } from '../testing/api-person.ts';
import { rollUpUsage } from '../testing/roll-up.ts';
import { fromNoon, startTestServer, type TestServer } from '../testing/running-server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ORGANIZATION = '/api/usage/organization';
const ME = '/api/usage/me';

let server: TestServer;
let place: ApiOrganization;
let departmentId: string;
/** The first moment of the server's today in UTC. */
let today: number;
const daysAgo = (days: number, hours = 0): Date => new Date(today - days * DAY_MS + hours * HOUR_MS);
const dayOf = (days: number): string => daysAgo(days).toISOString().slice(0, 10);

beforeAll(async () => {
  server = await startTestServer({}, fromNoon());
  today = Math.floor(server.nowMs() / DAY_MS) * DAY_MS;
  place = await createApiOrganization(server);
  const made = await place.admin.request('POST', '/api/departments', { body: { name: 'Research' } });
  departmentId = made.body.data.id;
  const use = (at: Date, user: string | null, columns: Record<string, unknown> = {}, organizationId = place.id) => ({
    ...{ at, organizationId, columns: { user_id: user, cost_nano_usd: 1_000_000_000, ...columns } },
  });
  const { member, admin, stranger } = place;
  await insertUse(server.owner, [
    use(daysAgo(2, 1), member.userId, { department_id: departmentId, feature: 'summary' }),
    use(daysAgo(2, 23), member.userId, {
      model_id: 'claude-3-opus',
      provider: 'anthropic',
      cost_nano_usd: 5_000_000_001,
    }),
    use(daysAgo(1, 5), admin.userId, {
      status: 'denied',
      error_code: 'budget_exceeded',
      cost_nano_usd: 0,
      latency_ms: null,
    }),
    use(daysAgo(1, 6), null, { cost_nano_usd: null, latency_ms: 3_500 }),
    use(daysAgo(9, 3), member.userId, { cost_nano_usd: 2_000_000_000 }),
    use(daysAgo(2), stranger.userId, { cost_nano_usd: 77_000_000_000 }, await strangersOrganization()),
  ]);
});
afterAll(() => server.close());

async function strangersOrganization(): Promise<string> {
  const { rows } = await server.owner.query('select organization_id from weir.members where user_id = $1', [
    place.stranger.userId,
  ]);
  return rows[0].organization_id;
}

const addUp = () => rollUpUsage(server);
const ask = async (query: string, path = ORGANIZATION, who = path === ME ? place.member : place.admin) => {
  const { status, body } = await who.request('GET', `${path}?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.data;
};
const keysOf = (data: { rows: { key: string | null }[] }) => data.rows.map(({ key }) => key);

describe.each([
  ['from the events', async () => undefined],
  ['from the sums', addUp],
])('%s', (_name, prepare) => {
  beforeAll(async () => void (await prepare()));

  it('tells what the organization used in seven days, by model, against the seven before', async () => {
    const data = await ask('period=7d&group_by=model');
    expect(data.totals).toMatchObject({
      ...{ requests: 4, denied: 1, unpriced_requests: 1, cost_usd: '6.000000001', total_tokens: 600, active_users: 2 },
      latency_ms: { p50: expect.any(Number), p95: expect.any(Number) },
    });
    expect(data.comparison).toMatchObject({
      totals: { requests: 1, cost_usd: '2' },
      change_percent: { requests: 300, cost_usd: 200 },
    });
    expect(data.rows).toMatchObject([
      {
        key: 'claude-3-opus',
        requests: 1,
        cost_usd: '5.000000001',
        cost_share: 0.8333,
        change_percent: { cost_usd: null },
      },
      { key: 'gpt-4o-mini', label: 'GPT-4o mini', requests: 3, cost_usd: '1', change_percent: { cost_usd: -50 } },
    ]);
    expect([data.interval, data.series.length, data.time_zone]).toEqual(['day', 7, 'UTC']);
    expect(data.series.map(({ requests }: { requests: number }) => requests)).toEqual([0, 0, 0, 0, 2, 2, 0]);
  });

  it('tells a member of their own use alone', async () => {
    const data = await ask('period=30d&group_by=user', ME);
    expect(data.totals).toMatchObject({ requests: 3, cost_usd: '8.000000001', active_users: 1 });
    expect(data.rows).toMatchObject([{ key: place.member.userId, label: expect.stringContaining('Person') }]);
    expect((await ask('period=all', ME, place.stranger)).totals).toMatchObject({ requests: 1, cost_usd: '77' });
  });

  it('groups by all that calls differ in, by name, with what has none', async () => {
    expect(await ask('period=7d&group_by=department')).toMatchObject({
      rows: [
        { key: null, label: 'none', requests: 3 },
        { key: departmentId, label: 'Research', requests: 1 },
      ],
    });
    expect(keysOf(await ask('period=7d&group_by=user&sort=requests'))).toEqual([
      place.member.userId,
      ...[place.admin.userId],
      null,
    ]);
    expect(keysOf(await ask('period=7d&group_by=status'))).toEqual(['success', 'denied']);
    expect(keysOf(await ask('period=7d&group_by=feature'))).toEqual([null, 'summary']);
    expect(keysOf(await ask('period=7d&group_by=provider'))).toEqual(['anthropic', 'openai']);
    expect(keysOf(await ask('period=30d&group_by=day'))).toEqual([dayOf(9), dayOf(2), dayOf(1)]);
    for (const group of ['template', 'key', 'model_type', 'environment'])
      expect((await ask(`period=7d&group_by=${group}`)).rows).toHaveLength(1);
  });

  it('narrows by several filters at once', async () => {
    const { member } = place;
    const total = async (query: string) => (await ask(`period=7d&${query}`)).totals.requests;
    expect(await total(`user=${member.userId}`)).toBe(2);
    expect(await total(`user=${member.userId},none&model=gpt-4o-mini`)).toBe(2);
    expect(await total('user=none')).toBe(1);
    expect(
      await total(`department=${departmentId}&feature=summary&status=success&provider=openai&model_type=catalog`),
    ).toBe(1);
    expect(await total('feature=none&status=success,denied')).toBe(3);
    expect(await total('key=none&template=none&environment=production')).toBe(4);
    expect((await ask(`period=7d&model=claude-3-opus`, ME)).totals.requests).toBe(1);
  });

  it('pages through groups, and adds up what comes after them', async () => {
    const first = await ask('period=7d&group_by=model&limit=1');
    expect([keysOf(first), first.other]).toMatchObject([['claude-3-opus'], { requests: 3, cost_usd: '1' }]);
    const second = await ask(`period=7d&group_by=model&limit=1&cursor=${first.next_cursor}`);
    expect([keysOf(second), second.other, second.next_cursor]).toEqual([['gpt-4o-mini'], null, null]);
    const refused = await place.admin.request(
      'GET',
      `${ORGANIZATION}?group_by=model&sort=requests&cursor=${first.next_cursor}`,
    );
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'cursor']);
  });

  it('takes days with their ends and moments widened to the hour, and hours only of a month', async () => {
    const days = await ask(`from=${dayOf(2)}&to=${dayOf(2)}`);
    expect([days.totals.requests, days.from, days.to]).toEqual([2, daysAgo(2).toISOString(), daysAgo(1).toISOString()]);
    const hours = await ask(`from=${daysAgo(2, 1.5).toISOString()}&to=${daysAgo(1, 5.5).toISOString()}`);
    expect([hours.totals.requests, hours.interval, hours.series.length]).toEqual([3, 'hour', 29]);
    const edges = await ask(`from=${daysAgo(9, 4).toISOString()}&to=${daysAgo(1, 6).toISOString()}`);
    expect([edges.totals.requests, edges.interval]).toEqual([3, 'day']);
    expect(keysOf(await ask(`from=${dayOf(2)}&to=${dayOf(2)}&group_by=hour`))).toHaveLength(2);
    expect((await ask('period=all')).comparison).toBeNull();
    expect((await ask('period=24h')).series).toHaveLength(24);
  });
});

it('shows a call at once, also when it is added up the next moment, and once', async () => {
  await addUp();
  await insertUse(server.owner, [
    { at: new Date(server.nowMs()), organizationId: place.id, columns: { user_id: place.owner.userId } },
  ]);
  const total = async () => (await ask(`period=24h&user=${place.owner.userId}`)).totals.requests;
  expect(await total()).toBe(1);
  await addUp();
  expect(await total()).toBe(1);
});

it('tells an organization the same of a call before and after it is added up, by whatever it is asked', async () => {
  await addUp();
  const columns = { user_id: place.owner.userId, status: 'error', model_id: 'claude-3-opus', feature: 'summary' };
  await insertUse(server.owner, [{ at: new Date(server.nowMs()), organizationId: place.id, columns }]);
  const asked = ['day', 'user', 'model', 'template', 'department', 'key', 'status'].flatMap((group) =>
    [
      '',
      '&model=claude-3-opus',
      '&feature=summary&status=error',
      `&user=${place.owner.userId}`,
      '&department=none',
      '&key=none',
    ].flatMap((filter) => [
      `group_by=${group}${filter}`,
      `group_by=${group}${filter}&from=${daysAgo(2.5).toISOString()}`,
    ]),
  );
  const answers = async () => {
    const all = [];
    for (const query of asked) {
      const { status, body } = await place.admin.request('GET', `/api/usage/organization?${query}`);
      expect([query, status]).toEqual([query, 200]);
      const { data_as_of: _, ...rest } = body.data;
      all.push([query, rest]);
    }
    return all;
  };
  const before = await answers();
  await addUp();
  expect(await answers()).toEqual(before);
});

it('tells the platform the same of a call before and after it is added up, by whatever it is asked', async () => {
  const root = await createApiPerson(server, { platformRole: 'superadmin' });
  await addUp();
  const columns = { user_id: place.owner.userId, status: 'denied', model_id: 'claude-3-opus', provider: 'anthropic' };
  await insertUse(server.owner, [{ at: new Date(server.nowMs()), organizationId: place.id, columns }]);
  const asked = ['day', 'organization', 'model', 'provider', 'status'].flatMap((group) => [
    `group_by=${group}`,
    `group_by=${group}&model=claude-3-opus`,
    `group_by=${group}&organization=${place.id}&status=denied`,
    `group_by=${group}&provider=anthropic&status=denied`,
  ]);
  const answers = async () => {
    const all = [];
    for (const query of asked) all.push((await root.request('GET', `/api/admin/usage?${query}`)).body.data);
    return all;
  };
  const before = await answers();
  await addUp();
  expect(await answers()).toEqual(before);
  expect(before[3]).toMatchObject({ totals: { requests: 1, denied: 1, users: 1, organizations: 1 } });
});

describe('single calls', () => {
  it('are listed newest first, with filters, to admins; to members their own', async () => {
    const range = `from=${daysAgo(3).toISOString()}&to=${daysAgo(0).toISOString()}`;
    const all = await place.admin.request('GET', `/api/usage/events?${range}&limit=3`);
    expect(all.body.data.map(({ status }: { status: string }) => status)).toEqual(['success', 'denied', 'success']);
    const next = await place.admin.request('GET', `/api/usage/events?${range}&cursor=${all.body.next_cursor}`);
    expect(next.body.data).toMatchObject([
      { feature: 'summary', department_id: departmentId, user: { id: place.member.userId } },
    ]);
    const own = await place.member.request('GET', `/api/usage/events?${range}&user=${place.admin.userId}`);
    expect(own.body.data.map(({ user }: { user: { id: string } }) => user.id)).toEqual([
      place.member.userId,
      place.member.userId,
    ]);
    const denied = await place.admin.request('GET', `/api/usage/events?${range}&status=denied`);
    expect(denied.body.data).toMatchObject([{ error_code: 'budget_exceeded', cost_usd: '0' }]);
  });

  it('explain what they cost, line by line, with the price of their day; to nobody else', async () => {
    const { rows } = await server.owner.query(
      `select p.id, p.input_nano_usd_per_million as input, p.output_nano_usd_per_million as output from weir.model_prices p where p.model_id = 'gpt-4o-mini' limit 1`,
    );
    const [price] = rows;
    const cost = (12_345n * BigInt(price.input) + 678n * BigInt(price.output)) / 1_000_000n;
    const columns = {
      user_id: place.member.userId,
      price_id: price.id,
      input_tokens: 12_345,
      output_tokens: 678,
      cost_nano_usd: Number(cost),
    };
    await insertUse(server.owner, [{ at: daysAgo(3, 2), organizationId: place.id, columns }]);
    const found = await server.owner.query('select id from weir.usage_events where input_tokens = 12345');
    const path = `/api/usage/events/${found.rows[0].id}`;
    const { bill } = (await place.member.request('GET', path)).body.data;
    expect(bill).toMatchObject({
      ...{
        outcome: 'charged',
        rounding: 'half_even_per_line',
        price: { id: price.id, model: 'gpt-4o-mini', long_context: false },
      },
      lines: [
        { part: 'input', tokens: 12_345 },
        { part: 'output', tokens: 678 },
      ],
    });
    expect(bill.lines_total_usd).toBe(bill.cost_usd);
    expect((await place.admin.request('GET', path)).status).toBe(200);
    const colleague = await place.join('member');
    expect((await colleague.request('GET', path)).status).toBe(404);
    expect((await place.stranger.request('GET', path)).status).toBe(404);
  });
});

describe('files', () => {
  const fileOf = async (query: string) => {
    const answer = await place.admin.request('GET', `/api/usage/export.csv?${query}`);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    const lines = (answer.body as string)
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    const [header = [], ...rows] = lines;
    const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);
    return { name: answer.headers.get('content-disposition'), header, rows, column };
  };

  it('hold a line for all that differs, are named by range and filter, and leave a trace', async () => {
    const file = await fileOf(`from=${dayOf(2)}&to=${dayOf(1)}&status=success`);
    expect(file.name).toBe(`attachment; filename="weir-usage_${dayOf(2)}_${dayOf(1)}_days_filtered.csv"`);
    expect(file.column('model').toSorted()).toEqual(['claude-3-opus', 'gpt-4o-mini', 'gpt-4o-mini']);
    expect(file.column('cost_usd').toSorted()).toEqual(['0', '1', '5.000000001']);
    expect(await place.actions()).toContain('usage.export');
  });

  it('hold every call of a range that is longer than a page', async () => {
    const at = daysAgo(20, 1);
    await insertUse(
      server.owner,
      Array.from({ length: 2_500 }, () => ({ at, organizationId: place.id, columns: { model_id: '=cmd' } })),
    );
    const file = await fileOf(`from=${dayOf(20)}&to=${dayOf(20)}&detail=call`);
    expect(new Set(file.column('id')).size).toBe(2_500);
    // A cell that a spreadsheet would compute is none.
    expect(new Set(file.column('model'))).toEqual(new Set(["'=cmd"]));
  });

  it('speak FOCUS', async () => {
    const file = await fileOf(`from=${dayOf(2)}&to=${dayOf(2)}&format=focus`);
    expect(file.header.slice(0, 5)).toEqual([
      'BilledCost',
      'BillingAccountId',
      'BillingAccountName',
      'BillingAccountType',
      'BillingCurrency',
    ]);
    expect(file.column('BilledCost').toSorted()).toEqual(['1', '5.000000001']);
    expect(new Set(file.column('BillingAccountId'))).toEqual(new Set([place.id]));
    expect(new Set(file.column('ChargePeriodStart'))).toEqual(new Set([`${dayOf(2)}T00:00:00Z`]));
    const refused = await place.admin.request('GET', '/api/usage/export.csv?format=focus&detail=call');
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'detail']);
  });
});

it('reports a month, whole or so far, against the one before', async () => {
  const month = dayOf(9).slice(0, 7);
  const { data } = (await place.admin.request('GET', `/api/usage/report?month=${month}`)).body;
  expect(data).toMatchObject({ month, organization: { id: place.id }, time_zone: 'UTC' });
  const sum = (rows: { requests: number }[]) => rows.reduce((all, { requests }) => all + requests, 0);
  for (const part of ['by_model', 'by_user', 'by_department', 'by_feature'])
    expect(sum(data[part].rows)).toBe(data.totals.requests);
  expect(sum(data.by_day)).toBe(data.totals.requests);
  const running = (await place.admin.request('GET', '/api/usage/report')).body.data;
  expect(running.complete).toBe(false);
  const next = await place.admin.request('GET', '/api/usage/report?month=2099-01');
  expect([next.status, next.body.errors[0].path]).toEqual([400, 'month']);
});

it.each([
  ['period=7d&from=2026-01-01', 'period'],
  ['period=8d', 'period'],
  ['from=2026-02-01&to=2026-01-01', 'from'],
  ['from=yesterday', 'from'],
  ['from=2026-01-01&to=2026-03-01&interval=hour', 'interval'],
  ['from=2026-01-01&to=2026-03-01&group_by=hour', 'group_by'],
  ['user=somebody', 'user[0]'],
  ['status=success,broken', 'status[1]'],
  ['group_by=colour', 'group_by'],
  ['limit=0', 'limit'],
  ['organization_id=x', 'organization_id'],
])('refuses %s, naming %s', async (query, path) => {
  const { status, body } = await place.admin.request('GET', `${ORGANIZATION}?${query}`);
  expect([status, body.errors?.[0]?.path]).toEqual([400, path]);
});

it('is for people of the organization, by their role', async () => {
  const nouns = [usageEndpoints, usageReportEndpoints, usageEventEndpoints];
  const all = nouns.flatMap((noun) => Object.values(noun)).filter(({ method }) => method === 'GET');
  for (const { path, role } of all) {
    const own = path.replace('{id}', '01890000-0000-7000-8000-000000000000');
    expect((await requestApi(server, ['GET', own])).status, path).toBe(401);
    const { status } = await place.member.request('GET', own);
    expect(status, path).toBe(role === 'admin' ? 403 : path.includes('{') ? 404 : 200);
  }
  const elsewhere = await place.stranger.request('GET', ORGANIZATION, { organization: place.id });
  expect(elsewhere.status).toBe(404);
});
