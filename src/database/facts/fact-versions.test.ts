// Owns: the proof that every change of a fact moves the version of whom it concerns. Not: who listens (the gateway's snapshot).

import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDedicated } from '../connection.ts';
import { createDemoDatabase, type DemoDatabase } from './testing/demo-database.ts';

let demo: DemoDatabase;

beforeAll(async () => {
  demo = await createDemoDatabase();
});

afterAll(() => demo.close());

/** What the gateway may read but doesn't decide from; amounts of budgets are written with a budget's own change alone. */
const notFacts = ['budget_amounts', 'counters', 'fact_versions', 'holds', 'idempotency_keys', 'usage_events'];

async function factTables(): Promise<string[]> {
  const { rows } = await demo.owner.query<{ table: string }>(
    `select c.relname as table from pg_class c
     where c.relnamespace = 'weir'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and has_any_column_privilege('weir_gateway', c.oid, 'select') order by 1`,
  );
  return rows.map((row) => row.table).filter((table) => !notFacts.includes(table));
}

async function versions(): Promise<Map<string, bigint>> {
  const { rows } = await demo.owner.query<{ scope: string; version: string }>(
    'select scope, version from weir.fact_versions',
  );
  return new Map(rows.map((row) => [row.scope, BigInt(row.version)]));
}

/** The scopes whose version `statement` moves; it is rolled back. */
async function movedBy(statement: string, values: unknown[] = []): Promise<string[]> {
  await demo.owner.query('begin');
  try {
    const before = await versions();
    await demo.owner.query(statement, values);
    const after = await versions();
    return [...after]
      .filter(([scope, version]) => version > (before.get(scope) ?? 0n))
      .map(([scope]) => scope)
      .sort();
  } finally {
    await demo.owner.query('rollback');
  }
}

test('every table the gateway decides from has a trigger for insert, update and delete', async () => {
  const { rows } = await demo.owner.query<{ table: string; events: string[] }>(
    `select c.relname as table, array_agg(distinct e.name order by e.name) as events
     from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
     cross join lateral (values ('delete', 8), ('insert', 4), ('update', 16)) as e (name, bit)
     where p.proname in ('bump_fact_versions', 'bump_fact_version_of_row') and t.tgtype::int & e.bit <> 0
     group by 1 order by 1`,
  );
  const covered = Object.fromEntries(rows.map((row) => [row.table, row.events]));
  const wanted = Object.fromEntries((await factTables()).map((table) => [table, ['delete', 'insert', 'update']]));
  expect(covered).toEqual(wanted);
});

test('a table of facts without the trigger would be reported', async () => {
  await demo.owner.query('begin');
  await demo.owner.query('create table weir.unwatched (id int); grant select on weir.unwatched to weir_gateway');
  expect(await factTables()).toContain('unwatched');
  await demo.owner.query('rollback');
});

test('a change of any row of any fact table moves at least one version', async () => {
  const unmoved: string[] = [];
  await demo.owner.query(`insert into weir.provider_credentials (id, provider_id, label, ciphertext, key_id, origin, last_four)
    select gen_random_uuid(), id, 'test', '', 'k', 'https://api.openai.com', 'abcd' from weir.providers where slug = 'openai'`);
  await demo.owner.query(`insert into weir.template_endpoint_secrets (template_id, ciphertext, key_id, origin, last_four)
    select id, '', 'k', 'https://models.example', 'abcd' from weir.templates limit 1`);
  await demo.owner.query(`insert into weir.limit_overrides (id, organization_id, kind, amount, starts_at)
    select gen_random_uuid(), id, 'organization_quota', 1, now() from weir.organizations limit 1`);
  // Lots and prices change in their own ways and have tests of their own.
  for (const table of (await factTables()).filter((name) => name !== 'credit_grants' && name !== 'model_prices')) {
    const moved = await movedBy(`update weir.${table} set created_at = created_at - interval '1 second'`);
    if (moved.length === 0) unmoved.push(table);
  }
  expect(unmoved).toEqual([]);
});

