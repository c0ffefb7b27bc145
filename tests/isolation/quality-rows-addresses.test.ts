// Proves: an e-mail address, a domain or a way back is what it says: nothing that only looks like another's gets another's, and nothing leads elsewhere.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/primitives/clock.ts';
import { createApiBrowser } from '../../src/server/testing/api-browser.ts';
import { type ApiOrganization, createApiOrganization } from '../../src/server/testing/api-organization.ts';
import { createApiPerson } from '../../src/server/testing/api-person.ts';
import { type OidcProvider, startOidcProvider } from '../../src/server/testing/oidc-provider.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';

let provider: OidcProvider;
let server: TestServer;
let a: ApiOrganization;
beforeAll(async () => {
  provider = await startOidcProvider(systemClock.nowMs);
  server = await startTestServer({
    ...{ WEIR_TRUST_PROXY: 'loopback', WEIR_OIDC_NAME: 'Works council', WEIR_EMAIL_VERIFICATION: 'off' },
    ...{ WEIR_OIDC_ISSUER: provider.issuer, WEIR_OIDC_CLIENT_ID: provider.clientId },
    WEIR_OIDC_CLIENT_SECRET: provider.clientSecret,
  });
  a = await createApiOrganization(server);
});
afterAll(async () => {
  await server.close();
  await provider.close();
});

const signUp = (email: string) =>
  createApiBrowser(server).request('POST', '/api/auth/sign-up/email', {
    body: { name: 'Ada', email, password: 'correct horse battery' },
  });

describe('an address', () => {
  it.each([
    ...[
      'ada@pеople.example',
      'аda@people.example',
      'ada@people.example.',
      'ada@people．example',
      'ａda@people.example',
    ],
    ...['ada@@people.example', 'ada@people.example, eve@evil.example', 'ada@people.example\r\nBcc: eve@evil.example'],
    ...[
      '"ada"@people.example',
      'ada@[127.0.0.1]',
      'ada@people..example',
      '.ada@people.example',
      'ada\u200b@people.example',
    ],
    ...['ada@people.example\u0000', '<ada@people.example>', 'ada@localhost', 'ada\u00ad@people.example'],
  ])('that only looks like one is refused everywhere: %j', async (email) => {
    expect((await signUp(email)).status).toBe(400);
    const invited = await a.owner.request('POST', '/api/organizations/invite', { body: { email } });
    expect(invited.status).toBe(400);
  });

  it('is one, however it is written', async () => {
    const person = await createApiPerson(server);
    for (const email of [person.email.toUpperCase(), ` ${person.email} `]) {
      expect((await signUp(email)).status).toBe(202);
      const invited = await a.owner.request('POST', '/api/organizations/invite', { body: { email } });
      expect([201, 409]).toContain(invited.status);
    }
    const { rows } = await server.owner.query('select email from weir.users where lower(email) = $1', [person.email]);
    expect(rows).toEqual([{ email: person.email }]);
    await expect(
      server.owner.query(`insert into weir.users (id, name, email) values (gen_random_uuid(), 'Twin', $1)`, [
        person.email.toUpperCase(),
      ]),
    ).rejects.toThrow();
  });
});

