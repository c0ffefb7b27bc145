// Proves: the acts on members over real HTTP for every role: nobody raises themselves, no organization loses its last owner, and a pause reaches the gateway.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson, createApiSession, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { sendChat } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let place: ApiOrganization;
beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
});
afterAll(() => server.close());

const at = (person: Pick<ApiPerson, 'userId'>, verb = ''): string => `/api/organizations/users/${person.userId}${verb}`;
const mailsTo = async (email: string): Promise<string[]> => {
  const { rows } = await server.owner.query(
    'select kind from weir.mail_outbox where to_address = $1 order by created_at',
    [email],
  );
  return rows.map(({ kind }) => kind);
};

describe('listing people', () => {
  it('gives admins everybody of their own organization, by name, page by page', async () => {
    const { owner, admin, member } = place;
    const names: string[] = [];
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await admin.request('GET', `/api/organizations/users?limit=2${cursor}`);
      names.push(...body.data.map(({ name }: { name: string }) => name));
      ids.push(...body.data.map((each: { id: string }) => each.id));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');
    expect(new Set(ids)).toEqual(new Set([owner.userId, admin.userId, member.userId]));
    expect(names).toEqual(names.toSorted());
  });

  it('filters by text, role, department and status, and takes wildcards for letters', async () => {
    const { owner, admin, member } = place;
    const made = await owner.request('POST', '/api/departments', { body: { name: 'Filtered' } });
    const department = made.body.data.id;
    await admin.request('PUT', at(member), { body: { department_id: department } });
    await admin.request('POST', at(member, '/pause'), { body: {} });
    const find = async (query: string): Promise<string[]> =>
      (await admin.request('GET', `/api/organizations/users?${query}`)).body.data.map(({ id }: { id: string }) => id);
    expect(await find(`search=${member.email.slice(0, 30).toUpperCase()}`)).toEqual([member.userId]);
    expect(await find('search=%25')).toEqual([]);
    expect(await find('search=____')).toEqual([]);
    expect(await find('role=owner')).toEqual([owner.userId]);
    expect(await find(`department_id=${department}`)).toEqual([member.userId]);
    expect(await find(`department_id=${UNKNOWN_ID}`)).toEqual([]);
    expect((await find('department_id=none')).toSorted()).toEqual([owner.userId, admin.userId].toSorted());
    expect(await find('status=paused')).toEqual([member.userId]);
    await admin.request('POST', at(member, '/resume'));
    expect(await find('status=paused')).toEqual([]);
    await owner.request('DELETE', `/api/departments/${department}`);
    expect((await admin.request('GET', at(member))).body.data.department).toBeNull();
  });
});

describe('every route', () => {
  const routes: readonly [method: string, verb: string, body?: unknown][] = [
    ['GET', ''],
    ['PUT', '', { role: 'member' }],
    ['DELETE', ''],
    ['POST', '/pause', {}],
    ['POST', '/resume'],
  ];
  it.each(routes)(
    '%s users/{id}%s: 401 for nobody, 403 for members, alike for foreign and unknown people',
    async (...route) => {
      const [method, verb, body] = route;
      const { admin, member, owner, stranger } = place;
      const request = body === undefined ? {} : { body };
      expect((await requestApi(server, [method, at(member, verb)], request)).status).toBe(401);
      expect((await member.request(method, at(owner, verb), request)).status).toBe(403);
      const answers = await Promise.all(
        [stranger, { userId: UNKNOWN_ID }].map((whom) => admin.request(method, at(whom, verb), request)),
      );
      const [foreign, unknown] = answers.map(({ status, body: { request_id, ...rest } }) => [status, rest]);
      expect(foreign).toEqual(unknown);
      expect(foreign?.[0]).toBe(404);
      const malformed = await admin.request(method, at({ userId: 'nobody' }, verb), request);
      expect(malformed.body.errors[0].path).toBe('id');
    },
  );

  it('refuses what a body does not know', async () => {
    const { admin, member } = place;
    for (const extra of [{ organization_id: UNKNOWN_ID }, { user_id: UNKNOWN_ID }, { status: 'active' }]) {
      const refused = await admin.request('PUT', at(member), { body: { role: 'member', ...extra } });
      expect([refused.status, refused.body.errors[0].path]).toEqual([400, Object.keys(extra)[0]]);
    }
  });
});

