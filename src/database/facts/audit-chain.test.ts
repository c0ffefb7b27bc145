// Owns: the proof that audit rows form a chain per organization in which a change shows. Not: who may read them (access.test.ts).

import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDemoDatabase, type DemoDatabase } from './testing/demo-database.ts';

let demo: DemoDatabase;

beforeAll(async () => {
  demo = await createDemoDatabase();
});

afterAll(() => demo.close());

test('audit rows are chained per organization, and the chain shows a changed row', async () => {
  const { pro, free } = demo.world.organizations;
  for (const organization of [pro.id, pro.id, free.id]) {
    await demo.owner.query(
      `insert into weir.audit_logs (id, organization_id, action, target_type, after, ip)
      values (gen_random_uuid(), $1, 'member.invited', 'invitation', '{"b": 1, "a": 2}', '10.0.0.1')`,
      [organization],
    );
  }
  const broken = `select a.sequence::int, a.organization_id from weir.audit_logs a where a.hash <> weir_private.audit_hash(a.previous_hash, a)
    or a.previous_hash <> coalesce((select p.hash from weir.audit_logs p where p.chain = a.chain and p.sequence = a.sequence - 1), '')`;
  expect((await demo.owner.query(broken)).rows).toEqual([]);
  const chain = await demo.owner.query(
    'select sequence::int from weir.audit_logs where organization_id = $1 order by 1',
    [pro.id],
  );
  expect(chain.rows).toEqual([{ sequence: 1 }, { sequence: 2 }]);
  await demo.owner.query('begin; alter table weir.audit_logs disable trigger audit_logs_append_only');
  await demo.owner.query("update weir.audit_logs set action = 'nothing' where sequence = 1 and organization_id = $1", [
    pro.id,
  ]);
  expect((await demo.owner.query(broken)).rows).toEqual([{ sequence: 1, organization_id: pro.id }]);
  await demo.owner.query('rollback');
});
