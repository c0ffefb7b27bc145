// Proves: budgets over real HTTP for every role: what is refused and named, that a budget counts what came before it, binds the very next call, tells once a
// window, and shows where it is going.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../../control/audit/index.ts';
import { createBudgets } from '../../control/budgets/index.ts';
import { createEvents } from '../../control/events/index.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { addKey, newId } from '../../gateway/testing/tenants.ts';
import { meterKeys } from '../../ledger/core/meter-keys.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { type ApiPerson, addApiMember, createApiPerson, requestApi } from '../testing/api-person.ts';
import { PATIENCE_MS, sendChat } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let database: Database;
let admin: ApiPerson;
let member: ApiPerson;
let stranger: ApiPerson;
let root: ApiPerson;
let organizationId = '';
let departmentId = '';

const UNKNOWN = '01890000-0000-7000-8000-000000000000';
const DAY_MS = 86_400_000;
const USD = 1_000_000_000;

interface Use {
  readonly atMs?: number;
  readonly usd: number;
  readonly feature?: string;
  readonly userId?: string | null;
}

/** A finished call that no budget counted. */
async function addUse(...uses: Use[]): Promise<void> {
  for (const { atMs = Date.now(), usd, feature = null, userId = member.userId } of uses)
    await server.owner.query(
      `insert into weir.usage_events (id, occurred_at, booked_at, organization_id, user_id, department_id, feature, environment, model_id, provider,
         model_type, route, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, cost_nano_usd,
         provider_cost_nano_usd, status, streamed, trial, retries, fallback_used, counter_ids, amounts)
       values (gen_random_uuid(), $1, now(), $2, $3, $4, $5, 'production', 'sandbox-chat', 'sandbox', 'catalog', '/v1/chat/completions', 1, 1, 0, 0, 0,
         'provider', $6, $6, 'success', false, false, 0, false, '{}', '{}')`,
      [new Date(atMs), organizationId, userId, departmentId, feature, Math.round(usd * USD)],
    );
}

/** Puts what was used into its sums, as the job does each minute; while that has the turn, this waits for it. */
async function rollUp(): Promise<void> {
  await expect
    .poll(
      async () => {
        await server.owner.query(`select weir.roll_up_usage(200000, '0 seconds')`);
        const { rows } = await server.owner.query(
          'select count(*)::int as n from weir.usage_events where booked_at > weir.usage_folded_to()',
        );
        return rows[0].n;
      },
      { timeout: PATIENCE_MS },
    )
    .toBe(0);
}

const make = async (body: Record<string, unknown>, person = admin) => {
  const made = await person.request('POST', '/api/budgets', {
    body: { name: 'A budget', scope: 'organization', period: 'monthly', ...body },
  });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data as Record<string, unknown> & { id: string };
};
const remove = (id: string) => admin.request('DELETE', `/api/budgets/${id}`);
const standingOf = async (id: string) => {
  const { body } = await admin.request('GET', '/api/budgets/status?limit=100');
  return body.data.find((each: { id: string }) => each.id === id);
};
/** What the gateway would have counted. */
const count = (id: string, period: 'daily' | 'monthly', usd: number) =>
  server.owner.query(
    `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, used)
     values ($1, weir.budget_window_start($2, now()), weir.budget_window_end($2, now()), $3, 'budget', 'nano_usd', 4, $4)
     on conflict (meter_key, window_start) do update set used = excluded.used`,
    [meterKeys.budget(id, period), period, organizationId, Math.round(usd * USD)],
  );

