// Proves: organizations and people keep templates of their own within what plan and organization allow, under names that hide nothing; and everybody sees which
// templates they may use and what is left of each, in as many queries for many as for few.

import type { KyselyPlugin } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MemberCaller } from '../../contracts/caller.ts';
import { createTemplateOfferService } from '../../control/catalog/templates/template-offer.service.ts';
import { createDatabase } from '../../database/pool.ts';
import { meterKeys, PERIOD_WINDOWS, type TemplateLimitPeriod } from '../../ledger/core/meter-keys.ts';
import { windowAt } from '../../ledger/core/window.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson, createApiSession, UNKNOWN_ID } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const [MINE, OURS, ALL] = ['/api/my-models', '/api/organization-models', '/api/templates'];
const DAY_MS = 86_400_000;
let server: TestServer;
let root: ApiPerson;

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
});
afterAll(() => server.close());

const make = (person: ApiPerson, path: string, body: object) => person.request('POST', path, { body });
const made = async (person: ApiPerson, path: string, body: object) => {
  const answer = await make(person, path, body);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body.data;
};
const offersOf = async (person: ApiPerson, query = '') => (await person.request('GET', `${ALL}${query}`)).body.data;

/** A system template that is switched on. */
async function offer(organization: ApiOrganization, fields: Record<string, unknown> = {}) {
  const template = await made(root, '/api/system-models', { model_id: 'sandbox-chat', ...fields });
  await organization.admin.request('POST', `/api/system-models/${template.id}/enable`);
  return template as { id: number; slug: string };
}

async function count(
  organization: ApiOrganization,
  person: ApiPerson,
  use: { id: number; used: number; held?: number; period?: TemplateLimitPeriod; trialDaysAgo?: number },
): Promise<void> {
  const { id, used, held = 0, period = 'monthly', trialDaysAgo } = use;
  const subject = { organizationId: organization.id, userId: person.userId };
  const nowMs = systemClock.nowMs();
  const isTrial = trialDaysAgo !== undefined;
  const { startMs, endMs } = windowAt({ kind: isTrial ? 'lifetime' : PERIOD_WINDOWS[period] }, nowMs);
  const key = isTrial
    ? meterKeys.templateTrial(String(id), subject)
    : meterKeys.templateLimit(String(id), subject, period);
  await server.owner.query(
    `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, used, held, created_at)
     values ($1, to_timestamp($2 / 1000.0), to_timestamp($3 / 1000.0), $4, 'x', 'tokens', 1, $5, $6, to_timestamp($7 / 1000.0))`,
    [key, startMs, endMs, organization.id, used, held, nowMs - (trialDaysAgo ?? 0) * DAY_MS],
  );
}

