// Proves: the onboarding wizard over real HTTP: it is one's own, goes on where it was left, and ends once there is an organization.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ApiPerson, createApiPerson, requestApi } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

const PATH = '/api/onboarding';
const note = (person: ApiPerson, body: unknown) => person.request('PUT', PATH, { body });
const read = async (person: ApiPerson) => (await person.request('GET', PATH)).body.data;

it('begins with every step open, keeps what is noted, and leaves the rest', async () => {
  const person = await createApiPerson(server);
  const begun = await read(person);
  expect(begun).toMatchObject({ current_step: 'organization', organization_id: null, completed_at: null });
  expect(Object.keys(begun.steps)).toEqual([
    ...['organization', 'business_type', 'domain', 'team', 'provider_key', 'plan', 'budget', 'notifications'],
    ...['first_key', 'first_call'],
  ]);
  expect(new Set(Object.values(begun.steps))).toEqual(new Set(['pending']));
  const made = await person.request('POST', '/api/organizations', { body: { name: 'Wizard' } });
  const organization_id = made.body.data.id;
  await note(person, { current_step: 'team', steps: { organization: 'done' }, organization_id });
  await note(person, { steps: { domain: 'skipped' } });
  expect(await read(person)).toMatchObject({
    ...{ current_step: 'team', organization_id },
    steps: { organization: 'done', domain: 'skipped', team: 'pending' },
  });
  const ended = await person.request('POST', `${PATH}/complete`);
  expect(ended.body.data.steps).toMatchObject({ organization: 'done', team: 'skipped' });
  expect((await person.request('POST', `${PATH}/complete`)).body).toEqual(ended.body);
  expect(await read(person)).toEqual(ended.body.data);
});

it('loses none of two notes at once, and is nobody else’s', async () => {
  const [person, other] = [await createApiPerson(server), await createApiPerson(server)];
  const steps = ['organization', 'domain', 'team', 'plan', 'budget'];
  await Promise.all(steps.map((step) => note(person, { steps: { [step]: 'done' } })));
  const noted = await read(person);
  expect(steps.map((step) => noted.steps[step])).toEqual(steps.map(() => 'done'));
  expect(new Set(Object.values((await read(other)).steps))).toEqual(new Set(['pending']));
});

it('does not end before there is an organization', async () => {
  const refused = await (await createApiPerson(server)).request('POST', `${PATH}/complete`);
  expect([refused.status, refused.body.reason]).toEqual([409, 'no_organization']);
});

it('begins anew where what is stored cannot be read', async () => {
  const person = await createApiPerson(server);
  await server.owner.query(`insert into weir.profiles (user_id, onboarding_state) values ($1, '{"current_step": 7}')`, [
    person.userId,
  ]);
  expect((await read(person)).current_step).toBe('organization');
});

it.each([
  ['an unknown step', { current_step: 'coffee' }, 400, 'current_step'],
  ['an unknown step among the noted', { steps: { coffee: 'done' } }, 400, 'steps'],
  ['an unknown status', { steps: { team: 'perhaps' } }, 400, 'steps.team'],
  ['an end of one’s own', { completed_at: '2020-01-01T00:00:00Z' }, 400, 'completed_at'],
  ['an unknown organization', { organization_id: '01890000-0000-7000-8000-000000000000' }, 404, 'organization_id'],
])('refuses %s', async (_name, body, status, path) => {
  const refused = await note(await createApiPerson(server), body);
  expect([refused.status, refused.body.errors[0].path.replace(/\.coffee$/, '')]).toEqual([status, path]);
});

it('refuses another’s organization as one that is not there, and needs somebody who is signed in', async () => {
  const owner = await createApiPerson(server);
  const made = await owner.request('POST', '/api/organizations', { body: { name: 'Foreign' } });
  const refused = await note(await createApiPerson(server), { organization_id: made.body.data.id });
  expect(refused.status).toBe(404);
  for (const [method, path] of [
    ['GET', PATH],
    ['PUT', PATH],
    ['POST', `${PATH}/complete`],
  ] as const)
    expect((await requestApi(server, [method, path], method === 'PUT' ? { body: {} } : {})).status).toBe(401);
});
