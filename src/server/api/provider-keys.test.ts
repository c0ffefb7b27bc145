// Proves: an organization's own keys at providers: asked about, sealed, never readable, sent to nowhere but where they were entered for, and used by the gateway.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiPerson,
  addApiMember,
  createApiPerson,
  createApiSession,
  requestApi,
  UNKNOWN_ID,
} from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

/** A vendor: takes keys that begin with `sk-good`, refuses others, and is out of order for `sk-odd`. */
interface Vendor {
  readonly url: string;
  readonly calls: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  readonly server: Server;
}

async function startVendor(): Promise<Vendor> {
  const calls: Vendor['calls'] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    calls.push({ path, headers: request.headers });
    const key = request.headers.authorization ?? '';
    const status = key.startsWith('Bearer sk-good') ? 200 : key.startsWith('Bearer sk-odd') ? 500 : 401;
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json' });
      const usage = { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 };
      const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hi' } }];
      const chat = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-4o-mini', choices, usage };
      response.end(
        JSON.stringify(status === 200 ? (path.endsWith('/models') ? { data: [] } : chat) : { error: { message: key } }),
      );
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, server };
}

let vendor: Vendor;
let server: TestServer;
let admin: ApiPerson;
let member: ApiPerson;
let stranger: ApiPerson;
let id = '';
let label = 0;

beforeAll(async () => {
  vendor = await startVendor();
  server = await startTestServer({ OPENAI_BASE_URL: `${vendor.url}/v1` });
  [admin, member, stranger] = [
    await createApiPerson(server),
    await createApiPerson(server),
    await createApiPerson(server),
  ];
  id = (await admin.request('POST', '/api/organizations', { body: { name: 'Bringer', slug: 'bringer' } })).body.data.id;
  await addApiMember(server, { organizationId: id, userId: member.userId, role: 'member' });
  await stranger.request('POST', '/api/organizations', { body: { name: 'Far' } });
});
afterAll(async () => {
  await server.close();
  vendor.server.close();
});

const bring = (secret: string, fields: Record<string, unknown> = {}) => {
  label += 1;
  const body = { provider: 'openai', label: `Key ${label}`, secret, ...fields };
  return admin.request('POST', '/api/provider-keys', { body });
};
const act = (key: string, verb: string, body?: unknown, person = admin) =>
  person.request('POST', `/api/provider-keys/${key}/${verb}`, body === undefined ? {} : { body });
const seen = (secret: string): string[] =>
  vendor.calls.filter(({ headers }) => headers.authorization === `Bearer ${secret}`).map(({ path }) => path);

describe('bringing a key', () => {
  it('asks the provider, keeps it sealed, and never shows it again', async () => {
    const secret = 'sk-good-canary-1234';
    const made = await bring(secret);
    expect([made.status, seen(secret)]).toEqual([201, ['/v1/models']]);
    expect(made.body.data).toMatchObject({
      ...{ provider: { slug: 'openai', name: 'OpenAI' }, last_four: '1234', status: 'active', is_usable: true },
      ...{ origin: vendor.url, last_validation_error: null, created_by: admin.userId },
    });
    const listed = await admin.request('GET', '/api/provider-keys');
    expect(listed.body.data).toContainEqual(made.body.data);
    for (const table of ['provider_credentials', 'audit_logs']) {
      const { rows } = await server.owner.query(`select to_jsonb(t)::text as text from weir.${table} t`);
      const text = rows.map((row) => row.text).join('\n');
      expect(text).not.toContain(secret);
      expect(text).not.toContain(Buffer.from(secret).toString('hex'));
    }
    const { rows } = await server.owner.query(`select action, after from weir.audit_logs where target_id = $1`, [
      made.body.data.id,
    ]);
    expect(rows).toMatchObject([{ action: 'provider_key.create', after: { provider: 'openai', last_four: '1234' } }]);
  });

  it.each([
    ['a key that the provider refuses', { secret: 'sk-bad-key-0000' }, 400, 'secret'],
    ['a short key', { secret: 'sk' }, 400, 'secret'],
    ['a key with a line break', { secret: 'sk-good-1\r\nx-evil: 1' }, 400, 'secret'],
    ['an unknown provider', { provider: 'nobody' }, 400, 'provider'],
    ['the sandbox', { provider: 'sandbox' }, 400, 'provider'],
    ['no label', { label: ' ' }, 400, 'label'],
    ['an address of its own', { base_url: 'https://evil.example' }, 400, 'base_url'],
  ])('is refused with %s, which is named and not repeated', async (_name, fields, status, path) => {
    const refused = await bring('sk-good-any-0000', fields);
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([status, path]);
    expect(JSON.stringify(refused.body)).not.toMatch(/sk-(good|bad)/);
  });

  it('keeps a key whose provider cannot judge it now, and says so', async () => {
    const made = await bring('sk-odd-key-0000');
    expect(made.body.data).toMatchObject({ status: 'active', last_validation_error: 'The provider answered 500.' });
    const taken = await bring('sk-good-key-0000', { label: made.body.data.label });
    expect([taken.status, taken.body.errors[0].path]).toEqual([409, 'label']);
    await act(made.body.data.id, 'revoke');
  });
});