describe('templates of one’s own', () => {
  it('are made, read, changed and deleted by whose they are, and are not there for anybody else', async () => {
    const { id: organizationId, owner, admin, member, stranger, actions } = await createApiOrganization(server);
    const ours = await made(admin, OURS, { name: 'House style', token_limit_period: 'weekly', token_limit_amount: 50 });
    const mine = await made(member, MINE, { name: 'My helper', system_message: 'Help.', tags: ['x'] });
    expect(ours).toMatchObject({
      scope: 'organization',
      slug: 'house-style',
      token_limit_amount: 50,
      model_id: 'gpt-4o-mini',
    });
    expect(mine).toMatchObject({ scope: 'user', slug: 'my-helper', system_message: 'Help.' });
    expect(mine).not.toHaveProperty('is_free');
    for (const [path, id, outsiders] of [
      [OURS, ours.id, [stranger]],
      [MINE, mine.id, [owner, admin, stranger]],
    ] as const)
      for (const person of outsiders)
        for (const method of ['GET', 'PATCH', 'DELETE']) {
          const { status } = await person.request(
            method,
            `${path}/${id}`,
            method === 'PATCH' ? { body: { name: 'Mine' } } : {},
          );
          expect([method, status]).toEqual([method, 404]);
        }
    expect((await member.request('GET', `${OURS}/${ours.id}`)).status).toBe(403);
    const read = await member.request('GET', `${MINE}/${mine.id}`);
    const headers = { 'if-match': read.headers.get('etag') ?? '' };
    const changed = await member.request('PATCH', `${MINE}/${mine.id}`, { body: { name: 'Ours' }, headers });
    expect(changed.body.data).toMatchObject({ name: 'Ours', slug: 'my-helper', tags: ['x'] });
    expect((await member.request('PATCH', `${MINE}/${mine.id}`, { body: { name: 'X' }, headers })).status).toBe(412);
    const listed = await member.request('GET', MINE);
    expect(listed.body).toEqual({
      ...{ data: [changed.body.data], next_cursor: null, allowance: { used: 2, maximum: 10, can_create: true } },
    });
    expect((await admin.request('GET', MINE)).body.data).toEqual([]);
    expect((await member.request('DELETE', `${MINE}/${mine.id}`)).status).toBe(204);
    expect((await admin.request('DELETE', `${OURS}/${ours.id}`)).status).toBe(204);
    expect((await actions()).filter((action) => action.startsWith('template.'))).toEqual([
      ...['template.create', 'template.create', 'template.update', 'template.delete', 'template.delete'],
    ]);
    // Admins learn that a person made one, not what.
    const { rows } = await server.owner.query(
      `select to_jsonb(a)::text || (select string_agg(e.properties::text, '') from weir.analytics_events e where e.user_id = $2) as text
         from weir.audit_logs a where organization_id = $1 and actor_id = $2 and target_type = 'template'`,
      [organizationId, member.userId],
    );
    expect(rows.map(({ text }) => text).join()).not.toMatch(/helper|Help\./i);
  });

  it.each([
    ['free of charge', { is_free: true }, 'is_free'],
    ['for a plan', { required_plan: 'free' }, 'required_plan'],
    ['of a model that is not in service', { model_id: 'gpt-0' }, 'model_id'],
    ['with a limit of no period', { token_limit_amount: 5 }, 'token_limit_period'],
  ])('can’t be %s', async (_name, fields, path) => {
    const { admin } = await createApiOrganization(server);
    const { status, body } = await make(admin, OURS, { name: 'X', ...fields });
    expect([status, body.errors[0].path]).toEqual([400, path]);
  });

  it('hide no template of the platform or the organization', async () => {
    const organization = await createApiOrganization(server);
    const { admin, member } = organization;
    await made(root, '/api/system-models', { name: 'Everywhere' });
    await made(root, '/api/system-models', { name: 'Elsewhere', business_types: ['retail'] });
    await made(admin, OURS, { name: 'House' });
    for (const [person, path, name, status] of [
      [admin, OURS, 'Everywhere', 409],
      [member, MINE, 'Everywhere', 409],
      [member, MINE, 'House', 409],
      [admin, OURS, 'House', 409],
      [member, MINE, 'Elsewhere', 201],
      [admin, MINE, 'Elsewhere', 201],
    ] as const) {
      const { status: met, body } = await make(person, path, { name });
      expect([name, met, ...(met === 409 ? [body.errors[0].path] : [])]).toEqual([
        name,
        status,
        ...(status === 409 ? ['slug'] : []),
      ]);
    }
    const [mine] = (await member.request('GET', MINE)).body.data;
    const renamed = await member.request('PATCH', `${MINE}/${mine.id}`, { body: { slug: 'everywhere' } });
    expect(renamed.status).toBe(409);
  });

  it('are as many as the lower one of plan and organization says, however many ask at once', async () => {
    const { id, admin, member } = await createApiOrganization(server, 'starter');
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, n) => make(n % 2 ? admin : member, n % 2 ? OURS : MINE, { name: `Template ${n}` })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    const refused = answers.find(({ status }) => status === 403);
    expect(refused?.body).toMatchObject({
      code: 'plan_required',
      plan: 'starter',
      used: 3,
      maximum: 3,
      upgrade_url: '/billing/plans',
    });
    expect(refused?.body.detail).toMatch(/Upgrade the plan/);
    const other = await createApiOrganization(server);
    await root.request('PUT', `/api/admin/organizations/${other.id}`, { body: { max_custom_models: 0 } });
    expect((await make(other.member, MINE, { name: 'X' })).body.detail).toMatch(/Ask the owner of the platform/);
    await root.request('PUT', `/api/admin/organizations/${id}`, { body: { can_create_custom_models: false } });
    expect((await member.request('GET', MINE)).body.allowance).toEqual({ used: 3, maximum: 3, can_create: false });
    expect((await make(member, MINE, { name: 'X' })).body.code).toBe('plan_required');
  });

  it('have endpoints that nobody changes while acting as somebody else', async () => {
    const { member } = await createApiOrganization(server);
    const acting = await createApiSession(server, member, root.userId);
    const endpoint = {
      endpoint_base_url: 'https://93.184.215.14/v1',
      endpoint_model: 'm',
      endpoint_api_key: 'sk-mine-4321',
    };
    expect((await make(acting, MINE, { name: 'X', ...endpoint })).status).toBe(403);
    const { id } = await made(member, MINE, { name: 'X', ...endpoint });
    const offer = (await offersOf(member)).find((each: { id: number }) => each.id === id);
    expect(offer).toMatchObject({ is_usable: true, unusable_reason: null });
    for (const body of [{ endpoint_api_key: null }, { endpoint_base_url: 'https://93.184.215.14/v2' }])
      expect((await acting.request('PATCH', `${MINE}/${id}`, { body })).status).toBe(403);
    expect(
      (await acting.request('PATCH', `${MINE}/${id}`, { body: { name: 'Y' } })).body.data.endpoint_key_last_four,
    ).toBe('4321');
  });
});

