// Proves: what a session is worth cannot be stretched: not by codes used twice, by guesses from many places, by pages of others, nor by what changed meanwhile.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ENDPOINTS } from '../../src/contracts/endpoints.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { type ApiBrowser, createApiBrowser, totpCode } from '../../src/server/testing/api-browser.ts';
import { createApiOrganization } from '../../src/server/testing/api-organization.ts';
import { createApiPerson, createApiSession, requestApi } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';
import { pathOf, UNKNOWN_ID } from './route-samples.ts';

let server: TestServer;
beforeAll(async () => {
  // Without a mail server: mail is kept in the database, and addresses need no verifying.
  server = await startTestServer({ WEIR_TRUST_PROXY: 'loopback' });
});
afterAll(() => server.close());

const PASSWORD = 'correct horse battery';
const NEW_PASSWORD = 'another horse battery';
let people = 0;

const signIn = (browser: ApiBrowser, email: string, password = PASSWORD) =>
  browser.request('POST', '/api/auth/sign-in/email', { body: { email, password } });
const isInside = async (browser: ApiBrowser): Promise<boolean> =>
  (await browser.request('GET', '/api/me')).status === 200;

async function join(): Promise<{ email: string; browser: ApiBrowser }> {
  people += 1;
  const [email, browser] = [`guest${people}@people.example`, createApiBrowser(server)];
  await browser.request('POST', '/api/auth/sign-up/email', { body: { name: 'Ada', email, password: PASSWORD } });
  expect((await signIn(browser, email)).status).toBe(200);
  return { email, browser };
}

const verify = (browser: ApiBrowser, code: string, method = 'verify-totp') =>
  browser.request('POST', `/api/auth/two-factor/${method}`, { body: { code } });

/** With a second factor in force. */
async function protect() {
  const { email, browser } = await join();
  const begun = await browser.request('POST', '/api/auth/two-factor/enable', { body: { password: PASSWORD } });
  const { totp_uri: uri, recovery_codes: codes } = begun.body.data as { totp_uri: string; recovery_codes: string[] };
  expect((await verify(browser, totpCode(uri, systemClock.nowMs()))).status).toBe(200);
  // A code is used once; the tests go on within its half minute.
  await server.owner.query(`delete from weir.rate_limit_windows where key like 'totp:%'`);
  return { email, uri, codes };
}

const halfway = async (email: string): Promise<ApiBrowser> => {
  const browser = createApiBrowser(server);
  expect((await signIn(browser, email)).body.data.two_factor_required).toBe(true);
  return browser;
};

