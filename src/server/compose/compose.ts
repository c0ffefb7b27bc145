// Owns: building every part of the server from its settings, one line a part. Nothing serves yet. Not: the order in which parts start (start.ts) and
// end (shutdown.ts).

import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { connectDedicated, createDatabase, type Database, type DatabaseRole } from '../../database/pool.ts';
import { createSecretBox, type SecretBox } from '../../database/secrets/secret-box.ts';
import { createGateway, type Gateway } from '../../gateway/create-gateway.ts';
import { registerGatewayRoutes } from '../../gateway/gateway.routes.ts';
import { createIdempotency } from '../../gateway/idempotency/create-idempotency.ts';
import { sweepIdempotency } from '../../gateway/idempotency/idempotency-queries.ts';
import { createSettlementBook } from '../../gateway/settlement/journaled-book.ts';
import { findLedgerId } from '../../gateway/settlement/ledger-id.ts';
import type { SettlementBook } from '../../gateway/settlement/settlement-book.ts';
import { createSettlementJournal } from '../../gateway/settlement/settlement-journal.ts';
import { createSnapshot } from '../../gateway/snapshot/create-snapshot.ts';
import { createUpstream } from '../../gateway/upstream/create-upstream.ts';
import type { LedgerStore } from '../../ledger/core/ledger-store.ts';
import { createPostgresStore } from '../../ledger/store/postgres-store.ts';
import type { Network } from '../../network/create-network.ts';
import type { Clock } from '../../primitives/clock.ts';
import { createUuidV7 } from '../../primitives/ids.ts';
import type { Random } from '../../primitives/random.ts';
import { createTokenCounter } from '../../providers/counting/token-counter.ts';
import { registerOpenapiRoutes } from '../api/openapi.routes.ts';
import { askForWrites } from '../health/database-question.ts';
import { createHealthSource } from '../health/health-source.ts';
import { registerOperationsRoutes } from '../health/operations.routes.ts';
import { createCertificateLook } from '../health/own-certificate.ts';
import { createProviderWatch } from '../health/provider-watch.ts';
import { createReadiness, type ReadinessReport } from '../health/readiness.ts';
import { createHttpServer } from '../http-server.ts';
import { createLifecycle } from '../lifecycle/lifecycle.ts';
import { createCallLog } from '../logging/call-log.ts';
import type { Log, LogLines } from '../logging/log.ts';
import { createApiLatencies } from '../metrics/api-latencies.ts';
import { createMeasurer } from '../metrics/measurements.ts';
import { createMetrics, type Metrics } from '../metrics/metrics.ts';
import { providerGauges } from '../metrics/provider-gauges.ts';
import { createDenialTraces } from '../rounds/denial-traces.ts';
import { createKeyUse } from '../rounds/key-use.ts';
import { createMaintenance } from '../rounds/maintenance.ts';
import type { Config } from '../settings/config.ts';
import { composeBackup } from './compose-backup.ts';
import { type ControlPlane, composeControl } from './compose-control.ts';
import { composeOutside } from './compose-outside.ts';

/** What the parts are made of. */
export interface ComposeOptions {
  readonly config: Config;
  /** As the run-time login. */
  readonly databaseUrl: string;
  /** As the login that migrates; null where this process has none. */
  readonly migrationUrl: string | null;
  readonly masterKey: Buffer;
  /** Keys that what is stored may still be sealed under. */
  readonly previousMasterKeys: readonly Buffer[];
  /** Where the sandbox listens, with its version path; null when it is off. */
  readonly sandboxUrl: string | null;
  /** Weir's folder. */
  readonly directory: string;
  readonly clock: Clock;
  /** How far a clock that tests move is ahead, in milliseconds: the ledger's time, which is the database's, moves along. Forward only. */
  readonly aheadMs?: () => number;
  readonly random: Random;
  readonly log: Log;
  readonly logLines: LogLines;
}

/** The parts that start and end. */
export type Parts = Awaited<ReturnType<typeof composeServer>>;

