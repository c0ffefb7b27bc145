// Owns: the proof that seeds can run again and again, change nothing that is there, and make the worlds they promise. Not: single prices.

import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock } from '../../primitives/clock.ts';
import { createSeededRandom } from '../../primitives/random.ts';
import { hashVirtualKey, isWellFormedVirtualKey } from '../../primitives/virtual-key.ts';
import { createTestDatabase, type TestDatabase } from '../testing/database.ts';
import { hashPassword, scenarios, seedDemo, seedLoad, seedReference } from './index.ts';

let database: TestDatabase;
let client: pg.Client;
const clock = createManualClock(Date.UTC(2026, 10, 21, 12));
const random = createSeededRandom(7);
const fastHash = async (password: string): Promise<string> => `hash of ${password.length}`;

beforeEach(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
});

afterEach(async () => {
  await client.end();
  await database.drop();
});

/** Every row of every table, as text. */
async function everything(): Promise<Record<string, string[]>> {
  const tables = await client.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'weir'::regnamespace and relkind = 'r' order by 1`,
  );
  const dump: Record<string, string[]> = {};
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ row: string }>(`select t::text as row from weir.${name} t order by 1`);
    dump[name] = rows.map((row) => row.row);
  }
  return dump;
}

async function column(query: string): Promise<string[]> {
  const { rows } = await client.query<Record<string, unknown>>(query);
  return rows.map((row) => String(Object.values(row)[0]));
}

describe('reference data', () => {
  test('a second run a month later changes nothing, not even a version', async () => {
    await seedReference(client, { clock, random, sandbox: true });
    const before = await everything();
    await seedReference(client, { clock: createManualClock(clock.nowMs() + 30 * 86_400_000), random, sandbox: true });
    expect(await everything()).toEqual(before);
  });

  test('it runs as the control plane, without any right of an owner', async () => {
    await client.query('set role weir_service');
    await seedReference(client, { clock, random, sandbox: true });
    await seedDemo(client, { clock, random, hashPassword: fastHash });
    expect(await column('select count(*) from weir.organizations')).toEqual(['4']);
  });

  test('what an owner changed stays changed, and what an owner deleted stays away', async () => {
    await seedReference(client, { clock, random });
    await client.query("update weir.plans set monthly_price_nano_usd = 1, name = 'Mine' where slug = 'pro'");
    await client.query("update weir.models set enabled = false, is_system_default = false where id = 'gpt-4o-mini'");
    await client.query("update weir.models set is_system_default = true where id = 'gpt-4o'");
    await client.query("delete from weir.models where id = 'gpt-5'");
    await client.query("delete from weir.providers where slug = 'google'");
    const before = await everything();
    await seedReference(client, { clock, random });
    expect(await everything()).toEqual(before);
  });

  test('a new price of the library is added from now on; one that an administrator set is left alone', async () => {
    await seedReference(client, { clock, random });
    // As if the library had said something else at the first run.
    await client.query('alter table weir.model_prices disable trigger model_prices_immutable');
    await client.query(
      "update weir.model_prices set input_nano_usd_per_million = 7 where model_id in ('gpt-4o', 'gpt-4.1')",
    );
    await client.query("update weir.model_prices set source = 'admin' where model_id = 'gpt-4.1'");
    await client.query('alter table weir.model_prices enable trigger model_prices_immutable');
    const later = createManualClock(clock.nowMs() + 86_400_000);
    await seedReference(client, { clock: later, random });
    await seedReference(client, { clock: later, random });
    const { rows } = await client.query<{ model_id: string; input: string; effective_from: Date }>(
      `select model_id, input_nano_usd_per_million as input, effective_from from weir.model_prices
       where model_id in ('gpt-4o', 'gpt-4.1') order by 1, 3`,
    );
    expect(rows.map((row) => [row.model_id, row.input])).toEqual([
      ['gpt-4.1', '7'],
      ['gpt-4o', '7'],
      ['gpt-4o', '2500000000'],
    ]);
    expect(rows[2]?.effective_from).toEqual(new Date(later.nowMs()));
  });

  test('the sandbox comes only when asked for, and is named as such', async () => {
    await seedReference(client, { clock, random });
    expect(await column("select count(*) from weir.models where id like 'sandbox%'")).toEqual(['0']);
    await seedReference(client, { clock, random, sandbox: true });
    expect(await column("select id from weir.models where display_name like '%no real model%' order by 1")).toEqual([
      'sandbox-chat',
      'sandbox-claude',
      'sandbox-embedding',
    ]);
    expect(await column("select slug from weir.providers where type = 'sandbox' order by 1")).toEqual([
      'sandbox',
      'sandbox-anthropic',
    ]);
  });

  test('the models of the specification have its tiers, prices and limits', async () => {
    await seedReference(client, { clock, random });
    const { rows } = await client.query(
      `select m.id, p.slug as provider, tier, price_cents, rate_limit_messages_per_day as per_day, trial_messages_allowed as trial
       from weir.models m join weir.providers p on p.id = m.provider_id
       where m.id in ('gpt-4o-mini', 'claude-3-5-haiku', 'llama-3.1-8b', 'gpt-4o', 'claude-3-5-sonnet', 'claude-3-opus', 'gemini-pro-1.5')
       order by sort_order`,
    );
    const free = { tier: 'free', price_cents: null, per_day: null, trial: '0' };
    const premium = { tier: 'premium', price_cents: '299', per_day: '50', trial: '2' };
    expect(rows).toEqual([
      { id: 'gpt-4o-mini', provider: 'openai', ...free },
      { id: 'claude-3-5-haiku', provider: 'anthropic', ...free },
      { id: 'llama-3.1-8b', provider: 'together', ...free },
      { id: 'gpt-4o', provider: 'openai', ...premium },
      { id: 'claude-3-5-sonnet', provider: 'anthropic', ...premium },
      { id: 'claude-3-opus', provider: 'anthropic', ...premium, price_cents: '499', per_day: '30' },
      { id: 'gemini-pro-1.5', provider: 'google', ...premium },
    ]);
    expect(await column('select id from weir.models where is_system_default')).toEqual(['gpt-4o-mini']);
    const unknown = `select id from weir.models m where exists (select 1 from unnest(fallback_model_ids) f where f not in (select id from weir.models))`;
    expect(await column(unknown)).toEqual([]);
  });

  test('free and starter have no credits, pro its numbers, enterprise no limit', async () => {
    await seedReference(client, { clock, random });
    const of = (plan: string): Promise<string[]> =>
      column(
        `select coalesce(amount::text, 'unlimited') from weir.plan_credit_allocations where plan_slug = '${plan}' order by credit_type`,
      );
    expect(await of('free')).toEqual(['0', '0', '0', '0', '0']);
    expect(await of('starter')).toEqual(['0', '0', '0', '0', '0']);
    expect(await of('pro')).toEqual(['100', '20', '30', '50', '200']);
    expect(await of('enterprise')).toEqual(Array(5).fill('unlimited'));
    expect(
      await column(
        "select amount from weir.plan_credit_allocations where plan_slug = 'pro' and credit_type = 'lead_generation'",
      ),
    ).toEqual(['50']);
  });
});

describe('the demo world', () => {
  test('gives what .weir/demo.json holds, and keys and passwords that work', async () => {
    await seedReference(client, { clock, random, sandbox: true });
    const world = await seedDemo(client, { clock, random, hashPassword: fastHash });
    if (!world) throw new Error('no world');
    expect(Object.keys(world.users).sort()).toEqual([
      'enterpriseAdmin',
      'freeAdmin',
      'freeMember',
      'platformAdmin',
      'proAdmin',
      'proMember',
      'starterAdmin',
      'superadmin',
    ]);
    for (const plan of ['free', 'starter', 'pro', 'enterprise'] as const) {
      expect(isWellFormedVirtualKey(world.keys[plan])).toBe(true);
      const { rows } = await client.query(
        'select o.slug, o.pricing_plan from weir.virtual_keys k join weir.organizations o on o.id = k.organization_id where k.key_hash = $1 and o.id = $2',
        [hashVirtualKey(world.keys[plan]), world.organizations[plan].id],
      );
      expect(rows).toEqual([{ slug: world.organizations[plan].slug, pricing_plan: plan }]);
    }
    expect(new Set(await column('select business_type from weir.organizations')).size).toBe(4);
    expect(new Set(Object.values(world.users).map((user) => user.password)).size).toBe(8);
    // No secret is stored in plain text.
    const stored = JSON.stringify(await everything());
    for (const secret of [...Object.values(world.keys), ...Object.values(world.users).map((user) => user.password)]) {
      expect(stored).not.toContain(secret);
    }
  });

  test('a second run writes nothing and gives nothing', async () => {
    await seedReference(client, { clock, random });
    await seedDemo(client, { clock, random, hashPassword: fastHash });
    const before = await everything();
    expect(await seedDemo(client, { clock, random, hashPassword: fastHash })).toBeUndefined();
    expect(await everything()).toEqual(before);
  });

  test('a run that fails leaves nothing behind', async () => {
    await seedReference(client, { clock, random });
    const before = await everything();
    await client.query('alter table weir.budgets add constraint refused check (false)');
    await expect(seedDemo(client, { clock, random, hashPassword: fastHash })).rejects.toMatchObject({
      constraint: 'refused',
    });
    expect(await everything()).toEqual(before);
  });

  test('holds a template of every kind that the specification names', async () => {
    await seedReference(client, { clock, random });
    await seedDemo(client, { clock, random, hashPassword: fastHash });
    const { rows } = await client.query(
      `select required_plan, token_limit_period as period, token_limit_amount as amount, jsonb_array_length(tasks) as tasks, tags
       from weir.templates where slug = 'blog-content-writer'`,
    );
    expect(rows).toEqual([
      { required_plan: 'pro', period: 'monthly', amount: '10000', tasks: 5, tags: ['blog', 'content', 'writing'] },
    ]);
    const one = (condition: string): Promise<string[]> =>
      column(`select count(*) from weir.templates where scope = 'system' and ${condition}`);
    expect(await one('is_free')).toEqual(['1']);
    expect(await one('is_trial and trial_expires_days = 7')).toEqual(['1']);
    expect(await one("token_limit_period = 'daily' and required_plan = 'starter'")).toEqual(['1']);
    expect(await one("token_limit_period = 'weekly' and required_plan = 'enterprise'")).toEqual(['1']);
    expect(await one('cardinality(business_types) = 1')).toEqual(['1']);
    expect(await column('select count(*) from weir.personas')).toEqual(['3']);
    expect(
      await column(`select d.environment from weir.deployments d join weir.features f on f.id = d.feature_id
      where f.name = 'goal_generation' and f.credits_per_action = 3 and d.is_active order by 1`),
    ).toEqual(['development', 'production', 'staging']);
  });
});

test('the demo budget stands just below its threshold, and the ledger finds no drift in what led there', async () => {
  await seedReference(client, { clock, random });
  await seedDemo(client, { clock, random, hashPassword: fastHash });
  const { rows } = await client.query(
    `select c.used * 100 / b.amount_nano_usd as percent, (b.alert_thresholds[1] * 100)::int as threshold
     from weir.budgets b join weir.counters c on c.meter_key = 'budget:' || b.id || ':nano_usd:' || b.period`,
  );
  expect(rows).toEqual([{ percent: '78', threshold: 80 }]);
  expect(await column('select meter_key from weir_private.ledger_drift()')).toEqual([]);
  expect(await column('select sum(cost_nano_usd) from weir.usage_events')).toEqual(['1560000000']);
});

describe('plan credits', () => {
  async function setPlan(slug: string, plan: string): Promise<void> {
    await client.query('update weir.organizations set pricing_plan = $2 where slug = $1', [slug, plan]);
  }
  async function ensure(slug: string, moment: string): Promise<string[]> {
    return column(`select weir.ensure_plan_credits(id, '${moment}') from weir.organizations where slug = '${slug}'`);
  }
  const goals = (slug: string): string =>
    `select g.initial || ' from ' || to_char(g.period_start at time zone 'UTC', 'YYYY-MM-DD') from weir.credit_grants g
     join weir.organizations o on o.id = g.organization_id where o.slug = '${slug}' and g.credit_type = 'goal_generation' order by g.period_start, g.initial`;

  beforeEach(async () => {
    await seedReference(client, { clock, random });
    await seedDemo(client, { clock, random, hashPassword: fastHash });
  });

  test('come once a period of 30 days from the anniversary, however often they are asked for', async () => {
    const slug = 'harbour-software';
    expect(await ensure(slug, '2026-12-20T23:59:59Z')).toEqual(['0']);
    expect(await ensure(slug, '2026-12-21T00:00:00Z')).toEqual(['5']);
    expect(await ensure(slug, '2026-12-30T00:00:00Z')).toEqual(['0']);
    expect(await column(goals(slug))).toEqual(['20 from 2026-11-21', '20 from 2026-12-21']);
  });

  test('a higher plan adds the missing part, once; unlimited and creditless plans get no lot', async () => {
    const slug = 'corner-shop';
    expect(await ensure(slug, '2026-11-22T00:00:00Z')).toEqual(['0']);
    await setPlan(slug, 'pro');
    expect(await ensure(slug, '2026-11-23T00:00:00Z')).toEqual(['5']);
    await client.query(
      "update weir.plan_credit_allocations set amount = 25 where plan_slug = 'enterprise' and credit_type = 'goal_generation'",
    );
    await setPlan(slug, 'enterprise');
    expect(await ensure(slug, '2026-11-24T00:00:00Z')).toEqual(['1']);
    expect(await ensure(slug, '2026-11-24T00:00:00Z')).toEqual(['0']);
    expect(await column(goals(slug))).toEqual(['5 from 2026-11-21', '20 from 2026-11-21']);
    await setPlan(slug, 'starter');
    expect(await ensure(slug, '2026-12-24T00:00:00Z')).toEqual(['0']);
  });
});

test('a load world has the size asked for, with keys that open it', async () => {
  await seedReference(client, { clock, random });
  const organizations = await seedLoad(client, { clock, random, organizations: 300, usersPerOrganization: 20 });
  expect(organizations).toHaveLength(300);
  expect(await column('select count(*) from weir.members')).toEqual(['6000']);
  const hashes = organizations.map((organization) => hashVirtualKey(organization.key));
  const { rows } = await client.query(
    'select count(*)::int as known from weir.virtual_keys where key_hash = any ($1)',
    [hashes],
  );
  expect(rows).toEqual([{ known: 300 }]);
  await expect(seedLoad(client, { clock, random, organizations: 0, usersPerOrganization: 1 })).rejects.toThrow(
    RangeError,
  );
});

test('every scenario runs on an empty database with the sizes it says', async () => {
  for (const scenario of Object.values(scenarios)) {
    await scenario.seed(client, { clock, random, sizes: { organizations: 2, users: 2 } });
  }
  expect(await column('select count(*) from weir.organizations')).toEqual(['6']);
});

test('passwords are kept as the auth library keeps them', async () => {
  // This one was opened with verifyPassword of @better-auth/utils 0.5.1; another form would lock everybody out.
  const opened =
    'f3c9ebfd2b30f05c70710a2ebd22e0b2:' +
    'b31587af2919de06c2512fb1e4701dd7f1e6747015daef0dfa87d720943c7f54' +
    'b642e29f4bd9d91df63b4bfe94285ce85a63e51bc944aa4bd5ad55e52b123824';
  expect(await hashPassword('correct horse', createSeededRandom(1))).toBe(opened);
  expect(await hashPassword('correct horse', createSeededRandom(2))).not.toBe(opened);
});
