// Proves: a system template reaches just the organizations that it is for, by the database's rows as by the routes; admins switch it on and limit it knowing whom
// that concerns; and what is told of its use is what the asker may see.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { meterKeys, PERIOD_WINDOWS, type TemplateLimitPeriod } from '../../ledger/core/meter-keys.ts';
import { windowAt } from '../../ledger/core/window.ts';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, addApiMember, createApiPerson } from '../testing/api-person.ts';
import { rollUpUsage } from '../testing/roll-up.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

const BASE = '/api/system-models';
const DAY_MS = 86_400_000;
let server: TestServer;
let root: ApiPerson;
let pro: ApiOrganization;
let second: ApiPerson;
let number = 0;

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  pro = await createApiOrganization(server, 'pro');
  second = await pro.join('member');
});
afterAll(() => server.close());

const make = async (fields: Record<string, unknown> = {}) => {
  number += 1;
  const { status, body } = await root.request('POST', BASE, { body: { name: `Reach ${number}`, ...fields } });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.data as { id: number; slug: string };
};
const post = (person: ApiPerson, path: string, body?: object) =>
  person.request('POST', `${BASE}/${path}`, body === undefined ? {} : { body });
const idsOf = async (person: ApiPerson, request = {}): Promise<number[]> => {
  const { body } = await person.request('GET', `${BASE}?limit=100`, request);
  return body.data.map(({ id }: { id: number }) => id);
};

/** What row level security lets a person see of one template. */
async function seesRow(person: ApiPerson, organizationId: string, id: number): Promise<boolean> {
  const claims = JSON.stringify({ sub: person.userId, role: 'authenticated', organization_id: organizationId });
  await server.owner.query('begin');
  try {
    await server.owner.query(
      `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`,
      [claims],
    );
    return (await server.owner.query('select 1 from weir.templates where id = $1', [id])).rows.length === 1;
  } finally {
    await server.owner.query('rollback');
  }
}

/** Leaves a counter as calls would. */
async function count(
  person: ApiPerson | null,
  use: { id: number; used: number; period?: TemplateLimitPeriod },
): Promise<void> {
  const { id, used, period = 'monthly' } = use;
  const subject = { organizationId: pro.id, userId: person?.userId ?? null };
  const { startMs, endMs } = windowAt({ kind: PERIOD_WINDOWS[period] }, systemClock.nowMs());
  await server.owner.query(
    `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, used)
     values ($1, to_timestamp($2 / 1000.0), to_timestamp($3 / 1000.0), $4, 'template_limit', 'tokens', 1, $5)`,
    [meterKeys.templateLimit(String(id), subject, period), startMs, endMs, pro.id, used],
  );
}

/** Books a call of 100 tokens in and 20 out. */
async function book(
  person: ApiPerson,
  call: { id: number; daysAgo?: number; status?: string; organizationId?: string },
): Promise<void> {
  const at = new Date(systemClock.nowMs() - (call.daysAgo ?? 0) * DAY_MS);
  await server.owner.query(
    `insert into weir.usage_events (id, occurred_at, booked_at, organization_id, user_id, template_id, template_slug, environment, model_id, provider,
       model_type, route, input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, cost_nano_usd, status,
       streamed, trial, retries, fallback_used, counter_ids, amounts)
     values ($1, $2, now(), $3, $4, $5, 'x', 'production', 'sandbox-chat', 'sandbox', 'system', '/v1/chat/completions', $6, $7, 0, 0, 0, 'provider', 1000000,
       $8, false, false, 0, false, '{}', '{}')`,
    [
      ...[randomUUID(), at, call.organizationId ?? pro.id, person.userId, call.id],
      ...(call.status === 'denied' ? [0, 0] : [100, 20]),
      call.status ?? 'success',
    ],
  );
}

