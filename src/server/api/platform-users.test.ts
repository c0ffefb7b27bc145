// Proves: what superadmins do to people over real HTTP, that nobody else does, and that each act is recorded.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminUserEndpoints } from '../../contracts/platform/admin-users.ts';
import { type ApiPerson, createApiPerson, createApiSession, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { PATIENCE_MS } from '../testing/calls.ts';
import { createPlatformWorld, type PlatformWorld } from '../testing/platform-world.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let root: ApiPerson;
let platformAdmin: ApiPerson;
let owner: ApiPerson;
let organizationId = '';
let actsOn: PlatformWorld['actsOn'];

/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const at = (person: Pick<ApiPerson, 'userId'>, rest = ''): string => `/api/admin/users/${person.userId}${rest}`;

beforeAll(async () => {
  server = await startTestServer();
  ({ root, owner, organizationId, actsOn } = await createPlatformWorld(server));
  platformAdmin = await createApiPerson(server, { platformRole: 'platform_admin' });
});
afterAll(() => server.close());

const mailTo = async (address: string): Promise<{ kind: string; text_body: string }[]> => {
  const { rows } = await server.owner.query<{ kind: string; text_body: string }>(
    'select kind, text_body from weir.mail_outbox where to_address = $1 order by created_at',
    [address],
  );
  return rows;
};

describe('every route', () => {
  const body: Readonly<Record<string, unknown>> = {
    createUser: { name: 'X', email: 'x@people.example' },
    updateAdminUser: {},
    banUser: { reason: 'x' },
    changeUsers: { action: 'unban', ids: [UNKNOWN_ID] },
  };
  const routes = Object.values(adminUserEndpoints).map((endpoint) => {
    const path = endpoint.path.replace('{id}', UNKNOWN_ID).replace('{session_id}', UNKNOWN_ID);
    return [endpoint.operationId, endpoint.method, path] as const;
  });

  it.each(routes)('%s is for superadmins alone: 401 for nobody, 403 for others', async (id, method, path) => {
    const request = body[id] === undefined ? {} : { body: body[id] };
    expect((await requestApi(server, [method, path], request)).status).toBe(401);
    for (const person of [owner, platformAdmin]) expect((await person.request(method, path, request)).status).toBe(403);
  });

  it.each(routes.filter(([, , path]) => path.includes(UNKNOWN_ID)))(
    '%s answers 404 for somebody who is not there',
    async (id, method, path) => {
      const { status, body: answer } = await root.request(
        method,
        path,
        body[id] === undefined ? {} : { body: body[id] },
      );
      expect([status, answer.code]).toEqual([404, 'not_found']);
    },
  );

  it.each([
    ['an id that is none', 'GET', '/api/admin/users/me', undefined, 'id'],
    ['a body with more', 'PUT', `/api/admin/users/${UNKNOWN_ID}`, { banned: true }, 'banned'],
    ['no reason', 'POST', `/api/admin/users/${UNKNOWN_ID}/ban`, {}, 'reason'],
    ['a malformed address', 'POST', '/api/admin/users', { name: 'X', email: 'x' }, 'email'],
    ['an unknown role', 'PUT', `/api/admin/users/${UNKNOWN_ID}`, { platform_role: 'root' }, 'platform_role'],
    ['a cursor of another list', 'GET', '/api/admin/users?cursor=WyJhIl0', undefined, 'cursor'],
    ['an unknown filter', 'GET', '/api/admin/users?rank=1', undefined, 'rank'],
    [
      'a ban that has ended',
      'POST',
      `/api/admin/users/${UNKNOWN_ID}/ban`,
      { reason: 'x', until: '2001-01-01T00:00:00Z' },
      'until',
    ],
    ['the same id twice', 'POST', '/api/admin/users/bulk', { action: 'unban', ids: [UNKNOWN_ID, UNKNOWN_ID] }, 'ids'],
    ['no ids', 'POST', '/api/admin/users/bulk', { action: 'unban', ids: [] }, 'ids'],
    [
      '501 ids',
      'POST',
      '/api/admin/users/bulk',
      { action: 'unban', ids: Array.from({ length: 501 }, () => UNKNOWN_ID) },
      'ids',
    ],
  ])('refuses %s and names the field', async (_name, method, path, request, field) => {
    const { status, body: answer } = await root.request(method, path, request === undefined ? {} : { body: request });
    expect([status, answer.errors?.[0]?.path]).toEqual([400, field]);
  });
});

describe('listing people', () => {
  it('gives everybody, newest first, page by page', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await root.request('GET', `/api/admin/users?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor ?? '';
    } while (cursor !== '');
    const { rows } = await server.owner.query<{ id: string }>(
      'select id from weir.users order by created_at desc, id desc',
    );
    expect(seen).toEqual(rows.map(({ id }) => id));
  });

  it('narrows by name, address, role, ban, organization and time, and counts sessions and organizations', async () => {
    await createApiSession(server, owner);
    await createApiSession(server, owner, root.userId);
    const ids = async (query: string): Promise<string[]> =>
      (await root.request('GET', `/api/admin/users?${query}`)).body.data.map(({ id }: { id: string }) => id);
    const [found] = (await root.request('GET', `/api/admin/users?search=${owner.email.slice(4, 30).toUpperCase()}`))
      .body.data;
    expect(found).toMatchObject({
      id: owner.userId,
      email: owner.email,
      session_count: 2,
      organization_count: 1,
      banned: false,
    });
    expect(await ids(`search=${encodeURIComponent('%')}`)).toEqual([]);
    expect(await ids('role=platform_admin')).toContain(platformAdmin.userId);
    expect(await ids('role=platform_admin')).not.toContain(root.userId);
    expect(await ids(`organization=${organizationId}`)).toEqual([owner.userId]);
    expect(await ids('banned=true')).toEqual([]);
    expect(await ids('created_from=2100-01-01T00:00:00Z')).toEqual([]);
    expect(await ids('created_to=2001-01-01T00:00:00Z')).toEqual([]);
    const one = await root.request('GET', at(owner));
    expect(one.body.data.organizations).toEqual([
      { id: organizationId, name: 'Weir & Sons', slug: 'sons', role: 'owner' },
    ]);
  });
});

describe('making an account', () => {
  it('invites by mail; the link sets a password once, and with it one signs in', async () => {
    const email = 'invited@people.example';
    const made = await root.request('POST', '/api/admin/users', {
      body: { name: 'Invited', email: ' Invited@People.example ' },
    });
    expect([made.status, made.body.data.email, made.body.data.platform_role]).toEqual([201, email, 'user']);
    const [mail] = await mailTo(email);
    expect(mail?.kind).toBe('user_created');
    const token = /reset-password\?token=([\w-]+)/.exec(mail?.text_body ?? '')?.[1] ?? '';
    const { rows } = await server.owner.query<{ identifier: string }>(
      'select identifier from weir.verifications where value = $1',
      [made.body.data.id],
    );
    expect(rows.map(({ identifier }) => identifier.includes(token))).toEqual([false]);
    const reset = () =>
      requestApi(server, ['POST', '/api/auth/reset-password'], {
        body: { token, new_password: 'correct horse battery' },
      });
    expect((await reset()).status).toBe(204);
    expect((await reset()).status).toBe(400);
    const signIn = await requestApi(server, ['POST', '/api/auth/sign-in/email'], {
      body: { email, password: 'correct horse battery' },
    });
    expect([signIn.status, signIn.body.data?.user.id]).toEqual([200, made.body.data.id]);
    const acts = await actsOn(made.body.data.id);
    expect(acts[0]).toMatchObject({ action: 'user.create', actor_id: root.userId, reason: 'make an account' });
    const again = await root.request('POST', '/api/admin/users', { body: { name: 'Invited', email } });
    expect([again.status, again.body.code, again.body.errors[0].path]).toEqual([409, 'conflict', 'email']);
    expect(await mailTo(email)).toHaveLength(1);
  });
});

describe('changing a person', () => {
  it('changes the name, takes If-Match and refuses a stale edit', async () => {
    const person = await createApiPerson(server);
    const { headers } = await root.request('GET', at(person));
    const fresh = { headers: { 'if-match': headers.get('etag') ?? '' } };
    expect((await root.request('PUT', at(person), { body: { name: 'New' }, ...fresh })).body.data.name).toBe('New');
    const stale = await root.request('PUT', at(person), { body: { name: 'Newer' }, ...fresh });
    expect([stale.status, stale.body.code]).toEqual([412, 'stale']);
    expect((await actsOn(person.userId)).map(({ action }) => action)).toEqual(['user.update']);
  });

  it('asks a new address to be verified, ends sessions and voids links that went to the old one', async () => {
    const person = await createApiPerson(server);
    await server.owner.query(
      `insert into weir.verifications (id, identifier, value, expires_at) values (gen_random_uuid(), 'x', $1, now() + interval '1 hour')`,
      [person.userId],
    );
    const email = `moved-${person.userId}@people.example`;
    const { body } = await root.request('PUT', at(person), { body: { email } });
    expect(body.data).toMatchObject({ email, email_verified: false, session_count: 0 });
    expect((await person.request('GET', '/api/me')).status).toBe(401);
    await expect.poll(async () => (await mailTo(email)).map(({ kind }) => kind), PATIENCE).toEqual(['verify_address']);
    const { rows } = await server.owner.query('select 1 from weir.verifications where value = $1 and identifier = $2', [
      person.userId,
      'x',
    ]);
    expect(rows).toEqual([]);
    const taken = await root.request('PUT', at(person), { body: { email: owner.email } });
    expect([taken.status, taken.body.errors[0].path]).toEqual([409, 'email']);
  });

  it('gives and takes roles, never the own one, and leaves a superadmin when two demote each other', async () => {
    const person = await createApiPerson(server);
    const promoted = await root.request('PUT', at(person), { body: { platform_role: 'superadmin' } });
    expect(promoted.body.data.platform_role).toBe('superadmin');
    const own = await root.request('PUT', at(root), { body: { platform_role: 'user' } });
    expect([own.status, own.body.code]).toEqual([403, 'forbidden']);
    expect((await root.request('PUT', at(root), { body: { platform_role: 'superadmin', name: 'Root' } })).status).toBe(
      200,
    );
    const [first, second] = await Promise.all([
      root.request('PUT', at(person), { body: { platform_role: 'user' } }),
      person.request('PUT', at(root), { body: { platform_role: 'user' } }),
    ]);
    expect([first.status, second.status].sort()).toEqual([200, 403]);
    await server.owner.query(`update weir.users set platform_role = 'superadmin' where id = $1`, [root.userId]);
  });

  it('keeps the last superadmin at the database as well', async () => {
    await server.owner.query('begin');
    await server.owner.query(`update weir.users set platform_role = 'user' where platform_role = 'superadmin'`);
    await expect(server.owner.query('commit')).rejects.toMatchObject({ constraint: 'users_keep_a_superadmin' });
    await server.owner.query('begin');
    await server.owner.query(`update weir.users set banned = true where platform_role = 'superadmin'`);
    await expect(server.owner.query('commit')).rejects.toMatchObject({ constraint: 'users_keep_a_superadmin' });
  });
});

describe('sessions of a person', () => {
  it('are listed without what opens them, and ended one by one or all', async () => {
    const person = await createApiPerson(server);
    const other = await createApiSession(server, person);
    const listed = (await root.request('GET', at(person, '/sessions'))).body.data;
    expect(listed.map(({ id }: { id: string }) => id).sort()).toEqual([person.sessionId, other.sessionId].sort());
    expect(JSON.stringify(listed)).not.toContain('token');
    expect((await root.request('DELETE', at(person, `/sessions/${person.sessionId}`))).status).toBe(204);
    expect((await person.request('GET', '/api/me')).status).toBe(401);
    expect((await other.request('GET', '/api/me')).status).toBe(200);
    const foreign = await root.request('DELETE', at(person, `/sessions/${owner.sessionId}`));
    const unknown = await root.request('DELETE', at(person, `/sessions/${UNKNOWN_ID}`));
    expect([foreign.status, { ...foreign.body, request_id: '' }]).toEqual([404, { ...unknown.body, request_id: '' }]);
    expect((await root.request('DELETE', at(person, '/sessions'))).status).toBe(204);
    expect((await other.request('GET', '/api/me')).status).toBe(401);
    expect((await actsOn(person.userId)).map(({ action }) => action)).toEqual(['session.end', 'session.end']);
  });
});
