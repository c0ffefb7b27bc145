// Proves: signing in with an OpenID provider of the operator's, against one that really signs, and that no provider's word takes over an account.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { type ApiBrowser, createApiBrowser } from '../testing/api-browser.ts';
import { type ApiAnswer, createApiPerson } from '../testing/api-person.ts';
import { type OidcPerson, type OidcProvider, startOidcProvider } from '../testing/oidc-provider.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let provider: OidcProvider;
let server: TestServer;
beforeAll(async () => {
  provider = await startOidcProvider(systemClock.nowMs);
  server = await startTestServer({
    ...{ WEIR_TRUST_PROXY: 'loopback', WEIR_OIDC_NAME: 'Works council' },
    ...{ WEIR_OIDC_ISSUER: provider.issuer, WEIR_OIDC_CLIENT_ID: provider.clientId },
    WEIR_OIDC_CLIENT_SECRET: provider.clientSecret,
  });
});
afterAll(async () => {
  await server.close();
  await provider.close();
});
beforeEach(() => {
  provider.distort = (claims) => claims;
});

const newPerson = (rest: Partial<OidcPerson> = {}): OidcPerson => ({
  ...{ sub: randomUUID(), email: `${randomUUID()}@people.example`, email_verified: true, name: 'Grace' },
  ...rest,
});

/** From the button to the provider and back; gives the address that the provider sends the browser to. */
async function goThere(browser: ApiBrowser, callbackPath = '/welcome'): Promise<URL> {
  const begun = await browser.request('POST', '/api/auth/sign-in/social', {
    body: { provider: 'oidc', callback_path: callbackPath },
  });
  expect(begun.status).toBe(200);
  const { headers } = await fetch(begun.body.data.url, { redirect: 'manual' });
  return new URL(headers.get('location') ?? '');
}

async function comeBack(browser: ApiBrowser, url: URL): Promise<ApiAnswer> {
  return browser.request('GET', `${url.pathname}${url.search}`);
}

const isInside = async (browser: ApiBrowser): Promise<boolean> =>
  (await browser.request('GET', '/api/me')).status === 200;

describe('signing in with an OpenID provider', () => {
  it('is offered by name', async () => {
    const { body } = await createApiBrowser(server).request('GET', '/api/auth/providers');
    expect(body).toEqual({ data: [{ id: 'oidc', name: 'Works council' }] });
  });

  it('makes an account the first time and finds it the next, and leads where it was asked to', async () => {
    provider.person = newPerson();
    const ids = new Set<string>();
    for (let time = 0; time < 2; time += 1) {
      const browser = createApiBrowser(server);
      const back = await comeBack(browser, await goThere(browser));
      expect([back.status, back.headers.get('location')]).toEqual([302, '/welcome']);
      const { body } = await browser.request('GET', '/api/me');
      expect(body.data.user).toMatchObject({ email: provider.person.email, email_verified: true, name: 'Grace' });
      ids.add(body.data.user.id);
    }
    expect(ids.size).toBe(1);
    const { rows } = await server.owner.query(
      `select count(*)::integer as count from weir.audit_logs where actor_id = $1 and action = 'session.create' and after ->> 'method' = 'oidc'`,
      [[...ids][0]],
    );
    expect(rows).toEqual([{ count: 2 }]);
  });

  it('keeps the provider’s tokens sealed', async () => {
    provider.person = newPerson();
    const browser = createApiBrowser(server);
    await comeBack(browser, await goThere(browser));
    const { rows } = await server.owner.query(
      `select a.access_token, a.refresh_token from weir.accounts a join weir.users u on u.id = a.user_id where u.email = $1`,
      [provider.person.email],
    );
    expect(rows[0]?.access_token).not.toMatch(/^[0-9a-f-]{36}$/);
  });

  it('works in the browser that began it, once', async () => {
    provider.person = newPerson();
    const [browser, other] = [createApiBrowser(server), createApiBrowser(server)];
    const url = await goThere(browser);
    await comeBack(other, url);
    expect(await isInside(other)).toBe(false);
    const fresh = await goThere(browser);
    await comeBack(browser, fresh);
    expect(await isInside(browser)).toBe(true);
    const again = createApiBrowser(server);
    for (const [name, value] of browser.cookies) if (name !== 'weir-session') again.cookies.set(name, value);
    await comeBack(again, fresh);
    expect(await isInside(again)).toBe(false);
  });

  it.each<[string, (claims: Record<string, unknown>) => Record<string, unknown>]>([
    ['another audience', (claims) => ({ ...claims, aud: 'somebody else' })],
    ['another issuer', (claims) => ({ ...claims, iss: 'https://evil.example' })],
    ['another nonce', (claims) => ({ ...claims, nonce: 'another' })],
    ['an end in the past', (claims) => ({ ...claims, exp: 1 })],
    ['no address', ({ email, ...claims }) => claims],
  ])('takes no token with %s', async (_name, distort) => {
    provider.person = newPerson();
    provider.distort = distort;
    const browser = createApiBrowser(server);
    const back = await comeBack(browser, await goThere(browser));
    expect(back.headers.get('location')).toMatch(/^(http:\/\/localhost:\d+)?\/sign-in\?error=/);
    expect(await isInside(browser)).toBe(false);
  });

  it('takes over no account by an address that the provider, or the account, has not verified', async () => {
    const verified = await createApiPerson(server);
    provider.person = newPerson({ email: verified.email, email_verified: false });
    const first = createApiBrowser(server);
    await comeBack(first, await goThere(first));
    expect(await isInside(first)).toBe(false);
    const unverified = await createApiPerson(server);
    await server.owner.query('update weir.users set email_verified = false where id = $1', [unverified.userId]);
    provider.person = newPerson({ email: unverified.email });
    const second = createApiBrowser(server);
    await comeBack(second, await goThere(second));
    expect(await isInside(second)).toBe(false);
  });

  it('joins an account whose address both have verified', async () => {
    const person = await createApiPerson(server);
    provider.person = newPerson({ email: person.email });
    const browser = createApiBrowser(server);
    await comeBack(browser, await goThere(browser));
    expect((await browser.request('GET', '/api/me')).body.data.user.id).toBe(person.userId);
  });

  it('lets no banned person in', async () => {
    const person = await createApiPerson(server);
    await server.owner.query('update weir.users set banned = true where id = $1', [person.userId]);
    provider.person = newPerson({ email: person.email });
    const browser = createApiBrowser(server);
    await comeBack(browser, await goThere(browser));
    expect(await isInside(browser)).toBe(false);
    expect(browser.cookies.has('weir-session')).toBe(false);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/%0d%0aSet-Cookie:x',
    'welcome',
  ])('leads nowhere else afterwards: %s', async (path) => {
    const body = { provider: 'oidc', callback_path: path };
    const begun = await createApiBrowser(server).request('POST', '/api/auth/sign-in/social', { body });
    if (begun.status === 400) return expect(begun.body.errors[0].path).toBe('callback_path');
    provider.person = newPerson();
    const browser = createApiBrowser(server);
    const back = await comeBack(browser, await goThere(browser, path));
    expect(new URL(back.headers.get('location') ?? '', server.url).origin).toBe(new URL(server.url).origin);
    expect(back.headers.getSetCookie().join()).not.toContain('Set-Cookie:x');
  });

  it('is 404 with a provider that is not set up', async () => {
    for (const name of ['google', 'github', 'nothing', 'constructor']) {
      const refused = await createApiBrowser(server).request('POST', '/api/auth/sign-in/social', {
        body: { provider: name },
      });
      expect([name, refused.status]).toEqual([name, 404]);
    }
  });
});