beforeAll(async () => {
  server = await startTestServer();
  database = createDatabase({
    url: server.environment.DATABASE_URL ?? '',
    role: 'weir_service',
    max: 4,
    applicationName: 'budgets test',
    statementTimeoutMs: 20_000,
  });
  admin = await createApiPerson(server);
  member = await createApiPerson(server);
  stranger = await createApiPerson(server);
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  const made = await admin.request('POST', '/api/organizations', { body: { name: 'Budgeted' } });
  organizationId = made.body.data.id;
  await addApiMember(server, { organizationId, userId: member.userId, role: 'member' });
  await stranger.request('POST', '/api/organizations', { body: { name: 'Elsewhere' } });
  const department = await admin.request('POST', '/api/departments', { body: { name: 'Research' } });
  departmentId = department.body.data.id;
});
afterAll(async () => {
  await database.close();
  await server.close();
});

describe('making a budget', () => {
  it.each([
    ['nothing', { amount_usd: 0 }, 'amount_usd'],
    ['less than nothing', { amount_usd: '-1' }, 'amount_usd'],
    ['text that is no amount', { amount_usd: 'NaN' }, 'amount_usd'],
    ['more than can be counted', { amount_usd: 1e308 }, 'amount_usd'],
    ['parts of a nano-dollar', { amount_usd: '0.0000000001' }, 'amount_usd'],
    ['the same as a number', { amount_usd: 1e-10 }, 'amount_usd'],
    ['no amount', { amount_usd: undefined }, 'amount_usd'],
    ['a threshold above all', { alert_thresholds: [0.5, 1.1] }, 'alert_thresholds[1]'],
    ['a threshold of nothing', { alert_threshold: 0 }, 'alert_threshold'],
    ['thresholds in two forms', { alert_threshold: 0.5, alert_thresholds: [0.5] }, 'alert_threshold'],
    ['a period that is none', { period: 'yearly' }, 'period'],
    ['the scope of the platform', { scope: 'platform' }, 'scope'],
    ['a reference too many', { reference: UNKNOWN }, 'reference'],
    ['no reference', { scope: 'user' }, 'reference'],
    ['a person of elsewhere', { scope: 'user', reference: () => stranger.userId }, 'reference'],
    ['a department that is not there', { scope: 'department', reference: UNKNOWN }, 'reference'],
    ['a key that is none', { scope: 'key', reference: "x' or true --" }, 'reference'],
    ['a feature that is not there', { scope: 'feature', reference: 'no_feature' }, 'reference'],
    ['what it does not know', { colour: 'red' }, 'colour'],
  ])('of %s is refused, naming the field', async (_name, fields, path) => {
    const reference = 'reference' in fields && typeof fields.reference === 'function' ? fields.reference() : undefined;
    const body = {
      name: 'B',
      scope: 'organization',
      period: 'monthly',
      amount_usd: 5,
      ...fields,
      ...(reference ? { reference } : {}),
    };
    const refused = await admin.request('POST', '/api/budgets', { body });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([400, path]);
  });

  it('takes every scope and tells it back, exact to the nano-dollar, with its row in the audit log and its event', async () => {
    const { keyId } = await addKey(server.owner, organizationId);
    const scopes = [
      ['organization', undefined, null],
      ['department', departmentId, { id: departmentId, name: 'Research' }],
      ['feature', 'goal_generation', { id: expect.any(String), name: 'goal_generation' }],
      ['user', member.userId, { id: member.userId, name: expect.any(String) }],
      ['key', keyId, { id: keyId, name: 'Test key' }],
    ] as const;
    for (const [scope, reference, shown] of scopes) {
      const made = await make({
        scope,
        amount_usd: '123456789.123456789',
        alert_threshold: 0.5,
        ...(reference && { reference }),
      });
      expect(made).toMatchObject({
        scope,
        reference: shown,
        amount_usd: '123456789.123456789',
        alert_thresholds: [0.5],
      });
      expect(made).toMatchObject({ enforcement: 'soft', rollover: false, is_active: true, warnings: [] });
      const read = await admin.request('GET', `/api/budgets/${made.id}`);
      const { warnings: _, ...same } = made;
      expect(read.body.data).toEqual(same);
      const { rows } = await server.owner.query(
        `select action, after ->> 'amount_usd' as amount from weir.audit_logs where target_id = $1`,
        [made.id],
      );
      expect(rows).toEqual([{ action: 'budget.create', amount: '123456789.123456789' }]);
      expect((await remove(made.id)).status).toBe(204);
    }
    const { rows } = await server.owner.query(
      `select count(*)::int as n from weir.analytics_events where name = 'budget_created' and organization_id = $1`,
      [organizationId],
    );
    expect(rows[0].n).toBe(scopes.length);
  });

  it('counts what its scope spent in the running window before it was there, in every answer and for the gateway', async () => {
    await addUse({ usd: 3 }, { usd: 1, feature: 'goal_generation' }, { usd: 0.5, userId: null });
    const [whole, feature, person] = [
      await make({ amount_usd: 10 }),
      await make({ amount_usd: 10, scope: 'feature', reference: 'goal_generation' }),
      await make({ amount_usd: 4, scope: 'user', reference: member.userId, enforcement: 'hard' }),
    ];
    expect(await standingOf(whole.id)).toMatchObject({
      spent_usd: '4.5',
      held_usd: '0',
      percent: 45,
      level: 'none',
      remaining_usd: '5.5',
    });
    expect(await standingOf(feature.id)).toMatchObject({ spent_usd: '1', limit_usd: '10' });
    expect(await standingOf(person.id)).toMatchObject({ spent_usd: '4', percent: 100, level: 'exceeded' });
    expect(person.warnings).toEqual([
      { code: 'limit_reached', message: expect.stringContaining('refused from now on') },
    ]);
    // Another period is another count, and takes over what that window had.
    await count(whole.id, 'monthly', 2);
    const weekly = await admin.request('PUT', `/api/budgets/${whole.id}`, { body: { period: 'daily' } });
    expect(weekly.status).toBe(200);
    expect(await standingOf(whole.id)).toMatchObject({ spent_usd: '4.5', period: 'daily' });
    await admin.request('PUT', `/api/budgets/${whole.id}`, { body: { period: 'monthly' } });
    expect(await standingOf(whole.id)).toMatchObject({ spent_usd: '4.5' });
    for (const { id } of [whole, feature, person]) await remove(id);
  });
});

