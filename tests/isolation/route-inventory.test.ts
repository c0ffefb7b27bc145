// Proves: every route of the server is written down with who may call it; for every endpoint each identity meets just the wall that its role says; what is another
// tenant's is answered like what does not exist; and every answer on the way is one that its endpoint promised.

import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/contracts/endpoint.ts';
import { ENDPOINTS } from '../../src/contracts/endpoints.ts';
import { DECLARED_ROUTES } from '../../src/server/api/openapi-declared.ts';
import { type ApiAnswer, requestApi } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';
import { contractFault } from './route-contract.ts';
import { expectedOf, IDENTITIES, type Identity } from './route-identities.ts';
import { findRoleless, findUnlisted, findUnmounted, type RouterEntry, recordRoutes } from './route-inventory.ts';
import { bodyOf, makeForeign, OF_EVERYBODY, OWN_REFUSALS, pathOf, UNKNOWN_ID } from './route-samples.ts';
import { ask, createRouteWorld, type RouteWorld } from './route-world.ts';

const lists = { endpoints: ENDPOINTS, declared: DECLARED_ROUTES };
let server: TestServer;
let routes: readonly RouterEntry[];
beforeAll(async () => {
  // Nobody listens on the discard port: keys for a provider are kept without being asked about.
  const environment = { WEIR_TRUST_PROXY: '127.0.0.1', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' };
  ({ started: server, routes } = await recordRoutes(() => startTestServer(environment)));
});
afterAll(() => server.close());

describe('the inventory', () => {
  it('has every route of the router, or the route only says that it knows no such method', async () => {
    const unlisted = findUnlisted(routes, lists);
    expect(unlisted.filter(({ isKnownPath }) => !isKnownPath)).toEqual([]);
    for (const { method, url } of unlisted) {
      const { status } = await requestApi(server, [method, url.replaceAll(/:\w+/g, UNKNOWN_ID)]);
      expect(`${method} ${url}: ${status}`).toBe(`${method} ${url}: 405`);
    }
  });

  it('has nothing that the router lacks, and says of each who may', () => {
    expect(findUnmounted(routes, lists)).toEqual([]);
    expect(findRoleless(lists)).toEqual([]);
    expect(routes.length).toBeGreaterThan(lists.endpoints.length);
  });
});

describe('the inventory of a server that is not in order', () => {
  it('names a route that nobody wrote down, one that is not there, and one without a role', async () => {
    const { started: app, routes: found } = await recordRoutes(async () => {
      const made = Fastify();
      made.get('/api/me', async () => 'known');
      made.post('/api/me', async () => 'another method');
      made.register(async (scope) => scope.get('/api/secrets/:id', async () => 'unknown'));
      await made.ready();
      return made;
    });
    await app.close();
    const me = { operationId: 'getMe', method: 'GET', path: '/api/me', role: 'user' } as const;
    const gone = { operationId: 'gone', method: 'GET', path: '/api/gone/{id}', role: undefined as never } as const;
    const few = { endpoints: [me, gone], declared: [] };
    expect(findUnlisted(found, few)).toEqual([
      { method: 'POST', url: '/api/me', isKnownPath: true },
      { method: 'GET', url: '/api/secrets/:id', isKnownPath: false },
      { method: 'HEAD', url: '/api/secrets/:id', isKnownPath: false },
    ]);
    expect(findUnmounted(found, few)).toEqual(['GET /api/gone/:id']);
    expect(findRoleless(few)).toEqual(['gone']);
  });
});

const WALL_STATUSES = { unauthenticated: 401, forbidden: 403, not_found: 404 } as const;
/** What says that a request got past the walls: done, or refused for what it asks. */
const PASSING_STATUSES: readonly number[] = [200, 201, 202, 204, 302, 400, 402, 404, 409, 412];

function askAs(world: RouteWorld, identity: Identity, endpoint: Endpoint): Promise<ApiAnswer> {
  const person = identity === 'anonymous' ? null : world.people[identity];
  const { organizationId } = world;
  return ask(server, person, {
    ...{ method: endpoint.method, path: pathOf(endpoint, { organizationId, id: UNKNOWN_ID }) },
    body: bodyOf(endpoint, world),
    ...(endpoint.organization === 'header' ? { organization: organizationId } : {}),
  });
}

const named = ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

let readWorld: Promise<RouteWorld> | undefined;

/** Reading leaves a world as it is, so that one does for all of it; a write gets its own. */
function worldOf({ method }: Endpoint): Promise<RouteWorld> {
  if (method !== 'GET') return createRouteWorld(server);
  readWorld ??= createRouteWorld(server);
  return readWorld;
}

/** What is not as `claimed` says, identity by identity. */
async function faultsOf(
  endpoint: Endpoint,
  claimed: Pick<Endpoint, 'method' | 'role' | 'impersonation'>,
): Promise<string[]> {
  const world = await worldOf(endpoint);
  const faults: string[] = [];
  for (const identity of IDENTITIES) {
    const answer = await askAs(world, identity, endpoint);
    const { status, body } = answer;
    const isOwnRefusal = OWN_REFUSALS[endpoint.operationId] === identity;
    const expected = isOwnRefusal ? 'forbidden' : expectedOf(claimed, identity);
    const met = `${identity} met ${status} ${body?.code ?? ''} (${body?.detail ?? ''})`;
    // Refused for what the organization pays, not for who asks.
    const isPast = PASSING_STATUSES.includes(status) || body?.code === 'plan_required';
    const isWall = expected !== 'passes' && status === WALL_STATUSES[expected] && body?.code === expected;
    if (expected === 'passes' ? !isPast : !isWall) faults.push(`${met}, expected ${expected}`);
    const fault = contractFault(endpoint, answer);
    if (fault !== undefined) faults.push(`${met}: the answer ${fault}`);
  }
  return faults;
}

describe('who may call', () => {
  it.each(named)('%s', async (_name, endpoint) => {
    expect(await faultsOf(endpoint, endpoint)).toEqual([]);
  });

  it('is found out: walls that are lower or higher than a role says do not pass', async () => {
    const find = (id: string): Endpoint => ENDPOINTS.find(({ operationId }) => operationId === id) ?? raise(id);
    const names = async (id: string, claimed: Partial<Pick<Endpoint, 'role' | 'impersonation'>>): Promise<string[]> => {
      const faults = await faultsOf(find(id), { ...find(id), ...claimed });
      return faults.map((fault) => fault.slice(0, fault.indexOf(' ')));
    };
    expect(await names('updateOrganization', { role: 'owner' })).toEqual(['token', 'admin']);
    expect(await names('updateOrganization', { role: 'member' })).toEqual(['member']);
    expect(await names('getMe', { role: 'anonymous' })).toEqual(['anonymous']);
    expect(await names('getMe', { role: 'platform_admin' })).toEqual(
      IDENTITIES.filter((identity) => !['anonymous', 'platform_admin', 'superadmin'].includes(identity)),
    );
    expect(await names('listAuditLogs', { impersonation: 'refused' })).toEqual(['impersonator']);
  });
});

function raise(id: string): never {
  throw new Error(`there is no ${id}`);
}

/** Of one person or organization, and named in the path. */
const owned = named.filter(
  ([, { path, role }]) =>
    path.includes('{id}') &&
    ['user', 'member', 'admin', 'owner'].includes(role) &&
    !OF_EVERYBODY.some((collection) => path.startsWith(`${collection}/`)),
);

const withoutRequest = ({ status, body }: ApiAnswer): unknown => [status, { ...body, request_id: null }];

describe('what is foreign is answered like what is not there', () => {
  it.each(owned)('%s', async (_name, endpoint) => {
    const world = await createRouteWorld(server);
    const { foreign, organizationId } = world;
    const isOrganization = endpoint.organization === 'path';
    const foreignId = isOrganization ? foreign.organizationId : await makeForeign(endpoint, world);
    const askFor = (id: string, as = world.people.owner, home = organizationId): Promise<ApiAnswer> =>
      ask(server, as, {
        ...{ method: endpoint.method, path: pathOf(endpoint, { organizationId: id, id }) },
        body: bodyOf(endpoint, world),
        ...(endpoint.organization === 'header' ? { organization: home } : {}),
      });
    const unknown = await askFor(UNKNOWN_ID);
    const theirs = await askFor(foreignId);
    expect(unknown.body).toMatchObject({ status: 404, code: 'not_found' });
    expect(withoutRequest(theirs)).toEqual(withoutRequest(unknown));
    if (isOrganization) expect(withoutRequest(await askFor(foreign.slug))).toEqual(withoutRequest(unknown));
    // Those whose it is find it: the id was right.
    const own = await askFor(foreignId, foreign.owner, foreign.organizationId);
    expect(own.status).not.toBe(404);
    expect(contractFault(endpoint, own)).toBeUndefined();
  });
});
