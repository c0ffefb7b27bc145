// Proves: no secret of anybody is in logs at the finest level, in errors, lists, exports, metrics, descriptions of the API, audit rows or tables, whether what was
// asked for works or fails: at the database, at the mail server, at a provider that repeats what it was given.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../src/database/testing/database.ts';
import { makeScratchDirectory } from '../../src/database/testing/scratch-directory.ts';
import { startMailServer, type TestMailServer } from '../../src/mail/testing/mail-server.ts';
import { systemClock } from '../../src/primitives/clock.ts';
import { type ApiBrowser, createApiBrowser, totpCode } from '../../src/server/testing/api-browser.ts';
import type { ApiAnswer } from '../../src/server/testing/api-person.ts';
import { sendChat } from '../../src/server/testing/calls.ts';
import { type OidcProvider, startOidcProvider } from '../../src/server/testing/oidc-provider.ts';
import { type ServerProcess, startServerProcess } from '../../src/server/testing/server-process.ts';

const MASTER_KEY = Buffer.from('canary-of-the-master-key-32bytes').toString('base64');
const SMTP_PASSWORD = 'canary-smtp-5151515151';
const PLATFORM_KEY = 'canary-platform-provider-key-6161616161';
const METRICS_TOKEN = 'canary-metrics-token-717171717171717171';
const PASSWORD = 'canary password of ada 8181';
const NEW_PASSWORD = 'canary password of ada, changed 9191';
const WRONG_PASSWORD = 'canary password mistyped 1212';
const ADA = 'ada@people.example';
const BEA = 'bea@people.example';

/** Name → secret. Whatever is told to somebody once is put here and looked for everywhere else. */
const canaries = new Map<string, string>([
  ...([
    ['the master key', MASTER_KEY],
    ['of the mail server', SMTP_PASSWORD],
    ['of the platform', PLATFORM_KEY],
  ] as const),
  ...([
    ['of the metrics', METRICS_TOKEN],
    ['password', PASSWORD],
    ['changed password', NEW_PASSWORD],
  ] as const),
  ['mistyped password', WRONG_PASSWORD],
]);
/** Everything that came back besides what is told once. */
const told: string[] = [];

let vendor: Server;
let mail: TestMailServer;
let oidc: OidcProvider;
let database: TestDatabase;
let owner: pg.Client;
let scratch: Awaited<ReturnType<typeof makeScratchDirectory>>;
let server: ServerProcess;
let url = '';

/** Repeats every key it is given; refuses those that say so. */
async function startVendor(): Promise<Server> {
  const echo = createServer((request, response) => {
    const key = request.headers.authorization ?? '';
    const status = key.includes('refused') ? 401 : key.includes('broken') ? 500 : 200;
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'application/json', 'x-echo': key });
      response.end(JSON.stringify(status === 200 ? { data: [] } : { error: { message: `Incorrect key: ${key}` } }));
    });
  }).listen(0, '127.0.0.1');
  await once(echo, 'listening');
  return echo;
}

beforeAll(async () => {
  vendor = await startVendor();
  mail = await startMailServer({ login: { user: 'weir', pass: SMTP_PASSWORD } });
  oidc = await startOidcProvider(systemClock.nowMs);
  database = await createTestDatabase();
  scratch = await makeScratchDirectory('weir-canaries-');
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const mailUrl = new URL(mail.url);
  server = startServerProcess(scratch.path, {
    ...{ DATABASE_URL: database.url, DATABASE_MIGRATION_URL: database.ownerUrl, WEIR_LOG_LEVEL: 'trace' },
    ...{ WEIR_SMTP_URL: `smtp://weir:${SMTP_PASSWORD}@${mailUrl.host}`, WEIR_MAIL_FROM: 'Weir <weir@example.test>' },
    ...{ WEIR_OIDC_ISSUER: oidc.issuer, WEIR_OIDC_CLIENT_ID: oidc.clientId, WEIR_OIDC_NAME: 'Works' },
    ...{ WEIR_OIDC_CLIENT_SECRET: oidc.clientSecret, WEIR_MASTER_KEY: MASTER_KEY, WEIR_TRUST_PROXY: 'loopback' },
    ...{ OPENAI_API_KEY: PLATFORM_KEY, WEIR_METRICS_TOKEN: METRICS_TOKEN },
    OPENAI_BASE_URL: `http://127.0.0.1:${(vendor.address() as AddressInfo).port}/v1`,
  });
  url = (await server.ready()).url;
  for (const link of [database.url, database.ownerUrl]) canaries.set(`of ${link}`, new URL(link).password);
  canaries.set('of the OpenID client', oidc.clientSecret);
});
afterAll(async () => {
  await server.end('SIGTERM');
  await owner.end();
  await oidc.close();
  await mail.close();
  vendor.close();
  await scratch.remove();
  await database.drop();
});

/** Asks, and keeps what came back. */
async function ask(browser: ApiBrowser, place: string, body?: unknown): Promise<ApiAnswer> {
  const [method = '', path = ''] = place.split(' ');
  const answer = await browser.request(method, path, body === undefined ? {} : { body });
  told.push(
    `${place} ${JSON.stringify(answer.body)} ${JSON.stringify([...answer.headers].filter(([name]) => name !== 'set-cookie'))}`,
  );
  keepSession(browser, place);
  return answer;
}

