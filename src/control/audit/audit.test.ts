// Proves: that an act and its row are one transaction, what the row says, and for whom nobody can write.

import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MemberCaller } from '../../contracts/caller.ts';
import { createDemoDatabase, type DemoDatabase } from '../../database/facts/testing/demo-database.ts';
import { withPlatform, withPrincipal } from '../../database/principal.ts';
import type { DemoUserName } from '../../database/seeds/index.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { createAudit } from './audit.service.ts';
import { callerOf } from './testing/callers.ts';

let demo: DemoDatabase;
const audit = createAudit({ clock: systemClock, random: createSystemRandom() });

beforeAll(async () => {
  demo = await createDemoDatabase();
});

afterAll(() => demo.close());

const as = (name: DemoUserName): MemberCaller => callerOf(demo, name);

async function rowsOf(action: string): Promise<Record<string, unknown>[]> {
  const { rows } = await demo.owner.query('select * from weir.audit_logs where action = $1 order by sequence', [
    action,
  ]);
  return rows;
}

test('the row says who did what to what, from where, and holds no secret', async () => {
  const caller = as('proAdmin');
  await withPrincipal(demo.runtime, caller, (tx) =>
    audit.record(tx, caller, {
      action: 'provider_key.create',
      targetType: 'provider_credential',
      targetId: 'some-id',
      after: { label: 'main', api_key: 'hunter2hunter2', note: `was wr_live_${'a1B2'.repeat(11)}` },
    }),
  );
  const [row] = await rowsOf('provider_key.create');
  expect(row).toMatchObject({
    organization_id: caller.organizationId,
    actor_type: 'user',
    actor_id: caller.userId,
    impersonator_id: null,
    target_type: 'provider_credential',
    target_id: 'some-id',
    before: null,
    after: { label: 'main', api_key: '[redacted]', note: 'was [redacted]' },
    ip: '192.0.2.7',
    user_agent: caller.request.userAgent,
    request_id: caller.request.id,
    reason: null,
  });
});

test('an act that fails leaves no row, and a row that fails no act', async () => {
  const caller = as('proAdmin');
  const rename = sql`update weir.departments set cost_centre_code = 'changed'`;
  const failing = withPrincipal(demo.runtime, caller, async (tx) => {
    await audit.record(tx, caller, { action: 'department.rename', targetType: 'department', targetId: null });
    throw new Error('the act failed');
  });
  await expect(failing).rejects.toThrow('the act failed');
  expect(await rowsOf('department.rename')).toEqual([]);
  const unwritable = withPrincipal(demo.runtime, caller, async (tx) => {
    await rename.execute(tx);
    await audit.record(tx, caller, { action: 'no name of an act', targetType: 'department', targetId: null });
  });
  await expect(unwritable).rejects.toThrow('is no name of an act');
  const { rows } = await demo.owner.query("select from weir.departments where cost_centre_code = 'changed'");
  expect(rows).toEqual([]);
});

test('under an impersonation both identities are on the row, and neither can be left out', async () => {
  const impersonated = { ...as('proAdmin'), impersonatorId: demo.userIds.superadmin };
  const act = { action: 'member.pause', targetType: 'member', targetId: demo.userIds.proMember };
  await withPrincipal(demo.runtime, impersonated, (tx) => audit.record(tx, impersonated, act));
  expect(await rowsOf('member.pause')).toMatchObject([
    { actor_id: demo.userIds.proAdmin, impersonator_id: demo.userIds.superadmin },
  ]);
  const hiding = withPrincipal(demo.runtime, impersonated, (tx) => audit.record(tx, as('proAdmin'), act));
  await expect(hiding).rejects.toMatchObject({ code: '42501' });
});

test.each<[string, DemoUserName, Partial<MemberCaller> | 'other person' | 'other organization']>([
  ['for another person', 'proMember', 'other person'],
  ["in another organization's log", 'proAdmin', 'other organization'],
])('nobody writes %s', async (_name, name, forged) => {
  const other = as('freeAdmin');
  const claimed =
    forged === 'other person'
      ? { ...as(name), userId: other.userId }
      : { ...as(name), organizationId: other.organizationId };
  const forging = withPrincipal(demo.runtime, as(name), (tx) =>
    audit.record(tx, claimed, { action: 'forged.act', targetType: 'x', targetId: null }),
  );
  await expect(forging).rejects.toMatchObject({ code: '42501' });
});

test.each(['created_at', 'sequence', 'reason', 'hash'])('a person does not choose %s', async (column) => {
  const caller = as('proAdmin');
  const writing = withPrincipal(demo.runtime, caller, (tx) =>
    sql`insert into weir.audit_logs (id, organization_id, actor_id, action, target_type, ${sql.ref(column)})
      values (gen_random_uuid(), ${caller.organizationId}, ${caller.userId}, 'a.b', 'x', default)`.execute(tx),
  );
  await expect(writing).rejects.toMatchObject({ code: '42501' });
});

test("an act of the platform's carries the reason its door was opened for, and its actor may be nobody", async () => {
  const request = { id: '01920000-0000-7000-8000-0000000000ff', ip: 'fe80::1%eth0', userAgent: 'x'.repeat(5_000) };
  await withPlatform(demo.runtime, 'a sign-in that failed', (tx) =>
    audit.recordFor(
      tx,
      { type: 'user', id: null, request },
      {
        action: 'session.refuse',
        targetType: 'user',
        targetId: null,
        organizationId: null,
      },
    ),
  );
  expect(await rowsOf('session.refuse')).toMatchObject([
    {
      chain: 'platform',
      actor_id: null,
      reason: 'a sign-in that failed',
      ip: 'fe80::1',
      user_agent: 'x'.repeat(1_000),
    },
  ]);
});
