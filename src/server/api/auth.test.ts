// Proves: signing up, in and out with a password, over real HTTP and a real mail server. Not: what one does with one's account then.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiPerson } from '../testing/api-person.ts';
import type { TestServer } from '../testing/running-server.ts';
import {
  newEmail,
  type SignInWorld,
  startSignInWorld,
  tokenOf,
  WORLD_ORIGIN,
  WORLD_PASSWORD,
} from '../testing/sign-in-world.ts';

let world: SignInWorld;
let server: TestServer;
let mail: SignInWorld['mail'];
beforeAll(async () => {
  world = await startSignInWorld();
  ({ server, mail } = world);
});
afterAll(() => world.close());

const open: SignInWorld['open'] = () => world.open();
const join: SignInWorld['join'] = () => world.join();
const signIn: SignInWorld['signIn'] = (...attempt) => world.signIn(...attempt);
const signUp: SignInWorld['signUp'] = (...attempt) => world.signUp(...attempt);
const actsOf: SignInWorld['actsOf'] = (email) => world.actsOf(email);

describe('signing up', () => {
  it('lets a person in once the address is verified, and not before', async () => {
    const [email, browser] = [newEmail(), open()];
    const { status, body, headers } = await signUp(browser, email);
    expect([status, body]).toEqual([202, { data: { email, verification_required: true } }]);
    expect(headers.getSetCookie()).toEqual([]);
    const early = await signIn(browser, email);
    expect([early.status, early.body.code, early.body.reason]).toEqual([403, 'forbidden', 'email_not_verified']);
    const { links } = await mail.next(email);
    expect(links[0]).toMatch(/^http:\/\/weir\.test\/verify-email\?token=/);
    const verified = await browser.request('POST', '/api/auth/verify-email', { body: { token: tokenOf(links) } });
    expect(verified.status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    const inside = await signIn(browser, email.toUpperCase());
    expect(inside.body.data).toMatchObject({ two_factor_required: false, user: { email, email_verified: true } });
    expect((await browser.request('GET', '/api/me')).body.data.user.email).toBe(email);
    expect(await actsOf(email)).toEqual(['user.sign_up', 'user.verify_email', 'session.create']);
  });

  it('answers alike for an address that has an account, whose owner alone is told', async () => {
    const { email } = await join();
    const fresh = newEmail();
    const [known, unknown] = [await signUp(open(), email, 'another password'), await signUp(open(), fresh)];
    expect(known.status).toBe(unknown.status);
    expect(JSON.stringify(known.body).replace(email, '')).toBe(JSON.stringify(unknown.body).replace(fresh, ''));
    expect((await mail.next(email)).subject).toBe('You already have an account');
    expect((await signIn(open(), email, 'another password')).status).toBe(401);
    expect((await signIn(open(), email)).status).toBe(200);
  });

  it.each([
    'role',
    'platform_role',
    'platformRole',
    'email_verified',
    'emailVerified',
    'banned',
    'id',
    'organization_id',
    'callbackURL',
  ])('refuses a field of its own: %s', async (field) => {
    const body = { name: 'Eve', email: newEmail(), password: WORLD_PASSWORD, [field]: 'superadmin' };
    const refused = await open().request('POST', '/api/auth/sign-up/email', { body });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, field]);
  });

  it.each([
    ['a short password', { password: 'short' }, 'password'],
    ['a password longer than is hashed', { password: 'x'.repeat(129) }, 'password'],
    ['no address', { email: 'nobody' }, 'email'],
    ['an address with a header in it', { email: 'a@b.example\r\nBcc: c@d.example' }, 'email'],
    ['no name', { name: ' ' }, 'name'],
  ])('refuses %s, and names it', async (_name, rest, path) => {
    const body = { name: 'Eve', email: newEmail(), password: WORLD_PASSWORD, ...rest };
    const refused = await open().request('POST', '/api/auth/sign-up/email', { body });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, path]);
    expect(JSON.stringify(refused.body)).not.toContain('xxxx');
  });

  it('sends the mail again, and answers alike where there is nobody', async () => {
    const email = newEmail();
    await signUp(open(), email);
    await mail.next(email);
    const again = await open().request('POST', '/api/auth/send-verification-email', { body: { email } });
    const nobody = await open().request('POST', '/api/auth/send-verification-email', { body: { email: newEmail() } });
    expect([again.status, again.body]).toEqual([nobody.status, nobody.body]);
    expect((await mail.next(email)).links[0]).toContain('/verify-email?token=');
  });

  it('takes no token that was made up or is of something else', async () => {
    for (const token of ['x', 'a.b.c', 'eyJhbGciOiJub25lIn0.eyJlbWFpbCI6ImFAYi5leGFtcGxlIn0.']) {
      const refused = await open().request('POST', '/api/auth/verify-email', { body: { token } });
      expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'token']);
    }
  });
});

