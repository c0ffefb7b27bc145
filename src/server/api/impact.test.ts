// Proves: admins and superadmins are told over real HTTP what a change would have done to real rows of use: who, when and what it would cost; within their walls,
// one at a time, and without changing anything.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impactEndpoints } from '../../contracts/analytics/impact.ts';
import { insertUse } from '../../control/analytics/testing/usage-world.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson } from '../testing/api-person.ts';
import { fromNoon, startTestServer, type TestServer } from '../testing/running-server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const MODEL = 'gpt-4o-mini';
const random = createSystemRandom();
/** The first moment of the server's today in UTC. */
let today: number;
const daysAgo = (days: number, hours = 0): Date => new Date(today - days * DAY_MS + hours * HOUR_MS);
const dayOf = (days: number): string => daysAgo(days).toISOString().slice(0, 10);

let server: TestServer;
let place: ApiOrganization;
let superadmin: ApiPerson;
let templateId: number;
let priceId: string;
let strangersId: string;

beforeAll(async () => {
  server = await startTestServer({}, fromNoon());
  today = Math.floor(server.nowMs() / DAY_MS) * DAY_MS;
  place = await createApiOrganization(server);
  superadmin = await createApiPerson(server, { platformRole: 'superadmin' });
  const made = await superadmin.request('POST', '/api/system-models', { body: { name: 'Helper', slug: 'helper' } });
  templateId = made.body.data.id;
  priceId = (await one(`select id from weir.model_prices where model_id = $1 order by effective_from limit 1`, MODEL))
    .id;
  strangersId = (await one('select organization_id as id from weir.members where user_id = $1', place.stranger.userId))
    .id;
  // 150 tokens each, at 0.15 and 0.60 dollars a million: 45,000 nano-USD.
  const use = (at: Date, user: ApiPerson | null, columns: Record<string, unknown> = {}, organizationId = place.id) => ({
    ...{ at, organizationId },
    columns: {
      ...{ user_id: user?.userId ?? null, price_id: priceId, cost_nano_usd: 45_000, provider_cost_nano_usd: 45_000 },
      ...{ template_id: templateId, template_slug: 'helper', model_type: 'system', ...columns },
    },
  });
  const { member, admin, stranger } = place;
  const denied = { status: 'denied', error_code: 'user_limit_exceeded' };
  /** As refused calls were recorded once: by the name that was asked for. */
  const deniedByName = { ...denied, model_id: 'template:helper', template_id: null };
  const estimated = createUuidV7(daysAgo(1, 3).getTime(), random);
  await insertUse(server.owner, [
    ...[1, 2, 3, 4].map((hour) => use(daysAgo(2, hour), member)),
    ...[1, 2].map((hour) => use(daysAgo(1, hour), member)),
    use(daysAgo(2, 5), admin),
    use(daysAgo(1, 5), null),
    // An estimate that the truth has replaced: 150 tokens together.
    use(daysAgo(1, 3), admin, { id: estimated, status: 'timeout', usage_source: 'estimated', output_tokens: 400 }),
    use(daysAgo(1, 3), admin, { id: estimated, sequence: 1, input_tokens: 0, output_tokens: -350, cost_nano_usd: 0 }),
    ...[denied, deniedByName].map((each) =>
      use(daysAgo(2, 6), member, { ...each, input_tokens: 0, output_tokens: 0, cost_nano_usd: 0 }),
    ),
    use(daysAgo(2, 1), stranger, {}, strangersId),
    use(daysAgo(2, 2), stranger, {}, strangersId),
  ]);
});
afterAll(() => server.close());

const one = async (text: string, value: unknown) => (await server.owner.query(text, [value])).rows[0];
const preview = async (proposal: unknown, { who = place.admin, days = 7 } = {}) => {
  const { status, body } = await who.request('POST', '/api/impact/preview', { body: { proposal, days } });
  expect(status, JSON.stringify(body)).toBe(200);
  return impactEndpoints.organization.output.parse(body).data;
};
const previewAll = async (proposal: unknown, organization_id?: string) => {
  const { status, body } = await superadmin.request('POST', '/api/admin/impact/preview', {
    body: { proposal, days: 7, organization_id },
  });
  expect(status, JSON.stringify(body)).toBe(200);
  return impactEndpoints.platform.output.parse(body).data;
};
const price = (inputUsdPerMillion: string, outputUsdPerMillion: string) => ({
  inputUsdPerMillion,
  outputUsdPerMillion,
});

