// Proves: signing up, in and out with passwords, mails and sessions, over real HTTP and a real mail server. Not: second factors and other providers.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMailServer, type TestMailServer } from '../../mail/testing/mail-server.ts';
import { type ApiBrowser, createApiBrowser } from '../testing/api-browser.ts';
import { createApiPerson, createApiSession } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let mail: TestMailServer;
let server: TestServer;
beforeAll(async () => {
  mail = await startMailServer();
  server = await startTestServer({
    ...{ WEIR_SMTP_URL: mail.url, WEIR_MAIL_FROM: 'Weir <weir@example.test>' },
    ...{
      WEIR_TRUST_PROXY: 'loopback',
      WEIR_PUBLIC_URL: 'http://weir.test',
      WEIR_TRUSTED_ORIGINS: 'http://localhost:1',
    },
  });
});
afterAll(async () => {
  await server.close();
  await mail.close();
});

const PASSWORD = 'correct horse battery';
const newEmail = (): string => `${randomUUID()}@people.example`;
const open = (): ApiBrowser => {
  const browser = createApiBrowser(server);
  return {
    ...browser,
    request: (method, path, request = {}) =>
      browser.request(method, path, { ...request, headers: { origin: 'http://weir.test', ...request.headers } }),
  };
};
const tokenOf = (links: readonly string[]): string => new URL(links[0] ?? '').searchParams.get('token') ?? '';

const signUp = (browser: ApiBrowser, email: string, password = PASSWORD) =>
  browser.request('POST', '/api/auth/sign-up/email', { body: { name: 'Ada', email, password } });
const signIn = (browser: ApiBrowser, email: string, password = PASSWORD) =>
  browser.request('POST', '/api/auth/sign-in/email', { body: { email, password } });

/** Signed up and verified, and signed in in a browser. */
async function join(): Promise<{ email: string; browser: ApiBrowser }> {
  const [email, browser] = [newEmail(), open()];
  expect((await signUp(browser, email)).status).toBe(202);
  const { links } = await mail.next(email);
  expect((await browser.request('POST', '/api/auth/verify-email', { body: { token: tokenOf(links) } })).status).toBe(
    204,
  );
  expect((await signIn(browser, email)).status).toBe(200);
  return { email, browser };
}

const actsOf = async (request: { email: string }): Promise<string[]> => {
  const { rows } = await server.owner.query<{ action: string }>(
    `select a.action from weir.audit_logs a join weir.users u on u.id = a.actor_id where u.email = $1 order by a.sequence`,
    [request.email],
  );
  return rows.map(({ action }) => action);
};

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
    expect(await actsOf({ email })).toEqual(['user.sign_up', 'user.verify_email', 'session.create']);
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
    const body = { name: 'Eve', email: newEmail(), password: PASSWORD, [field]: 'superadmin' };
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
    const body = { name: 'Eve', email: newEmail(), password: PASSWORD, ...rest };
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
    expect(
      (await attacker.request('GET', '/api/me', { headers: { origin: 'http://weir.test' } })).body.data.user.id,
    ).toBe(attacker.userId);
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
      const body = { email, password: PASSWORD };
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
    expect((await actsOf({ email })).at(-1)).toBe('session.end');
  });
});

describe('guessing', () => {
  it('is refused after ten tries a minute at one account, whatever the address', async () => {
    const { email } = await join();
    const statuses: number[] = [];
    for (let attempt = 0; attempt < 11; attempt += 1)
      statuses.push((await signIn(open(), email, 'wrong password')).status);
    expect(statuses.at(-1)).toBe(429);
    const refused = await signIn(open(), ` ${email.toUpperCase()} `, PASSWORD);
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
        body: { email: newEmail(), password: PASSWORD },
        headers: { [name]: '203.0.113.99' },
      });
      expect(refused.status).toBe(429);
    }
  });
});

describe('a forgotten password', () => {
  it('is set anew with the link of the mail, once, and every session ends', async () => {
    const { email, browser } = await join();
    expect((await open().request('POST', '/api/auth/request-password-reset', { body: { email } })).status).toBe(204);
    const { links } = await mail.next(email);
    expect(links[0]).toMatch(/^http:\/\/weir\.test\/reset-password\?token=/);
    const { rows } = await server.owner.query('select identifier from weir.verifications where identifier like $1', [
      `%${tokenOf(links)}%`,
    ]);
    expect(rows).toEqual([]);
    const body = { token: tokenOf(links), new_password: 'a new password' };
    expect((await open().request('POST', '/api/auth/reset-password', { body })).status).toBe(204);
    expect((await browser.request('GET', '/api/me')).status).toBe(401);
    expect((await signIn(open(), email)).status).toBe(401);
    expect((await signIn(open(), email, 'a new password')).status).toBe(200);
    const again = await open().request('POST', '/api/auth/reset-password', { body });
    expect([again.status, again.body.errors[0].path]).toEqual([400, 'token']);
    expect(await actsOf({ email })).toContain('password.reset');
  });

  it('is asked for alike by whom nobody knows', async () => {
    const { email } = await join();
    const ask = (address: string) =>
      open().request('POST', '/api/auth/request-password-reset', { body: { email: address } });
    const [known, unknown] = [await ask(email), await ask(newEmail())];
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
  });
});

