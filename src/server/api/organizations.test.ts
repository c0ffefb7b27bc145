// Proves: the acts on organizations over real HTTP, for every role, and that the walls between tenants hold there.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiPerson, addApiMember, createApiPerson, createApiSession, requestApi } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let owner: ApiPerson;
let admin: ApiPerson;
let member: ApiPerson;
let stranger: ApiPerson;
let id = '';

beforeAll(async () => {
  server = await startTestServer();
  owner = await createApiPerson(server);
  admin = await createApiPerson(server);
  member = await createApiPerson(server);
  stranger = await createApiPerson(server);
  const made = await owner.request('POST', '/api/organizations', { body: { name: 'North Weir', slug: 'north' } });
  expect(made.status).toBe(201);
  id = made.body.data.id;
  await addApiMember(server, { organizationId: id, userId: admin.userId, role: 'admin' });
  await addApiMember(server, { organizationId: id, userId: member.userId, role: 'member' });
});
afterAll(() => server.close());

const actionsOf = async (organizationId: string): Promise<string[]> => {
  const { rows } = await server.owner.query<{ action: string }>(
    'select action from weir.audit_logs where organization_id = $1 order by sequence',
    [organizationId],
  );
  return rows.map(({ action }) => action);
};

describe('making an organization', () => {
  it('makes its maker the owner, with defaults, and leaves an audit row', async () => {
    const { status, body } = await stranger.request('POST', '/api/organizations', {
      body: { name: 'Café Löwe & Söhne' },
    });
    expect(status).toBe(201);
    expect(body.data).toMatchObject({
      ...{ name: 'Café Löwe & Söhne', slug: 'cafe-lowe-sohne', role: 'owner', pricing_plan: 'free', status: 'active' },
      ...{ token_usage_current: 0, can_create_custom_models: true, max_custom_models: 10, delete_after: null },
      settings: { members_create_keys: true, admins_read_conversations: false },
    });
    const again = await stranger.request('POST', '/api/organizations', { body: { name: 'Café Löwe & Söhne' } });
    expect(again.body.data.slug).toMatch(/^cafe-lowe-sohne-[0-9a-f]{4}$/);
    expect(await actionsOf(body.data.id)).toEqual(['organization.create']);
    const { rows } = await server.owner.query(
      'select actor_id, request_id, ip from weir.audit_logs where organization_id = $1',
      [body.data.id],
    );
    expect(rows[0]).toMatchObject({ actor_id: stranger.userId, ip: '127.0.0.1' });
  });

  it.each([
    ['a taken slug', { name: 'X', slug: 'north' }, 409, 'slug'],
    ['a reserved slug', { name: 'X', slug: 'invitations' }, 400, 'slug'],
    ['a malformed slug', { name: 'X', slug: 'North Weir' }, 400, 'slug'],
    ['an unknown business type', { name: 'X', business_type: 'piracy' }, 400, 'business_type'],
    ['no name', {}, 400, 'name'],
    ['an empty name', { name: '  ' }, 400, 'name'],
    ['a plan of its own choice', { name: 'X', pricing_plan: 'enterprise' }, 400, 'pricing_plan'],
    ['an id of its own choice', { name: 'X', organization_id: 'x' }, 400, 'organization_id'],
  ])('is refused with %s, which is named', async (_name, body, status, path) => {
    const refused = await stranger.request('POST', '/api/organizations', { body });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([status, path]);
    expect(refused.headers.get('content-type')).toBe('application/problem+json');
    expect(refused.body).toMatchObject({
      type: `/problems/${refused.body.code}`,
      request_id: refused.headers.get('x-request-id'),
    });
  });

  it('needs somebody who is signed in', async () => {
    const refused = await requestApi(server, ['POST', '/api/organizations'], { body: { name: 'X' } });
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
  });
});