describe('changing a role', () => {
  it('keeps before and after in the audit log, and refuses an edit of an older version', async () => {
    const person = await place.join('member');
    const { headers } = await place.admin.request('GET', at(person));
    const edit = (role: string) =>
      place.admin.request('PUT', at(person), { body: { role }, headers: { 'if-match': headers.get('etag') ?? '' } });
    const changed = await edit('admin');
    expect([changed.status, changed.body.data.role]).toEqual([200, 'admin']);
    expect((await edit('member')).status).toBe(412);
    const { rows } = await server.owner.query(
      `select before, after, actor_id from weir.audit_logs where action = 'member.update' and target_id = $1`,
      [person.userId],
    );
    expect(rows).toMatchObject([
      { before: { role: 'member' }, after: { role: 'admin' }, actor_id: place.admin.userId },
    ]);
  });

  it.each([
    ['an admin their own to owner', 'admin', 'admin', { role: 'owner' }],
    ['an admin their own to member', 'admin', 'admin', { role: 'member' }],
    ['an owner their own', 'owner', 'owner', { role: 'admin' }],
    ['an admin a member to owner', 'admin', 'member', { role: 'owner' }],
    ['an admin an owner', 'admin', 'owner', { role: 'member' }],
    ['an admin the department of an owner', 'admin', 'owner', { department_id: null }],
  ] as const)('is refused: %s', async (_name, who, whom, body) => {
    const refused = await place[who].request('PUT', at(place[whom]), { body });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
    expect((await place.owner.request('GET', at(place[whom]))).body.data.role).toBe(whom);
  });

  it('lets owners make and unmake other owners, but nobody while acting as one', async () => {
    const person = await place.join('member');
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, place.owner, platform.userId);
    expect((await impersonator.request('PUT', at(person), { body: { role: 'owner' } })).status).toBe(403);
    expect((await place.owner.request('PUT', at(person), { body: { role: 'owner' } })).body.data.role).toBe('owner');
    expect((await impersonator.request('PUT', at(person), { body: { role: 'member' } })).status).toBe(403);
    expect((await place.owner.request('PUT', at(person), { body: { role: 'member' } })).body.data.role).toBe('member');
  });

  it('refuses a department of another organization as it does one that is not there', async () => {
    const made = await place.stranger.request('POST', '/api/departments', { body: { name: 'Theirs' } });
    const answers = await Promise.all(
      [made.body.data.id, UNKNOWN_ID].map((id) =>
        place.admin.request('PUT', at(place.member), { body: { department_id: id } }),
      ),
    );
    const [foreign, unknown] = answers.map(({ status, body: { request_id, ...rest } }) => [status, rest]);
    expect(foreign).toEqual(unknown);
    expect([foreign?.[0], answers[0]?.body.errors[0].path]).toEqual([404, 'department_id']);
  });
});

describe('leaving and being removed', () => {
  it('ends keys, department rule and access at once', async () => {
    const person = await place.join('member');
    const made = await place.owner.request('POST', '/api/departments', {
      body: { name: 'Managed', manager_user_id: person.userId },
    });
    expect(made.body.data.manager.id).toBe(person.userId);
    const key = await person.request('POST', '/api/api-keys', { body: { name: 'Own', environment: 'test' } });
    expect((await sendChat(server.url, key.body.data.secret)).status).toBe(200);
    expect((await place.admin.request('DELETE', at(person))).status).toBe(204);
    expect((await sendChat(server.url, key.body.data.secret)).status).toBe(401);
    expect((await person.request('GET', `/api/organizations/${place.id}`)).status).toBe(404);
    const { body } = await place.owner.request('GET', '/api/departments');
    expect(body.data.find(({ id }: { id: string }) => id === made.body.data.id).manager).toBeNull();
    expect(await place.actions()).toContain('member.remove');
  });

  it('leaves an audit row of who has left, who could not write it any more', async () => {
    const person = await place.join('admin');
    const left = await person.request('POST', '/api/organizations/leave');
    expect([left.status, left.body]).toEqual([204, undefined]);
    const { rows } = await server.owner.query(
      `select actor_id, before from weir.audit_logs where action = 'member.leave' and target_id = $1`,
      [person.userId],
    );
    expect(rows).toMatchObject([{ actor_id: person.userId, before: { role: 'admin' } }]);
    expect((await person.request('POST', '/api/organizations/leave', { organization: place.id })).status).toBe(404);
  });

  it('is refused to the last owner, with what to do, and to who acts as somebody else', async () => {
    const { owner } = place;
    for (const refused of [
      await owner.request('POST', '/api/organizations/leave'),
      await owner.request('DELETE', at(owner)),
    ]) {
      expect([refused.status, refused.body.code, refused.body.reason]).toEqual([409, 'conflict', 'last_owner']);
      expect(refused.body.detail).toMatch(/Make somebody else an owner/);
    }
    expect((await place.admin.request('DELETE', at(owner))).status).toBe(403);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, place.member, platform.userId);
    expect((await impersonator.request('POST', '/api/organizations/leave')).status).toBe(403);
    expect((await impersonator.request('DELETE', at(place.member))).status).toBe(403);
  });

  it('keeps one owner when the last two leave or unmake each other at once', async () => {
    for (const act of [
      (one: ApiPerson) => one.request('POST', '/api/organizations/leave'),
      (one: ApiPerson, other: ApiPerson) => one.request('PUT', at(other), { body: { role: 'member' } }),
    ]) {
      const pair = await createApiOrganization(server);
      const second = await pair.join('owner');
      const answers = await Promise.all([act(pair.owner, second), act(second, pair.owner)]);
      const statuses = answers.map(({ status }) => status).sort();
      expect(statuses[0]).toBeLessThan(300);
      expect([403, 409]).toContain(statuses[1]);
      const { rows } = await server.owner.query(
        `select count(*)::integer as owners from weir.members where organization_id = $1 and role = 'owner'`,
        [pair.id],
      );
      expect(rows[0]?.owners).toBe(1);
    }
  });
});

