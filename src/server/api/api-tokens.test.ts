// Proves: tokens for the product API: what they may, that none is worth more than its maker at that moment, and that they end.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiAnswer,
  type ApiPerson,
  type ApiRequest,
  addApiMember,
  createApiPerson,
  createApiSession,
  requestApi,
} from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let owner: ApiPerson;
let admin: ApiPerson;
let member: ApiPerson;
let stranger: ApiPerson;
let id = '';
let elsewhere = '';

beforeAll(async () => {
  server = await startTestServer();
  owner = await createApiPerson(server);
  admin = await createApiPerson(server);
  member = await createApiPerson(server);
  stranger = await createApiPerson(server);
  id = (await owner.request('POST', '/api/organizations', { body: { name: 'Tokens', slug: 'tokens' } })).body.data.id;
  elsewhere = (await admin.request('POST', '/api/organizations', { body: { name: 'Else', slug: 'else' } })).body.data
    .id;
  await addApiMember(server, { organizationId: id, userId: admin.userId, role: 'admin' });
  await addApiMember(server, { organizationId: id, userId: member.userId, role: 'member' });
  await stranger.request('POST', '/api/organizations', { body: { name: 'Far' } });
});
afterAll(() => server.close());

const makeToken = async (person: ApiPerson, body: Record<string, unknown> = {}) => {
  const made = await person.request('POST', '/api/api-tokens', { body: { name: 'Script', ...body }, organization: id });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data as { id: string; secret: string };
};
/** As a script sends it: no cookie, no origin. */
const send = (secret: string, method: string, path: string, request: ApiRequest = {}): Promise<ApiAnswer> =>
  requestApi(server, [method, path], {
    ...request,
    headers: { authorization: `Bearer ${secret}`, ...request.headers },
  });

describe('making tokens', () => {
  it('tells the secret once and keeps its hash alone', async () => {
    const { secret, ...token } = (await member.request('POST', '/api/api-tokens', { body: { name: 'Mine' } })).body
      .data;
    expect(secret).toMatch(/^wr_pat_[0-9A-Za-z]{46}$/);
    expect(token).toMatchObject({
      kind: 'personal',
      role: 'member',
      user_id: member.userId,
      last_four: secret.slice(-4),
    });
    expect((await member.request('GET', '/api/api-tokens')).body.data).toEqual([{ ...token }]);
    for (const table of ['api_tokens', 'audit_logs']) {
      const { rows } = await server.owner.query(`select to_jsonb(t)::text as text from weir.${table} t`);
      expect(rows.map((row) => row.text).join('\n')).not.toContain(secret.slice(12));
    }
    const { rows } = await server.owner.query(`select after from weir.audit_logs where target_id = $1`, [token.id]);
    expect(rows).toMatchObject([{ after: { name: 'Mine', kind: 'personal', role: 'member' } }]);
  });

  it('gives nobody more than they have', async () => {
    const tries: [ApiPerson, Record<string, unknown>, number][] = [
      [member, { role: 'admin' }, 403],
      [member, { kind: 'organization' }, 403],
      [admin, { role: 'admin' }, 201],
      [admin, { kind: 'organization', role: 'admin' }, 201],
      [owner, { role: 'owner' }, 400],
      [owner, { expires_at: '2020-01-01T00:00:00Z' }, 400],
      [owner, { user_id: member.userId }, 400],
      [stranger, {}, 404],
    ];
    for (const [person, body, status] of tries) {
      const made = await person.request('POST', '/api/api-tokens', { body: { name: 'T', ...body }, organization: id });
      expect([body, made.status]).toEqual([body, status]);
    }
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, owner, platform.userId);
    expect((await impersonator.request('POST', '/api/api-tokens', { body: { name: 'T' } })).status).toBe(403);
    expect((await impersonator.request('GET', '/api/api-tokens')).status).toBe(403);
    expect((await requestApi(server, ['GET', '/api/api-tokens'], { organization: id })).status).toBe(401);
  });

  it('is not for tokens', async () => {
    const { secret } = await makeToken(admin, { role: 'admin' });
    expect((await send(secret, 'POST', '/api/api-tokens', { body: { name: 'T' } })).status).toBe(403);
  });
});

