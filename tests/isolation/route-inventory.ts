// Owns: which routes a running server has, and how they compare with what is written down. Not: asking them (route-inventory.test.ts).

import { channel } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';
import type { Endpoint } from '../../src/contracts/endpoint.ts';
import { leastRoles } from '../../src/contracts/endpoint.ts';
import type { DeclaredRoute } from '../../src/server/api/openapi-declared.ts';

/** A route as the router has it. */
export interface RouterEntry {
  readonly method: string;
  /** With parameters as the router writes them: `/api/organizations/:id`. */
  readonly url: string;
}

/** What is written down. */
export interface Lists {
  readonly endpoints: readonly Pick<Endpoint, 'operationId' | 'method' | 'path' | 'role'>[];
  readonly declared: readonly Pick<DeclaredRoute, 'operationId' | 'method' | 'path' | 'routerPath' | 'access'>[];
}

/** What the router has and no list does. */
export interface Unlisted extends RouterEntry {
  /** Whether the path is listed with other methods: then the route may only be there to refuse. */
  readonly isKnownPath: boolean;
}

/** The gateway answers everything below its base by itself, in its vendors' shape: this route only says 404. */
const CATCH_ALL = '/v1/*';

/** Runs `start` and gives, besides what it gives, every route of the Fastify servers made meanwhile, from their own hook. */
export async function recordRoutes<Started>(
  start: () => Promise<Started>,
): Promise<{ readonly started: Started; readonly routes: readonly RouterEntry[] }> {
  const routes: RouterEntry[] = [];
  const initialized = channel('fastify.initialization');
  const listen = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const each of [method].flat()) routes.push({ method: each, url });
    });
  };
  initialized.subscribe(listen);
  try {
    return { started: await start(), routes };
  } finally {
    initialized.unsubscribe(listen);
  }
}

/** A path with braces as the router writes it. */
const routerPath = (path: string): string => path.replaceAll(/\{([^}]+)\}/g, ':$1');

/** Routes that the server has and no list does. */
export function findUnlisted(routes: readonly RouterEntry[], lists: Lists): Unlisted[] {
  const listed = listedPlaces(lists);
  const paths = new Set([...listed].map((place) => place.slice(place.indexOf(' ') + 1)));
  return routes
    .filter(({ method, url }) => url !== CATCH_ALL && !listed.has(`${method} ${url}`))
    .filter(({ method, url }) => method !== 'HEAD' || !listed.has(`GET ${url}`))
    .map((route) => ({ ...route, isKnownPath: paths.has(route.url) }));
}

/** What is listed and the server does not have. */
export function findUnmounted(routes: readonly RouterEntry[], lists: Lists): string[] {
  const mounted = new Set(routes.map(({ method, url }) => `${method} ${url}`));
  return [...listedPlaces(lists)].filter((place) => !mounted.has(place));
}

/** What is listed without saying who may. */
export function findRoleless({ endpoints, declared }: Lists): string[] {
  const roles: readonly string[] = leastRoles.options;
  return [
    ...endpoints.filter(({ role }) => !roles.includes(role)).map(({ operationId }) => operationId),
    ...declared.filter(({ access }) => !access).map(({ operationId }) => operationId),
  ];
}

function listedPlaces({ endpoints, declared }: Lists): Set<string> {
  return new Set([
    ...endpoints.map(({ method, path }) => `${method} ${routerPath(path)}`),
    ...declared.map((route) => `${route.method} ${route.routerPath ?? routerPath(route.path)}`),
  ]);
}
