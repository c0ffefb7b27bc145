// Proves: invitations over real HTTP: many at once with a result each, one use, seven days, for the invited address alone, and never more people than the plan has
// room for.

import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiOrganization, createApiOrganization } from '../testing/api-organization.ts';
import { type ApiPerson, createApiPerson, createApiSession, requestApi, UNKNOWN_ID } from '../testing/api-person.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let place: ApiOrganization;
beforeAll(async () => {
  server = await startTestServer();
  place = await createApiOrganization(server);
});
afterAll(() => server.close());

const INVITE = '/api/organizations/invite';
const LIST = '/api/organizations/invitations';
const ACCEPT = '/api/organizations/invitations/accept';
const PREVIEW = '/api/organizations/invitations/preview';
const newEmail = (): string => `${randomUUID()}@example.test`;

const invite = async (person: ApiPerson, body: Record<string, unknown>) => {
  const made = await person.request('POST', INVITE, { body });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.data[0].invitation as { id: string; email: string; status: string };
};
/** The token in the last mail to an address. */
const tokenTo = async (email: string): Promise<string> => {
  const { rows } = await server.owner.query(
    `select text_body from weir.mail_outbox where to_address = $1 and kind = 'invitation' order by created_at desc limit 1`,
    [email],
  );
  return /accept-invitation\?token=([\w-]{43})\b/.exec(rows[0]?.text_body ?? '')?.[1] ?? 'no token';
};
const withEmail = async (email: string): Promise<ApiPerson> => {
  const person = await createApiPerson(server);
  await server.owner.query('update weir.users set email = $2 where id = $1', [person.userId, email]);
  return { ...person, email };
};
const expire = (id: string) =>
  server.owner.query(`update weir.invitations set expires_at = now() - interval '1 second' where id = $1`, [id]);
const accept = (person: ApiPerson, token: string) => person.request('POST', ACCEPT, { body: { token } });
const preview = (token: string) => requestApi(server, ['POST', PREVIEW], { body: { token } });

