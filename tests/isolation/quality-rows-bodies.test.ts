// Proves: no value in any field of any body is a fault of ours, and the log of what came of it stays whole.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../src/contracts/endpoint.ts';
import { ENDPOINTS } from '../../src/contracts/endpoints.ts';
import { type ApiOrganization, createApiOrganization } from '../../src/server/testing/api-organization.ts';
import { type ApiPerson, addApiMember, createApiPerson } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';
import { pathOf } from './route-samples.ts';

let server: TestServer;
let a: ApiOrganization;
let root: ApiPerson;
let target: ApiPerson;

beforeAll(async () => {
  server = await startTestServer();
  a = await createApiOrganization(server);
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  target = await createApiPerson(server);
  await addApiMember(server, { organizationId: a.id, userId: root.userId, role: 'owner' });
  await addApiMember(server, { organizationId: a.id, userId: target.userId, role: 'member' });
});
afterAll(() => server.close());

/** Raw JSON, for some of it no value of a program makes. */
const VALUES = [
  ...['"\\ud800"', '"\\u0000"', '"\\r\\nBcc: x@y.example"', `"${'x'.repeat(20_000)}"`, '1e400', '9007199254740993'],
  ...[
    '"0000-01-01T00:00:00Z"',
    '"2027-01-01T00:00:00+23:59"',
    '"1e30"',
    '["\\ud800"]',
    '["1.2.3.4/8"]',
    '{"__proto__":1}',
  ],
];

const BASE: Readonly<Record<string, Record<string, unknown>>> = {
  createApiKey: { name: 'k', environment: 'test' },
  createApiToken: { name: 't' },
  createDepartment: { name: 'd' },
  createOrganization: { name: 'o' },
  createProviderKey: { provider: 'openai', label: 'x', secret: 'sk-a-secret-of-nobody' },
  impersonateUser: { reason: 'Ticket 4711: x' },
  banUser: { reason: 'a reason' },
  inviteMembers: { email: 'new@people.example' },
  // Answered here, whatever became of providers and their keys meanwhile.
  sendChatMessage: { model: 'sandbox-chat' },
  createUser: { name: 'n', email: 'fresh@people.example' },
};

const shapeOf = (endpoint: Endpoint): string[] => {
  const body = endpoint.body as { shape?: object; def?: { options?: { shape?: object }[]; in?: { shape?: object } } };
  return Object.keys(
    body.shape ?? body.def?.in?.shape ?? Object.assign({}, ...(body.def?.options ?? []).map((o) => o.shape ?? {})),
  );
};
const writes = ENDPOINTS.filter(({ hasBody, path }) => hasBody && !path.startsWith('/api/auth/'));

describe('any value in any field of a body', () => {
  it.each(writes.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))(
    'is taken or refused: %s',
    async (_name, endpoint) => {
      const met: unknown[] = [];
      const path = pathOf(endpoint, { organizationId: a.id, id: target.userId });
      for (const field of shapeOf(endpoint))
        for (const value of VALUES) {
          const rest = { ...BASE[endpoint.operationId] };
          delete rest[field];
          const body = JSON.stringify(rest).replace(
            /\}$/,
            `${Object.keys(rest).length > 0 ? ',' : ''}${JSON.stringify(field)}:${value}}`,
          );
          const answer = await root.request(endpoint.method, path, { body, organization: a.id });
          if (answer.status >= 500) met.push([field, value.slice(0, 40), answer.status]);
        }
      expect(shapeOf(endpoint).length).toBeGreaterThan(0);
      expect(met).toEqual([]);
    },
  );

  it('and the log of it all is whole', async () => {
    const { body } = await root.request('GET', '/api/audit-logs/verify', { organization: a.id });
    expect(body.data).toMatchObject({ valid: true, fault: null });
  });
});