describe('departments', () => {
  it('are together given no more than a hard budget of the organization, which may be lowered all the same', async () => {
    const whole = await make({ amount_usd: 100, enforcement: 'hard', period: 'quarterly' });
    const first = await make({ amount_usd: 70, scope: 'department', reference: departmentId, period: 'quarterly' });
    const body = {
      name: 'Too much',
      scope: 'department',
      reference: departmentId,
      period: 'quarterly',
      amount_usd: 40,
    };
    const refused = await admin.request('POST', '/api/budgets', { body });
    expect([refused.status, refused.body.errors[0]]).toMatchObject([
      400,
      { path: 'amount_usd', message: expect.stringContaining('$110 quarterly') },
    ]);
    const raised = await admin.request('PUT', `/api/budgets/${first.id}`, { body: { amount_usd: 101 } });
    expect([raised.status, raised.body.errors?.[0]?.path]).toEqual([400, 'amount_usd']);
    const lowered = await admin.request('PUT', `/api/budgets/${whole.id}`, { body: { amount_usd: 50 } });
    expect(lowered.body.data.warnings).toMatchObject([{ code: 'over_allocated' }]);
    const renamed = await admin.request('PUT', `/api/budgets/${first.id}`, { body: { name: 'Renamed' } });
    expect(renamed.status).toBe(200);
    const { allocation } = (await admin.request('GET', '/api/budgets/status')).body;
    expect(allocation).toContainEqual({
      ...{
        period: 'quarterly',
        organization_usd: '50',
        enforcement: 'hard',
        allocated_usd: '70',
        unallocated_usd: '0',
      },
      is_over_allocated: true,
    });
    for (const { id } of [whole, first]) await remove(id);
  });
});