/** The same where the answer tells a secret once: it is not kept, the secret is looked for. */
async function learn(browser: ApiBrowser, place: string, body: unknown): Promise<ApiAnswer['body']> {
  const [method = '', path = ''] = place.split(' ');
  const answer = await browser.request(method, path, { body });
  expect(answer.status, `${place} ${JSON.stringify(answer.body)}`).toBeLessThan(300);
  const secrets = [...JSON.stringify(answer.body).matchAll(/\bwr_\w{20,}/g)].map(([secret]) => secret);
  for (const secret of secrets) canaries.set(`${place}, secret ${canaries.size}`, secret);
  return answer.body.data;
}

/** The whole value of each cookie; the token alone of a session is in its table. */
function keepSession(browser: ApiBrowser, place: string): void {
  for (const [name, value] of browser.cookies) canaries.set(`cookie ${name} after ${place}`, decodeURIComponent(value));
}

async function mailedTo(address: string): Promise<string> {
  const { links } = await mail.next(address);
  const token = new URL(links[0] ?? '').searchParams.get('token') ?? '';
  canaries.set(`mailed to ${address} ${canaries.size}`, token);
  return token;
}

async function arrive(email: string): Promise<ApiBrowser> {
  const browser = createApiBrowser({ url });
  await ask(browser, 'POST /api/auth/sign-up/email', { name: 'Somebody', email, password: PASSWORD });
  await ask(browser, 'POST /api/auth/verify-email', { token: await mailedTo(email) });
  expect((await ask(browser, 'POST /api/auth/sign-in/email', { email, password: PASSWORD })).status).toBe(200);
  return browser;
}

let ada: ApiBrowser;
let bea: ApiBrowser;

describe('every path by which a secret comes or goes', () => {
  it('works', async () => {
    ada = await arrive(ADA);
    bea = await arrive(BEA);
    await ask(ada, 'POST /api/organizations', { name: 'Canaries' });
    await owner.query(`update weir.users set platform_role = 'superadmin' where email = $1`, [ADA]);
    await ask(createApiBrowser({ url }), 'POST /api/auth/sign-in/email', { email: ADA, password: WRONG_PASSWORD });
    for (const name of ['one', 'two', 'three', 'four']) {
      const key = await learn(ada, 'POST /api/api-keys', { name, environment: 'test' });
      await learn(ada, `POST /api/api-keys/${key.id}/rotate`, { grace_seconds: 60 });
      await ask(ada, 'POST /api/api-keys/validate', { key: key.secret });
      expect((await sendChat(url, key.secret)).status).toBe(200);
      const token = await learn(ada, 'POST /api/api-tokens', { name, role: 'admin' });
      const script = createApiBrowser({ url });
      const headers = { authorization: `Bearer ${token.secret}` };
      told.push(JSON.stringify((await script.request('GET', '/api/organizations', { headers })).body));
      told.push(JSON.stringify((await script.request('GET', '/api/nothing', { headers })).body));
    }
    for (const secret of ['sk-canary-good-1313131313', 'sk-canary-refused-1414141414', 'sk-canary-broken-1515151515']) {
      canaries.set(secret, secret.slice(3));
      await ask(ada, 'POST /api/provider-keys', { provider: 'openai', label: secret.slice(10, 16), secret });
    }
    await ask(ada, 'POST /api/organizations/invite', { email: BEA, role: 'member' });
    const token = await mailedTo(BEA);
    await ask(bea, 'POST /api/organizations/invitations/preview', { token });
    expect((await ask(bea, 'POST /api/organizations/invitations/accept', { token })).status).toBe(200);
    await ask(bea, 'POST /api/auth/request-password-reset', { email: BEA });
    await ask(bea, 'POST /api/auth/reset-password', { token: await mailedTo(BEA), new_password: NEW_PASSWORD });
    expect((await ask(bea, 'POST /api/auth/sign-in/email', { email: BEA, password: NEW_PASSWORD })).status).toBe(200);
  });

  it('works with a second factor and another provider, too', async () => {
    const begun = await learn(bea, 'POST /api/auth/two-factor/enable', { password: NEW_PASSWORD });
    canaries.set('second factor', new URL(begun.totp_uri).searchParams.get('secret') ?? '');
    for (const code of begun.recovery_codes) canaries.set(`recovery code ${code}`, code);
    await ask(bea, 'POST /api/auth/two-factor/verify-totp', { code: totpCode(begun.totp_uri, systemClock.nowMs()) });
    const half = createApiBrowser({ url });
    await ask(half, 'POST /api/auth/sign-in/email', { email: BEA, password: NEW_PASSWORD });
    await ask(half, 'POST /api/auth/two-factor/verify-recovery-code', { code: begun.recovery_codes[0] });
    oidc.person = { sub: 'cleo', email: 'cleo@people.example', email_verified: true, name: 'Cleo' };
    const cleo = createApiBrowser({ url });
    const social = await cleo.request('POST', '/api/auth/sign-in/social', { body: { provider: 'oidc' } });
    const back = new URL((await fetch(social.body.data.url, { redirect: 'manual' })).headers.get('location') ?? '');
    for (const name of ['code', 'state']) canaries.set(`${name} of OpenID`, back.searchParams.get(name) ?? '');
    await ask(cleo, `GET ${back.pathname}${back.search}`).then(() => told.pop());
    expect((await ask(cleo, 'GET /api/me')).status).toBe(200);
    const { data } = (await ask(ada, 'GET /api/admin/users?search=cleo')).body;
    const acting = { reason: 'Ticket 4711: a look at it' };
    const actor = createApiBrowser({ url });
    for (const [name, value] of ada.cookies) actor.cookies.set(name, value);
    expect((await ask(actor, `POST /api/admin/users/${data[0].id}/impersonate`, acting)).status).toBe(201);
    expect(new Set(canaries.values()).size).toBeGreaterThanOrEqual(50);
  });

  it('fails at the database, which quotes rows, and at the mail server', async () => {
    const broken = [
      ...['accounts', 'sessions', 'verifications', 'two_factors', 'virtual_keys', 'api_tokens', 'invitations'],
      ...['provider_credentials', 'mail_outbox', 'audit_logs', 'request_idempotency'],
    ];
    for (const table of broken)
      await owner.query(`alter table weir.${table} add constraint broken check (false) not valid`);
    mail.judge((address) => ({ code: 451, text: `Not now, ${address}` }));
    const statuses: number[] = [];
    const fail = async (place: string, body: unknown, browser = ada) =>
      statuses.push((await ask(browser, place, body)).status);
    const fresh = createApiBrowser({ url });
    await fail('POST /api/auth/sign-in/email', { email: ADA, password: PASSWORD }, fresh);
    await fail('POST /api/auth/sign-up/email', { name: 'Dan', email: 'dan@people.example', password: PASSWORD }, fresh);
    await fail('POST /api/auth/request-password-reset', { email: ADA }, fresh);
    await fail('POST /api/auth/change-password', { current_password: PASSWORD, new_password: NEW_PASSWORD });
    await fail('POST /api/auth/two-factor/enable', { password: PASSWORD });
    await fail('POST /api/api-keys', { name: 'x', environment: 'test' });
    await fail('POST /api/api-tokens', { name: 'x' });
    await fail('POST /api/organizations/invite', { email: 'eve@people.example' });
    canaries.set('never stored', 'canary-good-1616161616');
    await fail('POST /api/provider-keys', { provider: 'openai', label: 'x', secret: 'sk-canary-good-1616161616' });
    await fail('GET /api/audit-logs/export.csv', undefined);
    expect(statuses.filter((status) => status >= 500).length).toBeGreaterThanOrEqual(6);
    for (const table of broken) await owner.query(`alter table weir.${table} drop constraint broken`);
  });
});

