// Owns: what the route matrix has to be told of single nouns: bodies that are taken, and how a thing is made where it is not by a POST. One line a noun. Not:
// everything else: it is read from the endpoints.

import type { Endpoint } from '../../src/contracts/endpoint.ts';
import { ENDPOINTS } from '../../src/contracts/endpoints.ts';
import type { ApiPerson } from '../../src/server/testing/api-person.ts';
import type { Identity } from './route-identities.ts';
import type { RouteWorld } from './route-world.ts';

/** An id that nothing has. */
export const UNKNOWN_ID = '01890000-0000-7000-8000-00000000dead';

/** Path parameters that are no ids. */
const PARAMETERS: Readonly<Record<string, string>> = { provider: 'nowhere' };

/** Bodies by operation, where `{}` would be refused before the thing in the path is looked for. */
const BODIES: Readonly<Record<string, (world: RouteWorld) => unknown>> = {
  createDepartment: () => ({ name: 'Research' }),
  createDomain: () => ({ domain: 'tenant.example' }),
  createApiKey: () => ({ name: 'A key' }),
  createBudget: () => ({ name: 'A budget', scope: 'organization', period: 'monthly', amount_usd: 5 }),
  createAdminBudget: () => ({ name: 'A budget', scope: 'platform', period: 'monthly', amount_usd: 5 }),
  createApiToken: () => ({ name: 'A token' }),
  createProviderKey: () => ({ provider: 'openai', label: 'Ours', secret: 'sk-a-secret-of-nobody' }),
  createOrganizationPersona: () => ({ slug: 'captain', name: 'Captain' }),
  sendChatMessage: () => ({ message: 'Hello', model: 'sandbox-chat' }),
  rotateProviderKey: () => ({ secret: 'sk-another-secret-of-nobody' }),
};

/** Refusals by an endpoint itself, behind the walls, that read like those of the walls: whom it refuses, by operation. */
export const OWN_REFUSALS: Readonly<Record<string, Identity>> = {
  // A token makes no tokens: it would outlive its own end.
  createApiToken: 'token',
  // A token leaves for nobody.
  leaveOrganization: 'token',
};

/** Collections of what is everybody's and nobody's own: there is no foreign one. */
export const OF_EVERYBODY: readonly string[] = ['/api/models'];

/** How the owner of B makes a thing, by the path of its collection, where that is no POST there. Gives its id. */
const MAKERS: Readonly<Record<string, (owner: ApiPerson, world: RouteWorld) => Promise<string>>> = {
  '/api/auth/sessions': async (owner) => owner.sessionId,
  '/api/organizations/users': async (_owner, world) => world.people.stranger.userId,
  '/api/conversations': async (owner) => {
    await owner.request('POST', '/api/chat', { body: { message: 'Hello', model: 'sandbox-chat' } });
    return (await owner.request('GET', '/api/conversations')).body.data[0].id;
  },
  '/api/organizations/invitations': async (owner) => {
    await owner.request('POST', '/api/organizations/invite', {
      body: { invitations: [{ email: 'new@people.example', role: 'member' }] },
    });
    return (await owner.request('GET', '/api/organizations/invitations')).body.data[0].id;
  },
};

/** The body of a request in the matrix. */
export function bodyOf({ operationId, hasBody }: Endpoint, world: RouteWorld): unknown {
  return hasBody ? (BODIES[operationId]?.(world) ?? {}) : undefined;
}

/** The path with its parameters: the organization where it is one, else `id`. */
export function pathOf(
  { path, organization }: Endpoint,
  values: { readonly organizationId: string; readonly id: string },
): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_, name: string) =>
    encodeURIComponent(
      organization === 'path' && name === 'id' ? values.organizationId : (PARAMETERS[name] ?? values.id),
    ),
  );
}

/** Makes the thing that an endpoint's path names, in organization B. Throws where it is not known how. */
export async function makeForeign(endpoint: Endpoint, world: RouteWorld): Promise<string> {
  const collection = endpoint.path.slice(0, endpoint.path.indexOf('/{'));
  const { owner } = world.foreign;
  const maker = MAKERS[collection];
  if (maker !== undefined) return maker(owner, world);
  const create = ENDPOINTS.find(({ method, path }) => method === 'POST' && path === collection);
  if (create === undefined) throw new Error(`say in route-samples.ts how a thing of ${collection} is made`);
  const { status, body } = await owner.request('POST', collection, { body: bodyOf(create, world) });
  const id = body?.data?.id ?? body?.id;
  if (status !== 201 || typeof id !== 'string')
    throw new Error(
      `say in route-samples.ts which body ${create.operationId} takes: ${status} ${JSON.stringify(body)}`,
    );
  return id;
}