describe('signing in', () => {
  it('sets a cookie that scripts cannot read and other sites do not send, and gives the token nowhere else', async () => {
    const { email, browser } = await join();
    const answer = await signIn(open(), email);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^weir-session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/);
    const token = decodeURIComponent(browser.cookies.get('weir-session') ?? '').split('.')[0] ?? 'none';
    expect(JSON.stringify([answer.body, await browser.request('GET', '/api/auth/get-session')])).not.toContain(token);
    const { rows } = await server.owner.query('select ip_address from weir.sessions where token = $1', [token]);
    expect(rows).toEqual([{ ip_address: browser.address }]);
  });

  it('never takes over a session that was there before (fixation)', async () => {
    const { email } = await join();
    const attacker = await createApiPerson(server);
    const victim = open();
    victim.cookies.set('weir-session', attacker.cookie.split('=').slice(1).join('='));
    const planted = victim.cookies.get('weir-session');
    expect((await signIn(victim, email)).status).toBe(200);
    expect(victim.cookies.get('weir-session')).not.toBe(planted);
    expect((await victim.request('GET', '/api/me')).body.data.user.email).toBe(email);
    expect((await attacker.request('GET', '/api/me', { headers: { origin: WORLD_ORIGIN } })).body.data.user.id).toBe(
      attacker.userId,
    );
    const invented = open();
    invented.cookies.set('weir-session', 'chosen-by-somebody');
    await signIn(invented, email);
    expect(invented.cookies.get('weir-session')).not.toBe('chosen-by-somebody');
  });

  it('answers alike for a wrong password, an unknown address and an account without a password', async () => {
    const { email } = await join();
    const passwordless = await createApiPerson(server);
    const answers = [
      await signIn(open(), email, 'wrong password'),
      await signIn(open(), newEmail()),
      await signIn(open(), passwordless.email),
    ];
    const shapes = answers.map(({ status, body: { request_id, ...rest } }) => JSON.stringify([status, rest]));
    expect(new Set(shapes).size).toBe(1);
    expect(answers[0]?.status).toBe(401);
    const { rows } = await server.owner.query(
      `select after from weir.audit_logs where action = 'session.refuse' and after ->> 'email' = $1`,
      [email],
    );
    expect(rows[0]?.after).toEqual({ email, reason: 'invalid_email_or_password' });
  });

  it('refuses the banned, who learn of it only with their password', async () => {
    const { email, browser } = await join();
    await server.owner.query('update weir.users set banned = true where email = $1', [email]);
    expect((await signIn(open(), email, 'wrong password')).status).toBe(401);
    const refused = await signIn(open(), email);
    expect([refused.status, refused.body.reason]).toEqual([403, 'banned']);
    expect((await browser.request('GET', '/api/me')).status).toBe(401);
    await server.owner.query(`update weir.users set ban_expires = now() - interval '1 hour' where email = $1`, [email]);
    expect((await signIn(open(), email)).status).toBe(200);
  });

  it('works for the people of the demo world', async () => {
    const { email, password } = server.demo.users.proAdmin;
    expect((await signIn(open(), email, password)).body.data.user.email).toBe(email);
  });

  it('is refused from a foreign page, with and without a session', async () => {
    const { email, browser } = await join();
    for (const visitor of [open(), browser]) {
      const body = { email, password: WORLD_PASSWORD };
      const refused = await visitor.request('POST', '/api/auth/sign-in/email', {
        body,
        headers: { origin: 'https://evil.example' },
      });
      expect(refused.status).toBe(403);
    }
  });

  it('ends with signing out', async () => {
    const { email, browser } = await join();
    const cookie = browser.cookie();
    expect((await browser.request('POST', '/api/auth/sign-out')).status).toBe(204);
    expect(browser.cookies.size).toBe(0);
    const stolen = open();
    expect((await stolen.request('GET', '/api/me', { headers: { cookie } })).status).toBe(401);
    expect((await actsOf(email)).at(-1)).toBe('session.end');
  });
});

describe('guessing', () => {
  it('is refused after ten tries a minute at one account, whatever the address', async () => {
    const { email } = await join();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      statuses.push((await signIn(open(), email, 'wrong password')).status);
    expect(statuses.at(-1)).toBe(429);
    const refused = await signIn(open(), ` ${email.toUpperCase()} `, WORLD_PASSWORD);
    expect([refused.status, refused.body.code]).toEqual([429, 'rate_limited']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('is refused after ten tries a minute from one address, whatever the account and whatever it says of itself', async () => {
    const browser = open();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      statuses.push((await signUp(browser, newEmail(), 'short')).status, (await signIn(browser, newEmail())).status);
    expect(statuses.filter((status) => status === 401)).toHaveLength(10);
    for (const name of [
      'x-real-ip',
      'cf-connecting-ip',
      'x-client-ip',
      'true-client-ip',
      'forwarded',
      'x-weir-address',
    ]) {
      const refused = await browser.request('POST', '/api/auth/sign-in/email', {
        body: { email: newEmail(), password: WORLD_PASSWORD },
        headers: { [name]: '203.0.113.99' },
      });
      expect(refused.status).toBe(429);
    }
  });
});

it('offers none of the library’s paths that it does not name', async () => {
  const { browser } = await join();
  const paths = [
    'list-sessions',
    'delete-user',
    'change-email',
    'set-password',
    'link-social',
    'unlink-account',
    'ok',
    'error',
  ];
  for (const path of [
    ...paths,
    'get-access-token',
    'refresh-token',
    'account-info',
    'admin/list-users',
    'organization/create',
    'two-factor/send-otp',
    'update-session',
  ])
    for (const method of ['GET', 'POST'])
      expect([
        path,
        (await browser.request(method, `/api/auth/${path}`, method === 'POST' ? { body: {} } : {})).status,
      ]).toEqual([path, 404]);
});
