// Owns: putting routes on the server: one way for every request, from its bytes to the caller, the checked input, the handler and the reply. Not: any route, or
// the decisions on the way, each in a file of its own beside this one.

import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Caller, CallerRequest } from '../../contracts/caller.ts';
import { type Endpoint, needsBody } from '../../contracts/endpoint.ts';
import type { LatencyClass } from '../../contracts/notifications/latency-classes.ts';
import { fieldErrors, invalidField, invalidFields } from '../../contracts/problem.ts';
import { EVENT_STREAM, type Route } from '../../contracts/route.ts';
import type { FindTokenVisitor, SessionService } from '../../control/identity/index.ts';
import type { Clock } from '../../primitives/clock.ts';
import { WeirError } from '../../primitives/errors.ts';
import { decideAccess } from './access.rules.ts';
import type { IdempotentWrites } from './idempotent-writes.ts';
import { checkAddress, readJsonBody } from './json-body.ts';
import { latencyClassOf } from './latency-class.rules.ts';
import { createLeaving } from './leaving.ts';
import { BODY_BYTES_MAX, EVENT_ID_LENGTH_MAX, IDEMPOTENCY_KEY_LENGTH_MAX, USER_AGENT_LENGTH_MAX } from './limits.ts';
import { checkOrigin } from './origin-rules.ts';
import { addressKey, type RateLimits } from './rate-limits.ts';
import { type Answer, renderAnswer, sendAnswer, sendError } from './send-answer.ts';

/** What mounting needs. */
export interface MountOptions {
  readonly routes: readonly Route[];
  readonly sessions: SessionService;
  /** From an `Authorization` header to who sent it. Rejects with 401 when it is no token that works. */
  readonly findTokenVisitor: FindTokenVisitor;
  readonly rateLimits: RateLimits;
  readonly idempotentWrites: IdempotentWrites;
  /** Origins whose pages may write; asked for each time, because a port may be known only after listening. */
  readonly trustedOrigins: () => ReadonlySet<string>;
  readonly createId: () => string;
  /** Whether answers are held to their schemas: in development and tests. */
  readonly checksAnswers: boolean;
  readonly clock: Clock;
  /** Told how long a request took whose caller and input were right: from its body to its answer, before that is sent. Not of streams and files. */
  readonly onTimed: (latencyClass: LatencyClass, milliseconds: number) => void;
  /** Told of faults of our own, for the log. */
  readonly onFault: (error: unknown) => void;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** Mounts every route, and 405 where a path is known but not the method. Give it a scope of its own: its parser and hooks are not the gateway's. */
export function mountRoutes(scope: FastifyInstance, options: MountOptions): void {
  const ids = new WeakMap<FastifyRequest, string>();
  const idOf = (request: FastifyRequest): string => {
    const id = ids.get(request) ?? options.createId();
    ids.set(request, id);
    return id;
  };
  const leaving = createLeaving();
  scope.addHook('preClose', async () => leaving.closing());
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX },
    async (_request: FastifyRequest, bytes: Buffer) => readJsonBody(bytes),
  );
  scope.setErrorHandler((error: unknown, request, reply) => {
    sendError({ reply, error, requestId: idOf(request), onFault: options.onFault });
  });
  for (const route of options.routes) {
    const { method, path } = route.endpoint;
    scope.route({
      method: method === 'GET' ? ['GET', 'HEAD'] : method,
      url: fastifyPath(path),
      bodyLimit: BODY_BYTES_MAX,
      handler: async (request, reply) => {
        const signal = leaving.signalOf(reply.raw, isEndless(route));
        await answerRequest({ route, request, reply, requestId: idOf(request), signal }, options);
        return reply;
      },
    });
  }
  mountRefusals(scope, options.routes, idOf);
}

const fastifyPath = (path: string): string => path.replaceAll(/\{([^}]+)\}/g, ':$1');

