// Proves: what each reader gets of the audit log and of activity, by the routes' handlers, in the form that the contracts say.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { activityEndpoints } from '../../contracts/audit/activity.ts';
import { auditLogEndpoints } from '../../contracts/audit/audit-logs.ts';
import type { MemberCaller } from '../../contracts/caller.ts';
import { isReply, type Route } from '../../contracts/route.ts';
import { createDemoDatabase, type DemoDatabase } from '../../database/facts/testing/demo-database.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { DemoUserName } from '../../database/seeds/index.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { auditRoutes } from './audit.routes.ts';
import { type AuditAct, createAudit } from './audit.service.ts';
import { createAuditLogService } from './audit-log.service.ts';
import { callerOf } from './testing/callers.ts';

let demo: DemoDatabase;
let routes: Route[];
const audit = createAudit({ clock: systemClock, random: createSystemRandom() });

const as = (name: DemoUserName): MemberCaller => callerOf(demo, name);

async function act(caller: MemberCaller, action: string, change: Partial<AuditAct> = {}): Promise<void> {
  await withPrincipal(demo.runtime, caller, (tx) =>
    audit.record(tx, caller, { action, targetType: action.split('.')[0] ?? '', targetId: null, ...change }),
  );
}

/** As the server calls it: the query is checked by the endpoint first, the answer after. */
async function call(operationId: string, caller: MemberCaller, query: Record<string, string> = {}): Promise<unknown> {
  const route = routes.find(({ endpoint }) => endpoint.operationId === operationId);
  if (route === undefined) throw new Error(`no route ${operationId}`);
  const input = { caller, params: {}, query: route.endpoint.query.parse(query), body: undefined };
  const answer = await route.handle({
    ...{ ...input, idempotencyKey: null, ifMatch: null, lastEventId: null, request: caller.request },
    signal: new AbortController().signal,
  });
  return isReply(answer) ? answer : route.endpoint.output.parse(answer);
}

type Listed = { data: { id: string; action: string }[]; next_cursor: string | null };
const listed = async (operationId: string, caller: MemberCaller, query?: Record<string, string>): Promise<string[]> =>
  ((await call(operationId, caller, query)) as Listed).data.map(({ action }) => action);

beforeAll(async () => {
  demo = await createDemoDatabase();
  routes = auditRoutes({ auditLogs: createAuditLogService({ database: demo.runtime, audit }) });
  const admin = as('proAdmin');
  const member = as('proMember');
  await act(admin, 'member.pause', {
    targetId: member.userId,
    before: { status: 'active' },
    after: { status: 'paused' },
  });
  await act(admin, 'budget.create', { targetId: '100%_sure', after: { name: '=cmd()', amount: '-5' } });
  await act(member, 'virtual_key.create', { targetId: 'key-1', after: { name: 'My key', secret: 'hunter2' } });
  await act({ ...admin, impersonatorId: demo.userIds.superadmin }, 'member.resume', { targetId: member.userId });
  await act(as('freeAdmin'), 'organization.update');
  await withPlatform(demo.runtime, 'nightly', (tx) =>
    audit.recordFor(
      tx,
      { type: 'system', id: null, request: null },
      {
        action: 'config.update',
        targetType: 'config',
        targetId: null,
        organizationId: null,
      },
    ),
  );
});

afterAll(() => demo.close());

const ALL = ['member.resume', 'virtual_key.create', 'budget.create', 'member.pause'];

describe('the log of an organization', () => {
  test('is its own, whole, newest first', async () => {
    expect(await listed('listAuditLogs', as('proAdmin'))).toEqual(ALL);
    expect(await listed('listAuditLogs', as('freeAdmin'))).toEqual(['organization.update']);
  });

  test('is empty for a member, should the role ever not be asked', async () => {
    expect(await listed('listAuditLogs', as('proMember'))).toEqual([]);
  });

  test('is empty for an admin of another organization who names it', async () => {
    const { organizationId } = as('proAdmin');
    expect(await listed('listAuditLogs', { ...as('freeAdmin'), organizationId })).toEqual([]);
  });

  test.each<[Record<string, string>, string[]]>([
    [{ action: 'member.pause' }, ['member.pause']],
    [{ action: 'member.*' }, ['member.resume', 'member.pause']],
    [{ action: 'membe_.*' }, []],
    [{ target_type: 'budget' }, ['budget.create']],
    [{ target_id: 'key-1' }, ['virtual_key.create']],
    [{ search: 'KEY' }, ['virtual_key.create']],
    [{ search: '100%_' }, ['budget.create']],
    [{ search: '%' }, ['budget.create']],
    [{ from: '2000-01-01T00:00:00Z' }, ALL],
    [{ from: '9999-01-01T00:00:00Z' }, []],
    [{ to: '2000-01-01T00:00:00+02:00' }, []],
    [{ action: 'member.*', search: 'pause' }, ['member.pause']],
    [{ actor: '$member' }, ['virtual_key.create']],
    [{ impersonator: '$superadmin' }, ['member.resume']],
  ])('narrowed by %o', async (filter, expected) => {
    const ids: Record<string, string> = { $member: demo.userIds.proMember, $superadmin: demo.userIds.superadmin };
    const query = Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, ids[value] ?? value]));
    expect(await listed('listAuditLogs', as('proAdmin'), query)).toEqual(expected);
  });

  test.each([
    { actor: 'me' },
    { from: 'yesterday' },
    { from: '0000-01-01T00:00:00Z' },
    { search: '' },
    { search: 'a\0b' },
    { limit: '101' },
    { limit: '0' },
    { organization: 'x' },
    { unknown: 'x' },
  ])('a query of %o is refused', (query) => {
    expect(auditLogEndpoints.list.query.safeParse(query).success).toBe(false);
  });

  test('comes in pages that fit together', async () => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = cursor === null ? { limit: '1' } : { limit: '1', cursor };
      const page = (await call('listAuditLogs', as('proAdmin'), query)) as Listed;
      seen.push(...page.data.map(({ action }) => action));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(ALL);
  });

  test.each(['x', btoa('[]'), btoa('["2020-01-01T00:00:00Z"]'), btoa('[1,2]')])(
    'a cursor of %s is refused',
    async (cursor) => {
      await expect(call('listAuditLogs', as('proAdmin'), { cursor })).rejects.toMatchObject({
        code: 'invalid_request',
        param: 'cursor',
      });
    },
  );

  test('names both who acted and who stood behind, with before and after', async () => {
    const { data } = (await call('listAuditLogs', as('proAdmin'), { action: 'member.*' })) as { data: unknown[] };
    expect(data).toMatchObject([
      {
        actor: { type: 'user', id: demo.userIds.proAdmin, name: expect.any(String) },
        impersonator: { id: demo.userIds.superadmin, name: null },
        target: { type: 'member', id: demo.userIds.proMember },
      },
      { impersonator: null, before: { status: 'active' }, after: { status: 'paused' }, ip: '192.0.2.7' },
    ]);
  });
});