describe('reading organizations', () => {
  it('gives each person their own, by name, page by page', async () => {
    const person = await createApiPerson(server);
    for (const name of ['b', 'a', 'c', 'a']) await person.request('POST', '/api/organizations', { body: { name } });
    const names: string[] = [];
    let cursor = '';
    for (let page = 0; page < 5; page += 1) {
      const { body } = await person.request(
        'GET',
        `/api/organizations?limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      names.push(...body.data.map(({ name }: { name: string }) => name));
      cursor = body.next_cursor ?? '';
      if (cursor === '') break;
    }
    expect(names).toEqual(['a', 'a', 'b', 'c']);
  });

  it('finds one by id and by slug, for each of its members', async () => {
    for (const person of [owner, admin, member])
      for (const reference of [id, 'north']) {
        const { status, body, headers } = await person.request('GET', `/api/organizations/${reference}`);
        expect([status, body.data.id]).toEqual([200, id]);
        expect(headers.get('etag')).toMatch(/^"[0-9a-z]+"$/);
      }
  });

  it('answers alike for one that is foreign and one that does not exist', async () => {
    const paths = [id, 'north', '01890000-0000-7000-8000-000000000000', 'nowhere', 'NOT A SLUG', '%00'];
    const answers = await Promise.all(
      paths.map((reference) => stranger.request('GET', `/api/organizations/${encodeURIComponent(reference)}`)),
    );
    const shapes = answers.map(({ status, body: { request_id, ...rest } }) => JSON.stringify([status, rest]));
    expect(new Set(shapes).size).toBe(1);
    expect(answers[0]?.status).toBe(404);
  });

  it('shows what is used of the month to members, too', async () => {
    await server.owner.query(
      `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, used, held)
       values ($1, date_trunc('month', now() at time zone 'UTC') at time zone 'UTC',
         (date_trunc('month', now() at time zone 'UTC') + interval '1 month') at time zone 'UTC', $2, 'organization_quota', 'tokens', 4, 40, 2)`,
      [`organization:${id}:tokens`, id],
    );
    const { body } = await member.request('GET', '/api/organizations/north');
    expect(body.data.token_usage_current).toBe(42);
    expect(new Date(body.data.token_reset_date).getUTCDate()).toBe(1);
  });
});

describe('changing an organization', () => {
  it('changes what is given and leaves the rest, with before and after in the audit log', async () => {
    const { status, body } = await admin.request('PUT', `/api/organizations/${id}`, {
      body: { name: 'North Weir Ltd', billing_email: 'bills@north.example', settings: { members_create_keys: false } },
    });
    expect(status).toBe(200);
    expect(body.data).toMatchObject({
      ...{ name: 'North Weir Ltd', slug: 'north', billing_email: 'bills@north.example' },
      settings: { members_create_keys: false, admins_read_conversations: false },
    });
    const { rows } = await server.owner.query(
      `select before, after from weir.audit_logs where organization_id = $1 and action = 'organization.update'`,
      [id],
    );
    expect(rows[0]).toMatchObject({ before: { name: 'North Weir' }, after: { name: 'North Weir Ltd' } });
  });

  it('refuses an edit of an older version', async () => {
    const { headers } = await admin.request('GET', `/api/organizations/${id}`);
    const edit = (name: string, tag: string) =>
      admin.request('PUT', `/api/organizations/${id}`, { body: { name }, headers: { 'if-match': tag } });
    const tag = headers.get('etag') ?? '';
    expect((await edit('First', tag)).status).toBe(200);
    const late = await edit('Second', tag);
    expect([late.status, late.body.code]).toEqual([412, 'stale']);
    expect((await admin.request('GET', `/api/organizations/${id}`)).body.data.name).toBe('First');
  });

  it('lets one of two edits at once of the same version through', async () => {
    const { headers } = await admin.request('GET', `/api/organizations/${id}`);
    const edits = await Promise.all(
      ['One', 'Two', 'Three'].map((name) =>
        admin.request('PUT', `/api/organizations/${id}`, {
          body: { name },
          headers: { 'if-match': headers.get('etag') ?? '' },
        }),
      ),
    );
    expect(edits.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
  });

  it.each([
    ['plan', { pricing_plan: 'enterprise' }],
    ['status', { status: 'active' }],
    ['quota', { token_quota_monthly: null }],
    ['limit of custom models', { max_custom_models: 1000 }],
    ['unknown setting', { settings: { anything: true } }],
    ['model that is not there', { default_model_id: 'gpt-none' }],
    ['logo that is a script', { logo: 'javascript:alert(1)' }],
  ])('refuses a %s', async (_name, body) => {
    const refused = await owner.request('PUT', `/api/organizations/${id}`, { body });
    const [path = ''] = Object.keys(body);
    expect([refused.status, refused.body.errors?.[0]?.path.split('.')[0]]).toEqual([400, path]);
  });

  it('refuses a slug that another organization has', async () => {
    const { body } = await stranger.request('POST', '/api/organizations', { body: { name: 'South', slug: 'south' } });
    const refused = await stranger.request('PUT', `/api/organizations/${body.data.id}`, { body: { slug: 'north' } });
    expect([refused.status, refused.body.errors]).toEqual([409, [{ path: 'slug', message: 'is taken' }]]);
  });

  it('is for admins: 403 for members, 404 for strangers, 401 for nobody', async () => {
    const path = `/api/organizations/${id}`;
    const body = { name: 'Mine' };
    expect((await member.request('PUT', path, { body })).status).toBe(403);
    expect((await stranger.request('PUT', path, { body })).status).toBe(404);
    expect((await requestApi(server, ['PUT', path], { body })).status).toBe(401);
  });

  it('can be read and not changed while it is suspended', async () => {
    const { body } = await owner.request('POST', '/api/organizations', { body: { name: 'Idle' } });
    const path = `/api/organizations/${body.data.id}`;
    await server.owner.query(`update weir.organizations set status = 'suspended' where id = $1`, [body.data.id]);
    expect((await owner.request('GET', path)).body.data.status).toBe('suspended');
    const refused = await owner.request('PUT', path, { body: { name: 'Awake' } });
    expect([refused.status, refused.body.code]).toEqual([403, 'organization_suspended']);
  });
});

describe('deleting an organization', () => {
  it('gives thirty days in which its owner can take it back', async () => {
    const { body } = await owner.request('POST', '/api/organizations', { body: { name: 'Going' } });
    const path = `/api/organizations/${body.data.id}`;
    const gone = await owner.request('DELETE', path);
    expect([gone.status, gone.body]).toEqual([204, undefined]);
    const first = (await owner.request('GET', path)).body.data;
    const days = (Date.parse(first.delete_after) - Date.parse(first.deletion_requested_at)) / 86_400_000;
    expect(Math.round(days)).toBe(30);
    await owner.request('DELETE', path);
    expect((await owner.request('GET', path)).body.data.delete_after).toBe(first.delete_after);
    const restored = await owner.request('POST', `${path}/restore`);
    expect(restored.body.data).toMatchObject({ delete_after: null, deletion_requested_at: null });
    expect(await actionsOf(body.data.id)).toEqual([
      'organization.create',
      'organization.delete',
      'organization.restore',
    ]);
  });

  it('is for owners: 403 for admins and members, 404 for strangers, 403 for who acts as an owner', async () => {
    const path = `/api/organizations/${id}`;
    for (const person of [admin, member]) expect((await person.request('DELETE', path)).status).toBe(403);
    expect((await stranger.request('DELETE', path)).status).toBe(404);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, owner, platform.userId);
    expect((await impersonator.request('GET', path)).status).toBe(200);
    expect((await impersonator.request('DELETE', path)).status).toBe(403);
    expect((await impersonator.request('POST', `${path}/restore`)).status).toBe(403);
  });

  it('holds at the database as well: an admin who reached it changes nothing', async () => {
    await server.owner.query('begin');
    await server.owner.query(
      `select set_config('request.jwt.claims', $1, true), set_config('role', 'authenticated', true)`,
      [JSON.stringify({ sub: admin.userId, organization_id: id })],
    );
    const { rows } = await server.owner.query('select weir.schedule_organization_deletion($1, now()) as changed', [id]);
    await server.owner.query('rollback');
    expect(rows).toEqual([{ changed: false }]);
  });
});

describe('who one is', () => {
  it('is told with memberships, and with the impersonator when there is one', async () => {
    const { body } = await member.request('GET', '/api/me');
    expect(body.data).toMatchObject({
      user: { id: member.userId, email: member.email, platform_role: 'user' },
      memberships: [{ organization: { id, slug: 'north' }, role: 'member', status: 'active' }],
      impersonation: null,
      session: { id: member.sessionId },
    });
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, member, platform.userId);
    expect((await impersonator.request('GET', '/api/me')).body.data).toMatchObject({
      user: { id: member.userId },
      impersonation: { impersonator: { id: platform.userId }, reason: 'a test' },
    });
    await server.owner.query(`update weir.users set platform_role = 'user' where id = $1`, [platform.userId]);
    expect((await impersonator.request('GET', '/api/me')).status).toBe(401);
  });

  it('is told with what one may in an organization, which must be one’s own', async () => {
    const mine = await member.request('GET', '/api/permissions');
    expect(mine.body.data.role).toBe('member');
    expect(mine.body.data.permissions).not.toContain('members.update');
    expect(mine.body.data.matrix['organization.delete']).toEqual(['owner']);
    expect((await stranger.request('GET', '/api/permissions', { organization: 'north' })).status).toBe(404);
    const unsaid = await stranger.request('GET', '/api/permissions');
    expect([unsaid.status, unsaid.body.errors[0].path]).toEqual([400, 'x-weir-organization']);
    const nobody = await createApiPerson(server);
    expect((await nobody.request('GET', '/api/permissions')).status).toBe(400);
  });
});