describe('inviting', () => {
  it('mails a link whose token is nowhere else: not in answers, the table or the audit log', async () => {
    const email = newEmail();
    const made = await place.admin.request('POST', INVITE, {
      body: { email: `  ${email.toUpperCase()} `, role: 'admin' },
    });
    expect(made.body.data).toMatchObject([
      {
        ...{ email, result: 'invited' },
        invitation: { email, role: 'admin', status: 'pending', sent_count: 1, inviter: { id: place.admin.userId } },
      },
    ]);
    const { expires_at, created_at } = made.body.data[0].invitation;
    const days = (Date.parse(expires_at) - Date.parse(created_at)) / 86_400_000;
    expect(Math.round(days)).toBe(7);
    const token = await tokenTo(email);
    expect(Buffer.from(token, 'base64url').length).toBe(32);
    expect(JSON.stringify(made.body)).not.toContain(token);
    for (const table of ['invitations', 'audit_logs']) {
      const { rows } = await server.owner.query(`select to_jsonb(t)::text as text from weir.${table} t`);
      expect(rows.map(({ text }) => text).join('\n'), table).not.toContain(token);
    }
    const { rows } = await server.owner.query('select token_hash from weir.invitations where email = $1', [email]);
    expect(rows[0]?.token_hash).toEqual(createHash('sha256').update(token).digest());
    expect(await place.actions()).toContain('invitation.create');
  });

  it('takes many at once, with a result for each, and mails only those that are new', async () => {
    const [known, fresh] = [newEmail(), newEmail()];
    await invite(place.owner, { email: known });
    const department = await place.owner.request('POST', '/api/departments', { body: { name: 'Invited' } });
    const body = {
      invitations: [
        { email: known },
        { email: place.member.email },
        { email: fresh, role: 'admin', department_id: department.body.data.id },
      ],
    };
    const { status, body: answer } = await place.admin.request('POST', INVITE, { body });
    expect(status).toBe(201);
    expect(answer.data.map(({ result }: { result: string }) => result)).toEqual([
      'already_invited',
      'already_member',
      'invited',
    ]);
    expect(answer.data[2].invitation).toMatchObject({ role: 'admin', department: { name: 'Invited' } });
    const { rows } = await server.owner.query('select count(*)::integer from weir.mail_outbox where to_address = $1', [
      known,
    ]);
    expect(rows[0]?.count).toBe(1);
  });

  it('refuses one address that is a member’s or invited, by saying which', async () => {
    const email = newEmail();
    await invite(place.owner, { email });
    for (const [address, reason] of [
      [email, 'already_invited'],
      [place.member.email, 'already_member'],
    ]) {
      const refused = await place.owner.request('POST', INVITE, { body: { email: address } });
      expect([refused.status, refused.body.reason, refused.body.errors[0].path]).toEqual([409, reason, 'email']);
    }
  });

  it.each([
    ['nobody', {}, 'email'],
    ['both forms', { email: 'a@b.example', invitations: [{ email: 'c@d.example' }] }, 'email'],
    ['a malformed address', { email: 'nobody' }, 'email'],
    ['an address that reads as an option', { email: '-x@example.com' }, 'email'],
    ['two addresses in one', { email: 'a@b.example, c@d.example' }, 'email'],
    ['a header in an address', { email: 'a@b.example\r\nBcc: c@d.example' }, 'email'],
    ['a malformed one of many', { invitations: [{ email: 'a@b.example' }, { email: '@' }] }, 'invitations[1].email'],
    ['one twice', { invitations: [{ email: 'a@b.example' }, { email: 'A@b.example' }] }, 'invitations[1].email'],
    ['an unknown role', { email: 'a@b.example', role: 'king' }, 'role'],
    ['too many', { invitations: Array.from({ length: 101 }, (_, i) => ({ email: `a${i}@b.example` })) }, 'invitations'],
    ['another organization', { email: 'a@b.example', organization_id: UNKNOWN_ID }, 'organization_id'],
    ['a token of one’s own', { email: 'a@b.example', token: 'x' }, 'token'],
  ])('refuses %s', async (_name, body, path) => {
    const refused = await place.owner.request('POST', INVITE, { body });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([400, path]);
  });

  it('refuses a department of another organization as one that is not there', async () => {
    const theirs = await place.stranger.request('POST', '/api/departments', { body: { name: 'Theirs' } });
    const answers = await Promise.all(
      [theirs.body.data.id, UNKNOWN_ID].map((department_id) =>
        place.admin.request('POST', INVITE, { body: { invitations: [{ email: newEmail(), department_id }] } }),
      ),
    );
    const [foreign, unknown] = answers.map(({ status, body: { request_id, ...rest } }) => [status, rest]);
    expect(foreign).toEqual(unknown);
    expect([foreign?.[0], answers[0]?.body.errors[0].path]).toEqual([404, 'invitations[0].department_id']);
  });

  it('lets owners alone invite owners, send that again and revoke it', async () => {
    const email = newEmail();
    expect((await place.admin.request('POST', INVITE, { body: { email, role: 'owner' } })).status).toBe(403);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    const impersonator = await createApiSession(server, place.owner, platform.userId);
    expect((await impersonator.request('POST', INVITE, { body: { email, role: 'owner' } })).status).toBe(403);
    const { id } = await invite(place.owner, { email, role: 'owner' });
    for (const verb of ['resend', 'revoke'])
      expect((await place.admin.request('POST', `${LIST}/${id}/${verb}`)).status).toBe(403);
    expect((await place.owner.request('POST', `${LIST}/${id}/revoke`)).body.data.status).toBe('revoked');
  });
});

describe('the plan', () => {
  it('has room for so many members and pending invitations, also when they are invited at once', async () => {
    const small = await createApiOrganization(server, 'starter');
    const emails = Array.from({ length: 8 }, newEmail);
    const tooMany = await small.admin.request('POST', INVITE, {
      body: { invitations: emails.map((email) => ({ email })) },
    });
    expect([tooMany.status, tooMany.body.code, tooMany.body.upgrade_url]).toEqual([
      403,
      'plan_required',
      '/billing/plans',
    ]);
    expect(tooMany.body).toMatchObject({ max_members: 10, members: 3, invitations: 0, wanted: 8 });
    expect((await small.admin.request('GET', LIST)).body.data).toEqual([]);
    const answers = await Promise.all(emails.map((email) => small.admin.request('POST', INVITE, { body: { email } })));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(7).fill(201), 403]);
    const [first] = (await small.admin.request('GET', LIST)).body.data;
    await small.admin.request('POST', `${LIST}/${first.id}/revoke`);
    await invite(small.admin, { email: newEmail() });
  });

  it('that has become too small lets nobody else in', async () => {
    const small = await createApiOrganization(server, 'starter');
    const email = newEmail();
    await invite(small.owner, { email });
    await server.owner.query(`update weir.organizations set pricing_plan = 'free' where id = $1`, [small.id]);
    const person = await withEmail(email);
    const token = await tokenTo(email);
    expect((await accept(person, token)).body.code).toBe('plan_required');
    await server.owner.query(`update weir.organizations set pricing_plan = 'starter' where id = $1`, [small.id]);
    expect((await accept(person, token)).status).toBe(200);
  });
});