describe('templates to use', () => {
  it('are those switched on, the organization’s and one’s own, with what is left and how near the end that is', async () => {
    const organization = await createApiOrganization(server);
    const { admin, member } = organization;
    const limit = { token_limit_period: 'daily', token_limit_amount: 1_000 };
    const system = await offer(organization, { name: 'Limited', ...limit, tags: ['found'], role: 'Counter' });
    await made(root, '/api/system-models', { name: 'Not switched on' });
    const ours = await made(admin, OURS, { name: 'Ours', model_id: 'sandbox-chat', ...limit });
    await made(admin, OURS, { name: 'Resting', is_active: false });
    const mine = await made(member, MINE, { name: 'Own', model_id: 'sandbox-chat' });
    await count(organization, member, { id: system.id, used: 499, held: 300, period: 'daily' });
    await count(organization, member, { id: ours.id, used: 500, period: 'daily' });
    const offers = await offersOf(member);
    expect(offers).toMatchObject([
      {
        ...{ id: system.id, scope: 'system', call_as: 'template:limited', is_usable: true, trial: null },
        model: { id: 'sandbox-chat', tier: 'free' },
        usage: { used: 499, held: 300, limit: 1_000, period: 'daily', percent: 49, warning_level: 'none' },
      },
      { id: ours.id, scope: 'organization', usage: { used: 500, percent: 50, warning_level: 'notice' } },
      {
        id: mine.id,
        scope: 'user',
        usage: { used: 0, limit: null, percent: null, warning_level: 'none', period: 'monthly' },
      },
    ]);
    expect(offers[0]).not.toHaveProperty('system_message');
    const midnight = windowAt({ kind: 'day' }, systemClock.nowMs()).endMs;
    expect(offers[0].usage.resets_at).toBe(new Date(midnight).toISOString());
    expect(await offersOf(member, '?search=COUNT')).toEqual([offers[0]]);
    expect(await offersOf(member, '?tag=found')).toEqual([offers[0]]);
    expect(await offersOf(member, '?scope=user')).toEqual([offers[2]]);
    expect((await member.request('GET', `${ALL}/${ours.id}`)).body.data).toEqual(offers[1]);
    expect((await offersOf(admin)).map(({ id }: { id: number }) => id)).toEqual([system.id, ours.id]);
    expect((await organization.stranger.request('GET', `${ALL}/${ours.id}`)).status).toBe(404);
    const page = (await member.request('GET', `${ALL}?limit=2`)).body;
    expect(await offersOf(member, `?limit=2&cursor=${page.next_cursor}`)).toEqual([offers[2]]);
  });

  it('take as many queries for 30 as for 3', async () => {
    const { id, admin, member } = await createApiOrganization(server);
    await root.request('PUT', `/api/admin/organizations/${id}`, {
      body: { pricing_plan: 'enterprise', max_custom_models: 100 },
    });
    const database = createDatabase({
      ...{ url: server.environment.DATABASE_URL ?? '', role: 'weir_service', max: 2 },
      ...{ applicationName: 'weir test', statementTimeoutMs: 0 },
    });
    let queries = 0;
    const transformQuery: KyselyPlugin['transformQuery'] = ({ node }) => {
      queries += 1;
      return node;
    };
    const kysely = database.kysely.withPlugin({ transformQuery, transformResult: async ({ result }) => result });
    const offers = createTemplateOfferService({ database: { ...database, kysely }, clock: systemClock });
    const caller: MemberCaller = {
      ...{ userId: member.userId, organizationId: id, organizationRole: 'member', platformRole: 'user' },
      ...{ impersonatorId: null, sessionId: null, request: { id: UNKNOWN_ID, ip: null, userAgent: null } },
    };
    const countWith = async (names: readonly string[]): Promise<[number, number]> => {
      for (const name of names)
        await made(admin, OURS, {
          name,
          ...(name.endsWith('0') ? {} : { token_limit_period: 'weekly', token_limit_amount: 5 }),
        });
      queries = 0;
      const { items } = await offers.list(caller, { limit: 100 });
      return [items.length, queries];
    };
    const [few, fewQueries] = await countWith(['A0', 'A1', 'A2']);
    const [many, manyQueries] = await countWith(Array.from({ length: 27 }, (_, n) => `B${n}`));
    expect([few, many, manyQueries]).toEqual([3, 30, fewQueries]);
    await database.close();
  });

  it('say when they can’t be used: the limit reached, the trial ended, no model, all switched off', async () => {
    const organization = await createApiOrganization(server);
    const { admin, member } = organization;
    const limited = await offer(organization, {
      name: 'Full',
      token_limit_period: 'weekly',
      token_limit_amount: 1_000,
    });
    const trial = await offer(organization, { name: 'Trial', is_trial: true, trial_expires_days: 7 });
    const fresh = await offer(organization, { name: 'Fresh trial', is_trial: true, trial_expires_days: 7 });
    const broken = await offer(organization, { name: 'Broken' });
    await admin.request('POST', `/api/system-models/${limited.id}/set-limit`, { body: { token_limit_per_user: 100 } });
    await count(organization, member, { id: limited.id, used: 120, period: 'weekly' });
    await count(organization, member, { id: trial.id, used: 3, trialDaysAgo: 8 });
    await server.owner.query('update weir.templates set model_id = null where id = $1', [broken.id]);
    const reasons = async () =>
      new Map(
        (await offersOf(member)).map((each: { id: number; unusable_reason: string }) => [
          each.id,
          each.unusable_reason,
        ]),
      );
    const offers = new Map((await offersOf(member)).map((each: { id: number }) => [each.id, each]));
    expect(offers.get(limited.id)).toMatchObject({
      is_usable: false,
      usage: { limit: 100, percent: 120, warning_level: 'exceeded' },
    });
    expect(offers.get(fresh.id)).toMatchObject({
      is_usable: true,
      trial: { days: 7, started_at: null, ends_at: null },
    });
    expect(Object.fromEntries(await reasons())).toEqual({
      ...{
        [limited.id]: 'limit_reached',
        [trial.id]: 'trial_ended',
        [fresh.id]: null,
        [broken.id]: 'model_unavailable',
      },
    });
    const [switchOff, back] = [false, true].map(
      (value) => () =>
        server.owner.query(`update weir.system_config set value = $1 where key = 'system_templates_enabled'`, [
          String(value),
        ]),
    );
    await switchOff?.();
    expect(new Set((await reasons()).values())).toEqual(new Set(['switched_off']));
    await back?.();
  });
});
