// Owns: proof that every kind of change reaches the snapshot, with its notification or without. Not: the parts in themselves (their own tests).

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../database/log.ts';
import { connectDedicated } from '../../database/pool.ts';
import { createVirtualKey, hashVirtualKey } from '../../primitives/virtual-key.ts';
import { askAll, createSnapshotWorld, deaf, ONLY_WHEN_TOLD, type SnapshotWorld } from './testing/snapshot-world.ts';

let world: SnapshotWorld;
beforeAll(async () => {
  world = await createSnapshotWorld();
});
afterEach(() => world.closeSnapshots());
afterAll(() => world?.drop());

describe('a change in the database', () => {
  const ORG = (): string => world.organizationId;
  const changes: {
    what: string;
    scope: () => string;
    statement: string;
    values?: () => unknown[];
    read: (facts: Awaited<ReturnType<typeof askAll>>) => unknown;
    gives: unknown;
  }[] = [
    {
      what: 'a kill switch',
      scope: () => 'platform',
      statement: `update weir.system_config set value = 'false' where key = 'premium_enabled'`,
      read: ({ platform }) => platform.switches.premiumEnabled,
      gives: false,
    },
    {
      what: 'a model',
      scope: () => 'platform',
      statement: `update weir.models set enabled = false where id = 'gpt-4o'`,
      read: ({ platform }) => platform.models.get('gpt-4o')?.enabled,
      gives: false,
    },
    {
      what: 'a price',
      scope: () => 'platform',
      statement: `insert into weir.model_prices (id, model_id, effective_from, input_nano_usd_per_million, output_nano_usd_per_million) values (gen_random_uuid(), 'gpt-4o', now(), 7, 9007199254740993)`,
      read: ({ platform }) => platform.models.get('gpt-4o')?.price?.output,
      gives: 9_007_199_254_740_993n,
    },
    {
      what: 'a provider',
      scope: () => 'platform',
      statement: `update weir.providers set status = 'inactive' where slug = 'together'`,
      read: ({ platform }) => [...platform.providers.values()].find(({ slug }) => slug === 'together')?.status,
      gives: 'inactive',
    },
    {
      what: 'a plan',
      scope: () => 'platform',
      statement: `update weir.plans set token_quota_monthly = 123 where slug = 'pro'`,
      read: ({ platform }) => platform.plans.get('pro')?.tokenQuotaMonthly,
      gives: 123n,
    },
    {
      what: 'a system template',
      scope: () => 'platform',
      statement: `update weir.templates set temperature = 0.3, token_limit_amount = 77 where slug = 'blog-content-writer'`,
      read: ({ platform }) => platform.systemTemplates.get('blog-content-writer')?.parameters.temperature,
      gives: 0.3,
    },
    {
      what: 'a feature',
      scope: () => 'platform',
      statement: `update weir.features set status = 'maintenance'`,
      read: ({ platform }) => platform.features.get('goal_generation')?.status,
      gives: 'maintenance',
    },
    {
      what: 'a deployment',
      scope: () => 'platform',
      statement: `update weir.deployments set model_id = 'gpt-4o' where environment = 'staging' and is_active`,
      read: ({ platform }) => platform.features.get('goal_generation')?.deployments.get('staging')?.modelId,
      gives: 'gpt-4o',
    },
    {
      what: 'a platform budget',
      scope: () => 'platform',
      statement: `insert into weir.budgets (id, name, scope, period, amount_nano_usd, enforcement) values (gen_random_uuid(), 'all', 'platform', 'daily', 5, 'hard')`,
      read: ({ platform }) => platform.platformBudgets.map((budget) => budget.limitNanoUsd),
      gives: [5n],
    },
    {
      what: 'an organization',
      scope: ORG,
      statement: `update weir.organizations set status = 'suspended', pricing_plan = 'starter' where id = $1`,
      values: () => [ORG()],
      read: ({ organization }) => [organization?.status, organization?.planSlug],
      gives: ['suspended', 'starter'],
    },
    {
      what: "an admin's switch",
      scope: ORG,
      statement: `update weir.org_system_model_config set token_limit_per_user = 5 where organization_id = $1`,
      values: () => [ORG()],
      read: ({ organization }) =>
        [...(organization?.templateConfigs.values() ?? [])].every((config) => config.tokenLimitPerUser === 5n),
      gives: true,
    },
    {
      what: "an organization's template",
      scope: ORG,
      statement: `insert into weir.templates (scope, organization_id, name, slug, model_id) values ('organization', $1, 'Own', 'own', 'gpt-4o-mini')`,
      values: () => [ORG()],
      read: ({ organization }) => organization?.templates.get('own')?.modelId,
      gives: 'gpt-4o-mini',
    },
    {
      what: 'a budget of a person',
      scope: ORG,
      statement: `insert into weir.budgets (id, organization_id, name, scope, user_id, period, amount_nano_usd) values (gen_random_uuid(), $1, 'u', 'user', $2, 'weekly', 6)`,
      values: () => [ORG(), world.userId],
      read: ({ organization }) =>
        organization?.budgets.find((budget) => budget.scope === 'user')?.reference === world.userId,
      gives: true,
    },
    {
      what: 'what the window before left of a budget',
      scope: ORG,
      statement: `with made as (
          insert into weir.budgets (id, organization_id, name, scope, period, amount_nano_usd, rollover, created_at, counting_since)
          values (gen_random_uuid(), $1, 'rolls', 'organization', 'daily', 10, true, now() - interval '3 days', now() - interval '3 days')
          returning id, weir.budget_window_start('daily', now()) as today)
        insert into weir.counters (meter_key, window_start, window_end, organization_id, kind, unit, lock_rank, used)
        select 'budget:' || id || ':nano_usd:daily', today - interval '1 day', today, $1, 'budget', 'nano_usd', 4, 4 from made`,
      values: () => [ORG()],
      read: ({ organization }) => organization?.budgets.find(({ name }) => name === 'rolls')?.limitNanoUsd,
      gives: 16n,
    },
    {
      what: 'what a budget was opened with',
      scope: ORG,
      statement: `insert into weir.budgets (id, organization_id, name, scope, period, amount_nano_usd, opening_nano_usd, opening_window_start)
        select gen_random_uuid(), $1, name, 'organization', 'monthly', 10, 3, weir.budget_window_start('monthly', now() - off)
        from (values ('opened', interval '0'), ('opened before', interval '32 days')) as windows (name, off)`,
      values: () => [ORG()],
      read: ({ organization }) =>
        ['opened', 'opened before'].map(
          (name) => organization?.budgets.find((budget) => budget.name === name)?.limitNanoUsd,
        ),
      gives: [7n, 10n],
    },
    {
      what: 'an entitlement of the organization',
      scope: ORG,
      statement: `insert into weir.entitlements (id, organization_id, model_id, source) values (gen_random_uuid(), $1, 'claude-3-opus', 'admin_grant')`,
      values: () => [ORG()],
      read: ({ organization }) =>
        organization?.organizationEntitlements.some(({ modelId }) => modelId === 'claude-3-opus'),
      gives: true,
    },
    {
      what: 'an entitlement of the person',
      scope: ORG,
      statement: `insert into weir.entitlements (id, user_id, model_id, source) values (gen_random_uuid(), $1, 'gemini-pro-1.5', 'purchase')`,
      values: () => [world.userId],
      read: ({ member }) => member?.entitlements.some(({ modelId }) => modelId === 'gemini-pro-1.5'),
      gives: true,
    },
    {
      what: 'a preference',
      scope: ORG,
      statement: `insert into weir.profiles (user_id, default_model_id, persona_model_overrides) values ($1, 'gpt-4o', '{"p":"m"}') on conflict (user_id) do update set default_model_id = excluded.default_model_id, persona_model_overrides = excluded.persona_model_overrides`,
      values: () => [world.userId],
      read: ({ member }) => [member?.defaultModelId, member?.personaModelOverrides.get('p')],
      gives: ['gpt-4o', 'm'],
    },
    {
      what: "a person's own template",
      scope: ORG,
      statement: `insert into weir.templates (scope, organization_id, owner_user_id, name, slug, model_id) values ('user', $1, $2, 'Mine', 'mine', 'gpt-4o-mini')`,
      values: () => [ORG(), world.userId],
      read: ({ member }) => member?.templates.has('mine'),
      gives: true,
    },
    {
      what: 'a pause',
      scope: ORG,
      statement: `update weir.members set status = 'paused' where user_id = $1`,
      values: () => [world.userId],
      read: ({ member }) => [member?.status, member?.pausedUntilMs],
      gives: ['paused', null],
    },
    {
      what: 'the end of a pause, and a ban of the account',
      scope: ORG,
      statement: `with resumed as (update weir.members set status = 'active' where user_id = $1) update weir.users set banned = true, ban_expires = '2100-01-01' where id = $1`,
      values: () => [world.userId],
      read: ({ member }) => [member?.status, member?.pausedUntilMs],
      gives: ['paused', Date.UTC(2100, 0, 1)],
    },
    {
      what: 'a limit and an allow-list of the key',
      scope: ORG,
      statement: `update weir.virtual_keys set requests_per_minute = 60, allowed_models = '{gpt-4o}', allowed_routes = '{embeddings}', ip_ranges = '{10.0.0.0/8,2001:db8::/32}' where key_hash = $1`,
      values: () => [world.key],
      read: ({ key }) => [key?.requestsPerMinute, key?.allowedModels, key?.allowedRoutes, key?.ipRanges],
      gives: [60n, new Set(['gpt-4o']), new Set(['embeddings']), ['10.0.0.0/8', '2001:db8::/32']],
    },
    {
      what: 'a revocation of the key',
      scope: ORG,
      statement: `update weir.virtual_keys set revoked_at = '2020-01-01' where key_hash = $1`,
      values: () => [world.key],
      read: ({ key }) => key?.revokedAtMs,
      gives: Date.UTC(2020, 0, 1),
    },
  ];

  it.each(changes)('of $what is in force with its notification', async ({ scope, statement, values, read, gives }) => {
    const { snapshot, afterChange } = await world.startListening();
    await askAll(snapshot, world);
    await afterChange(scope(), statement, values?.() ?? []);
    expect(read(await askAll(snapshot, world))).toEqual(gives);
  });

  it('of a key that vanishes leaves nothing to call with', async () => {
    const { snapshot, afterChange } = await world.startListening();
    const hash = hashVirtualKey(createVirtualKey('live', world.random));
    await afterChange(
      world.otherOrganizationId,
      `insert into weir.virtual_keys (id, organization_id, owner_type, name, environment, key_hash, prefix, last_four) values (gen_random_uuid(), $1, 'service', 'k', 'live', $2, 'wr_live_', 'abcd')`,
      [world.otherOrganizationId, hash],
    );
    expect(await snapshot.key(hash)).toMatchObject({ userId: null, organizationId: world.otherOrganizationId });
    await afterChange(world.otherOrganizationId, 'delete from weir.virtual_keys where key_hash = $1', [hash]);
    expect(await snapshot.key(hash)).toBeNull();
  });

  it('of the last use of a key is no change of facts', async () => {
    const snapshot = world.createSnapshot();
    const { key } = await askAll(snapshot, world);
    await world.owner.query('update weir.virtual_keys set last_used_at = now() where key_hash = $1', [world.key]);
    await snapshot.checkNow();
    expect(snapshot.key(world.key)).toBe(key);
  });

  it('whose notification is lost is found by comparing versions, in every scope', async () => {
    const snapshot = world.createSnapshot({
      connectListener: deaf,
      limits: { ...ONLY_WHEN_TOLD, scopesPerCheckMax: 1 },
    });
    await snapshot.start();
    const before = await askAll(snapshot, world);
    const other = await snapshot.organization(world.otherOrganizationId);
    await world.owner.query(`update weir.system_config set value = 'true' where key = 'gateway_read_only'`);
    await world.owner.query(`update weir.virtual_keys set tokens_per_minute = 99 where key_hash = $1`, [world.key]);
    expect(await askAll(snapshot, world)).toEqual(before);
    await snapshot.checkNow();
    const after = await askAll(snapshot, world);
    expect(after.platform.switches.gatewayReadOnly).toBe(true);
    expect(after.key?.tokensPerMinute).toBe(99n);
    expect(snapshot.organization(world.otherOrganizationId)).toBe(other);
  });

  it('during a lost connection is found when the listener is back', async () => {
    let connections = 0;
    let back = (): void => {};
    const isBack = new Promise<void>((resolve) => (back = resolve));
    const snapshot = world.createSnapshot({
      connectListener: async () => {
        connections += 1;
        if (connections === 2)
          await world.owner.query(`update weir.virtual_keys set tokens_per_minute = 111 where key_hash = $1`, [
            world.key,
          ]);
        return connectDedicated({ url: world.url, role: 'weir_gateway' });
      },
      log: { ...silentLog, info: () => (connections === 2 ? back() : undefined) },
    });
    await snapshot.start();
    expect((await snapshot.key(world.key))?.tokensPerMinute).not.toBe(111n);
    await world.owner.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen weir_facts'`,
    );
    await isBack;
    expect((await snapshot.key(world.key))?.tokensPerMinute).toBe(111n);
  });

  it('that the ledger saw first drops what stands at that version', async () => {
    const snapshot = world.createSnapshot();
    const { platform, organization } = await askAll(snapshot, world);
    await world.owner.query(`update weir.organizations set name = 'Renamed' where id = $1`, [world.organizationId]);
    const seen = { platform: platform.version, organization: organization?.version ?? 0n };
    snapshot.invalidate(world.organizationId, seen);
    expect((await snapshot.organization(world.organizationId))?.name).toBe('Renamed');
    const reloaded = snapshot.organization(world.organizationId);
    snapshot.invalidate(world.organizationId, seen);
    expect(snapshot.organization(world.organizationId)).toBe(reloaded);
    snapshot.invalidate(world.organizationId);
    expect(snapshot.organization(world.organizationId)).toBeInstanceOf(Promise);
  });
});
