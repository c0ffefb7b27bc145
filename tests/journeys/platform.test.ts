// Proves: the way of a superadmin who helps an organization and suspends it, and of an admin's script, each step by the API over real HTTP.

import OpenAI from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import { createWeir, isProblem } from '../../sdk/src/index.ts';
import { PATIENCE_MS } from '../../src/server/testing/calls.ts';
import { dataOf, journeyOfFile, type Traveller } from './journey-world.ts';

const world = journeyOfFile();
/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const REASON = 'Ticket 4711: cannot see the members';

let root: Traveller;
let ada: Traveller;
let bea: Traveller;
let organization = '';
let key: { readonly id: string; readonly secret: string };
beforeAll(async () => {
  [root, ada, bea] = [
    await world().superadmin(),
    await world().arrive('Ada', 'ada@people.example'),
    await world().arrive('Bea', 'bea@people.example'),
  ];
  organization = dataOf(await ada.request('POST', '/api/organizations', { body: { name: 'Acme' } }), 201).id;
  key = dataOf(await ada.request('POST', '/api/api-keys', { body: { name: 'First key' } }), 201);
});

describe('a superadmin who acts as somebody', () => {
  const me = async () => dataOf(await root.request('GET', '/api/me'));

  it('is a stranger to the organization until then', async () => {
    expect((await root.request('GET', '/api/organizations/users', { organization })).status).toBe(404);
    const start = { body: { reason: REASON, minutes: 30 } };
    const began = dataOf(await root.request('POST', `/api/admin/users/${ada.id}/impersonate`, start), 201);
    expect(began.user).toMatchObject({ id: ada.id, email: ada.email });
  });

  it('sees what that person sees, and what the banner says', async () => {
    const { user, memberships, impersonation } = await me();
    expect([user.id, user.platform_role, memberships.length]).toEqual([ada.id, 'user', 1]);
    expect(impersonation).toMatchObject({ impersonator: { id: root.id, name: 'Root' }, reason: REASON });
    expect(Date.parse(impersonation.expires_at)).not.toBeNaN();
    expect(dataOf(await root.request('GET', '/api/organizations/users'))).toMatchObject([{ id: ada.id }]);
  });

  it('is refused keys, secrets, sign-in, ownership, billing and the platform', async () => {
    const refusals: readonly (readonly [string, string, unknown?])[] = [
      ['GET', '/api/api-keys'],
      ['POST', '/api/api-keys', { name: 'Mine' }],
      ['POST', `/api/api-keys/${key.id}/rotate`, {}],
      ['POST', `/api/api-keys/${key.id}/revoke`],
      ['GET', '/api/provider-keys'],
      ['POST', '/api/provider-keys', { provider: 'openai', label: 'Mine', secret: 'sk-of-somebody' }],
      ['POST', '/api/api-tokens', { name: 'Mine' }],
      ['POST', '/api/auth/change-password', { current_password: 'x', new_password: 'correct horse battery' }],
      ['POST', '/api/auth/two-factor/enable', { password: 'x' }],
      ['POST', '/api/organizations/transfer-ownership', { user_id: root.id }],
      ['POST', '/api/organizations/leave'],
      ['PUT', `/api/organizations/${organization}`, { billing_email: 'mine@people.example' }],
      ['DELETE', `/api/organizations/${organization}`],
      ['POST', `/api/admin/users/${bea.id}/impersonate`, { reason: REASON }],
      ['GET', '/api/admin/users'],
    ];
    for (const [method, path, body] of refusals) {
      const { status, body: problem } = await root.request(method, path, body === undefined ? {} : { body });
      expect([method, path, status, problem.code]).toEqual([method, path, 403, 'forbidden']);
    }
  });

  it('may help, and goes back to their own session', async () => {
    dataOf(await root.request('PUT', `/api/organizations/${organization}`, { body: { name: 'Acme again' } }));
    expect(dataOf(await root.request('POST', '/api/admin/stop-impersonating'))).toEqual({ returned: true });
    const { user, impersonation } = await me();
    expect([user.id, impersonation]).toEqual([root.id, null]);
    expect((await root.request('GET', '/api/organizations/users', { organization })).status).toBe(404);
  });

  it('has both names in the log of what was done', async () => {
    const [row] = dataOf(await ada.request('GET', '/api/audit-logs?action=organization.update'));
    expect(row).toMatchObject({ actor: { id: ada.id, name: 'Ada' }, impersonator: { id: root.id } });
    const platform = dataOf(
      await root.request('GET', '/api/admin/audit-logs?organization=platform&action=impersonation.*'),
    );
    expect(platform.map(({ action }: { action: string }) => action)).toEqual([
      'impersonation.stop',
      'impersonation.start',
    ]);
    expect(platform[1].after.reason).toBe(REASON);
  });
});