describe('keeping keys', () => {
  it('rotates, validates and revokes; what was revoked is erased and stays so', async () => {
    const made = (await bring('sk-good-first-0001')).body.data;
    expect((await act(made.id, 'rotate', { secret: 'sk-bad-0000' })).status).toBe(400);
    const rotated = await act(made.id, 'rotate', { secret: 'sk-good-second-0002' });
    expect(rotated.body.data).toMatchObject({ id: made.id, last_four: '0002', status: 'active' });
    expect((await act(made.id, 'validate')).body.data).toMatchObject({ valid: true, reason: null });
    expect(seen('sk-good-second-0002')).toEqual(['/v1/models', '/v1/models']);
    expect((await act(made.id, 'revoke')).body.data).toMatchObject({ status: 'revoked', is_usable: false });
    expect((await act(made.id, 'revoke')).status).toBe(200);
    expect((await act(made.id, 'validate')).status).toBe(409);
    expect((await act(made.id, 'rotate', { secret: 'sk-good-third-0003' })).status).toBe(409);
    const { rows } = await server.owner.query(
      'select octet_length(ciphertext) as size from weir.provider_credentials where id = $1',
      [made.id],
    );
    expect(rows).toEqual([{ size: 0 }]);
    const log = await server.owner.query('select action from weir.audit_logs where target_id = $1 order by sequence', [
      made.id,
    ]);
    expect(log.rows.map(({ action }) => action)).toEqual(
      ['create', 'rotate', 'validate', 'revoke'].map((verb) => `provider_key.${verb}`),
    );
  });

  it('is sent nowhere else when the provider moves, until it is entered again', async () => {
    const other = await startVendor();
    try {
      await server.owner.query(
        `insert into weir.providers (id, slug, name, type, base_url) values ($1, 'moving', 'Moving', 'custom', 'https://first.invalid/v1')`,
        [UNKNOWN_ID],
      );
      // Nobody answers at the first address: the key is kept unjudged.
      const made = (await bring('sk-good-moving-0001', { provider: 'moving' })).body.data;
      expect(made).toMatchObject({ origin: 'https://first.invalid', is_usable: true, status: 'active' });
      expect(made.last_validation_error).toBeTruthy();
      await server.owner.query(`update weir.providers set base_url = $1 where slug = 'moving'`, [other.url]);
      const verdict = (await act(made.id, 'validate')).body.data;
      expect(verdict).toMatchObject({
        valid: false,
        reason: expect.stringMatching(/moved/),
        key: { is_usable: false },
      });
      const rotated = (await act(made.id, 'rotate', { secret: 'sk-good-moving-0002' })).body.data;
      expect(rotated).toMatchObject({ origin: other.url, is_usable: true });
      // An address inside, set in the portal, is not reached by asking either.
      expect([rotated.last_validation_error, other.calls]).toEqual([expect.stringMatching(/allowed/), []]);
    } finally {
      other.server.close();
    }
  });

  it('is for admins in person: 403 for members and who acts as an admin, 404 for strangers and what is not there, 401 for nobody', async () => {
    const made = (await bring('sk-good-roles-0001')).body.data;
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, admin, platform.userId);
    const places: [string, string, unknown][] = [
      ['GET', '/api/provider-keys', undefined],
      ['POST', '/api/provider-keys', { provider: 'openai', label: 'L', secret: 'sk-good-none-0000' }],
      ['POST', `/api/provider-keys/${made.id}/rotate`, { secret: 'sk-good-none-0000' }],
      ['POST', `/api/provider-keys/${made.id}/revoke`, undefined],
      ['POST', `/api/provider-keys/${made.id}/validate`, undefined],
    ];
    for (const [method, path, body] of places) {
      const request = { ...(body === undefined ? {} : { body }), organization: 'bringer' };
      for (const person of [member, impersonator])
        expect((await person.request(method, path, request)).status).toBe(403);
      expect((await stranger.request(method, path, request)).status).toBe(404);
      expect((await requestApi(server, [method, path], request)).status).toBe(401);
      if (!path.includes(made.id)) continue;
      const { organization: _mine, ...own } = request;
      const [foreign, missing] = [
        await stranger.request(method, path, own),
        await admin.request(method, path.replace(made.id, UNKNOWN_ID), own),
      ].map(({ status, body: { request_id: _id, ...rest } }) => [status, rest]);
      expect(foreign).toEqual(missing);
    }
    expect(seen('sk-good-none-0000')).toEqual([]);
  });
});

describe('at the gateway', () => {
  it('calls go out with the organization’s key while it is active, and not after', async () => {
    await server.owner.query(`update weir.provider_credentials set status = 'revoked' where organization_id = $1`, [
      id,
    ]);
    const key = (await admin.request('POST', '/api/api-keys', { body: { name: 'Caller' } })).body.data.secret;
    const secret = 'sk-good-gateway-0001';
    const made = (await bring(secret)).body.data;
    const call = () =>
      fetch(`${server.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
      });
    expect((await call()).status).toBe(200);
    expect(seen(secret)).toEqual(['/v1/models', '/v1/chat/completions']);
    await act(made.id, 'revoke');
    await call();
    expect(seen(secret)).toEqual(['/v1/models', '/v1/chat/completions']);
  });
});
