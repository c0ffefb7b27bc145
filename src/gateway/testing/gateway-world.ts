// Owns: a whole gateway on loopback over a database of a test file's own, with the demo world and the sandbox. Not: what a test asks of it.

import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import pg from 'pg';
import { silentLog } from '../../database/log.ts';
import { connectDedicated, createDatabase, type Database } from '../../database/pool.ts';
import { createSecretBox } from '../../database/secrets/secret-box.ts';
import { type DemoWorld, seedDemo, seedReference } from '../../database/seeds/index.ts';
import { createTestDatabase } from '../../database/testing/database.ts';
import { createPostgresStore, type PostgresStore } from '../../ledger/store/postgres-store.ts';
import { systemClock } from '../../primitives/clock.ts';
import { createSystemRandom } from '../../primitives/random.ts';
import { createTokenCounter } from '../../providers/counting/token-counter.ts';
import { createSandboxServer } from '../../providers/sandbox/sandbox-server.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';
import { registerGatewayRoutes } from '../gateway.routes.ts';
import type { Idempotency } from '../idempotency/idempotency.ts';
import type { CallReport } from '../observer.ts';
import { createDirectBook } from '../settlement/settlement-book.ts';
import { createSnapshot, type RunningSnapshot } from '../snapshot/create-snapshot.ts';
import { createUpstream } from '../upstream/create-upstream.ts';

/** A running gateway and what is behind it. */
export interface GatewayWorld {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly demo: DemoWorld;
  readonly gateway: Gateway;
  readonly store: PostgresStore;
  readonly snapshot: RunningSnapshot;
  /** Past every policy, for making changes and looking. */
  readonly owner: pg.Client;
  readonly database: Database;
  /** Reports of calls that are over, oldest first. */
  readonly reports: readonly CallReport[];
  /** Faults of our own; a test ends with none. */
  readonly faults: readonly unknown[];
  /** Resolves when no call is under way and every settlement is in the ledger. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What a world may have of its own. */
export interface GatewayWorldOptions {
  readonly providerOverrides?: Readonly<Record<string, { readonly secret?: string; readonly baseUrl?: string }>>;
  readonly createIdempotency?: (database: Database) => Idempotency;
}

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

  const faults: unknown[] = [];
  const reports: CallReport[] = [];
  const database = createDatabase({
    url: testDatabase.url,
    role: 'weir_gateway',
    max: 4,
    applicationName: 'gateway test',
    statementTimeoutMs: 0,
  });
  const connect = () => connectDedicated({ url: testDatabase.url, role: 'weir_gateway' });
  const secrets = createSecretBox({ masterKey: Buffer.from(random.bytes(32)), random });
  const snapshot = createSnapshot({
    database,
    secrets,
    random,
    clock: systemClock,
    log: silentLog,
    connectListener: connect,
    environment: { sandbox: { url: `${sandboxUrl}/v1` }, providerOverrides: options.providerOverrides ?? {} },
  });
  const store = createPostgresStore({ connect, clock: systemClock, lanes: 2, onFault: (error) => faults.push(error) });
  const upstream = createUpstream({ clock: systemClock, random });
  const book = createDirectBook(store);
  const gateway = createGateway({
    database,
    store,
    snapshot,
    upstream,
    book,
    random,
    clock: systemClock,
    counter: createTokenCounter(),
    idempotency: options.createIdempotency?.(database) ?? noIdempotency,
    observer: { onCall: (report) => reports.push(report) },
    onFault: (error) => faults.push(error),
  });
  await snapshot.start();
  await store.open();
  const app = Fastify();
  await app.register((scope) => registerGatewayRoutes(scope, gateway));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;

  const settled = async (): Promise<void> => {
    while (gateway.inFlight() > 0) await new Promise((resolve) => setImmediate(resolve));
    await book.drain();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    demo,
    gateway,
    store,
    snapshot,
    owner,
    database,
    reports,
    faults,
    settled,
    async close() {
      await app.close();
      await settled();
      await upstream.destroy();
      await snapshot.close();
      await store.close();
      await sandbox.close();
      await database.close();
      await owner.end();
      await testDatabase.drop();
    },
  };
}

/** For tests that send no key. */
const noIdempotency: Idempotency = {
  begin: () => Promise.reject(new Error('this world keeps no answers')),
};
