// Proves: what signing in and up guarantee to those who do it at the same moment as something else: an old password opens nothing once there is a new one, of two
// sign-ups with one address the second learns nothing that the first would not, and nobody comes to have two second factors or one they do not know. Not: signing in as such (auth.test.ts, own-account.test.ts).

import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOvertaking, type Overtaking } from '../../database/testing/overtaking.ts';
import { newEmail, type SignInWorld, startSignInWorld, WORLD_PASSWORD } from '../testing/sign-in-world.ts';

let world: SignInWorld;
let overtaking: Overtaking;
beforeAll(async () => {
  // No more connections than two who wait for each other have.
  world = await startSignInWorld({ WEIR_DATABASE_POOL_SIZE: '2' });
  overtaking = await createOvertaking(world.server.environment.DATABASE_MIGRATION_URL ?? '');
});
afterAll(async () => {
  await overtaking.close();
  await world.close();
});

const sessionsOf = async (email: string): Promise<number> => {
  const { rowCount } = await world.server.owner.query(
    'select from weir.sessions s join weir.users u on u.id = s.user_id where u.email = $1',
    [email],
  );
  return rowCount ?? 0;
};

it('a sign-in that was under way with a password when it was changed is refused, and leaves no session', async () => {
  const { email } = await world.join();
  const browser = world.open();
  const answer = await overtaking.overtake({
    lock: ['select from weir.users where email = $1 for update', email],
    act: () => world.signIn(browser, email),
    other: [
      `update weir.accounts set password = 'another' where user_id = (select id from weir.users where email = $1)`,
      email,
    ],
  });
  expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
  expect((await browser.request('GET', '/api/me')).status).toBe(401);
  expect(await sessionsOf(email)).toBe(0);
});

it('a sign-in that was under way when its person was banned leaves no session for when the ban is over', async () => {
  const { email } = await world.join();
  await world.server.owner.query('delete from weir.sessions');
  const answer = await overtaking.overtake({
    lock: ['select from weir.users where email = $1 for update', email],
    act: () => world.signIn(world.open(), email),
    other: ['update weir.users set banned = true where email = $1', email],
  });
  expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  expect(await sessionsOf(email)).toBe(0);
});

it('a new password ends every session of its person, whoever sets it', async () => {
  const [{ email }, other] = [await world.join(), await world.join()];
  await world.server.owner.query(
    `update weir.accounts set password = 'another' where user_id = (select id from weir.users where email = $1)`,
    [email],
  );
  expect([await sessionsOf(email), await sessionsOf(other.email)]).toEqual([0, 1]);
});

it('of two sign-ups with one address at once the second is answered as the first', async () => {
  const email = newEmail();
  const first = await world.signUp(world.open(), newEmail());
  const second = await overtaking.overtake({
    lock: [`insert into weir.users (id, name, email) values (gen_random_uuid(), 'Ada', $1)`, email],
    act: () => world.signUp(world.open(), email),
  });
  expect([second.status, second.body.data]).toEqual([first.status, { ...first.body.data, email }]);
});

const factorsOf = async (email: string): Promise<unknown[]> => {
  const { rows } = await world.server.owner.query(
    'select f.secret, f.verified from weir.two_factors f join weir.users u on u.id = f.user_id where u.email = $1',
    [email],
  );
  return rows;
};

it('a second factor that is begun twice at once is one', async () => {
  const { email, browser } = await world.join();
  const answer = await overtaking.overtake({
    lock: [
      `insert into weir.two_factors (id, user_id, secret, backup_codes, verified)
       select gen_random_uuid(), id, 'the first', '[]', false from weir.users where email = $1`,
      email,
    ],
    act: () => browser.request('POST', '/api/auth/two-factor/enable', { body: { password: WORLD_PASSWORD } }),
  });
  expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
  expect(await factorsOf(email)).toEqual([{ secret: 'the first', verified: false }]);
});

it('a second factor that comes into force while it is begun anew stays the one that its person knows', async () => {
  const { email, browser } = await world.join();
  const begin = () => browser.request('POST', '/api/auth/two-factor/enable', { body: { password: WORLD_PASSWORD } });
  expect((await begin()).status).toBe(200);
  const [known] = (await factorsOf(email)) as { secret: string }[];
  const answer = await overtaking.overtake({
    lock: [
      `update weir.two_factors set verified = true where user_id = (select id from weir.users where email = $1)`,
      email,
    ],
    act: begin,
  });
  expect([answer.status, answer.body.code]).toEqual([409, 'conflict']);
  expect(await factorsOf(email)).toEqual([{ secret: known?.secret, verified: true }]);
});

it('two who change their passwords at once need no more connections than the two they have', async () => {
  const people = [await world.join(), await world.join()];
  const body = { current_password: WORLD_PASSWORD, new_password: 'a new password' };
  const answers = await overtaking.overtake({
    lock: [
      `select from weir.accounts where user_id in (select id from weir.users where email = any ($1)) for update`,
      people.map(({ email }) => email),
    ],
    act: () => Promise.all(people.map(({ browser }) => browser.request('POST', '/api/auth/change-password', { body }))),
    waiting: people.length,
  });
  expect(answers.map(({ status }) => status)).toEqual([204, 204]);
});