function mountRefusals(
  scope: FastifyInstance,
  routes: readonly Route[],
  idOf: (request: FastifyRequest) => string,
): void {
  const known = new Map<string, Set<string>>();
  for (const { endpoint } of routes) {
    const methods = known.get(endpoint.path) ?? new Set();
    for (const method of endpoint.method === 'GET' ? ['GET', 'HEAD'] : [endpoint.method]) methods.add(method);
    known.set(endpoint.path, methods);
  }
  for (const [path, methods] of known) {
    const allow = [...methods].join(', ');
    const refused = METHODS.filter((method) => !methods.has(method));
    if (refused.length === 0) continue;
    scope.route({
      method: refused,
      url: fastifyPath(path),
      // Refused before any body is read.
      onRequest: async (request, reply) => {
        sendError({ reply, error: methodNotAllowed(allow), requestId: idOf(request), onFault: () => {} });
      },
      handler: async () => undefined,
    });
  }
}

/** A stream that is read goes on for as long as its reader stays; one that answers an act has an end of its own. */
const isEndless = ({ endpoint: { method, produces } }: Route): boolean => method === 'GET' && produces === EVENT_STREAM;

interface Exchange {
  readonly route: Route;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly requestId: string;
  readonly signal: AbortSignal;
}

/** Caller, limits, input, once-only, handler, reply. */
async function answerRequest(exchange: Exchange, options: MountOptions): Promise<void> {
  const { route, request, reply, requestId, signal } = exchange;
  const { endpoint } = route;
  const { onFault, clock } = options;
  const startMs = clock.monotonicMs();
  const source = sourceOf(request, requestId);
  checkAddress(request.url);
  const caller = await findCaller(exchange, source, options);
  const input = {
    caller,
    request: source,
    cookie: request.headers.cookie,
    params: parse(endpoint.params, request.params),
    query: parse(endpoint.query, request.query),
    body: bodyOf(endpoint, request.body),
    idempotencyKey: idempotencyKeyOf(request),
    ifMatch: headerOf(request, 'if-match') ?? null,
    lastEventId: headerOf(request, 'last-event-id')?.slice(0, EVENT_ID_LENGTH_MAX) ?? null,
    signal,
  };
  if (endpoint.rate === 'auth')
    await options.rateLimits.takeAttempt(addressKey(source.ip ?? ''), accountOf(input.body) ?? caller?.userId ?? null);
  const tellTime = (answer: Answer | null): void => {
    const latencyClass = latencyClassOf(endpoint, input.body);
    const isWhole = answer === null || typeof answer.body === 'string';
    if (latencyClass !== null && isWhole) options.onTimed(latencyClass, clock.monotonicMs() - startMs);
  };
  const answer = await answerOnce(exchange, input, options).catch((error: unknown) => {
    tellTime(null);
    throw error;
  });
  tellTime(answer);
  await sendAnswer(reply, answer, { requestId, onFault });
}

/** The handler's answer; to a repeated write the one it was given. */
async function answerOnce(
  { route, request, requestId }: Exchange,
  input: Parameters<Route['handle']>[0],
  options: MountOptions,
): Promise<Answer> {
  const { endpoint } = route;
  const { caller, idempotencyKey } = input;
  const run = async (): Promise<Answer> =>
    renderAnswer({ endpoint, answer: await route.handle(input), isChecked: options.checksAnswers });
  // What a stream of events does once, its handler does.
  const isKept = endpoint.method !== 'GET' && endpoint.produces !== EVENT_STREAM;
  if (idempotencyKey === null || caller === null || !isKept) return run();
  // Cookies go with the first answer alone: they are not kept.
  let cookies: readonly string[] = [];
  const { answer, isRepeated } = await options.idempotentWrites.once(
    {
      scope: scopeOf(caller),
      key: idempotencyKey,
      content: JSON.stringify([endpoint.method, request.url, request.body ?? null]),
      requestId,
    },
    async () => {
      const { status, headers, body, ...more } = await run();
      cookies = more.cookies;
      return { status, headers, body: typeof body === 'string' ? body : '' };
    },
  );
  const headers = isRepeated ? { ...answer.headers, 'idempotent-replayed': 'true' } : answer.headers;
  return { ...answer, headers, cookies };
}

