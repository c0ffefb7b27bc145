// Proves: domains over real HTTP and a real DNS server: nobody has one without its proof, one organization has it, and people with a verified address on it join.

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMailServer, type TestMailServer } from '../../mail/testing/mail-server.ts';
import { startDnsServer, type TestDnsServer } from '../../network/testing/dns-server.ts';
import { createApiBrowser } from '../testing/api-browser.ts';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';
import { tokenOf } from '../testing/sign-in-world.ts';
import { expectForAdminsAlone } from '../testing/walls.ts';

const PATH = '/api/organizations/domains';
const texts = new Map<string, readonly string[]>();
let dns: TestDnsServer;
let mail: TestMailServer;
let server: TestServer;
let place: ApiOrganization;
beforeAll(async () => {
  dns = await startDnsServer(({ name, type }) => (type === 'TXT' ? (texts.get(name) ?? null) : null));
  mail = await startMailServer();
  server = await startTestServer({
    ...{ WEIR_DNS_SERVERS: dns.address, WEIR_TRUST_PROXY: 'loopback' },
    ...{ WEIR_SMTP_URL: mail.url, WEIR_MAIL_FROM: 'Weir <weir@example.test>' },
  });
  place = await createApiOrganization(server);
});
afterAll(async () => {
  await server.close();
  await mail.close();
  await dns.close();
});

const newDomain = (): string => `d-${randomUUID()}.example`;
const claim = async (domain = newDomain(), who = place.admin) => {
  const made = await who.request('POST', PATH, { body: { domain } });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data as { id: string; domain: string; proof: { dns_name: string; value: string } };
};
const look = (id: string, who = place.admin) => who.request('POST', `${PATH}/${id}/verify`);
const forgetLook = (id: string) =>
  server.owner.query('update weir.organization_domains set last_checked_at = null where id = $1', [id]);
const prove = async (domain = newDomain(), who = place.admin) => {
  const made = await claim(domain, who);
  texts.set(made.proof.dns_name, ['v=spf1 -all', made.proof.value]);
  expect((await look(made.id, who)).body.data.verified_at).not.toBeNull();
  return made;
};

describe('a claim', () => {
  it('says what has to be where, and holds once it is there', async () => {
    const { id, domain, proof } = await claim('  Proven.Example ');
    expect([domain, proof.dns_name]).toEqual(['proven.example', '_weir-challenge.proven.example']);
    const missing = await look(id);
    expect([missing.status, missing.body.reason]).toEqual([409, 'missing']);
    expect(missing.body.detail).toContain('_weir-challenge.proven.example');
    texts.set(proof.dns_name, ['weir-verification=another']);
    const soon = await look(id);
    expect([soon.status, soon.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^[123]$/)]);
    await forgetLook(id);
    expect((await look(id)).body.reason).toBe('different');
    texts.set(proof.dns_name, [proof.value]);
    await forgetLook(id);
    const verified = await look(id);
    expect(verified.body.data).toMatchObject({ id, auto_join: false, verified_at: expect.any(String) });
    texts.delete(proof.dns_name);
    expect((await look(id)).body.data.verified_at).toBe(verified.body.data.verified_at);
    expect((await place.actions()).slice(-2)).toEqual(['domain.create', 'domain.verify']);
  });

  it('may be made by two organizations, of which the first to prove it has it', async () => {
    const domain = newDomain();
    const [mine, theirs] = [await claim(domain), await claim(domain, place.stranger)];
    for (const { proof } of [mine, theirs])
      texts.set(proof.dns_name, [...(texts.get(proof.dns_name) ?? []), proof.value]);
    const answers = await Promise.all([look(mine.id), look(theirs.id, place.stranger)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.reason).toBe('verified_elsewhere');
    const late = await (await createApiOrganization(server)).owner.request('POST', PATH, { body: { domain } });
    expect([late.status, late.body.errors[0].path]).toEqual([409, 'domain']);
    expect((await place.admin.request('POST', PATH, { body: { domain } })).status).toBe(409);
  });

  it.each([
    ['mail for everybody', 'gmail.com'],
    ['a part of it', 'team.outlook.com'],
    ['no dot', 'localhost'],
    ['an address', '192.0.2.1'],
    ['a url', 'https://example.com'],
    ['a path', 'example.com/x'],
    ['a port', 'example.com:80'],
    ['a wildcard', '*.example.com'],
    ['letters of other alphabets', 'bücher.example'],
    ['an endless name', `${'a.'.repeat(200)}example`],
  ])('is refused of %s', async (_name, domain) => {
    const refused = await place.admin.request('POST', PATH, { body: { domain } });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([400, 'domain']);
  });

  it('is listed by name, changed and given up', async () => {
    const { id } = await claim();
    const { body } = await place.admin.request('GET', `${PATH}?limit=100`);
    expect(body.data.map(({ domain }: { domain: string }) => domain)).toEqual(
      body.data.map(({ domain }: { domain: string }) => domain).toSorted(),
    );
    const changed = await place.admin.request('PATCH', `${PATH}/${id}`, { body: { method: 'http_file' } });
    expect(changed.body.data.method).toBe('http_file');
    const early = await place.admin.request('PATCH', `${PATH}/${id}`, { body: { auto_join: true } });
    expect([early.status, early.body.reason]).toEqual([409, 'not_verified']);
    const verified = { verified_at: '2020-01-01T00:00:00Z' };
    expect((await place.admin.request('PATCH', `${PATH}/${id}`, { body: verified })).status).toBe(400);
    expect((await place.admin.request('DELETE', `${PATH}/${id}`)).status).toBe(204);
    expect((await place.actions()).slice(-2)).toEqual(['domain.update', 'domain.remove']);
  });

  it.each([
    ['GET', PATH, undefined],
    ['POST', PATH, { domain: 'guarded.example' }],
    ['POST', `${PATH}/{id}/verify`, undefined],
    ['PATCH', `${PATH}/{id}`, { auto_join: false }],
    ['DELETE', `${PATH}/{id}`, undefined],
  ])('%s %s is for admins of that very organization', async (method, path, body) => {
    const { id } = await claim();
    await expectForAdminsAlone(server, place, { method, path, id, body });
  });
});

