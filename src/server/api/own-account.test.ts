// Proves: what a person does with an account of theirs, over real HTTP and a real mail server: passwords, sessions, name. Not: second factors.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiPerson, createApiSession } from '../testing/api-person.ts';
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
const actsOf: SignInWorld['actsOf'] = (email) => world.actsOf(email);

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
    expect(await actsOf(email)).toContain('password.reset');
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
    expect((await change(WORLD_PASSWORD)).status).toBe(204);
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
    const headers = { origin: WORLD_ORIGIN };
    expect((await impersonator.request('GET', '/api/auth/sessions', { headers })).status).toBe(403);
    for (const [path, body] of [
      ['change-password', { current_password: WORLD_PASSWORD, new_password: 'a new password' }],
      ['two-factor/enable', { password: WORLD_PASSWORD }],
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
    const { rows } = await server.owner.query(`select $1::timestamptz > now() + interval '6 days' as "isLater"`, [
      body.data.session.expires_at,
    ]);
    expect(rows).toEqual([{ isLater: true }]);
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