test("the superadmin's list holds every chain, or the one that is asked for", async () => {
  const superadmin = as('superadmin');
  const outside = { ...superadmin, organizationId: null } as unknown as MemberCaller;
  expect(await listed('listAllAuditLogs', outside)).toEqual(['config.update', 'organization.update', ...ALL]);
  expect(await listed('listAllAuditLogs', outside, { organization: 'platform' })).toEqual(['config.update']);
  const { organizationId } = as('freeAdmin');
  expect(await listed('listAllAuditLogs', outside, { organization: organizationId })).toEqual(['organization.update']);
});

test('the check of the chain tells an admin how it stands', async () => {
  expect(await call('verifyAuditLogs', as('proAdmin'))).toMatchObject({
    data: { chain: as('proAdmin').organizationId, valid: true, complete: true, rows_checked: 4, head: { sequence: 4 } },
  });
});

describe('activity', () => {
  test('is everything for an admin', async () => {
    expect(await listed('listActivity', as('proAdmin'))).toEqual(ALL);
  });

  test('is what a member did and what was done to them, without values', async () => {
    const { data } = (await call('listActivity', as('proMember'))) as { data: unknown[] };
    expect(data).toMatchObject([
      { summary: 'Member resume', impersonated: true, actor: { is_me: false, name: expect.any(String) } },
      { summary: 'Virtual key create', actor: { is_me: true }, target: { id: 'key-1', label: 'My key' } },
      { summary: 'Member pause', impersonated: false, target: { id: demo.userIds.proMember } },
    ]);
    expect(JSON.stringify(data)).not.toMatch(/paused|192\.0\.2\.7/);
  });

  test('of another organization is nothing', async () => {
    const { organizationId } = as('proAdmin');
    expect(await listed('listActivity', { ...as('freeAdmin'), organizationId })).toEqual([]);
  });

  test('comes in pages that fit together', async () => {
    const first = (await call('listActivity', as('proMember'), { limit: '2' })) as Listed;
    const rest = await listed('listActivity', as('proMember'), { limit: '2', cursor: first.next_cursor ?? '' });
    expect([...first.data.map(({ action }) => action), ...rest]).toEqual([
      'member.resume',
      'virtual_key.create',
      'member.pause',
    ]);
    expect(activityEndpoints.list.query.safeParse({ limit: '1000' }).success).toBe(false);
  });
});

// Last, as it adds rows.
test('the export is a CSV of all rows in which no cell is a formula, and is itself recorded', async () => {
  const admin = as('proAdmin');
  await demo.owner.query(
    `insert into weir.audit_logs (id, organization_id, action, target_type, target_id, user_agent)
     select weir_private.uuid_v7(), $1, 'load.test', 'x', '=1+1', '@SUM(A1)' from generate_series(1, 1200)`,
    [admin.organizationId],
  );
  const answer = await call('exportAuditLogs', admin);
  if (!isReply(answer) || answer.stream === undefined) throw new Error('not a file');
  let file = '';
  for await (const piece of answer.stream) file += piece;
  const lines = file.split('\r\n');
  expect(lines[0]).toMatch(/^created_at,sequence,actor_type,/);
  expect(lines[1]).toContain(',audit_log.export,');
  expect(lines.filter((line) => line.includes(",load.test,x,'=1+1,") && line.includes(",'@SUM(A1),"))).toHaveLength(
    1_200,
  );
  expect(lines).toHaveLength(1 + 1 + 1_200 + ALL.length + 1);
  // Newest first, though most of them are of one moment.
  const sequences = lines.slice(1, -1).map((line) => Number(line.split(',')[1]));
  expect(sequences).toEqual(sequences.toSorted((a, b) => b - a));
  expect(file).not.toContain('hunter2');
});