/** Facts are small and read by key: what takes longer waits for a lock or a dead connection. */
const GATEWAY_STATEMENT_TIMEOUT_MS = 10_000;
/** Connections of the control side: measuring, tidying and jobs, one at a time each. */
const SERVICE_CONNECTIONS = 5;

/** Builds everything. The one thing asked of the database is which one it is. Rejects when it does not answer. */
export async function composeServer(options: ComposeOptions) {
  const { config, databaseUrl, clock, random, log } = options;
  const onFault = (error: unknown): void => log.error({ error }, 'a fault of ours');
  const pool = (role: DatabaseRole, max: number, statementTimeoutMs: number) =>
    createDatabase({ url: databaseUrl, role, max, applicationName: `weir ${role}`, statementTimeoutMs });
  const lifecycle = createLifecycle();
  const metrics = createMetrics();
  const database = pool('weir_gateway', config.databasePoolSize, GATEWAY_STATEMENT_TIMEOUT_MS);
  const service = pool('weir_service', SERVICE_CONNECTIONS, 0);
  const { masterKey, previousMasterKeys } = options;
  const secrets = createSecretBox({ masterKey, previousMasterKeys, random });
  const { store, journal, book } = await composeLedger(options, { database, metrics, onFault });
  const outside = composeOutside({ config, database: service, random, log });
  const { connectTo } = outside.network;
  const dataPlane = composeGateway(options, { database, secrets, metrics, store, book, connectTo, onFault });
  const { gateway, snapshot, upstream, denialTraces } = dataPlane;
  const measurer = createMeasurer(service);
  const maintenance = createMaintenance({
    ...{ log, measurer, onSweep: metrics.onSweep, sweepIntervalMs: config.sweepIntervalMs },
    ledgerTrouble: store.trouble,
    sweepHolds: (limit) => store.sweep(limit),
    sweepIdempotency: (limit) => sweepIdempotency(database, limit),
  });
  const providers = () => providerGauges(upstream.health(), snapshot);
  const looks = { settlementsPending: book.pending, measurements: measurer.current, providers };
  const readiness = createReadiness({
    ...{ clock, lifecycle, measurements: measurer.current, isSnapshotFresh: snapshot.isFresh },
    ...{ ledgerTrouble: store.trouble, askDatabase: () => askForWrites(database) },
  });
  metrics.watch({
    ...looks,
    ...{ laneDepth: store.depth, ledgerTrouble: store.trouble },
    callsInFlight: gateway.inFlight,
    denialTracesDropped: denialTraces.dropped,
    isReady: async () => (await readiness()).ready,
  });
  const control = pool('weir_service', config.databasePoolSize, GATEWAY_STATEMENT_TIMEOUT_MS);
  const { createId } = gateway;
  const health = await createHealthSource({ ...looks, clock, isSnapshotFresh: snapshot.isFresh });
  const replica = createUuidV7(clock.nowMs(), random);
  const controlPlane = composeControl({
    ...{ config, database: control, secrets, masterKey, health, clock, random, createId, log, onFault },
    ...{ mail: outside.mail, network: outside.network, chatPipeline: gateway.chat },
    ...{ limits: gateway.limits, useRecorder: gateway.useRecorder },
    jobs: {
      ...{ isWorking: config.jobs, databaseUrl, service, directory: options.directory },
      askProviders: createProviderWatch({ ...outside.network, providers: config.providers, snapshot, clock }),
      latencies: createApiLatencies({ database: service, replica, clock, next: metrics.onRequest }),
      lookAtCertificate: createCertificateLook({ publicUrl: config.signIn.publicUrl, clock }),
      ...{ measureDrift: measurer.measureDrift, removeMail: outside.mail.removeOld },
      backup: composeBackup({ config, migrationUrl: options.migrationUrl, masterKey }),
    },
  });
  metrics.watchJobs(controlPlane.jobs.gauges);
  const app = await composeHttp({ config, gateway, readiness, metrics, controlPlane, onFault });
  return {
    ...dataPlane,
    ...{ lifecycle, database, service, control, store, journal, book, maintenance, outside, controlPlane, app },
  };
}