describe('whom a template reaches', () => {
  it('is its business types and plans, in rows and routes alike, for admins at once and for members once switched on', async () => {
    const free = await createApiOrganization(server, 'free');
    await free.owner.request('PUT', `/api/organizations/${free.id}`, { body: { business_type: 'healthcare' } });
    const cases = [
      [{}, true, true],
      [{ required_plan: 'pro' }, true, false],
      [{ required_plan: 'enterprise' }, false, false],
      [{ business_types: ['software'] }, true, false],
      [{ business_types: ['healthcare', 'retail'] }, false, true],
      [{ business_types: ['healthcare'], required_plan: 'pro' }, false, false],
      [{ is_active: false }, false, false],
    ] as const;
    for (const [fields, isForPro, isForFree] of cases) {
      const { id } = await make(fields);
      for (const [organization, isFor] of [
        [pro, isForPro],
        [free, isForFree],
      ] as const) {
        const { admin, member } = organization;
        const about = `${JSON.stringify(fields)} for ${organization === pro ? 'pro' : 'free'}`;
        expect((await admin.request('GET', `${BASE}/${id}`)).status, about).toBe(isFor ? 200 : 404);
        expect(await seesRow(admin, organization.id, id), about).toBe(isFor);
        expect((await idsOf(admin)).includes(id), about).toBe(isFor);
        expect((await member.request('GET', `${BASE}/${id}`)).status, about).toBe(404);
        expect((await post(admin, `${id}/enable`)).status, about).toBe(isFor ? 200 : 404);
        expect((await member.request('GET', `${BASE}/${id}`)).status, about).toBe(isFor ? 200 : 404);
        expect(await seesRow(member, organization.id, id), about).toBe(isFor);
        for (const as of ['admin', 'member']) {
          const preview = await root.request('GET', `${BASE}/${id}/preview?as=${as}&organization=${organization.id}`);
          expect(preview.body.data.visible, about).toBe(isFor);
        }
      }
    }
  });

  it('holds for platform people who look as members, too', async () => {
    const { id } = await make({ required_plan: 'enterprise' });
    const both = await createApiPerson(server, { platformRole: 'superadmin' });
    await addApiMember(server, { organizationId: pro.id, userId: both.userId, role: 'admin' });
    expect(await idsOf(both)).toContain(id);
    expect(await idsOf(both, { organization: pro.id })).not.toContain(id);
    expect((await both.request('GET', `${BASE}/${id}`, { organization: pro.id })).status).toBe(404);
  });

  it('shows each what concerns them: admins the switch and the message, members neither, nobody of them the endpoint', async () => {
    const { id } = await make({
      ...{ system_message: 'Secret sauce', endpoint_base_url: 'https://93.184.215.14', endpoint_model: 'm' },
      endpoint_api_key: 'sk-own-endpoint-1234',
    });
    const before = (await pro.admin.request('GET', `${BASE}/${id}`)).body.data;
    expect(before).toMatchObject({
      ...{
        system_message: 'Secret sauce',
        is_enabled_for_users: false,
        token_limit_per_user: null,
        people_affected: 2,
      },
      ...{ endpoint_base_url: null, endpoint_model: null, endpoint_key_last_four: null },
    });
    await post(pro.admin, `${id}/enable`);
    const seen = (await second.request('GET', `${BASE}/${id}`)).body.data;
    expect(seen).toMatchObject({ system_message: null, is_enabled_for_users: true, endpoint_base_url: null });
    expect(seen).not.toHaveProperty('people_affected');
    expect((await root.request('GET', `${BASE}/${id}`)).body.data).not.toHaveProperty('is_enabled_for_users');
  });
});

describe('switching on and off', () => {
  it('says whom it concerns, first and then, and does it once', async () => {
    const { id, slug } = await make();
    await book(second, { id, daysAgo: 3 });
    await book(second, { id, daysAgo: 60 });
    const dry = await post(pro.admin, `${id}/enable?dry_run=true`);
    expect(dry.body.data).toEqual({
      ...{ template_id: id, slug, dry_run: true, changed: false, is_enabled_for_users: true, people_affected: 2 },
      ...{ people_with_use: 1, people: [{ id: second.userId, name: expect.any(String), tokens: 120 }] },
    });
    expect((await second.request('GET', `${BASE}/${id}`)).status).toBe(404);
    const on = await post(pro.admin, `${id}/enable`);
    expect(on.body.data).toMatchObject({ dry_run: false, changed: true, people_affected: 2 });
    const again = await post(pro.admin, `${id}/enable`);
    expect(again.body.data).toMatchObject({ changed: false, people_affected: 0 });
    await post(pro.admin, `${id}/disable`);
    expect((await pro.actions()).slice(-2)).toEqual(['template.enable', 'template.disable']);
    expect((await post(pro.member, `${id}/enable`)).status).toBe(403);
    expect((await post(pro.stranger, `${id}/disable`)).body.data).toMatchObject({ changed: false });
  });
});

