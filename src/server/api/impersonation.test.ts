// Proves: acting as somebody needs a reason, ends by itself, nests in nothing, reaches no secrets, keys, billing or ownership, and is on every row of the log.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../contracts/endpoint.ts';
import { ENDPOINTS } from '../../contracts/endpoints.ts';
import { type ApiPerson, createApiPerson, createApiSession, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let root: ApiPerson;
let owner: ApiPerson;
let organizationId = '';

const REASON = 'Ticket 4711: cannot see the invoice';
const at = ({ userId }: Pick<ApiPerson, 'userId'>): string => `/api/admin/users/${userId}/impersonate`;

beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  owner = await createApiPerson(server);
  const made = await owner.request('POST', '/api/organizations', { body: { name: 'Helped', slug: 'helped' } });
  organizationId = made.body.data.id;
});
afterAll(() => server.close());

/** Who a browser is after an answer: its session cookie as the answer set it. */
const browserAfter = (headers: Headers) => {
  const [set = ''] = headers.getSetCookie();
  const cookie = set.split(';')[0] ?? '';
  const request = (method: string, path: string, body?: unknown) =>
    requestApi(server, [method, path], {
      ...(body === undefined ? {} : { body }),
      headers: { cookie, origin: server.url },
    });
  return { set, request };
};

const impersonate = async (body: object = { reason: REASON }, person: ApiPerson = owner) => {
  const started = await root.request('POST', at(person), { body });
  expect(started.status).toBe(201);
  return { started, ...browserAfter(started.headers) };
};

const sessionsOf = async (userId: string) => {
  const { rows } = await server.owner.query<{ id: string; minutes: number }>(
    `select id, round(extract(epoch from expires_at - created_at) / 60)::int as minutes from weir.sessions
      where user_id = $1 and impersonated_by is not null order by created_at`,
    [userId],
  );
  return rows;
};

describe('beginning', () => {
  it.each([
    ['without a reason', {}, 'reason'],
    ['with a reason of nine characters', { reason: '123456789 ' }, 'reason'],
    ['for 61 minutes', { reason: REASON, minutes: 61 }, 'minutes'],
    ['for no minutes', { reason: REASON, minutes: 0 }, 'minutes'],
    ['under a role of its own choice', { reason: REASON, platform_role: 'superadmin' }, 'platform_role'],
  ])('is refused %s', async (_name, body, field) => {
    const { status, body: answer } = await root.request('POST', at(owner), { body });
    expect([status, answer.errors?.[0]?.path]).toEqual([400, field]);
  });

  it('is for superadmins, as people without a role on the platform', async () => {
    const body = { reason: REASON };
    const platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
    const other = await createApiPerson(server, { platformRole: 'superadmin' });
    const banned = await createApiPerson(server);
    await server.owner.query('update weir.users set banned = true where id = $1', [banned.userId]);
    expect((await requestApi(server, ['POST', at(owner)], { body })).status).toBe(401);
    for (const person of [owner, platformAdmin])
      expect((await person.request('POST', at(owner), { body })).status).toBe(403);
    const as = async (person: Pick<ApiPerson, 'userId'>) => (await root.request('POST', at(person), { body })).status;
    expect([await as(platformAdmin), await as(other), await as(root), await as(banned)]).toEqual([403, 403, 409, 409]);
    expect(await as({ userId: UNKNOWN_ID })).toBe(404);
    const repeated = await root.request('POST', at(owner), { body, headers: { 'idempotency-key': 'once' } });
    expect([repeated.status, repeated.body.errors[0].path]).toEqual([400, 'idempotency-key']);
    expect(await sessionsOf(owner.userId)).toEqual([]);
  });

  it('gives a session as them for an hour, of which they are told in the banner', async () => {
    const { started, set, request } = await impersonate();
    expect(set).toMatch(/^weir-session=[^;]+; Max-Age=(3600|35\d\d); Path=\/; HttpOnly; SameSite=Lax$/);
    expect(started.body.data).toMatchObject({ user: { id: owner.userId, email: owner.email } });
    const me = (await request('GET', '/api/me')).body.data;
    expect(me.user.id).toBe(owner.userId);
    expect(me.impersonation).toMatchObject({ impersonator: { id: root.userId }, reason: REASON });
    expect(me.impersonation.expires_at).toBe(started.body.data.expires_at);
    expect((await sessionsOf(owner.userId)).at(-1)?.minutes).toBe(60);
    const listed = (await owner.request('GET', '/api/auth/sessions')).body.data;
    expect(listed.map(({ id }: { id: string }) => id)).toEqual([owner.sessionId]);
  });
});

