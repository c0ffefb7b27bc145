// Owns: the proof of "Who may see what": one test a row of the specification's table, and what no role may. Not: the policies.

import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Caller, withPrincipal } from '../principal.ts';
import type { DemoUserName } from '../seeds/index.ts';
import { createDemoDatabase, type DemoDatabase } from './testing/demo-database.ts';

let demo: DemoDatabase;

beforeAll(async () => {
  demo = await createDemoDatabase();
  await demo.owner.query(`insert into weir.provider_credentials (id, provider_id, organization_id, label, ciphertext, key_id, origin, last_four)
    select gen_random_uuid(), p.id, o.id, coalesce(o.slug, 'platform'), 'secret', 'k', 'https://api.openai.com', 'abcd'
    from weir.providers p, (select id, slug from weir.organizations union all select null, null) o where p.slug = 'openai'`);
  await demo.owner.query(`insert into weir.alerts (id, organization_id, rule, scope, value, threshold)
    select gen_random_uuid(), o.id, 'spend', case when o.id is null then 'platform' else 'organization' end, 1, 1
    from (select id from weir.organizations union all select null) o`);
  await demo.owner.query(`insert into weir.budgets (id, organization_id, name, scope, period, amount_nano_usd)
    select gen_random_uuid(), o.id, 'B', case when o.id is null then 'platform' else 'organization' end, 'daily', 1
    from (select id from weir.organizations union all select null) o`);
  await demo.owner.query(`insert into weir.audit_logs (id, organization_id, action, target_type)
    select gen_random_uuid(), o.id, 'a', 't' from (select id from weir.organizations union all select null) o`);
  await demo.owner.query("update weir.models set enabled = false where id = 'gpt-4.1'");
  await demo.owner.query(`insert into weir.templates (scope, organization_id, name, slug, is_active)
    select 'organization', id, 'Old', 'old', false from weir.organizations where slug = 'harbour-software'`);
});

afterAll(() => demo.close());

/** The first column of what a person gets, sorted. */
async function seenBy(caller: Caller | DemoUserName, query: string): Promise<string[]> {
  const who = typeof caller === 'string' ? demo.as(caller) : caller;
  return withPrincipal(demo.runtime, who, async (tx) => {
    const { rows } = await sql.raw<Record<string, unknown>>(query).execute(tx);
    return rows.map((row) => String(Object.values(row)[0])).sort();
  });
}

/** Rows changed by a statement that is then undone; 'refused' when the database says no. */
async function changedBy(caller: DemoUserName, statement: string): Promise<number | 'refused'> {
  const undo = new Error('undo');
  let changed = 0;
  try {
    await withPrincipal(demo.runtime, demo.as(caller), async (tx) => {
      const result = await sql.raw(fill(statement)).execute(tx);
      changed = Number(result.numAffectedRows ?? 0);
      throw undo;
    });
  } catch (error) {
    if (error === undo) return changed;
    // 42501: no right to the table or column, or a policy's WITH CHECK.
    if ((error as { code?: string }).code === '42501') return 'refused';
    throw error;
  }
  return changed;
}

function fill(statement: string): string {
  const { organizations } = demo.world;
  return statement
    .replaceAll('$pro', `'${organizations.pro.id}'`)
    .replaceAll('$free', `'${organizations.free.id}'`)
    .replaceAll('$admin', `'${demo.userIds.proAdmin}'`)
    .replaceAll('$member', `'${demo.userIds.proMember}'`);
}

const everyone: readonly DemoUserName[] = [
  'superadmin',
  'platformAdmin',
  'proAdmin',
  'proMember',
  'freeAdmin',
  'freeMember',
  'starterAdmin',
  'enterpriseAdmin',
];

const allSystem = [
  'blog-content-writer',
  'competitor-brief',
  'plain-language-letter',
  'policy-reviewer',
  'quick-summary',
  'social-post-ideas',
];

