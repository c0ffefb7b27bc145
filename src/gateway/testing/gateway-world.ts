// Owns: a whole gateway on loopback over a database of a test file's own, with the demo world and the sandbox. Not: what a test asks of it.

import type { FastifyInstance } from 'fastify';
import pg from 'pg';
import type { Database } from '../../database/pool.ts';
import { createSecretBox, type SecretBox } from '../../database/secrets/secret-box.ts';
import { type DemoWorld, seedDemo, seedReference } from '../../database/seeds/index.ts';
import { createTestDatabase } from '../../database/testing/database.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { untilNoonMs } from '../../primitives/testing/noon.ts';
import { createSandboxServer } from '../../providers/sandbox/sandbox-server.ts';
import type { Idempotency } from '../idempotency/idempotency.ts';
import type { SnapshotLimits } from '../snapshot/limits.ts';
import type { ProviderEnvironment } from '../snapshot/provider-facts.ts';
import type { ConnectTo } from '../upstream/connect-to.ts';
import { DEFAULT_UPSTREAM_LIMITS, type UpstreamLimits } from '../upstream/limits.ts';
import { type GatewayReplica, startGatewayReplica } from './gateway-replica.ts';
import { startUpstreamTap, type UpstreamTap } from './upstream-tap.ts';

/** Retries follow at once, so that tests of failures wait for nothing. */
const IMPATIENT: UpstreamLimits = { ...DEFAULT_UPSTREAM_LIMITS, backOffBaseMs: 1, backOffMostMs: 2 };

/** A running gateway and what is behind it. */
export interface GatewayWorld extends GatewayReplica {
  readonly demo: DemoWorld;
  /** Past every policy, for making changes and looking. */
  readonly owner: pg.Client;
  readonly secrets: SecretBox;
  /** What the sandbox is asked, and a way to answer in its place. */
  readonly tap: UpstreamTap;
  /** Resolves when the facts in memory are those of the database: after a change that opens something. */
  inForce(): Promise<void>;
  /** One more gateway on the same database and upstream; closed with the world. */
  startReplica(): Promise<GatewayReplica>;
}

/** What a world may have of its own. */
export interface GatewayWorldOptions {
  readonly providerOverrides?: ProviderEnvironment['providerOverrides'];
  /** The same, from the address of the tap: vendors with secrets of their own behind it. */
  readonly overridesAt?: (tapUrl: string) => ProviderEnvironment['providerOverrides'];
  readonly upstreamLimits?: UpstreamLimits;
  readonly snapshotLimits?: SnapshotLimits;
  /** The way to templates' own endpoints, and how long they are waited for. */
  readonly connectTo?: ConnectTo;
  readonly ownEndpointTimeouts?: NonNullable<ProviderEnvironment['ownEndpointTimeouts']>;
  /** Moves the ledger's time, forward only. Milliseconds. Left out: it begins at the next noon, so that no window ends in the midst of a test. */
  readonly ledgerOffsetMs?: () => number;
  readonly createIdempotency?: (database: Database) => Idempotency;
  readonly createApp?: () => FastifyInstance;
}

/** The same without a memory: breakers, cool-downs and retry budgets of one test don't reach the next. */
export const FORGETFUL: UpstreamLimits = {
  ...IMPATIENT,
  breaker: {
    ...DEFAULT_UPSTREAM_LIMITS.breaker,
    minimumVolume: 1_000_000,
    consecutiveFailures: 1_000_000,
    throttlesBeforeCoolDown: 1_000_000,
    coolDownDefaultMs: 0,
    coolDownMostMs: 0,
  },
  retryBudget: { callsPerRetry: 1, savedRetriesMost: 1_000_000 },
};

/** Starts one; close it in `afterAll`. */
export async function createGatewayWorld(options: GatewayWorldOptions = {}): Promise<GatewayWorld> {
  const random = createSystemRandom();
  const testDatabase = await createTestDatabase();
  const owner = new pg.Client({ connectionString: testDatabase.ownerUrl });
  await owner.connect();
  await seedReference(owner, { clock: systemClock, sandbox: true });
  const demo = await seedDemo(owner, { clock: systemClock, random, hashPassword: async () => 'none' });
  if (!demo) throw new Error('the demo world was there already');
  const sandbox = createSandboxServer({ clock: systemClock });
  const { url: sandboxUrl } = await sandbox.listen({ host: '127.0.0.1', port: 0 });
  const tap = await startUpstreamTap(sandboxUrl);
  const secrets = createSecretBox({ masterKey: Buffer.from(random.bytes(32)), random });
  const noonMs = untilNoonMs(systemClock.nowMs());
  const start = () =>
    startGatewayReplica({
      upstreamLimits: IMPATIENT,
      ledgerOffsetMs: () => noonMs,
      ...options,
      databaseUrl: testDatabase.url,
      random,
      secrets,
      environment: {
        sandbox: { url: tap.url },
        providerOverrides: options.overridesAt?.(tap.url) ?? options.providerOverrides ?? {},
        ...(options.ownEndpointTimeouts && { ownEndpointTimeouts: options.ownEndpointTimeouts }),
      },
    });
  const first = await start();
  const others: GatewayReplica[] = [];
  return {
    ...first,
    demo,
    owner,
    secrets,
    tap,
    inForce: () => first.snapshot.checkNow(),
    async startReplica() {
      const replica = await start();
      others.push(replica);
      return replica;
    },
    async close() {
      for (const replica of [...others, first]) await replica.close();
      await tap.close();
      await sandbox.close();
      await owner.end();
      await testDatabase.drop();
    },
  };
}