describe('what works once', () => {
  it('a code of a second factor, also while it is still shown', async () => {
    const { email, uri } = await protect();
    const code = totpCode(uri, systemClock.nowMs());
    const [first, second] = [await halfway(email), await halfway(email)];
    expect((await verify(first, code)).status).toBe(200);
    expect((await verify(second, code)).status).toBe(401);
    expect(await isInside(second)).toBe(false);
  });

  it('a code of a second factor that comes five times at once', async () => {
    const { email, uri } = await protect();
    const browsers = await Promise.all(Array.from({ length: 5 }, () => halfway(email)));
    const code = totpCode(uri, systemClock.nowMs());
    const answers = await Promise.all(browsers.map((browser) => verify(browser, code)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('a recovery code that comes five times at once', async () => {
    const { email, codes } = await protect();
    const browsers = await Promise.all(Array.from({ length: 5 }, () => halfway(email)));
    const answers = await Promise.all(
      browsers.map((browser) => verify(browser, codes[0] ?? '', 'verify-recovery-code')),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('an invitation that comes five times at once', async () => {
    const { owner, id } = await createApiOrganization(server);
    const person = await createApiPerson(server);
    await owner.request('POST', '/api/organizations/invite', { body: { email: person.email, role: 'admin' } });
    const { rows } = await server.owner.query<{ text: string }>(
      'select text_body as text from weir.mail_outbox where to_address = $1',
      [person.email],
    );
    const token = /token=([\w%-]+)/.exec(rows[0]?.text ?? '')?.[1] ?? '';
    const accept = () => person.request('POST', '/api/organizations/invitations/accept', { body: { token } });
    const answers = await Promise.all(Array.from({ length: 5 }, accept));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    const { rows: members } = await server.owner.query(
      'select role from weir.members where organization_id = $1 and user_id = $2',
      [id, person.userId],
    );
    expect(members).toEqual([{ role: 'admin' }]);
  });

  it('a link for a new password that comes five times at once', async () => {
    const { email, browser } = await join();
    await browser.request('POST', '/api/auth/request-password-reset', { body: { email } });
    const token = await tokenMailedTo(email);
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        createApiBrowser(server).request('POST', '/api/auth/reset-password', {
          body: { token, new_password: `${NEW_PASSWORD} ${index}` },
        }),
      ),
    );
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });
});

/** From the kept mail, which is written after the answer. */
async function tokenMailedTo(email: string): Promise<string> {
  for (;;) {
    const { rows } = await server.owner.query<{ text: string }>(
      `select text_body as text from weir.mail_outbox where to_address = $1 and kind = 'reset_password'`,
      [email],
    );
    const token = /token=([\w%-]+)/.exec(rows[0]?.text ?? '')?.[1];
    if (token !== undefined) return token;
  }
}

describe('a stolen session', () => {
  it.each([
    ['change-password', { current_password: 'a guess', new_password: NEW_PASSWORD }],
    ['two-factor/disable', { password: 'a guess' }],
  ])('guesses at its person’s password ten times a minute, from however many addresses: %s', async (path, body) => {
    const { browser } = await join();
    const statuses: number[] = [];
    for (let address = 1; address <= 11; address += 1)
      statuses.push(
        (
          await browser.request('POST', `/api/auth/${path}`, {
            body,
            headers: { 'x-forwarded-for': `203.0.113.${address}` },
          })
        ).status,
      );
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
  });
});

describe('guesses from one place', () => {
  it.each<[string, (guess: number) => string]>([
    ['that put addresses before the one their proxy adds', (guess) => `203.0.113.${guess}, 198.51.77.7`],
    ['that come from other addresses of one IPv6 network', (guess) => `2001:db8:77:1::${guess.toString(16)}`],
    ['that write one address in several ways', (guess) => `2001:db8:77:2:${'0:'.repeat(guess % 3)}:${guess}`],
    ['whose proxy passes on what is no address', (guess) => `2001:db8:77:3:0:0:0::${guess}`],
    ['whose proxy passes on an address with a zone', (guess) => `fe80::${guess}%eth${guess}`],
  ])('are counted together, also those %s', async (_name, forwarded) => {
    const statuses: number[] = [];
    for (let guess = 1; guess <= 11; guess += 1) {
      const { status } = await createApiBrowser(server).request('POST', '/api/auth/verify-email', {
        body: { token: `a guess ${guess}` },
        headers: { 'x-forwarded-for': forwarded(guess) },
      });
      statuses.push(status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
  });
});

describe('an Idempotency-Key', () => {
  it('keeps who changes their password signed in', async () => {
    const { browser } = await join();
    const body = { current_password: PASSWORD, new_password: NEW_PASSWORD };
    const headers = { 'idempotency-key': 'change' };
    expect((await browser.request('POST', '/api/auth/change-password', { body, headers })).status).toBe(204);
    expect(await isInside(browser)).toBe(true);
  });

  it('of a person gives their answers, which may hold secrets, to none of their tokens', async () => {
    const { owner } = await createApiOrganization(server);
    const token = await owner.request('POST', '/api/api-tokens', { body: { name: 'A script', role: 'member' } });
    const body = { name: 'A key', environment: 'test' };
    const headers = { 'idempotency-key': 'shared' };
    const made = await owner.request('POST', '/api/api-keys', { body, headers });
    const replayed = await requestApi(server, ['POST', '/api/api-keys'], {
      body,
      headers: { ...headers, authorization: `Bearer ${token.body.data.secret}` },
    });
    expect(made.status).toBe(201);
    expect(replayed.body.data?.secret).not.toBe(made.body.data.secret);
  });
});

describe('a page of somebody else', () => {
  const foreign: readonly Record<string, string>[] = [
    {},
    { origin: 'null' },
    { origin: 'https://evil.example' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'none' },
  ];

  it('writes nothing by any route, whatever it pretends', async () => {
    const root = await createApiPerson(server, { platformRole: 'superadmin' });
    const met: unknown[] = [];
    for (const endpoint of ENDPOINTS.filter(({ method }) => method !== 'GET')) {
      const path = pathOf(endpoint, { organizationId: UNKNOWN_ID, id: UNKNOWN_ID });
      for (const headers of foreign) {
        const options = { headers: { cookie: root.cookie, ...headers }, ...(endpoint.hasBody ? { body: {} } : {}) };
        const { status } = await requestApi(server, [endpoint.method, path], options);
        if (status !== 403) met.push([endpoint.operationId, headers, status]);
      }
    }
    expect(met).toEqual([]);
  });

  it('turns no read into a write, and sends no form', async () => {
    const { owner, id } = await createApiOrganization(server);
    const override = {
      'x-http-method-override': 'DELETE',
      'x-method-override': 'DELETE',
      origin: 'https://evil.example',
    };
    const read = await owner.request('GET', `/api/organizations/${id}`, { headers: override });
    expect([read.status, read.body.data.deletion_requested_at]).toEqual([200, null]);
    expect((await owner.request('GET', `/api/organizations/${id}?_method=DELETE`)).status).toBe(400);
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
      expect(
        (
          await owner.request('POST', '/api/organizations', {
            body: '{"name":"Sent by a form"}',
            headers: { 'content-type': type },
          })
        ).status,
      ).toBe(415);
  });
});

describe('what changed meanwhile', () => {
  it('a role that was lowered in the midst of a request is not used', async () => {
    const { id, owner, member } = await createApiOrganization(server);
    const other = await createApiPerson(server);
    await server.owner.query(
      `insert into weir.members (id, organization_id, user_id, role) values (gen_random_uuid(), $1, $2, 'owner')`,
      [id, other.userId],
    );
    await server.owner.query('begin');
    await server.owner.query('select from weir.organizations where id = $1 for update', [id]);
    const late = owner.request('PUT', `/api/organizations/users/${member.userId}`, { body: { role: 'owner' } });
    await untilSomebodyWaits();
    await server.owner.query(`update weir.members set role = 'member' where organization_id = $1 and user_id = $2`, [
      ...[id, owner.userId],
    ]);
    await server.owner.query('commit');
    expect((await late).status).toBeGreaterThanOrEqual(400);
    const { rows } = await server.owner.query<{ role: string }>(
      'select role from weir.members where organization_id = $1 and user_id = $2',
      [id, member.userId],
    );
    expect(rows).toEqual([{ role: 'member' }]);
  });

  it('acting as somebody ends when a superadmin becomes less, though still of the platform', async () => {
    const [root, other] = [
      await createApiPerson(server, { platformRole: 'superadmin' }),
      await createApiPerson(server, { platformRole: 'superadmin' }),
    ];
    const person = await createApiPerson(server);
    const started = await root.request('POST', `/api/admin/users/${person.userId}/impersonate`, {
      body: { reason: 'Ticket 4711: a look at it' },
    });
    const cookie = (started.headers.getSetCookie()[0] ?? '').split(';')[0] ?? '';
    const me = () => requestApi(server, ['GET', '/api/me'], { headers: { cookie } });
    expect((await me()).status).toBe(200);
    const body = { platform_role: 'platform_admin' };
    expect((await other.request('PUT', `/api/admin/users/${root.userId}`, { body })).status).toBe(200);
    expect((await me()).status).toBe(401);
  });

  it('an owner who was removed does not come back by an invitation of their own', async () => {
    const { id, owner } = await createApiOrganization(server);
    const other = await createApiPerson(server);
    await server.owner.query(
      `insert into weir.members (id, organization_id, user_id, role) values (gen_random_uuid(), $1, $2, 'owner')`,
      [id, other.userId],
    );
    const second = await createApiPerson(server);
    const sent = await other.request('POST', '/api/organizations/invite', {
      body: { email: second.email, role: 'owner' },
    });
    expect(sent.status).toBe(201);
    const { rows } = await server.owner.query<{ text: string }>(
      `select text_body as text from weir.mail_outbox where to_address = $1`,
      [second.email],
    );
    const token = /token=([\w%-]+)/.exec(rows[0]?.text ?? '')?.[1] ?? '';
    expect((await owner.request('DELETE', `/api/organizations/users/${other.userId}`)).status).toBe(204);
    const accepted = await second.request('POST', '/api/organizations/invitations/accept', { body: { token } });
    expect(accepted.status).toBe(409);
    const again = await createApiSession(server, other);
    expect((await again.request('GET', `/api/organizations/${id}`)).status).toBe(404);
  });
});

/** Until a statement waits for a lock: the request has got that far. */
async function untilSomebodyWaits(): Promise<void> {
  for (;;) {
    const { rows } = await server.owner.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
  }
}