describe('templates', () => {
  test.each<[DemoUserName, string[]]>([
    ['superadmin', allSystem],
    ['platformAdmin', allSystem],
    ['freeAdmin', ['competitor-brief', 'quick-summary']],
    ['freeMember', ['quick-summary']],
    ['starterAdmin', ['competitor-brief', 'quick-summary', 'social-post-ideas']],
    ['proAdmin', ['blog-content-writer', 'competitor-brief', 'quick-summary', 'social-post-ideas']],
    ['proMember', ['blog-content-writer', 'competitor-brief', 'quick-summary']],
    ['enterpriseAdmin', allSystem],
  ])('%s sees the system templates of plan, business type and switch', async (name, slugs) => {
    expect(await seenBy(name, "select slug from weir.templates where scope = 'system'")).toEqual(slugs);
  });

  test('an inactive system template is seen by the platform alone', async () => {
    await demo.owner.query("update weir.templates set is_active = false where slug = 'quick-summary'");
    const query = "select slug from weir.templates where slug = 'quick-summary'";
    for (const name of everyone) {
      expect(await seenBy(name, query)).toEqual(
        name === 'superadmin' || name === 'platformAdmin' ? ['quick-summary'] : [],
      );
    }
    await demo.owner.query("update weir.templates set is_active = true where slug = 'quick-summary'");
  });

  test("an organization's are seen by its members when active, by its admins always, by nobody else", async () => {
    const query = "select slug from weir.templates where scope = 'organization'";
    expect(await seenBy('proAdmin', query)).toEqual(['old', 'release-notes']);
    expect(await seenBy('proMember', query)).toEqual(['release-notes']);
    expect(await seenBy('superadmin', query)).toEqual(['old', 'release-notes']);
    expect(await seenBy('freeAdmin', query)).toEqual([]);
  });

  test("a person's own are theirs; their admin learns how many there are", async () => {
    const query = "select slug from weir.templates where scope = 'user'";
    expect(await seenBy('proMember', query)).toEqual(['my-meeting-notes']);
    expect(await seenBy('proAdmin', query)).toEqual([]);
    expect(await seenBy('superadmin', query)).toEqual(['my-meeting-notes']);
    const count = `select weir.count_user_templates('${demo.world.organizations.pro.id}')`;
    expect(await seenBy('proAdmin', count)).toEqual(['1']);
    expect(await seenBy('superadmin', count)).toEqual(['1']);
    expect(await seenBy('proMember', count)).toEqual(['null']);
    expect(await seenBy('freeAdmin', count)).toEqual(['null']);
  });

  test.each<[DemoUserName, string, number | 'refused']>([
    ['superadmin', "update weir.templates set is_featured = true where slug = 'quick-summary'", 1],
    ['proAdmin', "update weir.templates set is_featured = true where slug = 'quick-summary'", 0],
    [
      'proAdmin',
      "insert into weir.templates (scope, organization_id, name, slug) values ('organization', $pro, 'N', 'n')",
      1,
    ],
    [
      'proAdmin',
      "insert into weir.templates (scope, organization_id, name, slug) values ('organization', $free, 'N', 'n')",
      'refused',
    ],
    ['proAdmin', "insert into weir.templates (scope, name, slug) values ('system', 'N', 'n')", 'refused'],
    [
      'proMember',
      "insert into weir.templates (scope, organization_id, name, slug) values ('organization', $pro, 'N', 'n')",
      'refused',
    ],
    [
      'proMember',
      "insert into weir.templates (scope, organization_id, owner_user_id, name, slug) values ('user', $pro, $member, 'N', 'n')",
      1,
    ],
    [
      'proMember',
      "insert into weir.templates (scope, organization_id, owner_user_id, name, slug) values ('user', $pro, $admin, 'N', 'n')",
      'refused',
    ],
    [
      'proMember',
      "update weir.templates set scope = 'organization', owner_user_id = null where slug = 'my-meeting-notes'",
      'refused',
    ],
  ])('%s: %s', async (name, statement, outcome) => {
    expect(await changedBy(name, statement)).toBe(outcome);
  });
});

