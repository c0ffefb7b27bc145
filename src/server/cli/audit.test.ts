// Proves: that `weir audit verify` finds tampering and says so by its exit code; and how the audit log reaches its readers over HTTP.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiPerson, addApiMember, createApiPerson } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { runWeir } from '../testing/server-process.ts';

let server: TestServer;
let admin: ApiPerson;
let member: ApiPerson;
let id = '';

beforeAll(async () => {
  server = await startTestServer();
  admin = await createApiPerson(server);
  member = await createApiPerson(server);
  const made = await admin.request('POST', '/api/organizations', { body: { name: '=SUM(A1)', slug: 'kept' } });
  id = made.body.data.id;
  await addApiMember(server, { organizationId: id, userId: member.userId, role: 'member' });
  await admin.request('PUT', `/api/organizations/${id}`, { body: { name: 'Kept' } });
});
afterAll(() => server.close());

const verify = (...args: string[]) => runWeir(server.directory, ['audit', 'verify', ...args], server.environment);

test('an admin reads, exports and checks the log; a member has activity alone; nobody else anything', async () => {
  const log = await admin.request('GET', '/api/audit-logs');
  expect(log.body.data.map((row: { action: string }) => row.action)).toEqual([
    'organization.update',
    'organization.create',
  ]);
  const csv = await admin.request('GET', '/api/audit-logs/export.csv?action=organization.*');
  expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="audit-log.csv"');
  expect(csv.body.split('\r\n')).toHaveLength(4);
  const checked = await admin.request('GET', '/api/audit-logs/verify');
  expect(checked.body.data).toMatchObject({ valid: true, complete: true, rows_checked: 3 });

  const stranger = await createApiPerson(server);
  for (const path of ['/api/audit-logs', '/api/audit-logs/export.csv', '/api/audit-logs/verify']) {
    expect((await member.request('GET', path)).status).toBe(403);
    expect((await stranger.request('GET', path, { organization: id })).status).toBe(404);
  }
  expect((await member.request('GET', '/api/activity')).body).toEqual({ data: [], next_cursor: null });
  expect((await admin.request('GET', '/api/admin/audit-logs')).status).toBe(403);
  const superadmin = await createApiPerson(server, { platformRole: 'superadmin' });
  const all = await superadmin.request('GET', `/api/admin/audit-logs?organization=${id}`);
  expect(all.body.data.map((row: { organization_id: string }) => row.organization_id)).toEqual([id, id, id]);
});

test('a whole log is exit code 0, with the head to keep', async () => {
  const { code, stdout } = await verify('--organization', 'kept');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${id} 3 rows head 3 [0-9a-f]{64} whole\nfaults 0\n$`));
});

test('a changed row is named, and the exit code is 1', async () => {
  await server.owner.query('alter table weir.audit_logs disable trigger user');
  await server.owner.query(`update weir.audit_logs set actor_id = null where organization_id = $1 and sequence = 2`, [
    id,
  ]);
  await server.owner.query('alter table weir.audit_logs enable trigger user');
  const { code, stdout } = await verify();
  expect(code).toBe(1);
  expect(stdout).toContain(`${id} 1 rows head 3`);
  expect(stdout).toMatch(/changed at row 2: Row 2 was changed after it was written\.\n/);
  expect(stdout).toMatch(/faults 1\n$/);
});

test('an organization that is none is refused', async () => {
  const { code, stderr } = await verify('--organization', 'nobody');
  expect(code).toBe(1);
  expect(stderr).toContain('there is no organization nobody');
});