describe('using tokens', () => {
  it('needs neither cookie nor origin, and looks at no cookie beside the token', async () => {
    const { secret } = await makeToken(admin, { role: 'admin' });
    const change = { body: { name: 'Tokens' } };
    expect((await send(secret, 'PUT', '/api/organizations/tokens', change)).status).toBe(200);
    const foreign = { ...change, headers: { origin: 'https://evil.example', cookie: owner.cookie } };
    expect((await send(secret, 'PUT', '/api/organizations/tokens', foreign)).status).toBe(200);
    expect((await send('wr_pat_none', 'GET', '/api/me', { headers: { cookie: owner.cookie } })).status).toBe(401);
  });

  it('is held to the role of the token, at the API and in the database', async () => {
    const { secret } = await makeToken(admin);
    expect((await send(secret, 'PUT', '/api/organizations/tokens', { body: { name: 'X' } })).status).toBe(403);
    expect((await send(secret, 'GET', '/api/audit-logs')).status).toBe(403);
    await admin.request('POST', '/api/api-keys', {
      body: { name: 'Of a service', owner: { type: 'service' } },
      organization: id,
    });
    expect((await send(secret, 'GET', '/api/api-keys')).body.data).toEqual([]);
    await server.owner.query('begin');
    const claims = { sub: admin.userId, organization_id: id, organization_role: 'member', api_token: id };
    await server.owner.query(
      `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`,
      [JSON.stringify(claims)],
    );
    const { rows } = await server.owner.query('select count(*)::int as keys from weir.virtual_keys');
    await server.owner.query('rollback');
    expect(rows).toEqual([{ keys: 0 }]);
  });

  it('stays in its organization', async () => {
    const { secret } = await makeToken(admin, { role: 'admin' });
    expect((await send(secret, 'GET', '/api/organizations')).body.data.map((one: { id: string }) => one.id)).toEqual([
      id,
    ]);
    expect((await send(secret, 'GET', `/api/organizations/${elsewhere}`)).status).toBe(404);
    expect((await send(secret, 'GET', '/api/api-keys', { organization: 'else' })).status).toBe(404);
    expect((await send(secret, 'GET', '/api/api-keys', { organization: 'tokens' })).status).toBe(200);
    expect((await send(secret, 'GET', '/api/me')).body.data.memberships).toHaveLength(1);
    expect((await send(secret, 'POST', '/api/organizations', { body: { name: 'More' } })).status).toBe(403);
  });

  it('never acts as owner or for the platform', async () => {
    const mine = await makeToken(owner, { role: 'admin' });
    expect((await send(mine.secret, 'DELETE', '/api/organizations/tokens')).status).toBe(403);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    await addApiMember(server, { organizationId: id, userId: platform.userId, role: 'admin' });
    const { secret } = await makeToken(platform, { role: 'admin' });
    expect((await send(secret, 'GET', '/api/admin/audit-logs')).status).toBe(403);
    expect((await send(secret, 'GET', '/api/audit-logs')).status).toBe(200);
  });

  it('names an organization’s token in the audit log, and a personal one’s person', async () => {
    const [ours, mine] = [
      await makeToken(admin, { kind: 'organization', role: 'admin' }),
      await makeToken(admin, { role: 'admin' }),
    ];
    expect(ours.secret).toMatch(/^wr_org_/);
    for (const { secret } of [ours, mine]) {
      const made = await send(secret, 'POST', '/api/api-keys', { body: { name: 'By token' } });
      const owner_type = secret === ours.secret ? 'service' : 'user';
      expect([made.status, made.body.data.owner.type]).toEqual([201, owner_type]);
    }
    const { rows } = await server.owner.query(
      `select actor_type, actor_id from weir.audit_logs where action = 'virtual_key.create' and after ->> 'name' = 'By token' order by sequence`,
    );
    expect(rows).toEqual([
      { actor_type: 'key', actor_id: ours.id },
      { actor_type: 'user', actor_id: admin.userId },
    ]);
    const weak = await makeToken(admin, { kind: 'organization' });
    expect((await send(weak.secret, 'POST', '/api/api-keys', { body: { name: 'Own' } })).status).toBe(403);
  });

  it('notes its use at most once a minute', async () => {
    const { id: tokenId, secret } = await makeToken(member);
    const usedAt = async () =>
      (await server.owner.query('select last_used_at from weir.api_tokens where id = $1', [tokenId])).rows[0]
        .last_used_at;
    await send(secret, 'GET', '/api/me');
    const first = await usedAt();
    await send(secret, 'GET', '/api/me');
    expect([first instanceof Date, await usedAt()]).toEqual([true, first]);
    await server.owner.query(`update weir.api_tokens set last_used_at = now() - interval '2 minutes' where id = $1`, [
      tokenId,
    ]);
    await send(secret, 'GET', '/api/me');
    expect((await usedAt()).getTime()).toBeGreaterThanOrEqual(first.getTime());
  });
});