describe('a secret', () => {
  const found = (text: string): string[] =>
    [...canaries].flatMap(([name, secret]) => (secret.length > 7 && text.includes(secret) ? [name] : []));

  it('is in no answer, list, export, description or measurement', async () => {
    for (const place of [
      ...[
        '/api/api-keys',
        '/api/api-tokens',
        '/api/provider-keys',
        '/api/organizations/invitations',
        '/api/audit-logs',
      ],
      ...['/api/audit-logs/export.csv', '/api/admin/audit-logs', '/api/admin/users', '/api/admin/users/export.csv'],
      ...['/api/admin/mail?status=sent', '/api/admin/config', '/api/admin/health', '/api/auth/sessions', '/api/me'],
      ...['/openapi.json', '/docs', '/api/auth/providers', '/healthz', '/api/activity', '/api/admin/organizations'],
    ])
      expect([place, (await ask(ada, `GET ${place}`)).status]).toEqual([place, 200]);
    const metrics = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${METRICS_TOKEN}` } });
    expect(metrics.status).toBe(200);
    told.push(await metrics.text());
    expect(found(told.join('\n'))).toEqual([]);
  });

  it('is in no row of any table, but for mail that has not gone yet', async () => {
    const { rows: tables } = await owner.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'weir' and c.relkind = 'r' and c.relname <> 'mail_outbox'`,
    );
    for (const name of [...tables.map((table) => table.name), `mail_outbox t where t.status = 'sent'`]) {
      const from = name.includes(' ') ? name : `${name} t`;
      const { rows } = await owner.query<{ text: string }>(`select to_jsonb(t)::text as text from weir.${from}`);
      expect([name, found(rows.map(({ text }) => text).join('\n'))]).toEqual([name, []]);
    }
  });

  it('is in no line of the log', async () => {
    await server.end('SIGTERM');
    const output = server.output();
    expect(output.length).toBeGreaterThan(1_000);
    expect(output).toContain('a fault of ours');
    // Nothing is printed past the log, which alone knows what to hide.
    expect(output).not.toContain('SERVER_ERROR');
    expect(found(output)).toEqual([]);
    expect(found(output.replaceAll('\\"', '"'))).toEqual([]);
  });
});
