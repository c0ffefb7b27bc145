// Proves: the acts on virtual keys over real HTTP for every role, that no key exceeds its maker, and that the gateway follows at the very next call.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson, createApiSession, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { sendChat } from '../testing/calls.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let owner: ApiPerson;
let admin: ApiPerson;
let member: ApiPerson;
let stranger: ApiPerson;
let id = '';

beforeAll(async () => {
  server = await startTestServer();
  ({ id, owner, admin, member, stranger } = await createApiOrganization(server, 'free'));
});
afterAll(() => server.close());

const makeKey = async (person: ApiPerson, body: Record<string, unknown> = {}) => {
  const made = await person.request('POST', '/api/api-keys', { body: { name: 'Key', environment: 'test', ...body } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data as { id: string; secret: string } & Record<string, unknown>;
};
const act = (person: ApiPerson, key: string, verb: string, body?: unknown) =>
  person.request('POST', `/api/api-keys/${key}/${verb}`, body === undefined ? {} : { body });
const statusOf = async (secret: string): Promise<number> => (await sendChat(server.url, secret)).status;

describe('making a key', () => {
  it('tells its secret once: never in a list, the audit log, the table or the kept answer', async () => {
    const headers = { 'idempotency-key': 'once' };
    const body = { name: 'Shown once', budget: { amount_usd: '12.5', period: 'monthly' } };
    const first = await owner.request('POST', '/api/api-keys', { body, headers });
    const again = await owner.request('POST', '/api/api-keys', { body, headers });
    const { secret, ...key } = first.body.data;
    expect(secret).toMatch(/^wr_live_[0-9A-Za-z]{46}$/);
    expect(again.body.data.secret).toBe(secret);
    expect(key).toMatchObject({
      ...{ owner: { type: 'user', user_id: owner.userId }, state: 'active', prefix: secret.slice(0, 12) },
      ...{ last_four: secret.slice(-4), last_used_at: null, allowed_models: null, created_by: owner.userId },
      budget: { amount_usd: '12.5', period: 'monthly', enforcement: 'hard' },
    });
    const listed = await owner.request('GET', '/api/api-keys');
    expect(listed.body.data).toEqual([key]);
    for (const table of ['virtual_keys', 'audit_logs', 'budgets', 'request_idempotency']) {
      const { rows } = await server.owner.query(`select to_jsonb(t)::text as text from weir.${table} t`);
      const text = rows.map((row) => row.text).join('\n');
      expect(text, table).not.toContain(secret.slice(12));
      expect(text, table).not.toContain(Buffer.from(secret).toString('hex'));
    }
    const { rows } = await server.owner.query(
      `select actor_id, after from weir.audit_logs where action = 'virtual_key.create' and target_id = $1`,
      [key.id],
    );
    expect(rows).toMatchObject([
      { actor_id: owner.userId, after: { name: 'Shown once', budget: { amount_usd: '12.5' } } },
    ]);
  });

  it.each([
    ['no name', { name: '' }, 400, 'name'],
    ['an unknown model', { allowed_models: ['sandbox-chat', 'gpt-none'] }, 400, 'allowed_models[1]'],
    ['an unknown template', { allowed_templates: ['none'] }, 400, 'allowed_templates[0]'],
    ['an unknown route', { allowed_routes: ['portal'] }, 400, 'allowed_routes[0]'],
    ['an address that is none', { ip_ranges: ['10.0.0.0/8', '300.1.1.1'] }, 400, 'ip_ranges[1]'],
    ['no calls a minute', { requests_per_minute: 0 }, 400, 'requests_per_minute'],
    ['half a token a minute', { tokens_per_minute: 0.5 }, 400, 'tokens_per_minute'],
    ['more than can be counted', { tokens_per_minute: 2 ** 53 + 2 }, 400, 'tokens_per_minute'],
    ['an end that is past', { expires_at: '2020-01-01T00:00:00Z' }, 400, 'expires_at'],
    ['a budget of nothing', { budget: { amount_usd: 0, period: 'daily' } }, 400, 'budget.amount_usd'],
    ['a budget of text zero', { budget: { amount_usd: '0.000', period: 'daily' } }, 400, 'budget.amount_usd'],
    ['a department of elsewhere', { department_id: UNKNOWN_ID }, 400, 'department_id'],
    ['a person of elsewhere', { owner: { type: 'user', user_id: UNKNOWN_ID } }, 400, 'owner.user_id'],
    ['a person for a service', { owner: { type: 'service', user_id: UNKNOWN_ID } }, 400, 'owner.user_id'],
    ['a secret of its own choice', { key_hash: 'x' }, 400, 'key_hash'],
  ])('is refused with %s, which is named', async (_name, fields, status, path) => {
    const refused = await admin.request('POST', '/api/api-keys', { body: { name: 'Key', ...fields } });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([status, path]);
  });

  it('gives nobody more than they have', async () => {
    const tries: [ApiPerson, Record<string, unknown>, number][] = [
      [member, {}, 201],
      [member, { owner: { type: 'user', user_id: member.userId } }, 201],
      [member, { owner: { type: 'user', user_id: admin.userId } }, 403],
      [member, { owner: { type: 'service' } }, 403],
      [member, { can_act_for_members: true }, 403],
      [member, { budget: { amount_usd: 5, period: 'daily' } }, 201],
      [admin, { owner: { type: 'service' }, can_act_for_members: true }, 201],
      [admin, { owner: { type: 'user', user_id: member.userId } }, 201],
      [admin, { owner: { type: 'user', user_id: owner.userId } }, 403],
      [owner, { owner: { type: 'user', user_id: admin.userId } }, 201],
    ];
    for (const [person, body, status] of tries) {
      const made = await person.request('POST', '/api/api-keys', { body: { name: 'Key', ...body } });
      expect([body, made.status]).toEqual([body, status]);
    }
  });

  it('is for members only where the organization lets them', async () => {
    const key = await makeKey(member);
    await owner.request('PUT', `/api/organizations/${id}`, { body: { settings: { members_create_keys: false } } });
    expect((await member.request('POST', '/api/api-keys', { body: { name: 'Key' } })).status).toBe(403);
    expect((await act(member, key.id, 'rotate', {})).status).toBe(403);
    expect((await act(member, key.id, 'revoke')).status).toBe(200);
    await makeKey(admin);
    await owner.request('PUT', `/api/organizations/${id}`, { body: { settings: { members_create_keys: true } } });
  });
});

describe('keeping keys', () => {
  it('shows members their own, admins all, page by page', async () => {
    await makeKey(member);
    await makeKey(admin);
    const mine = (await member.request('GET', '/api/api-keys')).body.data;
    expect(new Set(mine.map((key: { owner: { user_id: string } }) => key.owner.user_id))).toEqual(
      new Set([member.userId]),
    );
    expect((await member.request('GET', `/api/api-keys?user_id=${admin.userId}`)).body.data).toEqual([]);
    const all = (await admin.request('GET', '/api/api-keys?limit=100')).body.data;
    expect(all.length).toBeGreaterThan(mine.length);
    const first = await admin.request('GET', '/api/api-keys?limit=2');
    const rest = await admin.request('GET', `/api/api-keys?limit=98&cursor=${first.body.next_cursor}`);
    expect([...first.body.data, ...rest.body.data]).toEqual(all);
    expect((await admin.request('GET', '/api/api-keys?cursor=bm9uZQ')).status).toBe(400);
  });

  it('lets admins change a key, and members only narrow their own', async () => {
    const key = await makeKey(member, { requests_per_minute: 10, allowed_models: ['sandbox-chat'] });
    const path = `/api/api-keys/${key.id}`;
    const edits: [ApiPerson, Record<string, unknown>, number][] = [
      [member, { name: 'Renamed', requests_per_minute: 5 }, 200],
      [member, { requests_per_minute: 6 }, 403],
      [member, { requests_per_minute: null }, 403],
      [member, { allowed_models: null }, 403],
      [member, { allowed_models: [] }, 200],
      [member, { ip_ranges: ['10.1.2.3/8'] }, 200],
      [member, { ip_ranges: ['10.0.0.0/8', '11.0.0.0/8'] }, 403],
      [member, { can_act_for_members: true }, 403],
      [member, { budget: null }, 400],
      [admin, { requests_per_minute: 60, allowed_models: null, can_act_for_members: true }, 200],
      [stranger, { name: 'Mine' }, 404],
    ];
    for (const [person, body, status] of edits)
      expect([body, (await person.request('PATCH', path, { body })).status]).toEqual([body, status]);
    // Of a key that acts for others the database keeps members' hands as well.
    expect((await admin.request('PATCH', path, { body: { can_act_for_members: false } })).body.data).toMatchObject({
      ...{ name: 'Renamed', requests_per_minute: 60, tokens_per_minute: null, ip_ranges: ['10.0.0.0/8'] },
    });
  });

  it('refuses an edit of an older version, and use alone makes no version', async () => {
    const key = await makeKey(member);
    const path = `/api/api-keys/${key.id}`;
    const edit = (name: string, tag: string) =>
      admin.request('PATCH', path, { body: { name }, headers: { 'if-match': tag } });
    const tag = (await admin.request('PATCH', path, { body: { name: 'First' } })).headers.get('etag') ?? '';
    await server.owner.query('update weir.virtual_keys set last_used_at = now() where id = $1', [key.id]);
    expect((await edit('Second', tag)).status).toBe(200);
    expect((await edit('Third', tag)).status).toBe(412);
  });

  it('answers alike for a foreign key, one of somebody else, and one that is not there', async () => {
    const key = await makeKey(admin);
    const shapes = new Set<string>();
    for (const [person, keyId] of [
      [stranger, key.id],
      [member, key.id],
      [admin, UNKNOWN_ID],
    ] as const) {
      const answers = [
        await person.request('PATCH', `/api/api-keys/${keyId}`, { body: { name: 'x' } }),
        ...(await Promise.all(['revoke', 'validate'].map((verb) => act(person, keyId, verb)))),
        await act(person, keyId, 'rotate', {}),
      ];
      for (const { status, body } of answers) {
        const { request_id: _id, ...rest } = body;
        shapes.add(JSON.stringify([status, rest]));
      }
    }
    expect([...shapes]).toEqual([expect.stringMatching(/^\[404,.*"not_found"/)]);
  });

  it('is for who is signed in and nobody who acts as them', async () => {
    const key = await makeKey(owner);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, owner, platform.userId);
    const places: [string, string, unknown][] = [
      ['GET', '/api/api-keys', undefined],
      ['POST', '/api/api-keys', { name: 'Key' }],
      ['PATCH', `/api/api-keys/${key.id}`, { name: 'x' }],
      ['POST', `/api/api-keys/${key.id}/rotate`, {}],
      ['POST', `/api/api-keys/${key.id}/revoke`, undefined],
      ['POST', `/api/api-keys/${key.id}/validate`, undefined],
      ['POST', '/api/api-keys/validate', { key: 'x' }],
    ];
    for (const [method, path, body] of places) {
      const request = { ...(body === undefined ? {} : { body }), organization: id };
      expect((await impersonator.request(method, path, request)).status, path).toBe(403);
      expect((await requestApi(server, [method, path], request)).status, path).toBe(401);
      expect((await stranger.request(method, path, request)).status, path).toBe(404);
    }
  });
});

describe('at the gateway', () => {
  it('a key works at once, and is refused at the very next call after it is revoked', async () => {
    const key = await makeKey(member);
    expect(await statusOf(key.secret)).toBe(200);
    expect((await act(admin, key.id, 'revoke')).body.data).toMatchObject({ state: 'revoked' });
    expect(await statusOf(key.secret)).toBe(401);
    const revokedAt = (await act(admin, key.id, 'revoke')).body.data.revoked_at;
    expect((await act(admin, key.id, 'validate')).body.data.key.revoked_at).toBe(revokedAt);
    const { rows } = await server.owner.query(
      `select count(*)::int as count from weir.audit_logs where action = 'virtual_key.revoke' and target_id = $1`,
      [key.id],
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('a rotated key works beside its successor until its grace is over; without grace it ends', async () => {
    const key = await makeKey(member, { tokens_per_minute: 100_000 });
    const next = (await act(member, key.id, 'rotate', { grace_seconds: 3_600 })).body.data;
    expect(next).toMatchObject({ rotated_from: key.id, tokens_per_minute: 100_000, state: 'active', name: 'Key' });
    expect([await statusOf(key.secret), await statusOf(next.secret)]).toEqual([200, 200]);
    expect((await act(member, key.id, 'validate')).body.data).toMatchObject({
      accepted: true,
      key: { state: 'in_grace' },
    });
    expect((await act(member, key.id, 'rotate', {})).status).toBe(409);
    await server.owner.query(`update weir.virtual_keys set grace_until = now() - interval '1 second' where id = $1`, [
      key.id,
    ]);
    expect([await statusOf(key.secret), await statusOf(next.secret)]).toEqual([401, 200]);
    const last = (await act(member, next.id, 'rotate', { grace_seconds: 0 })).body.data;
    expect([await statusOf(next.secret), await statusOf(last.secret)]).toEqual([401, 200]);
    for (const seconds of [-1, 30 * 86_400 + 1]) {
      const refused = await act(member, last.id, 'rotate', { grace_seconds: seconds });
      expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'grace_seconds']);
    }
  });

  it('a budget binds the key and what it is rotated into together', async () => {
    const key = await makeKey(member, { budget: { amount_usd: '0.000000001', period: 'monthly' } });
    const next = (await act(member, key.id, 'rotate', {})).body.data;
    expect(next.budget).toEqual(key.budget);
    expect([await statusOf(key.secret), await statusOf(next.secret)]).toEqual([402, 402]);
  });

  it('two rotations at once make one successor', async () => {
    const key = await makeKey(member);
    const answers = await Promise.all([act(member, key.id, 'rotate', {}), act(admin, key.id, 'rotate', {})]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });

  it('says whether a key would be accepted and why not, by id and for a key at hand', async () => {
    const key = await makeKey(member);
    const byKey = async (person: ApiPerson, secret: string) =>
      (await person.request('POST', '/api/api-keys/validate', { body: { key: secret } })).body.data;
    expect(await byKey(member, key.secret)).toMatchObject({ accepted: true, reasons: [], key: { id: key.id } });
    const unknown = {
      accepted: false,
      reasons: [{ code: 'invalid_key', message: 'The key is not valid.' }],
      key: null,
    };
    expect(await byKey(stranger, key.secret)).toEqual(unknown);
    expect(await byKey(admin, `${key.secret.slice(0, -1)}_`)).toEqual(unknown);
    await server.owner.query(`update weir.members set status = 'paused' where user_id = $1`, [member.userId]);
    await server.owner.query(`update weir.virtual_keys set expires_at = now() where id = $1`, [key.id]);
    const verdict = (await act(admin, key.id, 'validate')).body.data;
    expect(verdict.reasons.map(({ code }: { code: string }) => code)).toEqual(['expired_key', 'member_paused']);
    await server.owner.query(`update weir.members set status = 'active' where user_id = $1`, [member.userId]);
  });
});
