// Proves: the way of people from signing up to a call at the gateway and back to the door, each step by the API over real HTTP, as the portal takes it.

import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/primitives/clock.ts';
import { createApiBrowser, totpCode } from '../../src/server/testing/api-browser.ts';
import { dataOf, journeyOfFile, PASSWORD, signIn, type Traveller, tokenMailedTo } from './journey-world.ts';

const world = journeyOfFile();
const DOMAIN = 'acme.example';
const [ADA, BEA, CLEO, DAN] = ['ada@people.example', 'bea@people.example', 'cleo@people.example', `dan@${DOMAIN}`];
/** How long an authenticator shows a code. */
const STEP_MS = 30_000;
const INVITATIONS = '/api/organizations/invitations';

describe('a new user', () => {
  let ada: Traveller;
  let bea: Traveller;
  let cleo: Traveller;
  let organization = '';
  let key: { readonly id: string; readonly secret: string };
  beforeAll(async () => {
    ada = await world().arrive('Ada', ADA);
  });

  it('is in nobody’s organization, and is told where the wizard begins', async () => {
    expect(dataOf(await ada.request('GET', '/api/me'))).toMatchObject({
      user: { email: ADA, email_verified: true, platform_role: 'user' },
      ...{ memberships: [], impersonation: null },
    });
    expect(dataOf(await ada.request('GET', '/api/onboarding')).current_step).toBe('organization');
    expect((await ada.request('GET', '/api/organizations/users')).status).toBe(400);
  });

  it('makes an organization and owns it', async () => {
    const body = { name: 'Acme & Sons', business_type: 'software' };
    const made = dataOf(await ada.request('POST', '/api/organizations', { body }), 201);
    expect(made).toMatchObject({ slug: 'acme-sons', role: 'owner', pricing_plan: 'free', status: 'active' });
    organization = made.id;
    const progress = { organization_id: organization, steps: { organization: 'done', business_type: 'done' } };
    const noted = dataOf(
      await ada.request('PUT', '/api/onboarding', { body: { ...progress, current_step: 'domain' } }),
    );
    expect(noted).toMatchObject({ current_step: 'domain', organization_id: organization });
  });

  it('verifies a domain by its TXT record', async () => {
    const claimed = dataOf(await ada.request('POST', '/api/organizations/domains', { body: { domain: DOMAIN } }), 201);
    expect(claimed.verified_at).toBeNull();
    world().texts.set(claimed.proof.dns_name, [claimed.proof.value]);
    const place = `/api/organizations/domains/${claimed.id}`;
    expect(dataOf(await ada.request('POST', `${place}/verify`)).verified_at).not.toBeNull();
    expect(dataOf(await ada.request('PATCH', place, { body: { auto_join: true } })).auto_join).toBe(true);
  });

  it('invites two people, who join by the links in their mails, each with their own', async () => {
    const invitations = [{ email: BEA, role: 'admin' }, { email: CLEO }];
    const invited = dataOf(await ada.request('POST', '/api/organizations/invite', { body: { invitations } }), 201);
    expect(invited.map(({ result }: { result: string }) => result)).toEqual(['invited', 'invited']);
    const tokens = [
      await tokenMailedTo(world(), BEA, '/accept-invitation'),
      await tokenMailedTo(world(), CLEO, '/accept-invitation'),
    ];
    const preview = { body: { token: tokens[0] } };
    const stranger = createApiBrowser(world());
    const seen = dataOf(await stranger.request('POST', `${INVITATIONS}/preview`, preview));
    expect(seen).toMatchObject({ organization: { name: 'Acme & Sons' }, role: 'admin' });

    bea = await world().arrive('Bea', BEA);
    cleo = await world().arrive('Cleo', CLEO);
    const accept = (person: Traveller, token = '') =>
      person.request('POST', `${INVITATIONS}/accept`, { body: { token } });
    expect((await accept(cleo, tokens[0])).status).toBe(403);
    expect(dataOf(await accept(bea, tokens[0])).role).toBe('admin');
    expect(dataOf(await accept(cleo, tokens[1])).role).toBe('member');
    expect((await accept(bea, tokens[0])).status).toBe(409);
    const members = dataOf(await bea.request('GET', '/api/organizations/users'));
    expect(members.map(({ email, role }: { email: string; role: string }) => [email, role])).toEqual([
      [ADA, 'owner'],
      [BEA, 'admin'],
      [CLEO, 'member'],
    ]);
  });

  it('sets roles, which are in force with the next request', async () => {
    const list = async (): Promise<number> => (await cleo.request('GET', '/api/organizations/users')).status;
    const setRole = async (role: string): Promise<void> => {
      dataOf(await ada.request('PUT', `/api/organizations/users/${cleo.id}`, { body: { role } }));
    };
    expect(await list()).toBe(403);
    await setRole('admin');
    expect(await list()).toBe(200);
    expect(dataOf(await cleo.request('GET', '/api/permissions')).permissions).toContain('members.update');
    await setRole('member');
    expect(await list()).toBe(403);
    const own = await bea.request('PUT', `/api/organizations/users/${bea.id}`, { body: { role: 'owner' } });
    expect(own.status).toBe(403);
  });

  it('makes a key, with which the gateway answers the official SDK', async () => {
    const body = { name: 'First key', environment: 'test', allowed_models: ['sandbox-chat'], requests_per_minute: 60 };
    key = dataOf(await ada.request('POST', '/api/api-keys', { body }), 201);
    expect(await world().ask(key.secret)).not.toBe('');
    const verdict = dataOf(await ada.request('POST', '/api/api-keys/validate', { body: { key: key.secret } }));
    expect(verdict).toMatchObject({ accepted: true, key: { id: key.id, state: 'active' } });
    const { completed_at } = dataOf(await ada.request('POST', '/api/onboarding/complete'));
    expect(completed_at).not.toBeNull();
  });

  it('comes back with a second factor, without which the password opens nothing', async () => {
    const password = { body: { password: PASSWORD } };
    const begun = dataOf(await ada.request('POST', '/api/auth/two-factor/enable', password));
    const code = (aheadMs: number) => ({ body: { code: totpCode(begun.totp_uri, systemClock.nowMs() + aheadMs) } });
    const first = code(0);
    dataOf(await ada.request('POST', '/api/auth/two-factor/verify-totp', first));
    dataOf(await ada.request('POST', '/api/auth/sign-out'), 204);
    expect((await ada.request('GET', '/api/me')).status).toBe(401);

    const browser = createApiBrowser(world());
    const account = { body: { email: ADA, password: PASSWORD } };
    const half = dataOf(await browser.request('POST', '/api/auth/sign-in/email', account));
    expect(half).toEqual({ two_factor_required: true, user: null });
    expect((await browser.request('GET', '/api/me')).status).toBe(401);
    expect((await browser.request('POST', '/api/auth/two-factor/verify-totp', first)).status).toBe(401);
    // A code is used once. The next one counts already: clocks differ.
    dataOf(await browser.request('POST', '/api/auth/sign-in/email', account));
    dataOf(await browser.request('POST', '/api/auth/two-factor/verify-totp', code(STEP_MS)));
    expect(dataOf(await browser.request('GET', '/api/me')).user).toMatchObject({
      id: ada.id,
      two_factor_enabled: true,
    });
    ada = { ...ada, request: browser.request };
  });

  it('revokes the key: the very next call is refused', async () => {
    expect(await world().ask(key.secret)).not.toBe('');
    expect(dataOf(await bea.request('POST', `/api/api-keys/${key.id}/revoke`)).state).toBe('revoked');
    const refused = await world()
      .ask(key.secret)
      .catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(OpenAI.AuthenticationError);
  });

  it('is joined by who has an address on the domain, once the plan has room', async () => {
    const dan = await world().arrive('Dan', DAN);
    const memberships = async () => dataOf(await dan.request('GET', '/api/me')).memberships;
    expect(await memberships()).toEqual([]);
    const root = await world().superadmin();
    const plan = { body: { pricing_plan: 'starter' } };
    dataOf(await root.request('PUT', `/api/admin/organizations/${organization}`, plan));
    await signIn(createApiBrowser(world()), DAN);
    expect(await memberships()).toMatchObject([{ organization: { id: organization }, role: 'member' }]);
  });

  it('finds every act in the audit log, whose chain is whole', async () => {
    const log = dataOf(await ada.request('GET', '/api/audit-logs?limit=100'));
    const acts = log.map((row: { action: string; actor: { name: string | null } }) => [row.action, row.actor.name]);
    expect(acts.toReversed()).toEqual([
      ['organization.create', 'Ada'],
      ['domain.create', 'Ada'],
      ['domain.verify', 'Ada'],
      ['domain.update', 'Ada'],
      ['invitation.create', 'Ada'],
      ['invitation.create', 'Ada'],
      ['member.join', 'Bea'],
      ['member.join', 'Cleo'],
      ['member.update', 'Ada'],
      ['member.update', 'Ada'],
      ['virtual_key.create', 'Ada'],
      ['virtual_key.revoke', 'Bea'],
      ['organization.change_terms', null],
      ['member.join', 'Dan'],
    ]);
    expect(JSON.stringify(log)).not.toContain(key.secret);
    const chain = dataOf(await ada.request('GET', '/api/audit-logs/verify'));
    expect(chain).toMatchObject({ valid: true, complete: true, rows_checked: acts.length, fault: null });
    expect((await world().weir('audit', 'verify')).code).toBe(0);
  });
});