test('org_system_model_config: platform all, admins read and write the own, members read the own', async () => {
  const query = 'select organization_id from weir.org_system_model_config';
  const pro = demo.world.organizations.pro.id;
  expect(new Set(await seenBy('superadmin', query)).size).toBe(4);
  expect(new Set(await seenBy('proAdmin', query))).toEqual(new Set([pro]));
  expect(new Set(await seenBy('proMember', query))).toEqual(new Set([pro]));
  const change = 'update weir.org_system_model_config set is_enabled_for_users = false';
  expect(await changedBy('superadmin', change)).toBe(10);
  expect(await changedBy('proAdmin', change)).toBe(3);
  expect(await changedBy('proMember', change)).toBe(0);
  expect(await changedBy('freeAdmin', `${change}, organization_id = $pro`)).toBe('refused');
});

test("balances: members read, admins too; ledger, budgets and alerts are the admins'; nobody sets a balance", async () => {
  const pro = demo.world.organizations.pro.id;
  expect(await seenBy('proMember', 'select distinct organization_id from weir.credit_grants')).toEqual([pro]);
  expect(await seenBy('freeAdmin', 'select id from weir.credit_grants')).toEqual([]);
  expect((await seenBy('platformAdmin', 'select id from weir.credit_grants')).length).toBe(5);
  for (const table of ['budgets', 'alerts', 'credit_ledger']) {
    expect(await seenBy('proMember', `select id from weir.${table}`)).toEqual([]);
    expect(await seenBy('proAdmin', `select distinct organization_id from weir.${table}`)).toEqual([pro]);
  }
  expect((await seenBy('superadmin', 'select id from weir.budgets where organization_id is null')).length).toBe(1);
  expect((await seenBy('enterpriseAdmin', 'select id from weir.budgets where organization_id is null')).length).toBe(0);
  for (const name of everyone) {
    expect(await changedBy(name, 'update weir.credit_grants set remaining = initial')).toBe('refused');
    expect(await changedBy(name, 'delete from weir.credit_ledger')).toBe('refused');
  }
});

test('providers and models: everybody reads the enabled ones, the platform all, and only the platform writes', async () => {
  expect(await seenBy('freeMember', "select id from weir.models where id in ('gpt-4o', 'gpt-4.1')")).toEqual([
    'gpt-4o',
  ]);
  expect(await seenBy('superadmin', "select id from weir.models where id in ('gpt-4o', 'gpt-4.1')")).toEqual([
    'gpt-4.1',
    'gpt-4o',
  ]);
  expect(
    await seenBy('freeMember', "select model_id from weir.model_prices where model_id in ('gpt-4o', 'gpt-4.1')"),
  ).toEqual(['gpt-4o']);
  for (const table of ['models', 'providers']) {
    expect(await changedBy('enterpriseAdmin', `update weir.${table} set updated_at = now()`)).toBe(0);
    expect(await changedBy('platformAdmin', `update weir.${table} set updated_at = now()`)).toBeGreaterThan(1);
  }
});

test.each(['features', 'deployments', 'prompts', 'prompt_versions', 'prompt_labels'])(
  "%s are the platform's alone",
  async (table) => {
    for (const name of everyone) {
      const seen = await seenBy(name, `select 1 from weir.${table}`);
      expect(seen.length > 0).toBe(name === 'superadmin' || name === 'platformAdmin');
    }
  },
);

test('provider credentials: the platform its own, admins their own, members none, and nobody the ciphertext', async () => {
  const query = 'select label from weir.provider_credentials';
  expect(await seenBy('superadmin', query)).toEqual(['platform']);
  expect(await seenBy('proAdmin', query)).toEqual(['harbour-software']);
  expect(await seenBy('proMember', query)).toEqual([]);
  for (const name of everyone) {
    await expect(seenBy(name, 'select ciphertext from weir.provider_credentials')).rejects.toMatchObject({
      code: '42501',
    });
  }
});

