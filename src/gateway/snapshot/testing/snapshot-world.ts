// Owns: the demo world in a database of a test file's own, and snapshots over it. Not: what a test asks of them.

import pg from 'pg';
import { silentLog } from '../../../database/log.ts';
import { connectDedicated, createDatabase, type Database } from '../../../database/pool.ts';
import { createSecretBox, type SecretBox } from '../../../database/secrets/secret-box.ts';
import { seedDemo, seedReference } from '../../../database/seeds/index.ts';
import { createTestDatabase } from '../../../database/testing/database.ts';
import { systemClock } from '../../../primitives/clock.ts';
import { createSystemRandom, type Random } from '../../../primitives/random.ts';
import { hashVirtualKey } from '../../../primitives/virtual-key.ts';
import { createSnapshot, type RunningSnapshot, type SnapshotOptions } from '../create-snapshot.ts';
import { SNAPSHOT_LIMITS, type SnapshotLimits } from '../limits.ts';
import type { ListeningConnection } from '../snapshot-listener.ts';

/** Limits of a snapshot that compares versions only when it is told to. */
export const ONLY_WHEN_TOLD: SnapshotLimits = { ...SNAPSHOT_LIMITS, versionCheckIntervalMs: 2 ** 30 };

/** How the tests' pools are made; the URL comes with the database. */
export const POOL_OPTIONS = {
  role: 'weir_gateway',
  max: 4,
  applicationName: 'snapshot test',
  statementTimeoutMs: 0,
} as const;

export interface SnapshotWorld {
  readonly url: string;
  /** Past every policy, for making changes. */
  readonly owner: pg.Client;
  readonly database: Database;
  readonly random: Random;
  readonly secrets: SecretBox;
  /** The pro organization, its member and its key; the free one and its key. */
  readonly organizationId: string;
  readonly otherOrganizationId: string;
  readonly userId: string;
  readonly key: Buffer;
  readonly otherKey: Buffer;
  /** Queries of the pool since the last time this was asked. */
  queriesSince(): number;
  createSnapshot(options?: Partial<SnapshotOptions>): RunningSnapshot;
  /** A started snapshot, and a way to make a change and wait until it has heard of it. */
  startListening(): Promise<{
    snapshot: RunningSnapshot;
    afterChange(scope: string, statement: string, values?: unknown[]): Promise<void>;
  }>;
  /** Ends the snapshots made so far; for `afterEach`. */
  closeSnapshots(): Promise<void>;
  drop(): Promise<void>;
}

/** A connection that never hears anything: there is none. */
export const deaf = (): Promise<ListeningConnection> => Promise.reject(new Error('no listening here'));

/** Everything that one call needs. */
export async function askAll(snapshot: RunningSnapshot, world: SnapshotWorld) {
  return {
    platform: await snapshot.platform(),
    organization: await snapshot.organization(world.organizationId),
    member: await snapshot.member(world.organizationId, world.userId),
    key: await snapshot.key(world.key),
  };
}

/** Seeds the demo world into a fresh database; drop it in `afterAll`. */
export async function createSnapshotWorld(): Promise<SnapshotWorld> {
  const random = createSystemRandom();
  const secrets = createSecretBox({ masterKey: Buffer.from(random.bytes(32)), random });
  const testDatabase = await createTestDatabase();
  const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  const seeded = await seedWorld(owner, random);
  const database = createDatabase({ ...POOL_OPTIONS, url: testDatabase.url });
  let queries = 0;
  database.pool.on('acquire', () => {
    queries += 1;
  });
  const open = new Set<RunningSnapshot>();

  const make = (options: Partial<SnapshotOptions> = {}): RunningSnapshot => {
    const snapshot = createSnapshot({
      database,
      connectListener: () => connectDedicated({ url: testDatabase.url, role: 'weir_gateway' }),
      secrets,
      clock: systemClock,
      random,
      log: silentLog,
      environment: { sandbox: null, providerOverrides: {} },
      limits: ONLY_WHEN_TOLD,
      ...options,
    });
    open.add(snapshot);
    return snapshot;
  };

  return {
    ...seeded,
    url: testDatabase.url,
    owner,
    database,
    random,
    secrets,
    queriesSince() {
      const counted = queries;
      queries = 0;
      return counted;
    },
    createSnapshot: make,
    startListening: () => startListening(make, owner),
    async closeSnapshots() {
      for (const snapshot of open) await snapshot.close();
      open.clear();
    },
    async drop() {
      await database.close();
      await owner.end();
      await testDatabase.drop();
    },
  };
}

async function seedWorld(owner: pg.Client, random: Random) {
  await seedReference(owner, { clock: systemClock, sandbox: true });
  const demo = await seedDemo(owner, { clock: systemClock, random, hashPassword: async () => 'none' });
  if (demo === undefined) throw new Error('the demo world was there already');
  const { rows } = await owner.query('select id from weir.users where email = $1', [demo.users.proMember.email]);
  return {
    organizationId: demo.organizations.pro.id,
    otherOrganizationId: demo.organizations.free.id,
    userId: rows[0].id as string,
    key: hashVirtualKey(demo.keys.pro),
    otherKey: hashVirtualKey(demo.keys.free),
  };
}

async function startListening(make: (options: Partial<SnapshotOptions>) => RunningSnapshot, owner: pg.Client) {
  let heard: { scope: string; resolve: () => void } | undefined;
  const snapshot = make({
    onChange: (scope) => {
      if (scope === heard?.scope) heard.resolve();
    },
  });
  await snapshot.start();
  const afterChange = async (scope: string, statement: string, values: unknown[] = []): Promise<void> => {
    const arrived = new Promise<void>((resolve) => {
      heard = { scope, resolve };
    });
    await owner.query(statement, values);
    await arrived;
  };
  return { snapshot, afterChange };
}