describe('ending', () => {
  it('comes by itself: no session library and no statement prolongs it', async () => {
    const { started, request } = await impersonate({ reason: REASON, minutes: 5 });
    expect((await request('GET', '/api/auth/get-session')).status).toBe(200);
    expect((await request('GET', '/api/me')).body.data.impersonation.expires_at).toBe(started.body.data.expires_at);
    const session = (await sessionsOf(owner.userId)).at(-1);
    const change = (set: string) => server.owner.query(`update weir.sessions set ${set} where id = $1`, [session?.id]);
    await change(`expires_at = now() + interval '7 days', impersonated_by = null, impersonation_reason = null`);
    expect((await sessionsOf(owner.userId)).at(-1)).toEqual(session);
    await change(`expires_at = now() - interval '1 second'`);
    expect((await request('GET', '/api/me')).status).toBe(401);
    const long = server.owner.query(
      `insert into weir.sessions (id, user_id, token, expires_at, impersonated_by, impersonation_reason)
       values (gen_random_uuid(), $1, 'long', now() + interval '61 minutes', $2, 'x')`,
      [owner.userId, root.userId],
    );
    await expect(long).rejects.toMatchObject({ constraint: 'sessions_impersonation_is_short' });
  });

  it('leads back to the own session, once', async () => {
    const { request } = await impersonate();
    const stopped = await request('POST', '/api/admin/stop-impersonating');
    expect([stopped.status, stopped.body.data]).toEqual([200, { returned: true }]);
    const back = browserAfter(stopped.headers);
    const me = (await back.request('GET', '/api/me')).body.data;
    expect([me.user.id, me.session.id, me.impersonation]).toEqual([root.userId, root.sessionId, null]);
    expect((await request('GET', '/api/me')).status).toBe(401);
    const again = await back.request('POST', '/api/admin/stop-impersonating');
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    expect((await requestApi(server, ['POST', '/api/admin/stop-impersonating'])).status).toBe(401);
  });

  it('comes with the end of the own session, of the own role, and of either account', async () => {
    const admin = await createApiPerson(server, { platformRole: 'superadmin' });
    const start = async (): Promise<ReturnType<typeof browserAfter>> => {
      const own = await createApiSession(server, admin);
      const started = await own.request('POST', at(owner), { body: { reason: REASON } });
      const browser = browserAfter(started.headers);
      expect((await browser.request('GET', '/api/me')).status).toBe(200);
      return browser;
    };
    const signedOut = await start();
    await server.owner.query('delete from weir.sessions where user_id = $1', [admin.userId]);
    expect((await signedOut.request('GET', '/api/me')).status).toBe(401);
    const demoted = await start();
    await root.request('PUT', `/api/admin/users/${admin.userId}`, { body: { platform_role: 'platform_admin' } });
    expect((await demoted.request('GET', '/api/me')).status).toBe(401);
  });
});

describe('meanwhile', () => {
  it('nobody acts as a third, and nothing of the platform is in reach', async () => {
    const { request } = await impersonate();
    const third = await createApiPerson(server);
    expect((await request('POST', at(third), { reason: REASON })).status).toBe(403);
    for (const path of ['users', 'organizations', 'config', 'health', 'usage', 'mail', 'audit-logs'])
      expect((await request('GET', `/api/admin/${path}`)).status).toBe(403);
  });

  it('both are on every row of the log', async () => {
    const { request } = await impersonate();
    expect((await request('PUT', `/api/organizations/${organizationId}`, { name: 'Helped well' })).status).toBe(200);
    await request('POST', '/api/admin/stop-impersonating');
    const { rows } = await server.owner.query(
      `select action, actor_id, impersonator_id, organization_id is null as platform from weir.audit_logs
        where impersonator_id = $1 or action = 'impersonation.start' order by created_at desc, sequence desc limit 3`,
      [root.userId],
    );
    const asOwner = { actor_id: owner.userId, impersonator_id: root.userId };
    expect(rows).toEqual([
      { action: 'impersonation.stop', ...asOwner, platform: true },
      { action: 'organization.update', ...asOwner, platform: false },
      { action: 'impersonation.start', actor_id: root.userId, impersonator_id: null, platform: true },
    ]);
    const { rows: starts } = await server.owner.query(
      `select target_id, after ->> 'reason' as reason from weir.audit_logs where action = 'impersonation.start' order by sequence desc limit 1`,
    );
    expect(starts).toEqual([{ target_id: owner.userId, reason: REASON }]);
  });
});

describe('what an impersonator may not do', () => {
  /** Writes to secrets, keys, money and ownership, by their paths: an endpoint of such a noun has to say `impersonation: 'refused'`. */
  const SENSITIVE =
    /api-keys|provider-keys|api-tokens|tokens\/(grant|purchase|refund)|billing|purchases|transfer-ownership|password|two-factor|\/api\/admin\//;
  const name = ({ operationId }: Endpoint): string => operationId;
  const writes = ENDPOINTS.filter(({ method }) => method !== 'GET');
  const isOpenToAll = ({ role }: Endpoint): boolean => role === 'anonymous';

  it('is declared by every endpoint that writes secrets, keys, money or ownership', () => {
    const sensitive = writes.filter((endpoint) => SENSITIVE.test(endpoint.path) && !isOpenToAll(endpoint));
    const open = sensitive.filter(({ impersonation }) => impersonation !== 'refused');
    expect(open.map(name)).toEqual(['stopImpersonating']);
  });

  const refused = ENDPOINTS.filter((endpoint) => endpoint.impersonation === 'refused' && !isOpenToAll(endpoint));
  it('holds endpoints of several kinds, so that the next test tests something', () => {
    expect(refused.map(name)).toEqual(
      expect.arrayContaining(['deleteOrganization', 'changePassword', 'impersonateUser']),
    );
  });

  it('is answered 403, before anything else of the request is looked at', async () => {
    const { request } = await impersonate();
    const answers = await Promise.all(
      refused.map(async (endpoint) => {
        const path = endpoint.path
          .replace('{id}', endpoint.organization === 'path' ? organizationId : UNKNOWN_ID)
          .replaceAll(/\{[^}]+\}/g, UNKNOWN_ID);
        const { status, body } = await request(endpoint.method, path, endpoint.hasBody ? {} : undefined);
        return [endpoint.operationId, status, body?.code];
      }),
    );
    expect(answers.filter(([, status, code]) => status !== 403 || code !== 'forbidden')).toEqual([]);
  });
});