test("audit logs: platform all, admins their own, written only in one's own name, never changed", async () => {
  expect((await seenBy('superadmin', 'select id from weir.audit_logs')).length).toBe(5);
  expect(await seenBy('proAdmin', 'select organization_id from weir.audit_logs')).toEqual([
    demo.world.organizations.pro.id,
  ]);
  expect(await seenBy('proMember', 'select id from weir.audit_logs')).toEqual([]);
  const insert = (organization: string, actor: string): string =>
    `insert into weir.audit_logs (id, organization_id, actor_id, action, target_type) values (gen_random_uuid(), ${organization}, ${actor}, 'a', 't')`;
  expect(await changedBy('proAdmin', insert('$pro', '$admin'))).toBe(1);
  expect(await changedBy('proAdmin', insert('$pro', '$member'))).toBe('refused');
  expect(await changedBy('proAdmin', insert('$free', '$admin'))).toBe('refused');
  for (const name of everyone) {
    expect(await changedBy(name, "update weir.audit_logs set action = 'x'")).toBe('refused');
    expect(await changedBy(name, 'delete from weir.audit_logs')).toBe('refused');
  }
});

describe('people', () => {
  test.each<[DemoUserName, string, number | 'refused']>([
    ['proMember', "update weir.members set role = 'owner' where user_id = $member", 0],
    ['proAdmin', "update weir.members set role = 'admin' where user_id = $member", 1],
    ['freeAdmin', "update weir.members set role = 'admin' where user_id = $member", 0],
    ['proAdmin', "update weir.organizations set pricing_plan = 'enterprise'", 'refused'],
    ['proAdmin', 'update weir.organizations set token_quota_monthly = null', 'refused'],
    ['superadmin', "update weir.organizations set pricing_plan = 'enterprise'", 'refused'],
    ['proAdmin', "update weir.organizations set name = 'X'", 1],
    ['proMember', "update weir.organizations set name = 'X'", 0],
    ['proMember', "update weir.users set platform_role = 'superadmin'", 'refused'],
    [
      'proMember',
      "insert into weir.members (id, organization_id, user_id, role) values (gen_random_uuid(), $free, $member, 'owner')",
      'refused',
    ],
    [
      'proMember',
      "insert into weir.entitlements (id, user_id, model_id, source) values (gen_random_uuid(), $member, 'claude-3-opus', 'purchase')",
      'refused',
    ],
    [
      'superadmin',
      "insert into weir.entitlements (id, user_id, model_id, source) values (gen_random_uuid(), $member, 'claude-3-opus', 'admin_grant')",
      1,
    ],
    ['proMember', "update weir.profiles set default_model_id = 'gpt-4o'", 1],
    ['proMember', 'update weir.virtual_keys set revoked_at = null', 0],
    ['proAdmin', 'update weir.virtual_keys set revoked_at = now()', 1],
    ['proAdmin', 'update weir.virtual_keys set key_hash = key_hash', 'refused'],
    [
      'proMember',
      `insert into weir.virtual_keys (id, organization_id, owner_type, user_id, name, environment, key_hash, prefix, last_four, can_act_for_members)
      values (gen_random_uuid(), $pro, 'user', $member, 'K', 'test', sha256('x'), 'wr_test_', 'abcd', true)`,
      'refused',
    ],
    [
      'proMember',
      `insert into weir.virtual_keys (id, organization_id, owner_type, user_id, name, environment, key_hash, prefix, last_four)
      values (gen_random_uuid(), $pro, 'user', $member, 'K', 'test', sha256('x'), 'wr_test_', 'abcd')`,
      1,
    ],
  ])('%s: %s', async (name, statement, outcome) => {
    expect(await changedBy(name, statement)).toBe(outcome);
  });

  test('see the people of their organization, not of another', async () => {
    expect((await seenBy('proMember', 'select id from weir.users')).length).toBe(2);
    expect((await seenBy('superadmin', 'select id from weir.users')).length).toBe(8);
  });

  test.each(['sessions', 'accounts', 'verifications', 'two_factors', 'idempotency_keys', 'fact_versions'])(
    'nobody reads %s',
    async (table) => {
      for (const name of everyone)
        await expect(seenBy(name, `select 1 from weir.${table}`)).rejects.toMatchObject({ code: '42501' });
    },
  );
});

