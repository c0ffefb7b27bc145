// Owns: proof that the snapshot answers from memory, opens secrets and outlives the database. Not: the parts in themselves (their own tests).

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '../../database/log.ts';
import { connectDedicated, createDatabase } from '../../database/pool.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import { providerCredentialContext } from '../../database/secrets/secret-context.ts';
import { createManualClock } from '../../primitives/clock.ts';
import { createVirtualKey, hashVirtualKey } from '../../primitives/virtual-key.ts';
import { SNAPSHOT_LIMITS } from './limits.ts';
import { createSnapshotListener } from './snapshot-listener.ts';
import { startDatabaseProxy } from './testing/database-proxy.ts';
import {
  askAll,
  createSnapshotWorld,
  deaf,
  ONLY_WHEN_TOLD,
  POOL_OPTIONS,
  type SnapshotWorld,
} from './testing/snapshot-world.ts';

const STEPPED_PRICE_ID = '0199a000-0000-7000-8000-00000000000a';

let world: SnapshotWorld;
beforeAll(async () => {
  world = await createSnapshotWorld();
});
afterEach(() => world.closeSnapshots());
afterAll(() => world?.drop());

describe('the snapshot', () => {
  it('gives the facts of the demo world', async () => {
    const { platform, organization, member, key } = await askAll(world.createSnapshot(), world);
    expect(platform.defaultModelId).toBe('gpt-4o-mini');
    expect(platform.models.get('gpt-4o-mini')).toMatchObject({
      enabled: true,
      tier: 'free',
      price: { input: 150_000_000n, output: 600_000_000n },
    });
    expect(platform.models.get('gpt-4o')).toMatchObject({
      tier: 'premium',
      messagesPerDay: 50n,
      trialMessages: 2n,
      priceCents: 299,
    });
    expect(platform.plans.get('pro')?.creditAllocations.get('lead_generation')).toBe(50n);
    expect(platform.plans.get('enterprise')?.creditAllocations.get('lead_generation')).toBeNull();
    expect(platform.systemTemplates.get('blog-content-writer')).toMatchObject({
      requiredPlan: 'pro',
      limitPeriod: 'monthly',
      limitTokens: 10_000n,
    });
    expect(platform.features.get('goal_generation')?.creditsPerAction).toBe(3n);
    expect([...(platform.features.get('goal_generation')?.deployments.keys() ?? [])].sort()).toEqual([
      'development',
      'production',
      'staging',
    ]);
    expect(platform.personas.size).toBeGreaterThanOrEqual(3);
    expect(platform.switches).toEqual({
      systemTemplatesEnabled: true,
      premiumEnabled: true,
      forceDefaultModel: false,
      chargingEnabled: true,
      gatewayReadOnly: false,
    });
    expect(organization).toMatchObject({ id: world.organizationId, planSlug: 'pro', status: 'active' });
    expect(organization?.templateConfigs.size).toBeGreaterThan(0);
    expect(member).toMatchObject({ userId: world.userId, role: 'member', status: 'active' });
    expect(key).toMatchObject({ organizationId: world.organizationId, environment: 'test', revokedAtMs: null });
  });

  it('asks the database nothing in the steady state, and answers without a promise', async () => {
    const snapshot = world.createSnapshot();
    const first = await askAll(snapshot, world);
    world.queriesSince();
    for (let call = 0; call < 1_000; call += 1) {
      expect(snapshot.platform()).toBe(first.platform);
      expect(snapshot.organization(world.organizationId)).toBe(first.organization);
      expect(snapshot.member(world.organizationId, world.userId)).toBe(first.member);
      expect(snapshot.key(world.key)).toBe(first.key);
    }
    expect(world.queriesSince()).toBe(0);
  });

  it('gives the version that the ledger compares', async () => {
    const { platform, organization } = await askAll(world.createSnapshot(), world);
    const { rows } = await world.owner.query(`select scope, version from weir.fact_versions where scope = any($1)`, [
      ['platform', world.organizationId],
    ]);
    const versions = new Map(rows.map((row) => [row.scope, BigInt(row.version)]));
    expect(platform.version).toBe(versions.get('platform'));
    expect(organization?.version).toBe(versions.get(world.organizationId));
  });

  it('gives the same answers after everything was evicted and read again', async () => {
    const small = { ...ONLY_WHEN_TOLD, organizationsMax: 1, membersMax: 1, keysMax: 1 };
    const snapshot = world.createSnapshot({ limits: small });
    const before = await askAll(snapshot, world);
    await snapshot.organization(world.otherOrganizationId);
    await snapshot.key(world.otherKey);
    await snapshot.member(world.otherOrganizationId, world.userId);
    world.queriesSince();
    expect(await askAll(snapshot, world)).toEqual(before);
    expect(world.queriesSince()).toBe(3);
    expect(snapshot.sizes()).toEqual({ scopes: 2, organizations: 1, members: 1, keys: 1, unknownKeys: 0 });
  });

  it('knows nobody by an id that is none, without asking', async () => {
    const snapshot = world.createSnapshot();
    world.queriesSince();
    expect(snapshot.organization("'; drop")).toBeNull();
    expect(snapshot.member(world.organizationId, 'not a uuid')).toBeNull();
    expect(world.queriesSince()).toBe(0);
    expect(await snapshot.organization(randomUUID())).toBeNull();
  });

  it('remembers that somebody is no member, until a change', async () => {
    const { snapshot, afterChange } = await world.startListening();
    expect(await snapshot.member(world.otherOrganizationId, world.userId)).toBeNull();
    world.queriesSince();
    expect(snapshot.member(world.otherOrganizationId, world.userId)).toBeNull();
    expect(world.queriesSince()).toBe(0);
    await afterChange(
      world.otherOrganizationId,
      `insert into weir.members (id, organization_id, user_id, role) values ($1, $2, $3, 'member')`,
      [randomUUID(), world.otherOrganizationId, world.userId],
    );
    expect(await snapshot.member(world.otherOrganizationId, world.userId)).toMatchObject({ role: 'member' });
    await afterChange(
      world.otherOrganizationId,
      'delete from weir.members where organization_id = $1 and user_id = $2',
      [world.otherOrganizationId, world.userId],
    );
    expect(await snapshot.member(world.otherOrganizationId, world.userId)).toBeNull();
  });

  it('answers 1,000 unknown keys with few queries, remembers no more than its bound, and asks again after 10 s', async () => {
    const clock = createManualClock(0);
    const snapshot = world.createSnapshot({ clock, limits: { ...ONLY_WHEN_TOLD, unknownKeysMax: 100 } });
    const hashes = Array.from({ length: 1_000 }, () => hashVirtualKey(createVirtualKey('live', world.random)));
    world.queriesSince();
    expect((await Promise.all(hashes.map((hash) => snapshot.key(hash)))).every((key) => key === null)).toBe(true);
    expect(world.queriesSince()).toBe(2);
    expect(snapshot.sizes()).toMatchObject({ keys: 0, unknownKeys: 100 });
    const last = hashes.at(-1) ?? Buffer.alloc(32);
    expect(snapshot.key(last)).toBeNull();
    expect(world.queriesSince()).toBe(0);
    clock.advance(10_000);
    expect(await snapshot.key(last)).toBeNull();
    expect(world.queriesSince()).toBe(1);
  });
});