/** The data plane, with what is told of its calls. */
function composeGateway(
  { config, databaseUrl, sandboxUrl, clock, random, log, logLines }: ComposeOptions,
  parts: {
    readonly database: Database;
    readonly secrets: SecretBox;
    readonly metrics: Metrics;
    readonly store: LedgerStore;
    readonly book: SettlementBook;
    readonly connectTo: Network['connectTo'];
    readonly onFault: (error: unknown) => void;
  },
) {
  const { database, secrets, metrics, connectTo, onFault, ...ledger } = parts;
  const sandbox = sandboxUrl === null ? null : { url: sandboxUrl };
  const snapshot = createSnapshot({
    ...{ database, secrets, clock, random, log },
    environment: { sandbox, providerOverrides: config.providers },
    connectListener: () => connectDedicated({ url: databaseUrl, role: 'weir_gateway' }),
    onChange: (scope) => void gateway.recheckStreams(scope),
  });
  const upstream = createUpstream({ clock, random, connectTo });
  const idempotency = createIdempotency({ database, secrets, clock, log });
  const keyUse = createKeyUse({ database, clock, log, next: metrics });
  const observer = createCallLog({ log, lines: logLines, clock, next: keyUse });
  const denialTraces = createDenialTraces({ database, log });
  const gateway = createGateway({
    ...{ database, ...ledger, snapshot, upstream, idempotency, clock, random, observer, onFault },
    ...{ counter: createTokenCounter(), onDenial: denialTraces.keep, holdTtlMs: config.holdTtlMs },
  });
  return { snapshot, upstream, gateway, keyUse, denialTraces };
}

/** The ledger, and what keeps settlements until they are in it. */
async function composeLedger(
  { config, databaseUrl, directory, clock, aheadMs, random, log }: ComposeOptions,
  parts: {
    readonly database: Database;
    readonly metrics: Metrics;
    readonly onFault: (error: unknown) => void;
  },
) {
  const { database, metrics, onFault } = parts;
  const connect = () => connectDedicated({ url: databaseUrl, role: 'weir_gateway', isPipelined: true });
  const bounds = { lanes: config.ledgerLanes, patienceMs: config.ledgerPatienceMs };
  const time = { clock, ...(aheadMs && { clockOffsetMs: aheadMs }) };
  const store = createPostgresStore({ connect, ...time, ...bounds, onBatch: metrics.onBatch, onFault });
  const ledgerId = await findLedgerId(database);
  const journal = createSettlementJournal({ directory: join(directory, 'journal'), ledgerId, clock, random, log });
  return { store, journal, book: createSettlementBook({ store, journal, log, onLate: metrics.onLateSettlement }) };
}

/** The HTTP server with its routes, each surface in a scope of its own. */
async function composeHttp(parts: {
  readonly config: Config;
  readonly gateway: Gateway;
  readonly readiness: () => Promise<ReadinessReport>;
  readonly metrics: Metrics;
  readonly controlPlane: ControlPlane;
  readonly onFault: (error: unknown) => void;
}): Promise<FastifyInstance> {
  const { config, gateway, readiness, metrics, controlPlane, onFault } = parts;
  const { createId } = gateway;
  const app = createHttpServer({ bounds: config.http, createId, onFault });
  await app.register(async (scope) => {
    const { metricsToken } = config;
    registerOperationsRoutes(scope, { readiness, metricsToken, createId, renderMetrics: metrics.render });
  });
  await app.register(async (scope) => registerOpenapiRoutes(scope, { createId }));
  await app.register(async (scope) => {
    // The route's own bound wins over that of the body's parser.
    scope.addHook('onRoute', (route) => {
      route.bodyLimit = config.http.bodyBytesMax;
    });
    await registerGatewayRoutes(scope, gateway);
  });
  await controlPlane.mount(app);
  return app;
}
