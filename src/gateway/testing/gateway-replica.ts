// Owns: one gateway on loopback over a given database: what each replica of a fleet has of its own. Not: the database or the upstream.

import type { AddressInfo } from 'node:net';
import Fastify, { type FastifyInstance } from 'fastify';
import { silentLog } from '../../database/log.ts';
import { connectDedicated, createDatabase, type Database } from '../../database/pool.ts';
import type { SecretBox } from '../../database/secrets/secret-box.ts';
import { createPostgresStore, type PostgresStore } from '../../ledger/store/postgres-store.ts';
import { systemClock } from '../../primitives/clock.ts';
import type { Random } from '../../primitives/random.ts';
import { createTokenCounter } from '../../providers/counting/token-counter.ts';
import { createGateway, type Gateway } from '../create-gateway.ts';
import { registerGatewayRoutes } from '../gateway.routes.ts';
import type { Idempotency } from '../idempotency/idempotency.ts';
import type { CallReport } from '../observer.ts';
import { createDirectBook } from '../settlement/settlement-book.ts';
import { createSnapshot, type RunningSnapshot } from '../snapshot/create-snapshot.ts';
import type { SnapshotLimits } from '../snapshot/limits.ts';
import type { ProviderEnvironment } from '../snapshot/provider-facts.ts';
import type { ConnectTo } from '../upstream/connect-to.ts';
import { createUpstream } from '../upstream/create-upstream.ts';
import type { UpstreamLimits } from '../upstream/limits.ts';

/** A running replica. */
export interface GatewayReplica {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly gateway: Gateway;
  readonly store: PostgresStore;
  readonly snapshot: RunningSnapshot;
  readonly database: Database;
  /** Reports of calls that are over, oldest first. */
  readonly reports: readonly CallReport[];
  /** Faults of our own; a test ends with none. */
  readonly faults: readonly unknown[];
  /** Resolves when no call is under way and all that calls wrote is in the ledger. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** What a replica is made of. */
export interface GatewayReplicaOptions {
  /** A login that may act as the gateway. */
  readonly databaseUrl: string;
  readonly environment: ProviderEnvironment;
  readonly secrets: SecretBox;
  readonly random: Random;
  readonly upstreamLimits?: UpstreamLimits;
  readonly snapshotLimits?: SnapshotLimits;
  /** The way to templates' own endpoints. */
  readonly connectTo?: ConnectTo;
  /** Moves the ledger's time, forward only. Milliseconds. */
  readonly ledgerOffsetMs?: () => number;
  readonly createIdempotency?: (database: Database) => Idempotency;
  /** The HTTP server; Fastify as it comes, when left out. */
  readonly createApp?: () => FastifyInstance;
}

/** For tests that send no key. */
const noIdempotency: Idempotency = {
  begin: () => Promise.reject(new Error('this world keeps no answers')),
};

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Starts one. */
export async function startGatewayReplica(options: GatewayReplicaOptions): Promise<GatewayReplica> {
  const { databaseUrl, random, secrets, environment } = options;
  const faults: unknown[] = [];
  const reports: CallReport[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const database = createDatabase({
    url: databaseUrl,
    role: 'weir_gateway',
    max: 4,
    applicationName: 'gateway test',
    statementTimeoutMs: 0,
  });
  const connect = () => connectDedicated({ url: databaseUrl, role: 'weir_gateway' });
  const snapshot = createSnapshot({
    database,
    secrets,
    random,
    environment,
    clock: systemClock,
    log: silentLog,
    connectListener: connect,
    onChange: (scope) => void gateway.recheckStreams(scope),
    ...(options.snapshotLimits && { limits: options.snapshotLimits }),
  });
  const clockOffsetMs = options.ledgerOffsetMs ?? (() => 0);
  const store = createPostgresStore({ connect, clock: systemClock, lanes: 2, onFault, clockOffsetMs });
  const limits = options.upstreamLimits;
  const { connectTo } = options;
  const upstream = createUpstream({
    ...{ clock: systemClock, random },
    ...(limits && { limits }),
    ...(connectTo && { connectTo }),
  });
  const book = createDirectBook(store);
  const gateway = createGateway({
    database,
    store,
    snapshot,
    upstream,
    book,
    random,
    onFault,
    clock: systemClock,
    counter: createTokenCounter(),
    idempotency: options.createIdempotency?.(database) ?? noIdempotency,
    observer: { onCall: (report) => reports.push(report) },
  });
  await snapshot.start();
  await store.open();
  const app = options.createApp?.() ?? Fastify();
  await app.register((scope) => registerGatewayRoutes(scope, gateway));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const settled = async (): Promise<void> => {
    while (gateway.inFlight() > 0) await nextTurn();
    await book.drain();
    // The event of a refusal is written without anybody waiting for it.
    while (store.depth() > 0) await nextTurn();
  };
  return {
    url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    gateway,
    store,
    snapshot,
    database,
    reports,
    faults,
    settled,
    async close() {
      app.server.closeAllConnections();
      await app.close();
      await settled();
      await upstream.destroy();
      await snapshot.close();
      await store.close();
      await database.close();
    },
  };
}
