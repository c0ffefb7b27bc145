// Proves: nothing that a caller writes into a query, a cursor or a name is more than a wrong value: it is refused or taken, never a fault, and never another's.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/contracts/endpoint.ts';
import { ENDPOINTS } from '../../src/contracts/endpoints.ts';
import { encodeCursor } from '../../src/contracts/paging.ts';
import { type ApiOrganization, createApiOrganization } from '../../src/server/testing/api-organization.ts';
import {
  type ApiPerson,
  addApiMember,
  createApiPerson,
  createApiSession,
} from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';
import { pathOf, UNKNOWN_ID } from './route-samples.ts';

let server: TestServer;
let a: ApiOrganization;
let b: ApiOrganization;
/** Superadmin, and owner of A besides: gets past every role. */
let root: ApiPerson;

beforeAll(async () => {
  server = await startTestServer();
  a = await createApiOrganization(server);
  b = await createApiOrganization(server);
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  await addApiMember(server, { organizationId: a.id, userId: root.userId, role: 'owner' });
});
afterAll(() => server.close());

const fieldsOf = ({ query }: Endpoint): string[] => Object.keys((query as { shape?: object }).shape ?? {});
const reads = ENDPOINTS.filter(({ method, path }) => method === 'GET' && !path.startsWith('/api/auth/'));
const lists = reads.filter((endpoint) => fieldsOf(endpoint).includes('cursor'));
const named = (endpoints: readonly Endpoint[]) =>
  endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

const ask = (person: ApiPerson, endpoint: Endpoint, query: string) =>
  person.request('GET', `${pathOf(endpoint, { organizationId: a.id, id: UNKNOWN_ID })}?${query}`, {
    organization: a.id,
  });

/** Places that no list gives out. */
const PLACES: readonly (readonly (string | number)[])[] = [
  ...[[], [''], ['\0', UNKNOWN_ID], ['a\0b', UNKNOWN_ID], ['\ud800', UNKNOWN_ID], [1e308, 1], [-1], [2 ** 53 + 2]],
  ...[
    ['0000-01-01T00:00:00Z', UNKNOWN_ID],
    ['9999-12-31T23:59:59.999999Z', UNKNOWN_ID],
    ['infinity', UNKNOWN_ID],
  ],
  ...[
    [UNKNOWN_ID],
    [UNKNOWN_ID.toUpperCase()],
    ["'; drop table weir.users; --", UNKNOWN_ID],
    ['x'.repeat(600), UNKNOWN_ID],
  ],
];
const CURSORS = [...PLACES.map(encodeCursor), 'e30', 'bnVsbA', '%', '_', '=', 'a'.repeat(1_000), 'a'.repeat(5_000)];

describe('a cursor that no list gave out', () => {
  it.each(named(lists))('is refused or leads to nothing: %s', async (_name, endpoint) => {
    const met: unknown[] = [];
    for (const cursor of CURSORS) {
      const { status, body } = await ask(root, endpoint, `cursor=${encodeURIComponent(cursor)}`);
      // A list within a thing that is not there is not there either.
      const isNowhere = status === 404 && endpoint.path.includes('{');
      if (status !== 200 && !isNowhere && (status !== 400 || body.errors?.[0]?.path !== 'cursor'))
        met.push([cursor, status, body.code]);
    }
    expect(met).toEqual([]);
  });
});

/** Values that some field of some query might choke on. */
const VALUES = [
  ...[
    '',
    ' ',
    '%',
    '_',
    '\\',
    "'",
    '"',
    '{}',
    '[]',
    'null',
    'NaN',
    '1e309',
    '-1',
    '0',
    '9007199254740993',
    '__proto__',
  ],
  ...['constructor', '\ud800', '\u202e', '0000-01-01', '0000-01-01T00:00:00Z', '0001-01-01', '0001-01-01T00:00:00Z'],
  ...[
    '9999-12-31',
    '9999-12-31T23:59:59Z',
    '2026-02-30',
    '2026-06-30T23:59:60Z',
    '2026-01-01T00:00:00+23:59',
    'infinity',
  ],
  ...['10.0.0.0/8', '../..', 'x'.repeat(10_000), UNKNOWN_ID, UNKNOWN_ID.toUpperCase()],
];

describe('a value of any kind in any field of a query', () => {
  it.each(named(reads.filter((endpoint) => fieldsOf(endpoint).length > 0)))(
    'is taken or refused by name: %s',
    async (_name, endpoint) => {
      const met: unknown[] = [];
      // A session each: all of it together is more than one session may ask in a minute.
      const person = await createApiSession(server, root);
      for (const field of fieldsOf(endpoint))
        for (const value of VALUES) {
          const { status, body } = await ask(person, endpoint, `${field}=${encodeURIComponent(value.toWellFormed())}`);
          if (status !== 200 && (status !== 404 || endpoint.path.includes('{') === false) && status !== 400)
            met.push([field, value.slice(0, 40), status, body.code]);
        }
      expect(met).toEqual([]);
    },
  );
});

describe('a cursor of another organization', () => {
  it('moves only within what is one’s own', async () => {
    const made = await b.owner.request('POST', '/api/departments', { body: { name: 'Aaa' } });
    expect(made.status).toBe(201);
    await b.owner.request('POST', '/api/departments', { body: { name: 'Zzz' } });
    await a.owner.request('POST', '/api/departments', { body: { name: 'Mmm' } });
    for (const path of ['/api/departments', '/api/organizations/users', '/api/audit-logs']) {
      const theirs = await b.owner.request('GET', `${path}?limit=1`);
      expect([path, typeof theirs.body.next_cursor]).toEqual([path, 'string']);
      const all = await b.owner.request('GET', path);
      const met = await a.owner.request('GET', `${path}?cursor=${theirs.body.next_cursor}`);
      const ids = (answer: typeof all): string[] => answer.body.data.map(({ id }: { id: string }) => id);
      expect(met.status).toBe(200);
      expect(ids(all).filter((id) => ids(met).includes(id))).toEqual([]);
    }
  });
});

describe('a name of an organization', () => {
  it('is never another’s id', async () => {
    const slug = a.id;
    const person = await createApiPerson(server);
    const made = await person.request('POST', '/api/organizations', { body: { name: 'Look-alike', slug } });
    expect([made.status, made.body.errors?.[0]?.path]).toEqual([400, 'slug']);
    const fromName = await person.request('POST', '/api/organizations', { body: { name: slug } });
    expect(fromName.status).toBe(201);
    expect(fromName.body.data.slug).not.toBe(slug);
    const changed = await person.request('PUT', `/api/organizations/${fromName.body.data.id}`, { body: { slug } });
    expect([changed.status, changed.body.errors?.[0]?.path]).toEqual([400, 'slug']);
  });

  it.each(['ａcme', 'аcme', 'acme.', 'acme ', 'ACME', 'acme\u200b', '-acme', 'acme-', 'xn--acme\u0000', '..'])(
    'that only looks like a slug is refused: %j',
    async (slug) => {
      const made = await root.request('POST', '/api/organizations', { body: { name: 'Acme', slug } });
      expect(made.status).toBe(400);
    },
  );

  it('is none that a path beside it has', async () => {
    const words = ENDPOINTS.flatMap(({ path }) => /^\/api\/organizations\/([^/{]+)/.exec(path)?.[1] ?? []);
    for (const slug of new Set(words)) {
      const made = await root.request('POST', '/api/organizations', { body: { name: 'Acme', slug } });
      expect([slug, made.status]).toEqual([slug, 400]);
    }
  });
});