describe('changing a budget', () => {
  it('is refused of an older version, of another scope and of another organization', async () => {
    const made = await make({ amount_usd: 5 });
    const path = `/api/budgets/${made.id}`;
    const { headers } = await admin.request('GET', path);
    const etag = headers.get('etag') ?? '';
    const edit = (body: unknown, match: string) => admin.request('PUT', path, { body, headers: { 'if-match': match } });
    expect((await edit({ amount_usd: 6, scope: 'organization', reference: null }, etag)).status).toBe(200);
    expect((await edit({ amount_usd: 7 }, etag)).body.code).toBe('stale');
    const moved = await admin.request('PUT', path, { body: { scope: 'platform' } });
    expect([moved.status, moved.body.errors[0].path]).toEqual([400, 'scope']);
    const calls = [
      ['GET', path],
      ['PUT', path],
      ['DELETE', path],
      ['GET', `${path}/forecast`],
      ['GET', `${path}/report`],
    ] as const;
    for (const [method, at] of calls) {
      const foreign = await stranger.request(method, at, method === 'PUT' ? { body: {} } : {});
      const missing = await stranger.request(
        method,
        at.replace(made.id, UNKNOWN),
        method === 'PUT' ? { body: {} } : {},
      );
      expect([method, foreign.status, foreign.body.code]).toEqual([method, 404, 'not_found']);
      expect(missing.body).toEqual({ ...foreign.body, request_id: missing.body.request_id });
      expect((await member.request(method, at, method === 'PUT' ? { body: {} } : {})).status).toBe(403);
      expect((await requestApi(server, [method, at], method === 'PUT' ? { body: {} } : {})).status).toBe(401);
      expect((await admin.request(method, at.replace(made.id, 'x'), method === 'PUT' ? { body: {} } : {})).status).toBe(
        400,
      );
    }
    const alert = await stranger.request('POST', '/api/budgets/alert', { body: { budget_id: made.id, test: true } });
    expect(alert.status).toBe(404);
    await remove(made.id);
  });

  it('binds the very next call: a hard budget that is lowered refuses it with 402, a soft one only tells', async () => {
    const { keyId, key } = await addKey(server.owner, organizationId);
    const made = await make({ amount_usd: 5, scope: 'key', reference: keyId, enforcement: 'hard' });
    await expect.poll(async () => (await sendChat(server.url, key)).status, { timeout: PATIENCE_MS }).toBe(200);
    await count(made.id, 'monthly', 1);
    const lowered = await admin.request('PUT', `/api/budgets/${made.id}`, { body: { amount_usd: 1 } });
    expect(lowered.body.data.warnings).toMatchObject([{ code: 'limit_reached' }]);
    const refused = await sendChat(server.url, key);
    expect([refused.status, ((await refused.json()) as { weir: { code: string } }).weir.code]).toEqual([
      402,
      'budget_exceeded',
    ]);
    await admin.request('PUT', `/api/budgets/${made.id}`, { body: { enforcement: 'soft' } });
    expect((await sendChat(server.url, key)).status).toBe(200);
    // What was spent before it was there binds as well.
    await admin.request('PUT', `/api/budgets/${made.id}`, { body: { is_active: false } });
    await server.owner.query(`delete from weir.counters where meter_key = $1`, [meterKeys.budget(made.id, 'monthly')]);
    await addUseOfKey(keyId, 2);
    await admin.request('PUT', `/api/budgets/${made.id}`, {
      body: { is_active: true, enforcement: 'hard', amount_usd: '1.9' },
    });
    expect(await standingOf(made.id)).toMatchObject({ percent: expect.any(Number), level: 'exceeded' });
    expect((await sendChat(server.url, key)).status).toBe(402);
    await remove(made.id);
    expect((await sendChat(server.url, key)).status).toBe(200);
  });
});

