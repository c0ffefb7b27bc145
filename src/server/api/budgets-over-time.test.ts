// Proves: what becomes of budgets over windows, over real HTTP: what one leaves to the next, what is told once, what lies ahead and what was.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAudit } from '../../control/audit/index.ts';
import { createBudgets } from '../../control/budgets/index.ts';
import { createEvents } from '../../control/events/index.ts';
import { createDatabase, type Database } from '../../database/pool.ts';
import { meterKeys, PERIOD_WINDOWS } from '../../ledger/core/meter-keys.ts';
import { windowAt } from '../../ledger/core/window.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSeededRandom, createSystemRandom } from '../../primitives/random.ts';
import { type BudgetWorld, createBudgetWorld } from '../testing/budget-world.ts';

let server: BudgetWorld['server'];
let admin: BudgetWorld['admin'];
let root: BudgetWorld['root'];
let stranger: BudgetWorld['stranger'];
let organizationId: BudgetWorld['organizationId'];
let make: BudgetWorld['make'];
let remove: BudgetWorld['remove'];
let standingOf: BudgetWorld['standingOf'];
let count: BudgetWorld['count'];
let addUse: BudgetWorld['addUse'];
let rollUp: BudgetWorld['rollUp'];
let database: Database;

const DAY_MS = 86_400_000;
const USD = 1_000_000_000;

beforeAll(async () => {
  const world = await createBudgetWorld();
  ({ server, admin, root, stranger, organizationId, make, remove, standingOf, count, addUse, rollUp } = world);
  const url = server.environment.DATABASE_URL ?? '';
  const limits = { max: 4, applicationName: 'budgets test', statementTimeoutMs: 20_000 };
  database = createDatabase({ url, role: 'weir_service', ...limits });
});
afterAll(async () => {
  await database.close();
  await server.close();
});

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

describe('the windows', () => {
  it('of budgets begin and end in the database as they do in the ledger', async () => {
    const random = createSeededRandom(55);
    const times = Array.from(
      { length: 200 },
      () => Date.UTC(2020, 0, 1) + random.below(4_000) * DAY_MS + random.below(DAY_MS),
    );
    times.push(
      Date.UTC(2024, 1, 29),
      Date.UTC(2024, 2, 1) - 1,
      Date.UTC(2026, 11, 31, 23, 59, 59, 999),
      Date.UTC(2027, 0, 1),
    );
    for (const period of ['daily', 'weekly', 'monthly', 'quarterly'] as const) {
      const { rows } = await server.owner.query(
        `select weir.budget_window_start($1, at) as start, weir.budget_window_end($1, at) as "end" from unnest($2::timestamptz[]) as at`,
        [period, times.map((time) => new Date(time))],
      );
      expect(rows.map(({ start, end }) => ({ startMs: start.getTime(), endMs: end.getTime() }))).toEqual(
        times.map((time) => windowAt({ kind: PERIOD_WINDOWS[period] }, time)),
      );
    }
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
    const again = await admin.request('POST', '/api/budgets/alert');
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
    const today = Math.floor(systemClock.nowMs() / DAY_MS) * DAY_MS;
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
    const left = (today + DAY_MS - systemClock.nowMs()) / DAY_MS;
    expect(body.data).toMatchObject({ method: 'weekday_trend', history_days: 90, confidence: 0.8, limit_usd: '1' });
    expect(Number(body.data.projected_usd)).toBeCloseTo(2 * left, 1);
    expect(body.data.error).toMatchObject({ mape: 0, coverage: 1, windows: expect.any(Number) });
    const look = await admin.request('POST', '/api/budgets/alert', { body: { budget_id: made.id } });
    const likely = left > 0.5 ? [{ rule: 'budget_projected_breach', budget_id: made.id }] : [];
    expect(look.body.data.fired).toMatchObject(likely);
    expect(
      (await admin.request('POST', '/api/budgets/alert', { body: { budget_id: made.id } })).body.data.fired,
    ).toEqual([]);

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

  it('leaves what was made elsewhere out of budgets over all organizations, in the sums and beside them', async () => {
    await server.owner.query(
      `insert into weir.features (id, name, display_name) values (gen_random_uuid(), 'reading', 'Reading')`,
    );
    const yesterday = systemClock.nowMs() - DAY_MS;
    const elsewhere = { isRecorded: true, feature: 'reading' };
    const daily = { name: 'Told', period: 'daily', amount_usd: 50 };
    const ofFeature = { ...daily, scope: 'feature', reference: 'reading' };
    await addUse({ usd: 3, atMs: yesterday, feature: 'reading' }, { usd: 40, atMs: yesterday, ...elsewhere });
    await rollUp();
    await addUse({ usd: 1, feature: 'reading' }, { usd: 20, ...elsewhere });
    const own = await make(ofFeature);
    const everywhere = async (body: Record<string, unknown>): Promise<string> =>
      (await root.request('POST', '/api/admin/budgets', { body })).body.data.id;
    const [id, all] = [await everywhere(ofFeature), await everywhere({ ...daily, scope: 'platform' })];
    const standings = (await root.request('GET', '/api/admin/budgets/status?limit=100')).body.data;
    const spent = (at: string) => standings.find((each: { id: string }) => each.id === at).spent_usd;
    expect([spent(id), (await standingOf(own.id)).spent_usd]).toEqual(['1', '21']);
    const { rows } = await server.owner.query(
      `select sum(cost_nano_usd)::bigint as cost from weir.usage_events where route <> 'recorded' and (occurred_at at time zone 'UTC')::date = (now() at time zone 'UTC')::date`,
    );
    expect(Number(spent(all)) * USD).toBeCloseTo(Number(rows[0].cost), 0);
    const projected = async (who: typeof root, path: string) =>
      Number((await who.request('GET', `${path}/forecast`)).body.data.projected_usd);
    // What is left of the day is at most what yesterday was.
    expect(await projected(root, `/api/admin/budgets/${id}`)).toBeLessThanOrEqual(4);
    expect(await projected(admin, `/api/budgets/${own.id}`)).toBeGreaterThanOrEqual(21);
    for (const each of [id, all]) await root.request('DELETE', `/api/admin/budgets/${each}`);
    await remove(own.id);
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
