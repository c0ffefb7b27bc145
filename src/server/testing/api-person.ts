// Owns: people of the product API for tests: somebody with a session, who sends requests as a browser would. Not: signing in, which has tests of its own.

import { randomBytes } from 'node:crypto';
import type { MemberRole, PlatformRole } from '../../contracts/enumerations.ts';
import { sessionCookieName, signSessionToken } from '../../control/identity/index.ts';
import { loadOrCreateMasterKey } from '../../database/secrets/master-key.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { deriveAuthSecret } from '../secrets/auth-secret.ts';
import type { TestServer } from './running-server.ts';

/** An id that nothing has. */
export const UNKNOWN_ID = '01890000-0000-7000-8000-000000000000';

/** An answer, read to its end. `body` is undefined when there is none, and text when it is not JSON. */
export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  // A test reads any shape and says what it expects of it.
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  readonly body: any;
}

/** What a request may say besides method and path. A body that is a text is sent as it is. */
export interface ApiRequest {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** The organization acted in: id or slug. */
  readonly organization?: string;
}

/** Somebody with a session. */
export interface ApiPerson {
  readonly userId: string;
  readonly email: string;
  readonly sessionId: string;
  /** The `Cookie` header. */
  readonly cookie: string;
  /** Sends a request with the session and our own origin. */
  request(method: string, path: string, request?: ApiRequest): Promise<ApiAnswer>;
}

const random = createSystemRandom();
const newId = (): string => createUuidV7(systemClock.nowMs(), random);

/** Sends a request with no session and no origin, as a script would. */
export async function requestApi(
  server: Pick<TestServer, 'url'>,
  place: readonly [method: string, path: string],
  { body, headers = {}, organization }: ApiRequest = {},
): Promise<ApiAnswer> {
  const [method, path] = place;
  const response = await fetch(`${server.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(organization === undefined ? {} : { 'x-weir-organization': organization }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  // Events that are read have no end of their own: that they begin is the answer.
  const isEndless = method === 'GET' && response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  if (isEndless) await response.body?.cancel();
  const text = isEndless ? '' : await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
  };
}

/** Makes a person with a session that lasts an hour. */
export async function createApiPerson(
  server: TestServer,
  options: { readonly platformRole?: PlatformRole; readonly impersonatorId?: string } = {},
): Promise<ApiPerson> {
  const userId = newId();
  const email = `${userId}@people.example`;
  await server.owner.query(
    'insert into weir.users (id, name, email, email_verified, platform_role) values ($1, $2, $3, true, $4)',
    [userId, `Person ${userId.slice(-4)}`, email, options.platformRole ?? 'user'],
  );
  return createApiSession(server, { userId, email }, options.impersonatorId);
}

/** Another session of a person; with an impersonator, theirs. */
export async function createApiSession(
  server: TestServer,
  { userId, email }: Pick<ApiPerson, 'userId' | 'email'>,
  impersonatorId?: string,
): Promise<ApiPerson> {
  const sessionId = newId();
  const token = randomBytes(24).toString('base64url');
  await server.owner.query(
    `insert into weir.sessions (id, user_id, token, expires_at, impersonated_by, impersonation_reason)
     values ($1, $2, $3, now() + interval '1 hour', $4, $5)`,
    [sessionId, userId, token, impersonatorId ?? null, impersonatorId === undefined ? null : 'a test'],
  );
  const masterKey = await loadOrCreateMasterKey({ directory: server.directory, env: {}, random });
  const cookie = `${sessionCookieName(false)}=${signSessionToken(token, deriveAuthSecret(masterKey))}`;
  return {
    ...{ userId, email, sessionId, cookie },
    request: (method, path, request = {}) =>
      requestApi(server, [method, path], { ...request, headers: { cookie, origin: server.url, ...request.headers } }),
  };
}

/** Makes them a member of an organization. */
export async function addApiMember(
  server: TestServer,
  member: { readonly organizationId: string; readonly userId: string; readonly role: MemberRole },
): Promise<void> {
  await server.owner.query('insert into weir.members (id, organization_id, user_id, role) values ($1, $2, $3, $4)', [
    newId(),
    member.organizationId,
    member.userId,
    member.role,
  ]);
}