async function findCaller(exchange: Exchange, source: CallerRequest, options: MountOptions): Promise<Caller | null> {
  const { route, request } = exchange;
  const { endpoint } = route;
  const { cookie, authorization } = request.headers;
  if (authorization !== undefined) return findTokenCaller(exchange, source, options);
  checkOrigin(
    {
      method: request.method,
      origin: request.headers.origin,
      secFetchSite: headerOf(request, 'sec-fetch-site'),
      hasCookie: options.sessions.hasCookie(cookie),
    },
    options.trustedOrigins(),
  );
  const visitor = await options.sessions.findVisitor({ cookie, organization: organizationOf(endpoint, request) });
  await options.rateLimits.takeRequest(visitor?.sessionId ?? `address:${addressKey(source.ip ?? '')}`);
  return decideAccess(endpoint, visitor, source);
}

/** With `Authorization` there is no session and no cookie is looked at; no foreign page can send it, so where the request comes from need not be proven. */
async function findTokenCaller(
  { route: { endpoint }, request }: Exchange,
  source: CallerRequest,
  { findTokenVisitor, rateLimits }: MountOptions,
): Promise<Caller | null> {
  const address = `address:${addressKey(source.ip ?? '')}`;
  const asked = {
    organization: organizationOf(endpoint, request),
    acceptsVirtualKeys: endpoint.virtualKeys === 'accepted',
    ip: source.ip,
  };
  const visitor = await findTokenVisitor(request.headers.authorization ?? '', asked).catch(async (error: unknown) => {
    // Who tries tokens is counted, too.
    await rateLimits.takeRequest(address);
    throw error;
  });
  await rateLimits.takeRequest(`token:${visitor.apiToken?.id}`);
  return decideAccess(endpoint, visitor, source);
}

function organizationOf(endpoint: Endpoint, request: FastifyRequest): string | null | undefined {
  if (endpoint.organization === 'none') return undefined;
  if (endpoint.organization === 'path') return (request.params as { id?: string }).id ?? '';
  return headerOf(request, 'x-weir-organization') ?? null;
}

function sourceOf(request: FastifyRequest, id: string): CallerRequest {
  return {
    id,
    // A proxy may pass on what is no address; all of those count as one.
    ip: isIP(request.ip) === 0 ? null : request.ip,
    userAgent: headerOf(request, 'user-agent')?.slice(0, USER_AGENT_LENGTH_MAX) ?? null,
  };
}

/** Whose account a guess is at: the address as it is stored, so that spelling does not walk around the limit. */
function accountOf(body: unknown): string | null {
  const email = (body as { email?: unknown } | null | undefined)?.email;
  return typeof email === 'string' ? email.trim().toLowerCase() : null;
}

/** Whose keys they are. A token's are its own: a kept answer may hold a secret that its person was shown and the token may not see. */
function scopeOf({ userId, organizationId, impersonatorId, apiToken }: Caller): string {
  const scope = `${userId}:${organizationId ?? ''}:${impersonatorId ?? ''}`;
  return apiToken === undefined ? scope : `${scope}:${apiToken.id}`;
}

function idempotencyKeyOf(request: FastifyRequest): string | null {
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const key = headerOf(request, 'idempotency-key');
  if (key === undefined) return null;
  if (key.length > IDEMPOTENCY_KEY_LENGTH_MAX || !/^[\x20-\x7e]+$/.test(key))
    throw invalidField('idempotency-key', `needs 1 to ${IDEMPOTENCY_KEY_LENGTH_MAX} printable characters`);
  return key;
}

/** A header that was sent; Node joins repeated ones. */
function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

function parse(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw invalidFields(fieldErrors(result.error));
}

/** What many clients send for no body. */
const NOTHING = z.strictObject({});

function bodyOf(endpoint: Endpoint, value: unknown): unknown {
  if (!endpoint.hasBody) return value === undefined ? undefined : void parse(NOTHING, value);
  const isLeftOut = value === undefined && !endpoint.body.safeParse(undefined).success && !needsBody(endpoint);
  return parse(endpoint.body, isLeftOut ? {} : value);
}

function methodNotAllowed(allow: string): Error {
  return new WeirError('method_not_allowed', { headers: { allow } });
}