describe('a changed password', () => {
  it('needs the old one, and ends every other session', async () => {
    const { email, browser } = await join();
    const other = open();
    await signIn(other, email);
    const before = browser.cookie();
    const change = (current: string) =>
      browser.request('POST', '/api/auth/change-password', {
        body: { current_password: current, new_password: 'a changed password' },
      });
    const refused = await change('not the password');
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'current_password']);
    expect((await change(PASSWORD)).status).toBe(204);
    expect(browser.cookie()).not.toBe(before);
    expect((await browser.request('GET', '/api/me')).status).toBe(200);
    expect((await other.request('GET', '/api/me')).status).toBe(401);
    expect((await signIn(open(), email, 'a changed password')).status).toBe(200);
  });
});

describe('sessions', () => {
  it('are listed without tokens and ended by id, one’s own alone', async () => {
    const { email, browser } = await join();
    const phone = open();
    await signIn(phone, email);
    const { body } = await browser.request('GET', '/api/auth/sessions');
    expect(body.data.map(({ is_current }: { is_current: boolean }) => is_current).sort()).toEqual([false, true]);
    expect(JSON.stringify(body)).not.toContain('token');
    const phoneId = body.data.find(({ is_current }: { is_current: boolean }) => !is_current).id;
    const stranger = (await join()).browser;
    const foreign = await stranger.request('DELETE', `/api/auth/sessions/${phoneId}`);
    const unknown = await stranger.request('DELETE', `/api/auth/sessions/${randomUUID()}`);
    expect([foreign.status, foreign.body.detail]).toEqual([unknown.status, unknown.body.detail]);
    expect(foreign.status).toBe(404);
    expect((await browser.request('DELETE', `/api/auth/sessions/${phoneId}`)).status).toBe(204);
    expect((await phone.request('GET', '/api/me')).status).toBe(401);
    await signIn(phone, email);
    expect((await browser.request('POST', '/api/auth/sessions/revoke-others')).status).toBe(204);
    expect((await phone.request('GET', '/api/me')).status).toBe(401);
    expect((await browser.request('GET', '/api/me')).status).toBe(200);
  });

  it('are nothing to who acts as their person, nor is the password', async () => {
    const person = await createApiPerson(server);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, person, platform.userId);
    const headers = { origin: 'http://weir.test' };
    expect((await impersonator.request('GET', '/api/auth/sessions', { headers })).status).toBe(403);
    for (const [path, body] of [
      ['change-password', { current_password: PASSWORD, new_password: 'a new password' }],
      ['two-factor/enable', { password: PASSWORD }],
      ['update-user', { name: 'Not me' }],
      ['sessions/revoke-others', undefined],
    ] as const)
      expect([path, (await impersonator.request('POST', `/api/auth/${path}`, { headers, body })).status]).toEqual([
        path,
        403,
      ]);
  });

  it('are prolonged while they are used', async () => {
    const { browser } = await join();
    await server.owner.query(`update weir.sessions set expires_at = now() + interval '2 days'`);
    const { body } = await browser.request('GET', '/api/auth/get-session');
    expect(Date.parse(body.data.session.expires_at) - Date.parse(new Date().toISOString())).toBeGreaterThan(
      6 * 86_400_000,
    );
    expect((await open().request('GET', '/api/auth/get-session')).body).toEqual({ data: null });
  });
});

describe('a person’s own fields', () => {
  it('are name and picture, and no others', async () => {
    const { browser } = await join();
    const change = (body: unknown) => browser.request('POST', '/api/auth/update-user', { body });
    expect((await change({ name: 'Ada L.' })).status).toBe(204);
    expect((await browser.request('GET', '/api/me')).body.data.user.name).toBe('Ada L.');
    for (const field of [
      'role',
      'platform_role',
      'platformRole',
      'emailVerified',
      'email',
      'banned',
      'twoFactorEnabled',
    ]) {
      const refused = await change({ name: 'Ada', [field]: 'superadmin' });
      expect([refused.status, refused.body.errors[0].path]).toEqual([400, field]);
    }
    expect((await change({ image: 'javascript:alert(1)' })).status).toBe(400);
    const { rows } = await server.owner.query(
      `select count(*)::integer as count from weir.users where platform_role <> 'user' and name = 'Ada'`,
    );
    expect(rows).toEqual([{ count: 0 }]);
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