describe('an organization’s admins', () => {
  it('learn whom a limit on a template would have blocked, when, and what that saves', async () => {
    const data = await preview({ kind: 'template_limit', template_id: templateId, tokens: 450 });
    // Monthly: the member has four calls and two more; the month may have turned between them.
    expect(data.limit).toEqual({
      meter: 'template_limit',
      unit: 'tokens',
      window: 'month',
      current: null,
      proposed: '450',
    });
    const [first] = data.people.list;
    expect(data.people).toMatchObject({ active: 3, blocked: 1 });
    expect(first).toMatchObject({
      ...{ user: { id: place.member.userId, name: expect.stringContaining('Person') }, code: 'user_limit_exceeded' },
      ...{ calls: 6, first_blocked_at: daysAgo(2, 4).toISOString() },
    });
    const blocked = data.calls.blocked;
    expect([1, 3]).toContain(blocked);
    expect(data.days.find(({ day }) => day === dayOf(2))).toMatchObject({
      calls: 5,
      blocked_calls: 1,
      blocked_people: 1,
    });
    expect(data.cost).toMatchObject({
      as_was_usd: '0.000405',
      difference_usd: `-0.000${String(blocked * 45).padStart(3, '0')}`,
    });
    expect(data.denied_then).toEqual({ calls: 2, people: 1, reasons: [{ code: 'user_limit_exceeded', calls: 2 }] });
    expect([data.truncated, data.calls.total]).toEqual([null, 9]);
    expect(data).not.toHaveProperty('organizations');
  });

  it('learn of quotas, messages and budgets, and of nothing for what is as it is', async () => {
    const quota = await preview({ kind: 'organization_quota', tokens: 100 });
    expect(quota.calls.blocked).toBe(quota.calls.total - (quota.windows?.length ?? 0));
    expect(quota.windows?.[0]).toMatchObject({ limit: '100', reached_at: daysAgo(2, 1).toISOString() });
    expect((await preview({ kind: 'organization_quota', tokens: null })).calls.blocked).toBe(0);
    const messages = await preview({ kind: 'daily_messages', model_id: MODEL, messages: 2 });
    expect([messages.calls.blocked, messages.reasons]).toEqual([
      2,
      [{ code: 'daily_message_limit', blocked_calls: 2 }],
    ]);
    const budget = {
      kind: 'budget',
      scope: 'user',
      reference: place.member.userId,
      period: 'daily',
      amount_usd: '0.00009',
    };
    expect((await preview(budget)).calls).toMatchObject({ total: 6, blocked: 2 });
    const soft = await preview({ ...budget, enforcement: 'soft' });
    expect([soft.calls.blocked, soft.windows?.map(({ reached_at }) => reached_at !== null)]).toEqual([0, [true, true]]);
    const made = await place.admin.request('POST', '/api/budgets', {
      body: { name: 'Ours', scope: 'organization', period: 'daily', amount_usd: 1, enforcement: 'hard' },
    });
    const lower = await preview({ kind: 'budget', budget_id: made.body.data.id, amount_usd: 0.0001 });
    expect([lower.calls.blocked, lower.limit?.current, lower.limit?.proposed]).toEqual([3, '1', '0.0001']);
    await server.owner.query('delete from weir.budgets');
  });

  it('learn what another price, model and plan would cost', async () => {
    const dearer = await preview({ kind: 'price', model_id: MODEL, price: price('0.3', '1.2') });
    expect(dearer.cost).toMatchObject({ as_was_usd: '0.000405', would_be_usd: '0.00081', change_percent: 100 });
    const same = await preview({ kind: 'model_switch', from_model_id: MODEL, to_model_id: MODEL });
    expect([same.cost.difference_usd, same.calls.blocked]).toEqual(['0', 0]);
    const other = await preview({ kind: 'model_switch', from_model_id: MODEL, to_model_id: 'claude-3-opus' });
    expect(Number(other.cost.would_be_usd)).toBeGreaterThan(Number(other.cost.as_was_usd));
    expect(other.fit).toMatchObject({ beyond_context_window: 0, missing_capabilities: expect.any(Array) });
    const plan = await preview({ kind: 'plan', plan: 'free' });
    expect(plan.plan).toMatchObject({ current: 'pro', proposed: 'free', proposed_monthly_usd: '0' });
    await server.owner.query(`update weir.templates set required_plan = 'pro' where id = $1`, [templateId]);
    expect((await preview({ kind: 'plan', plan: 'free' })).reasons).toEqual([
      { code: 'plan_required', blocked_calls: 9 },
    ]);
    await server.owner.query(`update weir.templates set required_plan = 'free' where id = $1`, [templateId]);
  });

  it('are told which field names nothing of theirs', async () => {
    const fieldOf = async (proposal: unknown, who = place.admin) => {
      const { status, body } = await who.request('POST', '/api/impact/preview', { body: { proposal } });
      return [status, body.errors?.[0]?.path];
    };
    expect(await fieldOf({ kind: 'template_limit', template_id: 999_999, tokens: 1 })).toEqual([
      400,
      'proposal.template_id',
    ]);
    expect(await fieldOf({ kind: 'daily_messages', model_id: 'none', messages: 1 })).toEqual([
      400,
      'proposal.model_id',
    ]);
    const budget = { kind: 'budget', amount_usd: 1 };
    expect(await fieldOf({ ...budget, scope: 'user', reference: place.stranger.userId })).toEqual([
      400,
      'proposal.reference',
    ]);
    expect(await fieldOf({ ...budget, scope: 'platform' })).toEqual([400, 'proposal.scope']);
    expect(await fieldOf({ ...budget, scope: 'organization', amount_usd: 'much' })).toEqual([
      400,
      'proposal.amount_usd',
    ]);
    expect(await fieldOf({ kind: 'plan_quota', plan: 'pro', tokens: 1 })).toEqual([400, 'proposal.kind']);
    expect((await fieldOf({ kind: 'plan', plan: 'free' }, place.member))[0]).toBe(403);
    const foreign = await previewAll({ kind: 'budget', scope: 'organization', amount_usd: 1 }, strangersId);
    expect(foreign.calls.total).toBe(2);
  });

  it('wait for one another, while other organizations go on', async () => {
    await server.owner.query('begin');
    await server.owner.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `weir impact preview ${place.id}`,
    ]);
    const body = { proposal: { kind: 'plan', plan: 'free' } };
    expect((await place.admin.request('POST', '/api/impact/preview', { body })).status).toBe(409);
    expect((await place.stranger.request('POST', '/api/impact/preview', { body })).status).toBe(200);
    await server.owner.query('rollback');
    expect((await place.admin.request('POST', '/api/impact/preview', { body })).status).toBe(200);
  });
});

