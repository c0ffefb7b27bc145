// Proves: a key that acts for others is worth no more than its owner is at that moment.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiOrganization } from '../../src/server/testing/api-organization.ts';
import { type ApiPerson, createApiPerson } from '../../src/server/testing/api-person.ts';
import { sendChat } from '../../src/server/testing/calls.ts';
import { startTestServer, type TestServer } from '../../src/server/testing/running-server.ts';

/** A call that is refused asks nothing of the ledger: what changes then is in force when the notification is here, within a second. */
const TOLD = { interval: 20 };

let server: TestServer;
let root: ApiPerson;
beforeAll(async () => {
  server = await startTestServer();
  root = await createApiPerson(server, { platformRole: 'superadmin' });
});
afterAll(() => server.close());

/** An admin with a key that acts for members, and what it is answered for another one. */
async function createActing() {
  const { admin, owner, member } = await createApiOrganization(server);
  const body = { name: 'Acting', environment: 'test', can_act_for_members: true };
  const made = await admin.request('POST', '/api/api-keys', { body });
  expect(made.status).toBe(201);
  const ask = async (person: ApiPerson | null = member): Promise<readonly [number, string | undefined]> => {
    const headers: Record<string, string> = person === null ? {} : { 'x-weir-user': person.userId };
    const answer = await sendChat(server.url, made.body.data.secret, { headers });
    const text = (await answer.json()) as { weir?: { code?: string } };
    return [answer.status, text.weir?.code];
  };
  expect(await ask()).toEqual([200, undefined]);
  return { admin, owner, member, ask };
}

describe('a key that acts for members', () => {
  it('acts for nobody once its owner is an admin no more, and works for its owner', async () => {
    const { admin, owner, ask } = await createActing();
    const body = { role: 'member' };
    expect((await owner.request('PUT', `/api/organizations/users/${admin.userId}`, { body })).status).toBe(200);
    expect(await ask()).toEqual([403, 'forbidden']);
    expect(await ask(owner)).toEqual([403, 'forbidden']);
    expect(await ask(null)).toEqual([200, undefined]);
  });

  it('acts for nobody while its owner is paused', async () => {
    const { admin, owner, ask } = await createActing();
    const at = `/api/organizations/users/${admin.userId}`;
    expect((await owner.request('POST', `${at}/pause`, { body: {} })).status).toBe(200);
    expect(await ask()).toEqual([403, 'member_paused']);
    expect((await owner.request('POST', `${at}/resume`)).status).toBe(200);
    await expect.poll(() => ask(), TOLD).toEqual([200, undefined]);
  });

  it('acts for nobody once its owner is banned or gone', async () => {
    const { admin, owner, ask } = await createActing();
    const banned = await root.request('POST', `/api/admin/users/${admin.userId}/ban`, { body: { reason: 'A test' } });
    expect(banned.status).toBe(200);
    expect(await ask()).toEqual([403, 'member_paused']);
    expect((await owner.request('DELETE', `/api/organizations/users/${admin.userId}`)).status).toBe(204);
    await expect.poll(async () => (await ask())[0], TOLD).toBe(401);
  });

  it('acts for nobody who is paused themselves', async () => {
    const { owner, member, ask } = await createActing();
    await owner.request('POST', `/api/organizations/users/${member.userId}/pause`, { body: {} });
    expect(await ask()).toEqual([403, 'member_paused']);
  });
});