describe('ending tokens', () => {
  it('is refused at the next request after it is revoked, and once it has expired', async () => {
    const { id: tokenId, secret } = await makeToken(member);
    expect((await send(secret, 'GET', '/api/me')).status).toBe(200);
    expect((await stranger.request('POST', `/api/api-tokens/${tokenId}/revoke`)).status).toBe(404);
    const revoked = await member.request('POST', `/api/api-tokens/${tokenId}/revoke`);
    expect(revoked.body.data.state).toBe('revoked');
    const refused = await send(secret, 'GET', '/api/me');
    expect([refused.status, refused.body.code]).toEqual([401, 'revoked_key']);
    const short = await makeToken(member);
    await server.owner.query('update weir.api_tokens set expires_at = now() where id = $1', [short.id]);
    expect((await send(short.secret, 'GET', '/api/me')).body.code).toBe('expired_key');
  });

  it.each([
    ['nothing', ''],
    ['another scheme', 'Basic abc'],
    ['a virtual key', `Bearer wr_live_${'a'.repeat(46)}`],
    ['a wrong checksum', `Bearer wr_pat_${'a'.repeat(46)}`],
  ])('refuses %s', async (_name, authorization) => {
    const refused = await requestApi(server, ['GET', '/api/me'], { headers: { authorization } });
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_key']);
  });

  it('lets admins end a member’s, not members an admin’s', async () => {
    const [theirs, ours] = [await makeToken(member), await makeToken(admin)];
    expect((await member.request('POST', `/api/api-tokens/${ours.id}/revoke`)).status).toBe(404);
    expect((await admin.request('POST', `/api/api-tokens/${theirs.id}/revoke`, { organization: id })).status).toBe(200);
  });

  it('follows its person down: less of a role, banned, gone', async () => {
    const person = await createApiPerson(server);
    await addApiMember(server, { organizationId: id, userId: person.userId, role: 'admin' });
    const personal = await makeToken(person, { role: 'admin' });
    const ours = await makeToken(person, { kind: 'organization', role: 'admin' });
    const statuses = async () =>
      Promise.all([personal, ours].map(async ({ secret }) => (await send(secret, 'GET', '/api/audit-logs')).status));
    expect(await statuses()).toEqual([200, 200]);
    await server.owner.query(`update weir.members set role = 'member' where user_id = $1`, [person.userId]);
    expect(await statuses()).toEqual([403, 403]);
    await server.owner.query('update weir.users set banned = true where id = $1', [person.userId]);
    expect(await statuses()).toEqual([401, 401]);
    await server.owner.query('update weir.users set banned = false where id = $1', [person.userId]);
    await server.owner.query('delete from weir.members where user_id = $1', [person.userId]);
    expect(await statuses()).toEqual([401, 401]);
  });
});
