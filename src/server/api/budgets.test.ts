// Proves: the acts on budgets over real HTTP for every role: what is refused and named, that a budget counts what came before it, what departments are given, and that it
// binds the very next call.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../gateway/testing/tenants.ts';
import { meterKeys } from '../../ledger/core/meter-keys.ts';
import { createApiPerson, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { type BudgetWorld, createBudgetWorld } from '../testing/budget-world.ts';
import { PATIENCE_MS, sendChat } from '../testing/calls.ts';

let server: BudgetWorld['server'];
let admin: BudgetWorld['admin'];
let member: BudgetWorld['member'];
let stranger: BudgetWorld['stranger'];
let root: BudgetWorld['root'];
let organizationId: BudgetWorld['organizationId'];
let departmentId: BudgetWorld['departmentId'];
let make: BudgetWorld['make'];
let remove: BudgetWorld['remove'];
let standingOf: BudgetWorld['standingOf'];
let count: BudgetWorld['count'];
let addUse: BudgetWorld['addUse'];
let newKey: BudgetWorld['newKey'];

beforeAll(async () => {
  const world = await createBudgetWorld();
  ({
    server,
    admin,
    member,
    stranger,
    root,
    organizationId,
    departmentId,
    make,
    remove,
    standingOf,
    count,
    addUse,
    newKey,
  } = world);
});
afterAll(() => server.close());

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
    ['a reference too many', { reference: UNKNOWN_ID }, 'reference'],
    ['no reference', { scope: 'user' }, 'reference'],
    ['a person of elsewhere', { scope: 'user', reference: () => stranger.userId }, 'reference'],
    ['a department that is not there', { scope: 'department', reference: UNKNOWN_ID }, 'reference'],
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
    const { keyId } = await newKey();
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
    const told = async () =>
      (await member.request('GET', '/api/limits/effective')).body.data.meters.find(
        ({ source }: { source: { id: string } | null }) => source?.id === person.id,
      );
    await expect
      .poll(told, { timeout: PATIENCE_MS })
      .toMatchObject({ limit: '4', used: '4', left: '0', allowed: false });
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
        at.replace(made.id, UNKNOWN_ID),
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
    const { keyId, key } = await newKey();
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
    await addUse({ usd: 2, keyId });
    await admin.request('PUT', `/api/budgets/${made.id}`, {
      body: { is_active: true, enforcement: 'hard', amount_usd: '1.9' },
    });
    expect(await standingOf(made.id)).toMatchObject({ percent: expect.any(Number), level: 'exceeded' });
    const before = await sendChat(server.url, key);
    expect([before.status, ((await before.json()) as { weir: { meters: unknown } }).weir.meters]).toMatchObject([
      402,
      [{ meter: 'budget', limit: 1_900_000_000, used: expect.toSatisfy((used: number) => used >= 2_000_000_000) }],
    ]);
    await remove(made.id);
    expect((await sendChat(server.url, key)).status).toBe(200);
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
