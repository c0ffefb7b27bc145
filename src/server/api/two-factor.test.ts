// Proves: a second factor from its beginning to its end, and that half a sign-in is none.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiBrowser, createApiBrowser, totpCode } from '../testing/api-browser.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
beforeAll(async () => {
  // Without a mail server: mail is kept in the database, and addresses need no verifying.
  server = await startTestServer({ WEIR_TRUST_PROXY: 'loopback' });
});
afterAll(() => server.close());

const PASSWORD = 'correct horse battery';
const STEP_MS = 30_000;
let people = 0;

const signIn = (browser: ApiBrowser, email: string) =>
  browser.request('POST', '/api/auth/sign-in/email', { body: { email, password: PASSWORD } });
const verify = (browser: ApiBrowser, code: string, method = 'verify-totp') =>
  browser.request('POST', `/api/auth/two-factor/${method}`, { body: { code } });
const isInside = async (browser: ApiBrowser): Promise<boolean> =>
  (await browser.request('GET', '/api/me')).status === 200;

/** Signed up and in; without verification, for there is no mail server. */
async function join(): Promise<{ email: string; browser: ApiBrowser }> {
  people += 1;
  const [email, browser] = [`person${people}@people.example`, createApiBrowser(server)];
  const made = await browser.request('POST', '/api/auth/sign-up/email', {
    body: { name: 'Ada', email, password: PASSWORD },
  });
  expect(made.body.data.verification_required).toBe(false);
  expect((await signIn(browser, email)).status).toBe(200);
  return { email, browser };
}

/** With a factor in force. */
async function protect() {
  const { email, browser } = await join();
  const begun = await browser.request('POST', '/api/auth/two-factor/enable', { body: { password: PASSWORD } });
  expect(begun.status).toBe(200);
  const { totp_uri: uri, recovery_codes: codes } = begun.body.data as { totp_uri: string; recovery_codes: string[] };
  const before = browser.cookie();
  expect((await verify(browser, totpCode(uri, systemClock.nowMs()))).status).toBe(200);
  // A code is used once; the tests go on within its half minute.
  await server.owner.query(`delete from weir.rate_limit_windows where key like 'totp:%'`);
  return { email, browser, uri, codes, before };
}

describe('putting a second factor in force', () => {
  it('needs the password, then a first code, and changes the session; the person is told', async () => {
    const { email, browser, uri, codes, before } = await protect();
    expect(new URL(uri).searchParams.get('issuer')).toBe('Weir');
    expect(codes.length).toBeGreaterThanOrEqual(8);
    expect(browser.cookie()).not.toBe(before);
    const old = createApiBrowser(server);
    expect((await old.request('GET', '/api/me', { headers: { cookie: before } })).status).toBe(401);
    expect((await browser.request('GET', '/api/me')).body.data.user.two_factor_enabled).toBe(true);
    const { rows } = await server.owner.query('select kind from weir.mail_outbox where to_address = $1', [email]);
    expect(rows).toContainEqual({ kind: 'two_factor_changed' });
    const { rows: kept } = await server.owner.query(
      `select t.secret, t.backup_codes from weir.two_factors t join weir.users u on u.id = t.user_id where u.email = $1`,
      [email],
    );
    const secret = new URL(uri).searchParams.get('secret') ?? 'none';
    expect(JSON.stringify(kept)).not.toContain(secret);
    for (const code of codes) expect(JSON.stringify(kept)).not.toContain(code);
  });

  it('is not done by a wrong password or a wrong code', async () => {
    const { email, browser } = await join();
    const refused = await browser.request('POST', '/api/auth/two-factor/enable', {
      body: { password: 'not the password' },
    });
    expect([refused.status, refused.body.errors[0].path]).toEqual([400, 'password']);
    await browser.request('POST', '/api/auth/two-factor/enable', { body: { password: PASSWORD } });
    expect((await verify(browser, '000000')).status).toBe(401);
    expect((await signIn(createApiBrowser(server), email)).body.data.two_factor_required).toBe(false);
  });
});

