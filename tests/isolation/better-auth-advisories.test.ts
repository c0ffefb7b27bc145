// Proves: that what was published about the auth library does not reach Weir: the page about it is complete and true of the version installed, and the ones that no
// other test holds are tried here.

import { readFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiBrowser } from '../../src/server/testing/api-browser.ts';
import { requestApi } from '../../src/server/testing/api-person.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ WEIR_TRUST_PROXY: 'loopback', WEIR_PUBLIC_URL: 'https://weir.test' });
});
afterAll(() => server.close());

const headers = { origin: 'https://weir.test' };
const PASSWORD = 'correct horse battery';
const signUp = (email: string) =>
  createApiBrowser(server).request('POST', '/api/auth/sign-up/email', {
    headers,
    body: { name: 'Ada', email, password: PASSWORD },
  });

/** The mails to an address, once there are so many. */
async function mailsTo(email: string, count: number): Promise<string[]> {
  const find = async (): Promise<string[]> => {
    const { rows } = await server.owner.query<{ text_body: string }>(
      'select text_body from weir.mail_outbox where to_address = $1 order by created_at',
      [email],
    );
    return rows.map(({ text_body }) => text_body);
  };
  await expect.poll(async () => (await find()).length).toBeGreaterThanOrEqual(count);
  return find();
}

const tokenIn = (text: string): string => decodeURIComponent(/token=([^\s&]+)/.exec(text)?.[1] ?? '');

/** `1.7.16` as a number that sorts. */
const rank = (version: string): number =>
  version.split('.').reduce((sum, part) => sum * 1_000 + Number.parseInt(part, 10), 0);

describe('the page about the library’s advisories', () => {
  it('says of each what holds it or why it does not apply, and each fix is in the version installed', async () => {
    const rows = (await read('docs/auth-advisories.md'))
      .split('\n')
      .filter((line) => /^\| (CVE|GHSA|\d)/.test(line))
      .map((line) => line.split('|').map((cell) => cell.trim()));
    expect(rows.length).toBeGreaterThanOrEqual(25);
    const { version } = JSON.parse(await read('node_modules/better-auth/package.json')) as { version: string };
    const names = new Set<string>();
    for (const [, advisory = '', , fixed = '', here = ''] of rows) {
      expect(here, advisory).toMatch(/^(Held: .*`(src|tests)\/.+\.test\.ts`|Not applicable: .{10,})/);
      expect(rank(version), advisory).toBeGreaterThanOrEqual(rank(fixed));
      names.add(`${advisory} ${here}`);
    }
    expect(names.size).toBe(rows.length);
  });

  it('is true of what is loaded: two plugins and no package beside the library’s own', async () => {
    const source = await read('src/control/identity/sign-in/auth-library.ts');
    expect(
      /import \{([^}]*)\} from 'better-auth\/plugins'/
        .exec(source)?.[1]
        ?.split(',')
        .map((name) => name.trim())
        .sort(),
    ).toEqual(['genericOAuth', 'twoFactor']);
    const { dependencies } = JSON.parse(await read('package.json')) as { dependencies: Record<string, string> };
    expect(Object.keys(dependencies).filter((name) => name.startsWith('@better-auth/'))).toEqual([]);
  });
});

describe('a path written in another way', () => {
  it.each([
    '/api/auth//list-sessions',
    '//api/auth/list-sessions',
    '/api//auth/list-sessions',
    '/api/auth/list-sessions/',
    '/api/auth/%6cist-sessions',
    '/api/auth/./list-sessions',
    '/API/AUTH/LIST-SESSIONS',
    '/api/auth/x/../list-sessions',
  ])('opens no path that is closed: %s', async (path) => {
    expect((await raw('GET', path)).status).toBe(404);
  });

  it('walks around no rate', async () => {
    const statuses: number[] = [];
    for (const path of [
      '//api/auth/sign-in/email',
      '/api/auth//sign-in/email',
      '/api/auth/sign-in/email/',
      '/api/auth/sign-in//email',
    ])
      statuses.push((await raw('POST', path, { body: { email: 'a@b.example', password: 'guess' } })).status);
    expect(new Set(statuses)).toEqual(new Set([404]));
  });
});

describe('an address that a request makes up', () => {
  it('is in no mail, also not as the very first request', async () => {
    const [first, second] = ['first@people.example', 'second@people.example'];
    for (const email of [first, second])
      await raw('POST', '/api/auth/sign-up/email', {
        body: { name: 'Ada', email, password: PASSWORD },
        headers: {
          ...{ host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' },
          ...{ forwarded: 'host=evil.example', origin: 'https://weir.test' },
        },
      });
    for (const email of [first, second]) {
      const [text = ''] = await mailsTo(email, 1);
      expect(text).toContain('https://weir.test/verify-email?token=');
      expect(text).not.toContain('evil.example');
    }
  });
});

describe('a verification link', () => {
  it('verifies the account that it was issued to and no later one of the same address', async () => {
    const email = 'reused@people.example';
    await signUp(email);
    const [text = ''] = await mailsTo(email, 1);
    await server.owner.query('delete from weir.users where email = $1', [email]);
    await signUp(email);
    const refused = await requestApi(server, ['POST', '/api/auth/verify-email'], {
      headers,
      body: { token: tokenIn(text) },
    });
    expect(refused.status).toBe(400);
    const { rows } = await server.owner.query('select email_verified from weir.users where email = $1', [email]);
    expect(rows).toEqual([{ email_verified: false }]);
  });

  it('is no key to a password, nor is a reset link one to an address', async () => {
    const email = 'tokens@people.example';
    await signUp(email);
    const [text = ''] = await mailsTo(email, 1);
    const body = { token: tokenIn(text), new_password: 'another password' };
    expect((await requestApi(server, ['POST', '/api/auth/reset-password'], { headers, body })).status).toBe(400);
    await requestApi(server, ['POST', '/api/auth/request-password-reset'], { headers, body: { email } });
    const [, reset = ''] = await mailsTo(email, 2);
    const verify = await requestApi(server, ['POST', '/api/auth/verify-email'], {
      headers,
      body: { token: tokenIn(reset) },
    });
    expect(verify.status).toBe(400);
  });
});

describe('the cookie of an installation behind https', () => {
  it('is bound to the host, secure, and the only one that counts', async () => {
    const { email, password } = server.demo.users.starterAdmin;
    const browser = createApiBrowser(server);
    const answer = await browser.request('POST', '/api/auth/sign-in/email', { headers, body: { email, password } });
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-weir-session=[^;]+; Max-Age=604800; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    expect((await browser.request('GET', '/api/me')).status).toBe(200);
    const value = browser.cookies.get('__Host-weir-session') ?? '';
    for (const name of ['weir-session', '__Secure-weir-session', 'better-auth.session_token'])
      expect((await requestApi(server, ['GET', '/api/me'], { headers: { cookie: `${name}=${value}` } })).status).toBe(
        401,
      );
  });
});

/** A request whose path and headers leave as they are written; `fetch` would tidy both. */
function raw(
  method: string,
  path: string,
  { body, headers: given = headers }: { body?: unknown; headers?: Record<string, string> } = {},
): Promise<{ status: number }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      {
        hostname,
        port,
        method,
        path,
        headers: { ...given, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