describe('a suspended organization', () => {
  const write = () => ada.request('PUT', `/api/organizations/${organization}`, { body: { name: 'Acme' } });
  const call = () =>
    world()
      .ask(key.secret)
      .then(
        () => 'answered',
        (error: unknown) => (error instanceof OpenAI.PermissionDeniedError ? error.code : String(error)),
      );
  const admin = (act: string, body?: object) =>
    root.request('POST', `/api/admin/organizations/${organization}/${act}`, body === undefined ? {} : { body });

  it('is refused at the gateway and may change nothing, but reads why', async () => {
    expect(await call()).toBe('answered');
    dataOf(await admin('suspend', { reason: 'The invoice is overdue' }));
    await expect.poll(call, PATIENCE).toBe('organization_suspended');
    const refused = await write();
    expect([refused.status, refused.body.code]).toEqual([403, 'organization_suspended']);
    expect((await ada.request('POST', '/api/api-keys', { body: { name: 'Another' } })).status).toBe(403);
    expect(dataOf(await ada.request('GET', `/api/organizations/${organization}`)).status).toBe('suspended');
  });

  it('works again once it is resumed', async () => {
    dataOf(await admin('resume'));
    await expect.poll(call, PATIENCE).toBe('answered');
    expect(dataOf(await write()).name).toBe('Acme');
  });
});

describe('an admin’s script', () => {
  it('goes by a token of the organization through its members, and no further', async () => {
    const token = { body: { name: 'A script', kind: 'organization', role: 'admin' } };
    const made = dataOf(await ada.request('POST', '/api/api-tokens', token), 201);
    const weir = createWeir({ baseUrl: world().url, token: made.secret, retriesMax: 0 });

    const invited = await weir.invitations.inviteMembers({ body: { email: bea.email, role: 'member' } });
    expect(invited.data.map(({ result }) => result)).toEqual(['invited']);
    const { links } = await world().mail.next(bea.email);
    const accepted = { body: { token: new URL(links[0] ?? '').searchParams.get('token') } };
    dataOf(await bea.request('POST', '/api/organizations/invitations/accept', accepted));

    const seen: string[] = [];
    for await (const { name, role } of weir.members.list({ query: { limit: 1 } }).all()) seen.push(`${name}, ${role}`);
    expect(seen).toEqual(['Ada, owner', 'Bea, member']);

    const service = await weir.virtualKeys.createApiKey({ body: { name: 'Of the script', environment: 'test' } });
    expect(service.data.owner.type).toBe('service');
    expect(await world().ask(service.data.secret)).not.toBe('');
    for (const refused of [
      () => weir.apiTokens.create({ body: { name: 'x' } }),
      () => weir.members.transferOwnership({ body: { user_id: bea.id } }),
    ])
      expect(isProblem(await refused().catch((error: unknown) => error), 'forbidden')).toBe(true);

    dataOf(await ada.request('POST', `/api/api-tokens/${made.id}/revoke`));
    await expect(weir.members.list()).rejects.toMatchObject({ status: 401 });
    expect(await world().ask(service.data.secret)).not.toBe('');
  });
});