describe('signing in with a second factor', () => {
  it('is not done with the password alone: half a sign-in opens nothing', async () => {
    const { email } = await protect();
    const half = createApiBrowser(server);
    const { status, body, headers } = await signIn(half, email);
    expect([status, body]).toEqual([200, { data: { two_factor_required: true, user: null } }]);
    expect(headers.getSetCookie().some((cookie) => /^weir-session=[^;]/.test(cookie))).toBe(false);
    expect(await isInside(half)).toBe(false);
    for (const path of ['/api/organizations', '/api/auth/sessions', '/api/permissions'])
      expect((await half.request('GET', path)).status).toBe(401);
    const turnOff = await half.request('POST', '/api/auth/two-factor/disable', { body: { password: PASSWORD } });
    expect(turnOff.status).toBe(401);
    expect((await half.request('GET', '/api/auth/get-session')).body.data).toBeNull();
    const { rows } = await server.owner.query(
      `select count(*)::integer as count from weir.sessions s join weir.users u on u.id = s.user_id where u.email = $1`,
      [email],
    );
    expect(rows).toEqual([{ count: 1 }]);
  });

  it('is done with the code, in the browser that gave the password', async () => {
    const { email, uri } = await protect();
    const half = createApiBrowser(server);
    await signIn(half, email);
    const code = totpCode(uri, systemClock.nowMs());
    expect((await verify(createApiBrowser(server), code)).status).toBe(401);
    const { status, body } = await verify(half, code);
    expect([status, body.data.email, body.data.two_factor_enabled]).toEqual([200, email, true]);
    expect(JSON.stringify(body)).not.toContain('token');
    expect(await isInside(half)).toBe(true);
  });

  it('ends after five wrong codes, also for the right one', async () => {
    const { email, uri } = await protect();
    const half = createApiBrowser(server);
    await signIn(half, email);
    const right = totpCode(uri, systemClock.nowMs());
    const wrong = right === '111111' ? '222222' : '111111';
    for (let attempt = 0; attempt < 5; attempt += 1) expect((await verify(half, wrong)).status).toBe(401);
    const late = await verify(half, right);
    expect([late.status, late.body.reason]).toEqual([401, 'too_many_attempts_request_new_code']);
    expect(await isInside(half)).toBe(false);
  });

  it('takes no code of ten minutes ago', async () => {
    const { email, uri } = await protect();
    const half = createApiBrowser(server);
    await signIn(half, email);
    expect((await verify(half, totpCode(uri, systemClock.nowMs() - 20 * STEP_MS))).status).toBe(401);
  });

  it('is done with a recovery code, once', async () => {
    const { email, codes } = await protect();
    const [code = ''] = codes;
    const first = createApiBrowser(server);
    await signIn(first, email);
    expect((await verify(first, code, 'verify-recovery-code')).status).toBe(200);
    expect(await isInside(first)).toBe(true);
    const second = createApiBrowser(server);
    await signIn(second, email);
    expect((await verify(second, code, 'verify-recovery-code')).status).toBe(401);
    expect(await isInside(second)).toBe(false);
  });
});

describe('a second factor in force', () => {
  it('has its recovery codes renewed, and is switched off, with the password alone of its person', async () => {
    const { email, browser, codes } = await protect();
    const renewed = await browser.request('POST', '/api/auth/two-factor/recovery-codes', {
      body: { password: PASSWORD },
    });
    expect(renewed.body.data.recovery_codes).not.toEqual(codes);
    const half = createApiBrowser(server);
    await signIn(half, email);
    expect((await verify(half, codes[0] ?? '', 'verify-recovery-code')).status).toBe(401);
    const again = await browser.request('POST', '/api/auth/two-factor/enable', { body: { password: PASSWORD } });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
    expect(
      (await browser.request('POST', '/api/auth/two-factor/disable', { body: { password: 'wrong' } })).status,
    ).toBe(400);
    expect(
      (await browser.request('POST', '/api/auth/two-factor/disable', { body: { password: PASSWORD } })).status,
    ).toBe(204);
    expect((await signIn(createApiBrowser(server), email)).body.data.two_factor_required).toBe(false);
    const { rows } = await server.owner.query(
      `select a.action from weir.audit_logs a join weir.users u on u.id = a.actor_id
        where u.email = $1 and a.action like 'two_factor.%' order by a.sequence`,
      [email],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'two_factor.begin',
      'two_factor.enable',
      'two_factor.renew_recovery_codes',
      'two_factor.disable',
    ]);
  });
});