describe('joining by a domain', () => {
  const PASSWORD = 'correct horse battery';
  const signUp = async (email: string) => {
    const browser = createApiBrowser(server);
    await browser.request('POST', '/api/auth/sign-up/email', { body: { name: 'Ada', email, password: PASSWORD } });
    return browser;
  };
  const verify = async (browser: ReturnType<typeof createApiBrowser>, email: string) => {
    const { links } = await mail.next(email);
    return browser.request('POST', '/api/auth/verify-email', { body: { token: tokenOf(links) } });
  };
  const signIn = (browser: ReturnType<typeof createApiBrowser>, email: string) =>
    browser.request('POST', '/api/auth/sign-in/email', { body: { email, password: PASSWORD } });
  const organizationsOf = async (email: string): Promise<string[]> => {
    const { rows } = await server.owner.query(
      'select m.organization_id as id from weir.members m join weir.users u on u.id = m.user_id where u.email = $1',
      [email],
    );
    return rows.map(({ id }) => id);
  };
  const open = async (own: ApiOrganization, isOpen = true) => {
    const { id, domain } = await prove(newDomain(), own.admin);
    await own.admin.request('PATCH', `${PATH}/${id}`, { body: { auto_join: isOpen } });
    return domain;
  };

  it('happens when the address is verified, as a member, once', async () => {
    const domain = await open(place);
    const email = `ada@${domain}`;
    const browser = await signUp(email);
    expect(await organizationsOf(email)).toEqual([]);
    expect((await verify(browser, email)).status).toBe(204);
    expect(await organizationsOf(email)).toEqual([place.id]);
    await signIn(browser, email);
    const { body } = await browser.request('GET', '/api/me');
    expect(body.data.memberships).toMatchObject([{ organization: { id: place.id }, role: 'member' }]);
    const { rows } = await server.owner.query(
      `select after, ip from weir.audit_logs where action = 'member.join' and target_id = $1`,
      [body.data.user.id],
    );
    expect(rows).toMatchObject([{ after: { email, domain }, ip: browser.address }]);
  });

  it('happens at the next sign-in once the domain lets people in, and never again after a removal', async () => {
    const own = await createApiOrganization(server);
    const domain = await open(own, false);
    const email = `bea@${domain}`;
    const browser = await signUp(email);
    await verify(browser, email);
    await signIn(browser, email);
    expect(await organizationsOf(email)).toEqual([]);
    const [claimed] = (await own.admin.request('GET', PATH)).body.data;
    await own.admin.request('PATCH', `${PATH}/${claimed.id}`, { body: { auto_join: true } });
    await signIn(browser, email);
    expect(await organizationsOf(email)).toEqual([own.id]);
    const { body } = await browser.request('GET', '/api/me');
    await own.admin.request('DELETE', `/api/organizations/users/${body.data.user.id}`);
    await signIn(browser, email);
    expect(await organizationsOf(email)).toEqual([]);
  });

  it('waits for nobody who has an invitation, which says more, and stops at the plan’s room', async () => {
    const own = await createApiOrganization(server);
    const domain = await open(own);
    const [invited, crowd] = [`cleo@${domain}`, `dan@${domain}`];
    await own.admin.request('POST', '/api/organizations/invite', { body: { email: invited, role: 'admin' } });
    const token = tokenOf((await mail.next(invited)).links);
    const browser = await signUp(invited);
    await verify(browser, invited);
    expect(await organizationsOf(invited)).toEqual([]);
    await signIn(browser, invited);
    const accepted = await browser.request('POST', '/api/organizations/invitations/accept', { body: { token } });
    expect(accepted.body.data.role).toBe('admin');
    await server.owner.query(`update weir.organizations set pricing_plan = 'free' where id = $1`, [own.id]);
    expect((await verify(await signUp(crowd), crowd)).status).toBe(204);
    expect(await organizationsOf(crowd)).toEqual([]);
  });
});
