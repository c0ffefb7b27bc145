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
const PARAMETERS: Readonly<Record<string, string>> = { name: 'nowhere', key: 'fallbacks', provider: 'nowhere' };

/** Bodies by operation, where `{}` would be refused before the thing in the path is looked for. */
const BODIES: Readonly<Record<string, (world: RouteWorld) => unknown>> = {
  createLimitRequest: () => ({ kind: 'organization_quota', amount: 10, reason: 'More work' }),
  denyLimitRequest: () => ({ reason: 'No' }),
  checkQuota: () => ({ modelId: 'sandbox-chat' }),
  createDepartment: () => ({ name: 'Research' }),
  createDomain: () => ({ domain: 'tenant.example' }),
  createApiKey: () => ({ name: 'A key' }),
  createBudget: () => ({ name: 'A budget', scope: 'organization', period: 'monthly', amount_usd: 5 }),
  createAdminBudget: () => ({ name: 'A budget', scope: 'platform', period: 'monthly', amount_usd: 5 }),
  createApiToken: () => ({ name: 'A token' }),
  createProviderKey: () => ({ provider: 'openai', label: 'Ours', secret: 'sk-a-secret-of-nobody' }),
  createOrganizationPersona: () => ({ slug: 'captain', name: 'Captain' }),
  sendChatMessage: () => ({ message: 'Hello', model: 'sandbox-chat' }),
  createSystemModel: () => ({ name: 'A system template' }),
  setSystemModelLimit: () => ({ token_limit_per_user: 100 }),
  rollbackSystemModel: () => ({ revision: 1 }),
  createOrganizationModel: () => ({ name: 'A template' }),
  createMyModel: () => ({ name: 'A template' }),
  previewImpact: () => ({ proposal: { kind: 'plan', plan: 'free' } }),
  previewPlatformImpact: () => ({ proposal: { kind: 'daily_messages', model_id: 'sandbox-chat', messages: 1 } }),
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
  '/api/usage/events': async (owner) => {
    const told = await owner.request('POST', '/api/usage', { body: { model: 'gpt-4o-mini', input_tokens: 1 } });
    return told.body.data.id;
  },
  '/api/auth/sessions': async (owner) => owner.sessionId,
  '/api/organizations/users': async (_owner, world) => world.people.stranger.userId,
  '/api/conversations': async (owner) => {
    await owner.request('POST', '/api/chat', { body: { message: 'Hello', model: 'sandbox-chat' } });
    return (await owner.request('GET', '/api/conversations')).body.data[0].id;
  },
  '/api/notifications': async (owner, { database, foreign }) => {
    const { rows } = await database.query<{ id: string }>(
      `insert into weir.notifications (user_id, organization_id, type, title, body, dedupe_key)
       values ($1, $2, 'alert', 'News', '', gen_random_uuid()) returning id`,
      [owner.userId, foreign.organizationId],
    );
    return rows[0]?.id ?? '';
  },
  '/api/limit-requests': async (owner, { database, foreign }) => {
    const { rows } = await database.query<{ id: string }>(
      `insert into weir.limit_requests (id, organization_id, user_id, kind, requested, limit_then, reason)
       values (gen_random_uuid(), $1, $2, 'organization_quota', 2, 1, 'More')
       on conflict do nothing returning id`,
      [foreign.organizationId, owner.userId],
    );
    const known = `select id from weir.limit_requests where organization_id = $1`;
    return rows[0]?.id ?? (await database.query<{ id: string }>(known, [foreign.organizationId])).rows[0]?.id ?? '';
  },
  '/api/limits/overrides': async (_owner, { database, foreign }) => {
    const { rows } = await database.query<{ id: string }>(
      `insert into weir.limit_overrides (id, organization_id, kind, amount, starts_at)
       values (gen_random_uuid(), $1, 'organization_quota', 2, now()) returning id`,
      [foreign.organizationId],
    );
    return rows[0]?.id ?? '';
  },
  '/api/denials': async (owner, { database, foreign }) => {
    const { rows } = await database.query<{ id: string }>(
      `insert into weir.denial_traces (id, denied_at, organization_id, user_id, route, model, environment, code, message)
       values (gen_random_uuid(), now(), $1, $2, 'messages', 'x', 'production', 'forbidden', 'No.') returning id`,
      [foreign.organizationId, owner.userId],
    );
    return rows[0]?.id ?? '';
  },
  '/api/alerts': async (_owner, { database, foreign }) => {
    const { rows } = await database.query<{ id: string }>(
      `insert into weir.alerts (id, organization_id, rule, scope, scope_reference, value, threshold)
       values (gen_random_uuid(), $1, 'sample', 'organization', gen_random_uuid(), 2, 1) returning id`,
      [foreign.organizationId],
    );
    return rows[0]?.id ?? '';
  },
  '/api/templates': async (owner) => {
    const made = await owner.request('POST', '/api/my-models', { body: { name: 'Own' } });
    return String(made.body.data.id);
  },
  // For what B is and A is not.
  '/api/system-models': async (owner, world) => {
    const { slug, organizationId } = world.foreign;
    const body = { name: slug, slug, business_types: ['healthcare'] };
    const made = await world.people.superadmin.request('POST', '/api/system-models', { body });
    await owner.request('PUT', `/api/organizations/${organizationId}`, { body: { business_type: 'healthcare' } });
    return String(made.body.data.id);
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
  if (status !== 201 || !['string', 'number'].includes(typeof id))
    throw new Error(
      `say in route-samples.ts which body ${create.operationId} takes: ${status} ${JSON.stringify(body)}`,
    );
  return String(id);
}