async function addUseOfKey(keyId: string, usd: number): Promise<void> {
  await addUse({ usd });
  await server.owner.query('alter table weir.usage_events disable trigger refuse_change');
  await server.owner.query(
    `update weir.usage_events set virtual_key_id = $1, department_id = null, user_id = null where organization_id = $2 and cost_nano_usd = $3 and virtual_key_id is null`,
    [keyId, organizationId, Math.round(usd * USD)],
  );
  await server.owner.query('alter table weir.usage_events enable trigger refuse_change');
}

describe('rolling over', () => {
  it('adds what the window before left, once, at most one amount, by the amount it had then', async () => {
    const made = await make({
      amount_usd: 10,
      rollover: true,
      period: 'daily',
      scope: 'feature',
      reference: 'goal_generation',
    });
    const path = `/api/budgets/${made.id}`;
    expect(await standingOf(made.id)).toMatchObject({ carried_usd: '0' });
    // As if it had been there since the day before yesterday, and 4 of 10 had been spent yesterday.
    const before = `now() - interval '2 days'`;
    await server.owner.query(
      `update weir.budgets set created_at = ${before}, counting_since = ${before}, opening_window_start = null, opening_nano_usd = 0 where id = $1`,
      [made.id],
    );
    await server.owner.query(`update weir.budget_amounts set since = ${before} where budget_id = $1`, [made.id]);
    const key = meterKeys.budget(made.id, 'daily');
    const yesterday = async (used: number, held: number) =>
      server.owner.query(
        `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, used, held)
         values ($1, weir.budget_window_start('daily', now() - interval '1 day'), weir.budget_window_start('daily', now()), $4, 'budget', 'nano_usd', 4, $2, $3)
         on conflict (meter_key, window_start) do update set used = excluded.used, held = excluded.held`,
        [key, used * USD, held * USD, organizationId],
      );
    expect(await standingOf(made.id)).toMatchObject({ carried_usd: '10', limit_usd: '20' });
    await yesterday(4, 1);
    expect(await standingOf(made.id)).toMatchObject({ carried_usd: '5', limit_usd: '15' });
    await yesterday(12, 0);
    expect(await standingOf(made.id)).toMatchObject({ carried_usd: '0', limit_usd: '10' });
    await yesterday(4, 0);
    await admin.request('PUT', path, { body: { amount_usd: 100 } });
    expect(await standingOf(made.id)).toMatchObject({ carried_usd: '6', limit_usd: '106' });
    await admin.request('PUT', path, { body: { rollover: false } });
    expect(await standingOf(made.id)).toMatchObject({ carried_usd: '0', limit_usd: '100' });
    const { rows } = await server.owner.query(
      'select weir.budget_meter_key(b) as key from weir.budgets b where id = $1',
      [made.id],
    );
    expect(rows[0].key).toBe(key);
    await remove(made.id);
  });
});

