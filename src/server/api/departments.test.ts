// Proves: departments over real HTTP: every member reads them, admins of that very organization change them, and nobody is lost with one.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { UNKNOWN_ID } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { expectForAdminsAlone } from '../testing/walls.ts';

let server: TestServer;
let place: ApiOrganization;
beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
});
afterAll(() => server.close());

const PATH = '/api/departments';
const make = async (body: Record<string, unknown>, who = place.admin) => {
  const made = await who.request('POST', PATH, { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data as { id: string; manager: { id: string } | null };
};

it('is made with a manager of the organization, and read by every member, by name', async () => {
  await make({ name: 'Zoology' });
  const made = await make({ name: 'Algebra', cost_centre_code: 'A-1', manager_user_id: place.member.userId });
  expect(made).toMatchObject({ cost_centre_code: 'A-1', manager: { id: place.member.userId }, member_count: 0 });
  const first = await place.member.request('GET', `${PATH}?limit=1`);
  const second = await place.member.request('GET', `${PATH}?limit=1&cursor=${first.body.next_cursor}`);
  expect([first, second].map(({ body }) => body.data[0].name)).toEqual(['Algebra', 'Zoology']);
  expect(second.body.next_cursor).toBeNull();
  expect((await place.stranger.request('GET', PATH)).body.data).toEqual([]);
});

it('is changed by what is given alone, with before and after in the audit log', async () => {
  const { id } = await make({ name: 'Before', cost_centre_code: 'B-1', manager_user_id: place.owner.userId });
  const changed = await place.admin.request('PATCH', `${PATH}/${id}`, {
    body: { name: 'After', manager_user_id: null },
  });
  expect(changed.body.data).toMatchObject({ name: 'After', cost_centre_code: 'B-1', manager: null });
  const { rows } = await server.owner.query(
    `select before, after from weir.audit_logs where action = 'department.update' and target_id = $1`,
    [id],
  );
  expect(rows).toMatchObject([{ before: { name: 'Before' }, after: { name: 'After', manager_user_id: null } }]);
});

it('leaves its members without one when it goes', async () => {
  const { id } = await make({ name: 'Closing' });
  const member = `/api/organizations/users/${place.member.userId}`;
  await place.admin.request('PUT', member, { body: { department_id: id } });
  const { body } = await place.admin.request('GET', PATH);
  expect(body.data.find((each: { id: string }) => each.id === id).member_count).toBe(1);
  expect((await place.admin.request('DELETE', `${PATH}/${id}`)).status).toBe(204);
  expect((await place.admin.request('GET', member)).body.data.department).toBeNull();
  expect((await place.admin.request('DELETE', `${PATH}/${id}`)).status).toBe(404);
  expect(await place.actions()).toContain('department.delete');
});

it('has a name of its own in the organization; two organizations may have the same', async () => {
  const { id } = await make({ name: 'Twice' });
  const other = await make({ name: 'Thrice' });
  await make({ name: 'Twice' }, place.stranger);
  for (const refused of [
    await place.admin.request('POST', PATH, { body: { name: 'Twice' } }),
    await place.admin.request('PATCH', `${PATH}/${other.id}`, { body: { name: ' Twice ' } }),
  ])
    expect([refused.status, refused.body.errors]).toEqual([409, [{ path: 'name', message: 'is taken' }]]);
  expect((await place.admin.request('PATCH', `${PATH}/${id}`, { body: {} })).status).toBe(200);
});

it.each([
  ['no name', {}, 400, 'name'],
  ['an empty name', { name: ' ' }, 400, 'name'],
  ['an endless name', { name: 'x'.repeat(201) }, 400, 'name'],
  ['another organization', { name: 'X', organization_id: UNKNOWN_ID }, 400, 'organization_id'],
  ['a manager who is nobody', { name: 'X', manager_user_id: UNKNOWN_ID }, 404, 'manager_user_id'],
  ['a manager from elsewhere', { name: 'X', manager_user_id: 'stranger' }, 404, 'manager_user_id'],
])('is refused with %s, which is named', async (_name, body, status, path) => {
  const given = 'manager_user_id' in body && body.manager_user_id === 'stranger' ? place.stranger.userId : undefined;
  const refused = await place.admin.request('POST', PATH, { body: given ? { ...body, manager_user_id: given } : body });
  expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([status, path]);
});

describe('changing', () => {
  it.each([
    ['POST', PATH, { name: 'X' }],
    ['PATCH', `${PATH}/{id}`, { name: 'X' }],
    ['DELETE', `${PATH}/{id}`, undefined],
  ])('%s %s is for admins of that very organization', async (method, path, body) => {
    const { id } = await make({ name: `Guarded ${method}` });
    await expectForAdminsAlone(server, place, { method, path, id, body });
    if (path.includes('{id}'))
      expect((await place.admin.request(method, `${PATH}/x`, { body: {} })).body.errors[0].path).toBe('id');
  });
});