describe('a limit per person', () => {
  it('tells who is above it in the running window, sets it, and goes back to the template’s', async () => {
    const { id } = await make({ token_limit_period: 'daily', token_limit_amount: 1_000 });
    await count(pro.member, { id, used: 400, period: 'daily' });
    await count(second, { id, used: 600, period: 'daily' });
    await count(null, { id, used: 399, period: 'daily' });
    // Of another period: another window.
    await count(pro.owner, { id, used: 9_000 });
    const dry = await post(pro.admin, `${id}/set-limit?dry_run=true`, { token_limit_per_user: 400 });
    expect(dry.body.data).toMatchObject({
      ...{ template_id: id, dry_run: true, changed: false, token_limit_per_user: 400 },
      impact: {
        ...{ period: 'daily', current_limit: 1_000, proposed_limit: 400, people_above: 2, service_keys_above: false },
        people: [
          { id: second.userId, tokens: 600 },
          { id: pro.member.userId, tokens: 400 },
        ],
      },
    });
    expect((await pro.admin.request('GET', `${BASE}/${id}`)).body.data.token_limit_per_user).toBeNull();
    await post(pro.admin, `${id}/set-limit`, { token_limit_per_user: 400 });
    expect((await pro.admin.request('GET', `${BASE}/${id}`)).body.data.token_limit_per_user).toBe(400);
    const back = await post(pro.admin, `${id}/set-limit`, { token_limit_per_user: null });
    expect(back.body.data).toMatchObject({
      changed: true,
      impact: { current_limit: 400, proposed_limit: 1_000, people_above: 0 },
    });
    expect((await pro.actions()).slice(-2)).toEqual(['template.set_limit', 'template.set_limit']);
  });

  it('is refused above the organization’s monthly quota, also dry, and where it is no amount', async () => {
    const { id } = await make();
    for (const query of ['', '?dry_run=true']) {
      const { status, body } = await post(pro.admin, `${id}/set-limit${query}`, { token_limit_per_user: 10_000_001 });
      expect([status, body.errors[0]]).toMatchObject([
        400,
        { path: 'token_limit_per_user', message: expect.stringContaining('10000000') },
      ]);
    }
    expect((await post(pro.admin, `${id}/set-limit`, { token_limit_per_user: 10_000_000 })).status).toBe(200);
    for (const token_limit_per_user of [0, -1, 1.5, '5', undefined])
      expect((await post(pro.admin, `${id}/set-limit`, { token_limit_per_user })).status).toBe(400);
    expect((await post(pro.member, `${id}/set-limit`, { token_limit_per_user: 1 })).status).toBe(403);
  });
});