describe('telling', () => {
  const budgetsOf = () => {
    const parts = { clock: systemClock, random: createSystemRandom() };
    return createBudgets({ database, audit: createAudit(parts), events: createEvents(parts), ...parts });
  };
  const told = async (id: string) => {
    const { rows } = await server.owner.query(
      `select properties -> 'threshold' as threshold, properties -> 'is_test' as test from weir.analytics_events
       where name = 'budget_threshold_reached' and properties ->> 'budget_id' = $1 order by id`,
      [id],
    );
    return rows.map((row) => (row.test === true ? 'test' : Number(row.threshold)));
  };

  it('happens once a window for each threshold, however many look at once, and anew for a larger amount', async () => {
    const made = await make({
      amount_usd: 10,
      scope: 'user',
      reference: admin.userId,
      alert_thresholds: [1, 0.5, 0.8],
    });
    expect(made.alert_thresholds).toEqual([0.5, 0.8, 1]);
    await count(made.id, 'monthly', 8);
    const budgets = [budgetsOf(), budgetsOf(), budgetsOf()];
    await Promise.all(budgets.flatMap((each) => [each.checkThresholds(100), each.checkBudgets(1)]));
    expect(await told(made.id)).toEqual([0.5, 0.8]);
    const again = await admin.request('POST', '/api/budgets/alert', { body: {} });
    expect(again.body.data).toMatchObject({ is_test: false, fired: [] });
    expect(await standingOf(made.id)).toMatchObject({
      last_alert: { rule: 'budget_threshold', threshold: 0.8 },
      level: 'warning',
    });
    // Raising it resolves what is reached no more; reached again, it is told again.
    await admin.request('PUT', `/api/budgets/${made.id}`, { body: { amount_usd: 20 } });
    await count(made.id, 'monthly', 10);
    const fired = await admin.request('POST', '/api/budgets/alert', { body: { budget_id: made.id } });
    expect(fired.body.data).toEqual({
      ...{ evaluated: 1, is_test: false },
      fired: [
        {
          budget_id: made.id,
          name: 'A budget',
          rule: 'budget_threshold',
          threshold: 0.5,
          spent_usd: '10',
          amount_usd: '20',
        },
      ],
    });
    const test = await admin.request('POST', '/api/budgets/alert', { body: { budget_id: made.id, test: true } });
    expect(test.body.data).toMatchObject({ is_test: true, evaluated: 1 });
    expect(await told(made.id)).toEqual([0.5, 0.8, 0.5, 'test']);
    expect((await admin.request('POST', '/api/budgets/alert', { body: { test: true } })).body.errors[0].path).toBe(
      'budget_id',
    );
    const { rows } = await server.owner.query(
      'select threshold::float8, resolved_at is null as open from weir.alerts where budget_id = $1 order by 1',
      [made.id],
    );
    expect(rows).toEqual([
      { threshold: 0.5, open: true },
      { threshold: 0.8, open: false },
    ]);
    await remove(made.id);
  });
});

describe('looking ahead and back', () => {
  it('projects the end of the window from days before, says how well that did, and tells of a likely breach once', async () => {
    const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
    await addUse(
      ...Array.from({ length: 90 }, (_, day) => ({
        usd: 2,
        atMs: today - (day + 1) * DAY_MS + 60_000,
        feature: 'goal_generation',
        userId: admin.userId,
      })),
    );
    await rollUp();
    const made = await make({ amount_usd: 1, period: 'daily', scope: 'user', reference: admin.userId, name: 'Ahead' });
    const { body } = await admin.request('GET', `/api/budgets/${made.id}/forecast`);
    const left = (today + DAY_MS - Date.now()) / DAY_MS;
    expect(body.data).toMatchObject({ method: 'weekday_trend', history_days: 90, confidence: 0.8, limit_usd: '1' });
    expect(Number(body.data.projected_usd)).toBeCloseTo(2 * left, 1);
    expect(body.data.error).toMatchObject({ mape: 0, coverage: 1, windows: expect.any(Number) });
    const look = await admin.request('POST', '/api/budgets/alert', { body: { budget_id: made.id } });
    const likely = left > 0.5 ? [{ rule: 'budget_projected_breach', budget_id: made.id }] : [];
    expect(look.body.data.fired).toMatchObject(likely);
    expect(
      (await admin.request('POST', '/api/budgets/alert', { body: { budget_id: made.id } })).body.data.fired,
    ).toEqual([]);

    const young = await make({ amount_usd: 1, scope: 'user', reference: root.userId }).catch(() => null);
    expect(young).toBeNull();
    const report = await admin.request(
      'GET',
      `/api/budgets/${made.id}/report?at=${new Date(today - DAY_MS).toISOString().slice(0, 10)}`,
    );
    expect(report.body.data).toMatchObject({ spent_usd: '2', window_end: new Date(today).toISOString() });
    expect(report.body.data.windows).toHaveLength(12);
    expect(report.body.data.windows[0]).toMatchObject({ spent_usd: '2', amount_usd: null, breached: null });
    expect(report.body.data.top_features).toEqual([
      { id: 'goal_generation', name: 'goal_generation', spent_usd: '2', requests: 1, share: 1 },
    ]);
    expect(report.body.data.top_users).toMatchObject([{ id: admin.userId }]);
    const csv = await admin.request('GET', `/api/budgets/${made.id}/report?format=csv`);
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    const lines = (csv.body as string).trimEnd().split('\r\n');
    expect(lines[0]).toBe('kind,id,name,from,to,amount_usd,spent_usd,percent,breached,requests');
    expect(lines.filter((line) => line.startsWith('window,'))).toHaveLength(12);
    await remove(made.id);
  });

  it('pages through lists and standings', async () => {
    const made = [];
    for (const name of ['one', 'two', 'three']) made.push(await make({ name, amount_usd: 5 }));
    const off = await make({ name: 'off', amount_usd: 5, is_active: false });
    for (const path of ['/api/budgets?active=true', '/api/budgets/status?scope=organization']) {
      const first = await admin.request('GET', `${path}&limit=2`);
      const rest = await admin.request('GET', `${path}&limit=2&cursor=${first.body.next_cursor}`);
      const names = [...first.body.data, ...rest.body.data].map((each: { name: string }) => each.name);
      expect([names, rest.body.next_cursor]).toEqual([['three', 'two', 'one'], null]);
      expect((await admin.request('GET', `${path}&cursor=x`)).body.errors[0].path).toBe('cursor');
    }
    expect((await stranger.request('GET', '/api/budgets')).body.data).toEqual([]);
    for (const { id } of [...made, off]) await remove(id);
  });
});

