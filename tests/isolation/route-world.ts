// Owns: the people and organizations of the route matrix: one of every identity. Not: what they are expected to meet (route-identities.ts).

import {
  type ApiAnswer,
  type ApiPerson,
  type ApiRequest,
  addApiMember,
  createApiPerson,
  createApiSession,
  requestApi,
} from '../../src/server/testing/api-person.ts';
import type { TestServer } from '../../src/server/testing/running-server.ts';
import type { Identity } from './route-identities.ts';

/** Organization A with everybody who asks, and B. */
export interface RouteWorld {
  /** Past every policy: for what no request makes. */
  readonly database: TestServer['owner'];
  readonly organizationId: string;
  /** An owner of B and what is theirs. */
  readonly foreign: { readonly organizationId: string; readonly slug: string; readonly owner: ApiPerson };
  readonly people: Readonly<Record<Exclude<Identity, 'anonymous'>, ApiPerson>>;
}

/** Makes one; nothing in it is in any other. */
export async function createRouteWorld(server: TestServer): Promise<RouteWorld> {
  const create = (options = {}) => createApiPerson(server, options);
  const owner = await create();
  const foreignOwner = await create();
  const [a, b] = [await createOrganization(owner), await createOrganization(foreignOwner)];
  const superadmin = await create({ platformRole: 'superadmin' });
  const join = async (organizationId: string, role: 'member' | 'admin'): Promise<ApiPerson> => {
    const person = await create();
    await addApiMember(server, { organizationId, userId: person.userId, role });
    return person;
  };
  const admin = await join(a.id, 'admin');
  return {
    database: server.owner,
    organizationId: a.id,
    foreign: { organizationId: b.id, slug: b.slug, owner: foreignOwner },
    people: {
      ...{ owner, superadmin },
      outsider: await create(),
      platform_admin: await create({ platformRole: 'platform_admin' }),
      stranger: await join(b.id, 'admin'),
      member: await join(a.id, 'member'),
      admin,
      token: await createToken(server, admin, a.id),
      impersonator: await createApiSession(server, owner, superadmin.userId),
    },
  };
}

/** A script with an API token of a person's, as wide as may be. */
async function createToken(server: TestServer, person: ApiPerson, organization: string): Promise<ApiPerson> {
  const body = { name: 'A script', role: 'admin' };
  const made = await person.request('POST', '/api/api-tokens', { organization, body });
  if (made.status !== 201) throw new Error(`no token was made: ${made.status} ${JSON.stringify(made.body)}`);
  const authorization = `Bearer ${made.body.data.secret}`;
  return {
    ...person,
    request: (method, path, request = {}) =>
      requestApi(server, [method, path], { ...request, headers: { ...request.headers, authorization } }),
  };
}

async function createOrganization(owner: ApiPerson): Promise<{ readonly id: string; readonly slug: string }> {
  const { status, body } = await owner.request('POST', '/api/organizations', { body: { name: 'Weir' } });
  if (status !== 201) throw new Error(`no organization was made: ${status} ${JSON.stringify(body)}`);
  return body.data;
}

let addresses = 0;

/** Sends a request as somebody; null: as nobody. Each comes from an address of its own, so that no rate ends the matrix. */
export function ask(
  server: TestServer,
  person: ApiPerson | null,
  { method, path, ...request }: ApiRequest & { readonly method: string; readonly path: string },
): Promise<ApiAnswer> {
  addresses += 1;
  const forwarded = `10.${(addresses >> 16) & 255}.${(addresses >> 8) & 255}.${addresses & 255}`;
  const headers = { ...request.headers, 'x-forwarded-for': forwarded };
  if (person === null) return requestApi(server, [method, path], { ...request, headers });
  return person.request(method, path, { ...request, headers });
}