/** Every table a person has some right to read. */
async function readableTables(): Promise<{ table: string; isTenant: boolean }[]> {
  const { rows } = await demo.owner.query<{ table: string; isTenant: boolean }>(
    `select c.relname as table, exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id') as "isTenant"
     from pg_class c where c.relnamespace = 'weir'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and has_any_column_privilege('authenticated', c.oid, 'select')`,
  );
  return rows;
}

test('without claims, and for an unknown person, every table is empty', async () => {
  const unknown: Caller = { ...demo.as('proMember'), userId: '00000000-0000-7000-8000-000000000000' };
  const reference = [
    'business_types',
    'plans',
    'credit_types',
    'plan_credit_allocations',
    'providers',
    'models',
    'model_prices',
    'personas',
    'products',
  ];
  for (const { table } of await readableTables()) {
    const anonymous = await demo.runtime.kysely.transaction().execute(async (tx) => {
      await sql`select set_config('role', 'authenticated', true)`.execute(tx);
      return (await sql.raw(`select 1 from weir.${table}`).execute(tx)).rows.length;
    });
    expect([table, anonymous]).toEqual([table, 0]);
    const seen = await seenBy(unknown, `select 1 from weir.${table}`);
    if (!reference.includes(table)) expect([table, seen]).toEqual([table, []]);
  }
});

test('no row of another organization is read by anybody but the platform, in any table', async () => {
  for (const { table, isTenant } of await readableTables()) {
    if (!isTenant) continue;
    for (const name of ['proAdmin', 'proMember', 'freeAdmin', 'enterpriseAdmin'] as const) {
      const own = demo.as(name).organizationId;
      const foreign = await seenBy(name, `select organization_id from weir.${table} where organization_id <> '${own}'`);
      expect([table, name, foreign]).toEqual([table, name, []]);
    }
  }
});

test('who acts in one organization sees nothing of their others; who acts in none sees all theirs', async () => {
  const { free, pro } = demo.world.organizations;
  await demo.owner.query(
    "insert into weir.members (id, organization_id, user_id, role) values (gen_random_uuid(), $1, $2, 'member')",
    [free.id, demo.userIds.proMember],
  );
  const member = demo.as('proMember');
  expect(await seenBy(member, 'select slug from weir.organizations')).toEqual([pro.slug]);
  expect(await seenBy({ ...member, organizationId: free.id }, 'select slug from weir.organizations')).toEqual([
    free.slug,
  ]);
  expect(await seenBy({ ...member, organizationId: null }, 'select slug from weir.organizations')).toEqual(
    [free.slug, pro.slug].sort(),
  );
  const foreign = demo.world.organizations.enterprise.id;
  expect(await seenBy({ ...member, organizationId: foreign }, 'select slug from weir.organizations')).toEqual([]);
  await demo.owner.query('delete from weir.members where organization_id = $1 and user_id = $2', [
    free.id,
    demo.userIds.proMember,
  ]);
});

test('a banned platform admin is none any more, whatever the claims say', async () => {
  await demo.owner.query('update weir.users set banned = true where id = $1', [demo.userIds.platformAdmin]);
  expect(await seenBy('platformAdmin', 'select 1 from weir.features')).toEqual([]);
  await demo.owner.query('update weir.users set banned = false where id = $1', [demo.userIds.platformAdmin]);
});