test('a change moves the version of its organization alone, of all its organizations for a person, of the platform otherwise', async () => {
  const pro = demo.world.organizations.pro.id;
  const { proMember, superadmin } = demo.userIds;
  expect(await movedBy('update weir.organizations set token_quota_monthly = 5 where id = $1', [pro])).toEqual([pro]);
  expect(
    await movedBy('update weir.members set role = role, status = $2 where user_id = $1', [proMember, 'paused']),
  ).toEqual([pro]);
  expect(await movedBy("update weir.profiles set default_model_id = 'gpt-4o' where user_id = $1", [proMember])).toEqual(
    [pro],
  );
  expect(await movedBy('update weir.entitlements set revoked_at = now() where user_id = $1', [proMember])).toEqual([
    pro,
  ]);
  expect(await movedBy('update weir.users set banned = true where id = $1', [proMember])).toEqual([pro]);
  expect(await movedBy('update weir.users set banned = true where id = $1', [superadmin])).toEqual([]);
  expect(await movedBy("update weir.templates set name = 'x' where scope = 'system'")).toEqual(['platform']);
  expect(await movedBy("update weir.templates set name = 'x' where scope = 'user'")).toEqual([pro]);
  expect(await movedBy('update weir.budgets set is_active = false')).toEqual([pro]);
  expect(await movedBy("update weir.models set enabled = false where id = 'gpt-4o'")).toEqual(['platform']);
  expect(await movedBy("update weir.system_config set value = 'true' where key = 'gateway_read_only'")).toEqual([
    'platform',
  ]);
  expect(await movedBy('delete from weir.virtual_keys where organization_id = $1', [pro])).toEqual([pro]);
});

test('a person in two organizations moves both', async () => {
  const { free, pro } = demo.world.organizations;
  await demo.owner.query('begin');
  await demo.owner.query(
    'insert into weir.members (id, organization_id, user_id, role) values (gen_random_uuid(), $1, $2, $3)',
    [free.id, demo.userIds.proMember, 'member'],
  );
  const before = await versions();
  await demo.owner.query('update weir.profiles set persona_model_overrides = \'{"a": "b"}\' where user_id = $1', [
    demo.userIds.proMember,
  ]);
  const after = await versions();
  await demo.owner.query('rollback');
  const moved = [...after].filter(([scope, version]) => version !== before.get(scope)).map(([scope]) => scope);
  expect(moved.sort()).toEqual([free.id, pro.id].sort());
});

test.each([
  ['the last use of a key', 'update weir.virtual_keys set last_used_at = now()'],
  [
    'a health figure of a provider',
    'update weir.providers set last_latency_ms = 5, consecutive_failures = 1, last_checked_at = now()',
  ],
  ['an update that changes nothing', 'update weir.models set enabled = enabled'],
  ['holding and burning a lot', 'update weir.credit_grants set remaining = remaining - 1, held = held + 1'],
  ["a person's theme", "update weir.profiles set theme = 'dark'"],
])('%s moves no version', async (_, statement) => {
  expect(await movedBy(statement)).toEqual([]);
});

test('a new lot, one that ends earlier and a new price move a version', async () => {
  const pro = demo.world.organizations.pro.id;
  const grant = "select weir.grant_credits($1, 'lead_generation', 5, 'admin', 'x', null, now(), null)";
  expect(await movedBy(grant, [pro])).toEqual([pro]);
  expect(await movedBy("update weir.credit_grants set expires_at = now() + interval '1 hour'")).toEqual([pro]);
  const price = `insert into weir.model_prices (id, model_id, effective_from, input_nano_usd_per_million, output_nano_usd_per_million)
    values (gen_random_uuid(), 'gpt-4o', now(), 1, 1)`;
  expect(await movedBy(price)).toEqual(['platform']);
});

test('each touched scope is told to the listeners once a transaction, when it commits', async () => {
  const listener = await connectDedicated({ url: demo.test.url, role: 'weir_gateway' });
  const heard: string[] = [];
  const told = new Promise<void>((resolve) => {
    listener.on('notification', ({ payload }) => {
      if (payload === 'end') resolve();
      else heard.push(payload ?? '');
    });
  });
  await listener.query('listen weir_facts');
  await demo.owner.query('begin');
  await demo.owner.query(
    "update weir.models set sort_order = sort_order + 1; update weir.plans set name = name || '!'",
  );
  await demo.owner.query("update weir.organizations set name = name || '!' where slug = 'corner-shop'");
  await demo.owner.query('commit');
  await demo.owner.query('begin; update weir.models set sort_order = 0; rollback');
  await demo.owner.query("notify weir_facts, 'end'");
  await told;
  expect(heard.sort()).toEqual([demo.world.organizations.free.id, 'platform'].sort());
  await listener.end();
});