describe('a price', () => {
  it('comes with every part that the table holds, the step by input length included', async () => {
    await world.owner.query(
      `insert into weir.model_prices (id, model_id, effective_from, input_nano_usd_per_million, output_nano_usd_per_million,
         cached_input_nano_usd_per_million, cache_write_nano_usd_per_million, cache_write_1h_nano_usd_per_million,
         reasoning_nano_usd_per_million, request_nano_usd, long_context_above_tokens, long_context_input_nano_usd_per_million,
         long_context_output_nano_usd_per_million, long_context_cached_input_nano_usd_per_million,
         long_context_cache_write_nano_usd_per_million, long_context_cache_write_1h_nano_usd_per_million)
       values ($1, 'gpt-4o-mini', now(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)`,
      [STEPPED_PRICE_ID],
    );
    const { platform } = await askAll(world.createSnapshot(), world);
    expect(platform.models.get('gpt-4o-mini')?.price).toEqual({
      id: STEPPED_PRICE_ID,
      input: 1n,
      output: 2n,
      cachedInput: 3n,
      cacheWrite: 4n,
      cacheWrite1h: 5n,
      reasoning: 6n,
      perRequest: 7n,
      longContext: {
        aboveTokens: 8n,
        input: 9n,
        output: 10n,
        cachedInput: 11n,
        cacheWrite: 12n,
        cacheWrite1h: 13n,
        reasoning: null,
      },
    });
    expect(platform.models.get('gpt-4o')?.price?.longContext).toBeNull();
  });
});