describe('what superadmins are told', () => {
  it('is why somebody would not see a template, and which limit they would have', async () => {
    const { id } = await make({
      ...{ business_types: ['retail'], required_plan: 'enterprise', is_active: false },
      ...{ token_limit_period: 'weekly', token_limit_amount: 70 },
    });
    const path = `${BASE}/${id}/preview?organization=`;
    const { body } = await root.request('GET', `${path}${pro.id}`);
    expect(body.data).toMatchObject({
      ...{ as: 'member', visible: false, template: null, organization: { id: pro.id, pricing_plan: 'pro' } },
      limit: { tokens: 70, period: 'weekly', source: 'template' },
    });
    const codes = body.data.reasons.map(({ code }: { code: string }) => code);
    expect(codes).toEqual(['not_active', 'business_type', 'plan', 'not_enabled']);
    const unknown = await root.request('GET', `${path}nowhere`);
    expect([unknown.status, unknown.body.errors[0].path]).toEqual([400, 'organization']);
    const plain = await make();
    await post(pro.admin, `${plain.id}/set-limit`, { token_limit_per_user: 55 });
    const admin = await root.request('GET', `${BASE}/${plain.id}/preview?as=admin&organization=${pro.id}`);
    expect(admin.body.data).toMatchObject({
      ...{ visible: true, reasons: [], limit: { tokens: 55, period: 'monthly', source: 'organization' } },
      template: { id: plain.id, is_enabled_for_users: false, token_limit_per_user: 55, people_affected: 2 },
    });
  });

  it('is which organizations have it, with their people and use in the window, and whom deleting concerns', async () => {
    const { id } = await make();
    const other = await createApiOrganization(server);
    await post(pro.admin, `${id}/enable`);
    await book(second, { id });
    await book(other.owner, { id, organizationId: other.id });
    const { body } = await root.request('GET', `${BASE}/${id}/organizations`);
    const rows = new Map(body.data.map((row: { id: string }) => [row.id, row]));
    expect(rows.size).toBe(2);
    expect(rows.get(pro.id)).toMatchObject({
      is_enabled_for_users: true,
      people: expect.any(Number),
      used: 120,
      period: 'monthly',
    });
    expect(rows.get(other.id)).toMatchObject({
      is_enabled_for_users: false,
      token_limit_per_user: null,
      people: 3,
      used: 120,
    });
    const page = (await root.request('GET', `${BASE}/${id}/organizations?limit=1`)).body;
    const next = await root.request('GET', `${BASE}/${id}/organizations?limit=1&cursor=${page.next_cursor}`);
    expect([...page.data, ...next.body.data]).toEqual(body.data);
    const dry = await root.request('DELETE', `${BASE}/${id}?dry_run=true`);
    expect(dry.body.data).toMatchObject({ organizations_enabled: 1, people_with_use: 2 });
    expect((await root.request('DELETE', `${BASE}/${id}`)).status).toBe(204);
    const left = await server.owner.query('select template_slug from weir.usage_events where template_id = $1', [id]);
    expect(left.rows).toHaveLength(2);
  });
});

describe('use', () => {
  it('is one’s own for members, the organization’s for admins, everybody’s for the platform', async () => {
    const { id } = await make();
    await post(pro.admin, `${id}/enable`);
    const other = await createApiOrganization(server);
    await book(pro.member, { id });
    await book(pro.member, { id, status: 'denied' });
    await book(second, { id, daysAgo: 10 });
    await book(second, { id, daysAgo: 50 });
    await book(other.owner, { id, organizationId: other.id });
    // What was added up already and what was not count alike.
    await rollUpUsage(server);
    await book(second, { id });
    const usage = async (person: ApiPerson, period: string) =>
      (await person.request('GET', `${BASE}/${id}/usage?period=${period}`)).body.data;
    const own = await usage(pro.member, '30d');
    expect(own).toMatchObject({
      of: 'own',
      totals: { requests: 2, denied: 1, tokens: 120, active_users: 1, cost_usd: '0.002' },
    });
    expect(own).not.toHaveProperty('top_users');
    const mine = await usage(pro.admin, '30d');
    expect(mine).toMatchObject({ of: 'organization', totals: { requests: 4, tokens: 360, active_users: 2 } });
    expect(mine.top_users).toMatchObject([
      { id: second.userId, tokens: 240 },
      { id: pro.member.userId, tokens: 120 },
    ]);
    expect(mine).not.toHaveProperty('top_organizations');
    expect((await usage(pro.admin, '7d')).totals.tokens).toBe(240);
    const all = await usage(root, 'all');
    expect(all).toMatchObject({ of: 'platform', from: null, totals: { requests: 6, tokens: 600, active_users: 3 } });
    expect(all.days).toHaveLength(3);
    expect(all.top_organizations).toMatchObject([
      { id: pro.id, tokens: 480 },
      { id: other.id, tokens: 120 },
    ]);
    expect((await pro.stranger.request('GET', `${BASE}/${id}/usage`)).status).toBe(200);
    expect((await pro.admin.request('GET', `${BASE}/${id}/usage?period=1y`)).status).toBe(400);
  });
});
