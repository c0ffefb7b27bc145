// Proves: what the platform does to organizations and its settings over real HTTP, seen by the real gateway, recorded, and closed to everybody else.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminOrganizationEndpoints } from '../../contracts/platform/admin-organizations.ts';
import { systemConfigEndpoints } from '../../contracts/platform/system.ts';
import { SYSTEM_CONFIG } from '../../contracts/platform/system-config.ts';
import { type ApiPerson, createApiPerson, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { PATIENCE_MS, sendChat } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let root: ApiPerson;
let platformAdmin: ApiPerson;
let person: ApiPerson;
let id = '';

/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const at = (organization: string, rest = ''): string => `/api/admin/organizations/${organization}${rest}`;

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
  person = await createApiPerson(server);
  const made = await person.request('POST', '/api/organizations', { body: { name: 'Small', slug: 'small' } });
  id = made.body.data.id;
});
afterAll(() => server.close());

const actsOf = async (organization: string | null) => {
  const { rows } = await server.owner.query<{ action: string; before: unknown; after: unknown }>(
    `select action, before, after from weir.audit_logs where organization_id is not distinct from $1 and actor_id = $2 order by sequence`,
    [organization, root.userId],
  );
  return rows;
};

describe('every route', () => {
  const body: Readonly<Record<string, unknown>> = {
    updateAnyOrganization: {},
    suspendOrganization: { reason: 'x' },
    updateSystemConfig: {},
  };
  const endpoints = [...Object.values(adminOrganizationEndpoints), ...Object.values(systemConfigEndpoints)];
  it.each(endpoints.map((endpoint) => [endpoint.operationId, endpoint] as const))(
    '%s: 401 for nobody, 403 for people, reading alone for platform admins',
    async (operationId, endpoint) => {
      const path = endpoint.path.replace('{id}', id);
      const request = body[operationId] === undefined ? {} : { body: body[operationId] };
      expect((await requestApi(server, [endpoint.method, path], request)).status).toBe(401);
      expect((await person.request(endpoint.method, path, request)).status).toBe(403);
      const { status } = await platformAdmin.request(endpoint.method, path, request);
      expect(status).toBe(endpoint.method === 'GET' ? 200 : 403);
      if (path === endpoint.path) return;
      expect((await root.request(endpoint.method, endpoint.path.replace('{id}', UNKNOWN_ID), request)).status).toBe(
        404,
      );
    },
  );

  it.each([
    ['PUT', '', { status: 'suspended' }, 'status'],
    ['PUT', '', { pricing_plan: 'platinum' }, 'pricing_plan'],
    ['PUT', '', { token_quota_monthly: -1 }, 'token_quota_monthly'],
    ['PUT', '', { token_quota_monthly: 1e308 }, 'token_quota_monthly'],
    ['PUT', '', { max_custom_models: 1.5 }, 'max_custom_models'],
    ['PUT', '', { business_type: 'piracy' }, 'business_type'],
    ['POST', '/suspend', {}, 'reason'],
  ])('%s %s refuses %j and names the field', async (method, rest, request, field) => {
    const { status, body: answer } = await root.request(method, at(id, rest), { body: request });
    expect([status, answer.errors?.[0]?.path]).toEqual([400, field]);
  });
});

describe('listing organizations', () => {
  it('gives all of them, newest first, page by page, and narrows', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const next = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await platformAdmin.request('GET', `/api/admin/organizations?limit=2${next}`);
      seen.push(...body.data.map((organization: { id: string }) => organization.id));
      cursor = body.next_cursor ?? '';
    } while (cursor !== '');
    const { rows } = await server.owner.query<{ id: string }>(
      'select id from weir.organizations order by created_at desc, id desc',
    );
    expect(seen).toEqual(rows.map((row) => row.id));
    const slugs = async (query: string): Promise<string[]> =>
      (await root.request('GET', `/api/admin/organizations?${query}`)).body.data.map(
        ({ slug }: { slug: string }) => slug,
      );
    expect(await slugs('search=SMALL')).toEqual(['small']);
    expect(await slugs('plan=free')).toContain('small');
    expect(await slugs('plan=enterprise')).not.toContain('small');
    expect(await slugs('status=suspended')).toEqual([]);
    expect(await slugs('search=small&business_type=software')).toEqual(['small']);
  });
});