describe('handing the ownership over', () => {
  it('makes another the owner and oneself an admin, for owners themselves alone', async () => {
    const own = await createApiOrganization(server);
    const path = '/api/organizations/transfer-ownership';
    const body = { user_id: own.member.userId };
    expect((await own.admin.request('POST', path, { body })).status).toBe(403);
    expect((await requestApi(server, ['POST', path], { body })).status).toBe(401);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, own.owner, platform.userId);
    expect((await impersonator.request('POST', path, { body })).status).toBe(403);
    expect((await own.owner.request('POST', path, { body: { user_id: own.owner.userId } })).status).toBe(400);
    expect((await own.owner.request('POST', path, { body: { user_id: own.stranger.userId } })).status).toBe(404);
    const handed = await own.owner.request('POST', path, { body });
    expect([handed.status, handed.body.data.role]).toEqual([200, 'owner']);
    expect((await own.member.request('GET', at(own.owner))).body.data.role).toBe('admin');
    expect((await own.owner.request('POST', path, { body })).status).toBe(403);
    expect(await own.actions()).toContain('organization.transfer');
  });
});

describe('pausing', () => {
  it('is in force at the gateway for the very next call, tells the person, and so does resuming', async () => {
    const { admin, member } = place;
    const key = await member.request('POST', '/api/api-keys', { body: { name: 'Paused', environment: 'test' } });
    const call = async () => {
      const answer = await sendChat(server.url, key.body.data.secret);
      return [answer.status, ((await answer.json()) as { error?: { code?: string } }).error?.code];
    };
    const earlier = (await mailsTo(member.email)).length;
    expect(await call()).toEqual([200, undefined]);
    const reason = 'Away until the budget is settled';
    const paused = await admin.request('POST', at(member, '/pause'), { body: { reason } });
    expect(paused.body.data).toMatchObject({ status: 'paused', pause_reason: reason, paused_until: null });
    expect(await call()).toEqual([403, 'member_paused']);
    await admin.request('POST', at(member, '/pause'), { body: { reason: 'Once more' } });
    expect((await admin.request('POST', at(member, '/resume'))).body.data).toMatchObject({
      ...{ status: 'active', pause_reason: null },
    });
    // A refused call asks nothing of the ledger, so it learns of the change by the notification.
    await expect.poll(() => call(), { interval: 20 }).toEqual([200, undefined]);
    await admin.request('POST', at(member, '/resume'));
    expect((await mailsTo(member.email)).slice(earlier)).toEqual(['member_paused', 'member_resumed']);
    expect((await place.actions()).filter((action) => /^member\.(pause|resume)$/.test(action)).slice(-3)).toEqual([
      'member.pause',
      'member.pause',
      'member.resume',
    ]);
  });

  it('ends by itself at its time', async () => {
    const { admin } = place;
    const person = await place.join('member');
    const until = '2100-01-01T12:00:00+01:00';
    const paused = await admin.request('POST', at(person, '/pause'), { body: { until } });
    expect(paused.body.data.paused_until).toBe('2100-01-01T11:00:00.000Z');
    await server.owner.query(`update weir.members set paused_until = now() - interval '1 second' where user_id = $1`, [
      person.userId,
    ]);
    expect((await admin.request('GET', at(person))).body.data).toMatchObject({ status: 'active', paused_until: null });
  });

  it.each([
    ['a time that has passed', { until: '2020-01-01T00:00:00Z' }, 'until'],
    ['no time', { until: 'tomorrow' }, 'until'],
    ['an endless reason', { reason: 'x'.repeat(501) }, 'reason'],
  ])('is refused with %s', async (_name, body, path) => {
    const refused = await place.admin.request('POST', at(place.member, '/pause'), { body });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, path]);
  });

  it('is not done to oneself, nor by admins to owners', async () => {
    for (const whom of [place.admin, place.owner])
      for (const verb of ['/pause', '/resume'])
        expect((await place.admin.request('POST', at(whom, verb), verb === '/pause' ? { body: {} } : {})).status).toBe(
          403,
        );
  });
});
