// Owns: what an endpoint is: one value from which route, OpenAPI, client and tests come. Not: its handler (route.ts) or the list of all (endpoints.ts).

import { z } from 'zod';
import type { ErrorCode } from '../primitives/errors.ts';
import type { Permission } from './permissions.ts';

/** The least role that may call, on two scales: in an organization, and on the platform. */
export const leastRoles = z.enum(['anonymous', 'user', 'member', 'admin', 'owner', 'platform_admin', 'superadmin']);
/** `anonymous`: nobody signed in; `user`: signed in, outside any organization; `member` to `owner`: in the organization of the request. */
export type LeastRole = z.infer<typeof leastRoles>;

/** Roles that are held in an organization: an endpoint with one of them always has an organization. */
export type OrganizationLeastRole = 'member' | 'admin' | 'owner';

/** Methods that endpoints use. HEAD and OPTIONS are the server's own. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Which organization a request is about: `header` names it in `x-weir-organization` (id or slug; may be absent when the person has exactly one), `path` is the
 * path's `{id}`, `none` has none.
 */
export type OrganizationSource = 'header' | 'path' | 'none';

type Schema = z.ZodType;
type NoParams = z.ZodObject<Record<never, never>, z.core.$strict>;

/** An endpoint as it is written down. Every string in its schemas has a maximum, objects are strict. */
export interface EndpointOptions<
  Role extends LeastRole,
  Params extends Schema,
  Query extends Schema,
  Body extends Schema,
  Output extends Schema,
> {
  /** Stable for ever: names the SDK's method and the OpenAPI operation, `listOrganizations`. */
  readonly operationId: string;
  readonly method: Method;
  /** With parameters in braces: `/api/organizations/{id}`. */
  readonly path: `/${string}`;
  /** One line for the documentation. */
  readonly summary: string;
  readonly description?: string;
  /** The noun's group in the documentation. */
  readonly tag: string;
  readonly role: Role;
  /** The row of the permission matrix behind the role; a test holds both to each other. */
  readonly permission?: Permission;
  /** Default: `header` for roles of an organization, `none` for others. */
  readonly organization?: OrganizationSource;
  /**
   * The platform role that may also ask without naming an organization, and then sees the platform as a whole. Only where the organization is in the header;
   * joined to its handler by `implementForBoth`. Default null: nobody.
   */
  readonly platform?: 'platform_admin' | 'superadmin' | null;
  /** `refused`: what an impersonator may not do: secrets, keys, billing, ownership. Default `allowed`. */
  readonly impersonation?: 'allowed' | 'refused';
  /** Whether a virtual key may be sent in place of a token, by applications that call the gateway with it. Default `refused`. */
  readonly virtualKeys?: 'accepted' | 'refused';
  /** Whether a write is taken in a suspended organization. Default `refused`; reading always is. */
  readonly suspended?: 'allowed' | 'refused';
  /** `auth`: guesses at passwords and codes are counted per address and account, 10 a minute. Default `general`: 6,000 a minute per session. */
  readonly rate?: 'auth' | 'general';
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Status of success. Default 200, or 204 without an output. */
  readonly status?: 200 | 201 | 202 | 204 | 302;
  readonly output?: Output;
  /** Content type of an answer that is not JSON: `text/csv`. */
  readonly produces?: string;
  /** Codes besides those every endpoint of its kind can answer with. */
  readonly errors?: readonly ErrorCode[];
}

/** An endpoint with its defaults filled in. */
export interface Endpoint<
  Role extends LeastRole = LeastRole,
  Params extends Schema = Schema,
  Query extends Schema = Schema,
  Body extends Schema = Schema,
  Output extends Schema = Schema,
> extends Required<
    Omit<EndpointOptions<Role, Params, Query, Body, Output>, 'description' | 'permission' | 'produces' | 'output'>
  > {
  readonly description: string | null;
  readonly permission: Permission | null;
  readonly produces: string | null;
  readonly output: Output;
  /** Whether a body is taken at all. */
  readonly hasBody: boolean;
}

/** Whether a request without a body is refused. An act whose fields may all be left out is taken without one: as `{}`. */
export function needsBody({ method, body }: Pick<Endpoint, 'method' | 'body'>): boolean {
  return !body.safeParse(undefined).success && !(method === 'POST' && body.safeParse({}).success);
}

const NOTHING = z.strictObject({});
const NO_BODY = z.undefined();

const isOrganizationRole = (role: LeastRole): role is OrganizationLeastRole =>
  role === 'member' || role === 'admin' || role === 'owner';

/** One endpoint. Throws when its declaration contradicts itself: that is found when the module is read, not when it is called. */
export function defineEndpoint<
  const Role extends LeastRole,
  Params extends Schema = NoParams,
  Query extends Schema = NoParams,
  Body extends Schema = z.ZodUndefined,
  Output extends Schema = z.ZodUndefined,
>(options: EndpointOptions<Role, Params, Query, Body, Output>): Endpoint<Role, Params, Query, Body, Output> {
  const { operationId, method, path, role } = options;
  const organization = options.organization ?? (isOrganizationRole(role) ? 'header' : 'none');
  const fault = contradiction({ ...options, organization });
  if (fault !== undefined) throw new Error(`${operationId} (${method} ${path}): ${fault}`);
  const isEmpty = options.output === undefined && options.produces === undefined;
  return {
    ...options,
    organization,
    description: options.description ?? null,
    permission: options.permission ?? null,
    platform: options.platform ?? null,
    impersonation: options.impersonation ?? 'allowed',
    virtualKeys: options.virtualKeys ?? 'refused',
    suspended: options.suspended ?? 'refused',
    rate: options.rate ?? 'general',
    // Without a schema nothing is taken: the defaults stand for the type parameters' own defaults.
    params: options.params ?? (NOTHING as unknown as Params),
    query: options.query ?? (NOTHING as unknown as Query),
    body: options.body ?? (NO_BODY as unknown as Body),
    hasBody: options.body !== undefined,
    status: options.status ?? (isEmpty ? 204 : 200),
    output: options.output ?? (NO_BODY as unknown as Output),
    produces: options.produces ?? null,
    errors: options.errors ?? [],
  };
}

function contradiction(
  options: Pick<
    EndpointOptions<LeastRole, Schema, Schema, Schema, Schema>,
    'method' | 'path' | 'role' | 'platform' | 'params' | 'body'
  > & {
    readonly organization: OrganizationSource;
  },
): string | undefined {
  const { method, path, role, organization, platform, params, body } = options;
  const named = [...path.matchAll(/\{([^{}/]*)\}/g)].map(([, name]) => name ?? '');
  const declared = params instanceof z.ZodObject ? Object.keys(params.shape) : [];
  if (isOrganizationRole(role) === (organization === 'none'))
    return 'its role and its organization contradict each other';
  if (organization === 'path' && !named.includes('id')) return 'the organization is in the path, which has no {id}';
  if (platform && organization !== 'header') return 'the platform asks as well, but no header names an organization';
  if (method === 'GET' && body !== undefined) return 'a GET takes no body';
  if ([...named].sort().join() !== [...declared].sort().join()) return 'the path and params name different parameters';
  return undefined;
}

/** The answer of one object: `{data: {…}}`. */
export function single<Item extends Schema>(item: Item) {
  return z.strictObject({ data: item });
}