describe('superadmins', () => {
  it('learn which organizations a template’s own limit would concern, in all or in one', async () => {
    const proposal = { kind: 'template_limit', template_id: templateId, tokens: 150, period: 'daily' };
    const all = await previewAll(proposal);
    expect(all.organizations).toMatchObject({ active: 2, blocked: 2 });
    expect(all.organizations.list.map(({ organization, blocked_calls }) => [organization.id, blocked_calls])).toEqual([
      [place.id, 4],
      [strangersId, 1],
    ]);
    expect(all.organizations.list[0]?.organization.name).toContain('Of ');
    const alone = await previewAll(proposal, strangersId);
    expect([alone.calls.total, alone.organizations.active]).toEqual([2, 1]);
  });

  it('learn of plans’ quotas, prices and budgets over all organizations', async () => {
    const quota = await previewAll({ kind: 'plan_quota', plan: 'pro', tokens: 100 });
    const ids = quota.organizations.list.map(({ organization }) => organization.id);
    expect(ids).toEqual(expect.arrayContaining([place.id, strangersId]));
    const prices = await previewAll({ kind: 'price', model_id: MODEL, price: price('0', '0') });
    expect(prices.cost).toMatchObject({ as_was_usd: '0.000495', would_be_usd: '0', change_percent: -100 });
    const platform = await previewAll({ kind: 'budget', scope: 'platform', period: 'daily', amount_usd: '0.0002' });
    expect(platform.people.blocked).toBeGreaterThan(0);
    expect(platform.reasons).toEqual([{ code: 'budget_exceeded', blocked_calls: expect.any(Number) }]);
    const { status, body } = await superadmin.request('POST', '/api/admin/impact/preview', {
      body: { proposal: { kind: 'plan', plan: 'pro' } },
    });
    expect([status, body.errors[0].path]).toEqual([400, 'organization_id']);
    expect((await place.owner.request('POST', '/api/admin/impact/preview', { body: {} })).status).toBe(403);
  });
});
