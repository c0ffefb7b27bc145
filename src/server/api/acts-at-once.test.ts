// Proves: what an act is told that another overtook between its beginning and its end: the caller's role was taken, what it names was removed. Each waits at a lock
// that the test holds, until it is seen waiting. Not: what single acts guarantee of themselves when they meet, which stands with them.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOvertaking, type Overtaking } from '../../database/testing/overtaking.ts';
import { type ApiPerson, addApiMember, createApiPerson } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let overtaking: Overtaking;
let owner: ApiPerson;
let organizationId: string;
let root: ApiPerson;
beforeAll(async () => {
  server = await startTestServer();
  overtaking = await createOvertaking(server.environment.DATABASE_MIGRATION_URL ?? '');
  owner = await createApiPerson(server);
  root = await createApiPerson(server, { platformRole: 'superadmin' });
  const made = await owner.request('POST', '/api/organizations', { body: { name: 'Race', business_type: 'retail' } });
  organizationId = made.body.data.id;
});
afterAll(async () => {
  await overtaking.close();
  await server.close();
});

it('an admin who is made a member in the midst of inviting is refused, not told of a fault of ours', async () => {
  const admin = await createApiPerson(server);
  await addApiMember(server, { organizationId, userId: admin.userId, role: 'admin' });
  const body = { invitations: [{ email: 'new@people.example', role: 'member' }] };
  const answer = await overtaking.overtake({
    lock: ['select from weir.organizations where id = $1 for update', organizationId],
    act: () => admin.request('POST', '/api/organizations/invite', { body, organization: organizationId }),
    other: [`update weir.members set role = 'member' where user_id = $1`, admin.userId],
  });
  expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
});

it('a budget on a key that is removed in the midst of it is a conflict', async () => {
  const key = await owner.request('POST', '/api/api-keys', { body: { name: 'Going' }, organization: organizationId });
  const { id } = key.body.data;
  const body = { name: 'B', scope: 'key', reference: id, period: 'daily', amount_usd: 5 };
  const answer = await overtaking.overtake({
    lock: ['select pg_advisory_xact_lock(hashtextextended($1, 0))', `weir budgets ${organizationId}`],
    act: () => owner.request('POST', '/api/budgets', { body, organization: organizationId }),
    other: ['delete from weir.virtual_keys where id = $1', id],
  });
  expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
});

it('a budget whose amount two change has the last one from then on, also when it was begun first', async () => {
  const order = { name: 'B', scope: 'organization', period: 'daily', amount_usd: 5 };
  const made = await owner.request('POST', '/api/budgets', { body: order, organization: organizationId });
  const { id } = made.body.data;
  const answer = await overtaking.overtake({
    lock: ['select pg_advisory_xact_lock(hashtextextended($1, 0))', `weir budgets ${organizationId}`],
    act: () => owner.request('PUT', `/api/budgets/${id}`, { body: { amount_usd: 9 }, organization: organizationId }),
    other: () => server.owner.query('update weir.budgets set amount_nano_usd = 7000000000 where id = $1', [id]),
  });
  expect(answer.status).toBe(200);
  const { rows } = await server.owner.query(
    'select amount_nano_usd::float8 / 1e9 as usd from weir.budget_amounts where budget_id = $1 order by since',
    [id],
  );
  expect(rows.map(({ usd }) => usd)).toEqual([5, 7, 9]);
});

it('a model that is put away in the midst of giving a right to it is not there to be given', async () => {
  const answer = await overtaking.overtake({
    lock: [`update weir.models set archived_at = now(), enabled = false where id = 'gpt-4o'`],
    act: () => root.request('POST', '/api/admin/models/gpt-4o/grant-access', { body: { email: owner.email } }),
  });
  expect([answer.status, answer.body.code]).toEqual([404, 'not_found']);
  const { rowCount } = await server.owner.query('select from weir.entitlements where user_id = $1', [owner.userId]);
  expect(rowCount).toBe(0);
});

it('a domain that two give up at once is given up once', async () => {
  const body = { domain: 'race.example', method: 'dns_txt' };
  const made = await owner.request('POST', '/api/organizations/domains', { body, organization: organizationId });
  const { id } = made.body.data;
  const answer = await overtaking.overtake({
    lock: ['delete from weir.organization_domains where id = $1', id],
    act: () => owner.request('DELETE', `/api/organizations/domains/${id}`, { organization: organizationId }),
  });
  expect(answer.status).toBe(404);
  const { rowCount } = await server.owner.query(`select from weir.audit_logs where action = 'domain.remove'`);
  expect(rowCount).toBe(0);
});