describe('accepting', () => {
  it('makes the invited person a member with role and department, once', async () => {
    const email = newEmail();
    const department = await place.owner.request('POST', '/api/departments', { body: { name: 'Joined' } });
    await invite(place.admin, { email, role: 'admin', department_id: department.body.data.id });
    const token = await tokenTo(email);
    expect((await preview(token)).body.data).toMatchObject({ role: 'admin', organization: { logo: null } });
    expect(JSON.stringify((await preview(token)).body)).not.toContain(email);
    const person = await withEmail(email);
    const answers = await Promise.all([accept(person, token), accept(person, token), accept(person, token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const won = answers.find(({ status }) => status === 200);
    expect(won?.body.data).toMatchObject({ organization: { id: place.id }, role: 'admin' });
    const { body } = await place.admin.request('GET', `/api/organizations/users/${person.userId}`);
    expect(body.data).toMatchObject({ role: 'admin', department: { name: 'Joined' } });
    const replayed = await accept(person, token);
    expect([replayed.status, replayed.body.reason]).toEqual([409, 'accepted']);
    expect((await preview(token)).status).toBe(409);
    const { rows } = await server.owner.query(
      `select actor_id from weir.audit_logs where action = 'member.join' and organization_id = $1 and target_id = $2`,
      [place.id, person.userId],
    );
    expect(rows).toEqual([{ actor_id: person.userId }]);
  });

  it('is refused to everybody else, without saying whose it is, and stays good', async () => {
    const email = newEmail();
    const { id } = await invite(place.admin, { email });
    const token = await tokenTo(email);
    const refused = await accept(place.stranger, token);
    expect([refused.status, refused.body.reason]).toEqual([403, 'another_address']);
    expect(JSON.stringify(refused.body)).not.toContain(email);
    await expire(id);
    expect((await accept(place.stranger, token)).body.reason).toBe('another_address');
    await server.owner.query(`update weir.invitations set expires_at = now() + interval '1 day' where id = $1`, [id]);
    const person = await withEmail(email);
    await server.owner.query('update weir.users set email_verified = false where id = $1', [person.userId]);
    expect((await accept(person, token)).body.reason).toBe('email_not_verified');
    expect((await accept(person, 'x'.repeat(43))).body.reason).toBe('email_not_verified');
    await server.owner.query('update weir.users set email_verified = true where id = $1', [person.userId]);
    const platform = await createApiPerson(server, { platformRole: 'superadmin' });
    expect((await accept(await createApiSession(server, person, platform.userId), token)).status).toBe(403);
    expect((await requestApi(server, ['POST', ACCEPT], { body: { token } })).status).toBe(401);
    expect((await accept(person, token)).status).toBe(200);
  });

  it.each([
    ['expired', (id: string) => expire(id), 'expired'],
    ['revoked', (id: string) => place.admin.request('POST', `${LIST}/${id}/revoke`), 'revoked'],
  ])('is refused when it is %s, and says so', async (_name, end, reason) => {
    const email = newEmail();
    const { id } = await invite(place.admin, { email });
    const token = await tokenTo(email);
    await end(id);
    for (const refused of [await accept(await withEmail(email), token), await preview(token)])
      expect([refused.status, refused.body.reason]).toEqual([409, reason]);
  });

  it('is refused with an unknown token, and into a suspended organization', async () => {
    expect((await accept(place.stranger, 'x'.repeat(43))).status).toBe(404);
    expect((await preview('x'.repeat(43))).status).toBe(404);
    expect((await preview('')).status).toBe(400);
    const idle = await createApiOrganization(server);
    const email = newEmail();
    await invite(idle.owner, { email });
    await server.owner.query(`update weir.organizations set status = 'suspended' where id = $1`, [idle.id]);
    expect((await accept(await withEmail(email), await tokenTo(email))).body.code).toBe('organization_suspended');
  });
});

describe('sending again, revoking and listing', () => {
  it('gives another link, which voids the first, and seven more days', async () => {
    const email = newEmail();
    const { id } = await invite(place.admin, { email });
    const first = await tokenTo(email);
    await expire(id);
    const listed = async (status: string): Promise<string[]> =>
      (await place.admin.request('GET', `${LIST}?status=${status}&search=${email}`)).body.data.map(
        (each: { id: string }) => each.id,
      );
    expect([await listed('expired'), await listed('pending')]).toEqual([[id], []]);
    const again = await place.admin.request('POST', `${LIST}/${id}/resend`);
    expect(again.body.data).toMatchObject({ status: 'pending', sent_count: 2 });
    const second = await tokenTo(email);
    expect((await preview(first)).status).toBe(404);
    expect((await preview(second)).status).toBe(200);
    await server.owner.query('update weir.invitations set sent_count = 10 where id = $1', [id]);
    expect((await place.admin.request('POST', `${LIST}/${id}/resend`)).body.reason).toBe('sent_too_often');
    await place.admin.request('POST', `${LIST}/${id}/revoke`);
    expect((await place.admin.request('POST', `${LIST}/${id}/revoke`)).body.data.status).toBe('revoked');
    expect((await place.admin.request('POST', `${LIST}/${id}/resend`)).body.reason).toBe('revoked');
    await invite(place.admin, { email });
    expect((await place.actions()).slice(-4)).toEqual([
      'invitation.create',
      'invitation.resend',
      'invitation.revoke',
      'invitation.create',
    ]);
  });

  it('does not revoke what was accepted, and invites anew whom an overdue one was for', async () => {
    const email = newEmail();
    const { id } = await invite(place.admin, { email });
    await accept(await withEmail(email), await tokenTo(email));
    const refused = await place.admin.request('POST', `${LIST}/${id}/revoke`);
    expect([refused.status, refused.body.reason]).toEqual([409, 'accepted']);
    const late = newEmail();
    await expire((await invite(place.admin, { email: late })).id);
    expect((await invite(place.admin, { email: late })).status).toBe('pending');
  });

  it('pages newest first', async () => {
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await place.admin.request('GET', `${LIST}?limit=5${cursor}`);
      ids.push(...body.data.map(({ id }: { id: string }) => id));
      cursor = body.next_cursor === null ? '' : `&cursor=${body.next_cursor}`;
    } while (cursor !== '');
    expect(ids).toEqual([...new Set(ids)].toSorted().toReversed());
    const { rows } = await server.owner.query(
      'select count(*)::integer from weir.invitations where organization_id = $1',
      [place.id],
    );
    expect(ids.length).toBe(rows[0]?.count);
  });

  it.each([
    ['POST', INVITE, { email: 'x@example.test' }],
    ['GET', LIST, undefined],
    ['POST', `${LIST}/{id}/resend`, undefined],
    ['POST', `${LIST}/{id}/revoke`, undefined],
  ])('%s %s is for admins of that very organization', async (method, path, body) => {
    const { id } = await invite(place.admin, { email: newEmail() });
    const request = body === undefined ? {} : { body };
    const own = path.replace('{id}', id);
    expect((await requestApi(server, [method, own], request)).status).toBe(401);
    expect((await place.member.request(method, own, request)).status).toBe(403);
    if (!path.includes('{id}')) return;
    const answers = [
      await place.stranger.request(method, own),
      await place.stranger.request(method, path.replace('{id}', UNKNOWN_ID)),
    ];
    const [foreign, unknown] = answers.map(({ status, body: { request_id, ...rest } }) => [status, rest]);
    expect(foreign).toEqual(unknown);
    expect(foreign?.[0]).toBe(404);
    expect((await place.admin.request(method, path.replace('{id}', 'x'))).body.errors[0].path).toBe('id');
  });
});