describe('the plan of an organization', () => {
  const credits = async (): Promise<Record<string, number>> => {
    const { rows } = await server.owner.query<{ credit_type: string; total: string }>(
      'select credit_type, sum(initial)::text as total from weir.credit_grants where organization_id = $1 group by 1',
      [id],
    );
    return Object.fromEntries(rows.map(({ credit_type, total }) => [credit_type, Number(total)]));
  };

  it('raised, is in force at once and brings the missing credits of the period, however often it is said', async () => {
    expect(await credits()).toEqual({});
    const raised = await root.request('PUT', at(id), { body: { pricing_plan: 'pro' } });
    expect(raised.body.data.pricing_plan).toBe('pro');
    expect(raised.body.data.credit_lots_granted).toBeGreaterThan(0);
    expect(await credits()).toMatchObject({ lead_generation: 50, goal_generation: 20 });
    const again = await root.request('PUT', at(id), { body: { pricing_plan: 'pro' } });
    expect(again.body.data.credit_lots_granted).toBe(0);
    expect(await credits()).toMatchObject({ lead_generation: 50, goal_generation: 20 });
  });

  it('lowered, takes rights away at once and leaves the lots', async () => {
    const lowered = await root.request('PUT', at(id), { body: { pricing_plan: 'starter' } });
    expect(lowered.body.data).toMatchObject({ pricing_plan: 'starter', credit_lots_granted: 0 });
    expect(await credits()).toMatchObject({ lead_generation: 50, goal_generation: 20 });
  });

  it('and the own terms give what holds: own quota first, of custom models the stricter', async () => {
    const body = { token_quota_monthly: 5_000, max_custom_models: 1_000, can_create_custom_models: true };
    const changed = (await root.request('PUT', at(id), { body })).body.data;
    expect(changed).toMatchObject({ ...body, pricing_plan: 'starter' });
    const { rows } = await server.owner.query(
      `select max_custom_models, can_create_custom_models from weir.plans where slug = 'starter'`,
    );
    expect(changed.effective).toEqual({ token_quota_monthly: 5_000, ...rows[0] });
    const back = (await root.request('PUT', at(id), { body: { token_quota_monthly: null } })).body.data;
    expect(back.token_quota_monthly).toBeNull();
    expect(back.effective.token_quota_monthly).not.toBe(5_000);
    const acts = await actsOf(id);
    expect(new Set(acts.map(({ action }) => action))).toEqual(new Set(['organization.change_terms']));
    expect(acts[0]).toMatchObject({ before: { pricing_plan: 'free' }, after: { pricing_plan: 'pro' } });
  });

  it('is refused to an edit of an older version', async () => {
    const { headers } = await root.request('GET', at(id));
    const fresh = { headers: { 'if-match': headers.get('etag') ?? '' } };
    expect((await root.request('PUT', at(id), { body: { name: 'Grown' }, ...fresh })).status).toBe(200);
    const stale = await root.request('PUT', at(id), { body: { name: 'Shrunk' }, ...fresh });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale']);
  });
});

describe('with the gateway', () => {
  const codeOf = async (): Promise<string> => {
    const response = await sendChat(server.url, server.demo.keys.enterprise);
    const text = await response.text();
    return response.status === 200 ? 'ok' : ((JSON.parse(text) as { error: { code: string } }).error.code ?? text);
  };

  it('a suspended organization is refused, and answered again when it is resumed', async () => {
    const { enterprise } = server.demo.organizations;
    expect(await codeOf()).toBe('ok');
    const suspended = await root.request('POST', at(enterprise.id, '/suspend'), { body: { reason: 'unpaid' } });
    expect(suspended.body.data).toMatchObject({ status: 'suspended', status_reason: 'unpaid' });
    await expect.poll(codeOf, PATIENCE).toBe('organization_suspended');
    const resumed = await root.request('POST', at(enterprise.id, '/resume'));
    expect(resumed.body.data).toMatchObject({ status: 'active', status_reason: null });
    await expect.poll(codeOf, PATIENCE).toBe('ok');
    await root.request('POST', at(enterprise.id, '/resume'));
    expect((await actsOf(enterprise.id)).map(({ action }) => action)).toEqual([
      'organization.suspend',
      'organization.resume',
    ]);
  });

  it('a switch is in force without a restart, and so is going back to the default', async () => {
    const off = await root.request('PUT', '/api/admin/config', { body: { gateway_read_only: true } });
    const setting = off.body.data.find(({ key }: { key: string }) => key === 'gateway_read_only');
    expect(setting).toMatchObject({ value: true, default: false, changed_by: root.userId });
    await expect.poll(codeOf, PATIENCE).not.toBe('ok');
    const on = await root.request('PUT', '/api/admin/config', { body: { gateway_read_only: null } });
    expect(on.body.data.find(({ key }: { key: string }) => key === 'gateway_read_only')).toMatchObject({
      ...{ value: false, changed_at: null },
    });
    await expect.poll(codeOf, PATIENCE).toBe('ok');
  });
});

describe('settings', () => {
  it('are all told with their defaults', async () => {
    const { body } = await platformAdmin.request('GET', '/api/admin/config');
    const told = body.data.map((setting: { key: string; default: boolean }) => [setting.key, setting.default]);
    expect(told).toEqual(Object.entries(SYSTEM_CONFIG).map(([key, entry]) => [key, entry.default]));
  });

  it.each([
    [{ gateway_readonly: true }, 'gateway_readonly'],
    [{ charging_enabled: 'false' }, 'charging_enabled'],
    [{ premium_enabled: 0 }, 'premium_enabled'],
    [{ constructor: true }, 'constructor'],
  ])('refuse %j and name the key', async (body, field) => {
    const { status, body: answer } = await root.request('PUT', '/api/admin/config', { body });
    expect([status, answer.errors?.[0]?.path]).toEqual([400, field]);
  });

  it('are recorded with before and after, once a change', async () => {
    const change = (body: object) => root.request('PUT', '/api/admin/config', { body });
    await change({ purchases_enabled: false, premium_enabled: true });
    await change({ purchases_enabled: false });
    await change({ purchases_enabled: true });
    const acts = (await actsOf(null)).filter(({ after }) => Object.hasOwn(after as object, 'purchases_enabled'));
    expect(acts).toEqual([
      { action: 'system_config.update', before: { purchases_enabled: true }, after: { purchases_enabled: false } },
      { action: 'system_config.update', before: { purchases_enabled: false }, after: { purchases_enabled: true } },
    ]);
  });
});
