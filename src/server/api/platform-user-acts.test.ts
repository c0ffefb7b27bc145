// Proves: banning, deleting, acting on many people and exporting them, over real HTTP and with the gateway, and that each act is recorded.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { insertKey } from '../key-rows.ts';
import { type ApiPerson, addApiMember, createApiPerson, createApiSession, UNKNOWN_ID } from '../testing/api-person.ts';
import { PATIENCE_MS, sendChat } from '../testing/calls.ts';
import { createPlatformWorld, type PlatformWorld } from '../testing/platform-world.ts';
import { startTestServer, type TestServer } from '../testing/running-server.ts';

let server: TestServer;
let root: ApiPerson;
let owner: ApiPerson;
let organizationId = '';
let actsOn: PlatformWorld['actsOn'];

/** Generous: it says nothing of how long things take. */
const PATIENCE = { timeout: PATIENCE_MS } as const;
const at = (person: Pick<ApiPerson, 'userId'>, rest = ''): string => `/api/admin/users/${person.userId}${rest}`;

beforeAll(async () => {
  server = await startTestServer();
  ({ root, owner, organizationId, actsOn } = await createPlatformWorld(server));
});
afterAll(() => server.close());

describe('banning a person', () => {
  it('ends sessions at once and refuses their keys; taken back, keys answer again', async () => {
    const person = await createApiPerson(server);
    await addApiMember(server, { organizationId, userId: person.userId, role: 'member' });
    const key = await insertKey(server.owner, {
      ...{ organizationId, email: person.email, name: 'Own', environment: 'test', canActForMembers: false },
      ...{ nowMs: systemClock.nowMs(), random: createSystemRandom() },
    });
    const answer = async (): Promise<number> => (await sendChat(server.url, key)).status;
    expect(await answer()).toBe(200);
    const banned = await root.request('POST', at(person, '/ban'), { body: { reason: 'abuse' } });
    expect(banned.body.data).toMatchObject({ banned: true, ban_reason: 'abuse', ban_expires: null, session_count: 0 });
    expect((await person.request('GET', '/api/me')).status).toBe(401);
    await expect.poll(answer, PATIENCE).toBe(403);
    const unbanned = await root.request('POST', at(person, '/unban'));
    expect(unbanned.body.data).toMatchObject({ banned: false, ban_reason: null });
    await expect.poll(answer, PATIENCE).toBe(200);
    expect((await root.request('POST', at(person, '/unban'))).status).toBe(200);
    expect((await actsOn(person.userId)).map(({ action }) => action)).toEqual(['user.ban', 'user.unban']);
  });

  it('may end by itself, and is not for oneself', async () => {
    const person = await createApiPerson(server);
    const until = new Date(Date.UTC(2100, 0, 1)).toISOString();
    const banned = await root.request('POST', at(person, '/ban'), { body: { reason: 'cooling off', until } });
    expect(banned.body.data.ban_expires).toBe(until);
    await server.owner.query(`update weir.users set ban_expires = now() - interval '1 second' where id = $1`, [
      person.userId,
    ]);
    const later = await createApiSession(server, person);
    expect((await later.request('GET', '/api/me')).status).toBe(200);
    expect((await root.request('GET', at(person))).body.data.banned).toBe(false);
    const own = await root.request('POST', at(root, '/ban'), { body: { reason: 'x' } });
    expect([own.status, own.body.code]).toEqual([403, 'forbidden']);
  });
});