describe('a price dated ahead', () => {
  it('comes into force without any change of a row', async () => {
    const clock = createManualClock(0);
    await world.owner.query(
      `insert into weir.model_prices (id, model_id, effective_from, input_nano_usd_per_million, output_nano_usd_per_million) values (gen_random_uuid(), 'gpt-4o', now() + interval '1 hour', 1, 1)`,
    );
    const snapshot = world.createSnapshot({ clock });
    const platform = await snapshot.platform();
    clock.advance(3_500_000);
    await snapshot.checkNow();
    expect(snapshot.platform()).toBe(platform);
    clock.advance(100_001);
    await snapshot.checkNow();
    expect(snapshot.platform()).toBeInstanceOf(Promise);
  });
});

describe('stored secrets', () => {
  const insert = async (
    box: SecretBox,
    organizationId: string | null,
    origin = 'https://api.openai.com',
  ): Promise<string> => {
    const { rows } = await world.owner.query(`select id from weir.providers where slug = 'openai'`);
    const providerId: string = rows[0].id;
    const { ciphertext, keyId } = box.seal(
      'sk-stored',
      providerCredentialContext({ providerId, organizationId, origin }),
    );
    const id = randomUUID();
    await world.owner.query(
      `insert into weir.provider_credentials (id, provider_id, organization_id, label, ciphertext, key_id, origin, last_four) values ($1, $2, $3, $4, $5, $6, $7, 'ored')`,
      [id, providerId, organizationId, id, ciphertext, keyId, origin],
    );
    return providerId;
  };
  afterEach(() => world.owner.query('delete from weir.provider_credentials'));

  it('are opened for the platform and for the organization, each its own', async () => {
    const providerId = await insert(world.secrets, null);
    await insert(world.secrets, world.organizationId);
    const snapshot = world.createSnapshot();
    const { platform, organization } = await askAll(snapshot, world);
    expect(platform.providers.get(providerId)?.secret).toBe('sk-stored');
    expect(organization?.providerSecrets.get(providerId)).toMatchObject({ origin: 'https://api.openai.com' });
    expect(organization?.providerSecrets.get(providerId)?.secret).toBe('sk-stored');
    expect(JSON.stringify([...platform.providers.values()])).not.toContain('sk-stored');
  });

  it('that were copied to another organization or origin do not open, are named in the log, and stop nothing else', async () => {
    const providerId = await insert(world.secrets, null);
    await world.owner.query('update weir.provider_credentials set organization_id = $1', [world.organizationId]);
    const logged: unknown[] = [];
    const snapshot = world.createSnapshot({ log: { ...silentLog, error: (fields) => logged.push(fields) } });
    const { organization } = await askAll(snapshot, world);
    expect(organization?.providerSecrets.has(providerId)).toBe(false);
    expect(logged).toMatchObject([{ providerId, organizationId: world.organizationId }]);
    expect(JSON.stringify(logged)).not.toContain('sk-stored');
  });
});

describe('without the database', () => {
  it('what is in memory is still served, what is not is a 503, and freshness ends after 10 s', async () => {
    const clock = createManualClock(0);
    const proxy = await startDatabaseProxy(world.url);
    const own = createDatabase({ ...POOL_OPTIONS, url: proxy.url });
    const snapshot = world.createSnapshot({ database: own, connectListener: deaf, clock });
    await snapshot.start();
    const { key } = await askAll(snapshot, world);
    expect(snapshot.isFresh()).toBe(true);
    await proxy.cut();
    await expect(snapshot.checkNow()).rejects.toThrow();
    expect(snapshot.key(world.key)).toBe(key);
    await expect(snapshot.organization(world.otherOrganizationId)).rejects.toMatchObject({
      code: 'ledger_unavailable',
      status: 503,
    });
    // Asked and not waited for: the failure ends here.
    void snapshot.organization(world.otherOrganizationId);
    void snapshot.key(world.otherKey);
    clock.advance(9_999);
    expect(snapshot.isFresh()).toBe(true);
    clock.advance(1);
    expect(snapshot.isFresh()).toBe(false);
    await own.close();
  });

  it('a listening connection that fell silent is given up for a new one', async () => {
    const proxy = await startDatabaseProxy(world.url);
    let listening = (): void => {};
    const connect = () => connectDedicated({ url: proxy.url, role: 'weir_gateway' });
    const listener = createSnapshotListener({
      connect,
      onChange: () => {},
      onListening: async () => listening(),
      log: silentLog,
      random: world.random,
      limits: { ...SNAPSHOT_LIMITS, listenerAnswerMs: 50 },
    });
    await listener.start();
    await listener.probe();
    expect(proxy.connections()).toBe(1);
    proxy.silence();
    const isListeningAgain = new Promise<void>((resolve) => {
      listening = resolve;
    });
    await listener.probe();
    await isListeningAgain;
    expect(proxy.connections()).toBe(2);
    await listener.close();
    await proxy.cut();
  });
});
