// Proves: what every route of the product API does with any request: its bytes, its origin, its rate, its repetition, its errors.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiPerson, createApiPerson, createApiSession, requestApi } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let person: ApiPerson;
beforeAll(async () => {
  server = await startTestServer({ WEIR_TRUSTED_ORIGINS: 'https://app.example', WEIR_TRUST_PROXY: 'loopback' });
  person = await createApiPerson(server);
});
afterAll(() => server.close());

const create = (body: unknown, headers: Record<string, string> = {}) =>
  person.request('POST', '/api/organizations', { body, headers });

describe('a body', () => {
  it.each([
    ['no JSON', '{"name":', 400, 'invalid_request'],
    ['nested too deep', `${'['.repeat(40)}${']'.repeat(40)}`, 400, 'invalid_request'],
    ['a prototype', '{"name":"X","__proto__":{"admin":true}}', 400, 'invalid_request'],
    ['a NUL in a text', '{"name":"a\\u0000b","business_type":"retail"}', 400, 'invalid_request'],
    ['a NUL in a key', '{"na\\u0000me":"X"}', 400, 'invalid_request'],
    ['a list', '[]', 400, 'invalid_request'],
    ['nothing', '', 400, 'invalid_request'],
    ['a million letters and more', JSON.stringify({ name: 'x'.repeat(1_048_576) }), 413, 'too_large'],
  ])('that is %s is refused', async (_name, body, status, code) => {
    const refused = await create(body);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect(refused.headers.get('x-request-id')).toBe(refused.body.request_id);
  });

  it('that is not UTF-8 is refused', async () => {
    const { status } = await fetch(`${server.url}/api/organizations`, {
      method: 'POST',
      headers: { cookie: person.cookie, origin: server.url, 'content-type': 'application/json' },
      body: Buffer.from('{"name":"\xff\xfe"}', 'latin1'),
    });
    expect(status).toBe(400);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'of type %s is refused',
    async (type) => {
      const refused = await create('{"name":"X"}', { 'content-type': type });
      expect([refused.status, refused.body.code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  it('is not taken by a route that has none', async () => {
    const { body } = await create({ name: 'Bodiless' });
    const refused = await person.request('POST', `/api/organizations/${body.data.id}/restore`, {
      body: { role: 'owner' },
    });
    expect([refused.status, refused.body.errors]).toEqual([400, [{ path: 'role', message: 'is not known here' }]]);
    const empty = await person.request('POST', `/api/organizations/${body.data.id}/restore`, { body: {} });
    expect(empty.status).not.toBe(400);
  });
});

describe('a path', () => {
  it.each(['/api/organizations/%00', '/api/organizations?cursor=a%00b'])('with a NUL is refused: %s', async (path) => {
    const refused = await person.request('GET', path);
    expect([refused.status, refused.body.code]).toEqual([400, 'invalid_request']);
  });

  it('that is not known is 404, a method that is not known 405 with those that are', async () => {
    const unknown = await person.request('GET', '/api/nothing');
    expect([unknown.status, unknown.body.code]).toEqual([404, 'not_found']);
    const refused = await person.request('PATCH', '/api/organizations');
    expect([refused.status, refused.body.code, refused.headers.get('allow')]).toEqual([
      405,
      'method_not_allowed',
      'POST, GET, HEAD',
    ]);
  });

  it('answers HEAD as GET, without the body', async () => {
    const head = await person.request('HEAD', '/api/me');
    expect([head.status, head.body, head.headers.get('content-type')]).toEqual([
      200,
      undefined,
      'application/json; charset=utf-8',
    ]);
  });

  it('refuses query parameters it does not know, and one given twice', async () => {
    for (const query of ['sort=name', 'limit=0', 'limit=101', 'limit=1e3', 'limit=5&limit=6', 'cursor=made-up']) {
      const refused = await person.request('GET', `/api/organizations?${query}`);
      expect([query, refused.status, refused.body.errors[0].path]).toEqual([query, 400, query.split('=')[0]]);
    }
  });
});

describe('an answer', () => {
  it('carries its request’s id and is kept nowhere', async () => {
    const { headers } = await person.request('GET', '/api/me', { headers: { 'x-request-id': 'mine' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});

describe('a session', () => {
  it('counts only as it was signed, once, while it and its person last', async () => {
    const [name = '', value = ''] = person.cookie.split(/=(.*)/s);
    const [token = ''] = decodeURIComponent(value).split('.');
    const forged = [
      `${name}=${token}`,
      `${name}=${encodeURIComponent(`${token}.AAAA`)}`,
      `${name}=${value.replace(/^./, (letter) => (letter === 'A' ? 'B' : 'A'))}`,
      `${name}=${value}; ${name}=${value}`,
      `x${name}=${value}`,
      `${name}=%zz`,
      `${name}=`,
    ];
    for (const cookie of forged)
      expect((await requestApi(server, ['GET', '/api/me'], { headers: { cookie } })).status).toBe(401);
    expect(
      (await requestApi(server, ['GET', '/api/me'], { headers: { cookie: `a=b; ${person.cookie}` } })).status,
    ).toBe(200);
  });

  it.each([
    ['expired', `update weir.sessions set expires_at = now() - interval '1 second' where id = $1`],
    ['ended', 'delete from weir.sessions where id = $1'],
    [
      'of a banned person',
      'update weir.users set banned = true where id = (select user_id from weir.sessions where id = $1)',
    ],
    ['of a deleted person', 'delete from weir.users where id = (select user_id from weir.sessions where id = $1)'],
  ])('that is %s lets nobody in', async (_name, act) => {
    const somebody = await createApiPerson(server);
    expect((await somebody.request('GET', '/api/me')).status).toBe(200);
    await server.owner.query(act, [somebody.sessionId]);
    const refused = await somebody.request('GET', '/api/me');
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthenticated']);
  });

  it('of somebody whose ban is over counts again', async () => {
    const somebody = await createApiPerson(server);
    await server.owner.query(
      `update weir.users set banned = true, ban_expires = now() - interval '1 second' where id = $1`,
      [somebody.userId],
    );
    expect((await somebody.request('GET', '/api/me')).status).toBe(200);
  });
});

describe('a change from another page (CSRF)', () => {
  const send = (headers: Record<string, string>) =>
    requestApi(server, ['POST', '/api/organizations'], { body: { name: 'X' }, headers });

  it.each([
    ['a foreign origin', { origin: 'https://evil.example' }],
    ['an origin that begins like ours', { origin: 'https://app.example.evil.example' }],
    ['our host by another scheme', { origin: 'http://app.example' }],
    ['no origin at all', {}],
    ['an opaque origin', { origin: 'null' }],
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { 'sec-fetch-site': 'same-site' }],
  ])('is refused with %s', async (_name, headers) => {
    const refused = await send({ cookie: person.cookie, ...headers });
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
  });

  it('is let through from our own pages and those we trust', async () => {
    const allowed = [{ origin: server.url }, { origin: 'https://app.example' }, { 'sec-fetch-site': 'same-origin' }];
    for (const headers of allowed) expect((await send({ cookie: person.cookie, ...headers })).status).toBe(201);
  });

  it('is refused without a session as well, before anything else', async () => {
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403);
    expect((await send({})).status).toBe(401);
  });
});

describe('a write with an Idempotency-Key', () => {
  const send = (key: string, name = 'Once', who = person) =>
    who.request('POST', '/api/organizations', { body: { name }, headers: { 'idempotency-key': key } });

  it('is done once and answered alike', async () => {
    const [first, second] = [await send('once'), await send('once')];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('etag')).toBe(first.headers.get('etag'));
    expect([first.headers.get('idempotent-replayed'), second.headers.get('idempotent-replayed')]).toEqual([
      null,
      'true',
    ]);
    const { rows } = await server.owner.query(
      `select count(*)::integer as count from weir.organizations where name = 'Once'`,
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('is done once when it comes ten times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => send('at once', 'At once')));
    const made = new Set(answers.flatMap(({ status, body }) => (status === 201 ? [body.data.id] : [])));
    expect(made.size).toBe(1);
    for (const { status, body } of answers) if (status !== 201) expect([status, body.code]).toEqual([409, 'conflict']);
  });

  it('is refused for another request, and another person’s equal key is another key', async () => {
    await send('mine', 'Mine');
    const other = await send('mine', 'Other');
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_mismatch']);
    const somebody = await createApiPerson(server);
    expect((await send('mine', 'Theirs', somebody)).status).toBe(201);
    const secondSession = await createApiSession(server, person);
    expect((await send('mine', 'Mine', secondSession)).headers.get('idempotent-replayed')).toBe('true');
  });

  it('that was refused leaves its key free', async () => {
    expect((await send('free', '')).status).toBe(400);
    expect(
      (
        await person.request('POST', '/api/organizations', {
          body: { name: 'X', slug: 'admin' },
          headers: { 'idempotency-key': 'free' },
        })
      ).status,
    ).toBe(400);
    expect((await send('free', 'Free')).status).toBe(201);
  });

  it('of a server that died with it is neither done again nor called done', async () => {
    await send('lost', 'Lost');
    await server.owner.query(
      `update weir.request_idempotency set state = 'in_progress', status = null, response = null,
         created_at = now() - interval '3 minutes' where key = 'lost'`,
    );
    const refused = await send('lost', 'Lost');
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain('not known');
  });

  it('keeps its answer sealed', async () => {
    await send('sealed', 'Sealed words');
    const { rows } = await server.owner.query(`select response from weir.request_idempotency where key = 'sealed'`);
    expect(rows[0]?.response.toString('latin1')).not.toContain('Sealed words');
  });

  it('must be one that can be kept', async () => {
    expect((await send('k'.repeat(256))).status).toBe(400);
  });
});

describe('a rate', () => {
  it('is refused beyond 6,000 a minute of a session, with the seconds to wait, and others go on', async () => {
    const busy = await createApiPerson(server);
    await server.owner.query(
      `insert into weir.rate_limit_windows (key, window_start, resets_at, used) values ($1, now(), now() + interval '50 seconds', 100)`,
      [`request:${busy.sessionId}`],
    );
    const refused = await busy.request('GET', '/api/me');
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    const wait = Number(refused.headers.get('retry-after'));
    expect(wait).toBeGreaterThan(40);
    expect(wait).toBeLessThanOrEqual(50);
    expect((await person.request('GET', '/api/me')).status).toBe(200);
  });

  it('takes sixty requests from the shared window at once', async () => {
    const calm = await createApiPerson(server);
    await Promise.all(Array.from({ length: 3 }, () => calm.request('GET', '/api/me')));
    for (let round = 0; round < 50; round += 1) await calm.request('GET', '/api/me');
    const { rows } = await server.owner.query('select used from weir.rate_limit_windows where key = $1', [
      `request:${calm.sessionId}`,
    ]);
    expect(rows[0]?.used).toBeLessThanOrEqual(3);
  });
});
