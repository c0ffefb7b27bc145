// Proves: that the check of a real chain finds each way in which rows can be tampered with, and says how far it looked.

import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDemoDatabase, type DemoDatabase } from '../../database/facts/testing/demo-database.ts';
import { withPlatform } from '../../database/principal.ts';
import { type ChainDoor, verifyChain } from './audit-chain.service.ts';

let demo: DemoDatabase;

beforeAll(async () => {
  demo = await createDemoDatabase();
});

afterAll(() => demo.close());

const door: ChainDoor = (work) => withPlatform(demo.runtime, 'check a chain', work);

/** A chain of its own: the log outlives the organizations it names, so any id will do. */
async function makeChain(rows: number): Promise<string> {
  const chain = randomUUID();
  await demo.owner.query(
    `insert into weir.audit_logs (id, organization_id, action, target_type, target_id, after)
     select weir_private.uuid_v7(), $1, 'member.invite', 'member', n::text, jsonb_build_object('n', n) from generate_series(1, $2::int) n`,
    [chain, rows],
  );
  return chain;
}

/** As somebody with the database's own rights would: past triggers and policies. */
async function tamper(statement: string, chain: string): Promise<pg.QueryResult> {
  await demo.owner.query('alter table weir.audit_logs disable trigger user');
  try {
    return await demo.owner.query(statement.replaceAll('$chain', `'${chain}'`));
  } finally {
    await demo.owner.query('alter table weir.audit_logs enable trigger user');
  }
}

test('an untouched chain is whole, over several steps', async () => {
  const report = await verifyChain(door, await makeChain(2_500));
  expect(report).toMatchObject({ rowsChecked: 2_500, fault: null, nextAfter: null, head: { sequence: 2_500n } });
});

test('a chain that nobody wrote to is whole', async () => {
  expect(await verifyChain(door, randomUUID())).toMatchObject({ rowsChecked: 0, fault: null, head: null });
});

const row = (sequence: number) => `chain = $chain and sequence = ${sequence}`;
test.each([
  [
    'a changed value',
    `update weir.audit_logs set after = '{"n": 99}' where ${row(5)}`,
    { kind: 'changed', sequence: 5n },
    4,
  ],
  [
    'a changed time',
    `update weir.audit_logs set created_at = created_at - interval '1 us' where ${row(5)}`,
    { kind: 'changed', sequence: 5n },
    4,
  ],
  [
    'an actor replaced',
    `update weir.audit_logs set actor_id = gen_random_uuid() where ${row(1)}`,
    { kind: 'changed', sequence: 1n },
    0,
  ],
  [
    'a row changed with its hash',
    `update weir.audit_logs a set action = 'nothing.happened',
       hash = weir_private.audit_hash(a.previous_hash, jsonb_populate_record(a, '{"action": "nothing.happened"}')) where ${row(5)}`,
    { kind: 'changed', sequence: 5n },
    5,
  ],
  [
    'the last row changed with its hash',
    `update weir.audit_logs a set action = 'nothing.happened',
       hash = weir_private.audit_hash(a.previous_hash, jsonb_populate_record(a, '{"action": "nothing.happened"}')) where ${row(10)}`,
    { kind: 'changed', sequence: 10n },
    10,
  ],
  ['a missing row', `delete from weir.audit_logs where ${row(5)}`, { kind: 'missing', sequence: 5n }, 4],
  ['a missing first row', `delete from weir.audit_logs where ${row(1)}`, { kind: 'missing', sequence: 1n }, 0],
  [
    'two rows in each other’s place',
    `update weir.audit_logs set sequence = -5 where ${row(5)}; update weir.audit_logs set sequence = 5 where ${row(6)};
     update weir.audit_logs set sequence = 6 where ${row(-5)}`,
    { kind: 'reordered', sequence: 5n },
    4,
  ],
  [
    'a missing row with the gap closed',
    `delete from weir.audit_logs where ${row(5)}; update weir.audit_logs set sequence = -sequence where chain = $chain and sequence > 5;
     update weir.audit_logs set sequence = -sequence - 1 where chain = $chain and sequence < 0`,
    { kind: 'reordered', sequence: 5n },
    4,
  ],
  [
    'a cut-off tail',
    'delete from weir.audit_logs where chain = $chain and sequence > 7',
    { kind: 'cut_off', sequence: 8n },
    7,
  ],
  ['every row gone', 'delete from weir.audit_logs where chain = $chain', { kind: 'cut_off', sequence: 1n }, 0],
  [
    'a head set back',
    'update weir.audit_chains set sequence = 7 where chain = $chain',
    { kind: 'head_changed', sequence: 7n },
    7,
  ],
  [
    'a head that is gone',
    'delete from weir.audit_chains where chain = $chain',
    { kind: 'head_changed', sequence: 0n },
    0,
  ],
])('%s is found and named', async (_name, statement, fault, rowsChecked) => {
  const chain = await makeChain(10);
  await tamper(statement, chain);
  const report = await verifyChain(door, chain);
  expect(report).toMatchObject({ fault, rowsChecked });
  expect(report.fault?.detail).toMatch(/row|head/i);
});

test('a long chain is checked in pieces, and tampering is found in the piece it lies in', async () => {
  const chain = await makeChain(2_500);
  const first = await verifyChain(door, chain, { rowsMax: 1_000 });
  expect(first).toMatchObject({ rowsChecked: 1_000, nextAfter: 1_000n, fault: null });
  const rest = await verifyChain(door, chain, { after: 1_000n });
  expect(rest).toMatchObject({ rowsChecked: 1_500, nextAfter: null, fault: null });
  await tamper(`update weir.audit_logs set ip = '192.0.2.1' where ${row(1_800)}`, chain);
  expect((await verifyChain(door, chain, { after: 1_000n })).fault).toMatchObject({
    kind: 'changed',
    sequence: 1_800n,
  });
  expect((await verifyChain(door, chain, { after: 9_999n })).fault).toMatchObject({
    kind: 'missing',
    sequence: 9_999n,
  });
});

test('writers at the same time make one chain without gaps', async () => {
  const chain = randomUUID();
  const write = () =>
    withPlatform(demo.runtime, 'test', (tx) =>
      sql`insert into weir.audit_logs (id, organization_id, action, target_type)
        values (gen_random_uuid(), ${chain}, 'a.b', 'x')`.execute(tx),
    );
  await Promise.all(Array.from({ length: 20 }, write));
  expect(await verifyChain(door, chain)).toMatchObject({ rowsChecked: 20, fault: null });
});