describe('deleting a person', () => {
  it('is refused with the list while they are the only owner of an organization', async () => {
    const refused = await root.request('DELETE', at(owner));
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.organizations).toEqual([{ id: organizationId, name: 'Weir & Sons', slug: 'sons' }]);
    expect((await root.request('DELETE', at(root))).status).toBe(403);
  });

  it('takes membership, sessions, links and personal counters along; events stay under an id that names nobody', async () => {
    const person = await createApiPerson(server);
    const { userId } = person;
    await addApiMember(server, { organizationId, userId, role: 'member' });
    await server.owner.query(
      `insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, held)
       select k, now(), now() + interval '1 day', $2::uuid, 'daily_messages', 'messages', 1, h from (values
         ('model:gpt-4o:user:' || $2 || ':' || $1 || ':messages', 0), ('template:1:user:' || $2 || ':' || $1 || ':tokens:daily', 1),
         ('organization:' || $2 || ':tokens', 0)) as c (k, h)`,
      [userId, organizationId],
    );
    await server.owner.query(
      `insert into weir.usage_events (id, occurred_at, booked_at, organization_id, user_id, environment, model_id, provider, model_type, route,
         input_tokens, output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens, usage_source, status, streamed, trial,
         retries, fallback_used, counter_ids, amounts)
       values (gen_random_uuid(), now(), now(), $2, $1, 'production', 'gpt-4o', 'openai', 'catalog', '/v1/chat/completions', 1, 1, 0, 0, 0,
         'provider', 'success', false, false, 0, false, '{}', '{}')`,
      [userId, organizationId],
    );
    expect((await root.request('DELETE', at(person))).status).toBe(204);
    expect((await root.request('GET', at(person))).status).toBe(404);
    expect((await person.request('GET', '/api/me')).status).toBe(401);
    const { rows } = await server.owner.query(
      `select (select count(*)::int from weir.usage_events where user_id = $1) as events,
              (select count(*)::int from weir.members where user_id = $1) as memberships,
              (select string_agg(meter_key, ' ') from weir.counters where organization_id = $2 and meter_key like '%' || $1 || '%') as counters`,
      [userId, organizationId],
    );
    expect(rows[0]).toEqual({
      events: 1,
      memberships: 0,
      counters: `template:1:user:${organizationId}:${userId}:tokens:daily`,
    });
    const acts = await actsOn(userId);
    expect(acts.at(-1)).toMatchObject({ action: 'user.delete', actor_id: root.userId });
    const { rows: kept } = await server.owner.query(
      'select 1 from weir.audit_logs where action = $1 and before::text like $2',
      ['user.delete', '%people.example%'],
    );
    expect(kept).toEqual([]);
  });
});

describe('many at once', () => {
  it('says of each what became of it', async () => {
    const [first, second] = [await createApiPerson(server), await createApiPerson(server)];
    const change = async (body: object) => (await root.request('POST', '/api/admin/users/bulk', { body })).body.data;
    const ids = [first.userId, root.userId, UNKNOWN_ID, second.userId];
    const codes = (results: { error: { code: string } | null }[]) => results.map(({ error }) => error?.code ?? 'ok');
    expect(codes(await change({ action: 'ban', reason: 'spam', ids }))).toEqual(['ok', 'forbidden', 'not_found', 'ok']);
    expect((await root.request('GET', at(second))).body.data.banned).toBe(true);
    expect(codes(await change({ action: 'unban', ids }))).toEqual(['ok', 'ok', 'not_found', 'ok']);
    expect(codes(await change({ action: 'set_role', platform_role: 'platform_admin', ids }))).toEqual([
      ...['ok', 'forbidden', 'not_found', 'ok'],
    ]);
    expect(codes(await change({ action: 'delete', ids: [...ids, owner.userId] }))).toEqual([
      ...['ok', 'forbidden', 'not_found', 'ok', 'conflict'],
    ]);
    expect((await actsOn(first.userId)).map(({ action }) => action)).toEqual([
      ...['user.ban', 'user.unban', 'user.update', 'user.delete'],
    ]);
  });
});

describe('the export', () => {
  it('is a CSV of everybody who fits, in which no cell is a formula, and is recorded', async () => {
    const person = await createApiPerson(server);
    for (const name of ['=cmd()', '+1', '-1', '@SUM(A1)'])
      await server.owner.query('insert into weir.users (id, name, email) values (gen_random_uuid(), $1, $2)', [
        name,
        `cell-${Buffer.from(name).toString('hex')}@cells.example`,
      ]);
    const csv = await root.request('GET', '/api/admin/users/export.csv?search=cells.example');
    expect(csv.headers.get('content-type')).toMatch(/^text\/csv/);
    const lines: string[] = csv.body.trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^id,name,email,/);
    expect(
      lines
        .slice(1)
        .map((line) => line.split(',')[1])
        .sort(),
    ).toEqual(["'+1", "'-1", "'=cmd()", "'@SUM(A1)"].sort());
    const all = await root.request('GET', '/api/admin/users/export.csv');
    expect(all.body).toContain(person.email);
    const { rows } = await server.owner.query(
      `select actor_id, after from weir.audit_logs where action = 'user.export' order by sequence`,
    );
    expect(rows[0]).toMatchObject({ actor_id: root.userId, after: { filters: { search: 'cells.example' } } });
  });
});