describe('a domain', () => {
  it.each([
    ...['pеople.example', 'people.example..', 'localhost', '127.0.0.1', '[::1]', 'people', '*.example', 'a b.example'],
    ...[
      'https://people.example',
      'people.example/path',
      'people.example:443',
      'gmail.com',
      'GMAIL.COM',
      'mail.gmail.com',
    ],
    ...['gmail.com.', '-a.example', `${'a'.repeat(64)}.example`, 'people.example\u0000', '_acme.example\r\n'],
  ])('that is none, or everybody’s, is not claimed: %j', async (domain) => {
    const claimed = await a.owner.request('POST', '/api/organizations/domains', { body: { domain } });
    expect([domain, claimed.status]).toEqual([domain, 400]);
  });

  it('lets in its own addresses alone: none of a domain below, above or beside it', async () => {
    const claimed = await a.owner.request('POST', '/api/organizations/domains', { body: { domain: 'joined.example' } });
    expect(claimed.status).toBe(201);
    await server.owner.query(
      `update weir.organization_domains set verified_at = now(), auto_join = true where id = $1`,
      [claimed.body.data.id],
    );
    const joins = async (email: string): Promise<number> => {
      provider.person = { sub: email, email, email_verified: true, name: 'Grace' };
      const browser = createApiBrowser(server);
      const begun = await browser.request('POST', '/api/auth/sign-in/social', { body: { provider: 'oidc' } });
      const { headers } = await fetch(begun.body.data.url, { redirect: 'manual' });
      const back = new URL(headers.get('location') ?? '');
      await browser.request('GET', `${back.pathname}${back.search}`);
      return (await browser.request('GET', '/api/me')).body.data?.memberships.length ?? 0;
    };
    expect(await joins('grace@joined.example')).toBe(1);
    for (const email of [
      ...['grace@sub.joined.example', 'grace@notjoined.example', 'grace@example', 'grace@joined.example.evil.example'],
      ...['"grace@joined.example"@evil.example', 'grace@evil.example@joined.example.', 'grace@jоined.example'],
    ])
      expect([email, await joins(email)]).toEqual([email, 0]);
  });
});

it('a domain lets nobody in whose address was never shown to be theirs, where that is not asked for', async () => {
  const claimed = await a.owner.request('POST', '/api/organizations/domains', { body: { domain: 'claimed.example' } });
  await server.owner.query(`update weir.organization_domains set verified_at = now(), auto_join = true where id = $1`, [
    claimed.body.data.id,
  ]);
  const [email, browser] = ['mallory@claimed.example', createApiBrowser(server)];
  expect((await signUp(email)).body.data.verification_required).toBe(false);
  const body = { email, password: 'correct horse battery' };
  expect((await browser.request('POST', '/api/auth/sign-in/email', { body })).status).toBe(200);
  expect((await browser.request('GET', '/api/me')).body.data.memberships).toEqual([]);
});

describe('the way back from another provider', () => {
  const evil = 'https://evil.example/';

  it.each([
    `error=access_denied&error_description=${encodeURIComponent('x\r\nset-cookie: weir-session=stolen')}`,
    `error=${encodeURIComponent('x\r\n\r\n<script>')}&state=none`,
    `error=x&callbackURL=${evil}&errorCallbackURL=${evil}&redirectTo=${evil}&redirect_uri=${evil}&state=x`,
    `code=x&state=${encodeURIComponent(JSON.stringify({ callbackURL: evil, errorURL: evil }))}`,
    `state=${'x'.repeat(3_000)}&code=y`,
    'constructor=1&__proto__=2&hasOwnProperty=3',
    '',
  ])('leads to our own pages and sets nothing: %s', async (query) => {
    const browser = createApiBrowser(server);
    const { status, headers } = await browser.request('GET', `/api/auth/callback/oidc?${query}`);
    expect([302, 400]).toContain(status);
    const location = headers.get('location');
    if (location !== null) expect(new URL(location, server.url).origin).toBe(new URL(server.url).origin);
    expect(headers.getSetCookie().join()).not.toContain('stolen');
    expect(browser.cookies.has('weir-session')).toBe(false);
  });

  it.each(['/.//evil.example', '/..//evil.example', '/%2f%2fevil.example', '/a/../../evil.example', '/@evil.example'])(
    'leads to our own pages, however the path is written: %s',
    async (path) => {
      provider.person = {
        sub: path,
        email: `p${path.length}${path.charCodeAt(2)}@people.example`,
        email_verified: true,
        name: 'P',
      };
      const browser = createApiBrowser(server);
      const body = { provider: 'oidc', callback_path: path };
      const begun = await browser.request('POST', '/api/auth/sign-in/social', { body });
      if (begun.status !== 200) return expect([400, 403]).toContain(begun.status);
      const { headers } = await fetch(begun.body.data.url, { redirect: 'manual' });
      const back = new URL(headers.get('location') ?? '');
      const { headers: last } = await browser.request('GET', `${back.pathname}${back.search}`);
      const led = new URL(last.get('location') ?? '', `${server.url}${back.pathname}`);
      expect(led.origin).toBe(new URL(server.url).origin);
    },
  );
});