describe("the platform's budgets", () => {
  it('are kept by superadmins alone, over all organizations or of a feature everywhere', async () => {
    const platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
    const body = { name: 'All', scope: 'platform', period: 'monthly', amount_usd: '1000.5' };
    for (const person of [admin, stranger, platformAdmin])
      expect((await person.request('POST', '/api/admin/budgets', { body })).status).toBe(403);
    const made = await root.request('POST', '/api/admin/budgets', { body });
    expect([made.status, made.body.data]).toMatchObject([
      201,
      { scope: 'platform', reference: null, amount_usd: '1000.5' },
    ]);
    const path = `/api/admin/budgets/${made.body.data.id}`;
    const feature = await root.request('POST', '/api/admin/budgets', {
      body: { ...body, scope: 'feature', reference: 'goal_generation' },
    });
    expect(feature.status).toBe(201);
    const own = await root.request('POST', '/api/admin/budgets', { body: { ...body, scope: 'organization' } });
    expect([own.status, own.body.errors[0].path]).toEqual([400, 'scope']);
    expect((await platformAdmin.request('GET', '/api/admin/budgets')).body.data).toHaveLength(2);
    const { data } = (await root.request('GET', '/api/admin/budgets/status')).body;
    expect(data.map((each: { spent_usd: string }) => Number(each.spent_usd) > 0)).toEqual([true, true]);
    expect((await root.request('GET', `${path}/forecast`)).body.data.budget_id).toBe(made.body.data.id);
    const changed = await root.request('PUT', path, { body: { enforcement: 'hard' } });
    expect(changed.body.data.enforcement).toBe('hard');
    expect((await admin.request('GET', `/api/budgets/${made.body.data.id}`)).status).toBe(404);
    const { rows } = await server.owner.query(
      `select count(*)::int as n from weir.audit_logs where organization_id is null and target_id = $1`,
      [made.body.data.id],
    );
    expect(rows[0].n).toBe(2);
    for (const at of [path, `/api/admin/budgets/${feature.body.data.id}`])
      expect((await root.request('DELETE', at)).status).toBe(204);
    expect((await root.request('GET', path)).status).toBe(404);
    expect((await root.request('PUT', `/api/admin/budgets/${newId()}`, { body: {} })).status).toBe(404);
  });
});
